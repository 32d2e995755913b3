"""The double lines of a letter (信函), as borders or drawings: thick line, length, place; knows no other part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.word.form.document import Block, PageSection
from pipeline.word.form.effective import number
from pipeline.word.form.paragraphs import Paragraph, is_red
from pipeline.word.official import POINTS_IN_A_MM, TWIPS_IN_A_POINT

_COMPOUND = re.compile(r'(?:cmpd|linestyle)="(thickThin|thinThick|dbl|thinThin)"')
_COLOUR = re.compile(r'(?:srgbClr val|strokecolor)="#?([0-9A-Fa-f]{6}|red)"')
_EMU_IN_A_MM = 36000


@dataclass(frozen=True)
class RuledLine:
    """A double line. thick_first: whether the upper line is the thick one, None if equal; mm: None if unknown."""

    paragraph: Paragraph
    thick_first: bool | None
    mm: float | None
    red: bool
    bottom: float | None = None
    """Millimetres from the top of the paper, if it is the border of a frame on the page."""


def has_red_double_line(near: Sequence[Block], section: PageSection) -> bool:
    """Whether a red double line is near the head, or at the foot of the first page."""
    return any(line.red for line in (*double_lines(near, section), *lines_at_foot(section)))


def lines_at_foot(section: PageSection) -> list[RuledLine]:
    """The double lines in the footer of the first page; [] for none."""
    footer = section.footers.get("first" if section.different_first else "default")
    return [] if footer is None else double_lines(list(footer.paragraphs), section)


def double_lines(blocks: Sequence[Block], section: PageSection) -> list[RuledLine]:
    """The double lines of paragraphs, as borders or drawings; [] for none."""
    found = []
    for paragraph in (block for block in blocks if isinstance(block, Paragraph)):
        for side in ("top", "bottom"):
            border = paragraph.border(side)
            if border is not None and border.double:
                thick_first = None if border.kind.startswith("double") else border.kind.startswith("thick")
                bottom = _framed_bottom(paragraph) if side == "bottom" else None
                found.append(RuledLine(paragraph, thick_first, _length(paragraph, section), border.red, bottom))
        found += [line for box in paragraph.boxes if (line := _drawn(paragraph, box))]
    return found


def _drawn(paragraph: Paragraph, box: Any) -> RuledLine | None:
    """The double line in a drawing; None for any other drawing."""
    markup = etree.tostring(box, encoding="unicode")
    compound = _COMPOUND.search(markup)
    if compound is None:
        return None
    extent = next(box.iter("{*}extent"), None)
    wide = number(extent.get("cx")) if extent is not None else None
    thick_first = {"thickThin": True, "thinThick": False}.get(compound[1])
    red = any(colour == "red" or is_red(colour) for colour in _COLOUR.findall(markup))
    return RuledLine(paragraph, thick_first, wide / _EMU_IN_A_MM if wide else None, red)


def _length(paragraph: Paragraph, section: PageSection) -> float:
    """The length of a border in millimetres: its frame's, or the type area less the indents."""
    framed = number(paragraph.of.get("framePr.w"))
    if framed:
        return framed / TWIPS_IN_A_POINT / POINTS_IN_A_MM
    indents = (paragraph.left_indent + paragraph.right_indent) * paragraph.size / POINTS_IN_A_MM
    return section.width - section.left - section.right - indents


def framed_top(paragraph: Paragraph) -> float | None:
    """Millimetres from the top of the paper to a frame; None for a paragraph without a frame placed so."""
    top = number(paragraph.of.get("framePr.y"))
    if top is None or paragraph.of.get("framePr.vAnchor") != "page":
        return None
    return top / TWIPS_IN_A_POINT / POINTS_IN_A_MM


def _framed_bottom(paragraph: Paragraph) -> float | None:
    top = framed_top(paragraph)
    space = number(paragraph.of.get("pBdr.bottom.space")) or 0
    return None if top is None else top + (paragraph.pitch(0) + space) / POINTS_IN_A_MM
