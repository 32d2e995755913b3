"""The rules that need the month: runs those of the sheets, and holds the few that belong to no one sheet."""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.forms.office import Campaign, Narrative, Report, VisitNote
from pipeline.forms.period import Period
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Row, Rule, Severity
from pipeline.forms.zone import FOR_LIFE, Problem, Record, ZoneReport
from pipeline.intake.asking import Asking
from pipeline.intake.issues import Issue, Location
from pipeline.intake.joining import Index, Month, load
from pipeline.intake.messages import sentence, shown
from pipeline.intake.validation import Blocked, Checked, blocked_row, broken

_DENIAL = re.compile(r"(未|没有)(发现|出现|存在)|无违规")
_NUMBER = re.compile(r"(?<![0-9第.])([0-9]+(?:\.[0-9]+)?)(?![0-9.]|年|月|日|号|时|分)")
_DROPPED = "WT-21"
_OTHER_MONTH = ("TB-02", "TB-04")


def check(given: Path, period: Period | None = None) -> Month:
    """The month that lies in a folder: read, joined and crosschecked (see `pipeline.intake.joining.load`)."""
    with _nothing_collected():
        return crosscheck(load(given, period))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """All rows of a month are kept: to look for garbage among them while they are made costs a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def crosscheck(month: Month) -> Month:
    """The month with what its rules over several rows have found; a row that a 必改 blames is blocked.

    The rows of a workbook of another month are left out with it.
    """
    month = replace(month, previous=_last_month(month.previous))
    issues = [
        *_unreported(month),
        *_faults_of_last_month(month),
        *_of_last_month(month),
        *_changed_since_last_month(month),
    ]
    asking = Asking(month)
    blocked: list[Blocked] = []
    rows: dict[type[Row], tuple[Row, ...]] = {}
    for sheet in month.rows:
        kept, rules = [], _rules(sheet)
        for row in month.all(sheet):
            found = list(_broken(rules, row, asking))
            issues += found
            blamed = {issue.label for issue in found if issue.severity is Severity.必改}
            if blamed:
                blocked.append(blocked_row(row, blamed))
            else:
                kept.append(row)
        rows[sheet] = tuple(kept)
    told = any(issue.number == _DROPPED for issue in issues)
    if not told and not any(entry.sheet is Problem for entry in (*month.blocked, *blocked)):
        issues += _balance(month)
    strangers = {issue.location.workbook for issue in issues if issue.number in _OTHER_MONTH}
    for sheet in (Record, Problem):
        rows[sheet] = tuple(row for row in rows.get(sheet, ()) if row.origin.workbook not in strangers)
    return _again(month, rows, blocked, issues)


def _again(
    month: Month, rows: Mapping[type[Row], tuple[Row, ...]], blocked: list[Blocked], issues: list[Issue]
) -> Month:
    """The month with fewer rows and more to say."""
    all_blocked = (*month.blocked, *blocked)
    tables = {
        sheet: Checked(list(kept), [entry for entry in all_blocked if entry.sheet is sheet])
        for sheet, kept in rows.items()
    }
    return Month(
        period=month.period,
        rows=rows,
        blocked=all_blocked,
        issues=(*month.issues, *issues),
        normalisations=month.normalisations,
        index=Index(tables),
        zone_of_workbook=month.zone_of_workbook,
        files=month.files,
        previous=month.previous,
    )


def _broken(rules: list[Rule], row: Row, asking: Asking) -> Iterator[Issue]:
    """The issues of the rules that a row breaks; no 必改 over what a fault that is told already may have hidden."""
    for rule in rules:
        asking.doubtful = False
        for issue in broken((rule,), row, asking):
            if not (asking.doubtful and issue.severity is Severity.必改):
                yield issue


def _rules(sheet: type[Row]) -> list[Rule]:
    """The rules of a sheet that need the month, and are asked of this month's rows."""
    rules = (*sheet.rules(), *FURTHER.get(sheet, ()))
    return [rule for rule in rules if rule.needs_month and not rule.of_last_month]


def _last_month(before: Month | None) -> Month | None:
    """The month before without the rows of workbooks of other months, which is told among its issues."""
    if before is None:
        return None
    rules = [rule for rule in ZoneReport.rules() if rule.number in _OTHER_MONTH]
    told = [issue for report in before.all(ZoneReport) for issue in broken(rules, report, before)]
    strangers = {issue.location.workbook for issue in told}
    rows = {
        sheet: tuple(row for row in kept if row.origin.workbook not in strangers) for sheet, kept in before.rows.items()
    }
    files = (Issue(one.number, one.severity, Location(one.location.workbook), one.sentence) for one in told)
    return _again(before, rows, [], list(files)) if told else before


def _faults_of_last_month(month: Month) -> Iterator[Issue]:
    """A 请核实 for each sheet of last month's workbooks, or whole file, with a 必改: it is not wholly compared."""
    before = month.previous.issues if month.previous else ()
    found: dict[tuple[str, str], list[Issue]] = {}
    for issue in before:
        if issue.severity is Severity.必改:
            found.setdefault((issue.location.workbook, issue.location.sheet), []).append(issue)
    for (workbook, sheet), issues in found.items():
        words = sentence("YB-05", count=len(issues))
        yield Issue("YB-05", Severity.请核实, Location(workbook, sheet, issues[0].location.cell), words)


def _of_last_month(month: Month) -> Iterator[Issue]:
    """What last month's rows ask of this month, told at last month's cell."""
    for sheet, rows in (month.previous.rows if month.previous else {}).items():
        rules = [rule for rule in sheet.rules() if rule.of_last_month]
        for row in rows if rules else ():
            yield from broken(rules, row, month)


def _changed_since_last_month(month: Month) -> Iterator[Issue]:
    """A 请核实 for each cell of a problem that should have stayed as last month's row has it; both cells are named."""
    for problem in month.all(Problem):
        before = month.previous.find(Problem, problem.id) if month.previous else None
        for attribute in FOR_LIFE if before else ():
            was, now = getattr(before, attribute), getattr(problem, attribute)
            if was != now and before is not None:
                place, label = Location.of(problem, attribute), problem.label_of(attribute)
                words = sentence("YB-02", was=shown(was), other=str(Location.of(before, attribute)))
                yield Issue("YB-02", Severity.请核实, place, words, label, shown(now))


def _balance(month: Month) -> Iterator[Issue]:
    """A 请核实 where last month's open problems, those that are new and those closed do not make what is open now."""
    if month.carried is None:
        return
    period, problems = month.period, month.all(Problem)
    opening = sum(problem.open_on(period.eve) for problem in month.carried.all(Problem))
    new = sum(problem.new_in(month) for problem in problems)
    closed = sum(problem.closed_day is not None and problem.closed_day in period for problem in problems)
    closing = sum(problem.open_on(period.last_day) for problem in problems)
    for report in month.all(Report) if opening + new - closed != closing else ():
        counts = {"opening": opening, "new": new, "closed": closed, "closing": closing, "due": opening + new - closed}
        words, label = sentence("YB-04", **counts), report.label_of("month")
        yield Issue("YB-04", Severity.请核实, Location.of(report, "month"), words, label, shown(report.month))


def _unreported(month: Month) -> Iterator[Issue]:
    """A 提示 for each zone in operation, and for 县本级, whose workbook is not there."""
    present = {str(report.zone) for report in month.all(ZoneReport)} | _blocked_zones(month)
    for zone in month.all(Zone):
        if zone.works_on(month.period.last_day) and zone.name not in present:
            place = Location.of(zone, "name")
            yield Issue("YB-01", Severity.提示, place, sentence("YB-01"), zone.label_of("name"), zone.name)


def _blocked_zones(month: Month) -> set[str]:
    return {str(b.values.get(ZoneReport.label_of("zone"))) for b in month.blocked if b.sheet is ZoneReport}


# Rules that look from a sheet of the office to one of the zones -------------------------------------------------------


def _conclusion_fits_the_problems(campaign: Any, month: Any) -> bool:
    denies = campaign.conclusion is not None and bool(_DENIAL.search(campaign.conclusion))
    return not denies or not month.where(Problem, "campaign", campaign.number)


def _note_is_no_problem(note: Any, month: Any) -> bool:
    return note.content is None or not month.where(Problem, "description", note.content)


def _figures_have_a_source(narrative: Any, month: Any) -> bool:
    return set(_NUMBER.findall(narrative.text)) <= numbers(month)


@lru_cache(maxsize=2)
def numbers(month: Month) -> frozenset[str]:
    """Every number that the ledgers hold, stand for or add up to by category: cells, words in cells, counts of rows."""
    known: set[str] = set()
    for sheet in month.rows:
        rows = [vars(row) for row in month.all(sheet)]
        known.add(str(len(rows)))
        for column in (column for column in sheet.columns() if not column.many):
            given = Counter(row[column.attribute] for row in rows)
            del given[None]
            if column.kind.name in ("integer", "number"):
                known |= {str(value) for value in (*given, sum(value * times for value, times in given.items()))}
            elif column.codes:
                known |= {str(times) for times in given.values()}
            elif sheet is not Narrative:
                known |= {number for value in given for number in _NUMBER.findall(str(value))}
    return frozenset(known)


def _further(
    number: str, at: tuple[type[Row], str], severity: Severity, words: str, holds: Callable[..., bool]
) -> tuple[type[Row], Rule]:
    sheet, attribute = at
    return sheet, Rule(number, words, sheet.label_of(attribute), severity, holds)


FURTHER: Mapping[type[Row], tuple[Rule, ...]] = {
    sheet: (rule,)
    for sheet, rule in (
        _further(
            "DD-07",
            (Campaign, "conclusion"),
            Severity.请核实,
            "总体结论说没有发现问题，但问题整改台账中有本项督导的问题，请核实",
            _conclusion_fits_the_problems,
        ),
        _further(
            "DF-03",
            (VisitNote, "entry"),
            Severity.请核实,
            "这条{类型}与问题整改台账中的问题内容相同，请核实；问题只填在问题整改台账",
            _note_is_no_problem,
        ),
        _further(
            "XS-01",
            (Narrative, "text"),
            Severity.请核实,
            "段落中有数字在各表中查不到，请核实数字",
            _figures_have_a_source,
        ),
    )
}
"""Rules on a sheet of the office that need a sheet of the zones, which its module does not know."""
