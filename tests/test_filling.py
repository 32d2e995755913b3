"""Cells that clerks may leave blank: what they are filled with, and numbers that stay for life."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.period import Period
from pipeline.forms.registry import County
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem, Record, ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST, read
from pipeline.run.numbers import kept_numbers, numbers_of
from pipeline.run.report import Outcome, report
from pipeline.workbooks import blanks
from tests.example.build import SOURCE, workbooks
from tests.support.reading import change as edited
from tests.support.reading import text

Rows = dict[str, list[dict[str, str]]]
BLANK: Mapping[type[Row], Sequence[str]] = {
    Record: ("id", "problems"),
    Problem: ("id", "source", "campaign", "school", "found_on", "found_by", "unit"),
}
ZONE, OTHER = "责任区月报-云岭责任区.xlsx", "责任区月报-河口责任区.xlsx"
RECORDS, LEDGER = Record.sheet_title(), Problem.sheet_title()
MONTH = SOURCE.name
OWN = MONTH.replace("-", "")


def write(folder: Path, change: Callable[[str, Rows], None] | None = None, names: Iterable[str] = ()) -> Path:
    """The example's workbooks, or some of them, after a change of their rows, in a folder of the month."""
    shutil.rmtree(folder / MONTH, ignore_errors=True)
    (folder / MONTH).mkdir(parents=True)
    for name, (form, rows) in workbooks(SOURCE).items():
        if names and form.name == "责任区月报" and name not in names:
            continue
        told: Rows = {title: [dict(row) for row in listed] for title, listed in rows.items()}
        if change:
            change(name, told)
        blanks.write(form, folder / MONTH / name, rows=told)
    return folder / MONTH


def label(sheet: type[Row], attribute: str) -> str:
    return sheet.label_of(attribute)


def emptied(_: str, rows: Rows) -> None:
    """Every cell that follows from others is left blank."""
    for title in ("议程", "到访与意见", "下月计划"):
        for row in rows.get(title, ()):
            row["序号"] = ""
    for row in rows.get(RECORDS, ()):
        row |= {label(Record, name): "" for name in BLANK[Record]}
    for row in rows.get(LEDGER, ()):
        if OWN in row["问题编号"]:
            row["问题编号"] = ""
        if OWN in row["记录号"]:
            others = {} if row["责任单位"].endswith(("局", "政府")) else {"责任单位": ""}
            row |= {label(Problem, name): "" for name in BLANK[Problem] if name not in ("id", "unit")} | others


def unnumbered(_: str, rows: Rows) -> None:
    """Records and this month's problems have no numbers; problems name no record."""
    for row in rows.get(RECORDS, ()):
        row |= {"记录号": "", "发现问题数": ""}
    for row in rows.get(LEDGER, ()):
        row["记录号"] = ""
        if OWN in row["问题编号"]:
            row["问题编号"] = ""


def of_zone(change: Callable[[Rows], object], name: str = ZONE) -> Callable[[str, Rows], None]:
    """Nothing is numbered, and one zone's rows are changed."""

    def both(book: str, rows: Rows) -> None:
        unnumbered(book, rows)
        if book == name:
            change(rows)

    return both


def numbers(month: Month, sheet: type[Row] = Problem, book: str = ZONE) -> dict[str, str]:
    """The numbers of a zone's rows by what they say."""
    said = {Problem: "description", Record: "school"}[sheet]
    rows = [row for row in month.all(sheet) if row.origin.workbook == book]
    found = {str(getattr(row, said)): str(row.id) for row in rows}
    assert len(found) == len(rows), "the rows say different things"
    return found


def run(inputs: Path, output: Path) -> Outcome:
    return report(inputs, output)


def told(issues: Iterable[Issue], *numbers: str) -> list[Issue]:
    return [issue for issue in issues if issue.number in numbers]


def known(folder: Path, output: Path) -> Month:
    return load(folder, None, kept_numbers(output))


def record(folder: Path, output: Path, month: Month | None = None) -> Month:
    """What a run records of a month's numbers, without its documents."""
    month = month or known(folder, output)
    place = output / MONTH
    place.mkdir(parents=True, exist_ok=True)
    content = {"period": MONTH, "draft": False, "numbers": numbers_of(month, kept_numbers(output).of(month.period))}
    (place / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    return month


# What follows --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Outcome]:
    """The run over the example, and that over the example with every cell blank that follows from others."""
    root = tmp_path_factory.mktemp("emptied")
    return run(write(root / "full").parent, root / "a"), run(write(root / "blank", emptied).parent, root / "b")


def test_the_example_without_what_follows_makes_the_same_documents(both: tuple[Outcome, Outcome]) -> None:
    full, blank = both
    assert [path.relative_to(full.folder) for path in full.made] == [
        path.relative_to(blank.folder) for path in blank.made
    ]
    differing = [
        path.name
        for path in full.made
        if path.read_bytes() != (blank.folder / path.relative_to(full.folder)).read_bytes()
    ]
    assert differing == []
    assert [issue.sentence for issue in full.issues] == [
        issue.sentence.partition("（自动补填的一格")[0] for issue in blank.issues
    ]


def test_every_filled_cell_is_listed_with_its_value_and_reason(both: tuple[Outcome, Outcome]) -> None:
    full, blank = both
    assert not any(item.filled for item in full.normalisations)
    filled = [item for item in blank.normalisations if item.filled]
    assert len(filled) > 500
    assert len({item.location for item in filled}) == len(filled)
    assert all(item.written == "" and item.taken and item.reason.startswith("没有填，") for item in filled)
    assert {item.label for item in filled} == {
        "记录号",
        "发现问题数",
        "问题编号",
        "来源",
        "督导编号",
        "学校",
        "发现日期",
        "发现人",
        "责任单位",
        "序号",
    }
    page = text(blank.results).split("自动补填")[1]
    assert "取“督导检查记录”表" in page
    assert "按本责任区本月的次序编号" in page


def test_the_input_is_never_changed(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", emptied, [ZONE])
    before = {path: path.read_bytes() for path in folder.iterdir()}
    run(folder, tmp_path / "out")
    assert before == {path: path.read_bytes() for path in folder.iterdir()}


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", emptied, [ZONE])
    first = run(folder, tmp_path / "out").folder
    before = {path.relative_to(first): path.read_bytes() for path in first.rglob("*") if path.is_file()}
    run(folder, tmp_path / "out")
    assert before == {path.relative_to(first): path.read_bytes() for path in first.rglob("*") if path.is_file()}


def test_the_terminal_and_json_say_how_many_cells_were_filled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "in", emptied, [ZONE])
    main(["report", str(folder), "--output", str(tmp_path / "out")])
    shown = capsys.readouterr().out
    main(["report", str(folder), "--output", str(tmp_path / "out"), "--json"])
    filled = [one for one in json.loads(capsys.readouterr().out)["normalisations"] if one["filled"]]
    assert f"自动补填 {len(filled)} 格" in shown


def test_a_typed_value_that_contradicts_is_kept_and_told(tmp_path: Path) -> None:
    def contradict(rows: Rows) -> None:
        rows[RECORDS][0]["发现问题数"] = "7"
        rows[LEDGER][1] |= {"记录号": rows[RECORDS][0]["记录号"], "发现日期": f"{MONTH}-02"}

    folder = write(tmp_path, lambda name, rows: contradict(rows) if name == ZONE else None, [ZONE])
    found = told(load(folder).issues, "JC-13", "WT-26")
    assert {issue.number for issue in found} == {"JC-13", "WT-26"}


def test_a_word_for_nothing_is_no_blank_outside_a_key(tmp_path: Path) -> None:
    def deny(rows: Rows) -> None:
        first = next(row for row in rows[LEDGER] if OWN in row["记录号"])
        first["督导编号"] = "无"
        rows[RECORDS][0]["记录号"] = "/"
        rows[RECORDS][0]["发现问题数"] = "无"

    folder = write(tmp_path, lambda name, rows: deny(rows) if name == ZONE else None, [ZONE])
    month = load(folder)
    filled = {(item.label, item.written) for item in month.normalisations if item.filled}
    assert filled == {("记录号", "/")}
    assert [issue.label for issue in month.issues if issue.number == "PR-01"] == ["发现问题数"]


def test_a_row_without_a_record_keeps_its_faults(tmp_path: Path) -> None:
    def bare(rows: Rows) -> None:
        rows[LEDGER][-1] |= {"记录号": "", "来源": "", "发现日期": ""}

    folder = write(tmp_path, lambda name, rows: bare(rows) if name == ZONE else None, [ZONE])
    assert {(issue.number, issue.label) for issue in load(folder).issues if issue.severity is Severity.必改} >= {
        ("PR-01", "发现日期")
    }


@pytest.mark.parametrize(
    ("number", "words"), [(f"JC-{OWN}-03-099", "查不到"), ("JC-1", "查不到")], ids=["unknown", "malformed"]
)
def test_a_record_number_that_names_no_record_says_why_nothing_is_filled(
    tmp_path: Path, number: str, words: str
) -> None:
    def mislead(rows: Rows) -> None:
        rows[LEDGER][-1] |= {"记录号": number, "发现日期": "", "学校": ""}

    folder = write(tmp_path, lambda name, rows: mislead(rows) if name == ZONE else None, [ZONE])
    found = told(load(folder).issues, "PR-02")
    assert [issue.label for issue in found] == ["发现日期"]
    assert words in found[0].sentence
    assert number in found[0].sentence


def test_a_faulty_record_is_told_once_and_named_where_it_is_missed(tmp_path: Path) -> None:
    def spoil(rows: Rows) -> None:
        problem = next(row for row in rows[LEDGER] if OWN in row["记录号"])
        record = next(row for row in rows[RECORDS] if row["记录号"] == problem["记录号"])
        record["学校"] = "某某学校"
        problem |= {"学校": "", "责任单位": ""}

    folder = write(tmp_path, lambda name, rows: spoil(rows) if name == ZONE else None, [ZONE])
    issues = load(folder).issues
    assert [issue.location.sheet for issue in told(issues, "RF-01")] == [RECORDS]
    (missed,) = told(issues, "PR-02")
    assert missed.label == "学校"
    assert "的“学校”有误" in missed.sentence
    assert not told(issues, "PR-01", "WT-24", "WT-44")


def test_a_rule_that_blames_a_filled_cell_says_from_where_it_is(tmp_path: Path) -> None:
    def later(rows: Rows) -> None:
        problem = next(row for row in rows[LEDGER] if OWN in row["记录号"])
        record = next(row for row in rows[RECORDS] if row["记录号"] == problem["记录号"])
        following = Period.parse(MONTH)
        assert following
        record["日期"] = following.next.first_day.isoformat()
        problem["发现日期"] = ""

    folder = write(tmp_path, lambda name, rows: later(rows) if name == ZONE else None, [ZONE])
    (blamed,) = [issue for issue in load(folder).issues if issue.number == "WT-27"]
    assert blamed.sentence.endswith("的“日期”）")


def test_a_workbook_of_no_known_zone_cannot_be_numbered(tmp_path: Path) -> None:
    def unknown(rows: Rows) -> None:
        rows[ZoneReport.sheet_title()][0]["责任区"] = "某责任区"

    folder = write(tmp_path, of_zone(unknown), [ZONE])
    (folder / ZONE).rename(folder / "某表.xlsx")
    found = told(load(folder).issues, "PR-02")
    assert found
    assert all("不知道这是哪个责任区的表" in issue.sentence for issue in found)


def duties(written: str) -> Callable[[str, Rows], None]:
    """The registry names units for kinds of problems; nothing that follows is typed."""

    def change(name: str, rows: Rows) -> None:
        emptied(name, rows)
        for row in rows.get(County.sheet_title(), ()):
            row["问题责任单位"] = written
        for row in rows.get(LEDGER, ()):
            row["责任单位"] = ""

    return change


def test_the_registry_says_which_unit_puts_a_kind_of_problem_right(tmp_path: Path) -> None:
    kind = "食堂食品饮水及宿舍卫生"
    month = load(write(tmp_path, duties(f"{kind}：清溪县市场监督管理局；经费保障:清溪县财政局")))
    units = {str(row.kind): row.unit for row in month.all(Problem)}
    assert units[kind] == "清溪县市场监督管理局"
    assert units["校园及周边安全"] not in ("清溪县市场监督管理局", "清溪县财政局")
    reasons = {item.reason for item in month.normalisations if item.taken == "清溪县市场监督管理局"}
    assert len(reasons) == 1
    assert "问题责任单位" in reasons.pop()


@pytest.mark.parametrize("written", ["经费：财政局", "经费保障", "经费保障："])
def test_a_duty_of_no_kind_or_no_unit_is_a_fault_of_the_registry(tmp_path: Path, written: str) -> None:
    (issue,) = told(load(write(tmp_path, duties(written), [ZONE])).issues, "JX-09")
    assert issue.label == "问题责任单位"
    assert written in issue.sentence


def test_a_registry_without_the_line_is_read_as_ever(tmp_path: Path) -> None:
    folder = write(tmp_path, None, [ZONE])
    edited(folder, "名录.xlsx", lambda book: book[County.sheet_title()].delete_rows(13))
    assert [row[0].value for row in load_workbook(folder / "名录.xlsx")[County.sheet_title()]][-1] == "数据报送截止日"
    assert not told(load(folder).issues, "SH-02")


# Numbers for life ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, str]]:
    """An output folder after a run without typed numbers, and the numbers of one zone's problems and records."""
    root = tmp_path_factory.mktemp("first")
    folder = write(root / "in", unnumbered, [ZONE, OTHER])
    month = record(folder, root / "out")
    return root / "out", numbers(month), numbers(month, Record)


First = tuple[Path, dict[str, str], dict[str, str]]


def test_numbers_go_by_zone_and_month_in_the_order_of_the_sheet(first: First) -> None:
    _, problems, records = first
    assert [number for number in problems.values() if OWN in number] == [f"WT-{OWN}-03-{n:03}" for n in (1, 2, 3)]
    assert list(records.values()) == [f"JC-{OWN}-03-{n:03}" for n in range(1, 7)]


def test_two_zones_count_each_for_itself(tmp_path: Path) -> None:
    folder = write(tmp_path, unnumbered, [ZONE, OTHER])
    assert f"WT-{OWN}-04-001" in numbers(load(folder), Problem, OTHER).values()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_in_any_order_keep_their_numbers(first: First, tmp_path: Path, data: st.DataObject) -> None:
    output, problems, records = first

    def shuffled(rows: Rows) -> None:
        for title in (RECORDS, LEDGER):
            rows[title] = data.draw(st.permutations(rows[title]))

    month = known(write(tmp_path, of_zone(shuffled), [ZONE, OTHER]), output)
    assert numbers(month) == problems
    assert numbers(month, Record) == records
    assert not told(month.issues, "BH-01", "BH-02", "BH-03", "BH-04")


def test_an_edited_description_keeps_its_number(first: First, tmp_path: Path) -> None:
    output, problems, _ = first

    def edit(rows: Rows) -> None:
        rows[LEDGER].reverse()
        rows[LEDGER][0]["具体描述"] += "已当场指出。"

    month = known(write(tmp_path, of_zone(edit), [ZONE]), output)
    changed = {said.removesuffix("已当场指出。"): number for said, number in numbers(month).items()}
    assert changed == problems
    assert not told(month.issues, "BH-04")


def test_a_rewritten_description_keeps_its_number_and_the_office_is_asked(first: First, tmp_path: Path) -> None:
    output, problems, _ = first

    def rewrite(rows: Rows) -> None:
        rows[LEDGER][-1]["具体描述"] = "ABCDEFG 0123"

    folder = write(tmp_path / "in", of_zone(rewrite), [ZONE])
    copied = Path(shutil.copytree(output, tmp_path / "out"))
    month = record(folder, copied)
    assert set(numbers(month).values()) == set(problems.values())
    assert len(told(month.issues, "BH-04")) == 1
    again = known(folder, copied)
    assert (again.issues, again.normalisations) == (month.issues, month.normalisations), "it is asked every time"


def test_the_number_of_a_removed_row_is_never_given_again(first: First, tmp_path: Path) -> None:
    output, problems, _ = first
    copied = Path(shutil.copytree(output, tmp_path / "out"))

    def without(rows: Rows) -> None:
        del rows[LEDGER][-1]

    def another(rows: Rows) -> None:
        without(rows)
        rows[LEDGER].append(rows[LEDGER][-1] | {"具体描述": "操场西侧围墙有一处裂缝。", "发现日期": f"{MONTH}-01"})

    record(write(tmp_path / "in", of_zone(without), [ZONE]), copied)
    month = record(write(tmp_path / "in", of_zone(another), [ZONE]), copied)
    assert numbers(month)["操场西侧围墙有一处裂缝。"] == f"WT-{OWN}-03-004"
    back = record(write(tmp_path / "in", of_zone(lambda _: None), [ZONE]), copied)
    assert numbers(back) == problems, "a row that comes back has its number"


def test_an_added_row_takes_the_next_number_wherever_it_stands(first: First, tmp_path: Path) -> None:
    output, problems, _ = first

    def add(rows: Rows) -> None:
        new = dict(rows[LEDGER][-1]) | {"具体描述": "操场西侧围墙有一处裂缝。", "发现日期": f"{MONTH}-01"}
        rows[LEDGER].insert(0, new)

    month = known(write(tmp_path, of_zone(add), [ZONE]), output)
    assert numbers(month) == problems | {"操场西侧围墙有一处裂缝。": f"WT-{OWN}-03-004"}


def test_a_typed_number_beyond_the_sequence_is_never_given(tmp_path: Path) -> None:
    def typed(rows: Rows) -> None:
        rows[LEDGER][-1]["问题编号"] = f"WT-{OWN}-03-050"

    month = load(write(tmp_path, of_zone(typed), [ZONE]))
    assert sorted(number for number in numbers(month).values() if OWN in number) == [
        f"WT-{OWN}-03-{n:03}" for n in (50, 51, 52)
    ]


def test_after_the_last_number_nothing_is_given(tmp_path: Path) -> None:
    def typed(rows: Rows) -> None:
        rows[LEDGER][-1]["问题编号"] = f"WT-{OWN}-03-999"

    month = load(write(tmp_path, of_zone(typed), [ZONE]))
    assert all("已经用到 999" in issue.sentence for issue in told(month.issues, "PR-02"))
    assert len(told(month.issues, "PR-02")) == 2


def test_a_typed_number_that_was_another_rows_wins_and_is_told(first: First, tmp_path: Path) -> None:
    output, problems, _ = first
    copied = Path(shutil.copytree(output, tmp_path / "out"))

    def take(rows: Rows) -> None:
        rows[LEDGER][-1]["问题编号"] = f"WT-{OWN}-03-001"

    folder = write(tmp_path / "in", of_zone(take), [ZONE])
    month = record(folder, copied)
    found = numbers(month)
    said = list(problems)
    assert found[said[-1]] == f"WT-{OWN}-03-001"
    assert len(set(found.values())) == len(found), "no number twice"
    assert f"WT-{OWN}-03-001" in told(month.issues, "BH-01")[0].sentence
    again = known(folder, copied)
    assert numbers(again) == found
    assert [issue.sentence for issue in told(again.issues, "BH-01")] == [
        issue.sentence for issue in told(month.issues, "BH-01")
    ]


def test_a_typed_number_other_than_the_given_one_is_told(first: First, tmp_path: Path) -> None:
    output, _, _ = first

    def renumber(rows: Rows) -> None:
        rows[LEDGER][-1]["问题编号"] = f"WT-{OWN}-03-009"

    month = known(write(tmp_path, of_zone(renumber), [ZONE]), output)
    (issue,) = told(month.issues, "BH-02")
    assert f"WT-{OWN}-03-003" in issue.sentence
    assert issue.written == f"WT-{OWN}-03-009"


def test_typing_the_given_numbers_changes_nothing(first: First, tmp_path: Path) -> None:
    output, problems, records = first

    def type_them(rows: Rows) -> None:
        for row in rows[LEDGER]:
            row["问题编号"] = problems[row["具体描述"]]

    month = known(write(tmp_path, of_zone(type_them), [ZONE]), output)
    assert (numbers(month), numbers(month, Record)) == (problems, records)
    assert not told(month.issues, "BH-01", "BH-02", "BH-03", "BH-04", "BH-05")


def test_rows_that_cannot_be_told_apart_are_asked_about(tmp_path: Path) -> None:
    def double(rows: Rows) -> None:
        rows[LEDGER].append(dict(rows[LEDGER][-1]))

    month = load(write(tmp_path, of_zone(double), [ZONE]))
    (issue,) = told(month.issues, "BH-05")
    assert issue.label == "问题编号"


def test_a_lost_manifest_is_told_where_numbers_are_given_anew(tmp_path: Path) -> None:
    folder, output = write(tmp_path / "in", unnumbered, [ZONE]), tmp_path / "out"
    assert not told(load(folder, None, kept_numbers(output)).issues, "BH-03"), "the first month has none to lose"
    made = run(folder, output)
    (made.folder / MANIFEST).unlink()
    found = told(known(folder, output).issues, "BH-03")
    assert {issue.label for issue in found} == {"记录号", "问题编号"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        json.dumps({"period": MONTH, "numbers": "WT"}),
        json.dumps({"period": MONTH, "numbers": [1, {"number": 3}, {"number": "X", "zone": "03", "marks": []}]}),
        json.dumps(
            {"period": MONTH, "numbers": [{"number": f"WT-{OWN}-03-001", "zone": "03", "marks": [1], "given": 1}]}
        ),
        json.dumps({"period": "2024-01", "numbers": [{"number": "WT-1", "zone": "03", "marks": [], "given": True}]}),
    ],
)
def test_a_manifest_of_another_form_is_no_fault(tmp_path: Path, content: str) -> None:
    folder, output = write(tmp_path / "in", unnumbered, [ZONE]), tmp_path / "out"
    (output / MONTH).mkdir(parents=True)
    (output / MONTH / MANIFEST).write_text(content, encoding="utf-8")
    assert f"WT-{OWN}-03-001" in numbers(known(folder, output)).values()


def test_a_problem_carried_over_without_its_number_keeps_it(tmp_path: Path) -> None:
    folder, output = write(tmp_path / "in", None, [ZONE]), tmp_path / "out"
    month = record(folder, output)
    old = next(row for row in month.all(Problem) if OWN not in row.id)
    before = Period.parse(MONTH)
    assert before
    recorded = read(output / MONTH) | {"period": str(before.previous)}
    shutil.rmtree(output)
    (output / str(before.previous)).mkdir(parents=True)
    (output / str(before.previous) / MANIFEST).write_text(json.dumps(recorded), encoding="utf-8")

    def carried(_: str, rows: Rows) -> None:
        for row in rows.get(LEDGER, ()):
            if row["问题编号"] == old.id:
                row["问题编号"] = ""

    after = known(write(tmp_path / "in", carried, [ZONE]), output)
    assert numbers(after)[old.description] == old.id
    (item,) = [item for item in after.normalisations if item.filled]
    assert "沿用以前月份" in item.reason


def test_a_draft_and_the_run_after_it_give_the_same_numbers(tmp_path: Path) -> None:
    from pipeline.run.options import RunOptions

    folder, output = write(tmp_path / "in", unnumbered, [ZONE]), tmp_path / "out"
    report(folder, output, RunOptions(draft=True))
    drafted = numbers(known(folder, output))

    def reversed_(rows: Rows) -> None:
        rows[LEDGER].reverse()

    assert numbers(known(write(tmp_path / "in", of_zone(reversed_), [ZONE]), output)) == drafted


# Prepared workbooks --------------------------------------------------------------------------------------------------


def prepared(path: Path, **properties: str) -> None:
    from openpyxl.packaging.custom import StringProperty

    book = load_workbook(path)
    for name, value in properties.items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.save(path)


def anonymous(rows: Rows) -> None:
    rows[ZoneReport.sheet_title()][0] |= {"责任区": "", "统计年份": "", "统计月份": ""}


def test_a_prepared_workbook_says_itself_whose_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path, of_zone(anonymous), [ZONE])
    (folder / ZONE).rename(folder / "表.xlsx")
    prepared(folder / "表.xlsx", 备表责任区="云岭责任区", 备表月份=MONTH)
    month = load(folder)
    assert month.zone_of_workbook["表.xlsx"] == "云岭责任区"
    assert [row.month for row in month.all(ZoneReport)] == [int(MONTH[-2:])]
    assert f"WT-{OWN}-03-001" in numbers(month, Problem, "表.xlsx").values()
    of_report = [item for item in month.normalisations if item.location.sheet == ZoneReport.sheet_title()]
    assert [item.label for item in of_report] == ["责任区", "统计年份", "统计月份"]


def test_what_is_typed_in_a_prepared_workbook_stays(tmp_path: Path) -> None:
    folder = write(tmp_path, unnumbered, [ZONE])
    prepared(folder / ZONE, 备表责任区="河口责任区", 备表月份="2024-01")
    month = load(folder)
    assert month.zone_of_workbook[ZONE] == "云岭责任区"
    assert not [item for item in month.normalisations if item.location.sheet == ZoneReport.sheet_title()]


def test_a_property_that_is_no_month_says_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, of_zone(anonymous), [ZONE])
    prepared(folder / ZONE, 备表月份="八月")
    labels = {issue.label for issue in told(load(folder).issues, "PR-01")}
    assert labels >= {"统计年份", "统计月份"}


# Positions -----------------------------------------------------------------------------------------------------------


def test_blank_positions_take_the_free_places(tmp_path: Path) -> None:
    def positions(_: str, rows: Rows) -> None:
        for n, row in enumerate(rows.get("下月计划", ())):
            row["序号"] = "2" if n == 0 else ""

    from pipeline.forms.office import Plan

    month = load(write(tmp_path, positions, [ZONE]))
    found = [row.position for row in month.all(Plan)]
    assert found[:3] == [2, 1, 3]
    assert sorted(found) == list(range(1, len(found) + 1))


# The guide -----------------------------------------------------------------------------------------------------------


def test_every_column_that_may_stay_blank_says_so_in_the_guide() -> None:
    from pipeline.forms.catalogue import FORMS
    from pipeline.workbooks import guide

    columns = [column for form in FORMS for sheet in form.sheets for column in sheet.columns() if column.follows]
    assert len(columns) == 15
    for column in columns:
        assert column.follows
        assert "可留空" in column.follows.words
        assert column.follows.words in guide.text()
