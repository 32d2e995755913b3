"""References of a sheet -> the full name or key of the row that each means; a reference that means none blocks its row."""

from __future__ import annotations

import re
from typing import Any

from pipeline.forms.period import Period
from pipeline.forms.schema import Column, Row, Severity
from pipeline.intake.index import Index, naming
from pipeline.intake.issues import Issue, Location, Normalisation
from pipeline.intake.messages import REASONS, sentence, shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

MOST_MATCHES = 10
"""Rows that a sentence names of those that bear one name."""
_COMMA = re.compile("[,，]")


def resolved(sheet: type[Row], table: Checked, index: Index, period: Period) -> Checked:
    """The table with every reference replaced by the full name or key of the row that it means.

    A row with a reference that fits no row, or more than one, is blocked.
    """
    result = Checked([], list(table.blocked), list(table.issues), list(table.normalisations))
    for blocked in table.blocked:
        _ask_references(blocked, index, period, result)
    references = [column for column in sheet.columns() if column.targets]
    mentions = [column for column in sheet.columns() if column.limits.named_in]
    for row in table.rows:
        changes: dict[str, object] = {}
        faulty: set[str] = set()
        for column in references:
            value = getattr(row, column.attribute)
            written = value if column.many else () if value is None else (value,)
            taken = tuple(_meant(row, column, name, index, period, result, faulty) for name in written)
            if taken != written:
                changes[column.attribute] = taken if column.many else taken[0]
                result.normalisations.append(_renamed(row, column, value, changes[column.attribute]))
        for column in mentions:
            value = getattr(row, column.attribute)
            taken = _in_full(value, column, index)
            if taken != value:
                changes[column.attribute] = taken
                result.normalisations.append(_renamed(row, column, value, taken))
        if faulty:
            _hide_what_rules_said(row, faulty, result)
            result.blocked.append(blocked_row(row, faulty))
        else:
            result.rows.append(row.changed(changes) if changes else row)
    return result


def _hide_what_rules_said(row: Row, faulty: set[str], result: Checked) -> None:
    """Take out what the row's rules said of a cell that now proves to be at fault: they took it for what it is not."""
    places = {Location.at(row.origin, label) for label in faulty}
    rules = {rule.number for rule in row.rules()}
    result.issues[:] = [issue for issue in result.issues if issue.location not in places or issue.number not in rules]


def _ask_references(blocked: Blocked, index: Index, period: Period, result: Checked) -> None:
    """Tell of the references of a blocked row that mean nothing, so that all its faults are found in one run."""
    row = blocked.stand_in
    undated = any(column.kind.name == "date" and column.label in blocked.faulty for column in blocked.sheet.columns())
    for column in row.columns() if row else ():
        if undated and column.limits.earlier:
            continue  # whether an earlier month may have it depends on a day that is not known
        if row and column.targets and column.label not in blocked.faulty:
            value = getattr(row, column.attribute)
            for name in value if column.many else () if value is None else (value,):
                _meant(row, column, name, index, period, result, set())


def _in_full(value: Any, column: Column, index: Index) -> Any:
    """A name, or each of several, in full where it is one row's short name or alias; other words as they are."""
    if isinstance(value, tuple):
        return tuple(_in_full(name, column, index) for name in value)
    bearers = [entry for sheet in column.limits.named_in for entry in index.rows(sheet, value or "")]
    if len(bearers) != 1 or not isinstance(bearers[0], Row):
        return value
    return str(getattr(bearers[0], naming(column, type(bearers[0]))))


def _meant(row: Row, column: Column, name: str, index: Index, period: Period, result: Checked, faulty: set[str]) -> str:
    """The full name or key of the row that a name means; the name itself, after an issue, where that is not one row."""
    if name in column.limits.besides:
        return name
    matches, meant = index.meant(column, name)
    if meant is not None:
        return meant
    if not matches and any(map(index.is_bare, column.targets)):
        return name  # told once, see crosschecks._empty_registry
    if not all(index.reads(target, naming(column, target), asked_by=row) for target in column.targets):
        return name  # the sheet or its names are missing, which is told once, where they should be
    number = "RF-02" if matches else "RF-03" if column.limits.earlier and row.predates(period.first_day) else "RF-01"
    names = index.several(column.targets, name) if number == "RF-01" else ()
    if names or (number == "RF-01" and column.many and _COMMA.search(name)):
        number = "RF-04" if column.many else "RF-05"
    severity = Severity.提示 if number == "RF-03" else Severity.必改
    words = sentence(
        number,
        written=name,
        targets="、".join(f"“{target.sheet_title()}”表" for target in column.targets),
        nearest=index.nearest(column.targets, name) if number == "RF-01" else "",
        names="、".join(names),
        matches="、".join(f"{entry.origin.sheet} {entry.origin.cell('')}" for entry in matches[:MOST_MATCHES])
        + (f"等 {len(matches)} 行" if len(matches) > MOST_MATCHES else ""),
    )
    place = Location.at(row.origin, column.label)
    result.issues.append(Issue(number, severity, place, words, column.label, shown(getattr(row, column.attribute))))
    if severity is Severity.必改:
        faulty.add(column.label)
    return name


def _renamed(row: Row, column: Column, written: object, taken: object) -> Normalisation:
    place = Location.at(row.origin, column.label)
    return Normalisation("NM-07", place, column.label, shown(written), shown(taken), REASONS["NM-07"])
