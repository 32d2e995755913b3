"""Which workbook is read of several of one form or zone; a zone's name mistaken, and a zone that has not reported."""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.forms.faults.fault import Issue
from pipeline.forms.registry import School
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load
from pipeline.run.report import report
from tests.support.months import write_last_month
from tests.support.reading import EXAMPLE, named

REGISTER, OFFICE = "名录.xlsx", "督导室月报.xlsx"
MINE, OTHER, COUNTY = "责任区月报-云岭责任区.xlsx", "责任区月报-石鼓责任区.xlsx", "责任区月报-县本级.xlsx"


def write(path: Path, sheet: str, **cells: object) -> None:
    book = load_workbook(path)
    for name, value in cells.items():
        named(book[sheet], name).value = value
    book.save(path)


def weighty(folder: Path) -> list[Issue]:
    return [issue for issue in load(folder).issues if issue.severity == "必改"]


def hints(folder: Path) -> list[tuple[str, str]]:
    return [(i.number, i.written) for i in load(folder).issues if i.number in ("YB-01", "YB-07", "YB-08")]


@pytest.mark.parametrize("name", ["0.xlsx", "责任区月报-云岭责任区-旧.xlsx"])
def test_of_two_workbooks_of_a_zone_that_of_the_right_month_is_read_whatever_its_name(whole: Path, name: str) -> None:
    write_last_month(whole.parent / "2023-07")
    shutil.copy(whole.parent / "2023-07" / MINE, whole / name)
    (issue,) = weighty(whole)
    assert (issue.number, issue.location.workbook) == ("FL-04", name)
    assert MINE in issue.sentence
    assert "这一份填的是 2023 年 7 月，没有读入" in issue.sentence
    assert len(load(whole).all(Problem)) == len(load(EXAMPLE).all(Problem))


@pytest.mark.parametrize("name", ["副本.xlsx", "责任区月报-云岭责任区(1).xlsx", "云岭/责任区月报-云岭责任区.xlsx"])
def test_of_two_workbooks_of_a_zone_an_exact_copy_is_a_hint_and_withholds_nothing(
    whole: Path, tmp_path: Path, name: str
) -> None:
    (whole / name).parent.mkdir(exist_ok=True)
    shutil.copy(whole / MINE, whole / name)
    assert weighty(whole) == []
    (issue,) = [issue for issue in load(whole).issues if issue.number == "FL-52"]
    assert (issue.severity, issue.location.workbook) == ("提示", MINE if "/" in name else name)
    assert len(load(whole).all(Problem)) == len(load(EXAMPLE).all(Problem))
    assert report(whole, tmp_path / "out").withheld == ()


def saved(path: Path, when: datetime, *changes: tuple[str, str, object]) -> None:
    """The workbook with some cells (sheet, name, value) changed, as a program saves it at a time."""
    book = load_workbook(path)
    for sheet, name, value in changes:
        named(book[sheet], name).value = value
    book.save(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    core = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*",
        rb"\g<1>" + f"{when:%Y-%m-%dT%H:%M:%SZ}".encode(),
        parts["docProps/core.xml"],
    )
    with zipfile.ZipFile(path, "w") as package:
        for name, content in {**parts, "docProps/core.xml": core}.items():
            package.writestr(name, content)


FIRST, LATER = datetime(2023, 8, 31), datetime(2023, 9, 2)
REWORDED = ("问题整改台账", "具体描述2", "改过的另一种描述。")
ADDED = ("问题整改台账", "计划回访3", "下学期初")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("责任区月报-云岭责任区-更正.xlsx", REWORDED),
        ("责任区月报-云岭责任区（最终）.xlsx", REWORDED),
        ("责任区月报-云岭责任区(2).xlsx", REWORDED),
        ("0.xlsx", ADDED),
    ],
)
def test_a_later_workbook_of_a_zone_that_corrects_the_first_is_read_and_that_is_reported(
    whole: Path, tmp_path: Path, name: str, change: tuple[str, str, object]
) -> None:
    shutil.copy(whole / MINE, whole / name)
    saved(whole / MINE, FIRST)
    saved(whole / name, LATER, change)
    month = load(whole)
    (told,) = [issue for issue in month.issues if issue.number == "FL-53"]
    assert (told.severity, told.location.workbook) == ("请核实", MINE)
    assert f"《{name}》" in told.sentence
    assert change[2] in {value for problem in month.all(Problem) for value in (problem.description, problem.revisit)}
    assert weighty(whole) == []
    assert report(whole, tmp_path / "out").withheld == ()


@pytest.mark.parametrize(
    ("name", "when", "change"),
    [
        ("责任区月报-云岭责任区-更正.xlsx", FIRST - timedelta(days=1), REWORDED),
        ("责任区月报-云岭责任区-旧.xlsx", LATER, REWORDED),
        ("0.xlsx", LATER, REWORDED),
        ("责任区月报-云岭责任区-更正.xlsx", LATER, ("问题整改台账", "问题编号2", "WT-202308-01-777")),
    ],
)
def test_where_one_of_the_signs_of_a_correction_is_wanting_neither_is_read(
    whole: Path, name: str, when: datetime, change: tuple[str, str, object]
) -> None:
    shutil.copy(whole / MINE, whole / name)
    saved(whole / MINE, FIRST)
    saved(whole / name, when, change)
    assert {issue.number for issue in load(whole).issues if issue.number.startswith("FL")} == {"FL-06"}


def test_two_workbooks_of_a_zone_between_which_nothing_decides_are_both_named_and_neither_is_read(whole: Path) -> None:
    shutil.copy(whole / MINE, whole / "0.xlsx")
    write(whole / "0.xlsx", "问题整改台账", 具体描述2="改过的另一种描述。")
    issues = weighty(whole)
    assert sorted((issue.number, issue.location.workbook) for issue in issues) == [("FL-06", "0.xlsx"), ("FL-06", MINE)]
    assert all("《0.xlsx》" in issue.sentence and f"《{MINE}》" in issue.sentence for issue in issues)
    assert hints(whole) == []


@pytest.mark.parametrize("mistaken", ["石鼓责任区", "县本级"])
def test_a_zone_taken_for_another_is_one_fault_and_takes_nothing_from_that_other(whole: Path, mistaken: str) -> None:
    write(whole / MINE, "填报信息", B2=mistaken)
    (issue,) = weighty(whole)
    assert (issue.number, issue.location.workbook, issue.location.cell) == ("FL-05", MINE, "B2")
    assert "云岭责任区" in issue.sentence
    assert hints(whole) == []


def test_a_zone_taken_for_one_that_is_not_there_is_one_fault(whole: Path) -> None:
    (whole / OTHER).unlink()
    write(whole / MINE, "填报信息", B2="石鼓责任区")
    (issue,) = weighty(whole)
    assert issue.number == "FL-05"
    assert hints(whole) == [("YB-01", "石鼓责任区")]


def test_county_level_that_is_absent_is_reported(whole: Path) -> None:
    (whole / COUNTY).unlink()
    assert hints(whole) == [("YB-07", "")]


def test_a_workbook_at_fault_is_not_called_unreported(whole: Path) -> None:
    write(whole / MINE, "填报信息", B5=None)
    assert hints(whole) == []
    (whole / MINE).write_bytes((whole / MINE).read_bytes()[:2000])
    assert hints(whole) == []


def test_a_zone_written_with_a_blank_is_not_called_unreported(whole: Path) -> None:
    write(whole / MINE, "填报信息", B2="云岭 责任区", B5=None)
    assert hints(whole) == []


def test_where_a_workbook_is_of_no_known_zone_it_is_named_as_what_may_be_missing(whole: Path) -> None:
    write(whole / MINE, "填报信息", B2="云林区")
    book = load_workbook(whole / MINE)
    for title in ("督导检查记录", "问题整改台账"):
        book[title].delete_rows(2, book[title].max_row)
    (whole / MINE).unlink()
    book.save(whole / "新表.xlsx")
    assert hints(whole) == [("YB-08", "云岭责任区")]
    assert [issue.number for issue in weighty(whole)] == ["RF-01"]


# Two registries, or two workbooks of the office ----------------------------------------------------------------------

BLANKS = Path("input_templates/excel")


@pytest.mark.parametrize(("book", "name"), [(REGISTER, "0.xlsx"), (OFFICE, "督导室月报(1).xlsx"), (OFFICE, "0.xlsx")])
def test_a_copy_of_the_registry_or_of_the_offices_workbook_is_a_hint(
    whole: Path, tmp_path: Path, book: str, name: str
) -> None:
    shutil.copy(whole / book, whole / name)
    first, second = (book, name) if "(1)" in name else sorted((book, name))
    assert weighty(whole) == []
    (issue,) = [issue for issue in load(whole).issues if issue.number == "FL-52"]
    assert (issue.severity, issue.location.workbook) == ("提示", second)
    assert f"《{first}》" in issue.sentence
    assert hints(whole) == []
    assert report(whole, tmp_path / "out").withheld == ()


@pytest.mark.parametrize("book", [REGISTER, OFFICE])
def test_a_blank_beside_the_filled_workbook_is_put_aside_whatever_its_name(whole: Path, book: str) -> None:
    shutil.copy(BLANKS / book, whole / "0.xlsx")
    (issue,) = weighty(whole)
    assert (issue.number, issue.location.workbook) == ("FL-03", "0.xlsx")
    assert len(load(whole).all(School)) == len(load(EXAMPLE).all(School))


@pytest.mark.parametrize("name", ["0.xlsx", "督导室月报-旧.xlsx"])
def test_of_two_workbooks_of_the_office_that_of_the_folders_month_is_read(whole: Path, name: str) -> None:
    shutil.copy(EXAMPLE.parent / "2023-07" / OFFICE, whole / name)
    (issue,) = weighty(whole)
    assert (issue.number, issue.location.workbook) == ("FL-03", name)
    month = load(whole)
    assert str(month.period) == "2023-08"
    assert OFFICE in month.files
    assert name not in month.files


@pytest.mark.parametrize(("book", "sheet", "cell"), [(REGISTER, "学校名录", "K3"), (OFFICE, "报告信息", "B7")])
def test_where_nothing_decides_both_are_named_in_one_fault_and_no_document_is_made(
    whole: Path, tmp_path: Path, book: str, sheet: str, cell: str
) -> None:
    shutil.copy(whole / book, whole / "0.xlsx")
    write(whole / "0.xlsx", sheet, **{cell: 7 if book == REGISTER else "另一个人"})
    (issue,) = [issue for issue in weighty(whole) if not issue.location.cell]
    assert (issue.number, issue.location.workbook) == ("FL-07", "0.xlsx")
    assert issue.sentence == (
        f"本月有不止一份“{book.removesuffix('.xlsx')}”（《0.xlsx》、《{book}》），内容不同，分不清以哪一份为准，"
        "校验暂按《0.xlsx》；请核对，只留一份，再出文书"
    )
    outcome = report(whole, tmp_path / "out")
    assert outcome.made == ()
    assert all(any("0.xlsx" in reason for reason in withheld.reasons) for withheld in outcome.withheld)
    assert hints(whole) == []


def test_two_registries_above_the_month_are_reported_too(whole: Path) -> None:
    (whole / REGISTER).rename(whole.parent / REGISTER)
    assert weighty(whole) == []
    shutil.copy(whole.parent / REGISTER, whole.parent / "名录-旧.xlsx")
    write(whole.parent / "名录-旧.xlsx", "学校名录", 在校生数3=7)
    (issue,) = weighty(whole)
    assert issue.number == "FL-07"
    assert "（《名录-旧.xlsx》、《名录.xlsx》）" in issue.sentence
