"""A document as blocks with effective formatting: paragraphs and tables, sections and footers; knows no part of an official document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lxml.etree import Element

from pipeline.word.form.boxes import BOXES, MC, all_words, box_words, is_shown
from pipeline.word.form.effective import Styles, W, number, on, properties
from pipeline.word.form.opening import Package
from pipeline.word.form.paragraphs import BLANKS, Border, Paragraph, Run
from pipeline.word.form.tables import AROUND, Table, borders_of
from pipeline.word.official import POINTS_IN_A_MM, TWIPS_IN_A_POINT

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SKIPPED = {W + "del", W + "moveFrom", MC + "Fallback", W + "pPr", W + "rPr", W + "instrText"}
_TWIPS_IN_A_MM = POINTS_IN_A_MM * TWIPS_IN_A_POINT


Block = Paragraph | Table


@dataclass(frozen=True)
class Footer:
    """The paragraphs of a footer, those of its text boxes with the box."""

    paragraphs: tuple[Paragraph, ...]
    boxed: tuple[tuple[Any, Paragraph], ...]


@dataclass
class Section:
    """A section's page, in millimetres as it lies, and its footers by kind (default, even, first)."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    footer_distance: float
    grid: float
    tracking: float
    """Points that the grid adds to each character."""
    different_first: bool
    continuous: bool
    footers: dict[str, Footer] = field(default_factory=dict)

    @property
    def lying(self) -> bool:
        """Whether the page lies (landscape)."""
        return self.width > self.height


_MOST_FOOTERS = 50
"""Feet of pages that are kept for one template."""


class _Paragraphs:
    """Reads paragraphs with the styles of a document, and counts those that hold text.

    Refers to no document: a table that keeps it keeps no more, and what was read goes when nobody needs it, not when the
    collector comes, whom trees of XML do not hurry.
    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._numbered = 0

    def read(
        self, element: Any, section: int, *, counted: bool = False, cell: bool = False, foot: bool = False
    ) -> Paragraph:
        own = element.find(W + "pPr")
        of, base = self._styles.paragraph(own)
        runs: list[Run] = []
        boxes: list[Any] = []
        breaks = False
        for run in _runs(element):
            look = self._styles.look(base, run.find(W + "rPr"))
            if look.hidden:
                continue
            text, plain = _said(run)
            if not plain:
                breaks |= any(item.get(W + "type") == "page" for item in run.iter(W + "br"))
                boxes += [item for item in run.iter(W + "drawing", W + "pict") if is_shown(item)]
            if text:
                runs.append(Run(text, look.asian, look.latin, look.size, look.colour, look.tracking, look.underlined))
        written = any(run.text.strip(BLANKS) for run in runs)
        self._numbered += counted and written
        mark = None if own is None or runs else own.find(W + "rPr")
        return Paragraph(
            tuple(runs),
            of,
            self._styles.look(base, mark).size,
            self._styles.label(of) if "numPr.numId" in of else "",
            self._numbered if counted and written else 0,
            section,
            tuple(boxes),
            breaks,
            foot and _counts_pages(element),
            _lists_contents(element),
            cell,
        )


class Document:
    """A document read from its package: blocks in their order, sections, whether odd and even pages differ."""

    def __init__(self, package: Package) -> None:
        self._package, self._styles = package, Styles.of(package)
        self._paragraphs = _Paragraphs(self._styles)
        self.blocks: list[Block] = []
        self._heads: list[str] = []
        self._tables = 0
        body = package.body.find(W + "body")
        elements = list(_blocks(() if body is None else body))
        properties_of = [sect for element in elements if (sect := _ends_section(element)) is not None]
        last = body.find(W + "sectPr") if body is not None else None
        self.sections = list(self._sections([*properties_of, *([] if last is None else [last])])) or [_NO_SECTION]
        section = 0
        for element in elements:
            self.blocks.append(self._block(element, min(section, len(self.sections) - 1)))
            section += bool(properties_of) and _ends_section(element) is not None
        settings = package.tree(package.related(package.main, "settings"))
        even = None if settings is None else settings.find(W + "evenAndOddHeaders")
        self.even_differ = even is not None and on(even.get(W + "val", "1"))

    @property
    def boxed(self) -> Iterator[tuple[int, str]]:
        """The places of text boxes and pictures in the body, and what is written in them: "" for a picture."""
        for place, block in enumerate(self.blocks):
            for box in block.boxes if isinstance(block, Paragraph) else ():
                words = box_words(box)
                if words or next(box.iter("{*}blip", "{*}imagedata"), None) is not None:
                    yield place, words

    @property
    def heads(self) -> list[str]:
        """What is written in the heads of the first section's pages, "" for a picture; [] for none."""
        trees = [self._package.tree(name) for name in self._heads]
        words = [all_words(tree) for tree in trees if tree is not None]
        pictures = (tree is not None and next(tree.iter("{*}blip", "{*}imagedata"), None) is not None for tree in trees)
        return [word for word, picture in zip(words, pictures, strict=False) if word or picture]

    @property
    def feet(self) -> list[str]:
        """The paragraphs in the feet of the last section's pages, those of text boxes too."""
        feet = self.sections[-1].footers.values()
        return [
            one.words for foot in feet for one in (*foot.paragraphs, *(inner for _, inner in foot.boxed)) if one.words
        ]

    def grid(self, paragraph: Paragraph) -> float:
        """The pitch of the grid where a paragraph stands; 0 for none."""
        return self.sections[paragraph.section].grid

    def _block(self, element: Any, section: int) -> Block:
        if element.tag == W + "p":
            return self._paragraphs.read(element, section, counted=True)
        self._tables += 1
        grid = element.find(W + "tblGrid")
        widths = (number(column.get(W + "w")) or 0 for column in (() if grid is None else grid))
        mm, borders = sum(widths) / _TWIPS_IN_A_MM, self._table_borders(element)
        read = partial(self._paragraphs.read, section=section, cell=True)
        return Table(self._tables, mm, borders, section, element, read)

    def _table_borders(self, element: Any) -> dict[str, Border]:
        """The rules of a table over those of its style; without those that are taken away."""
        style = element.find(f"{W}tblPr/{W}tblStyle")
        of = [*self._styles.table_borders("" if style is None else style.get(W + "val", ""))]
        of.append(element.find(f"{W}tblPr/{W}tblBorders"))
        found = {side: border for borders in of for side, border in borders_of(borders).items()}
        return {side: border for side, border in found.items() if border is not None}

    def _sections(self, found: Iterable[Any]) -> Iterator[Section]:
        targets = {reference: target for _, reference, target in self._package.relations(self._package.main)}
        footers: dict[str, Footer] = {}
        for at, element in enumerate(found):
            if not at:
                references = element.iter(W + "headerReference")
                self._heads = [targets.get(reference.get(R + "id"), "") for reference in references]
            for reference in element.iter(W + "footerReference"):
                footer = self._footer(targets.get(reference.get(R + "id"), ""))
                if footer is not None:
                    footers = {**footers, reference.get(W + "type", "default"): footer}
            yield _section(element, footers)

    def _footer(self, name: str) -> Footer | None:
        content = self._package.content(name)
        if content is None:
            return None
        if content not in self._styles.read:
            if len(self._styles.read) >= _MOST_FOOTERS:
                self._styles.read.clear()
            self._styles.read[content] = self._read_footer(self._package.tree(name))
        footer: Footer = self._styles.read[content]
        return footer

    def _read_footer(self, tree: Any) -> Footer:
        boxed = []
        for box in tree.iter(*BOXES):
            if not any(parent.tag == MC + "Fallback" for parent in box.iterancestors()):
                boxed += [(box, self._paragraphs.read(inner, 0, foot=True)) for inner in box.iter(W + "p")]
        flowing = [item for item in tree.iter(W + "p") if not any(up.tag in BOXES for up in item.iterancestors())]
        return Footer(tuple(self._paragraphs.read(item, 0, foot=True) for item in flowing), tuple(boxed))


def _section(element: Any, footers: dict[str, Footer]) -> Section:
    def mm(name: str, attribute: str, default: float) -> float:
        item = element.find(W + name)
        value = number(item.get(W + attribute)) if item is not None else None
        return (default if value is None else value) / _TWIPS_IN_A_MM

    grid = properties(element)
    lined = grid.get("docGrid.type", "default") != "default"
    charted = grid.get("docGrid.type") in ("linesAndChars", "snapToChars")
    return Section(
        width=mm("pgSz", "w", 12240),
        height=mm("pgSz", "h", 15840),
        top=abs(mm("pgMar", "top", 1440)),
        right=mm("pgMar", "right", 1800),
        bottom=abs(mm("pgMar", "bottom", 1440)),
        left=mm("pgMar", "left", 1800) + mm("pgMar", "gutter", 0),
        footer_distance=mm("pgMar", "footer", 720),
        grid=(number(grid.get("docGrid.linePitch")) or 0) / TWIPS_IN_A_POINT if lined else 0,
        tracking=(number(grid.get("docGrid.charSpace")) or 0) / 4096 if charted else 0,
        different_first=on(grid.get("titlePg")),
        continuous=grid.get("type") == "continuous",
        footers=footers,
    )


_NO_SECTION = _section(Element(W + "sectPr"), {})
"""A document without a section is shown with the measures that Word takes for granted."""


def _blocks(parent: Iterable[Any]) -> Iterator[Any]:
    """The paragraphs and tables of a body, those of content controls and of insertions too."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in AROUND:
            yield from _blocks(child)


def _ends_section(element: Any) -> Any | None:
    own = element.find(W + "pPr") if element.tag == W + "p" else None
    return own.find(W + "sectPr") if own is not None else None


def _runs(element: Any) -> Iterator[Any]:
    """The runs of a paragraph that are seen, those of its text boxes not."""
    for child in element:
        if child.tag == W + "r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _said(run: Any) -> tuple[str, bool]:
    """What a run says, and whether it holds nothing else that is seen."""
    text, plain = "", True
    for child in run:
        tag = child.tag
        if tag == _T:
            text += child.text or ""
        elif tag in _TABS:
            text += "\t"
        elif tag in _BREAKS:
            broken = child.get(W + "type") in ("page", "column")
            text, plain = text if broken else text + "\n", plain and not broken
        elif tag == W + "noBreakHyphen":
            text += "-"
        elif tag != _LOOK:
            plain = False
    return text, plain


_T, _LOOK, _TABS, _BREAKS = W + "t", W + "rPr", (W + "tab", W + "ptab"), (W + "br", W + "cr")


def _lists_contents(element: Any) -> bool:
    """Whether a paragraph refers to a heading as Word's table of contents does: by a link, or by the number of its page."""
    return any(
        item.get(W + "anchor", "").startswith("_Toc") or "PAGEREF _Toc" in (item.text or "")
        for item in element.iter(W + "hyperlink", W + "instrText")
    )


def _counts_pages(element: Any) -> bool:
    """Whether a field PAGE stands in it, written as a simple or as a complex one."""
    own = (child for child in element if child.tag not in _SKIPPED)
    simple = (item.get(W + "instr", "") for item in element.iter(W + "fldSimple"))
    complex_ = (item.text or "" for run in _runs_of(own) for item in run.iter(W + "instrText") if _in(item, element))
    return any(re.match(r"\s*PAGE\b", code) for code in (*simple, *complex_))


def _runs_of(children: Iterable[Any]) -> Iterator[Any]:
    for child in children:
        yield from [child] if child.tag == W + "r" else _runs(child)


def _in(item: Any, paragraph: Any) -> bool:
    """Whether it stands in this paragraph and not in a text box within."""
    return next((up for up in item.iterancestors() if up.tag == W + "p"), None) is paragraph
