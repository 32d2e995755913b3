"""Two folders change places in one step, so that nobody ever sees half of either."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_RENAME_SWAP = 2


def put(fresh: Path, target: Path) -> None:
    """Put the folder `fresh` at `target`; what was at `target` is at `fresh` then, or nowhere if there was nothing.

    In one step where the system can exchange two names (Linux: renameat2(2); macOS: renamex_np(2)). Else in two, with the
    old folder at `aside(target)` between them, from where `recover` brings it back. Raises OSError; then nothing has moved.
    """
    if not target.exists():
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        old = aside(target)
        target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            old.rename(target)
            raise
        old.rename(fresh)


def aside(target: Path) -> Path:
    """Where the old folder is for a moment if the system cannot exchange two names."""
    return target.with_name(f".{target.name}.旧")


def recover(target: Path) -> None:
    """Bring back the old folder after a run that was killed between the two steps. Raises OSError."""
    if aside(target).exists() and not target.exists():
        aside(target).rename(target)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have changed places; False where this system or file system cannot do it."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, _RENAME_SWAP) == 0)
        return bool(libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
    except (OSError, AttributeError, TypeError):
        return False
