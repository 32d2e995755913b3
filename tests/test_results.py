"""How issues are shown: by cause, as a table in the terminal, as 校验结果.xlsx, as JSON; nothing is cut off."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.cli.json_form import of_report
from pipeline.cli.terminal_outcome import show_outcome
from pipeline.cli.verbs import main
from pipeline.excel.results import FILLED, ISSUES, NAME, NORMALISATIONS, OVERVIEW, WITHHELD, Withheld, write
from pipeline.forms.faults.cells import PR_01, TY_05, TY_10
from pipeline.forms.faults.fault import Fault, Issue, Normalisation, Severity
from pipeline.forms.places import Location
from pipeline.intake.issues import IssueGroup, grouped
from pipeline.publishing import Kept
from pipeline.run.report import RESULTS, Outcome, report
from tests.support.reading import EXAMPLE

DATE = "“{}”缺年份或日，请写全年月日，如 2024-03-31"


def issue(cell: str, sentence: str = "必填，现在是空的", written: str = "", **more: Any) -> Issue:
    """An issue of the column 整改期限 by default."""
    place = Location("责任区月报.xlsx", "问题整改台账", cell)
    return replace(Issue(TY_05, Severity.必改, place, sentence, "整改期限", written), **more)


def one(*issues: Issue) -> IssueGroup:
    (group,) = grouped(issues)
    assert set(group.issues) == set(issues)
    return group


# Groups --------------------------------------------------------------------------------------------------------------


def test_without_issues_there_are_no_groups() -> None:
    assert grouped([]) == ()


def test_one_cause_is_reported_once_with_every_address_in_the_order_of_lines() -> None:
    group = one(issue("O12"), issue("O5"), issue("O7"))
    assert group.place == "责任区月报.xlsx › 问题整改台账 › “整改期限” O5、O7、O12"
    assert group.sentence == "必填，现在是空的"


def test_lines_that_follow_each_other_are_reported_as_a_run() -> None:
    assert one(*(issue(f"O{line}") for line in (11, 9, 10, 2))).addresses == ("O2", "O9–O11")


def test_what_is_written_stands_at_each_address_where_it_differs() -> None:
    group = one(*(issue(cell, DATE.format(day), day) for cell, day in (("O7", "9月底"), ("O5", "8月31日"))))
    assert group.addresses == ("O5（8月31日）", "O7（9月底）")
    assert group.sentence == DATE.format("8月31日")


def test_a_run_has_the_same_written_in_every_line() -> None:
    written = {"O5": "8月底", "O6": "8月底", "O7": "9月底"}
    assert one(*(issue(cell, DATE.format(day), day) for cell, day in written.items())).addresses == (
        "O5–O6（8月底）",
        "O7（9月底）",
    )


def test_what_else_differs_in_the_sentences_is_not_lost() -> None:
    """A double names another cell each time: the written value alone would not show which."""
    words = "“{0}”与 {1} 重复，请核对并改掉其中一处"
    group = one(issue("A7", words.format("甲", "A5"), "甲"), issue("A9", words.format("乙", "A6"), "乙"))
    assert group.addresses == ("A7（“甲”与 A5 重复）", "A9（“乙”与 A6 重复）")


def test_a_written_sign_that_also_stands_in_the_advice_does_not_mislead() -> None:
    words = "“{}”不是日期，请写作 2024-03-31"
    assert one(*(issue(f"O{n}", words.format(c), c) for n, c in ((6, "@x"), (8, "-")))).addresses == (
        "O6（@x）",
        "O8（-）",
    )


def test_whole_sheets_with_different_sentences_are_not_grouped() -> None:
    first, second = grouped([issue("", "缺少甲"), issue("", "缺少乙")])
    assert (first.sentence, second.sentence) == ("缺少甲", "缺少乙")
    assert first.addresses == ()
    assert first.place == "责任区月报.xlsx › 问题整改台账 › “整改期限”"


def of(month: str, cell: str, sentence: str = "必填，现在是空的", written: str = "") -> Issue:
    return issue(cell, sentence, written, location=Location(f"{month}/责任区月报.xlsx", "问题整改台账", cell))


def test_one_cause_in_several_months_is_reported_once_with_every_month() -> None:
    group = one(*(of(month, cell) for month in ("2023-08", "2023-06", "2023-07") for cell in ("O5", "O6")))
    assert group.place == "责任区月报.xlsx › 问题整改台账 › “整改期限” 2023-06、2023-07、2023-08：O5–O6"


def test_addresses_that_differ_from_month_to_month_stand_behind_their_month() -> None:
    group = one(of("2023-07", "O9"), of("2023-06", "O5"), of("2023-08", "O5"))
    assert group.place == "责任区月报.xlsx › 问题整改台账 › “整改期限” 2023-06、2023-08：O5；2023-07：O9"
    days = {"2023-06": "6月底", "2023-07": "7月底"}
    group = one(*(of(month, "O5", DATE.format(day), day) for month, day in days.items()))
    assert group.place.endswith("“整改期限” 2023-06：O5（6月底）；2023-07：O5（7月底）")


def test_a_cause_in_one_month_keeps_the_folder_in_the_name() -> None:
    assert one(of("2023-06", "O5")).place == "2023-06/责任区月报.xlsx › 问题整改台账 › “整改期限” O5"
    assert len(grouped([of("2023-06", "O5"), issue("O5")])) == 2, "last month's fault is not this month's"


def test_whole_files_of_several_months_name_each() -> None:
    files = [issue("", location=Location(f"2023-{month:02}/责任区月报.xlsx"), label="") for month in (6, 7)]
    assert one(*files).place == "责任区月报.xlsx › 2023-06、2023-07"


def test_columns_rules_sheets_and_workbooks_are_not_mixed() -> None:
    others = [
        issue("P5", label="期限说明"),
        issue("O6", fault=PR_01),
        issue("O6", location=Location("责任区月报.xlsx", "督导检查记录", "O6")),
        issue("O6", location=Location("另一份.xlsx", "问题整改台账", "O6")),
    ]
    assert len(grouped([issue("O5"), *others])) == 5


def test_groups_stand_by_weight_then_files_then_sheets_then_cells_as_they_are_read() -> None:
    def at(workbook: str, sheet: str = "", cell: str = "", severity: Severity = Severity.必改) -> Issue:
        return Issue(
            Fault("X-01", severity, "有误"),
            severity,
            Location(workbook, sheet, cell),
            "有误",
            label=cell.rstrip("0123456789"),
        )

    expected = [
        at("第10区.xlsx"),
        at("第2区.xlsx", "督导检查记录"),
        at("第2区.xlsx", "督导检查记录", "B9"),
        at("第2区.xlsx", "督导检查记录", "AA3"),
        at("第2区.xlsx", "问题整改台账", "A2"),
        at("第10区.xlsx", "督导检查记录", "A2"),
        at("第2区.xlsx", "督导检查记录", "A2", Severity.请核实),
        at("第10区.xlsx", severity=Severity.提示),
    ]
    assert [group.issues[0] for group in grouped(reversed(expected))] == expected


# A month with faults -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with a registry above the month, a workbook in a sub-folder with an awkward name, and faults."""
    above = tmp_path_factory.mktemp("input")
    month = Path(shutil.copytree(EXAMPLE, above / "2023-08"))
    (month / "名录.xlsx").rename(above / "名录.xlsx")
    (month / "坏.xlsx").write_bytes(b"no workbook")
    moved = month / "乡镇 #1 100%" / "责任区月报-云岭责任区.xlsx"
    moved.parent.mkdir()
    (month / moved.name).rename(moved)
    path = month / "责任区月报-县本级.xlsx"
    book = load_workbook(path)
    for line, day in enumerate(["8月31日", "9月底", "=1+1月底", "+8月底", "@x", "-x"], 2):
        book["问题整改台账"][f"Q{line}"].value = day
        book["问题整改台账"][f"Q{line}"].data_type = "s"
    book.save(path)
    return month


@pytest.fixture(scope="module")
def outcome_of_faults(faulty: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return report(faulty, tmp_path_factory.mktemp("output"))


def sheet(outcome: Outcome, title: str) -> Iterator[dict[str, Any]]:
    """The lines of a list as openpyxl finds them, heading -> cell."""
    assert outcome.results is not None
    heading, *lines = load_workbook(outcome.results)[title].iter_rows()
    return ({top.value: cell for top, cell in zip(heading, line, strict=True)} for line in lines)


def test_every_issue_is_a_line_with_all_that_is_known_of_it(outcome_of_faults: Outcome) -> None:
    lines = [tuple(cell.value or "" for cell in line.values()) for line in sheet(outcome_of_faults, ISSUES)]
    expected = [
        (
            issue.severity,
            issue.location.workbook,
            issue.location.sheet,
            issue.location.cell or "整个文件",
            issue.label,
            issue.written,
            issue.sentence,
            issue.number,
        )
        for issue in outcome_of_faults.issues
    ]
    assert sorted(lines) == sorted(expected)
    workbooks = [line[1] for line in lines]
    assert workbooks == sorted(workbooks)


def test_every_normalisation_is_a_line(outcome_of_faults: Outcome) -> None:
    lines = [tuple(cell.value for cell in line.values()) for line in sheet(outcome_of_faults, NORMALISATIONS)]
    expected = [
        (n.location.workbook, n.location.sheet, n.location.cell, n.label, n.written, n.taken, n.reason)
        for n in outcome_of_faults.normalisations
    ]
    assert sorted(lines) == sorted(expected)


@pytest.mark.parametrize("title", [ISSUES, NORMALISATIONS])
def test_every_link_leads_to_a_file_and_a_cell_that_are_there(
    outcome_of_faults: Outcome, faulty: Path, title: str
) -> None:
    assert outcome_of_faults.results is not None
    seen = set()
    for line in sheet(outcome_of_faults, title):
        link = line["单元格"].hyperlink
        target = unescaped(link.target)
        path = (outcome_of_faults.results.parent / target).resolve()
        assert path.is_file()
        assert path.name == Path(line["文件"].value).name
        if link.location:
            assert link.location == f"'{line['表'].value}'!{line['单元格'].value}"
            assert line["表"].value in load_workbook(path, read_only=True).sheetnames
        seen.add(path.parent)
    assert {faulty, faulty / "乡镇 #1 100%"} <= seen
    assert title != ISSUES or faulty.parent in seen


def unescaped(target: str) -> str:
    """Excel writes ways with backslashes and takes them with either stroke."""
    for written, meant in (("%20", " "), ("%23", "#"), ("%25", "%"), ("\\", "/")):
        target = target.replace(written, meant)
    return target


def test_what_looks_like_a_formula_stays_text(outcome_of_faults: Outcome) -> None:
    written = {line["填写内容"].value: line["填写内容"] for line in sheet(outcome_of_faults, ISSUES)}
    for text in ("+8月底", "@x", "-x"):
        assert written[text].data_type == "s"
        assert written[text].quotePrefix


def test_a_formula_is_never_written(tmp_path: Path) -> None:
    write(tmp_path / NAME, tmp_path, [issue("O5", "“=1+1”不是日期", "=1+1")], [])
    cell = load_workbook(tmp_path / NAME)[ISSUES]["F2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_a_text_longer_than_a_cell_goes_on_in_the_line_below(tmp_path: Path) -> None:
    long = "字" * 40_000
    write(tmp_path / NAME, tmp_path, [issue("O5", long)], [])
    lines = list(load_workbook(tmp_path / NAME)[ISSUES].iter_rows(min_row=2, values_only=True))
    assert "".join(line[6] for line in lines) == long
    assert {line[3] for line in lines} == {"O5"}


def test_without_issues_both_lists_say_so(tmp_path: Path) -> None:
    write(tmp_path / NAME, tmp_path, [], [])
    book = load_workbook(tmp_path / NAME)
    assert {page.title: page["A2"].value for page in book} == {
        ISSUES: "没有发现问题",
        NORMALISATIONS: "没有自动统一的写法",
        FILLED: "没有自动补填的单元格",
        WITHHELD: "没有未生成的文书",
        OVERVIEW: "没有发现问题",
    }


def test_both_lists_are_ready_to_be_read_and_printed(outcome_of_faults: Outcome) -> None:
    assert outcome_of_faults.results is not None
    for page in load_workbook(outcome_of_faults.results):
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref == page.dimensions
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_the_same_issues_give_the_same_bytes(outcome_of_faults: Outcome, faulty: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name, faulty, outcome_of_faults.issues, outcome_of_faults.normalisations)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_run_without_faults_writes_the_list_beside_its_documents(outcome: Outcome) -> None:
    assert outcome.results == outcome.folder / RESULTS
    assert outcome.results.is_file()


# The terminal --------------------------------------------------------------------------------------------------------


def joined(table: str, column: int) -> str:
    """The text of a column of a table, folded lines put together, without blanks."""
    causes = table[table.index("规则") :]
    rows = [line.split("│") for line in causes.splitlines() if line.startswith("│")]
    return "".join(row[column] for row in rows if len(row) == 6).replace(" ", "")


@pytest.mark.parametrize("width", [1, 20, 40, 80, 120])
def test_nothing_is_cut_off_however_narrow_the_terminal(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["report", str(faulty), "--output", str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert "\x1b" not in shown
    groups = grouped(report(faulty, tmp_path).issues)
    for column, texts in (
        (1, [group.severity for group in groups]),
        (2, [group.place for group in groups]),
        (3, [group.sentence for group in groups]),
        (4, [group.number for group in groups]),
    ):
        assert joined(shown, column) == "".join(texts).replace(" ", "")
    assert f"自动统一写法 {len(report(faulty, tmp_path).normalisations)} 处" in shown
    assert f"逐条列在 {tmp_path / '2023-08' / RESULTS}" in shown


def flood(zones: int = 10, rows: int = 60) -> list[Issue]:
    """As many issues as careless zones make: every row of each at fault in several columns."""
    return [
        issue(
            f"{column}{line}",
            f"“{line}”不是日期",
            str(line),
            label=label,
            location=Location(f"第{zone}责任区月报.xlsx", "问题整改台账", f"{column}{line}"),
        )
        for zone in range(zones)
        for column, label in (("O", "整改期限"), ("L", "发现日期"), ("W", "完成日期"))
        for line in range(2, 2 + rows)
    ]


def flooded(done: Outcome) -> Outcome:
    """An outcome with very many issues, documents that are not made, remarks and edited documents."""
    shared = tuple(
        f"{'、'.join(f'O{line}' for line in range(300))}：第{n}个共同的原因（规则 TY-05）" for n in range(500)
    )
    held = tuple(Withheld(f"第{n}学校整改清单", (f"第{n}学校的原因（规则 TY-05）",), shared) for n in range(2000))
    kept = tuple(Kept(done.folder / "手工修改" / f"第{n}份.docx", [f"第{m}段" for m in range(500)]) for n in range(100))
    remarks = tuple((f"第{n}份", "文号待编") for n in range(2000))
    names = tuple(f"第{n}责任区" for n in range(30))
    return replace(done, issues=tuple(flood()), withheld=held, kept=kept, remarks=remarks, unreported=names)


def test_the_terminal_is_a_page_however_much_is_wrong(
    outcome_of_faults: Outcome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show_outcome(flooded(outcome_of_faults))
    shown = capsys.readouterr().out
    assert len(shown.splitlines()) < 300
    first, *_ = shown.splitlines()
    assert first.startswith(f"共生成 {len(outcome_of_faults.made)} 份，未生成 2000 份；校验：必改 1800 处")
    monkeypatch.setenv("COLUMNS", "400")
    show_outcome(flooded(outcome_of_faults))
    without_folds = re.sub(r"[\s│]", "", capsys.readouterr().out)
    assert "共501条原因，前3条" in without_folds
    assert "第0学校的原因" in without_folds, "what is its own goes before what all share"
    assert "另有1995份未生成" in without_folds


def test_documents_not_made_for_equal_reasons_are_one_line(
    outcome_of_faults: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tuple(Withheld(f"第{n}学校整改清单", (), ("同一个原因（规则 TY-05）",)) for n in range(7))
    show_outcome(replace(outcome_of_faults, withheld=held, remarks=()))
    shown = re.sub(r"[\s│]", "", capsys.readouterr().out)
    assert shown.count("同一个原因") == 1
    assert "未生成7份" in shown
    assert "等7份" in shown


def test_every_reason_of_every_document_stands_in_the_workbook_and_what_many_share_once(tmp_path: Path) -> None:
    shared = tuple(f"共同的原因之{n}" for n in range(5))
    held = [Withheld(f"第{n}学校", (f"第{n}学校的原因",), shared) for n in range(3)]
    held += [Withheld("总结", (), ("一个原因",))]
    write(tmp_path / NAME, tmp_path, [], [], held, [("某通知", "文号待编")])
    lines = list(load_workbook(tmp_path / NAME)[WITHHELD].iter_rows(min_row=2, values_only=True))
    assert ("第0学校", "未生成", 6, "第0学校的原因") in lines
    assert ("第2学校", "未生成", 6, "及下面的共同原因1（5 条）") in lines
    assert [line[3] for line in lines if line[0] == "共同原因1"] == list(shared)
    assert ("总结", "未生成", 1, "一个原因") in lines
    assert lines[-1] == ("某通知", "已生成", "", "文号待编")


def test_the_overview_counts_the_issues_of_each_workbook(outcome_of_faults: Outcome) -> None:
    heading, *lines = load_workbook(outcome_of_faults.results)[OVERVIEW].iter_rows(values_only=True)
    assert heading == ("文件", "必改", "请核实", "提示", "合计")
    assert {line[0] for line in lines} == {i.location.workbook for i in outcome_of_faults.issues} | {"合计"}
    assert lines[-1] == ("合计", *(sum(line[n] for line in lines[:-1]) for n in range(1, 5)))
    assert lines[-1][-1] == len(outcome_of_faults.issues)


def test_a_cell_cannot_steer_the_terminal(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = report(faulty, tmp_path)
    wild = replace(done, issues=(issue("O5", "“\x1b[2J\x9b”不是日期"),), withheld=())
    monkeypatch.setattr("pipeline.run.report.report", lambda *_, **__: wild)
    assert main(["report", str(faulty)]) == 0
    shown = capsys.readouterr().out
    assert "“�[2J�”不是日期" in shown


# JSON ----------------------------------------------------------------------------------------------------------------


def test_json_holds_every_issue_and_nothing_else_is_printed(
    faulty: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["report", str(faulty), "--output", str(tmp_path), "--json"]) == 1
    printed = capsysbinary.readouterr()
    told = json.loads(printed.out.decode("utf-8"))
    done = report(faulty, tmp_path)
    assert printed.err == b""
    assert "必改".encode() in printed.out
    assert (told["period"], told["exit_code"]) == ("2023-08", 1)
    assert [{**one, "location": Location(**one["location"])} for one in told["issues"]] == [
        {
            "number": issue.number,
            **{field.name: getattr(issue, field.name) for field in fields(issue) if field.name != "fault"},
        }
        for issue in done.issues
    ]
    assert [
        Normalisation(**{**one, "location": Location(**one["location"])}) for one in told["normalisations"]
    ] == list(done.normalisations)
    assert told["made"] == [str(path) for path in done.made]
    assert [one["title"] for one in told["withheld"]] == [one.title for one in done.withheld]
    assert all(one["reasons"] for one in told["withheld"])
    assert told["unreported"] == list(done.unreported)
    assert told["results"] == str(tmp_path / "2023-08" / RESULTS)


def test_json_stays_small_however_many_reasons_documents_share(outcome_of_faults: Outcome) -> None:
    outcome = flooded(outcome_of_faults)
    told = of_report(outcome, 1)
    assert len(told["reasons"]) == 2500, "every reason once"
    for one, held in zip(told["withheld"], outcome.withheld, strict=True):
        assert [told["reasons"][n] for n in one["because"]] == list(held.reasons)
        assert one["reasons"][:50] == list(held.reasons[:50])
        assert one["reasons"][50:] == ["另有 451 条，编号见 because"]


def test_json_tells_why_nothing_could_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "没有这个文件夹", "--json"]) == 2
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert told["exit_code"] == 2
    assert told["error"].startswith("找不到数据文件夹“没有这个文件夹”")
    assert told["error"] in printed.err


def test_json_of_a_whole_month_has_exit_code_0(
    outcome: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(EXAMPLE), "--output", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], told["withheld"], len(told["made"])) == (0, [], len(outcome.made))


def test_of_very_many_addresses_the_first_are_named_and_their_number() -> None:
    cells = [f"C{line}" for line in range(2, 2 + 2 * 400, 2)]
    issues = [Issue(TY_10, Severity.必改, Location("甲.xlsx", "表", cell), "写法不对", "编号") for cell in cells]
    (group,) = grouped(issues)
    assert group.addresses == tuple(cells)
    assert group.place == f"甲.xlsx › 表 › “编号” {'、'.join(cells[:300])}等 400 处（逐条见校验结果.xlsx）"
