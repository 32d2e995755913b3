"""The look of a list in 校验结果.xlsx: columns, heights, links, A4 pages; knows a line's texts, not what they mean."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range

from pipeline.excel.worksheets import (
    BORDERED,
    FORMULAS,
    MOST_CHARACTERS,
    MOST_LINKS,
    ONE_LINE,
    Cell,
    LongSheet,
    height,
    lay_out_page,
)
from pipeline.forms.faults.fault import Severity
from pipeline.forms.places import Location
from pipeline.intake.files.folders import LEVELS_ABOVE
from pipeline.walking import is_regular, real

T = TypeVar("T")

MOST_LINES = 1_000_000
"""Excel's limit for a sheet is 1,048,576; if there are more lines, the last says how many."""
_LONGEST_LINK = 2_079
"""Excel's limit for a link."""
_LINKED = "单元格"
"""The heading of the column with the links."""
_NO_TEXT = re.compile("[\udc80-\udcff]")
"""The bytes of a path that are not UTF-8 (PEP 383)."""
_ESCAPED = str.maketrans({character: f"%{ord(character):02x}" for character in '%# "<>[]^`{}'})
_COLOURS = {
    Severity.必改: {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    Severity.请核实: {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    Severity.提示: {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
}


@dataclass(frozen=True)
class ResultPage:
    """The look of a list: its headings with column widths, and what it says when empty."""

    title: str
    columns: tuple[tuple[str, int], ...]
    empty: str


@dataclass(frozen=True)
class ResultLine:
    """One line of a list: texts and numbers in the order of the columns, the target of its link, its severity."""

    texts: tuple[str | int, ...]
    place: Location | None = None
    severity: Severity | None = None


# Links ---------------------------------------------------------------------------------------------------------------


class Links:
    """Links from a folder to cells of the workbooks of a month."""

    def __init__(self, folder: Path, start: Path, files: Mapping[str, Path]) -> None:
        self._files = files
        self._folders = (folder, *real(folder).parents[:LEVELS_ABOVE])
        self._start = real(start)
        self._known: dict[str, str] = {}

    def to(self, place: Location) -> str:
        """The link in XlsxWriter's form; to the file alone if the place is not a cell."""
        if place.workbook not in self._known:
            self._known[place.workbook] = self._file(place.workbook)
        sheet, first = place.sheet.replace("'", "''"), place.cell.partition("、")[0]
        return f"external:{self._known[place.workbook]}" + (f"#'{sheet}'!{first}" if first else "")

    def _file(self, workbook: str) -> str:
        """The path to a workbook: in the month's folder or, for a registry, in one above."""
        path = self._files.get(workbook)
        path = path or next((found for above in self._folders if is_regular(found := above / workbook)), None)
        target = real(path or self._folders[0] / workbook)
        with suppress(ValueError):  # no relative path leads to another drive on Windows
            target = Path(os.path.relpath(target, self._start))
        return _NO_TEXT.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02x}", target.as_posix().translate(_ESCAPED))


# Sheets --------------------------------------------------------------------------------------------------------------


def write_list(
    book: Workbook, sheet: ResultPage, items: Sequence[T], line_of: Callable[[T], ResultLine], links: Links
) -> None:
    """One sheet of the book, a line for each item; without items, what it says when empty."""
    on = book.add_worksheet(sheet.title, worksheet_class=LongSheet)
    looks, widths = _looks(book), [width for _, width in sheet.columns]
    headings = [heading for heading, _ in sheet.columns]
    link_column = headings.index(_LINKED) if _LINKED in headings else None
    lines = map(line_of, items[:MOST_LINES])
    rows = islice(((line, texts) for line in lines for texts in _fitting(line.texts)), MOST_LINES)
    count = 0
    for count, (line, texts) in enumerate(chain(rows, _left_out(len(items), sheet)), 1):
        cells = [_cell(text, looks) for text in texts]
        link = links.to(line.place) if link_column is not None and line.place else ""
        if link_column is not None and link and count <= MOST_LINKS and len(link) <= _LONGEST_LINK:
            on.add_link(count, link_column, link)
            cells[link_column] = texts[link_column], looks["link"]
        if line.severity:
            cells[0] = line.severity, looks[line.severity]
        on.add_row(count, height([*map(str, texts)], widths), cells)
    if not count:
        on.write_string(1, 0, sheet.empty)
    _lay_out(book, on, sheet, count)


def _left_out(count: int, sheet: ResultPage) -> Iterator[tuple[ResultLine, tuple[str, ...]]]:
    """The last line of a list too long for a sheet; none for any other."""
    if count > MOST_LINES:
        words = f"另有 {count - MOST_LINES} 行，一张表放不下，没有列出"
        yield ResultLine(()), (words, *[""] * (len(sheet.columns) - 1))


def _looks(book: Workbook) -> dict[str, Format]:
    looks = {
        "text": BORDERED,
        "quoted": {**BORDERED, "quote_prefix": True},
        "link": {**BORDERED, "font_color": "#0563C1", "underline": 1},
        **{str(severity): {**BORDERED, **colours, "bold": True} for severity, colours in _COLOURS.items()},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _fitting(texts: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The texts of a line; one too long for a cell continues in a line below, with the others repeated."""
    longest = max(len(text) for text in texts if isinstance(text, str))
    if 0 < longest <= MOST_CHARACTERS:
        yield texts
        return
    for start in range(0, longest, MOST_CHARACTERS):
        end = start + MOST_CHARACTERS
        yield tuple(
            text[start:end] if isinstance(text, str) and len(text) > MOST_CHARACTERS else text for text in texts
        )


def _cell(text: str | int, looks: Mapping[str, Format]) -> Cell:
    """Numbers as numbers, texts as texts whatever they begin with; the quote prefix keeps them so when edited."""
    return text, looks["quoted" if isinstance(text, str) and text.startswith(FORMULAS) else "text"]


def _lay_out(book: Workbook, on: LongSheet, sheet: ResultPage, lines: int) -> None:
    """Heading, widths and A4 landscape pages, as wide as the list."""
    on.set_row(0, 2 * ONE_LINE)
    heading = book.add_format(
        {
            "bold": True,
            "font_color": "white",
            "bg_color": "#5B6B7F",
            "border": 1,
            "align": "center",
            "valign": "vcenter",
        }
    )
    for column, (label, width) in enumerate(sheet.columns):
        on.set_column(column, column, width)
        on.write_string(0, column, label, heading)
    area = (0, 0, max(lines, 1), len(sheet.columns) - 1)
    on.freeze_panes(1, 0)
    on.autofilter(*area)
    on.ignore_errors({"number_stored_as_text": xl_range(*area)})
    lay_out_page(on)
