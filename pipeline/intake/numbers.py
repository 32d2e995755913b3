"""Numbers that records and problems keep for life: what runs have given, as text; knows no output folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from pipeline.forms.cells import Broken, plain
from pipeline.forms.follows import NextNumber
from pipeline.forms.period import Period
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem, Record
from pipeline.intake.matching import Life, Marks
from pipeline.intake.messages import shown


@dataclass(frozen=True)
class NumberedRow:
    """A row of a month: its number, that of its zone, what stays of it for life, and whether a run gave the number."""

    number: str
    zone: str
    marks: Marks
    given: bool = False

    def recorded(self) -> dict[str, Any]:
        """Its form within a manifest."""
        return {**asdict(self), "marks": list(self.marks)}


@dataclass(frozen=True)
class KnownNumbers:
    """What is known of a month's numbers: of its own rows, and of those of the month before.

    lost: there are documents of an earlier run, but not its record.
    """

    own: tuple[NumberedRow, ...] = ()
    before: tuple[NumberedRow, ...] = ()
    lost: bool = False


@dataclass(frozen=True)
class Remembered:
    """The numbers that earlier runs have recorded; recorded: those of a month, and whether its record is lost."""

    recorded: Callable[[Period], tuple[tuple[NumberedRow, ...], bool]]

    def of(self, period: Period | None) -> KnownNumbers:
        """What is known of a month; nothing if it is unknown which month it is."""
        if period is None:
            return KnownNumbers()
        own, lost = self.recorded(period)
        return KnownNumbers(own, self.recorded(period.previous)[0], lost)

    def content(self, period: Period | None) -> str:
        """A hash of what is known of a month."""
        return hashlib.sha256(repr(self.of(period)).encode()).hexdigest()


def _nothing(period: Period) -> tuple[tuple[NumberedRow, ...], bool]:  # noqa: ARG001
    return (), False


NOTHING_REMEMBERED = Remembered(_nothing)


@cache
def numbering(sheet: type[Row]) -> tuple[Column, NextNumber] | None:
    """The column of a sheet with numbers for life, and how they are given; None for a sheet without."""
    for column in sheet.columns():
        if isinstance(column.follows, NextNumber):
            return column, column.follows
    return None


NUMBERED: tuple[type[Row], ...] = (Record, Problem)


def life(follows: NextNumber) -> Life:
    """What `pipeline.intake.matching` wants to know of the marks of these rows."""
    at = follows.life.index
    return Life(tuple(map(at, follows.place)), at(follows.said) if follows.said else None)


def marks_of(
    sheet: type[Row], follows: NextNumber, values: Mapping[str, Any], in_full: Callable[[Column, str], str]
) -> Marks:
    """What stays of a raw row for life. in_full: the full name of the row that a reference means."""
    columns = {column.attribute: column for column in sheet.columns()}
    return tuple(_mark(columns[name], values.get(columns[name].label), in_full) for name in follows.life)


def _mark(column: Column, written: Any, in_full: Callable[[Column, str], str]) -> str:
    if written is None or isinstance(written, Broken):
        return plain(shown(written))
    try:
        taken = column.kind.parse(written, _UNNOTED)
    except PydanticCustomError:
        return plain(shown(written))
    return plain(in_full(column, taken) if column.targets else shown(taken))


_UNNOTED = cast(ValidationInfo, SimpleNamespace(context=None, field_name=""))
