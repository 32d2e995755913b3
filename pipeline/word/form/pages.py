"""A document as blocks with effective formatting: paragraphs, tables, sections, footers; knows no part of an official document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.word.form.effective import Properties, Styles, W, number, on, properties
from pipeline.word.form.opening import Package
from pipeline.word.official import POINTS_IN_A_MM, SIZE_3, TWIPS_IN_A_POINT

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
IDEOGRAPH = re.compile("[\u3400-\u9fff]")
LATIN = re.compile("[0-9A-Za-z]")
_SKIPPED = {W + "del", W + "moveFrom", MC + "Fallback", W + "pPr", W + "rPr", W + "instrText"}
_BOXES = {W + "txbxContent"}
_TWIPS_IN_A_MM = POINTS_IN_A_MM * TWIPS_IN_A_POINT
_EMU_IN_A_MM = 36000


@dataclass(frozen=True)
class Run:
    """Characters of one look."""

    text: str
    asian: str
    latin: str
    size: float
    colour: str
    tracking: float = 0.0
    """Points between characters beyond their own width."""
    underlined: bool = False

    @property
    def red(self) -> bool:
        """Whether the characters are of a red, whichever."""
        return is_red(self.colour)


def is_red(colour: str) -> bool:
    """Whether a colour in six hexadecimal digits is a red; no colour and "auto" are black."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return False
    red, green, blue = (int(colour[start : start + 2], 16) for start in (0, 2, 4))
    return red >= 0xA0 and green <= 0x50 and blue <= 0x50


@dataclass(frozen=True)
class Border:
    """A rule above, below or between paragraphs or rows."""

    kind: str
    mm: float
    colour: str

    @property
    def red(self) -> bool:
        """Whether it is of a red."""
        return is_red(self.colour)

    @property
    def double(self) -> bool:
        """Whether it is of a thick and a thin line."""
        return self.kind.startswith(("thick", "thin", "double"))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it looks. number: its place among those of the body that hold text, from 1; 0 for others."""

    runs: tuple[Run, ...]
    of: Properties
    mark_size: float
    label: str
    number: int = 0
    section: int = 0
    boxes: tuple[Any, ...] = ()
    """The drawings and pictures that are anchored in it."""
    breaks_page: bool = False
    """Whether it holds a page break."""
    counts_pages: bool = False
    """Whether it holds the field of the page's number."""

    @cached_property
    def text(self) -> str:
        """What is written, without Word's own numbering."""
        return "".join(run.text for run in self.runs)

    @property
    def words(self) -> str:
        """What is written, without blanks at the ends."""
        return self.text.strip(" \t\n\u3000\xa0")

    @property
    def alignment(self) -> str:
        """left, center, right or both."""
        return {"start": "left", "end": "right", "distribute": "both"}.get(given := self.of.get("jc", "left"), given)

    @property
    def size(self) -> float:
        """The points of most of its characters."""
        lengths: dict[float, int] = {}
        for run in self.runs:
            lengths[run.size] = lengths.get(run.size, 0) + len(run.text.strip())
        return max(lengths, key=lambda size: lengths[size], default=self.mark_size)

    @property
    def first_indent(self) -> float:
        """Characters by which the first line begins to the right of the type area; below 0 where it hangs out of it."""
        blanks = len(self.text) - len(self.text.lstrip("\u3000")) + 0.5 * self._leading(" ")
        return self.left_indent + self._measure("firstLine") - self._measure("hanging") + blanks

    def _leading(self, blank: str) -> int:
        return len(self.text) - len(self.text.lstrip(blank))

    @property
    def left_indent(self) -> float:
        """Characters by which all lines begin to the right of the type area."""
        return self._measure("left") or self._measure("start")

    @property
    def right_indent(self) -> float:
        """Characters left free at the right, typed blanks included."""
        stripped = self.text.rstrip("\n")
        blanks = len(stripped) - len(stripped.rstrip("\u3000")) + 0.5 * (len(stripped) - len(stripped.rstrip(" ")))
        return (self._measure("right") or self._measure("end")) + blanks

    def _measure(self, side: str) -> float:
        """An indent in characters; Word takes what is given in characters before what is given in twips."""
        chars = number(self.of.get(f"ind.{side}Chars"))
        if chars:
            return chars / 100
        return (number(self.of.get(f"ind.{side}")) or 0) / TWIPS_IN_A_POINT / (self.size or SIZE_3)

    @property
    def framed(self) -> bool:
        """Whether it stands in a frame."""
        return any(key.startswith("framePr") for key in self.of)

    @property
    def page_before(self) -> bool:
        """Whether Word begins a page with it."""
        return on(self.of.get("pageBreakBefore"))

    def border(self, side: str) -> Border | None:
        """The rule at a side (top, bottom, between); None for none."""
        kind = self.of.get(f"pBdr.{side}")
        if kind is None or kind in ("nil", "none"):
            return None
        eighths = number(self.of.get(f"pBdr.{side}.sz")) or 0
        return Border(kind, eighths / 8 / POINTS_IN_A_MM, self.of.get(f"pBdr.{side}.color", "auto"))

    def pitch(self, grid: float) -> float:
        """Points from line to line. grid: the pitch of the section's grid, 0 for none."""
        line, rule = number(self.of.get("spacing.line")) or 240, self.of.get("spacing.lineRule", "auto")
        natural = 1.3 * self.size
        if rule == "exact":
            return line / TWIPS_IN_A_POINT
        snapped = grid and self.of.get("snapToGrid", "1") not in ("0", "false", "off")
        if rule == "atLeast":
            natural = max(natural, line / TWIPS_IN_A_POINT)
            return -(-natural // grid) * grid if snapped else natural
        if snapped:
            return -(-natural // grid) * grid * line / 240
        return natural * line / 240

    def height(self, grid: float) -> float:
        """Points that it takes as one line, with the space before and after."""
        return self.pitch(grid) + self.space("before", grid) + self.space("after", grid)

    def space(self, side: str, grid: float) -> float:
        """Points before or after it."""
        lines = number(self.of.get(f"spacing.{side}Lines"))
        if lines:
            return lines / 100 * (grid or 12)
        return (number(self.of.get(f"spacing.{side}")) or 0) / TWIPS_IN_A_POINT

    @property
    def place(self) -> str:
        """Where it is, for readers: 第3段“……”."""
        shown = re.sub(r"\s+", "", self.words)
        return f"第{self.number}段“{shown if len(shown) <= 12 else shown[:11] + '…'}”"


@dataclass(frozen=True)
class Table:
    """A table. number: its place among those of the body, from 1."""

    number: int
    rows: tuple[tuple[Paragraph, ...], ...]
    mm: float
    borders: Mapping[str, Border]
    section: int = 0

    @property
    def text(self) -> str:
        """All that is written in it."""
        return "\n".join(paragraph.text for row in self.rows for paragraph in row)


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


class Document:
    """A document read from its package: blocks in their order, sections, whether odd and even pages differ."""

    def __init__(self, package: Package) -> None:
        self._package, self._styles = package, Styles(package)
        self.blocks: list[Block] = []
        self._tables = 0
        self._numbered = 0
        body = package.body.find(W + "body")
        elements = list(_blocks(() if body is None else body))
        properties_of = [sect for element in elements if (sect := _ends_section(element)) is not None]
        last = body.find(W + "sectPr") if body is not None else None
        self.sections = list(self._sections([*properties_of, *([] if last is None else [last])]))
        section = 0
        for element in elements:
            self.blocks.append(self._block(element, min(section, len(self.sections) - 1)))
            section += _ends_section(element) is not None
        settings = package.tree(package.related(package.main, "settings"))
        even = None if settings is None else settings.find(W + "evenAndOddHeaders")
        self.even_differ = even is not None and on(even.get(W + "val", "1"))

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs of the body, outside tables, blank ones too."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def grid(self, paragraph: Paragraph) -> float:
        """The pitch of the grid where a paragraph stands; 0 for none."""
        return self.sections[paragraph.section].grid

    def _block(self, element: Any, section: int) -> Block:
        if element.tag == W + "p":
            return self._paragraph(element, section, counted=True)
        self._tables += 1
        rows = tuple(
            tuple(self._paragraph(inner, section) for inner in row.iter(W + "p")) for row in element.iter(W + "tr")
        )
        grid = element.find(W + "tblGrid")
        widths = (number(column.get(W + "w")) or 0 for column in (() if grid is None else grid))
        return Table(self._tables, rows, sum(widths) / _TWIPS_IN_A_MM, self._table_borders(element), section)

    def _table_borders(self, element: Any) -> dict[str, Border]:
        found = {}
        of = element.find(f"{W}tblPr/{W}tblBorders")
        for side in () if of is None else of:
            eighths = (number(side.get(W + "sz")) or 0) / 8 / POINTS_IN_A_MM
            kind = side.get(W + "val", "")
            if kind not in ("nil", "none", ""):
                found[side.tag[len(W) :]] = Border(kind, eighths, side.get(W + "color", "auto"))
        return found

    def _paragraph(self, element: Any, section: int, *, counted: bool = False) -> Paragraph:
        of, base = self._styles.paragraph(element)
        runs, boxes, breaks = [], [], False
        for run in _runs(element):
            own = run.find(W + "rPr")
            look = self._styles.character(base, own)
            if on(look.get("vanish")):
                continue
            text = "".join(_texts(run))
            breaks |= any(item.get(W + "type") == "page" for item in run.iter(W + "br"))
            boxes += [item for item in run.iter(W + "drawing", W + "pict") if _shown(item)]
            if text:
                runs.append(self._run(text, look))
        mark = self._styles.character(base, element.find(f"{W}pPr/{W}rPr"))
        written = bool("".join(run.text for run in runs).strip(" \t\n\u3000\xa0"))
        self._numbered += counted and written
        size = (number(mark.get("sz")) or 20) / 2
        place = self._numbered if counted and written else 0
        return Paragraph(
            tuple(runs), of, size, self._styles.label(of), place, section, tuple(boxes), breaks, _counts_pages(element)
        )

    def _run(self, text: str, look: Properties) -> Run:
        return Run(
            text,
            self._styles.font(look, "eastAsia"),
            self._styles.font(look, "ascii"),
            (number(look.get("sz")) or 20) / 2,
            look.get("color", "auto"),
            (number(look.get("spacing")) or 0) / TWIPS_IN_A_POINT,
            on(look.get("u")),
        )

    def _sections(self, found: Iterable[Any]) -> Iterator[Section]:
        targets = {reference: target for _, reference, target in self._package.relations(self._package.main)}
        footers: dict[str, Footer] = {}
        for element in found:
            for reference in element.iter(W + "footerReference"):
                tree = self._package.tree(targets.get(reference.get(R + "id"), ""))
                if tree is not None:
                    footers = {**footers, reference.get(W + "type", "default"): self._footer(tree)}
            yield _section(element, footers)

    def _footer(self, tree: Any) -> Footer:
        boxed = []
        for box in tree.iter(*_BOXES):
            if not any(parent.tag == MC + "Fallback" for parent in box.iterancestors()):
                boxed += [(box, self._paragraph(inner, 0)) for inner in box.iter(W + "p")]
        flowing = [item for item in tree.iter(W + "p") if not any(up.tag in _BOXES for up in item.iterancestors())]
        return Footer(tuple(self._paragraph(item, 0) for item in flowing), tuple(boxed))


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


def _blocks(parent: Iterable[Any]) -> Iterator[Any]:
    """The paragraphs and tables of a body, those of content controls and of insertions too."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml", W + "smartTag"):
            yield from _blocks(child)


def _ends_section(element: Any) -> Any | None:
    return element.find(f"{W}pPr/{W}sectPr") if element.tag == W + "p" else None


def _runs(element: Any) -> Iterator[Any]:
    """The runs of a paragraph that are seen, those of its text boxes not."""
    for child in element:
        if child.tag == W + "r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _texts(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "tab", W + "ptab"):
            yield "\t"
        elif child.tag in (W + "br", W + "cr"):
            yield "" if child.get(W + "type") in ("page", "column") else "\n"
        elif child.tag == W + "noBreakHyphen":
            yield "-"


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


def _shown(item: Any) -> bool:
    return not any(parent.tag == MC + "Fallback" for parent in item.iterancestors())


def width_of(text: str, size: float = SIZE_3) -> float:
    """The points that a text takes: an ASCII character half the size, others the size."""
    return sum(size * (0.5 if char.isascii() else 1.0) for char in text)


def box_place(box: Any) -> tuple[float | None, float | None, float, float, str]:
    """Of the text box around: left and upper edge (None where not given by offset), width, height, all mm; its text's turn."""
    anchor = next((up for up in box.iterancestors() if up.tag == WP + "anchor"), None)
    if anchor is None:
        return None, None, 0, 0, ""
    offsets = [anchor.find(f"{WP}position{axis}") for axis in "HV"]
    left, top = (
        number(item.findtext(WP + "posOffset")) if item is not None and item.get("relativeFrom") == "page" else None
        for item in offsets
    )
    extent = anchor.find(WP + "extent")
    wide, high = (number(extent.get(name)) or 0 for name in ("cx", "cy")) if extent is not None else (0, 0)
    turn = next((item.get("vert", "") for item in anchor.iter("{*}bodyPr")), "")
    at = [None if value is None else value / _EMU_IN_A_MM for value in (left, top)]
    return at[0], at[1], wide / _EMU_IN_A_MM, high / _EMU_IN_A_MM, turn


def box_side(box: Any) -> str:
    """How a text box is aligned across the page (left, center, right, inside, outside); "" where it is not."""
    for up in box.iterancestors():
        if up.tag == WP + "anchor":
            item = up.find(WP + "positionH")
            return (item.findtext(WP + "align") or "") if item is not None else ""
    return ""
