"""Rows of one sheet that bear the same key, in whatever workbooks they stand."""

from __future__ import annotations

from pipeline.forms.schema import Row, Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.messages import sentence, shown
from pipeline.intake.validation import Checked, blocked_row


def without_doubles(table: Checked) -> Checked:
    """The table with every row blocked whose key, or unique cell, an earlier row has already."""
    result = Checked([], list(table.blocked), list(table.issues), list(table.normalisations))
    seen: dict[tuple[object, ...], Row] = {}
    for row in table.rows:
        unique = [(column.attribute,) for column in row.columns() if column.limits.unique]
        faulty = set()
        for attributes in [key for key in (row.key(), *unique) if key]:
            values = tuple(getattr(row, attribute) for attribute in attributes)
            other = seen.setdefault((attributes, *values), row) if None not in values else row
            if other is not row:
                faulty.add(row.label_of(attributes[-1]))
                result.issues.append(_double(row, other, attributes[-1]))
        if faulty:
            result.blocked.append(blocked_row(row, faulty))
        else:
            result.rows.append(row)
    return result


def _double(row: Row, other: Row, attribute: str) -> Issue:
    place, label, written = Location.of(row, attribute), row.label_of(attribute), shown(getattr(row, attribute))
    words = sentence("KY-01", written=written, other=str(Location.of(other, attribute)))
    return Issue("KY-01", Severity.必改, place, words, label, written)
