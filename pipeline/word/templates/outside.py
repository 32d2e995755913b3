"""What a template would fetch from elsewhere: parts and fields with an address; knows no tag."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn

from pipeline.ooxml.relations import Members, Relation
from pipeline.word.templates.places import TemplateFault, TemplatePart, TemplatePlace, shortened

_ALLOWED = {"hyperlink"}
"""Kinds of relations that may lead outside: only a reader follows a link."""
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
_OTHER_TEXTS = ("endnotes", "comments", "glossaryDocument")
"""Kinds of parts with text that docxtpl does not fill in."""
_FIELDS = ["INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "DDE", "DDEAUTO", "LINK", "RD", "DATABASE"]
_FIELD = re.compile(rf"^\s*({'|'.join(_FIELDS)})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?|ftp|file|smb|dav|davs):|^(?:\\\\|//)\S", re.IGNORECASE)
_LOADING = {"src", "althref"}
"""Attributes of VML that load what they name; `href` is only the target of a click."""


def faults_of_outside(template: Path, read: Sequence[TemplatePart]) -> Iterator[TemplateFault]:
    """Each relation, field or attribute that leads outside; none if everything is in the file."""
    with zipfile.ZipFile(template) as package:
        members = Members.of(package)
        roots = [members.root(member) for member, kind in members.reached() if kind in _OTHER_TEXTS]
    for one in members.relations:
        if one.outside and one.kind not in _ALLOWED:
            place, text = _bearing(one, read)
            remedy = _REMEDIES.get(one.kind, "请删去，要用的内容直接放进模板")
            what = _KINDS.get(one.kind, "内容")
            yield TemplateFault(place, text, f"这里有{what}，要到文件之外去取（{shortened(one.target)}），{remedy}")
    for root in roots:
        yield from (TemplateFault(TemplatePlace(), "", sentence) for sentence in _fetching(root))
    for part in read:
        for paragraph, element in part.elements():
            yield from (
                TemplateFault(part.place(paragraph), shortened(paragraph.text), sentence)
                for sentence in _fetching(element)
            )


def _bearing(one: Relation, read: Sequence[TemplatePart]) -> tuple[TemplatePlace, str]:
    """The paragraph that uses a relation, with its text; the whole template if none does."""
    for part in read:
        for paragraph, element in part.elements() if part.member == one.source else ():
            if any(one.name in each.attrib.values() for each in element.iter("*")):
                return part.place(paragraph), shortened(paragraph.text)
    return TemplatePlace(), ""


def _fetching(element: Any) -> Iterator[str]:
    """A sentence for each field and picture in an element that is fetched from elsewhere."""
    for code in _codes(element):
        if field := _FIELD.match(code):
            yield f"这里有“{field[1].upper()}”域，要到文件之外去取内容，请删去这个域，要用的内容直接放进模板"
    for each in element.iter("*"):
        for name, value in each.attrib.items():
            if name.rpartition("}")[2] in _LOADING and _ADDRESS.match(value):
                yield f"这里有链接的图片，要到文件之外去取（{shortened(value)}），请删去这张图片，用“插入图片”放进模板"


def _codes(element: Any) -> Iterator[str]:
    """The code of each field that begins in an element; the codes of nested fields are separate."""
    codes: list[str] = []
    for node in element.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")):
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
