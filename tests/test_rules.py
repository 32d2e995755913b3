"""Rules at their edges: what they let pass, and which words they say are at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.faults.fault import Issue
from pipeline.intake.loading import load
from tests.support.months import known_issues

OFFICE, REGISTER, COUNTY = "督导室月报.xlsx", "名录.xlsx", "责任区月报-县本级.xlsx"
ZONE = "责任区月报-云岭责任区.xlsx"
Told = list[tuple[str, str]]


def place(page: Worksheet, label: str, line: int) -> str:
    if line == 0:
        return next(f"B{row[0].row}" for row in page.iter_rows(max_col=1) if row[0].value == label)
    return next(f"{cell.column_letter}{line}" for cell in page[1] if cell.value == label)


def told(folder: Path, workbook: str, sheet: str, line: int, **cells: object) -> list[Issue]:
    """The additional issues after some cells of a line (0: of a sheet of one row) are changed."""
    before = known_issues(folder)
    book = load_workbook(folder / workbook)
    for label, value in cells.items():
        book[sheet][place(book[sheet], label, line)] = value
    book.save(folder / workbook)
    return [issue for issue in load(folder).issues if (issue.number, issue.location) not in before]


AT_ONCE = {
    "整改类型": "立行立改",
    "整改状态": "已销号",
    "佐证材料": "照片",
    "核查日期": None,
    "核查人": None,
    "核查结论": None,
}


@pytest.mark.parametrize(
    ("workbook", "sheet", "line", "cells", "numbers"),
    [
        (OFFICE, "下月计划", 2, {"时间": "9月31日"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "9月0日"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "8月上旬"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "2024年9月1日"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "最初"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "期中"}, ["JH-01"]),
        (OFFICE, "下月计划", 2, {"时间": "9月30日"}, []),
        (OFFICE, "下月计划", 2, {"时间": "9月上旬至中旬"}, []),
        (OFFICE, "下月计划", 2, {"时间": "月底"}, []),
        (REGISTER, "基础信息", 0, {"联系电话": "138 0000 0000"}, ["JX-02"]),
        (REGISTER, "基础信息", 0, {"联系电话": "138-0000-0000"}, ["JX-02"]),
        (REGISTER, "基础信息", 0, {"联系电话": "0600-555 0000"}, []),
        (OFFICE, "报告信息", 0, {"拟稿人": "吴小钧", "签发人": "吴 小钧"}, ["BG-02"]),
        (COUNTY, "问题整改台账", 2, {"问题编号": "WT-202313-00-001"}, ["TY-10"]),
        (COUNTY, "督导检查记录", 2, {"记录号": "JC-202300-00-901"}, ["TY-10"]),
        (OFFICE, "检查组分组", 2, {"成员": None, "副组长": None}, ["FZ-01"]),
    ],
)
def test_a_rule_at_its_edge(
    folder: Path, workbook: str, sheet: str, line: int, cells: dict[str, object], numbers: list[str]
) -> None:
    found = told(folder, workbook, sheet, line, **cells)
    assert [issue.number for issue in found if issue.location.sheet == sheet and issue.number != "RF-01"] == numbers


@pytest.mark.parametrize(("closed", "numbers"), [("2023-08-01", ["WT-18"]), ("2023-08-21", [])])
def test_a_problem_put_right_at_once_is_closed_no_earlier_than_done(
    folder: Path, closed: str, numbers: list[str]
) -> None:
    days = {"发现日期": "2023-08-01", "整改期限": "2023-08-02", "完成日期": "2023-08-02", "销号日期": closed}
    if numbers:
        days |= {"完成日期": "2023-08-03"}
    found = told(folder, COUNTY, "问题整改台账", 3, **AT_ONCE, **days, 记录号=None)
    assert [issue.number for issue in found if issue.severity == "必改"] == numbers


def test_a_group_number_of_a_campaign_without_groups_is_reported(folder: Path) -> None:
    book = load_workbook(folder / ZONE)
    line = next(row[0].row for row in book["督导检查记录"].iter_rows(min_row=2) if row[3].value == "DD-2023-013")
    found = told(folder, ZONE, "督导检查记录", line, 组号="1", 督学=None)
    assert [issue.number for issue in found] == ["JC-07"]


@pytest.mark.parametrize(
    ("workbook", "numbers"), [(COUNTY, ["JC-08"]), (ZONE, [])], ids=["by a group of the county", "by a zone by itself"]
)
def test_a_campaign_with_groups_asks_the_county_alone_for_the_number_of_the_group(
    workbook: str, numbers: list[str], folder: Path
) -> None:
    records = load_workbook(folder / COUNTY)["督导检查记录"]
    day = next(row[2].value for row in records.iter_rows(min_row=2) if row[3].value == "DD-2023-012")
    inspector = next(row[6].value for row in load_workbook(folder / ZONE)["督导检查记录"].iter_rows(min_row=2))
    cells = {"督导编号": "DD-2023-012", "日期": day, "组号": None, "督学": inspector}
    found = told(folder, workbook, "督导检查记录", 2, **cells)
    assert [issue.number for issue in found if issue.severity == "必改" and issue.number.startswith("JC")] == numbers


# Which name is meant -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("workbook", "sheet", "line", "cells", "number", "words"),
    [
        (
            OFFICE,
            "检查组分组",
            2,
            {"对象类型": "乡镇街道", "负责对象": "云岭镇；云令镇；不知何处"},
            "FZ-04",
            "“云令镇”（是否应为“云岭镇”）、“不知何处”",
        ),
        (OFFICE, "文件台账", 2, {"关联编号": "云令镇；云岭镇"}, "WJ-04", "“云令镇”（是否应为“云岭镇”）"),
        (
            OFFICE,
            "督导工作",
            2,
            {"依据文件": "《甲》（某教〔2023〕999号）；《乙》"},
            "DD-05",
            "某教〔2023〕999号在文件台账里查不到",
        ),
        (
            OFFICE,
            "评估结果",
            2,
            {"对象": "清溪县云岭镇白沙完全小学校"},
            "PG-02",
            "（是否应为“清溪县云岭镇白沙完全小学”）",
        ),
        (OFFICE, "叙述补充", 2, {"段落文本": "全县有98765人和54321所。"}, "XS-01", "98765、54321"),
    ],
)
def test_a_sentence_says_which_of_several_words_is_at_fault(
    folder: Path, workbook: str, sheet: str, line: int, cells: dict[str, object], number: str, words: str
) -> None:
    (issue,) = [issue for issue in told(folder, workbook, sheet, line, **cells) if issue.number == number]
    assert words in issue.sentence


def test_a_column_that_is_missing_is_reported_once(folder: Path) -> None:
    book = load_workbook(folder / ZONE)
    page = book["问题整改台账"]
    page[place(page, "整改期限", 1)] = "最后期限"
    book.save(folder / ZONE)
    found = [issue for issue in load(folder).issues if issue.location.workbook == ZONE and issue.severity != "提示"]
    assert sorted(issue.number for issue in found) == ["SH-02", "SH-03"]
