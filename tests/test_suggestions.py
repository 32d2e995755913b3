"""Harmless suggestions: no opposites, not the first of several names, this month's examples, misspelt names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.forms.catalogue import FORMS
from pipeline.forms.faults.fault import Issue
from pipeline.forms.meant import MEANT
from pipeline.forms.period import Period
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load
from pipeline.intake.occasion import Occasion
from pipeline.intake.suggestions import contrary, misspelt, nearest, nearest_term, several
from pipeline.run.report import report
from tests.support.months import known_issues
from tests.support.reading import EXAMPLE, table

ZONE_BOOK, OFFICE_BOOK = "责任区月报-云岭责任区.xlsx", "督导室月报.xlsx"
LISTS = {
    column.codes: column
    for form in FORMS
    for sheet in form.sheets
    for column in sheet.columns()
    if column.kind.name == "code"
}


def column(sheet: type[Row], label: str) -> Column:
    return next(item for item in sheet.columns() if item.label == label)


# Opposites -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("未整改", "未启动"),
        ("已整改", "已完成待核查"),
        ("整改完成", "已完成待核查"),
        ("正在整改", "整改中"),
        ("已消号", "已销号"),
        ("未销号", ""),
        ("不用整改", ""),
    ],
)
def test_a_state_is_never_suggested_for_its_opposite(written: str, term: str) -> None:
    assert nearest_term(written, column(Problem, "整改状态")) == (f"，是否应为“{term}”" if term else "")


@pytest.mark.parametrize("codes", LISTS, ids=lambda codes: codes[0])
def test_no_term_of_any_list_is_suggested_for_its_negation_or_another_stage_of_it(codes: tuple[str, ...]) -> None:
    declared = LISTS[codes].meant_by
    for term in codes:
        for opposite in (f"未{term}", f"不{term}", f"非{term}", f"没有{term}", f"副{term}", f"正在{term}"):
            if opposite not in declared and not term.endswith("中"):
                assert f"“{term}”" not in nearest_term(opposite, LISTS[codes]), opposite


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("有", "无"),
        ("合格", "不合格"),
        ("同意", "不同意"),
        ("公办", "民办"),
        ("来文", "发文"),
        ("上午", "下午"),
        ("专职", "兼职"),
        ("主任", "副主任"),
        ("已整改", "整改中"),
        ("已整改", "未整改"),
        ("待整改", "已整改"),
    ],
)
def test_opposites_are_known_in_both_directions(one: str, other: str) -> None:
    assert contrary(one, other)
    assert contrary(other, one)
    assert not contrary(one, one)
    assert not contrary(other, other)


def test_every_word_that_is_declared_to_mean_a_term_is_no_term_itself() -> None:
    for codes, meant in MEANT.items():
        words = [word for written in meant.values() for word in written.split()]
        assert len(words) == len(set(words)), codes
        assert not set(words) & {str(term) for term in codes}, codes
        assert set(meant) <= set(codes)


# A month with a few cells written otherwise ---------------------------------------------------------------------------


def told(folder: Path, workbook: str, sheet: str, line: int, **cells: Any) -> list[Issue]:
    """The additional issues after some cells of a line are changed."""
    before = known_issues(folder)
    book = load_workbook(folder / workbook)
    page = book[sheet]
    for label, value in cells.items():
        page.cell(line, next(cell.column for cell in page[1] if cell.value == label)).value = value
    book.save(folder / workbook)
    return [issue for issue in load(folder).issues if (issue.number, issue.location) not in before]


def of(found: list[Issue], label: str) -> Issue:
    (issue,) = [issue for issue in found if issue.label == label]
    return issue


def two_schools() -> tuple[str, str]:
    rows = list(table(EXAMPLE / ZONE_BOOK, "督导检查记录"))
    one, other = list(dict.fromkeys(row["学校"] for row in rows))[:2]
    return one, other


@pytest.mark.parametrize("by", ["、", "，", "和", "与", "及", "/", "\n", "  ", "；"])
def test_two_schools_in_one_cell_are_reported_to_be_parted_and_none_of_them_is_suggested(folder: Path, by: str) -> None:
    one, other = two_schools()
    found = told(folder, ZONE_BOOK, "督导检查记录", 2, 学校=f"{one}{by}{other}")
    issue = next(issue for issue in found if issue.label == "学校" and issue.location.cell.endswith("2"))
    assert issue.number == "RF-05"
    assert f"（{one}、{other}）" in issue.sentence
    assert "一行填一个" in issue.sentence
    assert "是否应为" not in issue.sentence


def test_several_persons_parted_by_a_blank_are_reported_how_to_be_parted(folder: Path) -> None:
    record = next(iter(table(EXAMPLE / ZONE_BOOK, "督导检查记录")))
    people = record["督学"].replace("、", "；").split("；")
    assert len(people) > 1
    found = told(folder, ZONE_BOOK, "督导检查记录", 2, 督学=" ".join(people))
    issue = next(issue for issue in found if issue.label == "督学" and issue.severity == "必改")
    assert (issue.number, "请用分号" in issue.sentence) == ("RF-04", True)


def test_several_terms_in_one_cell_are_reported_to_be_parted(folder: Path) -> None:
    issue = of(told(folder, ZONE_BOOK, "问题整改台账", 2, 问题类别="办学条件、党建廉政"), "问题类别")
    assert (issue.number, "（办学条件、党建廉政）" in issue.sentence) == ("CD-02", True)
    assert "是否应为" not in issue.sentence
    issue = of(told(folder, ZONE_BOOK, "督导检查记录", 2, 督导事项="校园及周边安全，保育教育"), "督导事项")
    assert (issue.number, "请用分号" in issue.sentence) == ("CD-03", True)


def test_one_name_with_a_word_within_is_not_several() -> None:
    known = ["清溪县和平小学", "仁和小学", "平安小学"]
    assert several("清溪县和平小字", known.__contains__, known) == ()
    assert several("仁和小学和平安小学", known.__contains__, known) == ("仁和小学", "平安小学")
    assert several("清溪县 和平小字", known.__contains__, known) == ()


# Examples ------------------------------------------------------------------------------------------------------------


def test_examples_in_messages_are_of_this_month_and_zone(folder: Path) -> None:
    found = told(folder, ZONE_BOOK, "问题整改台账", 2, 问题编号="WT-1", 发现日期="8月24日", 整改期限="2023-02-30")
    number = next(iter(table(EXAMPLE / ZONE_BOOK, "问题整改台账")))["问题编号"].split("-")[2]
    assert f"请照这样写：WT-202308-{number}-001" in of(found, "问题编号").sentence
    assert "如 2023-08-31" in of(found, "发现日期").sentence
    assert "写作 2023-08-31" in of(found, "整改期限").sentence
    assert "2024" not in "".join(issue.sentence for issue in found)


def test_a_day_of_an_example_is_in_its_month() -> None:
    february = Occasion(Period(2023, 2), "07")
    assert february.fitted("写作 2024-03-31，JC-202403-01-001") == "写作 2023-02-28，JC-202302-07-001"
    assert (
        february.fitted("HY-2024-01、DD-2024-001、〔2024〕1号、1978-05")
        == "HY-2023-01、DD-2023-001、〔2023〕1号、1978-05"
    )
    assert Occasion().fitted("写作 2024-03-31") == "写作 2024-03-31"


# Words where a day is wanted ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["开学前", "长期坚持", "9月底", "下旬", "尽快", "9月1日开学前"])
def test_words_instead_of_a_deadline_are_sent_to_their_column(folder: Path, written: str) -> None:
    issue = of(told(folder, ZONE_BOOK, "问题整改台账", 2, 整改期限=written), "整改期限")
    assert (issue.number, "请填在“期限说明”一列" in issue.sentence) == ("TY-37", True)


@pytest.mark.parametrize("written", ["2023年8月31日前", "2023.8.31以前", "2023-08-31之前"])
def test_a_whole_day_that_something_is_due_by_stays_in_its_column(folder: Path, written: str) -> None:
    issue = of(told(folder, ZONE_BOOK, "问题整改台账", 2, 整改期限=written), "整改期限")
    assert (issue.number, "请写作 2023-08-31" in issue.sentence) == ("TY-04", True)


@pytest.mark.parametrize(("written", "number"), [("8月24日", "TY-05"), ("二十四日", "TY-04"), ("2023-02-30", "TY-06")])
def test_a_deadline_that_is_a_day_with_something_missing_is_reported_as_such(
    folder: Path, written: str, number: str
) -> None:
    assert of(told(folder, ZONE_BOOK, "问题整改台账", 2, 整改期限=written), "整改期限").number == number


# Doubles among malformed keys -----------------------------------------------------------------------------------------


def test_two_malformed_numbers_that_are_alike_are_reported_in_the_same_run(folder: Path) -> None:
    book = load_workbook(folder / ZONE_BOOK)
    for line in (2, 3):
        book["问题整改台账"][f"A{line}"] = "WT-2308-1"
    book.save(folder / ZONE_BOOK)
    found = [
        (i.number, i.location.cell)
        for i in load(folder).issues
        if i.location.sheet == "问题整改台账" and i.label == "问题编号"
    ]
    assert sorted(found) == [("KY-01", "A3"), ("TY-10", "A2"), ("TY-10", "A3")]


# The unit ------------------------------------------------------------------------------------------------------------


def unit(folder: Path) -> str:
    return str(next(iter(table(folder / ZONE_BOOK, "问题整改台账")))["责任单位"])


@pytest.mark.parametrize(
    "slip", [lambda name: name[:-1] + "字", lambda name: name[:4] + name[5:], lambda name: name + "校"]
)
def test_a_unit_that_is_a_character_off_a_registered_one_is_reported_with_its_name(folder: Path, slip: Any) -> None:
    right = unit(folder)
    found = told(folder, ZONE_BOOK, "问题整改台账", 2, 责任单位=slip(right))
    issue = of(found, "责任单位")
    assert (issue.number, issue.severity) == ("WT-45", "请核实")
    assert f"“{right}”" in issue.sentence


def test_a_unit_a_character_off_the_bureau_is_reported_and_the_bureau_and_strangers_are_not(folder: Path) -> None:
    assert told(folder, ZONE_BOOK, "问题整改台账", 2, 责任单位="清溪县教育体育局") == []
    assert of(told(folder, ZONE_BOOK, "问题整改台账", 2, 责任单位="清溪县教育体育居"), "责任单位").number == "WT-45"
    assert [
        i for i in told(folder, ZONE_BOOK, "问题整改台账", 2, 责任单位="清溪县财政局") if i.label == "责任单位"
    ] == []


def test_a_notice_to_a_misspelt_unit_is_never_made_in_silence(folder: Path, tmp_path: Path) -> None:
    line, row = next(
        (line, row)
        for line, row in enumerate(table(folder / ZONE_BOOK, "问题整改台账"), start=2)
        if row["处置方式"] == "整改通知书"
    )
    told(folder, ZONE_BOOK, "问题整改台账", line, 责任单位=row["责任单位"][:-1] + "字")
    outcome = report(folder, tmp_path / "out")
    assert [issue.label for issue in outcome.issues if issue.number == "WT-45"] == ["责任单位"]


def test_two_units_in_one_cell_are_reported(folder: Path) -> None:
    one, other = two_schools()
    issue = of(told(folder, ZONE_BOOK, "问题整改台账", 2, 责任单位=f"{one}、{other}"), "责任单位")
    assert (issue.number, issue.severity) == ("WT-46", "请核实")
    assert "一行填一个" in issue.sentence


def test_short_names_are_never_called_misspelt() -> None:
    assert misspelt("甲镇", ["乙镇"]) == ""
    assert misspelt("望溪镇中心小字", ["望溪镇中心小学"]) == "望溪镇中心小学"
    assert misspelt("望溪镇中心小学", []) == ""


# Numbers of other rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["DD-2023-999", "DD-2022-001"])
def test_the_number_of_another_row_is_never_suggested(folder: Path, written: str) -> None:
    issue = of(told(folder, ZONE_BOOK, "督导检查记录", 2, 督导编号=written), "督导编号")
    assert issue.number == "RF-01"
    assert "是否应为" not in issue.sentence


def test_a_number_is_suggested_where_only_marks_or_leading_zeros_differ() -> None:
    known = ["DD-2023-002", "DD-2023-011", "DD-2023-001"]
    assert nearest("DD-2023-1", known) == nearest("DD2023001", known) == "，是否应为“DD-2023-001”"
    assert nearest("DD-2023-003", known) == ""


def test_an_ordinal_of_a_name_is_not_taken_for_another() -> None:
    known = ["清溪县第一小学", "清溪县第二小学"]
    assert nearest("清溪县第三小学", known) == ""
    assert nearest("清溪具第二小学", known) == "，是否应为“清溪县第二小学”"


def test_a_school_of_another_town_is_not_suggested() -> None:
    known = ["清溪县双塘镇初级中学", "清溪县石鼓镇中心小学"]
    assert nearest("清溪县石鼓镇初级中学", known, ["双塘镇", "石鼓镇"]) == "，是否应为“清溪县石鼓镇中心小学”"
    assert nearest("清溪县石鼓镇初级中学", known[:1], ["双塘镇", "石鼓镇"]) == ""
    assert nearest("清溪县双唐镇初级中学", known, ["双塘镇", "石鼓镇"]) == "，是否应为“清溪县双塘镇初级中学”"


def test_several_persons_in_one_cell_are_not_told_to_be_one(folder: Path) -> None:
    record = next(iter(table(EXAMPLE / ZONE_BOOK, "督导检查记录")))
    people = record["督学"].replace("、", "；").split("；")
    found = told(folder, ZONE_BOOK, "督导检查记录", 2, 督学=" ".join(people), 组号=None)
    assert {issue.number for issue in found if issue.label == "督学"} == {"RF-04"}
