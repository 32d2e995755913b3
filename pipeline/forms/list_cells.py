"""Cells that hold a list: how it is split, and the list types of the forms; knows no sheet and no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from pipeline.forms.cells import BLANKS, PersonName, Ref, Text, clean, look_at
from pipeline.forms.code import Code

T = TypeVar("T")
C = TypeVar("C", bound=Code)


@dataclass(frozen=True)
class Many:
    """A cell that holds a list: split at separators, but not inside quotes, book-title marks or brackets.

    A mark without its counterpart on the same line is ordinary text.
    """

    separators: str
    how: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._items, handler(source))

    def _items(self, raw: Any, info: ValidationInfo) -> list[Any]:
        if isinstance(raw, str):
            look_at(raw, info)
        return self.split(raw)

    def split(self, raw: Any) -> list[Any]:
        """The items in order without blank ones; [] for a blank cell; a cell that is not text is its only item."""
        if raw is None:
            return []
        if not isinstance(raw, str):
            return [raw]
        text = clean(raw)
        if not any(separator in text for separator in f"\n{self.separators}"):
            return [text] if text else []
        items = (item.strip(BLANKS) for line in text.split("\n") for item in self._split_line(line))
        return [item for item in items if item]

    def _split_line(self, line: str) -> list[str]:
        cuts = [match.start() for match in re.finditer(f"[{self.separators}]", line)]
        if cuts and _ANY_MARK.search(line):
            enclosed = _enclosed(line)
            cuts = [place for place in cuts if place not in enclosed]
        return [line[start + 1 : end] for start, end in pairwise([-1, *cuts, len(line)])]


_MARKS = dict(zip("》”’)】]〕」』", "《“‘(【[〔「『", strict=True))
_ANY_MARK = re.compile("[》”’)】\\]〕」』\uff09\uff3d]")
_NARROW = str.maketrans("\uff08\uff09\uff3b\uff3d", "()[]")


def _enclosed(line: str) -> set[int]:
    """The positions in a line between a mark and its counterpart, of full or half width."""
    places: set[int] = set()
    opened: list[tuple[str, int]] = []
    for place, char in enumerate(line.translate(_NARROW)):
        if char in _MARKS.values():
            opened.append((char, place))
        elif any(mark == _MARKS.get(char) for mark, _ in opened):
            while opened:
                mark, start = opened.pop()
                if mark == _MARKS[char]:
                    places.update(range(start, place))
                    break
    return places


_SENTENCES = Many(";\uff1b", "多项之间用分号“；”隔开")
_NAMES = Many(";\uff1b、", "多项之间用分号“；”或顿号“、”隔开")

Texts = Annotated[tuple[Text, ...], _SENTENCES]
Names = Annotated[tuple[Text, ...], _NAMES]
PersonNames = Annotated[tuple[PersonName, ...], _NAMES]
Codes = Annotated[tuple[C, ...], _NAMES]
Refs = Annotated[tuple[Ref[T], ...], _NAMES]
