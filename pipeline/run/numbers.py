"""The numbers for life that runs record in their manifests, and read there again.

Anybody can write a manifest: what is not in the form of a record is left out, and what contradicts a typed number loses
(see `pipeline.intake.numbering`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from pipeline.forms.cells import plain
from pipeline.forms.faults.filling import BH_04
from pipeline.forms.follows import NextNumber
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import COUNTY_LEVEL
from pipeline.intake.joining import Month
from pipeline.intake.matching import Marks
from pipeline.intake.messages import shown
from pipeline.intake.numbers import NUMBERED, KnownNumbers, NumberedRow, Remembered, life, marks_of, numbering
from pipeline.publishing import read
from pipeline.run.options import DRAFT_MARK


def kept_numbers(output: Path) -> Remembered:
    """The numbers in the manifests of runs into this folder; each is read when it is first asked for."""
    return Remembered(cache(lambda period: _recorded(output, period)))


def _recorded(output: Path, period: Period) -> tuple[tuple[NumberedRow, ...], bool]:
    """Those of a month, a draft's after the others; and whether documents are there, but not their manifest."""
    folder = output / str(period)
    content = read(folder)
    found = {one.number: one for one in _rows_in(content, period)}
    marks = {(one.zone, one.marks) for one in found.values()}
    for one in _rows_in(read(output / f"{period}{DRAFT_MARK}"), period):
        if one.number not in found and (one.zone, one.marks) not in marks:
            found[one.number] = one
    return tuple(found.values()), not content and _has_documents(folder)


def _rows_in(content: Mapping[str, Any], period: Period) -> Iterator[NumberedRow]:
    rows = content.get("numbers") if content.get("period") == str(period) else None
    for one in rows if isinstance(rows, list) else ():
        row = _row(one) if isinstance(one, dict) else None
        if row:
            yield row


def _row(one: Mapping[str, Any]) -> NumberedRow | None:
    """A recorded row; None if it is not in the form of one."""
    number, zone, marks, given = (one.get(name) for name in ("number", "zone", "marks", "given"))
    if not isinstance(number, str) or not isinstance(zone, str) or not isinstance(marks, list):
        return None
    if not all(isinstance(mark, str) for mark in marks) or not isinstance(given, bool):
        return None
    known = any(
        number.startswith(f"{follows.prefix}-") and len(marks) == len(follows.life) for _, follows in _numberings()
    )
    return NumberedRow(number, zone, tuple(marks), given) if known else None


def _has_documents(folder: Path) -> bool:
    try:
        return any(one.suffix in (".docx", ".xlsx") for one in folder.rglob("*"))
    except OSError:
        return False


# What a run records --------------------------------------------------------------------------------------------------


def numbers_of(month: Month, known: KnownNumbers) -> list[dict[str, Any]]:
    """The numbers of a month's rows, and those of rows that are there no more, in their form within a manifest.

    known: what was known before. Where a row is in doubt, or has a number that was another's, what was known stays, so
    that the next run says so too. [] for several months as one.
    """
    if month.parts:
        return []
    given = {item.location for item in month.normalisations if item.filled}
    doubtful = {issue.location for issue in month.issues if issue.fault is BH_04}
    found = {one.number: one for one in known.own}
    for one, follows, place in _rows_of(month):
        was = found.get(one.number)
        same = was is None or was.marks == one.marks or life(follows).likeness(one.marks, was.marks)
        if was is None or (same and place not in doubtful) or not was.given:
            by_run = place in given or (was is not None and was.given)
            found[one.number] = NumberedRow(one.number, one.zone, one.marks, by_run)
    return [found[number].recorded() for number in sorted(found)]


def _rows_of(month: Month) -> Iterator[tuple[NumberedRow, NextNumber, Location]]:
    """Each row with a number, even a blocked one, how it is numbered, and the place of the number."""
    zones = {zone.name: zone.number.removeprefix("Z") for zone in month.all(Zone)} | {COUNTY_LEVEL: "00"}
    for sheet, (column, follows) in zip(NUMBERED, _numberings(), strict=True):
        for row in month.all(sheet):
            marks = tuple(plain(shown(getattr(row, name))) for name in follows.life)
            number = str(getattr(row, column.attribute))
            zone = zones.get(month.zone(row), "")
            yield NumberedRow(number, zone, marks), follows, Location.at(row.origin, column.label)
        for entry in month.blocked:
            number = plain(shown(entry.values.get(column.label))) if entry.sheet is sheet else ""
            if number and column.label not in entry.faulty:
                zone = zones.get(month.zone_of_workbook.get(entry.origin.workbook, ""), "")
                marks = _marks(sheet, follows, entry.values, month)
                yield NumberedRow(number, zone, marks), follows, Location.at(entry.origin, column.label)


def _marks(sheet: type[Row], follows: NextNumber, values: Mapping[str, Any], month: Month) -> Marks:
    return marks_of(sheet, follows, values, lambda column, name: month.index.meant(column, name)[1] or name)


def _numberings() -> list[tuple[Column, NextNumber]]:
    return [cast(tuple[Column, NextNumber], numbering(sheet)) for sheet in NUMBERED]
