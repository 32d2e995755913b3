"""What blocks what: which issues withhold which document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.dossier.dossier import Dossier
from pipeline.forms import ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.office import Campaign, Meeting, Visit
from pipeline.forms.schema import Column, Row, Severity
from pipeline.forms.zone import ZoneReport
from pipeline.intake.issues import Issue
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked

_NUMBERED: tuple[type[Row], ...] = (Campaign, Meeting, Visit)
"""What documents are about by its number: they are called by its name."""


@dataclass(frozen=True)
class Faults:
    """The 必改 issues that withhold documents of one kind: those that withhold every one of it, and those of one subject."""

    of_all: tuple[Issue, ...]
    own: Mapping[str, Sequence[Issue]]

    def of(self, subject: str) -> tuple[Issue, ...]:
        """All that withholds the document about a subject; () for nothing."""
        return (*self.of_all, *self.own.get(subject, ()))


def faults(document: Document, month: Month) -> Faults:
    """What withholds a kind of document.

    An issue of a whole file, or on a sheet that the document tells of, counts. On a sheet whose rows are picked by a
    column, an issue counts for the subjects that its row names; where that very cell is faulty, for every subject. A
    document about one zone asks nothing of other zones' workbooks.
    """
    of_all: list[Issue] = []
    own: dict[str, list[Issue]] = {}
    for issue in month.issues:
        if issue.severity is not Severity.必改:
            continue
        subjects = _withheld_by(issue, document, month)
        if subjects is None:
            of_all.append(issue)
        for subject in dict.fromkeys(subjects or ()):
            own.setdefault(subject, []).append(issue)
    return Faults(tuple(of_all), own)


def blocking(document: Document, month: Month, subject: str | None = None) -> tuple[Issue, ...]:
    """The issues that withhold the document about a subject (None: those that withhold all of its kind); () for none."""
    found = faults(document, month)
    return found.of_all if subject is None else found.of(subject)


def _withheld_by(issue: Issue, document: Document, month: Month) -> list[str] | None:
    """The subjects whose documents an issue withholds; None for all, [] for none."""
    zone = month.zone_of_workbook.get(issue.location.workbook) if _is_of_a_zone(document) else None
    whole = None if zone is None else [zone]
    if not issue.location.sheet:
        return whole
    sheet = next((sheet for sheet in document.scope if sheet.sheet_title() == issue.location.sheet), None)
    if sheet is None:
        return []
    row = _standing(month).get((issue.location.workbook, issue.location.sheet, issue.location.cell))
    if row is None:
        return whole
    if not _is_told_of(row, document):
        return []
    attribute = document.picked_by.get(row.sheet)
    if attribute is None or attribute == ZONE_OF_WORKBOOK:
        return whole
    named = _subjects(row, attribute, month)
    if row.sheet.label_of(attribute) in row.faulty or (document.blank_is_any and not named):
        return whole
    return named if zone is None else [zone] * (zone in named)


def _is_of_a_zone(document: Document) -> bool:
    return ZONE_OF_WORKBOOK in document.picked_by.values()


def named_only_by_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects that the blocked rows of `made_by` name, each once, in the order of the rows."""
    named: dict[str, None] = {}
    for blocked in month.blocked:
        if blocked.sheet is document.made_by and _is_told_of(blocked, document):
            named.update(dict.fromkeys(_subjects(blocked, document.picked_by[blocked.sheet], month)))
    if _is_of_a_zone(document):
        named.update((month.zone_of_workbook.get(workbook, ""), None) for workbook in _unknown_in(document, month))
    yield from (subject for subject in named if subject)


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
    return tuple(book for book in books if not (of_zone and book in month.zone_of_workbook))


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
