"""What tests of letters change in the workbooks, and read in the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.catalogue import documents
from pipeline.dossier.building import build_dossier
from pipeline.intake.loading import load
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.word.rendering.template import render
from tests.support.reading import EXAMPLE, table


def change(folder: Path, workbook: str, sheet: str, edit: Callable[[Worksheet], None]) -> None:
    book = load_workbook(folder / workbook)
    edit(book[sheet])
    book.save(folder / workbook)


def fill(key: str, **values: Any) -> Callable[[Worksheet], None]:
    """Write values under their labels, in every row of that key."""

    def edit(page: Worksheet) -> None:
        columns = {cell.value: cell.column for cell in page[1]}
        for row in range(2, page.max_row + 1):
            if page.cell(row, 1).value == key:
                for label, value in values.items():
                    page.cell(row, columns[label]).value = value

    return edit


def clear(key: str) -> Callable[[Worksheet], None]:
    """Empty every row that has the key in any cell."""

    def edit(page: Worksheet) -> None:
        for row in page.iter_rows(min_row=2):
            if any(key in str(cell.value) for cell in row):
                for cell in row:
                    cell.value = None

    return edit


def made(folder: Path, template: str) -> dict[str, Path]:
    """The documents of one template, by their file's name, and nothing else."""
    dossier = build_dossier(load(folder))
    assert dossier is not None
    paths = {}
    for document in documents():
        for draft in document.drafts(dossier) if document.template == template else ():
            path = folder.parent / "out" / f"{draft.name}.docx"
            render(TEMPLATES / f"{template}.docx", draft.context, path)
            paths[path.stem] = path
    return paths


def headings(path: Path) -> list[str]:
    return [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == "Heading 1"]


def rows(path: Path, number: int = 0) -> list[list[str]]:
    """The rows of a table of the document, a merged cell once."""
    page = Document(str(path)).tables[number]
    return [list({cell._tc: cell.text for cell in row.cells}.values()) for row in page.rows]


def day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))


def everywhere(sheet: str) -> Iterator[dict[str, Any]]:
    """The rows of a sheet of all zones."""
    for path in sorted(EXAMPLE.glob("责任区月报-*.xlsx")):
        yield from table(path, sheet)
