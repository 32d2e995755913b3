"""How far an issue reaches: which documents of a kind it concerns; reports nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.faults.fault import Hidden, Issue, Severity
from pipeline.forms.faults.files import FL_03, FL_04, FL_07
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import COUNTY_LEVEL, ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.unread import zones_of
from pipeline.intake.validation import Blocked
from pipeline.run.subjects import is_of_a_zone, led_to, may_use, subjects_of, targets_of

_OF_THE_OFFICE = (FL_03, FL_07)
"""Issues of files that concern a registry or the office's workbook, whatever the file's name."""


@dataclass(frozen=True)
class Reach:
    """Whom an issue concerns: everybody, somebody unknown within some zones, and some by name."""

    of_all: bool = False
    zones: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


_ALL, _NOBODY = Reach(of_all=True), Reach()


def reaches(document: Document, month: Month) -> Iterator[tuple[Sequence[Issue], Reach]]:
    """The 必改 issues of the month, and which documents of a kind each withholds; issues at the same rows together."""
    of_rows: dict[int, Reach] = {}
    for issues, standing in _at_the_same_rows(month):
        yield issues, _reach(issues[0], standing, document, month, of_rows)


def _reach(
    issue: Issue, standing: Sequence[Blocked], document: Document, month: Month, of_rows: dict[int, Reach]
) -> Reach:
    """Which documents of a kind an issue at these blocked rows withholds; of_rows: what is known about rows."""
    workbook = issue.location.workbook
    if not issue.location.sheet or issue.hides is Hidden.FILE or _is_aside(workbook, month):
        return _of_a_file(issue, document, month)
    concerned = [sheet for title in issue.sheets for sheet in document.scope if sheet.sheet_title() == title]
    return _together([_at_sheet(sheet, issue, standing, document, month, of_rows) for sheet in concerned])


def _at_sheet(
    sheet: type[Row],
    issue: Issue,
    standing: Sequence[Blocked],
    document: Document,
    month: Month,
    of_rows: dict[int, Reach],
) -> Reach:
    """The same, for a fault of this sheet, which the document reports."""
    workbook = issue.location.workbook
    zone = month.zone_of_workbook.get(workbook, "") if is_of_a_zone(document) else ""
    whole = Reach(subjects=(zone,)) if zone else _ALL
    # The workbook's zone and month are known from elsewhere, so a fault of 填报信息 leaves its rows as they are.
    if not standing and sheet is ZoneReport and not zone and workbook in month.zone_of_workbook:
        return _NOBODY
    if not standing:
        return whole if zone else _any_of_the_zone(workbook, sheet, document, month)
    for row in standing:
        if id(row) not in of_rows:
            used = may_use(row, document)
            of_rows[id(row)] = _of_a_row(row, document, month, whole) if used else _NOBODY
    return _together([of_rows[id(row)] for row in standing])


def _together(found: Sequence[Reach]) -> Reach:
    if len(found) == 1:
        return found[0]
    return Reach(
        any(reach.of_all for reach in found),
        tuple(zone for reach in found for zone in reach.zones),
        tuple(subject for reach in found for subject in reach.subjects),
    )


def _is_aside(workbook: str, month: Month) -> bool:
    """Whether the month leaves out an existing workbook (see `pipeline.run.aside`): it then counts as unread."""
    return workbook in month.unread and workbook not in month.workbooks


def _of_a_file(issue: Issue, document: Document, month: Month) -> Reach:
    """The reach of a fault of a whole file: the lists of the zones it may be from.

    Everything, if the file was read nevertheless, or may be the office's.
    """
    workbook = issue.location.workbook
    # Of two workbooks of one zone, one was put aside: only that zone's documents can miss something.
    if issue.fault is FL_04:
        zone = month.find(Zone, issue.written)
        zones: tuple[str, ...] | None = (zone.name if zone else issue.written,)
    elif issue.fault in _OF_THE_OFFICE or workbook in month.workbooks:
        return _ALL
    else:
        zones = zones_of(workbook, month)
    if zones is None:
        return _ALL
    return Reach(subjects=zones) if is_of_a_zone(document) else _NOBODY


def _of_a_row(row: Blocked, document: Document, month: Month, whole: Reach) -> Reach:
    """The reach of a fault in a blocked row of a sheet that the document reports."""
    attribute = document.picked_by.get(row.sheet)
    if attribute is None or attribute == ZONE_OF_WORKBOOK:
        return _NOBODY if not whole.subjects and month.is_placed_otherwise(row) else whole
    named = tuple(subjects_of(row, attribute, month))
    if whole.subjects:
        at_fault = row.sheet.label_of(attribute) in row.faulty or (document.blank_is_any and not named)
        return whole if at_fault or set(whole.subjects) & set(named) else _NOBODY
    if row.sheet.label_of(attribute) in row.faulty:
        near = _any_of_the_zone(row.origin.workbook, row.sheet, document, month)
        return near if near.of_all else replace(near, subjects=named)
    if document.blank_is_any and not named:
        # A problem of a school has a blank town; the school's own row says in which town it is.
        led = tuple(led_to(row, document, month))
        return Reach(subjects=led) if led else _any_of_the_zone(row.origin.workbook, row.sheet, document, month)
    return Reach(subjects=named)


def _any_of_the_zone(workbook: str, sheet: type[Row], document: Document, month: Month) -> Reach:
    """Whom a faulty zone's workbook may be about: the schools or towns of the zone.

    For units and campaigns, which belong to no zone, those that its rows name: what other workbooks say about any other
    is complete, as if the zone had not reported. Everybody, if the workbook is not a zone's: the county level may be
    about anybody.
    """
    zone = month.zone_of_workbook.get(workbook, "")
    if zone in ("", COUNTY_LEVEL) or sheet not in ZONE_REPORT.sheets or sheet not in document.picked_by:
        return _ALL
    if targets_of(document, sheet):
        return Reach(zones=(zone,))
    return Reach(subjects=_named_in(sheet, document.picked_by[sheet], month).get(workbook, ()))


@lru_cache(maxsize=16)
def _named_in(sheet: type[Row], attribute: str, month: Month) -> Mapping[str, tuple[str, ...]]:
    """By workbook, whom the rows of a sheet name in a column, faulty rows included."""
    found: dict[str, dict[str, None]] = {}
    for row in month.all(sheet):
        held = getattr(row, attribute)
        names = held if isinstance(held, tuple) else () if held is None else (held,)
        found.setdefault(row.origin.workbook, {}).update((str(name), None) for name in names)
    for blocked in month.blocked:
        if blocked.sheet is sheet:
            of_it = found.setdefault(blocked.origin.workbook, {})
            of_it.update(dict.fromkeys(subjects_of(blocked, attribute, month)))
    return {workbook: tuple(names) for workbook, names in found.items()}


def _standing_at(issue: Issue, month: Month) -> list[Blocked]:
    """The blocked rows at an issue's place: at its cell, on the line of a cell beside the columns, or in its ranges.

    [] for none.
    """
    workbook, sheet, cell = issue.location.workbook, issue.location.sheet, issue.location.cell
    standing, by_line = _standing(month), _by_line(month).get((workbook, sheet), {})
    found: list[Blocked] = []
    # A place may be a cell, a range, or several of them: “O5”, “A12:F14”, “B3、B5”.
    for part in cell.split("、"):
        if row := standing.get((workbook, sheet, part)):
            found.append(row)
        elif lines := [int(digits) for digits in re.findall("[0-9]+", part)]:
            found += [by_line[line] for line in range(min(lines), max(lines) + 1) if line in by_line]
    return found


@lru_cache(maxsize=4)
def _at_the_same_rows(month: Month) -> Sequence[tuple[Sequence[Issue], Sequence[Blocked]]]:
    """The 必改 issues of the month grouped by the blocked rows at their places; one without any is alone."""
    found: dict[object, tuple[list[Issue], Sequence[Blocked]]] = {}
    for issue, standing in standing_at_each(month):
        alone = not standing or issue.hides is Hidden.FILE
        # A whole column of faults gives thousands of issues at few rows: each row is examined once.
        key = issue if alone else tuple(map(id, standing))
        found.setdefault(key, ([], standing))[0].append(issue)
    return tuple(found.values())


@lru_cache(maxsize=4)
def standing_at_each(month: Month) -> tuple[tuple[Issue, Sequence[Blocked]], ...]:
    """Each 必改 issue of the month, with the blocked rows at its place."""
    return tuple((issue, _standing_at(issue, month)) for issue in month.issues if issue.severity is Severity.必改)


@lru_cache(maxsize=4)
def _by_line(month: Month) -> Mapping[tuple[str, str], Mapping[int, Blocked]]:
    """The blocked rows of each sheet of each workbook, by line; without those of single-row sheets."""
    found: dict[tuple[str, str], dict[int, Blocked]] = {}
    for blocked in month.blocked:
        # A single-row sheet has a line for each label, so its row has no line of its own.
        if blocked.origin.line:
            found.setdefault((blocked.origin.workbook, blocked.origin.sheet), {})[int(blocked.origin.line)] = blocked
    return found


@lru_cache(maxsize=4)
def _standing(month: Month) -> Mapping[tuple[str, str, str], Blocked]:
    """The blocked row of each cell, by workbook, sheet and address; of two rows on one cell, the first."""
    standing: dict[tuple[str, str, str], Blocked] = {}
    for blocked in month.blocked:
        origin = blocked.origin
        for column in blocked.sheet.columns():
            standing.setdefault((origin.workbook, origin.sheet, origin.cell(column.label)), blocked)
    return standing
