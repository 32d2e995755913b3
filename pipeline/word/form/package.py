"""The parts of a .docx as trees, or a sentence why it cannot be opened; knows zips and XML, no document."""

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
from pipeline.ooxml.names import called, is_xml, led_to, links_of
from pipeline.ooxml.opening import (
    ENCRYPTED,
    HEAD,
    MOST_MEMBERS,
    FileFormat,
    OversizedError,
    ZipLimits,
    contents,
    format_of,
    ole2_streams,
)
from pipeline.ooxml.package import Packed, held
from pipeline.ooxml.trees import tree
from pipeline.word.form.long_tables import without_far_rows
from pipeline.word.form.pieces import cut

LIMITS = ZipLimits(package=100 * 2**20, part=40 * 2**20)
"""Limits for a document's parts; a thousand pages take a fifth. Pictures are never unpacked."""
OWNED = "~$"
"""The first characters in the name of the file that Word and WPS keep beside an open document."""
_OWNER_FILE = (
    "是 Word 或 WPS 打开文书时留下的临时文件，不是文书",
    "请检查名称里没有“~$”的那一份；文书都关闭后它还在的，可以删去",
)
_SAVE_AS = "请用 Word 或 WPS 另存为 .docx"
_FORMATS = {FileFormat.PDF: "PDF", FileFormat.RTF: "RTF", FileFormat.MHTML: "网页"}
_TEXTS = {b"<html": "网页", b"<!DOC": "网页", b"<?xml": "XML"}
"""Text formats, by the first bytes of their files."""
DOCUMENT = "word/document.xml"
_STRICT = (
    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
)
"""The namespace of the standard's strict form, and the usual one that replaces it."""


class DocumentPackage:
    """The parts of a .docx, each parsed on demand.

    Raises PipelineError, with a Chinese sentence that names the file, for anything but a readable .docx: missing,
    empty, a folder, another format, locked, damaged, or an attack (bombs, entities). whole: it was made here and found
    whole (`word.rendering.whole`), so it may have any size, and parts that nobody asks for are not parsed.
    """

    def __init__(self, path: Path, *, whole: bool = False) -> None:
        self._path, self.whole = path, whole
        self._parts = _unpacked(path, whole=whole)
        self._relations: dict[str, list[tuple[str, str, str]]] = {}
        self.main = self.related("", "officeDocument") or DOCUMENT
        self.pieces = None if (main := self._usual(self.main)) is None else cut(self._near(main))
        """The body cut into its elements; None if it must be parsed as a whole."""
        if self.pieces is None:
            self.body  # noqa: B018 (it raises)

    @cached_property
    def body(self) -> Any:
        """The root of the main part. Raises PipelineError if there is none."""
        body = self.tree(self.main)
        if body is None or etree.QName(body).localname != "document":
            raise _refused(self._path, f"不是 Word 文档（{self._other_package()}）")
        return body

    def _other_package(self) -> str:
        """The kind of a zip without a Word document, as a Chinese clause."""
        if any(name.startswith("xl/") for name in self._parts):
            return "是 Excel 工作簿"
        if any(name.startswith("ppt/") for name in self._parts):
            return "是演示文稿"
        if "ofd.xml" in self._parts:
            return "是 OFD 版式文件"
        return "是 OpenDocument 文档" if "content.xml" in self._parts else "里面没有正文"

    def content(self, name: str) -> bytes | None:
        """The bytes of a part; None if the package lacks it."""
        return self._parts.get(name.lower())

    def tree(self, name: str) -> Any | None:
        """The root of a part; None if the package lacks it."""
        usual = self._usual(name)
        if usual is None:
            return None
        near = self._near(usual)
        try:
            return tree(near)
        except etree.XMLSyntaxError as error:
            if near is usual:
                raise self._damaged() from error
        try:  # rows inside another element: cutting them off has removed half of it
            return tree(usual)
        except etree.XMLSyntaxError as error:
            raise self._damaged() from error

    def _usual(self, name: str) -> bytes | None:
        """The bytes of a part in the standard's usual form; None if the package lacks it."""
        content = self.content(name)
        # A single character is found faster than words, and few parts have this one.
        if content is not None and b"!" in content and (b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content):
            raise _refused(self._path, "里面有不允许的内容（实体声明），为安全起见没有读取")
        return None if content is None else content.replace(*_STRICT)

    def _near(self, usual: bytes) -> bytes:
        """A part without the far rows of its tables; faults in these refuse it too."""
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
        """The part of a kind to which a part ("" for the package itself) refers; "" if there is none."""
        return next((target for kind_, _, target in self.relations(source) if kind_ == kind), "")

    def relations(self, source: str) -> list[tuple[str, str, str]]:
        """Kind, id and target of each relation of a part."""
        if source not in self._relations:
            self._relations[source] = self._related(source)
        return self._relations[source]

    def _related(self, source: str) -> list[tuple[str, str, str]]:
        links = links_of(source)
        # Targets are relative to the source's folder, so equal bytes lead elsewhere from another.
        known = (posixpath.dirname(source), self.content(links) or b"")
        if len(known[1]) > _SMALL:
            return list(_targets(source, self.tree(links)))
        if known not in _RELATED:
            if len(_RELATED) >= _MOST_RELATED:
                _RELATED.clear()
            _RELATED[known] = list(_targets(source, self.tree(links)))
        return _RELATED[known]


_RELATED: dict[tuple[str, bytes], list[tuple[str, str, str]]] = {}
"""Relations by their source's folder and their part's bytes: the same in many documents."""
_MOST_RELATED = 50


def _targets(source: str, links: Any | None) -> Iterator[tuple[str, str, str]]:
    """Kind, id and target of the relations in a part; () for none."""
    for item in () if links is None else links.iter("{*}Relationship"):
        yield item.get("Type", "").rpartition("/")[2], item.get("Id", ""), led_to(source, item.get("Target", ""))


def _refused(path: Path, why: str, remedy: str = "请核对文件") -> PipelineError:
    return PipelineError(f"《{path.name}》{why}，{remedy}。")


def _unpacked(path: Path, *, whole: bool) -> dict[str, bytes]:
    """The XML parts of the package, by name in lower case. whole: see `DocumentPackage`."""
    if whole:
        with suppress(zipfile.BadZipFile):
            return _read_again(path)
    _refuse_by_name_and_head(path)
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            if len(members) > MOST_MEMBERS:
                raise _refused(path, "里面的文件太多，不像正常的 Word 文档，没有读取")
            asked = [member for member in members if _is_asked(member.filename)]
            return {_name(name): part for name, part in contents(package, asked, LIMITS, believed=True)}
    except OversizedError as error:
        raise _refused(path, "解压后太大，不像正常的 Word 文档，没有读取") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _refused(path, "已损坏或加了密码，打不开", "请用 Word 或 WPS 打开后另存一份 .docx 再试") from error
    except Exception as error:  # zlib.error, and whatever else a broken stream raises
        if isinstance(error, PipelineError):
            raise
        raise _refused(path, "已损坏，打不开", "请用 Word 或 WPS 打开后另存一份 .docx 再试") from error


_NEVER_ASKED = ("docprops/", "customxml/", "[content_types].xml", "word/fonttable.xml", "word/websettings.xml")
"""Parts that say nothing about a document's look, and are not unpacked."""


def _is_asked(name: str) -> bool:
    return is_xml(name) and not name.lower().startswith(_NEVER_ASKED)


def _read_again(path: Path) -> dict[str, bytes]:
    """The XML parts of a package made here; those shared by many are unpacked once. Raises BadZipFile, OSError."""
    parts = {}
    for name, packed in held(path.read_bytes()):
        if _is_asked(name):
            parts[_name(name)] = content = _UNPACKED.get(packed) or packed.unpacked()
            if packed.size <= _SMALL and packed not in _UNPACKED:
                if len(_UNPACKED) >= _MOST_UNPACKED:
                    _UNPACKED.clear()
                _UNPACKED[packed] = content
    return parts


_UNPACKED: dict[Packed, bytes] = {}
_SMALL, _MOST_UNPACKED = 2**16, 200
"""Bytes of a part that is kept: the styles and footers of a template, but no body, which occurs once."""


def _name(name: str) -> str:
    return called(name).lstrip("/")


def _refuse_by_name_and_head(path: Path) -> None:
    """Refuse what its name, its kind or its first bytes show not to be a .docx."""
    if path.is_dir():
        raise _refused(path, "是文件夹", "请写出其中的 .docx 文件")
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError as error:
        raise PipelineError(f"找不到文件“{path}”，请核对路径。") from error
    except (OSError, ValueError) as error:
        raise _refused(path, "读不了，可能没有权限或正被占用", "请关闭后重试") from error
    found = format_of(head)
    if found is FileFormat.ZIP:
        return
    if path.name.startswith(OWNED):
        raise _refused(path, *_OWNER_FILE)
    if found is FileFormat.EMPTY:
        raise _refused(path, "是空文件（0 字节）", "请换一份完好的文件")
    if found is FileFormat.OLE2:
        raise _refused(path, *_old_or_locked(path))
    what = (
        _FORMATS.get(found) if found else next((what for begin, what in _TEXTS.items() if head.startswith(begin)), None)
    )
    raise _refused(path, f"是 {what} 文件，不是 .docx 文件" if what else "不是 .docx 文件", _SAVE_AS)


def _old_or_locked(path: Path) -> tuple[str, str]:
    """What an OLE2 file is, by content and name, and what to do with it."""
    suffix = path.suffix.lower()
    if _is_encrypted(path):
        return "加了密码", "请在 Word 或 WPS 中去掉密码后另存"
    if suffix == ".wps":
        return "是 WPS 文字的 .wps 格式", _SAVE_AS
    return "是旧的 .doc 格式" if suffix == ".doc" else "加了密码，或是旧的 .doc、.wps 格式", "请去掉密码并另存为 .docx"


def _is_encrypted(path: Path) -> bool:
    """Whether an OLE2 file contains a package with a password; False if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return ENCRYPTED in ole2_streams(stream.read(LIMITS.package) + b"\0\0")  # the name may be the last of it
    except OSError:
        return False
