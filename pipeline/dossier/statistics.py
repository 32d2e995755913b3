"""Statistics: plain facts, one for each problem, school, month, report and inspector; adds nothing up, words nothing.

They hold only text, numbers and days, so that another process can make tables of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

USUAL_REPORT_DAY = 5
"""The day of the next month by which zones report, if the registry gives none."""
NOWHERE = "（名录未列）"
"""The zone or town of a school that is not in the registry."""
OTHER_UNITS = "其他单位"
"""The zone of a unit without one."""


class Promptness(StrEnum):
    """The outcome of a report that was due."""

    ON_TIME = "按时"
    LATE = "逾期"
    MISSING = "未报"
    UNDATED = "日期待核"


class ProblemFact(NamedTuple):
    """A problem of the county's list; zone: whose workbook has it."""

    zone: str
    kind: str
    gravity: str
    state: str


class SchoolFact(NamedTuple):
    """A school, or another inspected unit; counts: whether it counts as a school."""

    zone: str
    town: str
    counts: bool
    inspections: int


class MonthFact(NamedTuple):
    """The figures of a month, or of all months of the period together. own: whether it belongs to the period."""

    year: int
    month: int
    own: bool
    records: int
    schools: int
    new: int
    closed: int
    closing: int
    rate: Decimal | None


class ReportFact(NamedTuple):
    """A report that a zone, or a unit in it, had to hand in; campaign: "" for the zone's monthly workbook."""

    campaign: str
    zone: str
    outcome: Promptness


class InspectorFact(NamedTuple):
    """An inspector in service on the last day. kind: None for the office's own staff; age: full years."""

    kind: str | None
    age: int | None
    origin: str | None


@dataclass(frozen=True)
class Statistics:
    """All facts of a month, or of several as one; any of the tuples may be empty."""

    zones: tuple[str, ...]
    """In the order of the register, with 县本级 last."""
    towns: tuple[str, ...]
    problems: tuple[ProblemFact, ...]
    schools: tuple[SchoolFact, ...]
    months: tuple[MonthFact, ...]
    """In order, the period's own and the earlier ones that it can be compared with."""
    together: MonthFact
    """The period as a whole: a school visited in several months counts once."""
    reports: tuple[ReportFact, ...]
    report_day: int | None
    """数据报送截止日 in the registry."""
    inspectors: tuple[InspectorFact, ...]
    mean_age: int | None
    """The mean age of full-time inspectors."""
    last_day: date
