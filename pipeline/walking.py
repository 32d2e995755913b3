"""What is in a folder, silently leaving out nothing, and in a file; knows the file system, no form and no document."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.errors import cause


def walk(folder: Path, unlisted: Callable[[Path, OSError], object] | None = None) -> Iterator[os.DirEntry[str]]:
    """Every entry of a folder and the folders in it, each folder before its contents; links are not followed.

    None without a folder. A folder deleted meanwhile is skipped. One that cannot be listed, which `Path.rglob` silently
    leaves out, is passed to `unlisted`; without that, OSError is raised, with the path.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if unlisted is None:
            raise
        unlisted(folder, error)
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path), unlisted)


def real(path: Path) -> Path:
    """The path with links resolved as far as they lead; a link to itself stays (`Path.resolve` raises RuntimeError)."""
    return Path(os.path.realpath(path))


def is_regular(path: Path) -> bool:
    """Whether it is a file, or a link to one; not a pipe or device, since reading those may never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def is_folder(path: Path | os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; False if unknown (before Python 3.14, Path.is_dir raises)."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def no_file(path: Path) -> str:
    """A sentence for a path whose file must not or cannot be opened; "" for a file, a folder, or nothing."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"“{path}”打不开（{cause(error)}）。请核对后重试。"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else f"“{path}”不是普通文件（是管道或设备），没有打开。"


def sha256(path: Path) -> str:
    """The SHA-256 of a file (FIPS 180-4), in hexadecimal. Raises OSError, also for a pipe or a device."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(number, "rb") as stream:  # noqa: PTH123 (opening a pipe by its path would wait for a writer)
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "not a file", str(path))
        return hashlib.file_digest(stream, "sha256").hexdigest()
