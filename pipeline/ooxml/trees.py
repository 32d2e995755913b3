"""XML parts -> trees; resolves no entity and fetches nothing, whatever a part asks for."""

from __future__ import annotations

from typing import Any

from lxml import etree

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def tree(xml: bytes) -> Any:
    """The root of a part. Raises XMLSyntaxError if it is not well-formed, or is nested too deep."""
    return etree.fromstring(xml, _PARSER)
