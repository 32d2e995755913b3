"""The Makefile: a variable's value is one word of the command, and is never run as a program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NASTY = [
    'a"; touch x; "',
    "a'; touch x; '",
    "$(touch x)",
    "`touch x`",
    "$(shell touch x)",
    "${HOME}",
    "$$(touch x)",
    "一 二　三",
    "a|touch x",
    "a & touch x",
    "a\\",
    "#a",
    "100%",
    "*",
    "-delete",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that is set up, with a Python that records its arguments."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done > words\n')
    python.chmod(0o755)
    (tmp_path / ".venv" / "ready").touch()
    return tmp_path


def words(folder: Path, *given: str, **environment: str) -> list[str]:
    """The arguments that `make` passes to the command line."""
    shown = subprocess.run(
        ["make", "--no-print-directory", *given],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert {path.name for path in folder.iterdir()} == {"Makefile", "requirements", ".venv", "words"}
    return (folder / "words").read_bytes().decode().split("\0")[2:-1]


@pytest.mark.parametrize("value", NASTY)
def test_no_shell_reads_what_a_variable_holds(folder: Path, value: str) -> None:
    expected = ["report", value, f"--output={value}", f"--period={value}", f"--form={value}"]
    names = ("INPUT", "OUTPUT", "PERIOD", "FORM")
    assert words(folder, "report", *(f"{name}={value}" for name in names)) == expected
    month = [f"{name}={value}" for name in ("INPUT", "OUTPUT", "PERIOD")]
    assert words(folder, "next", *month) == ["next", value, f"--output={value}", f"--period={value}"]
    assert words(folder, "check", f"TEMPLATE={value}") == ["check", value]
    assert words(folder, "check-form", f"FILE={value}") == ["check-form", value]


@pytest.mark.parametrize("value", NASTY)
def test_nor_what_the_environment_holds(folder: Path, value: str) -> None:
    assert words(folder, "report", INPUT=value, OUTPUT=value) == ["report", value, f"--output={value}"]


def test_without_variables_the_usual_folders_are_taken(folder: Path) -> None:
    assert words(folder, "report") == ["report", "input", "--output=output"]
    assert words(folder, "pdf", "ZIP=1", "DRAFT=1", "NOSEAL=1") == [
        *("report", "input", "--output=output", "--draft", "--no-seal", "--pdf", "--zip")
    ]
    assert words(folder, "check", "ANNOTATE=批注") == ["check", "--annotate=批注"]
    assert words(folder, "check-form") == ["check-form", "output"]


def test_no_recipe_expands_a_variable_of_the_user() -> None:
    recipes = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if line.startswith("\t")]
    assert not [line for line in recipes if re.search(r"(?<!\$)\$[({](?!RUN|MAKEFILE_LIST)", line)]


def test_everything_is_installed_as_a_pinned_wheel() -> None:
    installing = [
        line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "pip install" in line
    ]
    assert installing
    assert all("--require-hashes --only-binary :all:" in line for line in installing)
