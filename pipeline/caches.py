"""The program's own files between runs, where only its user can write; knows no document.

Only files written by this user are trusted: anybody may have written into an output folder. Without such a place (a
read-only computer, a cache that others can write), nothing is kept, and every run starts from scratch.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pipeline

NAME = "dudao-wenshu"
ELSEWHERE = "DUDAO_CACHE"
"""The environment variable that replaces the user's cache folder."""
_DEPENDENCIES = ("docxtpl", "docxtpl-lint", "jinja2", "python-docx")


class Cache:
    """The user's own files of one kind, each under a mark: a hexadecimal hash of all it depends on.

    Beyond `most` files, the oldest eighth is deleted. A file that was not written completely counts as absent.
    """

    def __init__(self, kind: str, most: int) -> None:
        """kind: the name of the folder."""
        self.kind, self.most = kind, most

    def kept(self, mark: str) -> bytes | None:
        """The content under a mark; None for none, or for the mark ""."""
        folder = self._folder()
        if not mark or folder is None:
            return None
        with suppress(OSError):
            content = (folder / mark).read_bytes()
            digest, content = content[:_DIGEST], content[_DIGEST:]
            return content if digest == hashlib.sha256(content).digest() else None
        return None

    def keep(self, mark: str, content: bytes = b"") -> None:
        """Keep content under a mark; nothing happens if that fails, or for the mark ""."""
        folder = self._folder()
        if not mark or folder is None:
            return
        with suppress(OSError):
            if self.kept(mark) == content:
                (folder / mark).touch()
                return
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                written = Path(file.name)
            try:
                written.write_bytes(hashlib.sha256(content).digest() + content)
                written.replace(folder / mark)
            finally:
                written.unlink(missing_ok=True)
            self._tidy(folder)

    def _tidy(self, folder: Path) -> None:
        """Delete the oldest files if there are too many; an eighth at once, so that this is rare."""
        if sum(1 for _ in folder.iterdir()) > self.most:
            kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for old in kept[self.most - self.most // 8 :]:
                old.unlink(missing_ok=True)

    def _folder(self) -> Path | None:
        """The user's own folder; None if there is none, or if others can write into it."""
        try:
            folder = _caches() / NAME / self.kind
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return folder if _is_own(folder) and _is_own(folder.parent) else None
        except (OSError, RuntimeError):
            return None


_DIGEST = hashlib.sha256().digest_size


def mark(*parts: str) -> str:
    """A name to keep something under: a hash of the parts, the program and its Python."""
    known = (_program(), sys.version, *parts)
    return hashlib.sha256("\0".join(known).encode(errors="surrogateescape")).hexdigest()


def hash_of(content: bytes) -> str:
    """The hash of a file's content, as a part of a mark."""
    return hashlib.sha256(content).hexdigest()


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
    """Whether only this user can write into a folder; on Windows, whether it is inside the user's own."""
    if sys.platform == "win32":
        return True
    state = folder.lstat()
    return folder.is_dir() and not folder.is_symlink() and state.st_uid == os.getuid() and not state.st_mode & 0o022


@lru_cache(maxsize=1)
def _program() -> str:
    """A hash of the code, and of the libraries that read and fill templates."""
    code = hashlib.sha256(" ".join(version(name) for name in _DEPENDENCIES).encode())
    for path in sorted(Path(pipeline.__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()
