"""From an .xlsx file to raw rows with cell addresses; knows Excel and the layout of forms, knows no rules."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook, SheetTypeEnum

from pipeline.forms import FORMS, Form
from pipeline.forms.cells import clean, plain
from pipeline.forms.schema import Origin, Row, Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.layout import EXAMPLE_MARK, FORM_PROPERTY
from pipeline.intake.messages import nearest, sentence

CUSTOM_PROPERTIES = "docProps/custom.xml"
HEADING_SEARCH = 5
"""Clerks put a title above the headings: they are looked for in the first lines."""
LEAST_SHEETS = 0.5
"""A workbook without a form property is taken for the form of which it holds at least this share of sheets."""

Cells = list[list[Any]]


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file: what is written under each label, blank cells left out."""

    origin: Origin
    values: Mapping[str, Any]


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook of one form: the raw rows of each of its sheets (those that it lacks are left out)."""

    name: str
    form: Form
    sheets: Mapping[type[Row], Sequence[RawRow]]


def form_of(path: Path) -> Form | None:
    """The form that a workbook is, by its form property, else by its sheets; None for any other file.

    Raises OSError or a reader's exception where the file cannot be read at all.
    """
    named = _custom_property(path, FORM_PROPERTY)
    if named:
        return next((form for form in FORMS if form.name == named), None)
    present = {name.strip() for name in CalamineWorkbook.from_path(path).sheet_names}
    shares = [(len(present & {s.sheet_title() for s in form.sheets}) / len(form.sheets), form) for form in FORMS]
    share, form = max(shares, key=lambda pair: pair[0])
    return form if share >= LEAST_SHEETS else None


def read(path: Path, name: str, form: Form) -> tuple[RawWorkbook, list[Issue]]:
    """All rows of a workbook of that form; `name` is what clerks are told the file is called."""
    workbook = CalamineWorkbook.from_path(path)
    titles = {meta.name.strip(): meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet}
    issues: list[Issue] = []
    sheets: dict[type[Row], Sequence[RawRow]] = {}
    for sheet in form.sheets:
        title = sheet.sheet_title()
        if title not in titles:
            issues.append(Issue("SH-01", Severity.必改, Location(name, title), sentence("SH-01", sheet=title)))
            continue
        cells = workbook.get_sheet_by_name(titles[title]).to_python(skip_empty_area=False)
        rows, found = (_single if sheet.single else _table)(cells, sheet, name)
        sheets[sheet] = rows
        issues += found
    return RawWorkbook(name, form, sheets), issues


def _custom_property(path: Path, name: str) -> str | None:
    """A custom document property (ISO/IEC 29500-1, 22.3), read from the zip; None where there is none."""
    with zipfile.ZipFile(path) as package:
        if CUSTOM_PROPERTIES not in package.namelist():
            return None
        try:
            root = fromstring(package.read(CUSTOM_PROPERTIES))
        except ElementTree.ParseError:
            return None
    return next(("".join(item.itertext()).strip() for item in root if item.get("name") == name), None)


def _single(cells: Cells, sheet: type[Row], workbook: str) -> tuple[list[RawRow], list[Issue]]:
    """A sheet laid out as label | value | note: one raw row, or none where no value is filled in."""
    lines = {plain(line[0]): number for number, line in enumerate(cells) if line and line[0] != ""}
    addresses = {c.label: f"B{lines[plain(c.label)] + 1}" for c in sheet.columns() if plain(c.label) in lines}
    origin = Origin(workbook, sheet.sheet_title(), addresses)
    issues = [_missing_column(sheet, workbook, c.label) for c in sheet.columns() if c.label not in addresses]
    filled = {label: cells[int(address[1:]) - 1][1:2] for label, address in addresses.items()}
    values = {label: cell[0] for label, cell in filled.items() if cell and not _blank(cell[0])}
    if not values:
        return [], [Issue("SH-04", Severity.必改, Location(workbook, sheet.sheet_title(), "B2"), sentence("SH-04"))]
    return [RawRow(origin, values)], issues


def _table(cells: Cells, sheet: type[Row], workbook: str) -> tuple[list[RawRow], list[Issue]]:
    """A sheet with a heading row: one raw row for each line that holds anything."""
    heading, places = _heading(cells, sheet)
    columns = {label: _letters(place) for label, place in places.items()}
    issues = [_missing_column(sheet, workbook, c.label) for c in sheet.columns() if c.label not in columns]
    issues += _unknown_columns(cells, heading, places, sheet, workbook)
    rows = []
    for number, line in enumerate(cells[heading + 1 :], start=heading + 2):
        values = {
            label: line[place] for label, place in places.items() if place < len(line) and not _blank(line[place])
        }
        if not values:
            continue
        row = RawRow(Origin(workbook, sheet.sheet_title(), columns, str(number)), values)
        if not str(line[0]).startswith(EXAMPLE_MARK):
            rows.append(row)
        elif not _is_example(values, sheet):
            place = Location(workbook, sheet.sheet_title(), f"A{number}")
            issues.append(Issue("SH-05", Severity.请核实, place, sentence("SH-05"), written=str(line[0])))
    return rows, issues


def _heading(cells: Cells, sheet: type[Row]) -> tuple[int, dict[str, int]]:
    """The line of headings (0-based) and the place of each known label in it; the first line where none is known."""
    labels = {plain(column.label): column.label for column in sheet.columns()}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, line in enumerate(cells[:HEADING_SEARCH]):
        places: dict[str, int] = {}
        for place, heading in enumerate(line):
            if isinstance(heading, str) and plain(heading) in labels:
                places.setdefault(labels[plain(heading)], place)
        if len(places) > len(best[1]):
            best = (number, places)
    return best


def _missing_column(sheet: type[Row], workbook: str, label: str) -> Issue:
    return Issue("SH-02", Severity.必改, Location(workbook, sheet.sheet_title()), sentence("SH-02", label=label), label)


def _unknown_columns(
    cells: Cells, heading: int, places: Mapping[str, int], sheet: type[Row], workbook: str
) -> list[Issue]:
    """Columns that hold something under a heading that the sheet does not have: they are named, not ignored."""
    missing = [column.label for column in sheet.columns() if column.label not in places]
    issues = []
    for place, written in enumerate(cells[heading] if cells else []):
        if place in places.values() or _blank(written):
            continue
        words = sentence("SH-03", heading=str(written), nearest=nearest(str(written), missing))
        location = Location(workbook, sheet.sheet_title(), f"{_letters(place)}{heading + 1}")
        issues.append(Issue("SH-03", Severity.请核实, location, words, written=str(written)))
    return issues


def _is_example(values: Mapping[str, Any], sheet: type[Row]) -> bool:
    """Whether every text of a marked row still stands as the blank has it."""
    examples = {column.label: column.example for column in sheet.columns()}
    texts = {
        label: clean(value).removeprefix(EXAMPLE_MARK) for label, value in values.items() if isinstance(value, str)
    }
    return all(text == examples[label] for label, text in texts.items())


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not clean(value))


@lru_cache(maxsize=1024)
def _letters(place: int) -> str:
    """The letters of a column, 0-based: 0 -> A, 26 -> AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
