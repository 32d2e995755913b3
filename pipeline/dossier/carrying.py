"""What the workbooks of the next month begin with: the rows of a month that stay or stand; writes no workbook.

A cell is written as it was understood, so names are in full. A row at fault is carried as it is written: its number is
for life, and the fault is reported again until it is put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.dossier import notices, planned
from pipeline.dossier.written import WrittenRow, as_it_stands, said, written
from pipeline.forms.cells import plain
from pipeline.forms.codes import Handling, SchoolStatus
from pipeline.forms.faults.fault import Severity
from pipeline.forms.office import Indicator, Report
from pipeline.forms.period import Period
from pipeline.forms.registry import Inspector, School, Town, Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import COUNTY_LEVEL, Problem, ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown

SheetRows = dict[str, list[WrittenRow]]
"""Title of a sheet -> its rows."""
_RECOGNIZED = ("school", "town", "description", "found_on")
"""By what a problem is recognized whose number was changed by hand."""


@dataclass(frozen=True)
class CarriedZone:
    """What the workbook of a zone (or 县本级) begins with; problems: the numbers that it carries over."""

    name: str
    rows: SheetRows
    problems: tuple[str, ...]


@dataclass(frozen=True)
class CarriedMonth:
    """What the workbooks of a month begin with; remarks: what the office should know about it."""

    period: Period
    zones: tuple[CarriedZone, ...]
    office: SheetRows
    campaigns: tuple[str, ...]
    """The numbers of the running and planned campaigns."""
    remarks: tuple[str, ...]


def carried(month: Month, registry: Month, period: Period) -> CarriedMonth:
    """What the next month begins with; registry: the one that it will be read with.

    A workbook for each zone in operation at its end, and one for 县本级, also without anything to carry over.
    """
    zones = [*(zone.name for zone in registry.all(Zone) if zone.works_on(period.last_day)), COUNTY_LEVEL]
    moves = _Moves(registry, frozenset(zones))
    problems: dict[str, list[WrittenRow]] = {zone: [] for zone in zones}
    for row, place in _open(month, moves):
        problems[place].append(row)
    campaigns = planned.campaigns(month, period)
    office: SheetRows = {
        Report.sheet_title(): [_report(month, period)],
        **{title: [written(row) for row in rows] for title, rows in campaigns.rows.items()},
        Indicator.sheet_title(): list(_indicators(month)),
    }
    office.setdefault(planned.CAMPAIGNS, []).extend(campaigns.planned)
    return CarriedMonth(
        period,
        tuple(_zone(name, problems[name], month, period) for name in zones),
        office,
        campaigns.numbers,
        (*moves.remarks(), *_left_behind(month), *campaigns.remarks),
    )


def _zone(name: str, problems: Sequence[WrittenRow], month: Month, period: Period) -> CarriedZone:
    book = next((book for book, zone in month.zone_of_workbook.items() if zone == name), "")
    report = {ZoneReport.label_of("zone"): name, **_month(ZoneReport, period)}
    report |= said(month, ZoneReport, ("filler", "checker"), book)
    rows: SheetRows = {ZoneReport.sheet_title(): [report], Problem.sheet_title(): list(problems)}
    return CarriedZone(name, rows, tuple(shown(row.get(Problem.label_of("id"))) for row in problems))


def _report(month: Month, period: Period) -> WrittenRow:
    return {**_month(Report, period), **said(month, Report, ("drafter", "checker", "signer", "addressee"))}


def _month(sheet: type[Row], period: Period) -> dict[str, object]:
    return {sheet.label_of("year"): period.year, sheet.label_of("month"): period.month}


def _indicators(month: Month) -> Iterator[WrittenRow]:
    """The continuing figures, with last month's value as 上期值; of a row at fault, what is right."""
    stays = [Indicator.label_of(each) for each in ("name", "unit", "definition")]
    previous, current = Indicator.label_of("previous"), Indicator.label_of("current")
    blocked = (entry for entry in month.blocked if entry.sheet is Indicator)
    faulty = ({k: v for k, v in as_it_stands(entry).items() if k not in entry.faulty} for entry in blocked)
    for row in (*map(written, month.all(Indicator)), *faulty):
        kept = {label: row[label] for label in stays if label in row}
        yield {**kept, previous: row[current]} if current in row else kept


# Problems ------------------------------------------------------------------------------------------------------------


def _open(month: Month, moves: _Moves) -> Iterator[tuple[WrittenRow, str]]:
    """The problems open at the month's end, each with the zone that will list it: those read, then those at fault.

    The problems of a zone of which nothing was read are those of the month before.
    """
    sound = not any(issue.severity is Severity.必改 for issue in month.issues)
    for problem in month.all(Problem):
        if problem.open_on(month.period.last_day):
            yield _with_notice(problem, month, sound), moves.to(problem, month.zone(problem))
    for blocked in month.blocked:
        if blocked.sheet is Problem:
            zone = month.zone_of_workbook.get(blocked.origin.workbook, "")
            yield as_it_stands(blocked), moves.to(blocked.stand_in, zone)
    before = month.previous
    for problem in before.all(Problem) if before else ():
        zone = before.zone(problem) if before else ""
        if zone in month.lacking and problem.open_on(month.period.eve) and not month.knows(Problem, problem.id):
            yield written(problem), moves.to(problem, zone)


def _with_notice(problem: Problem, month: Month, sound: bool) -> WrittenRow:
    """The row; one found this month with the number of its notice, if the month is sound and so was not withheld."""
    row, label = written(problem), Problem.label_of("notice_number")
    by_notice = problem.handling is Handling.RECTIFICATION_NOTICE and problem.notice_number is None
    if sound and by_notice and problem.found_on in month.period:
        entry = notices.about(month, problem)
        if entry and entry.official_number:
            return {**row, label: entry.official_number}
    return row


def _left_behind(month: Month) -> Iterator[str]:
    """What of the month before this month has not listed: it is not carried on, since it may be meant so."""
    if month.previous is None:
        return
    lines = {_recognized(problem): problem.id for problem in month.all(Problem)}
    for problem in month.previous.all(Problem):
        zone = month.previous.zone(problem)
        if not problem.open_on(month.period.eve) or month.knows(Problem, problem.id):
            continue
        if zone in month.lacking:
            yield f"{zone}没有 {month.period} 的表，{problem.id} 按 {month.previous.period} 的表带出"
        elif now := lines.get(_recognized(problem)):
            yield f"问题 {problem.id} 在 {month.period} 的表里改成了 {now}，按 {now} 带出；编号终身不变，请核实是否改回"
        else:
            yield f"问题 {problem.id}（{zone}）上月末没有销号，{month.period} 的台账里没有，没有带出，请核实"


def _recognized(problem: Problem) -> tuple[str, ...]:
    return tuple(plain(shown(getattr(problem, each))) for each in _RECOGNIZED)


class _Moves:
    """Which zone lists a problem next month, and what is to be said of it."""

    def __init__(self, registry: Month, zones: frozenset[str]) -> None:
        self._registry, self._zones = registry, zones
        self._moved: dict[tuple[str, str], list[str]] = {}

    def to(self, problem: Row | None, zone: str) -> str:
        """The zone of its school or, without one, of its town; 县本级 keeps its own, and what no zone has is its."""
        now = COUNTY_LEVEL if zone == COUNTY_LEVEL else self._zone_of(problem) or zone
        now = now if now in self._zones else zone if zone in self._zones else COUNTY_LEVEL
        if now != zone:
            self._moved.setdefault((zone, now), []).append(shown(getattr(problem, "id", "")))
        return now

    def _zone_of(self, problem: Row | None) -> str | None:
        school = self._registry.find(School, getattr(problem, "school", None))
        town = self._registry.find(Town, school.town if school else getattr(problem, "town", None))
        return town.zone if town else None

    def remarks(self) -> Iterator[str]:
        """A sentence for each pair of zones between which problems move."""
        for (old, new), numbers in self._moved.items():
            of_old = f"{old}的" if old else "不知道属于哪个责任区的"
            why = "" if new != COUNTY_LEVEL else "（名录里查不到它们现在属于哪个责任区，请核对学校、乡镇和责任区）"
            listed = "、".join(filter(None, numbers))
            yield f"{of_old} {len(numbers)} 个问题改由{new}填报{why}：{listed}"


# Names ---------------------------------------------------------------------------------------------------------------


def offered(registry: Month, zone: str, period: Period) -> dict[type[Row], list[str]]:
    """The names that the drop-downs of a workbook offer: those of the zone; for 县本级, and for the office, all.

    Schools that were closed, and inspectors who do not serve in the month, are left out.
    """
    whole = zone in (COUNTY_LEVEL, "")
    towns = [town.name for town in registry.all(Town) if whole or town.zone == zone]
    schools = [school for school in registry.all(School) if school.town in towns and not _gone(school, period)]
    serving = [one for one in registry.all(Inspector) if any(one.serves_on(day) for day in _ends(period))]
    working = [each.name for each in registry.all(Zone) if any(each.works_on(day) for day in _ends(period))]
    return {
        Zone: working if whole else [zone],
        Town: towns,
        School: [school.name for school in schools],
        Inspector: [one.name for one in serving if whole or one.zone in (zone, None)],
    }


def _ends(period: Period) -> tuple[date, date]:
    return period.first_day, period.last_day


def _gone(school: School, period: Period) -> bool:
    """Whether it was closed before the month, or is closed without a day."""
    if school.ended is None:
        return school.status in (SchoolStatus.CLOSED, SchoolStatus.MERGED)
    return school.ended < period.first_day
