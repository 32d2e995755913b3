"""Files beside a month's workbooks that are not named like tables: reported with what to do, never read."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.intake.files.folders import looked_at
from pipeline.intake.loading import load
from pipeline.run.report import report

MINE, OFFICE = "责任区月报-云岭责任区.xlsx", "督导室月报.xlsx"
ZONE_LIST = "云岭责任区2023年8月教育督导问题整改清单"


def packed(archive: Path, *files: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as package:
        for file in files:
            package.write(file, file.name)
    return archive


def told(folder: Path) -> list[tuple[str, str, str]]:
    found = [i for i in load(folder).issues if i.number.startswith(("FL", "YB"))]
    return [(str(issue.severity), issue.number, issue.location.workbook) for issue in found]


def renamed(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / MINE).rename(folder / name)


def zipped(folder: Path) -> None:
    packed(folder / "云岭.zip", folder / MINE)
    (folder / MINE).unlink()


def as_rar(folder: Path) -> None:
    (folder / "责任区月报-云岭责任区.rar").write_bytes(b"Rar!\x1a\x07\x00")
    (folder / MINE).unlink()


@pytest.mark.parametrize(
    ("put_away", "number", "name", "remedy"),
    [
        (zipped, "FL-63", "云岭.zip", "请解压"),
        (as_rar, "FL-63", "责任区月报-云岭责任区.rar", "请解压"),
        (renamed(f"{MINE}.bak"), "FL-60", f"{MINE}.bak", "改成以 .xlsx 结尾"),
        (renamed("责任区月报-云岭责任区"), "FL-60", "责任区月报-云岭责任区", "改成以 .xlsx 结尾"),
        (renamed(f"{MINE}.crdownload"), "FL-60", f"{MINE}.crdownload", "改成以 .xlsx 结尾"),
    ],
)
def test_a_zones_workbook_that_is_packed_or_called_otherwise_is_reported_by_name_and_not_called_unreported(
    whole: Path, put_away: Callable[[Path], object], number: str, name: str, remedy: str
) -> None:
    put_away(whole)
    (issue,) = [issue for issue in load(whole).issues if issue.severity == "必改"]
    assert (issue.number, issue.location.workbook) == (number, name)
    assert remedy in issue.sentence
    done = report(whole, whole.parent / "out")
    assert ZONE_LIST in {entry.title for entry in done.withheld}
    assert len(done.made) == 88, "what is made without the zone"


def test_a_stray_of_a_zone_is_blamed_and_no_other_file(whole: Path) -> None:
    renamed(f"{MINE}.bak")(whole)
    (whole / "责任区月报-石鼓责任区.xlsx").write_bytes(b"PK\x03\x04")
    assert {number for _, number, _ in told(whole)} == {"FL-60", "FL-11"}, "no YB-08"


def test_what_is_left_after_unpacking_is_a_hint(whole: Path) -> None:
    packed(whole / "责任区月报.zip", *whole.glob("责任区月报*.xlsx"))
    shutil.copy(whole / MINE, whole / f"{MINE}.bak")
    assert sorted(told(whole)) == [("提示", "FL-61", f"{MINE}.bak"), ("提示", "FL-64", "责任区月报.zip")]
    assert report(whole, whole.parent / "out").withheld == ()


def test_what_holds_no_table_is_not_told(whole: Path) -> None:
    photo = whole / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff")
    packed(whole / "现场照片.zip", photo)
    (whole / "备忘.tmp").write_text("记一下", "utf-8")
    (whole / "README").write_text("说明", "utf-8")
    assert told(whole) == []


def test_a_scan_called_like_a_report_is_asked_about(whole: Path) -> None:
    (whole / "责任区月报-云岭责任区（盖章扫描）.pdf").write_bytes(b"%PDF-1.4")
    assert told(whole) == [("请核实", "FL-62", "责任区月报-云岭责任区（盖章扫描）.pdf")]


def test_a_stray_counts_for_whether_anything_has_changed(folder: Path) -> None:
    stray = shutil.copy(folder / MINE, folder / "云岭.bak")
    assert Path(stray) in looked_at(folder)


@pytest.mark.parametrize("name", ["责任区月报-云岭责任区 - 副本.xlsx", "0责任区月报 副本.xlsx", "0责任区月报(1).xlsx"])
def test_of_two_equal_workbooks_the_one_called_a_copy_is_put_aside(folder: Path, name: str) -> None:
    shutil.copy(folder / MINE, folder / name)
    (issue,) = [issue for issue in load(folder).issues if issue.number == "FL-52"]
    assert issue.location.workbook == name
    assert f"《{MINE}》" in issue.sentence


def test_a_month_that_is_not_the_folders_is_named_as_the_cause(folder: Path) -> None:
    book = load_workbook(folder / OFFICE)
    page = book["报告信息"]
    (line,) = [cell.row for cell in page["A"] if cell.value == "统计月份"]
    page.cell(line, 2).value = 9
    book.save(folder / OFFICE)
    (issue,) = [issue for issue in load(folder).issues if issue.severity == "必改"]
    assert (issue.number, issue.location.cell, issue.label) == ("FL-59", f"B{line}", "统计月份")
    assert "2023-09" in issue.sentence
    assert "2023-08" in issue.sentence
    done = report(folder, folder.parent / "out")
    assert done.made == (), "nobody knows which month is signed"
    assert all(entry.title.strip() for entry in done.withheld)
