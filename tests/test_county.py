"""Random counties go all the way: the documents' numbers are those counted in the rows that were written."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.faults.fault import Severity
from pipeline.forms.period import Period
from pipeline.run.report import Outcome, report
from tests.support.county import Line, Workbooks, county, write
from tests.support.reading import EXAMPLE, family_of, lines, of_family, table, text

COUNTIES = ((0, Period(2024, 3)), (1, Period(2023, 12)))
NOTHING: dict[str, Any] = dict.fromkeys(
    ("campaigns", "meetings", "visits", "assessments", "plans", "indicators", "narratives", "records", "problems"), 0
)
LEFT_OVER = ("{{", "}}", "{%", "%}", "None", "nan", "Undefined", "【待补")


@dataclass(frozen=True)
class Reported:
    """A county's month: what was written into workbooks, and the result."""

    workbooks: Workbooks
    period: Period
    folder: Path
    bytes_before: dict[str, bytes]
    outcome: Outcome

    @cached_property
    def told(self) -> Told:
        return Told(self.workbooks, self.period)

    @property
    def summary(self) -> Path:
        return next(path for path in self.outcome.made if family_of(path) == "总结")

    @property
    def problem_list(self) -> Path:
        return next(path for path in self.outcome.made if family_of(path) == "清单")

    def must_be_put_right(self) -> list[str]:
        return [str(issue) for issue in self.outcome.issues if issue.severity is Severity.必改]


def run(workbooks: Workbooks, period: Period, folder: Path) -> Reported:
    before = {path.name: path.read_bytes() for path in write(workbooks, folder / "in")}
    return Reported(workbooks, period, folder / "in", before, report(folder / "in", folder / "out"))


@pytest.fixture(scope="module", params=COUNTIES, ids=lambda pair: f"seed {pair[0]}, {pair[1]}")
def reported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    seed, period = request.param
    return run(county(seed, period=period), period, tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of one small county."""
    folder = tmp_path_factory.mktemp("written")
    write(county(5, zones=1, schools=10, records=4, problems=5, period=Period(2024, 6)), folder)
    return folder


# What the rows say, counted without the pipeline ----------------------------------------------------------------------


class Told:
    """The facts of a month, from the generator's rows alone."""

    def __init__(self, workbooks: Workbooks, period: Period) -> None:
        self.period = period
        self.sheets: dict[str, list[Line]] = {}
        for _, rows in workbooks.values():
            for title, lines_of_sheet in rows.items():
                self.sheets.setdefault(title, []).extend(lines_of_sheet)

    def zones_on(self, on: date) -> list[str]:
        rows = self.sheets["督学责任区"]
        return [row["责任区名称"] for row in rows if _lasts(row["启用日期"], row["停用日期"], on)]

    def full_time_on(self, on: date) -> int:
        """With a zone, arrived, and not left by that day."""
        rows = [row for row in self.sheets["督学名册"] if row["督学类型"] == "专职" and row["责任区"]]
        return sum(_day(row["到岗日期"]) <= on and (not row["离任日期"] or on < _day(row["离任日期"])) for row in rows)

    def schools_of(self, campaign: str) -> int:
        return len(
            {self._code(row["学校"]) for row in self.sheets.get("督导检查记录", []) if row["督导编号"] == campaign}
        )

    def campaigns(self, *, regular: bool) -> list[Line]:
        return [row for row in self.sheets["督导工作"] if (row["督导类型"] == "经常性督导") is regular]

    def inspected_regularly(self) -> int:
        return sum(self.schools_of(row["督导编号"]) for row in self.campaigns(regular=True))

    def open_on(self, on: date) -> list[Line]:
        return [row for row in self._problems() if _day(row["发现日期"]) <= on and not _closed_by(row, on)]

    def found(self) -> list[Line]:
        return [row for row in self._problems() if _day(row["发现日期"]) in self.period]

    def closed(self) -> list[Line]:
        rows = self._problems()
        return [row for row in rows if _closed_by(row, self.period.last_day) and not _closed_by(row, self.period.eve)]

    def listed(self) -> list[Line]:
        """Open when the month began, or found in it, by number."""
        return sorted([*self.open_on(self.period.eve), *self.found()], key=lambda row: row["问题编号"])

    def overdue(self) -> list[Line]:
        """Still with the unit, and the day has passed."""
        (office,) = self.sheets["报告信息"]
        made_on = _day(office["制表日期"])
        deadlines = [(row, row.get("延期至") or row["整改期限"]) for row in self.listed()]
        waiting = ("未启动", "整改中", "退回重改")
        return [row for row, day in deadlines if day and _day(day) < made_on and row["整改状态"] in waiting]

    def sections(self) -> list[str]:
        """The headings that there is something to say under, in their order."""
        written = {row["章节"] for row in self.sheets["叙述补充"]}
        to_towns = [row["方向"] == "下乡视导" for row in self.sheets["调研视导"]]
        met = [row for row in self.sheets["会议培训"] if _day(row["日期"]) in self.period and not row["关联督导"]]
        there = {
            "队伍建设": bool(self.sheets["督学责任区"]) or "队伍建设" in written,
            "专项督导": bool(self.campaigns(regular=False)) or "专项督导" in written,
            "经常性督导": bool(self.inspected_regularly()) or "经常性督导" in written,
            "上级调研和交流": not all(to_towns) or "调研交流" in written,
            "会议和培训": bool(met) or "会议培训" in written,
            "乡镇视导": any(to_towns) or "督政视导" in written,
            "评估监测": bool(self.sheets["评估结果"] or self.sheets["指标填报"]) or "评估监测" in written,
            "问题整改": bool(self.listed()) or "问题整改" in written,
            "存在不足": "存在不足" in written,
            "下步打算": bool(self.sheets["下月计划"]) or "下步打算" in written,
        }
        return [heading for heading, is_there in there.items() if is_there]

    def _problems(self) -> list[Line]:
        return self.sheets.get("问题整改台账", [])

    def _code(self, name: str) -> str:
        """The school that is called so, by whichever of its names."""
        named = ("学校编码", "学校全称", "规范简称")
        (code,) = {
            row["学校编码"]
            for row in self.sheets["学校名录"]
            if name in (*(row[label] for label in named), *re.split("[；;\n] ?", row["别名"]))
        }
        return code


def _day(written: str) -> date:
    numbers = re.findall("[0-9]+", written)
    if len(numbers) == 1:
        numbers = [written[:4], written[4:6], written[6:]]
    year, month, day = map(int, numbers)
    return date(year, month, day)


def _lasts(first: str, last: str, on: date) -> bool:
    return _day(first) <= on and (not last or on <= _day(last))


def _closed_by(row: Line, on: date) -> bool:
    return row["整改状态"] == "已销号" and _day(row.get("销号日期") or row["完成日期"]) <= on


# What the documents say ----------------------------------------------------------------------------------------------


def sections(path: Path) -> dict[str, list[str]]:
    """The first-level headings, each with the paragraphs below it; second-level headings among them."""
    found: dict[str, list[str]] = {}
    for paragraph in Document(str(path)).paragraphs:
        if paragraph.style is not None and paragraph.style.name == "Heading 1":
            found[paragraph.text] = []
        elif found:
            found[next(reversed(found))].append(paragraph.text)
    return found


def subsections(path: Path, heading: str) -> list[str]:
    """The text under each second-level heading of a section."""
    found: list[str] = []
    below = False
    for paragraph in Document(str(path)).paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style == "Heading 1":
            below = paragraph.text == heading
        elif below and style == "Heading 2":
            found.append("")
        elif below and found:
            found[-1] += paragraph.text
    return found


def changed(written: str, what: str, measure: str) -> tuple[int, int]:
    """Both ends of 由3个增加到4个, 由4个减少到3个, 共4个, 新设3个 or 原有3个; 0 and 0 if nothing is said."""
    number = f"([0-9]+){measure}"
    if match := re.search(f"{what}由{number}(?:增加|减少)到{number}", written):
        return int(match[1]), int(match[2])
    if match := re.search(f"{what}(共|新设|新配备|原有){number}", written):
        count = int(match[2])
        return count * (not match[1].startswith("新")), count * (match[1] != "原有")
    assert what not in written
    return 0, 0


def balance(path: Path) -> tuple[int, ...]:
    """Opening, new, closed and closing; a figure of 0 is not mentioned."""
    told = "".join(sections(path).get("问题整改", []))
    forms = ("上月末未销号问题([0-9]+)个", "本月新增(?:问题)?([0-9]+)个", "，销号([0-9]+)个", "，月末未销号([0-9]+)个")
    opening, new, closed, closing = (int(found[1]) if (found := re.search(form, told)) else 0 for form in forms)
    assert opening or new, f"the balance is not told: {told}"
    return opening, new, opening + new if "，已全部销号" in told else closed, closing


def numbers(path: Path) -> tuple[list[list[str]], list[int], int, int]:
    """The cells of a list's problems; and from its last row the numbers by state, their total, and the overdue."""
    _, *problems, last = ([cell.text for cell in row.cells] for row in Document(str(path)).tables[0].rows)
    total, states, overdue = re.fullmatch("共([0-9]+)个问题：(.*?)(?:；其中逾期([0-9]+)个)?。", last[1]).groups()  # type: ignore[union-attr]
    return problems, [int(number) for number in re.findall("([0-9]+)个", states)], int(total), int(overdue or 0)


# Any county ----------------------------------------------------------------------------------------------------------


def test_every_document_is_made_and_nothing_must_be_put_right(reported: Reported) -> None:
    assert reported.must_be_put_right() == []
    assert reported.outcome.withheld == ()
    assert reported.outcome.period == reported.period
    assert {family_of(path) for path in reported.outcome.made} >= {"总结", "清单", "责任区", "学校"}


def test_the_summary_tells_how_many_zones_there_were_at_both_ends_of_the_month(reported: Reported) -> None:
    before, after = reported.told.zones_on(reported.period.eve), reported.told.zones_on(reported.period.last_day)
    assert changed(text(reported.summary), "督学责任区", "个") == (len(before), len(after))


def test_the_summary_tells_the_full_time_inspectors_at_both_ends_of_the_month(reported: Reported) -> None:
    period, told = reported.period, reported.told
    expected = (told.full_time_on(period.eve), told.full_time_on(period.last_day))
    assert changed(text(reported.summary), "专职督学（含责任区主任）", "人") == expected


def test_the_summary_tells_how_many_schools_were_inspected_regularly(reported: Reported) -> None:
    paragraph = sections(reported.summary)["经常性督导"][0]
    assert f"检查学校（幼儿园）{reported.told.inspected_regularly()}所" in paragraph


def test_the_summary_tells_how_many_schools_each_campaign_visited(reported: Reported) -> None:
    campaigns = reported.told.campaigns(regular=False)
    visited = [reported.told.schools_of(row["督导编号"]) for row in campaigns]
    told = [
        re.findall("实地检查学校（幼儿园）([0-9]+)所", words) for words in subsections(reported.summary, "专项督导")
    ]
    assert told == [[str(number)] if number else [] for number in visited]


def test_the_balance_of_problems_closes_and_is_that_of_the_rows(reported: Reported) -> None:
    told, period = reported.told, reported.period
    opening, new, closed, closing = balance(reported.summary)
    assert opening + new - closed == closing
    assert (opening, new) == (len(told.open_on(period.eve)), len(told.found()))
    assert (closed, closing) == (len(told.closed()), len(told.open_on(period.last_day)))


def test_the_list_has_a_line_for_each_problem_and_its_states_add_up(reported: Reported) -> None:
    listed = reported.told.listed()
    problems, states, total, _ = numbers(reported.problem_list)
    assert [cells[0] for cells in problems] == [str(number) for number in range(1, len(listed) + 1)]
    assert [cells[2] for cells in problems] == [row["具体描述"] for row in listed]
    assert sum(states) == total == len(listed)


def test_the_list_marks_what_is_overdue(reported: Reported) -> None:
    problems, _, _, overdue = numbers(reported.problem_list)
    assert sum("逾期" in "".join(cells) for cells in problems) == overdue == len(reported.told.overdue())


def test_the_summary_has_a_heading_for_each_section_with_facts_and_no_other(reported: Reported) -> None:
    assert list(sections(reported.summary)) == reported.told.sections()


def test_headings_are_numbered_by_word_and_not_by_hand(reported: Reported) -> None:
    document = Document(str(reported.summary))
    assert document.styles["Heading 1"].element.xpath("./w:pPr/w:numPr")
    assert not [heading for heading in sections(reported.summary) if re.match("[一二三四五六七八九十]+、", heading)]


def test_no_mark_of_a_template_and_no_word_of_a_program_is_left_in_a_document(reported: Reported) -> None:
    assert left_over(reported.outcome) == []


def left_over(outcome: Outcome) -> list[str]:
    said = [line for path in outcome.made for line in (*lines(path), *_margins(path))]
    return [line for line in said for mark in LEFT_OVER if mark in line]


def _margins(path: Path) -> Iterator[str]:
    for section in Document(str(path)).sections if path.suffix == ".docx" else ():
        for margin in (section.header, section.footer, section.even_page_header, section.even_page_footer):
            yield from (paragraph.text for paragraph in margin.paragraphs)


def test_what_clerks_filled_in_is_not_touched(reported: Reported) -> None:
    assert {path.name: path.read_bytes() for path in reported.folder.iterdir()} == reported.bytes_before


# Counties that lack something ----------------------------------------------------------------------------------------


def test_a_county_where_nothing_happened_tells_of_its_staff_alone(tmp_path: Path) -> None:
    quiet = run(county(3, **NOTHING), Period(2024, 3), tmp_path)
    assert quiet.must_be_put_right() == []
    assert list(sections(quiet.summary)) == ["队伍建设"]
    assert [family_of(path) for path in quiet.outcome.made] == ["总结", "呈签"], "a list of no problems is not made"


@pytest.mark.parametrize(
    ("missing", "headings"),
    [
        ({"visits": 0, "records": 0, "meetings": 0}, {"上级调研和交流", "乡镇视导", "经常性督导", "会议和培训"}),
        ({"campaigns": 0, "problems": 0, "assessments": 0, "indicators": 0}, {"专项督导", "问题整改", "评估监测"}),
    ],
    ids=["no visits, records, meetings", "no campaigns, problems, assessments"],
)
def test_a_section_without_facts_is_left_out(missing: dict[str, Any], headings: set[str], tmp_path: Path) -> None:
    lacking = run(county(4, zones=1, narratives=0, **missing), Period(2024, 3), tmp_path)
    found = list(sections(lacking.summary))
    assert headings.isdisjoint(found)
    assert found == lacking.told.sections()


def test_the_summary_names_the_zones_that_have_not_reported(tmp_path: Path) -> None:
    period = Period(2024, 3)
    alone = run(county(6, zones=4, reporting=1, county_level=False, problems=8), period, tmp_path)
    (present,) = {path.stem.removeprefix(f"{ZONE_REPORT.name}-") for path in alone.folder.glob(f"{ZONE_REPORT.name}*")}
    missing = [name for name in (*alone.told.zones_on(period.last_day), "县本级") if name != present]
    assert len(missing) == 4
    assert alone.outcome.unreported == tuple(missing)
    (told,) = (line for line in lines(alone.summary) if "未报送" in line)
    assert [name for name in missing if name not in told] == []
    assert present not in told


# Where workbooks are, and their names -------------------------------------------------------------------------------


def test_the_registry_in_the_folder_above_serves(written: Path, tmp_path: Path) -> None:
    month = Path(shutil.copytree(written, tmp_path / "2024-06"))
    (month / "名录.xlsx").rename(tmp_path / "名录.xlsx")
    assert_all_made(report(tmp_path, tmp_path.with_name("out")))


def test_workbooks_are_recognised_in_any_folder_under_any_name(written: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(written.iterdir())):
        folder = tmp_path / "in" / ("各责任区", "收 件", "")[number % 3] / "第一批"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / f"新建 Microsoft Excel 工作表 ({number}).xlsx")
    assert_all_made(report(tmp_path / "in", tmp_path / "out"))


def test_workbooks_that_lost_their_form_property_are_recognised_by_their_sheets(written: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, path in enumerate(sorted(written.iterdir())):
        _without_property(path, tmp_path / "in" / f"{number}.xlsx")
    assert_all_made(report(tmp_path / "in", tmp_path / "out"))


def _without_property(source: Path, target: Path) -> None:
    """The workbook as suites save it that do not know custom properties: without the part and what points to it."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as kept:
        assert "docProps/custom.xml" in given.namelist()
        for name in given.namelist():
            content = given.read(name)
            if name in ("_rels/.rels", "[Content_Types].xml"):
                content = re.sub(rb'<(Relationship|Override)[^>]*"/?docProps/custom\.xml"[^>]*/>', b"", content)
                assert b"custom" not in content
            if name != "docProps/custom.xml":
                kept.writestr(name, content)


def assert_all_made(outcome: Outcome) -> None:
    assert [str(issue) for issue in outcome.issues if issue.severity is not Severity.提示] == []
    assert outcome.withheld == ()
    assert outcome.unreported == ()
    assert of_family(outcome.made, "总结")
    assert of_family(outcome.made, "清单")


# The generator itself ------------------------------------------------------------------------------------------------


def test_a_seed_gives_the_same_county_again_and_another_seed_another() -> None:
    assert county(7) == county(7)
    assert county(7) != county(8)


def test_the_county_bears_no_name_of_the_example() -> None:
    labels = (("乡镇街道", "乡镇名称"), ("督学责任区", "责任区名称"), ("学校名录", "规范简称"), ("督学名册", "姓名"))
    _, invented = county(0, zones=9, towns=40, schools=200, inspectors=200)["名录.xlsx"]
    for sheet, label in labels:
        known = {row[label] for row in table(EXAMPLE / "名录.xlsx", sheet)}
        assert known.isdisjoint(row[label] for row in invented[sheet])


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # to shrink would take minutes, and a county is readable as it is
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10**6),
    period=st.builds(Period, st.integers(2022, 2025), st.integers(1, 12)),
    reporting=st.integers(0, 2),
    county_level=st.booleans(),
    sizes=st.fixed_dictionaries(
        {"zones": st.integers(0, 2), "schools": st.integers(0, 20), "inspectors": st.integers(0, 10)},
        optional={label: st.integers(0, 6) for label in ("towns", "people", "self_reports", "entries", *NOTHING)},
    ),
)
def test_a_county_of_any_size_gets_its_summary_and_its_sums_close(
    seed: int,
    period: Period,
    reporting: int,
    county_level: bool,
    sizes: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = county(seed, period=period, reporting=reporting, county_level=county_level, **sizes)
    any_county = run(made, period, tmp_path_factory.mktemp("any"))
    assert any_county.must_be_put_right() == []
    assert any_county.outcome.withheld == ()
    assert left_over(any_county.outcome) == []
    told = any_county.told
    if told.listed():
        opening, new, closed, closing = balance(any_county.summary)
        assert opening + new - closed == closing == len(told.open_on(period.last_day))
        assert numbers(any_county.problem_list)[2] == len(told.listed())
