"""Processes beside the tests: LibreOffice, and whether one has ended."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

SOFFICE = shutil.which("soffice")
"""LibreOffice; None if it is not installed."""


def gone(process: int) -> bool:
    """Whether a process has ended, within some seconds."""
    for _ in range(50):
        status = Path(f"/proc/{process}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
