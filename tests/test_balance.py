"""The balance of problems from one month to the next: last month's closing is this month's opening, and it closes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.dossier.building import build_dossier
from pipeline.dossier.dossier import Rectification
from pipeline.intake.loading import load
from pipeline.run.report import report
from tests.support.months import write_last_month
from tests.support.reading import EXAMPLE, of_family, text

LEDGER = "问题整改台账"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with the month before beside it."""
    write_last_month(tmp_path / "2023-07")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))


def rectification(folder: Path) -> Rectification:
    dossier = build_dossier(load(folder))
    assert dossier is not None
    return dossier.rectification


def carried_rows(folder: Path) -> list[tuple[Path, int]]:
    """Every row of last month's ledgers: its workbook and its line."""
    return [
        (path, line)
        for path in sorted((folder.parent / "2023-07").glob("责任区月报-*.xlsx"))
        for line, row in enumerate(load_workbook(path)[LEDGER].values, start=1)
        if str(row[0]).startswith("WT-")
    ]


def column(page: Worksheet, label: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == label)


def test_the_opening_is_what_was_open_in_last_months_workbooks(folder: Path) -> None:
    story = rectification(folder)
    assert story.carried
    assert {cell.workbook.split("/")[0] for cell in story.opening.cells} == {"2023-07"}
    assert story.opening.value == len(carried_rows(folder)) == 10
    assert story.opening.value + story.new.value - story.closed.value == story.closing.value
    assert "YB-04" not in {issue.number for issue in load(folder).issues}


def test_a_problem_found_earlier_and_entered_only_now_is_new(folder: Path) -> None:
    path, line = carried_rows(folder)[0]
    book = load_workbook(path)
    page = book[LEDGER]
    for cell in page[line]:
        cell.value = None
    book.save(path)
    story, issues = rectification(folder), load(folder).issues
    assert (story.opening.value, story.new.value) == (9, 41)
    assert story.opening.value + story.new.value - story.closed.value == story.closing.value
    assert {"WT-28"} <= {issue.number for issue in issues}
    assert "YB-04" not in {issue.number for issue in issues}


def test_a_problem_closed_last_month_and_open_again_breaks_the_balance_and_is_reported_with_its_figures(
    folder: Path,
) -> None:
    path, line = carried_rows(folder)[0]
    book = load_workbook(path)
    page = book[LEDGER]
    closed = {
        "整改状态": "已销号",
        "完成日期": "2023-07-24",
        "佐证材料": "照片",
        "核查人": page.cell(line, column(page, "发现人")).value,
        "核查日期": "2023-07-25",
        "核查结论": "通过",
        "销号日期": "2023-07-26",
    }
    for label, value in closed.items():
        page.cell(line, column(page, label)).value = value
    book.save(path)
    broken = next(issue for issue in load(folder).issues if issue.number == "YB-04")
    opening, new, closed_now, due, closing = (int(found) for found in re.findall(r" ([0-9]+) 个", broken.sentence))
    assert (opening, due) == (9, opening + new - closed_now)
    assert closing == due + 1
    assert str(broken).startswith("《督导室月报.xlsx》“报告信息”表")


def test_without_last_months_workbooks_the_run_says_that_the_opening_was_counted(folder: Path) -> None:
    carried = report(folder, folder.parent / "out")
    assert [remark for _, remark in carried.remarks if "推算" in remark] == []
    alone = report(Path(shutil.copytree(EXAMPLE, folder.parent / "alone" / "2023-08")), folder.parent / "alone-out")
    assert [title for title, remark in alone.remarks if "推算" in remark] == ["清溪县2023年8月教育督导工作总结"]
    said = "上月末未销号问题10个，本月新增40个，销号12个，月末未销号38个"
    assert all(said in text(of_family(done.made, "总结")[0]) for done in (carried, alone))
