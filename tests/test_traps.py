"""Every trap that a clerk's file can set: what the reader says of it, cell by cell; and that nothing ends the run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from pydantic import TypeAdapter, ValidationError
from xlsxwriter import Workbook as XlsxWriter

from pipeline.forms.catalogue import FORMS, OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.cells import Broken, Integer, Number, PersonName, Text, clean
from pipeline.forms.codes import SchoolKind
from pipeline.forms.faults.catalogue import FAULTS, REASONS
from pipeline.forms.faults.cells import TY_20, TY_21, TY_22, TY_23
from pipeline.forms.faults.fault import Reason
from pipeline.forms.list_cells import Codes, Names, PersonNames, Texts
from pipeline.forms.registry import County, School
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem
from pipeline.intake.files import markup, sniffing
from pipeline.intake.files.folders import registries_above, workbooks
from pipeline.intake.files.reading import UnreadableError, read
from pipeline.intake.loading import load
from pipeline.intake.messages import cell_sentence, shown
from tests.support.reading import EXAMPLE, table
from tests.support.sheets import HEADINGS, SHEET, ZONE, Told, edited, packed, refilled, zones
from tests.support.workbooks import write

# Cells that hold no value --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!"])
def test_an_error_cell_is_named_and_its_row_blocked(tmp_path: Path, error: str) -> None:
    told = Told(refilled(zones(tmp_path), "E2", f't="e"><f>A1/0</f><v>{error}</v>'))
    assert told.rows == []
    assert told.words == [
        f"必改 《名录.xlsx》“督学责任区”表 E2“启用日期”：单元格里是公式错误 {error}，"
        f"请改正公式或直接填写数值（规则 TY-20）"
    ]


def test_an_error_in_an_optional_cell_is_no_blank(tmp_path: Path) -> None:
    told = Told(refilled(zones(tmp_path, [*ZONE[:5], "x"]), "F2", "t='e'><v>#N/A</v>"))
    assert [(issue.number, issue.location.cell, issue.written) for issue in told.issues] == [("TY-20", "F2", "#N/A")]


def test_an_error_in_a_list_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "名录.xlsx", {"学校名录": [["学校全称", "别名"], ["甲学校", "x"]]})
    told = Told(refilled(path, "B2", 't="e"><v>#REF!</v>'), School)
    assert "TY-20" in {issue.number for issue in told.issues if issue.location.cell == "B2"}


def test_a_formula_that_was_never_computed_is_named(tmp_path: Path) -> None:
    told = Told(zones(tmp_path, [*ZONE[:4], "=DATE(2020,9,1)", None]))
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 E2“启用日期”：公式未计算，请用 WPS 或 Excel 打开后保存（规则 TY-21）"
    ]
    assert told.issues[0].written == "=DATE(2020,9,1)"


def test_a_formula_with_a_value_is_accepted(tmp_path: Path) -> None:
    told = Told(refilled(zones(tmp_path), "B2", 't="str"><f>"城关"&amp;"责任区"</f><v>城关责任区</v>'))
    assert told.words == []
    assert [row.name for row in told.rows] == ["城关责任区"]


def test_a_formula_whose_result_is_an_empty_text_is_a_blank(tmp_path: Path) -> None:
    told = Told(refilled(zones(tmp_path, [*ZONE[:3], "x", *ZONE[4:]]), "D2", 't="str"><f>IF(A1="","",1)</f><v></v>'))
    assert told.words == []
    assert told.rows[0].place is None


def students(path: Path, formula: str, value: float, program: str) -> Told:
    """A school with a formula for its pupils, saved by that program."""
    book = XlsxWriter(path / "名录.xlsx")
    page = book.add_worksheet("学校名录")
    page.write_row(0, 0, ["学校全称", "在校生数"])
    page.write(1, 0, "甲学校")
    page.write_formula(1, 1, formula, None, value)
    book.close()
    edited(path / "名录.xlsx", ' fullCalcOnLoad="1"', "", "xl/workbook.xml")
    return Told(edited(path / "名录.xlsx", "Microsoft Excel", program, "docProps/app.xml"), School)


@pytest.mark.parametrize(
    ("value", "program", "doubted"),
    [
        (0, "SheetJS", True),
        (7, "SheetJS", False),
        (0, "Microsoft Excel", False),
        (0, "Microsoft Macintosh Excel", False),
        (0, "WPS 表格", False),
        (0, "WPS Office", False),
        (0, "LibreOffice/7.4.7.2$Linux_X86_64 LibreOffice_project/40$Build-2", False),
        (0, "Microsoft Excel Compatible / Openpyxl 3.1.5", True),
    ],
)
def test_a_zero_that_nobody_computed_is_doubted(tmp_path: Path, value: float, program: str, doubted: bool) -> None:
    told = [words for words in students(tmp_path, "=3+4", value, program).words if "SH-13" in words]
    assert told == doubted * [
        "请核实 《名录.xlsx》“学校名录”表 B2：公式的结果是 0，但保存这个文件的程序可能没有计算过；"
        "请用 WPS 或 Excel 打开，核对后保存（规则 SH-13）"
    ]


@pytest.mark.parametrize(
    "cell",
    [
        't="str"><f>_xlfn.DISPIMG("ID_1A",1)</f><v>=DISPIMG("ID_1A",1)</v>',
        't="e"><f>_xlfn.DISPIMG("ID_1A",1)</f><v>#NAME?</v>',
        't="inlineStr"><is><t>=DISPIMG("ID_1A",1)</t></is>',
        't="e" vm="1"><v>#VALUE!</v>',
    ],
)
def test_a_picture_in_a_cell_is_named(tmp_path: Path, cell: str) -> None:
    told = Told(refilled(zones(tmp_path), "B2", cell))
    assert [issue for issue in told.words if "B2" in issue] == [
        "必改 《名录.xlsx》“督学责任区”表 B2“责任区名称”：这是嵌在单元格里的图片，无法读取，请改填文字（规则 TY-22）"
    ]


def test_markup_is_found_under_a_prefix_and_in_single_quotes(tmp_path: Path) -> None:
    path = zones(tmp_path)
    with zipfile.ZipFile(path) as package:
        xml = package.read(SHEET).decode()
    prefixed = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")
    prefixed = re.sub(r'<x:c r="E2".*?</x:c>', "<x:c r='E2' t='e'><x:v>#N/A</x:v></x:c>", prefixed)
    told = Told(edited(path, xml, prefixed))
    assert [(issue.number, issue.location.cell) for issue in told.issues] == [("TY-20", "E2")]


# Sheets --------------------------------------------------------------------------------------------------------------


def test_merged_cells_over_rows_are_named_with_their_range(tmp_path: Path) -> None:
    second = ["Z02", "城西责任区", None, None, datetime(2020, 9, 1), None]
    told = Told(zones(tmp_path, ZONE, second, change=merging("E2:E3")))
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 E2:E3：单元格 E2:E3 已合并，只有左上角一格的内容能读到，"
        "请取消合并，逐格填写（内容相同的，每一格也都要填）（规则 SH-06）"
    ]
    assert [row.number for row in told.rows] == ["Z01"]


def test_a_row_of_which_a_merged_range_covers_any_cell_is_blocked_and_its_other_cells_are_asked(tmp_path: Path) -> None:
    second = ["Z02", "城西责任区", None, None, "八月", None]
    told = Told(zones(tmp_path, [*ZONE[:3], "甲楼", *ZONE[4:]], second, change=merging("D2:D3")))
    assert [(issue.number, issue.location.cell) for issue in told.issues] == [("SH-06", "D2:D3"), ("TY-04", "E3")]
    assert [row.number for row in told.rows] == ["Z01"]


@pytest.mark.parametrize("cells", ["A3:B3", "A3:F3", "A3:F6"])
def test_a_total_or_a_note_in_merged_cells_is_one_remark(cells: str, tmp_path: Path) -> None:
    told = Told(zones(tmp_path, ZONE, ["合计", None, None, 12], change=merging(cells)))
    assert [(issue.number, issue.location.cell) for issue in told.issues] == [("SH-16", "A3")]
    assert [row.number for row in told.rows] == ["Z01"]


def merging(cells: str) -> Callable[[Workbook], object]:
    return lambda book: book["督学责任区"].merge_cells(cells)


def test_a_merged_title_and_merged_blank_cells_hide_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "名录.xlsx", {"督学责任区": [["全县责任区一览"], HEADINGS, ZONE]})
    book = load_workbook(path)
    book["督学责任区"].merge_cells("A1:F1")
    book["督学责任区"].merge_cells("A9:F12")
    book.save(path)
    assert Told(path).words == []


def test_on_a_sheet_of_one_row_a_value_merged_with_its_note_hides_nothing(tmp_path: Path) -> None:
    labels = [column.label for column in County.columns()]
    path = write(
        tmp_path / "名录.xlsx", {"基础信息": [["项目", "填写内容", "填写说明"], *([label, "甲"] for label in labels)]}
    )
    book = load_workbook(path)
    book["基础信息"].merge_cells("B2:C2")
    book["基础信息"].merge_cells("B3:B4")
    book.save(path)
    assert [issue.location.cell for issue in Told(path, County).issues if issue.number == "SH-06"] == ["B3:B4"]


def test_hidden_rows_and_columns_with_data_are_counted(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        page = book["督学责任区"]
        for line in (3, 4, 6, 9):
            page.row_dimensions[line].hidden = True
        page.column_dimensions["B"].hidden = True
        page.column_dimensions["D"].hidden = True

    rows = [[f"Z0{n}", f"第{n}责任区", None, None, datetime(2020, 9, 1), None] for n in range(1, 6)]
    told = Told(zones(tmp_path, *rows, change=hide))
    assert told.words == [
        "提示 《名录.xlsx》“督学责任区”表："
        "有 3 行被隐藏（3–4、6），其中的内容已照常读入，请核对是否应当填报（规则 SH-07）",
        "提示 《名录.xlsx》“督学责任区”表：有 1 列被隐藏（B），其中的内容已照常读入，请核对是否应当填报（规则 SH-07）",
    ]
    assert len(told.rows) == 5


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_reported(tmp_path: Path, state: str) -> None:
    def hide(book: Workbook) -> None:
        book.create_sheet("填报说明")
        book["督学责任区"].sheet_state = state

    told = Told(zones(tmp_path, change=hide))
    assert told.words == [
        "提示 《名录.xlsx》“督学责任区”表：这张表被隐藏，已照常读入，请核对是否应当填报（规则 SH-08）"
    ]
    assert len(told.rows) == 1


@pytest.mark.parametrize("name", ["督学责任区 ", " 督学责任区", "督学责任区　", "督学 责任区"])
def test_blanks_in_the_name_of_a_sheet_are_forgiven(tmp_path: Path, name: str) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {name: [HEADINGS, ZONE]}))
    assert (told.words, len(told.rows)) == ([], 1)


@pytest.mark.parametrize(
    "copy",
    [
        "督学责任区 (2)",
        "督学责任区(2)",
        "督学责任区（2）",
        "督学责任区 副本",
        "督学责任区 - 副本",
        "督学责任区的副本",
        "督学责任区 ",
    ],
)
def test_a_copied_sheet_with_rows_is_an_ambiguity(tmp_path: Path, copy: str) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {copy: [HEADINGS, ZONE], "督学责任区": [HEADINGS, ZONE]}))
    assert told.words == [
        f"必改 《名录.xlsx》“督学责任区”表：“督学责任区”和“{copy}”两张表都在，后一张有内容却没有读入；"
        f"请把内容并入“督学责任区”，删去“{copy}”（规则 SH-09）"
    ]


def test_an_empty_copy_of_a_sheet_says_nothing(tmp_path: Path) -> None:
    assert (
        Told(write(tmp_path / "名录.xlsx", {"督学责任区": [HEADINGS, ZONE], "督学责任区 (2)": [HEADINGS]})).words == []
    )


def test_another_sheet_with_contents_is_named(tmp_path: Path) -> None:
    sheets: dict[str, Any] = {
        "督学责任区": [HEADINGS, ZONE],
        "填报说明": [["怎样填"]],
        "代码表": [["是"]],
        "Sheet1": [],
    }
    told = Told(write(tmp_path / "名录.xlsx", sheets | {"责任区": [["Z01"]], "草稿": [["甲"]]}))
    assert told.words == [
        "提示 《名录.xlsx》“责任区”表：这张表不是“名录”的表，是否应为“督学责任区”，没有读入；"
        "如要报送，请填到相应的表中（规则 SH-10）",
        "提示 《名录.xlsx》“草稿”表：这张表不是“名录”的表，没有读入；如要报送，请填到相应的表中（规则 SH-10）",
    ]


def test_a_heading_twice_is_named_with_both_cells(tmp_path: Path) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {"督学责任区": [[*HEADINGS, "主 任"], ZONE]}))
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 G1“主任”：“主任”出现了不止一次（C1、G1），不知以哪一处为准，"
        "请只留一处（规则 SH-11）"
    ]


def test_a_label_twice_on_a_sheet_of_one_row_is_named(tmp_path: Path) -> None:
    first = County.columns()[0].label
    lines = [["项目", "填写内容"], *([column.label, "甲"] for column in County.columns()), [first, "乙"], ["电话", "1"]]
    told = Told(write(tmp_path / "名录.xlsx", {"基础信息": lines}), County)
    last = len(lines) - 1
    assert [issue.sentence for issue in told.issues if issue.number in ("SH-11", "SH-03")] == [
        f"“{first}”出现了不止一次（A2、A{last}），不知以哪一处为准，请只留一处",
        "“电话”不是本表的行，这一行没有读入，请核对名称",
    ]


def test_a_column_with_contents_and_no_heading_is_named(tmp_path: Path) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {"督学责任区": [HEADINGS, ZONE, [*ZONE, "备用"]]}))
    assert told.words[0] == (
        "必改 《名录.xlsx》“督学责任区”表 G3：G3 没有列名，其中的内容没有读入；"
        "请补上列名，或删去多余的内容（规则 SH-12）"
    )


# Numbers, days and times ---------------------------------------------------------------------------------------------


def test_an_identity_number_typed_as_a_number_has_lost_its_digits(tmp_path: Path) -> None:
    told = Told(zones(tmp_path, [110101199001011234, *ZONE[1:]]))
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 A2“责任区编号”："
        "数字超过 15 位，末尾几位已被表格软件改成 0，请把单元格设为文本格式后重新填写（规则 TY-09）"
    ]


@pytest.mark.parametrize(
    ("value", "shown_as"), [("75%", "@"), ("７５％", "@"), (0.75, "0%"), (0.75, "0.00%"), (0.75, '0.0"分"%')]
)
def test_a_percentage_is_taken_as_the_number_before_its_mark(tmp_path: Path, value: object, shown_as: str) -> None:
    raw, _ = read(_scored(tmp_path, value, shown_as), "督导室月报.xlsx", OFFICE_REPORT)
    (row,) = raw.sheets[OFFICE_REPORT.sheet("评估结果")]
    notes: list[tuple[str, Reason]] = []
    number = TypeAdapter(Number).validate_python(row.values["得分"], context=lambda *note: notes.append(note))
    assert number == Decimal(75)
    assert [reason.number for _, reason in notes] == ["NM-08"]


def _scored(path: Path, value: object, shown_as: str) -> Path:
    path = write(path / "督导室月报.xlsx", {"评估结果": [["得分"], [value]]})
    book = load_workbook(path)
    book["评估结果"]["A2"].number_format = shown_as
    book.save(path)
    return path


def test_a_share_is_left_as_it_is_where_it_is_not_shown_as_a_percentage(tmp_path: Path) -> None:
    raw, _ = read(_scored(tmp_path, 0.75, "General"), "督导室月报.xlsx", OFFICE_REPORT)
    assert raw.sheets[OFFICE_REPORT.sheet("评估结果")][0].values["得分"] == 0.75


@pytest.mark.parametrize("written", ["75%", "1_000", "1e3", "1,2,3", "", "-", "%", "٣"])
def test_what_only_looks_like_a_whole_number_is_none(written: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Integer).validate_python(written)


@pytest.mark.parametrize(
    ("written", "number"), [("1,234", 1234), ("１２", 12), (" 12　", 12), ("-3", -3), (12.0, 12), ("12.0", 12)]
)
def test_a_whole_number_may_be_written_in_many_ways(written: object, number: int) -> None:
    assert TypeAdapter(Integer).validate_python(written) == number


def test_a_computed_number_is_taken_as_it_is_shown() -> None:
    assert TypeAdapter(Number).validate_python(0.1 + 0.2) == Decimal("0.3")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("><v>1e999</v>", "“inf”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ("><v>-45169</v>", "“-45169”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ("><v>9999999</v>", "“9999999”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ('s="1"><v>-5</v>', "“00:00:00”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ('s="1"><v>0.5</v>', "“12:00:00”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ('s="1"><v>2958466</v>', "“2958466”不是日期，请写作 2024-03-31，只知道年月的写作 2024-03"),
        ('t="d"><v>0023-08-31</v>', "“0023-08-31”的年份不对，请核对，写作 2024-03-31，只知道年月的写作 2024-03"),
        (
            't="inlineStr"><is><t>0023-08-31</t></is>',
            "“0023-08-31”的年份不对，请核对，写作 2024-03-31，只知道年月的写作 2024-03",
        ),
        (
            't="inlineStr"><is><t>2320-08-31</t></is>',
            "“2320-08-31”的年份不对，请核对，写作 2024-03-31，只知道年月的写作 2024-03",
        ),
    ],
)
def test_a_day_that_cannot_be_is_reported(tmp_path: Path, cell: str, told: str) -> None:
    assert [issue.sentence for issue in Told(refilled(zones(tmp_path), "E2", cell)).issues] == [told]


def test_a_day_so_absurd_that_the_reader_panics_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = refilled(zones(tmp_path), "E2", 's="1"><v>-1e300</v>')
    with pytest.raises(UnreadableError):
        read(path, "名录.xlsx", REGISTRY)


@pytest.mark.parametrize(("number_format", "value"), [("[h]:mm", 1.5), ("hh:mm", 0.5)])
def test_a_time_or_a_duration_where_text_is_asked_is_text(tmp_path: Path, number_format: str, value: float) -> None:
    def write_time(book: Workbook) -> None:
        book["督学责任区"]["B2"] = value
        book["督学责任区"]["B2"].number_format = number_format

    assert Told(zones(tmp_path, change=write_time)).words == []


def test_days_counted_from_1904_are_read_and_their_serials_refused(tmp_path: Path) -> None:
    path = zones(tmp_path)
    edited(path, "<workbookPr/>", '<workbookPr date1904="1"/>', "xl/workbook.xml")
    refilled(path, "E2", 's="1"><v>42613</v>')
    assert Told(path).rows[0].started == date(2020, 9, 1)
    refilled(path, "E2", "><v>42613</v>")
    assert [issue.sentence for issue in Told(path).issues] == [
        "这个工作簿从 1904 年起算日期，数字 42613 说不清是哪一天，请写作 2024-03-31，只知道年月的写作 2024-03"
    ]


# Text ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as", "noted"),
    [
        (" 城关　", "城关", False),
        ("\u00a0城关\u00a0", "城关", False),
        ("城\u200b关", "城关", True),
        ("\ufeff城关", "城关", True),
        ("城\x01关", "城关", True),
        ("城\r\n关", "城\n关", False),
        ("城\x0b关", "城\n关", False),
        ("城\u202e关\u2066一\u2069", "城关一", True),
        ("城\u200d关", "城关", True),
        ("👩\u200d👩\u200d👧 一家", "👩\u200d👩\u200d👧 一家", False),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥", False),
        ("ᠠ\u180eᠨ", "ᠠ\u180eᠨ", False),
        ("IMG_x2023_0815.jpg", "IMG_x2023_0815.jpg", False),
        ("Ａ座（１）室", "Ａ座（１）室", False),
        ("ＡＢＣ_x_", "ＡＢＣ_x_", False),
    ],
)
@pytest.mark.parametrize("kind", [Text, Texts, Names])
def test_invisible_characters_are_removed_and_the_removal_told(
    kind: Any, written: str, read_as: str, noted: bool
) -> None:
    notes: list[str] = []
    value = TypeAdapter(kind).validate_python(written, context=lambda _, reason: notes.append(reason.number))
    assert value == (read_as if kind is Text else tuple(read_as.split("\n")))
    assert notes == (["NM-01"] if noted else [])


SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13460)}
"""Marks of Arabic, Syriac, Kaithi and Egyptian, which Unicode calls format characters (Cf) though they have a shape."""


def test_a_format_character_of_unicode_stays_between_two_others_only_if_it_is_seen() -> None:
    found = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"}
    assert {code for code in found if clean(f"城{chr(code)}关") != "城关"} == found & SEEN


@pytest.mark.parametrize("kind", ["shared", "inline", "formula"])
@pytest.mark.parametrize(
    ("stored", "read_as"),
    [
        ("IMG_x005F_x2023_0815.jpg", "IMG_x2023_0815.jpg"),  # as Excel stores a text that looks like an escape
        ("IMG_x005F_x0041_.jpg", "IMG_x0041_.jpg"),
        ("IMG_x2023_0815.jpg", "IMG_x2023_0815.jpg"),  # as openpyxl stores it
        ("城_x000D_&#10;关", "城\n关"),
        ("城_x0001_关", "城关"),
        ("城_x000B_关", "城\n关"),
    ],
)
def test_an_escaped_character_is_unescaped_once(tmp_path: Path, kind: str, stored: str, read_as: str) -> None:
    path = zones(tmp_path)
    if kind == "shared":
        with XlsxWriter(path) as book:
            page = book.add_worksheet("督学责任区")
            for number, row in enumerate((HEADINGS, [*ZONE[:4], "2020-09-01"])):
                page.write_row(number, 0, row)
        edited(path, "城关责任区", stored, "xl/sharedStrings.xml")
    else:
        cell = {"inline": f't="inlineStr"><is><t>{stored}</t></is>', "formula": f't="str"><f>F2</f><v>{stored}</v>'}
        refilled(path, "B2", cell[kind])
    assert Told(path).rows[0].name == read_as


def test_the_removal_is_reported_with_its_cell(tmp_path: Path) -> None:
    told = Told(zones(tmp_path, ["Z01", "城\u200b关责任区", *ZONE[2:]]))
    assert [(str(item.location), item.taken, item.reason) for item in told.normalisations] == [
        ("《名录.xlsx》“督学责任区”表 B2", "城关责任区", "去掉了看不见的控制字符")
    ]


@pytest.mark.parametrize(
    ("written", "read_as", "noted"),
    [
        ("张三", "张三", False),
        ("张 三", "张三", True),
        ("张　三", "张三", True),
        (" 张  三 ", "张三", True),
        ("张　三（督学）", "张三（督学）", True),
        ("张三 （督学）", "张三 （督学）", False),
        ("欧阳 三", "欧阳 三", False),
        ("张 三 丰", "张 三 丰", False),
        ("全体 督学", "全体 督学", False),
    ],
)
@pytest.mark.parametrize("kind", [PersonName, PersonNames])
def test_a_name_of_two_characters_that_is_padded_to_three_is_read_without_the_blank(
    kind: Any, written: str, read_as: str, noted: bool
) -> None:
    notes: list[str] = []
    value = TypeAdapter(kind).validate_python(written, context=lambda _, reason: notes.append(reason.number))
    assert value == (read_as if kind is PersonName else (read_as,))
    assert notes == (["NM-10"] if noted else [])


def test_codes_are_compared_in_half_width_without_blanks() -> None:
    notes: list[str] = []
    code = next(iter(SchoolKind))
    kind = TypeAdapter(Codes[SchoolKind])
    assert kind.validate_python(f" {code}\u200b ；", context=lambda _, reason: notes.append(reason.number)) == (code,)
    assert notes == ["NM-01"]


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("甲（乙；丙；丁", ["甲（乙", "丙", "丁"]),
        ("“甲；乙", ["“甲", "乙"]),
        ("甲）；乙", ["甲）", "乙"]),
        ("《甲；乙》；丙（丁", ["《甲；乙》", "丙（丁"]),
        ("《甲（乙；丙》；丁", ["《甲（乙；丙》", "丁"]),
        ("甲（乙;丙)；丁", ["甲（乙;丙)", "丁"]),
        ("甲（乙\n丙）；丁", ["甲（乙", "丙）", "丁"]),
    ],
)
def test_a_mark_without_its_counterpart_swallows_nothing(written: str, items: list[str]) -> None:
    (column,) = [column for column in School.columns() if column.label == "别名"]
    assert column.many is not None
    assert column.many.split(written) == items


# Large sheets --------------------------------------------------------------------------------------------------------


def test_a_formatted_cell_on_the_last_line_costs_nothing(tmp_path: Path) -> None:
    def touch(book: Workbook) -> None:
        book["督学责任区"]["C1048576"].number_format = "0%"

    path = zones(tmp_path, change=touch)
    told = Told(path)
    assert (told.words, len(told.rows)) == ([], 1)


@pytest.mark.parametrize("address", ["C1048576", "XFD900"])
def test_a_cell_far_away_is_named_and_the_sheet_not_read(tmp_path: Path, address: str) -> None:
    def stray(book: Workbook) -> None:
        book["督学责任区"][address] = "x"

    path = zones(tmp_path, change=stray)
    assert Told(path).words == [
        f"必改 《名录.xlsx》“督学责任区”表 {address}：单元格 {address} 有内容，离表格太远，"
        "这张表因此过大，没有读入；请删去多余的内容后保存（规则 SH-14）"
    ]


@pytest.mark.parametrize(("lines", "columns", "told"), [(20, 10, ""), (30, 10, ""), (31, 10, "J31")])
def test_a_large_sheet_is_read_where_it_is_full(
    monkeypatch: pytest.MonkeyPatch, lines: int, columns: int, told: str
) -> None:
    monkeypatch.setattr(markup, "MOST_CELLS", 100)
    monkeypatch.setattr(markup, "MOST_CELLS_WRITTEN", 300)
    places = [markup.address((line, column)) for line in range(lines) for column in range(columns)]
    full, sparse = (
        b"<sheetData>"
        + "".join(f'<row r="1"><c r="{place}"><v>1</v></c></row>' for place in some).encode()
        + b"</sheetData>"
        for some in (places, [places[0], places[-1]])
    )
    assert markup.markup(full).remote == told
    assert markup.markup(sparse).remote == places[-1]


def test_a_wholly_formatted_sheet_without_values_is_an_empty_one(tmp_path: Path) -> None:
    path = write(tmp_path / "名录.xlsx", {"督学责任区": []})
    cells = "".join(f'<row r="{row}"><c r="XFD{row}" s="0"/></row>' for row in range(1, 1000))
    assert {
        issue.number
        for issue in Told(edited(path, "<sheetData></sheetData>", f"<sheetData>{cells}</sheetData>")).issues
    } == {"SH-02"}


def test_two_hundred_thousand_formatted_blank_lines_are_no_rows(tmp_path: Path) -> None:
    book = XlsxWriter(tmp_path / "名录.xlsx", {"constant_memory": True})
    page, bold = book.add_worksheet("督学责任区"), book.add_format({"bold": True})
    page.write_row(0, 0, HEADINGS)
    page.write_row(1, 0, ["Z01", "城关责任区", "", "", "2020-09-01"])
    for line in range(2, 200_000):
        page.write_blank(line, 0, None, bold)
        page.write_blank(line, 5, None, bold)
    book.close()
    told = Told(tmp_path / "名录.xlsx")
    assert (told.words, len(told.rows)) == ([], 1)


def test_twenty_thousand_rows_are_read_and_validated(tmp_path: Path) -> None:
    examples = [row for path in sorted(EXAMPLE.glob("责任区月报*.xlsx")) for row in table(path, "问题整改台账")]
    book = XlsxWriter(tmp_path / "责任区月报.xlsx", {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("问题整改台账")
    page.write_row(0, 0, list(examples[0]))
    for line in range(1, 20_001):
        page.write_row(line, 0, list(examples[line % len(examples)].values()))
    book.close()
    told = Told(tmp_path / "责任区月报.xlsx", Problem, ZONE_REPORT)
    assert len(told.rows) == 20_000


# Files ---------------------------------------------------------------------------------------------------------------


def odd(*streams: str) -> bytes:
    """The first bytes of an OLE2 file with these streams in its directory."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + directory


def zipped(path: Path, **parts: str) -> bytes:
    packed(path / "zip", {name.replace("__", "/").replace("_", "."): text.encode() for name, text in parts.items()})
    return (path / "zip").read_bytes()


def real() -> bytes:
    return (EXAMPLE / "名录.xlsx").read_bytes()


FILES: list[tuple[str, Callable[[Path], bytes], str]] = [
    ("empty", lambda _: b"", "FL-10 这是空文件（0 字节），请重新复制或重新导出"),
    ("truncated", lambda _: real()[: len(real()) // 2], "FL-11 文件不完整或已损坏，请从原处重新复制"),
    ("zeros", lambda _: b"\0" * 9000, "FL-11 文件不完整或已损坏，请从原处重新复制"),
    (
        "encrypted",
        lambda _: odd("EncryptionInfo", "EncryptedPackage"),
        "FL-12 文件加了密码，无法读取；请先取消密码，保存后重新放入",
    ),
    (
        "xls",
        lambda _: odd("Workbook"),
        "FL-16 这其实是旧格式的表格（.xls 或 .et），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    ),
    (
        "doc",
        lambda _: odd("WordDocument", "Workbook"),
        "FL-21 这其实是文字文档（如 .docx），不是表格；请把内容填到空白表中",
    ),
    (
        "ods",
        lambda p: zipped(p, mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "FL-17 这其实是 .ods 格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    ),
    (
        "xlsb",
        lambda p: zipped(p, xl__workbook_bin=""),
        "FL-18 这其实是另一种格式的表格，请用原来的程序打开，另存为 .xlsx 后重新放入",
    ),
    (
        "csv",
        lambda _: "责任区编号,责任区名称\n".encode("gbk"),
        "FL-19 这其实是纯文本（如 .csv），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    ),
    (
        "utf-16",
        lambda _: "责任区编号\t责任区名称\n".encode("utf-16"),
        "FL-19 这其实是纯文本（如 .csv），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    ),
    (
        "html",
        lambda _: b"\xef\xbb\xbf<html><table></table></html>",
        "FL-20 这其实是网页格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    ),
    (
        "docx",
        lambda p: zipped(p, word__document_xml="<a/>"),
        "FL-21 这其实是文字文档（如 .docx），不是表格；请把内容填到空白表中",
    ),
    (
        "pptx",
        lambda p: zipped(p, ppt__presentation_xml="<a/>"),
        "FL-22 这其实是演示文稿（如 .pptx），不是表格；请把内容填到空白表中",
    ),
    ("pdf", lambda _: b"%PDF-1.7\n", "FL-23 这其实是 PDF 文件，不是表格；请找到原来的表格，另存为 .xlsx 后放入"),
    ("png", lambda _: b"\x89PNG\r\n\x1a\n", "FL-24 这其实是图片，不是表格；请找到原来的表格，另存为 .xlsx 后放入"),
    ("zip", lambda p: zipped(p, readme_txt="甲"), "FL-25 这其实是压缩包，请解压，把里面的 .xlsx 表格放入"),
    ("rar", lambda _: b"Rar!\x1a\x07\0", "FL-25 这其实是压缩包，请解压，把里面的 .xlsx 表格放入"),
    (
        "noise",
        lambda _: bytes(range(255, 0, -1)),
        "FL-01 这个文件无法读取，可能已损坏、加了密码或不是 .xlsx 格式；请打开核对，另存为 .xlsx 后重新放入",
    ),
]


@pytest.mark.parametrize(("content", "told"), [file[1:] for file in FILES], ids=[file[0] for file in FILES])
def test_a_file_that_is_no_workbook_is_reported_what_it_is(
    tmp_path: Path, content: Callable[[Path], bytes], told: str
) -> None:
    folder = tmp_path / "月"
    folder.mkdir()
    written = content(tmp_path)
    (folder / "望溪.xlsx").write_bytes(written)
    found, (issue,) = workbooks(folder)
    number, sentence = told.split(" ", 1)
    assert found == []
    assert str(issue) == f"《望溪.xlsx》：{sentence}（规则 {number}）"
    assert issue.severity == "必改"
    assert (folder / "望溪.xlsx").read_bytes() == written


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("suffix", "number"), [("xls", "FL-16"), ("ods", "FL-17"), ("csv", "FL-19"), ("html", "FL-20"), ("pdf", "FL-23")]
)
def test_what_an_office_suite_really_writes_is_recognised(tmp_path: Path, suffix: str, number: str) -> None:
    path = zones(tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = sniffing.fault_of(path.with_suffix(f".{suffix}"))
    assert found is not None
    assert found.number == number


def test_the_month_goes_on_without_a_hostile_or_broken_file(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    (folder / "坏.xlsx").write_bytes(real()[:20_000])
    (folder / "责任区月报-云岭责任区.xlsx").write_bytes(b"")
    month = load(folder)
    assert [str(issue.location) for issue in month.issues if issue.number in ("FL-10", "FL-11")] == [
        "《坏.xlsx》",
        "《责任区月报-云岭责任区.xlsx》",
    ]
    assert month.all(School)


def bomb(path: Path, *, declared: int | None) -> Path:
    """A workbook with a sheet that unpacks to 512 MB, and states its size or lies about it."""
    with zipfile.ZipFile(zones(path)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path / "名录.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            if name != SHEET:
                package.writestr(name, content)
        with package.open(SHEET, "w") as stream:
            for _ in range(512):
                stream.write(b" " * 2**20)
        if declared is not None:
            package.getinfo(SHEET).file_size = declared
    return path / "名录.xlsx"


@pytest.mark.parametrize("declared", [None, 1000])
def test_a_zip_bomb_is_reported_whatever_it_declares(tmp_path: Path, declared: int | None) -> None:
    bomb(tmp_path, declared=declared)
    found, (issue,) = workbooks(tmp_path)
    assert (found, issue.number) == ([], "FL-14")
    assert issue.sentence == "文件解压后超过 400 MB，没有读入；多半是给整行整列设了格式，请把内容粘贴到空白表中另存"


ENTITIES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "{}">]>'


@pytest.mark.parametrize(
    ("part", "root"), [(SHEET, "<worksheet"), ("xl/workbook.xml", "<workbook "), ("docProps/app.xml", "<Properties")]
)
def test_xml_entities_are_reported(tmp_path: Path, part: str, root: str) -> None:
    edited(zones(tmp_path), root, f"{ENTITIES}{root}", part)
    found, (issue,) = workbooks(tmp_path)
    assert (found, issue.number) == ([], "FL-15")
    assert issue.sentence == (
        "文件里含有表格不该有的内容（XML 文档类型声明），没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入"
    )


def test_entities_that_hide_behind_a_long_comment_are_not_expanded(tmp_path: Path) -> None:
    path = edited(zones(tmp_path), "<worksheet", f"<!--{'x' * 9000}-->{ENTITIES}<worksheet")
    refilled(path, "B2", 't="inlineStr"><is><t>&a;</t></is>')
    with pytest.raises(UnreadableError):
        read(path, "名录.xlsx", REGISTRY)


@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods", ".csv", ".xlsm", ".wps", ".numbers", ".XLS"])
def test_a_table_in_another_format_is_not_overlooked(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"责任区月报-望溪{suffix}").write_bytes(b"x")
    (tmp_path / f"附件{suffix}").write_bytes(b"x")
    assert [f"{issue.severity} {issue}" for issue in workbooks(tmp_path)[1]] == [
        f"必改 《责任区月报-望溪{suffix}》：{suffix} 文件没有读入；"
        f"请用 WPS 或 Excel 打开，另存为 .xlsx 后放入（规则 FL-30）",
        f"请核实 《附件{suffix}》：{suffix} 文件没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后放入（规则 FL-30）",
    ]


def test_a_form_in_another_format_is_known_by_its_sheets(tmp_path: Path) -> None:
    (tmp_path / "望溪.xlsm").write_bytes((EXAMPLE / "责任区月报-云岭责任区.xlsx").read_bytes())
    (issue,) = workbooks(tmp_path)[1]
    assert (issue.number, issue.severity) == ("FL-30", "必改")


def test_a_table_that_was_saved_anew_beside_is_only_mentioned(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "名录.xlsx", tmp_path)
    (tmp_path / "名录.xls").write_bytes(b"x")
    found, (issue,) = workbooks(tmp_path)
    assert len(found) == 1
    assert (
        str(issue)
        == "《名录.xls》：.xls 文件没有读入，读的是同名的 .xlsx；如 .xlsx 不是最新的，请重新另存（规则 FL-31）"
    )


@pytest.mark.parametrize("lock", ["~$名录.xlsx", ".~lock.名录.xlsx#", ".~名录.xlsx"])
def test_a_lock_file_tells_that_the_workbook_is_open(tmp_path: Path, lock: str) -> None:
    shutil.copy(EXAMPLE / "名录.xlsx", tmp_path)
    for name in (lock, "._名录.xlsx", "~$别的.xlsx", ".隐藏.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    found, issues = workbooks(tmp_path)
    assert [item.name for item in found] == ["名录.xlsx"]
    assert [f"{issue.severity} {issue}" for issue in issues] == [
        "提示 《名录.xlsx》：这个工作簿正在别的程序中打开，可能有改动还没有保存；请保存并关闭，再重新运行（规则 FL-32）"
    ]


@pytest.mark.parametrize("name", ["名 录 & (1)'#%.xlsx", "名录.XLSX", "名录\n二.xlsx", "名录\udce6.xlsx", "😀.xlsx"])
def test_a_workbook_may_be_called_anything(tmp_path: Path, name: str) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such names")
    shutil.copy(EXAMPLE / "名录.xlsx", tmp_path / name)
    (found,), issues = workbooks(tmp_path)
    assert issues == []
    assert found.name.isprintable()
    found.name.encode("utf-8")
    assert read(found.path, found.name, found.form)[0].sheets[School]


def test_a_registry_above_may_lie_among_broken_files(tmp_path: Path) -> None:
    (tmp_path / "2023-08").mkdir()
    (tmp_path / "A.xlsx").write_bytes(b"PK\x03\x04")
    shutil.copy(EXAMPLE / "名录.xlsx", tmp_path)
    assert [found.name for found in registries_above(tmp_path / "2023-08")] == ["名录.xlsx"]


# Odd, and right ------------------------------------------------------------------------------------------------------


def test_a_bad_date_in_the_properties_does_not_matter(tmp_path: Path) -> None:
    path = zones(tmp_path)
    with zipfile.ZipFile(path) as package:
        core = package.read("docProps/core.xml").decode()
    edited(path, core, re.sub(r"\d{4}-\d\d-\d\dT[^<]*", "昨天", core), "docProps/core.xml")
    with pytest.raises(ValueError, match=r"."):
        load_workbook(BytesIO(path.read_bytes()))
    assert Told(path).words == []


def test_a_bad_style_of_a_data_validation_does_not_matter(tmp_path: Path) -> None:
    rules = (
        '<dataValidations count="1"><dataValidation sqref="A2" type="list" errorStyle="错"><formula1>"甲"</formula1>'
    )
    path = edited(zones(tmp_path), "<pageMargins", f"{rules}</dataValidation></dataValidations><pageMargins")
    with pytest.raises(ValueError, match=r"."):
        load_workbook(BytesIO(path.read_bytes()))
    assert Told(path).words == []


def test_strict_ooxml_is_read(tmp_path: Path) -> None:
    path = zones(tmp_path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for transitional, strict in (
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ):
        parts = {
            name: content if name == "[Content_Types].xml" else content.replace(transitional.encode(), strict.encode())
            for name, content in parts.items()
        }
    packed(path, parts)
    assert (Told(path).words, len(Told(path).rows)) == ([], 1)
    assert [issue.number for issue in Told(refilled(path, "E2", 't="e"><v>#N/A</v>')).issues] == ["TY-20"]


def test_the_wrong_dimension_of_a_sheet_loses_no_row(tmp_path: Path) -> None:
    path = edited(zones(tmp_path, ZONE, ["Z02", *ZONE[1:]]), 'dimension ref="A1:F3"', 'dimension ref="A1"')
    assert len(Told(path).rows) == 2, "both rows"


@pytest.mark.parametrize("number_format", [27, 31, 36, 50, 57, 58])
def test_a_day_in_a_chinese_built_in_format_is_a_day(tmp_path: Path, number_format: int) -> None:
    path = refilled(zones(tmp_path), "E2", 's="1"><v>45169</v>')
    with zipfile.ZipFile(path) as package:
        styles = package.read("xl/styles.xml").decode()
    changed = re.sub(r'(<cellXfs.*?<xf .*?<xf [^>]*numFmtId=")\d+', rf"\g<1>{number_format}", styles, flags=re.DOTALL)
    assert Told(edited(path, styles, changed, "xl/styles.xml")).rows[0].started == date(2023, 8, 31)


def test_reading_loads_no_openpyxl() -> None:
    code = "import sys, pipeline.intake.files.folders, pipeline.intake.files.reading; print('openpyxl' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


# Promises ------------------------------------------------------------------------------------------------------------

COLUMNS = [(sheet, column) for form in FORMS for sheet in form.sheets for column in sheet.columns()]
RAW: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(),
    st.text("0123456789-./年月日%,_xX一十〇TFA（）《；、\x0b\u200b", max_size=12),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.builds(Broken, st.sampled_from([TY_20, TY_21, TY_22, TY_23]), st.text()),
)


def faults(sheet: type[Row], column: Column, raw: Any) -> Iterator[tuple[str, str]]:
    """Number and sentence of each fault of one value in one column."""
    field = sheet.model_fields[column.attribute]
    blank = {other.label: None for other in sheet.columns()}
    try:
        sheet.model_validate(blank | {column.label: raw})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if detail["loc"][0] == field.alias:
                details = dict(detail["ctx"])
                fault = details.pop("fault")
                yield fault.number, cell_sentence(fault, column, raw, details)


@settings(max_examples=60, deadline=None)
@given(RAW)
@example(float("nan"))
@example(float("inf"))
@example(10**400)
@example("9" * 5000)
@example(f"1{'0' * 5000}.5")
@example("\ud800")
@example(datetime.max)
def test_any_value_in_any_column_is_accepted_or_told_in_chinese(raw: Any) -> None:
    assert len(COLUMNS) > 230
    assert isinstance(shown(raw), str)
    for sheet, column in COLUMNS:
        for number, sentence in faults(sheet, column, raw):
            assert number in FAULTS
            assert re.search("[\u4e00-\u9fff]", sentence)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_workbook_ends_the_run(data: st.DataObject) -> None:
    content = bytearray((EXAMPLE / "责任区月报-云岭责任区.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "望溪.xlsx").write_bytes(content)
        found, issues = workbooks(Path(folder))
        for item in found:
            try:
                read(item.path, item.name, item.form)
            except (OSError, UnreadableError):
                continue
        assert found or issues


@pytest.mark.parametrize("number", [*sorted(n for n in FAULTS if n[:2] in ("FL", "SH", "NM", "TY")), *REASONS])
def test_every_number_has_a_sentence_of_its_own(number: str) -> None:
    sentences = [each.sentence for each in (*FAULTS.values(), *REASONS.values())]
    assert sentences.count((FAULTS.get(number) or REASONS[number]).sentence) == 1
