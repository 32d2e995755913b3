"""The other renderers: installed beside the benchmarks by npm and pip, in pinned versions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = HERE / "peers"
"""Where pip puts packages that are only measured."""
_NPM = ("docxtemplater", "easy-template-x", "carbone")
_PIP = "docx-mailmerge2"


def install() -> tuple[dict[str, str], list[str]]:
    """Install what is missing; gives the renderers that can be measured, with versions, and those that cannot."""
    npm = ["npm", "ci", "--prefix", str(HERE), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--require-hashes", "--only-binary", ":all:"]
    wanted = [(name, HERE / "node_modules" / name, npm) for name in _NPM]
    wanted.append((_PIP, PYTHON, [*pip, "--no-deps", "--target", str(PYTHON), "-r", str(HERE / "requirements.txt")]))
    found, missing = {}, []
    for name, place, command in wanted:
        if place.is_dir() or _ran(command):
            found[name] = _version(name)
        else:
            missing.append(name)
    return found, missing


def command(name: str) -> list[str]:
    """The command that runs a renderer in its own process."""
    if name in _NPM:
        return ["node", str(HERE / "contestant.mjs")]
    return [sys.executable, "-m", "benchmarks.contestant"]


def _ran(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _version(name: str) -> str:
    if name == _PIP:
        return next(PYTHON.glob("docx_mailmerge2-*.dist-info")).name.removesuffix(".dist-info").split("-")[1]
    return str(json.loads((HERE / "node_modules" / name / "package.json").read_text())["version"])
