"""Which problems earlier notices listed: by the workbooks of earlier months, and by the records of earlier runs.

Anybody can write a manifest, so it is trusted in one direction only: it can keep a problem out of a notice, never bring
one in; and the run then names the earlier document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipeline.documents.notices import rectification_notices
from pipeline.dossier.notices import EarlierNotice, about, handled, listed_earlier
from pipeline.forms.period import YEAR, Period
from pipeline.intake.joining import Month
from pipeline.intake.terms import Shelf
from pipeline.publishing import read, today
from pipeline.run.aside import seen_by
from pipeline.run.withholding import faults


class Earlier(NamedTuple):
    """The notices by 问题编号, and the earlier months that were read for them."""

    notices: Mapping[str, EarlierNotice]
    months: tuple[Month, ...]


def notices(month: Month, shelf: Shelf | None, output: Path) -> Earlier:
    """Which earlier notice listed each problem that is handled by a notice.

    shelf: the other months next to the month's folder; None for a folder that is not named after its month. output: the
    parent of the runs' folders. Months are read only as far back as the problems go, a year at most.
    """
    since = _oldest(month)
    before = tuple(shelf.earlier(since, month.period)) if shelf and since and not month.parts else ()
    found = listed_earlier(month, [seen_by(rectification_notices, one) for one in before], _withheld)
    by_runs = {} if month.parts else listed_by_runs(output, month.period)
    return Earlier(found | _recorded(month, found, by_runs), before)


def _oldest(month: Month) -> Period | None:
    """The month, at most a year ago, in which the oldest problem handled by a notice was found; None if this month."""
    first = min((problem.found_on for problem in handled(month)), default=month.period.first_day)
    if first >= month.period.first_day:
        return None
    return max(Period(first.year, first.month), month.period.year_before)


def _withheld(month: Month, unit: str) -> bool:
    """Whether a fault in the rows about a unit withheld its notice."""
    return unit in _units_without_notice(month)


@lru_cache(maxsize=YEAR)
def _units_without_notice(month: Month) -> frozenset[str]:
    return frozenset(faults(rectification_notices, month).own)


# What runs recorded --------------------------------------------------------------------------------------------------


def _recorded(
    month: Month, found: Mapping[str, EarlierNotice], by_runs: Mapping[str, tuple[Period, str]]
) -> dict[str, EarlierNotice]:
    """The recorded notices of problems without a notice in any workbook; not if this month's 文件台账 has one.

    A unit that gets a notice of new problems this month does not get the old ones with them.
    """
    old = [p for p in handled(month) if p.id not in found and p.id in by_runs and p.predates(month.period.first_day)]
    taken = {p.unit for p in handled(month) if p.id not in found and p not in old}
    recorded: dict[str, EarlierNotice] = {}
    for problem in old:
        period, name = by_runs[problem.id]
        registered = about(month, problem)
        of_it = registered and (problem.id in registered.related or problem.unit not in taken)
        if problem.found_on <= period.last_day and not of_it:
            recorded[problem.id] = EarlierNotice(document=f"{period}的《{name}》")
    return recorded


def listed_by_runs(output: Path, before: Period) -> dict[str, tuple[Period, str]]:
    """By 问题编号, the month and name of the notice that a run over one of the twelve months before made; {} for none.

    Only notices that are still where the run put them count; drafts and unreadable manifests do not.
    """
    found: dict[str, tuple[Period, str]] = {}
    period = before
    for _ in range(YEAR):
        period = period.previous
        folder = output / str(period)
        content = read(folder)
        if content.get("period") == str(period) and content.get("draft") is False:
            found |= {problem: (period, name) for problem, name in _listed_in(folder, content.get("documents"))}
    return found


def _listed_in(folder: Path, documents: object) -> list[tuple[str, str]]:
    """The problems that a run's notices listed, each with the notice's name."""
    listed: list[tuple[str, str]] = []
    for one in documents if isinstance(documents, list) else ():
        file, problems = (one.get("file"), one.get("problems")) if isinstance(one, dict) else (None, None)
        if isinstance(file, str) and isinstance(problems, list) and _lies(folder, file):
            listed += [(problem, PurePosixPath(file).stem) for problem in problems if isinstance(problem, str)]
    return listed


def _lies(folder: Path, file: str) -> bool:
    """Whether a file with that name, which may be hand-written, is among the folder's notices."""
    path = PurePosixPath(file)
    within = today(Path(path)).parent == Path(rectification_notices.folder) and file.isprintable()
    try:
        return within and (folder / path).is_file()
    except OSError:
        return False
