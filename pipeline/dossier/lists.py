"""Month -> the problems in lists and notices, by scope; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from pipeline.dossier import counting
from pipeline.dossier.dossier import ProblemList, RegisteredProblem, SchoolOpinion
from pipeline.dossier.figures import Figure
from pipeline.dossier.notices import (
    AlreadyListed,
    EarlierNotice,
    NoticesById,
    OverdueProblem,
    UnitOverdue,
    UnitProblems,
    about,
    handled,
)
from pipeline.dossier.rows import Rows
from pipeline.forms.codes import Feedback, Handling, ProblemState
from pipeline.forms.office import Campaign, Visit
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record
from pipeline.intake.joining import Month


def county(month: Month, name: str, made_on: date) -> ProblemList:
    """All problems that were open at the month's beginning or found in it."""
    return _list(month, name, name, Rows(month.all(Problem)), made_on)


def register(month: Month, name: str, made_on: date) -> tuple[RegisteredProblem, ...]:
    """The same problems with everything known about them; () for none."""
    listed = county(month, name, made_on)
    late = {problem.id for problem in listed.overdue_rows}
    return tuple(
        RegisteredProblem(
            problem=problem,
            town=_town(month, problem),
            zone=month.zone(problem),
            found_in=next(iter(_named(month, [problem.campaign])), None),
            days=_days(problem, made_on) if problem.id in late else None,
        )
        for problem in listed.problems
    )


def zones(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each zone, and for 县本级, with a problem in its workbook open at the month's end; () for none."""
    names = [*(zone.name for zone in month.all(Zone)), COUNTY_LEVEL]
    return _lists(month, {name: name for name in names}, month.zone, made_on)


def towns(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each town with an open problem of its own or of a school in it; () for none."""
    names = {town.name: town.name for town in month.all(Town)}
    return _lists(month, names, lambda problem: _town(month, problem), made_on)


def _town(month: Month, problem: Problem) -> str | None:
    school = month.find(School, problem.school)
    return problem.town or (school.town if school else None)


def campaigns(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each campaign and visit in this month's workbooks with an open problem; () for none."""
    names = {campaign.number: campaign.name for campaign in month.all(Campaign)}
    names |= {visit.number: visit.name for visit in month.all(Visit)}
    return _lists(month, names, lambda problem: problem.campaign, made_on)


def schools(month: Month, made_on: date) -> tuple[ProblemList, ...]:
    """A list for each school with a problem open at the month's end, in the order of the register; () for none."""
    names = {school.name: school.name for school in month.all(School)}
    return _lists(month, names, lambda problem: problem.school, made_on)


def notices(month: Month, made_on: date, noticed: NoticesById) -> tuple[UnitProblems, ...]:
    """The problems in each unit's 整改通知书 of this month, without those of earlier notices; () for none."""
    new = Rows(handled(month)).where(lambda problem: problem.id not in noticed)
    return tuple(_notice(month, unit, problems, made_on) for unit, problems in new.by(_unit).items())


def _unit(problem: Problem) -> str:
    return problem.unit


def _id(problem: Problem) -> str:
    return problem.id


def already_listed(month: Month, noticed: NoticesById) -> tuple[AlreadyListed, ...]:
    """Each unit's problems in earlier notices, if the problems' own rows do not say so; () for none."""
    found: dict[tuple[str, EarlierNotice], list[Problem]] = {}
    for problem in handled(month):
        notice = noticed.get(problem.id)
        if notice and not notice.written:
            found.setdefault((problem.unit, notice), []).append(problem)
    return tuple(AlreadyListed(unit, notice, tuple(problems)) for (unit, notice), problems in found.items())


def overdue(month: Month, made_on: date, noticed: NoticesById) -> tuple[UnitOverdue, ...]:
    """What each unit is urged to do: its problems overdue on a day; () for none."""
    last = month.period.last_day
    late = Rows(month.all(Problem)).where(lambda p: p.open_on(last) and p.overdue_on(made_on))
    return tuple(_overdue(month, unit, problems, made_on, noticed) for unit, problems in late.by(_unit).items())


def _overdue(month: Month, unit: str, problems: Rows[Problem], made_on: date, noticed: NoticesById) -> UnitOverdue:
    return UnitOverdue(
        unit=unit,
        problems=tuple(_overdue_problem(month, problem, made_on, noticed) for problem in problems.sorted(_id)),
        items=counting.count(problems, deadline_cell, f"{unit}截至{made_on}逾期的问题数"),
    )


def _overdue_problem(month: Month, problem: Problem, made_on: date, noticed: NoticesById) -> OverdueProblem:
    """With the notice that listed it: an earlier one, else one in this month's 文件台账."""
    listed_in = noticed.get(problem.id)
    own = None if listed_in or problem.handling is not Handling.RECTIFICATION_NOTICE else about(month, problem)
    return OverdueProblem(
        problem=problem,
        days=_days(problem, made_on),
        notice_number=listed_in.number if listed_in else own.official_number if own else problem.notice_number,
        notice_dated=listed_in.dated if listed_in else own.dated if own else None,
    )


def _days(problem: Problem, made_on: date) -> Figure[int]:
    return counting.since(problem, deadline_cell(problem), made_on, f"{problem.id}到{made_on}逾期的天数")


def opinions(month: Month) -> tuple[SchoolOpinion, ...]:
    """The 督导意见书 for each school; () for none."""
    inspected = Rows(month.all(Record)).where(lambda record: record.feedback is Feedback.OPINION)
    by_school = inspected.by(lambda record: record.school)
    return tuple(_opinion(month, school, records) for school, records in by_school.items())


def _opinion(month: Month, school: str, records: Rows[Record]) -> SchoolOpinion:
    numbers = {record.id for record in records}
    problems = Rows(row for number in numbers for row in month.where(Problem, "record", number)).sorted(_id)
    people = (name for record in records for name in record.inspectors or _group(record, month))
    return SchoolOpinion(
        school=school,
        records=records,
        days=counting.listed(records, "date", f"{school}的督导日期"),
        found_in=_named(month, (record.campaign for record in records)),
        inspectors=tuple(dict.fromkeys(people)),
        problems=problems,
        items=counting.count(problems, "record", f"{school}督导意见书所列问题数"),
        report_by=max((p.deadline for p in problems if p.deadline), default=None),
    )


def _group(record: Record, month: Month) -> tuple[str, ...]:
    group = record.group_row(month)
    return group.people if group else ()


def _named(month: Month, numbers: Iterable[str | None]) -> tuple[str, ...]:
    """The names of campaigns and visits, each once; an unknown one of an earlier month is left out."""
    found = (month.find(Campaign, number) or month.find(Visit, number) for number in dict.fromkeys(numbers))
    return tuple(source.name for source in found if source is not None)


def deadline_cell(problem: Problem) -> str:
    """The cell with the day that counts for 逾期."""
    return "extended_to" if problem.extended_to else "due_on"


def _lists(
    month: Month, names: Mapping[str, str], of: Callable[[Problem], str | None], made_on: date
) -> tuple[ProblemList, ...]:
    by_name, last = Rows(month.all(Problem)).by(of), month.period.last_day
    wanted = (key for key in names if any(p.open_on(last) for p in by_name.get(key, ())))
    return tuple(_list(month, key, names[key], by_name[key], made_on) for key in wanted)


def _list(month: Month, key: str, name: str, problems: Rows[Problem], made_on: date) -> ProblemList:
    eve, first, last = month.period.eve, month.period.first_day, month.period.last_day
    listed = problems.where(lambda p: p.open_on(eve) or first <= p.found_on <= last).sorted(_id)
    overdue = listed.where(lambda p: p.open_on(last) and p.overdue_on(made_on))
    return ProblemList(
        name=name,
        key=key,
        problems=listed,
        total=counting.count(listed, "found_on", f"{name}上月末未销号和本月新增的问题总数"),
        by_state=counting.tally(listed, "state", ProblemState, f"{name}列入清单的问题，按状态"),
        overdue=counting.count(overdue, deadline_cell, f"{name}截至{made_on}逾期未完成整改的问题数"),
        overdue_rows=overdue,
    )


def _notice(month: Month, unit: str, problems: Rows[Problem], made_on: date) -> UnitProblems:
    own = problems.sorted(lambda problem: (problem.found_on, problem.id))
    registered = max(
        (found for problem in own if (found := about(month, problem))),
        key=lambda item: item.dated or date.min,
        default=None,
    )
    dated = registered.dated if registered and registered.dated else made_on
    latest = max((p.deadline for p in own if p.deadline), default=None)
    return UnitProblems(
        unit=unit,
        problems=own,
        items=counting.count(own, "handling", f"{unit}以整改通知书处置的问题数"),
        found_on=counting.listed(own, "found_on", f"{unit}各问题的发现日期"),
        found_in=_named(month, (problem.campaign for problem in own)),
        entry=registered,
        report_by=latest if latest and latest > dated else None,
        past=latest is not None and latest <= dated,
        days=counting.days(own, deadline_cell, dated, f"{unit}自{dated}至最迟整改期限的天数"),
        older=own.where(lambda problem: problem.predates(month.period.first_day)),
    )
