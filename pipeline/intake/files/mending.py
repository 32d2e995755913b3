"""Repairs a sheet that Excel opens but calamine does not read; knows no form.

calamine requires both corners of every range, but LibreOffice writes a merged row as 1:1, and other programs write a
dimension as 1:4 or leave it empty. The cells show where a sheet ends, so its dimension is dropped. calamine ignores
values in CDATA sections (XML 1.0, 2.7).
"""

from __future__ import annotations

import re

from pipeline.intake.files.markup import letters
from pipeline.intake.files.package import WorkbookPackage

LAST_ROW, LAST_COLUMN = 1_048_576, letters(16_383)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*?(?:/>|>\s*</(?:\w+:)?dimension>)")
_MERGED = re.compile(rb"""(<(?:\w+:)?mergeCell\b[^<>]*?\bref=["'])([^"'<>]*)(["'])""")
_RANGE = re.compile(r"([A-Z]{1,3})?([1-9][0-9]{0,6})?(?::([A-Z]{1,3})?([1-9][0-9]{0,6})?)?")
_QUOTED = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_NONE = b"A1"
"""A range of one cell, which hides none."""


def mended(package: WorkbookPackage, sheet: str) -> bytes:
    """The workbook with that one sheet rewritten; none of its other sheets may be read."""
    xml = package.sheet_xml(sheet)
    start = xml.find(b"sheetData")
    end = max(xml.rfind(b"sheetData"), 0)
    head, body, tail = xml[: max(start, 0)], xml[max(start, 0) : end], xml[end:]
    tail = _MERGED.sub(lambda match: match[1] + _corners(match[2]) + match[3], tail)
    last = body.rfind(b"]]>") + len("]]>")  # a section that begins beyond this has no end
    body = _QUOTED.sub(_escaped, body[:last]) + body[last:]
    return package.rewritten(sheet, _DIMENSION.sub(b"", head) + body + tail)


def _corners(written: bytes) -> bytes:
    """A merged range by both corners: 1:1 -> A1:XFD1, A:C -> A1:C1048576; A1 if it is not a range."""
    # Some programs write a range as in a formula: 表!$A$1:$C$1.
    text = written.decode("ascii", "replace").rpartition("!")[2].replace("$", "").strip().upper()
    match = _RANGE.fullmatch(text)
    left, top, right, bottom = match.groups() if match else (None,) * 4
    if not (left or top):
        return _NONE
    if ":" not in text:
        right, bottom = left, top
    if bool(left) != bool(right) or bool(top) != bool(bottom):
        return _NONE
    return f"{left or 'A'}{top or 1}:{right or LAST_COLUMN}{bottom or LAST_ROW}".encode()


def _escaped(match: re.Match[bytes]) -> bytes:
    return match[1].replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
