"""Period: the months that a report covers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from pipeline.forms.cells import plain
from pipeline.words import western

YEAR = 12
_PARTS = {"Q": 3, "H": 6}
"""Months in a part of the year, by the letter before its number: 2024Q1, 2024H1."""
_FOLDER = re.compile(r"([0-9]{4})(?:[-._年](0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))(?:月份?)?")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, or several in a row: a quarter, a half-year, a year."""

    year: int
    month: int
    """The first of them."""
    months: int = 1

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """A month from "2024-03"; None for anything else."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", written)
        return cls(int(match[1]), int(match[2])) if match else None

    @classmethod
    def of_folder(cls, name: str) -> Self | None:
        """The month after which a folder is named; None for any other name.

        Also 2024-3, 2024.03, 2024_03, 202403, 2024年3月, 二〇二四年三月, in digits of either width.
        """
        match = _FOLDER.fullmatch(western(plain(name)))
        return cls(int(match[1]), int(match[2] or match[3])) if match else None

    @classmethod
    def parse_longer(cls, written: str) -> Self | None:
        """A quarter from "2024Q1", a half-year from "2024H1", a year from "2024"; None for anything else."""
        if re.fullmatch(r"[0-9]{4}", written):
            return cls(int(written), 1, YEAR)
        match = re.fullmatch(r"([0-9]{4})(?:(Q)([1-4])|(H)([12]))", written, re.IGNORECASE)
        if match is None:
            return None
        months = _PARTS[(match[2] or match[4]).upper()]
        return cls(int(match[1]), (int(match[3] or match[5]) - 1) * months + 1, months)

    @classmethod
    def spanning(cls, first: Period, last: Period) -> Self:
        """From one month to another, both included."""
        return cls(first.year, first.month, last.year * YEAR + last.month - first.year * YEAR - first.month + 1)

    def __str__(self) -> str:
        """As in folder names: 2024-03, 2024Q1, 2024H1, 2024; any other stretch by both ends."""
        if self.months == 1:
            return f"{self.year}-{self.month:02}"
        if (self.months, self.month) == (YEAR, 1):
            return str(self.year)
        for letter, months in _PARTS.items():
            if self.months == months and self.month % months == 1:
                return f"{self.year}{letter}{self.month // months + 1}"
        return f"{self.singles[0]}至{self.singles[-1]}"

    @property
    def first_day(self) -> date:
        """The first day of the first month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return self.next.first_day - timedelta(days=1)

    @property
    def eve(self) -> date:
        """The day before the first."""
        return self.first_day - timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The same number of months before."""
        return self._moved(-self.months)

    @property
    def next(self) -> Period:
        """The same number of months after."""
        return self._moved(self.months)

    @property
    def year_before(self) -> Period:
        """The same months a year earlier."""
        return self._moved(-YEAR)

    @property
    def quarter(self) -> Period:
        """The quarter that contains the first month."""
        months = _PARTS["Q"]
        return Period(self.year, (self.month - 1) // months * months + 1, months)

    @property
    def singles(self) -> tuple[Period, ...]:
        """Each of its months."""
        return tuple(replace(self, months=1)._moved(number) for number in range(self.months))

    def _moved(self, by: int) -> Period:
        year, month = divmod(self.year * YEAR + self.month - 1 + by, YEAR)
        return Period(year, month + 1, self.months)

    def __contains__(self, day: date) -> bool:
        """Whether the day falls into it."""
        return self.first_day <= day <= self.last_day
