"""Where a document's colophon (版记) begins, found from its end upwards; makes no demand on it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.word.form.document import Block
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.parts import (
    BELOW_PRINTED,
    COPIES,
    DATED,
    LONGEST_SIGNATURE,
    OFFICE,
    PRINTED,
    is_date,
    is_mark,
    level_of,
)
from pipeline.word.form.tables import Table

_MOST_COPIES = 8
"""The most lines of 抄送."""
_MOST_LINES = 4
"""The most lines of a colophon table that ends in a date without 印发; longer ones are tables of dates."""


@dataclass(frozen=True)
class ColophonPlace:
    """Where the colophon begins, None if there is none, and the places of its paragraphs."""

    start: int | None
    paragraphs: tuple[int, ...]


def colophon(blocks: Sequence[Block], written: Sequence[int], start: int) -> ColophonPlace:
    """The colophon among the blocks from a place on. written: the places of blocks with words."""
    return _Finder(blocks, written).found(start)


class _Finder:
    def __init__(self, blocks: Sequence[Block], written: Sequence[int]) -> None:
        self.blocks, self.written = blocks, written
        dates = (place for place in written if is_date(blocks[place].words))
        self._first_date = next(dates, len(blocks))

    def found(self, start: int) -> ColophonPlace:
        """Go upwards as long as the blocks belong to it."""
        index, first = len(self.written), bisect_left(self.written, start)
        begins: int | None = None
        paragraphs: list[int] = []
        while index > first:
            near = self.written[max(first, index - _MOST_COPIES) : index]
            below = self.blocks[begins].words if begins is not None else None
            count = self._of_colophon(near, below)
            if not count:
                break
            paragraphs += [place for place in near[-count:] if isinstance(self.blocks[place], Paragraph)]
            index -= count
            begins = self.written[index]
        return ColophonPlace(begins, tuple(paragraphs))

    def _of_colophon(self, places: Sequence[int], below: str | None) -> int:
        """How many of the last of these blocks belong to it. below: the first words of the colophon below, or None."""
        block = self.blocks[places[-1]]
        words = block.words
        if isinstance(block, Table):
            return int(_is_table_of_colophon(block))
        if COPIES.match(words) or PRINTED.search(words):
            return 1
        if below is not None and (block.framed or _is_printing_office(words, below)):
            return 1
        if DATED.search(words) and (below is not None or self._is_below_a_date(places)):
            return 1
        if BELOW_PRINTED.fullmatch(words) and len(places) > 1 and self._of_colophon(places[:-1], words):
            return 1
        return self._continued_copies(places)

    def _is_below_a_date(self, places: Sequence[int]) -> bool:
        """Whether the signature or the copies are above, so that another date is that of printing."""
        copies = self.blocks[places[-2]] if len(places) > 1 else None
        return self._first_date < places[-1] or (isinstance(copies, Paragraph) and bool(COPIES.match(copies.words)))

    def _continued_copies(self, places: Sequence[int]) -> int:
        """The number of lines that continue one beginning with 抄送, including that one; 0 if there is none."""
        for count, place in enumerate(islice(reversed(places), _MOST_COPIES), start=1):
            block = self.blocks[place]
            if isinstance(block, Table) or is_date(block.words) or is_mark(block.words) or level_of(block):
                return 0
            if COPIES.match(block.words):
                return count
        return 0


def _is_table_of_colophon(table: Table) -> bool:
    """Whether a table has the copies or the printing line, or is a short one with a date."""
    lines = [] if table.long else [line.strip() for line in table.words.split("\n")]
    said = any(COPIES.match(line) or PRINTED.search(line) for line in lines)
    return said or (0 < len(lines) <= _MOST_LINES and bool(DATED.search(table.words)))


def _is_printing_office(words: str, below: str) -> bool:
    """Whether a line is the office of a printing line whose date is on the next line."""
    dates = bool(re.match("[0-9]{4}年", below)) and bool(PRINTED.search(below))
    return dates and len(words) <= LONGEST_SIGNATURE and bool(OFFICE.search(words))
