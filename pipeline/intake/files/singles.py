"""A sheet laid out as label | value | note -> its one raw row, and an issue for every other cell; knows no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.sheets import SH_04, SH_17
from pipeline.forms.places import Origin
from pipeline.forms.schema import Row
from pipeline.intake.files.layout import NOTE_BEGINNINGS, SINGLE_HEADING
from pipeline.intake.files.markup import Place, address, letters
from pipeline.intake.files.oddities import Layout
from pipeline.intake.files.raw import Cells, RawRow, RawSheet, label_twice, missing_label, remark, unknown_label
from pipeline.intake.files.remarks import Filled, is_of_the_margin, is_title


def single(page: RawSheet) -> tuple[list[RawRow], Layout, list[Issue]]:
    """One raw row, or none if no value is filled in; and all issues of the sheet's other cells."""
    lines = _LabelledLines(page)
    issues = list(lines.issues())
    layout = Layout(page.workbook, page.title, page.cells, sorted(lines.places.values()), (lines.at + 1,))
    values = {
        label: page.cells[line][lines.at + 1]
        for label, line in lines.places.items()
        if lines.value_in(page.filled(line))
    }
    if not values:
        place = page.at(f"{letters(lines.at + 1)}2")
        return [], layout, [*issues, SH_04.at(place)]
    addresses = {label: address((line, lines.at + 1)) for label, line in lines.places.items()}
    return [RawRow(Origin(page.workbook, page.title, addresses), values)], layout, issues


def labels_below_each_other(cells: Cells, sheet: type[Row]) -> tuple[int, dict[str, list[int]]]:
    """The column, from 0, with most labels (the first if there are none); and the lines of each label in it."""
    labels = {plain(column.label): column.label for column in sheet.columns()}
    width = max(map(len, cells), default=0)
    counts = [sum(plain(line[place]) in labels for line in cells if place < len(line)) for place in range(width)]
    at = counts.index(max(counts)) if counts else 0
    found: dict[str, list[int]] = {}
    for number, line in enumerate(cells):
        written = plain(line[at]) if at < len(line) else ""
        if written in labels:
            found.setdefault(labels[written], []).append(number)
    return at, found


@dataclass(frozen=True)
class _LabelledLines:
    """The lines of a sheet by their labels."""

    page: RawSheet

    @cached_property
    def _found(self) -> tuple[int, dict[str, list[int]]]:
        return labels_below_each_other(self.page.cells, self.page.sheet)

    @property
    def at(self) -> int:
        """The column, from 0, with the labels."""
        return self._found[0]

    @property
    def known(self) -> Mapping[str, Sequence[int]]:
        """The lines of each of the sheet's labels."""
        return self._found[1]

    @cached_property
    def places(self) -> dict[str, int]:
        """The line from which each label is read."""
        return {label: lines[0] for label, lines in self.known.items()}

    def value_in(self, filled: Filled) -> bool:
        """Whether a line has anything in the value's place."""
        return any(place == self.at + 1 for place, _ in filled)

    def issues(self) -> Iterator[Issue]:
        """Labels that are missing, doubled or unknown; remarks; and whatever is beside all those."""
        page = self.page
        missing = [column for column in page.sheet.columns() if column.label not in self.known]
        strangers, remarks, beside = self._others()
        unread = bool(beside) or any(self.value_in(page.filled(line)) for line in strangers)
        for column in missing:
            if unread or not column.limits.late:
                yield missing_label(page, column.label, required=column.required, unread=unread)
        for label, lines in self.known.items():
            if lines[1:]:
                yield label_twice(page, label, [(line, self.at) for line in lines])
        labels = [column.label for column in missing]
        for line in strangers:
            yield unknown_label(page, labels, page.cells[line][self.at], (line, self.at))
        for run in remarks:
            yield remark(page, run)
        if beside:
            yield page.issue(SH_17, beside)

    def _others(self) -> tuple[Sequence[int], Sequence[Sequence[int]], Sequence[Place]]:
        """The lines under another label; the runs of remark lines below the labels; all cells beside."""
        read = {line for lines in self.known.values() for line in lines}
        first = min(read, default=len(self.page.cells))
        strangers: list[int] = []
        remarks: list[list[int]] = []
        last = -1
        beside: list[Place] = []
        own = range(self.at, self.at + len(SINGLE_HEADING))
        for line in range(len(self.page.cells)):
            filled = self.page.filled(line)
            if line in read or self._is_heading(filled):
                beside += _outside(own, line, filled)
                beside += self._in_place_of_the_note(line, filled)
            elif not filled or self._is_title(line, first):
                pass
            elif line > first and self._is_remark(filled):
                if not remarks or remarks[-1][-1] != last:
                    remarks.append([])
                remarks[-1].append(line)
            elif any(place == self.at for place, _ in filled):
                strangers.append(line)
                beside += _outside(own, line, filled)
            else:
                beside += [(line, place) for place, _ in filled]
            last = line if filled else last
        return strangers, remarks, beside

    def _in_place_of_the_note(self, line: int, filled: Filled) -> list[Place]:
        """What a clerk wrote into the column of notes, if the value beside it is blank."""
        if self._is_heading(filled) or self.value_in(filled):
            return []
        notes = [(place, value) for place, value in filled if place == self.at + len(SINGLE_HEADING) - 1]
        return [(line, place) for place, value in notes if not plain(value).startswith(NOTE_BEGINNINGS)]

    def _is_heading(self, filled: Filled) -> bool:
        return any(place == self.at and plain(value) == SINGLE_HEADING[0] for place, value in filled)

    def _is_remark(self, filled: Filled) -> bool:
        """Whether a line below the labels belongs to the margin (签字, 说明) and gives no value."""
        return not self.value_in(filled) and all(is_of_the_margin(plain(value)) for _, value in filled)

    def _is_title(self, line: int, first: int) -> bool:
        """Whether a line above the first label is a title."""
        return line < first and is_title(self.page.filled(line), {}, self.page.across(line))


def _outside(columns: range, line: int, filled: Filled) -> list[Place]:
    """The places with content in a line, except in some columns; [] for none."""
    return [(line, place) for place, _ in filled if place not in columns]
