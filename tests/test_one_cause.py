"""One cause, one fault: what a blocked row, a lost sheet or a lost column makes of other rows is not told as theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.intake.crosschecks import check
from tests.reading import EXAMPLE

OFFICE, REGISTRY, ZONE = "督导室月报.xlsx", "名录.xlsx", "责任区月报-云岭责任区.xlsx"


def column(book: Workbook, sheet: str, label: str) -> str:
    return next(str(cell.column_letter) for cell in book[sheet][1] if cell.value == label)


def blank(sheet: str, label: str, line: int = 3) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][f"{column(book, sheet, label)}{line}"] = None

    return change


def renamed_sheet(sheet: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet].title = f"{sheet}新"

    return change


def renamed_column(sheet: str, label: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][f"{column(book, sheet, label)}1"] = "别的"

    return change


def last_row_again(sheet: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        rows = [[cell.value for cell in row] for row in book[sheet].iter_rows() if row[0].value]
        for number, value in enumerate(rows[-1], start=1):
            book[sheet].cell(len(rows) + 1, number, value)

    return change


def zone_of_nobody(book: Workbook) -> None:
    page: Any = book["填报信息"]
    line = next(row[0].row for row in page.iter_rows() if row[0].value == "责任区")
    page[f"B{line}"] = "没有的责任区"


@pytest.mark.parametrize(
    ("workbook", "change", "numbers"),
    [
        (OFFICE, blank("检查组分组", "组长"), {"PR-01"}),
        (OFFICE, blank("检查组分组", "组号"), {"PR-01"}),
        (OFFICE, blank("议程", "环节"), {"PR-01"}),
        (OFFICE, blank("督导工作", "督导名称"), {"PR-01"}),
        (OFFICE, blank("文件台账", "标题"), {"PR-01"}),
        (OFFICE, renamed_sheet("检查组分组"), {"SH-01"}),
        (OFFICE, renamed_sheet("督导工作"), {"SH-01"}),
        (OFFICE, renamed_column("检查组分组", "组号"), {"SH-02"}),
        (REGISTRY, blank("学校名录", "学校类别"), {"PR-01"}),
        (REGISTRY, blank("督学名册", "督学类型"), {"PR-01"}),
        (REGISTRY, renamed_sheet("督学名册"), {"SH-01"}),
        (REGISTRY, renamed_sheet("学校名录"), {"SH-01"}),
        (ZONE, renamed_sheet("问题整改台账"), {"SH-01"}),
        (ZONE, renamed_sheet("督导检查记录"), {"SH-01"}),
        (ZONE, renamed_column("问题整改台账", "记录号"), {"SH-02"}),
        (ZONE, renamed_column("督导检查记录", "督学"), {"SH-02"}),
        (ZONE, last_row_again("问题整改台账"), {"KY-01"}),
        (ZONE, last_row_again("督导检查记录"), {"KY-01"}),
        (ZONE, blank("督导检查记录", "日期"), {"PR-01"}),
        (ZONE, blank("问题整改台账", "具体描述"), {"PR-01"}),
        (ZONE, zone_of_nobody, {"RF-01"}),
    ],
)
def test_one_cause_is_one_kind_of_fault(
    tmp_path: Path, workbook: str, change: Callable[[Workbook], None], numbers: set[str]
) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    book = load_workbook(folder / workbook)
    change(book)
    book.save(folder / workbook)
    found = [issue for issue in check(folder).issues if issue.severity == "必改"]
    assert {issue.number for issue in found} == numbers, "\n".join(map(str, found))
