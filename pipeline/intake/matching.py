"""Rows of two runs, which of them are the same: by what stays of a row for life; knows no sheet and no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

Marks = tuple[str, ...]
"""What stays of a row for life, each as text for comparison; "" for a blank."""

ALIKE = 50
"""Per cent: words this similar may be the same words, edited."""
CLOSE = 10
"""A choice between two rows whose likeness differs by less is in doubt."""
MOST_PAIRS = 10_000
"""Rows of one place and day that are compared each with each; of more, they are taken in order, and in doubt."""


@dataclass(frozen=True)
class Life:
    """The positions in marks that say where and when a row is from, and of its own words; None without words."""

    place: tuple[int, ...]
    said: int | None

    def likeness(self, one: Marks, other: Marks) -> tuple[float, bool] | None:
        """How alike two rows are, and whether that leaves no doubt; None for rows that are not the same.

        An edited row keeps its place and day, and either its words by and large or everything else; if its place or day
        was corrected, it keeps its words, which leaves a doubt.
        """
        others = [n for n in range(len(one)) if n not in self.place and n != self.said]
        equal = sum(one[n] == other[n] for n in others)
        words = 100.0 if self.said is None else ratio(one[self.said], other[self.said])
        moved = sum(one[n] != other[n] for n in self.place)
        if moved:
            same = self.said is not None and words == 100.0 and one[self.said] and moved == 1
            return (equal, False) if same and equal >= len(others) - 1 else None
        if words >= ALIKE:
            return words + equal, self.said is not None or equal >= len(others) - 1
        return (words + equal, False) if equal == len(others) else None


@dataclass(frozen=True)
class Match:
    """A row and the known one that it is, by their positions; sure: there is no doubt about it."""

    row: int
    known: int
    sure: bool


def matched(rows: Sequence[Marks], known: Sequence[Marks], life: Life) -> Iterator[Match]:
    """Which of the known rows each row is; none for a row that is new.

    Equal rows are matched first, several in order; if one of them is there no more, it is in doubt which.
    """
    left, free = dict(enumerate(rows)), dict(enumerate(known))
    yield from _taken(_equal(left, free), left, free)
    by_words = [] if life.said is None else [(life.said,)]
    for key in (life.place, *by_words):
        here, there = _grouped(left, key), _grouped(free, key)
        for marks in [marks for marks in here if marks in there and any(marks)]:
            alike = _by_likeness({n: left[n] for n in here[marks]}, {n: free[n] for n in there[marks]}, life)
            yield from _taken(list(alike), left, free)


def _taken(found: Iterable[Match], rows: dict[int, Marks], known: dict[int, Marks]) -> Iterator[Match]:
    for match in found:
        del rows[match.row], known[match.known]
        yield match


def _equal(rows: Mapping[int, Marks], known: Mapping[int, Marks]) -> list[Match]:
    here, there = _grouped(rows), _grouped(known)
    return [
        Match(row, of, sure=len(there[marks]) <= len(found))
        for marks, found in here.items()
        for row, of in zip(found, there.get(marks, ()), strict=False)
    ]


def _grouped(rows: Mapping[int, Marks], key: Sequence[int] | None = None) -> dict[Marks, list[int]]:
    """The numbers of the rows that have the same marks; key: at these positions alone."""
    found: dict[Marks, list[int]] = {}
    for number, marks in rows.items():
        found.setdefault(marks if key is None else tuple(marks[at] for at in key), []).append(number)
    return found


def _by_likeness(rows: dict[int, Marks], known: dict[int, Marks], life: Life) -> Iterator[Match]:
    """The most alike first; a pair is in doubt if one of the two has another that is nearly as alike."""
    if len(rows) * len(known) > MOST_PAIRS:
        yield from (Match(row, of, sure=False) for row, of in zip(rows, known, strict=False))
        return
    pairs = [
        (found[0], row, of, found[1])
        for row, marks in rows.items()
        for of, its in known.items()
        if (found := life.likeness(marks, its))
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    taken: set[int] = set()
    used: set[int] = set()
    for score, row, of, sure in pairs:
        if row not in taken and of not in used:
            rivals = (p for p in pairs if (p[1] == row) != (p[2] == of) and p[1] not in taken and p[2] not in used)
            yield Match(row, of, sure and not any(score - rival[0] < CLOSE for rival in rivals))
            taken.add(row)
            used.add(of)
