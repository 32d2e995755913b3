"""The fault of a cell that could not be read, and its sentence filled in; the catalogue has the sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipeline.forms.cells import Rounded, is_blank, typed_number
from pipeline.forms.faults.cells import CD_01, CD_02, CD_03, TY_04, TY_05, TY_37
from pipeline.forms.faults.fault import Fault
from pipeline.forms.schema import Column
from pipeline.intake.occasion import Occasion
from pipeline.intake.suggestions import nearest_term, several

AT_ANY_TIME = Occasion()

ALIKE = "从第 {line} 行起，这一列还有 {count} 处同样的问题，一并列在这里，请照样处理"
"""Replaces the single sentences if very many cells of a column have one fault."""


def refined(fault: Fault, column: Column, raw: Any) -> Fault:
    """The more specific fault of a cell that could not be read: several terms in it, or words in place of a day."""
    if fault is CD_01 and _terms(raw, column):
        return CD_03 if column.many else CD_02
    if fault not in (TY_04, TY_05) or not column.limits.otherwise or _BY_A_DAY.search(shown(raw)):
        return fault
    return TY_37 if _WORDS.search(shown(raw)) else fault


def cell_sentence(
    fault: Fault, column: Column, raw: Any, details: Mapping[str, Any], occasion: Occasion = AT_ANY_TIME
) -> str:
    """The sentence for a cell that could not be read; details come from the parser."""
    words = {
        "empty": "现在是空的" if is_blank(raw) else f"写“{shown(raw)}”等于没有填",
        "how": occasion.fitted(column.how),
        "written": shown(raw),
        "options": "、".join(column.codes),
        "nearest": nearest_term(shown(raw), column),
        "names": "、".join(_terms(raw, column)),
        "label": column.limits.otherwise,
    }
    given = {key: occasion.fitted(value) if key == "example" else value for key, value in details.items()}
    words = {**words, **{key: value for key, value in given.items() if key not in words}}
    return occasion.fitted(fault.sentence).format(**words)


def _terms(raw: Any, column: Column) -> tuple[str, ...]:
    return several(shown(raw), column.codes.__contains__, column.codes) if column.kind.name == "code" else ()


_BY_A_DAY = re.compile("[0-9]{4}[-./年][0-9]{1,2}[-./月][0-9]{1,2}[日号]?(?:之前|以前|前)?$")
"""A whole day by which something is due: the day belongs in the cell."""
_WORDS = re.compile(
    "^[0-9]{4}[-./年][0-9]{1,2}月?(?:份|前)?$|[^0-9年月日号上下午时分〇○零一二三四五六七八九十\\W]|[月年][初中底末]|[上中下]旬"
)
"""What marks words for a time, as opposed to an incomplete day: 开学前, 9月底."""


def shown(value: Any) -> str:
    """A value as the clerk sees it in the cell; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Rounded):
        value = value.stored
    if (number := typed_number(value)) is not None:
        value = number
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    if isinstance(value, tuple):
        return "；".join(shown(item) for item in value)
    return str(value)
