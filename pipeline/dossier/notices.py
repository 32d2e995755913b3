"""整改通知书: which problems earlier notices listed, and which problems each unit's notice lists now; words nothing.

A problem is listed in one notice only. Earlier ones are known from the problem's own 通知书文号, or from the 文件台账
of the month in which they were sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pipeline.dossier.figures import Figure
from pipeline.forms.cells import plain
from pipeline.forms.codes import DocumentDirection, DocumentKind, Handling
from pipeline.forms.office import UNNUMBERED, DocumentEntry
from pipeline.forms.zone import Problem
from pipeline.intake.joining import Month


@dataclass(frozen=True)
class EarlierNotice:
    """A notice that listed a unit's problem before: its number and day, as far as known.

    written: whether the problem's own row names it; document: the file's name and the run's folder, if only the record
    of an earlier run knows it.
    """

    number: str | None = None
    dated: date | None = None
    written: bool = False
    document: str = ""


NoticesById = Mapping[str, EarlierNotice]


@dataclass(frozen=True)
class UnitProblems:
    """The problems in one unit's notice, in the order of the days on which they were found."""

    unit: str
    problems: tuple[Problem, ...]
    items: Figure[int]
    found_on: Figure[tuple[date, ...]]
    found_in: tuple[str, ...]
    """The names of the campaigns and visits that found them."""
    entry: DocumentEntry | None
    report_by: date | None
    """The latest deadline among them; None if it is not after the day of the document, or unknown."""
    days: Figure[int] | None
    """From the day of the document to report_by; None without it."""
    past: bool = False
    """Whether the latest deadline is not after the day of the document."""
    older: tuple[Problem, ...] = ()
    """Those found in an earlier month without a known notice."""


@dataclass(frozen=True)
class AlreadyListed:
    """The problems of one unit that an earlier notice listed, and that are therefore not listed again."""

    unit: str
    notice: EarlierNotice
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class OverdueProblem:
    """A problem past its deadline, by how many days; number and day of the notice that listed it (None for none)."""

    problem: Problem
    days: Figure[int]
    notice_number: str | None
    notice_dated: date | None


@dataclass(frozen=True)
class UnitOverdue:
    """The overdue problems of one unit."""

    unit: str
    problems: tuple[OverdueProblem, ...]
    items: Figure[int]


# Earlier notices -----------------------------------------------------------------------------------------------------


def entry(outgoing: Iterable[DocumentEntry], related: str, *kinds: DocumentKind) -> DocumentEntry | None:
    """The latest of these documents of the given kinds about a campaign, an activity or a unit; None for none."""
    fitting = [item for item in outgoing if item.kind in kinds and related in item.related]
    return max(fitting, key=lambda item: item.dated or date.min, default=None)


@lru_cache(maxsize=2)
def outgoing(month: Month) -> tuple[DocumentEntry, ...]:
    """The office's own documents."""
    return tuple(item for item in month.all(DocumentEntry) if item.direction is DocumentDirection.OUTGOING)


def handled(month: Month) -> tuple[Problem, ...]:
    """The problems handled by 整改通知书."""
    return tuple(problem for problem in month.all(Problem) if problem.handling is Handling.RECTIFICATION_NOTICE)


def about(month: Month, problem: Problem) -> DocumentEntry | None:
    """The notice in a month's 文件台账 that may have listed a problem; None for none.

    It names the problem, or failing that its unit, and is no older than the problem. Of several, the latest counts.
    """
    for name in (problem.id, problem.unit):
        fitting = (item for item in month.where(DocumentEntry, "related", name) if _may_tell_of(problem, item))
        if latest := max(fitting, key=lambda item: item.dated or date.min, default=None):
            return latest
    return None


def _may_tell_of(problem: Problem, item: DocumentEntry) -> bool:
    ours = item.direction is DocumentDirection.OUTGOING and item.kind is DocumentKind.RECTIFICATION_NOTICE
    return ours and (item.dated is None or item.dated >= problem.found_on)


def _never(_month: Month, _unit: str) -> bool:
    return False


def listed_earlier(
    month: Month, before: Sequence[Month], withheld: Callable[[Month, str], bool] = _never
) -> dict[str, EarlierNotice]:
    """By 问题编号, the notice that listed a problem before this month's notices are made; {} for none.

    before: the existing earlier months, in order. The first counts in which a registered notice handled the problem:
    later notices to the unit listed other problems. withheld: whether a month's notice to a unit was withheld, and so
    never sent.
    """
    found: dict[str, EarlierNotice] = {}
    for problem in handled(month):
        notice = (
            _written(problem, month, before)
            if _bears_number(problem)
            else _registered(problem, before, withheld) or _of_an_earlier_day(problem, month)
        )
        if notice is None and problem.notice_number and not _bears_number(problem):
            notice = EarlierNotice(written=True) if problem.predates(month.period.first_day) else None
        if notice:
            found[problem.id] = notice
    return found


def _bears_number(problem: Problem) -> bool:
    """Whether the problem's row has the number of its notice, not the remark that it has none."""
    return problem.notice_number is not None and plain(problem.notice_number) not in UNNUMBERED


def _written(problem: Problem, month: Month, before: Sequence[Month]) -> EarlierNotice | None:
    """The notice that the problem's own row names; None if it is one of this month."""
    own = _numbered(month, problem.notice_number)
    if own and (own.dated is None or own.dated in month.period):
        return None
    entries = (own, *(_numbered(earlier, problem.notice_number) for earlier in reversed(before)))
    dated = next((entry.dated for entry in entries if entry), None)
    return EarlierNotice(problem.notice_number, dated, written=True)


def _numbered(month: Month, number: str | None) -> DocumentEntry | None:
    """The notice with that number in a month's 文件台账."""
    entries = month.where(DocumentEntry, "number", number)
    return next((entry for entry in entries if entry.kind is DocumentKind.RECTIFICATION_NOTICE), None)


def _registered(
    problem: Problem, before: Sequence[Month], withheld: Callable[[Month, str], bool]
) -> EarlierNotice | None:
    """The notice known from an earlier month's workbooks."""
    for number, earlier in enumerate(before):
        row = earlier.find(Problem, problem.id)
        if row is None or row.handling is not Handling.RECTIFICATION_NOTICE:
            continue
        if _bears_number(row):
            named = _written(row, earlier, before[:number])
            return replace(named, written=False) if named else _of(_numbered(earlier, row.notice_number))
        registered = about(earlier, row)
        if registered and not withheld(earlier, row.unit):
            return _of(registered)
    return None


def _of_an_earlier_day(problem: Problem, month: Month) -> EarlierNotice | None:
    """A notice in this month's 文件台账 with a date in an earlier month: a list that was carried on."""
    registered = about(month, problem)
    dated = registered.dated if registered else None
    return _of(registered) if dated and dated < month.period.first_day else None


def _of(registered: DocumentEntry | None) -> EarlierNotice | None:
    return EarlierNotice(registered.official_number, registered.dated) if registered else None
