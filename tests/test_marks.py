"""A clerk's own workbook, marked and taken back: every part is compared, and marks are never data."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.intake.files.lineage import Lineage
from pipeline.intake.files.marks import ANSWER, FAULTS, Reply
from pipeline.intake.files.reading import RawWorkbook, read
from pipeline.workbooks import blanks
from pipeline.workbooks.marking.marking import LIST, mark, unmarked
from pipeline.workbooks.marking.parts import UnmarkableError
from pipeline.workbooks.marking.words import Told
from tests.support.reading import EXAMPLE, ZONE
from tests.support.returned import (
    BOOK,
    CODE,
    LEDGER,
    RECORDS,
    REPORT,
    canonical,
    parts_of,
    rich,
    told,
)
from tests.support.returned import (
    FAULTS as TOLD,
)

ORIGINS = {"as the blank's writer makes it": (EXAMPLE / ZONE).read_bytes(), "with all that clerks add": rich()}
ours = pytest.mark.parametrize("content", ORIGINS.values(), ids=ORIGINS.keys())


def marked(content: bytes, faults: tuple[Told, ...] = TOLD) -> bytes:
    return mark(content, ZONE_REPORT, faults, Lineage.of(content).next)


def sheets(content: bytes) -> Workbook:
    with warnings.catch_warnings(action="ignore"):  # openpyxl loses extensions
        return load_workbook(io.BytesIO(content))


def column_of(page: Worksheet, heading: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == heading)


def as_read(content: bytes, path: Path) -> tuple[list[list[object]], list[str], RawWorkbook]:
    path.write_bytes(content)
    book, issues = read(path, BOOK, ZONE_REPORT)
    rows = [[dict(row.values) for row in rows] for rows in book.sheets.values()]
    return rows, [str(issue) for issue in issues], book


# What is put on ------------------------------------------------------------------------------------------------------


@ours
def test_what_marks_do_not_concern_stays_byte_for_byte(content: bytes) -> None:
    before, after = parts_of(content), parts_of(marked(content))
    touched = {name for name in before if before[name] != after.get(name)}
    allowed = r"\[Content_Types\].xml|xl/_rels/workbook.xml.rels|xl/workbook.xml|xl/styles.xml|docProps/custom.xml|"
    allowed += r"xl/worksheets/sheet[124].xml|xl/worksheets/_rels/sheet4.xml.rels|xl/comments1.xml|"
    allowed += r"xl/drawings/vmlDrawing1.vml"
    assert {name for name in touched if not re.fullmatch(allowed, name)} == set()


@ours
def test_a_cell_keeps_its_style_and_the_sheet_its_rules(content: bytes) -> None:
    before, after = sheets(content), sheets(marked(content))
    for name in before.sheetnames:
        page, other = before[name], after[name]
        for row in page.iter_rows():
            for cell in row:
                if not (page.title == LEDGER and cell.column_letter in ("AI", "AJ")):
                    assert other[cell.coordinate]._style == cell._style, (name, cell.coordinate)
                    assert other[cell.coordinate].value == cell.value
        rules = [str(one.sqref) for one in page.data_validations.dataValidation]
        assert [str(one.sqref) for one in other.data_validations.dataValidation] == rules
        assert other.protection.sheet == page.protection.sheet
        assert set(map(str, page.conditional_formatting)) <= set(map(str, other.conditional_formatting))


def test_the_extensions_of_a_sheet_stay() -> None:
    after = parts_of(marked(rich()))
    assert b"x14:dataValidations" in after["xl/worksheets/sheet4.xml"]
    assert b"\xe5\x86\x8d\xe9\x97\xae" in after["xl/threadedComments/threadedComment1.xml"]


def test_each_faulty_row_says_its_faults_in_words_and_can_be_filtered() -> None:
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    page = book[LEDGER]
    at = column_of(page, FAULTS)
    assert page.cell(2, at).value == "【必改】“发现日期”：请核对\n【提示】“问题编号”：请核对"
    assert page.cell(4, at).value == f"【必改】C4:C5：请核对\n【请核实】“具体描述”：请核对（核实码 {CODE}）"
    assert page.cell(5, at).value == "【必改】C4:C5：请核对"
    assert page.cell(1, at + 1).value == ANSWER
    assert page.auto_filter.ref == "A1:AJ1001"
    assert not page.cell(4, at + 1).protection.locked
    names = parts_of(marked((EXAMPLE / ZONE).read_bytes()))["xl/workbook.xml"].decode()
    assert "问题整改台账!$A$1:$AJ$1001" in names
    assert "督导检查记录!$A$1:$R$1001" in names


def test_a_sheet_without_anything_to_verify_has_no_column_for_replies() -> None:
    page = sheets(marked((EXAMPLE / ZONE).read_bytes()))[REPORT]
    assert [cell.value for cell in page[1]][3:] == [FAULTS]
    assert page["D3"].value == "【必改】“统计年份”：请核对"


def test_a_cell_is_coloured_as_long_as_its_words_stand_beside_its_row() -> None:
    page = sheets(marked((EXAMPLE / ZONE).read_bytes()))[LEDGER]
    rules = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in page.conditional_formatting}
    assert rules["E2:E5"][-1] == 'ISNUMBER(FIND("【必改】“发现日期”",$AI2))'
    assert rules["C4:C5"] == ['ISNUMBER(FIND("【必改】C4:C5",$AI4))']
    assert rules["AH1"] == ['LEN("【必改】")>0']


def test_the_first_sheet_lists_the_gravest_first_with_links_inside_the_workbook() -> None:
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    page = book[LIST]
    assert book.sheetnames[0] == LIST
    assert book.active.title == LIST
    assert page["A1"].value == "【校验】问题清单（必改 6 处，请核实 1 处，提示 1 处）"
    lines = [tuple(cell.value for cell in row[:3]) for row in page.iter_rows(min_row=4)]
    assert lines[:3] == [("必改", RECORDS, "整张表"), ("必改", REPORT, "B3"), ("必改", LEDGER, "C4:C5")]
    assert [line[0] for line in lines] == ["必改"] * 6 + ["请核实", "提示"]
    assert page["C5"].hyperlink.location == f"'{REPORT}'!B3"
    assert page["C5"].hyperlink.target is None


def test_a_note_stands_below_what_the_clerk_noted() -> None:
    page = sheets(marked(rich()))[LEDGER]
    assert page["E2"].comment.text == "问过学校\n【校验】必改：请核对"
    assert page["C4"].comment.text.startswith("待补\n【校验】必改：请核对\n请核实：请核对")
    assert page["L3"].comment.text == "[Threaded comment] 再问一次"
    assert page["A2"].comment.text == "【校验】提示：请核对"


def test_a_note_is_as_large_as_its_words() -> None:
    long = told("E2", "发现日期", said="请核对这两个日期" * 40)
    boxes = [
        parts_of(marked((EXAMPLE / ZONE).read_bytes(), (one,)))["xl/drawings/vmlDrawing1.vml"]
        for one in (long, TOLD[0])
    ]
    anchors = [re.findall(rb"<x:Anchor>([^<]*)<", box)[-1].split(b",") for box in boxes]
    bottoms = [tuple(map(int, anchor[6:])) for anchor in anchors]  # a row, and how far within it
    assert bottoms[0] > bottoms[1]


def test_an_own_sheet_called_like_the_list_stays() -> None:
    own = sheets((EXAMPLE / ZONE).read_bytes())
    own.create_sheet(LIST)["A1"] = "我自己的清单"
    content = io.BytesIO()
    own.save(content)
    book = sheets(marked(content.getvalue()))
    assert book.sheetnames[0] == f"{LIST}（校验）"
    assert book[LIST]["A1"].value == "我自己的清单"
    assert sheets(unmarked(marked(content.getvalue()))).sheetnames == own.sheetnames


def test_a_workbook_bears_which_file_it_was_and_how_often_it_came_back() -> None:
    content = (EXAMPLE / ZONE).read_bytes()
    first = Lineage.of(content)
    assert first.round == 0
    once = marked(content)
    assert Lineage.of(once) == Lineage(first.origin, 1)
    assert Lineage.of(marked(once)) == Lineage(first.origin, 2)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", (EXAMPLE / ZONE).read_bytes()[:4000]])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnmarkableError):
        marked(content)


# What is taken off ---------------------------------------------------------------------------------------------------


@ours
def test_marks_are_taken_off_exactly(content: bytes) -> None:
    before, after = parts_of(content), parts_of(unmarked(marked(content)))
    assert list(before) == list(after)
    assert [name for name in before if canonical(name, before[name]) != canonical(name, after[name])] == []


@ours
def test_a_workbook_marked_twice_is_one_marked_once(content: bytes) -> None:
    lineage = Lineage("0", 1)
    once = mark(content, ZONE_REPORT, TOLD, lineage)
    assert mark(once, ZONE_REPORT, TOLD, lineage) == once
    others = mark(once, ZONE_REPORT, TOLD[:2], lineage)
    assert mark(others, ZONE_REPORT, TOLD, lineage) == once


def test_a_workbook_without_marks_is_left_as_it_is() -> None:
    assert unmarked(rich()) == rich()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@ours
def test_marks_are_taken_off_what_another_program_has_saved(content: bytes, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    (tmp_path / BOOK).write_bytes(marked(content))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(tmp_path / BOOK)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    content = (saved / BOOK).read_bytes()
    assert Lineage.of(content).round == 1
    book = sheets(unmarked(content))
    assert LIST not in book.sheetnames
    text = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    text += [cell.comment.text for page in book for row in page.iter_rows() for cell in row if cell.comment]
    text += [rule.formula[0] for page in book for area in page.conditional_formatting for rule in area.rules]
    assert [words for words in text if "【校验】" in words or "【必改】" in words] == []
    assert book[LEDGER].auto_filter.ref == "A1:AH1001"
    plain, _, _ = as_read((EXAMPLE / ZONE).read_bytes(), tmp_path / BOOK)
    assert as_read(content, tmp_path / BOOK)[0] == plain
    assert sheets(mark(content, ZONE_REPORT, TOLD, Lineage("0", 2))).sheetnames[0] == LIST


# What is read --------------------------------------------------------------------------------------------------------


def _without_list(book: Workbook) -> None:
    del book[LIST]


def _list_renamed(book: Workbook) -> None:
    book[LIST].title = "问题"


def _list_without_title(book: Workbook) -> None:
    book[LIST].delete_rows(1, 2)


def _headings_deleted(book: Workbook) -> None:
    for name in (LEDGER, REPORT):
        book[name].cell(1, column_of(book[name], FAULTS)).value = None


def _some_words_deleted(book: Workbook) -> None:
    page = book[LEDGER]
    page.cell(2, column_of(page, FAULTS)).value = None
    page.cell(4, column_of(page, FAULTS)).value = "【必改】"


def _columns_moved(book: Workbook) -> None:
    page = book[LEDGER]
    for heading in (FAULTS, ANSWER):
        at = column_of(page, heading)
        texts = [page.cell(line, at).value for line in range(1, 6)]
        page.delete_cols(at)
        page.insert_cols(3)
        for line, text in enumerate(texts, 1):
            page.cell(line, 3).value = text


def _words_copied_to_new_rows(book: Workbook) -> None:
    page = book[LEDGER]
    page.cell(9, column_of(page, FAULTS)).value = page.cell(2, column_of(page, FAULTS)).value


def _reply_left_alone(book: Workbook) -> None:
    page = book[LEDGER]
    page.cell(4, column_of(page, ANSWER)).value = "已核实，无误"
    page.delete_cols(column_of(page, FAULTS))


@pytest.mark.parametrize(
    "state",
    [
        lambda _: None,
        _without_list,
        _list_renamed,
        _list_without_title,
        _headings_deleted,
        _some_words_deleted,
        _columns_moved,
        _words_copied_to_new_rows,
        _reply_left_alone,
    ],
)
def test_marks_in_any_state_are_no_data(state: Callable[[Workbook], None], tmp_path: Path) -> None:
    plain = as_read((EXAMPLE / ZONE).read_bytes(), tmp_path / BOOK)
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    state(book)
    content = io.BytesIO()
    book.save(content)
    assert as_read(content.getvalue(), tmp_path / BOOK)[:2] == plain[:2]
    assert "【校验】" not in "".join(as_read(unmarked(content.getvalue()), tmp_path / BOOK)[1])


def test_rows_inserted_sorted_and_deleted_are_read_as_without_marks(tmp_path: Path) -> None:
    def changed(content: bytes) -> tuple[list[list[object]], list[str]]:
        book = sheets(content)
        page = book[LEDGER]
        page.move_range("A5:AK5", rows=3)
        page.delete_rows(3)
        saved = io.BytesIO()
        book.save(saved)
        return as_read(saved.getvalue(), tmp_path / BOOK)[:2]

    assert changed(marked((EXAMPLE / ZONE).read_bytes())) == changed((EXAMPLE / ZONE).read_bytes())


def test_a_renamed_sheet_is_recognized_with_marks_too(tmp_path: Path) -> None:
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    book[LEDGER].title = "台账改"
    content = io.BytesIO()
    book.save(content)
    assert as_read(content.getvalue(), tmp_path / BOOK)[0] == as_read((EXAMPLE / ZONE).read_bytes(), tmp_path / BOOK)[0]
    again = sheets(marked(content.getvalue()))
    assert again["台账改"].cell(1, column_of(again["台账改"], FAULTS)).value == FAULTS


def test_a_comment_is_reported_without_what_the_office_added(tmp_path: Path) -> None:
    issues = as_read(marked(rich()), tmp_path / BOOK)[1]
    assert issues == as_read(rich(), tmp_path / BOOK)[1]


def test_replies_are_read_with_the_codes_of_what_was_asked(tmp_path: Path) -> None:
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    page = book[LEDGER]
    page.cell(4, column_of(page, ANSWER)).value = "已向学校核实"
    content = io.BytesIO()
    book.save(content)
    _, _, raw = as_read(content.getvalue(), tmp_path / BOOK)
    assert raw.replies == {(BOOK, LEDGER, 4): Reply("已向学校核实", frozenset({CODE}))}


def test_replies_stay_in_a_workbook_that_is_marked_again() -> None:
    book = sheets(marked((EXAMPLE / ZONE).read_bytes()))
    page = book[LEDGER]
    page.cell(4, column_of(page, ANSWER)).value = "已向学校核实"
    content = io.BytesIO()
    book.save(content)
    again = sheets(marked(content.getvalue(), TOLD[:1]))[LEDGER]
    assert again.cell(4, column_of(again, ANSWER)).value == "已向学校核实"


# Many rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_20_000_rows_are_marked_in_five_seconds(tmp_path: Path) -> None:
    like = {
        "来源": "经常性督导",
        "学校": "杨柳教学点",
        "问题类别": "安全管理",
        "严重程度": "一般",
        "整改状态": "整改中",
    }
    like |= {"具体描述": "墙面开裂", "发现日期": "2024-03-0x"}
    rows = [{**like, "问题编号": f"WT-202403-{n // 999 + 1:02}-{n % 999 + 1:03}"} for n in range(20_000)]
    blanks.write(ZONE_REPORT, tmp_path / BOOK, rows={LEDGER: rows})
    content = (tmp_path / BOOK).read_bytes()
    issues = [told(f"E{n + 2}", "发现日期") for n in range(20_000)]
    start = time.process_time()
    once = mark(content, ZONE_REPORT, issues, Lineage("0", 1))
    assert time.process_time() - start < 5
    start = time.process_time()
    assert mark(once, ZONE_REPORT, issues, Lineage("0", 1)) == once
    assert time.process_time() - start < 10
    (tmp_path / BOOK).write_bytes(once)
    start = time.process_time()
    book, _ = read(tmp_path / BOOK, BOOK, ZONE_REPORT)
    assert time.process_time() - start < 5
    assert sum(map(len, book.sheets.values())) == 20_000
    assert len(re.findall(b"<comment ", parts_of(once)["xl/comments1.xml"])) == 500
