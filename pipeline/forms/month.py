"""What a rule may ask beyond its own row; knows no sheet, nor where the rows come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from pipeline.forms.period import Period
from pipeline.forms.schema import Row

R = TypeVar("R", bound=Row)


class MonthView(Protocol):
    """The month's joined rows, as a rule sees them."""

    @property
    def period(self) -> Period:
        """The month reported on."""

    @property
    def previous(self) -> MonthView | None:
        """The month before; None without its workbooks."""

    @property
    def whole(self) -> bool:
        """Whether every workbook, and every sheet of problems, was read; only asked of the month before."""

    @property
    def carried(self) -> MonthView | None:
        """The month before if it is known what was open then; else None."""

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """The rows of a sheet; () for none."""

    def one(self, sheet: type[R]) -> R | None:
        """The row of a single-row sheet; None if missing."""

    def find(self, sheet: type[R], name: str | None) -> R | None:
        """The row with this key or name; None for none."""

    def where(self, sheet: type[R], attribute: str, value: object) -> tuple[R, ...]:
        """The rows whose attribute equals this value or, as a list, contains it; () for none."""

    def perhaps(self, sheet: type[Row], attribute: str, value: object, asked_by: Row) -> float:
        """How many further rows may have this value: blocked ones, or infinitely many if a sheet is missing."""

    def knows(self, sheet: type[Row], name: str) -> bool:
        """Whether a row, even a blocked one, has the name: one fault is not reported twice."""

    def may_know(self, sheet: type[Row], name: str) -> bool:
        """Whether a row has the name, or may have it because its sheet or names were not read."""

    def unknown(self, names: Iterable[str], *sheets: type[Row]) -> tuple[str, ...]:
        """The names that no row of the sheets has, each quoted, with the nearest existing name; () for none."""

    def misspelt(self, name: str, *sheets: type[Row], besides: Iterable[str] = ()) -> tuple[str, ...]:
        """The name in the sheets, or in `besides`, from which this one differs by a character or two; () for none."""

    def several(self, written: str, *sheets: type[Row]) -> tuple[str, ...]:
        """The names (or near misses) in a text that holds more than one; () for one or none."""

    def lists(self, sheet: type[Row], zone: str) -> bool:
        """Whether the zone's workbook for this month is there and this sheet was read."""

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) whose workbook has the row; "" if unknown."""
