"""Whose workbook each 责任区月报 is: two of a zone, a zone's name mistaken, and a zone that has not reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.forms.zone import Problem
from pipeline.intake.crosschecks import check
from pipeline.intake.issues import Issue
from tests.reading import EXAMPLE
from tests.test_damaged import write_last_month

MINE, OTHER, COUNTY = "责任区月报-云岭责任区.xlsx", "责任区月报-石鼓责任区.xlsx", "责任区月报-县本级.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))


def write(path: Path, sheet: str, **cells: object) -> None:
    book = load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)


def weighty(folder: Path) -> list[Issue]:
    return [issue for issue in check(folder).issues if issue.severity == "必改"]


def hints(folder: Path) -> list[tuple[str, str]]:
    return [(i.number, i.written) for i in check(folder).issues if i.number in ("YB-01", "YB-07", "YB-08")]


@pytest.mark.parametrize("name", ["0.xlsx", "责任区月报-云岭责任区-旧.xlsx"])
def test_of_two_workbooks_of_a_zone_that_of_the_right_month_is_read_whatever_its_name(folder: Path, name: str) -> None:
    write_last_month(folder.parent / "2023-07")
    shutil.copy(folder.parent / "2023-07" / MINE, folder / name)
    (issue,) = weighty(folder)
    assert (issue.number, issue.location.workbook) == ("FL-04", name)
    assert MINE in issue.sentence
    assert len(check(folder).all(Problem)) == len(check(EXAMPLE).all(Problem))


def test_of_two_workbooks_of_a_zone_an_exact_copy_is_told_once(folder: Path) -> None:
    shutil.copy(folder / MINE, folder / "责任区月报-云岭责任区(1).xlsx")
    (issue,) = weighty(folder)
    assert issue.number == "FL-04"
    assert len(check(folder).all(Problem)) == len(check(EXAMPLE).all(Problem))


def test_two_workbooks_of_a_zone_between_which_nothing_decides_are_both_named_and_neither_is_read(folder: Path) -> None:
    shutil.copy(folder / MINE, folder / "0.xlsx")
    write(folder / "0.xlsx", "问题整改台账", H2="改过的另一种描述。")
    issues = weighty(folder)
    assert sorted((issue.number, issue.location.workbook) for issue in issues) == [("FL-06", "0.xlsx"), ("FL-06", MINE)]
    assert all("《0.xlsx》" in issue.sentence and f"《{MINE}》" in issue.sentence for issue in issues)
    assert hints(folder) == []


@pytest.mark.parametrize("mistaken", ["石鼓责任区", "县本级"])
def test_a_zone_taken_for_another_is_one_fault_and_takes_nothing_from_that_other(folder: Path, mistaken: str) -> None:
    write(folder / MINE, "填报信息", B2=mistaken)
    (issue,) = weighty(folder)
    assert (issue.number, issue.location.workbook, issue.location.cell) == ("FL-05", MINE, "B2")
    assert "云岭责任区" in issue.sentence
    assert hints(folder) == []


def test_a_zone_taken_for_one_that_is_not_there_is_one_fault(folder: Path) -> None:
    (folder / OTHER).unlink()
    write(folder / MINE, "填报信息", B2="石鼓责任区")
    (issue,) = weighty(folder)
    assert issue.number == "FL-05"
    assert hints(folder) == [("YB-01", "石鼓责任区")]


def test_county_level_that_is_absent_is_told(folder: Path) -> None:
    (folder / COUNTY).unlink()
    assert hints(folder) == [("YB-07", "")]


def test_a_workbook_at_fault_is_not_called_unreported(folder: Path) -> None:
    write(folder / MINE, "填报信息", B5=None)
    assert hints(folder) == []
    (folder / MINE).write_bytes((folder / MINE).read_bytes()[:2000])
    assert hints(folder) == []


def test_a_zone_written_with_a_blank_is_not_called_unreported(folder: Path) -> None:
    write(folder / MINE, "填报信息", B2="云岭 责任区", B5=None)
    assert hints(folder) == []


def test_where_a_workbook_is_of_no_known_zone_it_is_named_as_what_may_be_missing(folder: Path) -> None:
    write(folder / MINE, "填报信息", B2="云林区")
    (folder / MINE).rename(folder / "新表.xlsx")
    assert hints(folder) == [("YB-08", "云岭责任区")]
    assert [issue.number for issue in weighty(folder)] == ["RF-01"]
