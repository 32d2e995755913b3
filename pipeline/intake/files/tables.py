"""A sheet with a heading row -> its raw rows, and an issue for every other cell; knows no file and no rule.

Nothing is dropped silently: each line below the headings is a row, an example, or a line reported as a whole
(`_KINDS`). In rows and examples the cells under labels are read, and all others reported. What is above the headings is
a title, or reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from pipeline.forms.cells import is_blank, plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.sheets import SH_05, SH_12, SH_15, SH_20, SH_21, SH_22, SH_23, SH_50, SH_51, SH_52, SH_53
from pipeline.forms.places import Origin
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.foreign import headings_of_another, may_head
from pipeline.intake.files.markup import Place, letters
from pipeline.intake.files.oddities import Layout
from pipeline.intake.files.raw import Cells, RawRow, RawSheet, label_twice, missing_label, remark, unknown_label
from pipeline.intake.files.remarks import (
    has_a_key,
    is_cancelled,
    is_dragged,
    is_example,
    is_marked,
    is_remark,
    is_title,
    is_unchanged_example,
    labels_of,
    may_say_nothing,
    says_nothing,
    says_nothing_of_one,
)

HEADING_SEARCH = 20
"""Clerks put titles above the headings: look for these in the first lines."""


class LineKind(Enum):
    """The kind of a line below the headings; only rows are read."""

    ROW = "row"
    EXAMPLE = "example row as the blank has it"
    CHANGED = "example row with other words"
    REMARK = "total or note"
    NOTHING = "nothing this month"
    HEADINGS = "headings once more"
    REORDERED = "headings in another order"
    FOREIGN = "headings of another table"
    CANCELLED = "a row that is said to be void"
    NOBODYS = "nothing this month, beside a name"
    DRAGGED = "numbers of rows or results of formulas, and nothing else"


def table(page: RawSheet) -> tuple[list[RawRow], Layout, list[Issue]]:
    """The rows of a sheet with a heading row, and all issues of its other cells."""
    line, found = heading(page.cells, page.sheet)
    if not found and (filled := [number for number in range(len(page.cells)) if page.filled(number)]):
        issue = page.issue(SH_15, page.whole(filled), lines=HEADING_SEARCH)
        return [], Layout(page.workbook, page.title, page.cells, (), ()), [issue]
    under = _Under(page, line, found)
    lines = _SortedLines(under)
    lines.sort()
    return lines.rows, lines.layout, [*_of_labels(under, (lines.beside, lines.alone)), *_above(under), *lines.issues()]


def heading(cells: Cells, sheet: type[Row]) -> tuple[int, dict[str, list[int]]]:
    """The line of headings (from 0) and the places of each known label in it; the first line if none is known.

    If the first lines have few of the labels, all lines are searched: the headings may have been sorted below the rows.
    """
    labels = {plain(column.label): column.label for column in sheet.columns()}
    best = _most_labels(cells, range(min(HEADING_SEARCH, len(cells))), labels)
    if 2 * len(best[1]) < len(labels) and len(cells) > HEADING_SEARCH:
        further = _most_labels(cells, range(HEADING_SEARCH, len(cells)), labels)
        return further if 2 * len(further[1]) >= len(labels) else best
    return best


def _most_labels(cells: Cells, lines: range, labels: Mapping[str, str]) -> tuple[int, dict[str, list[int]]]:
    """The first of these lines with most labels, and their places; line 0 if there are none."""
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for number in lines:
        places: dict[str, list[int]] = {}
        for place, written in enumerate(cells[number]):
            if isinstance(written, str) and plain(written) in labels:
                places.setdefault(labels[plain(written)], []).append(place)
        if len(places) > len(best[1]):
            best = (number, places)
        if len(places) == len(labels):
            break
    return best


@dataclass(frozen=True)
class _Under:
    """A sheet with a known heading row: its line, and the places of each known label in it."""

    page: RawSheet
    heading: int
    found: Mapping[str, Sequence[int]]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The column from which each label is read."""
        return {label: columns[0] for label, columns in self.found.items()}

    @cached_property
    def names(self) -> Sequence[str]:
        """The label read from each column, up to the last; "" for none."""
        read = {place: label for label, place in self.places.items()}
        return [read.get(place, "") for place in range(max(read, default=-1) + 1)]

    @cached_property
    def columns(self) -> Mapping[int, Column]:
        """The columns of the form by the places from which they are read."""
        return {
            self.places[column.label]: column for column in self.page.sheet.columns() if column.label in self.places
        }

    @cached_property
    def labelled(self) -> frozenset[int]:
        """The places with content in the heading row; unknown labels are reported there."""
        return frozenset(place for place, written in enumerate(self.heading_row) if not is_blank(written))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Each label of the sheet by its form for comparison."""
        return {plain(column.label): column.label for column in self.page.sheet.columns()}

    @property
    def heading_row(self) -> Sequence[Any]:
        """The cells of the heading row; () for a sheet without cells."""
        return self.page.cells[self.heading] if self.page.cells else ()

    @cached_property
    def headings(self) -> frozenset[str]:
        """The texts in the heading row, as written."""
        return frozenset(value for value in self.heading_row if isinstance(value, str))

    @cached_property
    def read(self) -> Mapping[int, str]:
        """The sheet's labels by their places in the heading row."""
        return {place: label for label, places in self.found.items() for place in places}

    @cached_property
    def required(self) -> frozenset[str]:
        """The labels under which somebody must write something in a row."""
        return frozenset(column.label for column in self.page.sheet.columns() if column.needed)

    @cached_property
    def marked(self) -> str:
        """The label under which an example has its mark."""
        return self.page.sheet.columns()[0].label


# The heading row, and what stands above it ---------------------------------------------------------------------------


def _of_labels(under: _Under, beside: Sequence[Sequence[Place]]) -> list[Issue]:
    """Labels that are missing, doubled or unknown, and what is below no label."""
    page, found = under.page, under.found
    known = {place for places in found.values() for place in places}
    missing = [column for column in page.sheet.columns() if column.label not in found]
    labels = [column.label for column in missing]
    unread = [
        unknown_label(page, labels, written, (under.heading, place))
        for place, written in enumerate(under.heading_row)
        if place not in known and not is_blank(written)
    ]
    unread += [page.issue(SH_12, places) for places in beside if places]
    issues = [missing_label(page, column.label, required=column.required, unread=bool(unread)) for column in missing]
    issues += [label_twice(page, label, [(under.heading, n) for n in ns]) for label, ns in found.items() if ns[1:]]
    return issues + unread


def _above(under: _Under) -> list[Issue]:
    """What is above the headings and is neither a title nor an example as in the blank: it is not read."""
    page = under.page
    lines = [
        line
        for line in range(under.heading)
        if (filled := page.filled(line))
        and not is_title(filled, under.columns, page.across(line))
        and not is_unchanged_example(_values(under.names, page.cells[line]), filled, page.sheet)
    ]
    return [page.issue(SH_20, page.whole(lines), line=under.heading + 1)] if lines else []


def _values(names: Sequence[str], line: Sequence[Any]) -> dict[str, Any]:
    """The filled values of a line, by label; {} for none."""
    # is_blank is slow, and a text that begins with a letter or a digit is never blank.
    return {
        label: value
        for label, value in zip(names, line, strict=False)
        if value != "" and label and (type(value) is not str or value[0].isalnum() or not is_blank(value))
    }


def _filled_at(places: Sequence[int], number: int, line: Sequence[Any]) -> list[Place]:
    """The filled ones of some columns in a line; [] for none."""
    return [(number, place) for place in places if place < len(line) and not is_blank(line[place])]


# The lines below it --------------------------------------------------------------------------------------------------


@dataclass
class _SortedLines:
    """The lines below the headings, sorted: the rows, the cells beside them, and the other lines by kind."""

    under: _Under
    rows: list[RawRow] = field(default_factory=list)
    beside: list[Place] = field(default_factory=list)
    """Cells of rows in columns without a label; such a row is blocked, since it is unknown what they say about it."""
    alone: list[Place] = field(default_factory=list)
    """Cells in such columns on other lines: what they belong to is unknown as well."""
    runs: list[tuple[LineKind, list[int]]] = field(default_factory=list)
    """The lines that are not rows; lines of one kind with only blank lines between them are one run."""
    out_of_order: dict[int, list[int]] = field(default_factory=dict)
    """The lines below headings in another order, by the line of those headings: they are not read."""
    foreign: list[list[int]] = field(default_factory=list)
    """The lines of each other table, including its headings."""
    _aside: list[int] | None = None
    """Where unread lines are collected while they are below headings other than the sheet's."""

    @property
    def layout(self) -> Layout:
        """The cells that are read."""
        page, heading = self.under.page, self.under.heading
        notes = {line for kind, run in self.runs if kind not in (LineKind.EXAMPLE, LineKind.CHANGED) for line in run}
        notes.update(line for lines in (*self.out_of_order.values(), *self.foreign) for line in lines)
        lines, columns = range(heading + 1, len(page.cells)), tuple(self.under.places.values())
        months = frozenset(place for place, column in self.under.columns.items() if column.kind.name == "month")
        return Layout(page.workbook, page.title, page.cells, lines, columns, frozenset(notes), months)

    def sort(self) -> None:
        """Classify every line."""
        under, page = self.under, self.under.page
        columns = {label: letters(place) for label, place in under.places.items()}
        start = under.heading + 1
        width = max(map(len, page.cells[start:]), default=0)
        others = [place for place in range(width) if place not in under.labelled]
        last: LineKind | None = None
        for number, line in enumerate(page.cells[start:], start=start):
            values = _values(under.names, line)
            if not values and all(map(is_blank, line)):
                continue
            kind = self._kind(number, line, values)
            if self._is_of_another(kind, number, line, values):
                continue
            if kind is not LineKind.ROW:
                self._enter(kind, number, begins=kind is not last)
            more = _filled_at(others, number, line) if others else []
            if kind is LineKind.ROW and values:
                origin = Origin(page.workbook, page.title, columns, str(number + 1))
                self.rows.append(RawRow(origin, values, beside=bool(more)))
                self.beside += more
            elif kind in (LineKind.ROW, LineKind.EXAMPLE):
                self.alone += more
            last = kind

    def _enter(self, kind: LineKind, number: int, *, begins: bool) -> None:
        """Enter a line that is not a row. begins: whether a run of lines of its kind begins with it."""
        if begins:
            self.runs.append((kind, []))
        self.runs[-1][1].append(number)

    def _is_of_another(self, kind: LineKind, number: int, line: Sequence[Any], values: Mapping[str, Any]) -> bool:
        """Whether a line is below headings in another order, or part of another table: then it is not read.

        Another table ends at the sheet's own headings, or at a row that can only be the sheet's.
        """
        if kind in (LineKind.HEADINGS, LineKind.REORDERED):
            self._aside = self.out_of_order.setdefault(number, []) if kind is LineKind.REORDERED else None
            return False
        in_another = bool(self.foreign) and self._aside is self.foreign[-1]
        if kind is LineKind.FOREIGN and not in_another:
            self.foreign.append([])
            self._aside = self.foreign[-1]
        elif kind is LineKind.ROW and in_another and self._is_its_own(line, values):
            self._aside = None
        if self._aside is None:
            return False
        self._aside.append(number)
        return True

    def _is_its_own(self, line: Sequence[Any], values: Mapping[str, Any]) -> bool:
        """Whether a row below another table's headings can only be the sheet's own.

        It has a key like the sheet's, well or badly written; or it is wider than that table, and has most of the values
        that the sheet's rows need.
        """
        under = self.under
        if has_a_key(under.page.sheet, under.columns, line):
            return True
        widest = max(place for above in self.foreign[-1] for place, _ in under.page.filled(above))
        wider = any(not is_blank(value) for value in line[widest + 1 :])
        return wider and 2 * len(under.required & values.keys()) > len(under.required)

    def _kind(self, number: int, line: Sequence[Any], values: Mapping[str, Any]) -> LineKind:
        """The kind of a filled line; one with all required values is quickly recognised as a row."""
        under = self.under
        first = next(value for value in line if not is_blank(value))
        if is_marked(values, first, under.marked):
            return LineKind.EXAMPLE if is_example(values, under.page.sheet) else LineKind.CHANGED
        complete = under.required <= values.keys()
        if is_cancelled(values, under.page.sheet):
            return LineKind.CANCELLED
        simple = first not in under.headings and not may_head(first)
        if complete and simple and not may_say_nothing(first, [*values.values()][-1]):
            return LineKind.ROW
        filled = under.page.filled(number)
        if labels := dict(labels_of(filled, under.labels)):
            return LineKind.HEADINGS if labels.items() <= under.read.items() else LineKind.REORDERED
        if headings_of_another(filled, under.page.sheet, under.columns):
            return LineKind.FOREIGN
        if says_nothing(filled, under.columns):
            return LineKind.NOTHING
        return LineKind.ROW if complete else self._of_incomplete(number, filled)

    def _of_incomplete(self, number: int, filled: Sequence[tuple[int, Any]]) -> LineKind:
        """The kind of a line that lacks required values."""
        under = self.under
        if says_nothing_of_one(filled):
            return LineKind.NOBODYS
        if is_dragged(number, filled, under.columns, under.page.formulas):
            return LineKind.DRAGGED
        across = under.page.across(number)
        if is_title(filled, under.columns, across) and (kind := self._of_title(number)):
            return kind
        return LineKind.REMARK if is_remark(filled, under.page.sheet, under.columns, across) else LineKind.ROW

    def _of_title(self, number: int) -> LineKind | None:
        """The kind of a line that may be a title: of repeated headings below it, or of another table's; else None."""
        under = self.under
        below = next((found for n in range(number + 1, len(under.page.cells)) if (found := under.page.filled(n))), [])
        if any(labels_of(below, under.labels)):
            return LineKind.REMARK
        return LineKind.FOREIGN if headings_of_another(below, under.page.sheet, under.columns) else None

    # Issues of the lines that are not rows

    def issues(self) -> Iterator[Issue]:
        """One issue for each changed example and each run of remarks, one for all lines of any other kind."""
        page = self.under.page
        for kind, run in self.runs:
            yield from self._of_run(kind, run)
        if repeated := self._of(LineKind.HEADINGS):
            yield page.issue(SH_21, page.whole(repeated))
        for lines in self.foreign:
            yield self._of_another_table(lines)
        if nobodys := self._of(LineKind.NOBODYS):
            yield page.issue(SH_53, page.whole(nobodys))
        for line, lines in self.out_of_order.items():
            yield page.issue(SH_22, page.whole([line, *lines]), line=line + 1, first=self.under.heading + 1)
        if dragged := self._of(LineKind.DRAGGED):
            yield page.issue(SH_23, page.whole(dragged), count=len(dragged))

    def _of_run(self, kind: LineKind, run: Sequence[int]) -> Iterator[Issue]:
        """The issue of consecutive lines, for kinds in which each run is reported."""
        page = self.under.page
        if kind in (LineKind.REMARK, LineKind.NOTHING):
            yield remark(page, run, taken="，按本月没有理解" if kind is LineKind.NOTHING else "")
        for line in run if kind is LineKind.CHANGED else ():
            yield page.issue(SH_05, [(line, page.filled(line)[0][0])])
        for line in run if kind is LineKind.CANCELLED else ():
            yield page.issue(SH_52, self._cancelled_in(line))

    def _of_another_table(self, lines: Sequence[int]) -> Issue:
        """必改 for one of our sheets pasted below, whose rows are missing elsewhere; 请核实 for any other table."""
        page, places = self.under.page, self.under.page.whole(lines)
        heads = (headings_of_another(page.filled(line), page.sheet, self.under.columns) for line in lines)
        sheet = next((head.sheet for head in heads if head), "")
        if sheet:
            return page.issue(SH_50, places, about=sheet, other=sheet)
        return page.issue(SH_51, places)

    def _cancelled_in(self, line: int) -> list[Place]:
        """The line's first cell that says so."""
        values = _values(self.under.names, self.under.page.cells[line])
        says = next(label for label in values if is_cancelled({label: values[label]}, self.under.page.sheet))
        return [(line, self.under.places[says])]

    def _of(self, kind: LineKind) -> list[int]:
        return [line for found, run in self.runs if found is kind for line in run]
