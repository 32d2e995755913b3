"""Workbooks that were prepared and that nobody has filled in: they give way to filled ones, and report nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from pathlib import Path

from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_66
from pipeline.forms.places import Location
from pipeline.forms.schema import Form
from pipeline.forms.zone import ZoneReport
from pipeline.intake.files.prepared import as_prepared, recorded
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.messages import shown


def untouched(books: Iterable[RawWorkbook], folder: Path, path: Callable[[str], Path]) -> frozenset[str]:
    """The names of the workbooks of a folder that are as they were prepared; path: of a workbook, by name."""
    record = recorded(folder)
    return frozenset(book.name for book in books if record and as_prepared(path(book.name), record))


def filled(books: Sequence[RawWorkbook], as_they_were: Set[str]) -> tuple[list[RawWorkbook], list[Issue]]:
    """The workbooks without those as prepared beside which there is one for the same; those are named."""
    others = {_whose(book): book.name for book in books if book.name not in as_they_were}
    replaced = {
        book.name: others[_whose(book)] for book in books if book.name in as_they_were and _whose(book) in others
    }
    issues = [FL_66.at(Location(name), other=other) for name, other in replaced.items()]
    return [book for book in books if book.name not in replaced], issues


def _whose(book: RawWorkbook) -> tuple[Form, str]:
    """The form and, of a zone's workbook, the zone as it is written."""
    label = ZoneReport.label_of("zone")
    rows = book.sheets.get(ZoneReport, ())
    stated = next((shown(row.values[label]) for row in rows if label in row.values), book.prepared.get("zone", ""))
    return book.form, plain(stated)
