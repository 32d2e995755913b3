"""The year and month that a form states, in the ways clerks write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import ValidationInfo

from pipeline.forms.cells import CellType, integer, note, plain, typed_number
from pipeline.forms.faults.reasons import NM_20
from pipeline.words import western


def _year(raw: Any, info: ValidationInfo) -> int:
    """A year; also 2024年, 2024年3月, or the day that a spreadsheet makes of that."""
    year, _ = year_and_month(raw)
    if year is None:
        return integer(raw, info)
    note(info, NM_20)
    return year


def _month_of_year(raw: Any, info: ValidationInfo) -> int:
    """A month; also 8月, 八月份, 2024年3月, or the day that a spreadsheet makes of that.

    A month with another year than the row's is refused.
    """
    year, month = year_and_month(raw)
    if month is None or year not in (None, info.data.get("year", year)):
        return integer(raw, info)
    note(info, NM_20)
    return month


_OF_A_YEAR = re.compile(
    r"(?P<year>[0-9]{4})(?:年度?|(?:年|[-./])(?P<month>[0-9]{1,2})(?:月份?)?)|(?P<alone>[0-9]{1,2})月份?"
)


def year_and_month(raw: Any) -> tuple[int | None, int | None]:
    """The year and month that a cell states in words (2024年, 8月, 2024年3月); None for what it does not state.

    A day counts only if it is the first of a month, which is how a spreadsheet keeps 2024年3月; a bare number states
    nothing.
    """
    if typed_number(raw) is None and isinstance(raw, date) and raw.day == 1:
        return raw.year, raw.month
    match = _OF_A_YEAR.fullmatch(western(plain(raw))) if isinstance(raw, str) else None
    year, month = (match["year"], match["month"] or match["alone"]) if match else (None, None)
    return (int(year) if year else None), (int(month) if month else None)


YearNumber = Annotated[int, CellType("integer", "整数", "填整数", "1", _year, "0")]
MonthNumber = Annotated[int, CellType("integer", "整数", "填整数", "1", _month_of_year, "0")]
