"""A sheet's XML as its frame, which is parsed, and its rows, which are not: 20,000 of them would take seconds."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree

from pipeline.ooxml.trees import tree
from pipeline.workbooks.marking.parts import UnmarkableError

_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^<>]*)?(/?)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^<>]*?)(/?)>")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,7})["']""")
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST = 32_000
"""Characters of a cell; Excel's limit is 32,767."""
_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""The elements of a sheet in their order (ISO/IEC 29500-1, 18.3.1.99)."""


@dataclass(frozen=True)
class RowPlace:
    """Where a row is in the bytes of the rows: its line from 1, its tag, and the end of its cells."""

    line: int
    tag: re.Match[bytes]
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether it is written as an empty element."""
        return bool(self.tag[2])


class SheetFrame:
    """A sheet taken apart. Raises UnmarkableError if it is not in UTF-8 or has no rows where they belong."""

    def __init__(self, xml: bytes) -> None:
        opening = _DATA.search(xml)
        if opening is None or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnmarkableError("no sheetData")
        self.prefix = opening[1].decode()
        end = opening.end() if opening[2] else xml.rfind(f"</{self.prefix}sheetData>".encode())
        if end < opening.end():
            raise UnmarkableError("sheetData is not closed")
        self._open = b"<%bsheetData>" % opening[1] if opening[2] else opening[0]
        self._close = b"</%bsheetData>" % opening[1]
        self._was_empty = bool(opening[2])
        self.rows = b"" if opening[2] else xml[opening.end() : end]
        self._mark = b"<%bsheetData/>" % opening[1]
        rest = xml[end:] if opening[2] else xml[end + len(self._close) :]
        try:
            self.root = tree(xml[: opening.start()] + self._mark + rest)
        except etree.XMLSyntaxError as error:
            raise UnmarkableError(str(error)) from error
        self.space = etree.QName(self.root).namespace or ""

    @property
    def xml(self) -> bytes:
        """The sheet put together again."""
        frame = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        head, mark, tail = frame.partition(self._mark)
        if not mark:
            raise UnmarkableError("sheetData was lost")
        data = self._mark if self._was_empty and not self.rows else self._open + self.rows + self._close
        return bytes(head + data + tail)

    # The frame

    def tag(self, name: str) -> str:
        """The full name of an element of sheets."""
        return f"{{{self.space}}}{name}"

    def child(self, name: str) -> Any:
        """The first child of that name; None without one."""
        return self.root.find(self.tag(name))

    def children(self, name: str) -> list[Any]:
        """All children of that name."""
        return list(self.root.findall(self.tag(name)))

    def make(self, name: str, attributes: Mapping[str, str], text: str | None = None) -> Any:
        """An element of sheets, not yet placed."""
        item = self.root.makeelement(self.tag(name), dict(attributes))
        item.text = text
        return item

    def insert(self, item: Any) -> None:
        """Place a child after those of its kind, in the order that the standard asks for."""
        rank = _ORDER.index(etree.QName(item).localname)
        for child in self.root.iterchildren(etree.Element, reversed=True):
            if _rank(child) <= rank:
                child.addnext(item)
                return
        self.root.insert(0, item)

    # The rows

    def each_row(self) -> Iterator[RowPlace]:
        """Every row, from the top."""
        line, at = 0, 0
        close = f"</{self.prefix}row>".encode()
        while tag := _ROW.search(self.rows, at):
            number = _NUMBER.search(tag[1])
            line = int(number[1]) if number else line + 1
            end = tag.end() if tag[2] else self.rows.find(close, tag.end())
            if end < 0:
                raise UnmarkableError("a row is not closed")
            yield RowPlace(line, tag, end)
            at = end

    def last_column(self, row: RowPlace) -> str:
        """The letters of a row's last cell; "" for none, or if cells have no addresses."""
        cell = self.rows.rfind(f"<{self.prefix}c ".encode(), row.tag.end(), row.end)
        match = _COLUMN.search(self.rows, cell, row.end) if cell >= 0 else None
        return match[1].decode() if match else ""

    def append(self, cells: Mapping[int, bytes], heights: Mapping[int, int]) -> None:
        """Append cells to rows, by line; a row that is missing is made.

        heights: points that the cells need; a row of a lower fixed height is raised, and its tag keeps the old one.
        """
        pieces, at, left = [], 0, deque(sorted(cells.items()))
        close = f"</{self.prefix}row>".encode()
        for row in self.each_row():
            while left and left[0][0] < row.line:
                pieces += [self.rows[at : row.tag.start()], self._row(*left.popleft())]
                at = row.tag.start()
            if left and left[0][0] == row.line:
                tag = _raised(row.tag[0], heights.get(row.line, 0))
                tag = tag[:-2].rstrip() + b">" if row.is_empty else tag
                pieces += [self.rows[at : row.tag.start()], tag, self.rows[row.tag.end() : row.end], left.popleft()[1]]
                pieces += [close] if row.is_empty else []
                at = row.end
            if not left:
                break
        pieces.append(self.rows[at:])
        pieces += [self._row(line, more) for line, more in left]
        self.rows = b"".join(pieces)

    def lower(self) -> None:
        """Give every raised row its old height again; not one whose height another program has set since."""
        self.rows = _RAISED.sub(_lowered, self.rows)

    def _row(self, line: int, cells: bytes) -> bytes:
        return f'<{self.prefix}row r="{line}">'.encode() + cells + f"</{self.prefix}row>".encode()

    def cell(self, address: str, style: int, text: str) -> bytes:
        """A cell with a text of its own, which needs no shared string; a blank one for ""."""
        p = self.prefix
        if not text:
            return f'<{p}c r="{address}" s="{style}"/>'.encode()
        words = as_xml(text[:LONGEST])
        return (
            f'<{p}c r="{address}" s="{style}" t="inlineStr">'
            f'<{p}is><{p}t xml:space="preserve">{words}</{p}t></{p}is></{p}c>'
        ).encode()


_HEIGHT = re.compile(rb'\sht="([0-9.]{1,12})"')
_FIXED = re.compile(rb'\scustomHeight="([^"]*)"')
_RAISED = re.compile(rb'\sht="[0-9]{2,3}\.0([0-9]{5})([01])"( customHeight="1")')
"""A height whose decimals keep the old one, in hundredths of a point, and whether that was fixed by hand."""


def _raised(tag: bytes, points: int) -> bytes:
    """A row's tag with at least this height, if it has a fixed one."""
    match, fixed = _HEIGHT.search(tag), _FIXED.search(tag)
    old = float(match[1]) if match else 0
    if match is None or old >= points or f"{round(old * 100) / 100:g}".encode() != match[1]:
        return tag
    by_hand = fixed is not None and fixed[1] in (b"1", b"true")
    height = f' ht="{points}.0{round(old * 100):05}{int(by_hand)}" customHeight="1"'.encode()
    return _FIXED.sub(b"", tag[: match.start()]) + height + _FIXED.sub(b"", tag[match.end() :])


def _lowered(match: re.Match[bytes]) -> bytes:
    return f' ht="{int(match[1]) / 100:g}"'.encode() + (match[3] if match[2] == b"1" else b"")


def _rank(child: Any) -> int:
    name = etree.QName(child).localname
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def as_xml(text: str) -> str:
    """A text as XML holds it in a cell: _x000D_ stays these letters (ISO/IEC 29500-1, 22.9.2.19)."""
    return escape(_NO_XML.sub("", _ESCAPED.sub("_x005F_", text)), quote=False)
