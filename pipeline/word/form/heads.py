"""Requirements on the head: what is above the red head, head, number, signers, red line, title, addressees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import Block, OfficialDocument
from pipeline.word.form.lines import divided
from pipeline.word.form.paragraphs import Border, Paragraph, is_red
from pipeline.word.form.parts import NUMBER, TYPED_LINE, HeadKind, ParagraphRole, Parts, plain
from pipeline.word.form.tables import Table
from pipeline.word.form.typeface import of_colour, of_type
from pipeline.word.official import FANGSONG, HEITI, KAITI, SIZE_2, SIZE_3, XIAOBIAOSONG, Basis

_ALIGNED = {"left": "居左", "right": "居右", "center": "居中", "both": "两端对齐"}
_COLOURS = re.compile(r"(?:srgbClr val|strokecolor|color)=\"#?([0-9A-Fa-f]{6}|red)")
_ABOVE_HEAD = (ParagraphRole.COPY_NUMBER, ParagraphRole.SECRECY, ParagraphRole.URGENCY)
"""7.2.3: in this order, one on each line."""
_SIGNED = re.compile(r"签\s*发\s*人\s*[:：]?")


def of_head(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """The deviations from the top of the first page to the addressees; parts that are absent are skipped."""
    yield from _above_head(document, parts, basis)
    heads = [_at(document, place) for place in parts.places(ParagraphRole.HEAD)]
    if parts.kind is not HeadKind.PUBLIC:
        for paragraph in heads:
            yield from _red_head(paragraph)
        if heads and not parts.letter:
            yield from _drop(document, parts)
    yield from _missing(document, parts)
    for place in parts.places(ParagraphRole.NUMBER):
        yield from _number(document, parts, place)
    yield from _signers(document, parts)
    if parts.kind is HeadKind.ORDER:
        yield from _order(document, parts)
    yield from _title(document, parts, basis)
    yield from _addressees(document, parts, basis)


def _at(document: OfficialDocument, place: int) -> Paragraph:
    block = document.blocks[place]
    assert isinstance(block, Paragraph)
    return block


def aligned(paragraph: Paragraph, wanted: str, item: str, clause: str, basis: Basis) -> Iterator[Deviation]:
    """The deviation of a line that should be centred or at a side; none if its place is unknown."""
    if paragraph.alignment != wanted and not paragraph.loose:
        found = _ALIGNED.get(paragraph.alignment, paragraph.alignment)
        yield Deviation(paragraph.place, item, found, _ALIGNED[wanted], clause, basis)


def _missing(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """Head or number missing beside the other; what is not read is not missing.

    A letter may lack a number, and so may a document with the red line directly below its head: it has no room for one.
    """
    headed = bool(parts.places(ParagraphRole.HEAD))
    if parts.places(ParagraphRole.NUMBER) and not headed and ParagraphRole.HEAD not in parts.boxed:
        asked = "红色小标宋，发文机关名称加“文件”"
        yield Deviation("正文之前", ParagraphRole.HEAD, "没有", asked, "7.2.4", Basis.STANDARD)
    numbered = parts.places(ParagraphRole.NUMBER) or ParagraphRole.NUMBER in parts.boxed
    if headed and not numbered and parts.kind is HeadKind.FILE and _line_below_head(document, parts) is None:
        yield Deviation("正文之前", ParagraphRole.NUMBER, "没有", official.NUMBER_ASKED, "7.2.5", Basis.STANDARD)


# Above the red head --------------------------------------------------------------------------------------------------


def _above_head(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """Copy number, secrecy and urgency: flush left, 三号, the last two in 黑体, in this order.

    Digits at the top of a document without a head are not a copy number.
    """
    kinds = _ABOVE_HEAD if parts.has_head else _ABOVE_HEAD[1:]
    found = sorted((place, part) for part in kinds for place in parts.places(part))
    for place, part in found:
        yield from _line_above_head(_at(document, place), part, basis)
    for (_, upper), (place, lower) in pairwise(found):
        if _ABOVE_HEAD.index(upper) > _ABOVE_HEAD.index(lower):
            asked = "按份号、密级和保密期限、紧急程度的顺序自上而下分行排列"
            where = _at(document, place).place
            yield Deviation(where, f"{lower}位置", f"在{upper}之下", asked, "7.2.3", basis)


def _line_above_head(paragraph: Paragraph, part: ParagraphRole, basis: Basis) -> Iterator[Deviation]:
    clause = f"7.2.{_ABOVE_HEAD.index(part) + 1}"
    if part is ParagraphRole.COPY_NUMBER:
        # The standard gives its size, but no face (7.2.1).
        sizes = [run.size for run in paragraph.runs if run.text.strip() and run.size != SIZE_3]
        faces = of_type(paragraph, part, (HEITI, FANGSONG), SIZE_3, clause, basis) if sizes else ()
        yield from (one for one in faces if one.item.endswith("字号"))
    else:
        yield from of_type(paragraph, part, (HEITI,), SIZE_3, clause, basis)
    yield from _as_written(paragraph, part, clause, basis)
    if not paragraph.loose and (paragraph.alignment not in ("left", "both") or abs(paragraph.first_indent) > 0.3):
        yield Deviation(paragraph.place, f"{part}位置", "没有顶格", "顶格编排在版心左上角", clause, basis)


def _as_written(paragraph: Paragraph, part: ParagraphRole, clause: str, basis: Basis) -> Iterator[Deviation]:
    """The wording of secrecy and urgency; two characters may be spaced out."""
    words = plain(paragraph.words)
    if part is ParagraphRole.SECRECY and not re.fullmatch(official.SECRECY_FORM, words):
        asked = "如“机密★1年”：★隔开，期限用阿拉伯数字"
        yield Deviation(paragraph.place, f"{part}写法", paragraph.words, asked, clause, basis)
    if part is ParagraphRole.URGENCY and words not in official.URGENCIES:
        yield Deviation(paragraph.place, f"{part}写法", paragraph.words, "特急或加急", clause, basis)


# Red head ------------------------------------------------------------------------------------------------------------


def _red_head(paragraph: Paragraph) -> Iterator[Deviation]:
    runs = [run for run in paragraph.runs if run.text.strip()]
    if not all(run.red for run in runs):
        yield Deviation(paragraph.place, f"{ParagraphRole.HEAD}颜色", "不是红色", "红色", "7.2.4", Basis.STANDARD)
    yield from of_type(paragraph, ParagraphRole.HEAD, (XIAOBIAOSONG,), None, "7.2.4", Basis.STANDARD)
    if paragraph.of.get("jc") not in ("distribute", "thaiDistribute"):  # the names in a joint head are spread out
        yield from aligned(paragraph, "center", f"{ParagraphRole.HEAD}对齐", "7.2.4", Basis.STANDARD)


def _drop(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """The distance of the red head's first line from the top of the type area."""
    first = parts.places(ParagraphRole.HEAD)[0]
    above = document.blocks[:first]
    paragraph = _at(document, first)
    # The height of a table, and of lines taken from one, is unknown.
    if paragraph.loose or paragraph.framed or any(isinstance(block, Table) or block.loose for block in above):
        return
    points = sum(block.height(document.grid(block)) for block in above if isinstance(block, Paragraph))
    mm = (points + paragraph.space("before", document.grid(paragraph))) / official.POINTS_IN_A_MM
    order = parts.kind is HeadKind.ORDER
    asked, clause = (official.ORDER_DROP, "10.2") if order else (official.HEAD_DROP, "7.2.4")
    clause = "10.3" if parts.kind is HeadKind.MINUTES else clause
    if not asked.fits(mm):
        found = f"距版心上边缘约{mm:.0f}毫米"
        yield Deviation(
            paragraph.place, f"{ParagraphRole.HEAD}位置", found, f"{asked.mm:.0f}毫米", clause, Basis.STANDARD
        )


def _order(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """The number of an order (令号): centred, two lines below the head, the text two lines below it (10.2)."""
    heads, serials = parts.places(ParagraphRole.HEAD), parts.places(ParagraphRole.SERIAL)
    if not serials:
        if heads and ParagraphRole.NUMBER not in parts.boxed and not parts.places(ParagraphRole.NUMBER):
            asked = "发文机关标志下空二行居中编排令号"
            yield Deviation("正文之前", ParagraphRole.SERIAL, "没有", asked, "10.2", Basis.STANDARD)
        return
    paragraph = _at(document, serials[0])
    yield from of_type(paragraph, ParagraphRole.SERIAL, (FANGSONG,), SIZE_3, "5.2.2", Basis.STANDARD)
    yield from aligned(paragraph, "center", f"{ParagraphRole.SERIAL}对齐", "10.2", Basis.STANDARD)
    if heads:
        of = (official.LINES_BELOW_HEAD, ParagraphRole.SERIAL, ParagraphRole.HEAD, "10.2", Basis.STANDARD)
        yield from blank_lines(document, heads[-1], serials[0], *of)


# Number, signers and red line ----------------------------------------------------------------------------------------


def _number(document: OfficialDocument, parts: Parts, place: int) -> Iterator[Deviation]:
    paragraph = _at(document, place)
    clause = "10.1" if parts.letter else "7.2.5"
    found = NUMBER.match(paragraph.words)
    written = found[0] if found else paragraph.words
    placeholder = written.startswith("【")
    if not placeholder and not re.fullmatch(official.NUMBER_FORM, written):
        yield Deviation(
            paragraph.place, f"{ParagraphRole.NUMBER}写法", written, official.NUMBER_ASKED, "7.2.5", Basis.STANDARD
        )
    upward = _is_upward(parts, paragraph)
    runs = divided(paragraph.runs, paragraph.text.index(written) + len(written))[0] if upward else paragraph.runs
    yield from of_type(paragraph, ParagraphRole.NUMBER, (FANGSONG,), SIZE_3, "7.2.5", Basis.STANDARD, runs)
    if parts.kind not in (HeadKind.FILE, HeadKind.LETTER):
        return
    if upward:
        yield from _at_the_left(paragraph)
    else:
        wanted = "right" if parts.letter else "center"
        yield from aligned(paragraph, wanted, f"{ParagraphRole.NUMBER}对齐", clause, Basis.STANDARD)
    if not parts.letter:
        heads = [at for at in parts.places(ParagraphRole.HEAD) if at < place]
        signers = [at for at in parts.places(ParagraphRole.SIGNERS) if at < place]
        if heads:
            first = signers[0] if signers else place
            of = (official.LINES_BELOW_HEAD, ParagraphRole.NUMBER, "发文机关标志", "7.2.5", Basis.STANDARD)
            yield from blank_lines(document, heads[-1], first, *of)
        yield from _red_line(document, parts, place)


def _is_upward(parts: Parts, numbered: Paragraph) -> bool:
    """Whether a document goes to a superior: it names its signer, on the line of the number or next to it."""
    return bool(parts.places(ParagraphRole.SIGNERS)) or "签发人" in plain(numbered.words)


def _at_the_left(paragraph: Paragraph) -> Iterator[Deviation]:
    """The number of a document to a superior begins one character from the left."""
    if paragraph.loose or paragraph.alignment not in ("left", "both") or paragraph.text.startswith("\t"):
        return
    if abs(paragraph.first_indent - official.NUMBER_FROM_LEFT) > 0.4:
        found = f"左空{paragraph.first_indent:.1f}字".replace(".0字", "字")
        asked = "上行文居左空一字，与最后一个签发人在同一行"
        yield Deviation(paragraph.place, f"{ParagraphRole.NUMBER}位置", found, asked, "7.2.5", Basis.STANDARD)


def _signers(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """签发人 and its colon in 仿宋, the names in 楷体, all in 三号 (7.2.6)."""
    for place in sorted((*parts.places(ParagraphRole.NUMBER), *parts.places(ParagraphRole.SIGNERS))):
        paragraph = _at(document, place)
        text = paragraph.text
        numbered = NUMBER.search(text) if place in parts.places(ParagraphRole.NUMBER) else None
        start = numbered.end() if numbered else 0
        label = _SIGNED.search(text, start)
        if place in parts.places(ParagraphRole.NUMBER) and not (
            numbered and text[start:].strip() and _is_upward(parts, paragraph)
        ):
            continue
        before, names = divided(paragraph.runs, label.end() if label else start)
        if label is not None:
            words = divided(before, label.start())[1]
            yield from of_type(paragraph, ParagraphRole.SIGNERS, (FANGSONG,), SIZE_3, "7.2.6", Basis.STANDARD, words)
            if not plain(label[0]).endswith("："):
                asked = "“签发人”后用全角冒号"
                yield Deviation(
                    paragraph.place, f"{ParagraphRole.SIGNERS}标点", label[0], asked, "7.2.6", Basis.STANDARD
                )
        yield from of_type(paragraph, f"{ParagraphRole.SIGNERS}姓名", (KAITI,), SIZE_3, "7.2.6", Basis.STANDARD, names)


def _red_line(document: OfficialDocument, parts: Parts, place: int) -> Iterator[Deviation]:
    """The line below the number: a paragraph's border before the title, a table's, a drawing there, or typed."""
    # Further down, a drawn or ruled line belongs to something else.
    title = min([at for at in parts.places(ParagraphRole.TITLE) if at > place], default=place + 3)
    blocks = document.blocks[place:title]
    near = [block for block in blocks if isinstance(block, Paragraph)]
    borders, colours = _borders(blocks, near), _colours(near)
    where = near[0].place
    if not borders and not colours:
        asked = "发文字号之下4毫米处，红色，与版心等宽"
        yield Deviation(where, "红色分隔线", "没有", asked, "7.2.7", Basis.STANDARD)
    elif not any(border is not None and border.red for border in borders) and not any(map(_reddish, colours)):
        yield Deviation(where, "红色分隔线颜色", "不是红色", "红色", "7.2.7", Basis.STANDARD)


def _borders(blocks: Sequence[Block], paragraphs: Sequence[Paragraph]) -> list[Border | None]:
    """The borders of paragraphs and tables except the one above the first; None for one that a table removes."""
    found: list[Border | None] = []
    for at, paragraph in enumerate(paragraphs):
        border = paragraph.border("bottom") or (paragraph.border("top") if at else None)
        found += [border] if border else []
    for block in blocks:
        found += block.borders.values() if isinstance(block, Table) else ()
    return found


def _colours(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The colours of lines drawn or typed in paragraphs; [] without any."""
    colours = [colour for paragraph in paragraphs for colour in _drawn(paragraph)]
    return colours + [run.colour for one in paragraphs if TYPED_LINE.fullmatch(one.words) for run in one.runs]


def _drawn(paragraph: Paragraph) -> list[str]:
    """The colours of lines drawn in a paragraph; "" for a drawing that names none."""
    found = []
    for box in paragraph.boxes:
        found += _COLOURS.findall(etree.tostring(box, encoding="unicode")) or [""]
    return found


def _reddish(colour: str) -> bool:
    return colour == "red" or is_red(colour)


def blank_lines(
    document: OfficialDocument, above: int, below: int, wanted: int, item: str, what: str, clause: str, basis: Basis
) -> Iterator[Deviation]:
    """The deviation of a line that is not `wanted` blank lines (1 to 3) below another.

    above, below: the places of both; what: the name of the one above. Nothing is reported if a table, a drawing or a
    table of contents is in between, since its height is unknown.
    """
    between = [block for block in document.blocks[above + 1 : below] if isinstance(block, Paragraph)]
    if any(block.boxes or block.lists_contents for block in between) or len(between) != below - above - 1:
        return
    upper, lower = _at(document, above), _at(document, below)
    if any(block.loose or block.framed for block in (upper, *between, lower)):
        return
    points = sum(block.height(document.grid(block)) for block in between)
    points += upper.space("after", document.grid(upper)) + lower.space("before", document.grid(lower))
    lines = points / official.LINE_PITCH
    if abs(lines - wanted) > 0.5:
        found = f"与{what}之间空{round(lines * 2) / 2:g}行"
        yield Deviation(lower.place, f"{item}位置", found, f"空{'一二三'[wanted - 1]}行", clause, basis)


# Title and addressees ------------------------------------------------------------------------------------------------


def _title(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    places = parts.places(ParagraphRole.TITLE)
    for place in places:
        paragraph = _at(document, place)
        yield from of_type(paragraph, ParagraphRole.TITLE, (XIAOBIAOSONG,), SIZE_2, "7.3.1", basis)
        yield from of_colour(paragraph, ParagraphRole.TITLE, basis)
        yield from aligned(paragraph, "center", f"{ParagraphRole.TITLE}对齐", "7.3.1", basis)
        if abs(paragraph.first_indent) > 0.3 and paragraph.alignment == "center" and not paragraph.text[:1].isspace():
            found = f"首行缩进{paragraph.first_indent:.1f}字，偏离中线"
            yield Deviation(paragraph.place, f"{ParagraphRole.TITLE}对齐", found, "居中", "7.3.1", basis)
    numbers = parts.places(ParagraphRole.NUMBER)
    if not numbers and parts.kind is HeadKind.FILE and (line := _line_below_head(document, parts)) is not None:
        numbers = [line]
    held = parts.kind in (HeadKind.FILE, HeadKind.LETTER)
    if places and numbers and held and not _typed_rule(document, numbers[-1], places[0]):
        letter = (official.LETTER_TITLE_LINES, ParagraphRole.TITLE, ParagraphRole.NUMBER, "10.1", basis)
        usual = (official.LINES_BELOW_RED_LINE, ParagraphRole.TITLE, "分隔线", "7.3.1", basis)
        yield from blank_lines(document, numbers[-1], places[0], *(letter if parts.letter else usual))


def _line_below_head(document: OfficialDocument, parts: Parts) -> int | None:
    """The place of a red line directly below the head, as its border or a blank paragraph's; None for none."""
    for last in parts.places(ParagraphRole.HEAD)[-1:]:
        for place in (last, last + 1):
            block = document.blocks[place] if place < len(document.blocks) else None
            if isinstance(block, Paragraph) and (place == last or not block.words):
                border = block.border("bottom")
                if isinstance(border, Border) and border.red:
                    return place
    return None


def _typed_rule(document: OfficialDocument, above: int, below: int) -> bool:
    """Whether words stand between two places, such as a typed line or more signers: blank lines do not count then."""
    return any(block.words for block in document.blocks[above + 1 : below])


def _addressees(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    for place in parts.places(ParagraphRole.ADDRESSEES):
        paragraph = _at(document, place)
        item = ParagraphRole.ADDRESSEES
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
        titles = [at for at in parts.places(ParagraphRole.TITLE) if at < place]
        if titles and not _typed_rule(document, titles[-1], place):
            yield from blank_lines(
                document, titles[-1], place, official.LINES_BELOW_TITLE, item, "标题", "7.3.2", basis
            )
