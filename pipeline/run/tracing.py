"""What a document was made from: the month's workbooks, and those among them that it reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.documents import catalogue
from pipeline.documents.catalogue import Document
from pipeline.forms.schema import Row
from pipeline.intake.joining import Month
from pipeline.intake.terms import Bases


def inputs(month: Month, compared: Bases | None, earlier: Sequence[Month] = ()) -> dict[str, Path]:
    """Every workbook that was read, earlier months' too, by its name in messages; never empty."""
    bases = [base.month for base in (compared.before, compared.year_before)] if compared else []
    found: dict[str, Path] = {}
    for one in [part for whole in (*earlier, *bases, month) if whole for part in (whole.previous, whole) if part]:
        found |= one.files
    return found


def sources(document: Document, month: Month, subject: str) -> dict[str, list[str]]:
    """The workbooks, with their sheets, whose rows the document about a subject reports; {} for none."""
    found: dict[str, list[str]] = {}
    for sheet in sorted(document.scope, key=lambda sheet: sheet.sheet_title()):
        by_subject = _workbooks(month, sheet, document.picked_by.get(sheet))
        for workbook in sorted(by_subject[subject] | by_subject[_ANY]):
            found.setdefault(workbook, []).append(sheet.sheet_title())
    return dict(sorted(found.items()))


_ANY = ""
"""The subject of rows that count for every document."""


@lru_cache(maxsize=256)
def _workbooks(month: Month, sheet: type[Row], picked_by: str | None) -> Mapping[str, set[str]]:
    """The workbooks of a sheet's rows, by the subjects in the picking column."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in month.all(sheet):
        workbook = row.origin.workbook
        match picked_by:
            case None:
                value: object = _ANY
            case catalogue.ZONE_OF_WORKBOOK:
                value = month.zone_of_workbook.get(workbook)
            case _:
                value = getattr(row, picked_by)
        for subject in value if isinstance(value, tuple) else (value,):
            found[str(subject)].add(workbook)
    return found
