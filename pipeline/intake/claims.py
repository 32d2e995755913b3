"""Which of several workbooks is read, and whose each 责任区月报 is: by what they state, and by their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY, TO_NUMBER, ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_03, FL_04, FL_05, FL_06, FL_07, FL_52, FL_53, FL_59, FL_67
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.registry import Zone
from pipeline.forms.rules import rule_of
from pipeline.forms.schema import Form, Row
from pipeline.forms.years import year_and_month
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record, ZoneReport
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.messages import shown
from pipeline.intake.validation import Checked, blocked_row

LEAST_NUMBERS = 3
"""This many numbers of another zone, and none of its own, make a workbook that zone's."""
_ID = re.compile(r"(?:JC|WT)-([0-9]{6})-([0-9]{2})-[0-9]{3}")
_ZONE = ZoneReport.label_of("zone")
_CORRECTED = re.compile(
    r"更正|修改|订正|修订|改正|改后|改好|重报|补报|最新|最终|定稿|终稿|新版|[（(]新[)）]|[-_ ]新$|[（(][2-9][)）]$|"
    r"[-_ ]?[vV][2-9]$"
)
"""What clerks put into the name of a file that replaces another."""
_COPY = re.compile(r"副本|复件|拷贝|备份|\bcopy\b|[（(][0-9]{1,2}[)）]$", re.IGNORECASE)
"""What programs and clerks put into the name of a copy; among equal workbooks, one named so is not read."""
_OLD = re.compile("旧|作废|备份|原稿|改前|更正前|修改前")


@dataclass
class Claims:
    """The workbooks to read, the issues of these and the others, and whose they are in spite of what they state."""

    kept: list[RawWorkbook] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    placed: dict[str, str] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)
    """The zones of workbooks that name no known zone: by their numbers and file names."""


@dataclass(frozen=True)
class Picked:
    """The registry and the office's workbook that are read, all zones' workbooks, and the issues of sheets and files.

    proposed: the workbooks with numbers for the letters of an earlier run, in the order of their names. dropped: the
    names of the workbooks that are not read.
    """

    offices: list[RawWorkbook]
    zones: list[RawWorkbook]
    proposed: list[RawWorkbook]
    issues: list[Issue]
    dropped: frozenset[str]

    @property
    def reported(self) -> Period | None:
        """The month that the office's workbook reports on; None if it states none."""
        said = next((_month(book, Report) for book in self.offices if book.form is OFFICE_REPORT), ("", ""))
        return Period.parse(f"{said[0]}-{said[1]:0>2}")


def one_of_each(books: Sequence[RawWorkbook], of_sheets: Iterable[Issue], period: Period | None) -> Picked:
    """One registry and one workbook of the office; period: the month after which the folder is named.

    of_sheets: the issues of files and sheets; those of dropped workbooks are left out.
    """
    offices: list[RawWorkbook] = []
    issues: list[Issue] = []
    for form in (REGISTRY, OFFICE_REPORT):
        rivals = sorted((book for book in books if book.form is form), key=_is_called_a_copy)
        if rivals:
            left = _likely(rivals, period)
            offices.append(left[0])
            issues += _of_rivals(form, rivals, left)
    read = {id(book) for book in offices}
    zones = [book for book in books if book.form is ZONE_REPORT]
    proposed, strange = _of_month([book for book in books if book.form is TO_NUMBER], period)
    read |= {id(book) for book in proposed}
    dropped = {book.name for book in books if book.form is not ZONE_REPORT and id(book) not in read}
    issues += strange
    issues += (issue for issue in of_sheets if issue.location.workbook not in dropped)
    return Picked(offices, zones, proposed, issues, frozenset(dropped))


def _of_month(books: Sequence[RawWorkbook], period: Period | None) -> tuple[list[RawWorkbook], list[Issue]]:
    """The workbooks of a month with numbers for its letters, and an issue for each of another month."""
    other = [book for book in books if period and book.month not in (None, period)]
    issues = [FL_67.at(Location(book.name), stated=book.month, month=period) for book in other]
    return [book for book in books if book not in other], issues


def _likely(rivals: Sequence[RawWorkbook], period: Period | None) -> list[RawWorkbook]:
    """Which of several workbooks of one form may be meant: not blank, the office's of that month, each once."""
    left = [book for book in rivals if any(book.sheets.values())] or rivals
    left = [book for book in left if period and _month(book, Report) == _shown(period)] or left
    return _different(left)


def _of_rivals(form: Form, rivals: Iterable[RawWorkbook], left: Sequence[RawWorkbook]) -> Iterator[Issue]:
    """The issues of several workbooks of one form.

    If it is unclear which is meant, every document is withheld, and the first workbook is checked in the meantime.
    """
    first = left[0].name
    if len(left) > 1:
        names = "、".join(f"《{book.name}》" for book in left)
        yield FL_07.at(Location(first), form=form.name, files=names, other=first)
    for book in rivals:
        twin = next((one for one in left if one is not book and _contents(one) == _contents(book)), None)
        if twin:
            yield _copy(book, twin)
        elif not any(book is other for other in left):
            yield FL_03.at(Location(book.name), form=form.name, other=first)


def claims(
    books: Sequence[RawWorkbook], tables: Mapping[type[Row], Checked], modified: Callable[[str], datetime | None]
) -> Claims:
    """One workbook for each zone.

    A workbook with only another zone's numbers is taken for that zone's. Of several for one zone, the one with the
    right month and the zone's numbers is read, or the one that corrects the others (see `corrects`); if that does not
    decide, none is. modified: when a workbook was last saved, by name, according to itself; None if it does not say.
    """
    found = Claims()
    numbers, months = _zone_numbers(tables), _months(tables)
    by_zone: dict[str, list[RawWorkbook]] = {}
    for book in books:
        written = _written(book, _ZONE)
        real = _real_zone(book, numbers, months)
        if written and real:
            found.placed[book.name] = real
            found.issues.append(_mistaken(book, written, real))
        else:
            by_zone.setdefault(plain(written) or book.name, []).append(book)
    dropped = {
        rival.name for rivals in by_zone.values() for rival in _dropped(rivals, numbers, months, found, modified)
    }
    found.kept = [book for book in books if book.name not in dropped]
    guesses = {book.name: _likely_zone(book, numbers, months) for book in found.kept if book.name not in found.placed}
    # A guess must not take the place of a zone that has its own workbook, nor two guesses one zone.
    said = {plain(_written(book, _ZONE)) for book in found.kept} | {plain(zone) for zone in found.placed.values()}
    once = Counter(guesses.values())
    found.guessed = {name: zone for name, zone in guesses.items() if zone and once[zone] == 1 and zone not in said}
    return found


def block_mistaken(table: Checked, issues: Sequence[Issue]) -> Checked:
    """The table of 填报信息, with rows that name a mistaken zone blocked."""
    mistaken = {issue.location.workbook for issue in issues if issue.fault is FL_05}
    wrong = [row for row in table.rows if row.origin.workbook in mistaken]
    rows = [row for row in table.rows if row.origin.workbook not in mistaken]
    blocked = [*table.blocked, *(blocked_row(row, {_ZONE}) for row in wrong)]
    return Checked(rows, blocked, table.issues, table.normalisations)


def blamed_on_the_folder(table: Checked, named: Period | None) -> Checked:
    """The table of 报告信息; if its month contradicts 制表日期 and the folder's, the issue names that as the cause."""
    label = Report.label_of("month")
    for blocked in table.blocked:
        year, month = (blocked.values.get(Report.label_of(name)) for name in ("year", "month"))
        said = Period.parse(f"{shown(year)}-{shown(month):0>2}")
        if named and said not in (None, named) and blocked.faulty == {Report.label_of("made_on")}:
            place = Location.at(blocked.origin, label)
            cause = FL_59.at(place, label, written=shown(month), stated=said, folder=named)
            symptom = rule_of(Report.made_after_the_period_began)
            return replace(table, issues=[cause if issue.fault is symptom else issue for issue in table.issues])
    return table


def number_of(book: RawWorkbook, claimed: Claims, tables: Mapping[type[Row], Checked]) -> str:
    """ZZ of the zone whose workbook it is; "" if the registry has no such zone."""
    said = claimed.placed.get(book.name) or claimed.guessed.get(book.name) or _written(book, _ZONE)
    return _zone_numbers(tables).get(plain(said), "")


def is_of(book: RawWorkbook, period: Period) -> bool:
    """Whether a zone's workbook states no other month."""
    return all(said in ("", due) for said, due in zip(_month(book), _shown(period), strict=True))


# What a workbook states ----------------------------------------------------------------------------------------------


def _zone_numbers(tables: Mapping[type[Row], Checked]) -> dict[str, str]:
    """ZZ of each zone, by its name in the form for comparison; 00 for 县本级."""
    found = {COUNTY_LEVEL: "00"}
    for zone in tables.get(Zone, Checked()).rows:
        if isinstance(zone, Zone):
            found[plain(zone.name)] = zone.number.removeprefix("Z")
    return found


def _months(tables: Mapping[type[Row], Checked]) -> set[tuple[str, str]]:
    """The month of the report, as year and month are shown; empty if unknown."""
    return {(str(row.year), str(row.month)) for row in tables[Report].rows if isinstance(row, Report)}


def _row(book: RawWorkbook, sheet: type[Row] = ZoneReport) -> RawRow | None:
    return next(iter(book.sheets.get(sheet, ())), None)


def _written(book: RawWorkbook, label: str, sheet: type[Row] = ZoneReport) -> str:
    row = _row(book, sheet)
    return shown(row.values.get(label)) if row else ""


def _month(book: RawWorkbook, sheet: type[Row] = ZoneReport) -> tuple[str, str]:
    """Year and month in the sheet, as numbers are shown; as written if they are not numbers, "" for a blank."""
    row = _row(book, sheet)
    written = [row.values.get(sheet.label_of(name)) if row else None for name in ("year", "month")]
    said = year_and_month(written[0])[0], year_and_month(written[1])[1]
    year, month = (
        plain(shown(raw)) if number is None else str(number) for raw, number in zip(written, said, strict=True)
    )
    return year, month


def _shown(period: Period) -> tuple[str, str]:
    return str(period.first_day.year), str(period.first_day.month)


def _counted(book: RawWorkbook, months: set[tuple[str, str]]) -> Counter[str]:
    """How many rows have each zone's number; only rows of the month, if known: older ones may come from any zone."""
    known = {f"{year}{month:0>2}" for year, month in months}
    ids = (
        str(row.values.get(sheet.label_of("id"), ""))
        for sheet in (Record, Problem)
        for row in book.sheets.get(sheet, ())
    )
    found = (match for match in (_ID.fullmatch(plain(written)) for written in ids) if match)
    return Counter(match[2] for match in found if not known or match[1] in known)


def _real_zone(book: RawWorkbook, numbers: Mapping[str, str], months: set[tuple[str, str]]) -> str | None:
    """The one zone whose numbers the rows have, if the workbook names another; None if there is no such doubt."""
    own = numbers.get(plain(_written(book, _ZONE)))
    counted = _counted(book, months)
    if own is None or len(counted) != 1 or own in counted or counted.total() < LEAST_NUMBERS:
        return None
    return next((zone for zone, number in numbers.items() if number in counted), None)


def _likely_zone(book: RawWorkbook, numbers: Mapping[str, str], months: set[tuple[str, str]]) -> str:
    """The zone of a workbook that names no known one, by its numbers or its file's name.

    "" if it names a zone, if numbers and name contradict each other, and if neither shows a zone.
    """
    if plain(_written(book, _ZONE)) in numbers:
        return ""
    counted = _counted(book, months)
    by_number = [zone for zone, number in numbers.items() if number in counted] if len(counted) == 1 else []
    stem = plain(_stem(book))
    named = [zone for zone in numbers if zone in stem]
    # 城东责任区 contains 东责任区: only the longest name counts.
    named = [zone for zone in named if not any(zone != other and zone in other for other in named)]
    if len(named) == 1 and (not counted or by_number == named):
        return named[0]
    return by_number[0] if by_number and not named and counted.total() >= LEAST_NUMBERS else ""


# Several workbooks of a zone -----------------------------------------------------------------------------------------


def _dropped(
    rivals: list[RawWorkbook],
    numbers: Mapping[str, str],
    months: set[tuple[str, str]],
    found: Claims,
    modified: Callable[[str], datetime | None],
) -> list[RawWorkbook]:
    """The workbooks of a zone that are not read; each is reported."""
    if len(rivals) == 1:
        return []
    # Stable: among equal workbooks the first that is not named a copy is read.
    rivals = sorted(rivals, key=_is_called_a_copy)
    own, zone = numbers.get(plain(_written(rivals[0], _ZONE)), ""), _written(rivals[0], _ZONE)
    left = _different(_of_this_month(rivals, own, months))
    meant = next(
        (one for one in left if all(corrects(one, other, modified) for other in left if other is not one)), None
    )
    if meant is None:
        names = "、".join(f"《{rival.name}》" for rival in rivals)
        for book in rivals:
            found.issues.append(FL_06.at(Location(book.name), zone=zone, files=names))
            # Both are read for their faults, but neither for its rows: they would count twice.
            found.placed[book.name] = zone
        return rivals
    others = [book for book in rivals if book is not meant]
    found.issues += [_put_aside(book, meant, left) for book in others]
    return others


def _of_this_month(rivals: list[RawWorkbook], own: str, months: set[tuple[str, str]]) -> list[RawWorkbook]:
    """The workbooks with the right month and the zone's own number; a sign that none of them has does not count."""
    left = [book for book in rivals if _month(book) in months] or rivals
    # A blank, or last month's workbook saved again, has none of this month's numbers.
    return [book for book in left if own in _counted(book, months)] or left


def _put_aside(book: RawWorkbook, meant: RawWorkbook, left: Sequence[RawWorkbook]) -> Issue:
    """The issue of a workbook that is not read: a copy, an earlier state of the one that is, or neither."""
    zone, contents = _written(book, _ZONE), _contents(book)
    if contents == _contents(meant):
        return _copy(book, meant)
    if any(contents == _contents(one) for one in left):
        return FL_53.at(_place(book), _ZONE, written=zone, zone=zone, other=f"《{meant.name}》")
    row = _row(meant)
    other = Location.at(row.origin, _ZONE) if row else Location(meant.name)
    said = (
        "" if _month(book) == _month(meant) else "填的是 {} 年 {} 月，".format(*(each or "空" for each in _month(book)))
    )
    return FL_04.at(_place(book), _ZONE, written=zone, zone=zone, other=other, said=said)


def _copy(book: RawWorkbook, other: RawWorkbook) -> Issue:
    return FL_52.at(Location(book.name), other=f"《{other.name}》")


def corrects(one: RawWorkbook, other: RawWorkbook, modified: Callable[[str], datetime | None]) -> bool:
    """Whether a workbook is certainly the later state of another of the same zone.

    It has every row of the other, by record and problem numbers; it was saved later, according to both (the times of
    files are those of copying); and either its name alone says that it corrects, or the other was only added to, not
    changed. If one of the three signs is missing, the clerk is asked.
    """
    if not _numbers_of(other) <= _numbers_of(one):
        return False
    saved, before = modified(one.name), modified(other.name)
    later = saved is not None and before is not None and saved > before
    named = bool(_CORRECTED.search(_stem(one))) and not _CORRECTED.search(_stem(other)) and not _OLD.search(_stem(one))
    return later and (named or _adds_to(one, other))


def _stem(book: RawWorkbook) -> str:
    return PurePath(book.name).stem


def _is_called_a_copy(book: RawWorkbook) -> bool:
    return bool(_COPY.search(_stem(book)))


def _numbers_of(book: RawWorkbook) -> set[tuple[type[Row], str]]:
    """The numbers of the records and problems; what `_named` gives for a row without one."""
    return {(sheet, name) for sheet in (Record, Problem) for name, _ in _named(book, sheet)}


def _named(book: RawWorkbook, sheet: type[Row]) -> Iterator[tuple[str, RawRow]]:
    """The rows of a sheet with their numbers; a row without one by its school and day, and how many have the same."""
    place = [sheet.label_of(name) for name in ("school", "date" if sheet is Record else "found_on")]
    times = Counter[str]()
    for row in book.sheets.get(sheet, ()):
        number = plain(row.values.get(sheet.label_of("id"), ""))
        where = " ".join(plain(shown(row.values.get(label))) for label in place)
        times[where] += not number
        yield number or f"{where} {times[where]}", row


def _adds_to(one: RawWorkbook, other: RawWorkbook) -> bool:
    """Whether every filled cell of the other's records and problems is in this one too, under the same number."""
    for sheet in (Record, Problem):
        mine = {name: row.values for name, row in _named(one, sheet)}
        if any(not row.values.items() <= mine.get(name, {}).items() for name, row in _named(other, sheet)):
            return False
    return True


def _different(books: Sequence[RawWorkbook]) -> list[RawWorkbook]:
    """The workbooks that are not copies of an earlier one."""
    return [book for n, book in enumerate(books) if not any(_contents(book) == _contents(one) for one in books[:n])]


def _contents(book: RawWorkbook) -> list[list[Mapping[str, Any]]]:
    return [[row.values for row in rows] for rows in book.sheets.values()]


def _place(book: RawWorkbook) -> Location:
    row = _row(book)
    return Location.at(row.origin, _ZONE) if row else Location(book.name)


def _mistaken(book: RawWorkbook, written: str, real: str) -> Issue:
    return FL_05.at(_place(book), _ZONE, written=written, zone=real)
