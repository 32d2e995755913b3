"""Whose workbook an unread file may be: by its name, and by what is missing; opens nothing."""

from __future__ import annotations

from pathlib import PurePath

from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY
from pipeline.forms.cells import plain
from pipeline.forms.registry import Zone
from pipeline.forms.zone import COUNTY_LEVEL
from pipeline.intake.joining import Month

_LEAST = 2
"""Characters of a zone's name, without the word for zone, that identify it in a file's name."""


def zones_of(workbook: str, month: Month) -> tuple[str, ...] | None:
    """The zones (or 县本级) whose workbook an unread file may be; None if it may be the office's own.

    Its name decides. Without a zone's name it may belong to any zone of which nothing else is there; if all are there,
    to any of them as a further copy.
    """
    if workbook in month.zone_of_workbook:
        return (month.zone_of_workbook[workbook],)
    stem = plain(PurePath(workbook).stem)
    if OFFICE_REPORT.name in stem or REGISTRY.name in stem:
        return None
    named = _named(stem, month)
    if named:
        return named
    claimed = {zone for other in month.unread for zone in _named(plain(PurePath(other).stem), month)}
    absent = tuple(zone for zone in month.lacking if zone not in claimed)
    return absent or tuple(_known(month))


def _known(month: Month) -> list[str]:
    return [*(zone.name for zone in month.all(Zone) if zone.works_on(month.period.last_day)), COUNTY_LEVEL]


def _named(stem: str, month: Month) -> tuple[str, ...]:
    """The zones with names in a file's name, in full or, failing that, without the word for zone; the longest."""
    zones = _known(month)
    in_full = [zone for zone in zones if plain(zone) in stem]
    short = [zone for zone in zones if len(called := _called(zone)) >= _LEAST and called in stem]
    found = in_full or short
    return tuple(
        zone for zone in found if not any(zone != other and _called(zone) in _called(other) for other in found)
    )


def _called(zone: str) -> str:
    """The zone's name in the form for comparison, without the word for zone."""
    return plain(zone).removesuffix("督学责任区").removesuffix("责任区") or plain(zone)
