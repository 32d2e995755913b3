"""Odd but readable sheets of a workbook: copies, strangers, hidden or merged cells; knows no rules."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, Self

from python_calamine import SheetMetadata, SheetVisibleEnum

from pipeline.forms.cells import is_blank, plain
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.sheets import (
    SH_06,
    SH_07,
    SH_08,
    SH_10,
    SH_13,
    SH_24,
    SH_33,
    SH_34,
    SH_35,
    SH_36,
    SH_37,
    SH_38,
    SH_40,
)
from pipeline.forms.places import Location
from pipeline.forms.schema import Form
from pipeline.intake.files.layout import CODES, INSTRUCTIONS
from pipeline.intake.files.looks import CellStyles, Format
from pipeline.intake.files.markup import Markup, Place, address, letters
from pipeline.intake.files.package import WorkbookPackage
from pipeline.intake.messages import shown
from pipeline.intake.suggestions import nearest

_COPY = re.compile(r"(?:\([0-9]+\)|-?的?副本(?:\([0-9]+\)|[0-9]*)|-?copy|_[0-9]+)$", re.IGNORECASE)
"""What Excel, WPS and clerks append to the name of a copied sheet."""
MOST_OTHERS = 50
"""Sheets not of the form that are named one by one."""
_OF_PROGRAMS = "WpsReserved"
"""The beginning of the names of sheets in which WPS keeps pictures."""


@dataclass(frozen=True)
class Titles:
    """The sheets of a workbook as its form sees them: by title, the sheet itself and its copies; and all others."""

    own: Mapping[str, str]
    copies: Mapping[str, Sequence[str]]
    others: Sequence[str]
    hidden: frozenset[str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Among `own`: the sheets with another name, recognised by their headings."""

    @classmethod
    def of(cls, sheets: Sequence[SheetMetadata], form: Form) -> Self:
        """Blanks in a name are ignored; of several sheets with one title, an exact match is the one meant."""
        names = sorted((sheet.name for sheet in sheets), key=lambda name: name != plain(name))
        own: dict[str, str] = {}
        copies: dict[str, list[str]] = {}
        others = []
        titles = {sheet.sheet_title() for sheet in form.sheets}
        for name in names:
            if plain(name) in titles:
                own.setdefault(plain(name), name)
            if name not in own.values():
                others.append(name)
        for name in list(others):
            title = plain(name) if plain(name) in own else _COPY.sub("", plain(name))
            if title in own:
                copies.setdefault(title, []).append(name)
                others.remove(name)
        visible = {sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible}
        # Only a program or macro can hide a sheet so that Excel does not offer to show it: no clerk wrote it.
        unseen = {sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.VeryHidden}
        others = [name for name in others if name not in unseen and not name.startswith(_OF_PROGRAMS)]
        return cls(own, copies, others, frozenset(set(names) - visible))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The other sheets that may be one of the form's under another name."""
        return tuple(name for name in self.others if plain(name) not in (INSTRUCTIONS, CODES))

    def renaming(self, meant: Mapping[str, str]) -> Self:
        """The same, with other sheets recognised by their headings as the form's, or as copies if the form's are there.

        meant: the titles by the names of the other sheets.
        """
        own, renamed, copies = dict(self.own), {}, {title: list(names) for title, names in self.copies.items()}
        for name, title in meant.items():
            if title in own:
                copies.setdefault(title, []).append(name)
            else:
                own[title] = renamed[title] = name
        others = [name for name in self.others if name not in meant]
        return replace(self, own=own, copies=copies, others=others, renamed=renamed)


def other_sheets(titles: Titles, package: WorkbookPackage, workbook: str, form: Form) -> Iterator[Issue]:
    """Sheets of the form that are hidden, and sheets not of the form with content."""
    for title, name in titles.own.items():
        if name in titles.hidden:
            yield SH_08.at(Location(workbook, title))
    for title, name in titles.renamed.items():
        yield SH_24.at(Location(workbook, title), name=name, sheet=title)
    known = [sheet.sheet_title() for sheet in form.sheets]
    if len(titles.unknown) > MOST_OTHERS:
        yield SH_33.at(Location(workbook), count=len(titles.unknown), copy=titles.unknown[0], form=form.name)
        return
    for name in titles.unknown:
        if re.search(rb"<(?:\w+:)?(?:v|is)[\s>]", package.sheet_xml(name)):
            yield SH_10.at(Location(workbook, name), form=form.name, nearest=nearest(plain(name), known))


@dataclass(frozen=True)
class Layout:
    """The cells of a sheet that are read: lines and columns, from 0, lines in order.

    notes: the lines among them that are not rows (a total, a note, repeated headings); months: the columns of months.
    """

    workbook: str
    sheet: str
    cells: Sequence[Sequence[Any]]
    lines: Sequence[int]
    columns: Sequence[int]
    notes: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()

    def at(self, cell: str = "") -> Location:
        """The sheet, or one of its cells."""
        return Location(self.workbook, self.sheet, cell)

    def is_blank(self, row: int, column: int) -> bool:
        """Whether the cell is empty."""
        return row >= len(self.cells) or column >= len(self.cells[row]) or is_blank(self.cells[row][column])

    def overlap(self, merged: Iterable[tuple[Place, Place]]) -> bool:
        """Whether merged ranges hold more cells than are read: then they overlap, which no program allows."""
        most, held = len(self.lines) * len(self.columns), 0
        for first, last in merged:
            lines = bisect_right(self.lines, last[0]) - bisect_left(self.lines, first[0])
            held += lines * sum(first[1] <= column <= last[1] for column in self.columns)
            if held > most:
                return True
        return False

    def covered(self, first: Place, last: Place) -> frozenset[Place]:
        """The cells to be read that a merged range covers, except its top left one; none if that is blank.

        A range that begins above the rows, or with a note below them, belongs to that title or note.
        """
        if not self.lines or first[0] < self.lines[0] or first[0] in self.notes or self.is_blank(*first):
            return frozenset()
        lines = self.lines[bisect_left(self.lines, first[0]) : bisect_right(self.lines, last[0])]
        columns = [column for column in self.columns if first[1] <= column <= last[1]]
        return frozenset((line, column) for line in lines for column in columns) - {first}


def sheet_oddities(layout: Layout, merged: Iterable[tuple[Place, Place]], markup: Markup) -> Iterator[Issue]:
    """Merged cells, zeros never computed, and hidden lines, if they affect what is read."""
    for first, last in merged:
        if layout.covered(first, last):
            cells = f"{address(first)}:{address(last)}"
            yield SH_06.at(layout.at(cells), cells=cells)
    for row, column in markup.doubtful_zeros:
        if row in layout.lines and row not in layout.notes and column in layout.columns:
            yield SH_13.at(layout.at(address((row, column))), written="0")
    yield from _hidden(layout, markup)


def _hidden(layout: Layout, markup: Markup) -> Iterator[Issue]:
    """Hidden rows and hidden columns that are not blank, each kind as one issue."""
    rows = [
        n for n in layout.lines if n in markup.hidden_rows and not all(layout.is_blank(n, c) for c in layout.columns)
    ]
    columns = [
        c for c in layout.columns if c in markup.hidden_columns and not all(layout.is_blank(n, c) for n in layout.lines)
    ]
    if rows:
        yield SH_07.at(layout.at(), count=len(rows), unit="行", names=_runs([(n, str(n + 1)) for n in rows]))
    if columns:
        names = _runs([(n, letters(n)) for n in sorted(columns)])
        yield SH_07.at(layout.at(), count=len(columns), unit="列", names=names)


def look_oddities(layout: Layout, markup: Markup, styles: CellStyles, comments: Mapping[Place, str]) -> Iterator[Issue]:
    """Cells that show more than is read, or something else: formats, lines through text, comments."""
    lines, columns = frozenset(layout.lines), frozenset(layout.columns)
    read = [
        place
        for place in sorted({*markup.styled, *markup.struck, *comments})
        if place[0] in lines and place[1] in columns and place[0] < len(layout.cells)
    ]
    struck: dict[int, list[Place]] = {}
    for place in read:
        if not layout.is_blank(*place):
            style = markup.styled.get(place, -1)
            yield from _shown_otherwise(layout, place, styles.formats.get(style))
            if style in styles.struck or place in markup.struck:
                struck.setdefault(place[0], []).append(place)
        if place in comments:
            note = " ".join(comments[place].split())
            note = f"{note[:_LONGEST_NOTE]}……" if len(note) > _LONGEST_NOTE else note
            yield SH_38.at(layout.at(address(place)), note=note)
    for places in struck.values():
        at = layout.at(address(places[0]))
        if len(places) == 1:
            yield SH_37.at(at)
        else:
            cells = f"{address(places[0])}:{address(places[-1])}"
            yield SH_36.at(layout.at(cells), cells=cells)


def _shown_otherwise(layout: Layout, place: Place, look: Format | None) -> Iterator[Issue]:
    """The issue of a cell whose format, if it matters, shows more or less than is read."""
    value = layout.cells[place[0]][place[1]]
    if look is None or isinstance(value, bool):
        return
    at = layout.at(address(place))
    if look.dayless:
        if place[1] not in layout.months and isinstance(value, float | date):
            yield SH_40.at(at, pattern=look.code, value=shown(value))
    elif isinstance(value, str if look.text else float) and (look.around or look.decimals is None):
        fault = SH_35 if look.decimals is None else SH_34
        yield fault.at(at, pattern=look.code, value=shown(value), around=look.around)


_LONGEST_NOTE = 60
"""Characters quoted from a comment."""


def _runs(numbered: Sequence[tuple[int, str]]) -> str:
    """3、5–8: consecutive numbers as one range; every one is covered."""
    starts = [0, *(n for n, (one, other) in enumerate(pairwise(numbered), 1) if one[0] + 1 != other[0]), len(numbered)]
    runs = [numbered[start:end] for start, end in pairwise(starts)]
    return "、".join(run[0][1] if len(run) == 1 else f"{run[0][1]}–{run[-1][1]}" for run in runs)
