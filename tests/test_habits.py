"""Words that clerks write instead of a value: for nothing, for “as above”, for persons who are not named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.forms.catalogue import FORMS, ZONE_REPORT
from pipeline.forms.habits import Habit, habit, names_others
from pipeline.forms.office import Campaign, DocumentEntry, Group, Meeting, Plan
from pipeline.forms.places import Origin
from pipeline.forms.registry import School, Zone
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem, Record, ZoneReport
from pipeline.intake.files.markup import letters
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import read
from pipeline.intake.files.remarks import says_nothing
from pipeline.intake.loading import load
from pipeline.intake.validation import Checked, validate
from pipeline.run.report import report
from tests.support.reading import table, text
from tests.support.workbooks import write

SHEETS = [sheet for form in FORMS for sheet in form.sheets]
OPTIONAL = [(sheet, item) for sheet in SHEETS for item in sheet.columns() if not item.required]


def example(sheet: type[Row], **cells: Any) -> dict[str, Any]:
    """The values of the example row, some of them written otherwise."""
    return {item.label: item.example for item in sheet.columns() if item.example} | cells


def checked(sheet: type[Row], *rows: Mapping[str, Any], start: int = 2) -> Checked:
    columns = {item.label: letters(place) for place, item in enumerate(sheet.columns())}
    lines = enumerate(rows, start=start)
    raws = [RawRow(Origin("表.xlsx", sheet.sheet_title(), columns, str(n)), row) for n, row in lines]
    return validate(sheet, raws)


def told(found: Checked, label: str) -> list[tuple[str, int]]:
    """Number and line of all that is said of a column."""
    return [
        (issue.number, int(re.sub("[A-Z]", "", issue.location.cell))) for issue in found.issues if issue.label == label
    ]


def taken(found: Checked) -> list[tuple[str, str, str, str]]:
    return [(item.number, item.label, item.written, item.taken) for item in found.normalisations]


# Words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        "无",
        "没有",
        "暂无",
        "无。",
        "（无）",
        "【无】",
        "/",
        "／",
        "//",
        "\\",
        "|",
        "—",
        "——",
        "―",
        "－",
        "-",
        "--",
        "_",
        "…",
        "N/A",
        "n/a",
        "NA",
        "nil",
        "空",
        "不适用",
        "未填",
        "《》",
        "、",
    ],
)
def test_a_word_for_nothing_is_known_in_whatever_dress(word: str) -> None:
    assert habit(word) is Habit.NOTHING


@pytest.mark.parametrize("word", ["待填写", "待补充。", "（此处填写）", "XXX"])
def test_what_is_still_to_be_filled_in_is_blank_and_says_not_that_there_is_nothing(word: str) -> None:
    assert habit(word) is Habit.UNFILLED
    assert not says_nothing([(0, word)], [0, 1])
    found = checked(Problem, example(Problem, 整改措施=word), example(Problem, 责任单位=word), start=2)
    assert [note.label for note in found.normalisations if note.number == "NM-11"] == ["整改措施"]
    assert ("PR-01", word) in [(issue.number, issue.written) for issue in found.issues]


@pytest.mark.parametrize(
    "word",
    [
        "同上",
        "（同上）",
        "同\u3000上",
        "同上。",
        "同前",
        "同上一行",
        "与上行相同",
        "〃",
        "〃〃",
        "“",
        "”",
        '"',
        "″",
        "''",
        "-do-",
        "do.",
        "ditto",
        "Ditto",
        "-〃-",
    ],
)
def test_a_word_for_as_above_is_known_in_whatever_dress(word: str) -> None:
    assert habit(word) is Habit.AS_ABOVE


@pytest.mark.parametrize(
    "word",
    [
        "0",
        "〇",
        "-5",
        "1/2",
        "否",
        "是",
        "√",
        "×",
        "？",
        "无锡",
        "无线电",
        "没收",
        "同志",
        "同上海",
        "上海",
        "空调",
        "无人机坏了",
        "不",
        "上午",
        "上级",
        "三、四",
    ],
)
def test_a_value_is_no_such_word(word: str) -> None:
    assert habit(word) is None


def test_prose_is_never_such_a_word() -> None:
    assert habit("同上，另有两处灭火器压力不足，均无检查记录。") is None
    assert habit("无" * 40) is None


# Nothing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["无", "/", "——", "暂无", "N/A"])
@pytest.mark.parametrize(
    ("sheet", "item"), OPTIONAL, ids=lambda it: it.label if isinstance(it, Column) else it.__name__
)
def test_a_word_for_nothing_in_an_optional_cell_of_any_type_is_a_blank_and_is_listed(
    sheet: type[Row], item: Column, word: str
) -> None:
    found = checked(sheet, example(sheet, **{item.label: word}))
    wrong = [number for number, _ in told(found, item.label) if number[:2] in ("PR", "TY", "CD", "RF")]
    assert wrong == []
    if found.rows:
        value = getattr(found.rows[0], item.attribute)
        no = item.kind.name == "yesno" and word == "无"
        assert value == (False if no else () if item.many else None)
        assert (("NM-05", "否") if no else ("NM-11", "")) in [
            (n, to) for n, label, _, to in taken(found) if label == item.label
        ]


def test_rules_see_the_blank() -> None:
    closed = {
        "整改状态": "已销号",
        "完成日期": "2024-03-20",
        "核查人": "李四",
        "核查日期": "2024-03-21",
        "核查结论": "通过",
        "销号日期": "2024-03-22",
    }
    assert told(checked(Problem, example(Problem, **closed, 佐证材料="无")), "佐证材料") == [("WT-11", 2)]
    assert told(checked(Problem, example(Problem, 整改期限="/", 期限说明="无")), "整改期限") == [("WT-05", 2)]


def test_a_word_for_nothing_in_a_required_cell_counts_as_blank_and_the_sentence_says_so() -> None:
    found = checked(Problem, example(Problem, 责任单位="无"))
    (issue,) = found.issues
    assert (issue.number, issue.written) == ("PR-01", "无")
    assert issue.sentence == "必填，写“无”等于没有填，请直接填写文字"
    (blank,) = checked(Problem, {**example(Problem), "责任单位": None}).issues
    assert blank.sentence == "必填，现在是空的，请直接填写文字"
    (listed,) = checked(Plan, example(Plan, 责任人="/；无")).issues
    assert listed.sentence.startswith("必填，写“/；无”等于没有填，")


def test_an_item_of_a_list_that_says_nothing_is_left_out_and_the_others_stay() -> None:
    found = checked(Campaign, example(Campaign, 附件="检查表；无；《甲；乙》说明", 联合科室="无"))
    assert found.issues == []
    assert found.rows[0].attachments == ("检查表", "《甲；乙》说明")
    assert [entry for entry in taken(found) if entry[1] == "附件"] == [
        ("NM-11", "附件", "检查表；无；《甲；乙》说明", "检查表；《甲；乙》说明")
    ]


def test_a_deputy_who_is_nobody_is_not_counted() -> None:
    found = checked(Group, example(Group, 副组长="无", 成员="王五；赵六；无"))
    assert found.rows[0].people == ("李四", "王五", "赵六")


def test_nothing_is_a_term_where_the_column_has_such_a_term() -> None:
    assert checked(Meeting, example(Meeting, 需发通知="无")).rows[0].announced is False
    assert checked(Record, example(Record, 反馈方式="无需反馈")).issues == []


def test_a_number_that_nobody_has_is_a_blank_and_a_zero_is_a_zero() -> None:
    found = checked(DocumentEntry, example(DocumentEntry, 文号="无"), example(DocumentEntry, 文号="/", 标题="另一份"))
    assert [row.number for row in found.rows] == [None, None]
    assert checked(Record, example(Record, 听课节数="0")).rows[0].lessons == 0


def test_a_line_of_words_for_nothing_is_no_row_but_is_listed() -> None:
    found = checked(Plan, {item.label: "无" for item in Plan.columns()}, example(Plan, 序号=1))
    assert (len(found.rows), found.issues, found.blocked) == (1, [], [])
    assert {entry[0] for entry in taken(found)} == {"NM-11"}
    assert len(found.normalisations) == len(Plan.columns())


# As above ------------------------------------------------------------------------------------------------------------


def problems(*cells: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [example(Problem, 问题编号=f"WT-202403-01-{n:03}", **row) for n, row in enumerate(cells, start=1)]


@pytest.mark.parametrize("word", ["同上", "〃", "-do-", "″"])
@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("责任单位", "东岭县财政局"),
        ("问题类别", "办学条件"),
        ("整改期限", "2024-04-05"),
        ("学校", "望溪小学"),
        ("发现人", "李四；赵六"),
        ("延期次数", 0),
    ],
)
def test_as_above_is_taken_from_the_row_above_whatever_the_type_and_is_listed(
    word: str, label: str, value: Any
) -> None:
    attribute = next(item.attribute for item in Problem.columns() if item.label == label)
    found = checked(Problem, *problems({label: value}, {label: word}, {label: word}))
    assert [issue for issue in found.issues if issue.severity == "必改"] == []
    assert len({getattr(row, attribute) for row in found.rows}) == 1
    assert len([entry for entry in taken(found) if entry[:3] == ("NM-12", label, word)]) == 2
    assert all(entry[3] not in ("", word) for entry in taken(found) if entry[0] == "NM-12")


def test_as_above_below_a_word_for_nothing_is_not_certain() -> None:
    found = checked(Problem, *problems({"责任人": "无"}, {"责任人": "同上"}))
    assert told(found, "责任人") == [("TY-35", 3)]


@pytest.mark.parametrize(
    "rows",
    [
        [{"责任单位": "同上"}],
        [{"责任单位": None}, {"责任单位": "同上"}],
        [{"责任单位": "县财政局"}, {"责任单位": "同左"}],
        [{"责任单位": "县财政局"}, {"责任单位": "同第2行"}],
    ],
)
def test_as_above_is_at_fault_where_it_is_not_certain_what_is_meant(rows: Sequence[Mapping[str, Any]]) -> None:
    found = checked(Problem, *problems(*rows))
    last = told(found, "责任单位")[-1]
    assert last == ("TY-35", len(rows) + 1)
    assert not any(row.unit in ("同上", "同左", "同第2行") for row in found.rows)
    assert "请直接填写内容" in next(issue.sentence for issue in found.issues if issue.number == "TY-35")


def test_nothing_is_taken_from_a_cell_at_fault_nor_over_a_gap() -> None:
    faulty = checked(Problem, *problems({"问题类别": "其它类"}, {"问题类别": "同上"}))
    assert told(faulty, "问题类别") == [("CD-01", 2), ("TY-35", 3)]
    columns = {item.label: letters(place) for place, item in enumerate(Problem.columns())}
    one, other = problems({}, {"责任单位": "同上"})
    raws = [RawRow(Origin("表.xlsx", "问题整改台账", columns, line), row) for line, row in (("2", one), ("4", other))]
    assert told(validate(Problem, raws), "责任单位") == [("TY-35", 4)]


def test_a_number_or_name_that_tells_rows_apart_is_never_as_above() -> None:
    assert told(checked(Problem, *problems({}, {}), example(Problem, 问题编号="同上")), "问题编号") == [("TY-35", 4)]
    assert told(checked(School, example(School), example(School, 规范简称="〃")), "规范简称") == [("TY-35", 3)]
    groups = checked(Group, example(Group), example(Group, 督导编号="同上", 组号="2"))
    assert [row.campaign for row in groups.rows] == ["DD-2024-001", "DD-2024-001"]


def test_on_a_sheet_of_one_row_nothing_stands_above(tmp_path: Path) -> None:
    content = [["列名", "填写内容", "说明"], *([item.label, item.example] for item in ZoneReport.columns())]
    content[5][1] = "同上"
    raw, _ = read(write(tmp_path / "表.xlsx", {"填报信息": content}), "表.xlsx", ZONE_REPORT)
    assert told(validate(ZoneReport, raw.sheets[ZoneReport]), "审核人") == [("TY-35", 6)]


def test_nothing_is_taken_from_a_line_that_cannot_be_seen(tmp_path: Path) -> None:
    rows = problems({"责任单位": "县财政局"}, {"责任单位": "县民政局"}, {"责任单位": "同上"})
    labels = [item.label for item in Problem.columns()]
    content = [labels, *([row.get(label) for label in labels] for row in rows)]
    path = write(tmp_path / "表.xlsx", {"问题整改台账": content})
    book = load_workbook(path)
    book["问题整改台账"].row_dimensions[3].hidden = True
    book.save(path)
    raw, _ = read(path, "表.xlsx", ZONE_REPORT)
    found = validate(Problem, raw.sheets[Problem])
    assert told(found, "责任单位") == [("TY-35", 4)]


# Others who are not named --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "向建安等3人",
        "向建安等三人",
        "向建安等人",
        "向建安等",
        "王五（督学）等5人",
        "李四等3名督学",
        "张三一行5人",
        "张三等同志",
    ],
)
def test_a_person_with_others_is_at_fault_in_every_column_of_persons(written: str) -> None:
    assert names_others(written)
    for sheet, label in ((Group, "成员"), (Group, "副组长"), (Problem, "核查人"), (Plan, "责任人"), (Zone, "主任")):
        found = checked(sheet, example(sheet, **{label: written}))
        assert [number for number, _ in told(found, label) if number[:2] == "TY"] == ["TY-36"], label
    assert told(checked(Group, example(Group, 成员="王五；向建安；等3人")), "成员") == [("TY-36", 2)]


def test_others_are_no_fault_where_no_persons_are_named() -> None:
    assert checked(Campaign, example(Campaign, 督导内容="食堂、宿舍等", 覆盖范围="小学、初中等")).issues == []


# A month -------------------------------------------------------------------------------------------------------------

ZONE_BOOK, OFFICE_BOOK = "责任区月报-云岭责任区.xlsx", "督导室月报.xlsx"


def change(book: Path, sheet: str, line: int, **cells: object) -> None:
    opened = load_workbook(book)
    page = opened[sheet]
    for label, value in cells.items():
        page.cell(line, next(cell.column for cell in page[1] if cell.value == label)).value = value
    opened.save(book)


def test_no_document_speaks_of_a_unit_that_is_called_as_above(folder: Path, tmp_path: Path) -> None:
    change(folder / ZONE_BOOK, "问题整改台账", 5, 责任单位="同上")
    outcome = report(folder, tmp_path / "out")
    assert outcome.made
    assert not [path for path in outcome.made if "同上" in path.name or "同上" in text(path)]
    assert "NM-12" in {item.number for item in outcome.normalisations}


def test_no_document_prints_a_word_for_nothing(folder: Path, tmp_path: Path) -> None:
    change(folder / OFFICE_BOOK, "督导工作", 2, 联合科室="无", 附件="无", 总体结论="/")
    change(folder / OFFICE_BOOK, "会议培训", 2, 印发材料="无", 成效="暂无")
    change(folder / OFFICE_BOOK, "下月计划", 2, 协办="/")
    outcome = report(folder, tmp_path / "out")
    assert not {issue.number for issue in outcome.issues if issue.severity == "必改"}
    said = ((path.name, text(path)) for path in outcome.made)
    wrong = [name for name, words in said if any(word in words for word in ("会同无", "印发无", "协办：/", ".无"))]
    assert wrong == []
    assert len([item for item in outcome.normalisations if item.number == "NM-11"]) == 6, (
        "one for each cell with a word for nothing"
    )


def test_a_closed_problem_whose_evidence_is_nothing_is_reported(folder: Path) -> None:
    closed = next(
        (path, line)
        for path in sorted(folder.glob("责任区月报*.xlsx"))
        for line, row in enumerate(table(path, "问题整改台账"), start=2)
        if row["整改状态"] == "已销号" and row["整改类型"] != "立行立改"
    )
    change(closed[0], "问题整改台账", closed[1], 佐证材料="无")
    assert "WT-11" in {issue.number for issue in load(folder).issues}
