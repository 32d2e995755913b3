"""A listing -> a workbook for further work: frozen heading, filter, real dates, totals; never a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range

from pipeline.dossier.figures import Absent, Figure
from pipeline.drafts import WORDS
from pipeline.excel.looks import drafted, formats, text_and_look, write_missing
from pipeline.excel.worksheets import A3, ONE_LINE, Cell, LongSheet, height, lay_out_page, workbook
from pipeline.words import units

_NARROWEST, _USUAL, _WIDEST, _LONG, _DATE_WIDTH, _FILTER = 6, 18, 32, 60, 12, 4
"""Half-width characters: widths of columns, the last for texts longer than _LONG; the width of a filter's arrow."""
_TITLE_HEIGHT = 30
"""Points."""
_FIRST_YEAR = 1900
"""The first year of Excel's calendar."""
_TITLE_ROW, _NOTE_ROW, _HEADING_ROW, _FIRST_ROW = range(4)


@dataclass(frozen=True)
class ListLook:
    """How a listing looks: the name of its sheet, its paper, and the widths of columns that are not found by content.

    Widths are in half-width characters.
    """

    sheet: str = "台账"
    paper: int = A3
    """On A4, 21 columns would be illegible."""
    widths: Mapping[str, int] = field(default_factory=dict)


REGISTER = ListLook()


def render(
    context: Mapping[str, Any], target: Path, *, missing: Sequence[str] | None = None, look: ListLook = REGISTER
) -> None:
    """Write a listing; missing folders are made. The same input gives the same bytes.

    context: 标题 and 说明, a line each; 各行, a dict for each row, keyed by heading; 合计, with 名称 and 数量 each.
    There is at least one row, and all have the same keys. missing: see
    `pipeline.word.rendering.template.render`. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with workbook(target, str(context["标题"])) as book:
        looks = formats(book)
        _write(book.add_worksheet(look.sheet, worksheet_class=LongSheet), context, looks, missing, look)


def _write(
    sheet: LongSheet,
    context: Mapping[str, Any],
    looks: dict[str, Format],
    missing: Sequence[str] | None,
    look: ListLook,
) -> None:
    rows: list[Mapping[str, Any]] = context["各行"]
    labels = list(rows[0])
    widths = [look.widths.get(label) or _width(label, [row[label] for row in rows]) for label in labels]
    title = str(context["标题"]) if missing is None else drafted(str(context["标题"]))
    sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, len(labels) - 1, "", looks["title"])
    sheet.write_string(_TITLE_ROW, 0, title, looks["title"])
    sheet.set_row(_TITLE_ROW, _TITLE_HEIGHT)
    sheet.write_string(_NOTE_ROW, 0, str(context["说明"]), looks["note"])
    for column, (label, width) in enumerate(zip(labels, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADING_ROW, column, label, looks["heading"])
    sheet.set_row(_HEADING_ROW, 2 * ONE_LINE)
    for number, row in enumerate(rows, _FIRST_ROW):
        values = [row[label] for label in labels]
        sheet.add_row(number, height([*map(_shown, values)], widths), [_cell(value, looks) for value in values])
    end = _FIRST_ROW + len(rows)
    sheet.autofilter(_HEADING_ROW, 0, end - 1, len(labels) - 1)
    sheet.ignore_errors({"number_stored_as_text": xl_range(_FIRST_ROW, 0, end, len(labels) - 1)})
    _write_totals(sheet, end + 1, context["合计"], looks)
    write_missing(sheet, end + 2 + len(context["合计"]), missing, looks)
    _set_page(sheet, look.paper, draft=missing is not None)


def _cell(value: Any, looks: Mapping[str, Format]) -> Cell:
    value = value.value if isinstance(value, Figure) else value
    if isinstance(value, Absent) or value == "":
        return None, looks["text"]
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        return value, looks["date"]
    if isinstance(value, int):
        return int(value), looks["number"]
    text, look = text_and_look(str(value))
    return text, looks[look]


def _write_totals(sheet: LongSheet, row: int, totals: Sequence[Mapping[str, Any]], looks: dict[str, Format]) -> None:
    """Below the listing, separated by a blank line so that the filter leaves them alone."""
    for number, total in enumerate(totals, row):
        sheet.write_string(number, 1, str(total["名称"]), looks["total"])
        sheet.write_number(number, 2, total["数量"].value, looks["total"])


def _width(label: str, values: Sequence[Any]) -> int:
    """As wide as the heading and the longest value need, within limits."""
    if any(isinstance(value, date) for value in values):
        return _DATE_WIDTH
    longest = max((units(part) for text in set(map(_shown, values)) for part in text.split("\n")), default=0)
    wanted = _WIDEST if longest > _LONG else min(_USUAL, longest + 2)
    return max(_NARROWEST, ceil(units(label) / 2) + _FILTER, wanted)


def _shown(value: Any) -> str:
    return "" if isinstance(value, Absent | date) else str(value)


def _set_page(sheet: LongSheet, paper: int, *, draft: bool) -> None:
    """Landscape, as wide as the listing, title and heading on each page."""
    sheet.freeze_panes(_FIRST_ROW, 2)
    lay_out_page(sheet, paper=paper, headings=(_TITLE_ROW, _HEADING_ROW), named=False)
    if draft:
        sheet.set_header(f"&C{WORDS}")
