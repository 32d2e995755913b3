"""A .docx opened safely: its parts as trees, or a sentence that says why not; knows zips and XML, knows no document."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from lxml import etree

from pipeline.errors import PipelineError
from pipeline.ooxml.package import Packed, held
from pipeline.word.form.long_tables import without_far_rows
from pipeline.word.form.pieces import cut

LARGEST = 100 * 2**20
"""Bytes that all parts of a document may unpack to; its pictures are never unpacked."""
LARGEST_PART = 40 * 2**20
"""Bytes that one part may unpack to; a thousand pages take a fifth of it."""
MOST_MEMBERS = 5000
OWNED = "~$"
"""What the name of the file begins with that Word and WPS leave beside an open document."""
_OWNER_FILE = (
    "是 Word 或 WPS 打开文书时留下的临时文件，不是文书",
    "请检查名称里没有“~$”的那一份；文书都关闭后它还在的，可以删去",
)
_SAVE_AS = "请用 Word 或 WPS 另存为 .docx"
_FORMATS = {b"%PDF": "PDF", b"{\\rtf": "RTF", b"<html": "网页", b"<!DOC": "网页", b"MIME-": "网页", b"<?xml": "XML"}
"""Other formats by what their files begin with."""
_LOOKED_AT = 2**20
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
DOCUMENT = "word/document.xml"
_STRICT = (
    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
)
"""The namespace of the strict form of the standard, and the usual one in its place."""


class DocumentPackage:
    """The parts of a .docx, each parsed when asked for.

    Raises PipelineError, with a Chinese sentence that names the file, for whatever is no .docx that can be read: missing,
    empty, a folder, another format, locked, damaged, or made to overwhelm (bombs, entities). whole: it was made here and found
    whole (`word.whole`), so that it may be of any size, and what nobody asks for need not be parsed.
    """

    def __init__(self, path: Path, *, whole: bool = False) -> None:
        self._path, self.whole = path, whole
        self._parts = _unpacked(path, whole=whole)
        self._relations: dict[str, list[tuple[str, str, str]]] = {}
        self.main = self.related("", "officeDocument") or DOCUMENT
        self.pieces = None if (main := self._usual(self.main)) is None else cut(self._near(main))
        """The body cut into its elements; None where it must be parsed as a whole."""
        if self.pieces is None:
            self.body  # noqa: B018 (it raises)

    @cached_property
    def body(self) -> Any:
        """The root of the main part. Raises PipelineError where there is none."""
        body = self.tree(self.main)
        if body is None or etree.QName(body).localname != "document":
            raise _refused(self._path, f"不是 Word 文档（{self._other_package()}）")
        return body

    def _other_package(self) -> str:
        """What a zip is that holds no document of Word."""
        if any(name.startswith("xl/") for name in self._parts):
            return "是 Excel 工作簿"
        if any(name.startswith("ppt/") for name in self._parts):
            return "是演示文稿"
        if "ofd.xml" in self._parts:
            return "是 OFD 版式文件"
        return "是 OpenDocument 文档" if "content.xml" in self._parts else "里面没有正文"

    def content(self, name: str) -> bytes | None:
        """What a part holds; None where the package lacks it."""
        return self._parts.get(name.lower())

    def tree(self, name: str) -> Any | None:
        """The root of a part; None where the package lacks it."""
        usual = self._usual(name)
        if usual is None:
            return None
        near = self._near(usual)
        try:
            return etree.fromstring(near, _PARSER)
        except etree.XMLSyntaxError as error:
            if near is usual:
                raise self._damaged() from error
        try:  # rows that something else holds: what was left out took half of it along
            return etree.fromstring(usual, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self._damaged() from error

    def _usual(self, name: str) -> bytes | None:
        """What a part holds, in the usual form of the standard; None where the package lacks it."""
        content = self.content(name)
        if content is not None and b"!" in content and (b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content):
            raise _refused(self._path, "里面有不允许的内容（实体声明），为安全起见没有读取")
        return None if content is None else content.replace(*_STRICT)

    def _near(self, usual: bytes) -> bytes:
        """A part without the far rows of its tables; refuses it also for what is wrong in these."""
        near = without_far_rows(usual)
        if near is not usual and not self.whole:
            try:
                ParserCreate(namespace_separator=" ").Parse(usual, True)
            except ExpatError as error:
                raise self._damaged() from error
        return near

    def _damaged(self) -> PipelineError:
        return _refused(self._path, "已损坏，打不开", "请用 Word 或 WPS 打开后另存一份 .docx 再试")

    def related(self, source: str, kind: str) -> str:
        """The part of a kind that a part refers to ("" for the package itself); "" where there is none."""
        return next((target for kind_, _, target in self.relations(source) if kind_ == kind), "")

    def relations(self, source: str) -> list[tuple[str, str, str]]:
        """Kind, id and target of every relation of a part."""
        if source not in self._relations:
            self._relations[source] = self._related(source)
        return self._relations[source]

    def _related(self, source: str) -> list[tuple[str, str, str]]:
        folder, name = posixpath.split(source)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        known = (folder, self.content(links) or b"")
        if len(known[1]) > _SMALL:
            return list(_targets(folder, self.tree(links)))
        if known not in _RELATED:
            if len(_RELATED) >= _MOST_RELATED:
                _RELATED.clear()
            _RELATED[known] = list(_targets(folder, self.tree(links)))
        return _RELATED[known]


_RELATED: dict[tuple[str, bytes], list[tuple[str, str, str]]] = {}
"""Relations by the folder of their source and what their part holds: they are alike in many documents."""
_MOST_RELATED = 50


def _targets(folder: str, links: Any | None) -> Iterator[tuple[str, str, str]]:
    """Kind, id and target of the relations in a part; () for none."""
    for item in () if links is None else links.iter("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/")
        yield item.get("Type", "").rpartition("/")[2], item.get("Id", ""), target


def _refused(path: Path, why: str, remedy: str = "请核对文件") -> PipelineError:
    return PipelineError(f"《{path.name}》{why}，{remedy}。")


def _unpacked(path: Path, *, whole: bool) -> dict[str, bytes]:
    """The XML parts of the package by their names in small letters. whole: see `Package`."""
    if whole:
        with suppress(zipfile.BadZipFile):
            return _read_again(path)
    _refuse_by_name_and_head(path)
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if len(members) > MOST_MEMBERS:
                raise _refused(path, "里面的文件太多，不像正常的 Word 文档，没有读取")
            asked = [member for member in members if _is_xml(member.filename)]
            return _read(path, package, asked)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _refused(path, "已损坏或加了密码，打不开", "请用 Word 或 WPS 打开后另存一份 .docx 再试") from error
    except Exception as error:  # zlib.error and what else a broken stream raises
        if isinstance(error, PipelineError):
            raise
        raise _refused(path, "已损坏，打不开", "请用 Word 或 WPS 打开后另存一份 .docx 再试") from error


_NEVER_ASKED = ("docprops/", "customxml/", "[content_types].xml", "word/fonttable.xml", "word/websettings.xml")
"""What says nothing of how a document looks, and is not unpacked."""


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels")) and not name.lower().startswith(_NEVER_ASKED)


def _read(path: Path, package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """The members, read no further than the limits, whatever sizes they declare."""
    parts, left = {}, LARGEST
    for member in members:
        with package.open(member) as stream:
            content = stream.read(min(LARGEST_PART, left) + 1)
        left -= len(content)
        if left < 0 or len(content) > LARGEST_PART:
            raise _refused(path, "解压后太大，不像正常的 Word 文档，没有读取")
        parts[_called(member.filename)] = content
    return parts


def _read_again(path: Path) -> dict[str, bytes]:
    """The XML parts of a package that was made here; what is alike in many is unpacked once. Raises BadZipFile, OSError."""
    parts = {}
    for name, packed in held(path.read_bytes()):
        if _is_xml(name):
            parts[_called(name)] = content = _UNPACKED.get(packed) or packed.unpacked()
            if packed.size <= _SMALL and packed not in _UNPACKED:
                if len(_UNPACKED) >= _MOST_UNPACKED:
                    _UNPACKED.clear()
                _UNPACKED[packed] = content
    return parts


_UNPACKED: dict[Packed, bytes] = {}
_SMALL, _MOST_UNPACKED = 2**16, 200


def _called(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_by_name_and_head(path: Path) -> None:
    """Refuse what is no .docx by its name, its being, or its first bytes."""
    if path.is_dir():
        raise _refused(path, "是文件夹", "请写出其中的 .docx 文件")
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except FileNotFoundError as error:
        raise PipelineError(f"找不到文件“{path}”，请核对路径。") from error
    except (OSError, ValueError) as error:
        raise _refused(path, "读不了，可能没有权限或正被占用", "请关闭后重试") from error
    if path.name.startswith(OWNED) and not head.startswith(b"PK"):
        raise _refused(path, *_OWNER_FILE)
    if not head:
        raise _refused(path, "是空文件（0 字节）", "请换一份完好的文件")
    if not head.startswith(b"PK"):
        raise _refused(path, *_other_format(path, head))


def _other_format(path: Path, head: bytes) -> tuple[str, str]:
    """What a file is that is no zip, by its first bytes and its name, and what to do with it."""
    suffix = path.suffix.lower()
    if head.startswith(_OLE2):
        if _holds(path, _ENCRYPTED):
            return "加了密码", "请在 Word 或 WPS 中去掉密码后另存"
        if suffix == ".wps":
            return "是 WPS 文字的 .wps 格式", _SAVE_AS
        return (
            "是旧的 .doc 格式" if suffix == ".doc" else "加了密码，或是旧的 .doc、.wps 格式"
        ), "请去掉密码并另存为 .docx"
    told = next((what for begins, what in _FORMATS.items() if head.startswith(begins)), "")
    return (f"是 {told} 文件，不是 .docx 文件" if told else "不是 .docx 文件"), _SAVE_AS


def _holds(path: Path, name: bytes) -> bool:
    """Whether a name stands in the beginning of a file, or at its end, where an OLE2 file may keep its directory."""
    try:
        with path.open("rb") as stream:
            beginning = stream.read(_LOOKED_AT)
            stream.seek(max(stream.seek(0, 2) - _LOOKED_AT, 0))
            return name in beginning or name in stream.read(_LOOKED_AT)
    except OSError:
        return False
