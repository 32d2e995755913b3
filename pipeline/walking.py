"""What lies in a folder, with nothing left out in silence; knows the file system, knows no form and no document."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path


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
