"""The lines in which two texts differ, found in nearly linear time; knows no document.

Lines that occur once in each text are anchors (the patience diff of Bram Cohen). Only what lies between two anchors is
compared line by line, and only up to MOST_COMPARED pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

MOST_COMPARED = 250_000
"""Pairs of lines to compare: 500 by 500. A larger stretch without anchors differs as a whole."""

Stretch = tuple[int, int, int, int]
"""From and up to which line of one text, and of the other."""


def differing(ours: Sequence[str], theirs: Sequence[str]) -> list[Stretch]:
    """The stretches in which two texts differ, in order; [] if they are equal."""
    found: list[Stretch] = []
    for start, end, new_start, new_end in _between(ours, theirs):
        for stretch in _within(ours[start:end], theirs[new_start:new_end]):
            i, j, m, n = stretch
            found.append((i + start, j + start, m + new_start, n + new_start))
    nexts = [*((i, m) for i, _, m, _ in found[1:]), (len(ours), len(theirs))]
    return [_slid(ours, theirs, stretch, *next_) for stretch, next_ in zip(found, nexts, strict=False)]


def _slid(ours: Sequence[str], theirs: Sequence[str], stretch: Stretch, most: int, new_most: int) -> Stretch:
    """Move lines that only one text has down as far as possible: a row then begins with its first cell."""
    i, j, m, n = stretch
    while j < most and n < new_most and (theirs[m] == theirs[n] if i == j else m == n and ours[i] == ours[j]):
        i, j, m, n = i + 1, j + 1, m + 1, n + 1
    return i, j, m, n


def _between(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Stretch]:
    """The stretches between anchors, without equal lines at their ends; empty on both sides if nothing is left."""
    anchors = [*_anchors(ours, theirs), (len(ours), len(theirs))]
    i = m = 0
    for j, n in anchors:
        yield _trimmed(ours, theirs, (i, j, m, n))
        i, m = j, n


def _anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The places of equal lines that occur once in each text, in an order that both share.

    A line that occurs more often is distinguished by the lines around it.
    """
    alone = _once(ours, theirs)
    return _ascending(sorted({**_once(_in_context(ours), _in_context(theirs)), **alone}.items()))


def _in_context(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """Each line with the two before and the two after it."""
    padded = ["", "", *lines, "", ""]
    return [tuple(padded[n : n + 5]) for n in range(len(lines))]


def _once(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> dict[int, int]:
    """The place in the other text of each line that occurs once in both."""
    mine, others = Counter(ours), Counter(theirs)
    place = {line: n for n, line in enumerate(theirs) if others[line] == 1}
    return {n: place[line] for n, line in enumerate(ours) if mine[line] == 1 and line in place}


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which both numbers ascend (patience sorting)."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(ends, place)
        before.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [place]
        tops[pile : pile + 1] = [number]
    run, number = [], tops[-1] if tops else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _trimmed(ours: Sequence[str], theirs: Sequence[str], stretch: Stretch) -> Stretch:
    i, j, m, n = stretch
    while i < j and m < n and ours[i] == theirs[m]:
        i, m = i + 1, m + 1
    while i < j and m < n and ours[j - 1] == theirs[n - 1]:
        j, n = j - 1, n - 1
    return i, j, m, n


def _within(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Stretch]:
    """The differences within a stretch, line by line up to the bound: equal lengths in place, others as a whole."""
    if not ours and not theirs:
        return
    if len(ours) * len(theirs) <= MOST_COMPARED:
        for what, i, j, m, n in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            if what != "equal":
                yield i, j, m, n
    elif len(ours) == len(theirs):
        yield from ((n, n + 1, n, n + 1) for n, line in enumerate(ours) if line != theirs[n])
    else:
        yield 0, len(ours), 0, len(theirs)
