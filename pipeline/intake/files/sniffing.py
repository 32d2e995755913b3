"""What a file really is, by its first bytes and the names in its zip; knows formats, knows no form and no cell."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from html import unescape
from itertools import islice
from pathlib import Path

from pipeline.forms.faults.fault import Fault
from pipeline.forms.faults.files import (
    FL_01,
    FL_10,
    FL_11,
    FL_12,
    FL_13,
    FL_14,
    FL_16,
    FL_17,
    FL_18,
    FL_19,
    FL_20,
    FL_21,
    FL_22,
    FL_23,
    FL_24,
    FL_25,
)
from pipeline.intake.files.bounds import fault_of_parts
from pipeline.ooxml.names import called, is_xml
from pipeline.ooxml.opening import (
    ENCRYPTED,
    HEAD,
    MOST_MEMBERS,
    MOST_PACKED,
    FileFormat,
    OversizedError,
    ZipLimits,
    contents,
    format_of,
    is_locked,
    is_oversized,
    is_packed_strangely,
    ole2_streams,
    twofold,
    unpacked,
)

LIMITS = ZipLimits(package=400 * 2**20, part=400 * 2**20)
"""Limits of a workbook; 200,000 rows of the widest sheet take two thirds."""
LARGEST_OTHER = 20 * 2**20
"""Bytes; larger files are not inspected unless named .xlsx."""

EMPTY, DAMAGED, LOCKED_UP, FORBIDDEN, OVERSIZED = FL_10, FL_11, FL_12, FL_13, FL_14
OLD_SHEET, OPEN_SHEET, OTHER_SHEET, PLAIN_TEXT, HTML = FL_16, FL_17, FL_18, FL_19, FL_20
WORD, SLIDES, PDF, PICTURE, ARCHIVE, UNKNOWN = FL_21, FL_22, FL_23, FL_24, FL_25, FL_01

_FORMATS = {
    FileFormat.EMPTY: EMPTY,
    FileFormat.PDF: PDF,
    FileFormat.RTF: WORD,
    FileFormat.MHTML: HTML,
    FileFormat.PICTURE: PICTURE,
    FileFormat.ARCHIVE: ARCHIVE,
}
_STREAMS = {
    ENCRYPTED: LOCKED_UP,
    "Workbook": OLD_SHEET,
    "Book": OLD_SHEET,
    "WordDocument": WORD,
    "PowerPoint Document": SLIDES,
}
_MEMBERS: Sequence[tuple[str, Fault]] = (
    (r"(.*/)?document\.xml", WORD),
    (r"(.*/)?presentation\.xml", SLIDES),
    (r".*/workbook\.bin|index/.*\.iwa|index\.zip", OTHER_SHEET),
)
_OPEN_DOCUMENT = {b"spreadsheet": OPEN_SHEET, b"text": WORD, b"presentation": SLIDES}


def fault_of(path: Path) -> Fault | None:
    """The fault that keeps a file from being read as .xlsx; None for a readable workbook."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            found = format_of(head)
            if found is FileFormat.OLE2:
                return _ole2(head + stream.read(LIMITS.package))
    except OSError:
        return FORBIDDEN
    if found is FileFormat.ZIP:
        return _zip(path)
    return _FORMATS[found] if found else _text(head)


def sheet_names(path: Path, asked: Iterable[str]) -> set[str]:
    """The names of the sheets of a table in any format, or those among them that are asked for; no sheet is read.

    Empty if the file is not a table. Raises OSError if it cannot be read.
    """
    content = path.read_bytes()
    found_format = format_of(content[:HEAD])
    if found_format is FileFormat.OLE2:  # BIFF8 (MS-XLS 2.5.293) and BIFF5: the length, then the name
        texts = {name: (_counted("<BB", name, 1), _in_gbk(name)) for name in asked}
        return {name for name, written in texts.items() if any(text in content for text in written)}
    if found_format is not FileFormat.ZIP:
        return set()
    found: set[str] = set()
    left = LIMITS.package
    with suppress(Exception), zipfile.ZipFile(path) as package:  # a damaged zip fails in many ways
        for member in package.infolist():
            if match := _CONTENTS.fullmatch(called(member.filename)):
                part = unpacked(package, member, left, believed=False)
                left -= len(part)
                if left < 0:
                    break
                if match[2]:  # MS-XLSB 2.4.311
                    found |= {name for name in asked if _counted("<I", name) in part}
                else:
                    named = islice(_SHEET.finditer(part), MOST_MEMBERS)  # no form has more sheets than that
                    found |= {unescape(match[1].decode("utf-8", "replace")) for match in named}
    return found


_CONTENTS = re.compile(r"(?:.*/)?(workbook\.xml|content\.xml|(workbook\.bin))")
_SHEET = re.compile(rb"""<(?:\w+:)?(?:sheet|table)\s(?=[^<>]*+>)[^<>]*?\bname=["']([^"'<>]*+)""")


def _counted(form: str, name: str, *flags: int) -> bytes:
    return struct.pack(form, len(name), *flags) + name.encode("utf-16-le")


def _in_gbk(name: str) -> bytes:
    written = name.encode("gbk", "ignore")
    return struct.pack("<B", len(written)) + written


def _ole2(content: bytes) -> Fault:
    """By the first stream that its directory names."""
    streams = ole2_streams(content)
    return LOCKED_UP if ENCRYPTED in streams else _STREAMS[streams[0]] if streams else UNKNOWN


def _text(head: bytes) -> Fault:
    """What a file is that may be text."""
    if not head.strip(b"\0"):
        return DAMAGED  # an interrupted copy leaves a file of zeros
    text = _decoded(head)
    if text is None:
        return UNKNOWN
    if re.search(r"<html|<table|<!doctype html", text, re.IGNORECASE):
        return HTML
    if text.lstrip("\ufeff \r\n").startswith("<?xml"):
        return OTHER_SHEET if re.search("Excel.Sheet|office:spreadsheet", text) else UNKNOWN
    return PLAIN_TEXT


def _decoded(head: bytes) -> str | None:
    """The text in the encodings that Chinese programs export; None if it is not text."""
    # UTF-8 first: its bytes are often valid GB 18030 as well, but hardly ever the other way round.
    encodings = ("utf-16",) if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if not re.search("[\x00-\x08\x0e-\x1f]", text):
            return text
    return None


# Zip -----------------------------------------------------------------------------------------------------------------


def _zip(path: Path) -> Fault | None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if is_locked(members):
                return LOCKED_UP
            return _named(package, members) or _fault_of_members(members) or fault_of_parts(_parts(package, members))
    except OversizedError:
        return OVERSIZED
    except Exception:  # a damaged zip fails in many ways
        return DAMAGED


def _named(package: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> Fault | None:
    """What a zip is by the names in it; None for an Excel workbook.

    A zip with names that differ only in case (ISO/IEC 29500-2, 6.2.2.3), or that could also be a workbook of another
    format, is damaged: readers would disagree on which part to take.
    """
    names = [called(member.filename) for member in members]
    others = (fault for pattern, fault in _MEMBERS if any(re.fullmatch(pattern, name) for name in names))
    if any(re.fullmatch(r"(.*/)?workbook\.xml", name) for name in names):
        return DAMAGED if twofold(members) or "content.xml" in names or OTHER_SHEET in others else None
    if "mimetype" in names:
        with package.open("mimetype") as stream:
            kind = stream.read(HEAD).rpartition(b"opendocument.")[2]
        return next((fault for word, fault in _OPEN_DOCUMENT.items() if kind.startswith(word)), ARCHIVE)
    return next(others, DAMAGED if "[content_types].xml" in names else ARCHIVE)


def _fault_of_members(members: Sequence[zipfile.ZipInfo]) -> Fault | None:
    """Whether a zip claims more than the limits, or is packed in ways that OOXML does not know."""
    if len(members) > MOST_MEMBERS or is_oversized(members, LIMITS):
        return OVERSIZED
    return DAMAGED if is_packed_strangely(members) else None


def _parts(package: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML, by name. Raises OversizedError if all members together really unpack to too much.

    Other members are unpacked too if they are packed so small that they might be too much.
    """
    suspect = sum(member.compress_size for member in members) * MOST_PACKED > LIMITS.package
    asked = (member for member in members if suspect or is_xml(member.filename))
    return ((name, part) for name, part in contents(package, asked, LIMITS, believed=False) if is_xml(name))
