"""The far rows of long tables, cut off before parsing because nobody asks for them; knows bytes of XML, no tree."""

from __future__ import annotations

import re
from html import unescape

MOST_WORDS = 1000
"""Characters of a table that are examined."""
_SHORT = 2**15
"""Bytes of a table that is never cut: a dozen rows."""
_TABLE, _TABLE_END, _ROW_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>"
_TEXT = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>")
_TEXT_OR_END = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>|</w:p>|<w:p(?: [^<>]*)?/>")
_REFERENCE = re.compile(rb"&[^;]*;")


def without_far_rows(content: bytes) -> bytes:
    """A part of a document, each long table cut after the row with its character number MOST_WORDS.

    The part itself if it has no such table, or if comments, CDATA or instructions might look like rows. If something
    else within the table holds its rows, the result is not well-formed: the part must then be parsed as it is.
    """
    if len(content) <= _SHORT or not is_plain(content):
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


def is_plain(content: bytes) -> bool:
    """Whether a part has no comment, CDATA section or instruction, so that whatever looks like an element is one."""
    declared = content.find(b"?>")  # searching for single characters first takes a tenth of the time
    instructed = content.find(b"?", declared + 2) >= 0 and content.find(b"<?", 1) >= 0
    return not instructed and not (b"!" in content and b"<!" in content)


def _enough(content: bytes, begin: int, end: int) -> int:
    """The end of the row by which a table has enough characters; the table's end if it never has."""
    length = _SHORT
    while (row := content.find(_ROW_END, begin + length, end)) >= 0:
        row += len(_ROW_END)
        said = b"".join(_TEXT.findall(content, begin, row))
        if len(_REFERENCE.sub(b"&", said).decode(errors="replace")) > MOST_WORDS:
            return row
        # Doubling keeps the repeated counting within a constant factor of one count.
        length = 2 * (row - begin)
    return end


def said(table: bytes) -> str | None:
    """The words in a table, one line for each paragraph, up to MOST_WORDS; None if only a tree can show them."""
    # Text boxes nest paragraphs; references and carriage returns need a parser.
    if b":txbxContent" in table or b"&#" in table or b"\r" in table:
        return None
    lines: list[str] = []
    line, length = b"", 0
    for found in _TEXT_OR_END.finditer(table):
        if found[1] is not None:
            line += found[1]
            continue
        lines.append(unescape(line.decode()))
        line, length = b"", length + len(lines[-1])
        if length > MOST_WORDS:
            break
    return "\n".join(lines)


def without_rows(piece: bytes) -> bytes:
    """A table without its rows, which differ from document to document; any other piece of a body unchanged."""
    # Without them, the tables of a template's documents are equal, and are read once.
    begin = piece.find(b"<w:tr", len(_TABLE)) if piece.startswith(_TABLE) else -1
    return piece if begin < 0 else piece[:begin] + _TABLE_END
