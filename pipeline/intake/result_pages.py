"""How a list of 校验结果.xlsx looks: columns, heights, links, an A4 page; knows the texts of a line, not what they mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from pipeline.forms.schema import Severity
from pipeline.intake.folders import LEVELS_ABOVE
from pipeline.intake.issues import Location
from pipeline.walking import is_regular, real

MOST_LINES = 1_000_000
"""Excel's limit for a sheet is 1,048,576; of more lines the last one tells how many there are."""
PIXELS_OF_SONGTI = 72
"""The default column in 宋体 11; that of Calibri would cut the last character of a column."""
_MOST_CHARACTERS = 16_383
"""Excel's limit for a cell is 32,767 UTF-16 units, and a character may take two."""
_MOST_LINKS, _LONGEST_LINK = 65_530, 2_079
"""Excel's limits for a sheet and for one link."""
_ONE_LINE, _AIR, _TALLEST = 15, 5, 409
"""Points: a line of text, what a row has above and below, and the most that Excel allows."""
_LINKED = "单元格"
"""The heading of the column that bears the links."""
_NO_TEXT = re.compile("[\udc80-\udcff]")
"""The bytes of a path that are no UTF-8 (PEP 383)."""
_ESCAPED = str.maketrans({character: f"%{ord(character):02x}" for character in '%# "<>[]^`{}'})
_COLOURS = {
    Severity.必改: {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    Severity.请核实: {"bg_color": "#FFEB9C", "font_color": "#7F6000"},
    Severity.提示: {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
}


@dataclass(frozen=True)
class Page:
    """How a list looks: its headings with the width of each column, and what it says when it is empty."""

    title: str
    columns: tuple[tuple[str, int], ...]
    empty: str


@dataclass(frozen=True)
class Line:
    """One line of a list: its texts in the order of the columns, the place that its link leads to, its weight."""

    texts: tuple[str, ...]
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
        """As XlsxWriter wants it; to the file alone where the place is no cell."""
        if place.workbook not in self._known:
            self._known[place.workbook] = self._file(place.workbook)
        sheet = place.sheet.replace("'", "''")
        return f"external:{self._known[place.workbook]}" + (f"#'{sheet}'!{place.cell}" if place.cell else "")

    def _file(self, workbook: str) -> str:
        """The way to a workbook: in the month's folder or, as a registry may, in one above."""
        path = self._files.get(workbook)
        path = path or next((found for above in self._folders if is_regular(found := above / workbook)), None)
        target = real(path or self._folders[0] / workbook)
        with suppress(ValueError):  # on another drive of Windows there is no relative way
            target = Path(os.path.relpath(target, self._start))
        return _NO_TEXT.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02x}", target.as_posix().translate(_ESCAPED))


# Sheets --------------------------------------------------------------------------------------------------------------


def write_list(book: Workbook, sheet: Page, lines: Sequence[Line], links: Links) -> None:
    """One sheet of the book, a line each; what it says when empty where there are none."""
    on = book.add_worksheet(sheet.title)
    rows = [(line, texts) for line in lines[:MOST_LINES] for texts in _fitting(line.texts)][:MOST_LINES]
    if len(lines) > MOST_LINES:
        left_out = f"另有 {len(lines) - MOST_LINES} 行，一张表放不下，没有列出"
        rows.append((Line(()), (left_out, *[""] * (len(sheet.columns) - 1))))
    _lay_out(book, on, sheet, len(rows))
    if not rows:
        on.write_string(1, 0, sheet.empty)
    looks = _looks(book)
    headings = [heading for heading, _ in sheet.columns]
    link_column = headings.index(_LINKED) if _LINKED in headings else None
    for row, (line, texts) in enumerate(rows, 1):
        on.set_row(row, _height(texts, sheet))  # not every suite fits the height of a row when it opens a file
        for column, text in enumerate(texts):
            _write_text(on, row, column, text, looks)
        if link_column is not None and line.place:
            _write_link(on, row, link_column, texts[link_column], links.to(line.place), looks)
        if line.severity:
            on.write_string(row, 0, line.severity, looks[line.severity])


def _height(texts: tuple[str, ...], sheet: Page) -> int:
    """Points for the tallest of the wrapped texts, and no more than Excel allows."""
    count = max(_lines(text, width - 2) for text, (_, width) in zip(texts, sheet.columns, strict=True))
    return min(_ONE_LINE * count + _AIR, _TALLEST)


def _lines(text: str, width: int) -> int:
    """Into how many lines a text is wrapped; most are so short that their characters need no counting."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(_units(part) / width)) for part in text.split("\n"))


def _units(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _looks(book: Workbook) -> dict[str, Format]:
    plain: dict[str, object] = {"valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
    looks = {
        "text": plain,
        "quoted": {**plain, "quote_prefix": True},
        "link": {**plain, "font_color": "#0563C1", "underline": 1},
        **{str(severity): {**plain, **colours, "bold": True} for severity, colours in _COLOURS.items()},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _fitting(texts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The texts of a line; one too long for a cell goes on in a line below, beside the others once more."""
    longest = max(map(len, texts))
    if 0 < longest <= _MOST_CHARACTERS:
        yield texts
        return
    for start in range(0, longest, _MOST_CHARACTERS):
        end = start + _MOST_CHARACTERS
        yield tuple(text if len(text) <= _MOST_CHARACTERS else text[start:end] for text in texts)


def _write_text(on: Worksheet, row: int, column: int, text: str, looks: dict[str, Format]) -> None:
    """As text whatever it begins with; the quote prefix keeps it so when the cell is edited."""
    on.write_string(row, column, text, looks["quoted" if text.startswith(("=", "+", "-", "@")) else "text"])


def _write_link(on: Worksheet, row: int, column: int, text: str, link: str, looks: dict[str, Format]) -> None:
    if row <= _MOST_LINKS and len(link) <= _LONGEST_LINK:
        on.write_url(row, column, link, looks["link"], text)


def _lay_out(book: Workbook, on: Worksheet, sheet: Page, lines: int) -> None:
    """Heading, widths and an A4 page in landscape, as wide as the list."""
    on.set_row(0, 2 * _ONE_LINE)
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
    on.set_paper(9)
    on.set_landscape()
    on.repeat_rows(0)
    on.fit_to_pages(1, 0)
    on.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    on.set_footer("&C&A　第 &P 页，共 &N 页")
