"""What blocks what: which documents a fault withholds, and what a draft says instead."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document as Word
from openpyxl import Workbook, load_workbook

from pipeline.documents import catalogue
from pipeline.documents.context import Context, said
from pipeline.dossier.dossier import Dossier
from pipeline.forms.office import Campaign
from pipeline.forms.registry import School, Town
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load, months_beside
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.unmade import lost_to_blocked_rows
from pipeline.run.withholding import blocking
from pipeline.trays import Tray
from pipeline.word.rendering.template import render
from tests.support.reading import EXAMPLE, family_of, lines, named, of_family, of_word, text

COUNTY = "责任区月报-县本级.xlsx"


def write(folder: Path, workbook: str, sheet: str, **cells: object) -> None:
    """Values into cells of a workbook, each called as `named` reads it: 责任单位3, or an address."""
    book = load_workbook(folder / workbook)
    for name, value in cells.items():
        named(book[sheet], name).value = value
    book.save(folder / workbook)


def test_a_fault_on_a_sheet_that_only_the_summary_tells_of_withholds_the_summary_alone(whole: Path) -> None:
    write(whole, "督导室月报.xlsx", "下月计划", 时间2="十月")
    done = report(whole, whole.parent / "out")
    assert not of_family(done.made, "总结")
    assert {family_of(path) for path in done.made} >= {"清单", "责任区", "学校", "通知", "整改通知书", "意见书"}
    (withheld,) = done.withheld
    assert withheld.title == "清溪县2023年8月教育督导工作总结"
    assert "“时间” " in withheld.reasons[0]


def test_hints_and_questions_withhold_nothing(whole: Path) -> None:
    write(whole, "督导室月报.xlsx", "叙述补充", 段落文本2="全县共有9871所学校。")
    done = report(whole, whole.parent / "out")
    assert {"请核实", "提示"} == {str(issue.severity) for issue in done.issues}
    assert done.withheld == ()


def test_a_zone_that_has_not_reported_withholds_nothing(whole: Path) -> None:
    (whole / "责任区月报-云岭责任区.xlsx").unlink()
    done = report(whole, whole.parent / "out")
    assert done.withheld == ()
    assert [issue.number for issue in done.issues if issue.number == "YB-01"] == ["YB-01"]


# Documents of one unit each ------------------------------------------------------------------------------------------


class SlipContext(Context):
    """A slip for one unit."""

    unit: str = said("单位")


@pytest.fixture
def slips(monkeypatch: pytest.MonkeyPatch) -> Iterator[catalogue.Document]:
    """A document of a kind that there is one of for each unit with problems, in the catalogue for one test."""
    monkeypatch.setattr(catalogue, "_CATALOGUE", list(catalogue.documents()))

    @catalogue.document(
        "便条",
        tray=Tray.LETTERS,
        family="便条",
        name="{subject}便条",
        context=SlipContext,
        scope=[Problem],
        picked_by={Problem: "unit"},
        made_by=Problem,
    )
    def slips(dossier: Dossier) -> Iterator[catalogue.Contents]:
        for unit in dict.fromkeys(problem.unit for problem in dossier.county_list.problems):
            yield catalogue.Contents(unit, SlipContext(unit=unit))

    return slips


def test_a_blocked_row_withholds_the_document_of_its_unit_alone(whole: Path, slips: catalogue.Document) -> None:
    write(whole, COUNTY, "问题整改台账", 严重程度3="很严重")
    month = load(whole)
    assert [issue.number for issue in blocking(slips, month, "云岭镇人民政府")] == ["CD-01"]
    assert blocking(slips, month, "清溪县教育体育局") == ()


def test_where_the_picking_cell_itself_is_faulty_every_document_of_the_kind_is_withheld(
    whole: Path, slips: catalogue.Document
) -> None:
    write(whole, COUNTY, "问题整改台账", 责任单位3="/")
    month = load(whole)
    assert [issue.number for issue in blocking(slips, month, "清溪县教育体育局")] == ["PR-01"]


def test_a_document_that_would_exist_only_through_blocked_rows_is_named(whole: Path, slips: catalogue.Document) -> None:
    write(whole, COUNTY, "问题整改台账", 责任单位3="镇自来水厂", 严重程度3="很严重")
    assert list(lost_to_blocked_rows(slips, load(whole))) == ["镇自来水厂"]
    done = report(whole, whole.parent / "out")
    assert "镇自来水厂便条" in [withheld.title for withheld in done.withheld]


def test_a_withheld_document_about_a_campaign_a_meeting_or_a_visit_is_called_by_its_name(whole: Path) -> None:
    book = load_workbook(whole / "督导室月报.xlsx")
    for sheet, label in (("督导工作", "督导类型"), ("会议培训", "类别"), ("调研视导", "方向")):
        page = book[sheet]
        column = next(cell.column for cell in page[1] if cell.value == label)
        for row in page.iter_rows(min_row=3):
            if row[0].value:
                page.cell(row[0].row, column).value = "不知道"
    book.save(whole / "督导室月报.xlsx")
    titles = [withheld.title for withheld in report(whole, whole.parent / "out").withheld]
    assert [title for title in titles if re.search("[A-Z]{2}-[0-9]{4}", title)] == []
    assert {
        "关于开展2023年秋季开学工作专项督导的通知",
        "2023年暑期中小学有偿补课治理专项督导情况通报",
        "关于召开责任区主任工作例会的通知",
        "云岭镇创建教育强镇工作视导反馈意见（2023年8月）",
    } <= set(titles)


def test_a_withheld_document_whose_name_cannot_be_read_is_called_by_its_kind(whole: Path) -> None:
    book = load_workbook(whole / "督导室月报.xlsx")
    page = book["督导工作"]
    columns = {cell.value: cell.column for cell in page[1]}
    row = next(row for row in page.iter_rows(min_row=2) if row[0].value == "DD-2023-014")
    page.cell(row[0].row, columns["督导名称"]).value = None
    book.save(whole / "督导室月报.xlsx")
    titles = [withheld.title for withheld in report(whole, whole.parent / "out").withheld]
    assert "督导通知（编号为 DD-2023-014，没有读到名称）" in titles


def _unnamed(folder: Path) -> set[str]:
    """The documents of the example that a damaged month neither makes nor names."""
    whole = {path.stem for path in report(EXAMPLE, folder.parent / "whole").made}
    done = report(folder, folder.parent / "out")
    return whole - {path.stem for path in done.made} - {withheld.title for withheld in done.withheld}


@pytest.mark.parametrize(
    ("workbook", "sheet", "label", "name"),
    [
        ("督导室月报.xlsx", "督导工作", "督导类型", "DD-2023-012"),  # sound rows of 自查报告报送 name it
        ("督导室月报.xlsx", "督导工作", "督导类型", "DD-2023-013"),  # sound problems name it
        ("督导室月报.xlsx", "调研视导", "方向", "DY-2023-05"),
        ("名录.xlsx", "乡镇街道", "责任区", "城南街道"),
        ("名录.xlsx", "督学责任区", "主任", "Z04"),
        ("名录.xlsx", "学校名录", "学校类别", "清溪县松坪镇初级中学"),
    ],
)
def test_what_is_not_made_since_a_row_elsewhere_is_blocked_is_named(
    whole: Path, workbook: str, sheet: str, label: str, name: str
) -> None:
    page = load_workbook(whole / workbook)[sheet]
    column = next(cell.column_letter for cell in page[1] if cell.value == label)
    row = next(row[0].row for row in page.iter_rows(min_row=2) if name in (row[0].value, row[1].value))
    write(whole, workbook, sheet, **{f"{column}{row}": "不知道"})
    assert _unnamed(whole) == set()


def test_lists_of_schools_are_named_also_where_the_register_of_schools_was_not_read(whole: Path) -> None:
    book = load_workbook(whole / "名录.xlsx")
    del book["学校名录"]
    book.save(whole / "名录.xlsx")
    titles = [withheld.title for withheld in report(whole, whole.parent / "out").withheld]
    assert "清溪县松坪镇初级中学2023年8月教育督导问题整改清单" in titles


def test_no_list_is_named_of_a_campaign_of_an_earlier_month(whole: Path) -> None:
    page = load_workbook(whole / COUNTY)["问题整改台账"]
    write(
        whole,
        COUNTY,
        "问题整改台账",
        督导编号3="DD-2022-001",
        严重程度3="很严重",
        发现日期3=named(page, "发现日期2").value,
    )
    titles = [withheld.title for withheld in report(whole, whole.parent / "out").withheld]
    assert titles
    assert not [title for title in titles if "DD-2022-001" in title]


# Drafts --------------------------------------------------------------------------------------------------------------


def test_a_draft_leaves_the_faulty_rows_out_says_so_on_every_page_and_lists_them(whole: Path) -> None:
    write(whole, COUNTY, "问题整改台账", 严重程度3="很严重")
    done = report(whole, whole.parent / "out", RunOptions(draft=True))
    only_of_that_row = "清溪县云岭镇白沙完全小学2023年8月教育督导问题整改清单"
    assert [withheld.title for withheld in done.withheld] == [only_of_that_row]
    assert all(path.stem.endswith("（草稿）") for path in done.made)
    for path in of_word(done.made):
        headers = {section.header.paragraphs[0].text for section in Word(str(path)).sections}
        assert headers == {"草稿　不得印发"}
    for path in (*of_family(done.made, "清单"), *of_family(done.made, "总结")):
        told = lines(path)
        assert told[-2] == "以下内容有误，未列入本草稿："
        assert re.match("1.责任区月报-县本级.xlsx › 问题整改台账 › “严重程度” [A-Z]+3", told[-1])
    of_others = [*of_family(done.made, "学校"), *of_family(done.made, "整改通知书")]
    assert {lines(path)[-1] for path in of_others} == {"所用各表没有必改的问题，去掉草稿字样即可成文。"}
    county_list = of_family(done.made, "清单")[0]
    assert "共49个问题" in text(county_list)


def test_a_draft_of_a_clean_month_says_that_nothing_is_missing(tmp_path: Path) -> None:
    done = report(EXAMPLE, tmp_path, RunOptions(draft=True))
    assert all(lines(path)[-1] == "所用各表没有必改的问题，去掉草稿字样即可成文。" for path in done.made)


def test_a_draft_prints_what_is_to_be_filled_in_for_an_absent_fact(tmp_path: Path) -> None:
    template = Word()
    template.add_paragraph("{{ 期限|日期 }}与{{ 单位 }}")
    template.save(str(tmp_path / "模板.docx"))

    class Slip(Context):
        due: str | None = said("期限")
        unit: str | None = said("单位")

    render(tmp_path / "模板.docx", Slip(due=None, unit=None).spoken(), tmp_path / "草稿.docx", missing=[])
    assert lines(tmp_path / "草稿.docx")[0] == "【待补：期限】与【待补：单位】"


# Documents of unknown subjects --------------------------------------------------------------------------------------

ZONE = "责任区月报-云岭责任区.xlsx"
ZONE_LIST = "云岭责任区2023年8月教育督导问题整改清单"


def drop(folder: Path, workbook: str, sheet: str) -> None:
    book = load_workbook(folder / workbook)
    book.remove(book[sheet])
    book.save(folder / workbook)


NAMELESS = "新建.xlsx"


def withheld(folder: Path) -> dict[str, tuple[str, ...]]:
    return {entry.title: entry.reasons for entry in report(folder, folder.parent / "out").withheld}


@pytest.mark.parametrize(("cell", "value"), [("B5", None), ("B4", "7"), ("B4", "八"), ("B2", "云岭 责任区")])
def test_the_list_of_a_zone_whose_own_sheet_is_at_fault_is_named(whole: Path, cell: str, value: str | None) -> None:
    write(whole, ZONE, "填报信息", B6=None)
    write(whole, ZONE, "填报信息", **{cell: value})
    assert ZONE_LIST in withheld(whole)


@pytest.mark.parametrize("zone", ["云林区", "云岭", None])
def test_a_zone_that_is_misspelt_in_its_own_workbook_withholds_its_list_alone(whole: Path, zone: str | None) -> None:
    write(whole, ZONE, "填报信息", B2=zone)
    assert list(withheld(whole)) == [ZONE_LIST]


def test_a_misspelt_zone_whose_file_and_numbers_contradict_each_other_is_nobodys_and_not_counted(whole: Path) -> None:
    write(whole, ZONE, "填报信息", B2="云林区")
    odd = (whole / ZONE).rename(whole / "责任区月报-石鼓责任区（八月）.xlsx")
    made, gone = made_and_withheld(whole)
    assert "石鼓责任区2023年8月教育督导问题整改清单" in gone
    assert "云岭责任区" in unreported_in_the_summary(whole)
    odd.write_bytes(b"PK")
    assert made == made_and_withheld(whole, "unreadable")[0]


def test_the_documents_of_a_workbook_without_a_ledger_are_named_by_kind(whole: Path) -> None:
    drop(whole, ZONE, "问题整改台账")
    found = withheld(whole)
    assert ZONE_LIST in found
    of_notices = [title for title in found if title.startswith("整改通知书") and ZONE in title]
    assert len(of_notices) == 1, "one entry for the kind"
    assert "缺少“问题整改台账”表" in found[of_notices[0]][0]


@pytest.mark.parametrize("zone", ["云林区", None])
def test_the_list_of_a_workbook_of_no_known_zone_is_named_by_its_workbook(whole: Path, zone: str | None) -> None:
    write(whole, ZONE, "填报信息", B2=zone)
    for sheet in ("督导检查记录", "问题整改台账"):
        drop(whole, ZONE, sheet)
    (whole / ZONE).rename(whole / NAMELESS)
    found = withheld(whole)
    assert [title for title in found if NAMELESS in title and "清单" in title]
    assert all(found.values())


@pytest.mark.parametrize(
    "damage", [lambda p: p.write_bytes(p.read_bytes()[:2000]), lambda p: shutil.copy(p, p.with_name("0.xlsx"))]
)
def test_the_documents_of_a_file_that_is_not_read_are_named_by_kind(
    whole: Path, damage: Callable[[Path], object]
) -> None:
    damage(whole / ZONE)
    write(whole, "0.xlsx", "问题整改台账", 具体描述2="另一种写法的描述。") if (whole / "0.xlsx").exists() else None
    found = withheld(whole)
    assert [title for title in found if title.startswith("整改通知书") and ZONE in title]
    assert all(found.values())


def test_a_row_that_does_not_say_whom_it_is_about_is_named_by_its_workbook(whole: Path) -> None:
    write(whole, COUNTY, "问题整改台账", 责任单位3="/", 处置方式3="整改通知书")
    assert [title for title in withheld(whole) if title.startswith("整改通知书") and COUNTY in title]


# How far a fault reaches ---------------------------------------------------------------------------------------------


def made_and_withheld(folder: Path, out: str = "out") -> tuple[set[str], set[str]]:
    done = report(folder, folder.parent / out)
    return {path.name for path in done.made}, {entry.title for entry in done.withheld}


def unreported_in_the_summary(folder: Path) -> str:
    summary = next(path for path in (folder.parent / "out").rglob("*总结.docx"))
    return next((line for line in lines(summary) if "未报送" in line or "没有报送" in line), "")


def as_et(path: Path) -> None:
    path.rename(path.with_suffix(".et"))


def as_macros(path: Path) -> None:
    path.rename(path.with_suffix(".xlsm"))


def broken(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def locked_up(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )


@pytest.mark.parametrize("damage", [as_et, as_macros, broken, locked_up])
@pytest.mark.parametrize("name", [ZONE, "云岭八月.xlsx", "新建.xlsx"])
def test_a_zones_file_that_cannot_be_read_withholds_what_an_absent_one_does_and_its_own_list(
    whole: Path, damage: Callable[[Path], None], name: str
) -> None:
    (whole / ZONE).rename(whole / name)
    damage(whole / name)
    made, withheld = made_and_withheld(whole)
    (there,) = (path for path in whole.iterdir() if path.stem == Path(name).stem)
    issue = next(issue for issue in load(whole).issues if issue.location.workbook == there.name)
    assert issue.severity == "必改", "told as loud as any fault"
    there.unlink()
    without, _ = made_and_withheld(whole, "without")
    assert made == without
    assert ZONE_LIST in withheld, "so that the exit code is 1"
    assert all(there.name in title for title in withheld - {ZONE_LIST})
    assert "云岭责任区" in unreported_in_the_summary(whole)


def test_a_second_file_of_a_zone_that_cannot_be_read_withholds_that_zones_list_alone(
    whole: Path, outcome: Outcome
) -> None:
    (whole / "责任区月报-云岭责任区-更正.et").write_bytes(b"\xd0\xcf\x11\xe0")
    made, withheld = made_and_withheld(whole)
    assert ZONE_LIST in withheld
    assert f"{ZONE_LIST}.docx" not in made
    assert {path.name for path in outcome.made} - made == {f"{ZONE_LIST}.docx"}, "all but that one list"


@pytest.mark.parametrize("name", ["督导室月报-定稿.et", "名录2023.xlsm"])
def test_a_file_that_may_be_the_offices_own_withholds_all_if_it_cannot_be_read(whole: Path, name: str) -> None:
    (whole / name).write_bytes(b"\xd0\xcf\x11\xe0")
    assert made_and_withheld(whole)[0] == set()


def test_of_a_file_that_says_nothing_while_every_zone_is_there_all_lists_of_zones_are_in_doubt(whole: Path) -> None:
    broken(Path(shutil.copy(whole / ZONE, whole / "新建.xlsx")))
    made, withheld = made_and_withheld(whole)
    assert ZONE_LIST in withheld
    assert any("总结" in name for name in made)


# No fault of a zone's workbook reaches further than the workbook itself ----------------------------------------------

INFO, RECORDS, LEDGER = "填报信息", "督导检查记录", "问题整改台账"
OF_THE_COUNTY = (
    "总结.docx",
    "统计表.xlsx",
    "清溪县2023年8月教育督导问题台账.xlsx",
    "清溪县2023年8月教育督导问题整改清单.docx",
)
Damage = Callable[[Workbook], object]


def put(sheet: str, label: str, value: object, line: int = 3) -> Damage:
    """A value below a label, or on 填报信息 beside it."""

    def damage(book: Workbook) -> None:
        page = book[sheet]
        if sheet == INFO:
            page.cell(next(cell.row for cell in page["A"] if cell.value == label), 2).value = value
        else:
            page.cell(line, next(cell.column for cell in page[1] if cell.value == label)).value = value

    return damage


def without(sheet: str) -> Damage:
    return lambda book: book.remove(book[sheet])


def a_row_above(sheet: str) -> Damage:
    def damage(book: Workbook) -> None:
        book[sheet].insert_rows(1)
        for cell in book[sheet][3]:
            book[sheet].cell(1, cell.column).value = cell.value

    return damage


def a_copy(sheet: str) -> Damage:
    return lambda book: setattr(book.copy_worksheet(book[sheet]), "title", f"{sheet} (2)")


def twice(sheet: str, label: str) -> Damage:
    return lambda book: book[sheet].cell(1, book[sheet].max_column + 1, label)


def without_column(sheet: str, label: str) -> Damage:
    return lambda book: book[sheet].delete_cols(next(cell.column for cell in book[sheet][1] if cell.value == label))


def without_headings(sheet: str) -> Damage:
    return lambda book: book[sheet].delete_rows(1)


def a_changed_example(sheet: str) -> Damage:
    return lambda book: setattr(book[sheet]["A2"], "value", f"【示例】{book[sheet]['A2'].value}")


def in_another_order(sheet: str) -> Damage:
    def damage(book: Workbook) -> None:
        for line in (1, 2):
            book[sheet].append([cell.value for cell in reversed(book[sheet][line])])

    return damage


def beside(sheet: str, line: int) -> Damage:
    return lambda book: book[sheet].cell(line, book[sheet].max_column + 3, "另有说明")


NOT_OF_A_ROW = {
    "the month as 7-8月": put(INFO, "统计月份", "7-8月"),
    "the month as 8月上旬": put(INFO, "统计月份", "8月上旬"),
    "no month": put(INFO, "统计月份", None),
    "another month": put(INFO, "统计月份", "九月"),
    "the month 13": put(INFO, "统计月份", 13),
    "no year": put(INFO, "统计年份", "去年"),
    "no 填报信息": without(INFO),
    "no ledger": without(LEDGER),
    "a problem above the headings": a_row_above(LEDGER),
    "a copy of the ledger": a_copy(LEDGER),
    "a heading that stands twice": twice(LEDGER, "学校"),
    "no column of units": without_column(LEDGER, "责任单位"),
    "no headings": without_headings(LEDGER),
    "headings in another order below": in_another_order(LEDGER),
    "an example with other words": a_changed_example(LEDGER),
    "words beside a blank line": beside(LEDGER, 99),
}
"""Faults in a zone's workbook that hide unknown problems."""
OF_RECORDS = {
    "no records": without(RECORDS),
    "a record above the headings": a_row_above(RECORDS),
    "a copy of the records": a_copy(RECORDS),
    "no column of days": without_column(RECORDS, "日期"),
}
OF_ROWS = {
    "an unknown term": put(LEDGER, "严重程度", "很严重"),
    "an unknown campaign": put(LEDGER, "督导编号", "DD-9"),
    "no unit": put(LEDGER, "责任单位", "/"),
    "an unknown handling": put(LEDGER, "处置方式", "？"),
    "a malformed number": put(LEDGER, "问题编号", "3"),
    "an unknown school": put(LEDGER, "学校", "白沙完小校"),
    "an unknown town": put(LEDGER, "乡镇街道", "某镇"),
    "words beside a row": beside(LEDGER, 2),
    "a record of an unknown campaign": put(RECORDS, "督导编号", "DD-9"),
    "a record without a day": put(RECORDS, "日期", "？"),
    "words beside a record": beside(RECORDS, 2),
}


def damaged(folder: Path, damage: Damage) -> None:
    book = load_workbook(folder / ZONE)
    damage(book)
    book.save(folder / ZONE)


@pytest.fixture(scope="module")
def made_without_the_zone(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is made if the zone's file cannot be read."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("unreadable") / "2023-08"))
    as_et(folder / ZONE)
    return made_and_withheld(folder)[0]


@pytest.mark.parametrize("damage", NOT_OF_A_ROW.values(), ids=NOT_OF_A_ROW)
def test_where_nobody_can_say_which_problems_are_at_fault_the_zone_counts_as_one_that_has_not_reported(
    whole: Path, made_without_the_zone: set[str], damage: Damage
) -> None:
    damaged(whole, damage)
    made, withheld = made_and_withheld(whole)
    assert made == made_without_the_zone
    assert ZONE_LIST in withheld, "so that the exit code is 1"
    assert all(ZONE in title for title in withheld - {ZONE_LIST}), withheld
    assert "云岭责任区" in unreported_in_the_summary(whole)
    weighty = [issue for issue in load(whole).issues if issue.severity == "必改"]
    assert [issue.location.workbook for issue in weighty] == [ZONE], "one cause, told in the zone's workbook"


@pytest.mark.parametrize("damage", OF_RECORDS.values(), ids=OF_RECORDS)
def test_a_fault_of_the_records_takes_no_problem_from_the_lists(whole: Path, damage: Damage) -> None:
    damaged(whole, damage)
    made, withheld = made_and_withheld(whole)
    assert f"{ZONE_LIST}.docx" in made
    assert [title for title in withheld if ZONE in title], "so that the exit code is 1"
    assert "云岭责任区" in unreported_in_the_summary(whole)


@pytest.mark.parametrize("damage", OF_ROWS.values(), ids=OF_ROWS)
def test_a_row_at_fault_reaches_what_counts_all_rows_and_those_whom_its_zone_tells_of(
    whole: Path, made_without_the_zone: set[str], damage: Damage
) -> None:
    rows = load(whole)
    own = {name for row in rows.all(Problem) if rows.zone(row) == "云岭责任区" for name in (row.unit, row.school)}
    own |= schools_of(whole, "云岭责任区") | {town.name for town in rows.all(Town) if town.zone == "云岭责任区"}
    campaigns = {row.campaign for row in rows.all(Problem) if rows.zone(row) == "云岭责任区"}
    own |= {c.name.removeprefix("2023年8月") for c in rows.all(Campaign) if c.number in campaigns}
    damaged(whole, damage)
    made, _ = made_and_withheld(whole)
    lacking = {name for name in made_without_the_zone - made if not name.endswith(OF_THE_COUNTY)}
    assert [name for name in lacking if not any(subject and subject in name for subject in own)] == []
    assert "总结.docx" not in {name[-7:] for name in made}, "it would count half of the zone's rows"


@pytest.mark.parametrize("label", ["填报人", "审核人", "填报日期"])
def test_a_cell_that_says_neither_zone_nor_month_withholds_the_zones_own_list_alone(whole: Path, label: str) -> None:
    damaged(whole, put(INFO, label, None))
    assert list(withheld(whole)) == [ZONE_LIST]
    assert "云岭责任区" not in unreported_in_the_summary(whole)


def test_a_zone_taken_for_another_withholds_its_list_alone(whole: Path) -> None:
    damaged(whole, put(INFO, "责任区", "石鼓责任区"))
    assert [issue.number for issue in load(whole).issues if issue.severity == "必改"] == ["FL-05"]
    assert list(withheld(whole)) == [ZONE_LIST]


def test_a_draft_shows_what_was_read_of_a_workbook_of_which_nobody_knows_all(whole: Path) -> None:
    damaged(whole, a_row_above(LEDGER))
    done = report(whole, whole.parent / "out", RunOptions(draft=True))
    (own,) = [path for path in done.made if path.name.startswith(ZONE_LIST)]
    assert "在表头" in text(own)


def test_what_is_made_without_a_zone_says_so_in_the_run(whole: Path) -> None:
    damaged(whole, a_row_above(LEDGER))
    done = report(whole, whole.parent / "out")
    lacking = {title for title, remark in done.remarks if ZONE in remark}
    assert lacking == {
        "清溪县2023年8月教育督导工作总结",
        "清溪县2023年8月教育督导统计表",
        "清溪县2023年8月教育督导问题台账",
        "清溪县2023年8月教育督导问题整改清单",
    }


def test_a_month_with_a_fault_in_a_zones_workbook_is_compared_with_none(whole: Path) -> None:
    damaged(whole, a_row_above(RECORDS))
    month = load(whole)
    assert months_beside(whole, month).bases(month).before.incomplete == (month.period,)


def schools_of(folder: Path, zone: str) -> set[str]:
    month = load(folder)
    towns = {town.name for town in month.all(Town) if town.zone == zone}
    return {school.name for school in month.all(School) if school.town in towns}


@pytest.mark.parametrize("school", ["白沙完小校", "云岭镇中心小学、白沙完全小学"])
def test_a_school_that_a_zone_misspells_concerns_that_zones_schools(whole: Path, school: str) -> None:
    every = {path.name for path in report(EXAMPLE, whole.parent / "all").made if family_of(path) == "学校"}
    own = schools_of(whole, "云岭责任区")
    write(whole, ZONE, "问题整改台账", 学校3=school)
    made, _ = made_and_withheld(whole)
    of_others = {name for name in every if not any(name.startswith(school) for school in own)}
    assert of_others <= made
    assert not (every - of_others) & made, "each school of the zone may be the one that is meant"


def test_a_school_that_the_county_level_misspells_may_be_any(whole: Path) -> None:
    write(whole, COUNTY, "问题整改台账", 学校3="白沙完小校")
    made, _ = made_and_withheld(whole)
    assert not [name for name in made if name.endswith("完全小学2023年8月教育督导问题整改清单.docx")]


def test_merged_cells_withhold_what_their_rows_tell_of(whole: Path) -> None:
    book = load_workbook(whole / ZONE)
    sheet = book["问题整改台账"]
    first, second = named(sheet, "整改类型2"), named(sheet, "整改类型3")
    second.value = None
    sheet.merge_cells(f"{first.coordinate}:{second.coordinate}")
    school = {str(named(sheet, f"学校{line}").value) for line in (2, 3)}
    book.save(whole / ZONE)
    month = load(whole)
    assert "SH-06" in [issue.number for issue in month.issues]
    names = {month.find(School, name).name for name in school if month.find(School, name)}  # type: ignore[union-attr]
    every = {path.name for path in report(EXAMPLE, whole.parent / "all").made if family_of(path) == "学校"}
    made, _ = made_and_withheld(whole)
    gone = every - made
    assert all(any(name.startswith(full) for full in names) for name in gone), gone
