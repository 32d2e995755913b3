"""Names of files for people: readable, and all different; knows no workbook."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

UNREADABLE = "\ufffd"


def readable(name: str) -> str:
    """A printable name: GBK read as such, and � for bytes that are not text (a file system accepts any bytes).

    A zip made on Chinese Windows and unpacked on Linux leaves names in GBK.
    """
    return "/".join(map(_readable, name.split("/")))


def _readable(part: str) -> str:
    if not part.isascii():
        try:
            part.encode()
        except UnicodeEncodeError:
            part = _decoded(os.fsencode(part))
        # macOS writes accents as characters of their own; both forms look the same.
        part = unicodedata.normalize("NFC", part)
    return "".join(char if _is_seen(char) else UNREADABLE for char in part)


def _decoded(name: bytes) -> str:
    try:
        return name.decode("gb18030")
    except UnicodeDecodeError:
        return name.decode(errors="replace")


def _is_seen(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def told_apart(paths: Iterable[Path], folder: Path, prefix: str = "") -> dict[Path, str]:
    """The name of each file below a folder, by its path from there; those that look alike get （2） and so on.

    `prefix` goes before every name. {} for no files.
    """
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        name = readable(f"{prefix}{path.relative_to(folder).as_posix()}")
        stem, dot, suffix = name.rpartition(".") if "." in path.name[1:] else (name, "", "")
        number = 1
        while _look(name) in taken:
            number += 1
            name = f"{stem}（{number}）{dot}{suffix}"
        taken.add(_look(name))
        names[path] = name
    return names


def _look(name: str) -> str:
    """What the eye distinguishes in a name: not which blank it is."""
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in name)
