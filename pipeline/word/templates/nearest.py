"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

LEAST_ALIKE = 50
"""Per cent: less similar words (normalised Indel similarity) are not suggested for one another."""


def nearest(written: str, known: Iterable[str]) -> str:
    """The most similar known word; "" if none is similar."""
    close = extractOne(written, list(known), scorer=ratio, score_cutoff=LEAST_ALIKE)
    return close[0] if close else ""
