"""A sheet as it is in a file: its cells, its raw rows, and the words for places; knows no rule."""

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
"""Ranges that a sentence names one by one; of more, it names each column's first and last line."""

Cells = list[list[Any]]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it is in the file: what is written under each label, without blank cells.

    A cell with an error instead of a value is Broken. covered: the labels of blank cells under a merged range, whose
    content is unknown; the range itself is reported. hidden: its line is not visible. beside: its line has content that
    is not read, which is reported. filled: the labels of blank cells whose values follow from others; blank cells that
    should follow from others and do not are covered too, and reported.
    """

    origin: Origin
    values: Mapping[str, Any]
    covered: frozenset[str] = frozenset()
    hidden: bool = False
    beside: bool = False
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RawSheet:
    """What a sheet of a form holds: its cells, the merged ranges, and where formulas are."""

    workbook: str
    sheet: type[Row]
    cells: Cells
    merged: Sequence[tuple[Place, Place]] = ()
    formulas: frozenset[Place] = frozenset()

    @property
    def title(self) -> str:
        """The sheet's title in the form."""
        return self.sheet.sheet_title()

    def at(self, cell: str = "") -> Location:
        """The sheet, or one of its cells or ranges."""
        return Location(self.workbook, self.title, cell)

    def filled(self, line: int) -> list[tuple[int, Any]]:
        """The cells of a line with content, with their columns; [] for a blank line."""
        return [(place, value) for place, value in enumerate(self.cells[line]) if not is_blank(value)]

    def whole(self, lines: Sequence[int]) -> list[Place]:
        """Every place of lines that are not read, from the first column to the last that any of them fills."""
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
        """One issue for all these cells; its sentence may name each range they form.

        Its place is the first range; a 必改's is the smallest range around all, since it concerns the rows on all those
        lines.
        """
        cells = ranges(places)
        where = _range(*_box(places)) if fault.severity is Severity.必改 else cells[0]
        written = next(shown(self.cells[n][place]) for n, place in places if not is_blank(self.cells[n][place]))
        return fault.at(self.at(where), written=written, about=about, cells="、".join(cells), **words)


def ranges(places: Iterable[Place]) -> list[str]:
    """The cells as ranges, A1:F9, from the top; if there are very many, each column from its first line to its last."""
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
    """First and last of each run of adjacent columns."""
    for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        found = [column for _, column in run]
        yield found[0], found[-1]


def _by_column(blocks: Iterable[tuple[int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """One block for each run of columns that the blocks touch: from its first line to its last."""
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


# Shared by tables and single-row sheets ------------------------------------------------------------------------------


def unit(sheet: type[Row]) -> str:
    """What a label of the sheet belongs to: a column or a line."""
    return "行" if sheet.single else "列"


def missing_label(page: RawSheet, label: str, *, required: bool, unread: bool) -> Issue:
    """A required label must be restored; an optional one may be missing from an older blank.

    If something was not read, that may be the missing one under another name: then it must be fixed too.
    """
    return SH_02.at(page.at(), label, lightly=not (required or unread), unit=unit(page.sheet))


def unknown_label(page: RawSheet, missing: Sequence[str], written: object, place: Place) -> Issue:
    """Something in a label's place that is not one of the sheet's labels."""
    heading, near = str(written), nearest(str(written), missing)
    return SH_03.at(page.at(address(place)), written=heading, heading=heading, nearest=near, unit=unit(page.sheet))


def label_twice(page: RawSheet, label: str, places: Sequence[Place]) -> Issue:
    """A label that occurs in several places."""
    return SH_11.at(page.at(address(places[1])), label, cells="、".join(map(address, places)))


def remark(page: RawSheet, run: Sequence[int], taken: str = "") -> Issue:
    """Consecutive lines without data as one issue: at the filled cell of a single line, at the range of several."""
    first, last = run[0], run[-1]
    places = [(first, page.filled(first)[0][0])] if first == last else page.whole(range(first, last + 1))
    lines = "这一行" if first == last else f"这 {len(run)} 行"
    return page.issue(SH_16, places, these=lines, taken=taken)
