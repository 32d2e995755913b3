"""A worksheet of very many rows is read like one that XlsxWriter wrote cell by cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from pipeline.excel import worksheets
from pipeline.excel.worksheets import LongSheet, height, units

ROWS: list[list[str | int | date | None]] = [
    ["整改", 7, date(2024, 3, 31), None],
    ["=1+1", -3, date(1900, 1, 1), ""],
    ["<b>&\"'\n 末尾 ", 0, date(1900, 2, 28), "整改"],
    ["\x07_x000D_\ufffe", 12_345_678, date(1900, 3, 1), "名" * 16_000],
]


def written(path: Path, *, long: bool) -> None:
    """The rows between two that are written cell by cell, either way."""
    with Workbook(path, {"in_memory": True}) as book:
        plain, day = book.add_format({"border": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        on = book.add_worksheet("表", worksheet_class=LongSheet if long else None)
        on.write_string(0, 0, "名称")
        on.write_string(6, 1, "末行")
        for number, row in enumerate(ROWS, 2):
            cells = [(value, day if isinstance(value, date) else plain) for value in row]
            if long:
                on.add_row(number, 31, cells)
                continue
            on.set_row(number, 31)
            for column, (value, look) in enumerate(cells):
                if isinstance(value, date):
                    on.write_datetime(number, column, value, look)
                elif value is None:
                    on.write_blank(number, column, None, look)
                elif isinstance(value, int):
                    on.write_number(number, column, value, look)
                else:
                    on.write_string(number, column, value, look)


def test_rows_added_whole_are_what_rows_written_cell_by_cell_are(tmp_path: Path) -> None:
    for name, long in (("long.xlsx", True), ("own.xlsx", False)):
        written(tmp_path / name, long=long)
    one, other = (load_workbook(tmp_path / name).active for name in ("long.xlsx", "own.xlsx"))
    assert one is not None
    assert other is not None
    assert one.dimensions == other.dimensions
    for row, its in zip(one.iter_rows(), other.iter_rows(), strict=True):
        for cell, own in zip(row, its, strict=True):
            assert (cell.value, cell.data_type) == (own.value, own.data_type), cell.coordinate
            assert (cell.number_format, cell.border.left.style) == (own.number_format, own.border.left.style)
        assert one.row_dimensions[row[0].row].height == other.row_dimensions[row[0].row].height


def test_links_beyond_what_excel_allows_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worksheets, "MOST_LINKS", 2)
    with Workbook(tmp_path / "a.xlsx", {"in_memory": True}) as book:
        on, look = book.add_worksheet("表", worksheet_class=LongSheet), book.add_format()
        for row in range(3):
            on.add_row(row, 15, [("O5", look)])
            on.add_link(row, 0, f"external:../月报.xlsx#'表'!O{row}")
    cells = [row[0] for row in load_workbook(tmp_path / "a.xlsx")["表"].iter_rows()]
    assert [cell.hyperlink and cell.hyperlink.location for cell in cells] == ["'表'!O0", "'表'!O1", None]
    assert [cell.value for cell in cells] == ["O5"] * 3


def test_a_row_is_as_high_as_its_tallest_text_and_no_higher_than_excel_allows() -> None:
    assert units("a字、") == 5
    assert height(["字" * 10, "a"], [12, 12]) == 15 * 2 + 5
    assert height(["a\nb\nc"], [12]) == 15 * 3 + 5
    assert height(["字" * 9_999], [12]) == 409
    assert height([""], [12]) == 15 + 5
