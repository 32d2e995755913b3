"""Rules on a row with unreadable cells: each is checked exactly if it looks at none of these."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pytest

from pipeline.forms.cells import Broken, Integer, Text
from pipeline.forms.faults.cells import TY_20
from pipeline.forms.faults.fault import Severity, 提示
from pipeline.forms.places import Origin
from pipeline.forms.registry import School
from pipeline.forms.rules import rule
from pipeline.forms.schema import Row, column
from pipeline.forms.zone import Problem
from pipeline.intake.crosschecks import FURTHER, by_sheet
from pipeline.intake.files.raw import RawRow
from pipeline.intake.validation import validate


def longer_than(row: Row, attribute: str, most: int) -> bool:
    return isinstance(row, Duty) and len(str(getattr(row, attribute))) > most


class Duty(Row, title="值班"):
    """A sheet with rules that read its cells in every way Python has."""

    name: Text = column("姓名", example="张三")
    place: Text | None = column("地点")
    hours: Integer = column("时数", example="1")

    @rule("ZB-01", "{姓名} 太长", at=place, severity=提示)
    def by_a_function(self) -> bool:
        return not longer_than(self, "name", 1)

    @rule("ZB-02", "{姓名} 太长", at=place, severity=提示)
    def by_a_method(self) -> bool:
        return self._at_most(1)

    @rule("ZB-03", "{姓名} 太长", at=place, severity=提示)
    def by_a_property(self) -> bool:
        return self._length <= 1

    @rule("ZB-04", "{姓名} 太长", at=place, severity=提示)
    def by_a_property_that_is_kept(self) -> bool:
        return self._kept <= 1

    @rule("ZB-05", "{姓名} 太长", at=place, severity=提示)
    def by_a_comprehension(self) -> tuple[str, ...]:
        return tuple(char for char in "甲乙丙" if char in self.name)

    @rule("ZB-06", "{姓名} 太长", at=place, severity=提示)
    def by_all_cells_at_once(self) -> bool:
        return not vars(self)["name"]

    @rule("ZB-07", "{姓名} 太长", at=place, severity=提示)
    def by_a_copy(self) -> bool:
        return not self.model_dump()["name"]

    @rule("ZB-08", "{姓名} 太长", at=place, severity=提示)
    def behind_a_handler(self) -> bool:
        try:
            return len(self.name) <= 1
        except Exception:
            return False

    @rule("ZB-09", "{姓名} 值班 {时数} 小时", at=place, severity=提示)
    def only_where_it_must(self) -> bool:
        return self.hours < 5 or len(self.name) <= 1

    @rule("ZB-10", "{姓名} 的值班没有写地点", at=place, severity=提示)
    def without_the_name(self) -> bool:
        return self.place is not None

    def _at_most(self, most: int) -> bool:
        return len(self.name) <= most

    @property
    def _length(self) -> int:
        return len(self.name)

    @cached_property
    def _kept(self) -> int:
        return len(self.name)


def raw(sheet: type[Row], values: Mapping[str, Any]) -> RawRow:
    letters = {item.label: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 26] for n, item in enumerate(sheet.columns())}
    return RawRow(Origin("表.xlsx", sheet.sheet_title(), letters, "2"), values)


def numbers(sheet: type[Row], values: Mapping[str, Any]) -> list[str]:
    return [issue.number for issue in validate(sheet, [raw(sheet, values)]).issues]


ALL = [item.number for item in Duty.rules()]
BROKEN = Broken(TY_20, "#N/A")


def test_every_rule_is_asked_of_a_row_that_can_be_read() -> None:
    assert numbers(Duty, {"姓名": "甲乙丙", "时数": 9}) == ALL


def test_a_rule_is_silent_exactly_where_it_reads_a_cell_at_fault_by_whatever_way() -> None:
    assert numbers(Duty, {"姓名": BROKEN, "时数": 9}) == ["TY-20", "ZB-10"]


def test_a_rule_whose_condition_spares_the_cell_at_fault_is_asked() -> None:
    assert numbers(Duty, {"姓名": "甲乙丙", "时数": BROKEN}) == ["TY-20", *ALL[:5], "ZB-08", "ZB-10"]


def test_a_sentence_that_names_a_cell_at_fault_says_what_is_written_there_and_no_example() -> None:
    (told,) = [i for i in validate(Duty, [raw(Duty, {"姓名": BROKEN, "时数": 9})]).issues if i.number == "ZB-10"]
    assert told.sentence == "#N/A 的值班没有写地点"


# Rules of the forms --------------------------------------------------------------------------------------------------

PROBLEM = {item.label: item.limits.example for item in Problem.columns() if item.limits.example}
SCHOOL = {item.label: item.limits.example for item in School.columns() if item.limits.example}


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"问题编号": "WT-1", "整改期限": None, "整改要求": None}, {"TY-10", "WT-05", "WT-08"}),
        ({"问题编号": "WT-1"}, {"TY-10"}),
        ({"整改类型": "尽快", "整改期限": None, "整改要求": None}, {"CD-01"}),
        ({"整改期限": "2月30日", "整改要求": None}, {"TY-05", "WT-08"}),
    ],
)
def test_a_rule_of_the_ledger_that_calls_a_helper_is_asked_beside_a_fault(
    wrong: dict[str, Any], found: set[str]
) -> None:
    assert set(numbers(Problem, {**PROBLEM, **wrong})) == found


def test_the_kind_of_a_school_whose_name_cannot_be_read_is_not_judged_by_an_example() -> None:
    assert numbers(School, {**SCHOOL, "学校全称": BROKEN, "学校类别": "幼儿园"}) == ["TY-20"]
    assert numbers(School, {**SCHOOL, "状态": "停", "学校类别": "幼儿园", "学校全称": "某某进修学校校"}) == [
        "CD-01",
        "XX-09",
    ]


# Rules outside of a sheet ------------------------------------------------------------------------------------------


def test_all_rules_that_stand_beside_a_sheet_are_kept() -> None:
    one, other, third = Duty.rules()[:3]
    assert by_sheet((Duty, one), (School, third), (Duty, other)) == {Duty: (one, other), School: (third,)}
    assert by_sheet() == {}
    assert all(item.severity in Severity for kept in FURTHER.values() for item in kept)
