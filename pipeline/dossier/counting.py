"""Counting: the only place where figures are born; knows tables and cells, knows nothing of supervision.

A table is a pandas frame with one line a row, the Row itself under "row", which has all that is asked of it. Every
function accepts an empty table and gives 0, () or None for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pipeline.dossier.figures import Figure, How
from pipeline.forms.schema import Row
from pipeline.intake.issues import Location

Table = pd.DataFrame


class Cells(Sequence[Location]):
    """The cells of a figure, each a row and its attribute until it is asked for: a county's figures have millions of them."""

    def __init__(self, places: Sequence[tuple[Row, str]], *parts: Sequence[Location]) -> None:
        self._rows = tuple(row for row, _ in places)
        attributes = tuple(attribute for _, attribute in places)
        alike = len(set(attributes)) == 1
        self._attributes = attributes[:1] if alike else attributes
        self._parts = parts

    @classmethod
    def joined(cls, *parts: Sequence[Location]) -> Cells:
        """Those of several figures, one after the other."""
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


V = TypeVar("V", int, Decimal)


def table(rows: Iterable[Row], sheet: type[Row]) -> Table:  # noqa: ARG001 (it says what the rows are)
    """The rows of one sheet as a table."""
    listed = list(rows)
    return pd.DataFrame({"row": np.fromiter(listed, dtype=object, count=len(listed))}, copy=False)


def values(frame: Table, of: str) -> list[Any]:
    """What an attribute is in every line, in the order of the table; blanks are None."""
    return [getattr(row, of) for row in frame["row"]]


def where(frame: Table, holds: Callable[[Any], bool]) -> Table:
    """The lines whose Row satisfies a condition."""
    return _lines(frame, [holds(row) for row in frame["row"]])


def _lines(frame: Table, wanted: list[bool]) -> Table:
    """The wanted lines; unlike `frame[wanted]`, an empty table keeps its columns."""
    return frame.loc[pd.Series(wanted, index=frame.index, dtype=bool)]


def cells(frame: Table, *attributes: str) -> Cells:
    """The cells of some attributes of every line, line by line, in the order of the table."""
    return Cells([(row, attribute) for row in frame["row"] for attribute in attributes])


def taken(row: Row, attribute: str) -> Figure[Any] | None:
    """What one cell holds; None where it is blank."""
    value = getattr(row, attribute)
    rule = f"“{row.sheet_title()}”表所填“{row.label_of(attribute)}”"
    return None if value is None else Figure(value, rule, How.TAKEN, (Location.of(row, attribute),))


def count(frame: Table, by: str | Callable[[Any], str], rule: str) -> Figure[int]:
    """The number of lines; `by` is the attribute, or gives that of a row, whose cell decides that a line belongs."""
    deciding = [(row, by if isinstance(by, str) else by(row)) for row in frame["row"]]
    return Figure(len(frame), rule, How.COUNT, Cells(deciding))


def distinct(frame: Table, by: str, rule: str) -> Figure[int]:
    """The number of different values of an attribute."""
    return Figure(
        len({value for value in values(frame, by) if value is not None}), rule, How.DISTINCT, cells(frame, by)
    )


def listed(frame: Table, by: str, rule: str) -> Figure[tuple[Any, ...]]:
    """The different values of an attribute, in ascending order."""
    return Figure(tuple(sorted(set(values(frame, by)))), rule, How.LISTED, cells(frame, by))


def total(frame: Table, of: str, rule: str) -> Figure[int]:
    """The sum of an attribute over the lines where it is not blank."""
    given = where(frame, lambda row: getattr(row, of) is not None)
    return Figure(sum(values(given, of)), rule, How.SUM, cells(given, of))


def days(frame: Table, by: Callable[[Any], str], start: date, rule: str) -> Figure[int] | None:
    """The days from a day to the latest one among cells, which `by` tells for each row; None where it is not later."""
    ends = [(row, by(row)) for row in frame["row"]]
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


def items(frame: Table, attributes: Sequence[str], rule: str) -> Figure[int]:
    """The number of names or items in some attributes, single or lists, over all lines."""
    found = list(_items(frame, attributes))
    return Figure(len(found), rule, How.ITEMS, tuple(dict.fromkeys(cell for _, cell in found)))


def distinct_items(frame: Table, attributes: Sequence[str], rule: str) -> Figure[int]:
    """The number of different names or items in some attributes, single or lists, over all lines."""
    found = list(_items(frame, attributes))
    return Figure(len({item for item, _ in found}), rule, How.DISTINCT, tuple(dict.fromkeys(cell for _, cell in found)))


def _items(frame: Table, attributes: Sequence[str]) -> Iterator[tuple[Any, Location]]:
    for row in frame["row"]:
        for attribute in attributes:
            value = getattr(row, attribute)
            for item in value if isinstance(value, tuple) else () if value is None else (value,):
                yield item, Location.of(row, attribute)


def tally(frame: Table, by: str, order: Iterable[Any], rule: str) -> tuple[tuple[str, Figure[int]], ...]:
    """The number of lines for each value of an attribute that occurs, in the order given; a list counts for each item."""
    found: dict[Any, list[Row]] = {}
    for row in frame["row"]:
        held = getattr(row, by)
        for value in dict.fromkeys(held) if isinstance(held, tuple) else (held,):
            found.setdefault(value, []).append(row)
    return tuple(
        (str(value), Figure(len(rows), f"{rule}：{value}", How.COUNT, Cells([(row, by) for row in rows])))
        for value in order
        if (rows := found.get(value))
    )


def mean_age(frame: Table, on: date, rule: str) -> Figure[int] | None:
    """The mean of full years from `born` (the first day of a month) to a day, rounded half up; None for no line."""
    if frame.empty:
        return None
    ages = [full_years(born, on) for born in values(frame, "born")]
    mean = (Decimal(sum(ages)) / len(ages)).quantize(Decimal(1), ROUND_HALF_UP)
    return Figure(int(mean), rule, How.MEAN_AGE, cells(frame, "born"), on=on)


def full_years(born: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def added(figures: Sequence[Figure[int]], rule: str) -> Figure[int]:
    """The sum of figures; 0 for none."""
    sources = Cells.joined(*(figure.cells for figure in figures))
    return Figure(sum(figure.value for figure in figures), rule, How.TOTAL, sources, tuple(figures))


def rate(part: Figure[int], whole: Figure[int], rule: str) -> Figure[Decimal] | None:
    """The first figure in percent of the second, one decimal, rounded half up; None where the second is 0."""
    if not whole:
        return None
    return Figure(
        _percent(part.value, whole.value), rule, How.RATE, Cells.joined(part.cells, whole.cells), (part, whole)
    )


def apart(now: Figure[V], before: Figure[V], rule: str) -> Figure[V]:
    """How far two figures are apart; never negative."""
    return Figure(abs(now.value - before.value), rule, How.APART, Cells.joined(now.cells, before.cells), (now, before))


def change(now: Figure[int], before: Figure[int], rule: str) -> Figure[Decimal] | None:
    """How far two figures are apart in percent of the second, one decimal, rounded half up; None where that is 0."""
    if not before:
        return None
    percent = _percent(abs(now.value - before.value), before.value)
    return Figure(percent, rule, How.CHANGE, Cells.joined(now.cells, before.cells), (now, before))


def _percent(part: int, whole: int) -> Decimal:
    """One decimal, rounded half up: the only place where a percentage is rounded."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
