"""One cause, one issue: a check that a fault elsewhere makes impossible is skipped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.registry import School
from pipeline.intake.index import MOST_SOUGHT, Index
from pipeline.intake.loading import load
from pipeline.intake.validation import Checked
from tests.support.months import write_last_month
from tests.support.reading import change

OFFICE, REGISTER, COUNTY = "督导室月报.xlsx", "名录.xlsx", "责任区月报-县本级.xlsx"
ZONE = "责任区月报-云岭责任区.xlsx"
RECORDS, LEDGER, GROUPS, AGENDA = "督导检查记录", "问题整改台账", "检查组分组", "议程"


def weighty(folder: Path) -> list[tuple[str, str]]:
    return sorted((i.number, i.location.cell) for i in load(folder).issues if i.severity != "提示")


def cell(page: Worksheet, label: str, line: int) -> str:
    return next(f"{c.column_letter}{line}" for c in page[1] if c.value == label)


def put(sheet: str, label: str, line: int, value: object) -> Callable[[Workbook], object]:
    def damage(book: Workbook) -> None:
        book[sheet][cell(book[sheet], label, line)] = value

    return damage


def drop(sheet: str) -> Callable[[Workbook], object]:
    return lambda book: book.remove(book[sheet])


def rename(sheet: str, name: str) -> Callable[[Workbook], object]:
    return lambda book: setattr(book[sheet], "title", name)


def rename_column(sheet: str, label: str, name: str) -> Callable[[Workbook], object]:
    return lambda book: setattr(book[sheet][cell(book[sheet], label, 1)], "value", name)


def merge(sheet: str, label: str) -> Callable[[Workbook], object]:
    """Merge equal values of consecutive rows, as clerks do; Excel keeps only the first."""
    return lambda book: book[sheet].merge_cells(f"{cell(book[sheet], label, 2)}:{cell(book[sheet], label, 4)}")


@pytest.mark.parametrize(
    ("workbook", "damage", "told"),
    [
        (OFFICE, put(GROUPS, "对象类型", 2, "村"), ["CD-01"]),
        (OFFICE, put(AGENDA, "环节", 2, "唱歌"), ["CD-01"]),
        (OFFICE, drop(GROUPS), ["SH-01"]),
        (ZONE, drop(LEDGER), ["SH-01"]),
        (ZONE, rename(LEDGER, "整改情况"), []),
        (ZONE, drop(RECORDS), ["SH-01"]),
        (ZONE, rename_column(LEDGER, "记录号", "检查编号"), ["SH-02", "SH-03"]),
        (ZONE, put(LEDGER, "严重程度", 2, "很严重"), ["CD-01"]),
        (ZONE, put(LEDGER, "记录号", 3, "JC-1"), ["RF-01"]),
        (ZONE, merge(LEDGER, "具体描述"), ["SH-06"]),
        (ZONE, merge(LEDGER, "问题编号"), ["SH-06"]),
        (ZONE, merge(LEDGER, "整改要求"), ["SH-06"]),
        (ZONE, merge(RECORDS, "学校"), ["SH-06"]),
        (REGISTER, drop("乡镇街道"), ["SH-01"]),
        (REGISTER, drop("学校名录"), ["SH-01"]),
        (REGISTER, drop("督学名册"), ["SH-01"]),
    ],
)
def test_a_fault_is_reported_once_and_not_again_where_it_is_missed(
    folder: Path, workbook: str, damage: Callable[[Workbook], object], told: list[str]
) -> None:
    change(folder, workbook, damage)
    assert [number for number, _ in weighty(folder)] == told


def test_a_county_level_workbook_whose_own_sheet_is_at_fault_may_still_have_problems_of_no_school(folder: Path) -> None:
    change(folder, COUNTY, lambda book: book["填报信息"].__setitem__("B4", None))
    change(folder, COUNTY, put(LEDGER, "学校", 3, None))
    change(folder, COUNTY, put(LEDGER, "乡镇街道", 3, None))
    assert [number for number, _ in weighty(folder)] == ["PR-01"]


def test_a_row_entered_twice_is_reported_once(folder: Path) -> None:
    def double(book: Workbook) -> None:
        book[LEDGER].append([c.value for c in book[LEDGER][2]])

    change(folder, ZONE, double)
    assert [number for number, _ in weighty(folder)] == ["KY-01"]


def test_a_workbook_of_another_month_is_one_fault(folder: Path) -> None:
    write_last_month(folder.parent / "2023-07")
    shutil.copy(folder.parent / "2023-07" / ZONE, folder / ZONE)
    assert [number for number, _ in weighty(folder)] == ["TB-02"]


def test_a_zone_without_a_ledger_is_not_asked_for_each_problem_of_last_month(folder: Path) -> None:
    write_last_month(folder.parent / "2023-07")
    change(folder, ZONE, drop(LEDGER))
    assert [number for number, _ in weighty(folder)] == ["SH-01"]


def test_names_parted_by_a_comma_are_reported_how_to_part_them(folder: Path) -> None:
    names = load_workbook(folder / ZONE)[RECORDS]
    written = str(names[cell(names, "督学", 2)].value).replace("；", "，")
    assert "，" in written
    change(folder, ZONE, put(RECORDS, "督学", 2, written))
    (issue,) = [issue for issue in load(folder).issues if issue.severity == "必改"]
    assert (issue.number, issue.sentence) == ("RF-04", f"“{written}”里有几个名称，请用分号“；”分开")


def test_of_very_many_unknown_names_the_first_are_reported_with_the_most_similar_one() -> None:
    index = Index(
        {School: Checked([School.model_construct(name="望溪镇中心小学", short_name="望溪小学", aliases=(), code="1")])},
        {},
    )
    told = [index.nearest((School,), f"望溪镇中心小学{number}") for number in range(MOST_SOUGHT + 5)]
    assert told[0] == told[MOST_SOUGHT - 1] == "，是否应为“望溪镇中心小学”"
    assert told[MOST_SOUGHT:] == [""] * 5
    assert index.nearest((School,), "望溪镇中心小学0") == told[0], "a name once looked up is known"
