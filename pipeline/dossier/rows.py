"""Rows: the rows of one sheet, in order, for selecting and grouping; knows no cells, counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from pipeline.forms.schema import Row

R = TypeVar("R", bound=Row, covariant=True)
K = TypeVar("K", bound=Hashable)
S = TypeVar("S", bound=Row)


class Rows(tuple[R, ...]):
    """The rows of one sheet, in order. Like any tuple it cannot be changed."""

    __slots__ = ()

    def where(self, holds: Callable[[R], bool]) -> Rows[R]:
        """The rows that satisfy a condition; empty if none does."""
        return Rows(filter(holds, self))

    def filled(self, attribute: str) -> Rows[R]:
        """The rows with a filled cell in a column."""
        return Rows(row for row in self if getattr(row, attribute) is not None)

    def by(self, key: Callable[[R], K]) -> dict[K, Rows[R]]:
        """The rows grouped by a key; the groups in the order of their first rows; {} for no rows."""
        return _grouped(((key(row),), row) for row in self)

    def by_each(self, keys: Callable[[R], Iterable[K]]) -> dict[K, Rows[R]]:
        """The rows grouped by keys; a row with several keys is once in the group of each."""
        return _grouped((dict.fromkeys(keys(row)), row) for row in self)

    def sorted(self, key: Callable[[R], Any]) -> Rows[R]:
        """The rows in ascending order of a key; rows with equal keys keep their order."""
        return Rows(sorted(self, key=key))

    def values(self, attribute: str) -> tuple[Any, ...]:
        """Each row's value in a column, None for a blank cell."""
        return tuple(getattr(row, attribute) for row in self)


def _grouped(keyed: Iterable[tuple[Iterable[K], S]]) -> dict[K, Rows[S]]:
    found: dict[K, list[S]] = {}
    for keys, row in keyed:
        for key in keys:
            found.setdefault(key, []).append(row)
    return {key: Rows(rows) for key, rows in found.items()}
