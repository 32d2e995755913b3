"""A problem is listed in one 整改通知书 only: what earlier months' workbooks and earlier runs show."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.forms.period import Period
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from tests.support.reading import EXAMPLE, family_of, lines, text

OFFICE, ZONE = "督导室月报.xlsx", "责任区月报-青竹责任区.xlsx"
PROBLEM, UNIT, NUMBER = "WT-202307-05-002", "清溪县苦竹乡中心幼儿园", "清政教督〔2023〕18号"
"""A problem of July that August still has, and July's notice that listed it."""
OLD, OLD_ZONE, OLD_UNIT = "WT-202306-04-002", "责任区月报-河口责任区.xlsx", "清溪县河口镇初级中学"
"""A problem of June, listed in 清政教督〔2023〕15号."""
NEW = "WT-202308-05-003"
"""A problem of August, in the same workbook as PROBLEM."""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """June, July and August, without any 通知书文号 in the rows."""
    for month in ("2023-06", "2023-07", "2023-08"):
        shutil.copytree(EXAMPLE.with_name(month), tmp_path / "in" / month)
    for month in ("2023-07", "2023-08"):
        for workbook, problem in ((ZONE, PROBLEM), (OLD_ZONE, OLD)):
            fill(tmp_path / "in" / month / workbook, "问题整改台账", problem, 通知书文号=None)
    return tmp_path / "in"


def fill(workbook: Path, sheet: str, key: str, **values: Any) -> None:
    """Write values under their labels in every row that has the key in any cell."""
    book = load_workbook(workbook)
    page = book[sheet]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = [row for row in page.iter_rows(min_row=2) if any(cell.value == key for cell in row)]
    assert rows, f"{key} is not in {workbook.name}"
    for row in rows:
        for label, value in values.items():
            if label in columns:
                page.cell(row[0].row, columns[label]).value = value
    book.save(workbook)


def strike(workbook: Path, sheet: str, key: str) -> None:
    """Empty every row that has the key in any cell."""
    labels = [cell.value for cell in load_workbook(workbook)[sheet][1]]
    fill(workbook, sheet, key, **dict.fromkeys(labels))


def register(workbook: Path, **values: Any) -> None:
    """Add a row to 文件台账."""
    book = load_workbook(workbook)
    page = book["文件台账"]
    columns = {cell.value: cell.column for cell in page[1]}
    line = next(row for row in range(3, 999) if all(cell.value is None for cell in page[row]))
    usual = {
        "文种": "整改通知书",
        "方向": "发文",
        "发文机关": "清溪县人民政府教育督导室",
        "标题": f"关于{UNIT}的整改通知书",
    }
    for label, value in (usual | {"主送": UNIT, "关联编号": UNIT} | values).items():
        page.cell(line, columns[label]).value = value
    book.save(workbook)


def run(inputs: Path, month: str = "2023-08", *, draft: bool = False) -> Outcome:
    return report(inputs, inputs.parent / "out", RunOptions(Period.parse(month), draft=draft))


def notice(outcome: Outcome, unit: str = UNIT) -> Path | None:
    """The notice to a unit; None for none."""
    return next((path for path in outcome.made if path.stem.startswith(f"{unit}整改通知书")), None)


def remarks(outcome: Outcome, unit: str = UNIT) -> list[str]:
    return [remark for title, remark in outcome.remarks if title.startswith(f"{unit}整改通知书")]


def urging(outcome: Outcome, unit: str = UNIT) -> str:
    return text(next(path for path in outcome.made if path.stem.startswith(f"{unit}督办单")))


# What the workbooks say ----------------------------------------------------------------------------------------------


def test_a_problem_whose_notice_last_month_registered_is_not_told_anew_and_the_run_says_so(inputs: Path) -> None:
    done = run(inputs)
    assert notice(done) is None
    (remark,) = remarks(done)
    assert f"问题 {PROBLEM} 已由 {NUMBER}（2023年7月18日）告知" in remark
    assert f"原整改通知书：{NUMBER}（2023年7月18日）。" in urging(done)
    assert len([path for path in done.made if family_of(path) == "整改通知书"]) == 6, "the notices of the other units"


def test_a_problem_whose_notice_was_registered_two_months_ago_is_not_told_anew(inputs: Path) -> None:
    register(
        inputs / "2023-07" / OFFICE,
        文号="清政教督〔2023〕19号",
        成文日期="2023-07-20",
        关联编号=OLD_UNIT,
        主送=OLD_UNIT,
    )
    done = run(inputs)
    assert notice(done, OLD_UNIT) is None
    assert "原整改通知书：清政教督〔2023〕15号（2023年6月25日）。" in urging(done, OLD_UNIT), (
        "not July's, of other problems"
    )


def test_without_the_earlier_months_the_problem_is_reported_and_the_run_says_since_when_it_is_known(
    inputs: Path,
) -> None:
    shutil.rmtree(inputs / "2023-06")
    shutil.rmtree(inputs / "2023-07")
    done = run(inputs)
    path = notice(done)
    assert path is not None
    assert "发现你单位有1项问题" in text(path)
    assert any(f"问题 {PROBLEM} 是以前月份发现的，没有查到告知过的整改通知书" in remark for remark in remarks(done))


def test_a_problem_that_last_month_did_not_register_is_reported_now(inputs: Path) -> None:
    strike(inputs / "2023-07" / OFFICE, "文件台账", NUMBER)
    assert notice(run(inputs)) is not None


def test_a_notice_older_than_the_problem_did_not_tell_it(inputs: Path) -> None:
    fill(inputs / "2023-07" / OFFICE, "文件台账", NUMBER, 成文日期="2023-07-10")
    assert notice(run(inputs)) is not None


def test_a_problem_that_was_handled_otherwise_last_month_is_reported_now(inputs: Path) -> None:
    fill(inputs / "2023-07" / ZONE, "问题整改台账", PROBLEM, 处置方式="现场反馈")
    assert notice(run(inputs)) is not None


def test_of_a_unit_with_old_and_new_problems_the_new_ones_are_reported(inputs: Path) -> None:
    fill(inputs / "2023-08" / ZONE, "问题整改台账", NEW, 处置方式="整改通知书", 责任单位=UNIT)
    register(inputs / "2023-08" / OFFICE, 文号="清政教督〔2023〕49号", 成文日期="2023-08-31")
    done = run(inputs)
    path = notice(done)
    assert path is not None
    told = text(path)
    assert "发现你单位有1项问题" in told
    assert "问题项数 | 1项" in told
    assert "餐具消毒柜损坏" not in told
    assert "清政教督〔2023〕49号" in lines(path)
    assert any(PROBLEM in remark and NUMBER in remark for remark in remarks(done))
    assert f"原整改通知书：{NUMBER}（2023年7月18日）。" in urging(done), "the notice that told it, not this month's"


def test_a_registered_notice_without_a_number_is_named_by_its_day(inputs: Path) -> None:
    fill(inputs / "2023-07" / OFFICE, "文件台账", NUMBER, 文号=None)
    done = run(inputs)
    assert notice(done) is None
    assert "已由2023年7月18日的整改通知书告知" in remarks(done)[0]
    assert "原整改通知书：2023年7月18日印发。" in urging(done)


@pytest.mark.parametrize("problem", [PROBLEM, "WT-202307-05-009"])
def test_a_notice_that_was_withheld_last_month_is_made_now(problem: str, inputs: Path) -> None:
    """By a fault in the problem itself, or in another one of the same unit."""
    july = inputs / "2023-07" / ZONE
    if problem != PROBLEM:
        book = load_workbook(july)
        page = book["问题整改台账"]
        row = next(row for row in page.iter_rows(min_row=2) if row[0].value == PROBLEM)
        line = next(line for line in range(row[0].row + 1, 999) if page.cell(line, 1).value is None)
        for cell in row:
            page.cell(line, cell.column).value = cell.value
        page.cell(line, 1).value = problem
        book.save(july)
    fill(july, "问题整改台账", problem, 严重程度="很严重")
    assert notice(run(inputs, "2023-07")) is None
    assert notice(run(inputs)) is not None


def test_a_number_of_this_month_in_the_row_keeps_its_notice(inputs: Path) -> None:
    unit, number = "清溪县玉泉街道童乐幼儿园", "清政教督〔2023〕29号"
    for problem in ("WT-202308-01-002", "WT-202308-01-003", "WT-202308-01-004"):
        fill(inputs / "2023-08" / "责任区月报-城区第一责任区.xlsx", "问题整改台账", problem, 通知书文号=number)
    path = notice(run(inputs), unit)
    assert path is not None
    assert number in lines(path)
    assert "发现你单位有3项问题" in text(path)


def test_a_register_that_is_carried_on_does_not_make_the_notice_anew(inputs: Path) -> None:
    shutil.rmtree(inputs / "2023-07")
    register(inputs / "2023-08" / OFFICE, 文号=NUMBER, 成文日期="2023-07-18")
    done = run(inputs)
    assert notice(done) is None
    assert NUMBER in remarks(done)[0]


# What earlier runs recorded ------------------------------------------------------------------------------------------


@pytest.fixture
def unregistered(inputs: Path) -> Path:
    """The months without July's notice in any 文件台账; July's run has made one."""
    strike(inputs / "2023-07" / OFFICE, "文件台账", NUMBER)
    assert notice(run(inputs, "2023-07")) is not None
    return inputs


def manifest(inputs: Path) -> Path:
    return inputs.parent / "out" / "2023-07" / MANIFEST


def test_a_problem_that_an_earlier_run_told_is_not_told_anew_and_the_run_names_the_document(unregistered: Path) -> None:
    done = run(unregistered)
    assert notice(done) is None
    (remark,) = remarks(done)
    assert f"问题 {PROBLEM} 已列入 2023-07的《{UNIT}整改通知书（2023年7月）》" in remark
    assert "没有发出的，请在本月的文件台账中登记" in remark
    assert "原整改通知书" not in urging(done), "what a manifest says is not printed"


def test_the_same_month_makes_the_same_notice_again(unregistered: Path) -> None:
    first = notice(run(unregistered, "2023-07"))
    assert first is not None
    before = first.read_bytes()
    run(unregistered)
    again = notice(run(unregistered, "2023-07"))
    assert again is not None
    assert again.read_bytes() == before


def test_a_notice_that_this_month_registers_is_made_whatever_an_earlier_run_recorded(unregistered: Path) -> None:
    register(unregistered / "2023-08" / OFFICE, 文号="清政教督〔2023〕49号", 成文日期="2023-08-31")
    path = notice(run(unregistered))
    assert path is not None
    assert "清政教督〔2023〕49号" in lines(path)


def test_a_draft_of_an_earlier_month_told_nobody(inputs: Path) -> None:
    strike(inputs / "2023-07" / OFFICE, "文件台账", NUMBER)
    run(inputs, "2023-07", draft=True)
    assert notice(run(inputs)) is not None


def _without_problems(content: dict[str, Any]) -> object:
    return {**content, "documents": [{k: v for k, v in one.items() if k != "problems"} for one in content["documents"]]}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(_without_problems, id="of an older version"),
        pytest.param(lambda content: {**content, "draft": True}, id="a draft's"),
        pytest.param(lambda content: {**content, "period": "2023-06"}, id="another month's"),
        pytest.param(lambda content: {**content, "documents": None}, id="without documents"),
        pytest.param(
            lambda content: {**content, "documents": [None, 3, {}, {"file": 1, "problems": 2}]}, id="no documents"
        ),
        pytest.param(lambda _: [], id="a list"),
        pytest.param(
            lambda content: {**content, "documents": [{"file": "../../in/2023-07/名录.xlsx", "problems": [PROBLEM]}]},
            id="a file elsewhere",
        ),
        pytest.param(
            lambda content: {
                **content, "documents": [{"file": "通知/整改通知书/甲\u202e.docx", "problems": [PROBLEM]}]
            },
            id="a file that is not there",
        ),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_show_a_notice_keeps_none_back(
    unregistered: Path, written: Callable[[dict[str, Any]], object]
) -> None:
    path = manifest(unregistered)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(written(content), ensure_ascii=False), encoding="utf-8")
    assert notice(run(unregistered)) is not None


def test_a_manifest_of_another_day_cannot_have_told_a_problem_that_was_found_later(unregistered: Path) -> None:
    path = manifest(unregistered)
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace(PROBLEM, "WT-202308-01-002"), encoding="utf-8")
    done = run(unregistered)
    assert notice(done, "清溪县玉泉街道童乐幼儿园") is not None
    assert notice(done) is not None


def test_a_notice_that_was_taken_away_told_nobody(unregistered: Path) -> None:
    earlier = notice(run(unregistered, "2023-07"))
    assert earlier is not None
    earlier.unlink()
    assert notice(run(unregistered)) is not None


def test_only_notices_record_their_problems(unregistered: Path) -> None:
    documents = json.loads(manifest(unregistered).read_text(encoding="utf-8"))["documents"]
    with_problems = {Path(one["file"]).parent.name for one in documents if "problems" in one}
    assert with_problems == {"整改通知书"}


def test_an_entry_of_the_register_may_name_problems_in_place_of_the_unit(inputs: Path) -> None:
    fill(inputs / "2023-08" / ZONE, "问题整改台账", NEW, 处置方式="整改通知书")
    register(
        inputs / "2023-08" / OFFICE, 文号="清政教督〔2023〕88号", 成文日期="2023-08-30", 关联编号=f"{NEW}；{PROBLEM}"
    )
    outcome = run(inputs)
    assert not [issue for issue in outcome.issues if issue.number == "WJ-04"]
    about = [path for path in outcome.made if family_of(path) == "整改通知书" and "清政教督〔2023〕88号" in text(path)]
    assert len(about) == 1


def test_a_problem_that_the_month_does_not_have_is_reported_in_the_register(inputs: Path) -> None:
    register(
        inputs / "2023-08" / OFFICE, 文号="清政教督〔2023〕88号", 成文日期="2023-08-28", 关联编号="WT-202308-05-999"
    )
    (issue,) = [issue for issue in run(inputs).issues if issue.number == "WJ-04"]
    assert "“WT-202308-05-999”查不到" in issue.sentence
