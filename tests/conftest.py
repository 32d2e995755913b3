"""The example month, reported once and turned into PDF once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.report import Outcome, report
from tests.reading import EXAMPLE

FONTS = Path(__file__).parent / "fonts.conf"
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example month."""
    return report(EXAMPLE, tmp_path_factory.mktemp("output"))


@pytest.fixture(scope="session")
def summary(outcome: Outcome) -> Path:
    return next(path for path in outcome.made if "总结" in path.name)


@pytest.fixture(scope="session")
def county_list(outcome: Outcome) -> Path:
    return next(path for path in outcome.made if "清单" in path.name)


@pytest.fixture(scope="session")
def pdfs(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every document of the example as LibreOffice prints it, by the document's name."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("pdf")
    profile = tmp_path_factory.mktemp("profile").as_uri()
    command = [
        SOFFICE,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    subprocess.run([*command, *map(str, outcome.made)], env=environment, check=True, capture_output=True, timeout=180)
    return {path.stem: path for path in folder.glob("*.pdf")}
