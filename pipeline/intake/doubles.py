"""Rows of one sheet that bear the same key or the same name, in whatever workbooks they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.forms.cells import plain
from pipeline.forms.schema import Column, Row, Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.messages import sentence, shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

Entry = Row | Blocked
Claim = tuple[object, ...]


def without_doubles(sheet: type[Row], table: Checked) -> Checked:
    """The table with every row blocked whose key, unique cell or name an earlier row bears; () for a name of nobody.

    Compared as references are, without regard to blanks and width, and beside blocked rows too: what is doubled is told in
    the same run as their other faults. Both cells are named.
    """
    columns = {column.attribute: column for column in sheet.columns()}
    unique = [(name,) for name, column in columns.items() if column.limits.unique]
    keys = [key for key in dict.fromkeys([sheet.key(), *unique]) if key]
    names = (
        [column for column in sheet.names() if column.attribute in sheet.named_by] if len(sheet.named_by) > 1 else []
    )
    seen: dict[Claim, tuple[Entry, Column]] = {}
    result = Checked([], [], list(table.issues), list(table.normalisations))
    for entry in _in_order(table):
        faulty = set()
        claims = [*_keys(entry, keys, columns), *_names(entry, names)]
        for number, claim, column, written in claims:
            other, at = seen.setdefault(claim, (entry, column))
            if other is not entry and (number == "KY-01" or column.label not in faulty):
                faulty.add(column.label)
                result.issues.append(_double(number, entry, column, written, Location.at(other.origin, at.label)))
        if isinstance(entry, Blocked):
            result.blocked.append(entry)
        elif faulty:
            result.blocked.append(blocked_row(entry, faulty))
        else:
            result.rows.append(entry)
    return result


def _in_order(table: Checked) -> list[Entry]:
    """The rows and the blocked ones as they stand: workbook by workbook, line by line."""
    if not table.blocked:
        return list(table.rows)
    entries: list[Entry] = [*table.rows, *table.blocked]
    order = {book: number for number, book in enumerate(sorted({entry.origin.workbook for entry in entries}))}
    return sorted(entries, key=lambda entry: (order[entry.origin.workbook], int(entry.origin.line or 0)))


Claimed = tuple[str, Claim, Column, object]


def _keys(entry: Entry, keys: list[tuple[str, ...]], columns: dict[str, Column]) -> Iterator[Claimed]:
    for attributes in keys:
        values = tuple(_value(entry, columns[name]) for name in attributes)
        if None not in values:
            column = columns[attributes[-1]]
            yield "KY-01", (attributes, *(plain(shown(value)) for value in values)), column, values[-1]


def _names(entry: Entry, columns: list[Column]) -> Iterator[Claimed]:
    """Every name that the row bears, in whichever column; a name that it bears twice itself is no double."""
    for column in columns:
        value = _value(entry, column)
        for name in value if isinstance(value, tuple) else () if value is None else (value,):
            yield "KY-02", ("", plain(shown(name))), column, name


def _value(entry: Entry, column: Column) -> Any:
    """What stands in a cell; None where it is blank or at fault."""
    if isinstance(entry, Row):
        return getattr(entry, column.attribute)
    value = None if column.label in entry.faulty else entry.values.get(column.label)
    return tuple(column.many.split(value)) if column.many and isinstance(value, str) else value


def _double(number: str, entry: Entry, column: Column, written: object, other: Location) -> Issue:
    words = sentence(number, written=shown(written), other=str(other))
    return Issue(number, Severity.必改, Location.at(entry.origin, column.label), words, column.label, shown(written))
