"""What Excel offers, refuses or questions while a clerk types into a column; knows no layout and no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.forms.schema import Column, Form, Row

Choices = Mapping[type[Row], Sequence[str]]
Lists = dict[tuple[str, str], tuple[str, tuple[str, ...]]]
"""(sheet, label) of each column with a drop-down -> the list's defined name, and its words."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_HUGE = 10**9


def lists(form: Form, choices: Choices) -> Lists:
    """The drop-down lists of a form, for the columns that have one."""
    names: dict[tuple[str, ...], str] = {}
    found: Lists = {}
    for sheet in form.sheets:
        for column in sheet.columns():
            if typed_within(form, column) is None and (words := _offered(column, choices)):
                name = names.setdefault(words, f"{sheet.sheet_title()}_{column.label}")
                found[sheet.sheet_title(), column.label] = (name, words)
    return found


def typed_within(form: Form, column: Column) -> tuple[type[Row], str] | None:
    """Where the form itself has what the column names, as (sheet, attribute); None if it has it nowhere, or in several.

    The drop-down of such a column offers what has been typed there so far.
    """
    if len(column.targets) != 1 or column.limits.besides or column.targets[0] not in form.sheets:
        return None
    target = column.targets[0]
    return target, (target.named_by or target.key())[0]


def _offered(column: Column, choices: Choices) -> tuple[str, ...]:
    if any(choices.get(target) for target in column.targets):
        known = (word for target in column.targets for word in choices.get(target, ()))
        return (*column.limits.besides, *known)
    return column.codes or column.limits.suggested


def restriction(column: Column, listed: str | None) -> dict[str, Any]:
    """The entries that Excel refuses (a code not in the list), questions (a name not in the list) or accepts."""
    label, limits = column.label, column.limits
    if listed:
        return {"validate": "list", "source": f"={listed}"} | _answer_to_unlisted(column)
    if column.many:
        return {"validate": "any"}
    if column.kind.name in ("integer", "number"):
        kind = "integer" if column.kind.name == "integer" else "decimal"
        low = -_HUGE if limits.minimum is None else limits.minimum
        high = _HUGE if limits.maximum is None else limits.maximum
        return _between(kind, low, high, f"“{label}”应是{_bounds(column)}{column.kind.word}，{column.how}。")
    if column.kind.name in ("date", "month"):
        return _between("date", FIRST_DAY, LAST_DAY, f"“{label}”应是{column.kind.word}，{column.how}，不要省略年份。")
    if limits.longest:
        return _between("length", 0, limits.longest, f"“{label}”不得超过 {limits.longest} 字，请删减或分为几行。")
    return {"validate": "any"}


def _between(kind: str, low: object, high: object, message: str) -> dict[str, Any]:
    limits = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    return limits | {"error_title": "请改正", "error_message": message}


def _bounds(column: Column) -> str:
    low, high = column.limits.minimum, column.limits.maximum
    if low is None or high is None:
        return "" if low is None else f"不小于 {low} 的"
    return f" {low} 至 {high} 的"


def _answer_to_unlisted(column: Column) -> dict[str, Any]:
    """How Excel answers a value outside the drop-down. A column of lists accepts any: several items are never in it."""
    if column.many or not (column.codes or column.targets):
        return {"show_error": False}
    if column.targets:
        where = "、".join(f"“{target.sheet_title()}”" for target in column.targets)
        message = f"“{column.label}”的下拉列表中没有这个词，请与{where}表核对；是简称、别名或以前月份编号的，可以继续。"
        return {"error_type": "information", "error_title": "请核对", "error_message": message}
    return {"error_title": "请改正", "error_message": f"“{column.label}”只能填下拉列表中的词语，请从列表中选择。"}
