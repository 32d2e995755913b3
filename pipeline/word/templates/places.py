"""Where something is in a template, in words a clerk can follow, and what is wrong there; knows no tag."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docx.oxml.ns import qn
from docxtpl_lint.reader import Paragraph, iter_paragraphs
from lxml import etree

from pipeline.ooxml.relations import Members

LONGEST_QUOTE = 40
"""Characters in a quotation."""
BODY = "body"


@dataclass(frozen=True, order=True)
class TemplatePlace:
    """A place in a template; places sort in reading order. The template as a whole has the number 0."""

    part: int = 0
    paragraph: int = 0
    """The number among all paragraphs of its part, including those in tables."""
    column: int = 0
    words: str = field(default="整个模板", compare=False)
    in_body: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, order=True)
class TemplateFault:
    """What is wrong at a place: the text there, shortened, and a sentence on what it is and what to do."""

    place: TemplatePlace
    text: str
    sentence: str
    error: bool = True
    """Whether it withholds the template's documents; otherwise it is a remark."""

    def __str__(self) -> str:
        return f"{self.place}“{self.text}”：{self.sentence}" if self.place.part else f"：{self.sentence}"


@dataclass(frozen=True)
class TemplatePart:
    """A part of a template that may have tags: the body, a header, the notes, a property, ..."""

    number: int
    name: str
    paragraphs: tuple[Paragraph, ...]
    root: Any = field(default=None, compare=False)
    """The tree of those paragraphs; None if docxtpl does not fill it in as XML."""
    member: str = ""
    """Its name in the package, if it has a tree."""

    @property
    def is_property(self) -> bool:
        """Whether it is a property of the document, which docxtpl fills in without escaping."""
        return self.paragraphs[0].part in _PROPERTIES

    @property
    def is_filled(self) -> bool:
        """Whether docxtpl fills it in."""
        return self.root is not None or self.is_property

    def elements(self) -> Iterator[tuple[Paragraph, Any]]:
        """Each paragraph with its element; none without a tree."""
        if self.root is not None:
            yield from zip(self.paragraphs, self.root.iter(qn("w:p")), strict=True)

    def place(self, paragraph: Paragraph, column: int = 0) -> TemplatePlace:
        """The place of a paragraph of this part."""
        words = self._within(paragraph) if self.is_filled and not self.is_property else self.name
        return TemplatePlace(self.number, paragraph.index, column, words, paragraph.part == BODY)

    def _within(self, paragraph: Paragraph) -> str:
        if paragraph.cells:
            cells = "内".join(f"表{cell.table}第{cell.row}行第{cell.col}格" for cell in paragraph.cells)
            return f"{'' if paragraph.part == BODY else self.name}{cells}第{paragraph.cell_para}段"
        outside = [each.index for each in self.paragraphs if not each.cells]
        return f"{self.name}第{outside.index(paragraph.index) + 1}段"

    def rewritten(self, texts: Sequence[str]) -> TemplatePart:
        """The same paragraphs with other texts."""
        changed = (replace(old, text=text) for old, text in zip(self.paragraphs, texts, strict=True))
        return replace(self, paragraphs=tuple(changed))


def shortened(text: str) -> str:
    """The text on one line, cut to the length of a quotation."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}……"


def parts(template: Path) -> list[TemplatePart]:
    """The parts of a template, the body first. Raises anything for a sound package that is not a document."""
    with zipfile.ZipFile(template) as package:
        members = Members.of(package)
        names_of = dict(_filled(members))
        roots = {label: _uncommented(members.root(member), members) for label, member in names_of.items()}
        paragraphs: dict[str, list[Paragraph]] = {}
        for paragraph in [*iter_paragraphs(_as_the_linter_knows_them(members)), *_properties(members)]:
            paragraphs.setdefault(paragraph.part, []).append(paragraph)
        held = [(label, tuple(of), roots.get(label)) for label, of in paragraphs.items()]
        held += [(label, (paragraph,), None) for label, paragraph in _unfilled(members)]
    names = _names([label for label, _, _ in held])
    return [
        TemplatePart(number, name, of, root, names_of.get(label, ""))
        for number, (name, (label, of, root)) in enumerate(zip(names, held, strict=True), start=1)
    ]


_PROPERTIES = {  # those that docxtpl fills in, by element in docProps/core.xml
    "title": "文档属性“标题”",
    "subject": "文档属性“主题”",
    "creator": "文档属性“作者”",
    "description": "文档属性“备注”",
    "identifier": "文档属性“标识”",
    "language": "文档属性“语言”",
}
_UNFILLED = {  # by the kind of the relation to them
    "endnotes": "尾注",
    "chart": "图表",
    "comments": "批注",
    "settings": "设置",
    "custom-properties": "自定义的文档属性",
    "extended-properties": "文档属性",
    "styles": "样式",
    "numbering": "编号",
    "customXml": "自定义数据",
    "links": "链接的地址",
}
_NAMES = {BODY: "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", **_PROPERTIES, **_UNFILLED}
AUTHOR = "模板检查"
"""The author of comments in copies with faults; these comments quote tags."""
_NOT_READ = {"core-properties", "glossaryDocument", "theme", "fontTable", "webSettings", "[Content_Types]"}
"""Kinds of parts whose text is not in any document, or is read elsewhere."""
_TITLES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}TitlesOfParts"
"""Word repeats the title here; docxtpl fills it in at another place."""


def _names(labels: Sequence[str]) -> list[str]:
    """A name for each part; several headers or footers are numbered."""
    kinds = [label.rstrip("0123456789") for label in labels]
    numbers = [kinds[: position + 1].count(kind) for position, kind in enumerate(kinds)]
    return [
        f"{_named(kind)}{number if kinds.count(kind) > 1 else ''}" for kind, number in zip(kinds, numbers, strict=True)
    ]


def _named(kind: str) -> str:
    return _NAMES.get(kind) or ("图示" if kind.startswith("diagram") else "看不见的部分")


def _filled(members: Members) -> Iterator[tuple[str, str]]:
    """The members that docxtpl fills in, each with the linter's name for it."""
    yield BODY, members.main
    for kind in ("header", "footer"):
        for number, member in enumerate(members.related(members.main, kind), start=1):
            yield f"{kind}{number}", member
    for member in members.related(members.main, "footnotes"):
        yield "footnotes", member


def _uncommented(root: Any, members: Members) -> Any:
    """A tree without the marks of comments in a copy with faults."""
    comments = [members.root(member) for member in members.related(members.main, "comments")]
    own = {
        one.get(qn("w:id"))
        for each in comments
        for one in each.iter(qn("w:comment"))
        if one.get(qn("w:author")) == AUTHOR
    }
    marks = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")
    for mark in list(root.iter(*map(qn, marks))) if own else ():
        if mark.get(qn("w:id")) in own:
            mark.getparent().remove(mark)
    return root


def _as_the_linter_knows_them(members: Members) -> io.BytesIO:
    """A package of the parts that docxtpl fills in, under the names the linter expects: it ignores relations."""
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as package:
        for label, member in _filled(members):
            package.writestr(f"word/{'document' if label == BODY else label}.xml", members.package.read(member))
    return stream


def _properties(members: Members) -> Iterator[Paragraph]:
    for one in members.relations:
        if not one.source and one.kind == "core-properties":
            for element in members.root(one.member):
                label = str(element.tag).rpartition("}")[2]
                if label in _PROPERTIES and element.text:
                    yield Paragraph(label, 1, (), 0, element.text)


def _unfilled(members: Members) -> Iterator[tuple[str, Paragraph]]:
    """What docxtpl never fills in: text and attributes of other parts, and targets of relations; one paragraph each."""
    filled = {member for _, member in _filled(members)}
    kinds = {member: re.sub(r"\d*\.\w+$", "", member.rpartition("/")[2]) for member in sorted(members.names)}
    for member, kind in {**kinds, **dict(members.reached())}.items():
        if member not in filled and kind not in _NOT_READ and member.endswith(".xml"):
            yield kind, Paragraph(kind, 1, (), 0, "\n".join(_texts(members.root(member))))
    targets = [unquote(one.target) for one in members.relations]
    yield "links", Paragraph("links", 1, (), 0, "\n".join(targets))


def _texts(root: Any) -> Iterator[str]:
    """The text of a part and each of its attributes, except those that only repeat or quote a tag."""
    quoting = [one for one in root.iter(qn("w:comment")) if one.get(qn("w:author")) == AUTHOR]
    for element in [*root.iter(_TITLES), *quoting]:
        element.getparent().remove(element)
    yield "".join(root.itertext())
    for element in root.iter(etree.Element):
        yield from map(str, element.attrib.values())
