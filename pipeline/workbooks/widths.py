"""How wide the columns of a sheet are, so that a row is read on two screens; knows labels and usual content, no cell.

Widths are in half-width characters of 宋体 11, the font of our workbooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from pipeline.forms.schema import Column
from pipeline.words import units

SCREEN = 1290
"""Pixels of the columns in sight at 100 % on a display of 1366: without row numbers and the scroll bar."""
SCREENS = 2
"""How many a row may take."""
_CHARACTER, _AIR = 22 / 3, 5
"""Pixels: a half-width character (half of 11 points at 96 dpi), and what a cell keeps free beside its text."""
_FULL_WIDTH = 16
"""Pixels of a Chinese character at most: two digits as Excel rounds them."""
_ARROW = 2
"""The arrow of the filter, beside the second line of a heading."""
_DAY, _MONTH, _NUMBER, _CODE, _BRIEF, _TITLE, _LIST, _PROSE, _MAIN_PROSE = 11, 8, 6, 10, 8, 12, 14, 12.5, 22.5
"""The least for 2024-03-31, 1978-05, a number, a code of two lines, a few words, a school, a list, prose; and for prose
that is what the row is about. Excel gives a digit 8 pixels, and shows #### where a day finds no room."""


def fitted(columns: Sequence[Column]) -> list[float]:
    """The width of each column: that of its usual content or, if a row would take over two screens, less."""
    wanted, least = [natural(column) for column in columns], [_least(column) for column in columns]
    spare = SCREENS * SCREEN - sum(map(pixels, least))
    missing = sum(map(pixels, wanted)) - sum(map(pixels, least))
    share = min(1, max(0, spare / missing)) if missing > 0 else 1
    return [low + int(2 * share * (high - low)) / 2 for low, high in zip(least, wanted, strict=True)]


def pixels(width: float) -> int:
    """How wide a column of so many half-width characters is on the screen."""
    return ceil(width * _CHARACTER) + _AIR


def room(width: float) -> int:
    """How many half-width characters a line of Chinese has in a column so wide."""
    return max(2, (pixels(width) - _AIR) // _FULL_WIDTH * 2)


def natural(column: Column) -> float:
    """The width for the label beside its filter arrow and for usual content."""
    if column.kind.name in ("date", "month", "integer", "number"):
        typical = 12
    elif column.codes and not column.many:
        typical = max(units(code) for code in column.codes) + 4
    elif column.limits.longest:
        typical = 80
    elif column.example.endswith("。"):
        typical = 48
    elif column.many:
        typical = 36
    else:
        least = 24 if column.targets else 16
        typical = min(max(units(column.example) + 4, least), 36) if column.example else 24
    return max(typical, units(column.label) + 5)


def _least(column: Column) -> float:
    """The width for the label on two lines, and for content on a few."""
    heading = ceil(units(column.label) / 4) * 2 + _ARROW
    return min(max(heading, _least_content(column)), natural(column))


def _least_content(column: Column) -> float:
    if column.kind.name in ("date", "month"):
        return _DAY if column.kind.name == "date" else _MONTH
    if column.kind.name in ("integer", "number"):
        return _NUMBER
    if column.codes and not column.many:
        longest = max(units(code) for code in column.codes)
        return longest if longest <= _BRIEF else min(ceil(longest / 4) * 2, _CODE)
    if column.limits.longest or column.example.endswith("。"):
        return _MAIN_PROSE if column.required else _PROSE
    return _least_of_words(column)


def _least_of_words(column: Column) -> float:
    if column.limits.key and column.limits.pattern:
        return units(column.example) + 1.5
    if "-" in column.example and column.targets:
        return max(_BRIEF, ceil(_on_two_lines(column.example) * 8 / _CHARACTER))
    if column.many and not column.of_persons:
        return _LIST
    return _BRIEF if column.of_persons else max(_BRIEF, min(units(column.example), _TITLE))


def _on_two_lines(number: str) -> int:
    """The width for a number like JC-202403-01-001, which breaks after a hyphen: 10."""
    breaks = [place for place, character in enumerate(number, 1) if character == "-"]
    return min(max(place, len(number) - place) for place in breaks)
