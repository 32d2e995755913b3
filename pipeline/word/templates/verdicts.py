"""Templates that this program has found sound, kept in the user's cache; knows no template's content."""

from __future__ import annotations

from pathlib import Path

from pipeline import caches
from pipeline.walking import real

SOUND = caches.Cache("sound", most=1000)


def mark(template: Path, variables: str, output: Path) -> str:
    """The mark of a verdict: a hash of the template, its variables, the program and the output folder.

    "" for a template that cannot be read.
    """
    try:
        return caches.mark(caches.hash_of(template.read_bytes()), variables, str(real(output)))
    except OSError:
        return ""


def is_kept(verdict: str) -> bool:
    """Whether a template was found sound before, by its mark."""
    return SOUND.kept(verdict) is not None


def keep(verdict: str) -> None:
    """Record that a template is sound; if that fails, the next run checks it again."""
    SOUND.keep(verdict)
