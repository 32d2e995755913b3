"""All faults and reasons by number, for listing them and for numbers from outside."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.forms.faults import cells, files, filling, months, reasons, references, sheets
from pipeline.forms.faults.fault import Fault, Reason

FAULTS: Mapping[str, Fault] = {
    each.number: each
    for module in (cells, filling, references, sheets, files, months)
    for each in vars(module).values()
    if isinstance(each, Fault)
}
REASONS: Mapping[str, Reason] = {each.number: each for each in vars(reasons).values() if isinstance(each, Reason)}
