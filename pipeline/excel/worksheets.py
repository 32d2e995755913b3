"""The look of our workbooks: type, row heights, printed page; and worksheets with very many rows; knows no form.

XlsxWriter keeps an object for each cell until the end, and walks over all of them several times. These rows are written
out at once instead: they follow each other, and are never looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.words import units

ONE_LINE, AIR, TALLEST = 15, 5, 409
"""Points: a line of text, the space above and below it, Excel's maximum."""
A3, A4 = 8, 9
"""The numbers of the papers (ECMA-376-1, 18.3.1.63)."""
MOST_CHARACTERS = 16_383
"""Excel's limit for a cell is 32,767 UTF-16 units, and a character may take two."""
MOST_LINKS = 65_530
"""Excel's limit for a sheet."""
_BEFORE_DAY_ONE = date(1899, 12, 30).toordinal()
"""Excel counts days from here, since March 1900; before that it is a day off, taking 1900 for a leap year."""
_FIRST_OF_MARCH = 61

_CREATED = datetime(2024, 1, 1)
"""Any fixed moment: Excel demands one, and the current time would change the bytes of every file."""
_PIXELS_OF_SONGTI = 72
"""The default column in 宋体 11; Calibri's would cut off the last character of a column."""

FORMULAS = ("=", "+", "-", "@")
"""First characters that make Excel take a text for a formula if the cell is edited; a quote prefix keeps it a text."""
BORDERED = {"valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
"""How a cell of a list looks."""
Cell = tuple[str | int | date | None, Format]
"""A cell's value, None for a blank, and its look."""


@contextmanager
def workbook(target: Path, title: str, **options: object) -> Iterator[Workbook]:
    """A workbook in 宋体, written to `target` at the end; the same content gives the same bytes.

    Until then its parts are in files beside the target, not in memory. Raises OSError.
    """
    content = BytesIO()
    options |= {
        "tmpdir": str(target.parent),
        "default_format_properties": {"font_name": "宋体", "font_size": 11},
        "default_column_width": _PIXELS_OF_SONGTI,
    }
    try:
        with Workbook(content, options) as book:
            book.set_properties({"title": title, "created": _CREATED})
            yield book
    except FileCreateError as error:
        # XlsxWriter wraps the system's error, whose number says whether the disk is full or the file is open.
        raise (error.__context__ if isinstance(error.__context__, OSError) else OSError(str(error))) from error
    book.str_table.string_array.clear()  # a workbook refers to itself: free its texts now
    for sheet in book.worksheets():
        sheet.external_hyper_links.clear()
    target.write_bytes(content.getvalue())


class LongSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose rows are mostly added one below another; the rows above and below are XlsxWriter's own.

    `add_worksheet(title, worksheet_class=LongSheet)`; the added rows follow each other without a gap.
    """

    dim_rowmin: int
    dim_rowmax: int

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[str] = []
        self._first_row = 0
        self._columns: list[str] = []
        self._links: list[tuple[int, int, str]] = []

    def add_row(self, row: int, height: int, cells: Sequence[Cell]) -> None:
        """Write a whole row, which cannot be changed afterwards; `height` in points."""
        if not self._rows:
            self._first_row = row
            self._columns = [xl_col_to_name(column) for column in range(len(cells))]
        self._check_dimensions(row, len(cells) - 1)
        line = str(row + 1)
        parts = [f'<row r="{line}" ht="{_in_pixels(height):.16g}" customHeight="1">']
        # Shared strings, as XlsxWriter itself writes: the same texts stand in many rows.
        index = self.str_table._get_shared_string_index
        for column, (value, look) in zip(self._columns, cells, strict=True):
            start = f'<c r="{column}{line}" s="{look._get_xf_index()}"'
            if isinstance(value, str):
                parts.append(f'{start} t="s"><v>{index(value)}</v></c>')
            elif value is None:
                parts.append(f"{start}/>")
            else:
                number = _serial(value) if isinstance(value, date) else value
                parts.append(f"{start}><v>{number}</v></c>")
        parts.append("</row>")
        self._rows.append("".join(parts))

    def add_link(self, row: int, column: int, link: str) -> None:
        """Link a cell to an external place, in XlsxWriter's form; left out beyond Excel's limit."""
        if len(self._links) < MOST_LINKS:
            self._links.append((row, column, link))

    # XlsxWriter calls these when the workbook is closed.

    def _write_rows(self) -> None:
        if not self._rows:
            super()._write_rows()
            return
        first, last = self.dim_rowmin, self.dim_rowmax
        # XlsxWriter writes the rows between dim_rowmin and dim_rowmax: first those above ours, then those below.
        self.dim_rowmax = self._first_row - 1
        super()._write_rows()
        self.fh.writelines(self._rows)
        self.dim_rowmin, self.dim_rowmax = self._first_row + len(self._rows), last
        self._rows = []
        super()._write_rows()
        self.dim_rowmin = first

    def _write_hyperlinks(self) -> None:
        if self._links:
            self._xml_start_tag("hyperlinks")
            for row, column, link in self._links:
                url = Url(link)
                self.rel_count += 1
                self._write_hyperlink_external(row, column, self.rel_count, url)
                self.external_hyper_links.append(["/hyperlink", url._target(), "External"])
            self._xml_end_tag("hyperlinks")
            self._links = []


def _in_pixels(height: int) -> float:
    """The height in points that makes whole pixels, as XlsxWriter writes it."""
    return int(height * 4 / 3 + 0.5) * 0.75


def _serial(day: date) -> int:
    """Excel's number for a day, from 1900 on."""
    days = day.toordinal() - _BEFORE_DAY_ONE
    return days if days >= _FIRST_OF_MARCH else days - 1


# The printed page ----------------------------------------------------------------------------------------------------


def lay_out_page(
    on: Worksheet, *, paper: int = A4, headings: tuple[int, int] = (0, 0), across: int = 1, named: bool = True
) -> None:
    """Numbered landscape pages, so many side by side, each with the heading rows. named: also with the sheet's name."""
    on.set_paper(paper)
    on.set_landscape()
    on.repeat_rows(*headings)
    on.fit_to_pages(across, 0)
    on.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    on.set_footer(f"&C{'&A　' if named else ''}第 &P 页，共 &N 页")


# Heights -------------------------------------------------------------------------------------------------------------


def height(texts: Sequence[str], widths: Sequence[int], *, line: int = ONE_LINE, air: int = AIR) -> int:
    """Points for the tallest of the wrapped texts, at most Excel's limit: some suites do not fit rows on opening."""
    # Two half-width characters of a column are its padding.
    count = max(_lines(text, width - 2) for text, width in zip(texts, widths, strict=True))
    return min(line * count + air, TALLEST)


def _lines(text: str, width: int) -> int:
    """The number of lines a text wraps into; most texts are too short to need counting."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(units(part) / width)) for part in text.split("\n"))
