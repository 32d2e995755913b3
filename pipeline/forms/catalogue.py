"""The catalogue of forms: all three, and the part of one that runs write, with their sheets complete.

Code lists and faults do without it.
"""

from pipeline.forms.office import OFFICE_REPORT, TO_NUMBER
from pipeline.forms.registry import REGISTRY
from pipeline.forms.schema import Form
from pipeline.forms.zone import ZONE_REPORT

FORMS: tuple[Form, ...] = (REGISTRY, OFFICE_REPORT, ZONE_REPORT)

for _form in FORMS:
    for _sheet in _form.sheets:
        _sheet.model_rebuild()

__all__ = ["FORMS", "OFFICE_REPORT", "REGISTRY", "TO_NUMBER", "ZONE_REPORT"]
