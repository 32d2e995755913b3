"""What blocks what: which issues withhold which document."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.documents.catalogue import Document
from pipeline.forms.schema import Row, Severity
from pipeline.intake.issues import Issue
from pipeline.intake.joining import Month
from pipeline.intake.validation import Blocked


def blocking(document: Document, month: Month, subject: str | None = None) -> tuple[Issue, ...]:
    """The 必改 issues that withhold the document about a subject (None: those that withhold all of its kind); () for none.

    An issue of a whole file, or on a sheet that the document tells of, counts. On a sheet whose rows are picked by a
    column, an issue counts for the subject that its row names; where that very cell is faulty, for every subject.
    """
    return tuple(issue for issue in month.issues if _counts(issue, document, month, subject))


def named_only_by_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects that blocked rows name on the sheets whose rows are picked, each once, in the order of the rows."""
    named = (_subject(blocked, document.picked_by[blocked.sheet], month) for blocked in _picked(document, month))
    yield from dict.fromkeys(subject for subject in named if subject)


def _picked(document: Document, month: Month) -> Iterator[Blocked]:
    return (blocked for blocked in month.blocked if blocked.sheet in document.picked_by)


def _counts(issue: Issue, document: Document, month: Month, subject: str | None) -> bool:
    if issue.severity is not Severity.必改:
        return False
    if not issue.location.sheet:
        return True
    sheet = next((sheet for sheet in document.scope if sheet.sheet_title() == issue.location.sheet), None)
    if sheet is None:
        return False
    attribute = document.picked_by.get(sheet)
    row = next((blocked for blocked in month.blocked if blocked.sheet is sheet and _stands_at(blocked, issue)), None)
    if attribute is None or row is None or sheet.label_of(attribute) in row.faulty:
        return True
    return _subject(row, attribute, month) == subject


def _stands_at(blocked: Blocked, issue: Issue) -> bool:
    place = issue.location
    return blocked.origin.workbook == place.workbook and blocked.origin.cell(issue.label) == place.cell


def _subject(blocked: Blocked, attribute: str, month: Month) -> str:
    """Whom a blocked row names: the full name where its text is a reference that resolves, else the text."""
    column = next(column for column in blocked.sheet.columns() if column.attribute == attribute)
    written = str(blocked.values.get(column.label) or "")
    for target in column.targets:
        row: Row | None = month.find(target, written)
        if row is not None:
            return str(getattr(row, next(name for sheet, name in column.names() if sheet is target)))
    return written
