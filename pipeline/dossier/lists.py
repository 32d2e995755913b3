"""Month -> the problems that lists and notices tell of, by scope; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from pipeline.dossier import counting
from pipeline.dossier.dossier import ProblemList, UnitProblems, entry
from pipeline.forms.codes import DocumentDirection, DocumentKind, Handling, ProblemState
from pipeline.forms.office import Campaign, DocumentEntry, Visit
from pipeline.forms.registry import School, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Problem
from pipeline.intake.joining import Month


def county(month: Month, name: str, made_on: date) -> ProblemList:
    """All problems that were open at the month's beginning or found in it."""
    return _list(month, name, month.all(Problem), made_on)


def zones(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each zone, and for 县本级, in whose workbook a problem is open at the month's end; () for none."""
    names = [*(zone.name for zone in month.all(Zone)), COUNTY_LEVEL]
    return _lists(month, names, month.zone, made_on)


def schools(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each school with a problem open at the month's end, in the order of the register; () for none."""
    names = (school.name for school in month.all(School))
    return _lists(month, names, lambda problem: problem.school, made_on)


def notices(month: Month, made_on: date) -> tuple[UnitProblems, ...]:
    """What each unit is told by a 整改通知书 of this month; problems of an earlier notice bear its number; () for none."""
    by_unit: dict[str, list[Problem]] = {}
    for problem in month.all(Problem):
        if problem.handling is Handling.RECTIFICATION_NOTICE and problem.notice_number is None:
            by_unit.setdefault(problem.unit, []).append(problem)
    return tuple(_notice(month, unit, problems, made_on) for unit, problems in by_unit.items())


def outgoing(month: Month) -> tuple[DocumentEntry, ...]:
    """The office's own documents."""
    return tuple(item for item in month.all(DocumentEntry) if item.direction is DocumentDirection.OUTGOING)


def deadline_cell(problem: Problem) -> str:
    """Which cell holds the day that counts for 逾期."""
    return "extended_to" if problem.extended_to else "due_on"


def _lists(
    month: Month, names: Iterable[str], of: Callable[[Problem], str | None], made_on: date
) -> tuple[ProblemList, ...]:
    by_name: dict[str | None, list[Problem]] = {}
    for problem in month.all(Problem):
        by_name.setdefault(of(problem), []).append(problem)
    wanted = (name for name in names if any(p.open_on(month.period.last_day) for p in by_name.get(name, ())))
    return tuple(_list(month, name, by_name[name], made_on) for name in wanted)


def _list(month: Month, name: str, problems: Iterable[Problem], made_on: date) -> ProblemList:
    period = month.period
    told = sorted((p for p in problems if p.open_on(period.eve) or p.found_on in period), key=lambda p: p.id)
    listed = counting.table(told, Problem)
    overdue = counting.where(listed, lambda p: p.open_on(period.last_day) and p.overdue_on(made_on))
    return ProblemList(
        name=name,
        problems=tuple(listed["row"]),
        total=counting.count(listed, "found_on", f"{name}上月末未销号和本月新增的问题总数"),
        by_state=counting.tally(listed, "state", ProblemState, f"{name}列入清单的问题，按状态"),
        overdue=counting.count(overdue, deadline_cell, f"{name}截至{made_on}逾期未完成整改的问题数"),
        overdue_rows=tuple(overdue["row"]),
    )


def _notice(month: Month, unit: str, problems: Iterable[Problem], made_on: date) -> UnitProblems:
    own = sorted(problems, key=lambda problem: (problem.found_on, problem.id))
    frame = counting.table(own, Problem)
    registered = entry(outgoing(month), DocumentKind.RECTIFICATION_NOTICE, unit)
    dated = registered.dated if registered and registered.dated else made_on
    sources = dict.fromkeys(p.campaign for p in own if p.campaign)
    found = (month.find(Campaign, number) or month.find(Visit, number) for number in sources)
    return UnitProblems(
        unit=unit,
        problems=tuple(own),
        items=counting.count(frame, "handling", f"{unit}以整改通知书处置的问题数"),
        found_on=counting.listed(frame, "found_on", f"{unit}各问题的发现日期"),
        found_in=tuple(source.name for source in found if source is not None),
        entry=registered,
        report_by=max((p.deadline for p in own if p.deadline), default=None),
        days=counting.days(frame, deadline_cell, dated, f"{unit}自{dated}至最迟整改期限的天数"),
    )
