"""A run's record of itself, input and result, so that a run that would change nothing is not repeated."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from pipeline import __version__
from pipeline.documents.lists import county_list
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.province import CountyBalance
from pipeline.forms.faults.fault import Severity
from pipeline.forms.period import Period
from pipeline.intake.files.folders import looked_at
from pipeline.intake.joining import Month
from pipeline.publishing import intact, read, sha256
from pipeline.run import remembered
from pipeline.run.earlier import listed_by_runs
from pipeline.run.numbers import kept_numbers
from pipeline.run.options import RunOptions
from pipeline.run.templates import shipped
from pipeline.run.withholding import blocking
from pipeline.walking import real


@dataclass(frozen=True)
class Facts:
    """The result of a run in a few numbers.

    county: its name, None if 基础信息 is faulty; issues: how many of each severity that occurs; balance: None if a
    fault withholds the county's list of problems, since faulty rows are not counted.
    """

    county: str | None
    made: int
    withheld: int
    unprinted: int
    deviating: int
    issues: Mapping[str, int]
    unreported: Sequence[str]
    balance: CountyBalance | None

    @classmethod
    def of(
        cls, month: Month, dossier: Dossier | None, made: int, withheld: int, unprinted: int, deviating: int
    ) -> Self:
        """The facts of a run; month, dossier: those that the county's list is made from."""
        counts: Counter[Severity] = Counter()
        for issue in month.issues:
            # Folded issues stand for many cells, and people count cells.
            counts[issue.severity] += issue.cells
        return cls(
            county=dossier.county.county if dossier else None,
            made=made,
            withheld=withheld,
            unprinted=unprinted,
            deviating=deviating,
            issues={str(severity): counts[severity] for severity in Severity if counts[severity]},
            unreported=list(dossier.unreported) if dossier else [],
            balance=None if dossier is None or blocking(county_list, month) else _balance(dossier),
        )

    @classmethod
    def in_folder(cls, folder: Path) -> Self | None:
        """The facts in the manifest of a run's folder; None if there is none, or it is of another version."""
        try:
            recorded = read(folder)["facts"]
            balance = recorded["balance"]
            return cls(**{**recorded, "balance": CountyBalance(**balance) if balance else None})
        except (KeyError, TypeError):
            return None

    def recorded(self) -> dict[str, Any]:
        """Their form within a manifest."""
        return asdict(self)


def _balance(dossier: Dossier) -> CountyBalance:
    of = dossier.rectification
    return CountyBalance(of.opening.value, of.new.value, of.closed.value, of.closing.value, of.overdue.value)


def seen(
    workbooks: Path, output: Path, options: RunOptions, replies: Mapping[str, remembered.Reply] | None = None
) -> str:
    """One hash (SHA-256) of everything on which a run over a month's folder depends.

    That is every file it examines, the templates, the notices and replies recorded by runs into `output`, the program's
    version, the options, and the folder's own path, to which 校验结果.xlsx links. An unreadable file counts as such.
    replies: those that will have been recorded once this run has ended, if that is known.
    """
    period = Period.of_folder(real(workbooks).name)
    everything = {
        "version": __version__,
        "folder": str(real(workbooks)),
        "options": options.deciding(),
        # A notice of an earlier run keeps its problems out of this one, so it is part of the input.
        # So is a number that it gave to a row of the month before, which may be carried over without it.
        "given": [one.recorded() for one in kept_numbers(output).of(period).before if one.given],
        "listed": {problem: name for problem, (_, name) in listed_by_runs(output, period).items()} if period else {},
        "replies": remembered.replies(output, period) if replies is None else replies,
        "files": {str(path): _hash(path) for path in looked_at(workbooks)},
        "templates": {path.name: _hash(path) for path in shipped(options.templates)},
    }
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""


def unchanged(output: Path, now: str) -> Path | None:
    """The folder in `output` of an earlier run with the same hash, if it is still as that run left it; None for none.

    A run with PDFs missing does not count: the next one may succeed.
    """
    for folder in sorted(output.iterdir()) if output.is_dir() else ():
        if read(folder).get("seen") == now and intact(folder):
            facts = Facts.in_folder(folder)
            if facts and not facts.unprinted:
                return folder
    return None
