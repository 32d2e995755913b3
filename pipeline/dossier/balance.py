"""Month -> the balance of problems: opening + new - closed = closing; picks rows, counts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.dossier.rows import Rows
from pipeline.forms.zone import Problem
from pipeline.intake.joining import Month


@dataclass(frozen=True, eq=False)
class Balance:
    """The problems open at the start, the new ones, the closed ones, and those open at the end."""

    opening: Rows[Problem]
    new: Rows[Problem]
    closed: Rows[Problem]
    closing: Rows[Problem]

    def narrowed(self, holds: Callable[[Problem], bool]) -> Balance:
        """The balance of the problems that satisfy a condition."""
        return Balance(*(part.where(holds) for part in (self.opening, self.new, self.closed, self.closing)))


@lru_cache(maxsize=4)
def of(month: Month) -> Balance:
    """The balance of a month, or of several as one.

    The opening is what was open in the workbooks of the month before; without them it follows from 发现日期 and
    销号日期.
    """
    period = month.period
    problems = Rows(month.all(Problem))
    before = Rows(month.carried.all(Problem)) if month.carried else problems
    return Balance(
        opening=before.where(lambda p: p.open_on(period.eve)),
        new=problems.where(lambda p: p.new_in(month)),
        closed=problems.where(lambda p: p.closed_day is not None and p.closed_day in period),
        closing=problems.where(lambda p: p.open_on(period.last_day)),
    )


def listed_by(month: Month) -> dict[str, str]:
    """The zone whose workbook has each problem, by 问题编号; for one carried over, the zone that lists it now."""
    before = month.carried
    carried = {problem.id: before.zone(problem) for problem in before.all(Problem)} if before else {}
    return carried | {problem.id: month.zone(problem) for problem in month.all(Problem)}
