"""The example month, reported once and turned into PDF once for all tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.forms.period import Period
from pipeline.publishing import MANIFEST
from pipeline.report import Outcome, report
from pipeline.word.pdf import printed
from tests.reading import EXAMPLE, lines, of_family

FAMILIES = ("总结", "清单", "通知", "整改通知书")
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example month."""
    return report(EXAMPLE, tmp_path_factory.mktemp("output"))


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example's third quarter."""
    return report(EXAMPLE.parent, tmp_path_factory.mktemp("quarter"), Period.parse_longer("2023Q3"))


@pytest.fixture(scope="session")
def summary(outcome: Outcome) -> Path:
    return of_family(outcome.made, "总结")[0]


@pytest.fixture(scope="session")
def county_list(outcome: Outcome) -> Path:
    return of_family(outcome.made, "清单")[0]


@pytest.fixture(scope="session")
def pdfs(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One document of each family of the example as LibreOffice prints it."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("pdf")
    documents = [of_family(outcome.made, family)[0] for family in FAMILIES]
    printing = printed(documents, folder)
    assert printing.failed == ()
    return dict(zip(FAMILIES, printing.made, strict=True))


@pytest.fixture(scope="session")
def kinds(outcome: Outcome, quarter: Outcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shortest document of each template of the example as LibreOffice prints it: lists of one page among them."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    made = [
        (run.folder / one["file"], Path(one["template"]).stem)
        for run in (outcome, quarter)
        for one in json.loads((run.folder / MANIFEST).read_text(encoding="utf-8"))["documents"]
        if one["template"]
    ]
    shortest: dict[str, Path] = {}
    for path, template in sorted(made, key=lambda pair: (len("".join(lines(pair[0]))), pair[0])):
        shortest.setdefault(template, path)
    printing = printed(shortest.values(), tmp_path_factory.mktemp("kinds"))
    assert printing.failed == ()
    return dict(zip(shortest, printing.made, strict=True))
