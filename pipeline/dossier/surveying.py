"""Month -> Statistics: which rows are facts of the statistics; adds nothing up, words nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from pipeline.dossier import terms
from pipeline.dossier.campaigns import due_day
from pipeline.dossier.counting import full_years
from pipeline.dossier.dossier import CampaignStory, MonthLine, ProblemList, Team
from pipeline.dossier.statistics import (
    NOWHERE,
    OTHER_UNITS,
    USUAL_REPORT_DAY,
    InspectorFact,
    MonthFact,
    ProblemFact,
    Promptness,
    ReportFact,
    SchoolFact,
    Statistics,
)
from pipeline.forms.codes import InspectorKind
from pipeline.forms.office import SelfReport
from pipeline.forms.registry import County, Inspector, School, Town, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Record, ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.terms import Base, Bases


def statistics(
    month: Month, listed: ProblemList, campaigns: Sequence[CampaignStory], team: Team | None, bases: Bases | None
) -> Statistics:
    """The facts of a month, or of several as one.

    listed: the county's list of problems; bases: the earlier periods that it is compared with, None for none.
    """
    county = month.one(County)
    return Statistics(
        zones=(*(zone.name for zone in month.all(Zone)), COUNTY_LEVEL),
        towns=tuple(town.name for town in month.all(Town)),
        problems=tuple(
            ProblemFact(month.zone(one) or NOWHERE, str(one.kind), str(one.gravity), str(one.state))
            for one in listed.problems
        ),
        schools=tuple(_schools(month)),
        months=tuple(_months(month, bases)),
        together=_fact(terms.month_line(month), own=True),
        reports=(*_zone_reports(month), *_self_reports(month, campaigns)),
        report_day=county.report_day if county else None,
        inspectors=tuple(_inspectors(month)),
        mean_age=team.age_after.value if team and team.age_after else None,
        last_day=month.period.last_day,
    )


def _schools(month: Month) -> Iterator[SchoolFact]:
    """Every school that counts, and all else that was inspected."""
    inspections: Counter[str] = Counter(record.school for record in month.all(Record))
    for school in month.all(School):
        number = inspections.pop(school.name, 0)
        if school.counts or number:
            yield SchoolFact(_zone_of_town(month, school.town), school.town, school.counts, number)
    for number in inspections.values():
        yield SchoolFact(NOWHERE, NOWHERE, False, number)


def _zone_of_town(month: Month, name: str | None) -> str:
    town = month.find(Town, name)
    return town.zone if town else NOWHERE


def _months(month: Month, bases: Bases | None) -> Iterator[MonthFact]:
    own = {part.period: terms.month_line(part) for part in month.months}
    earlier = [part for base in _bases(bases) if base.month for part in base.month.months if part.period not in own]
    lines = {part.period: terms.month_line(part) for part in earlier} | own
    yield from (_fact(lines[period], own=period in own) for period in sorted(lines))


def _bases(bases: Bases | None) -> tuple[Base, ...]:
    return (bases.year_before, bases.before) if bases else ()


def _fact(line: MonthLine, *, own: bool) -> MonthFact:
    return MonthFact(
        year=line.period.year,
        month=line.period.month,
        own=own,
        records=line.records.value,
        schools=line.schools.value,
        new=line.new.value,
        closed=line.closed.value,
        closing=line.closing.value,
        rate=None if line.rate is None else line.rate.value,
    )


def _zone_reports(month: Month) -> Iterator[ReportFact]:
    """The workbooks that the zones in operation, and 县本级, had to hand in for each month."""
    for part in month.months:
        due = _due_day(part)
        filled = {part.zone(row): row.filled_on for row in part.all(ZoneReport)}
        zones = [zone.name for zone in part.all(Zone) if zone.works_on(part.period.last_day)]
        for zone in (*zones, COUNTY_LEVEL):
            missing = zone in part.lacking
            day = None if missing else filled.get(zone)
            yield ReportFact("", zone, _promptness(day, due, missing))


def _due_day(month: Month) -> date:
    """数据报送截止日 in the month after; the last day of a month that is too short for it."""
    county, following = month.one(County), month.period.next
    day = (county.report_day if county else None) or USUAL_REPORT_DAY
    return min(following.first_day + timedelta(days=day - 1), following.last_day)


def _promptness(day: date | None, due: date, missing: bool) -> Promptness:
    if missing:
        return Promptness.MISSING
    if day is None:
        return Promptness.UNDATED
    return Promptness.ON_TIME if day <= due else Promptness.LATE


def _self_reports(month: Month, campaigns: Iterable[CampaignStory]) -> Iterator[ReportFact]:
    """The self-inspection reports of each campaign, as its bulletin counts them."""
    for story in campaigns:
        if story.self_reports:
            for row in story.self_reports.rows:
                due = due_day(row, story.campaign)
                outcome = _promptness(row.received_on, due, row.received_on is None)
                yield ReportFact(story.campaign.name, _zone_of_unit(month, row), outcome)


def _zone_of_unit(month: Month, report: SelfReport) -> str:
    if month.find(Zone, report.unit):
        return report.unit
    school = month.find(School, report.unit)
    town = month.find(Town, school.town if school else report.unit)
    return town.zone if town else OTHER_UNITS


def _inspectors(month: Month) -> Iterator[InspectorFact]:
    last = month.period.last_day
    for person in month.all(Inspector):
        if person.serves_on(last):
            staff = person.kind is InspectorKind.FULL_TIME and person.zone is None
            age = None if person.born is None else full_years(person.born, last)
            origin = None if person.former_post is None else str(person.former_post)
            yield InspectorFact(None if staff else str(person.kind), age, origin)
