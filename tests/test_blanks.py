"""The blank workbooks: what a clerk finds in them, and that they are what the forms say."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.utility import xl_col_to_name

from pipeline.cli.verbs import main
from pipeline.forms.catalogue import FORMS, OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.cells import Ref, Text
from pipeline.forms.follows import TakenFrom
from pipeline.forms.registry import Inspector, School, Town, Zone
from pipeline.forms.schema import Column, Form, Row, column
from pipeline.intake.files.layout import CODES, EXAMPLE_MARK, INSTRUCTIONS, SINGLE_HEADING
from pipeline.workbooks import blanks, instructions
from pipeline.workbooks.dropdowns import typed_within
from tests.support.reading import EXAMPLE

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "input_templates" / "excel"
FORM_NAMES = [form.name for form in FORMS]
SHEETS = [pytest.param(form, sheet, id=sheet.sheet_title()) for form in FORMS for sheet in form.sheets]
LISTS = [
    pytest.param(form, sheet, id=sheet.sheet_title()) for form in FORMS for sheet in form.sheets if not sheet.single
]
SINGLES = [pytest.param(form, sheet, id=sheet.sheet_title()) for form in FORMS for sheet in form.sheets if sheet.single]
COLUMNS = [
    pytest.param(form, sheet, item, id=f"{sheet.sheet_title()}-{item.label}")
    for form in FORMS
    for sheet in form.sheets
    for item in sheet.columns()
]
RED, ORANGE, SLATE, PINK, GREY = "FF9C1C1C", "FFB45F06", "FF5B6B7F", "FFFFC7CE", "FF808080"
CHOICES = {
    School: ["东岭县望溪镇中心小学", "东岭县第一中学"],
    Zone: ["望溪责任区", "云岭责任区"],
    Town: ["望溪镇"],
    Inspector: ["李四"],
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blanks") / "made" / "on the way"
    blanks.write_all(folder)
    return folder


@pytest.fixture(scope="session")
def books(folder: Path) -> dict[str, Workbook]:
    return {form.name: load_workbook(folder / f"{form.name}.xlsx") for form in FORMS}


@pytest.fixture(scope="session")
def converted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """The blanks as saved by LibreOffice, in place of the suites that clerks use."""
    saved = _saved_again([folder / f"{form.name}.xlsx" for form in FORMS], tmp_path_factory.mktemp("converted"))
    return {path.stem: load_workbook(path) for path in saved}


def _saved_again(files: Sequence[Path], out: Path) -> list[Path]:
    """Workbooks as LibreOffice computes and saves them."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed: what another suite keeps of a blank cannot be seen")
    profile = (out / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=180)
    return [out / path.name for path in files]


def _write(tmp_path: Path, form: Form, **more: object) -> Workbook:
    blanks.write(form, tmp_path / "filled.xlsx", **more)  # type: ignore[arg-type]
    return load_workbook(tmp_path / "filled.xlsx")


def _validation(on: Worksheet, sheet: type[Row], item: Column) -> DataValidation:
    """The one validation of a column's first cell."""
    number = list(sheet.columns()).index(item)
    cell = f"B{number + 2}" if sheet.single else on.cell(2, number + 1).coordinate
    (found,) = (each for each in on.data_validations.dataValidation if cell in each.sqref)
    return found


def _listed(book: Workbook, validation: DataValidation) -> list[object]:
    """The words of a drop-down, by way of its defined name."""
    ((title, area),) = book.defined_names[validation.formula1].destinations
    assert title == CODES
    return [cell.value for (cell,) in book[title][area]]


# The files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORM_NAMES)
def test_the_committed_blank_is_what_the_form_gives_member_by_member(name: str, folder: Path) -> None:
    committed, made = (zipfile.ZipFile(place / f"{name}.xlsx") for place in (COMMITTED, folder))
    assert committed.namelist() == made.namelist()
    differing = [member for member in made.namelist() if committed.read(member) != made.read(member)]
    assert differing == [], "write the blanks anew: pipeline.workbooks.blanks.write_all(Path('input_templates/excel'))"


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_two_writes_give_identical_bytes(form: Form, tmp_path: Path) -> None:
    for name in ("one", "two"):
        blanks.write(form, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_blanks_are_named_after_the_forms(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.xlsx" for name in FORM_NAMES)


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_a_blank_says_which_form_and_which_version_it_is(form: Form, books: dict[str, Workbook]) -> None:
    properties = {item.name: item.value for item in books[form.name].custom_doc_props.props}
    assert properties == {"表单": form.name, "版本": form.version}


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_the_sheets_stand_between_the_instructions_and_the_hidden_codes(form: Form, books: dict[str, Workbook]) -> None:
    book = books[form.name]
    assert book.sheetnames == [INSTRUCTIONS, *(sheet.sheet_title() for sheet in form.sheets), CODES]
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == [CODES]


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_no_cell_is_merged_and_no_print_area_is_set(form: Form, books: dict[str, Workbook]) -> None:
    for sheet in books[form.name]:
        assert not sheet.merged_cells.ranges
        assert not sheet.print_area


# Headings and instructions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_the_heading_row_is_exactly_the_labels(form: Form, sheet: type[Row], books: dict[str, Workbook]) -> None:
    on = books[form.name][sheet.sheet_title()]
    assert [cell.value for cell in on[1]] == [item.label for item in sheet.columns()]


@pytest.mark.parametrize(("form", "sheet"), SINGLES)
def test_a_sheet_with_one_row_has_a_line_for_each_label(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    assert [cell.value for cell in on[1]] == list(SINGLE_HEADING)
    assert [row[0].value for row in on.iter_rows(min_row=2)] == [item.label for item in sheet.columns()]
    assert {row[1].value for row in on.iter_rows(min_row=2)} == {None}


@pytest.mark.parametrize(("form", "sheet", "item"), COLUMNS)
def test_the_heading_says_by_its_colour_whether_a_column_is_required_or_is_in_some_cases(
    form: Form, sheet: type[Row], item: Column, books: dict[str, Workbook]
) -> None:
    on, number = books[form.name][sheet.sheet_title()], list(sheet.columns()).index(item)
    heading = on.cell(number + 2, 1) if sheet.single else on.cell(1, number + 1)
    in_some_cases = item.needs or (item.required and isinstance(item.follows, TakenFrom))
    assert heading.fill.fgColor.rgb == (RED if item.needed else ORANGE if in_some_cases else SLATE)


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_the_instructions_tell_of_every_sheet_and_column(form: Form, books: dict[str, Workbook]) -> None:
    rows = list(books[form.name][INSTRUCTIONS].iter_rows(values_only=True))
    told = [(row[0], row[1], row[2]) for row in rows if row[2] and row[0] != "列名"]
    assert [(label, word) for label, _, word in told] == [
        (item.label, item.kind.word) for s in form.sheets for item in s.columns()
    ]
    words = {"是": "必填", "视情": "视情", "宜填": "宜填", "可留空": "可留空", None: "选填", "": "选填"}
    for (_, need, _), item in zip(told, (item for s in form.sheets for item in s.columns()), strict=True):
        assert instructions.need(item).startswith(words[need])
    text = "\n".join(str(row[0]) for row in rows)
    assert form.about in text
    assert all(sheet.about in text and sheet.sheet_title() in text for sheet in form.sheets)


# What Excel shows and checks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet", "item"), COLUMNS)
def test_every_column_has_a_prompt_that_says_how_to_fill_it(
    form: Form, sheet: type[Row], item: Column, books: dict[str, Workbook]
) -> None:
    found = _validation(books[form.name][sheet.sheet_title()], sheet, item)
    assert found.showInputMessage
    assert found.promptTitle == f"{item.label}（{instructions.need(item)}）"
    assert all(each.said(sheet.label_of) in found.prompt for each in item.needs)
    assert len(found.promptTitle) <= 32
    assert len(found.prompt) <= 255
    assert item.how in found.prompt
    assert item.limits.note.rstrip("。") in found.prompt
    assert item.example in found.prompt


@pytest.mark.parametrize(("form", "sheet", "item"), COLUMNS)
def test_a_code_list_is_offered_from_the_hidden_sheet_and_binds_unless_several_may_be_given(
    form: Form, sheet: type[Row], item: Column, books: dict[str, Workbook]
) -> None:
    book = books[form.name]
    found = _validation(book[sheet.sheet_title()], sheet, item)
    words = list(item.codes or item.limits.suggested)
    assert (found.type == "list") == bool(words or typed_within(form, item))
    if words:
        assert _listed(book, found) == words
        assert bool(found.showErrorMessage) == (not item.many)
        assert item.many or found.error


@pytest.mark.parametrize(("form", "sheet", "item"), COLUMNS)
def test_a_number_or_a_date_is_checked_as_such(
    form: Form, sheet: type[Row], item: Column, books: dict[str, Workbook]
) -> None:
    found = _validation(books[form.name][sheet.sheet_title()], sheet, item)
    checked = {"integer": "whole", "number": "decimal", "date": "date", "month": "date"}.get(item.kind.name)
    if checked is None:
        assert found.type in ("none", None, "list", "textLength")
        return
    assert (found.type, found.operator or "between") == (checked, "between")
    bounds = Decimal(found.formula1), Decimal(found.formula2)
    if checked == "date":
        assert bounds == (Decimal(1), Decimal(109574)), "1900-01-01 and 2199-12-31"
    for bound, limit in zip(bounds, (item.limits.minimum, item.limits.maximum), strict=True):
        assert checked == "date" or limit is None or bound == limit
    assert item.label in found.error


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_no_drop_down_holds_its_words_in_line(form: Form, folder: Path) -> None:
    package = zipfile.ZipFile(folder / f"{form.name}.xlsx")
    for member in package.namelist():
        if member.startswith("xl/worksheets/sheet"):
            rules = re.findall(
                r'<dataValidation type="list".*?<formula1>(.*?)</formula1>', package.read(member).decode()
            )
            assert all(re.fullmatch(r"\w+_\w+|已填的\w+", rule) for rule in rules)


def test_a_missing_required_cell_turns_pink_in_a_row_with_content_and_the_example_is_grey(
    books: dict[str, Workbook],
) -> None:
    on = books["名录"]["督学责任区"]
    rules = {str(area.sqref): rule for area in on.conditional_formatting for rule in area.rules}
    assert set(rules) == {"A2:A1001", "B2:B1001", "E2:E1001", "A2:F1001"}
    assert rules["B2:B1001"].formula == ["AND(COUNTA($A2:$F2)>0,LEN(TRIM(B2))=0)"]
    assert rules["B2:B1001"].dxf.fill.bgColor.rgb == PINK
    assert rules["A2:F1001"].formula == ['LEFT($A2,4)="【示例】"']
    assert rules["A2:F1001"].dxf.font.i
    assert rules["A2:F1001"].dxf.font.color.rgb == GREY


@pytest.mark.parametrize(("form", "sheet"), SINGLES)
def test_a_blank_required_value_of_a_single_row_is_pink(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    pink = {str(area.sqref) for area in on.conditional_formatting}
    assert not any(item.needs for item in sheet.columns()), "a single row has none in some cases so far"
    assert pink == {f"B{number}" for number, item in enumerate(sheet.columns(), 2) if item.required}


# Layout --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_input_columns_are_unlocked_and_formatted_to_the_bottom_and_the_heading_is_locked(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    assert on.protection.sheet is not bool(sheet.groups), "Excel folds no columns of a protected sheet"
    assert on.protection.password is None
    for item, heading in zip(sheet.columns(), on[1], strict=True):
        assert heading.protection.locked
        dimension = next(d for d in on.column_dimensions.values() if d.min <= heading.column <= d.max)
        assert not dimension.protection.locked
        assert dimension.number_format == item.kind.excel_format
    assert max(d.max for d in on.column_dimensions.values()) == 16384, "else Excel refuses to delete a row"


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_protected_sheet_still_lets_clerks_arrange_it(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    refused = ("formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter")
    assert not on.protection.sheet or [right for right in refused if getattr(on.protection, right)] == []
    assert on.auto_filter.ref


@pytest.mark.parametrize(("form", "sheet"), SINGLES)
def test_only_the_values_of_a_single_row_are_unlocked(form: Form, sheet: type[Row], books: dict[str, Workbook]) -> None:
    on = books[form.name][sheet.sheet_title()]
    unlocked = {cell.coordinate for row in on.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"B{number + 2}" for number in range(len(sheet.columns()))}
    formats = [on[f"B{number + 2}"].number_format for number in range(len(sheet.columns()))]
    assert formats == [item.kind.excel_format for item in sheet.columns()]


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_the_heading_stays_in_view_and_on_every_printed_page(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    in_view = 0 if sheet.single else sheet.in_view or int(len(sheet.columns()) > 8)
    assert on.freeze_panes == f"{'ABCD'[in_view]}2"
    assert on.print_title_rows == "$1:$1"
    assert (on.page_setup.paperSize, on.page_setup.orientation) == (9, "landscape")
    assert on.sheet_properties.pageSetUpPr.fitToPage
    assert "&P" in on.oddFooter.center.text


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_columns_are_wide_enough_for_their_labels_and_examples(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    for heading, example in zip(on[1], on[2], strict=True):
        dimension = next(d for d in on.column_dimensions.values() if d.min <= heading.column <= d.max)
        assert dimension.width >= ceil(len(heading.value.encode("gbk")) / 4) * 2, "a heading may take two lines"
        if example.number_format == "yyyy-mm-dd":
            assert dimension.width * 8 >= 10 * 22 / 3 + 5, "a day that has no room is shown as ####"


# Examples ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_blank_has_one_example_row_that_is_marked_as_such(
    form: Form, sheet: type[Row], books: dict[str, Workbook]
) -> None:
    on = books[form.name][sheet.sheet_title()]
    assert on.max_row == 2
    assert str(on["A2"].value).startswith(EXAMPLE_MARK)


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_the_example_row_is_a_valid_row(form: Form, sheet: type[Row], books: dict[str, Workbook]) -> None:
    first, *rest = (cell.value for cell in books[form.name][sheet.sheet_title()][2])
    values = [str(first).removeprefix(EXAMPLE_MARK) or None, *rest]
    row = sheet.model_validate(dict(zip((item.label for item in sheet.columns()), values, strict=True)))
    assert [rule.number for rule in sheet.rules() if not rule.needs_month and rule.holds(row) not in (True, ())] == []


@pytest.mark.parametrize("sheet", [sheet for form in FORMS for sheet in form.sheets if sheet.single])
def test_the_examples_of_a_single_row_make_a_valid_row(sheet: type[Row]) -> None:
    assert sheet.model_validate({item.label: item.example or None for item in sheet.columns()})


@pytest.mark.parametrize("sheet", [sheet for form in FORMS for sheet in form.sheets])
def test_what_an_example_refers_to_stands_in_another_example(sheet: type[Row]) -> None:
    assert [(item.label, name) for item in sheet.columns() for name in _unresolved(item)] == []


def _unresolved(item: Column) -> list[str]:
    """The names in a reference's example that no other example has."""
    known = {name for target, attribute in item.names() for name in _example_of(target, attribute)}
    return [name for name in _items(item) if item.targets and name not in known | set(item.limits.besides)]


def _example_of(sheet: type[Row], attribute: str) -> Iterator[str]:
    yield from _items(next(item for item in sheet.columns() if item.attribute == attribute))


def _items(item: Column) -> list[str]:
    return item.many.split(item.example) if item.many else [item.example] if item.example else []


# Filled workbooks ----------------------------------------------------------------------------------------------------


def test_a_filled_workbook_has_real_dates_and_numbers_where_the_csv_had_text(tmp_path: Path) -> None:
    inspector = {"督学编号": "DX001", "姓名": "李四", "出生年月": "1978-05", "到岗日期": "2021-09-01", "届次": "2"}
    on = _write(tmp_path, REGISTRY, rows={"督学名册": [inspector]})["督学名册"]
    row = dict(zip((cell.value for cell in on[1]), on[2], strict=True))
    assert row["出生年月"].value == datetime(1978, 5, 1)
    assert (row["到岗日期"].value, row["到岗日期"].number_format) == (datetime(2021, 9, 1), "yyyy-mm-dd")
    assert (row["届次"].value, row["督学编号"].value) == (2, "DX001")
    assert on.max_row == 2


def test_python_values_are_written_as_they_are_and_what_is_absent_stays_blank(tmp_path: Path) -> None:
    row = {"指标名称": "入园率", "上期值": None, "本期值": Decimal("92.5"), "单位": "%"}
    on = _write(tmp_path, OFFICE_REPORT, rows={"指标填报": [row]})["指标填报"]
    assert [cell.value for cell in on[2]] == ["入园率", None, 92.5, "%", None]


@pytest.mark.parametrize("written", ["8月31日", "2023-02-30", "2023.8.31", "=1+1"])
def test_a_text_that_is_no_date_is_left_as_it_was_written(written: str, tmp_path: Path) -> None:
    on = _write(tmp_path, REGISTRY, rows={"督学责任区": [{"责任区编号": "Z01", "启用日期": written}]})["督学责任区"]
    assert (on["E2"].value, on["E2"].data_type) == (written, "s")


@pytest.mark.parametrize("written", ["=SUM(A1)", "+86", "-1", "@me", "=DISPIMG(1)"])
def test_a_text_that_looks_like_a_formula_stays_text(written: str, tmp_path: Path) -> None:
    on = _write(tmp_path, REGISTRY, rows={"相关人员": [{"姓名": written}]})["相关人员"]
    assert (on["A2"].value, on["A2"].data_type) == (written, "s")
    assert on["A2"].quotePrefix
    assert on["A2"].number_format == "@"


def test_a_single_row_takes_the_first_row_given(tmp_path: Path) -> None:
    rows = {
        "填报信息": [{"责任区": "望溪责任区", "统计年份": "2023", "填报日期": date(2023, 8, 31)}, {"责任区": "另一个"}]
    }
    on = _write(tmp_path, ZONE_REPORT, rows=rows)["填报信息"]
    assert [on[f"B{line}"].value for line in range(2, 8)] == [
        "望溪责任区",
        2023,
        None,
        None,
        None,
        datetime(2023, 8, 31),
    ]


def test_rows_beyond_the_thousandth_are_checked_too(tmp_path: Path) -> None:
    rows = {"乡镇街道": [{"乡镇名称": f"镇{number}", "责任区": "望溪责任区"} for number in range(1500)]}
    on = _write(tmp_path, REGISTRY, rows=rows)["乡镇街道"]
    assert on.max_row == 1501
    assert all("A1501" in item.sqref or "B1501" in item.sqref for item in on.data_validations.dataValidation)


@pytest.mark.parametrize("rows", [{"没有的表": []}, {"乡镇街道": [{"没有的列": "x"}]}])
def test_a_sheet_or_a_label_that_the_form_lacks_is_refused(
    rows: dict[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    with pytest.raises(KeyError):
        blanks.write(REGISTRY, tmp_path / "x.xlsx", rows=rows)


def test_references_offer_the_names_of_the_register_without_refusing_others(tmp_path: Path) -> None:
    book = _write(tmp_path, ZONE_REPORT, choices=CHOICES)
    zone_report, record, _ = ZONE_REPORT.sheets
    labels = {item.label: item for item in record.columns()}
    zone = _validation(book["填报信息"], zone_report, zone_report.columns()[0])
    assert _listed(book, zone) == ["县本级", "望溪责任区", "云岭责任区"]
    school = _validation(book["督导检查记录"], record, labels["学校"])
    assert _listed(book, school) == CHOICES[School]
    assert school.errorStyle == "information"
    assert not _validation(book["督导检查记录"], record, labels["督学"]).showErrorMessage
    assert _validation(book["督导检查记录"], record, labels["督导编号"]).type != "list"


def test_a_column_added_to_a_sheet_is_found_in_its_blank(tmp_path: Path) -> None:
    class Longer(Town, title="乡镇街道"):
        """A town, and one column more."""

        seat: Text = column("驻地", example="望溪街", note="政府所在地")
        twin: Ref[Town] | None = column("结对乡镇")

    book = _write(tmp_path, replace(REGISTRY, sheets=(Longer,)), choices={Town: ["望溪镇"]})
    on = book["乡镇街道"]
    assert [cell.value for cell in on[1]] == ["乡镇名称", "责任区", "驻地", "结对乡镇"]
    assert on["C2"].value == "望溪街"
    *_, seat, twin = Longer.columns()
    assert "政府所在地" in _validation(on, Longer, seat).prompt
    assert _listed(book, _validation(on, Longer, twin)) == ["望溪镇"]
    assert "驻地" in {row[0] for row in book[INSTRUCTIONS].iter_rows(values_only=True)}


WITHIN = [
    pytest.param(form, sheet, item, id=f"{sheet.sheet_title()}-{item.label}")
    for form in FORMS
    for sheet in form.sheets
    for item in sheet.columns()
    if typed_within(form, item)
]


@pytest.mark.parametrize(("form", "sheet", "item"), WITHIN)
def test_what_a_workbook_itself_lists_is_offered_as_it_is_typed_without_refusing_more(
    form: Form, sheet: type[Row], item: Column, books: dict[str, Workbook]
) -> None:
    book, (target, attribute) = books[form.name], typed_within(form, item) or (sheet, "")
    found = _validation(book[sheet.sheet_title()], sheet, item)
    area = f"{target.sheet_title()}的{target.label_of(attribute)}"
    assert (found.type, found.formula1) == ("list", f"已填的{area}")
    assert item.many or found.errorStyle == "information"
    position = [column.attribute for column in target.columns()].index(attribute)
    letter = xl_col_to_name(position)
    assert book.defined_names[area].attr_text == f"'{target.sheet_title()}'!${letter}$2:${letter}$1001"
    assert area in book.defined_names[f"已填的{area}"].attr_text


def test_numbers_of_records_are_offered_to_problems_in_a_zones_workbook() -> None:
    assert {(param.values[1].sheet_title(), param.values[2].label) for param in WITHIN} >= {  # type: ignore[attr-defined]
        ("问题整改台账", "记录号"),
        ("检查组分组", "督导编号"),
        ("自查报告报送", "督导编号"),
        ("学校名录", "乡镇街道"),
    }


@pytest.mark.parametrize(("numbers", "offered"), [((), 1), (("甲",), 1), (("甲", None, "丙"), 3)])
def test_a_drop_down_ends_with_what_was_typed_last(
    numbers: tuple[str | None, ...], offered: int, tmp_path: Path
) -> None:
    path, out = tmp_path / "表.xlsx", tmp_path / "saved"
    rows = {"督导检查记录": [{"记录号": number} for number in numbers]}
    blanks.write(ZONE_REPORT, path, rows=rows)
    book = load_workbook(path)
    book["填报信息"]["H9"] = "=ROWS(已填的督导检查记录的记录号)"
    book.save(path)
    (saved,) = _saved_again([path], out)
    assert load_workbook(saved, data_only=True)["填报信息"]["H9"].value == offered


# Another suite -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), SHEETS)
def test_libreoffice_keeps_prompts_checks_and_formats(
    form: Form, sheet: type[Row], books: dict[str, Workbook], converted: dict[str, Workbook]
) -> None:
    before, after = (book[form.name][sheet.sheet_title()] for book in (books, converted))
    for number, item in enumerate(sheet.columns()):
        was, found = _validation(before, sheet, item), _validation(after, sheet, item)
        assert (found.type or "none") == (was.type or "none")
        assert (found.promptTitle, found.prompt, found.error) == (was.promptTitle, was.prompt, was.error)
        assert _format(after, sheet, number) == item.kind.excel_format


def _format(on: Worksheet, sheet: type[Row], number: int) -> str:
    """The number format of a column: LibreOffice escapes its hyphens, and writes no blank cells."""
    if sheet.single:
        return str(on.cell(number + 2, 2).number_format).replace("\\", "")
    dimension = next(d for d in on.column_dimensions.values() if d.min <= number + 1 <= d.max)
    return str(dimension.number_format).replace("\\", "")


@pytest.mark.parametrize("form", FORMS, ids=FORM_NAMES)
def test_libreoffice_keeps_the_form_s_name_and_the_protection(form: Form, converted: dict[str, Workbook]) -> None:
    book = converted[form.name]
    assert {"表单", "版本"} <= {item.name for item in book.custom_doc_props.props}
    assert all(book[sheet.sheet_title()].protection.sheet for sheet in form.sheets if not sheet.groups)
    assert book[CODES].sheet_state == "hidden"


# A county's own ------------------------------------------------------------------------------------------------------


def registry(path: Path, change: Callable[[Workbook], None]) -> Path:
    """The example's registry, changed."""
    book = load_workbook(EXAMPLE / "名录.xlsx")
    change(book)
    book.save(path)
    return path


def without_rows(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        sheet.delete_rows(2, sheet.max_row)


def with_a_faulty_school(book: Workbook) -> None:
    sheet = book["学校名录"]
    kind = next(cell.column for cell in sheet[1] if cell.value == School.label_of("kind"))
    sheet.cell(5, kind).value = "不是学校类别"


def test_a_registry_without_a_name_gives_no_blanks_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = registry(tmp_path / "名录.xlsx", without_rows)
    assert main(["blank", str(tmp_path / "空白"), "--registry", str(empty)]) == 2
    assert "没有读到一行可用的内容" in capsys.readouterr().err
    assert not (tmp_path / "空白").exists()


def test_names_of_faulty_rows_are_not_offered_and_the_rows_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = registry(tmp_path / "名录.xlsx", with_a_faulty_school)
    assert main(["blank", str(tmp_path / "空白"), "--registry", str(faulty)]) == 0
    assert "注意：名录的“学校名录”有 1 行有误（第 5 行），没有做成下拉选项。" in capsys.readouterr().out.replace(
        "\n", ""
    )


def test_of_a_sound_registry_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["blank", str(tmp_path / "空白"), "--registry", str(EXAMPLE / "名录.xlsx")]) == 0
    assert "注意" not in capsys.readouterr().out
