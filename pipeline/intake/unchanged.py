"""Months that are read once in a process, as long as their files stay the same; knows files, and nothing in them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import wraps
from pathlib import Path
from typing import Protocol

from pipeline.intake.files.folders import looked_at
from pipeline.intake.joining import Month
from pipeline.walking import real

MOST = 8
"""Months that are kept: those that one is compared with, twice over."""
LARGEST = 4 * 2**20
"""Bytes of the files of a month and of those it is compared with; more are read anew, for their rows fill the memory."""


class Reader(Protocol):
    """What reads a month."""

    def __call__(self, folder: Path, prefix: str = "") -> Month:
        """The month in a folder; prefix: stands before the names of its workbooks."""


def once_while_unchanged(reader: Reader) -> Reader:
    """The reader, which gives the same month again if every file that it would look at has the same content.

    Only a month whose files could all be read is kept.
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
    """A hash of all files that a month's folder is read from; "" if one cannot be read, or they are too large to be kept."""
    try:
        paths = looked_at(folder)
        if sum(path.stat().st_size for path in paths) > LARGEST:
            return ""
        content = hashlib.sha256()
        for path in paths:
            content.update(f"\0{path}\0".encode(errors="surrogateescape"))
            content.update(hashlib.sha256(path.read_bytes()).digest())
        return content.hexdigest()
    except OSError:
        return ""
