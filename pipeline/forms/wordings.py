"""What a text of the registry says in a way of its own: telephone numbers, and whose a kind of problem is."""

from __future__ import annotations

import re

from pipeline.forms.cells import plain
from pipeline.forms.codes import ProblemKind

MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_LANDLINE_WITHOUT_ZERO = re.compile(r"(?!1[3-9][0-9]{9}$|[48]00)[1-9][0-9]{9,10}")


def has_lost_its_zero(telephone: str | None) -> bool:
    """Whether a number is as long as a landline's with its area code, but does not begin with 0.

    Mobile numbers, and service numbers in 400 or 800, do not begin with 0 either, and are right.
    """
    numbers = re.split("[/、,;，；]", plain(telephone or ""))
    bare = (re.sub("[-()\u2010-\u2015\u2212]", "", number) for number in numbers)
    return any(_LANDLINE_WITHOUT_ZERO.fullmatch(number) for number in bare)


def duty_of(written: str) -> tuple[str, str]:
    """The kind of problem, and its unit, in 经费保障：东岭县财政局; "" for an unknown kind, or without a unit."""
    kind, _, unit = written.replace("\uff1a", ":").partition(":")
    return (plain(kind) if plain(kind) in set(ProblemKind) else ""), unit.strip()
