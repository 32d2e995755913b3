"""Damaged copies of the example: every fault is found at its cell, under its number, and nothing else is said.

damaged.csv lists what is written where instead of the example's words, and what must be told: `number@label` at the
same row, `number@line:label` in the same sheet, `number@workbook!label` on the row of last month. Copies: 甲 most
faults; 乙 those that take the date of the report away; 丙 with the month before beside it.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import FORMS, ZONE_REPORT
from pipeline.forms.schema import Row
from pipeline.intake.crosschecks import FURTHER
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.workbooks import blanks
from tests.support.months import write_last_month
from tests.support.reading import EXAMPLE

DAMAGES = list(csv.DictReader((Path(__file__).parent / "damaged.csv").read_text(encoding="utf-8").splitlines()))
SHEETS: dict[str, type[Row]] = {sheet.sheet_title(): sheet for form in FORMS for sheet in form.sheets}
Told = Counter[tuple[str, str, str, str]]


def address(page: Worksheet, sheet: type[Row], line: str, label: str) -> str:
    """The cell of a label: beside it on a sheet of one row, below it on any other."""
    if sheet.single:
        return next(f"B{row[0].row}" for row in page.iter_rows(max_col=1) if row[0].value == label)
    return next(f"{cell.column_letter}{line}" for cell in page[1] if cell.value == label)


def damage(copy: str, folder: Path) -> Told:
    """Damage the example in the folder as in one copy; gives the expected issues: (number, workbook, sheet, cell)."""
    told: Told = Counter()
    mine = [entry for entry in DAMAGES if entry["copy"] == copy]
    for name in dict.fromkeys(entry["workbook"] for entry in mine):
        if not (folder / name).exists():
            blanks.write(ZONE_REPORT, folder / name, rows={"填报信息": [{}]})
        book = load_workbook(folder / name)
        for entry in (entry for entry in mine if entry["workbook"] == name):
            _damage(book, entry)
            told.update(_expected(book, entry, folder))
        book.save(folder / name)
    return told


def _damage(book: Workbook, entry: dict[str, str]) -> None:
    if entry["label"]:
        page = book[entry["sheet"]]
        value: object = entry["value"] or None
        if re.fullmatch("[0-9]{18}", entry["value"]):
            value = int(entry["value"])  # typed as a number
        page[address(page, SHEETS[entry["sheet"]], entry["line"], entry["label"])] = value


def _expected(book: Workbook, entry: dict[str, str], folder: Path) -> Iterator[tuple[str, str, str, str]]:
    sheet = SHEETS[entry["sheet"]]
    for words in entry["expected"].split():
        number, place = words.split("@")
        *where, label = re.split("[:!]", place)
        if where and where[0].endswith(".xlsx"):
            yield number, where[0], entry["sheet"], _cell_last_month(folder, where[0], entry)
        else:
            line = where[0] if where else entry["line"]
            yield number, entry["workbook"], entry["sheet"], address(book[entry["sheet"]], sheet, line, label)


def _cell_last_month(folder: Path, workbook: str, entry: dict[str, str]) -> str:
    """The place in last month's workbook of the row that this month's had before the damage."""
    before = load_workbook(EXAMPLE / entry["workbook"])[entry["sheet"]][f"A{entry['line']}"].value
    page = load_workbook(folder.parent / workbook)[entry["sheet"]]
    return next(cell.coordinate for cell in page["A"] if cell.value == before)


def told_of(month: Month) -> Told:
    return Counter((i.number, i.location.workbook, i.location.sheet, i.location.cell) for i in month.issues)


@pytest.mark.parametrize("copy", ["甲", "乙", "丙"])
def test_every_damage_is_reported_at_its_cell_and_nothing_else(copy: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    if copy == "丙":
        write_last_month(tmp_path / "2023-07")
    baseline = told_of(load(folder))
    expected = damage(copy, folder)
    told = told_of(load(folder))
    assert told - baseline == expected - baseline
    assert {issue for issue in baseline if issue not in told} == set()


def test_every_rule_of_every_sheet_is_broken_somewhere() -> None:
    broken = set(re.findall(r"([A-Z]{2}-[0-9]{2})@", " ".join(entry["expected"] for entry in DAMAGES)))
    rules = {rule.number for sheet in SHEETS.values() for rule in (*sheet.rules(), *FURTHER.get(sheet, ()))}
    assert rules - broken == {"XX-04"}  # the example itself has a class that is too large


# Traps of spreadsheets ------------------------------------------------------------------------------------------------

ZONE = "责任区月报-云岭责任区.xlsx"
LEDGER, RECORDS = "问题整改台账", "督导检查记录"
TRAPS: Told = Counter(
    [
        ("FL-32", "督导室月报.xlsx", "", ""),
        ("FL-11", "半截.xlsx", "", ""),
        ("FL-11", "损坏.xlsx", "", ""),
        ("FL-10", "空.xlsx", "", ""),
        ("FL-19", "文字.xlsx", "", ""),
        ("FL-30", "旧表.xls", "", ""),
        ("FL-30", "清单.csv", "", ""),
        ("SH-09", ZONE, RECORDS, ""),
        ("SH-10", ZONE, "草稿", ""),
        ("SH-03", ZONE, LEDGER, "AK1"),
        ("SH-06", ZONE, LEDGER, "C4:C5"),
        ("SH-07", ZONE, LEDGER, ""),
        ("TY-20", ZONE, LEDGER, "L2"),
        ("TY-21", ZONE, LEDGER, "U3"),
        ("TY-22", ZONE, LEDGER, "AD4"),
    ]
)


def set_traps(folder: Path) -> None:
    """One of each trap that can coexist with the others in one month; test_traps.py has each alone."""
    (folder / "旧表.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "~$督导室月报.xlsx").write_bytes(bytes(165))
    (folder / "损坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    (folder / "半截.xlsx").write_bytes((EXAMPLE / "名录.xlsx").read_bytes()[:3000])
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "文字.xlsx").write_text("编号,描述\n1,无\n", encoding="utf-8")
    (folder / "清单.csv").write_text("编号,描述\n", encoding="utf-8")
    book = load_workbook(folder / ZONE)
    ledger = book[LEDGER]
    ledger["L2"], ledger["L2"].data_type = "#N/A", "e"
    ledger["U3"] = "=1+1"
    ledger["AD4"] = '=DISPIMG("ID_1",1)'
    ledger.merge_cells("C4:C5")
    ledger.row_dimensions[3].hidden = True
    ledger["AK1"], ledger["AK2"] = "备注", "多出来的一列"
    book.copy_worksheet(book[RECORDS]).title = f"{RECORDS} (2)"
    book.create_sheet("草稿")["A1"] = "随手记的内容"
    book.save(folder / ZONE)


def test_every_trap_is_reported_beside_the_others_and_nothing_else(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    baseline = told_of(load(folder))
    set_traps(folder)
    assert told_of(load(folder)) - baseline == TRAPS
