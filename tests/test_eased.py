"""Habits that the forms once refused: reported, blocking nothing, and without gaps or falsehoods in documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.documents.catalogue import documents
from pipeline.dossier.building import build_dossier
from pipeline.forms.cells import plain
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.run.report import Outcome, report
from pipeline.words import counted
from tests.support.reading import EXAMPLE, family_of, table, text

OFFICE, REGISTER, ZONE = "督导室月报.xlsx", "名录.xlsx", "责任区月报-云岭责任区.xlsx"


def change(book: Path, sheet: str, chosen: Callable[[dict[str, Any]], bool], **cells: object) -> dict[str, Any]:
    """Write some cells of the first row that is chosen otherwise; the row as it was."""
    opened = load_workbook(book)
    page = opened[sheet]
    line, row = next((line, row) for line, row in enumerate(table(book, sheet), start=2) if chosen(row))
    for label, value in cells.items():
        page.cell(line, next(cell.column for cell in page[1] if cell.value == label)).value = value
    opened.save(book)
    return row


def numbers(month: Month | Outcome, weight: str = "请核实") -> set[str]:
    return {issue.number for issue in month.issues if issue.severity == weight}


def notice(month: Month, campaign: str) -> Any:
    dossier = build_dossier(month)
    assert dossier is not None
    kind = next(item for item in documents() if item.name == "督导通知" or item.template == "督导通知")
    return next(draft.context for draft in kind.drafts(dossier) if draft.context["督导名称"] == campaign)


# A group of which only the number is known ----------------------------------------------------------------------------


def campaign_with_groups() -> tuple[str, str]:
    waiting = (row for row in table(EXAMPLE / OFFICE, "督导工作") if row["状态"] == "筹备")
    grouped = {row["督导编号"] for row in table(EXAMPLE / OFFICE, "检查组分组")}
    row = next(row for row in waiting if row["督导编号"] in grouped)
    return row["督导编号"], row["督导名称"]


def test_a_group_of_which_only_the_number_is_known_is_reported_and_counted(folder: Path) -> None:
    number, name = campaign_with_groups()
    before = notice(load(folder), name)
    change(
        folder / OFFICE, "检查组分组", lambda row: row["督导编号"] == number, 组长=None, 副组长=None, 成员=None, 人数=9
    )
    month = load(folder)
    after = notice(month, name)
    group, old = after["分组"][0], before["分组"][0]
    assert (group["组长"], group["成员"], group["人数"]) == ("", [], 9)
    assert "FZ-09" in numbers(month)
    assert numbers(month, "必改") == set()
    assert after["人数"].value == before["人数"].value - old["人数"].value + 9


def test_the_number_counts_beside_the_named_and_never_less(folder: Path) -> None:
    number, name = campaign_with_groups()
    before = notice(load(folder), name)
    old = before["分组"][0]["人数"].value
    change(folder / OFFICE, "检查组分组", lambda row: row["督导编号"] == number, 人数=old + 2)
    more = notice(load(folder), name)
    assert (more["分组"][0]["人数"].value, more["人数"].value) == (old + 2, before["人数"].value + 2)
    change(folder / OFFICE, "检查组分组", lambda row: row["督导编号"] == number, 人数=1)
    month = load(folder)
    less = notice(month, name)
    assert (less["分组"][0]["人数"].value, less["人数"].value) == (old, before["人数"].value)
    assert "FZ-10" in numbers(month)


# Problems and records ------------------------------------------------------------------------------------------------


def is_noticed(row: dict[str, Any]) -> bool:
    return row["处置方式"] == "整改通知书" and row["整改类型"] != "立行立改" and row["整改状态"] != "已销号"


def test_a_problem_without_demand_deadline_or_campaign_is_reported_and_its_notice_has_no_gap(
    folder: Path, tmp_path: Path
) -> None:
    book = next(
        path for path in sorted(folder.glob("责任区月报*")) if any(map(is_noticed, table(path, "问题整改台账")))
    )
    gone = {"整改要求": None, "整改期限": None, "期限说明": None, "督导编号": "无", "来源": "专项督导"}
    row = change(book, "问题整改台账", is_noticed, **gone)
    outcome = report(folder, tmp_path / "out")
    assert {"WT-01", "WT-05", "WT-08"} <= numbers(outcome)
    assert numbers(outcome, "必改") == set()
    made = [path for path in outcome.made if family_of(path) == "整改通知书" and row["责任单位"] in path.name]
    for said in map(text, made):
        assert "：。" not in said
        assert "None" not in said
        assert f"整改要求：{row['整改类型']}" in said
        wanted = "【整改期限待填】" if row["整改类型"] == "限期整改" else row["整改类型"]
        assert f"整改期限：{wanted}" in said
    assert made


def test_an_inspection_of_no_campaign_is_reported_and_its_opinion_is_written(whole: Path, tmp_path: Path) -> None:
    book, row = next(
        (path, row)
        for path in sorted(whole.glob("责任区月报*"))
        for row in table(path, "督导检查记录")
        if row["反馈方式"] == "督导意见书"
    )
    change(book, "督导检查记录", lambda it: it["记录号"] == row["记录号"], 督导编号=None, 组号=None)
    outcome = report(whole, tmp_path / "out")
    assert "JC-15" in numbers(outcome)
    assert numbers(outcome, "必改") == set()
    made = [text(path) for path in outcome.made if family_of(path) == "意见书" and row["学校"] in text(path)]
    assert made
    assert all("None" not in said and "进行了。" not in said for said in made)


def test_a_number_of_schools_that_does_not_fit_the_registry_blocks_nothing(folder: Path) -> None:
    number, _ = campaign_with_groups()
    change(folder / OFFICE, "督导工作", lambda row: row["督导编号"] == number, 应检学校数=9999)
    month = load(folder)
    assert "DD-06" in numbers(month)
    assert numbers(month, "必改") == set()


# Days of which only the month is known --------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["2021-09", "2021年9月", "2021.9", "二〇二一年九月"])
def test_a_first_day_of_which_only_the_month_is_known_is_taken_and_reported(folder: Path, written: str) -> None:
    change(
        folder / REGISTER, "督学名册", lambda row: row["督学类型"] == "专职" and bool(row["责任区"]), 到岗日期=written
    )
    month = load(folder)
    (issue,) = [issue for issue in month.issues if issue.number == "TY-38"]
    assert (issue.severity, issue.label) == ("请核实", "到岗日期")
    assert issue.sentence == f"“{written}”没有写到日，按 2021-09-01 计，请核实；知道是哪一天的请写全"
    assert numbers(month, "必改") == set()


def test_the_last_day_of_which_only_the_month_is_known_is_the_last_of_the_month(folder: Path) -> None:
    change(folder / REGISTER, "督学责任区", lambda _: True, 停用日期="2030-02")
    (issue,) = [issue for issue in load(folder).issues if issue.number == "TY-38"]
    assert "按 2030-02-28 计" in issue.sentence


@pytest.mark.parametrize("written", ["2023年9月", "2023-09", "2023年9月底前"])
def test_a_deadline_of_which_only_the_month_is_known_is_sent_to_the_column_of_words(folder: Path, written: str) -> None:
    change(folder / ZONE, "问题整改台账", lambda _: True, 整改期限=written)
    (issue,) = [issue for issue in load(folder).issues if issue.label == "整改期限"]
    assert (issue.number, "期限说明" in issue.sentence) == ("TY-37", True)


@pytest.mark.parametrize("written", ["2019年", "2019", 2019, "二〇一九年"])
def test_a_day_in_the_registry_of_which_only_the_year_is_known_is_taken_and_reported(
    folder: Path, written: str | int
) -> None:
    change(
        folder / REGISTER, "督学名册", lambda row: row["督学类型"] == "专职" and bool(row["责任区"]), 到岗日期=written
    )
    month = load(folder)
    (issue,) = [issue for issue in month.issues if issue.number == "TY-38"]
    assert (issue.severity, issue.label) == ("请核实", "到岗日期")
    assert "按 2019-01-01 计" in issue.sentence
    assert numbers(month, "必改") == set()


def test_an_inspection_planned_for_a_month_takes_its_first_and_last_day_and_is_reported(folder: Path) -> None:
    number, name = campaign_with_groups()
    change(folder / OFFICE, "督导工作", lambda row: row["督导编号"] == number, 起始日期="2023年9月", 截止日期="2023-09")
    month = load(folder)
    told = {issue.label: issue.sentence for issue in month.issues if issue.number == "TY-38"}
    assert ("按 2023-09-01 计" in told["起始日期"], "按 2023-09-30 计" in told["截止日期"]) == (True, True)
    assert numbers(month, "必改") == set()
    said = notice(month, name)
    assert (said["起始日期"].day, said["截止日期"].day) == (1, 30)


@pytest.mark.parametrize("label", ["发现日期", "整改期限", "完成日期"])
def test_a_day_that_a_document_tells_of_a_problem_is_never_guessed(folder: Path, label: str) -> None:
    """A notice says on which day a fault was found: the first of the month would be false."""
    change(folder / ZONE, "问题整改台账", lambda row: row["整改状态"] != "已销号", **{label: "2023-08"})
    (issue,) = [issue for issue in load(folder).issues if issue.label == label and issue.severity == "必改"]
    assert issue.number in ("TY-05", "TY-37")


# Numbers as clerks write them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("5人", "5"),
        ("（5）", "5"),
        ("第5组", "5"),
        ("第五组", "5"),
        ("5、", "5"),
        ("两所", "2"),
        ("十二个班", "12"),
        ("二十", "20"),
        ("58块", "58"),
        ("1,200人", "1200"),
        ("91.5", "91.5"),
        ("12人次", "12"),
        ("第二小组", "2"),
        ("3课时", "3"),
        ("两节课", "2"),
        ("85.5分", "85.5"),
        ("八十五分", "85"),
    ],
)
def test_a_number_with_its_measure_word_is_that_number(written: str, number: str) -> None:
    assert counted(plain(written)).replace(",", "") == number


@pytest.mark.parametrize(
    "written", ["5万", "3万元", "5元", "5个月", "5天", "约5人", "5-6人", "三五", "一", "十十", "人", "第"]
)
def test_what_is_more_or_less_than_a_number_stays_what_is_written(written: str) -> None:
    assert counted(written) == written


def test_a_number_of_persons_in_words_is_taken_and_listed(folder: Path) -> None:
    number, _ = campaign_with_groups()
    change(folder / OFFICE, "检查组分组", lambda row: row["督导编号"] == number, 人数="9人")
    month = load(folder)
    (note,) = [note for note in month.normalisations if note.number == "NM-31"]
    assert (note.label, note.written, note.taken) == ("人数", "9人", "9")
    assert numbers(month, "必改") == set()
