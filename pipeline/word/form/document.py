"""A document as blocks with effective formatting: paragraphs, tables, sections, footers; knows no official part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeVar

from lxml.etree import Element

from pipeline.word.form.boxes import BOXES, MC, all_words, box_words, is_shown
from pipeline.word.form.effective import DocumentStyles, W, number, on, properties
from pipeline.word.form.long_tables import said, without_rows
from pipeline.word.form.package import DocumentPackage
from pipeline.word.form.paragraphs import Border, Paragraph, TextRun
from pipeline.word.form.pieces import Pieces, Uncut, parsed
from pipeline.word.form.tables import AROUND, Table, borders_of
from pipeline.word.official import POINTS_IN_A_MM, TWIPS_IN_A_POINT

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SKIPPED = {W + "del", W + "moveFrom", MC + "Fallback", W + "pPr", W + "rPr", W + "instrText"}
"""What is not read as text: deletions, alternatives to drawings, properties, codes of fields."""
_TWIPS_IN_A_MM = POINTS_IN_A_MM * TWIPS_IN_A_POINT


Block = Paragraph | Table


@dataclass(frozen=True)
class Footer:
    """The paragraphs of a footer; those in its text boxes with the box."""

    paragraphs: tuple[Paragraph, ...]
    boxed: tuple[tuple[Any, Paragraph], ...]


@dataclass
class PageSection:
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
        """Whether the page is landscape."""
        return self.width > self.height


_MOST_PIECES = 5000
"""Pieces of bodies kept with the styles of one template."""
_MOST_PARTS = 50
"""Footers and settings kept for one template."""
T = TypeVar("T")


class _Paragraphs:
    """Reads paragraphs with the styles of a document.

    Holds no reference to the document: a table kept for later keeps only this, and what was read is freed as soon as
    nobody needs it, without waiting for the garbage collector, which does not see the size of XML trees.
    """

    def __init__(self, styles: DocumentStyles) -> None:
        self._styles = styles

    def read(self, element: Any, section: int = 0, *, cell: bool = False, foot: bool = False) -> Paragraph:
        own = element.find(W + "pPr")
        of, base = self._styles.paragraph(own)
        runs: list[TextRun] = []
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
                runs.append(
                    TextRun(text, look.asian, look.latin, look.size, look.colour, look.tracking, look.underlined)
                )
        # A blank line is as high as its paragraph mark.
        mark = None if own is None or runs else own.find(W + "rPr")
        return Paragraph(
            tuple(runs),
            of,
            self._styles.look(base, mark).size,
            self._styles.label(of) if "numPr.numId" in of else "",
            0,
            section,
            tuple(boxes),
            breaks,
            foot and _counts_pages(element),
            _lists_contents(element),
            cell,
        )


class _Read(NamedTuple):
    """What an element of a body is, wherever it stands: a paragraph, a table, the end of a section, or neither."""

    paragraph: Paragraph | None = None
    ends: Any | None = None
    """The w:sectPr of the section that ends with it."""
    mm: float = 0
    borders: Mapping[str, Border] | None = None
    opened: Callable[[], Any] | None = None
    """For a table."""
    said: str | None = None


class OfficialDocument:
    """A document read from its package: blocks in order, sections, whether odd and even pages differ."""

    def __init__(self, package: DocumentPackage) -> None:
        self._package, self._styles = package, DocumentStyles.of(package)
        self._paragraphs = _Paragraphs(self._styles)
        self._heads: list[str] = []
        found = self._found()
        properties_of = [one.ends for one in found if one.ends is not None]
        self.sections = list(self._sections(properties_of)) or [_NO_SECTION]
        self.blocks = list(self._placed(found))
        self.even_differ = self._kept(package.related(package.main, "settings"), _even_differ, other=False)

    def _found(self) -> list[_Read]:
        """The elements of the body, from its pieces; from its tree if a piece is not an element by itself."""
        pieces = self._package.pieces
        if pieces is not None:
            with suppress(Uncut):
                return self._of_pieces(pieces)
        body = self._package.body.find(W + "body")
        found = [self._of_element(element) for element in _blocks(() if body is None else body)]
        last = body.find(W + "sectPr") if body is not None else None
        return [*found, *([] if last is None else [_Read(ends=last)])]

    def _of_pieces(self, pieces: Pieces) -> list[_Read]:
        """The elements in a body's pieces, each read once if it is the same in many documents. Raises Uncut."""
        frames = [without_rows(piece) for piece in pieces.each]
        known = self._of_frames(frames, pieces)
        found = [known[frame] for frame in frames]
        # A w:sectPr of its own is only the body's last; elsewhere it is inside something that was cut apart.
        if any(one.ends is not None and one.paragraph is None for one in found[:-1]):
            raise Uncut
        tables = [piece for piece, frame in zip(pieces.each, frames, strict=True) if piece is not frame]
        opened = iter([] if self._package.whole else pieces.parsed(tables))
        return [
            one if piece is frame else self._table(piece, one, pieces, next(opened, None))
            for piece, frame, one in zip(pieces.each, frames, found, strict=True)
        ]

    def _of_frames(self, frames: Sequence[bytes], pieces: Pieces) -> Mapping[bytes, _Read]:
        """What is read of each piece without its rows; of those read lately, nothing is parsed again."""
        recent = self._styles.blocks.setdefault(pieces.head, {})
        known: dict[bytes, _Read] = {frame: recent[frame] for frame in frames if frame in recent}
        new = [frame for frame in dict.fromkeys(frames) if frame not in known]
        if len(recent) + len(new) > _MOST_PIECES:
            recent.clear()
        for frame, element in zip(new, pieces.parsed(new), strict=True) if new else ():
            known[frame] = recent[frame] = self._of_element(element)
        return known

    def _table(self, piece: bytes, frame: _Read, pieces: Pieces, element: Any | None) -> _Read:
        """A table with its rows; in a document known to be whole, it is parsed only when its rows are asked for."""
        if element is not None:
            return frame._replace(opened=lambda: element)
        return frame._replace(opened=lambda: parsed(pieces.head, [piece], pieces.tail)[0], said=said(piece))

    def _of_element(self, element: Any) -> _Read:
        if element.tag == W + "p":
            return _Read(self._paragraphs.read(element), _ends_section(element))
        # A wrapper may hold many blocks: only the walk through the tree (`_blocks`) opens it.
        if element.tag in AROUND:
            raise Uncut
        if element.tag != W + "tbl":
            return _Read(ends=element if element.tag == W + "sectPr" else None)
        grid = element.find(W + "tblGrid")
        widths = (number(column.get(W + "w")) or 0 for column in (() if grid is None else grid))
        return _Read(mm=sum(widths) / _TWIPS_IN_A_MM, borders=self._table_borders(element), opened=lambda: element)

    def _placed(self, found: Iterable[_Read]) -> Iterator[Block]:
        """The paragraphs and tables, numbered if they have words, each in its section."""
        section = numbered = tables = 0
        for one in found:
            here = min(section, len(self.sections) - 1)
            if one.paragraph is not None:
                numbered += bool(one.paragraph.words)
                yield one.paragraph.placed(numbered if one.paragraph.words else 0, here)
            elif one.opened is not None:
                tables += 1
                read = partial(self._paragraphs.read, section=here, cell=True)
                yield Table(tables, one.mm, one.borders or {}, here, one.opened, read, one.said)
            section += one.ends is not None

    @property
    def boxed(self) -> Iterator[tuple[int, str]]:
        """The places of text boxes and pictures in the body, and their words: "" for a picture."""
        for place, block in enumerate(self.blocks):
            for box in block.boxes if isinstance(block, Paragraph) else ():
                words = box_words(box)
                if words or next(box.iter("{*}blip", "{*}imagedata"), None) is not None:
                    yield place, words

    @property
    def heads(self) -> list[str]:
        """The words in the headers of the first section, "" for a picture; [] for none."""
        trees = [self._package.tree(name) for name in self._heads]
        words = [all_words(tree) for tree in trees if tree is not None]
        pictures = (tree is not None and next(tree.iter("{*}blip", "{*}imagedata"), None) is not None for tree in trees)
        return [word for word, picture in zip(words, pictures, strict=False) if word or picture]

    @property
    def feet(self) -> list[str]:
        """The paragraphs in the footers of the last section, including those of text boxes."""
        feet = self.sections[-1].footers.values()
        return [
            one.words for foot in feet for one in (*foot.paragraphs, *(inner for _, inner in foot.boxed)) if one.words
        ]

    def grid(self, paragraph: Paragraph) -> float:
        """The pitch of the grid at a paragraph; 0 for none."""
        return self.sections[paragraph.section].grid

    def _table_borders(self, element: Any) -> dict[str, Border]:
        """The borders of a table, over those of its style; removed ones are left out."""
        style = element.find(f"{W}tblPr/{W}tblStyle")
        of = [*self._styles.table_borders("" if style is None else style.get(W + "val", ""))]
        of.append(element.find(f"{W}tblPr/{W}tblBorders"))
        found = {side: border for borders in of for side, border in borders_of(borders).items()}
        return {side: border for side, border in found.items() if border is not None}

    def _sections(self, found: Iterable[Any]) -> Iterator[PageSection]:
        targets = {reference: target for _, reference, target in self._package.relations(self._package.main)}
        footers: dict[str, Footer] = {}
        for at, element in enumerate(found):
            if not at:
                references = element.iter(W + "headerReference")
                self._heads = [targets.get(reference.get(R + "id"), "") for reference in references]
            # A kind of footer that a section does not name is that of the section before.
            for reference in element.iter(W + "footerReference"):
                footer = self._footer(targets.get(reference.get(R + "id"), ""))
                if footer is not None:
                    footers = {**footers, reference.get(W + "type", "default"): footer}
            yield _section(element, footers)

    def _footer(self, name: str) -> Footer | None:
        return self._kept(name, self._read_footer, other=None)

    def _kept(self, name: str, read: Callable[[Any], T], *, other: T) -> T:
        """What is read from a part, once if it is the same in many documents; `other` if the package lacks it."""
        content, known = self._package.content(name), self._styles.read
        if content is None:
            return other
        if content not in known:
            if len(known) >= _MOST_PARTS:
                known.clear()
            known[content] = read(self._package.tree(name))
        kept: T = known[content]
        return kept

    def _read_footer(self, tree: Any) -> Footer:
        boxed = []
        for box in tree.iter(*BOXES):
            # A text box is written twice: for new programs, and as VML in a Fallback for old ones.
            if not any(parent.tag == MC + "Fallback" for parent in box.iterancestors()):
                boxed += [(box, self._paragraphs.read(inner, 0, foot=True)) for inner in box.iter(W + "p")]
        flowing = [item for item in tree.iter(W + "p") if not any(up.tag in BOXES for up in item.iterancestors())]
        return Footer(tuple(self._paragraphs.read(item, 0, foot=True) for item in flowing), tuple(boxed))


def _even_differ(settings: Any) -> bool:
    even = settings.find(W + "evenAndOddHeaders")
    return even is not None and on(even.get(W + "val", "1"))


def _section(element: Any, footers: dict[str, Footer]) -> PageSection:
    def mm(name: str, attribute: str, default: float) -> float:
        item = element.find(W + name)
        value = number(item.get(W + attribute)) if item is not None else None
        return (default if value is None else value) / _TWIPS_IN_A_MM

    grid = properties(element)
    lined = grid.get("docGrid.type", "default") != "default"
    charted = grid.get("docGrid.type") in ("linesAndChars", "snapToChars")
    return PageSection(
        # The defaults are Word's: US Letter with margins of 1 and 1.25 inches, in twips.
        width=mm("pgSz", "w", 12240),
        height=mm("pgSz", "h", 15840),
        # A negative margin is kept even if the header grows into it (ISO/IEC 29500-1, 17.6.11); its size counts.
        top=abs(mm("pgMar", "top", 1440)),
        right=mm("pgMar", "right", 1800),
        bottom=abs(mm("pgMar", "bottom", 1440)),
        left=mm("pgMar", "left", 1800) + mm("pgMar", "gutter", 0),
        footer_distance=mm("pgMar", "footer", 720),
        grid=(number(grid.get("docGrid.linePitch")) or 0) / TWIPS_IN_A_POINT if lined else 0,
        # In 4096ths of a point (ISO/IEC 29500-1, 17.6.5).
        tracking=(number(grid.get("docGrid.charSpace")) or 0) / 4096 if charted else 0,
        different_first=on(grid.get("titlePg")),
        continuous=grid.get("type") == "continuous",
        footers=footers,
    )


_NO_SECTION = _section(Element(W + "sectPr"), {})
"""A document without a section has Word's default measures."""


def _blocks(parent: Iterable[Any]) -> Iterator[Any]:
    """The paragraphs and tables of a body, including those in content controls and insertions."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in AROUND:
            yield from _blocks(child)


def _ends_section(element: Any) -> Any | None:
    own = element.find(W + "pPr") if element.tag == W + "p" else None
    return own.find(W + "sectPr") if own is not None else None


def _runs(element: Any) -> Iterator[Any]:
    """The visible runs of a paragraph, without those of its text boxes."""
    for child in element:
        if child.tag == W + "r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _said(run: Any) -> tuple[str, bool]:
    """A run's words, and whether it shows nothing else."""
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
    """Whether a paragraph refers to a heading as Word's table of contents does: by link, or by page number."""
    return any(
        item.get(W + "anchor", "").startswith("_Toc") or "PAGEREF _Toc" in (item.text or "")
        for item in element.iter(W + "hyperlink", W + "instrText")
    )


def _counts_pages(element: Any) -> bool:
    """Whether it contains a PAGE field, simple or complex."""
    own = (child for child in element if child.tag not in _SKIPPED)
    simple = (item.get(W + "instr", "") for item in element.iter(W + "fldSimple"))
    complex_ = (item.text or "" for run in _runs_of(own) for item in run.iter(W + "instrText") if _in(item, element))
    return any(re.match(r"\s*PAGE\b", code) for code in (*simple, *complex_))


def _runs_of(children: Iterable[Any]) -> Iterator[Any]:
    for child in children:
        yield from [child] if child.tag == W + "r" else _runs(child)


def _in(item: Any, paragraph: Any) -> bool:
    """Whether it is in this paragraph, and not in a text box within."""
    return next((up for up in item.iterancestors() if up.tag == W + "p"), None) is paragraph
