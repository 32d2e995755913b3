"""Requirements on the colophon (版记): its borders, copies and printing line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from lxml import etree

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import OfficialDocument
from pipeline.word.form.effective import number
from pipeline.word.form.paragraphs import Border, Paragraph
from pipeline.word.form.parts import (
    BELOW_PRINTED,
    COPIES,
    DATED,
    OFFICE,
    PRINTED,
    HeadKind,
    ParagraphRole,
    Parts,
    plain,
)
from pipeline.word.form.tables import Table, TableCell
from pipeline.word.form.typeface import of_type
from pipeline.word.official import FANGSONG, SIZE_4, Basis

_LINE_SHAPES = re.compile(r'prst="line"|prst="straightConnector1"|<v:line\b|type="#_x0000_t(?:32|20)"')
_WIDTHS = re.compile(r'<a:ln\b[^>]*\bw="([0-9]+)"|strokeweight="([0-9.]+)pt"')
_EMU_IN_A_MM = 36000


@dataclass(frozen=True)
class _Line:
    """One line of the colophon: a paragraph, or the paragraphs in the cells of a row."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def words(self) -> str:
        return "　".join(paragraph.words for paragraph in self.paragraphs if paragraph.words)

    @property
    def place(self) -> str:
        return f"版记“{plain(self.words)[:8]}…”"


@dataclass(frozen=True)
class _Colophon:
    """The lines, the borders above each and below the last, and the lines drawn near them."""

    lines: list[_Line] = field(default_factory=list)
    borders: list[list[Border]] = field(default_factory=lambda: [[]])
    """One list more than there are lines; empty where no border is visible."""
    drawn: list[Border] = field(default_factory=list)


def of_colophon(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """The deviations of the colophon of a document with a red head; its absence is one.

    A letter, an order, minutes and a bulletin may lack it; one in a text box is not read.
    """
    colophon = _read(document, parts)
    if not colophon.lines:
        if parts.has_head and parts.kind is HeadKind.FILE and ParagraphRole.COLOPHON not in parts.boxed:
            yield Deviation(
                "文末", ParagraphRole.COLOPHON, "没有", "抄送机关、印发机关和印发日期", "7.4", Basis.STANDARD
            )
        return
    for line in colophon.lines:
        yield from _type(line)
    printing = _of_printing(colophon.lines)
    yield from _copies([line for line, of in zip(colophon.lines, printing, strict=True) if not of])
    for line in colophon.lines:
        yield from _printed(line)
    if not parts.letter:
        yield from _rules(colophon)


# Visible lines and borders -------------------------------------------------------------------------------------------


def _read(document: OfficialDocument, parts: Parts) -> _Colophon:
    """The colophon; one without lines if there is none."""
    colophon, start = _Colophon(), parts.colophon
    if start is None:
        return colophon
    # The first border may be that of a blank paragraph above.
    while start and isinstance(block := document.blocks[start - 1], Paragraph) and not block.words:
        start -= 1
    above: Paragraph | None = None
    for block in document.blocks[start:]:
        if isinstance(block, Table):
            colophon.borders[-1].extend(_seen(above.border("bottom") if above else None))
            _read_table(colophon, block)
            above = None
            continue
        colophon.borders[-1].extend(_between(above, block))
        _add(colophon, (block,))
        above = block
    colophon.borders[-1].extend(_seen(above.border("bottom") if above else None))
    return colophon


def _add(colophon: _Colophon, paragraphs: Sequence[Paragraph]) -> None:
    """Add a line; a blank one adds only its borders, drawn or typed as underlined blanks."""
    for paragraph in paragraphs:
        colophon.drawn.extend(_drawn(paragraph))
    if any(paragraph.words for paragraph in paragraphs):
        colophon.lines.append(_Line(tuple(paragraph for paragraph in paragraphs if paragraph.words)))
        colophon.borders.append([])
    elif any(run.underlined and run.text for paragraph in paragraphs for run in paragraph.runs):
        colophon.borders[-1].append(Border("single", official.THIN_LINE.mm, "000000"))


def _seen(border: Border | None) -> list[Border]:
    return [] if border is None else [border]


def _between(upper: Paragraph | None, lower: Paragraph) -> list[Border]:
    """The visible border between two paragraphs: equal borders make one box, with any border `between`."""
    if upper is None:
        return _seen(lower.border("top"))
    sides = ("top", "bottom", "left", "right")
    if all(upper.border(side) == lower.border(side) for side in sides) and upper.framed == lower.framed:
        return _seen(upper.border("between"))
    return [*_seen(upper.border("bottom")), *_seen(lower.border("top"))]


def _read_table(colophon: _Colophon, table: Table) -> None:
    """The rows of a table; several paragraphs in a row's only cell are one line each."""
    for at, row in enumerate(table.rows):
        upper = table.rows[at - 1] if at else ()
        colophon.borders[-1].extend(_over(table, upper, row))
        if len(row) == 1:
            above: Paragraph | None = None
            for paragraph in row[0].paragraphs:
                colophon.borders[-1].extend(_between(above, paragraph) if above else _seen(paragraph.border("top")))
                _add(colophon, (paragraph,))
                above = paragraph
        else:
            _add(colophon, [paragraph for cell in row for paragraph in cell.paragraphs])
    colophon.borders[-1].extend(_over(table, table.rows[-1] if table.rows else (), ()))


def _over(table: Table, upper: Sequence[TableCell], lower: Sequence[TableCell]) -> list[Border]:
    """The border between two rows, or above the first and below the last: a cell's border overrides the table's."""
    common = table.borders.get("insideH" if upper and lower else "bottom" if upper else "top")
    own = [
        cell.borders[side]
        for cells, side in ((upper, "bottom"), (lower, "top"))
        for cell in cells
        if side in cell.borders
    ]
    stated = [border for border in own if border is not None]
    if stated or (own and len(own) >= len(upper) + len(lower)):
        return stated[:1]
    return _seen(common)


def _drawn(paragraph: Paragraph) -> Iterator[Border]:
    """The lines drawn in a paragraph; their height is unknown if the drawing does not give it."""
    for box in paragraph.boxes:
        markup = etree.tostring(box, encoding="unicode")
        if _LINE_SHAPES.search(markup):
            width = _WIDTHS.search(markup)
            emu, points = (number(width[1]), number(width[2])) if width else (None, None)
            mm = emu / _EMU_IN_A_MM if emu else points / official.POINTS_IN_A_MM if points else 0.0
            yield Border("single", mm, "000000")


# Demands -------------------------------------------------------------------------------------------------------------


def _type(line: _Line) -> Iterator[Deviation]:
    for paragraph in line.paragraphs:
        for one in of_type(paragraph, ParagraphRole.COLOPHON, (FANGSONG,), SIZE_4, "7.4", Basis.STANDARD):
            yield Deviation(line.place, one.item, one.found, one.asked, one.clause, one.basis)
    first = line.paragraphs[0]
    left = first.first_indent
    begins = bool(COPIES.match(line.words)) or _is_printed(line)
    measured = first.alignment in ("left", "both") and not first.text.startswith("\t")
    if begins and measured and abs(left - official.COLOPHON_INDENT) > 0.4:
        found = f"左空{left:.1f}字".replace(".0字", "字")
        yield Deviation(line.place, "版记位置", found, "左右各空一字", "7.4", Basis.STANDARD)


def _is_printed(line: _Line) -> bool:
    return bool(PRINTED.search(line.words) or DATED.search(line.words) or BELOW_PRINTED.fullmatch(line.words))


def _copies(lines: Sequence[_Line]) -> Iterator[Deviation]:
    """主送 and 抄送: a full-width colon, and a full stop at the end, perhaps on a later line."""
    for at, line in enumerate(lines):
        if not COPIES.match(line.words):
            continue
        words, where = plain(line.words), line.place
        if words[2:3] != "：":
            yield Deviation(where, "抄送机关标点", words[:3], "“抄送”后用全角冒号", "7.4.2", Basis.STANDARD)
        last = [line, *takewhile(lambda later: not COPIES.match(later.words), lines[at + 1 :])][-1]
        if not last.words.endswith("。"):
            found = f"末尾是“{last.words[-1]}”"
            yield Deviation(where, "抄送机关标点", found, "末尾用句号", "7.4.2", Basis.STANDARD)


def _printed(line: _Line) -> Iterator[Deviation]:
    words = re.sub(r"[\s\u3000]*[（(]?\s*共\s*印\s*\S*\s*份\s*[）)]?$", "", line.words)
    printed = re.search(r"([0-9〇零一二三四五六七八九十]{4}年.*?日)\s*(印\s*发|翻\s*印)?$", words)
    if printed is None or COPIES.match(words):
        return
    if not re.fullmatch(official.DATE_FORM, printed[1]):
        yield Deviation(line.place, "印发日期写法", printed[1], official.DATE_ASKED, "7.4.3", Basis.STANDARD)
    if not printed[2]:
        yield Deviation(line.place, "印发日期写法", "日期后没有“印发”", "日期后加“印发”", "7.4.3", Basis.STANDARD)


def _rules(colophon: _Colophon) -> Iterator[Deviation]:
    """The borders: thick ones first and last, a thin one between the copies and the printing line.

    Drawn lines make up for missing borders; if there are too few of them, nobody can say which one is missing.
    """
    asked = list(_asked(colophon))
    missed, drawn = sum(not borders for borders, *_ in asked), len(colophon.drawn)
    if 0 < drawn < missed:
        found, place = f"画了{drawn}条线，另缺{missed - drawn}条", colophon.lines[0].place
        yield Deviation(place, "版记分隔线", found, "首末两条粗线，中间细线", "7.4.1", Basis.DOUBTFUL)
    for borders, name, length, place in asked:
        if borders or not drawn:
            yield from _border(borders, name, length, place)


def _asked(colophon: _Colophon) -> Iterator[tuple[list[Border], str, official.Length, str]]:
    """Each required border: those visible at its place, its name, its height, and where it is reported."""
    lines, borders, printing = colophon.lines, colophon.borders, _of_printing(colophon.lines)
    yield borders[0], "首条分隔线", official.THICK_LINE, lines[0].place
    for at, (upper, lower) in enumerate(pairwise(printing), start=1):
        if BELOW_PRINTED.fullmatch(lines[at].words):
            break
        if (borders[at] and (lower or not upper)) or (lower and not upper):
            yield borders[at], "中间的分隔线", official.THIN_LINE, lines[at].place
    ends = [at for at, line in enumerate(lines, start=1) if not BELOW_PRINTED.fullmatch(line.words)]
    last = max(ends, default=len(lines))
    below = [border for at in range(last, len(borders)) for border in borders[at]]
    yield below, "末条分隔线", official.THICK_LINE, lines[last - 1].place


def _of_printing(lines: Sequence[_Line]) -> list[bool]:
    """For each line, whether it says who printed it and when; the office may be on the line above the date."""
    bare = [bool(re.match("[0-9]{4}年", line.words)) and _is_printed(line) for line in lines]
    return [
        _is_printed(line) or (later and not COPIES.match(line.words) and bool(OFFICE.search(line.words)))
        for line, later in zip(lines, [*bare[1:], False], strict=True)
    ]


def _border(borders: Sequence[Border], name: str, length: official.Length, place: str) -> Iterator[Deviation]:
    asked = f"与版心等宽，高{length.mm}毫米"
    if not borders:
        yield Deviation(place, name, "没有", asked, "7.4.1", Basis.STANDARD)
    elif not any(abs(border.mm - length.mm) <= length.tolerance for border in borders):
        yield Deviation(place, name, f"高{borders[0].mm:.2f}毫米", asked, "7.4.1", Basis.STANDARD)
