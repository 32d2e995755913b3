"""What a file really is, by its first bytes and the names in its zip; knows formats, knows no form and no cell."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from html import unescape
from itertools import islice
from pathlib import Path

from pipeline.intake.files.bounds import fault_of_parts

LARGEST = 400 * 2**20
"""Bytes that a workbook may unpack to; 200,000 rows of the widest sheet take two thirds of it."""
LARGEST_OTHER = 20 * 2**20
"""Bytes. Larger files are not inspected, unless they are named .xlsx."""
MOST_MEMBERS = 5000
DEFLATE = 1032
"""Deflate packs at most so many bytes into one (zlib's technical note)."""
HEAD = 4096

EMPTY, DAMAGED, LOCKED_UP, FORBIDDEN, OVERSIZED = "FL-10", "FL-11", "FL-12", "FL-13", "FL-14"
OLD_SHEET, OPEN_SHEET, OTHER_SHEET, PLAIN_TEXT, HTML = "FL-16", "FL-17", "FL-18", "FL-19", "FL-20"
WORD, SLIDES, PDF, PICTURE, ARCHIVE, UNKNOWN = "FL-21", "FL-22", "FL-23", "FL-24", "FL-25", "FL-01"

_SIGNATURES: Sequence[tuple[bytes, str]] = (
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"{\\rtf", WORD),
    (b"MIME-Version:", HTML),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {
    "EncryptedPackage": LOCKED_UP,
    "Workbook": OLD_SHEET,
    "Book": OLD_SHEET,
    "WordDocument": WORD,
    "PowerPoint Document": SLIDES,
}
_MEMBERS: Sequence[tuple[str, str]] = (
    (r"(.*/)?document\.xml", WORD),
    (r"(.*/)?presentation\.xml", SLIDES),
    (r".*/workbook\.bin|index/.*\.iwa|index\.zip", OTHER_SHEET),
)
_OPEN_DOCUMENT = {b"spreadsheet": OPEN_SHEET, b"text": WORD, b"presentation": SLIDES}


def fault_of(path: Path) -> str | None:
    """The number of what keeps a file from being read as .xlsx; None for a workbook that may be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if head.startswith(_OLE2):
                return _ole2(head + stream.read(LARGEST))
    except OSError:
        return FORBIDDEN
    return _zip(path) if head.startswith(b"PK") else _other(head)


def sheet_names(path: Path, asked: Iterable[str]) -> set[str]:
    """The names of the sheets of a table in whatever format, or those of them that are asked for; no sheet is read.

    Empty for a file that is no table. Raises OSError where it cannot be read.
    """
    content = path.read_bytes()
    if content.startswith(_OLE2):  # BIFF8 (MS-XLS 2.5.293) and BIFF5: the length, then the name
        texts = {name: (_counted("<BB", name, 1), _in_gbk(name)) for name in asked}
        return {name for name, written in texts.items() if any(text in content for text in written)}
    if not content.startswith(b"PK"):
        return set()
    found: set[str] = set()
    left = LARGEST
    with suppress(Exception), zipfile.ZipFile(path) as package:  # a damaged zip fails in many ways
        for member in package.infolist():
            if match := _CONTENTS.fullmatch(member.filename.replace("\\", "/").lower()):
                part = _unpacked(package, member, left)
                left -= len(part)
                if left < 0:
                    break
                if match[2]:  # MS-XLSB 2.4.311
                    found |= {name for name in asked if _counted("<I", name) in part}
                else:
                    named = islice(_SHEET.finditer(part), MOST_MEMBERS)  # more sheets than that no form has
                    found |= {unescape(match[1].decode("utf-8", "replace")) for match in named}
    return found


_CONTENTS = re.compile(r"(?:.*/)?(workbook\.xml|content\.xml|(workbook\.bin))")
_SHEET = re.compile(rb"""<(?:\w+:)?(?:sheet|table)\s(?=[^<>]*+>)[^<>]*?\bname=["']([^"'<>]*+)""")


def _counted(form: str, name: str, *flags: int) -> bytes:
    return struct.pack(form, len(name), *flags) + name.encode("utf-16-le")


def _in_gbk(name: str) -> bytes:
    written = name.encode("gbk", "ignore")
    return struct.pack("<B", len(written)) + written


def _ole2(content: bytes) -> str:
    """By the first stream that its directory names (MS-CFB 2.6.1: UTF-16); an embedded object comes later."""
    places = {content.find(name.encode("utf-16-le") + b"\0\0"): number for name, number in _STREAMS.items()}
    places.pop(-1, None)
    return LOCKED_UP if LOCKED_UP in places.values() else places[min(places)] if places else UNKNOWN


def _other(head: bytes) -> str:
    if not head:
        return EMPTY
    if not head.strip(b"\0"):
        return DAMAGED  # a copy that broke off leaves a file of zeros
    for signature, number in _SIGNATURES:
        if head.startswith(signature):
            return number
    text = _decoded(head)
    if text is None:
        return UNKNOWN
    if re.search(r"<html|<table|<!doctype html", text, re.IGNORECASE):
        return HTML
    if text.lstrip("\ufeff \r\n").startswith("<?xml"):
        return OTHER_SHEET if re.search("Excel.Sheet|office:spreadsheet", text) else UNKNOWN
    return PLAIN_TEXT


def _decoded(head: bytes) -> str | None:
    """The text in the encodings that Chinese programs export; None for what is no text."""
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


def _zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if any(member.flag_bits & 1 for member in members):
                return LOCKED_UP
            return _named(package) or _oversized(members) or fault_of_parts(_parts(package, members))
    except _TooLargeError:
        return OVERSIZED
    except Exception:  # a damaged zip fails in many ways
        return DAMAGED


class _TooLargeError(Exception):
    """It unpacks to more than may be."""


def _named(package: zipfile.ZipFile) -> str | None:
    """What the names in a zip say that it is; None for an Excel workbook.

    One whose names differ in nothing but case (ISO/IEC 29500-2, 6.2.2.3), or that could be taken for a workbook of
    another format too, is damaged: nobody knows which part a reader would take.
    """
    names = [name.replace("\\", "/").lower() for name in package.namelist()]
    others = (number for pattern, number in _MEMBERS if any(re.fullmatch(pattern, name) for name in names))
    if any(re.fullmatch(r"(.*/)?workbook\.xml", name) for name in names):
        twofold = len(set(names)) < len(names) or "content.xml" in names or OTHER_SHEET in others
        return DAMAGED if twofold else None
    if "mimetype" in names:
        with package.open("mimetype") as stream:
            kind = stream.read(HEAD).rpartition(b"opendocument.")[2]
        return next((number for word, number in _OPEN_DOCUMENT.items() if kind.startswith(word)), ARCHIVE)
    return next(others, DAMAGED if "[content_types].xml" in names else ARCHIVE)


def _oversized(members: list[zipfile.ZipInfo]) -> str | None:
    """Whether it says itself that it unpacks to more than may be; or is packed in ways that OOXML does not know."""
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
        return OVERSIZED
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # ISO/IEC 29500-2, annex B
    return None if all(member.compress_type in known for member in members) else DAMAGED


def _parts(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """The parts that are XML, by name. Raises _TooLargeError where all members together really unpack to too much."""
    suspect = sum(member.compress_size for member in members) * DEFLATE > LARGEST
    left = LARGEST
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            xml = _unpacked(package, member, left)
            left -= len(xml)
            if left >= 0:
                yield member.filename, xml
        elif suspect:
            left -= len(_unpacked(package, member, left))
        if left < 0:
            raise _TooLargeError


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """What a member really unpacks to, no further than one byte beyond `most`; its declared size is not believed."""
    unbound = copy(member)
    unbound.file_size = most + 1
    del unbound.CRC
    with package.open(unbound) as stream:
        return stream.read()
