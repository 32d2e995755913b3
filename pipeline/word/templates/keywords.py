"""The words with which a template may begin a statement, and those that are refused."""

from __future__ import annotations

KEYWORDS = ("if", "elif", "else", "endif", "for", "endfor", "set", "filter", "endfilter")
OPENERS = ("if", "for", "filter")
"""Statements that need an end."""
PREFIXES = ("p", "tr", "tc", "r")
"""docxtpl's prefixes for the whole paragraph, row, cell or run around a tag."""
_OF_DOCXTPL = "cellbg colspan vm hm"
"""Tags that docxtpl moves from where they are written."""
REFUSED = frozenset(f"macro call include import from extends block autoescape with raw do {_OF_DOCXTPL}".split())


def refused(word: str) -> str:
    """The message that a statement may not be used."""
    return f"模板里不能用“{word}”，只能用 {'、'.join(KEYWORDS)}，请删去"
