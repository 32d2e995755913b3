"""Counting: the only place that makes figures; knows rows and cells, nothing about supervision.

Every function accepts no rows at all, and gives 0, () or None for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from pipeline.dossier.figures import Figure, How
from pipeline.dossier.rows import Rows
from pipeline.forms.places import Location
from pipeline.forms.schema import Row

R = TypeVar("R", bound=Row)
V = TypeVar("V", int, Decimal)


class Cells(Sequence[Location]):
    """The cells of a figure, kept as rows and attributes until asked for: a county's figures have millions of them."""

    def __init__(self, places: Sequence[tuple[Row, str]], *parts: Sequence[Location]) -> None:
        self._rows = tuple(row for row, _ in places)
        attributes = tuple(attribute for _, attribute in places)
        alike = len(set(attributes)) == 1
        self._attributes = attributes[:1] if alike else attributes
        self._parts = parts

    @classmethod
    def joined(cls, *parts: Sequence[Location]) -> Cells:
        """The cells of several figures, one after another."""
        return cls((), *parts)

    def __len__(self) -> int:
        return len(self._rows) + sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Location]:
        attributes = self._attributes * len(self._rows) if len(self._attributes) == 1 else self._attributes
        yield from map(Location.of, self._rows, attributes)
        for part in self._parts:
            yield from part

    def __getitem__(self, at: Any) -> Any:
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def cells(rows: Rows[Row], *attributes: str) -> Cells:
    """The cells of some columns in every row, row by row."""
    return Cells([(row, attribute) for row in rows for attribute in attributes])


def taken(row: Row, attribute: str) -> Figure[Any] | None:
    """The value of one cell; None if blank."""
    value = getattr(row, attribute)
    rule = f"“{row.sheet_title()}”表所填“{row.label_of(attribute)}”"
    return None if value is None else Figure(value, rule, How.TAKEN, (Location.of(row, attribute),))


def count(rows: Rows[R], by: str | Callable[[R], str], rule: str) -> Figure[int]:
    """The number of rows.

    by: the column (or a function giving the column for a row) with the cell that puts a row here.
    """
    deciding = [(row, by if isinstance(by, str) else by(row)) for row in rows]
    return Figure(len(rows), rule, How.COUNT, Cells(deciding))


def distinct(rows: Rows[Row], by: str, rule: str) -> Figure[int]:
    """The number of different values in a column, without blanks."""
    different = set(rows.values(by)) - {None}
    return Figure(len(different), rule, How.DISTINCT, cells(rows, by))


def listed(rows: Rows[Row], by: str, rule: str) -> Figure[tuple[date, ...]]:
    """The different days in a column, in ascending order."""
    return Figure(tuple(sorted(set(rows.values(by)))), rule, How.LISTED, cells(rows, by))


def total(rows: Rows[Row], of: str, rule: str) -> Figure[int]:
    """The sum of a column, without blank cells."""
    given = rows.filled(of)
    return Figure(sum(given.values(of)), rule, How.SUM, cells(given, of))


def days(rows: Rows[R], by: Callable[[R], str], start: date, rule: str) -> Figure[int] | None:
    """The days from a day to the latest day in some cells; None if that is not later.

    by: the column of each row that holds its day.
    """
    ends = [(row, by(row)) for row in rows]
    dated = [(getattr(row, attribute), Location.of(row, attribute)) for row, attribute in ends]
    given = [(day, cell) for day, cell in dated if day is not None]
    latest = max((day for day, _ in given), default=start)
    span = (latest - start).days
    return Figure(span, rule, How.DAYS, tuple(cell for _, cell in given), on=start) if span > 0 else None


def since(row: Row, attribute: str, on: date, rule: str) -> Figure[int]:
    """The days from the day in one cell to a later day; ValueError for a blank cell."""
    day = getattr(row, attribute)
    if day is None:
        raise ValueError(f"{attribute} is blank")
    return Figure((on - day).days, rule, How.SINCE, (Location.of(row, attribute),), on=on)


def items(rows: Rows[Row], attributes: Sequence[str], rule: str) -> Figure[int]:
    """The number of names or items in some columns, whether a cell holds one or a list of them."""
    found = list(_items(rows, attributes))
    return Figure(len(found), rule, How.ITEMS, tuple(dict.fromkeys(cell for _, cell in found)))


def distinct_items(rows: Rows[Row], attributes: Sequence[str], rule: str) -> Figure[int]:
    """The number of different names or items in some columns, whether a cell holds one or a list of them."""
    found = list(_items(rows, attributes))
    return Figure(len({item for item, _ in found}), rule, How.DISTINCT, tuple(dict.fromkeys(cell for _, cell in found)))


def _items(rows: Rows[Row], attributes: Sequence[str]) -> Iterator[tuple[object, Location]]:
    for row in rows:
        for attribute in attributes:
            for item in _held(row, attribute):
                if item is not None:
                    yield item, Location.of(row, attribute)


def _held(row: Row, attribute: str) -> tuple[object, ...]:
    """The items of a list, or the only value."""
    value = getattr(row, attribute)
    return value if isinstance(value, tuple) else (value,)


def tally(rows: Rows[Row], by: str, order: Iterable[object], rule: str) -> tuple[tuple[str, Figure[int]], ...]:
    """The number of rows for each value of a column that occurs, in the order given; a list counts for each item."""
    found = rows.by_each(lambda row: _held(row, by))
    return tuple((str(value), count(found[value], by, f"{rule}：{value}")) for value in order if value in found)


def mean_age(rows: Rows[Row], on: date, rule: str) -> Figure[int] | None:
    """The mean of full years from `born` (the first day of a month) to a day, rounded half up; None for no row."""
    if not rows:
        return None
    ages = [full_years(born, on) for born in rows.values("born")]
    mean = (Decimal(sum(ages)) / len(ages)).quantize(Decimal(1), ROUND_HALF_UP)
    return Figure(int(mean), rule, How.MEAN_AGE, cells(rows, "born"), on=on)


def full_years(born: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def added(figures: Sequence[Figure[int]], rule: str) -> Figure[int]:
    """The sum of figures; 0 for none."""
    sources = Cells.joined(*(figure.cells for figure in figures))
    return Figure(sum(figure.value for figure in figures), rule, How.TOTAL, sources, tuple(figures))


def rate(part: Figure[int], whole: Figure[int], rule: str) -> Figure[Decimal] | None:
    """The first figure in percent of the second, to one decimal, rounded half up; None if the second is 0."""
    if not whole:
        return None
    return Figure(
        _percent(part.value, whole.value), rule, How.RATE, Cells.joined(part.cells, whole.cells), (part, whole)
    )


def apart(now: Figure[V], before: Figure[V], rule: str) -> Figure[V]:
    """The distance of two figures; never negative."""
    return Figure(abs(now.value - before.value), rule, How.APART, Cells.joined(now.cells, before.cells), (now, before))


def change(now: Figure[int], before: Figure[int], rule: str) -> Figure[Decimal] | None:
    """The distance of two figures in percent of the second, to one decimal, rounded half up; None if that is 0."""
    if not before:
        return None
    percent = _percent(abs(now.value - before.value), before.value)
    return Figure(percent, rule, How.CHANGE, Cells.joined(now.cells, before.cells), (now, before))


def _percent(part: int, whole: int) -> Decimal:
    """One decimal, rounded half up: the only place that rounds percentages."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
