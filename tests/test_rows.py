"""Rows: picked from, grouped and sorted, always in their order; the empty case of each."""

from __future__ import annotations

from datetime import date

from pipeline.dossier import counting
from pipeline.dossier.rows import Rows
from pipeline.forms.codes import Matter
from pipeline.forms.schema import Origin
from pipeline.forms.zone import Record
from pipeline.intake.issues import Location

BOOK, SHEET = "责任区月报.xlsx", "督导检查记录"


def record(line: int, school: str, *matters: Matter, lessons: int | None = None) -> Record:
    row = Record.model_construct(school=school, matters=matters, lessons=lessons, date=date(2024, 3, line))
    row._origin = Origin(
        "责任区月报.xlsx", "督导检查记录", {"学校": "E", "督导事项": "H", "听课节数": "I", "日期": "C"}, str(line)
    )
    return row


SAFETY, TEACHING = list(Matter)[:2]
FIRST = record(2, "望溪小学", SAFETY, lessons=2)
SECOND = record(3, "南河小学", SAFETY, TEACHING)
THIRD = record(4, "望溪小学", TEACHING, TEACHING, lessons=3)
ALL = Rows([FIRST, SECOND, THIRD])
NONE = Rows[Record]()


def test_rows_are_picked_and_grouped_in_their_order() -> None:
    assert [row.date.day for row in ALL.where(lambda row: row.school == "望溪小学")] == [2, 4]
    by_school = ALL.by(lambda row: str(row.school))
    assert {school: [row.date.day for row in rows] for school, rows in by_school.items()} == {
        "望溪小学": [2, 4],
        "南河小学": [3],
    }
    assert list(by_school) == ["望溪小学", "南河小学"]
    assert [row.date.day for row in ALL.sorted(lambda row: str(row.school))] == [3, 2, 4]
    assert ALL.filled("lessons").values("lessons") == (2, 3)


def test_a_row_with_several_keys_stands_once_in_the_group_of_each() -> None:
    by_matter = ALL.by_each(lambda row: row.matters)
    assert {matter: [row.date.day for row in rows] for matter, rows in by_matter.items()} == {
        SAFETY: [2, 3],
        TEACHING: [3, 4],
    }


def test_what_is_picked_from_rows_is_rows_again() -> None:
    picked = (ALL.where(bool), ALL.filled("school"), ALL.sorted(lambda row: row.date), *ALL.by(lambda _: 0).values())
    assert {type(rows) for rows in picked} == {Rows}


def test_figures_of_no_rows_are_0_or_nothing() -> None:
    assert NONE.by(lambda row: row.school) == {}
    assert counting.count(NONE, "school", "检查次数") == 0
    assert counting.distinct(NONE, "school", "学校数") == 0
    assert counting.listed(NONE, "date", "日期") == ()
    assert counting.total(NONE, "lessons", "听课节数") == 0
    assert counting.tally(NONE, "matters", Matter, "事项") == ()
    assert counting.mean_age(Rows(), date(2024, 3, 31), "平均周岁") is None


def test_figures_know_the_cells_that_they_come_from() -> None:
    book, sheet = "责任区月报.xlsx", "督导检查记录"
    assert counting.total(ALL, "lessons", "听课节数").cells == (
        Location(book, sheet, "I2"),
        Location(book, sheet, "I4"),
    )
    assert counting.distinct(ALL, "school", "学校数").value == 2
    safety, teaching = counting.tally(ALL, "matters", Matter, "事项")
    assert [(name, figure.value) for name, figure in (safety, teaching)] == [(str(SAFETY), 2), (str(TEACHING), 2)]
    assert [cell.cell for cell in teaching[1].cells] == ["H3", "H4"]
