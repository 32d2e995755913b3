"""Whether a file may be opened as a template: its format, its size, and what it must not hold; looks at no tag."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST = 20 * 2**20
"""Bytes that a template may have, packed or unpacked: pictures of a letter head take a few million."""
LONGEST_PART = 2 * 2**20
"""Bytes of XML in one part: the longest template shipped has thirty thousand."""
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

MISSING = "找不到这个文件，请核对文件名；模板丢失的，请从原始版本中恢复"
FOLDER = "这是文件夹，不是模板文件，请写明其中的 .docx 文件"
CLOSED = "文件打不开，可能没有读取权限或正被别的程序占用，请核对后重试"
EMPTY = "这是空文件（0 字节），请从原始版本中恢复"
LOCKED = "文件加了密码，或是旧格式（.doc、.wps），请用 Word 或 WPS 打开，取消密码，另存为 .docx"
FOREIGN = "这不是 .docx 文件，请用 Word 或 WPS 打开，另存为 .docx"
DAMAGED = "文件不完整或已损坏，请从原始版本中恢复"
OVERSIZED = "文件太大（解压后超过 20 MB，或正文超过 2 MB），没有打开，请删去多余的图片和内容后另存"
ENTITIES = "文件里有文档不该有的内容（XML 文档类型声明），没有打开，请用 Word 或 WPS 打开，另存为 .docx"
MACROS = "文件里带有宏，没有打开，请用 Word 或 WPS 打开，另存为不带宏的 .docx"


def fault_of_file(path: Path) -> str | None:
    """What keeps a file from being opened as a template, and what to do; None for a .docx that may be opened."""
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
        head = stream.read(len(_OLE2))
    if not head:
        return EMPTY
    if head == _OLE2:
        return LOCKED
    if not head.startswith(b"PK"):
        return FOREIGN
    if path.stat().st_size > LARGEST:
        return OVERSIZED
    with zipfile.ZipFile(path) as package:
        return _fault_of_members(package) or _fault_of_parts(package)


def _fault_of_members(package: zipfile.ZipFile) -> str | None:
    """By sizes first; then `testzip` unpacks in small pieces, so that a member which lies about its size is found."""
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        return LOCKED
    if sum(member.file_size for member in members) > LARGEST:
        return OVERSIZED
    if any(member.file_size > LONGEST_PART for member in members if _is_xml(member.filename)):
        return OVERSIZED
    packings = {member.compress_type for member in members}
    if not packings <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or package.testzip():
        return DAMAGED
    return None


def _fault_of_parts(package: zipfile.ZipFile) -> str | None:
    """By the declared kind (ISO/IEC 29500-2, 10.1.2), macros, and document types, which OOXML forbids (6.2.5)."""
    names = package.namelist()
    if "[Content_Types].xml" not in names:
        return FOREIGN
    types = package.read("[Content_Types].xml").decode(errors="replace")
    if "macroEnabled" in types or any(re.search(r"vbaProject.*\.bin$", name) for name in names):
        return MACROS
    if _DOCUMENT not in types:
        return FOREIGN
    try:
        for name in filter(_is_xml, names):
            fromstring(package.read(name), forbid_dtd=True)
    except DefusedXmlException:
        return ENTITIES
    return None


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))
