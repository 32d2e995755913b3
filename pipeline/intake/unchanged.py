"""Months that a process reads once, as long as their files stay the same; knows files, not their contents."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from typing import Protocol

from pipeline.intake.files.folders import looked_at
from pipeline.intake.joining import Month
from pipeline.walking import real

MOST = 8
"""Months kept: those needed for a comparison, twice over."""
LARGEST = 4 * 2**20
"""Bytes in the files of a month and those it is compared with; beyond that, rows would fill the memory."""


class Reader(Protocol):
    """A function that reads a month."""

    def __call__(self, folder: Path, prefix: str = "") -> Month:
        """The month in a folder; prefix: goes before the names of its workbooks."""


def once_while_unchanged(reader: Reader) -> Reader:
    """The reader, giving the same month again if every file that it would examine has the same content.

    Only a month with all files readable is kept.
    """
    kept: OrderedDict[tuple[Path, str], tuple[str, Month]] = OrderedDict()

    @wraps(reader)
    def read(folder: Path, prefix: str = "") -> Month:
        key, now = (real(folder), prefix), _content(folder)
        before, month = kept.get(key, ("", None))
        if month is None or before != now:
            month = reader(folder, prefix)
        kept.pop(key, None)
        if now and all(issue.location.sheet for issue in month.issues):
            kept[key] = now, month
            while len(kept) > MOST:
                kept.popitem(last=False)
        return month

    return read


def _content(folder: Path) -> str:
    """A hash of everything that a month's folder is read from; "" if it cannot be read, or is too large to be kept.

    The path counts as it was given, for the month has the paths of its files.
    """
    try:
        paths = looked_at(folder)
        if sum(path.stat().st_size for path in paths) > LARGEST:
            return ""
        names = [str(folder), str(Path.cwd()), *_names(real(folder)), *map(str, paths)]
        content = hashlib.sha256("\0".join(names).encode(errors="surrogateescape"))
        for path in paths:
            content.update(hashlib.sha256(path.read_bytes()).digest())
        return content.hexdigest()
    except OSError:
        return ""


def _names(folder: Path) -> Iterator[str]:
    """All names in a folder and below it, links apart: a link that leads nowhere is reported too. Raises OSError."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        yield f"{entry.path}{'@' if entry.is_symlink() else ''}"
        if entry.is_dir(follow_symlinks=False):
            yield from _names(Path(entry.path))
