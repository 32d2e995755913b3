"""Words and marks that stand for digits, for yes and for no; knows no cell."""

from __future__ import annotations

import re

_DIGITS = str.maketrans("〇○零一二三四五六七八九‐‑‒–—―−", "000123456789-------")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")
_YES = {"是", "有", "TRUE", "True", "true", "Y", "y", "YES", "Yes", "yes", "√", "✓", "✔", "☑", "✅", "1"}
_NO = {
    "否",
    "无",
    "没有",
    "没",
    "FALSE",
    "False",
    "false",
    "N",
    "n",
    "NO",
    "No",
    "no",
    "×",
    "✗",
    "✘",
    "✕",
    "✖",
    "☒",
    "❌",
    "0",
}
_VARIANT = str.maketrans("", "", "\ufe0e\ufe0f")
"""Selectors that say whether a mark is drawn as text or as a picture (Unicode, chapter 23.4)."""


def western(written: str) -> str:
    """二〇二四年三月三十一日 -> 2024年3月31日, dashes of any kind -> hyphens; other text is left as it is."""
    tens = _TENS.sub(lambda match: f"{match[1] or '一'}{match[2] or '〇'}", written)
    return tens.translate(_DIGITS)


def says_yes(plain: str) -> bool | None:
    """Whether a word, as compared, says yes; None for a word that says neither yes nor no."""
    word = plain.translate(_VARIANT)
    return True if word in _YES else False if word in _NO else None
