"""The workbooks of a month that is to be filled in, with what they begin with; chooses no row, replaces no file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.dossier.carrying import CarriedMonth, CarriedZone, offered
from pipeline.forms.catalogue import OFFICE_REPORT, ZONE_REPORT
from pipeline.forms.office import Campaign
from pipeline.forms.registry import Person
from pipeline.forms.schema import Row
from pipeline.intake.files.layout import PREPARED_MONTH, PREPARED_ZONE
from pipeline.intake.joining import Month
from pipeline.workbooks.blanks import write

Names = dict[type[Row], Sequence[str]]


def write_zone(path: Path, zone: CarriedZone, month: CarriedMonth, registry: Month) -> None:
    """Write the workbook of a zone, which says for whom and when it is; its drop-downs offer the zone's own names."""
    choices = _names(registry, zone.name, month)
    choices[Campaign] = month.campaigns
    properties = {PREPARED_ZONE: zone.name, PREPARED_MONTH: str(month.period)}
    write(ZONE_REPORT, path, rows=zone.rows, choices=choices, properties=properties)


def write_office(path: Path, month: CarriedMonth, registry: Month) -> None:
    """Write the office's workbook; its drop-downs offer the whole county."""
    choices = _names(registry, "", month)
    write(OFFICE_REPORT, path, rows=month.office, choices=choices, properties={PREPARED_MONTH: str(month.period)})


def _names(registry: Month, zone: str, month: CarriedMonth) -> Names:
    """The names of the registry; 相关人员 too, since they may inspect."""
    people = [person.name for person in registry.all(Person)]
    return {**offered(registry, zone, month.period), Person: people}
