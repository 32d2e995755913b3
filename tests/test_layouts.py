"""Sheets that clerks have laid out anew: titles above, totals below, examples moved, lines and columns inserted."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.forms.catalogue import REGISTRY
from pipeline.forms.registry import County, Zone
from pipeline.intake.files.folders import workbooks
from pipeline.intake.files.reading import form_of
from tests.support.reading import EXAMPLE
from tests.support.sheets import HEADINGS, ZONE, Told, packed, zones
from tests.support.workbooks import write

BLANK = Path("input_templates/excel/名录.xlsx")


@pytest.mark.parametrize("titles", [1, 6, 19])
def test_titles_above_the_headings_are_passed_over(tmp_path: Path, titles: int) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {"督学责任区": [*([["清溪县"]] * titles), HEADINGS, ZONE]}))
    assert (told.words, len(told.rows)) == ([], 1)


def test_a_sheet_without_headings_is_one_fault(tmp_path: Path) -> None:
    told = Told(write(tmp_path / "名录.xlsx", {"督学责任区": [ZONE]}))
    assert told.words == [
        "必改 《名录.xlsx》“督学责任区”表 A1:E1：前 20 行中没有找到表头，这张表没有读入；"
        "请在第 1 行之上插入空白表的表头行（规则 SH-15）"
    ]


@pytest.mark.parametrize("first", ["合计", "总计：", "合 计", "注：本表由督导室填写", "填表人：吴某", "备注:无"])
def test_a_total_or_a_note_below_the_rows_is_one_remark(tmp_path: Path, first: str) -> None:
    told = Told(zones(tmp_path, ZONE, [first, None, 12]))
    assert [row.number for row in told.rows] == ["Z01"]
    assert told.words == [
        "请核实 《名录.xlsx》“督学责任区”表 A3：这一行像是合计或说明，没有当作数据读入；"
        "请删去，或移到“叙述补充”等该填的地方（规则 SH-16）"
    ]


def test_a_row_that_only_begins_like_a_note_is_a_row(tmp_path: Path) -> None:
    told = Told(zones(tmp_path, ["合计", "合计责任区", None, None, ZONE[4], None]))
    assert told.rows != [] or "SH-16" not in [issue.number for issue in told.issues]


def moved_example(page: Any) -> None:
    page.move_range("A1:A2", cols=page.max_column)


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        (lambda page: page.insert_cols(1), []),
        (moved_example, []),
        (lambda page: page.__setitem__("E2", "2021-01-01"), ["SH-05"]),
        (lambda page: page.__setitem__("B2", "城关责任区二"), ["SH-05"]),
    ],
)
def test_the_example_row_is_known_wherever_its_mark_stands_and_only_unchanged(
    tmp_path: Path, change: Any, numbers: list[str]
) -> None:
    book = load_workbook(shutil.copy(BLANK, tmp_path / "名录.xlsx"))
    change(book["督学责任区"])
    book.save(tmp_path / "名录.xlsx")
    told = Told(tmp_path / "名录.xlsx")
    assert told.rows == []
    assert [issue.number for issue in told.issues if issue.location.sheet == "督学责任区"] == numbers


# A sheet of one row --------------------------------------------------------------------------------------------------


def county(path: Path, change: Any) -> Told:
    book = load_workbook(shutil.copy(EXAMPLE / "名录.xlsx", path / "名录.xlsx"))
    change(book["基础信息"])
    book.save(path / "名录.xlsx")
    told = Told(path / "名录.xlsx", County)
    told.issues = [issue for issue in told.issues if issue.location.sheet == "基础信息"]
    return told


def test_a_column_before_the_labels_does_not_matter(tmp_path: Path) -> None:
    told = county(tmp_path, lambda page: page.insert_cols(1))
    assert told.words == []
    assert told.rows[0].origin.cell("县区名称").startswith("C")


def test_a_line_that_is_missing_is_called_a_line(tmp_path: Path) -> None:
    told = county(tmp_path, lambda page: page.delete_rows(2))
    assert told.issues[0].sentence == "缺少“县区名称”一行，请从空白表中补回这一行"


@pytest.mark.parametrize("address", ["B30", "D3", "E4"])
def test_what_stands_beside_the_values_is_named(tmp_path: Path, address: str) -> None:
    told = county(tmp_path, lambda page: page.__setitem__(address, "多写的"))
    assert told.words == [
        f"必改 《名录.xlsx》“基础信息”表 {address}：{address} 不在“填写内容”一列的各项之内，没有读入；"
        "请移到该填的地方，或删去（规则 SH-17）"
    ]


# Packages ------------------------------------------------------------------------------------------------------------


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_broken_property_does_not_matter(tmp_path: Path) -> None:
    parts = {**members(EXAMPLE / "名录.xlsx"), "docProps/custom.xml": b"<Properties><prop"}
    assert form_of(packed(tmp_path / "名录.xlsx", parts)) is REGISTRY


@pytest.mark.parametrize(
    "xml",
    [
        b" " * 5000 + b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
        b"<!--" + b"-" * 9000 + b"--><!DOCTYPE x><x/>",
        "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x><x/>".encode("utf-16"),
    ],
)
def test_a_document_type_is_found_wherever_it_hides(tmp_path: Path, xml: bytes) -> None:
    parts = {**members(EXAMPLE / "名录.xlsx"), "xl/styles.xml": xml}
    packed(tmp_path / "名录.xlsx", parts)
    found, (issue,) = workbooks(tmp_path)
    assert (found, issue.number) == ([], "FL-15")


def test_a_link_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    (tmp_path / "名录.xlsx").symlink_to(tmp_path / "没有.xlsx")
    found, (issue,) = workbooks(tmp_path)
    assert (found, issue.number, issue.location.workbook) == ([], "FL-57", "名录.xlsx")


def test_a_zone_sheet_keeps_its_rows_with_all_of_it_at_once(tmp_path: Path) -> None:
    rows = [["清溪县督学责任区"], ["2024年"], [None, *HEADINGS], [None, *ZONE], [None, "合计", None, "1"]]
    told = Told(write(tmp_path / "名录.xlsx", {"督学责任区": rows}), Zone)
    assert [(row.number, row.origin.cell("责任区编号")) for row in told.rows] == [("Z01", "B4")]
    assert [str(issue.location) for issue in told.issues] == ["《名录.xlsx》“督学责任区”表 B5"]
