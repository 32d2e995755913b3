"""What lies in a folder, with nothing left out in silence; knows the file system, knows no form and no document."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path


def walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Every entry of a folder and of the folders in it, a folder before what it holds; links are followed nowhere.

    None for no folder. A folder that goes away meanwhile is passed over. Raises OSError, with the path, where one cannot
    be listed: `Path.rglob` leaves such a folder out without a word.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))


def real(path: Path) -> Path:
    """The path without links, as far as they lead; a link that leads to itself stays (`Path.resolve` raises RuntimeError)."""
    return Path(os.path.realpath(path))


def is_regular(path: Path) -> bool:
    """Whether it is a file with content, or a link to one: no pipe, no device, whose reading may never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
