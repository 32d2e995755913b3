"""What manifests of runs remember of workbooks that came back: accepted replies, and the faults of the last return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.forms.period import YEAR, Period
from pipeline.intake.joining import Month
from pipeline.intake.replies import SettledIssue
from pipeline.publishing import read
from pipeline.run.options import DRAFT_MARK

Reply = tuple[str, str]
"""The words of a reply, and the month in which it was given."""


def replies(output: Path, period: Period | None) -> dict[str, Reply]:
    """By fingerprint, the replies that runs over this month and the twelve before it recorded; {} for no month.

    Of several the latest counts. Anybody can write a manifest: what it says is listed in 校验结果.xlsx.
    """
    found: dict[str, Reply] = {}
    months = [period] if period else []
    while months and len(months) <= YEAR:
        months.append(months[-1].previous)
    for month in reversed(months):
        for mark in ("", DRAFT_MARK):
            for one in _listed(read(output / f"{month}{mark}").get("replies")):
                code, words, since = (one.get(name) for name in ("fingerprint", "words", "since"))
                if isinstance(code, str) and isinstance(words, str) and words and isinstance(since, str):
                    found[code] = words, since
    return found


def asked(output: Path, month: Month) -> dict[str, str]:
    """By fingerprint, what runs over this month, or over each of several, have asked; {} for none.

    Each with the reply that stood beside the row when it was first asked.
    """
    found: dict[str, str] = {}
    for period in [part.period for part in month.parts] or [month.period]:
        for mark in (DRAFT_MARK, ""):
            content = read(output / f"{period}{mark}").get("asked")
            if isinstance(content, dict):
                found |= {code: words for code, words in content.items() if isinstance(words, str)}
    return found


def recorded(settled: Iterable[SettledIssue], folder: Path) -> list[dict[str, str]]:
    """The replies as a manifest has them: those of this run, and those of the run before that it did not need."""
    now = {one.fingerprint: _recorded(one) for one in settled}
    kept = {str(one.get("fingerprint")): one for one in _listed(read(folder).get("replies"))}
    return [one for _, one in sorted({**kept, **now}.items())]


def _recorded(one: SettledIssue) -> dict[str, str]:
    issue, place = one.issue, one.issue.location
    return {
        "fingerprint": one.fingerprint,
        "words": one.words,
        "since": one.since,
        "number": issue.number,
        "workbook": place.workbook,
        "sheet": place.sheet,
        "cell": place.cell,
        "label": issue.label,
        "written": issue.written,
    }


def _listed(content: object) -> list[dict[str, Any]]:
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


# Returns -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """How the faults of a workbook compare with those of its last state: how many there were, are gone, and are new."""

    before: int
    fixed: int
    new: int

    @property
    def words(self) -> str:
        """上次18处，已改15处，新增1处."""
        return f"上次 {self.before} 处，已改 {self.fixed} 处，新增 {self.new} 处"


@dataclass(frozen=True)
class ReturnState:
    """The faults of those workbooks that go to one place: the hash of the workbooks, and each fault by where it is."""

    content: str
    faults: Mapping[str, int]
    before: Mapping[str, int] | None = None
    """Those of the last other state of the workbooks in this month; None if none is known."""

    def after(self, old: object) -> ReturnState:
        """The same, compared with what an earlier run recorded for the same place.

        If the workbooks have not changed since, that run's own comparison stays: the same input gives the same words.
        """
        if not isinstance(old, dict):
            return self
        before = old.get("before") if old.get("content") == self.content else old.get("faults")
        return ReturnState(self.content, self.faults, _counts(before))

    @property
    def changes(self) -> Changes | None:
        """None if nothing is known of an earlier state."""
        if self.before is None:
            return None
        then, now = Counter(dict(self.before)), Counter(dict(self.faults))
        return Changes(then.total(), (then - now).total(), (now - then).total())

    def recorded(self) -> dict[str, Any]:
        """Its form within a manifest."""
        before = None if self.before is None else dict(self.before)
        return {"content": self.content, "faults": dict(self.faults), "before": before}


def returns(folder: Path) -> Mapping[str, Any]:
    """What the manifest of a run's folder says of its returns, by place; {} for none."""
    content = read(folder).get("returns")
    return content if isinstance(content, dict) else {}


def _counts(content: object) -> dict[str, int] | None:
    if not isinstance(content, dict):
        return None
    return {name: number for name, number in content.items() if isinstance(number, int)}
