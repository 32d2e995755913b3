"""Months that a process reads once, as long as their files stay the same; knows files, not their contents."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import update_wrapper
from pathlib import Path
from typing import Protocol

from pipeline.forms.period import Period
from pipeline.intake.files.folders import looked_at
from pipeline.intake.joining import Month
from pipeline.intake.numbers import NOTHING_REMEMBERED, Remembered
from pipeline.walking import real

MOST = 8
"""Months kept: those needed for a comparison, twice over."""
LARGEST = 4 * 2**20
"""Bytes in the files of a month and those it is compared with; beyond that, rows would fill the memory."""

Asked = tuple[Path, str]
"""A month's folder, as `real` gives it, and what goes before the names of its workbooks."""
Known = tuple[str, Month]
"""A hash of everything that a month was read from, with the numbers known before, and the month."""


class Reader(Protocol):
    """A function that reads a month."""

    def __call__(self, folder: Path, prefix: str = "", remembered: Remembered = NOTHING_REMEMBERED) -> Month:
        """The month in a folder; prefix: goes before the names of its workbooks; remembered: see `load`."""


class OnceWhileUnchanged:
    """A reader that gives the same month again if every file that it would examine has the same content.

    Only a month with all files readable is kept.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept: OrderedDict[Asked, Known] = OrderedDict()
        self._expected: Collection[Asked] = ()
        self._coming: Callable[[], Mapping[Asked, Known] | None] = dict
        update_wrapper(self, reader)

    def __call__(self, folder: Path, prefix: str = "", remembered: Remembered = NOTHING_REMEMBERED) -> Month:
        """See `Reader`."""
        known = self._known(folder, prefix, remembered)
        asked = real(folder), prefix
        self._kept.pop(asked, None)
        if _can_be_kept(known):
            self._kept[asked] = known
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return known[1]

    def to_hand_over(self, folder: Path, prefix: str, remembered: Remembered = NOTHING_REMEMBERED) -> Known | None:
        """A month for another process; None for one that is not kept. Raises what the reader raises."""
        if not _content(folder):
            return None
        known = self._known(folder, prefix, remembered)
        return known if _can_be_kept(known) else None

    @contextmanager
    def expecting(
        self, months: Collection[Asked], coming: Callable[[], Mapping[Asked, Known] | None]
    ) -> Iterator[None]:
        """Months that another process reads meanwhile: the first call that asks for one of them waits for all.

        coming: waits, and gives those that could be handed over; None for none.
        """
        self._expected, self._coming = months, coming
        try:
            yield
        finally:
            self._expected, self._coming = (), dict

    def _known(self, folder: Path, prefix: str, remembered: Remembered) -> Known:
        asked, now = (real(folder), prefix), _content(folder)
        if now:
            now += remembered.content(Period.of_folder(asked[0].name))
        known = self._kept.get(asked)
        if not known and asked in self._expected:
            come = self._coming() or {}
            self._coming = lambda: come
            known = come.get(asked)
        return known if known and known[0] == now else (now, self._reader(folder, prefix, remembered))


def _can_be_kept(known: Known) -> bool:
    content, month = known
    return bool(content) and all(issue.location.sheet for issue in month.issues)


def _content(folder: Path) -> str:
    """A hash of everything that a month's folder is read from; "" if it cannot be read, or is too large to be kept.

    The path is part of it, as it was given, because the month holds the paths of its files.
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
