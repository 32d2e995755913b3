"""Which zones' workbooks each kind of document leaves out, as if those zones had not reported; reports nothing.

This bounds the effect of a fault in a zone's workbook. If it is unclear which of its rows are wrong, no document counts
just some of them: it is made without the workbook, and says that the zone has not reported, as for an unreadable file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.documents.catalogue import Document
from pipeline.dossier.building import build_dossier
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.notices import NoticesById
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.faults.fault import Issue
from pipeline.forms.schema import Row
from pipeline.forms.zone import ZoneReport
from pipeline.intake.joining import Month
from pipeline.intake.terms import Bases, together
from pipeline.intake.validation import Blocked
from pipeline.run.reach import standing_at_each

_WHOSE = tuple(ZoneReport.label_of(name) for name in ("zone", "year", "month"))


@dataclass
class Dossiers:
    """The month as each kind of document is to see it, and its dossier; each dossier is made once."""

    month: Month
    bases: Bases | None
    noticed: NoticesById
    whole: bool = False
    """Whether every kind sees all good rows, as drafts do."""
    _built: dict[Month, Dossier | None] = field(default_factory=dict)

    def of(self, document: Document) -> tuple[Month, Dossier | None]:
        """What a kind of document is made from; no dossier if nothing can be signed (see `build_dossier`)."""
        month = self.month if self.whole else seen_by(document, self.month)
        return month, self._dossier(month)

    def least(self) -> Dossier | None:
        """The dossier without every workbook that some kind of document leaves out."""
        return self._dossier(self.month if self.whole else _without(self.month, frozenset(_unsure(self.month))))

    def _dossier(self, month: Month) -> Dossier | None:
        if month not in self._built:
            self._built[month] = build_dossier(month, self.bases, self.noticed)
        return self._built[month]


def seen_by(document: Document, month: Month) -> Month:
    """The month without the workbooks of zones with unknown rows on sheets that the document reports."""
    books = (book for book, sheets in _unsure(month).items() if not document.scope.isdisjoint(sheets))
    return _without(month, frozenset(books))


@lru_cache(maxsize=8)
def _without(month: Month, books: frozenset[str]) -> Month:
    if not books:
        return month
    if month.parts:
        return together([_without(part, books.intersection(part.workbooks)) for part in month.parts], month.asked)
    return month.without(books)


@lru_cache(maxsize=4)
def _unsure(month: Month) -> Mapping[str, frozenset[type[Row]]]:
    """The workbooks of zones, each with the sheets on which the faulty rows are unknown; {} for none."""
    found: dict[str, set[type[Row]]] = {}
    for part in month.months:
        placed = {book for book in _placed(part) if book in part.zone_of_workbook}
        for book in part.workbooks_with(ZoneReport):
            if book not in placed:
                found[book] = set(ZONE_REPORT.sheets)
        for book, sheets in _beyond_rows(standing_at_each(part), part):
            found.setdefault(book, set()).update(sheets)
    return {book: frozenset(sheets) for book, sheets in found.items()}


def _placed(month: Month) -> Iterator[str]:
    """The workbooks that are known to be of this month."""
    of_time = set(_WHOSE[1:])
    yield from (row.origin.workbook for row in month.all(ZoneReport))
    yield from (b.origin.workbook for b in month.blocked if b.sheet is ZoneReport and b.faulty.isdisjoint(of_time))


def _beyond_rows(
    issues: Sequence[tuple[Issue, Sequence[Blocked]]], month: Month
) -> Iterator[tuple[str, Sequence[type[Row]]]]:
    """Each workbook of a zone with a fault that is at no row, and the sheets it concerns.

    A fault on 填报信息 leaves the other sheets' rows as they are; only their owner may be unknown.
    """
    for issue, standing in issues:
        place = issue.location
        if standing or month.workbooks.get(place.workbook) is not ZONE_REPORT:
            continue
        if place.sheet != ZoneReport.sheet_title():
            yield (
                place.workbook,
                [sheet for sheet in ZONE_REPORT.sheets if not place.sheet or sheet.sheet_title() in issue.sheets],
            )
        elif issue.label in _WHOSE:
            yield place.workbook, ZONE_REPORT.sheets
