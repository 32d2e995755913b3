"""Figure: a value with the rule by which it was found, in words, and the cells it came from; counts nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import total_ordering
from typing import Any, Generic, NoReturn, Protocol, TypeVar, runtime_checkable

V = TypeVar("V")


@runtime_checkable
class Cell(Protocol):
    """The place of a value: a workbook, a sheet, an address."""

    @property
    def workbook(self) -> str:
        """The file's name within the month."""

    @property
    def sheet(self) -> str:
        """The sheet's name."""

    @property
    def cell(self) -> str:
        """The address, as in O5."""


class How(Enum):
    """How a value follows from its cells or parts: enough for anyone to find it again."""

    TAKEN = "照填"  # the value of its only cell
    COUNT = "计数"  # the number of its cells
    DISTINCT = "去重计数"  # the number of different values, or list items, in its cells
    LISTED = "去重列举"  # the different values in its cells, in order
    ITEMS = "列项计数"  # the number of list items in its cells
    SUM = "求和"  # the sum of its cells, blank ones left out
    MEAN_AGE = "平均周岁"  # the mean of full years from the months in its cells to the day `on`
    TOTAL = "相加"  # the sum of its parts
    DAYS = "天数"  # the days from the day `on` to the latest day in its cells
    SINCE = "已过天数"  # the days from the latest day in its cells to the day `on`
    APART = "相差"  # the distance of its two parts, never negative
    CHANGE = "变化幅度"  # the distance of its two parts in percent of the second, rounded half up to one decimal
    RATE = "比率"  # its first part in percent of its second, rounded half up to one decimal


@total_ordering
@dataclass(frozen=True, eq=False)
class Figure(Generic[V]):
    """A value with its source. It orders, compares, formats, hashes, iterates and tests true like its value.

    It refuses arithmetic: a sum without cells would be a lie. Only the dossier makes new figures.
    """

    value: V
    rule: str
    how: How
    cells: Sequence[Any] = field(default=(), repr=False)
    parts: tuple[Figure[Any], ...] = field(default=(), repr=False)
    on: Any = None

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _bare(other))

    def __lt__(self, other: object) -> bool:
        return bool(self.value < _bare(other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value)  # type: ignore[call-overload, no-any-return]

    def __len__(self) -> int:
        return len(self.value)  # type: ignore[arg-type]

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(f"a Figure takes no part in arithmetic: {self.rule}")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _refuse
    __neg__ = __pos__ = __abs__ = __round__ = __int__ = __float__ = __index__ = _refuse


def _bare(other: object) -> Any:
    return other.value if isinstance(other, Figure) else other


@dataclass(frozen=True)
class Plot:
    """A chart's data: series of figures by name, one figure for each category."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Figure[int], ...]], ...]


class AbsentFact(Exception):
    """A template printed a fact that the month does not have; the argument is the fact's label."""


@dataclass(frozen=True)
class Absent:
    """An absent fact in a template: false in a condition, empty in a loop, an error when printed."""

    label: str

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[NoReturn]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __str__(self) -> NoReturn:
        raise AbsentFact(self.label)

    def __html__(self) -> NoReturn:
        raise AbsentFact(self.label)

    def __format__(self, spec: str) -> NoReturn:
        raise AbsentFact(self.label)
