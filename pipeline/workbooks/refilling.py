"""A workbook that cannot be marked -> its values in the blank's form, with its faults at their new places."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.forms.cells import Broken
from pipeline.forms.schema import Form, Row
from pipeline.intake.files.markup import letters
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import read
from pipeline.intake.issues import split
from pipeline.intake.messages import shown
from pipeline.workbooks import blanks
from pipeline.workbooks.marking.words import Told


def refilled(path: Path, name: str, form: Form, told: Sequence[Told]) -> tuple[bytes, list[Told]]:
    """A filled blank with what could be read of a workbook, and its faults moved to the cells where their rows are now.

    Faults at cells that are not read lose their cell. Raises UnreadableError, OSError.
    """
    book, _ = read(path, name, form)
    rows = {sheet.sheet_title(): [_written(row) for row in its] for sheet, its in book.sheets.items()}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "表.xlsx"
        blanks.write(form, target, rows=rows)
        content = target.read_bytes()
    places = {sheet.sheet_title(): _places(sheet, its) for sheet, its in book.sheets.items()}
    return content, [_moved(one, places.get(one.issue.location.sheet, {})) for one in told]


def _written(row: RawRow) -> dict[str, object]:
    return {label: shown(value) if isinstance(value, Broken) else value for label, value in row.values.items()}


def _places(sheet: type[Row], rows: Sequence[RawRow]) -> dict[str, str]:
    """The new address of each cell under a label, by the old one."""
    columns = {column.label: number for number, column in enumerate(sheet.columns())}
    found = {}
    for number, row in enumerate(rows, 2):
        for label in row.origin.columns:
            if label in columns:
                new = f"B{columns[label] + 2}" if sheet.single else f"{letters(columns[label])}{number}"
                found[row.origin.cell(label)] = new
    return found


def _moved(one: Told, places: Mapping[str, str]) -> Told:
    cells = [places.get(cell, "") for cell in one.issue.location.cell.split("、")]
    cell = "、".join(sorted(filter(None, cells), key=split))
    return replace(one, issue=replace(one.issue, location=replace(one.issue.location, cell=cell)))
