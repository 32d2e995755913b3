"""Rows of one sheet with the same key or name, in any workbooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from pipeline.forms.cells import Broken, plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.references import KY_01, KY_02
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

Entry = Row | Blocked


class Claim(NamedTuple):
    """What only one row may have: a key, or a name that others refer to; the cell that claims it, and its content."""

    what: tuple[object, ...]
    column: Column
    written: str


def without_doubles(sheet: type[Row], table: Checked, last: Collection[str] = ()) -> Checked:
    """The table, with every row blocked that repeats a key, unique cell or name of an earlier row.

    They are compared without blanks and width, and with blocked rows too, so that one run finds everything.
    last: the workbooks whose rows count as later than all others.
    """
    result = Checked([], [], list(table.issues), list(table.normalisations))
    seen: dict[tuple[object, ...], tuple[Entry, Claim]] = {}
    entries: list[Entry] = [*table.rows, *table.blocked]
    for entry in sorted(entries, key=lambda entry: (entry.origin.workbook in last, *_position(entry))):
        faulty = set()
        for claim in _claims(sheet, entry):
            other, its = seen.setdefault(claim.what, (entry, claim))
            if other is not entry and claim.column.label not in faulty:
                faulty.add(claim.column.label)
                result.issues.append(_double(entry, claim, other, its))
        if isinstance(entry, Blocked):
            result.blocked.append(replace(entry, faulty=entry.faulty | faulty) if faulty else entry)
        elif faulty:
            result.blocked.append(blocked_row(entry, faulty))
        else:
            result.rows.append(entry)
    return result


def _position(entry: Entry) -> tuple[str, int]:
    return entry.origin.workbook, int(entry.origin.line or 0)


def _claims(sheet: type[Row], entry: Entry) -> Iterator[Claim]:
    """The row's key, its unique cells and its names; without blank or unreadable ones."""
    columns = {column.attribute: column for column in sheet.columns()}
    key = tuple(columns[attribute] for attribute in sheet.key())
    if len(key) > 1 and not any(column.limits.unique and _written(entry, column) for column in key):
        written = [_written(entry, column) for column in key]
        if None not in written and written[-1]:
            yield Claim(
                (key, *(plain(shown(value)) for value in written if value is not None)), key[-1], shown(written[-1])
            )
    for column in sheet.names():
        value = _written(entry, column)
        items = value if isinstance(value, tuple) else column.many.split(value) if column.many else [value]
        for item in filter(None, items):
            yield Claim((plain(shown(item)),), column, shown(item))


def _written(entry: Entry, column: Column) -> Any:
    """The content of a cell, malformed or not; "" for a blank or a word instead of a number, None if unreadable."""
    if isinstance(entry, Row):
        value = getattr(entry, column.attribute)
    else:
        value = entry.values.get(column.label)
        if column.label in entry.faulty and (value is None or isinstance(value, Broken)):
            return None
    return "" if value is None or (column.limits.unique and plain(shown(value)) in column.limits.besides) else value


def _double(entry: Entry, claim: Claim, other: Entry, its: Claim) -> Issue:
    label = claim.column.label
    fault = KY_01 if its.column is claim.column and not claim.column.many else KY_02
    there = f"{Location.at(other.origin, its.column.label)}“{its.column.label}”"
    return fault.at(Location.at(entry.origin, label), label, written=claim.written, other=there)
