"""Very many equal faults of a column are reported once, and withhold what each of them would withhold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.forms.faults.cells import TY_04, TY_05
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.faults.sheets import SH_02
from pipeline.forms.places import Location
from pipeline.intake import repeats
from pipeline.intake.issues import grouped
from pipeline.intake.repeats import folded
from pipeline.run.report import Outcome, counted, report
from tests.support.reading import EXAMPLE


def fault(cell: str, sentence: str = "“1”不是日期", **others: str) -> Issue:
    return Issue(TY_04, Severity.必改, Location("甲.xlsx", "问题整改台账", cell), sentence, "整改期限", "1", **others)  # type: ignore[arg-type]


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST_ALIKE", 3)
    monkeypatch.setattr(repeats, "MOST_OF_A_RULE", 8)


@pytest.mark.usefixtures("_few")
def test_equal_faults_beyond_a_few_are_one_issue_that_names_all_their_cells() -> None:
    lines = [2, 3, 4, 5, 6, 7, 20, 30, 31]
    *first, last = folded([fault(f"O{line}") for line in lines])
    assert [issue.location.cell for issue in first] == ["O2", "O3", "O4"]
    assert last.location.cell == "O5:O7、O20、O30:O31"
    assert last.cells == 6
    assert last.sentence == "从第 5 行起，这一列还有 6 处同样的问题，一并列在这里，请照样处理"
    assert (last.number, last.label, last.severity) == ("TY-04", "整改期限", Severity.必改)


@pytest.mark.usefixtures("_few")
def test_faults_that_differ_are_reported_one_by_one_until_they_are_very_many() -> None:
    different = [fault(f"O{n}", f"“{n}”不是日期") for n in range(2, 10)]
    assert folded(different) == tuple(different)
    *first, last = folded([*different, fault("O10", "别的"), fault("O11", "又一个")])
    assert first == different
    assert last.location.cell == "O10:O11"
    alone = [*different, fault("O10", "别的")]
    assert folded(alone) == tuple(alone), "one further fault takes no more room than a word on it"


@pytest.mark.usefixtures("_few")
def test_faults_of_other_columns_sheets_rules_and_places_stand_alone() -> None:
    ways = product("甲乙", ("问题整改台账", "督导记录"), (TY_04, TY_05), ("整改期限", "销号日期"))
    issues = [
        Issue(fault_of_it, Severity.必改, Location(f"{book}.xlsx", sheet, f"O{line}"), "一样", label)
        for book, sheet, fault_of_it, label in ways
        for line in (2, 3, 4)
    ]
    issues += [Issue(SH_02, Severity.必改, Location("甲.xlsx", "督导记录"), "缺列", "整改期限") for _ in range(5)]
    issues += [fault("A1:F9") for _ in range(5)]
    assert folded(issues) == tuple(issues)


@pytest.mark.usefixtures("_few")
def test_what_is_folded_stands_in_its_group_with_its_cells_and_folds_no_further() -> None:
    told = folded([fault(f"O{line}") for line in (2, 3, 4, 6, 7, 9)])
    (group,) = grouped(told)
    assert group.place == "甲.xlsx › 问题整改台账 › “整改期限” O2–O4、O6:O7、O9"
    assert group.sentence == "“1”不是日期"
    assert folded(told) == told
    assert folded([replace(told[-1])] * 2) == (told[-1],) * 2


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example month with a state that does not exist in every other problem of each zone."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("repeats") / "2023-08"))
    for path in folder.glob("责任区月报*.xlsx"):
        book = load_workbook(path)
        heading, *rows = book["问题整改台账"].iter_rows()
        column = next(n for n, cell in enumerate(heading) if cell.value == "整改状态")
        for row in [row for row in rows if row[0].value and "示例" not in str(row[0].value)][::2]:
            row[column].value = "改了"
        book.save(path)
    return folder


def ran(damaged: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> Outcome:
    monkeypatch.setattr(repeats, "MOST_ALIKE", most)
    return report(damaged, damaged.parent / str(most))


def test_faults_told_as_one_withhold_the_same_documents_and_are_counted_alike(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one, as_one = ran(damaged, monkeypatch, 200), ran(damaged, monkeypatch, 1)
    assert any(issue.cells > 1 and "、" in issue.location.cell for issue in as_one.issues)
    assert len(as_one.issues) < len(one_by_one.issues)
    assert [held.title for held in as_one.withheld] == [held.title for held in one_by_one.withheld]
    assert {path.name for path in as_one.made} == {path.name for path in one_by_one.made}
    assert counted(as_one.issues) == counted(one_by_one.issues)


def test_the_list_of_issues_names_all_cells_and_links_to_the_first(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ran(damaged, monkeypatch, 1)
    told = next(issue for issue in done.issues if issue.cells > 1)
    lines = load_workbook(done.results)["问题"].iter_rows(min_row=2)
    (line,) = [row for row in lines if row[6].value == told.sentence and row[1].value == told.location.workbook]
    assert line[3].value == told.location.cell
    assert line[3].hyperlink.location == f"'{told.location.sheet}'!{told.location.cell.split('、')[0]}"
