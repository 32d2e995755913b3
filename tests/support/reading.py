"""What tests read back: text of .docx, cells of workbooks by openpyxl; independent of the pipeline's readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from openpyxl import Workbook, load_workbook

EXAMPLE = Path(__file__).resolve().parents[2] / "input" / "2023-08"
REGISTER, OFFICE = "名录.xlsx", "督导室月报.xlsx"
COUNTY, ZONE = "责任区月报-县本级.xlsx", "责任区月报-云岭责任区.xlsx"
"""Workbooks of the example."""


def lines(path: Path) -> list[str]:
    """The paragraphs and table rows of a document, one line each, in the order of the page; the rows of a workbook."""
    if path.suffix == ".xlsx":
        sheets = load_workbook(path, data_only=True)
        return [" | ".join(_shown(row)) for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    found = []
    for block in Document(str(path)).iter_inner_content():
        if hasattr(block, "rows"):
            merged_once = [{cell._tc: cell.text for cell in row.cells} for row in block.rows]
            found += [" | ".join(texts.values()) for texts in merged_once]
        else:
            found.append(block.text)
    return found


def said_once(path: Path) -> str:
    """The text of a document with that of each merged cell once, as it is printed."""
    body = Document(str(path)).element.body
    return "".join(text.text or "" for text in body.iter(qn("w:t")))


def _shown(row: tuple[Any, ...]) -> list[str]:
    """The cells of a row, without blank ones at its end, dates without the time."""
    texts = [str(value.date() if isinstance(value, datetime) else "" if value is None else value) for value in row]
    return texts[: max((place for place, text in enumerate(texts, start=1) if text), default=0)]


def of_word(made: Iterable[Path]) -> list[Path]:
    """The documents of Word."""
    return [path for path in made if path.suffix == ".docx"]


def of_family(made: Iterable[Path], family: str) -> list[Path]:
    """The documents in the folder of that name, or in the tray of that name."""
    return [path for path in made if family_of(path) == family]


def family_of(path: Path) -> str:
    """The folder of a document; of a tray its name alone, without the number."""
    return re.sub("^[0-9]-", "", path.parent.name)


def text(path: Path) -> str:
    """The document as one text."""
    return "\n".join(lines(path))


@lru_cache(maxsize=64)
def workbook(path: Path) -> Any:
    return load_workbook(path, data_only=True)


def cell(folder: Path, name: str, sheet: str, address: str) -> Any:
    """The value of one cell, by openpyxl."""
    return workbook(folder / name)[sheet][address].value


def named(page: Any, name: str) -> Any:
    """The cell 责任单位3: line 3 under that heading, wherever the column is; S3 is an address as in Excel."""
    label, line = re.fullmatch("([^0-9]+)([0-9]+)", name).groups()  # type: ignore[union-attr]
    columns = [cell.column for cell in page[1] if cell.value == label]
    return page.cell(int(line), columns[0]) if columns else page[name]


def table(path: Path, sheet: str) -> Iterator[dict[str, Any]]:
    """The filled rows of a sheet, label -> value."""
    heading, *rows = workbook(path)[sheet].iter_rows(values_only=True)
    for row in rows:
        if any(value is not None for value in row):
            yield dict(zip(heading, row, strict=True))


def change(folder: Path, workbook: str, damage: Callable[[Workbook], object]) -> None:
    """Open a workbook of a month's folder, let it be damaged, and save it."""
    book = load_workbook(folder / workbook)
    damage(book)
    book.save(folder / workbook)
