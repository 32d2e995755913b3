"""Where something stands in a template, in words that a clerk can follow, and what is wrong there; knows no tag."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from defusedxml.ElementTree import fromstring
from docxtpl_lint.reader import Paragraph, iter_paragraphs

LONGEST_QUOTE = 40
"""Characters of a quoted text."""
BODY = "body"


@dataclass(frozen=True, order=True)
class Place:
    """A place in a template; it sorts as one reads. The template as a whole has the number 0."""

    part: int = 0
    paragraph: int = 0
    """The number among all paragraphs of its part, those in tables counted too."""
    column: int = 0
    words: str = field(default="整个模板", compare=False)
    in_body: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong at a place: the text there, shortened, and a sentence that says what it is and what to do."""

    place: Place
    text: str
    sentence: str
    error: bool = True
    """Whether it withholds the template's documents; else it is a remark."""

    def __str__(self) -> str:
        return f"{self.place}“{self.text}”：{self.sentence}" if self.place.part else f"：{self.sentence}"


@dataclass(frozen=True)
class Part:
    """A part of a template in which tags may be written: the body, a header, the notes, a property, ..."""

    number: int
    name: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def is_property(self) -> bool:
        """Whether it is a property of the document, which docxtpl fills in as it is written."""
        return self.paragraphs[0].part in _PROPERTIES

    @property
    def is_filled(self) -> bool:
        """Whether docxtpl fills it in at all."""
        return self.paragraphs[0].part not in _UNFILLED

    def place(self, paragraph: Paragraph, column: int = 0) -> Place:
        """The place of a paragraph of this part."""
        words = self._within(paragraph) if self.is_filled and not self.is_property else self.name
        return Place(self.number, paragraph.index, column, words, paragraph.part == BODY)

    def _within(self, paragraph: Paragraph) -> str:
        if paragraph.cells:
            cells = "内".join(f"表{cell.table}第{cell.row}行第{cell.col}格" for cell in paragraph.cells)
            return f"{'' if paragraph.part == BODY else self.name}{cells}第{paragraph.cell_para}段"
        outside = [each.index for each in self.paragraphs if not each.cells]
        return f"{self.name}第{outside.index(paragraph.index) + 1}段"

    def rewritten(self, texts: Sequence[str]) -> Part:
        """The same paragraphs with other texts."""
        changed = (replace(old, text=text) for old, text in zip(self.paragraphs, texts, strict=True))
        return replace(self, paragraphs=tuple(changed))


def shortened(text: str) -> str:
    """The text on one line, at most as long as a quotation may be."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}……"


def parts(template: Path) -> list[Part]:
    """The parts of a template, the body first. Raises anything for a package that holds together and is no document."""
    paragraphs: dict[str, list[Paragraph]] = {}
    for paragraph in [*iter_paragraphs(template), *_elsewhere(template)]:
        paragraphs.setdefault(paragraph.part, []).append(paragraph)
    numbered = enumerate(zip(_names(list(paragraphs)), paragraphs.values(), strict=True), start=1)
    return [Part(number, name, tuple(held)) for number, (name, held) in numbered]


_PROPERTIES = {  # those that docxtpl fills in, by their element in docProps/core.xml
    "title": "文档属性“标题”",
    "subject": "文档属性“主题”",
    "creator": "文档属性“作者”",
    "description": "文档属性“备注”",
    "identifier": "文档属性“标识”",
    "language": "文档属性“语言”",
}
_UNFILLED = {"endnotes": "尾注", "charts": "图表", "diagrams": "图示"}
_NAMES = {BODY: "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", **_PROPERTIES, **_UNFILLED}


def _names(labels: Sequence[str]) -> list[str]:
    """A name for each part; headers, and footers, are numbered where there are several."""
    kinds = [label.rstrip("0123456789") for label in labels]
    numbers = [kinds[: position + 1].count(kind) for position, kind in enumerate(kinds)]
    return [
        f"{_NAMES[kind]}{number if kinds.count(kind) > 1 else ''}" for kind, number in zip(kinds, numbers, strict=True)
    ]


def _elsewhere(template: Path) -> Iterator[Paragraph]:
    """The text that the linter does not read: properties, and what docxtpl never fills in; each as one paragraph."""
    with zipfile.ZipFile(template) as package:
        for name in package.namelist():
            unfilled = re.match(r"word/(endnotes|charts|diagrams)\b.*\.xml$", name)
            if unfilled:
                yield Paragraph(unfilled[1], 1, (), 0, "".join(fromstring(package.read(name)).itertext()))
            elif name == "docProps/core.xml":
                for element in fromstring(package.read(name)):
                    label = element.tag.rpartition("}")[2]
                    if label in _PROPERTIES and element.text:
                        yield Paragraph(label, 1, (), 0, element.text)
