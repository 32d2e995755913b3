"""A month's folder under the names that people give it, and what is reported if the month is unclear."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.files.folders import looked_at
from pipeline.intake.loading import load
from pipeline.run.options import RunOptions
from pipeline.run.report import report
from tests.support.months import write_last_month
from tests.support.reading import EXAMPLE, family_of

AUGUST = Period(2023, 8)
NAMES = [
    "2023-8",
    "2023.08",
    "2023.8",
    "2023_08",
    "202308",
    "2023年8月",
    "2023年08月份",
    "二〇二三年八月",
    "２０２３年８月",
]


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Two months in one folder, as an office keeps them."""
    shutil.copytree(EXAMPLE, tmp_path / "input" / "2023-08")
    write_last_month(tmp_path / "input" / "2023-07")
    return tmp_path / "input"


def numbers(given: Path, period: Period | None = None) -> list[str]:
    return [issue.number for issue in load(given, period).issues]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_known_for_its_month_however_it_is_written(name: str) -> None:
    assert Period.of_folder(name) == AUGUST


@pytest.mark.parametrize("name", ["2023", "8月", "2023-13", "20238", "2023年8月备份", "2023-08 副本x", "2023Q3", ""])
def test_other_names_are_of_no_month(name: str) -> None:
    assert Period.of_folder(name) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_month_is_found_under_any_such_name_and_compared_with_the_one_before(given: Path, name: str) -> None:
    (given / "2023-08").rename(given / name)
    (given / "2023-07").rename(given / "2023年7月")
    for period in (None, AUGUST):
        month = load(given, period)
        assert month.period == AUGUST
        assert month.previous is not None
        assert month.previous.period == Period(2023, 7)
    seen = {family_of(path) for path in looked_at(given / name)}
    assert seen >= {name, "2023年7月"}, "a change of either month makes the documents anew"


def test_the_documents_of_such_a_folder_are_those_of_the_month(given: Path, tmp_path: Path) -> None:
    (given / "2023-08").rename(given / "2023年8月")
    (given / "2023-07").rename(given / "2023.7")
    done = report(given, tmp_path / "out", RunOptions(AUGUST))
    assert done.folder.name == "2023-08"
    assert done.withheld == ()
    quarter = report(given, tmp_path / "out", RunOptions(Period.parse_longer("2023Q3")))
    assert quarter.made or quarter.withheld


def test_of_two_folders_of_a_month_the_one_named_as_asked_is_read_and_the_other_told(given: Path) -> None:
    shutil.copytree(given / "2023-08", given / "2023年8月")
    shutil.copytree(given / "2023-07", given / "2023.07")
    told = [issue for issue in load(given, AUGUST).issues if issue.number == "FL-50"]
    assert [issue.location.workbook for issue in told] == ["2023年8月", "2023.07"]
    assert "读的是“2023-08”" in told[0].sentence


def test_of_two_folders_of_a_month_neither_named_as_asked_none_is_read(given: Path) -> None:
    (given / "2023-08").rename(given / "2023.08")
    shutil.copytree(given / "2023.08", given / "2023年8月")
    with pytest.raises(PipelineError, match=r"“2023.08”、“2023年8月”.*请只留一个"):
        load(given, AUGUST)


def test_of_two_folders_of_the_month_before_none_is_compared_and_that_is_reported(given: Path) -> None:
    (given / "2023-07").rename(given / "2023.07")
    shutil.copytree(given / "2023.07", given / "2023年7月")
    month = load(given, AUGUST)
    assert month.previous is None
    (told,) = [issue for issue in month.issues if issue.number == "YB-09"]
    assert "“2023.07”、“2023年7月”" in told.sentence


def test_a_folder_whose_year_nobody_can_tell_is_named_as_the_cause(
    given: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (given / "2023-08").rename(given / "8月")
    assert main(["report", str(given), "--period", "2023-08"]) == 2
    assert "“8月”看不出是哪年哪月，请改名" in capfd.readouterr().err
    assert "FL-51" in numbers(given), "the newest month that is known is read, and the other is told"
    shutil.rmtree(given / "2023-07")
    assert main(["report", str(given)]) == 2
    assert "“8月”看不出是哪年哪月，请改名" in capfd.readouterr().err


# Year and month in the cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month"),
    [("2023年", "8月"), ("２０２３", "８"), ("二〇二三年", "八月"), ("2023年度", "8月份"), ("2023年8月", "2023年8月")],
)
@pytest.mark.parametrize(
    ("book", "sheet", "cells"),
    [("责任区月报-云岭责任区.xlsx", "填报信息", ("B3", "B4")), ("督导室月报.xlsx", "报告信息", ("B2", "B3"))],
)
def test_year_and_month_are_understood_with_their_words(
    given: Path, book: str, sheet: str, cells: tuple[str, str], year: str, month: str
) -> None:
    path = given / "2023-08" / book
    filled = load_workbook(path)
    filled[sheet][cells[0]], filled[sheet][cells[1]] = year, month
    filled.save(path)
    found = load(given, AUGUST)
    assert [issue for issue in found.issues if issue.severity == "必改"] == []
    taken = {
        item.location.cell: item.taken
        for item in found.normalisations
        if item.location.workbook == book and item.location.sheet == sheet
    }
    assert {cell: taken.get(cell) for cell in cells} == dict(zip(cells, ("2023", "8"), strict=True))


def test_a_month_of_another_year_than_the_row_is_not_understood(given: Path) -> None:
    path = given / "2023-08" / "责任区月报-云岭责任区.xlsx"
    filled = load_workbook(path)
    filled["填报信息"]["B4"] = "2022年8月"
    filled.save(path)
    assert "TY-02" in numbers(given, AUGUST)
