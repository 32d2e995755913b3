"""What blocks what: which issues withhold which document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.forms.cells import plain
from pipeline.forms.schema import Column, Row, Severity
from pipeline.intake.issues import Issue
from pipeline.intake.joining import Month
from pipeline.intake.validation import Blocked


def blocking(document: Document, month: Month, subject: str | None = None) -> tuple[Issue, ...]:
    """The 必改 issues that withhold the document about a subject (None: those that withhold all of its kind); () for none.

    An issue of a whole file, or on a sheet that the document tells of, counts. On a sheet whose rows are picked by a
    column, an issue counts for the subjects that its row names; where that very cell is faulty, for every subject. A
    document about one zone asks nothing of other zones' workbooks.
    """
    general, of_subjects = _sorted_out(document, month)
    found = {**general, **of_subjects.get(subject, {})}
    return tuple(found[place] for place in sorted(found))


@lru_cache(maxsize=64)
def _sorted_out(document: Document, month: Month) -> tuple[dict[int, Issue], dict[str | None, dict[int, Issue]]]:
    """The weighty issues by their places in order: those that count for every subject, and those of one subject each."""
    general: dict[int, Issue] = {}
    of_subjects: dict[str | None, dict[int, Issue]] = {}
    weighty = (issue for issue in month.issues if issue.severity is Severity.必改)
    for place, issue in enumerate(weighty):
        subjects = _withheld(issue, document, month)
        if subjects is None:
            general[place] = issue
        for subject in subjects or ():
            of_subjects.setdefault(subject, {})[place] = issue
    return general, of_subjects


def named_only_by_blocked_rows(document: Document, month: Month) -> Iterator[str]:
    """The subjects that the blocked rows of `made_by` name, each once, in the order of the rows."""
    named: dict[str, None] = {}
    for blocked in month.blocked:
        if blocked.sheet is document.made_by and _is_told_of(blocked, document):
            named.update(dict.fromkeys(_subjects(blocked, document.picked_by[blocked.sheet], month)))
    yield from (subject for subject in named if subject)


def _withheld(issue: Issue, document: Document, month: Month) -> Collection[str] | None:
    """The subjects whose documents an issue withholds; None for all of the kind."""
    of_zones = ZONE_OF_WORKBOOK in document.picked_by.values()
    zone = month.zone_of_workbook.get(issue.location.workbook) if of_zones else None
    everybody = None if zone is None else (zone,)
    if not issue.location.sheet:
        return everybody
    sheet = next((sheet for sheet in document.scope if sheet.sheet_title() == issue.location.sheet), None)
    if sheet is None:
        return ()
    row = _standing(month).get((issue.location.workbook, issue.location.sheet, issue.location.cell))
    if row is None:
        return everybody
    if not _is_told_of(row, document):
        return ()
    named = _named(row, document, month)
    return everybody if named is None else [subject for subject in named if zone in (None, subject)]


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


def _named(blocked: Blocked, document: Document, month: Month) -> list[str] | None:
    """The subjects that a blocked row is about; None where it may be about any."""
    attribute = document.picked_by.get(blocked.sheet)
    if attribute is None or (attribute != ZONE_OF_WORKBOOK and blocked.sheet.label_of(attribute) in blocked.faulty):
        return None
    named = _subjects(blocked, attribute, month)
    return None if document.blank_is_any and not named else named


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
