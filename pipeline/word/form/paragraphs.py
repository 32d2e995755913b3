"""A paragraph as it looks: runs, and lengths in characters, points and millimetres; knows no part of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.word.form.effective import Properties, number, on
from pipeline.word.official import POINTS_IN_A_MM, SIZE_3, TWIPS_IN_A_POINT
from pipeline.words import units

BLANKS = " \t\n\u3000\xa0"
"""Characters that are written but not seen."""
_MOST_PLACES = 50
"""Places that a paragraph remembers."""
IDEOGRAPH = re.compile("[\u3400-\u9fff]")
LATIN = re.compile("[0-9A-Za-z]")


@dataclass(frozen=True)
class TextRun:
    """Characters with one look."""

    text: str
    asian: str
    latin: str
    size: float
    colour: str
    tracking: float = 0.0
    """Points between characters, in addition to their own width."""
    underlined: bool = False

    @property
    def red(self) -> bool:
        """Whether the characters are of any red."""
        return is_red(self.colour)


def is_red(colour: str) -> bool:
    """Whether a colour of six hexadecimal digits is a red; no colour and "auto" mean black."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return False
    red, green, blue = (int(colour[start : start + 2], 16) for start in (0, 2, 4))
    return red >= 0xA0 and green <= 0x50 and blue <= 0x50


@dataclass(frozen=True)
class Border:
    """A rule above, below or between paragraphs or rows."""

    kind: str
    mm: float
    colour: str

    @property
    def eighths(self) -> float:
        """Its height in eighths of a point."""
        return self.mm * POINTS_IN_A_MM * 8

    @property
    def red(self) -> bool:
        """Whether it is of a red."""
        return is_red(self.colour)

    @property
    def double(self) -> bool:
        """Whether it consists of a thick and a thin line."""
        return self.kind.startswith(("thick", "thin", "double"))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it looks. number: its place among the body's paragraphs with text, from 1; 0 for others."""

    runs: tuple[TextRun, ...]
    of: Properties
    mark_size: float
    label: str
    number: int = 0
    section: int = 0
    boxes: tuple[Any, ...] = ()
    """The drawings and pictures anchored in it."""
    breaks_page: bool = False
    """Whether it contains a page break."""
    counts_pages: bool = False
    """Whether it contains the field of the page number."""
    lists_contents: bool = False
    """Whether it is an entry of a table of contents."""
    loose: bool = False
    """Whether its place on the page is unknown: it is in a cell, or is a piece of a line."""

    def placed(self, number: int, section: int) -> Paragraph:
        """The same paragraph at a place; remembered, so that equal paragraphs share what is derived from them."""
        at = (number, section)
        if at == (self.number, self.section):
            return self
        if at not in self._placed:
            if len(self._placed) >= _MOST_PLACES:
                self._placed.clear()
            # Copied without __init__, with all that is cached: only the words for its place differ.
            self._placed[at] = object.__new__(Paragraph)
            shared = {name: value for name, value in vars(self).items() if name not in ("_placed", "place")}
            vars(self._placed[at]).update(shared, number=number, section=section, sound=self.sound)
        return self._placed[at]

    @cached_property
    def sound(self) -> set[object]:
        """The checks that it passed: their answers are the same at every place."""
        return set()

    @cached_property
    def _placed(self) -> dict[tuple[int, int], Paragraph]:
        return {}

    @cached_property
    def text(self) -> str:
        """Its text, without Word's numbering."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def words(self) -> str:
        """Its text, without blanks at the ends."""
        return self.text.strip(BLANKS)

    @property
    def alignment(self) -> str:
        """left, center, right or both."""
        return {"start": "left", "end": "right", "distribute": "both"}.get(given := self.of.get("jc", "left"), given)

    @cached_property
    def size(self) -> float:
        """The size of most of its characters, in points."""
        lengths: dict[float, int] = {}
        for run in self.runs:
            lengths[run.size] = lengths.get(run.size, 0) + len(run.text.strip())
        return max(lengths, key=lambda size: lengths[size], default=self.mark_size)

    @cached_property
    def first_indent(self) -> float:
        """Characters by which the first line begins right of the type area's edge; below 0 if it hangs out."""
        blanks = len(self.text) - len(self.text.lstrip("\u3000")) + 0.5 * self._leading(" ")
        return self.left_indent + self._measure("firstLine") - self._measure("hanging") + blanks

    def _leading(self, blank: str) -> int:
        return len(self.text) - len(self.text.lstrip(blank))

    @cached_property
    def left_indent(self) -> float:
        """Characters by which all lines begin right of the type area's edge."""
        return self._measure("left") or self._measure("start")

    @property
    def right_indent(self) -> float:
        """Characters free at the right, including typed blanks."""
        stripped = self.text.rstrip("\n")
        blanks = len(stripped) - len(stripped.rstrip("\u3000")) + 0.5 * (len(stripped) - len(stripped.rstrip(" ")))
        return (self._measure("right") or self._measure("end")) + blanks

    def _measure(self, side: str) -> float:
        """An indent in characters; Word prefers a value in characters to one in twips."""
        chars = number(self.of.get(f"ind.{side}Chars"))
        if chars:
            return chars / 100
        return (number(self.of.get(f"ind.{side}")) or 0) / TWIPS_IN_A_POINT / (self.size or SIZE_3)

    @cached_property
    def framed(self) -> bool:
        """Whether it is in a frame."""
        return any(key.startswith("framePr") for key in self.of)

    @property
    def page_before(self) -> bool:
        """Whether it begins a new page."""
        return on(self.of.get("pageBreakBefore"))

    def border(self, side: str) -> Border | None:
        """The rule at a side (top, bottom, between); None for none."""
        kind = self.of.get(f"pBdr.{side}")
        if kind is None or kind in ("nil", "none"):
            return None
        eighths = number(self.of.get(f"pBdr.{side}.sz")) or 0
        return Border(kind, eighths / 8 / POINTS_IN_A_MM, self.of.get(f"pBdr.{side}.color", "auto"))

    def pitch(self, grid: float) -> float:
        """Points from line to line. grid: the pitch of the section's grid, 0 for none."""
        line, rule = number(self.of.get("spacing.line")) or 240, self.of.get("spacing.lineRule", "auto")
        natural = 1.3 * self.size
        if rule == "exact":
            return line / TWIPS_IN_A_POINT
        snapped = grid and self.of.get("snapToGrid", "1") not in ("0", "false", "off")
        if rule == "atLeast":
            natural = max(natural, line / TWIPS_IN_A_POINT)
            return -(-natural // grid) * grid if snapped else natural
        if snapped:
            return -(-natural // grid) * grid * line / 240
        return natural * line / 240

    def height(self, grid: float) -> float:
        """Its height as a single line in points, including the space before and after."""
        return self.pitch(grid) + self.space("before", grid) + self.space("after", grid)

    def space(self, side: str, grid: float) -> float:
        """Points before or after it."""
        lines = number(self.of.get(f"spacing.{side}Lines"))
        if lines:
            return lines / 100 * (grid or 12)
        return (number(self.of.get(f"spacing.{side}")) or 0) / TWIPS_IN_A_POINT

    @cached_property
    def place(self) -> str:
        """Its place, for readers: 第3段“……”."""
        shown = re.sub(r"\s+", "", self.words)
        where = f"第{self.number}段" if self.number else "表中"
        return f"{where}“{shown if len(shown) <= 12 else shown[:11] + '…'}”"


def width_of(text: str, size: float = SIZE_3) -> float:
    """The width of a text in points: the size for a full-width character, half of it for others."""
    return size * units(text) / 2
