"""References of a sheet -> the full name or key of each row meant; a reference without a row blocks its own row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipeline.forms.faults.fault import Fault, Normalisation, Severity
from pipeline.forms.faults.reasons import NM_07
from pipeline.forms.faults.references import RF_01, RF_02, RF_03, RF_04, RF_05
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.intake.index import Index, naming
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

MOST_MATCHES = 10
"""Rows with one name that a sentence lists."""
_COMMA = re.compile("[,，]")


def resolved(sheet: type[Row], table: Checked, index: Index, period: Period) -> Checked:
    """The table with every reference replaced by the full name or key of the row it means.

    A row with a reference to no row, or to more than one, is blocked.
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
    """Remove what the row's rules said about a cell that has now proved faulty: they had taken it at face value."""
    places = {Location.at(row.origin, label) for label in faulty}
    rules = row.rules()
    result.issues[:] = [issue for issue in result.issues if issue.location not in places or issue.fault not in rules]


def _ask_references(blocked: Blocked, index: Index, period: Period, result: Checked) -> None:
    """Report the references of a blocked row that mean nothing, so that one run finds all its faults."""
    row = blocked.stand_in
    undated = any(column.kind.name == "date" and column.label in blocked.faulty for column in blocked.sheet.columns())
    for column in row.columns() if row else ():
        if undated and column.limits.earlier:
            continue  # an earlier month may have it, but the deciding day is unknown
        if row and column.targets and column.label not in blocked.faulty:
            value = getattr(row, column.attribute)
            for name in value if column.many else () if value is None else (value,):
                _meant(row, column, name, index, period, result, set())


def _in_full(value: Any, column: Column, index: Index) -> Any:
    """A name, or each of several, in full if it is one row's short name or alias; other words unchanged."""
    if isinstance(value, tuple):
        return tuple(_in_full(name, column, index) for name in value)
    bearers = [entry for sheet in column.limits.named_in for entry in index.rows(sheet, value or "")]
    if len(bearers) != 1 or not isinstance(bearers[0], Row):
        return value
    return str(getattr(bearers[0], naming(column, type(bearers[0]))))


def _meant(row: Row, column: Column, name: str, index: Index, period: Period, result: Checked, faulty: set[str]) -> str:
    """The full name or key of the row that a name means; the name itself, after an issue, if that is not one row."""
    if name in column.limits.besides:
        return name
    matches, meant = index.meant(column, name)
    if meant is not None:
        return meant
    if not _is_missed(row, column, matches, index):
        return name
    fault, names = _fault_of(row, column, name, matches, index, period)
    issue = fault.at(
        Location.at(row.origin, column.label),
        column.label,
        written=shown(getattr(row, column.attribute)),
        sought=name,
        targets="、".join(f"“{target.sheet_title()}”表" for target in column.targets),
        nearest=index.nearest(column.targets, name) if fault is RF_01 else "",
        names="、".join(names),
        matches=_listed(matches),
    )
    result.issues.append(issue)
    if issue.severity is Severity.必改:
        faulty.add(column.label)
    return name


def _is_missed(row: Row, column: Column, matches: Sequence[Row | Blocked], index: Index) -> bool:
    """Whether a name without exactly one row is an issue; not if its sheet is missing, which is reported once there."""
    if not matches and any(map(index.is_bare, column.targets)):
        return False  # see crosschecks._empty_registry
    return all(index.reads(target, naming(column, target), asked_by=row) for target in column.targets)


def _fault_of(
    row: Row, column: Column, name: str, matches: Sequence[Row | Blocked], index: Index, period: Period
) -> tuple[Fault, Sequence[str]]:
    """What is wrong with a name without exactly one row; and the names in it, if there are several."""
    if matches:
        return RF_02, ()
    if column.limits.earlier and row.predates(period.first_day):
        return RF_03, ()
    names = index.several(column.targets, name)
    if names or (column.many and _COMMA.search(name)):
        return RF_04 if column.many else RF_05, names
    return RF_01, ()


def _listed(matches: Sequence[Row | Blocked]) -> str:
    """The places of the rows with a name; of very many, the first ones and their number."""
    places = "、".join(f"{entry.origin.sheet} {entry.origin.cell('')}" for entry in matches[:MOST_MATCHES])
    return places + (f"等 {len(matches)} 行" if len(matches) > MOST_MATCHES else "")


def _renamed(row: Row, column: Column, written: object, taken: object) -> Normalisation:
    return NM_07.at(Location.at(row.origin, column.label), column.label, shown(written), shown(taken))
