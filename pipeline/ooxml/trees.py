"""XML parts -> trees; resolves no entity and fetches nothing, whatever a part asks for."""

from __future__ import annotations

from typing import Any

from lxml import etree

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def tree(xml: bytes) -> Any:
    """The root of a part. Raises XMLSyntaxError if it is not well-formed, or is nested too deep."""
    return etree.fromstring(xml, _PARSER)


def qn(tag: str) -> str:
    """The name of a tag as trees have it, w:p as {namespace}p; python-docx has the same, but brings all of itself."""
    prefix, _, name = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}"
