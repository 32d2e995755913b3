"""The month before: faults in its folder are reported, with what is therefore not compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.dossier.building import build_dossier
from pipeline.forms.faults.fault import Issue
from pipeline.intake.loading import load
from tests.support.months import write_last_month
from tests.support.reading import EXAMPLE

ZONE = "责任区月报-云岭责任区.xlsx"
REPORT, LEDGER = "督导室月报.xlsx", "问题整改台账"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Last month's folder, beside the example."""
    shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    write_last_month(tmp_path / "2023-07")
    return tmp_path / "2023-07"


def told(before: Path) -> list[Issue]:
    """The issues of last month's workbooks, and of this month's apart from the example's hints."""
    return [issue for issue in load(before.parent / "2023-08").issues if issue.severity != "提示"]


def write(path: Path, sheet: str, **cells: object) -> None:
    book = load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def drop_ledger(path: Path) -> None:
    book = load_workbook(path)
    book.remove(book[LEDGER])
    book.save(path)


def test_a_sound_month_before_is_not_spoken_of(before: Path) -> None:
    assert told(before) == []


@pytest.mark.parametrize(
    ("damage", "number", "cell", "words"),
    [
        (cut, "YB-05", "", "文件不完整或已损坏"),
        (drop_ledger, "YB-05", "", "缺少“问题整改台账”表"),
        (lambda path: write(path, LEDGER, L2="很严重"), "YB-05", "L2", "“很严重”不在选项之内"),
        (lambda path: write(path, LEDGER, A2="WT-1"), "YB-05", "A2", "“WT-1”写法不对"),
        (lambda path: write(path, "填报信息", B4="五六"), "YB-05", "B4", "“五六”不是整数"),
        (lambda path: write(path, "填报信息", B4="6"), "YB-06", "B4", "填的却是 2023-06，不是 2023-07"),
    ],
)
def test_what_of_last_month_cannot_be_compared_is_reported_at_its_place(
    before: Path, damage: Callable[[Path], None], number: str, cell: str, words: str
) -> None:
    damage(before / ZONE)
    (issue,) = told(before)
    assert (issue.number, issue.location.workbook, issue.location.cell) == (number, f"2023-07/{ZONE}", cell)
    assert words in issue.sentence
    assert "没有与上月对照" in issue.sentence


def test_an_opening_that_is_not_wholly_known_is_counted_from_days(before: Path) -> None:
    cut(before / ZONE)
    dossier = build_dossier(load(before.parent / "2023-08"))
    assert dossier is not None
    assert not dossier.rectification.carried


def test_a_folder_of_yet_another_month_is_not_compared(before: Path) -> None:
    write(before / REPORT, "报告信息", B3="6")
    (issue,) = told(before)
    assert (issue.number, issue.location.cell) == ("YB-06", "B3")


def test_a_month_before_without_a_report_names_its_damaged_files(before: Path) -> None:
    cut(before / REPORT)
    issues = load(before.parent / "2023-08").issues
    assert {("YB-03", "2023-07"), ("YB-05", f"2023-07/{REPORT}")} <= {(i.number, i.location.workbook) for i in issues}


def test_a_fault_of_last_month_that_hides_no_problem_is_not_told_again(before: Path) -> None:
    write(before / ZONE, "督导检查记录", C2="尽快")
    write(before / ZONE, "填报信息", B5=None)
    assert told(before) == []


# Numbers of earlier months -------------------------------------------------------------------------------------------


def numbers(folder: Path) -> set[tuple[str, str, str]]:
    """The numbers that are said not to be in this month's sheets, with their workbooks and columns."""
    return {(i.location.workbook, i.label, i.written) for i in load(folder).issues if i.number == "RF-03"}


def record_in(path: Path, number: str, other: str) -> None:
    """Give a problem of the ledger the number of another inspection."""
    book = load_workbook(path)
    (held,) = [cell for row in book[LEDGER].iter_rows(min_row=2) for cell in row if cell.value == number]
    held.value = other
    book.save(path)


def test_a_number_that_last_month_has_is_not_asked_for_again(tmp_path: Path) -> None:
    for month in ("2023-07", "2023-08"):
        shutil.copytree(EXAMPLE.parent / month, tmp_path / month)
    here, zone = tmp_path / "2023-08", "责任区月报-石鼓责任区.xlsx"
    assert numbers(here) == set(), "July has each, as an inspection of its own or beside a problem that is carried on"
    record_in(here / zone, "JC-202306-06-002", "JC-202306-06-909")
    assert numbers(here) == {(zone, "记录号", "JC-202306-06-909")}
    shutil.rmtree(tmp_path / "2023-07")
    assert numbers(here) > {(zone, "记录号", "JC-202306-06-909"), (ZONE, "记录号", "JC-202306-03-004")}


def test_a_number_in_a_row_at_fault_of_last_month_is_known(tmp_path: Path) -> None:
    for month in ("2023-07", "2023-08"):
        shutil.copytree(EXAMPLE.parent / month, tmp_path / month)
    book = load_workbook(tmp_path / "2023-07" / "责任区月报-城区第二责任区.xlsx")
    page = book["督导检查记录"]
    line = next(row[0].row for row in page.iter_rows() if row[0].value == "JC-202307-02-004")
    days = next(cell.column for cell in page[1] if cell.value == "日期")
    page.cell(line, days).value = "7月底"
    book.save(tmp_path / "2023-07" / "责任区月报-城区第二责任区.xlsx")
    assert numbers(tmp_path / "2023-08") == set()
