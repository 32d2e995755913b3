"""Tables that add up: their columns, totals, summaries and charts; knows no workbook and no subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Measure:
    """A column of numbers.

    of: the columns that it adds up; rate: the two columns of which it gives the first in percent of the second; total:
    what the row of totals has instead of the sum; look: a key of `formats`.
    """

    label: str
    of: Sequence[str] = ()
    rate: tuple[str, str] | None = None
    look: str = "number"
    total: float | str | None = None

    @property
    def shown_as(self) -> str:
        """The look of its cells."""
        return "percent" if self.rate else self.look


@dataclass(frozen=True)
class SummaryBlock:
    """A summary below a table: the sums by one of its keys. Filtering the table does not change it."""

    key: str
    title: str


@dataclass(frozen=True)
class Chart:
    """A chart: some measures, a bar (or a point) for each row of the table or of one of its summaries."""

    title: str
    unit: str
    measures: Sequence[str]
    block: str | None = None
    lines: bool = False


@dataclass(frozen=True)
class TotalledTable:
    """A sheet. rows: a column for each key and each given measure; summed_from: the first row in the totals."""

    name: str
    note: str
    empty: str
    keys: Sequence[str]
    measures: Sequence[Measure]
    rows: pd.DataFrame
    chart: Chart
    blocks: Sequence[SummaryBlock] = ()
    total: str = "合计"
    summed_from: int = 0

    @property
    def labels(self) -> list[str]:
        """All headings."""
        return [*self.keys, *(measure.label for measure in self.measures)]

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows, with the values of measures that follow from others."""
        labels = list(map(str, self.rows.columns))
        lines = self.rows.itertuples(index=False, name=None)
        return [self._complete(dict(zip(labels, line, strict=True))) for line in lines]

    def column(self, label: str) -> int:
        """The number of a column, from 0."""
        return self.labels.index(label)

    def sums(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The totals of the measures over some rows."""
        added = {
            measure.label: sum(row[measure.label] for row in rows)
            for measure in self.measures
            if measure.total is None and not measure.rate
        }
        return self._complete(added | {m.label: m.total for m in self.measures if m.total is not None})

    def grouped(self, key: str) -> dict[Any, list[dict[str, Any]]]:
        """The rows by one of the keys, in order."""
        values = self.rows.groupby(key, observed=True, sort=True).size().index
        return {value: [row for row in self.records if row[key] == value] for value in values}

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        for measure in self.measures:
            if measure.of:
                row[measure.label] = sum(row[label] for label in measure.of)
            elif measure.rate:
                part, whole = measure.rate
                row[measure.label] = rounded_rate(row[part], row[whole])
        return row


def rounded_rate(part: int, whole: int) -> float | None:
    """Per cent to one decimal, rounded half up as in the documents; None if the whole is 0."""
    return (2000 * int(part) + int(whole)) // (2 * int(whole)) / 1000 if whole else None
