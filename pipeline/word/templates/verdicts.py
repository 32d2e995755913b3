"""Templates that this program has found sound, kept where nobody but its user can write; knows no template's content.

Only a verdict of one's own is trusted: what lies in an output folder anybody may have written. Where there is no such place
(a computer that is read-only, a cache that others may write), nothing is kept, and every run checks its templates.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pipeline
from pipeline.walking import real

NAME = "dudao-wenshu"
ELSEWHERE = "DUDAO_CACHE"
"""The variable of the system that names a folder in place of the user's caches."""
MOST = 1000
"""Verdicts that are kept; of more, the oldest go."""


def mark(template: Path, variables: str, output: Path) -> str:
    """What a verdict is kept under: a hash of the template, its variables, the program, and the output folder; "" where none can be."""
    try:
        with template.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    parts = (content, variables, _program(), str(real(output)))
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()


def is_kept(verdict: str) -> bool:
    """Whether a template was found sound before, under its mark."""
    folder = _folder()
    return bool(verdict) and folder is not None and (folder / verdict).is_file()


def keep(verdict: str) -> None:
    """Keep that a template is sound; where that cannot be, the next run checks it again."""
    folder = _folder()
    if not verdict or folder is None:
        return
    with suppress(OSError):
        is_new = not (folder / verdict).exists()
        (folder / verdict).touch()
        if not is_new:
            return
        kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in kept[MOST:]:
            old.unlink(missing_ok=True)


def _folder() -> Path | None:
    """The user's own folder of verdicts; None where there is none, or where others may write into it."""
    try:
        folder = _caches() / NAME / "sound"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_own(folder) and _is_own(folder.parent) else None
    except (OSError, RuntimeError):
        return None


def _caches() -> Path:
    if named := os.environ.get(ELSEWHERE):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    usual = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return usual if usual.is_absolute() else Path.home() / ".cache"


def _is_own(folder: Path) -> bool:
    """Whether a folder is this user's and nobody else may write into it; on Windows, where it lies among the user's own."""
    if sys.platform == "win32":
        return True
    state = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and state.st_uid == os.getuid() and not state.st_mode & 0o022


@lru_cache(maxsize=1)
def _program() -> str:
    """A hash of all that a verdict depends on beside the template: the code, and what reads templates."""
    code = hashlib.sha256(f"{version('docxtpl')} {version('docxtpl-lint')} {version('jinja2')}".encode())
    for path in sorted(Path(pipeline.__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()
