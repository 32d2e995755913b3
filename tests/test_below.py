"""Lines below a table that are not its rows, and many cells with one cause: reported once, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.places import Location
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load
from pipeline.run.report import report
from tests.support.months import known_issues, part_of_example
from tests.support.reading import EXAMPLE, change, family_of

ZONE, OFFICE, REGISTER = "责任区月报-云岭责任区.xlsx", "督导室月报.xlsx", "名录.xlsx"
LEDGER, RECORDS, PLANS = "问题整改台账", "督导检查记录", "下月计划"
Told = list[tuple[str, str, str]]


def last(page: Worksheet) -> int:
    return max(cell.row for row in page.iter_rows() for cell in row if cell.value is not None)


def below(folder: Path, workbook: str, sheet: str, *rows: list[Any], gap: int = 1) -> int:
    """Write rows below those of a sheet, after some blank lines; the line of the first."""
    book = load_workbook(folder / workbook)
    page = book[sheet]
    first = last(page) + gap + 1
    for line, row in enumerate(rows, first):
        for column, value in enumerate(row, 1):
            page.cell(line, column).value = value
    book.save(folder / workbook)
    return first


@cache
def before() -> Set[tuple[str, Location]]:
    """The issues of the four workbooks as they are."""
    with TemporaryDirectory() as folder:
        return known_issues(part_of_example(Path(folder) / EXAMPLE.name))


def more(folder: Path) -> Told:
    """The issues that the change has caused, by severity, number and cell."""
    new = [issue for issue in load(folder).issues if (issue.number, issue.location) not in before()]
    return [(str(issue.severity), issue.number, issue.location.cell) for issue in new]


PHONES: list[list[Any]] = [
    ["序号", "姓名", "单位", "电话", "备注"],
    [1, "张三", "云岭镇中心小学", "13800000000", None],
    [2, "李四", "月塘完全小学", "13900000000", "组长"],
]


@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize("title", [[], [["附：督学通讯录"]]])
def test_another_table_below_is_one_question_that_names_its_range(
    folder: Path, title: list[list[Any]], gap: int
) -> None:
    first = below(folder, ZONE, LEDGER, *title, *PHONES, gap=gap)
    assert more(folder) == [("请核实", "SH-51", f"A{first}:E{first + len(title) + 2}")]
    assert report(folder, folder.parent / "out").withheld == ()


def test_a_list_to_be_signed_below_other_columns_is_one_question(folder: Path) -> None:
    rows = [["附：参加人员名单"], ["姓名", "职务", "签名"], ["张三", "主任", None], ["李四", "督学", None]]
    first = below(folder, ZONE, RECORDS, *([None, None, *row] for row in rows))
    assert more(folder) == [("请核实", "SH-51", f"C{first}:E{first + 3}")]


def test_another_table_below_a_small_sheet_is_not_read_as_its_rows(folder: Path) -> None:
    first = below(folder, OFFICE, PLANS, *([*row, "男"] if n else [*row, "性别"] for n, row in enumerate(PHONES)))
    assert more(folder) == [("请核实", "SH-51", f"A{first}:F{first + 2}")]


def test_another_sheet_pasted_below_is_one_fault_that_names_the_sheet(folder: Path) -> None:
    page = load_workbook(folder / ZONE)[RECORDS]
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_row=last(page))]
    first = below(folder, ZONE, LEDGER, *rows)
    assert more(folder) == [("必改", "SH-50", f"A{first}:R{first + len(rows) - 1}")]
    (issue,) = [issue for issue in load(folder).issues if issue.number == "SH-50"]
    assert "“督导检查记录”表的内容" in issue.sentence


@pytest.mark.parametrize("pasted", ["文件台账", "调研视导", "议程", PLANS])
def test_a_sheet_pasted_below_one_of_the_office_is_one_fault_whatever_its_first_heading(
    folder: Path, pasted: str
) -> None:
    page = load_workbook(folder / OFFICE)[pasted]
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_row=3)]
    below(folder, OFFICE, "会议培训", *rows)
    assert [(severity, number) for severity, number, _ in more(folder)] == [("必改", "SH-50")]


def test_rows_that_were_pasted_below_another_sheet_are_missed_in_no_document(whole: Path) -> None:
    def move(book: Workbook) -> None:
        page, target = book[LEDGER], book[RECORDS]
        line = last(target) + 2
        for number, row in enumerate([[cell.value for cell in page[n]] for n in (1, last(page))]):
            for column, value in enumerate(row, 1):
                target.cell(line + number, column).value = value
        page.delete_rows(last(page))

    school = [row.school for row in load(whole).all(Problem) if row.origin.workbook == ZONE][-1]
    change(whole, ZONE, move)
    assert [number for severity, number, _ in more(whole) if severity == "必改"] == ["SH-50"]
    done = report(whole, whole.parent / "out")
    lists = [path.stem for path in done.made if family_of(path) in ("责任区", "学校")]
    assert not [name for name in lists if "云岭责任区" in name or str(school) in name], (
        "half of the zone is not printed"
    )
    assert done.unreported == ("云岭责任区",)


def test_rows_with_bad_keys_below_another_table_are_not_taken_for_its_own(folder: Path) -> None:
    own = [cell.value for cell in load_workbook(folder / ZONE)[LEDGER][2]]
    own[0] = "202308-03-090"
    line = below(folder, ZONE, LEDGER, *PHONES, own) + len(PHONES)
    told = {(severity, number, cell) for severity, number, cell in more(folder)}
    assert ("必改", "TY-10", f"A{line}") in told
    assert ("请核实", "SH-51", f"A{line - len(PHONES)}:E{line - 1}") in told


def test_rows_of_the_sheets_own_below_another_table_are_read(folder: Path) -> None:
    page = load_workbook(folder / ZONE)[LEDGER]
    labels = [cell.value for cell in page[1]]
    own = [cell.value for cell in page[2]]
    own[0], own[labels.index("记录号")] = "WT-202308-03-090", None
    below(folder, ZONE, LEDGER, *PHONES, own)
    assert "SH-51" in [number for _, number, _ in more(folder)]
    assert own[0] in {problem.id for problem in load(folder).all(Problem)}


@pytest.mark.parametrize(
    "row",
    [
        ["WT-202308-03-090"],
        ["WT-202308-03-090", None, None, None, None, None, "经常性督导"],
        ["WT-202308-03-090", None, "教学楼二楼灯坏了两盏。"],
    ],
)
def test_a_row_in_which_most_is_missing_is_one_fault_that_names_the_columns(folder: Path, row: list[Any]) -> None:
    below(folder, ZONE, LEDGER, row, gap=0)
    assert [(severity, number) for severity, number, _ in more(folder)] == [("必改", "PR-20")]
    (issue,) = [issue for issue in load(folder).issues if issue.number == "PR-20"]
    assert "“严重程度”" in issue.sentence
    assert "“整改状态”" in issue.sentence
    assert issue.label not in row


def test_a_row_in_which_one_cell_is_missing_is_reported_at_the_cell(folder: Path) -> None:
    def blank(book: Workbook) -> None:
        page = book[LEDGER]
        page.cell(2, next(cell.column for cell in page[1] if cell.value == "处置方式")).value = None

    change(folder, ZONE, blank)
    assert [number for _, number, _ in more(folder)] == ["PR-01"]


@pytest.mark.parametrize(
    ("workbook", "sheet", "line"),
    [
        (OFFICE, PLANS, ["督导室"]),
        (OFFICE, PLANS, [None, None, None, None, "督导室"]),
        (OFFICE, PLANS, [None, None, None, "清溪县人民政府教育督导室"]),
        (ZONE, LEDGER, ["云岭责任区（盖章）", None, None, "2023年8月31日"]),
        (ZONE, RECORDS, [None, None, "云岭责任区（盖章）", "2023-08-31"]),
        (ZONE, LEDGER, [None, None, None, None, "云岭责任区"]),
        (ZONE, RECORDS, ["填表人", "田某", None, "联系电话", "0600-5550001"]),
        (ZONE, RECORDS, ["审核意见：同意上报", None, None, None, None, "夏某"]),
    ],
)
def test_who_signs_below_a_table_is_a_remark(folder: Path, workbook: str, sheet: str, line: list[Any]) -> None:
    below(folder, workbook, sheet, line)
    assert [(severity, number) for severity, number, _ in more(folder)] == [("请核实", "SH-16")]


@pytest.mark.parametrize(
    "line",
    [
        ["云岭镇中心小学", "本月无新增问题"],
        [None, None, None, None, "云岭镇中心小学", None, None, "本月无新增问题"],
        ["1", None, None, None, "月塘完全小学", None, None, "8月没有新增问题。"],
    ],
)
def test_nothing_new_beside_a_school_is_one_question(folder: Path, line: list[Any]) -> None:
    below(folder, ZONE, LEDGER, line, [], line)
    assert [(severity, number) for severity, number, _ in more(folder)] == [("请核实", "SH-53")]
    assert report(folder, folder.parent / "out").withheld == ()


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("具体描述", "作废"),
        ("具体描述", "已删除"),
        ("整改状态", "（已作废）"),
        ("问题编号", "此行作废。"),
        ("整改措施", "作废"),
    ],
)
def test_a_row_that_says_it_is_void_is_asked_about_and_not_counted(folder: Path, label: str, words: str) -> None:
    row = [cell.value for cell in load_workbook(folder / ZONE)[LEDGER][2]]
    row[0] = "WT-202308-03-090"
    labels = [cell.value for cell in load_workbook(folder / ZONE)[LEDGER][1]]
    row[labels.index("记录号")] = None
    row[labels.index(label)] = words
    before = len(load(folder).all(Problem))
    first = below(folder, ZONE, LEDGER, row, gap=0)
    (told,) = more(folder)
    assert told[:2] == ("请核实", "SH-52")
    assert told[2].endswith(str(first))
    assert len(load(folder).all(Problem)) == before


@pytest.mark.parametrize("words", ["已取消", "撤销。", "已删除"])
def test_what_was_done_about_a_problem_does_not_make_its_row_void(folder: Path, words: str) -> None:
    def write(book: Workbook) -> None:
        page = book[LEDGER]
        page.cell(3, next(cell.column for cell in page[1] if cell.value == "整改措施")).value = words

    before = len(load(folder).all(Problem))
    change(folder, ZONE, write)
    assert more(folder) == []
    assert len(load(folder).all(Problem)) == before


def test_a_term_that_may_stand_there_does_not_make_a_row_void(folder: Path) -> None:
    assert "SH-52" not in {issue.number for issue in load(folder).issues}


def emptied(*titles: str) -> Callable[[Workbook], object]:
    return lambda book: [book[title].delete_rows(2, book[title].max_row) for title in titles]


@pytest.mark.parametrize("titles", [("学校名录",), ("督学名册",), ("学校名录", "督学责任区", "乡镇街道", "督学名册")])
def test_an_emptied_register_is_reported_once_and_not_for_each_name(folder: Path, titles: tuple[str, ...]) -> None:
    change(folder, REGISTER, emptied(*titles))
    issues = [issue for issue in load(folder).issues if issue.severity == "必改"]
    assert {(issue.number, issue.location.sheet) for issue in issues} == {("SH-26", title) for title in titles}
    made = {path.name for path in report(folder, folder.parent / "out").made}
    assert not [name for name in made if "总结" in name], "what names nobody knows is not printed"
