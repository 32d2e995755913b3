"""Notes on cells, as Excel keeps them: the words in one part, their boxes in another (VML); knows no fault.

A cell that has a note keeps its words, and gets ours below. A box without a size of its own is not seen in Office, so
each is as large as its words. Conversations (threaded comments) are left alone: Excel would hide what is added there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from typing import Any

from lxml import etree

from pipeline.intake.files.marks import MARK
from pipeline.intake.files.markup import address, place_of
from pipeline.ooxml.trees import tree
from pipeline.words import units
from pipeline.workbooks.marking.frames import SheetFrame, as_xml
from pipeline.workbooks.marking.parts import PackageParts, relations_of

MOST_NOTES = 500
"""Notes of ours on one sheet: with thousands of boxes Excel takes minutes to open it. The words stand in the column."""
_OF_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_OF_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AUTHOR = "校验"
_V, _O, _X = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:office",
    "urn:schemas-microsoft-com:office:excel",
)
_WIDTH, _LINE, _AIR, _TALLEST = 260, 16, 14, 400
"""Pixels: a box's width, a line of its words, the space around them, the tallest box."""
_UNITS = 38
"""Half-width characters on a line of a box."""
_COLUMN, _ROW = 72, 18
"""Pixels of a column and points of a row that say nothing else."""
_FROM_POINTS, _FROM_CHARACTERS = 4 / 3, 7
_BLOCK = 1024
"""Numbers of shapes that belong together (VML's idmap)."""
_FONT = '<rPr><sz val="9"/><color indexed="81"/><rFont val="宋体"/><charset val="134"/></rPr>'


@dataclass(frozen=True)
class Grid:
    """The sizes of a sheet's columns and rows in pixels, those that differ from the usual; places count from 0."""

    columns: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)
    row: int = round(_ROW * _FROM_POINTS)

    @classmethod
    def of(cls, frame: SheetFrame) -> Grid:
        """That of a sheet."""
        columns: dict[int, int] = {}
        for item in (col for cols in frame.children("cols") for col in cols):
            width = round(float(item.get("width", 0)) * _FROM_CHARACTERS + 5)
            first, last = int(item.get("min", 1)), min(int(item.get("max", 1)), _MOST_COLUMNS)
            columns |= dict.fromkeys(range(first - 1, last), 0 if item.get("hidden") in ("1", "true") else width)
        heights = ((row.line - 1, _HEIGHT.search(row.tag[1])) for row in frame.each_row())
        rows = {line: round(float(match[1]) * _FROM_POINTS) for line, match in heights if match}
        usual = frame.child("sheetFormatPr")
        height = float(usual.get("defaultRowHeight", _ROW)) if usual is not None else _ROW
        return cls(columns, rows, round(height * _FROM_POINTS))

    def anchor(self, place: tuple[int, int], text: str) -> str:
        """Where the box of a note is: beside its cell, wide and high enough for its words (VML's x:Anchor)."""
        line, column = place[0], place[1] + 1
        lines = sum(max(1, ceil(units(part) / _UNITS)) for part in text.split("\n"))
        height = min(_LINE * lines + _AIR, _TALLEST)
        right = _ended(column, _WIDTH + 15, lambda at: self.columns.get(at, _COLUMN))
        bottom = _ended(line, height + 4, lambda at: self.rows.get(at, self.row))
        return f"{column}, 15, {line}, 4, {right[0]}, {right[1]}, {bottom[0]}, {bottom[1]}"


_MOST_COLUMNS = 1000
_HEIGHT = re.compile(rb"""\sht\s*=\s*["']([0-9.]{1,10})["']""")


def _ended(start: int, size: int, of: Callable[[int], int]) -> tuple[int, int]:
    """The column or row in which a length ends, and how far within it."""
    for at in range(start, start + _MOST_COLUMNS):
        if size <= of(at):
            return at, size
        size -= of(at)
    return start + _MOST_COLUMNS, 0


# Putting them on -----------------------------------------------------------------------------------------------------


def add(parts: PackageParts, part: str, frame: SheetFrame, notes: Mapping[tuple[int, int], str]) -> None:
    """Put notes on cells of a sheet, at most MOST_NOTES; nothing for none. Its frame is changed, not yet written."""
    talked = _talked_about(parts, part)
    chosen = [(place, text) for place, text in sorted(notes.items()) if place not in talked][:MOST_NOTES]
    boxes = _Boxes.of(parts, part, frame) if chosen else None
    if boxes is None:
        return
    name = next(iter(parts.related(part, "comments")), "")
    root = (
        parts.root(name)
        if name
        else tree(f'<comments xmlns="{frame.space}"><authors/><commentList/></comments>'.encode())
    )
    authors, listed = root.find("{*}authors"), root.find("{*}commentList")
    author = len(authors)
    etree.SubElement(authors, frame.tag("author")).text = _AUTHOR
    known = {place_of(item.get("ref", "")): item for item in listed}
    for place, text in chosen:
        words = f"{MARK}{text}"
        if place in known:
            _append(known[place].find("{*}text"), frame, f"\n{words}")
            boxes.grow(place, "".join(known[place].itertext()))
        else:
            xml = (
                f'<comments xmlns="{frame.space}"><comment ref="{address(place)}" authorId="{author}"><text><r>{_FONT}'
                f'<t xml:space="preserve">{as_xml(words)}</t></r></text></comment></comments>'
            )
            listed.append(tree(xml.encode())[0])
            boxes.add(place, words)
    if not name:
        name = parts.free("xl/comments{}.xml")
        parts.link(part, name, f"{relations_of(frame.space)}comments")
        parts.declare(name, _OF_COMMENTS)
    parts.put(name, root)
    boxes.write()


def _append(text: Any, frame: SheetFrame, words: str) -> None:
    plain = text.find("{*}t")
    if plain is not None and text.find("{*}r") is None:
        plain.text = f"{plain.text or ''}{words}"
    else:
        xml = f'<text xmlns="{frame.space}"><r>{_FONT}<t xml:space="preserve">{as_xml(words)}</t></r></text>'
        text.append(tree(xml.encode())[0])


def _talked_about(parts: PackageParts, part: str) -> set[tuple[int, int] | None]:
    """The cells with a conversation."""
    return {
        place_of(item.get("ref", ""))
        for name in parts.related(part, "threadedComment")
        for item in parts.root(name).iter("{*}threadedComment")
    }


# Boxes ---------------------------------------------------------------------------------------------------------------


class _Boxes:
    """The boxes of a sheet's notes."""

    def __init__(self, parts: PackageParts, name: str, root: Any, grid: Grid) -> None:
        self._parts, self._name, self._root, self._grid = parts, name, root, grid
        numbers = [int(match[1]) for shape in self._shapes() if (match := _ID.search(shape.get("id", "")))]
        self._next = max(numbers, default=_first_block(root) * _BLOCK) + 1

    @classmethod
    def of(cls, parts: PackageParts, part: str, frame: SheetFrame) -> _Boxes | None:
        """Those of a sheet, a new part if it has none; None if its part cannot be read, which is then left alone."""
        legacy = frame.child("legacyDrawing")
        if legacy is not None:
            identity = next(value for key, value in legacy.items() if key.endswith("}id"))
            name = parts.target(part, identity)
            try:
                return cls(parts, name, tree(parts.read(name)), Grid.of(frame))
            except etree.XMLSyntaxError:  # Excel itself writes <br> without an end
                return None
        name = parts.free("xl/drawings/vmlDrawing{}.vml")
        block = 1 + max((_first_block(root) for root in _others(parts)), default=0)
        identity = parts.link(part, name, f"{relations_of(frame.space)}vmlDrawing")
        parts.declare_ending("vml", _OF_VML)
        relations = relations_of(frame.space).rstrip("/")
        item = etree.Element(frame.tag("legacyDrawing"), {f"{{{relations}}}id": identity}, nsmap={"r": relations})
        frame.insert(item)
        return cls(parts, name, tree(_EMPTY.format(block=block).encode()), Grid.of(frame))

    def _shapes(self) -> list[Any]:
        return list(self._root.iter(f"{{{_V}}}shape"))

    def add(self, place: tuple[int, int], words: str) -> None:
        """A box for a new note."""
        anchor = self._grid.anchor(place, words)
        xml = _SHAPE.format(number=self._next, anchor=anchor, row=place[0], column=place[1])
        self._root.append(tree(xml.encode())[0])
        self._next += 1

    def grow(self, place: tuple[int, int], words: str) -> None:
        """Make the box of an existing note as large as its words; how it was is kept in its alternative text."""
        for shape in self._shapes():
            anchor = shape.find(f".//{{{_X}}}Anchor")
            if anchor is not None and _place(shape) == place and not shape.get("alt"):
                shape.set("alt", f"{MARK}{(anchor.text or '').strip()}")
                anchor.text = self._grid.anchor(place, words)

    def write(self) -> None:
        """Write the part."""
        self._parts.write(self._name, etree.tostring(self._root))


_ID = re.compile("_s([0-9]{1,9})$")
_EMPTY = (
    f'<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    f'<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"><v:shape id="_x0000_s{{number}}" type="#_x0000_t202" '
    'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape></xml>"
)


def _first_block(root: Any) -> int:
    item = next(root.iter(f"{{{_O}}}idmap"), None)
    written = (item.get("data") or "1").split(",")[0] if item is not None else "1"
    return int(written) if written.isdecimal() else 1


def _others(parts: PackageParts) -> Iterable[Any]:
    for name in list(parts.names()):
        if name.lower().endswith(".vml"):
            try:
                yield tree(parts.read(name))
            except etree.XMLSyntaxError:
                continue


def _place(shape: Any) -> tuple[int, int] | None:
    row, column = (shape.find(f".//{{{_X}}}{name}") for name in ("Row", "Column"))
    if row is None or column is None:
        return None
    return int(row.text), int(column.text)


# Taking them off -----------------------------------------------------------------------------------------------------


def take_off(parts: PackageParts, part: str, frame: SheetFrame) -> None:
    """Remove our notes from a sheet, and our words from other notes; its frame is changed, not yet written."""
    for name in parts.related(part, "comments"):
        root = parts.root(name)
        listed, gone = root.find("{*}commentList"), set()
        changed = [item for item in listed if MARK in "".join(item.itertext())]
        for item in changed:
            if not _cut(item):
                gone.add(place_of(item.get("ref", "")))
                listed.remove(item)
        if changed:
            _without_boxes(parts, part, frame, gone)
            _without_author(root)
            if len(listed):
                parts.put(name, root)
            else:
                parts.unlink(part, name)
                parts.drop(name)


def _cut(comment: Any) -> bool:
    """Cut a note where our words begin; gives whether anything is left."""
    texts = list(comment.iter("{*}t"))
    ends = list(accumulate(len(text.text or "") for text in texts))
    whole = "".join(text.text or "" for text in texts)
    end = len(whole.partition(MARK)[0].removesuffix("\n"))
    first = bisect_right(ends, end) if end else 0
    for number, text in enumerate(texts):
        start = ends[number] - len(text.text or "")
        if number >= first:
            text.text = (text.text or "")[: max(end - start, 0)]
            if not text.text and (run := text.getparent()) is not None and run.tag.endswith("}r"):
                run.getparent().remove(run)
    return end > 0


def _without_author(root: Any) -> None:
    authors, listed = root.find("{*}authors"), root.find("{*}commentList")
    used = {item.get("authorId") for item in listed}
    last = authors[-1] if len(authors) else None
    if last is not None and last.text == _AUTHOR and str(len(authors) - 1) not in used:
        authors.remove(last)


def _without_boxes(parts: PackageParts, part: str, frame: SheetFrame, gone: set[tuple[int, int] | None]) -> None:
    for name in parts.related(part, "vmlDrawing"):
        try:
            root = tree(parts.read(name))
        except etree.XMLSyntaxError:
            continue
        for shape in list(root.iter(f"{{{_V}}}shape")):
            if _place(shape) in gone:
                shape.getparent().remove(shape)
            elif (shape.get("alt") or "").startswith(MARK):
                anchor = shape.find(f".//{{{_X}}}Anchor")
                anchor.text = shape.attrib.pop("alt").removeprefix(MARK)
        if next(root.iter(f"{{{_V}}}shape"), None) is not None:
            parts.write(name, etree.tostring(root))
        elif (legacy := frame.child("legacyDrawing")) is not None and _leads(parts, part, legacy, name):
            frame.root.remove(legacy)
            parts.unlink(part, name)
            parts.drop(name)
            parts.forget_ending("vml")


def _leads(parts: PackageParts, part: str, legacy: Any, name: str) -> bool:
    return any(parts.target(part, value) == name for key, value in legacy.items() if key.endswith("}id"))
