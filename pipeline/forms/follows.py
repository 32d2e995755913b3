"""What a blank cell follows from: declared at its column, `column("学校", follows=TakenFrom(...))`; fills nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Follows:
    """A cell that may be left blank, and in words, for the clerk, what it is then filled with."""

    words: str


@dataclass(frozen=True)
class NextNumber(Follows):
    """The next free number of the zone and month, for life.

    life: the attributes by which a row is recognized in a later run; place: those of them that an edited row keeps;
    said: the attribute with the row's own words, "" for none.
    """

    prefix: str
    life: tuple[str, ...]
    place: tuple[str, ...]
    said: str = ""

    def number(self, month: str, zone: str, position: int) -> str:
        """The number at a position, JC-202403-01-001, from 202403 and 01."""
        return f"{self.prefix}-{month}-{zone}-{position:03}"


@dataclass(frozen=True)
class NextPosition(Follows):
    """The next free position among the rows of the sheet whose other key cells are the same."""


@dataclass(frozen=True)
class LinesOf(Follows):
    """How many rows of another sheet, given its title, have this row's number under a label."""

    sheet: str
    label: str


@dataclass(frozen=True)
class TakenFrom(Follows):
    """An attribute of the row that another cell of this row names.

    by: the attribute of that cell; kind: that of the cell whose words may decide it in place of that row, by what the
    registry says of such a kind; "" for none.
    """

    by: str
    attribute: str
    kind: str = ""


@dataclass(frozen=True)
class AsPrepared(Follows):
    """What a workbook says of itself that was prepared for a zone and month: zone, year or month."""

    what: str
