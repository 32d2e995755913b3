"""A table and its cells, read on demand; knows no section and no part of an official document."""

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
"""Invisible wrappers around a paragraph, a table, a row or a cell."""


@dataclass(frozen=True)
class TableCell:
    """A cell of a table, with its own borders."""

    paragraphs: tuple[Paragraph, ...]
    borders: Mapping[str, Border | None]
    """By side; None if the cell removes the table's."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table; its cells are read on demand, since most tables are long, and few belong to the form.

    number: its place among the body's tables, from 1. borders: those of the table and its style, by side. opened: gives
    its element. read: makes the paragraphs of its cells. said: its words, as far as known without the element.
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
        """Its words, without blanks at the ends; for a long table only the beginning."""
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
        """Whether it has more words than `words` holds."""
        return len(self.words) > MOST_WORDS - 100

    @cached_property
    def rows(self) -> tuple[tuple[TableCell, ...], ...]:
        """Its cells, row by row; a table within a cell belongs to the cell."""
        return tuple(tuple(self._cell(cell) for cell in _children(row, "tc")) for row in _children(self.element, "tr"))

    @property
    def ruled(self) -> bool:
        """Whether any rule in it is visible."""
        own = (border for row in self.rows for cell in row for border in cell.borders.values())
        return bool(self.borders) or any(border is not None for border in own)

    def _cell(self, element: Any) -> TableCell:
        paragraphs = tuple(self.read(paragraph) for paragraph in element.iter(W + "p"))
        return TableCell(paragraphs, borders_of(element.find(f"{W}tcPr/{W}tcBorders")))


def _children(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, including those in content controls and insertions."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in AROUND:
            yield from _children(child, name)


def borders_of(element: Any | None) -> dict[str, Border | None]:
    """The borders in a tblBorders or tcBorders, by side; None for a removed one; {} for none."""
    found: dict[str, Border | None] = {}
    for side in () if element is None else element:
        eighths = (number(side.get(W + "sz")) or 0) / 8 / POINTS_IN_A_MM
        kind = side.get(W + "val", "")
        seen = kind not in ("nil", "none", "")
        found[side.tag[len(W) :]] = Border(kind, eighths, side.get(W + "color", "auto")) if seen else None
    return found
