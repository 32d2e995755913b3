"""The example month, reported once and printed once for all tests; and which tests are slow."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import pytest
from filelock import FileLock

from pipeline.forms.period import Period
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.word.printing import pdf
from tests.support.months import part_of_example
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE, lines, of_family, of_word

FAMILIES = ("总结", "清单", "通知", "整改通知书")
T = TypeVar("T")
SLOW = re.compile(
    "test_(benchmarks|charts|checking|compiled|contents|counties|county|example|figures|form|golden|last_month|looks|"
    "mutations"
    "|balance|blanks|causes|claims|docs|notices|pages|pdf|publishable|publishing|register|report|results|templates|"
    "terms|validity|wholeness|account|earlier|eased|ending|habits|hostile|month_folders|numbers|suggestions|traps|"
    "withholding|zip|strays|below)"
)
"""The modules that `make test-fast` leaves out: they make or print whole months of documents again and again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow modules, and run them first: quick ones fill the rest of the other processor's time."""
    for item in items:
        if SLOW.fullmatch(item.path.stem):
            item.add_marker("slow")
    items.sort(key=lambda item: not SLOW.fullmatch(item.path.stem))


def shared(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """Something made once in a folder and read by all test processes (`pytest -n`); the first that asks makes it."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = root / f"{name}.pickle"
    with FileLock(root / f"{name}.lock"):
        if not kept.exists():
            folder = root / name
            folder.mkdir()
            kept.write_bytes(pickle.dumps(make(folder)))
        return cast(T, pickle.loads(kept.read_bytes()))


@pytest.fixture(scope="session", autouse=True)
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Verdicts on templates are kept in a folder of the tests, not in the user's."""
    os.environ["DUDAO_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A copy of the example month."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of four workbooks of the example, for tests that need a month but not the whole example."""
    return part_of_example(tmp_path / EXAMPLE.name)


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example month."""
    return shared(tmp_path_factory, "output", lambda folder: report(EXAMPLE, folder))


@pytest.fixture(scope="session")
def part(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over four workbooks of the example."""
    return shared(
        tmp_path_factory, "part", lambda folder: report(part_of_example(folder / "in" / EXAMPLE.name), folder / "out")
    )


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example's third quarter."""
    period = Period.parse_longer("2023Q3")
    return shared(tmp_path_factory, "quarter", lambda folder: report(EXAMPLE.parent, folder, RunOptions(period)))


@pytest.fixture(scope="session")
def summary(outcome: Outcome) -> Path:
    return of_family(outcome.made, "总结")[0]


@pytest.fixture(scope="session")
def county_list(outcome: Outcome) -> Path:
    return of_family(outcome.made, "清单")[0]


@dataclass(frozen=True)
class Paper:
    """The documents of the example and its quarter as printed by LibreOffice, and how many were in each call."""

    pdf_of: dict[Path, Path]
    calls: tuple[int, ...]


@pytest.fixture(scope="session")
def paper(outcome: Outcome, quarter: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The tests that look at pages share one printing: LibreOffice is the slowest thing that they wait for."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    return shared(tmp_path_factory, "paper", lambda folder: on_paper([*outcome.made, *quarter.made], folder))


def on_paper(made: list[Path], folder: Path) -> Paper:
    calls: list[int] = []
    convert = pdf.convert

    def counting(program: Path, files: list[Path], *further: Path, seconds: float) -> str:
        calls.append(len(files))
        return convert(program, files, *further, seconds=seconds)

    documents = of_word(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "convert", counting)
        printing = pdf.printed(documents, folder)
    assert printing.failed == ()
    return Paper(dict(zip(documents, printing.made, strict=True)), tuple(calls))


@pytest.fixture(scope="session")
def pdfs(outcome: Outcome, paper: Paper) -> dict[str, Path]:
    """One document of each family of the example as LibreOffice prints it."""
    return {family: paper.pdf_of[of_family(outcome.made, family)[0]] for family in FAMILIES}


@pytest.fixture(scope="session")
def kinds(outcome: Outcome, quarter: Outcome, paper: Paper) -> dict[str, Path]:
    """The shortest document of each template of the example as LibreOffice prints it: lists of one page among them."""
    made = [
        (run.folder / one["file"], Path(one["template"]).stem)
        for run in (outcome, quarter)
        for one in json.loads((run.folder / MANIFEST).read_text(encoding="utf-8"))["documents"]
        if one["template"]
    ]
    shortest: dict[str, Path] = {}
    for path, template in sorted(made, key=lambda pair: (len("".join(lines(pair[0]))), pair[0])):
        shortest.setdefault(template, path)
    return {template: paper.pdf_of[path] for template, path in shortest.items()}


def pytest_make_parametrize_id(val: object) -> str | None:
    """A printable id for bytes and for unprintable text: ids are not escaped, and are written to files."""
    if isinstance(val, bytes):
        return ascii(val[:20])
    return repr(val) if isinstance(val, str) and not val.isprintable() else None
