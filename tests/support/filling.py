"""What clerks still have to fill in in a prepared month: days, this month's figures, and the planned campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.period import Period
from tests.support.reading import OFFICE

MISSING = {
    "督导主题": "其他",
    "牵头科室": "督导室",
    "督导内容": "校园安全",
    "督导方式": "查阅资料",
    "覆盖范围": "全县学校",
    "本期值": 1,
}
"""What a clerk writes into a cell of the office's workbook that is still blank."""


def fill(folder: Path) -> None:
    """Fill in a prepared month as clerks would who found nothing new."""
    period = Period.parse(folder.name)
    assert period is not None
    for path in sorted(folder.glob("*月报*.xlsx")):
        book = load_workbook(path)
        if path.name == OFFICE:
            write_single(book["报告信息"], "制表日期", period.last_day)
            for title in ("督导工作", "指标填报"):
                _fill_rows(book[title], {**MISSING, "起始日期": period.first_day, "截止日期": period.last_day})
        else:
            write_single(book["填报信息"], "填报日期", period.last_day)
            for label in ("填报人", "审核人"):
                if single(book["填报信息"], label) is None:
                    write_single(book["填报信息"], label, "田禾")
        book.save(path)


def single(page: Worksheet, label: str) -> Any:
    """What is filled in at a label of a single-row sheet."""
    return next(row[1].value for row in page.iter_rows() if row[0].value == label)


def write_single(page: Worksheet, label: str, value: str | date) -> None:
    """Fill in a label of a single-row sheet."""
    next(row[1] for row in page.iter_rows() if row[0].value == label).value = value  # type: ignore[union-attr]


def _fill_rows(page: Worksheet, missing: Mapping[str, Any]) -> None:
    heading = {cell.value: cell.column for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        if row[0].value is not None:
            for label in missing.keys() & heading.keys():
                cell = row[heading[label] - 1]
                cell.value = missing[label] if cell.value is None else cell.value
