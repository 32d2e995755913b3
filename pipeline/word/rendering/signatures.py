"""Signatures without a seal (GB/T 9704-2012, 7.3.5.2); knows widths of characters, no office."""

from __future__ import annotations

from pipeline.word.official import AUTHORITY_FROM_RIGHT, CHARACTERS, DATE_AFTER_AUTHORITY
from pipeline.word.rendering.titles import width

_BLANK = "\u3000"
_PARAGRAPH = "\a"
"""docxtpl turns this into a new paragraph."""


def unsealed(text: object) -> str:
    """Authority and date, separated by a full-width blank, as two paragraphs with blanks to the right.

    The authority ends two characters from the right edge, and the date begins two characters further right than the
    authority begins. If the date would then reach beyond that, it ends two characters from the edge, and the authority
    follows it. A text without such a blank is a date alone.
    """
    authority, _, day = str(text).strip().rpartition(_BLANK)
    widest = max(width(authority), DATE_AFTER_AUTHORITY + width(day))
    start = max(0, int(CHARACTERS - AUTHORITY_FROM_RIGHT - widest))
    dated = f"{_BLANK * (start + int(DATE_AFTER_AUTHORITY))}{day}"
    return f"{_BLANK * start}{authority}{_PARAGRAPH}{dated}" if authority else dated
