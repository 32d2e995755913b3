"""All files of a folder in one zip, to be sent on together: the same files give the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pipeline.walking import walk

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time in a zip (APPNOTE 4.4.6)."""
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def zipped(folder: Path, within: str, target: Path) -> Path | None:
    """Write a zip of all files in a sub-folder, with their paths from `folder`; gives its path.

    None, and nothing written, without such files. Chinese names carry the UTF-8 flag (APPNOTE 4.4.4, bit 11). Nothing
    is deflated, since documents already are. Raises OSError.
    """
    files = sorted(Path(entry.path) for entry in walk(folder / within) if entry.is_file())
    if not files:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NO_TIME)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            package.writestr(entry, path.read_bytes())
    return target
