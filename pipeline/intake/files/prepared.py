"""Which workbooks of a folder are still as they were prepared, by the record beside them; opens no workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pipeline.forms.catalogue import OFFICE_REPORT
from pipeline.walking import is_regular, sha256

RECORD = ".备表记录.json"
"""A hidden file: name of each prepared file -> the hashes that it may have if nobody has changed it."""
OFFICE_FILE = f"{OFFICE_REPORT.name}.xlsx"
"""What the office's workbook of a prepared month is called."""


def recorded(folder: Path) -> dict[str, list[str]]:
    """The record of a folder; {} if there is none or it cannot be read, so that every file counts as changed."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    files = content.get("files") if isinstance(content, dict) else None
    if not isinstance(files, dict):
        return {}
    return {name: [str(each) for each in hashes] for name, hashes in files.items() if isinstance(hashes, list)}


def as_prepared(path: Path, record: Mapping[str, list[str]]) -> bool:
    """Whether a file is there and has one of the hashes that the record of its folder has for it."""
    try:
        return path.name in record and is_regular(path) and sha256(path) in record[path.name]
    except OSError:
        return False


def not_begun(folder: Path) -> bool:
    """Whether a month's folder was prepared, and nobody has filled in the office's workbook yet."""
    record = recorded(folder)
    office = [path for path in folder.glob(f"*{OFFICE_REPORT.name}*.xlsx") if not path.name.startswith((".", "~"))]
    return bool(record and office) and all(as_prepared(path, record) for path in office)
