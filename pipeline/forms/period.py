"""Period: the stretch of time that a report tells of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """From "2024-03"; None for anything else."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", written)
        return cls(int(match[1]), int(match[2])) if match else None

    def __str__(self) -> str:
        """As folders are named: 2024-03."""
        return f"{self.year}-{self.month:02}"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next.first_day - timedelta(days=1)

    @property
    def eve(self) -> date:
        """The day before the first."""
        return self.first_day - timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The month before."""
        return Period(self.eve.year, self.eve.month)

    @property
    def next(self) -> Period:
        """The month after."""
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    def __contains__(self, day: date) -> bool:
        """Whether the day falls into the month."""
        return self.first_day <= day <= self.last_day
