"""What a file really is, by its first bytes and the names in its zip; knows formats, knows no form and no cell."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import IO

LARGEST = 400 * 2**20
"""Bytes that a workbook may unpack to; 200,000 rows of the widest sheet take two thirds of it."""
MOST_MEMBERS = 5000
DEFLATE = 1032
"""Deflate packs at most so many bytes into one (zlib's technical note)."""
HEAD = 4096
LONGEST_PROLOGUE = 2**20

EMPTY, DAMAGED, LOCKED_UP, FORBIDDEN, OVERSIZED, ENTITIES = "FL-10", "FL-11", "FL-12", "FL-13", "FL-14", "FL-15"
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
            return _named(package) or _oversized(package, members) or _with_entities(package, members)
    except Exception:  # a damaged zip fails in many ways
        return DAMAGED


def _named(package: zipfile.ZipFile) -> str | None:
    """What the names in a zip say that it is; None for an Excel workbook."""
    names = [name.replace("\\", "/").lower() for name in package.namelist()]
    if any(re.fullmatch(r"(.*/)?workbook\.xml", name) for name in names):
        return None
    if "mimetype" in names:
        with package.open("mimetype") as stream:
            kind = stream.read(HEAD).rpartition(b"opendocument.")[2]
        return next((number for word, number in _OPEN_DOCUMENT.items() if kind.startswith(word)), ARCHIVE)
    kinds = (number for pattern, number in _MEMBERS if any(re.fullmatch(pattern, name) for name in names))
    return next(kinds, DAMAGED if "[content_types].xml" in names else ARCHIVE)


def _oversized(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str | None:
    """Whether it unpacks to more than may be: by what it declares and, where a lie could matter, by unpacking."""
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
        return OVERSIZED
    if sum(member.compress_size for member in members) * DEFLATE <= LARGEST:
        return None
    left = LARGEST
    for member in members:
        left -= _unpacked(package, member, left)
        if left < 0:
            return OVERSIZED
    return None


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """The bytes that a member really unpacks to, counted no further than just over `most`; its declared size is not believed."""
    unbound = copy(member)
    unbound.file_size = most + 1
    del unbound.CRC
    with package.open(unbound) as stream:
        return sum(len(chunk) for chunk in iter(lambda: stream.read(2**20), b""))


def _with_entities(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str | None:
    """Whether a part has a document type declaration, which OOXML forbids (ISO/IEC 29500-2, 6.2.5) and attacks need."""
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            with package.open(member) as stream:
                head = _prologue(stream)
            if b"<!DOCTYPE" in head.replace(b"\0", b""):  # in UTF-16 too
                return ENTITIES
            claimed = re.search(rb"""\buniqueCount=["']([0-9]+)""", head)
            if claimed and int(claimed[1]) > member.file_size:
                return DAMAGED
    return None


def _prologue(stream: IO[bytes]) -> bytes:
    """What stands before the first element and the beginning of it; blanks and comments may make it long."""
    head = stream.read(HEAD)
    while not re.search(rb"<\0?[A-Za-z]", head) and len(head) < LONGEST_PROLOGUE and (more := stream.read(HEAD)):
        head += more
    return head
