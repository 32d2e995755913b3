"""Signatures without a seal (GB/T 9704-2012, 7.3.5.2); knows widths of characters, knows no office."""

from __future__ import annotations

from pipeline.word.official import AUTHORITY_FROM_RIGHT, CHARACTERS, DATE_AFTER_AUTHORITY
from pipeline.word.rendering.titles import width

_BLANK = "\u3000"
_PARAGRAPH = "\a"
"""What docxtpl makes a new paragraph of."""


def unsealed(text: object) -> str:
    """Authority and date, given with a full-width blank between them, as two paragraphs set off by blanks.

    The authority ends two characters from the right edge and the date begins two characters to the right of it; where the date
    would reach further, it is the date that ends there. A text without such a blank is taken for a date alone.
    """
    authority, _, day = str(text).strip().rpartition(_BLANK)
    widest = max(width(authority), DATE_AFTER_AUTHORITY + width(day))
    start = max(0, int(CHARACTERS - AUTHORITY_FROM_RIGHT - widest))
    dated = f"{_BLANK * (start + int(DATE_AFTER_AUTHORITY))}{day}"
    return f"{_BLANK * start}{authority}{_PARAGRAPH}{dated}" if authority else dated
