"""Tables that add up -> a workbook: a sheet each, with filter, totals, summaries and chart; knows no subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, isnan
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.drafts import WORDS
from pipeline.excel.looks import drafted, formats, text_and_look, write_missing
from pipeline.excel.table_charts import chart_of, tallness
from pipeline.excel.tables import Measure, SummaryBlock, TotalledTable
from pipeline.excel.worksheets import AIR, ONE_LINE, height, lay_out_page, workbook
from pipeline.words import units

ALL = "全部"
"""In place of a key over which a summary's row adds up."""
_NARROWEST, _NARROWEST_NUMBER, _WIDEST, _NARROWEST_TABLE, _FILTER = 12, 9, 52, 90, 4
"""Half-width characters; the last is the width of a filter's arrow."""
_TITLE_HEIGHT, _HEADING_HEIGHT = 30, 2 * ONE_LINE + AIR
"""Points."""
_TITLE_ROW, _NOTE_ROW, _HEADING_ROW, _FIRST_ROW = range(4)
_CHART_WIDTHS = (640, 1200)
"""Pixels: the minimum and the maximum."""
_PAGE = (985, 620)
"""Pixels within the margins of A4 landscape, width and height, rounded down."""
_USUAL_CHARACTER, _CHARACTER, _PADDING, _USUAL_HEIGHT = 8, 9.5, 5, 20
"""Pixels of a column for each half-width character, in 宋体 and in the widest substitute font; its padding; the usual
height of a row."""
_VISIBLE_SUM = 109
"""SUBTOTAL's number for a sum of visible rows."""


def write_tables(
    target: Path, title: str, note: str, tables: Sequence[TotalledTable], missing: Sequence[str] | None
) -> None:
    """Write a workbook with a sheet for each table; missing folders are made. The same tables give the same bytes.

    missing: what a draft lacks; None if it is not a draft. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with workbook(target, title) as book:
        looks = formats(book)
        for table in tables:
            sheet = book.add_worksheet(table.name)
            end = _TablePage(book, sheet, table, looks).write(f"{title}：{table.name}", note, draft=missing is not None)
            write_missing(sheet, end + 1, missing, looks)


@dataclass
class _TablePage:
    """A sheet being written, and what has been written so far."""

    book: Workbook
    sheet: Worksheet
    table: TotalledTable
    looks: Mapping[str, Format]
    _blocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The first and last row of each summary, by its key."""
    _widths: list[int] = field(default_factory=list)
    _heights: dict[int, int] = field(default_factory=dict)
    """The height in points of rows that are not of the usual height."""

    def write(self, title: str, note: str, *, draft: bool) -> int:
        """Write all of it; gives the first free row below."""
        table, labels = self.table, self.table.labels
        self._set_widths()
        self._write_head(drafted(title) if draft else title, note)
        filled = len(table.rows)
        for number, row in enumerate(self.table.records, _FIRST_ROW):
            self._write_row(number, row)
        end = _FIRST_ROW + max(1, filled)
        if filled:
            self.sheet.autofilter(_HEADING_ROW, 0, end - 1, len(labels) - 1)
        else:
            self.sheet.merge_range(_FIRST_ROW, 0, _FIRST_ROW, len(labels) - 1, table.empty, self.looks["number"])
        self._write_totals(end)
        free = end + 2
        for block in table.blocks if filled else ():
            free = self._write_block(block, free) + 1
        if filled:
            free = self._insert_chart(free)
        self._set_page(draft=draft)
        return free

    # Heading

    def _set_widths(self) -> None:
        for label in self.table.labels:
            is_key = label in self.table.keys
            longest = max((units(str(value)) for value in self.table.rows[label]), default=0) if is_key else 0
            longest = max(longest, units(ALL))
            # A heading wraps onto two lines, beside the filter's arrow.
            heading = max(map(units, label.split("\n"))) if "\n" in label else ceil(units(label) / 2) + _FILTER
            least = max(_NARROWEST if is_key else _NARROWEST_NUMBER, heading + 1)
            self._widths.append(min(_WIDEST, max(least, longest + 3)))
        wider = max(0, _NARROWEST_TABLE - sum(self._widths)) // len(self._widths)
        self._widths = [width + wider for width in self._widths]
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, width)

    def _write_head(self, title: str, note: str) -> None:
        sheet, last = self.sheet, len(self.table.labels) - 1
        sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, last, "", self.looks["title"])
        sheet.write_string(_TITLE_ROW, 0, title, self.looks["title"])
        self._set_height(_TITLE_ROW, _TITLE_HEIGHT)
        said = f"{note}\n{self.table.note}"
        sheet.merge_range(_NOTE_ROW, 0, _NOTE_ROW, last, "", self.looks["wrapped note"])
        sheet.write_string(_NOTE_ROW, 0, said, self.looks["wrapped note"])
        self._set_height(_NOTE_ROW, height([said], [sum(self._widths)]))
        self._write_heading(_HEADING_ROW)
        self._set_height(_HEADING_ROW, _HEADING_HEIGHT)

    def _set_height(self, row: int, points: int) -> None:
        self._heights[row] = points
        self.sheet.set_row(row, points)

    def _write_heading(self, row: int) -> None:
        for column, label in enumerate(self.table.labels):
            self.sheet.write_string(row, column, label, self.looks["heading"])

    # Rows

    def _write_row(self, number: int, row: Mapping[str, Any]) -> None:
        texts = [str(row[key]) for key in self.table.keys]
        if (points := height(texts, self._widths[: len(texts)])) > ONE_LINE + AIR:
            self._set_height(number, points)
        for column, text in enumerate(texts):
            written, look = text_and_look(text)
            self.sheet.write_string(number, column, written, self.looks[look])
        for measure in self.table.measures:
            self._write_number(number, measure, row[measure.label], self._worked_out(number, measure))

    def _worked_out(self, row: int, measure: Measure) -> str:
        """The formula of a measure that follows from others in its row; "" for one that does not."""
        if measure.of:
            return "=" + "+".join(xl_rowcol_to_cell(row, self.table.column(label)) for label in measure.of)
        if measure.rate:
            part, whole = (xl_rowcol_to_cell(row, self.table.column(label)) for label in measure.rate)
            # Rounded in the cell as in the documents, so that both show the same tenth of a percent.
            return f'=IF({whole}=0,"",ROUND({part}/{whole},3))'
        return ""

    def _write_number(self, row: int, measure: Measure, value: Any, formula: str, look: str = "") -> None:
        shown = self.looks[f"{look} {measure.shown_as}".strip()]
        blank = value is None or value == "" or isnan(value)
        if formula:
            # With the value computed here: viewers that do not calculate show it, and the suite's own must agree.
            self.sheet.write_formula(
                row, self.table.column(measure.label), formula, shown, "" if blank else _plain(value)
            )
        elif blank:
            self.sheet.write_blank(row, self.table.column(measure.label), None, shown)
        else:
            self.sheet.write_number(row, self.table.column(measure.label), _plain(value), shown)

    # Totals and summaries

    def _write_totals(self, row: int) -> None:
        """The sums of the rows that the filter shows; other values as given."""
        first = _FIRST_ROW + self.table.summed_from
        sums = self.table.sums(self.table.records[self.table.summed_from :])
        for column in range(len(self.table.keys)):
            self.sheet.write_string(row, column, "" if column else self.table.total, self.looks["total"])
        for measure in self.table.measures:
            formula = self._worked_out(row, measure) if measure.rate else ""
            if measure.total is None and not formula:
                place = self.table.column(measure.label)
                formula = f"=SUBTOTAL({_VISIBLE_SUM},{xl_range(first, place, row - 1, place)})"
            self._write_number(row, measure, sums[measure.label], formula, "total")

    def _write_block(self, block: SummaryBlock, row: int) -> int:
        """A summary with its own heading and totals, under the same columns; gives the row below it."""
        self.sheet.write_string(row, 0, f"{block.title}小结（不随筛选变化）", self.looks["caption"])
        self._write_heading(row + 1)
        first, number = row + 2, row + 2
        for number, (value, own) in enumerate(self.table.grouped(block.key).items(), first):
            sums = self.table.sums(own) | {key: value if key == block.key else ALL for key in self.table.keys}
            self._write_row(number, sums)
            for measure in self.table.measures:
                if not measure.of and not measure.rate:
                    formula = self._by_key(block.key, number, measure.label)
                    self._write_number(number, measure, sums[measure.label], formula)
        self._blocks[block.key] = (first, number)
        last = number + 1
        sums = self.table.sums(self.table.records)
        for column in range(len(self.table.keys)):
            self.sheet.write_string(last, column, "" if column else self.table.total, self.looks["total"])
        for measure in self.table.measures:
            place = self.table.column(measure.label)
            formula = self._worked_out(last, measure) or f"=SUM({xl_range(first, place, number, place)})"
            self._write_number(last, measure, sums[measure.label], formula, "total")
        return last + 1

    def _by_key(self, key: str, row: int, label: str) -> str:
        """The sum of a column over the table's rows with this row's key; by =, as SUMIF takes keys for patterns."""
        end = _FIRST_ROW + len(self.table.rows) - 1
        keys, numbers = (xl_range_abs(_FIRST_ROW, at, end, at) for at in map(self.table.column, (key, label)))
        return f"=SUMPRODUCT(({keys}={xl_rowcol_to_cell(row, self.table.column(key))})*{numbers})"

    # Chart and page

    def _insert_chart(self, row: int) -> int:
        """The chart below everything else; gives the row below it."""
        shown = self.table.chart
        lines = self._blocks.get(shown.block or "", (_FIRST_ROW, _FIRST_ROW + len(self.table.rows) - 1))
        tall = min(self._room(), tallness(self.table, lines))
        chart = chart_of(self.book, self.table, _HEADING_ROW, lines)
        chart.set_size({"width": self._chart_width(), "height": tall})
        self.sheet.insert_chart(row, 0, chart, {"object_position": 2, "description": shown.title})
        self._break_before(row, tall)
        return row + ceil(tall / _USUAL_HEIGHT) + 1

    def _break_before(self, row: int, tall: int) -> None:
        """Begin a page with the chart, unless everything above and the chart fit on one."""
        if self._tall(row) + tall > _PAGE[1] * 100 / self._scale():
            self.sheet.set_h_pagebreaks([row - 1])

    def _room(self) -> int:
        """The pixels of a page below its repeated heading, less the row above the chart."""
        return int(_PAGE[1] * 100 / self._scale()) - self._tall(_FIRST_ROW) - _USUAL_HEIGHT

    def _tall(self, rows: int) -> int:
        """The pixels of the first rows, as many as given."""
        return sum(round(self._heights.get(row, ONE_LINE) * 4 / 3) for row in range(rows))

    def _scale(self) -> int:
        """Per cent at which table and chart are as wide as the page."""
        wide = max(self._chart_width(), sum(width * _USUAL_CHARACTER + _PADDING for width in self._widths))
        return min(100, int(_PAGE[0] * _USUAL_CHARACTER * 100 / (wide * _CHARACTER)))

    def _chart_width(self) -> int:
        """Just below the width of the table: LibreOffice prints a page for what lies beyond the last column."""
        least, most = _CHART_WIDTHS
        return max(least, min(most, sum(width * _USUAL_CHARACTER for width in self._widths)))

    def _set_page(self, *, draft: bool) -> None:
        """A4 landscape, as wide as the table, with title and heading on each page."""
        sheet = self.sheet
        sheet.freeze_panes(_FIRST_ROW, len(self.table.keys))
        lay_out_page(sheet, headings=(_TITLE_ROW, _HEADING_ROW))
        sheet.set_print_scale(self._scale())  # if pages are fitted instead, Excel ignores breaks
        if draft:
            sheet.set_header(f"&C{WORDS}")


def _plain(value: Any) -> int | float:
    """A number as Python's own, an integer if whole."""
    return int(value) if float(value).is_integer() else float(value)
