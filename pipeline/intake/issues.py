"""Issues and normalisations: what is wrong with a filled workbook, or was taken for what was written, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pipeline.forms.schema import Origin, Row, Severity


@dataclass(frozen=True, order=True)
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
    def of(cls, row: Row, attribute: str) -> Self:
        """The cell from which an attribute of a row was read."""
        return cls.at(row.origin, row.label_of(attribute))

    def __str__(self) -> str:
        """As clerks read it: 《望溪责任区月报.xlsx》“问题整改台账”表 O5."""
        sheet = f"“{self.sheet}”表" if self.sheet else ""
        return " ".join(part for part in (f"《{self.workbook}》{sheet}", self.cell) if part)


@dataclass(frozen=True)
class Issue:
    """One fault: its rule number, weight, place, column label ("" for a whole sheet or file), what was written, and why it will not do."""

    number: str
    severity: Severity
    location: Location
    sentence: str
    label: str = ""
    written: str = ""

    def __str__(self) -> str:
        """Where, what, and how to put it right, on one line."""
        label = f"“{self.label}”" if self.label else ""
        return f"{self.location}{label}：{self.sentence}（规则 {self.number}）"


@dataclass(frozen=True)
class Normalisation:
    """A value that was accepted in another form than it was written, and why; never done in silence."""

    number: str
    location: Location
    label: str
    written: str
    taken: str
    reason: str
