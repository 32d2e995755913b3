"""Wide sheets: what stays in view, what folds away, how many screens a row takes; and that the order makes no odds."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import FORMS
from pipeline.forms.schema import Form, Row
from pipeline.forms.zone import Problem
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.workbooks import blanks
from pipeline.workbooks.widths import SCREEN, natural
from tests.example.build import SOURCE, workbooks
from tests.support.reading import EXAMPLE

LISTS = [
    pytest.param(form, sheet, id=sheet.sheet_title()) for form in FORMS for sheet in form.sheets if not sheet.single
]
LEDGER = Problem.sheet_title()
SONGTI = 8
"""Pixels for a unit of width in a workbook in 宋体 11: its widest digit, rounded up."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Workbook]:
    folder = tmp_path_factory.mktemp("blanks")
    return {path.stem: load_workbook(path) for path in blanks.write_all(folder)}


def _pixels(on: Worksheet) -> dict[str, float]:
    """Label -> how wide its column is on the screen."""
    found = {}
    for heading in on[1]:
        dimension = next(d for d in on.column_dimensions.values() if d.min <= heading.column <= d.max)
        found[str(heading.value)] = dimension.width * SONGTI
    return found


# On the screen -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_row_takes_at_most_two_screens_and_what_stays_in_view_half_a_screen(
    form: Form, sheet: type[Row], books: Mapping[str, Workbook]
) -> None:
    pixels = list(_pixels(books[form.name][sheet.sheet_title()]).values())
    assert sum(pixels) <= 2 * SCREEN
    assert sum(pixels[: sheet.in_view]) <= SCREEN / 2


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_wide_sheet_keeps_in_view_what_a_row_is_called(
    form: Form,  # noqa: ARG001
    sheet: type[Row],
) -> None:
    if len(sheet.columns()) > 8:
        first = [column.attribute for column in sheet.columns()[: sheet.in_view]]
        assert set(first) & {"id", "number", "code", "campaign"}
        assert len(first) > 1


def test_number_school_and_problem_stay_in_view_and_the_state_is_on_the_first_screen(
    books: Mapping[str, Workbook],
) -> None:
    on = books["责任区月报"][LEDGER]
    assert on.freeze_panes == "D2"
    assert [cell.value for cell in on[1]][:3] == ["问题编号", "学校", "具体描述"]
    seen, edge = [], 0.0
    for label, wide in _pixels(on).items():
        edge += wide
        seen += [label] if edge <= SCREEN else []
    assert {"整改状态", "发现日期", "问题类别", "严重程度"} <= set(seen)


def test_a_row_whose_finding_is_folded_away_takes_two_screens_beside_what_stays_in_view(
    books: Mapping[str, Workbook],
) -> None:
    pixels = _pixels(books["责任区月报"][LEDGER])
    in_view = sum(list(pixels.values())[:3])
    labels = list(pixels)
    folded = labels[labels.index("发现日期") + 1 : labels.index("责任单位")]
    others = sum(wide for label, wide in pixels.items() if label not in folded) - in_view
    assert others <= 2 * (SCREEN - in_view)


def test_a_narrow_sheet_keeps_the_widths_of_its_usual_content(books: Mapping[str, Workbook]) -> None:
    pixels = _pixels(books["督导室月报"]["下月计划"])
    columns = {column.label: column for column in FORMS[1].sheet("下月计划").columns()}
    assert all(pixels[label] >= natural(column) * 22 / 3 for label, column in columns.items())


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_day_and_a_number_for_life_stand_on_one_line(
    form: Form, sheet: type[Row], books: Mapping[str, Workbook]
) -> None:
    """Excel shows #### for a day that finds no room: ten characters of 8 pixels, and 5 beside them."""
    pixels = _pixels(books[form.name][sheet.sheet_title()])
    for column in sheet.columns():
        if column.kind.name == "date":
            assert pixels[column.label] >= 10 * SONGTI + 5, column.label
        elif column.limits.key and column.limits.pattern:
            assert pixels[column.label] >= len(column.example) * SONGTI + 5, column.label


def test_a_number_of_another_sheet_takes_two_lines(books: Mapping[str, Workbook]) -> None:
    pixels = _pixels(books["责任区月报"][LEDGER])
    assert pixels["记录号"] >= len("JC-202403-") * SONGTI + 5
    assert pixels["督导编号"] >= len("DD-2024-") * SONGTI + 5


def test_a_row_is_as_high_as_its_tallest_cell_needs(tmp_path: Path) -> None:
    text = "《中小学校岗位安全工作指南（修订稿）》第三章"
    blanks.write(FORMS[2], tmp_path / "表.xlsx", rows={LEDGER: [{"依据条款": text}]})
    on = load_workbook(tmp_path / "表.xlsx")[LEDGER]
    column = next(cell for cell in on[1] if cell.value == "依据条款")
    a_line = int((_pixels(on)["依据条款"] - 5) // 16)
    assert on.cell(2, column.column).value == text
    assert (on.row_dimensions[2].height or 0) >= 14 * -(-len(text) // a_line)


# Groups --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "sheet"), LISTS)
def test_a_group_folds_away_to_its_first_column(form: Form, sheet: type[Row], books: Mapping[str, Workbook]) -> None:
    on, attributes = books[form.name][sheet.sheet_title()], [column.attribute for column in sheet.columns()]
    folding = {
        attribute
        for group in sheet.groups
        for attribute in attributes[attributes.index(group.first) + 1 : attributes.index(group.last) + 1]
    }
    for position, attribute in enumerate(attributes, 1):
        dimension = next(d for d in on.column_dimensions.values() if d.min <= position <= d.max)
        assert dimension.outlineLevel == (1 if attribute in folding else 0)
        assert not dimension.hidden
    if folding:
        assert on.sheet_properties.outlinePr.summaryRight is False
        assert folding.isdisjoint(attributes[: sheet.in_view])


def test_the_ledger_is_in_three_groups_that_take_all_columns_but_those_in_view_and_the_state() -> None:
    attributes = [column.attribute for column in Problem.columns()]
    assert [group.name for group in Problem.groups] == ["发现", "整改", "核查"]
    grouped = [
        each
        for group in Problem.groups
        for each in attributes[attributes.index(group.first) : attributes.index(group.last) + 1]
    ]
    assert attributes == ["id", "school", "description", "state", *grouped]


def test_a_heading_of_columns_that_fold_refuses_other_words(books: Mapping[str, Workbook]) -> None:
    on = books["责任区月报"][LEDGER]
    for heading in on[1]:
        (kept,) = (each for each in on.data_validations.dataValidation if heading.coordinate in each.sqref)
        assert (kept.type, kept.formula1) == ("custom", f'EXACT({heading.coordinate},"{heading.value}")')
        assert kept.showErrorMessage


# Workbooks in another order ------------------------------------------------------------------------------------------


def _in_the_old_order(name: str, form: Form, target: Path) -> None:
    """A workbook of the example as it was before its columns took their present order: that of the example's CSVs."""
    book = load_workbook(EXAMPLE / name)
    for sheet in (sheet for sheet in form.sheets if not sheet.single):
        on, path = book[sheet.sheet_title()], SOURCE / form.name / f"{sheet.sheet_title()}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            order = [label for label in next(csv.reader(file)) if label in {cell.value for cell in on[1]}]
        cells = {row[0].row: {str(on.cell(1, cell.column).value): cell for cell in row} for row in on.iter_rows()}
        held = {
            line: {label: (cell.value, cell.number_format) for label, cell in row.items()}
            for line, row in cells.items()
        }
        for line, row in held.items():
            for position, label in enumerate(order, 1):
                on.cell(line, position).value, on.cell(line, position).number_format = row[label]
    book.save(target / name)


def _rows(month: Month) -> dict[str, list[object]]:
    return {sheet.sheet_title(): [vars(row) for row in month.all(sheet)] for sheet in month.rows}


def _told(month: Month) -> list[tuple[str, str, str, str]]:
    return sorted(
        (i.number, i.location.workbook, i.location.sheet, i.label) for i in month.issues if i.severity != "提示"
    )


def test_workbooks_in_the_old_order_give_the_same_month(tmp_path: Path) -> None:
    folder = tmp_path / EXAMPLE.name
    folder.mkdir()
    for name, (form, _) in workbooks(SOURCE).items():
        _in_the_old_order(name, form, folder)
    old = load_workbook(folder / "责任区月报-云岭责任区.xlsx")[LEDGER]
    assert [cell.value for cell in old[1]][:3] == ["问题编号", "来源", "督导编号"], "the order before"
    now, before = load(EXAMPLE), load(folder)
    assert _rows(before) == _rows(now)
    assert _told(before) == _told(now)
