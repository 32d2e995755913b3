"""The zip of a document, written by hand so that a template's members are packed once; knows no Word.

The same members give the same bytes on processors of one kind: it holds no time (PKWARE APPNOTE 6.3, sections 4.3.7,
4.3.12 and 4.3.16).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from isal import isal_zlib

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_CENTRAL_MARK, _END_MARK = b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _DEFLATED, _UTF8 = 20, 8, 0x800
_FIRST_DAY = (0, 1 << 5 | 1)
"""Midnight of 1980-01-01, the earliest time in a zip, as time and date."""
FAST, SMALL = 1, 6
"""Levels of packing. FAST, which is ISA-L's, takes a third of SMALL's time for a page and a fifteenth for 5,000 rows;
a document of one page becomes 1% larger, a long one 40%."""


@dataclass(frozen=True)
class Packed:
    """A member's bytes, deflated."""

    deflated: bytes
    checksum: int
    size: int

    @property
    def known(self) -> tuple[int, int]:
        """Checksum and size: identify it whatever its name."""
        return self.checksum, self.size

    def unpacked(self) -> bytes:
        """Its content; raises BadZipFile if that does not match the checksum."""
        try:
            content: bytes = isal_zlib.decompress(self.deflated, -zlib.MAX_WBITS, self.size)
        except isal_zlib.error as error:  # type: ignore[misc]
            raise zipfile.BadZipFile from error
        if isal_zlib.crc32(content) != self.checksum:
            raise zipfile.BadZipFile
        return content


Seen = set[tuple[int, int]]
"""Members known to be whole, by checksum and size."""


def pack(portions: Iterable[bytes], level: int = FAST) -> Packed:
    """Deflate a member portion by portion; holds one portion at a time beside the result."""
    # A template's constant parts are packed once, so they may take zlib's time; ISA-L has no level as small.
    library = isal_zlib if level == FAST else zlib
    press, checksum, size, deflated = library.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS), 0, 0, []
    for portion in portions:
        deflated.append(press.compress(portion))
        checksum = isal_zlib.crc32(portion, checksum)
        size += len(portion)
    return Packed(b"".join([*deflated, press.flush()]), checksum, size)


def held(content: bytes) -> list[tuple[str, Packed]]:
    """The members of a zip that `Package` wrote, with their names; raises BadZipFile for any other zip."""
    found: list[tuple[str, Packed]] = []
    try:
        mark, *_, count, _, at, comment = _END.unpack_from(content, len(content) - _END.size)
        for _ in range(count):
            head, _, _, _, packing, _, _, checksum, packed, size, name, extra, said, *_, local = _CENTRAL.unpack_from(
                content, at
            )
            at += _CENTRAL.size + name + extra + said
            begin = local + _LOCAL.size + sum(_LOCAL.unpack_from(content, local)[-2:])
            if head != _CENTRAL_MARK or packing != _DEFLATED:
                raise zipfile.BadZipFile
            called = content[at - name - extra - said : at - extra - said].decode()
            found.append((called, Packed(content[begin : begin + packed], checksum, size)))
    except (struct.error, ValueError) as error:
        raise zipfile.BadZipFile from error
    # A zip from elsewhere may have a comment, data descriptors or ZIP64 fields, which this reader does not know.
    if mark != _END_MARK or comment:
        raise zipfile.BadZipFile
    return found


@dataclass(frozen=True)
class Package:
    """A zip in the making: members and directory; empty without arguments."""

    members: bytes = b""
    directory: bytes = b""
    count: int = 0
    proved: tuple[tuple[int, int], ...] = ()
    """The members proved to be whole."""

    def plus(self, name: str, packed: Packed, *, proved: bool = False) -> Package:
        """This package with one member more."""
        called = name.encode()
        # Without the flag a name is read as CP437, or GBK on Chinese Windows.
        flags = 0 if name.isascii() else _UTF8
        sizes = (packed.checksum, len(packed.deflated), packed.size, len(called), 0)
        local = _LOCAL.pack(b"PK\x03\x04", _VERSION, flags, _DEFLATED, *_FIRST_DAY, *sizes)
        central = _CENTRAL.pack(
            _CENTRAL_MARK, _VERSION, _VERSION, flags, _DEFLATED, *_FIRST_DAY, *sizes, 0, 0, 0, 0, len(self.members)
        )
        return Package(
            b"".join((self.members, local, called, packed.deflated)),
            b"".join((self.directory, central, called)),
            self.count + 1,
            (*self.proved, packed.known) if proved else self.proved,
        )

    def write(self, path: Path) -> None:
        """Write the zip in one step; raises OSError if that fails."""
        path.write_bytes(self.content)

    @property
    def content(self) -> bytes:
        """The zip."""
        end = _END.pack(_END_MARK, 0, 0, self.count, self.count, len(self.directory), len(self.members), 0)
        return b"".join((self.members, self.directory, end))
