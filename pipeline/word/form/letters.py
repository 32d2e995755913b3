"""Requirements on a letter (信函, 10.1): head, both red double lines, number, title, first page, colophon."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import OfficialDocument, PageSection
from pipeline.word.form.effective import number
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.parts import DATED, PRINTED, ParagraphRole, Parts
from pipeline.word.form.ruled_lines import RuledLine, double_lines, framed_top, lines_at_foot
from pipeline.word.official import POINTS_IN_A_MM, Basis

CLAUSE = "10.1"


def of_letter(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """The deviations that only a letter can have; none for other documents."""
    heads = parts.places(ParagraphRole.HEAD)
    if not parts.letter or not heads:
        return
    section = document.sections[0]
    head = document.blocks[heads[0]]
    assert isinstance(head, Paragraph)
    yield from _head(document, heads[0], head, section)
    numbers = [place for place in parts.places(ParagraphRole.NUMBER) if place > heads[-1]]
    end = numbers[0] if numbers else heads[-1] + 4
    lines = double_lines(document.blocks[heads[0] : end], section)
    yield from _double_line(lines[:1], "第一条红色双线", head.place, thick_first=True)
    if lines:
        yield from _gap_above(lines[0])
    for place in numbers[:1]:
        yield from _number(document, heads[-1], place)
    yield from _first_page(section)
    yield from _colophon(document, parts)


def _deviation(place: str, item: str, found: str, asked: str) -> Deviation:
    return Deviation(place, item, found, asked, CLAUSE, Basis.STANDARD)


# Lines ---------------------------------------------------------------------------------------------------------------


def _double_line(lines: list[RuledLine], item: str, place: str, *, thick_first: bool) -> Iterator[Deviation]:
    """The deviations of one of the two lines, or its absence."""
    order = "上粗下细" if thick_first else "上细下粗"
    if not lines:
        where = "发文机关标志之下4毫米处" if thick_first else "首页距下页边20毫米处"
        yield _deviation(place, item, "没有", f"{where}，{order}，长170毫米，居中")
        return
    line = lines[0]
    if not line.red:
        yield _deviation(place, f"{item}颜色", "不是红色", "红色")
    if line.thick_first is not thick_first:
        found = "两线一样粗" if line.thick_first is None else "上细下粗" if thick_first else "上粗下细"
        yield _deviation(place, f"{item}线型", found, order)
    if line.mm is not None and not official.LETTER_LINE.fits(line.mm):
        yield _deviation(place, f"{item}长度", f"{line.mm:.0f}毫米", "170毫米，居中")


# Head and number -----------------------------------------------------------------------------------------------------


def _head(document: OfficialDocument, place: int, head: Paragraph, section: PageSection) -> Iterator[Deviation]:
    """The place of the head: by its frame, or by what is above it."""
    if any(isinstance(block, Paragraph) and block.loose for block in document.blocks[: place + 1]):
        return
    grid = document.grid(head)
    framed = framed_top(head)
    if framed is None and (head.framed or not all(isinstance(block, Paragraph) for block in document.blocks[:place])):
        return
    above = [block for block in document.blocks[:place] if isinstance(block, Paragraph)]
    points = sum(block.height(document.grid(block)) for block in above) + head.space("before", grid)
    top = section.top + points / POINTS_IN_A_MM if framed is None else framed
    # Half of a line's spare height is above its characters, half below.
    top += max(0.0, head.pitch(grid) - head.size) / 2 / POINTS_IN_A_MM
    if not official.LETTER_HEAD_TOP.fits(top):
        yield _deviation(head.place, f"{ParagraphRole.HEAD}位置", f"上边缘距上页边约{top:.0f}毫米", "30毫米")


def _gap_above(line: RuledLine) -> Iterator[Deviation]:
    """The gap between head and line, if the line is the head's own border."""
    if not line.paragraph.words or line.paragraph.border("bottom") is None:
        return
    paragraph = line.paragraph
    points = (number(paragraph.of.get("pBdr.bottom.space")) or 0) + max(0.0, paragraph.pitch(0) - paragraph.size) / 2
    if not official.LETTER_HEAD_GAP.fits(points / POINTS_IN_A_MM):
        found = f"距{ParagraphRole.HEAD}约{points / POINTS_IN_A_MM:.0f}毫米"
        yield _deviation(paragraph.place, "第一条红色双线位置", found, f"{ParagraphRole.HEAD}之下4毫米")


def _number(document: OfficialDocument, head: int, place: int) -> Iterator[Deviation]:
    """Flush right, seven eighths of a character below the line."""
    paragraph = document.blocks[place]
    assert isinstance(paragraph, Paragraph)
    if paragraph.alignment == "right" and abs(paragraph.right_indent) > 0.3:
        found = f"右空{paragraph.right_indent:.1f}字".replace(".0字", "字")
        yield _deviation(paragraph.place, f"{ParagraphRole.NUMBER}位置", found, "顶格居版心右边缘")
    between = [block for block in document.blocks[head + 1 : place] if isinstance(block, Paragraph)]
    if paragraph.loose or any(block.words for block in between):
        return
    grid = document.grid(paragraph)
    before = paragraph.space("before", grid)
    if before or any(block.boxes for block in between) or len(between) != place - head - 1:
        return
    points = sum(block.height(document.grid(block)) for block in between) + paragraph.pitch(grid) - paragraph.size
    if not official.LETTER_NUMBER_GAP.fits(points / POINTS_IN_A_MM):
        found = f"距第一条红色双线约{points / POINTS_IN_A_MM:.0f}毫米"
        yield _deviation(
            paragraph.place, f"{ParagraphRole.NUMBER}位置", found, "距第一条红色双线为三号字高的7/8（约5毫米）"
        )


# First page and colophon ---------------------------------------------------------------------------------------------


def _first_page(section: PageSection) -> Iterator[Deviation]:
    """No number on the first page, and the second line at its foot."""
    place = "页脚（首页）"
    footer = section.footers.get("first" if section.different_first else "default")
    paragraphs = () if footer is None else (*footer.paragraphs, *(paragraph for _, paragraph in footer.boxed))
    if any(paragraph.counts_pages for paragraph in paragraphs):
        yield _deviation(place, "首页页码", "显示页码", "不显示")
    lines = lines_at_foot(section)
    yield from _double_line(lines[:1], "第二条红色双线", place, thick_first=False)
    bottom = lines[0].bottom if lines else None
    if bottom is not None and not official.LETTER_FOOT.fits(section.height - bottom):
        found = f"距下页边约{section.height - bottom:.0f}毫米"
        yield _deviation(place, "第二条红色双线位置", found, "20毫米")


def _colophon(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """Only the copies: no printing line, no ruled lines."""
    lines = [
        block
        for place in parts.places(ParagraphRole.COLOPHON)
        if isinstance(block := document.blocks[place], Paragraph)
    ]
    for line in lines:
        place = f"版记“{line.words[:8]}…”"
        if PRINTED.search(line.words) or DATED.search(line.words):
            yield _deviation(place, ParagraphRole.COLOPHON, "有印发机关和印发日期", "不加印发机关和印发日期")
        if any(line.border(side) for side in ("top", "bottom", "between")):
            yield _deviation(place, f"{ParagraphRole.COLOPHON}分隔线", "有", "不加")
