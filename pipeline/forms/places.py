"""Places of rows and faults: a workbook, a sheet of it, a cell; opens none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Origin:
    """A row's place: its workbook (path within the month), its sheet, and the column letters and line of its cells.

    On a single-row sheet each label has a line of its own: there `columns` holds whole addresses and `line` is "".
    """

    workbook: str
    sheet: str
    columns: Mapping[str, str] = field(repr=False)
    line: str = ""

    def cell(self, label: str) -> str:
        """The address of the cell under that label, "O5"; the row's first cell if the sheet lacks the column."""
        return self.columns.get(label, "A" if self.line else "A1") + self.line


class Placed(Protocol):
    """Something with a place in a workbook: a row."""

    @property
    def origin(self) -> Origin:
        """Where it was read."""

    @classmethod
    def label_of(cls, attribute: str) -> str:
        """The Chinese label of an attribute."""


@dataclass(frozen=True, order=True, slots=True)
class Location:
    """A place in the month's workbooks: a whole workbook, one of its sheets, or one cell."""

    workbook: str
    sheet: str = ""
    cell: str = ""

    @classmethod
    def at(cls, origin: Origin, label: str) -> Self:
        """The cell of a row under a label."""
        return cls(origin.workbook, origin.sheet, origin.cell(label))

    @classmethod
    def of(cls, row: Placed, attribute: str) -> Self:
        """The cell from which an attribute of a row was read."""
        return cls.at(row.origin, row.label_of(attribute))

    def __str__(self) -> str:
        """As clerks read it: 《望溪责任区月报.xlsx》“问题整改台账”表 O5."""
        sheet = f"“{self.sheet}”表" if self.sheet else ""
        return " ".join(part for part in (f"《{self.workbook}》{sheet}", self.cell) if part)
