"""The parts of a package, found as Word finds them: by relations, not names (ISO/IEC 29500-2, 6.5); knows no tag."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.ooxml.names import led_to, links_of
from pipeline.ooxml.trees import tree

if TYPE_CHECKING:
    from docx.document import Document

CORE_PROPERTIES = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
TYPES = "[Content_Types].xml"


@dataclass(frozen=True)
class Relation:
    """A part's link to another: its kind (header, image, ...), its target as written, and whether it is external."""

    source: str
    """The member with the relation; "" for the package itself."""
    name: str
    type: str
    target: str
    outside: bool

    @property
    def kind(self) -> str:
        """The last word of its type."""
        return self.type.rpartition("/")[2]

    @property
    def member(self) -> str:
        """The member that it leads to, which may be missing; "" if external."""
        return "" if self.outside else led_to(self.source, self.target)


@dataclass(frozen=True)
class Members:
    """The members of an open package and their relations. Raises any exception if one is damaged."""

    package: zipfile.ZipFile
    names: frozenset[str]
    types: Mapping[str, str]
    """The declared types, by member, or by extension with its dot."""
    relations: tuple[Relation, ...]
    """The relations of all parts that can be reached, nearest first."""

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> Members:
        """The members of a package, found by following its relations."""
        names = frozenset(package.namelist())
        return cls(package, names, dict(_types(package, names)), tuple(_walked(package, names)))

    @property
    def main(self) -> str:
        """The member with the text; "" if no relation of the usual kind leads to an existing one."""
        return next(iter(self.related("", "officeDocument")), "")

    def related(self, source: str, kind: str) -> list[str]:
        """The members of a kind that a part leads to, each once, ordered by the number in their names."""
        found = {one.member for one in self.relations if one.source == source and one.type == TRANSITIONAL + kind}
        return sorted(found & self.names, key=_by_number)

    def type_of(self, member: str) -> str:
        """The declared type of a member; "" for none."""
        return self.types.get(member.lower()) or self.types.get(f".{member.rpartition('.')[2].lower()}", "")

    def root(self, member: str) -> Any:
        """The tree of a member of XML."""
        return tree(self.package.read(member))

    def reached(self) -> Iterator[tuple[str, str]]:
        """Each existing member that a relation leads to, once, with the kind of the first such relation."""
        kinds: dict[str, str] = {}
        for one in self.relations:
            if one.member in self.names:
                kinds.setdefault(one.member, one.kind)
        yield from kinds.items()


def repaired(document: Document) -> Document:
    """The document with its core properties found: LibreOffice 24 writes another type of relation to them.

    Without this, python-docx adds a second member of the same name (docxtpl #558).
    """
    for link in document.part.package.rels.values():
        if not link.is_external and link.reltype.lower().endswith("/metadata/core-properties"):
            link._reltype = CORE_PROPERTIES
    return document


def _types(package: zipfile.ZipFile, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    for element in tree(package.read(TYPES)) if TYPES in names else ():
        if name := element.get("PartName"):
            yield name.lstrip("/").lower(), element.get("ContentType", "")
        elif ending := element.get("Extension"):
            yield f".{ending.lower()}", element.get("ContentType", "")


def _walked(package: zipfile.ZipFile, names: frozenset[str]) -> Iterator[Relation]:
    found, waiting = {""}, [""]
    while waiting:
        source = waiting.pop(0)
        for relation in _of(source, package, names):
            yield relation
            if relation.member in names and relation.member not in found:
                found.add(relation.member)
                waiting.append(relation.member)


def _of(source: str, package: zipfile.ZipFile, names: frozenset[str]) -> Iterator[Relation]:
    member = links_of(source)
    for element in tree(package.read(member)) if member in names else ():
        yield Relation(
            source,
            element.get("Id", ""),
            element.get("Type", ""),
            element.get("Target", ""),
            element.get("TargetMode", "").lower() == "external",
        )


def _by_number(member: str) -> tuple[int, str]:
    number = re.search(r"(\d+)\.\w+$", member)
    return int(number[1]) if number else 0, member
