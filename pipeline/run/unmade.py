"""Finds the documents that only blocked rows or unread workbooks would produce: they are listed as withheld."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.dossier.dossier import Dossier
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.office import Campaign, Meeting, Visit
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.unread import zones_of
from pipeline.intake.validation import Blocked
from pipeline.run.subjects import beyond, column_of, is_of_a_zone, led_to, may_use, subjects_of

_NUMBERED: tuple[type[Row], ...] = (Campaign, Meeting, Visit)
"""Subjects that rows refer to by number; documents call them by name."""


def lost_to_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects that may lack a document because rows are blocked, each once, in the order of the rows.

    Those named by blocked rows of `made_by`; and those named by rows that make a document, if the subject's own row (a
    campaign's) is blocked or was not read.
    """
    named = dict.fromkeys(chain(_named_by_blocked_rows(document, month), _without_own_row(document, month)))
    yield from (subject for subject in named if subject)


def _named_by_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects of blocked rows of `made_by`, and the zones of workbooks that could not be read."""
    for blocked in month.blocked:
        if blocked.sheet is document.made_by and may_use(blocked, document):
            yield from _subjects_known(blocked, document, month)
    if is_of_a_zone(document):
        for workbook in _unknown_in(document, month):
            yield from _one_zone(workbook, month)


def _without_own_row(document: Document, month: Month) -> Iterator[str]:
    """The subjects of rows that make a document, if a row that it needs is blocked or was not read."""
    sheet = document.made_by
    elsewhere = month.index.unread or any(blocked.sheet is not sheet for blocked in month.blocked)
    for row in month.all(sheet) if sheet and elsewhere else ():
        if document.makes(row, month.period) and _uses_row(row, document):
            yield from (subject for subject, is_lost in _about(row, document, month) if is_lost)


def _subjects_known(blocked: Blocked, document: Document, month: Month) -> list[str]:
    """Whom a blocked row of `made_by` is about; without campaigns of earlier months: they have no documents."""
    attribute = document.picked_by[blocked.sheet]
    subjects = subjects_of(blocked, attribute, month)
    if attribute == ZONE_OF_WORKBOOK:
        return subjects
    column = column_of(blocked.sheet, attribute)
    if column.limits.earlier and column.label not in blocked.faulty:
        return [name for name in subjects if any(month.may_know(target, name) for target in column.targets)]
    return subjects or (list(led_to(blocked, document, month)) if document.blank_is_any else [])


def _about(row: Row, document: Document, month: Month) -> Iterator[tuple[str, bool]]:
    """Whom a row of `made_by` is about, each with whether a row that its document needs is blocked."""
    attribute = document.picked_by[type(row)]
    if attribute == ZONE_OF_WORKBOOK:
        zone = month.zone(row)
        yield zone, _is_blocked(zone, (Zone,), month)
        return
    held = getattr(row, attribute)
    names = held if isinstance(held, tuple) else () if held is None else (held,)
    targets = column_of(type(row), attribute).targets
    yield from ((str(name), _is_blocked(str(name), targets, month)) for name in names)
    for column in type(row).columns() if document.blank_is_any and not names else ():
        name = getattr(row, column.attribute)
        if column.targets and name is not None and not column.many:
            for subject, is_lost in beyond(column, str(name), document, month):
                yield subject, is_lost or _is_blocked(subject, targets, month)


def _is_blocked(name: str, sheets: tuple[type[Row], ...], month: Month) -> bool:
    """Whether the row with a name is blocked, or may be on a sheet that was not read."""
    borne = [entry for sheet in sheets for entry in month.index.rows(sheet, name)[:1]]
    return any(isinstance(entry, Blocked) for entry in borne) or (
        not borne and any(month.may_know(sheet, name) for sheet in sheets)
    )


def _uses_row(row: Row, document: Document) -> bool:
    """Whether the document uses rows like this one."""
    for attribute, terms in document.only.get(type(row), {}).items():
        held = getattr(row, attribute)
        if held is None or (terms and str(held) not in terms):
            return False
    return True


def title_of(subject: str, document: Document, month: Month, dossier: Dossier) -> str:
    """The title of a document that is not made; for a campaign, a meeting or a visit, with its name, not its number.

    If the name cannot be read, the kind of the document and the number.
    """
    attribute = document.picked_by.get(document.made_by) if document.made_by else None
    if document.made_by is None or attribute in (None, ZONE_OF_WORKBOOK):
        return document.file(subject, dossier).rpartition("/")[2]
    sheets = column_of(document.made_by, attribute).targets or (document.made_by,)
    numbered = [sheet for sheet in sheets if sheet in _NUMBERED]
    called = next((name for sheet in numbered if (name := _name(sheet, subject, month))), "") if numbered else subject
    if not called:
        return f"{document.title}（编号为 {subject}，没有读到名称）"
    return document.file(called, dossier).rpartition("/")[2]


def _name(sheet: type[Row], number: str, month: Month) -> str:
    """The name that belongs to a number, even in a blocked row; "" if it is absent or faulty."""
    for row in month.where(sheet, "number", number):
        return str(getattr(row, "name", ""))
    key, label = sheet.label_of("number"), sheet.label_of("name")
    for blocked in month.blocked:
        if blocked.sheet is sheet and label not in blocked.faulty and plain(shown(blocked.values.get(key))) == number:
            return shown(blocked.values.get(label))
    return ""


def hidden_in(document: Document, month: Month) -> tuple[str, ...]:
    """The workbooks that would make documents of a kind about unknown subjects; () for none."""
    of_zone = is_of_a_zone(document)
    books = _unknown_in(document, month)
    return tuple(book for book in books if not (of_zone and _one_zone(book, month)))


def lacking_in(document: Document, month: Month) -> tuple[str, ...]:
    """The remark on a document about the whole county made without some zones' workbooks; () if none is lacking."""
    if document.made_by is not None or document.scope.isdisjoint(ZONE_REPORT.sheets) or not month.unread:
        return ()
    files = "、".join(f"《{book}》" for book in month.unread)
    return (f"没有计入{files}：其中有误，按没有报送处理；请改好后重新生成",)


def _one_zone(workbook: str, month: Month) -> tuple[str, ...]:
    """The zone of the workbook, or the only one that an unread one may belong to; () if unknown."""
    zones = () if workbook in month.workbooks and workbook not in month.zone_of_workbook else zones_of(workbook, month)
    return zones if zones and len(zones) == 1 else ()


def faults_in(workbook: str, document: Document, month: Month) -> tuple[Issue, ...]:
    """The 必改 issues that leave open which documents of a kind a workbook would make."""
    concerned = document.scope if workbook in month.unread else {document.made_by} - {None}
    sheets = {"", ZoneReport.sheet_title(), *(sheet.sheet_title() for sheet in concerned if sheet)}
    mine = (
        issue for issue in month.issues if issue.location.workbook == workbook and not sheets.isdisjoint(issue.sheets)
    )
    return tuple(issue for issue in mine if issue.severity is Severity.必改)


def _unknown_in(document: Document, month: Month) -> dict[str, None]:
    """The workbooks with unknown rows of `made_by`, or rows of unknown subjects."""
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
        found.update((b.origin.workbook, None) for b in nameless if may_use(b, document))
    else:
        found.update(dict.fromkeys(row.origin.workbook for row in month.all(sheet) if not month.zone(row)))
    of_zones = sheet in ZONE_REPORT.sheets  # the other forms' workbooks were read, or there would be no month
    return {**found, **(dict.fromkeys(month.unread) if of_zones else {})}
