"""Words on any subject: for digits, for yes and no, numerals, widths, the most similar word; knows no cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width

LEAST_ALIKE = 50
"""Per cent: less similar words (normalised Indel similarity) are not suggested for one another."""
_NUMERALS = " 一二三四五六七八九"
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
"""Selectors that draw a mark as text or as a picture (Unicode, chapter 23.4)."""


def western(written: str) -> str:
    """二〇二四年三月三十一日 -> 2024年3月31日, dashes of any kind -> hyphens; other text unchanged."""
    tens = _TENS.sub(lambda match: f"{match[1] or '一'}{match[2] or '〇'}", written)
    return tens.translate(_DIGITS)


_SMALL = re.compile("(?:([二三四五六七八九])?(十))?([一二三四五六七八九])?")
_COUNTED = re.compile(
    r"\(?第?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|[一二三四五六七八九十]{1,3}|两)"
    r"(?:个?[人名所项次条份节块校家组位件班台套场户门科届分]|人次|个?小组|个?课时|[节门]课|个|号|[、,.)])?"
)


def counted(plain: str) -> str:
    """5人, 第五组, 两所, (5) or 5、 -> 5: a number with its measure word or list mark; other words unchanged.

    Words that change what is counted (万, 元, 天, 月, %) are not measure words; 一 alone is more likely a dash.
    """
    match = _COUNTED.fullmatch(plain)
    if not match or plain == "一":
        return plain
    number = "二" if match["number"] == "两" else match["number"]
    if number[0].isdigit():
        return number.rstrip(",")
    small = _SMALL.fullmatch(number)
    if not small:
        return plain
    tens = (small[1] or "一") if small[2] else ""
    return western(tens + (small[3] or "〇"))


def says_yes(plain: str) -> bool | None:
    """Whether a word, in the form for comparison, says yes; None if it says neither yes nor no."""
    word = plain.translate(_VARIANT)
    return True if word in _YES else False if word in _NO else None


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals: 一, 十, 十二, 三十; any other number in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    of_tens = f"{_NUMERALS[tens] if tens > 1 else ''}十" if tens else ""
    return of_tens + (_NUMERALS[ones] if ones else "")


class _Widths(dict[str, int]):
    """The width of each character in half-width ones, looked up once."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 2 if east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def units(text: str) -> int:
    """The width of a one-line text in half-width characters."""
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


def similar(written: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The known words most similar to one, best first, at most so many; [] if none is similar."""
    from rapidfuzz.fuzz import ratio  # it takes 25 ms to import: only if a word is unknown
    from rapidfuzz.process import extract

    return [word for word, *_ in extract(written, list(known), scorer=ratio, score_cutoff=LEAST_ALIKE, limit=most)]


def perhaps(word: str) -> str:
    """The clause that suggests a word, the same in every room."""
    return f"是否应为“{word}”"
