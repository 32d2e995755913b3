"""A corrected workbook beside the one that it corrects: the later of one lineage is read, the earlier one is named.

A workbook bears its lineage since it came back, so its name and its place do not matter. Whose it is does: a zone's
workbook made from another zone's, or from another month's, replaces nothing. What remains undecided is left to the
claims (see `pipeline.intake.claims`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_65
from pipeline.forms.office import Report
from pipeline.forms.places import Location
from pipeline.forms.registry import Zone
from pipeline.forms.years import year_and_month
from pipeline.forms.zone import COUNTY_LEVEL, ZoneReport
from pipeline.intake.files.lineage import Lineage
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.issues import split
from pipeline.intake.messages import shown
from pipeline.intake.suggestions import nearest
from pipeline.intake.validation import validate
from pipeline.words import similar

Owner = tuple[str, str, str]
"""Zone, year and month."""


def latest(
    books: Sequence[RawWorkbook],
    content: Callable[[str], bytes],
    modified: Callable[[str], datetime | None],
) -> tuple[list[RawWorkbook], list[Issue]]:
    """The workbooks without those that a later one of their lineage replaces, each of which is named.

    The one that came back more often is later. Of two that came back as often, the one saved later is, if the other has
    all its faults too; else both stay. content, modified: of a workbook, by name; the latter None if it does not say.
    """
    if not any(book.lineage for book in books):
        return list(books), []
    lineages = {book.name: book.lineage or Lineage.of(content(book.name)) for book in books}
    families: dict[tuple[str, str, Owner], list[RawWorkbook]] = {}
    zones = known_zones(books)
    for book in books:
        families.setdefault((lineages[book.name].origin, book.form.name, owner(book, zones)), []).append(book)
    replaced = {
        old.name: new.name for family in families.values() for old, new in _replaced(family, lineages, modified)
    }
    issues = [FL_65.at(Location(old), other=new) for old, new in replaced.items()]
    return [book for book in books if book.name not in replaced], issues


def known_zones(books: Iterable[RawWorkbook]) -> dict[str, str]:
    """The zones of the registries among the workbooks by name and number, and 县本级; in the form for comparison."""
    found = {COUNTY_LEVEL: COUNTY_LEVEL}
    for row in (row for book in books for row in book.sheets.get(Zone, ())):
        name, number = (plain(shown(row.values.get(Zone.label_of(of)))) for of in ("name", "number"))
        found |= {name: name, number: name}
    return {written: name for written, name in found.items() if written and name}


def owner(book: RawWorkbook, zones: Mapping[str, str]) -> Owner:
    """Zone, year and month of a workbook as it states them, or as it was prepared; "" for what it does not say.

    A misspelt zone is the one that it is most similar to.
    """
    sheet = ZoneReport if book.form is ZONE_REPORT else Report
    values = next((row.values for row in book.sheets.get(sheet, ())), {})
    labels = {ZoneReport.label_of("zone"): "zone", sheet.label_of("year"): "year", sheet.label_of("month"): "month"}
    stated = {name: values.get(label, book.prepared.get(name)) for label, name in labels.items()}
    year, month = year_and_month(stated["year"])[0], year_and_month(stated["month"])[1]
    zone = plain(shown(stated["zone"]))
    if zone not in zones:
        zone = next((one for one in similar(zone, sorted(zones)) if nearest(zone, (one,))), zone)
    return zones.get(zone, zone), plain(shown(year or stated["year"])), plain(shown(month or stated["month"]))


def _replaced(
    family: Sequence[RawWorkbook], lineages: Mapping[str, Lineage], modified: Callable[[str], datetime | None]
) -> Iterable[tuple[RawWorkbook, RawWorkbook]]:
    """Each workbook of a lineage that another replaces, with that other."""
    last = max(lineages[book.name].round for book in family)
    newest = [book for book in family if lineages[book.name].round == last]
    winner = next(
        (one for one in newest if all(_improves(one, other, modified) for other in newest if other is not one)), None
    )
    for book in family:
        if winner is not None and book is not winner:
            yield book, winner
        elif winner is None and book not in newest:
            yield book, newest[0]


def _improves(one: RawWorkbook, other: RawWorkbook, modified: Callable[[str], datetime | None]) -> bool:
    """Whether a workbook was saved later than another, and has no fault that the other has not."""
    saved, before = modified(one.name), modified(other.name)
    return saved is not None and before is not None and saved > before and _faults(one) <= _faults(other)


def _faults(book: RawWorkbook) -> set[tuple[str, str, str, str]]:
    """The faults of a workbook's own rows: rule, sheet, column, and the row by its key or its line."""
    found = set()
    for sheet, rows in book.sheets.items():
        labels = [sheet.label_of(attribute) for attribute in sheet.key()]
        keys = {row.origin.line: "|".join(plain(shown(row.values.get(label))) for label in labels) for row in rows}
        for issue in validate(sheet, rows).issues:
            line = str(split(issue.location.cell)[1])
            found.add((issue.number, issue.location.sheet, issue.label, keys.get(line, "") or line))
    return found
