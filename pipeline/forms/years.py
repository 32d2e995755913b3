"""The year and the month that a form says it is of, in the words in which clerks write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import ValidationInfo

from pipeline.forms.cells import CellType, integer, note, plain, typed_number
from pipeline.forms.words import western


def _year(raw: Any, info: ValidationInfo) -> int:
    """A year, also one written 2024年, or within 2024年3月, or the day as which a spreadsheet keeps that."""
    year, _ = year_and_month(raw)
    if year is None:
        return integer(raw, info)
    note(info, "NM-20")
    return year


def _month_of_year(raw: Any, info: ValidationInfo) -> int:
    """A month, also one written 8月, 八月份 or 2024年3月, or the day as which a spreadsheet keeps that.

    A year within it that is not that of the row makes it no month.
    """
    year, month = year_and_month(raw)
    if month is None or year not in (None, info.data.get("year", year)):
        return integer(raw, info)
    note(info, "NM-20")
    return month


_OF_A_YEAR = re.compile(
    r"(?P<year>[0-9]{4})(?:年度?|(?:年|[-./])(?P<month>[0-9]{1,2})(?:月份?)?)|(?P<alone>[0-9]{1,2})月份?"
)


def year_and_month(raw: Any) -> tuple[int | None, int | None]:
    """What a cell says of a year and of a month in words, as 2024年, 8月 or 2024年3月; None for what it does not say.

    Of a day, only the first of a month says anything, for so a spreadsheet keeps 2024年3月; a bare number says nothing.
    """
    if typed_number(raw) is None and isinstance(raw, date) and raw.day == 1:
        return raw.year, raw.month
    match = _OF_A_YEAR.fullmatch(western(plain(raw))) if isinstance(raw, str) else None
    year, month = (match["year"], match["month"] or match["alone"]) if match else (None, None)
    return (int(year) if year else None), (int(month) if month else None)


YearNumber = Annotated[int, CellType("integer", "整数", "填整数", "1", _year, "0")]
MonthNumber = Annotated[int, CellType("integer", "整数", "填整数", "1", _month_of_year, "0")]
