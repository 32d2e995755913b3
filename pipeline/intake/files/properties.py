"""What a workbook states about itself outside its sheets: when it was last saved; knows no form."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>\s*([^<\s]+)\s*<")
_MOST = 2**16
"""Bytes of the part that states it."""


def modified(path: Path) -> datetime | None:
    """When a program last saved the workbook (ECMA-376 part 2, 11.1); None if it does not say.

    The file's own time is not used: copying changes it.
    """
    try:
        with zipfile.ZipFile(path) as package, package.open("docProps/core.xml") as part:
            match = _MODIFIED.search(part.read(_MOST))
        moment = datetime.fromisoformat(match[1].decode("ascii")) if match else None
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, NotImplementedError):
        return None
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
