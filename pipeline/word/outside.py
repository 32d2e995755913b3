"""What in a template reaches outside of it: parts and fields whose content would be fetched from an address; knows no tag."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn

from pipeline.word.places import Fault, Part, Place, shortened
from pipeline.word.relations import Members, Relation

_ALLOWED = {"hyperlink"}
"""Kinds of relations that may lead outside: a link is followed by a reader, and by nothing else."""
_KINDS = {
    "attachedTemplate": "附加的模板",
    "image": "链接的图片",
    "oleObject": "链接的对象",
    "aFChunk": "链接的文件",
    "subDocument": "子文档",
    "mailMergeSource": "邮件合并的数据源",
    "mailMergeHeaderSource": "邮件合并的数据源",
    "video": "链接的视频",
    "audio": "链接的声音",
    "frame": "链接的框架",
}
_REMEDIES = {
    "attachedTemplate": "请在 Word 的“开发工具—文档模板”里改为 Normal 模板后保存",
    "image": "请删去这张图片，用“插入图片”放进模板",
}
_FIELDS = ["INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "DDE", "DDEAUTO", "LINK", "RD", "DATABASE"]
_FIELD = re.compile(rf"^\s*({'|'.join(_FIELDS)})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?|ftp|file|smb|dav|davs):|^(?:\\\\|//)\S", re.IGNORECASE)
_LOADING = {"src", "href", "link"}
"""Attributes of VML that name what is to be loaded."""


def faults_of_outside(template: Path, read: Sequence[Part]) -> Iterator[Fault]:
    """Each relation, field or attribute that leads outside; none for what is all in the file."""
    by_relation: list[Relation] = []
    with zipfile.ZipFile(template) as package:
        by_relation = [one for one in Members.of(package).relations if one.outside and one.kind not in _ALLOWED]
    for one in by_relation:
        kind = _KINDS.get(one.kind, "内容")
        remedy = _REMEDIES.get(one.kind, "请删去，要用的内容直接放进模板")
        place, text = _bearing(one, read)
        yield Fault(place, text, f"这里有{kind}，要到文件之外去取（{shortened(one.target)}），{remedy}")
    for part in read:
        for paragraph, element in (
            zip(part.paragraphs, part.root.iter(qn("w:p")), strict=True) if part.root is not None else ()
        ):
            for told in _in_paragraph(element):
                yield Fault(part.place(paragraph), shortened(paragraph.text), told)


def _bearing(one: Relation, read: Sequence[Part]) -> tuple[Place, str]:
    """The paragraph that uses a relation, with its text; the template as a whole where none does."""
    for part in read:
        if part.root is not None and part.member == one.source:
            for paragraph, element in zip(part.paragraphs, part.root.iter(qn("w:p")), strict=True):
                if any(one.name in each.attrib.values() for each in element.iter("*")):
                    return part.place(paragraph), shortened(paragraph.text)
    return Place(), ""


def _in_paragraph(paragraph: Any) -> Iterator[str]:
    for code in _codes(paragraph):
        if field := _FIELD.match(code):
            yield f"这里有“{field[1].upper()}”域，要到文件之外去取内容，请删去这个域，要用的内容直接放进模板"
    for element in paragraph.iter("*"):
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in _LOADING and element.tag != qn("w:hyperlink") and _ADDRESS.match(value):
                if "schemas-microsoft-com:vml" in element.tag and name.rpartition("}")[2] == "href":
                    continue  # where a click on the shape leads
                yield f"这里有链接的图片，要到文件之外去取（{shortened(value)}），请删去这张图片，用“插入图片”放进模板"


def _codes(paragraph: Any) -> Iterator[str]:
    """The code of each field that begins in a paragraph, the codes of fields within it apart."""
    codes: list[str] = []
    for node in paragraph.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")):
        kind = node.get(qn("w:fldCharType"))
        if node.tag == qn("w:fldSimple"):
            yield node.get(qn("w:instr"), "")
        elif node.tag == qn("w:instrText"):
            codes = [*codes[:-1], codes[-1] + (node.text or "")] if codes else [node.text or ""]
        elif kind == "begin":
            codes.append("")
        elif kind in ("separate", "end") and codes:
            yield codes.pop()
    yield from codes
