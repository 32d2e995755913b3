"""Checks a written document once more before it is published: is it whole? Knows no template."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.ooxml.package import Seen, held
from pipeline.word.rendering.compiled import BrokenDocument, well_formed

_NO_ROW = re.compile(rb"</w:tbl(?:Grid|Pr)>\s*</w:tbl>|<w:tbl(?:Grid|Pr)?\s*/>\s*</w:tbl>")
"""A table without a row, which Word refuses (ISO/IEC 29500-1, 17.4.37)."""
_NO_PARAGRAPH = re.compile(
    rb"</w:tcPr>\s*</w:tc>|<w:tcPr/>\s*</w:tc>|<w:(tc|hdr|ftr|footnote|txbxContent)(?:\s[^>]*)?(?:/>|>\s*</w:\1>)"
)
"""A cell, header, note or text box without a paragraph (ISO/IEC 29500-1, 17.4.65)."""


def look_at(document: Path, template: Path, seen: Seen) -> None:
    """Check a document made from a template; raises PipelineError if it is broken. seen: see `fault_of_document`."""
    if broken := fault_of_document(document, seen):
        raise PipelineError(f"由模板《{template.name}》印出的文件{broken}，没有生成；请用 check 检查这个模板。")


def fault_of_document(document: Path, seen: Seen) -> str:
    """What is broken in a document, as a Chinese clause; "" if it is whole.

    seen: members that need no look; those looked at are added.
    """
    try:
        members = held(document.read_bytes())
    except zipfile.BadZipFile:
        return "打不开"
    if len({name.lower() for name, _ in members}) < len(members):
        return "里有两份同名的内容"
    for name, member in members:
        if member.known not in seen and name.endswith((".xml", ".rels")):
            if fault := _fault(member.unpacked()):
                return fault
            seen.add(member.known)
    return ""


def _fault(content: bytes) -> str:
    try:
        well_formed(content)
    except BrokenDocument as error:
        return str(error)
    if _NO_ROW.search(content):
        return "里有一张表一行也没有，打不开"
    if _NO_PARAGRAPH.search(content):
        return "里有一格（或页眉、脚注、文本框）连一段也没有，打不开"
    return ""
