"""Golden texts: the text of every document of the example; `make golden` rewrites them, a person reads the diff."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

from pipeline.forms.period import Period
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.trays import Tray
from tests.support.reading import EXAMPLE, lines, of_family

GOLDEN = Path(__file__).parent / "golden"
FAMILIES = (
    "总结",
    "清单",
    "清单-责任区",
    "清单-学校",
    "清单-乡镇街道",
    "清单-督导工作",
    "通知",
    "整改通知书",
    "督办单",
    "意见书",
    "通报",
    "呈签",
)

TERMS = ("2023Q3", "2023H2", "2023")
"""Longer periods, of which the example has two or three months."""


def texts(made: Sequence[Path], folder: Path) -> dict[str, str]:
    """The documents of each folder under one another, by the folder's name."""
    return {
        _name(parent.relative_to(folder)): "\n".join(_text(path) for path in paths)
        for parent, paths in groupby(sorted(made), key=lambda path: path.parent)
    }


def _name(folder: Path) -> str:
    """A folder's names without the number of the tray; without 待发文书, since each kind of letter has its own."""
    return "-".join(folder.parts)[2:].removeprefix(f"{Tray.LETTERS}-"[2:])


def _text(path: Path) -> str:
    return "\n".join([f"==== {path.name} ====", *(line.rstrip() for line in lines(path)), ""])


@pytest.mark.parametrize("family", FAMILIES)
def test_the_documents_say_what_they_said(family: str, outcome: Outcome) -> None:
    golden = (GOLDEN / f"{family}.txt").read_text(encoding="utf-8").splitlines()
    assert texts(outcome.made, outcome.folder)[family].splitlines() == golden


def test_every_document_has_a_golden_text_and_no_other(outcome: Outcome) -> None:
    assert set(texts(outcome.made, outcome.folder)) == set(FAMILIES)
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*FAMILIES, *(f"总结-{term}" for term in TERMS)}


@pytest.mark.parametrize("term", TERMS)
def test_the_summaries_of_longer_periods_say_what_they_said(term: str, tmp_path: Path) -> None:
    golden = (GOLDEN / f"总结-{term}.txt").read_text(encoding="utf-8").splitlines()
    assert longer(term, tmp_path).splitlines() == golden


def longer(term: str, folder: Path) -> str:
    """The one summary of a longer period."""
    outcome = report(EXAMPLE.parent, folder, RunOptions(Period.parse_longer(term)))
    assert outcome.withheld == ()
    (summary,) = of_family(outcome.made, "总结")
    return _text(summary)


def rewrite() -> None:
    """Write the texts anew."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = report(EXAMPLE, Path(folder))
        for family, text in texts(outcome.made, outcome.folder).items():
            (GOLDEN / f"{family}.txt").write_text(text, encoding="utf-8")
        for term in TERMS:
            (GOLDEN / f"总结-{term}.txt").write_text(longer(term, Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(rewrite())
