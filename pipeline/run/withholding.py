"""What blocks what: which issues withhold which document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.documents.catalogue import Document
from pipeline.forms.faults.fault import Issue
from pipeline.intake.joining import Month
from pipeline.run.reach import reaches
from pipeline.run.subjects import zones_of_subjects


@dataclass(frozen=True)
class Faults:
    """The 必改 issues that withhold documents of one kind, by reach.

    near: those that withhold all documents about a zone's schools or towns, because it is unknown which are concerned;
    own: those of one subject. zone_of: the zone of each subject, for documents about schools or towns.
    """

    of_all: tuple[Issue, ...]
    near: Mapping[str, Sequence[Issue]]
    own: Mapping[str, Sequence[Issue]]
    zone_of: Mapping[str, str]

    def nearby(self, subject: str) -> str:
        """The zone by which `near` withholds the document about a subject; "" for none, or if its zone is unknown."""
        zone = self.zone_of.get(subject, "")
        return zone if zone in self.near else ""

    def of(self, subject: str) -> tuple[Issue, ...]:
        """Everything that withholds the document about a subject; () for nothing."""
        return (*self.own.get(subject, ()), *self.near.get(self.nearby(subject), ()), *self.of_all)


@lru_cache(maxsize=16)
def faults(document: Document, month: Month) -> Faults:
    """What withholds a kind of document.

    Issues count on the sheets that the document reports, and issues of a whole file if the file was read. On a sheet
    with a picking column, an issue concerns the subjects that its rows name; if the cell naming the subject is faulty,
    all that it may name (for a school, those of the workbook's zone). An unread file concerns the documents about the
    zones it may belong to, as if those had not reported. A document about one zone is independent of other zones'
    workbooks.
    """
    of_all: list[Issue] = []
    near: dict[str, list[Issue]] = {}
    own: dict[str, list[Issue]] = {}
    for issues, reach in reaches(document, month):
        if reach.of_all:
            of_all += issues
        for zone in dict.fromkeys(reach.zones):
            near.setdefault(zone, []).extend(issues)
        for subject in dict.fromkeys(reach.subjects):
            own.setdefault(subject, []).extend(issues)
    return Faults(tuple(of_all), near, own, zones_of_subjects(document, month))


def blocking(document: Document, month: Month, subject: str | None = None) -> tuple[Issue, ...]:
    """The issues that withhold the document about a subject, or, for None, all of its kind; () for none."""
    found = faults(document, month)
    return found.of_all if subject is None else found.of(subject)
