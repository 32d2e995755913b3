"""Makes text safe to show: no text can control the terminal, or hide in it."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""C0 and C1 (ISO 6429) except line break and tab, marks of direction (UAX #9), and invisible characters."""


def printable(text: str) -> str:
    """Text from a workbook or a path, with � for every character that would control the terminal, or hide in it."""
    return text if text.isprintable() else _STEERING.sub("�", text)
