"""Month -> how it compares: with earlier ones, zone by zone, month by month; counts by `pipeline.dossier.counting`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from pipeline.dossier import balance, counting
from pipeline.dossier.dossier import Change, Comparison, MonthLine, ZoneLine
from pipeline.dossier.figures import Figure, Plot
from pipeline.dossier.rows import Rows
from pipeline.forms.codes import ProblemKind, ProblemState
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record
from pipeline.intake.joining import Month
from pipeline.intake.terms import Base


def compare(month: Month, base: Base) -> Comparison:
    """A month, or several as one, compared with an earlier one; without changes if that one is incomplete."""
    if base.month is None:
        return Comparison(base.period, base.months, base.missing, base.incomplete)
    now, before = _line(COUNTY, month), _line(COUNTY, base.month)
    return Comparison(
        base.period,
        base.months,
        records=_change(_records(month), _records(base.month)),
        schools=_change(now.schools, before.schools),
        new=_change(now.new, before.new),
        closed=_change(now.closed, before.closed),
        closing=_change(now.closing, before.closing),
        rate=_points(now.rate, before.rate),
    )


COUNTY = "全县"


def by_zone(month: Month) -> tuple[ZoneLine, ...]:
    """For several months: a line for each zone in operation at the end, others with figures, 县本级, and the county.

    Schools count in their own zone, problems in the zone that lists them, both by the latest register; so each column
    adds up. () for a single month.
    """
    if not month.parts:
        return ()
    zones = {zone.name: zone.works_on(month.period.last_day) for zone in month.all(Zone)}
    placed = _places(month)

    def lies_in(*names: str) -> Callable[[Row], bool]:
        return lambda row: placed[id(row)] in names

    lines = {name: _line(name, month, lies_in(name)) for name in zones}
    rest = _line(COUNTY_LEVEL, month, lies_in(*({*placed.values()} - {*zones})))
    shown = (line for name, line in lines.items() if zones[name] or line.says_something)
    return (*shown, rest, _line(COUNTY, month))


def by_month(month: Month) -> tuple[MonthLine, ...]:
    """A line for each of several months; () for a single month."""
    return tuple(month_line(part) for part in month.parts)


def kinds_and_states(month: Month) -> Plot | None:
    """The problems closed in the period and open at its end, a series for each state; None without problems."""
    held = balance.of(month)
    problems = Rows([*held.closed, *held.closing])
    occurring = set(problems.values("kind"))
    kinds = [kind for kind in ProblemKind if kind in occurring]
    alike, none = problems.by(lambda problem: (problem.kind, problem.state)), problems.where(lambda _: False)

    def number(kind: ProblemKind, state: ProblemState) -> Figure[int]:
        return counting.count(alike.get((kind, state), none), "kind", f"{month.period}{state}的问题，类别：{kind}")

    series = tuple((str(state), tuple(number(kind, state) for kind in kinds)) for state in ProblemState)
    return Plot(tuple(map(str, kinds)), series) if kinds else None


def unreported(month: Month) -> tuple[str, ...]:
    """The zones in operation on the last day (and 县本级) without a workbook read for a single month."""
    return month.lacking


def month_line(part: Month) -> MonthLine:
    """The line of a month, or of several together."""
    line = _line(str(part.period), part)
    return MonthLine(
        part.period, unreported(part), _records(part), line.schools, line.new, line.closed, line.closing, line.rate
    )


def _records(month: Month) -> Figure[int]:
    return counting.count(Rows(month.all(Record)), "id", f"{month.period}的检查次数")


def _places(month: Month) -> dict[int, str]:
    """By each row's identity: the zone of a record's school, or the zone that lists a problem; "" if unknown."""
    towns = {town.name: str(town.zone) for town in month.all(Town)}
    schools = {school.name: towns.get(school.town, "") for school in month.all(School)}
    listed = balance.listed_by(month)
    records = {id(record): schools.get(record.school, "") for record in month.all(Record)}
    problems = {id(row): listed[row.id] for part in (month, month.carried) if part for row in part.all(Problem)}
    return records | problems


def _line(name: str, month: Month, holds: Callable[[Row], bool] = lambda _: True) -> ZoneLine:
    records = Rows(month.all(Record)).where(holds)
    held = balance.of(month).narrowed(holds)
    rule = f"{name}{month.period}"
    opening = counting.count(held.opening, "found_on", f"{rule}期初未销号的问题数")
    new = counting.count(held.new, "found_on", f"{rule}新增的问题数")
    closed = counting.count(held.closed, "state", f"{rule}销号的问题数")
    ever_open = counting.added((opening, new), f"{rule}期初未销号与新增的问题数之和")
    return ZoneLine(
        name=name,
        schools=counting.distinct(records, "school", f"{rule}检查的学校数"),
        opening=opening,
        new=new,
        closed=closed,
        closing=counting.count(held.closing, "state", f"{rule}期末未销号的问题数"),
        rate=counting.rate(closed, ever_open, f"{rule}销号数占期初未销号与新增之和的百分比"),
    )


def _change(now: Figure[int], before: Figure[int]) -> Change:
    rule = f"{now.rule}与{before.rule}"
    return Change(
        now, before, counting.apart(now, before, f"{rule}相差"), counting.change(now, before, f"{rule}相差的百分比")
    )


def _points(now: Figure[Decimal] | None, before: Figure[Decimal] | None) -> Change | None:
    if now is None or before is None:
        return None
    return Change(now, before, counting.apart(now, before, f"{now.rule}与{before.rule}相差的百分点"), None)
