"""Files put among those that people fill in: what somebody has changed is left alone; knows files, no form.

A record beside them has the hashes of what was put there. A file with another hash, or without one, is somebody's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.ending import held
from pipeline.errors import PipelineError
from pipeline.intake.files.prepared import RECORD, as_prepared, recorded
from pipeline.publishing.exchange import aside, put, recover
from pipeline.walking import sha256

_FRESH = re.compile(r"\..+\.新-[0-9]+")


@dataclass(frozen=True)
class PlacedFiles:
    """What became of each file, by name: new there, put in the place of an earlier one, the same, somebody's."""

    added: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def place(fresh: Path, folder: Path) -> PlacedFiles:
    """Put the files of one folder into another, which is made if absent; `fresh` is not changed.

    Each is there whole or not at all. A file is replaced only if it is as an earlier call put it there. Raises
    PipelineError if another run is at work there, and OSError; what was placed until then stays, and is known as ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _clear(folder)
        record = recorded(folder)
        new = {path.name: sha256(path) for path in sorted(fresh.iterdir())}
        states = {name: _state(folder / name, content, record) for name, content in new.items()}
        to_write = [name for name, state in states.items() if state in ("added", "renewed")]
        # First: a run that is killed between two files must know them again.
        _note(folder, record | {name: [*record.get(name, ()), new[name]] for name in to_write})
        for name in to_write:
            if not _put(fresh / name, folder / name, record.get(name, [])):
                states[name] = "left"
        ours = {name: [new[name]] for name, state in states.items() if state != "left"}
        _note(folder, record | ours)
    return PlacedFiles(**{state: _in(states, state) for state in ("added", "renewed", "same", "left")})


def _in(states: Mapping[str, str], wanted: str) -> tuple[str, ...]:
    return tuple(name for name, state in states.items() if state == wanted)


def _state(target: Path, content: str, record: Mapping[str, list[str]]) -> str:
    """What is to become of a file; one left aside by a killed run is somebody's unless it is ours."""
    if os.path.lexists(aside(target)):
        with held():
            recover(target)
            if os.path.lexists(aside(target)) and sha256(aside(target)) in record.get(target.name, ()):
                aside(target).unlink()
        if os.path.lexists(aside(target)):
            return "left"
    if not os.path.lexists(target):
        return "added"
    if as_prepared(target, {target.name: [content]}):
        return "same"
    return "renewed" if as_prepared(target, record) else "left"


def _put(fresh: Path, target: Path, known: list[str]) -> bool:
    """Copy a file to its place in one step; False if somebody has saved there meanwhile, whose file then stays."""
    copy = target.with_name(f".{target.name}.新-{os.getpid()}")
    shutil.copyfile(fresh, copy)
    with held():
        old = put(copy, target)
        if old is None:
            return True
        # Examined after it has left its place, when nobody can save to it any more.
        if sha256(old) in known:
            old.unlink()
            return True
        put(old, target)
        aside(target).unlink()
        return False


def _note(folder: Path, files: Mapping[str, list[str]]) -> None:
    text = json.dumps({"files": files}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    record = folder / RECORD
    if record.is_file() and record.read_text(encoding="utf-8", errors="replace") == text:
        return
    written = record.with_name(f"{RECORD}.新-{os.getpid()}")
    written.write_text(text, encoding="utf-8")
    written.replace(record)


def _clear(folder: Path) -> None:
    """Delete what killed runs left that were writing a file."""
    for entry in os.scandir(folder):
        if _FRESH.fullmatch(entry.name):
            Path(entry.path).unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".备表.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise PipelineError(f"另一次运行正在写“{folder}”，请等它结束后再试。") from None
    try:
        yield
    finally:
        lock.release()
