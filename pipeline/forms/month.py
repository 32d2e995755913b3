"""What a rule that looks beyond its own row may ask; knows no sheet, and nothing of where the rows come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from pipeline.forms.period import Period
from pipeline.forms.schema import Row

R = TypeVar("R", bound=Row)


class MonthView(Protocol):
    """What a rule that looks beyond its own row may ask: the month's rows, joined."""

    @property
    def period(self) -> Period:
        """The month that is reported."""

    @property
    def previous(self) -> MonthView | None:
        """The month before; None where its workbooks are not there."""

    @property
    def whole(self) -> bool:
        """Whether every workbook, and every sheet of problems, was read; asked of the month before alone."""

    @property
    def carried(self) -> MonthView | None:
        """The month before, where what was open then is known; else None."""

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """The rows of a sheet; () for none."""

    def one(self, sheet: type[R]) -> R | None:
        """The row of a single-row sheet; None where it is missing."""

    def find(self, sheet: type[R], name: str | None) -> R | None:
        """The row that bears this key or name; None for none."""

    def where(self, sheet: type[R], attribute: str, value: object) -> tuple[R, ...]:
        """The rows whose attribute is, or as a list holds, this value; () for none."""

    def perhaps(self, sheet: type[Row], attribute: str, value: object, asked_by: Row) -> float:
        """How many rows more than those of `where` may have this value: blocked ones; any number where a sheet is missing."""

    def knows(self, sheet: type[Row], name: str) -> bool:
        """Whether a row, blocked ones included, bears the name: a fault reported already is not reported again."""

    def may_know(self, sheet: type[Row], name: str) -> bool:
        """Whether a row bears the name, or might, since the sheet or its names were not read."""

    def unknown(self, names: Iterable[str], *sheets: type[Row]) -> tuple[str, ...]:
        """The names that no row of the sheets bears, each quoted, with the nearest that one bears; () for none."""

    def misspelt(self, name: str, *sheets: type[Row], besides: Iterable[str] = ()) -> tuple[str, ...]:
        """The name that a row of the sheets, or one besides, bears, and of which this one is a character or two off; () for none."""

    def several(self, written: str, *sheets: type[Row]) -> tuple[str, ...]:
        """The names that rows of the sheets bear, or nearly so, in a text that holds more than one; () for one or none."""

    def lists(self, sheet: type[Row], zone: str) -> bool:
        """Whether a workbook of the zone for this month is there and its sheet was read."""

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) in whose workbook a row stands; "" where it is not known."""
