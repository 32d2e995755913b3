"""What blocks what: which issues withhold which document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.dossier.dossier import Dossier
from pipeline.forms import ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.office import Campaign, Meeting, Visit
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.schema import Column, Row, Severity
from pipeline.forms.zone import COUNTY_LEVEL, ZoneReport
from pipeline.intake.issues import Issue
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.unread import zones_of
from pipeline.intake.validation import Blocked

_NUMBERED: tuple[type[Row], ...] = (Campaign, Meeting, Visit)
"""What documents are about by its number: they are called by its name."""
_OF_THE_OFFICE = ("FL-03", "FL-07")
"""Issues of a file that tell of a registry or of a workbook of the office, whatever the file is called."""


@dataclass(frozen=True)
class Faults:
    """The 必改 issues that withhold documents of one kind, by how far they reach.

    near: those that withhold the documents about the schools or towns of one zone, of which nobody can say which; own:
    those of one subject. zone_of: the zone of each subject, of documents about schools or towns.
    """

    of_all: tuple[Issue, ...]
    near: Mapping[str, Sequence[Issue]]
    own: Mapping[str, Sequence[Issue]]
    zone_of: Mapping[str, str]

    def nearby(self, subject: str) -> str:
        """The zone of which `near` withholds the document about a subject; "" for none, or where no zone is known of it."""
        zone = self.zone_of.get(subject, "")
        return zone if zone in self.near else ""

    def of(self, subject: str) -> tuple[Issue, ...]:
        """All that withholds the document about a subject; () for nothing."""
        return (*self.own.get(subject, ()), *self.near.get(self.nearby(subject), ()), *self.of_all)


@dataclass(frozen=True)
class _Reach:
    """Whom an issue concerns: all, those of some zones (of whom nobody can say which), and some by name."""

    of_all: bool = False
    zones: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


_ALL, _NOBODY = _Reach(of_all=True), _Reach()


@lru_cache(maxsize=16)
def faults(document: Document, month: Month) -> Faults:
    """What withholds a kind of document.

    An issue on a sheet that the document tells of counts, and one of a whole file where the file was read. On a sheet
    whose rows are picked by a column, it counts for the subjects that its rows name; where that very cell is faulty, for
    every subject that it may name: for a school, those of the workbook's zone. A file that was not read concerns the
    documents about the zones whose it may be, as if those had not reported. A document about one zone asks nothing of
    other zones' workbooks.
    """
    of_all: list[Issue] = []
    near: dict[str, list[Issue]] = {}
    own: dict[str, list[Issue]] = {}
    for issue in month.issues:
        if issue.severity is not Severity.必改:
            continue
        reach = _reach(issue, document, month)
        if reach.of_all:
            of_all.append(issue)
        for zone in dict.fromkeys(reach.zones):
            near.setdefault(zone, []).append(issue)
        for subject in dict.fromkeys(reach.subjects):
            own.setdefault(subject, []).append(issue)
    return Faults(tuple(of_all), near, own, _zones_of_subjects(document, month))


def blocking(document: Document, month: Month, subject: str | None = None) -> tuple[Issue, ...]:
    """The issues that withhold the document about a subject (None: those that withhold all of its kind); () for none."""
    found = faults(document, month)
    return found.of_all if subject is None else found.of(subject)


def _reach(issue: Issue, document: Document, month: Month) -> _Reach:
    """Whose documents of a kind an issue withholds."""
    workbook = issue.location.workbook
    zone = month.zone_of_workbook.get(workbook, "") if _is_of_a_zone(document) else ""
    if not issue.location.sheet or issue.number == "FL-04":
        return _of_a_file(issue, document, month)
    sheet = next((sheet for sheet in document.scope if sheet.sheet_title() == issue.location.sheet), None)
    if sheet is None:
        return _NOBODY
    whole = _Reach(subjects=(zone,)) if zone else _ALL
    standing = _standing_at(issue, month)
    if not standing:
        return _any_of_the_zone(issue.location.workbook, sheet, document, month) if not zone else whole
    found = [_of_a_row(row, document, month, whole) for row in standing if _is_told_of(row, document)]
    return _Reach(
        any(reach.of_all for reach in found),
        tuple(zone for reach in found for zone in reach.zones),
        tuple(subject for reach in found for subject in reach.subjects),
    )


def _of_a_file(issue: Issue, document: Document, month: Month) -> _Reach:
    """That of a file that was not read: the zones' own lists; all where it was read, or may be the office's."""
    workbook = issue.location.workbook
    if issue.number == "FL-04":
        zone = month.find(Zone, issue.written)
        zones: tuple[str, ...] | None = (zone.name if zone else issue.written,)
    elif issue.number in _OF_THE_OFFICE or workbook in month.workbooks:
        return _ALL
    else:
        zones = zones_of(workbook, month)
    if zones is None:
        return _ALL
    return _Reach(subjects=zones) if _is_of_a_zone(document) else _NOBODY


def _of_a_row(row: Blocked, document: Document, month: Month, whole: _Reach) -> _Reach:
    """That of a blocked row of which the document tells."""
    attribute = document.picked_by.get(row.sheet)
    if attribute is None or attribute == ZONE_OF_WORKBOOK:
        return _NOBODY if not whole.subjects and month.is_placed_otherwise(row) else whole
    named = tuple(_subjects(row, attribute, month))
    if whole.subjects:
        at_fault = row.sheet.label_of(attribute) in row.faulty or (document.blank_is_any and not named)
        return whole if at_fault or set(whole.subjects) & set(named) else _NOBODY
    if row.sheet.label_of(attribute) in row.faulty:
        near = _any_of_the_zone(row.origin.workbook, row.sheet, document, month)
        return near if near.of_all else replace(near, subjects=named)
    if document.blank_is_any and not named:
        led = tuple(_led_to(row, document, month))
        return _Reach(subjects=led) if led else _any_of_the_zone(row.origin.workbook, row.sheet, document, month)
    return _Reach(subjects=named)


def _any_of_the_zone(workbook: str, sheet: type[Row], document: Document, month: Month) -> _Reach:
    """All schools or towns of the zone in whose workbook something is at fault; all, where the zone's do not bound it."""
    zone = month.zone_of_workbook.get(workbook, "")
    bounded = _targets(document, sheet) and zone not in ("", COUNTY_LEVEL) and sheet in ZONE_REPORT.sheets
    return _Reach(zones=(zone,)) if bounded else _ALL


def _targets(document: Document, sheet: type[Row]) -> tuple[type[Row], ...]:
    """School, or Town, where a reference to one picks the sheet's rows of one document; () for anything else."""
    attribute = document.picked_by.get(sheet)
    if attribute is None or attribute == ZONE_OF_WORKBOOK:
        return ()
    return tuple(target for target in _column(sheet, attribute).targets if target in (School, Town))


@lru_cache(maxsize=16)
def _zones_of_subjects(document: Document, month: Month) -> Mapping[str, str]:
    """The zone of each school or town, for documents about such; {} for other documents."""
    targets = {target for sheet in document.picked_by for target in _targets(document, sheet)}
    towns = {town.name: str(town.zone) for town in month.all(Town)}
    schools = {school.name: towns[school.town] for school in month.all(School) if school.town in towns}
    return {**(towns if Town in targets else {}), **(schools if School in targets else {})}


def _led_to(row: Blocked, document: Document, month: Month) -> Iterator[str]:
    """The subjects to which the other cells of a row lead that names none: the town of its school."""
    for column in row.sheet.columns():
        written = row.values.get(column.label)
        if column.label not in row.faulty and written is not None and not column.many:
            for subject, _ in _beyond(column, str(written), document, month):
                yield subject


def _beyond(column: Column, name: str, document: Document, month: Month) -> Iterator[tuple[str, bool]]:
    """Whom the rows are about that a name in a column means, each with whether that row is blocked."""
    for target in column.targets:
        attribute = document.picked_by.get(target)
        for entry in month.index.rows(target, name)[:1] if attribute else ():
            if not isinstance(entry, Blocked):
                yield str(getattr(entry, attribute or "")), False
            elif target.label_of(attribute or "") not in entry.faulty:
                yield from ((subject, True) for subject in _subjects(entry, attribute or "", month))


def _is_of_a_zone(document: Document) -> bool:
    return ZONE_OF_WORKBOOK in document.picked_by.values()


def lost_to_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects of which there may be no document since rows are blocked, each once, in the order of the rows.

    Those that blocked rows of `made_by` name, and those whose own row, as a campaign's, is blocked or was not read, and
    that rows name which make a document.
    """
    named: dict[str, None] = {}
    sheet = document.made_by
    for blocked in month.blocked:
        if blocked.sheet is sheet and _is_told_of(blocked, document):
            named.update(dict.fromkeys(_subjects_known(blocked, document, month)))
    if _is_of_a_zone(document):
        named.update((zone, None) for workbook in _unknown_in(document, month) for zone in _one_zone(workbook, month))
    elsewhere = month.index.unread or any(blocked.sheet is not sheet for blocked in month.blocked)
    for row in month.all(sheet) if sheet and elsewhere else ():
        if document.makes(row, month.period) and _is_told(row, document):
            named.update((subject, None) for subject, is_lost in _about(row, document, month) if is_lost)
    yield from (subject for subject in named if subject)


def _subjects_known(blocked: Blocked, document: Document, month: Month) -> list[str]:
    """Whom a blocked row of `made_by` is about; not a campaign of an earlier month, of which there is no document any more."""
    attribute = document.picked_by[blocked.sheet]
    subjects = _subjects(blocked, attribute, month)
    if attribute == ZONE_OF_WORKBOOK:
        return subjects
    column = _column(blocked.sheet, attribute)
    if column.limits.earlier and column.label not in blocked.faulty:
        return [name for name in subjects if any(month.may_know(target, name) for target in column.targets)]
    return subjects or (list(_led_to(blocked, document, month)) if document.blank_is_any else [])


def _about(row: Row, document: Document, month: Month) -> Iterator[tuple[str, bool]]:
    """Whom a row of `made_by` is about, each with whether a row is blocked that a document about it needs."""
    attribute = document.picked_by[type(row)]
    if attribute == ZONE_OF_WORKBOOK:
        zone = month.zone(row)
        yield zone, _is_blocked(zone, (Zone,), month)
        return
    held = getattr(row, attribute)
    names = held if isinstance(held, tuple) else () if held is None else (held,)
    targets = _column(type(row), attribute).targets
    yield from ((str(name), _is_blocked(str(name), targets, month)) for name in names)
    for column in type(row).columns() if document.blank_is_any and not names else ():
        name = getattr(row, column.attribute)
        if column.targets and name is not None and not column.many:
            for subject, is_lost in _beyond(column, str(name), document, month):
                yield subject, is_lost or _is_blocked(subject, targets, month)


def _is_blocked(name: str, sheets: tuple[type[Row], ...], month: Month) -> bool:
    """Whether the row that bears a name is blocked, or stands for all that is known on a sheet that was not read."""
    borne = [entry for sheet in sheets for entry in month.index.rows(sheet, name)[:1]]
    return any(isinstance(entry, Blocked) for entry in borne) or (
        not borne and any(month.may_know(sheet, name) for sheet in sheets)
    )


def _is_told(row: Row, document: Document) -> bool:
    """Whether the document tells of rows like this one."""
    for attribute, terms in document.only.get(type(row), {}).items():
        held = getattr(row, attribute)
        if held is None or (terms and str(held) not in terms):
            return False
    return True


def title_of(subject: str, document: Document, month: Month, dossier: Dossier) -> str:
    """The title of a document that is not made: of one about a campaign, a meeting or a visit with its name, not its number.

    Where nobody can read the name, the kind of the document and the number.
    """
    attribute = document.picked_by.get(document.made_by) if document.made_by else None
    if document.made_by is None or attribute in (None, ZONE_OF_WORKBOOK):
        return document.file(subject, dossier).rpartition("/")[2]
    sheets = _column(document.made_by, attribute).targets or (document.made_by,)
    numbered = [sheet for sheet in sheets if sheet in _NUMBERED]
    called = next((name for sheet in numbered if (name := _name(sheet, subject, month))), "") if numbered else subject
    if not called:
        return f"{document.title}（编号为 {subject}，没有读到名称）"
    return document.file(called, dossier).rpartition("/")[2]


def _name(sheet: type[Row], number: str, month: Month) -> str:
    """The name of what bears a number, also in a blocked row; "" where it is not there, or at fault."""
    for row in month.where(sheet, "number", number):
        return str(getattr(row, "name", ""))
    key, label = sheet.label_of("number"), sheet.label_of("name")
    for blocked in month.blocked:
        if blocked.sheet is sheet and label not in blocked.faulty and plain(shown(blocked.values.get(key))) == number:
            return shown(blocked.values.get(label))
    return ""


def hidden_in(document: Document, month: Month) -> tuple[str, ...]:
    """The workbooks that would make documents of a kind of which nobody can say about whom; () for none."""
    of_zone = _is_of_a_zone(document)
    books = _unknown_in(document, month)
    return tuple(book for book in books if not (of_zone and _one_zone(book, month)))


def _one_zone(workbook: str, month: Month) -> tuple[str, ...]:
    """The zone whose workbook it is, or may alone be where it was not read; () where nobody knows."""
    zones = () if workbook in month.workbooks and workbook not in month.zone_of_workbook else zones_of(workbook, month)
    return zones if zones and len(zones) == 1 else ()


def faults_in(workbook: str, document: Document, month: Month) -> tuple[Issue, ...]:
    """The 必改 issues for which nobody knows what documents of a kind a workbook would make."""
    sheets = {"", ZoneReport.sheet_title(), *([document.made_by.sheet_title()] if document.made_by else [])}
    mine = (issue for issue in month.issues if issue.location.workbook == workbook and issue.location.sheet in sheets)
    return tuple(issue for issue in mine if issue.severity is Severity.必改)


def _unknown_in(document: Document, month: Month) -> dict[str, None]:
    """The workbooks whose rows of `made_by` are not known, or do not say whom they are about."""
    sheet = document.made_by
    if sheet is None:
        return {}
    attribute = document.picked_by[sheet]
    found: dict[str, None] = {}
    columns = () if attribute == ZONE_OF_WORKBOOK else (attribute,)
    found.update(
        dict.fromkeys(book for book in month.workbooks_with(sheet) if not month.index.reads_in(sheet, book, *columns))
    )
    if columns:
        label = sheet.label_of(attribute)
        nameless = (b for b in month.blocked if b.sheet is sheet and label in b.faulty and not b.values.get(label))
        found.update((b.origin.workbook, None) for b in nameless if _is_told_of(b, document))
    else:
        found.update(dict.fromkeys(row.origin.workbook for row in month.all(sheet) if not month.zone(row)))
    of_zones = sheet in ZONE_REPORT.sheets  # the other forms' workbooks were read, or there would be no month
    return {**found, **(dict.fromkeys(month.unread) if of_zones else {})}


def _standing_at(issue: Issue, month: Month) -> list[Blocked]:
    """The blocked rows that stand where an issue is told, in a cell or in a range of cells; [] for none."""
    workbook, sheet, cell = issue.location.workbook, issue.location.sheet, issue.location.cell
    if ":" not in cell:
        row = _standing(month).get((workbook, sheet, cell))
        return [] if row is None else [row]
    lines = [int(digits) for digits in re.findall("[0-9]+", cell)]
    by_line = _by_line(month).get((workbook, sheet), {})
    return [by_line[line] for line in range(min(lines), max(lines) + 1) if line in by_line] if lines else []


@lru_cache(maxsize=2)
def _by_line(month: Month) -> Mapping[tuple[str, str], Mapping[int, Blocked]]:
    """The blocked rows of each sheet of each workbook, by their lines; those of sheets of one row are absent."""
    found: dict[tuple[str, str], dict[int, Blocked]] = {}
    for blocked in month.blocked:
        if blocked.origin.line:
            found.setdefault((blocked.origin.workbook, blocked.origin.sheet), {})[int(blocked.origin.line)] = blocked
    return found


@lru_cache(maxsize=2)
def _standing(month: Month) -> Mapping[tuple[str, str, str], Blocked]:
    """The blocked row of each of their cells, by workbook, sheet and address; of two rows on one cell the first."""
    standing: dict[tuple[str, str, str], Blocked] = {}
    for blocked in month.blocked:
        origin = blocked.origin
        for column in blocked.sheet.columns():
            standing.setdefault((origin.workbook, origin.sheet, origin.cell(column.label)), blocked)
    return standing


def _is_told_of(blocked: Blocked, document: Document) -> bool:
    """Whether the document tells of rows like this one; a cell at fault, or of no known term, may stand for any.

    A blank cell that is not at fault stands for none.
    """
    for attribute, terms in document.only.get(blocked.sheet, {}).items():
        column = _column(blocked.sheet, attribute)
        written = plain(blocked.values.get(column.label) or "")
        if column.label not in blocked.faulty and written in ("", *column.codes) and written not in terms:
            return False
    return True


def _subjects(blocked: Blocked, attribute: str, month: Month) -> list[str]:
    """Whom a blocked row names: full names where its text is a name that resolves, else the text; [] for a blank."""
    if attribute == ZONE_OF_WORKBOOK:
        return [month.zone_of_workbook.get(blocked.origin.workbook, "")]
    column = _column(blocked.sheet, attribute)
    written: Any = blocked.values.get(column.label)
    names = written if isinstance(written, tuple) else column.many.split(written) if column.many else [written]
    return [_in_full(str(name), column, month) for name in names if name is not None]


def _in_full(name: str, column: Column, month: Month) -> str:
    for target in column.targets or column.limits.named_in:
        row: Row | None = month.find(target, name)
        if row is not None:
            attributes = [named for sheet, named in column.names() if sheet is target] or row.named_by or row.key()
            return str(getattr(row, attributes[0]))
    return name


def _column(sheet: type[Row], attribute: str) -> Column:
    return next(column for column in sheet.columns() if column.attribute == attribute)
