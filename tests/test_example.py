"""The committed example is what its CSVs give, cell by cell."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.forms.faults.fault import Severity
from pipeline.forms.schema import Form
from pipeline.intake.loading import load
from tests.example.build import EARLIER, SOURCE, TARGET, Rows, build, read_csv, workbooks

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / TARGET


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    build(SOURCE, folder)
    return folder


def _cells(path: Path) -> dict[str, dict[str, object]]:
    book = load_workbook(path)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in book
    }


def test_the_example_has_a_workbook_for_the_registry_the_office_and_each_of_eleven_zones() -> None:
    names = list(workbooks(SOURCE))
    assert names[:2] == ["名录.xlsx", "督导室月报.xlsx"]
    assert len(names) == 13, "名录, 督导室月报, 县本级 and ten zones"
    assert "责任区月报-县本级.xlsx" in names


def test_every_row_of_the_csvs_stands_in_exactly_one_workbook() -> None:
    written = sum(len(rows) for _, sheets in workbooks(SOURCE).values() for rows in sheets.values())
    in_csvs = sum(len(read_csv(path)) for path in SOURCE.rglob("*.csv"))
    assert written == in_csvs


def test_the_committed_workbooks_are_those_that_the_csvs_give(rebuilt: Path) -> None:
    assert sorted(path.name for path in COMMITTED.glob("*.xlsx")) == sorted(path.name for path in rebuilt.iterdir())


@pytest.mark.parametrize("name", list(workbooks(SOURCE)))
def test_a_committed_workbook_holds_the_cells_that_the_csvs_give(name: str, rebuilt: Path) -> None:
    assert _cells(COMMITTED / name) == _cells(rebuilt / name)


@pytest.mark.parametrize(("name", "form", "rows"), [(name, *content) for name, content in workbooks(SOURCE).items()])
def test_a_filled_workbook_holds_the_values_of_its_rows_and_no_example(
    name: str, form: Form, rows: Rows, rebuilt: Path
) -> None:
    book = load_workbook(rebuilt / name)
    for sheet in form.sheets:
        on, labels = book[sheet.sheet_title()], [column.label for column in sheet.columns()]
        if sheet.single:
            found = [[_text(on.cell(line, 2).value) for line in range(2, len(labels) + 2)]]
        else:
            found = [[_text(value) for value in row] for row in on.iter_rows(min_row=2, values_only=True)]
        expected = [[row[label] for label in labels] for row in rows[sheet.sheet_title()]]
        assert [_plain(row) for row in found] == [_plain(row) for row in expected]


@pytest.mark.parametrize("month", EARLIER)
def test_the_committed_workbooks_of_an_earlier_month_hold_the_cells_that_its_csvs_give(
    month: str, tmp_path: Path
) -> None:
    written = {path.name: path for path in build(SOURCE.with_name(month), tmp_path)}
    committed = {path.name: path for path in (ROOT / TARGET).with_name(month).glob("*.xlsx")}
    assert sorted(written) == sorted(committed)
    assert [name for name, path in written.items() if _cells(path) != _cells(committed[name])] == []


@pytest.mark.parametrize("month", EARLIER)
def test_every_row_of_an_earlier_month_stands_in_a_workbook_and_nothing_of_it_withholds(month: str) -> None:
    source = SOURCE.with_name(month)
    forms = ("督导室月报", "责任区月报")
    written = sum(
        len(rows) for form, sheets in workbooks(source).values() if form.name in forms for rows in sheets.values()
    )
    assert written == sum(len(read_csv(path)) for name in forms for path in (source / name).glob("*.csv"))
    issues = load(COMMITTED.with_name(month)).issues
    assert {issue.severity for issue in issues} == {Severity.提示}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return date(value.year, value.month, value.day).isoformat()
    return "" if value is None else str(value)


def _plain(row: list[str]) -> list[str]:
    """Texts of cells in one spelling: 92.0 as 92, a month as its first day, line ends as \\n."""
    return [_plain_value(value.replace("\r\n", "\n")) for value in row]


def _plain_value(value: str) -> str:
    if len(value) == 7 and value[4] == "-" and value.replace("-", "").isdecimal():
        return f"{value}-01"
    if value.replace(".", "", 1).isdecimal():
        return str(Decimal(value).normalize())
    return value
