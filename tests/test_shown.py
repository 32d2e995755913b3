"""What cells show and what they store: numbers rounded or with words, struck-through text, comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from xlsxwriter import Workbook as XlsxWriter

from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY
from pipeline.forms.faults.fault import Normalisation
from pipeline.forms.office import Indicator
from pipeline.forms.registry import Inspector, Zone
from pipeline.intake.files.looks import Format, as_shown
from pipeline.intake.files.reading import read
from pipeline.intake.validation import validate
from tests.support.workbooks import write

ZONES = "督学责任区"
HEADINGS = ["责任区编号", "责任区名称", "主任", "办公地点", "启用日期", "停用日期"]
ROWS = [["Z01", "城关责任区", "张三", "城关镇", "2020-09-01"], ["Z02", "望溪责任区", "李四", "望溪镇", "2020-09-01"]]


def told(path: Path) -> list[str]:
    """The issues of the registry's zones, by number, severity and cell."""
    found = read(path, path.name, REGISTRY)[1]
    return [f"{i.number} {i.severity} {i.location.cell}" for i in found if i.number != "SH-01"]


def zones(tmp_path: Path, change: Callable[[Any], object]) -> Path:
    path = write(tmp_path / "名录.xlsx", {ZONES: [HEADINGS, *ROWS]})
    book = load_workbook(path)
    change(book[ZONES])
    book.save(path)
    return path


def indicator(tmp_path: Path, value: float, number_format: str) -> tuple[list[Any], list[Normalisation], list[str]]:
    """A number in that format: its rows, what was read differently from what is written, and the cell's issues."""
    path = tmp_path / "督导室月报.xlsx"
    book = Workbook()
    page = book.active
    page.title = Indicator.sheet_title()
    page.append([column.label for column in Indicator.columns()])
    page.append([column.example for column in Indicator.columns()])
    cell = next(cell for cell in page[2] if page.cell(1, cell.column).value == "本期值")
    cell.value, cell.number_format = value, number_format
    book.save(path)
    raw, found = read(path, path.name, OFFICE_REPORT)
    checked = validate(Indicator, raw.sheets[Indicator])
    said = [f"{i.number} {i.severity} {i.sentence}" for i in found if i.location.cell == cell.coordinate]
    return checked.rows, [n for n in checked.normalisations if n.label == "本期值"], said


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (58.33333333333334, "0", "58"),
        (58.5, "0", "59"),
        (58.45, "0.0", "58.5"),
        (1234.567, "#,##0.00", "1234.57"),
        (1234.567, '_ * #,##0.0_ ;_ * \\-#,##0.0_ ;_ * "-"??_ ;_ @_ ', "1234.6"),
        (0.58333, "0%", "58"),
        (0.58333, "0.0%", "58.3"),
    ],
)
def test_a_number_shown_rounded_is_taken_as_it_is_shown_and_listed(
    tmp_path: Path, value: float, number_format: str, shown: str
) -> None:
    (row,), (taken,), said = indicator(tmp_path, value, number_format)
    assert (f"{row.current.normalize():f}", taken.taken, said) == (shown, shown, [])


def test_what_was_stored_is_listed_beside_what_is_shown(tmp_path: Path) -> None:
    _, (taken,), _ = indicator(tmp_path, 58.25, "0")
    assert (taken.number, taken.written, taken.taken) == ("NM-30", "58.25", "58")


@pytest.mark.parametrize("code", ["0", "0.00", "0%"])
def test_a_number_beyond_all_digits_is_shown_as_it_is(code: str) -> None:
    look = Format.of(code)
    assert look is not None
    assert float(str(as_shown(1e30, look)).removesuffix("%")) in (1e30, 1e32)


@pytest.mark.parametrize(("value", "number_format"), [(58.25, "General"), (58.25, "0.00"), (58, "0"), (58.25, "@")])
def test_a_number_that_is_shown_whole_is_left_as_it_is(tmp_path: Path, value: float, number_format: str) -> None:
    (row,), taken, said = indicator(tmp_path, value, number_format)
    assert (float(row.current), taken, said) == (value, [], [])


@pytest.mark.parametrize(
    ("number_format", "said"),
    [
        ('0"块"', "SH-34 提示"),
        ('"约"0', "SH-34 提示"),
        ("0块", "SH-34 提示"),
        ('0!.0,"万"', "SH-35 请核实"),
        ("# ?/?", "SH-35 请核实"),
        ("0,", "SH-35 请核实"),
        ('General"人"', "SH-34 提示"),
        ('"第"General"名"', "SH-34 提示"),
        ('[>100]"较多";"较少"', "SH-35 请核实"),
        ('"已完成"', "SH-35 请核实"),
        (";;;", "SH-35 请核实"),
    ],
)
def test_a_format_that_shows_more_than_the_number_is_reported(tmp_path: Path, number_format: str, said: str) -> None:
    (row,), _, (words,) = indicator(tmp_path, 58.0, number_format)
    assert row.current == 58
    assert words.startswith(said)
    assert number_format in words


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "@",
        "yyyy-mm-dd",
        'yyyy"年"m"月"d"日"',
        "[$-804]yyyy/m/d;@",
        "h:mm:ss",
        "[h]:mm",
        "mm:ss",
        "[Red]General",
        "General;-General;0",
        "",
    ],
)
def test_dates_times_and_texts_are_no_rounded_numbers(code: str) -> None:
    assert Format.of(code) is None


@pytest.mark.parametrize("code", ['yyyy"年"m"月"', "yyyy-mm", "mmm-yy", 'm"月中旬"'])
def test_a_day_of_which_no_more_than_the_month_is_shown_is_asked(tmp_path: Path, code: str) -> None:
    def a_month(page: Any) -> None:
        page["E2"], page["E2"].number_format = datetime(2020, 9, 1), code
        page["E3"], page["E3"].number_format = datetime(2020, 9, 1), 'yyyy"年"m"月"d"日"'

    path = zones(tmp_path, a_month)
    assert told(path) == ["SH-40 请核实 E2"]
    (issue,) = (i for i in read(path, path.name, REGISTRY)[1] if i.number == "SH-40")
    assert "读入的是 2020-09-01" in issue.sentence


def test_a_column_of_months_may_show_months(tmp_path: Path) -> None:
    path = tmp_path / "名录.xlsx"
    book = Workbook()
    page = book.active
    page.title = Inspector.sheet_title()
    page.append([column.label for column in Inspector.columns()])
    page.append(["DX001", "张三", "男", datetime(1971, 3, 1)])
    page["D2"].number_format = "yyyy-mm"
    book.save(path)
    assert [line for line in told(path) if line.endswith("D2")] == []


def test_words_that_a_format_adds_to_a_text_are_reported(tmp_path: Path) -> None:
    def add(page: Any) -> None:
        page["D2"].number_format = '@"中心小学"'

    path = zones(tmp_path, add)
    assert told(path) == ["SH-34 提示 D2"]
    (issue,) = (i for i in read(path, path.name, REGISTRY)[1] if i.number == "SH-34")
    assert "读入的只是“城关镇”，格式中的“中心小学”没有读入" in issue.sentence


def test_a_row_that_is_struck_through_is_asked_once(tmp_path: Path) -> None:
    def strike(page: Any) -> None:
        for cell in page[3]:
            cell.font = Font(strike=True)

    assert told(zones(tmp_path, strike)) == ["SH-36 请核实 A3:E3"]


def test_a_cell_that_is_struck_through_is_asked(tmp_path: Path) -> None:
    def strike(page: Any) -> None:
        page["C2"].font = Font(strike=True)
        page["F9"].font = Font(strike=True)  # a blank cell
        page["A1"].font = Font(strike=True)  # a heading

    assert told(zones(tmp_path, strike)) == ["SH-37 请核实 C2"]


def test_words_of_a_cell_that_are_struck_through_are_asked(tmp_path: Path) -> None:
    def strike(page: Any) -> None:
        page["C2"] = CellRichText(TextBlock(InlineFont(strike=True), "王五"), "张三")
        page["D2"] = CellRichText(TextBlock(InlineFont(b=True), "城关"), "镇")

    assert told(zones(tmp_path, strike)) == ["SH-37 请核实 C2"]
    book = XlsxWriter(tmp_path / "又.xlsx")
    page, struck = book.add_worksheet(ZONES), book.add_format({"font_strikeout": True})
    for number, row in enumerate([HEADINGS, *ROWS]):
        page.write_row(number, 0, row)
    page.write_rich_string("C3", struck, "王五", "李四")
    book.close()
    assert told(tmp_path / "又.xlsx") == ["SH-37 请核实 C3"]


def test_a_line_through_text_that_is_switched_off_is_none(tmp_path: Path) -> None:
    def strike(page: Any) -> None:
        page["C2"].font = Font(strike=False)

    assert told(zones(tmp_path, strike)) == []


def test_a_comment_on_a_blank_cell_of_a_row_is_quoted(tmp_path: Path) -> None:
    def remark(page: Any) -> None:
        page["F2"].comment = Comment("年底停用", "办公室")

    assert told(zones(tmp_path, remark)) == ["SH-38 提示 F2"]


def test_a_comment_on_a_cell_that_is_read_is_quoted(tmp_path: Path) -> None:
    def remark(page: Any) -> None:
        page["C2"].comment = Comment("九月起由王五接任，" * 20, "办公室")
        page["A1"].comment = Comment("表头", "办公室")
        page["B30"].comment = Comment("空格", "办公室")

    path = zones(tmp_path, remark)
    assert told(path) == ["SH-38 提示 C2"]
    (issue,) = (i for i in read(path, path.name, REGISTRY)[1] if i.number == "SH-38")
    assert issue.sentence.startswith("这一格有批注“九月起由王五接任，")
    assert len(issue.sentence) < 120
    assert validate(Zone, read(path, path.name, REGISTRY)[0].sheets[Zone]).rows[0].head.startswith("张三")
