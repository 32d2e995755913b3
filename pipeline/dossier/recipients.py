"""To whom a document goes: names as an office writes them -> zones, schools, towns and other units; sends nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from pipeline.forms.cells import plain
from pipeline.forms.codes import Affiliation, Ownership, SchoolKind, SchoolStatus
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.zone import COUNTY_LEVEL
from pipeline.intake.joining import Month


class RecipientKind(StrEnum):
    """What a recipient is; in the order in which an office sends."""

    ZONE = "责任区"
    TOWN = "乡镇街道"
    SCHOOL = "学校"
    UNIT = "其他单位"


class Recipient(NamedTuple):
    """Somebody who receives documents, by the full name."""

    kind: RecipientKind
    name: str


_OFFICES = re.compile(r"(?:党委政府|党政办|人民政府|政府|办事处|党工委)$")
"""What follows a town's name if its government is meant."""
_ZONES = re.compile(r"各(?:督学)?责任区(?:主任)?")
_TOWNS = re.compile(r"各乡镇(?:街道)?(?:人民政府|政府)?|各镇街")
_STREETS = re.compile(r"各?街道办事处")
_COUNTY_SCHOOLS = re.compile(r"各?县直各?(?:中小)?学校")
_PRIVATE_SCHOOLS = re.compile(r"各民办(?:中小)?学校")
_SCHOOLS = re.compile(r"(?:全县)?各学校")
_NO_SCHOOLS = (SchoolKind.TRAINING_INSTITUTION, SchoolKind.CARE_INSTITUTION)
_PRIVATE = (Ownership.INCLUSIVE_PRIVATE, Ownership.OTHER_PRIVATE)


class Directory:
    """The zones, towns and schools of a month's registry, as they are on its last day."""

    def __init__(self, month: Month) -> None:
        day = month.period.last_day
        self._zones = [zone.name for zone in month.all(Zone) if zone.works_on(day)]
        self._towns = [town.name for town in month.all(Town)]
        self._schools = [school for school in month.all(School) if school.status is SchoolStatus.OPEN]
        self._zone_of = {town.name: str(town.zone) for town in month.all(Town) if town.zone in self._zones}
        of_town = dict(self._zone_of)
        self._zone_of |= {one.name: of_town[one.town] for one in month.all(School) if one.town in of_town}
        self._named = {plain(name): Recipient(RecipientKind.TOWN, name) for name in self._towns}
        self._named |= {plain(name): Recipient(RecipientKind.ZONE, name) for name in (*self._zones, COUNTY_LEVEL)}
        for school in month.all(School):
            names = (*school.aliases, school.short_name, school.name)
            self._named |= {plain(name): Recipient(RecipientKind.SCHOOL, school.name) for name in names}

    def in_order(self, recipient: Recipient) -> tuple[int, int, str]:
        """A key to sort by: zones first, then towns, schools and others; each as in the registry."""
        known = {RecipientKind.ZONE: self._zones, RecipientKind.TOWN: self._towns}.get(recipient.kind, [])
        place = known.index(recipient.name) if recipient.name in known else len(known)
        return list(RecipientKind).index(recipient.kind), place, recipient.name

    def handed_on_by(self, recipient: Recipient) -> Recipient | None:
        """The zone that can hand on to a school or a town what is for it; None for others, or if none works there."""
        within = recipient.kind in (RecipientKind.SCHOOL, RecipientKind.TOWN)
        zone = self._zone_of.get(recipient.name) if within else None
        return Recipient(RecipientKind.ZONE, zone) if zone else None

    def recipients(self, names: Iterable[str]) -> tuple[Recipient, ...]:
        """Those meant by names and by phrases such as 各责任区, each once; () for none.

        Whoever the registry does not know, and a phrase that is not understood, stays as it is written.
        """
        return tuple(dict.fromkeys(one for name in names for one in self._meant(name)))

    def _meant(self, name: str) -> Iterator[Recipient]:
        written = plain(name).replace("、", "").replace("（", "").replace("）", "")
        town = self._named.get(_OFFICES.sub("", written))
        if known := self._named.get(plain(name)) or (town if town and town.kind is RecipientKind.TOWN else None):
            yield known
        else:
            several = list(self._several(written))
            yield from several or [Recipient(RecipientKind.UNIT, name)]

    def _several(self, written: str) -> Iterator[Recipient]:
        """Those meant by a phrase for several; none if it is not understood."""
        if _ZONES.fullmatch(written):
            yield from (Recipient(RecipientKind.ZONE, name) for name in self._zones)
        if _TOWNS.fullmatch(written):
            all_of_them = "街道" in written or written == "各镇街"
            meant = (name for name in self._towns if all_of_them or not name.endswith("街道"))
            yield from (Recipient(RecipientKind.TOWN, name) for name in meant)
        if _STREETS.fullmatch(written):
            meant = (name for name in self._towns if name.endswith("街道"))
            yield from (Recipient(RecipientKind.TOWN, name) for name in meant)
        yield from (Recipient(RecipientKind.SCHOOL, school.name) for school in self._schools if _is_of(school, written))


def _is_of(school: School, written: str) -> bool:
    """Whether a school belongs to those that a phrase means."""
    return school.kind not in _NO_SCHOOLS and bool(
        _SCHOOLS.fullmatch(written)
        or (_COUNTY_SCHOOLS.fullmatch(written) and school.affiliation is Affiliation.COUNTY)
        or (_PRIVATE_SCHOOLS.fullmatch(written) and school.ownership in _PRIVATE)
    )
