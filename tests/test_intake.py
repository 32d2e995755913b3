"""Reading, validating and joining: what a clerk writes, and what becomes of it."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.forms.catalogue import REGISTRY, ZONE_REPORT
from pipeline.forms.faults.fault import Issue
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem
from pipeline.intake.files.reading import form_of, read
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.intake.validation import validate
from tests.support.reading import EXAMPLE
from tests.support.workbooks import write

ZONES = """
| 责任区编号 | 责任区名称 | 主任 | 办公地点 | 启用日期   | 停用日期 |
| ---------- | ---------- | ---- | -------- | ---------- | -------- |
| Z01        | 城关责任区 |      |          | 2020-09-01 |          |
"""


def zones(path: Path, markdown: str | list[list[Any]]) -> tuple[list[Row], list[str]]:
    """The rows of 督学责任区 as read from a workbook with this sheet alone, and its issues in words."""
    raw, issues = read(write(path / "名录.xlsx", {"督学责任区": markdown}), "名录.xlsx", REGISTRY)
    checked = validate(Zone, raw.sheets[Zone])
    return checked.rows, [str(issue) for issue in [*issues, *checked.issues] if issue.number != "SH-01"]


def test_a_row_is_read_with_its_cells(tmp_path: Path) -> None:
    (zone,), issues = zones(tmp_path, ZONES)
    assert issues == []
    assert zone.started == date(2020, 9, 1)  # type: ignore[attr-defined]
    assert (zone.origin.workbook, zone.origin.sheet, zone.origin.cell("启用日期")) == ("名录.xlsx", "督学责任区", "E2")


def test_columns_are_found_by_their_headings_wherever_they_stand(tmp_path: Path) -> None:
    moved = """
    | 停用日期 | 启用日期   | 责任区名称 | 责任区编号 | 办公地点 | 主任 |
    | -------- | ---------- | ---------- | ---------- | -------- | ---- |
    |          | 2020-09-01 | 城关责任区 | Z01        |          |      |
    """
    (zone,), issues = zones(tmp_path, moved)
    assert issues == []
    assert zone.origin.cell("启用日期") == "B2"


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    (zone,), issues = zones(tmp_path, "| 全县责任区一览 |  |  |  |  |  |\n" + ZONES.strip())
    assert issues == []
    assert zone.origin.cell("启用日期") == "E3"


def test_a_missing_and_an_unknown_column_are_named(tmp_path: Path) -> None:
    _, issues = zones(tmp_path, ZONES.replace("启用日期", "启用时间"))
    assert (
        issues[0] == "《名录.xlsx》“督学责任区”表“启用日期”：缺少“启用日期”一列，请从空白表中补回这一列（规则 SH-02）"
    )
    assert "E1：“启用时间”不是本表的列，是否应为“启用日期”，这一列没有读入" in issues[1]


def test_the_example_row_of_a_blank_is_no_data(tmp_path: Path) -> None:
    shutil.copy(Path("input_templates/excel/名录.xlsx"), tmp_path)
    raw, issues = read(tmp_path / "名录.xlsx", "名录.xlsx", REGISTRY)
    assert all(rows == [] for sheet, rows in raw.sheets.items())
    assert [issue.number for issue in issues] == ["SH-04"]  # 基础信息 is still blank


def test_an_example_row_that_was_changed_but_kept_its_mark_is_reported(tmp_path: Path) -> None:
    shutil.copy(Path("input_templates/excel/名录.xlsx"), tmp_path)
    book = load_workbook(tmp_path / "名录.xlsx")
    book["乡镇街道"]["B2"] = "城关责任区"
    book.save(tmp_path / "名录.xlsx")
    raw, issues = read(tmp_path / "名录.xlsx", "名录.xlsx", REGISTRY)
    assert not raw.sheets[Town]
    assert "SH-05" in [issue.number for issue in issues]


HOW = "写作 2024-03-31，只知道年月的写作 2024-03"
"""How a column of days is filled in which the month will do."""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, f"必填，现在是空的，请{HOW}"),
        ("8月31日", "“8月31日”缺年份或日，请写全年月日，如 2024-03-31"),
        ("2023年8月底", "“2023年8月底”缺年份或日，请写全年月日，如 2024-03-31"),
        (9.1, "“9.1”缺年份或日，请写全年月日，如 2024-03-31"),
        ("2023-02-30", f"“2023-02-30”这一天不存在，请核对，{HOW}"),
        ("待定", f"“待定”不是日期，请{HOW}"),
        (True, f"“是”不是日期，请{HOW}"),
    ],
)
def test_a_day_that_is_none_is_reported_at_its_cell(tmp_path: Path, written: object, told: str) -> None:
    rows, issues = zones(tmp_path, [["责任区编号", "责任区名称", "启用日期"], ["Z01", "城关责任区", written]])
    assert rows == []
    assert f"《名录.xlsx》“督学责任区”表 C2“启用日期”：{told}" in [issue.split("（规则")[0] for issue in issues]


@pytest.mark.parametrize(
    "written",
    [
        "2023.8.31",
        "2023-8-31",
        "2023/8/31",
        "2023年8月31日",
        "二〇二三年八月三十一日",
        "２０２３－０８－３１",
        " 2023-08-31　",
        "2023-08-31 00:00:00",
        20230831,
        45169,
        45169.5,
        datetime(2023, 8, 31),
    ],
)
def test_a_day_may_be_written_in_many_ways(tmp_path: Path, written: object) -> None:
    (zone,), _ = zones(
        tmp_path,
        [
            ["责任区编号", "责任区名称", "主任", "办公地点", "启用日期", "停用日期"],
            ["Z01", "城关责任区", None, None, written, None],
        ],
    )
    assert zone.started == date(2023, 8, 31)  # type: ignore[attr-defined]


def test_lists_split_at_semicolons_and_line_breaks_but_not_inside_marks() -> None:
    (aliases,) = [column for column in School.columns() if column.label == "别名"]
    (joint,) = [column for column in load_sheet("督导工作").columns() if column.label == "联合科室"]
    assert aliases.many is not None
    assert aliases.many.split("《甲；乙》；丙\n丁（戊;己）；") == ["《甲；乙》", "丙", "丁（戊;己）"]
    assert aliases.many.split(None) == []
    assert joint.many is not None
    assert joint.many.split("甲科、乙科；丙科") == ["甲科", "乙科", "丙科"]


def load_sheet(title: str) -> type[Row]:
    from pipeline.forms.catalogue import OFFICE_REPORT

    return OFFICE_REPORT.sheet(title)


# Recognition ---------------------------------------------------------------------------------------------------------


def test_a_workbook_is_recognised_by_its_form_property_whatever_its_name(tmp_path: Path) -> None:
    assert form_of(write(tmp_path / "新建 表格(3).xlsx", {"Sheet1": ZONES}, form="责任区月报")) is ZONE_REPORT


def test_a_workbook_without_the_property_is_recognised_by_its_sheets(tmp_path: Path) -> None:
    blank = "| 甲 |"
    assert form_of(write(tmp_path / "督导室月报.xlsx", {"填报信息": blank, "问题整改台账 ": blank})) is ZONE_REPORT
    assert form_of(write(tmp_path / "b.xlsx", {"Sheet1": blank})) is None


# Joining -------------------------------------------------------------------------------------------------------------


def change(folder: Path, workbook: str, sheet: str, changes: dict[str, object]) -> tuple[Month, list[Issue]]:
    """The month after some cells were written otherwise, and the issues that must be mended."""
    book = load_workbook(folder / workbook)
    for address, value in changes.items():
        book[sheet][address] = value
    book.save(folder / workbook)
    month = load(folder)
    return month, [issue for issue in month.issues if issue.severity == "必改"]


def test_references_are_replaced_by_full_names_and_listed(folder: Path) -> None:
    month = load(folder)
    renamed = [item for item in month.normalisations if item.number == "NM-07"]
    assert ("白沙完小", "清溪县云岭镇白沙完全小学") in [(item.written, item.taken) for item in renamed]
    names = {school.name for school in month.all(School)}
    assert all(problem.school in names for problem in month.all(Problem) if problem.school)


def test_a_name_that_fits_nothing_is_reported_with_the_nearest(folder: Path) -> None:
    _, (issue,) = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {"B3": "清溪县云岭镇白沙完全小学校"})
    assert "查不到，是否应为“清溪县云岭镇白沙完全小学”" in str(issue)
    assert issue.location.cell == "B3"


def test_a_name_that_fits_two_schools_is_reported(folder: Path) -> None:
    from tests.support.reading import table

    first, second = list(table(folder / "名录.xlsx", "学校名录"))[:2]
    change(folder, "名录.xlsx", "学校名录", {"D2": "实验校", "D3": "实验校"})
    _, issues = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {"B3": "实验校"})
    assert [issue.number for issue in issues] == ["KY-02", "RF-02"]
    assert first["学校全称"] != second["学校全称"]


@pytest.mark.parametrize(
    ("address", "written", "taken"),
    [
        ("A3", "ＷＴ-202308-00-001", "WT-202308-00-001"),
        ("A3", "WT-202308-00-001　", "WT-202308-00-001"),
        ("E3", "2023—08—24", "2023-08-24"),
        ("E3", "2023-8-24 10:30", "2023-08-24"),
        ("E3", "2023/8/2 4：30", "2023-08-02"),
    ],
)
def test_what_is_written_in_other_signs_is_taken_and_listed(
    folder: Path, address: str, written: str, taken: str
) -> None:
    month, _ = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {address: written})
    found = [
        item for item in month.normalisations if item.location.cell == address and "县本级" in item.location.workbook
    ]
    assert [item.taken for item in found] == ([taken] if written.strip("　") != taken else [])


@pytest.mark.parametrize("written", ["WT-202313-00-001", "WT-202300-00-001", "WT-2023-00-001"])
def test_a_number_of_no_month_is_reported(folder: Path, written: str) -> None:
    _, issues = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {"A3": written})
    assert ("TY-10", "A3") in {(issue.number, issue.location.cell) for issue in issues}


def test_a_key_twice_shows_both_cells(folder: Path) -> None:
    _, (issue,) = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {"A4": "WT-202308-00-001"})
    assert issue.number == "KY-01"
    assert issue.location.cell == "A4"
    assert "《责任区月报-县本级.xlsx》“问题整改台账”表 A3" in issue.sentence


@pytest.mark.parametrize(
    ("sheet", "cells", "at", "other"),
    [
        ("学校名录", {"B3": "清溪县实验中学", "C4": "清溪县实验中学"}, "C4", "B3“学校全称”"),
        ("学校名录", {"C3": "实验 中学Ａ", "C4": "实验中学A"}, "C4", "C3“规范简称”"),
        ("学校名录", {"D3": "甲校；实验中学Ａ", "D4": "乙校、实验中学\u3000A", "D5": "实验中学A"}, "D5", "D3“别名”"),
        ("学校名录", {"C3": "实验中学", "D4": "实验 中学"}, "D4", "C3“规范简称”"),
        ("学校名录", {"C3": "实验中学", "L3": "很多", "D4": "实验中学"}, "D4", "C3“规范简称”"),
        ("督学责任区", {"B3": "Z01"}, "B3", "A2“责任区编号”"),
    ],
)
def test_a_name_of_one_row_that_is_another_rows_name_is_reported_with_both_cells(
    folder: Path, sheet: str, cells: dict[str, object], at: str, other: str
) -> None:
    _, issues = change(folder, "名录.xlsx", sheet, cells)
    doubles = {issue.location.cell: issue.sentence for issue in issues if issue.number.startswith("KY")}
    assert f"《名录.xlsx》“{sheet}”表 {other}" in doubles[at]


@pytest.mark.parametrize("blocked", [{}, {"L3": "很严重"}, {"L4": "很严重"}])
def test_a_key_twice_is_reported_though_a_row_is_blocked(folder: Path, blocked: dict[str, object]) -> None:
    _, issues = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {"A4": "WT-202308-00-001", **blocked})
    assert [issue.location.cell for issue in issues if issue.number == "KY-01"] == ["A4"]


def test_a_document_without_a_number_twice_under_one_title_is_reported(folder: Path) -> None:
    page = load_workbook(folder / "督导室月报.xlsx")["文件台账"]
    last = page.max_row
    row = {"C": "通知", "D": "发文", "E": "督导室", "F": "2023-08-01", "B": "关于某事的通知"}
    cells = {f"{letter}{last + n}": value for n in (1, 2) for letter, value in row.items()}
    _, issues = change(folder, "督导室月报.xlsx", "文件台账", cells)
    assert [(issue.number, issue.location.cell) for issue in issues] == [("KY-01", f"B{last + 2}")]


def test_a_blocked_row_still_answers_references(folder: Path) -> None:
    month, (issue,) = change(folder, "督导室月报.xlsx", "督导工作", {"F3": "尽快"})
    assert str(issue.location.cell) == "F3"
    assert [blocked.origin.line for blocked in month.blocked] == ["3"]


# Blanks of one county ------------------------------------------------------------------------------------------------


def test_blanks_with_a_registry_offer_the_countys_own_names(tmp_path: Path) -> None:
    assert main(["blank", str(tmp_path / "空白表"), "--registry", str(EXAMPLE / "名录.xlsx")]) == 0
    book = load_workbook(tmp_path / "空白表" / "责任区月报.xlsx")
    words = {cell.value for row in book["代码表"].iter_rows() for cell in row}
    assert {"云岭责任区", "县本级", "清溪县第一中学", "林文远", "云岭镇"} <= words
    assert not (set(words) - {None}) & {"123"}


def test_all_faults_of_a_row_are_found_in_one_run(folder: Path) -> None:
    wrong = {"E3": "尽快", "I3": "没有这个镇", "Q3": "9月底", "T3": None}  # T: what a rule of the row looks at
    _, issues = change(folder, "责任区月报-县本级.xlsx", "问题整改台账", {**wrong, "C3": "坏"})
    found = [(issue.number, issue.location.cell) for issue in issues if issue.location.sheet == "问题整改台账"]
    assert sorted(found) == [("RF-01", "I3"), ("TY-04", "E3"), ("TY-37", "Q3"), ("WT-02", "C3")]


def test_a_month_before_that_cannot_be_read_is_reported(folder: Path) -> None:
    (folder.parent / "2023-07").mkdir()
    numbers = [issue.number for issue in load(folder).issues if issue.number.startswith("YB")]
    assert [number for number in numbers if number not in ("YB-01", "YB-07")] == ["YB-03"], (
        "besides what did not report"
    )
