"""The month of several counties: the balance that each county's run recorded, and their sum; reads no ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from pipeline.dossier import counting
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.figures import Figure, How
from pipeline.forms.period import Period
from pipeline.forms.places import Location

RATE = "本月销号数占上月末未销号与本月新增之和的百分比"


@dataclass(frozen=True)
class CountyBalance:
    """The balance of a county's problems, as numbers: opening + new - closed = closing."""

    opening: int
    new: int
    closed: int
    closing: int
    overdue: int


@dataclass(frozen=True)
class Recorded:
    """The record of one county's run: its name, its balance, the zones that have not reported, and its file."""

    name: str
    balance: CountyBalance
    unreported: tuple[str, ...]
    file: str


@dataclass(frozen=True)
class Sums:
    """A balance in figures; rate is None without any problem."""

    opening: Figure[int]
    new: Figure[int]
    closed: Figure[int]
    closing: Figure[int]
    overdue: Figure[int]
    rate: Figure[Decimal] | None


@dataclass(frozen=True)
class CountyStory:
    """One county: its balance, and the zones missing from it."""

    name: str
    sums: Sums
    unreported: tuple[str, ...]


@dataclass(frozen=True)
class Province:
    """The counties of one month. The sums add up those of each county, without absent and faulty ones."""

    period: Period
    counties: tuple[CountyStory, ...]
    number: Figure[int]
    sums: Sums
    absent: tuple[str, ...]
    """Those that have not reported."""
    faulty: tuple[str, ...]
    """Those with faulty workbooks, so that their balance is unknown."""

    @property
    def asked(self) -> Period:
        """The period asked for: the month."""
        return self.period


def province(period: Period, recorded: Sequence[Recorded], absent: Sequence[str], faulty: Sequence[str]) -> Province:
    """The month of these counties, in the order given; all sums are 0 without any."""
    counties = tuple(CountyStory(one.name, _taken(one), one.unreported) for one in recorded)
    places = tuple(cell for county in counties for cell in county.sums.opening.cells)
    return Province(
        period=period,
        counties=counties,
        number=Figure(len(counties), "列入汇总的县数", How.COUNT, places),
        sums=_rated({name: counting.added([getattr(c.sums, name) for c in counties], "各县之和") for name in _NAMES}),
        absent=tuple(absent),
        faulty=tuple(faulty),
    )


def alone(dossier: Dossier) -> Province:
    """A county's month in the form of several; for examples."""
    rectification = dossier.rectification
    balance = CountyBalance(*(getattr(rectification, name).value for name in _NAMES))
    recorded = Recorded(dossier.county.county, balance, dossier.unreported, dossier.county.county)
    return province(dossier.period, [recorded], (), ())


_NAMES = tuple(field.name for field in fields(CountyBalance))


def _taken(one: Recorded) -> Sums:
    return _rated(
        {
            name: Figure(
                getattr(one.balance, name), "该县生成记录所记", How.TAKEN, (Location(one.file, "balance", name),)
            )
            for name in _NAMES
        }
    )


def _rated(sums: dict[str, Figure[Any]]) -> Sums:
    whole = counting.added([sums["opening"], sums["new"]], "上月末未销号与本月新增之和")
    return Sums(**sums, rate=counting.rate(sums["closed"], whole, RATE))
