"""What is said where in a workbook that goes back: beside a row, at a cell, in the list; knows no XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.forms.faults.fault import Issue, Severity
from pipeline.intake.files.marks import SETTLED, Reply, coded
from pipeline.intake.files.markup import place_of
from pipeline.intake.issues import reading_order

_RANGE = re.compile("([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?")
_WIDEST = 200
"""Columns of a range that are noted one by one."""

Place = tuple[int, int]


@dataclass(frozen=True)
class Told:
    """A fault as it is told in the workbook.

    code: by which a reply is known to be about this content; "" if none can be given. settled: a reply was accepted.
    """

    issue: Issue
    code: str = ""
    settled: bool = False

    @property
    def asks(self) -> bool:
        """Whether a reply beside the row would settle it."""
        return self.issue.severity is Severity.请核实 and bool(self.code)

    @property
    def areas(self) -> tuple[tuple[Place, Place], ...]:
        """Its cells: the first and last place of each range; () for a whole sheet or file."""
        found = (_RANGE.fullmatch(cell) for cell in self.issue.location.cell.split("、"))
        corners = ((place_of(match[1]), place_of(match[2] or match[1])) for match in found if match)
        return tuple((first, last) for first, last in corners if first and last)

    @property
    def head(self) -> str:
        """【必改】“整改期限”: how its words begin; conditional formats look for it."""
        issue = self.issue
        where = f"“{issue.label}”" if issue.label else issue.location.cell
        return f"【{SETTLED if self.settled else issue.severity}】{where}"

    @property
    def words(self) -> str:
        """All its words beside a row."""
        return f"{self.head}：{self.issue.sentence}{coded(self.code) if self.code else ''}"


@dataclass
class SheetWords:
    """What is said on one sheet; lines count from 0, as places do."""

    told: list[Told] = field(default_factory=list)
    beside: dict[int, list[str]] = field(default_factory=dict)
    """The words beside each line."""
    notes: dict[Place, list[str]] = field(default_factory=dict)
    """The words of each cell's note."""
    replies: Mapping[int, Reply] = field(default_factory=dict)
    """What was answered earlier."""

    @property
    def asks(self) -> bool:
        """Whether a column for replies is wanted."""
        return bool(self.replies) or any(one.asks for one in self.told)

    @classmethod
    def of(cls, told: Iterable[Told], replies: Mapping[int, Reply], first: int) -> SheetWords:
        """The words for the faults of a sheet; first: the line below the headings, above which all is noted only."""
        words = cls(replies=replies)
        for one in sorted(told, key=_gravest_first):
            words.told.append(one)
            for top, bottom in one.areas:
                for line in range(max(top[0], first), bottom[0] + 1):
                    words.beside.setdefault(line, []).append(one.words)
                if not one.settled:
                    for column in range(top[1], min(bottom[1], top[1] + _WIDEST) + 1):
                        note = f"{one.issue.severity}：{one.issue.sentence}"
                        words.notes.setdefault((top[0], column), []).append(note)
        return words


def in_order(told: Iterable[Told]) -> list[Told]:
    """The faults for the list: gravest first, whole files and sheets before cells; settled ones are left out."""
    return sorted((one for one in told if not one.settled), key=_for_the_list)


def counted(told: Sequence[Told]) -> str:
    """必改 3 处，请核实 2 处; "" for none."""
    return "，".join(f"{severity} {number} 处" for severity, number in _numbers(told))


def _numbers(told: Sequence[Told]) -> Iterator[tuple[Severity, int]]:
    for severity in Severity:
        number = sum(one.issue.cells for one in told if one.issue.severity is severity)
        if number:
            yield severity, number


def _for_the_list(one: Told) -> tuple[object, ...]:
    place = one.issue.location
    width = bool(place.sheet) + bool(place.cell)
    return (list(Severity).index(one.issue.severity), width, reading_order(place), one.issue.number)


def _gravest_first(one: Told) -> tuple[object, ...]:
    order = len(Severity) if one.settled else list(Severity).index(one.issue.severity)
    return (order, reading_order(one.issue.location), one.issue.number)
