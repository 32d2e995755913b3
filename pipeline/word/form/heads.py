"""Demands on the head of a document: red head, number, red line, title, addressees, and the blank lines between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.pages import Document, Table
from pipeline.word.form.paragraphs import Border, Paragraph, is_red
from pipeline.word.form.parts import Part, Parts
from pipeline.word.form.typeface import of_colour, of_type
from pipeline.word.official import FANGSONG, SIZE_2, SIZE_3, XIAOBIAOSONG, Basis

_ALIGNED = {"left": "居左", "right": "居右", "center": "居中", "both": "两端对齐"}
_COLOURS = re.compile(r"(?:srgbClr val|strokecolor|color)=\"#?([0-9A-Fa-f]{6}|red)")


def of_head(document: Document, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """The deviations from the red head down to the addressees; nothing for parts that are not there."""
    heads = [_at(document, place) for place in parts.places(Part.HEAD)]
    for paragraph in heads:
        yield from _red_head(paragraph)
    if heads and not parts.letter:
        yield from _drop(document, parts)
    if parts.has_head and not heads:
        asked = "红色小标宋，发文机关名称加“文件”"
        yield Deviation("正文之前", Part.HEAD, "没有", asked, "7.2.4", Basis.STANDARD)
    if heads and not parts.places(Part.NUMBER):
        yield Deviation("正文之前", Part.NUMBER, "没有", official.NUMBER_ASKED, "7.2.5", Basis.STANDARD)
    for place in parts.places(Part.NUMBER):
        yield from _number(document, parts, place)
    yield from _title(document, parts, basis)
    yield from _addressees(document, parts, basis)


def _at(document: Document, place: int) -> Paragraph:
    block = document.blocks[place]
    assert isinstance(block, Paragraph)
    return block


def aligned(paragraph: Paragraph, wanted: str, item: str, clause: str, basis: Basis) -> Iterator[Deviation]:
    """The deviation of a line that should be centred, or at a side."""
    if paragraph.alignment != wanted:
        found = _ALIGNED.get(paragraph.alignment, paragraph.alignment)
        yield Deviation(paragraph.place, item, found, _ALIGNED[wanted], clause, basis)


def _red_head(paragraph: Paragraph) -> Iterator[Deviation]:
    runs = [run for run in paragraph.runs if run.text.strip()]
    if not all(run.red for run in runs):
        yield Deviation(paragraph.place, f"{Part.HEAD}颜色", "不是红色", "红色", "7.2.4", Basis.STANDARD)
    yield from of_type(paragraph, Part.HEAD, (XIAOBIAOSONG,), None, "7.2.4", Basis.STANDARD)
    yield from aligned(paragraph, "center", f"{Part.HEAD}对齐", "7.2.4", Basis.STANDARD)


def _drop(document: Document, parts: Parts) -> Iterator[Deviation]:
    """How far the first line of the red head stands below the top of the type area."""
    first = parts.places(Part.HEAD)[0]
    above = document.blocks[:first]
    if any(isinstance(block, Table) for block in above):
        return
    paragraph = _at(document, first)
    points = sum(block.height(document.grid(block)) for block in above if isinstance(block, Paragraph))
    mm = (points + paragraph.space("before", document.grid(paragraph))) / official.POINTS_IN_A_MM
    if not official.HEAD_DROP.fits(mm):
        yield Deviation(
            paragraph.place, f"{Part.HEAD}位置", f"距版心上边缘约{mm:.0f}毫米", "35毫米", "7.2.4", Basis.STANDARD
        )


# Number and red line -------------------------------------------------------------------------------------------------


def _number(document: Document, parts: Parts, place: int) -> Iterator[Deviation]:
    paragraph = _at(document, place)
    clause = "10.1" if parts.letter else "7.2.5"
    written = re.split("签发人", paragraph.words)[0].strip()
    placeholder = written.startswith("【")
    if not placeholder and not re.fullmatch(official.NUMBER_FORM, written):
        yield Deviation(paragraph.place, f"{Part.NUMBER}写法", written, official.NUMBER_ASKED, "7.2.5", Basis.STANDARD)
    yield from of_type(paragraph, Part.NUMBER, (FANGSONG,), SIZE_3, "7.2.5", Basis.STANDARD)
    upward = "签发人" in paragraph.words
    if not upward:
        wanted = "right" if parts.letter else "center"
        yield from aligned(paragraph, wanted, f"{Part.NUMBER}对齐", clause, Basis.STANDARD)
    if not parts.letter:
        heads = parts.places(Part.HEAD)
        if heads:
            yield from blank_lines(
                document,
                heads[-1],
                place,
                official.LINES_BELOW_HEAD,
                Part.NUMBER,
                "发文机关标志",
                "7.2.5",
                Basis.STANDARD,
            )
        yield from _red_line(document, parts, place)


def _red_line(document: Document, parts: Parts, place: int) -> Iterator[Deviation]:
    """The line below the number: a border of a paragraph before the title, or a drawing there."""
    title = min([at for at in parts.places(Part.TITLE) if at > place], default=place + 3)
    near = [block for block in document.blocks[place:title] if isinstance(block, Paragraph)]
    rules = [rule for at, block in enumerate(near) if (rule := block.border("bottom") or (at and block.border("top")))]
    colours = [colour for block in near for colour in _drawn(block)]
    where = near[0].place
    if not rules and not colours:
        asked = "发文字号之下4毫米处，红色，与版心等宽"
        yield Deviation(where, "红色分隔线", "没有", asked, "7.2.7", Basis.STANDARD)
    elif not any(isinstance(rule, Border) and rule.red for rule in rules) and not any(map(_reddish, colours)):
        yield Deviation(where, "红色分隔线颜色", "不是红色", "红色", "7.2.7", Basis.STANDARD)


def _drawn(paragraph: Paragraph) -> list[str]:
    """The colours of the lines that are drawn in a paragraph; "" for a drawing that names none."""
    found = []
    for box in paragraph.boxes:
        found += _COLOURS.findall(etree.tostring(box, encoding="unicode")) or [""]
    return found


def _reddish(colour: str) -> bool:
    return colour == "red" or is_red(colour)


def blank_lines(
    document: Document, above: int, below: int, wanted: int, item: str, what: str, clause: str, basis: Basis
) -> Iterator[Deviation]:
    """The deviation of a line that does not stand `wanted` blank lines (1 to 3) below another.

    above, below: the places of both; what: the name of the one above. Nothing is told where a table or a drawing stands
    between them, because its height is not known, or a table of contents, which may be of any height.
    """
    between = [block for block in document.blocks[above + 1 : below] if isinstance(block, Paragraph)]
    if any(block.boxes or block.lists_contents for block in between) or len(between) != below - above - 1:
        return
    upper, lower = _at(document, above), _at(document, below)
    points = sum(block.height(document.grid(block)) for block in between)
    points += upper.space("after", document.grid(upper)) + lower.space("before", document.grid(lower))
    lines = points / official.LINE_PITCH
    if abs(lines - wanted) > 0.5:
        found = f"与{what}之间空{round(lines * 2) / 2:g}行"
        yield Deviation(lower.place, f"{item}位置", found, f"空{'一二三'[wanted - 1]}行", clause, basis)


# Title and addressees ------------------------------------------------------------------------------------------------


def _title(document: Document, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    places = parts.places(Part.TITLE)
    for place in places:
        paragraph = _at(document, place)
        yield from of_type(paragraph, Part.TITLE, (XIAOBIAOSONG,), SIZE_2, "7.3.1", basis)
        yield from of_colour(paragraph, Part.TITLE, basis)
        yield from aligned(paragraph, "center", f"{Part.TITLE}对齐", "7.3.1", basis)
        if abs(paragraph.first_indent) > 0.3 and paragraph.alignment == "center" and not paragraph.text[:1].isspace():
            found = f"首行缩进{paragraph.first_indent:.1f}字，偏离中线"
            yield Deviation(paragraph.place, f"{Part.TITLE}对齐", found, "居中", "7.3.1", basis)
    numbers = parts.places(Part.NUMBER)
    if places and numbers:
        letter = (official.LETTER_TITLE_LINES, Part.TITLE, Part.NUMBER, "10.1", basis)
        usual = (official.LINES_BELOW_RED_LINE, Part.TITLE, "分隔线", "7.3.1", basis)
        yield from blank_lines(document, numbers[-1], places[0], *(letter if parts.letter else usual))


def _addressees(document: Document, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    for place in parts.places(Part.ADDRESSEES):
        paragraph = _at(document, place)
        item = Part.ADDRESSEES
        yield from of_type(paragraph, item, (FANGSONG,), SIZE_3, "7.3.2", basis)
        if not paragraph.words.endswith("："):
            found = f"末尾是“{paragraph.words[-1]}”"
            yield Deviation(paragraph.place, f"{item}标点", found, "末尾用全角冒号", "7.3.2", basis)
        if paragraph.alignment not in ("left", "both"):
            found = _ALIGNED.get(paragraph.alignment, paragraph.alignment)
            yield Deviation(paragraph.place, f"{item}位置", found, "居左顶格", "7.3.2", basis)
        elif abs(paragraph.first_indent) > 0.3:
            found = f"缩进{paragraph.first_indent:.1f}字".replace(".0字", "字")
            yield Deviation(paragraph.place, f"{item}位置", found, "居左顶格", "7.3.2", basis)
        titles = [at for at in parts.places(Part.TITLE) if at < place]
        if titles:
            yield from blank_lines(
                document, titles[-1], place, official.LINES_BELOW_TITLE, item, "标题", "7.3.2", basis
            )
