"""The rules that need the month: runs those of the sheets, and holds the few that belong to no single sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.faults.months import YB_01, YB_02, YB_04, YB_07, YB_08
from pipeline.forms.faults.sheets import SH_26
from pipeline.forms.office import Campaign, DocumentEntry, Meeting, Narrative, Report, Visit, VisitNote
from pipeline.forms.places import Location
from pipeline.forms.registry import Inspector, School, Town, Zone
from pipeline.forms.rules import Rule, rule_of
from pipeline.forms.schema import Row
from pipeline.forms.zone import FOR_LIFE, Problem
from pipeline.intake.completing import explained
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.occasion import Occasion
from pipeline.intake.repeats import folded
from pipeline.intake.validation import Blocked, blocked_row, broken

_DENIAL = re.compile(r"(未|没有)(发现|出现|存在)|无违规")
_NUMBER = re.compile(r"(?<![0-9第.])([0-9]+(?:\.[0-9]+)?)(?![0-9.]|年|月|日|号|时|分)")
_DROPPED = rule_of(Problem.carried_over)
_CALLED: Mapping[type[Row], str] = {School: "学校", Zone: "责任区", Town: "乡镇街道", Inspector: "督学"}


def crosscheck(month: Month) -> Month:
    """The month with the findings of its rules over several rows; a row that a 必改 blames is blocked.

    A workbook of another month is left out with its rows.
    """
    month = month.of_its_own(month.period)
    issues = [*_empty_registry(month), *_unreported(month), *_of_last_month(month), *_changed_since_last_month(month)]
    blocked: list[Blocked] = []
    rows: dict[type[Row], tuple[Row, ...]] = {}
    for sheet in month.rows:
        # Every rule sees all rows of the month, also those that another rule is about to block: order must not matter.
        kept, rules = [], _rules(sheet)
        for row in month.all(sheet):
            found = list(broken(rules, row, month, occasion=Occasion(month.period)))
            issues += found
            blamed = {issue.label for issue in found if issue.severity is Severity.必改}
            if blamed:
                blocked.append(blocked_row(row, blamed))
            else:
                kept.append(row)
        rows[sheet] = tuple(kept)
    # A missing or blocked problem already explains why the balance does not add up.
    dropped = any(issue.fault is _DROPPED for issue in issues)
    if not dropped and not any(entry.sheet is Problem for entry in (*month.blocked, *blocked)):
        issues += _balance(month)
    checked = month.narrowed(rows, blocked, issues)
    # Only now, when all issues of a column are known, can equal ones be merged.
    return replace(checked, issues=folded(explained(checked.issues, checked.normalisations)))


def _rules(sheet: type[Row]) -> list[Rule]:
    """The rules of a sheet that need the month and apply to this month's rows."""
    rules = (*sheet.rules(), *FURTHER.get(sheet, ()))
    return [rule for rule in rules if rule.needs_month and not rule.of_last_month]


def _of_last_month(month: Month) -> Iterator[Issue]:
    """What last month's rows require of this month; reported at last month's cell."""
    for sheet, rows in (month.previous.rows if month.previous else {}).items():
        rules = [rule for rule in sheet.rules() if rule.of_last_month]
        for row in rows if rules else ():
            yield from broken(rules, row, month, occasion=Occasion(month.period))


def _changed_since_last_month(month: Month) -> Iterator[Issue]:
    """A 请核实 for each cell of a problem that should have stayed as in last month's row; both cells are named."""
    for problem in month.all(Problem):
        before = month.previous.find(Problem, problem.id) if month.previous else None
        for attribute in FOR_LIFE if before else ():
            was, now = getattr(before, attribute), getattr(problem, attribute)
            if was != now and before is not None:
                place, label = Location.of(problem, attribute), problem.label_of(attribute)
                yield YB_02.at(place, label, written=shown(now), was=shown(was), other=Location.of(before, attribute))


def _balance(month: Month) -> Iterator[Issue]:
    """A 请核实 if last month's open problems, plus new and minus closed ones, are not those open now."""
    # Without the ledger of a zone that had open problems, the balance cannot add up.
    if month.carried is None or not all(
        month.lists(Problem, month.carried.zone(row)) for row in month.carried.all(Problem)
    ):
        return
    period, problems = month.period, month.all(Problem)
    opening = sum(problem.open_on(period.eve) for problem in month.carried.all(Problem))
    new = sum(problem.new_in(month) for problem in problems)
    closed = sum(problem.closed_day is not None and problem.closed_day in period for problem in problems)
    closing = sum(problem.open_on(period.last_day) for problem in problems)
    for report in month.all(Report) if opening + new - closed != closing else ():
        yield YB_04.at(
            Location.of(report, "month"),
            report.label_of("month"),
            written=shown(report.month),
            opening=opening,
            new=new,
            closed=closed,
            closing=closing,
            due=opening + new - closed,
        )


def _empty_registry(month: Month) -> Iterator[Issue]:
    """An issue if a sheet of the registry is empty: documents would be empty, and nothing would look wrong.

    必改 if other sheets name what is missing, instead of an issue for each name; otherwise 请核实 for schools and
    zones.
    """
    bare = [sheet for sheet in _CALLED if month.index.is_bare(sheet)]
    missed = _missed(month, bare) if bare else set()
    for sheet in bare:
        if sheet in (School, Zone) or sheet in missed:
            title, book = sheet.sheet_title(), month.workbooks_with(sheet)[0]
            yield SH_26.at(Location(book, title), lightly=sheet not in missed, sheet=title, what=_CALLED[sheet])


def _missed(month: Month, bare: Collection[type[Row]]) -> set[type[Row]]:
    """The empty sheets in which some name is sought that nothing else has."""
    found: set[type[Row]] = set()
    for sheet in month.rows:
        for column in (column for column in sheet.columns() if not set(bare).isdisjoint(column.targets)):
            held = (getattr(row, column.attribute) for row in month.all(sheet))
            names = {str(name) for many in held for name in (many if isinstance(many, tuple) else (many,)) if name}
            names -= set(column.limits.besides)
            if any(not any(month.knows(target, name) for target in column.targets) for name in names):
                found.update(set(bare).intersection(column.targets))
    return found


def _unreported(month: Month) -> Iterator[Issue]:
    """A 提示 for each zone in operation, and for 县本级, without a workbook, not even a faulty one."""
    names = "、".join(f"《{book}》" for book in month.unplaced)
    for zone in month.unreported:
        fault = YB_08 if names else YB_01
        yield fault.at(Location.of(zone, "name"), zone.label_of("name"), written=zone.name, files=names)
    for report in month.all(Report) if month.lacks_county_level else ():
        yield YB_07.at(Location(report.origin.workbook))


# Rules that look from a sheet of the office at one of the zones -------------------------------------------------------


def _conclusion_fits_the_problems(campaign: Any, month: Any) -> bool:
    denies = campaign.conclusion is not None and bool(_DENIAL.search(campaign.conclusion))
    return not denies or not month.where(Problem, "campaign", campaign.number)


def _related_are_known(entry: Any, month: Any) -> tuple[str, ...]:
    here = [name for name in entry.related if not _may_be_of_another_month(name, month)]
    unknown = (month.unknown([name], *_sought_in(name)) for name in here)
    return tuple(chain.from_iterable(unknown))


def _sought_in(name: str) -> tuple[type[Row], ...]:
    """Where a number or name may be found: what begins like a problem's number can be nothing else, and vice versa."""
    return (Problem,) if name.startswith("WT-") else (Campaign, Meeting, Visit, School, Town, Zone)


def _may_be_of_another_month(name: str, month: Any) -> bool:
    """Whether a number may belong to an earlier month: a problem's number, which states its month."""
    entered = re.match("^WT-([0-9]{4})([0-9]{2})-", name)
    if entered:
        return (int(entered[1]), int(entered[2])) < (month.period.year, month.period.month)
    return month.previous is None and bool(re.match("^(DD|HY|DY)-[0-9]{4}-[0-9]+$", name))


def _note_is_no_problem(note: Any, month: Any) -> bool:
    return note.content is None or not month.where(Problem, "description", note.content)


def _figures_have_a_source(narrative: Any, month: Any) -> tuple[str, ...]:
    return tuple(number for number in dict.fromkeys(_NUMBER.findall(narrative.text)) if number not in numbers(month))


@lru_cache(maxsize=2)
def numbers(month: Month) -> frozenset[str]:
    """Every number in the ledgers: cells, words in cells, counts of rows, and sums by category."""
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
    number: str, at: tuple[type[Row], str], severity: Severity, words: str, holds: Callable[..., bool | tuple[str, ...]]
) -> tuple[type[Row], Rule]:
    sheet, attribute = at
    return sheet, Rule(number, words, sheet.label_of(attribute), severity, holds)


def by_sheet(*further: tuple[type[Row], Rule]) -> dict[type[Row], tuple[Rule, ...]]:
    """All rules of each sheet, in the order given."""
    found: dict[type[Row], tuple[Rule, ...]] = {}
    for sheet, rule in further:
        found[sheet] = (*found.get(sheet, ()), rule)
    return found


FURTHER: Mapping[type[Row], tuple[Rule, ...]] = by_sheet(
    _further(
        "DD-07",
        (Campaign, "conclusion"),
        Severity.请核实,
        "总体结论说没有发现问题，但问题整改台账中有本项督导的问题，请核实",
        _conclusion_fits_the_problems,
    ),
    _further(
        "WJ-04",
        (DocumentEntry, "related"),
        Severity.请核实,
        "关联编号中的{有误之处}查不到，请核对编号或单位名称",
        _related_are_known,
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
        "段落中的数字 {有误之处} 在各表中查不到，请核实",
        _figures_have_a_source,
    ),
)
"""Rules on a sheet of the office that need a sheet of the zones, which its module does not know."""
