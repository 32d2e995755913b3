"""Rows as a clerk would write them: label -> value; chooses none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pipeline.forms.schema import Row
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked

WrittenRow = Mapping[str, object]
"""Label -> value."""


def written(row: Row) -> WrittenRow:
    """A row as it was understood; blank cells are left out."""
    values = {column.label: getattr(row, column.attribute) for column in row.columns()}
    return {label: joined(value) for label, value in values.items() if value not in (None, ())}


def joined(value: Any) -> object:
    """A value as one cell holds it: a list with semicolons, a yes or no in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(str(item) for item in value) if isinstance(value, tuple) else value


def as_it_stands(blocked: Blocked) -> WrittenRow:
    """The cells of a row at fault, whatever is in them; an error in place of a value becomes a blank."""
    labels = {column.label for column in blocked.sheet.columns()}
    cells = {label: _cell(blocked.values[label]) for label in blocked.values if label in labels}
    return {label: value for label, value in cells.items() if value not in (None, "")}


def _cell(value: Any) -> object:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else shown(value)


def said(month: Month, sheet: type[Row], attributes: Iterable[str], workbook: str | None = None) -> WrittenRow:
    """What the first row of a sheet, or of a workbook's, says under these attributes; of a row at fault, what is right.

    {} without a row.
    """
    labels = {attribute: sheet.label_of(attribute) for attribute in attributes}
    for row in month.all(sheet):
        if workbook in (None, row.origin.workbook):
            values = {label: joined(getattr(row, attribute)) for attribute, label in labels.items()}
            return {label: value for label, value in values.items() if value not in (None, "")}
    for blocked in month.blocked:
        if blocked.sheet is sheet and workbook in (None, blocked.origin.workbook):
            stands = as_it_stands(blocked)
            return {each: stands[each] for each in labels.values() if each in stands and each not in blocked.faulty}
    return {}
