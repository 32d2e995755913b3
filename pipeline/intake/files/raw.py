"""A sheet as it stands in a file: its cells, its raw rows, and the words in which places are named; knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from pipeline.forms.cells import is_blank
from pipeline.forms.faults.fault import Fault, Issue, Severity
from pipeline.forms.faults.sheets import SH_02, SH_03, SH_11, SH_16
from pipeline.forms.places import Location, Origin
from pipeline.forms.schema import Row
from pipeline.intake.files.markup import Place, address
from pipeline.intake.messages import shown
from pipeline.intake.suggestions import nearest

MOST_RANGES = 60
"""Ranges that a sentence names one by one; of more, each column's first and last line are named."""

Cells = list[list[Any]]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file: what is written under each label, blank cells left out.

    A cell that holds an error instead of a value is Broken. covered: the labels of its blank cells over which a merged
    range lies, so that nobody knows what belongs there; the range itself is reported. hidden: its line cannot be seen.
    beside: its line holds more than is read, which is reported.
    """

    origin: Origin
    values: Mapping[str, Any]
    covered: frozenset[str] = frozenset()
    hidden: bool = False
    beside: bool = False


@dataclass(frozen=True)
class RawSheet:
    """What a sheet of a form holds: its cells, the merged ranges, and where a formula stands."""

    workbook: str
    sheet: type[Row]
    cells: Cells
    merged: Sequence[tuple[Place, Place]] = ()
    formulas: frozenset[Place] = frozenset()

    @property
    def title(self) -> str:
        """The name that the form gives the sheet."""
        return self.sheet.sheet_title()

    def at(self, cell: str = "") -> Location:
        """The sheet, or one of its cells or ranges."""
        return Location(self.workbook, self.title, cell)

    def filled(self, line: int) -> list[tuple[int, Any]]:
        """The cells of a line that hold anything, with their columns; [] for a blank line."""
        return [(place, value) for place, value in enumerate(self.cells[line]) if not is_blank(value)]

    def whole(self, lines: Sequence[int]) -> list[Place]:
        """Every place of lines none of which is read, from the first column to the last that any of them fills."""
        columns = [place for line in lines for place, _ in self.filled(line)]
        across = range(min(columns), max(columns) + 1)
        return [(line, place) for line in lines for place in across]

    def across(self, line: int) -> frozenset[int]:
        """The places in a line that are merged with others to their right."""
        return self._across.get(line, frozenset())

    @cached_property
    def _across(self) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for (line, place), last in self.merged:
            if last[1] > place:
                found.setdefault(line, set()).add(place)
        return {line: frozenset(places) for line, places in found.items()}

    def issue(self, fault: Fault, places: Sequence[Place], about: str = "", **words: Any) -> Issue:
        """One issue of all these cells; the sentence may name each range that they make.

        It stands at the first range; a 必改 at one that holds them all, since it concerns the rows on all those lines.
        """
        cells = ranges(places)
        where = _range(*_box(places)) if fault.severity is Severity.必改 else cells[0]
        written = next(shown(self.cells[n][place]) for n, place in places if not is_blank(self.cells[n][place]))
        return fault.at(self.at(where), written=written, about=about, cells="、".join(cells), **words)


def ranges(places: Iterable[Place]) -> list[str]:
    """The cells as ranges, A1:F9, from the top; of very many, those of each column from its first line to its last."""
    runs: dict[tuple[int, int], list[list[int]]] = {}
    for row, columns in groupby(sorted(set(places)), key=lambda place: place[0]):
        for run in _neighbours(column for _, column in columns):
            open_ = runs.setdefault(run, [])
            if open_ and open_[-1][1] == row - 1:
                open_[-1][1] = row
            else:
                open_.append([row, row])
    blocks = sorted((top, left, bottom, right) for (left, right), found in runs.items() for top, bottom in found)
    if len(blocks) > MOST_RANGES:
        blocks = list(_by_column(blocks))
    return [_range(*block) for block in blocks]


def _neighbours(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of columns that stand beside each other."""
    for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        found = [column for _, column in run]
        yield found[0], found[-1]


def _by_column(blocks: Iterable[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """One block for each run of columns that any of the blocks touches: from its first line to its last."""
    touched: dict[int, tuple[int, int]] = {}
    for top, left, bottom, right in blocks:
        for column in range(left, right + 1):
            first, last = touched.get(column, (top, bottom))
            touched[column] = min(first, top), max(last, bottom)
    for left, right in _neighbours(sorted(touched)):
        tops, bottoms = zip(*(touched[column] for column in range(left, right + 1)), strict=True)
        yield min(tops), left, max(bottoms), right


def _box(places: Iterable[Place]) -> tuple[int, int, int, int]:
    rows, columns = zip(*places, strict=True)
    return min(rows), min(columns), max(rows), max(columns)


def _range(top: int, left: int, bottom: int, right: int) -> str:
    first, last = address((top, left)), address((bottom, right))
    return first if first == last else f"{first}:{last}"


# What tables and sheets of one row say alike -------------------------------------------------------------------------


def unit(sheet: type[Row]) -> str:
    """What a label of the sheet stands over: a column, or a line."""
    return "行" if sheet.single else "列"


def missing_label(page: RawSheet, label: str, *, required: bool, unread: bool) -> Issue:
    """A required label must be put back; an optional one may be missing from an older blank.

    Where something was not read, it may be what is missing, under another name: then it must be put right too.
    """
    return SH_02.at(page.at(), label, lightly=not (required or unread), unit=unit(page.sheet))


def unknown_label(page: RawSheet, missing: Sequence[str], written: object, place: Place) -> Issue:
    """What stands where a label should, and is none of the sheet's."""
    heading, near = str(written), nearest(str(written), missing)
    return SH_03.at(page.at(address(place)), written=heading, heading=heading, nearest=near, unit=unit(page.sheet))


def label_twice(page: RawSheet, label: str, places: Sequence[Place]) -> Issue:
    """A label that stands in several places."""
    return SH_11.at(page.at(address(places[1])), label, cells="、".join(map(address, places)))


def remark(page: RawSheet, run: Sequence[int], taken: str = "") -> Issue:
    """Lines below each other that are no data, as one issue: at the first filled cell of one line, at the range of several."""
    first, last = run[0], run[-1]
    places = [(first, page.filled(first)[0][0])] if first == last else page.whole(range(first, last + 1))
    lines = "这一行" if first == last else f"这 {len(run)} 行"
    return page.issue(SH_16, places, these=lines, taken=taken)
