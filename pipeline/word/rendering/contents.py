"""The table of contents: writes the entries of its TOC field as Word would; knows no figure, no ledger.

Entries have no page numbers: only Word lays out pages, and fills them in when it updates the field (ISO/IEC 29500-1,
17.16.5.68).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.ooxml.package import Package, pack
from pipeline.ooxml.relations import Members
from pipeline.ooxml.trees import qn
from pipeline.word.form.effective import DocumentStyles, Properties, number
from pipeline.word.form.package import DOCUMENT
from pipeline.word.form.package import DocumentPackage as Opened
from pipeline.words import chinese

NO_PAGES = "目录里还没有页码：打开后在目录上单击右键，选“更新域”，由 Word 填好"
_LEVELS = re.compile(r'^\s*TOC\b(?:.*?\\o\s*"1-([1-9])")?')
_TEN = 10


def stands_in(template: Path) -> bool:
    """Whether a template has a table of contents; False if it is not a document."""
    try:
        return _stands_in(template, template.stat().st_mtime_ns)
    except (OSError, zipfile.BadZipFile, KeyError):
        return False


@lru_cache(maxsize=64)
def _stands_in(template: Path, _changed: int) -> bool:
    with zipfile.ZipFile(template) as package:
        main = package.read(Members.of(package).main or DOCUMENT)
        return re.search(rb"<w:instrText[^>]*>\s*TOC\b", main) is not None


def fill(document: Path) -> bool:
    r"""Write the document's headings into its table of contents, each as a link; False if it has none.

    Levels are those the field names (\\o "1-2"), or only the first. Without headings, the field keeps its content.
    Raises OSError if the document cannot be written, PipelineError if it is not a document.
    """
    opened = Opened(document)
    field = next(_fields(opened.body), None)
    if field is None:
        return False
    headings = list(_headings(opened.body, DocumentStyles.of(opened), field.levels))
    if headings:
        field.write([_entry(*heading) for heading in headings])
        _packed(document, opened.main, etree.tostring(opened.body, encoding="UTF-8", standalone=True)).write(document)
    return bool(headings)


class _Field:
    """A TOC field: the marks around its entries, and the levels it lists."""

    def __init__(self, separate: Any, end: Any, levels: int) -> None:
        self.separate, self.end = separate, end
        self.levels = levels

    def write(self, entries: list[tuple[int, Any]]) -> None:
        """Replace whatever is between `separate` and `end` by the entries, each with its level."""
        first, last = self.separate.getparent(), self.end.getparent()
        look = deepcopy(first.find(qn("w:pPr")))
        for run in list(self.separate.itersiblings()):
            if run is self.end:
                break
            first.remove(run)
        # The field's end may be in a later paragraph: the entries between go, and what is before the end in its own.
        if first is not last:
            for between in list(first.itersiblings()):
                if between is last:
                    break
                between.getparent().remove(between)
            for run in list(self.end.itersiblings(preceding=True)):
                if run.tag != qn("w:pPr"):
                    last.remove(run)
        after = list(self.separate.itersiblings())
        paragraphs = [first, *(_element("w:p") for _ in entries[1:])]
        for before, paragraph in pairwise(paragraphs):
            before.addnext(paragraph)
            paragraph.append(deepcopy(look) if look is not None else _element("w:pPr"))
        for paragraph, (level, link) in zip(paragraphs, entries, strict=True):
            _set_level(paragraph, level)
            paragraph.append(link)
        paragraphs[-1].extend(after)  # a field within one paragraph must keep its end last


def _fields(body: Any) -> Iterator[_Field]:
    """The complete TOC fields: begin, code, separate and end, each in its own run directly in a paragraph."""
    open_fields: list[dict[str, Any]] = []
    for element in body.iter(qn("w:fldChar"), qn("w:instrText")):
        run = element.getparent()
        # Word may split one code over several runs.
        if element.tag == qn("w:instrText"):
            if open_fields:
                open_fields[-1]["code"] = open_fields[-1].get("code", "") + (element.text or "")
            continue
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            open_fields.append({"begin": run})
        elif open_fields:
            open_fields[-1][kind] = run
            if kind == "end":
                # Fields nest: an entry has PAGEREF fields inside the TOC field.
                ended = open_fields.pop()
                levels = _LEVELS.match(ended.get("code", ""))
                begin, separate, end = (ended.get(mark) for mark in ("begin", "separate", "end"))
                marks = (begin, separate, end)
                if levels and all(mark is not None and mark.getparent().tag == qn("w:p") for mark in marks):
                    yield _Field(separate, end, int(levels[1] or 1))


def _set_level(paragraph: Any, level: int) -> None:
    """Give the paragraph the style of entries of that level: TOC1, TOC2."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        paragraph.insert(0, properties := _element("w:pPr"))
    style = properties.find(qn("w:pStyle"))
    if style is None:
        properties.insert(0, style := _element("w:pStyle"))
    style.set(qn("w:val"), f"TOC{level}")


def _element(tag: str, **attributes: str) -> Any:
    return etree.Element(qn(tag), {qn(f"w:{name}"): value for name, value in attributes.items()})


# Headings ------------------------------------------------------------------------------------------------------------


def _headings(body: Any, styles: DocumentStyles, levels: int) -> Iterator[tuple[int, str, str]]:
    """Level (from 1), text with its number, and bookmark of each heading to be listed; sets the bookmarks."""
    counts: dict[str, list[int]] = {}
    taken = [int(number(mark.get(qn("w:id"))) or 0) for mark in body.iter(qn("w:bookmarkStart"))]
    following = max(taken, default=0) + 1
    for paragraph in body.iter(qn("w:p")):
        of, _ = styles.paragraph(paragraph.find(qn("w:pPr")))
        level = number(of.get("outlineLvl"))
        text = "".join(node.text or "" for node in paragraph.iter(qn("w:t"))).strip()
        # Level 9 means body text (ISO/IEC 29500-1, 17.3.1.20).
        if level is None or level >= _TEN - 1 or not text:
            continue
        # Before the level is looked at: Word counts headings that the table does not list, too.
        label = _numbered(of, styles, counts)
        if level < levels:
            # Named as Word does: `word/form` knows a table of contents by these names.
            name = f"_Toc{following:09}"
            _bookmark(paragraph, name, following)
            following += 1
            yield int(level) + 1, f"{label}{text}", name


def _numbered(of: Properties, styles: DocumentStyles, counts: dict[str, list[int]]) -> str:
    """The number that Word shows before a heading, 一、 or （二）; "" for none. Keeps count in `counts`."""
    level = styles.level(of)
    if level is None or not styles.label(of):
        return ""
    depth = int(number(of.get("numPr.ilvl", "0")) or 0)
    count = counts.setdefault(of["numPr.numId"], [0] * _TEN)
    count[depth] += 1
    count[depth + 1 :] = [0] * (_TEN - depth - 1)
    count_of = chinese if "一" in styles.label(of) else str
    written = level.find(qn("w:lvlText")).get(qn("w:val"), "")
    return re.sub(r"%([1-9])", lambda place: count_of(count[int(place[1]) - 1]), written)


def _bookmark(paragraph: Any, name: str, following: int) -> None:
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else 1, _element("w:bookmarkStart", id=str(following), name=name))
    paragraph.append(_element("w:bookmarkEnd", id=str(following)))


def _entry(level: int, text: str, bookmark: str) -> tuple[int, Any]:
    """An entry: its level, and a link to the heading."""
    link = _element("w:hyperlink", anchor=bookmark, history="1")
    etree.SubElement(etree.SubElement(link, qn("w:r")), qn("w:t")).text = text
    return level, link


def _packed(document: Path, main: str, body: bytes) -> Package:
    """The document with a new body, packed without the time."""
    package = Package()
    with zipfile.ZipFile(io.BytesIO(document.read_bytes())) as saved:
        for name in saved.namelist():
            package = package.plus(name, pack([body if name == main else saved.read(name)]))
    return package
