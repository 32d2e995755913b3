"""Files in one zip, to be sent on together: the same files give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time in a zip (APPNOTE 4.4.6)."""
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def zipped(files: Mapping[str, Path], target: Path) -> None:
    """Write a zip of files, each under the given path; missing folders are made.

    Chinese names carry the UTF-8 flag (APPNOTE 4.4.4, bit 11). Nothing is deflated, since documents already are. Raises
    OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            package.writestr(entry, path.read_bytes())
