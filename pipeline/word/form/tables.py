"""A table and its cells, read when somebody asks; knows no section and no part of an official document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.word.form.effective import W, number
from pipeline.word.form.long_tables import MOST_WORDS
from pipeline.word.form.paragraphs import BLANKS, Border, Paragraph
from pipeline.word.official import POINTS_IN_A_MM

AROUND = {W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"}
"""What may stand around a paragraph, a table, a row or a cell, and is not seen."""


@dataclass(frozen=True)
class TableCell:
    """A cell of a table, with the rules that it has of its own."""

    paragraphs: tuple[Paragraph, ...]
    borders: Mapping[str, Border | None]
    """By side; None where the cell takes away the table's."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table, whose cells are read when somebody asks: most tables are long, and few are part of the form.

    number: its place among those of the body, from 1. borders: those of the table and its style, by side. opened: gives its
    element. read: makes the paragraphs of its cells. said: what is written in it, as far as that is known without its element.
    """

    number: int
    mm: float
    borders: Mapping[str, Border]
    section: int
    opened: Callable[[], Any]
    read: Callable[[Any], Paragraph]
    said: str | None = None

    @cached_property
    def element(self) -> Any:
        """The w:tbl."""
        return self.opened()

    @cached_property
    def words(self) -> str:
        """What is written in it, without blanks at the ends; of a long table no more than its beginning."""
        if self.said is not None:
            return self.said.strip(BLANKS)
        found, length = [], 0
        for paragraph in self.element.iter(W + "p"):
            found.append("".join(text.text or "" for text in paragraph.iter(W + "t")))
            length += len(found[-1])
            if length > MOST_WORDS:
                break
        return "\n".join(found).strip(BLANKS)

    @property
    def long(self) -> bool:
        """Whether more is written in it than its `words` hold."""
        return len(self.words) > MOST_WORDS - 100

    @cached_property
    def rows(self) -> tuple[tuple[TableCell, ...], ...]:
        """Its cells, row by row; a table within a cell belongs to the cell."""
        return tuple(tuple(self._cell(cell) for cell in _children(row, "tc")) for row in _children(self.element, "tr"))

    @property
    def ruled(self) -> bool:
        """Whether a rule is seen anywhere in it."""
        own = (border for row in self.rows for cell in row for border in cell.borders.values())
        return bool(self.borders) or any(border is not None for border in own)

    def _cell(self, element: Any) -> TableCell:
        paragraphs = tuple(self.read(paragraph) for paragraph in element.iter(W + "p"))
        return TableCell(paragraphs, borders_of(element.find(f"{W}tcPr/{W}tcBorders")))


def _children(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those of content controls and of insertions too."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in AROUND:
            yield from _children(child, name)


def borders_of(element: Any | None) -> dict[str, Border | None]:
    """The rules that a tblBorders or tcBorders states, by side; None for one that it takes away; {} for none."""
    found: dict[str, Border | None] = {}
    for side in () if element is None else element:
        eighths = (number(side.get(W + "sz")) or 0) / 8 / POINTS_IN_A_MM
        kind = side.get(W + "val", "")
        seen = kind not in ("nil", "none", "")
        found[side.tag[len(W) :]] = Border(kind, eighths, side.get(W + "color", "auto")) if seen else None
    return found
