"""统计表.xlsx: totals equal the documents', tables add up, and a suite computes what a reader sees."""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from openpyxl import load_workbook

from pipeline.dossier.building import LEADERS, build_dossier
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.statistics import InspectorFact, MonthFact, ProblemFact, SchoolFact, Statistics
from pipeline.excel import statistics
from pipeline.forms.codes import SCHOOL_LEADERS
from pipeline.forms.period import Period
from pipeline.intake.loading import load, months_beside
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from tests.support.letters import change, fill
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE, of_family, text
from tests.test_register import totals as totals_of_register

TITLE, NOTE, HEADING = 1, 2, 3
SHEETS = ["问题统计", "督导覆盖", "逐月对照", "报送及时率", "督学年龄", "督学来源"]
STATES = ["未启动", "整改中", "已完成待核查", "退回重改", "已销号"]
NOT_SUMS = re.compile("率|增减|环比")


def of_statistics(made: Sequence[Path]) -> Path:
    (path,) = of_family(list(made), "呈签")
    return path


@dataclass(frozen=True)
class Read:
    """A sheet as a reader sees it: rows of its table and its summaries, each with totals; heading -> value."""

    labels: list[str]
    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    summaries: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]]

    def summed(self, label: str, **keys: str) -> int:
        """The sum of a column over the rows with these keys."""
        return sum(row[label] for row in self.rows if all(row[key] == value for key, value in keys.items()))


def read(path: Path, name: str) -> Read:
    """A sheet by its cached values: nothing is computed."""
    sheet = load_workbook(path, data_only=True)[name]
    labels = [cell.value for cell in sheet[HEADING] if cell.value]
    blocks: list[tuple[str, list[dict[str, Any]], dict[str, Any]]] = []
    title, rows = name, []
    for cells in sheet.iter_rows(min_row=HEADING + 1, max_col=len(labels), values_only=True):
        row = dict(zip(labels, cells, strict=True))
        if cells[0] in ("合计", "本期合计"):
            blocks.append((title, rows, row))
            title, rows = "", []
        elif cells[0] and str(cells[0]).endswith("（不随筛选变化）"):
            title = str(cells[0]).partition("小结")[0]
        elif cells[0] is not None and list(cells) != labels and any(cell is not None for cell in cells[1:]):
            rows.append(row)
    (_, own, below), *others = blocks
    return Read(labels, own, below, {title: (rows, total) for title, rows, total in others})


def dossier_of(period: str = "") -> Dossier:
    folder = EXAMPLE.parent if period else EXAMPLE
    month = load(folder, _longer(period) if period else None)
    shelf = months_beside(folder, month)
    dossier = build_dossier(month, shelf.bases(month) if shelf else None)
    assert dossier is not None
    return dossier


def _longer(written: str) -> Period:
    period = Period.parse_longer(written)
    assert period is not None
    return period


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The year, of which most months are not there."""
    return report(EXAMPLE.parent, tmp_path_factory.mktemp("year"), RunOptions(period=_longer("2023")))


@pytest.fixture(scope="module", params=["", "2023Q3", "2023"], ids=["month", "quarter", "year with months missing"])
def made(request: pytest.FixtureRequest, outcome: Outcome, quarter: Outcome, year: Outcome) -> tuple[Path, Dossier]:
    """A finished 统计表, and the dossier behind the documents of the same run."""
    runs = {"": outcome, "2023Q3": quarter, "2023": year}
    return of_statistics(runs[request.param].made), dossier_of(request.param)


# Every total is that of the documents ---------------------------------------------------------------------------------


def test_problems_are_those_of_the_county_list_and_of_each_zones_list(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    sheet, listed = read(path, "问题统计"), dossier.county_list
    assert sheet.totals["合计"] == listed.total.value
    by_state = {name: figure.value for name, figure in listed.by_state}
    assert {state: sheet.totals[state] for state in STATES} == {state: by_state.get(state, 0) for state in STATES}
    zones, _ = sheet.summaries["各责任区问题"]
    found = {row["责任区"]: row["合计"] for row in zones}
    assert {line.name: found[line.name] for line in dossier.zone_lists} == {
        line.name: line.total.value for line in dossier.zone_lists
    }


def test_problems_by_category_and_gravity_are_those_of_the_county_list(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    sheet = read(path, "问题统计")
    for row in sheet.rows:
        alike = [
            problem
            for problem in dossier.county_list.problems
            if (problem.kind, problem.gravity) == (row["问题类别"], row["严重程度"])
        ]
        same = {"问题类别": row["问题类别"], "严重程度": row["严重程度"]}
        assert sheet.summed("合计", **same) == len(alike)
        for state in STATES:
            assert sheet.summed(state, **same) == sum(problem.state == state for problem in alike)


def test_inspections_and_schools_are_those_of_the_summary(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    sheet, line = read(path, "督导覆盖"), dossier.all_months
    assert (sheet.totals["检查次数"], sheet.totals["检查学校数"]) == (line.records.value, line.schools.value)
    by_zone = {row["责任区"]: row["检查学校数"] for row in sheet.summaries["各责任区学校"][0]}
    assert all(by_zone.get(zone.name, 0) == zone.schools.value for zone in dossier.zones[:-1])
    assert all(row["已督导"] + row["未督导"] == row["学校数"] for row in sheet.rows)


def test_months_are_those_of_the_summary(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    sheet = read(path, "逐月对照")
    months = {row["月份"]: row for row in sheet.rows}
    names = ("检查次数", "检查学校数", "新增问题", "销号问题", "月末未销号")
    for line in dossier.months or [dossier.all_months]:
        row = months[f"{line.period.year}年{line.period.month}月"]
        figures = (line.records, line.schools, line.new, line.closed, line.closing)
        assert tuple(row[name] for name in names) == tuple(figure.value for figure in figures)
    line = dossier.all_months
    figures = (line.records, line.schools, line.new, line.closed, line.closing)
    assert tuple(sheet.totals[name] for name in names) == tuple(figure.value for figure in figures)
    assert line.rate is not None
    assert Decimal(repr(sheet.totals["销号率"])) * 100 == line.rate.value


def test_changes_are_those_of_the_summary(outcome: Outcome) -> None:
    row, told = read(of_statistics(outcome.made), "逐月对照").rows[-1], dossier_of().with_before
    assert told is not None
    changes = {"检查次数": told.records, "检查学校数": told.schools, "新增问题": told.new, "销号问题": told.closed}
    for label, told_of in changes.items():
        assert told_of is not None
        assert abs(row[f"{label}\n增减"]) == told_of.apart.value
        assert told_of.percent is not None
        assert abs(Decimal(repr(row[f"{label}\n环比"]))) * 100 == told_of.percent.value
    assert told.rate is not None
    assert Decimal(repr(round(row["销号率\n增减（百分点）"], 1))) == told.rate.now.value - told.rate.before.value


def test_a_month_without_the_one_before_has_no_change(outcome: Outcome) -> None:
    first, second, third = read(of_statistics(outcome.made), "逐月对照").rows
    assert [row["月份"] for row in (first, second, third)] == ["2022年8月", "2023年7月", "2023年8月"]
    for row in (first, second):
        assert {value for label, value in row.items() if "\n" in label} == {None}
    assert all(third[label] is not None for label in third)


def test_reports_are_those_of_the_bulletin_and_of_who_has_not_reported(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    sheet = read(path, "报送及时率")
    for story in dossier.campaigns:
        if told := story.self_reports:
            own = {"报送内容": f"{story.campaign.name}（自查报告）"}
            counted = tuple(sheet.summed(label, **own) for label in ("应报", "按时", "逾期", "未报"))
            assert counted == tuple(figure.value for figure in (told.due, told.on_time, told.late, told.missing))
    assert sheet.summed("未报", 报送内容="责任区月报") == len(dossier.unreported)


def test_inspectors_are_those_of_the_summary(made: tuple[Path, Dossier]) -> None:
    path, dossier = made
    team = dossier.team
    assert team is not None
    assert team.age_after is not None
    ages, origins = read(path, "督学年龄"), read(path, "督学来源")
    for sheet in (ages, origins):
        assert sheet.totals["专职"] == team.full_time_after.value
        assert sheet.totals["兼职"] == team.part_time.value
    assert f"专职督学平均{team.age_after}周岁" in load_workbook(path)["督学年龄"].cell(NOTE, 1).value
    by_origin = {row["来源"]: row["专职"] for row in origins.rows}
    told = {name: figure.value for name, figure in team.origins}
    assert sum(by_origin.pop(post, 0) for post in map(str, SCHOOL_LEADERS)) == told.pop(LEADERS)
    assert {name: number for name, number in by_origin.items() if number} == told


def test_totals_are_those_of_the_finished_documents(outcome: Outcome) -> None:
    path = of_statistics(outcome.made)
    (register,) = (one for one in of_family(list(outcome.made), "清单") if one.suffix == ".xlsx")
    block = totals_of_register(register)
    problems = read(path, "问题统计").totals
    assert problems["合计"] == block["合计"]
    assert all(problems[state] == number for state, number in block.items() if state in STATES)
    said = text(of_family(list(outcome.made), "总结")[0])
    months, coverage, reports = read(path, "逐月对照").totals, read(path, "督导覆盖").totals, read(path, "报送及时率")
    ages = read(path, "督学年龄").totals
    for sentence in (
        f"本月新增{months['新增问题']}个，销号{months['销号问题']}个，月末未销号{months['月末未销号']}个",
        f"销号率{months['销号率'] * 100:.1f}%",
        f"检查次数{coverage['检查次数']}次",
        f"检查学校（幼儿园）{coverage['检查学校数']}所",
        f"{ages['专职']}名专职督学中",
        f"聘任兼职督学{ages['兼职']}人",
    ):
        assert sentence in said
    (campaign,) = {row["报送内容"] for row in reports.rows} - {"责任区月报"}
    due, on_time = (reports.summed(label, 报送内容=campaign) for label in ("应报", "按时"))
    assert f"应报自查报告{due}份，按时报送{on_time}份" in said


# The tables add up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHEETS)
def test_every_row_of_totals_adds_up_the_rows_above_it(made: tuple[Path, Dossier], name: str) -> None:
    path, dossier = made
    sheet = read(path, name)
    own = [row for row in sheet.rows if name != "逐月对照" or row["月份"] in _own_months(dossier)]
    assert sheet.rows
    for rows, totals in ((own, sheet.totals), *sheet.summaries.values()):
        for label, total in totals.items():
            if isinstance(total, int) and not (NOT_SUMS.search(label) or (name == "逐月对照" and "学校" in label)):
                expected = rows[-1][label] if label == "月末未销号" else sum(row[label] for row in rows)
                assert total == expected, label
    assert all(totals == sheet.totals for _, totals in sheet.summaries.values())


def _own_months(dossier: Dossier) -> list[str]:
    return [f"{line.period.year}年{line.period.month}月" for line in dossier.months or [dossier.all_months]]


@pytest.mark.parametrize(
    ("name", "parts", "whole"),
    [
        ("问题统计", STATES, "合计"),
        ("督导覆盖", ["已督导", "未督导"], "学校数"),
        ("报送及时率", ["按时", "逾期", "未报", "日期待核"], "应报"),
        ("督学年龄", ["专职", "兼职", "特约", "督导室人员"], "合计"),
        ("督学来源", ["专职", "兼职", "特约", "督导室人员"], "合计"),
    ],
    ids=["problems", "schools", "reports", "ages", "origins"],
)
def test_every_row_adds_up_to_its_last_column(outcome: Outcome, name: str, parts: list[str], whole: str) -> None:
    sheet = read(of_statistics(outcome.made), name)
    for row in (*sheet.rows, sheet.totals):
        assert sum(row[part] for part in parts) == row[whole]


def test_totals_follow_the_filter(outcome: Outcome) -> None:
    book = load_workbook(of_statistics(outcome.made))
    for sheet in book:
        row = sheet[HEADING + len(read(of_statistics(outcome.made), sheet.title).rows) + 1]
        assert row[0].value in ("合计", "本期合计")
        formulas = [str(cell.value) for cell in row[1:] if str(cell.value).startswith("=")]
        assert formulas
        assert any(formula.startswith("=SUBTOTAL(109,") for formula in formulas)
        assert all(formula.startswith(("=SUBTOTAL(109,", "=IF(")) for formula in formulas)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_no_printed_page_is_empty(outcome: Outcome, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(of_statistics(outcome.made))], check=True, capture_output=True, timeout=120)
    (path,) = tmp_path.glob("*.pdf")
    with pdfplumber.open(path) as document:
        lines = [len(page.extract_text_lines()) for page in document.pages]
    assert len(lines) > 6
    assert min(lines) > 3, f"a page with its number alone: {lines}"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_a_suite_computes_is_what_a_reader_without_one_sees(outcome: Outcome, tmp_path: Path) -> None:
    path = of_statistics(outcome.made)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(SOFFICE),
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    seen, computed = (load_workbook(each, data_only=True) for each in (path, tmp_path / path.name))
    for sheet in seen:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert computed[sheet.title][cell.coordinate].value == pytest.approx(cell.value), cell.coordinate


# The sheets -----------------------------------------------------------------------------------------------------------


def test_each_sheet_has_a_filter_a_frozen_heading_a_chart_and_pages_to_print(made: tuple[Path, Dossier]) -> None:
    book = load_workbook(made[0])
    assert book.sheetnames == SHEETS
    for sheet in book:
        last = HEADING + len(read(made[0], sheet.title).rows)
        assert re.fullmatch(f"A{HEADING}:[A-Z]{last}", sheet.auto_filter.ref)
        assert re.fullmatch(f"[B-D]{HEADING + 1}", sheet.freeze_panes)
        assert sheet.print_title_rows == f"$1:${HEADING}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9), "A4"
        (chart,) = sheet._charts
        title = "".join(run.t for run in chart.title.tx.rich.p[0].r)
        assert re.search("[\u4e00-\u9fff]", title)
        assert chart.y_axis.numFmt.formatCode == "0"
        assert chart.y_axis.majorUnit >= 1
        assert float(chart.y_axis.majorUnit).is_integer()
        assert str(sheet.cell(NOTE, 1).value).count("口径：") == 1


def test_a_year_says_which_months_are_missing(year: Outcome) -> None:
    note = load_workbook(of_statistics(year.made))["问题统计"].cell(NOTE, 1).value
    assert "缺少2023年1月至5月、2023年9月至12月的表" in note


def facts(**changed: Any) -> Statistics:
    """A month of which nothing is known but that it was."""
    month = MonthFact(2024, 3, True, 0, 0, 0, 0, 0, None)
    nothing = Statistics(
        zones=("县本级",),
        towns=(),
        problems=(),
        schools=(),
        months=(month,),
        together=month,
        reports=(),
        report_day=None,
        inspectors=(),
        mean_age=None,
        last_day=date(2024, 3, 31),
    )
    return replace(nothing, **changed)


def test_a_sheet_without_rows_says_so_and_its_totals_are_0(tmp_path: Path) -> None:
    statistics.write(tmp_path / "统计表.xlsx", "统计表", "制表", facts())
    book = load_workbook(tmp_path / "统计表.xlsx", data_only=True)
    empty = {sheet.title: sheet.cell(HEADING + 1, 1).value for sheet in book}
    assert empty == {
        "问题统计": "本期没有问题",
        "督导覆盖": "名录中没有学校，也没有检查记录",
        "逐月对照": "2024年3月",
        "报送及时率": "本期没有应报的报告",
        "督学年龄": "督学名册中没有在岗或在聘的人员",
        "督学来源": "督学名册中没有在岗或在聘的人员",
    }
    for sheet in book:
        total = [cell.value for cell in sheet[HEADING + 2]]
        assert total[0] in ("合计", "本期合计")
        assert {value for value in total[1:] if isinstance(value, int)} == {0}
        assert len(sheet._charts) == (sheet.title == "逐月对照")


def test_ages_and_origins_that_nobody_knows_have_a_row_of_their_own(tmp_path: Path) -> None:
    known = [InspectorFact("专职", age, "教研员") for age in (35, 36, 60, 61)]
    people = (*known, InspectorFact("专职", None, None), InspectorFact(None, 30, None))
    statistics.write(tmp_path / "统计表.xlsx", "统计表", "制表", facts(inspectors=people))
    ages = {row["年龄段"]: row["专职"] for row in read(tmp_path / "统计表.xlsx", "督学年龄").rows}
    assert ages == {"35岁及以下": 1, "36—40岁": 1, "56—60岁": 1, "61岁及以上": 1, "未填": 1}
    origins = {row["来源"]: (row["专职"], row["督导室人员"]) for row in read(tmp_path / "统计表.xlsx", "督学来源").rows}
    assert origins == {"教研员": (4, 0), "未填": (1, 1)}
    nobody = facts(inspectors=(InspectorFact("兼职", None, None),))
    statistics.write(tmp_path / "统计表.xlsx", "统计表", "制表", nobody)
    (row,) = read(tmp_path / "统计表.xlsx", "督学年龄").rows
    assert (row["年龄段"], row["合计"]) == ("未填", 1)


def test_what_begins_like_a_formula_or_is_a_pattern_stays_text(tmp_path: Path) -> None:
    names = ("=1+1", "+86", "-1", "@SUM(A1)", "*", "?", "<b>&\"'")
    problems = tuple(ProblemFact(name, "办学条件", "一般", "整改中") for name in names)
    schools = tuple(SchoolFact(name, name, True, 1) for name in names)
    statistics.write(
        tmp_path / "统计表.xlsx", "统计表", "制表", facts(zones=names, towns=names, problems=problems, schools=schools)
    )
    sheet = load_workbook(tmp_path / "统计表.xlsx")["问题统计"]
    cells = [row[0] for row in sheet.iter_rows(min_row=HEADING + 1, max_row=HEADING + len(names))]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in names]
    assert [cell.quotePrefix for cell in cells] == [name[0] in "=+-@" for name in names]
    for row in read(tmp_path / "统计表.xlsx", "问题统计").summaries["各责任区问题"][0]:
        assert row["合计"] == 1


def test_the_same_facts_give_the_same_bytes_in_another_process_too(outcome: Outcome, tmp_path: Path) -> None:
    path, dossier = of_statistics(outcome.made), dossier_of()
    sent = pickle.loads(pickle.dumps(dossier.statistics))
    assert sent == dossier.statistics
    title, said = "清溪县2023年8月教育督导统计表", "制表单位：清溪县人民政府教育督导室　　制表日期：2023年8月31日"
    statistics.write(tmp_path / "统计表.xlsx", title, said, sent)
    assert (tmp_path / "统计表.xlsx").read_bytes() == path.read_bytes()


# Withholding and drafts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("workbook", "sheet", "key", "wrong", "register_too"),
    [
        ("责任区月报-县本级.xlsx", "问题整改台账", "WT-202308-00-004", {"严重程度": "很严重"}, True),
        ("责任区月报-云岭责任区.xlsx", "督导检查记录", "JC-202308-03-001", {"日期": "8月底"}, False),
        ("名录.xlsx", "督学名册", "DX010", {"出生年月": "不详"}, False),
    ],
    ids=["a problem", "an inspection", "an inspector"],
)
def test_a_faulty_row_withholds_it_and_a_draft_leaves_it_out(
    workbook: str, sheet: str, key: str, wrong: dict[str, str], register_too: bool, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    change(folder, workbook, sheet, fill(key, **wrong))
    done = report(folder, tmp_path / "out")
    assert of_family(list(done.made), "呈签") == []
    (withheld,) = (one for one in done.withheld if one.title == "清溪县2023年8月教育督导统计表")
    assert next(iter(wrong)) in "".join(withheld.reasons)
    assert ("清溪县2023年8月教育督导问题台账" in {one.title for one in done.withheld}) == register_too
    draft = of_statistics(report(folder, tmp_path / "out", RunOptions(draft=True)).made)
    assert draft.stem.endswith("（草稿）")
    page = load_workbook(draft)["问题统计"]
    assert "草稿　不得印发" in page["A1"].value
    assert page.oddHeader.center.text == "草稿　不得印发"
    assert any(str(row[0].value).startswith(f"1.{workbook}") for row in page.iter_rows())
