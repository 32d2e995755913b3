"""The manifest: what a folder of documents was made from, and the hash of every file in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

MANIFEST = "生成记录.json"


@dataclass(frozen=True)
class Entry:
    """One document: its file within the folder, its template, and the workbooks that it tells of, with their sheets."""

    file: str
    template: str
    sources: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Manifest:
    """All that a run was made from: inputs and templates by path, their hashes, the documents with their sources."""

    version: str
    period: str
    draft: bool
    inputs: Mapping[str, str]
    templates: Mapping[str, str]
    documents: Sequence[Entry]
    others: Sequence[str] = field(default=())
    """Further files of the run: 校验结果.xlsx, PDFs."""

    def write(self, folder: Path, old: Path) -> None:
        """Write it into a folder whose files are all there, with their hashes and the time.

        Where all but the time equals what the old folder's manifest says, that time stays, so that a second run over the
        same input writes the same bytes. Raises OSError.
        """
        content = asdict(self)
        content["documents"] = [{**asdict(one), "sha256": sha256(folder / one.file)} for one in self.documents]
        content["others"] = {name: sha256(folder / name) for name in sorted(self.others)}
        before = read(old)
        time = before.pop("time", None)
        content["time"] = time if before == content else datetime.now().astimezone().isoformat(timespec="seconds")
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; {} where there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file that the run wrote into a folder, by its path in it; {} without a manifest."""
    content = read(folder)
    try:
        return {one["file"]: one["sha256"] for one in content["documents"]} | dict(content["others"])
    except (KeyError, TypeError, ValueError):
        return {}


def sha256(path: Path) -> str:
    """The SHA-256 of a file (FIPS 180-4), in hexadecimal. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
