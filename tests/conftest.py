"""The example month, reported once and turned into PDF once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.report import Outcome, report
from tests.reading import EXAMPLE, of_family

FONTS = Path(__file__).parent / "fonts.conf"
FAMILIES = ("总结", "清单", "通知", "整改通知书")
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run over the example month."""
    return report(EXAMPLE, tmp_path_factory.mktemp("output"))


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
    printed = [of_family(outcome.made, family)[0] for family in FAMILIES]
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
    subprocess.run([*command, *map(str, printed)], env=environment, check=True, capture_output=True, timeout=180)
    return {family: folder / f"{path.stem}.pdf" for family, path in zip(FAMILIES, printed, strict=True)}
