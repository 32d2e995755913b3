"""Gives records and problems that have no number one for life: that of an earlier run, or the next free one.

What is typed stays. Whatever earlier runs know is only believed where no number typed in the month contradicts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Fault
from pipeline.forms.faults.filling import BH_01, BH_02, BH_03, BH_04, BH_05
from pipeline.forms.faults.reasons import NM_40, NM_41
from pipeline.forms.follows import NextNumber
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.filling import Filled, Values, is_open, said, with_rows
from pipeline.intake.following import NamedRows
from pipeline.intake.matching import Marks, matched
from pipeline.intake.messages import shown
from pipeline.intake.numbers import KnownNumbers, NumberedRow, life, marks_of, numbering

MOST = 999
"""The last number of a zone and month."""


@dataclass(frozen=True)
class Whose:
    """Whose a workbook's new rows are: the number of its zone, or why they can have no number."""

    zone: str
    cause: str = ""


def numbered(
    books: Sequence[RawWorkbook],
    sheet: type[Row],
    whose: Mapping[str, Whose],
    period: Period | None,
    known: KnownNumbers,
    sources: NamedRows,
    done: Filled,
) -> list[RawWorkbook]:
    """The workbooks with a number for each row of a sheet; whose: of each workbook, by its name."""
    column, follows = cast(tuple[Column, NextNumber], numbering(sheet))
    lines = [
        _Unnumbered(n, raw, values, whose[book.name])
        for n, book in enumerate(books)
        for raw, values in _pairs(sheet, book.sheets.get(sheet, ()), column, follows, known)
    ]
    giving = _Giving(sheet, column, follows, period, known, sources, done)
    giving.number([line for line in lines if line.values is not None])
    rows: dict[int, list[RawRow]] = {}
    for line in lines:
        rows.setdefault(line.book, []).append(line.raw)
    return [with_rows(book, sheet, rows[n]) if n in rows else book for n, book in enumerate(books)]


def _pairs(
    sheet: type[Row], rows: Sequence[RawRow], column: Column, follows: NextNumber, known: KnownNumbers
) -> Iterable[tuple[RawRow, Values | None]]:
    """Each row with what it says; as written if every row of the sheet has a number, and nothing is known."""
    begins = f"{follows.prefix}-"
    if known.own or not all(str(raw.values.get(column.label, "")).startswith(begins) for raw in rows):
        return zip(rows, said(sheet, rows), strict=True)
    return ((raw, raw.values) for raw in rows)


@dataclass
class _Unnumbered:
    """A row on its way: of which workbook, as it is so far, what it says, and whose it is."""

    book: int
    raw: RawRow
    values: Values | None
    whose: Whose


@cache
def _needed(sheet: type[Row]) -> frozenset[str]:
    """The labels under which somebody must type something in a row."""
    return frozenset(column.label for column in sheet.columns() if column.needed)


@dataclass
class _Giving:
    """The rows of one sheet in all workbooks of a month are given numbers."""

    sheet: type[Row]
    column: Column
    follows: NextNumber
    period: Period | None
    known: KnownNumbers
    sources: NamedRows
    done: Filled
    typed: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """Numbers of earlier runs that belong to rows of this one."""

    def number(self, lines: Sequence[_Unnumbered]) -> None:
        """Give each open row its number."""
        self.typed = {written for line in lines if (written := self._written(line))}
        blank = [line for line in lines if is_open(line.raw, line.values, self.column) and self._says_enough(line)]
        for line in blank:
            if line.whose.cause or self.period is None:
                line.raw = self.done.refuse(line.raw, self.column, line.whose.cause or "不知道是哪个月")
        by_zone: dict[str, list[_Unnumbered]] = {}
        for line in blank:
            if self.column.label not in line.raw.covered:
                by_zone.setdefault(line.whose.zone, []).append(line)
        for zone, rows in by_zone.items():
            self._number_zone(zone, rows)
        self._contradictions(lines)

    def _number_zone(self, zone: str, lines: Sequence[_Unnumbered]) -> None:
        period = cast(Period, self.period)
        month = f"{period.year}{period.month:02}"
        marks = [self._marks(line) for line in lines]
        self._tell_doubles(lines, marks)
        open_, new = self._known_ones(zone, lines, marks, self.known.own), list[_Unnumbered]()
        earlier = [n for n in open_ if self._predates(marks[n])]
        found = self._known_ones(zone, [lines[n] for n in earlier], [marks[n] for n in earlier], self.known.before)
        still = {earlier[n] for n in found}
        new = [lines[n] for n in open_ if n not in earlier or n in still]
        if new and self.known.lost:
            for line in {line.book: line for line in reversed(new)}.values():
                self._tell(BH_03, line)
        position = self._last(month, zone)
        for line in new:
            position += 1
            if position > MOST:
                line.raw = self.done.refuse(line.raw, self.column, f"本月的编号已经用到 {MOST}")
            else:
                self._give(line, self.follows.number(month, zone, position))

    def _known_ones(
        self, zone: str, lines: Sequence[_Unnumbered], marks: Sequence[Marks], known: Iterable[NumberedRow]
    ) -> list[int]:
        """Give the rows that an earlier run knows their numbers; the positions of the others."""
        left = set(range(len(lines)))
        free = [one for one in known if self._is_free(one, zone)] if lines else []
        for match in matched(marks, [one.marks for one in free], life(self.follows)) if free else ():
            one = free[match.known]
            left.discard(match.row)
            self.used.add(one.number)
            self._give(lines[match.row], one.number)
            if not match.sure:
                self._tell(BH_04, lines[match.row], other=self._shown(one))
        return sorted(left)

    def _is_free(self, one: NumberedRow, zone: str) -> bool:
        own = one.zone == zone and one.number.startswith(f"{self.follows.prefix}-")
        return own and one.number not in self.typed and one.number not in self.used

    def _last(self, month: str, zone: str) -> int:
        """The highest number of the zone and month that any row has or had."""
        begins = self.follows.number(month, zone, 0)[:-3]
        known = (one.number for one in (*self.known.own, *self.known.before))
        ends = (number.removeprefix(begins) for number in (*known, *self.typed) if number.startswith(begins))
        return max((int(end) for end in ends if end.isdecimal() and len(end) == len(str(MOST))), default=0)

    def _give(self, line: _Unnumbered, number: str) -> None:
        period = cast(Period, self.period)
        own = number.startswith(f"{self.follows.prefix}-{period.year}{period.month:02}-")
        line.raw = self.done.fill(line.raw, self.column, number, NM_40 if own else NM_41)

    # What a row says

    def _written(self, line: _Unnumbered) -> str:
        return plain(shown((line.values or {}).get(self.column.label)))

    def _says_enough(self, line: _Unnumbered) -> bool:
        """Whether a row has at least half of what somebody must type; less is reported as it is."""
        needed = _needed(self.sheet)
        return 2 * len(needed & line.raw.values.keys()) >= len(needed)

    def _marks(self, line: _Unnumbered) -> Marks:
        values = {**(line.values or {}), **{label: line.raw.values[label] for label in line.raw.filled}}
        return marks_of(self.sheet, self.follows, values, self.sources.in_full)

    def _predates(self, marks: Marks) -> bool:
        """Whether a row is about a day before the month."""
        day = marks[self.follows.life.index(self.follows.place[-1])]
        return day < cast(Period, self.period).first_day.isoformat()

    # What is told

    def _tell_doubles(self, lines: Sequence[_Unnumbered], marks: Sequence[Marks]) -> None:
        first: dict[Marks, _Unnumbered] = {}
        for line, each in zip(lines, marks, strict=True):
            if first.setdefault(each, line) is not line:
                self._tell(BH_05, line, other=str(Location.at(first[each].raw.origin, self.column.label)))

    def _contradictions(self, lines: Sequence[_Unnumbered]) -> None:
        """Report typed numbers that earlier runs gave to other rows, and typed rows that had other numbers."""
        given = {one.number: one for one in self.known.own if one.given}
        of_life = life(self.follows)
        for line in lines if given else ():
            if one := given.get(self._written(line)):
                marks = self._marks(line)
                if marks != one.marks and not of_life.likeness(marks, one.marks):
                    self._tell(BH_01, line, other=self._shown(one))
        gone = {
            one.marks: one for one in given.values() if one.number not in self.typed and one.number not in self.used
        }
        for line in lines if gone else ():
            if self._written(line) and (one := gone.get(self._marks(line))):
                self._tell(BH_02, line, other=one.number)

    def _tell(self, fault: Fault, line: _Unnumbered, other: str = "") -> None:
        label = self.column.label
        place = Location.at(line.raw.origin, label)
        self.done.issues.append(fault.at(place, label, written=self._written(line), other=other))

    def _shown(self, one: NumberedRow) -> str:
        """A row of an earlier run in words: 某小学，2024-03-12，具体描述."""
        names = (*self.follows.place, *([self.follows.said] if self.follows.said else []))
        words = (one.marks[self.follows.life.index(name)] for name in names)
        return "，".join(word for word in words if word)
