"""How the members of a package are named and lead to one another (ISO/IEC 29500-2, 6.2 and 6.5); opens none."""

from __future__ import annotations

import posixpath


def called(name: str) -> str:
    """The name of a member as it is compared: in small letters, with strokes as in an address."""
    return name.replace("\\", "/").lower()


def is_xml(name: str) -> bool:
    """Whether a member is a part of XML."""
    return name.lower().endswith((".xml", ".rels"))


def links_of(source: str) -> str:
    """The member with the relations of a part; with those of the package for ""."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def led_to(source: str, target: str) -> str:
    """The member that a relation of a part leads to, by its target as written."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
