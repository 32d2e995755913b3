"""How large a workbook's parts become when unpacked, counted before any is parsed: tags, texts, shared texts.

Knows XML and the parts of a workbook, no form. Every count is one pass over bytes; for an ordinary workbook it takes
milliseconds.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.forms.faults.fault import Fault
from pipeline.forms.faults.files import FL_11, FL_15, FL_45, FL_46, FL_47

MOST_TAGS = 32_000_000
"""Tags of all parts together: eight million filled cells with four tags each. calamine keeps 80 bytes for each cell."""
MOST_STRING_TAGS = 8_000_000
"""Tags in the table of shared strings: two million different texts with four tags each."""
MOST_NODES = 2_000_000
"""Tags and attributes of a part parsed as a tree: 300 MB of memory, thirty times Excel's limit of cell styles."""
LONGEST_PIECE = 6 * 32_768
"""Bytes between two tags: the 32,767 characters of a cell (Excel's limit), each written as `&quot;`."""
MOST_TEXT = 200 * 2**20
"""Bytes of text in all cells together; memory holds several copies, and Python may need four bytes a character."""
_OF_NOTE = 2**24
"""Below this many bytes, a part's own text need not be counted."""

TEXT, TAGS, PIECE, ENTITIES, DAMAGED = FL_45, FL_46, FL_47, FL_15, FL_11

_FIRST_TAG = re.compile(rb"<\0?[A-Za-z]")
_CLAIM = re.compile(rb"""\buniqueCount\s*=\s*["']([0-9]+)""")
_LONG_TEXT = re.compile(rb">[^<]{32,}")
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_USE = re.compile(
    rb"""["']s["'][^<>]*+>\s*+(?:<(?:\w+:)?f\b[^<>]*+(?:(?<=/)>|>[^<]*+</(?:\w+:)?f>)\s*+)?"""
    rb"""<(?:\w+:)?v\b[^<>]*+>([0-9]{1,9}+)<"""
)
"""What follows t in a cell with a shared string, up to the string's number."""


def fault_of_parts(parts: Iterable[tuple[str, bytes]]) -> Fault | None:
    """The fault that makes these XML parts unfit to be parsed; None if they are fit."""
    tags = text = 0
    strings: list[bytes] = []
    uses: dict[str, bytes] = {}
    for name, xml in parts:
        if fault := _prologue_fault(xml):
            return fault
        # Counting bytes bounds the tree before anything builds one.
        tags += xml.count(b"<")
        if tags > MOST_TAGS or _nodes_of_tree(name, xml) > MOST_NODES:
            return TAGS
        if not name.lower().startswith("customxml/") and _has_long_piece(xml):
            return PIECE
        if len(xml) > _OF_NOTE:
            text += sum(match.end() - match.start() for match in _LONG_TEXT.finditer(xml))
        if name.lower().endswith("sharedstrings.xml"):
            strings.append(xml)
        elif b'"s"' in xml or b"'s'" in xml:
            uses[name] = xml
    for table in strings:
        if table.count(b"<") > MOST_STRING_TAGS:
            return TAGS
        text += _shared(table, list(uses.values()), MOST_TEXT - text)
    return TEXT if text > MOST_TEXT else None


def nodes(xml: bytes) -> int:
    """Upper limit of the tags and attributes of a part."""
    return xml.count(b"<") + xml.count(b"=")


def _nodes_of_tree(name: str, xml: bytes) -> int:
    """Those of a part that is parsed as a tree and without which a workbook cannot be opened; 0 for others."""
    return nodes(xml) if name.lower().endswith(("workbook.xml", ".rels")) else 0


def _prologue_fault(xml: bytes) -> Fault | None:
    """Whether a part has a document type declaration, which OOXML forbids (ISO/IEC 29500-2, 6.2.5) and attacks need.

    Also whether it claims more shared strings than it can hold: calamine would reserve memory for them.
    """
    first = _FIRST_TAG.search(xml)
    at = first.start() if first else len(xml)
    if b"<!DOCTYPE" in xml[:at].replace(b"\0", b""):  # in UTF-16 too
        return ENTITIES
    claimed = _CLAIM.search(xml, at, max(xml.find(b">", at), 0))
    return DAMAGED if claimed and int(claimed[1]) > len(xml) else None


def _has_long_piece(xml: bytes) -> bool:
    """Whether two tags are further apart than any program writes them; twice that distance is always detected."""
    # One look for each LONGEST_PIECE bytes, instead of one for each tag.
    for start in range(0, len(xml) - LONGEST_PIECE, LONGEST_PIECE):
        if xml.find(b"<", start, start + LONGEST_PIECE) < 0:
            before, after = xml.rfind(b"<", 0, start), xml.find(b"<", start)
            if (len(xml) if after < 0 else after) - before > LONGEST_PIECE:
                return True
    return False


def _marks(xml: bytes) -> int:
    """At least the number of cells with a shared string."""
    return xml.count(b'"s"') + xml.count(b"'s'")


def _shared(table: bytes, sheets: Sequence[bytes], most: int) -> int:
    """Bytes of a table's strings, each counted as often as cells use it; 0 if that is certainly at most `most`."""
    uses = sum(map(_marks, sheets))
    if uses * len(table) <= most:
        return 0
    starts = array("Q", (match.start() for match in _STRING.finditer(table)))
    starts.append(len(table))
    # An array instead of a list: two million ints would take 80 MB.
    lengths = array("Q", (end - start for start, end in pairwise(starts)))
    longest = max(lengths, default=0)
    if uses * longest <= most:
        return 0
    total = 0
    for sheet in sheets:
        found = 0
        for match in _USE.finditer(sheet):
            number = int(match[1])
            total += lengths[number] if number < len(lengths) else 0
            found += 1
        total += (_marks(sheet) - found) * longest  # no program writes it so: calamine may take the first string
        if total > most:
            break
    return total
