"""Text as the values of cells: dates as dates, numbers as numbers; knows kinds of columns, and no workbook."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from pipeline.forms.cells import MOST_DIGITS
from pipeline.forms.schema import Column
from pipeline.workbooks.dropdowns import FIRST_DAY, LAST_DAY


def typed(column: Column, value: object) -> object:
    """The text of a CSV as a value of the column's kind; unchanged if it does not fit, None if blank."""
    if isinstance(value, date) and value.year < FIRST_DAY.year:
        return value.isoformat()  # Excel's calendar begins in 1900
    if not isinstance(value, str):
        return value
    kind = column.kind.name
    if kind in ("date", "month") and not column.many:
        return _day(value if kind == "date" else f"{value}-01") or value or None
    if kind in ("integer", "number") and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) and len(value) <= MOST_DIGITS:
        return Decimal(value)
    return value or None


def _day(written: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
