"""Very many equal faults of a column -> the first ones, and one issue for all other cells; knows no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.forms.faults.fault import Issue
from pipeline.intake.issues import split
from pipeline.intake.messages import ALIKE

MOST_ALIKE = 200
"""Equal faults in a column of one sheet that are reported one by one."""
MOST_OF_A_RULE = 2_000
"""Faults of one rule in a column of one sheet that are reported one by one, whatever the cells contain."""


def folded(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The issues in order, with those beyond the limits merged into one, at the place of their first.

    No cell is lost: the merged issue names all of theirs. Issues without a single cell are left as they are.
    """
    if len(issues) <= MOST_ALIKE:
        return tuple(issues)
    alike: dict[tuple[object, ...], list[Issue]] = {}
    for issue in issues:
        alike.setdefault(_cause(issue), []).append(issue)
    left: set[int] = set()
    once: dict[int, Issue] = {}
    for found in alike.values():
        if len(found) > MOST_ALIKE and len(more := _further(found)) > 1:
            left.update(map(id, more))
            once[id(more[0])] = _as_one(more)
    return tuple(once.get(id(issue), issue) for issue in issues if id(issue) in once or id(issue) not in left)


def _further(issues: Iterable[Issue]) -> list[Issue]:
    """Among issues of one rule in one column, those beyond the limits."""
    alone, alike = 0, Counter[str]()
    further = []
    for issue in issues:
        alike[issue.sentence] += 1
        if alone < MOST_OF_A_RULE and alike[issue.sentence] <= MOST_ALIKE:
            alone += 1
        else:
            further.append(issue)
    return further


def _cause(issue: Issue) -> tuple[object, ...]:
    place = issue.location
    alone = None if place.cell and issue.cells == 1 and ":" not in place.cell else id(issue)
    return place.workbook, place.sheet, issue.severity, issue.fault, issue.label, alone


def _as_one(issues: Sequence[Issue]) -> Issue:
    """One issue for the cells of all of these, from the top."""
    places = sorted({split(issue.location.cell) for issue in issues})
    cells = "、".join(_ranges(places))
    words = ALIKE.format(line=min(line for _, line in places), count=len(places))
    first = issues[0]
    return replace(first, location=replace(first.location, cell=cells), sentence=words, written="", cells=len(places))


def _ranges(places: Iterable[tuple[str, int]]) -> Iterator[str]:
    """The cells as ranges of one column: O206:O20005, O20010."""
    run: list[tuple[str, int]] = []
    for letters, line in [*places, ("", 0)]:
        if run and (letters, line - 1) != run[-1]:
            (column, top), (_, bottom) = run[0], run[-1]
            yield f"{column}{top}" if top == bottom else f"{column}{top}:{column}{bottom}"
            run.clear()
        run.append((letters, line))
