"""No cell of a sheet is dropped in silence: each is read, part of a title or a note, or named in an issue."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook as XlsxWriter

from pipeline.forms.catalogue import OFFICE_REPORT
from pipeline.forms.cells import is_blank
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.office import Plan
from pipeline.forms.registry import County, School, Zone
from pipeline.forms.zone import Problem
from pipeline.intake.files.markup import Place, address, place_of
from pipeline.intake.files.raw import RawRow, RawSheet, ranges
from pipeline.intake.files.singles import single
from pipeline.intake.files.tables import table
from pipeline.intake.loading import load
from tests.support.reading import EXAMPLE
from tests.support.sheets import HEADINGS, ZONE, Told, edited, refilled, zones
from tests.support.workbooks import write

SECOND = ["Z02", "城西责任区", None, None, datetime(2020, 9, 1), None]


def sheet(path: Path, *lines: list[Any], title: str = "督学责任区") -> Told:
    return Told(write(path / "名录.xlsx", {title: list(lines)}))


def numbers(told: Told) -> list[tuple[str, str]]:
    return [(issue.number, issue.location.cell) for issue in told.issues]


# Above the headings --------------------------------------------------------------------------------------------------


def test_headings_that_were_sorted_below_the_rows_are_named_with_all_that_stands_above(tmp_path: Path) -> None:
    told = sheet(tmp_path, ZONE, SECOND, HEADINGS)
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 A1:E2：A1:E2 在表头（第 3 行）之上，没有读入；"
        "请把表头移到第 1 行，各行数据放在表头之下，不是数据的请删去（规则 SH-20）"
    ]
    assert told.rows == []


def test_headings_that_were_sorted_far_below_are_found(tmp_path: Path) -> None:
    rows = [[f"Z{n:02}", *ZONE[1:]] for n in range(1, 41)]
    assert numbers(sheet(tmp_path, *rows, HEADINGS)) == [("SH-20", "A1:E40")]


def test_a_row_above_the_headings_is_named_and_those_below_are_read(tmp_path: Path) -> None:
    told = sheet(tmp_path, ["清溪县督学责任区一览"], ZONE, HEADINGS, SECOND)
    assert numbers(told) == [("SH-20", "A2:E2")]
    assert [row.number for row in told.rows] == ["Z02"]


def test_a_sheet_with_a_row_above_its_headings_withholds_what_tells_of_it(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    path = folder / "责任区月报-云岭责任区.xlsx"
    book = load_workbook(path)
    page = book[Problem.sheet_title()]
    page.move_range(f"A1:{page.cell(1, page.max_column).coordinate}", rows=page.max_row)
    page.delete_rows(1)
    book.save(path)
    month = load(folder)
    (issue,) = (issue for issue in month.issues if issue.severity is Severity.必改)
    assert issue.number == "SH-20"
    assert not month.index.reads_in(Problem, path.name)


@pytest.mark.parametrize(
    "titles",
    [
        [["清溪县督学责任区一览"]],
        [["填报单位：督导室", None, None, "填报日期：2023-08-31"]],
        [["填报单位：", "督导室", None, None, "填报日期：", datetime(2023, 8, 31)]],
        [["填报单位", "督导室", None, None, "制表人", "吴某"]],
        [["督学责任区一览", None, None, None, None, "附件2"], ["（2023年8月）"]],
        [["说明：一、每个责任区一行；二、停用的责任区不删。"], [], ["单位：个", None, None, None, "2023年8月"]],
    ],
)
def test_titles_and_whose_table_it_is_are_passed_over(tmp_path: Path, titles: list[list[Any]]) -> None:
    told = sheet(tmp_path, *titles, HEADINGS, ZONE)
    assert (told.words, len(told.rows)) == ([], 1)


@pytest.mark.parametrize(
    "above",
    [
        ["Z03"],
        ["z 03", "城东责任区"],
        ["城东责任区", "吴某"],
        [None, "城东责任区", None, None, datetime(2020, 9, 1)],
        [12],
        ["主任", 12],
        [None, None, None, None, datetime(2020, 9, 1)],
        ["一", "二", "三", "四", "五", "六"],
    ],
)
def test_what_may_be_a_row_above_the_headings_is_named(tmp_path: Path, above: list[Any]) -> None:
    told = sheet(tmp_path, above, HEADINGS, ZONE)
    assert [issue.number for issue in told.issues] == ["SH-20"]
    assert told.issues[0].severity is Severity.必改
    assert len(told.rows) == 1


def test_groups_of_headings_in_merged_cells_are_titles(tmp_path: Path) -> None:
    path = write(tmp_path / "名录.xlsx", {"督学责任区": [["名称", None, "人和地点", None, "日期"], HEADINGS, ZONE]})
    book = load_workbook(path)
    for cells in ("A1:B1", "C1:D1", "E1:F1"):
        book["督学责任区"].merge_cells(cells)
    book.save(path)
    assert Told(path).words == []


# Beside the table ----------------------------------------------------------------------------------------------------


def test_everything_beside_the_rows_is_named_in_one_issue_and_blocks_them(tmp_path: Path) -> None:
    third = ["Z03", "城东责任区", *ZONE[2:]]
    told = sheet(tmp_path, HEADINGS, [*ZONE, "a", "b"], [*SECOND, "c", "d"], third, [None] * 9 + ["e"])
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 G2:H3：G2:H3 没有列名，其中的内容没有读入；"
        "请补上列名，或删去多余的内容（规则 SH-12）",
        "必改 《名录.xlsx》“督学责任区”表 J5：J5 没有列名，其中的内容没有读入；"
        "请补上列名，或删去多余的内容（规则 SH-12）",
    ]
    assert [row.number for row in told.rows] == ["Z03"]


def test_the_cells_of_an_example_row_beside_the_table_are_named(tmp_path: Path) -> None:
    book = load_workbook("input_templates/excel/名录.xlsx")
    book["督学责任区"]["H2"] = "看这里"
    book.save(tmp_path / "名录.xlsx")
    told = Told(tmp_path / "名录.xlsx")
    assert [(i.number, i.location.cell) for i in told.issues if i.location.sheet == "督学责任区"] == [("SH-12", "H2")]


def test_very_many_cells_beside_a_table_are_named_by_their_columns(tmp_path: Path) -> None:
    rows = [[f"Z{n:02}", *ZONE[1:], *(["x"] if n % 2 else [])] for n in range(1, 200)]
    rows[50] += [None, None, None, "y"]
    told = sheet(tmp_path, HEADINGS, *rows)
    (issue,) = (issue for issue in told.issues if issue.number == "SH-12")
    assert issue.sentence.startswith("G2:G200、K52 没有列名")


# Lines that are not rows ---------------------------------------------------------------------------------------------

REMARKS = [
    ["以下空白"],
    ["——以下空白——"],
    ["填报单位（盖章）：云岭责任区"],
    ["（盖章）"],
    ["填表人", "吴某"],
    ["填表人：吴某", None, None, "审核人：李某"],
    ["本表一式两份，一份报督导室"],
    ["本表数据截至8月31日"],
    ["说明：停用的责任区不删。"],
    ["备注", "初步统计"],
    [None, None, "负责人签字：", None, "日期："],
    ["汇总", None, "共4条"],
    ["合计", None, 3, 4, 5, 6],
    ["以上情况属实"],
    ["第1页 共2页"],
    [None, None, "李四（签字）"],
    [None, "2023年8月31日"],
    [None, None, None, datetime(2023, 8, 31)],
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_remark_below_a_table_is_one_question_and_no_row(tmp_path: Path, remark: list[Any]) -> None:
    told = sheet(tmp_path, HEADINGS, ZONE, remark)
    assert [(issue.number, issue.severity) for issue in told.issues] == [("SH-16", Severity.请核实)]
    assert len(told.rows) == 1


def test_remarks_below_each_other_are_one_question(tmp_path: Path) -> None:
    told = sheet(tmp_path, HEADINGS, ZONE, *REMARKS[:6], [], *REMARKS[6:])
    assert told.words == [
        "请核实 《名录.xlsx》“督学责任区”表 A3:F21：这 18 行像是合计或说明，没有当作数据读入；"
        "请删去，或移到“叙述补充”等该填的地方（规则 SH-16）"
    ]


@pytest.mark.parametrize(
    "row",
    [
        [None, "城东责任区"],
        [None, "城东责任区", "吴某"],
        ["城东责任区", "吴某"],
        ["Z3"],
        ["Z-03", "城东责任区"],
        ["第四条", "城东责任区", None, "东关小学"],
        [None, None, None, "东关小学"],
        [None, None, None, None, datetime(2020, 9, 1)],
        ["盖章", "城东责任区", None, None, datetime(2020, 9, 1)],
    ],
)
def test_a_poorly_filled_row_is_no_remark(tmp_path: Path, row: list[Any]) -> None:
    told = sheet(tmp_path, HEADINGS, ZONE, row)
    assert "SH-16" not in [issue.number for issue in told.issues]
    assert Severity.必改 in [issue.severity for issue in told.issues]


@pytest.mark.parametrize(
    "line",
    [
        ["本月无新增问题"],
        ["8月份没有新增责任区。"],
        ["无"],
        ["无", "无", "无", "无", "无", "无"],
        ["/", "/", "/", "/", "/", "/"],
        [1, "无"],
        [None, "暂无"],
        ["未开展督导"],
        ["本月未召开会议，未组织培训"],
        ["暂无会议、培训"],
        [None, None, None, "本月无新增问题"],
    ],
)
def test_a_line_that_says_nothing_this_month_means_none(tmp_path: Path, line: list[Any]) -> None:
    told = sheet(tmp_path, HEADINGS, line)
    assert told.rows == []
    (issue,) = told.issues
    assert (issue.number, issue.severity) == ("SH-16", Severity.请核实)
    assert "按本月没有理解" in issue.sentence


def test_no_new_problems_this_month_withholds_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    before = load(folder)
    path = folder / "责任区月报-鹿坪责任区.xlsx"
    book = load_workbook(path)
    page = book[Problem.sheet_title()]
    page.cell(page.max_row + 1, 1, "本月无新增问题")
    book.save(path)
    after = load(folder)
    assert [issue.number for issue in set(after.issues) - set(before.issues)] == ["SH-16"]
    assert len(after.all(Problem)) == len(before.all(Problem))


def test_a_state_alone_in_a_line_does_not_say_nothing() -> None:
    labels = [column.label for column in Problem.columns()]
    state = [""] * labels.index("整改状态") + ["未整改"]
    rows, _, issues = table(RawSheet("月报.xlsx", Problem, [labels, state]))
    assert (len(rows), issues) == (1, [])


def test_headings_once_more_on_each_page_are_one_remark(tmp_path: Path) -> None:
    title = ["清溪县督学责任区一览"]
    told = sheet(tmp_path, title, HEADINGS, ZONE, HEADINGS, SECOND, [], title, HEADINGS)
    assert [(issue.number, issue.severity, issue.location.cell) for issue in told.issues] == [
        ("SH-16", "请核实", "A7"),
        ("SH-21", "提示", "A4:F4"),
    ]
    assert told.issues[1].sentence == "A4:F4、A8:F8 又是一遍表头，没有当作数据读入；多半是分页时复制的，可以删去"
    assert [row.number for row in told.rows] == ["Z01", "Z02"]


def test_rows_below_headings_in_another_order_are_not_read_under_the_first(tmp_path: Path) -> None:
    other = [HEADINGS[1], HEADINGS[0], *HEADINGS[2:]]
    told = sheet(
        tmp_path, HEADINGS, ZONE, other, ["城西责任区", "Z02", *SECOND[2:]], HEADINGS, ["Z03", "甲", *ZONE[2:]]
    )
    assert numbers(told) == [("SH-21", "A5:F5"), ("SH-22", "A3:F4")]
    assert told.issues[1].severity is Severity.必改
    assert [row.number for row in told.rows] == ["Z01", "Z03"]


def dragged(path: Path, *formulas: tuple[str, Any], rows: int = 300) -> Told:
    book = XlsxWriter(path / "名录.xlsx")
    page = book.add_worksheet("学校名录")
    page.write_row(0, 0, ["学校编码", "学校全称", "班级数", "在校生数", "备注"])
    page.write_row(1, 0, ["1", "甲学校", 3, 100])
    for line in range(5, 5 + rows):
        for place, (formula, value) in enumerate(formulas, 2):
            page.write_formula(line, place, formula, None, value)
    book.close()
    return Told(path / "名录.xlsx", School)


@pytest.mark.parametrize(
    "formulas",
    [
        [("=A1+0", 0)],
        [("=A1+0", 0), ("=B1", 0)],
        [("=FALSE()", False)],
        [("=ROW()", 7)],
        [("=VLOOKUP(A1,B:B,1)", "#N/A")],
    ],
)
def test_formulas_that_were_dragged_below_the_rows_are_one_question(
    tmp_path: Path, formulas: list[tuple[str, Any]]
) -> None:
    told = dragged(tmp_path, *formulas)
    (issue,) = (issue for issue in told.issues if int(re.sub(r"\D", "", issue.location.cell or "0") or 0) > 2)
    assert (issue.number, issue.severity) == ("SH-23", Severity.请核实)
    assert "有 300 行只有序号、0 或公式的结果" in issue.sentence
    assert issue.location.cell == f"C6:{'D' if formulas[1:] else 'C'}305"


def test_rows_that_were_numbered_ahead_are_one_question(tmp_path: Path) -> None:
    labels = [column.label for column in Plan.columns()]
    rows = [[1, "开学督导", None, "上旬", "吴某"], *([n] for n in range(2, 31))]
    path = write(tmp_path / "督导室月报.xlsx", {Plan.sheet_title(): [labels, *rows]})
    told = Told(path, Plan, OFFICE_REPORT)
    assert [(issue.number, issue.location.cell) for issue in told.issues] == [("SH-23", "A3:A31")]
    assert [row.position for row in told.rows] == [1]


def test_a_column_filled_down_below_the_rows_is_one_cause(tmp_path: Path) -> None:
    dragged = [[f"Z{n:02}"] for n in range(2, 40)]
    told = sheet(tmp_path, HEADINGS, ZONE, *dragged)
    assert [(issue.number, issue.severity, issue.location.cell) for issue in told.issues] == [
        ("SH-39", Severity.必改, "A3")
    ]
    assert "38 行" in told.issues[0].sentence
    assert "A3–A40" in told.issues[0].sentence
    assert len(told.rows) == 1


def test_a_few_rows_that_are_hardly_filled_are_reported_row_by_row(tmp_path: Path) -> None:
    told = sheet(tmp_path, HEADINGS, ZONE, *([f"Z{n:02}"] for n in range(2, 10)))
    assert numbers(told) == [("PR-20", f"B{line}") for line in range(3, 11)]


def test_a_row_that_comes_from_formulas_is_a_row() -> None:
    cells = [HEADINGS, ["Z01", "城关责任区", 0.0, "甲楼", "", ""]]
    formulas = frozenset((1, place) for place in range(4))
    rows, _, issues = table(RawSheet("名录.xlsx", Zone, cells, formulas=formulas))
    assert (len(rows), issues) == (1, [])


def test_a_value_in_the_column_of_notes_is_named(tmp_path: Path) -> None:
    book = load_workbook(EXAMPLE / "名录.xlsx")
    page = book["基础信息"]
    line = next(cell.row for cell in page["A"] if cell.value == "联系电话")
    page.cell(line, 2).value, page.cell(line, 3).value = None, "0731-1234567"
    book.save(tmp_path / "名录.xlsx")
    told = Told(tmp_path / "名录.xlsx", County)
    assert numbers(told) == [("SH-17", f"C{line}"), ("PR-01", f"B{line}")]


# Sheets --------------------------------------------------------------------------------------------------------------


def test_a_sheet_under_another_name_is_known_by_its_headings(tmp_path: Path) -> None:
    told = sheet(tmp_path, HEADINGS, ZONE, title="片区")
    assert told.words == [
        "提示 《名录.xlsx》“督学责任区”表：这张表现在叫“片区”，表头是“督学责任区”的，已当作“督学责任区”读入；"
        "请核对，并把表名改回“督学责任区”（规则 SH-24）"
    ]
    assert len(told.rows) == 1


def test_a_sheet_of_one_row_under_another_name_is_known_by_its_labels(tmp_path: Path) -> None:
    book = load_workbook(EXAMPLE / "名录.xlsx")
    book["基础信息"].title = "县情"
    book.save(tmp_path / "名录.xlsx")
    told = Told(tmp_path / "名录.xlsx", County)
    assert ([issue.number for issue in told.issues], len(told.rows)) == (["SH-24"], 1)


def test_another_sheet_with_the_headings_of_one_that_is_there_is_a_copy(tmp_path: Path) -> None:
    path = write(tmp_path / "名录.xlsx", {"督学责任区": [HEADINGS, ZONE], "片区": [HEADINGS, SECOND], "空": [HEADINGS]})
    told = Told(path)
    assert [(issue.number, issue.severity) for issue in told.issues] == [("SH-09", Severity.必改)]
    assert "“片区”" in told.issues[0].sentence


@pytest.mark.parametrize(
    "xml",
    [
        '</sheetData><sheetData><row r="9"><c r="A9" t="inlineStr"><is><t>Z09</t></is></c></row></sheetData>',
        '</sheetData><extLst><ext><x:sheetData xmlns:x="u"><row r="9"><c '
        'r="A9"><v>9</v></c></row></x:sheetData></ext></extLst>',
    ],
)
def test_a_sheet_whose_cells_stand_in_several_places_is_reported_and_not_half_read(tmp_path: Path, xml: str) -> None:
    told = Told(edited(zones(tmp_path), "</sheetData>", xml))
    assert [(issue.number, issue.severity) for issue in told.issues] == [("SH-25", Severity.必改)]
    assert told.rows == []


def test_cells_in_an_extension_before_the_sheets_own_are_reported(tmp_path: Path) -> None:
    told = Told(edited(zones(tmp_path), "<sheetData>", "<extLst><ext><sheetData/></ext></extLst><sheetData>"))
    assert [issue.number for issue in told.issues] == ["SH-25"]


def test_a_registry_without_schools_and_zones_that_others_name_is_a_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    for path in folder.glob("责任区月报-*.xlsx"):
        path.unlink()
    book = load_workbook(folder / "名录.xlsx")
    for title in ("学校名录", "督学责任区"):
        book[title].delete_rows(2, book[title].max_row)
    book.save(folder / "名录.xlsx")
    told = [issue for issue in load(folder).issues if issue.number == "SH-26"]
    assert [f"{issue.severity} {issue}" for issue in told] == [
        "必改 《名录.xlsx》“学校名录”表：“学校名录”一行也没有填，各文书因此写不到学校；"
        "请核实名录是否填好（规则 SH-26）",
        "必改 《名录.xlsx》“督学责任区”表：“督学责任区”一行也没有填，各文书因此写不到责任区；"
        "请核实名录是否填好（规则 SH-26）",
    ]


# What Excel opens ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", ["1:1", "$1:$1", "A1:F1", "Sheet!A1:F1", "", "#REF!", "A1 B1"])
def test_a_title_merged_over_a_whole_row_is_read(tmp_path: Path, cells: str) -> None:
    path = write(tmp_path / "名录.xlsx", {"督学责任区": [["责任区一览"], HEADINGS, ZONE]})
    told = Told(edited(path, "</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{cells}"/></mergeCells>'))
    assert (told.words, len(told.rows)) == ([], 1)


@pytest.mark.parametrize(("cells", "whole"), [("D:D", "D1:D1048576"), ("2:3", "A2:XFD3"), ("B:C", "B1:C1048576")])
def test_rows_and_columns_merged_whole_are_named_where_they_hide_cells(tmp_path: Path, cells: str, whole: str) -> None:
    path = zones(tmp_path, ZONE, [*SECOND[:3], "甲楼", *SECOND[4:]])
    told = Told(edited(path, "</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{cells}"/></mergeCells>'))
    assert [issue.location.cell for issue in told.issues if issue.number == "SH-06"] == [whole] * (cells == "2:3")


@pytest.mark.parametrize("ref", ["1:4", "A:F", "", "$A$1:$F$3", "1", "督学责任区!A1:F3", "#REF!"])
def test_a_dimension_of_any_form_is_read(tmp_path: Path, ref: str) -> None:
    told = Told(edited(zones(tmp_path, ZONE, SECOND), 'dimension ref="A1:F3"', f'dimension ref="{ref}"'))
    assert (told.words, len(told.rows)) == ([], 2)


def test_a_value_in_a_section_of_character_data_is_read(tmp_path: Path) -> None:
    told = Told(refilled(zones(tmp_path), "B2", 't="str"><v><![CDATA[甲&乙<楼>]]></v>'))
    assert (told.words, told.rows[0].name) == ([], "甲&乙<楼>")


# Whatever is written, and wherever -----------------------------------------------------------------------------------

DATA = ["Z07", "Z-08", 12.0, "WT-202308-02-001", "JC-202308-02-001"]
WORDS = [
    "城关责任区",
    "吴某",
    "以下空白",
    "无",
    "填表人：吴某",
    "本月无新增问题",
    "合计",
    "主任",
    "启用日期",
    "【示例】Z01",
    date(2020, 9, 1),
    0.0,
]
LINES = st.lists(st.sampled_from(["", "", "", *DATA, *WORDS]), max_size=9)
LABELS = st.permutations([*HEADINGS, "备注", "主任", ""])


@settings(max_examples=400, deadline=None)
@given(
    st.lists(LINES, max_size=4), LABELS, st.lists(st.one_of(LINES, LABELS, st.just(HEADINGS)), max_size=8), st.data()
)
def test_every_cell_of_a_table_is_read_or_named(
    above: list[list[Any]], labels: list[Any], below: list[list[Any]], data: st.DataObject
) -> None:
    cells = [*above, labels, *below]
    corners = st.tuples(st.integers(0, len(cells) - 1), st.integers(0, 6), st.integers(0, 2), st.integers(0, 3))
    merged = [((r, c), (r + h, c + w)) for r, c, h, w in data.draw(st.lists(corners, max_size=2))]
    rows, _, issues = table(RawSheet("名录.xlsx", Zone, cells, merged))
    named = places_named(cells, issues) | places_read(rows)
    heading = next((n for n, line in enumerate(cells) if len({*line} & {*HEADINGS}) == len(HEADINGS)), 0)
    left = [place for place in filled(cells) if place not in named and place[0] != heading]
    for line, column in left:
        example = any(str(value).startswith("【示例】") for value in cells[line])
        assert line < heading or example, (address((line, column)), cells, [str(issue) for issue in issues])
        assert example or cells[line][column] not in DATA, (address((line, column)), cells)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(LINES, st.sampled_from([[c.label, "甲", "照填"] for c in County.columns()])), max_size=12))
def test_every_cell_of_a_sheet_of_one_row_is_read_or_named(cells: list[list[Any]]) -> None:
    cells = [["县区名称", "清溪县", "照填"], *cells]
    rows, layout, issues = single(RawSheet("名录.xlsx", County, cells))
    at = layout.columns[0]
    named = (
        places_named(cells, issues) | places_read(rows) | {(n, p) for n in layout.lines for p in (at - 1, at, at + 1)}
    )
    assert [address(place) for place in filled(cells) if place not in named] == []


def filled(cells: list[list[Any]]) -> list[Place]:
    return [(n, p) for n, line in enumerate(cells) for p, value in enumerate(line) if not is_blank(value)]


def places_read(rows: list[RawRow]) -> set[Place]:
    found = {place_of(row.origin.cell(label)) for row in rows for label in row.values}
    return {place for place in found if place}


def places_named(cells: list[list[Any]], issues: list[Issue]) -> set[Place]:
    """The places that issues name: by address or range, or a whole line, column or sheet named in the sentence."""
    named: set[Place] = set()
    for issue in issues:
        found = re.findall(r"([A-Z]+[0-9]+)(?::([A-Z]+[0-9]+))?", f"{issue.location.cell} {issue.sentence}")
        for first, last in found:
            (top, left), (bottom, right) = place_of(first) or (0, 0), place_of(last or first) or (0, 0)
            if issue.number in ("SH-16", "SH-05") and not last:
                left, right = 0, 99
            if issue.number in ("SH-03", "SH-11"):
                top, bottom = (0, 99) if Zone.sheet_title() == issue.location.sheet else (top, bottom)
                left, right = (left, right) if Zone.sheet_title() == issue.location.sheet else (0, right + 2)
            named |= {(n, p) for n in range(top, bottom + 1) for p in range(left, right + 1)}
        if issue.number == "SH-15":
            named |= set(filled(cells))
    return named


def test_cells_are_reported_as_few_ranges() -> None:
    block = [(line, place) for line in range(3) for place in range(2)]
    assert ranges([*block, (7, 4), (2, 4)]) == ["A1:B3", "E3", "E8"]
    assert ranges([]) == []
