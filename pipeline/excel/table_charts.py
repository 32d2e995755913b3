"""The chart of a table, as a native chart of Excel; knows no subject."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as ExcelChart

from pipeline.excel.tables import Chart, TotalledTable

_BAR, _FRAME, _LINES = 30, 130, 340
"""Pixels: the height of a bar, of everything else in a bar chart, and of a line chart."""
_TICKS = 8
"""The most marks on an axis."""
_COLOURS = ("#1F4E79", "#C55A11", "#7F7F7F", "#BF9000", "#548235", "#7030A0")
_FONT = {"name": "宋体", "size": 10}
_TITLE_FONT = {"name": "宋体", "size": 14, "bold": True}


def chart_of(book: Workbook, table: TotalledTable, heading: int, lines: tuple[int, int]) -> ExcelChart:
    """The chart of a table with names in the heading row and numbers in the given rows."""
    shown, (first, last) = table.chart, lines
    chart = book.add_chart({"type": "line"} if shown.lines else {"type": "bar", "subtype": "stacked"})
    names = table.column(shown.block or table.keys[0])
    for number, label in enumerate(shown.measures):
        place = table.column(label)
        where: dict[str, Any] = {
            "name": [table.name, heading, place],
            "categories": [table.name, first, names, last, names],
            "values": [table.name, first, place, last, place],
        }
        chart.add_series({**where, **_look(_COLOURS[number % len(_COLOURS)], lines=shown.lines)})
    chart.set_title({"name": shown.title, "name_font": _TITLE_FONT})
    chart.set_legend({"position": "bottom", "font": _FONT})
    amounts, categories = _amounts(shown.unit, _most(table, shown)), _categories(shown)
    across, upright = (categories, amounts) if shown.lines else (amounts, categories)
    chart.set_x_axis(across)
    chart.set_y_axis(upright)
    chart.show_hidden_data()
    return chart


def tallness(table: TotalledTable, lines: tuple[int, int]) -> int:
    """The chart's height in pixels."""
    first, last = lines
    return _LINES if table.chart.lines else _FRAME + _BAR * (last - first + 1)


def _look(colour: str, *, lines: bool) -> Mapping[str, Any]:
    """A series of a line chart or of bars; the schema has no markers for bars."""
    if lines:
        marker = {"type": "circle", "fill": {"color": colour}, "border": {"color": colour}}
        return {"fill": {"color": colour}, "line": {"color": colour, "width": 2.25}, "marker": marker}
    return {"fill": {"color": colour}, "line": {"none": True}, "gap": 60}


def _amounts(unit: str, most: int) -> Mapping[str, Any]:
    """An axis of whole numbers from 0."""
    return {
        "name": unit,
        "name_font": _FONT,
        "num_font": _FONT,
        "num_format": "0",
        "min": 0,
        "major_unit": max(1, ceil(most / _TICKS)),
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }


def _categories(shown: Chart) -> Mapping[str, Any]:
    """Bars in the order of the rows, the first at the top, with the axis of amounts below."""
    return {"num_font": _FONT} | ({} if shown.lines else {"reverse": True, "crossing": "max", "interval_unit": 1})


def _most(table: TotalledTable, shown: Chart) -> int:
    """The longest bar, or the highest point."""
    groups = list(table.grouped(shown.block).values()) if shown.block else [[row] for row in table.records]
    sums = [[sum(int(row[label]) for row in rows) for label in shown.measures] for rows in groups]
    return max((max(each) if shown.lines else sum(each) for each in sums), default=0)
