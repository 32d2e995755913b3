"""How wide the columns of a sheet are; knows labels and usual content, no cell."""

from __future__ import annotations

from pipeline.forms.schema import Column
from pipeline.words import units


def natural(column: Column) -> int:
    """The width for the label beside its filter arrow and for usual content, in half-width characters."""
    if column.kind.name in ("date", "month", "integer", "number"):
        typical = 12
    elif column.codes and not column.many:
        typical = max(units(code) for code in column.codes) + 4
    elif column.limits.longest:
        typical = 80
    elif column.example.endswith("。"):
        typical = 48
    elif column.many:
        typical = 36
    else:
        least = 24 if column.targets else 16
        typical = min(max(units(column.example) + 4, least), 36) if column.example else 24
    return max(typical, units(column.label) + 5)
