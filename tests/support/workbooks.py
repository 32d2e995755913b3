"""Workbooks that a test shows as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from pipeline.intake.files.layout import FORM_PROPERTY


def cells(markdown: str) -> list[list[str | None]]:
    """The cells of a Markdown table, the rule under its heading left out; a blank cell is None."""
    lines = [line.strip() for line in markdown.strip().splitlines()]
    rows = [[cell.strip() or None for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if not all(set(cell or "") == {"-"} for cell in row)]


def write(path: Path, sheets: Mapping[str, str | list[list[Any]]], form: str | None = None) -> Path:
    """A workbook with these sheets, every cell as text (or, given lists, as it is); `form` sets the form property."""
    book = Workbook()
    book.remove(book.active)
    for name, content in sheets.items():
        page = book.create_sheet(name)
        for row in cells(content) if isinstance(content, str) else content:
            page.append(row)
    if form:
        book.custom_doc_props.append(StringProperty(name=FORM_PROPERTY, value=form))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
