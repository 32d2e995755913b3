"""Summaries of a quarter, half-year or year: comparisons, missing months, and that every column adds up."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.terms import together
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.word.form import deviations
from tests.support.months import write_month
from tests.support.reading import EXAMPLE, of_family, text

INPUTS = EXAMPLE.parent
QUARTER = {"2023-01": 1, "2023-02": 2, "2023-03": 3, "2023-04": 4, "2023-05": 2, "2023-06": 2}
"""Months and the problems of each: 6 in the first quarter, 8 in the second."""
YEAR_BEFORE = {"2022-04": 3, "2022-05": 3, "2022-06": 2}


@pytest.fixture(scope="session")
def two_quarters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    inputs = tmp_path_factory.mktemp("months")
    for month, problems in (QUARTER | YEAR_BEFORE).items():
        write_month(inputs, month, problems)
    return inputs


def months_of(inputs: Path, target: Path, *names: str) -> Path:
    """A folder with some of the months."""
    for name in names:
        shutil.copytree(inputs / name, target / name)
    return target


def run(inputs: Path, term: str, out: Path) -> Outcome:
    period = Period.parse_longer(term) or Period.parse(term)
    assert period is not None
    return report(inputs, out, RunOptions(period))


def said(outcome: Outcome) -> str:
    return text(summary(outcome))


def summary(outcome: Outcome) -> Path:
    (path,) = of_family(outcome.made, "总结")
    return path


# Periods -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first", "last", "before"),
    [
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31), "2023Q4"),
        ("2024Q4", date(2024, 10, 1), date(2024, 12, 31), "2024Q3"),
        ("2024H1", date(2024, 1, 1), date(2024, 6, 30), "2023H2"),
        ("2024H2", date(2024, 7, 1), date(2024, 12, 31), "2024H1"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023"),
    ],
)
def test_a_quarter_a_half_year_and_a_year_know_their_days(written: str, first: date, last: date, before: str) -> None:
    period = Period.parse_longer(written)
    assert period is not None
    assert (period.first_day, period.last_day, str(period), str(period.previous)) == (first, last, written, before)
    assert str(period.year_before) == written.replace("2024", "2023")
    assert period.singles[0].first_day == first
    assert period.singles[-1].last_day == last
    assert period.previous.next == period


@pytest.mark.parametrize("written", ["2024Q5", "2024Q0", "2024H3", "24Q1", "2024-Q1", "2024-13", "Q1", ""])
def test_what_is_no_period_is_reported_with_how_to_write_one(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Period.parse_longer(written) is None
    assert main(["report", str(INPUTS), "--period", written]) == 2
    assert "季度写作 2024Q1，半年写作 2024H1，年度写作 2024" in capsys.readouterr().err


# Columns add up ------------------------------------------------------------------------------------------------------


def numbers(path: Path, heading: str) -> list[list[str]]:
    """The rows below the heading of the table with this first cell."""
    tables = [table for table in Document(str(path)).tables if table.cell(0, 0).text == heading]
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows[1:]]


@pytest.mark.parametrize("term", ["2023Q2", "2023Q3", "2023H2", "2023"])
def test_every_column_of_the_zones_adds_up_and_every_line_balances(term: str, tmp_path: Path) -> None:
    outcome = run(INPUTS, term, tmp_path)
    *zones, total = numbers(summary(outcome), "责任区")
    assert len(zones) == 11 if term != "2023Q2" else 9
    for column in range(1, 6):
        assert sum(int(line[column]) for line in zones) == int(total[column])
    for _, _, opening, new, closed, closing, rate in [*zones, total]:
        ever_open = int(opening) + int(new)
        assert ever_open - int(closed) == int(closing)
        percent = (Decimal(closed) * 100 / ever_open).quantize(Decimal("0.1"), ROUND_HALF_UP) if ever_open else None
        assert rate == ("—" if percent is None else f"{percent}%")
    balance = re.search(r"期初未销号问题(\d+)个，本期新增(\d+)个，销号(\d+)个，期末未销号(\d+)个", said(outcome))
    assert balance is not None
    assert list(balance.groups()) == total[2:6]


def test_the_months_add_up_to_the_period_and_the_last_one_ends_it(tmp_path: Path) -> None:
    printed = summary(run(INPUTS, "2023", tmp_path))
    (*months, sums), total = numbers(printed, "月份"), numbers(printed, "责任区")[-1]
    assert [line[0] for line in months] == ["2023年6月", "2023年7月", "2023年8月"]
    assert sums[:2] == ["合计", str(sum(int(line[1]) for line in months))]
    assert sums[2] == total[1], "a school visited in several months counts once"
    assert sums[3:] == total[3:6]
    assert [str(sum(int(line[column]) for line in months)) for column in (3, 4)] == total[3:5]
    assert months[-1][5] == total[5]


@pytest.mark.parametrize(("place", "first"), [(0, "月份"), (1, "责任区")])
def test_a_table_stays_on_one_page_with_its_total(place: int, first: str, tmp_path: Path) -> None:
    table = Document(str(summary(run(INPUTS, "2023", tmp_path)))).tables[place]
    assert [table.rows[at].cells[0].text for at in (0, -1)] == [first, "合计"]
    keeps = [
        {bool(p.paragraph_format.keep_with_next) for cell in row.cells for p in cell.paragraphs} for row in table.rows
    ]
    assert keeps == [{True}] * (len(table.rows) - 1) + [{False}]


def test_categories_and_states_of_a_period_add_up_to_its_figures(tmp_path: Path) -> None:
    told = said(run(INPUTS, "2023Q3", tmp_path))
    kinds, gravities = re.search(r"按类别分：(.+?)；按严重程度分：(.+?)。", told).groups()  # type: ignore[union-attr]
    states = re.search(r"期末未销号问题中，(.+?)；", told)[1]  # type: ignore[index]
    sums = [sum(int(number) for number in re.findall(r"(\d+)个", part)) for part in (kinds, gravities, states)]
    assert sums == [48, 48, 38]


def test_a_problem_of_several_months_counts_once_as_it_stood_last(tmp_path: Path) -> None:
    month, longer = run(INPUTS, "2023-08", tmp_path / "month"), run(INPUTS, "2023Q3", tmp_path / "quarter")
    open_in_august = re.search(r"月末未销号(\d+)个", said(month))[1]  # type: ignore[index]
    assert f"期末未销号{open_in_august}个" in said(longer)


def test_summaries_of_longer_periods_have_the_form_of_the_standard(tmp_path: Path) -> None:
    for term in ("2023Q3", "2023H2", "2023"):
        assert deviations(summary(run(INPUTS, term, tmp_path / term))) == ()


# Comparisons ---------------------------------------------------------------------------------------------------------


def test_a_quarter_whose_months_are_all_there_is_compared_with_both_earlier_ones(
    two_quarters: Path, tmp_path: Path
) -> None:
    told = said(run(two_quarters, "2023Q2", tmp_path))
    assert "清溪县人民政府教育督导室\n2023年第二季度工作总结" in told
    assert "本总结依据" not in told
    assert (
        "环比（与2023年第一季度相比）：检查次数8次，增加2次（33.3%）；新增问题8个，增加2个（33.3%）；"
        "销号问题8个，增加2个（33.3%）。"
    ) in told
    assert "同比" not in told, "nothing has changed since 2022"


def test_what_fell_is_said_to_have_fallen(two_quarters: Path, tmp_path: Path) -> None:
    told = said(run(two_quarters, "2023-05", tmp_path))
    assert "环比（与2023年4月相比）：检查次数2次，减少2次（50.0%）" in told
    assert "同比（与2022年5月相比）：检查次数2次，减少1次（33.3%）" in told


def test_a_month_is_compared_with_nothing_where_no_earlier_one_is_there(two_quarters: Path, tmp_path: Path) -> None:
    alone = months_of(two_quarters, tmp_path / "in", "2023-05")
    assert "相比" not in said(run(alone, "2023-05", tmp_path / "out"))


@pytest.mark.parametrize("without", ["河口责任区", "县本级"])
def test_an_earlier_month_that_was_not_all_reported_is_not_compared(
    without: str, two_quarters: Path, tmp_path: Path
) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06")
    write_month(inputs, "2023-01", 1, without=without)
    assert "2023年1月的表没有报齐或有误，未与2023年第一季度比较" in said(run(inputs, "2023Q2", tmp_path / "out"))


# Months that are missing ---------------------------------------------------------------------------------------------


def test_months_that_are_missing_are_named_and_left_out(two_quarters: Path, tmp_path: Path) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04", "2023-06", "2022-04", "2022-06")
    outcome = run(inputs, "2023Q2", tmp_path / "out")
    told = said(outcome)
    assert "本总结依据2023年4月、2023年6月的各表形成；缺少2023年5月的表，以下各项数字不含其情况。" in told
    assert [line[0] for line in numbers(summary(outcome), "月份")] == ["2023年4月", "2023年6月", "合计"]
    assert "缺少2023年1月至3月、2023年5月的表，未与2023年第一季度比较。" in told
    assert "同比（与2022年4月、2022年6月相比）：检查次数6次，增加1次（20.0%）" in told
    assert [remark for _, remark in outcome.remarks if "2023年5月" in remark]


def test_without_any_month_of_the_period_the_run_says_which_are_there(two_quarters: Path, tmp_path: Path) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04")
    with pytest.raises(PipelineError, match=r"没有 2024Q1 任何一个月的文件夹（现有：2023-04）"):
        run(inputs, "2024Q1", tmp_path / "out")
    with pytest.raises(PipelineError, match="把数据文件夹写成装着各月文件夹"):
        run(inputs / "2023-04", "2023Q2", tmp_path / "out")
    with pytest.raises(PipelineError, match="找不到数据文件夹"):
        run(inputs / "nowhere", "2023Q2", tmp_path / "out")


def test_a_folder_that_holds_another_month_stops_the_run(two_quarters: Path, tmp_path: Path) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04")
    shutil.copytree(inputs / "2023-04", inputs / "2023-05")
    with pytest.raises(PipelineError, match="填的是 2023-04，不是 2023-05"):
        run(inputs, "2023Q2", tmp_path / "out")


def test_a_zone_that_did_not_report_a_month_is_named_with_the_month(two_quarters: Path, tmp_path: Path) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04", "2023-06")
    write_month(inputs, "2023-05", 2, without="河口责任区")
    outcome = run(inputs, "2023Q2", tmp_path / "out")
    assert "河口责任区没有报送2023年5月的数据，以下各项数字不含其情况。" in said(outcome)
    assert outcome.unreported == ("2023-05 河口责任区",)


def test_no_months_are_no_period() -> None:
    with pytest.raises(ValueError, match="no months"):
        together([])


# Faults --------------------------------------------------------------------------------------------------------------


def test_a_fault_in_one_month_withholds_the_summary_and_is_reported_with_its_month(
    two_quarters: Path, tmp_path: Path
) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04", "2023-05", "2023-06")
    path = inputs / "2023-05" / "责任区月报-城区第二责任区.xlsx"
    book = load_workbook(path)
    book["问题整改台账"]["E2"] = "8月底"
    book.save(path)
    outcome = run(inputs, "2023Q2", tmp_path / "out")
    assert outcome.made == ()
    withheld, statistics = sorted(outcome.withheld, key=lambda one: "统计表" in one.title)
    assert statistics.reasons == withheld.reasons
    assert any("2023-05/责任区月报-城区第二责任区.xlsx" in reason for reason in withheld.reasons)


def test_a_fault_of_two_months_is_reported_once_with_both_and_listed_with_a_link_to_each(
    two_quarters: Path, tmp_path: Path
) -> None:
    inputs = months_of(two_quarters, tmp_path / "in", "2023-04", "2023-05", "2023-06")
    for month in ("2023-04", "2023-06"):
        path = inputs / month / "责任区月报-城区第二责任区.xlsx"
        book = load_workbook(path)
        book["问题整改台账"]["E2"] = "8月底"
        book.save(path)
    outcome = run(inputs, "2023Q2", tmp_path / "out")
    (withheld,) = (one for one in outcome.withheld if "总结" in one.title)
    (told,) = [reason for reason in withheld.reasons if "8月底" in reason]
    assert told.startswith("责任区月报-城区第二责任区.xlsx › 问题整改台账 › ")
    assert "2023-04、2023-06：E2" in told
    assert outcome.results is not None
    listed = load_workbook(outcome.results)["问题"].iter_rows(min_row=2)
    links = {
        str(row[1].value): (outcome.results.parent / row[3].hyperlink.target.replace("\\", "/")).resolve()
        for row in listed
        if row[5].value == "8月底"
    }
    assert links == {f"{month}/{path.name}": (inputs / month / path.name).resolve() for month in ("2023-04", "2023-06")}


def test_a_problem_that_is_open_and_no_longer_listed_is_reported_and_still_counts(tmp_path: Path) -> None:
    inputs = months_of(INPUTS, tmp_path / "in", "2023-06", "2023-07")
    for path in (inputs / "2023-07").glob("责任区月报-石鼓责任区.xlsx"):
        book = load_workbook(path)
        sheet = book["问题整改台账"]
        line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "WT-202306-06-001")
        for cell in sheet[line]:
            cell.value = None
        book.save(path)
    outcome = run(inputs, "2023", tmp_path / "out")
    assert "WT-21" in {issue.number for issue in outcome.issues}
    assert "期末未销号10个" in said(outcome)


def test_a_number_that_any_earlier_month_of_the_period_has_is_not_asked_for(tmp_path: Path) -> None:
    inputs = months_of(INPUTS, tmp_path / "in", "2023-06", "2023-08")
    told = {
        (issue.location.workbook, issue.written)
        for issue in run(inputs, "2023", tmp_path / "out").issues
        if issue.number == "RF-03"
    }
    assert {written for book, written in told if book.startswith("2023-06/")} == {"DD-2023-007", "JC-202305-05-002"}
    later = {written for book, written in told if book.startswith("2023-08/")}
    assert {written for written in later if written.startswith("JC-")} == {
        "JC-202307-02-004", "JC-202307-05-003", "JC-202307-07-002", "JC-202307-08-006"
    }  # fmt: skip
    whole = {issue.written for issue in run(INPUTS, "2023", tmp_path / "whole").issues if issue.number == "RF-03"}
    assert whole == {"DD-2023-007", "JC-202305-05-002"}


def test_the_json_of_a_longer_period_names_it(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["report", str(INPUTS), "--output", str(tmp_path), "--period", "2023q3", "--json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["period"] == "2023Q3"
    assert [Path(path).name for path in told["made"]] == [
        "清溪县2023年第三季度教育督导工作总结.docx",
        "清溪县2023年第三季度教育督导统计表.xlsx",
    ]
