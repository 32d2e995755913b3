"""Two folders, or two files, swap places in one step, so that nobody ever sees half of either."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from pipeline.ending import held

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_RENAME_SWAP = 2


def put(fresh: Path, target: Path) -> Path | None:
    """Put `fresh` at `target`; gives where the old one is then, `aside(target)`, or None if there was none.

    One step where the system can swap two names (Linux: renameat2(2); macOS: renamex_np(2)). Otherwise two, with
    nothing at `target` in between; `recover` repairs an interruption there. Raises OSError if nothing was moved.
    """
    with held():
        if not os.path.lexists(target):
            fresh.rename(target)
            return None
        old = aside(target)
        # The fresh one takes the aside name first, so that after the swap the old one is there already.
        fresh.rename(old)
        if _exchanged(old, target):
            return old
        old.rename(fresh)
        target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            old.rename(target)
            raise
        return old


def aside(target: Path) -> Path:
    """Where the old one stays until nothing in it is needed any more."""
    return target.with_name(f".{target.name}.旧")


def recover(target: Path) -> None:
    """Bring back the old one after a run was killed between the two steps. Raises OSError."""
    if os.path.lexists(aside(target)) and not os.path.lexists(target):
        aside(target).rename(target)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have swapped places; False if this system or file system cannot do it."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        # Python has no call for it: os.rename and os.replace both overwrite.
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, _RENAME_SWAP) == 0)
        return bool(libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
    except (OSError, AttributeError, TypeError):
        return False
