"""A workbook's package, changed part by part: what is not changed keeps its bytes; knows no sheet's content."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.ooxml.names import called, led_to, links_of
from pipeline.ooxml.package import FAST, SMALL, Package, Packed, pack
from pipeline.ooxml.relations import STRICT, TRANSITIONAL, TYPES
from pipeline.ooxml.trees import tree

_LOCAL = struct.Struct("<26xHH")
_LARGE = 2**20
"""Larger parts are packed fast."""
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OF_LINKS = "application/vnd.openxmlformats-package.relationships+xml"


class UnmarkableError(ValueError):
    """The workbook is not built as this room expects; it must go back in another way."""


class PackageParts:
    """The members of a package. Raises UnmarkableError where its parts are not as in a workbook."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except zipfile.BadZipFile as error:
            raise UnmarkableError(str(error)) from error
        self._names = {called(name): name for name in self._zip.namelist()}
        self._changed: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return self._stored(name) is not None

    def _stored(self, name: str) -> str | None:
        return self._names.get(called(name))

    def read(self, name: str) -> bytes:
        """The bytes of a part; b"" if there is none."""
        stored = self._stored(name)
        if stored is None:
            return b""
        return self._changed[stored] if stored in self._changed else self._zip.read(stored)

    def write(self, name: str, content: bytes) -> None:
        """Give a part other bytes, or add it."""
        self._changed[self._names.setdefault(called(name), name)] = content

    def drop(self, name: str) -> None:
        """Leave a part out, with its own relations and its content type."""
        if stored := self._names.pop(called(name), None):
            self._changed.pop(stored, None)  # a part of that name that is added later is the last of the package
            self.drop(links_of(name))
            self._retype(name)

    def free(self, pattern: str) -> str:
        """The first name of a pattern, with {} for a number, that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def root(self, name: str) -> Any:
        """The tree of a part. Raises UnmarkableError if it is missing or not well-formed."""
        try:
            return tree(self.read(name))
        except etree.XMLSyntaxError as error:
            raise UnmarkableError(f"{name}: {error}") from error

    def put(self, name: str, root: Any) -> None:
        """Write a part from its tree."""
        self.write(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def names(self) -> Iterator[str]:
        """The names of all parts, as stored."""
        return iter(self._names.values())

    @property
    def content(self) -> bytes:
        """The package; the same changes give the same bytes."""
        package = Package()
        infos = {info.filename: info for info in self._zip.infolist()}
        for name in self.names():
            if name in self._changed:
                part = self._changed[name]
                package = package.plus(name, pack([part], FAST if len(part) > _LARGE else SMALL))
            else:
                package = package.plus(name, self._packed(infos[name]))
        return package.content

    def _packed(self, info: zipfile.ZipInfo) -> Packed:
        """A member as it is in the zip; one that is not deflated is packed."""
        if info.compress_type != zipfile.ZIP_DEFLATED:
            return pack([self._zip.read(info)], SMALL)
        name, extra = _LOCAL.unpack_from(self._content, info.header_offset)
        start = info.header_offset + _LOCAL.size + name + extra
        return Packed(self._content[start : start + info.compress_size], info.CRC, info.file_size)

    # Relations and content types

    def related(self, source: str, kind: str) -> list[str]:
        """The existing parts of a kind, the last word of its type, to which a part leads."""
        return [target for type_, target in self._links(source) if type_.rpartition("/")[2] == kind and target in self]

    def _links(self, source: str) -> Iterator[tuple[str, str]]:
        """The type and target of each relation that leads to a part."""
        if (links := links_of(source)) in self:
            for link in self.root(links):
                if link.get("TargetMode") != "External":
                    yield link.get("Type", ""), led_to(source, link.get("Target", ""))

    def target(self, source: str, identity: str) -> str:
        """The part to which the relation with that Id leads; "" for none."""
        links = self.root(links_of(source)) if links_of(source) in self else ()
        return next((led_to(source, link.get("Target", "")) for link in links if link.get("Id") == identity), "")

    def link(self, source: str, target: str, type_: str) -> str:
        """Add a relation from a part to another; gives its Id."""
        name = links_of(source)
        root = self.root(name) if name in self else etree.Element(f"{{{_LINKS}}}Relationships", nsmap={None: _LINKS})
        numbers = [link.get("Id", "") for link in root]
        number = len(numbers) + 1
        while f"rId{number}" in numbers:
            number += 1
        to = posixpath.relpath(target, posixpath.dirname(source) or ".")
        attributes = {"Id": f"rId{number}", "Type": type_, "Target": to}
        etree.SubElement(root, f"{{{_LINKS}}}Relationship", attributes)
        self.put(name, root)
        return f"rId{number}"

    def unlink(self, source: str, target: str) -> None:
        """Remove the relations from a part to another; without any left, the part that holds them goes too."""
        name = links_of(source)
        root = self.root(name)
        for link in [one for one in root if called(led_to(source, one.get("Target", ""))) == called(target)]:
            root.remove(link)
        if len(root):
            self.put(name, root)
        else:
            self.drop(name)

    def declare(self, name: str, type_: str) -> None:
        """Declare the content type of a part."""
        root = self.root(TYPES)
        etree.SubElement(root, f"{{{_TYPES}}}Override", {"PartName": f"/{name}", "ContentType": type_})
        self.put(TYPES, root)

    def declare_ending(self, ending: str, type_: str) -> None:
        """Declare the content type of all parts with an ending, unless it is declared."""
        root = self.root(TYPES)
        defaults = [item for item in root if item.get("Extension")]
        if not any(item.get("Extension", "").lower() == ending for item in defaults):
            item = etree.Element(f"{{{_TYPES}}}Default", {"Extension": ending, "ContentType": type_})
            root.insert(len(defaults), item)
            self.put(TYPES, root)

    def forget_ending(self, ending: str) -> None:
        """Take back the declaration of an ending that no part has any more."""
        if not any(name.lower().endswith(f".{ending}") for name in self.names()):
            self._without_type(lambda item: item.get("Extension", "").lower() == ending)

    def _retype(self, name: str) -> None:
        self._without_type(lambda item: called(item.get("PartName", "")).lstrip("/") == called(name))

    def _without_type(self, is_meant: Callable[[Any], bool]) -> None:
        root = self.root(TYPES)
        if meant := [item for item in root if is_meant(item)]:
            for item in meant:
                root.remove(item)
            self.put(TYPES, root)


def relations_of(namespace: str) -> str:
    """The beginning of types of relations in a workbook of that namespace: transitional or strict."""
    return STRICT if namespace.startswith("http://purl.oclc.org/") else TRANSITIONAL
