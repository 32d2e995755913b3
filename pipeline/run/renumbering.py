"""Letters edited by hand of which only the number and the date change: they get both in place, and keep their edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from pipeline.publishing import read
from pipeline.run.registering import Letter
from pipeline.walking import is_regular
from pipeline.word.numbering import UNNUMBERED, PrintedNumber, renumbered, rest_of
from pipeline.word.rendering.environment import long_date


@dataclass(frozen=True)
class LetterRecord:
    """What a run remembers of a letter: what it printed as number and date, and the hash of all else."""

    printed: PrintedNumber
    rest: str

    @classmethod
    def of(cls, letter: Letter, content: bytes) -> Self:
        """The record of a letter as this run made it."""
        return cls(letter.printed, rest_of(content, letter.printed))

    @classmethod
    def recorded_in(cls, entry: Mapping[str, Any]) -> Self | None:
        """That of a document in a manifest; None for any other document, or in a manifest of another version."""
        held = entry.get("letter")
        try:
            return cls(PrintedNumber(held["number"], date.fromisoformat(held["dated"])), held["rest"]) if held else None
        except (KeyError, TypeError, ValueError):
            return None

    def recorded(self) -> dict[str, Any]:
        """Its form within a manifest."""
        return {"number": self.printed.number, "dated": self.printed.dated.isoformat(), "rest": self.rest}


@dataclass(frozen=True)
class EditedLetter:
    """A letter edited by hand that stays in its place: its file, what it printed, and what it prints now.

    edited, made: the hashes of the file as it was found, and of the letter as this run made it.
    """

    file: str
    was: PrintedNumber
    now: PrintedNumber
    edited: str
    made: str

    @property
    def said(self) -> str:
        """What was changed in it, in words."""
        was, now = ((one.number or UNNUMBERED, long_date(one.dated)) for one in (self.was, self.now))
        changed = [f"{old} 改为 {new}" for old, new in zip(was, now, strict=True) if old != new]
        return "；".join(changed) or "文号和成文日期没有变动"


def keep_edits(fresh: Path, folder: Path, letters: Iterable[Letter]) -> tuple[EditedLetter, ...]:
    """Put the letters of `folder` that somebody edited in the place of those in `fresh`, with number and date of these.

    Only where the run that made `folder` had the same facts but for number and date; others are left as they are. ()
    without an earlier run. Raises OSError.
    """
    entries = {one.get("file"): one for one in _documents(read(folder))}
    return tuple(_kept(fresh, folder, ((one, entries[one.file]) for one in letters if one.file in entries)))


def _documents(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    documents = manifest.get("documents")
    yield from (one for one in documents if isinstance(one, dict)) if isinstance(documents, list) else ()


def _kept(fresh: Path, folder: Path, letters: Iterable[tuple[Letter, Mapping[str, Any]]]) -> Iterator[EditedLetter]:
    for letter, entry in letters:
        record, there = LetterRecord.recorded_in(entry), folder / letter.file
        if record is None or there.is_symlink() or not is_regular(there):
            continue
        ours, made = there.read_bytes(), (fresh / letter.file).read_bytes()
        found = sha256(ours).hexdigest()
        if found == entry.get("sha256") or record.rest != rest_of(made, letter.printed):
            continue
        content = renumbered(ours, record.printed, letter.printed, like=made)
        if content is not None:
            (fresh / letter.file).write_bytes(content)
            yield EditedLetter(letter.file, record.printed, letter.printed, found, sha256(made).hexdigest())
