"""A body cut into paragraphs and tables before parsing, so that what many documents share is parsed once.

Knows bytes of XML and no meaning. Each piece is an element by itself, or the body is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.ooxml.trees import tree
from pipeline.word.form.long_tables import is_plain

_BODY, _BODY_END = re.compile(rb"<w:body(?: [^<>]*)?>"), b"</w:body>"
_OPENED = re.compile(rb"\s*<(w:[A-Za-z]+)(?: [^<>]*?)?(/?)>")
_DECLARED = re.compile(rb"<\?xml [^>]*?encoding=[\"'](?i:utf-8)[\"'][^>]*\?>\s*<")
"""The beginning of a part in UTF-8: cuts at ASCII marks cannot split a character."""
_BETWEEN = b"<?between?>"
"""Set between pieces to show where each ends; a body with anything else between its elements is not cut."""


class Uncut(Exception):
    """A piece is not an element by itself: the body must be parsed as a whole."""


@dataclass(frozen=True)
class Pieces:
    """A body: the bytes before its elements, each element, and the bytes after them."""

    head: bytes
    each: tuple[bytes, ...]
    tail: bytes

    def parsed(self, pieces: Iterable[bytes]) -> list[Any]:
        """The elements in pieces, parsed in the body's frame. Raises Uncut if a piece is not exactly one element."""
        return parsed(self.head, pieces, self.tail)


def parsed(head: bytes, pieces: Iterable[bytes], tail: bytes) -> list[Any]:
    """The elements in pieces of a body; see `Pieces`."""
    given = list(pieces)
    try:
        document = tree(b"".join((head, _BETWEEN.join(given), tail)))
    except etree.XMLSyntaxError as error:
        raise Uncut from error
    body = document[-1] if len(document) else document
    if etree.QName(document).localname != "document" or etree.QName(body).localname != "body":
        raise Uncut
    # Elements and marks must alternate: otherwise a piece held none, or several.
    elements, between = body[::2], body[1::2]
    if len(elements) != len(given) or any(one.tag is not etree.PI for one in between):
        raise Uncut
    return list(elements)


def cut(content: bytes) -> Pieces | None:
    """The pieces of a part; None if their ends are uncertain: comments, text between them, another encoding."""
    body, end = _BODY.search(content), content.rfind(_BODY_END)
    if body is None or not _DECLARED.match(content) or not is_plain(content):
        return None
    each, at = [], body.end()
    while at < end and (opened := _OPENED.match(content, at, end)):
        stop = opened.end()
        if not opened[2]:
            closing = b"</%b>" % opened[1]
            stop = content.find(closing, stop, end) + len(closing)
            # The closing tag was not found: find gave -1.
            if stop < len(closing):
                return None
        each.append(content[opened.start(1) - 1 : stop])
        at = stop
    if content[at:end].strip():
        return None
    return Pieces(content[: body.end()], tuple(each), content[end:])
