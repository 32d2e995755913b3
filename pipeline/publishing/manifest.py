"""The manifest: what a folder of documents was made from, and the hash of every file in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.walking import sha256

MANIFEST = ".生成记录.json"
"""A hidden file: it is not one of the papers."""
EARLIER_MANIFEST = "生成记录.json"
"""Its name in an earlier layout of the folder."""


@dataclass(frozen=True)
class ManifestEntry:
    """One document: its file within the folder, its template, and the workbooks and sheets it reports on.

    problems: for a notice that is sent only once, the 问题编号 it lists; letter: for a letter, what it prints as number
    and date, and the hash of all else; other documents do not have these fields. made: the hash of the document as the
    run made it, if the file is one that somebody edited; "" otherwise.
    """

    file: str
    template: str
    sources: Mapping[str, Sequence[str]]
    problems: Sequence[str] = ()
    letter: Mapping[str, Any] = field(default_factory=dict)
    made: str = ""

    def recorded(self) -> dict[str, Any]:
        """Its form within a manifest."""
        content = {"file": self.file, "template": self.template, "sources": dict(self.sources)}
        further = {"problems": list(self.problems), "letter": dict(self.letter)}
        return content | {name: held for name, held in further.items() if held}


@dataclass(frozen=True)
class Manifest:
    """All that a run was made from: inputs and templates by path, their hashes, the documents with their sources."""

    version: str
    period: str
    draft: bool
    inputs: Mapping[str, str]
    templates: Mapping[str, str]
    documents: Sequence[ManifestEntry]
    others: Sequence[str] = field(default=())
    """Further files of the run: 校验结果.xlsx, PDFs, zips."""
    seen: str = ""
    """One hash of everything the run looked at."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The outcome in numbers."""
    replies: Sequence[Mapping[str, str]] = ()
    """What clerks answered to what was to be verified, so that it is not asked again."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What clerks were asked to verify, so that a reply is taken for no other question."""
    returns: Mapping[str, Any] = field(default_factory=dict)
    """What went back to each zone, so that the next run can say what has changed."""
    numbers: Sequence[Mapping[str, Any]] = field(default=())
    """The numbers for life of the month's records and problems, each with what its row is recognized by."""
    proposed: Mapping[str, Any] = field(default_factory=dict)
    """The numbers that runs proposed for letters."""

    def write(self, folder: Path, old: Path) -> None:
        """Write it, with hashes and the time, into a folder that has all its files.

        If all but the time equals the old folder's manifest, that time is kept: a second run over the same input writes
        the same bytes. Raises OSError.
        """
        content = asdict(replace(self, documents=()))
        content["documents"] = [
            {**one.recorded(), "sha256": one.made or sha256(folder / one.file)} for one in self.documents
        ]
        content["others"] = {name: sha256(folder / name) for name in sorted(self.others)}
        optional = {"replies": list(self.replies), "asked": dict(self.asked), "returns": dict(self.returns)}
        optional["proposed"] = dict(self.proposed)
        content = {name: held for name, held in (content | optional).items() if held or name not in optional}
        before = read(old)
        time = before.pop("time", None)
        content["time"] = time if before == content else datetime.now().astimezone().isoformat(timespec="seconds")
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def manifest_of(folder: Path) -> Path:
    """Where the manifest of a folder is, which may be of an earlier layout, or should be."""
    there, earlier = folder / MANIFEST, folder / EARLIER_MANIFEST
    return earlier if earlier.is_file() and not os.path.lexists(there) else there


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; {} if there is none or it cannot be read."""
    try:
        content = json.loads(manifest_of(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file that the run wrote into a folder, by path; {} without a manifest."""
    content = read(folder)
    try:
        return {one["file"]: one["sha256"] for one in content["documents"]} | dict(content["others"])
    except (KeyError, TypeError, ValueError):
        return {}


def intact(folder: Path) -> bool:
    """Whether every file that the run wrote is there unchanged, in today's layout; False without a manifest."""
    written = hashes(folder) if manifest_of(folder).name == MANIFEST else {}
    try:
        return bool(written) and all(sha256(folder / name) == made for name, made in written.items())
    except OSError:
        return False
