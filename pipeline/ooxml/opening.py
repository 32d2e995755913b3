"""A .docx or .xlsx opened safely: the format by its first bytes, and members unpacked only within limits.

Finds what is wrong and has no words for it: the caller reports it. Knows no part of a package.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum

from pipeline.ooxml.names import called, is_xml

HEAD = 4096
"""Bytes at the beginning of a file that are examined for its format."""
MOST_MEMBERS = 5000
"""Members of a package; an ordinary one has a few dozen."""
MOST_PACKED = 1032
"""Deflate's highest ratio (zlib's technical note)."""


class FileFormat(Enum):
    """A file's format, as far as its first bytes show it."""

    EMPTY = "0 字节"
    ZIP = "zip"
    OLE2 = "OLE2"
    PDF = "PDF"
    RTF = "RTF"
    MHTML = "MHTML"
    PICTURE = "图片"
    ARCHIVE = "压缩包"


_SIGNATURES: Sequence[tuple[bytes, FileFormat]] = (
    (b"PK", FileFormat.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFormat.OLE2),
    (b"%PDF", FileFormat.PDF),
    (b"{\\rtf", FileFormat.RTF),
    (b"MIME-", FileFormat.MHTML),
    (b"\x89PNG", FileFormat.PICTURE),
    (b"\xff\xd8\xff", FileFormat.PICTURE),
    (b"GIF8", FileFormat.PICTURE),
    (b"II*\0", FileFormat.PICTURE),
    (b"MM\0*", FileFormat.PICTURE),
    (b"Rar!", FileFormat.ARCHIVE),
    (b"7z\xbc\xaf", FileFormat.ARCHIVE),
    (b"\x1f\x8b", FileFormat.ARCHIVE),
)
ENCRYPTED = "EncryptedPackage"
"""The stream of an OLE2 file that contains a package with a password (MS-OFFCRYPTO 2.3.4.4)."""
_STREAMS = (ENCRYPTED, "Workbook", "Book", "WordDocument", "PowerPoint Document")


def format_of(head: bytes) -> FileFormat | None:
    """A file's format by its first bytes; None if they do not show it."""
    if not head:
        return FileFormat.EMPTY
    return next((format_ for signature, format_ in _SIGNATURES if head.startswith(signature)), None)


def ole2_streams(content: bytes) -> list[str]:
    """The content of an OLE2 file, by the programs' streams in its directory, in order; [] for none.

    The names are in UTF-16 (MS-CFB 2.6.1). An embedded object comes after the document that contains it.
    """
    places = {content.find(name.encode("utf-16-le") + b"\0\0"): name for name in _STREAMS}
    return [name for place, name in sorted(places.items()) if place >= 0]


@dataclass(frozen=True)
class ZipLimits:
    """Bytes to which a package may unpack: all members together, and each XML part."""

    package: int
    part: int


class OversizedError(Exception):
    """A package unpacks to more than its limits allow."""


def is_locked(members: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a member has a password."""
    return any(member.flag_bits & 1 for member in members)


def is_oversized(members: Sequence[zipfile.ZipInfo], limits: ZipLimits) -> bool:
    """Whether a zip itself states more than the limits; what it conceals shows when it is unpacked."""
    parts = (member.file_size for member in members if is_xml(member.filename))
    return sum(member.file_size for member in members) > limits.package or max(parts, default=0) > limits.part


def is_packed_strangely(members: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a member is packed in a way that OOXML does not know (ISO/IEC 29500-2, annex B)."""
    return any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members)


def twofold(members: Iterable[zipfile.ZipInfo]) -> str:
    """The name that two members share, in lower case; "" for none.

    Names are equal in any case (ISO/IEC 29500-2, 6.2.2.3), so it is open which of the two a program reads.
    """
    counts = Counter(called(member.filename) for member in members)
    return next((name for name, count in counts.items() if count > 1), "")


def contents(
    package: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], limits: ZipLimits, *, believed: bool
) -> Iterator[tuple[str, bytes]]:
    """The unpacked members by name; OversizedError beyond the limits. believed: see `unpacked`."""
    left = limits.package
    for member in members:
        content = unpacked(package, member, min(limits.part, left), believed=believed)
        left -= len(content)
        if left < 0 or len(content) > limits.part:
            raise OversizedError
        yield member.filename, content


def unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, *, believed: bool) -> bytes:
    """The content of a member, up to one byte beyond `most`.

    believed: BadZipFile if it has not the size and checksum it states; otherwise it is read as it really is.
    """
    if believed:
        with package.open(member) as stream:
            return stream.read(most + 1)
    unbound = copy(member)
    unbound.file_size = most + 1
    del unbound.CRC
    with package.open(unbound) as stream:
        return stream.read()
