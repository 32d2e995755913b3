"""Whom a row is about, for a kind of document: by its picking cell, and by references in others; withholds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pipeline.documents.catalogue import ZONE_OF_WORKBOOK, Document
from pipeline.forms.cells import plain
from pipeline.forms.registry import School, Town
from pipeline.forms.schema import Column, Row
from pipeline.intake.index import naming
from pipeline.intake.joining import Month
from pipeline.intake.validation import Blocked


def is_of_a_zone(document: Document) -> bool:
    """Whether each of its documents is about one zone's workbook."""
    return ZONE_OF_WORKBOOK in document.picked_by.values()


def may_use(blocked: Blocked, document: Document) -> bool:
    """Whether the document may use this row once it is corrected.

    A faulty cell, or one with an unknown term, may become any term; a blank cell that is not faulty stays blank.
    """
    for attribute, terms in document.only.get(blocked.sheet, {}).items():
        column = column_of(blocked.sheet, attribute)
        written = plain(blocked.values.get(column.label) or "")
        if column.label not in blocked.faulty and written in ("", *column.codes) and written not in terms:
            return False
    return True


def subjects_of(blocked: Blocked, attribute: str, month: Month) -> list[str]:
    """Whom a blocked row names: by full name if its text resolves, else by its text; [] for a blank."""
    if attribute == ZONE_OF_WORKBOOK:
        return [month.zone_of_workbook.get(blocked.origin.workbook, "")]
    column = column_of(blocked.sheet, attribute)
    written: Any = blocked.values.get(column.label)
    names = written if isinstance(written, tuple) else column.many.split(written) if column.many else [written]
    return [_in_full(str(name), column, month) for name in names if name is not None]


def led_to(row: Blocked, document: Document, month: Month) -> Iterator[str]:
    """The subjects to which the other cells of a row without a name lead: the town of its school."""
    for column in row.sheet.columns():
        written = row.values.get(column.label)
        if column.label not in row.faulty and written is not None and not column.many:
            for subject, _ in beyond(column, str(written), document, month):
                yield subject


def beyond(column: Column, name: str, document: Document, month: Month) -> Iterator[tuple[str, bool]]:
    """The subjects of the rows that a name in a column may mean, each with whether that row is blocked."""
    for target in column.targets:
        attribute = document.picked_by.get(target)
        for entry in month.index.rows(target, name)[:1] if attribute else ():
            if not isinstance(entry, Blocked):
                yield str(getattr(entry, attribute or "")), False
            elif target.label_of(attribute or "") not in entry.faulty:
                yield from ((subject, True) for subject in subjects_of(entry, attribute or "", month))


def targets_of(document: Document, sheet: type[Row]) -> tuple[type[Row], ...]:
    """School, or Town, if a reference to one assigns the sheet's rows to a document; () for anything else."""
    attribute = document.picked_by.get(sheet)
    if attribute is None or attribute == ZONE_OF_WORKBOOK:
        return ()
    return tuple(target for target in column_of(sheet, attribute).targets if target in (School, Town))


@lru_cache(maxsize=16)
def zones_of_subjects(document: Document, month: Month) -> Mapping[str, str]:
    """The zone of each school or town, for documents about these; {} for other documents."""
    targets = {target for sheet in document.picked_by for target in targets_of(document, sheet)}
    towns = {town.name: str(town.zone) for town in month.all(Town)}
    schools = {school.name: towns[school.town] for school in month.all(School) if school.town in towns}
    return {**(towns if Town in targets else {}), **(schools if School in targets else {})}


def column_of(sheet: type[Row], attribute: str) -> Column:
    """The column of a sheet with an attribute."""
    return next(column for column in sheet.columns() if column.attribute == attribute)


def _in_full(name: str, column: Column, month: Month) -> str:
    # Joining a month takes a short name only if it is one row's; nothing is made from this name, so the first row that
    # it may mean will do: several months together can hold that row more than once, blocked in one of them.
    for target in column.targets or column.limits.named_in:
        row: Row | None = month.find(target, name)
        if row is not None:
            return str(getattr(row, naming(column, target)))
    return name
