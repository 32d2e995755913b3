"""The far rows of long tables, left out before a part is parsed: nobody asks for them; knows bytes of XML, builds no tree."""

from __future__ import annotations

import re

MOST_WORDS = 1000
"""Characters of a table that are looked at before it is read."""
_SHORT = 2**15
"""Bytes of a table that are never cut: a dozen rows."""
_TABLE, _TABLE_END, _ROW_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>"
_TEXT = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_REFERENCE = re.compile(rb"&[^;]*;")


def without_far_rows(content: bytes) -> bytes:
    """A part of a document, each long table ending with the row in which it has said MOST_WORDS characters.

    The part itself where it has no such table, and where comments, CDATA or instructions might look like rows. Where rows are
    held by something else within the table, what is left is not well-formed: then the part must be parsed as it is.
    """
    if len(content) <= _SHORT or b"<!" in content or content.find(b"<?", 1) >= 0:
        return content
    kept, at, begin = [], 0, content.find(_TABLE)
    while begin >= 0:
        end = content.find(_TABLE_END, begin)
        first = _enough(content, begin, end)
        last = content.rfind(_ROW_END, first, end) + len(_ROW_END)
        if first < last:
            kept.append(content[at:first])
            at = last
        begin = content.find(_TABLE, begin + 1)
    return b"".join((*kept, content[at:])) if kept else content


def _enough(content: bytes, begin: int, end: int) -> int:
    """Where the row ends in which a table has said enough; its end where it never does."""
    length = _SHORT
    while (row := content.find(_ROW_END, begin + length, end)) >= 0:
        row += len(_ROW_END)
        said = b"".join(_TEXT.findall(content, begin, row))
        if len(_REFERENCE.sub(b"&", said).decode(errors="replace")) > MOST_WORDS:
            return row
        length = 2 * (row - begin)
    return end
