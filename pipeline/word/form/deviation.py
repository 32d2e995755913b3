"""What the checker finds: a deviation with its place, what was found, what is required, and on which basis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pipeline.word.official import Basis

MOST_PLACES = 5


@dataclass(frozen=True)
class Deviation:
    """One deviation of a document; all but the clause (of GB/T 9704-2012) is for readers."""

    place: str
    item: str
    found: str
    asked: str
    clause: str
    basis: Basis

    @property
    def judged(self) -> bool:
        """Whether it is, or may be, a deviation; False for a remark that something was not read."""
        return self.basis is not Basis.UNREAD


def together(found: Iterable[Deviation]) -> tuple[Deviation, ...]:
    """Merge deviations that differ only in place, in the order of their first; () for none."""
    alike: dict[tuple[str, str, str, str, Basis], dict[str, None]] = {}
    for one in found:
        alike.setdefault((one.item, one.found, one.asked, one.clause, one.basis), {})[one.place] = None
    return tuple(Deviation(_places(list(places)), *rest) for rest, places in alike.items())


def _places(places: list[str]) -> str:
    """第3段“……” for one paragraph, 第3、5段 for several, 第3、5、6、8、9段等12处 for many."""
    if len(places) == 1:
        return places[0]
    shown = places[:MOST_PLACES]
    numbered = [place.partition("段")[0].removeprefix("第") for place in shown]
    if all(number.isdecimal() for number in numbered):
        joined = f"第{'、'.join(numbered)}段"
    else:
        joined = "、".join(key for key, _ in groupby(shown))
    return joined if len(places) == len(shown) else f"{joined}等{len(places)}处"
