"""Whether a file may be opened as a template: format, size, and what it must not hold; looks at no tag."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.parsers.expat import ParserCreate

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.ooxml.names import is_xml
from pipeline.ooxml.opening import (
    HEAD,
    FileFormat,
    ZipLimits,
    format_of,
    is_locked,
    is_oversized,
    is_packed_strangely,
    twofold,
)
from pipeline.ooxml.relations import STRICT, TRANSITIONAL, TYPES, Members, Relation

LIMITS = ZipLimits(package=20 * 2**20, part=2 * 2**20)
"""Bytes of a template, packed and unpacked: a letterhead's pictures take a few million, the longest part 30,000."""
DEEPEST = 120
"""Depth of nested XML elements: a table in a table in a text box has forty."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_KINDS = {
    "styles": "样式",
    "numbering": "编号",
    "settings": "设置",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
    "image": "图片",
    "chart": "图表",
    "oleObject": "嵌入的对象",
    "package": "嵌入的文件",
}
"""A relation's target in words, by its kind."""

MISSING = "找不到这个文件，请核对文件名；模板丢失的，请从原始版本中恢复"
FOLDER = "这是文件夹，不是模板文件，请写明其中的 .docx 文件"
CLOSED = "文件打不开，可能没有读取权限或正被别的程序占用，请核对后重试"
EMPTY = "这是空文件（0 字节），请从原始版本中恢复"
LOCKED = "文件加了密码，或是旧格式（.doc、.wps），请用 Word 或 WPS 打开，取消密码，另存为 .docx"
FOREIGN = "这不是 .docx 文件，请用 Word 或 WPS 打开，另存为 .docx"
DAMAGED = "文件不完整或已损坏，请从原始版本中恢复"
OVERSIZED = "文件太大（解压后超过 20 MB，或正文超过 2 MB），没有打开，请删去多余的图片和内容后另存"
ENTITIES = "文件里有文档不该有的内容（XML 文档类型声明），没有打开，请用 Word 或 WPS 打开，另存为 .docx"
NESTED = f"内容套得太深，超过 {DEEPEST} 层，没有打开，请把里面的表格和文本框移到外面"
TWICE = "文件里有两份同名的内容（{name}），Word 和 WPS 读到的可能不是同一份，请用 Word 或 WPS 打开，核对后另存"
OTHER_KIND = "文件里“{kind}”的类型写错了，打不开，请用 Word 或 WPS 打开，另存为 .docx"
LOST = (
    "文件里有{kind}丢失了（它指向的“{target}”不在文件里），请用 Word 或 WPS 打开，删去显示不出来的内容，重新插入，"
    "再另存"
)
NO_BODY = (
    "文件里找不到正文（它指向的“{target}”不在文件里），请用 Word 或 WPS 打开，另存为 .docx；"
    "打不开的，请从原始版本中恢复"
)
STRICT_FORM = "文件是“严格 Open XML”格式，这里读不了，请用 Word 打开，另存为普通的“Word 文档（.docx）”，或用 WPS 另存"
MACROS = "文件里带有宏，没有打开，请用 Word 或 WPS 打开，另存为不带宏的 .docx"


def fault_of_file(path: Path) -> str | None:
    """Why a file cannot be opened as a template, and what to do; None for a .docx that can."""
    if path.is_dir():
        return FOLDER
    if not path.is_file():
        return MISSING
    try:
        return _fault(path)
    except OSError:
        return CLOSED
    except Exception:  # a damaged file fails in many ways
        return DAMAGED


def _fault(path: Path) -> str | None:
    with path.open("rb") as stream:
        found = format_of(stream.read(HEAD))
    if found is FileFormat.EMPTY:
        return EMPTY
    if found is FileFormat.OLE2:
        return LOCKED
    if found is not FileFormat.ZIP:
        return FOREIGN
    if path.stat().st_size > LIMITS.package:
        return OVERSIZED
    with zipfile.ZipFile(path) as package:
        return _fault_of_members(package) or _fault_of_parts(package)


def _fault_of_members(package: zipfile.ZipFile) -> str | None:
    """Sizes first; then `testzip` unpacks in small pieces, so that a member that lies about its size is found."""
    members = package.infolist()
    if is_locked(members):
        return LOCKED
    if is_oversized(members, LIMITS):
        return OVERSIZED
    if name := twofold(members):
        return TWICE.format(name=name)
    return DAMAGED if is_packed_strangely(members) or package.testzip() else None


def _fault_of_parts(package: zipfile.ZipFile) -> str | None:
    """By the XML, in which OOXML forbids document types (ISO/IEC 29500-2, 6.2.5), by macros, and by the relations."""
    names = package.namelist()
    if TYPES not in names:
        return FOREIGN
    try:
        for name in filter(is_xml, names):
            fromstring(content := package.read(name), forbid_dtd=True)
            if _is_too_deep(content):
                return NESTED
    except DefusedXmlException:
        return ENTITIES
    if b"macroEnabled" in package.read(TYPES) or any(re.search(r"vbaProject.*\.bin$", name) for name in names):
        return MACROS
    return _fault_of_relations(Members.of(package))


def _is_too_deep(xml: bytes) -> bool:
    """Whether elements are nested too deep for the recursive walks that follow."""
    depth = deepest = 0

    def begin(_name: str, _attributes: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(xml, True)
    return deepest > DEEPEST


def _fault_of_relations(members: Members) -> str | None:
    mains = [one for one in members.relations if not one.source and one.kind == "officeDocument"]
    if any(one.type.startswith(STRICT) for one in mains):
        return STRICT_FORM
    if mains and not members.main:
        return NO_BODY.format(target=mains[0].target)
    if members.main and members.type_of(members.main) != f"{_WORD}document.main+xml":
        return FOREIGN
    if not mains:
        return FOREIGN if f"{_WORD}document.main+xml" not in members.types.values() else DAMAGED
    for one in members.relations:
        kind = _KINDS.get(one.kind, "内容")
        if _is_lost(one, members):
            return LOST.format(kind=kind, target=one.target)
        declared = f"{_WORD}{one.kind}+xml"
        if one.type in _DECLARED and members.type_of(one.member) != declared:
            return OTHER_KIND.format(kind=kind)
    return None


_DECLARED = {f"{TRANSITIONAL}{kind}" for kind in list(_KINDS)[:8]}


def _is_lost(one: Relation, members: Members) -> bool:
    """Whether a relation's target is missing. A link within the document (`#bookmark`) has no target part."""
    return not one.outside and one.member not in members.names and not one.target.startswith("#")
