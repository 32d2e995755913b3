"""What lies in a folder, with nothing left out in silence; knows the file system, knows no form and no document."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.errors import cause


def walk(folder: Path, unlisted: Callable[[Path, OSError], object] | None = None) -> Iterator[os.DirEntry[str]]:
    """Every entry of a folder and of the folders in it, a folder before what it holds; links are followed nowhere.

    None for no folder. A folder that goes away meanwhile is passed over. One that cannot be listed, which `Path.rglob`
    leaves out without a word, is given to `unlisted`; without that, OSError is raised, with the path.
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
    """The path without links, as far as they lead; a link that leads to itself stays (`Path.resolve` raises RuntimeError)."""
    return Path(os.path.realpath(path))


def is_regular(path: Path) -> bool:
    """Whether it is a file with content, or a link to one: no pipe, no device, whose reading may never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def is_folder(path: Path | os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; False for what cannot be looked at (before Python 3.14, Path.is_dir raises)."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def no_file(path: Path) -> str:
    """A sentence on a path whose file must not be opened, or cannot be; "" for a file, a folder, and for what is not there."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"“{path}”打不开（{cause(error)}）。请核对后重试。"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else f"“{path}”不是普通文件（是管道或设备），没有打开。"
