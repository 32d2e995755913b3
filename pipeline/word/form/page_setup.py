"""Requirements on pages: paper, margins, lines and characters per page, page numbers, tables that are too wide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.word import official
from pipeline.word.form.boxes import box_place, box_side
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import Footer, OfficialDocument, PageSection
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.tables import Table
from pipeline.word.form.typeface import face_named, shown_size
from pipeline.word.official import Basis

_SIDES = ("上白边（天头）", "右白边", "下白边", "左白边（订口）")
_LYING_SIDES = ("上白边", "右白边", "下白边", "左白边")
_ALIGNED = {"left": "居左", "right": "居右", "center": "居中", "both": "两端对齐"}


def of_pages(document: OfficialDocument, tables: Iterable[Table], basis: Basis) -> Iterator[Deviation]:
    """The deviations of pages, and of tables too wide for them. basis: what the standard rests on for this document."""
    for number, section in enumerate(document.sections, start=1):
        place = "页面设置" if len(document.sections) == 1 else f"第{number}节页面设置"
        yield from _paper(section, place, basis)
        yield from _margins(section, place, basis)
    for table in tables:
        yield from _width(table, document.sections[table.section], basis)


def _paper(section: PageSection, place: str, basis: Basis) -> Iterator[Deviation]:
    found = sorted((section.width, section.height))
    if any(abs(is_ - be) > official.PAPER_TOLERANCE for is_, be in zip(found, official.PAPER, strict=True)):
        size = f"{section.width:.0f}×{section.height:.0f}毫米"
        yield Deviation(place, "纸张", size, "A4，210×297毫米", "5.1", basis)


def _margins(section: PageSection, place: str, basis: Basis) -> Iterator[Deviation]:
    """The margins around the type area; a landscape page is an upright one turned, head to the binding (8)."""
    upright = (official.TOP, official.RIGHT, official.BOTTOM, official.LEFT)
    asked = (upright[3], upright[0], upright[1], upright[2]) if section.lying else upright
    found = (section.top, section.right, section.bottom, section.left)
    names = _LYING_SIDES if section.lying else _SIDES
    for name, length, mm in zip(names, asked, found, strict=True):
        if not length.fits(mm):
            asks = f"{length.mm:.0f}毫米±{length.tolerance:.0f}毫米"
            clause = "8、5.2.1" if section.lying else "5.2.1"
            yield Deviation(place, name, f"{mm:.1f}毫米", asks, clause, basis)


def _width(table: Table, section: PageSection, basis: Basis) -> Iterator[Deviation]:
    """A table wider than the type area, by its requested or actual width; cells may stick out by their padding."""
    asked = official.TYPE_AREA[1] if section.lying else official.TYPE_AREA[0]
    across = max(asked, section.width - section.left - section.right)
    if table.mm > across + 4:
        found = f"{table.mm:.0f}毫米"
        yield Deviation(f"表{table.number}", "宽度", found, f"不超出版心（{across:.0f}毫米）", "5.2.1", basis)


# Page numbers --------------------------------------------------------------------------------------------------------


def of_page_numbers(document: OfficialDocument, basis: Basis, *, letter: bool) -> Iterator[Deviation]:
    """The deviations of page numbers; each footer is reported once, however many sections use it."""
    several = len(document.sections) > 1
    seen: set[tuple[int, str, bool]] = set()
    for number, section in enumerate(document.sections, start=1):
        where = f"第{number}节" if several else ""
        for kind in ("default", "even", "first"):
            footer = section.footers.get(kind)
            # On a landscape page the same footer must look different.
            key = id(footer), kind, section.lying
            if key in seen and footer is not None:
                continue
            seen.add(key)
            yield from _of_kind(document, section, kind, where, basis, letter=letter)


def _of_kind(
    document: OfficialDocument, section: PageSection, kind: str, where: str, basis: Basis, *, letter: bool
) -> Iterator[Deviation]:
    if kind == "even" and not document.even_differ:
        yield from _same_on_even_pages(section, where, basis)
        return
    if kind == "first" and (letter or not section.different_first):
        return
    name = {"default": "单页", "even": "双页", "first": "首页"}[kind] if document.even_differ or kind == "first" else ""
    place = f"{where}页脚（{name}）" if name else f"{where}页脚"
    numbered = _numbered(section.footers.get(kind))
    if numbered is None:
        yield Deviation(place, "页码", "没有", "— 1 —，四号半角宋体", "7.5", basis)
        return
    paragraph, box = numbered
    yield from _look(paragraph, place, basis)
    even = kind == "even"
    if section.lying:
        yield from _lying(section, box, place, basis, even=even)
        return
    yield from _side(paragraph, box, place, basis, even=even)
    if box is None and not paragraph.framed:
        yield from _drop(section, place, basis)


def _numbered(footer: Footer | None) -> tuple[Paragraph, object | None] | None:
    """The paragraph with the page number, and its text box; None if there is none."""
    if footer is None:
        return None
    for box, paragraph in footer.boxed:
        if paragraph.counts_pages:
            return paragraph, box
    return next(((paragraph, None) for paragraph in footer.paragraphs if paragraph.counts_pages), None)


def _same_on_even_pages(section: PageSection, where: str, basis: Basis) -> Iterator[Deviation]:
    """One footer for all pages is right only if its position is given as outside."""
    numbered = _numbered(section.footers.get("default"))
    if numbered is None:
        return
    paragraph, box = numbered
    outside = "outside" in (box_side(box) if box is not None else "", paragraph.of.get("framePr.xAlign", ""))
    if not outside:
        found = "与单页相同（未设奇偶页不同）"
        yield Deviation(f"{where}页脚（双页）", "页码位置", found, "双页居左空一字", "7.5", basis)


def _look(paragraph: Paragraph, place: str, basis: Basis) -> Iterator[Deviation]:
    words = re.sub(r"\s+", " ", paragraph.words)
    if not re.fullmatch(official.PAGE_NUMBER_FORM, words):
        yield Deviation(place, "页码形式", words, "数字左右各放一条一字线：— 1 —", "7.5", basis)
    runs = [run for run in paragraph.runs if run.text.strip()]
    for run in runs:
        fonts = [run.latin] if re.search("[0-9]", run.text) else []
        for font in fonts:
            if not face_named(font, official.SONGTI):
                yield Deviation(place, "页码字体", font or "未指定", "宋体", "7.5", basis)
    sizes = {run.size for run in runs if run.size != official.SIZE_4}
    if sizes:
        yield Deviation(place, "页码字号", shown_size(min(sizes)), shown_size(official.SIZE_4), "7.5", basis)


def _side(paragraph: Paragraph, box: object | None, place: str, basis: Basis, *, even: bool) -> Iterator[Deviation]:
    asked, shown = ("left", "居左空一字") if even else ("right", "居右空一字")
    given = (box_side(box) if box is not None else paragraph.of.get("framePr.xAlign", "")) or paragraph.alignment
    given = asked if given == "outside" else given
    indent = paragraph.first_indent if given == "left" else paragraph.right_indent
    if given != asked:
        yield Deviation(place, "页码位置", _ALIGNED.get(given, given), shown, "7.5", basis)
    elif abs(indent - official.PAGE_NUMBER_INDENT) > 0.3:
        found = f"{_ALIGNED[given]}空{indent:.1f}字".replace(".0字", "字").replace("空0字", "，未空字")
        yield Deviation(place, "页码位置", found, shown, "7.5", basis)


def _drop(section: PageSection, place: str, basis: Basis) -> Iterator[Deviation]:
    """The distance of the number from the type area, if it is in the footer's text."""
    drop = section.bottom - section.footer_distance - official.PAGE_NUMBER_LINE
    white_is_right = official.BOTTOM.fits(section.bottom)
    if white_is_right and not official.PAGE_NUMBER_DROP.fits(drop):
        found = f"约{drop:.0f}毫米（页脚距边界{section.footer_distance:.1f}毫米）"
        yield Deviation(place, "页码与版心下边缘的距离", found, "7毫米", "7.5", basis)


def _lying(section: PageSection, box: object | None, place: str, basis: Basis, *, even: bool) -> Iterator[Deviation]:
    """On a landscape page the number is left of the type area, low on odd pages and high on even ones, turned."""
    corner = "左侧上端" if even else "左侧下端"
    asked = f"与竖排页一致：在版心{corner}，字头朝右"
    if box is None:
        yield Deviation(place, "横排页页码位置", "在横排页的下边", asked, "8", basis)
        return
    left, top, wide, high, turn = box_place(box)
    if left is None or top is None:
        return
    gap = section.left - (left + wide)
    one = official.SIZE_4 / official.POINTS_IN_A_MM
    end = section.height - section.bottom - one - (top + high)
    start = top - section.top - one
    if not turn.startswith("vert") or not official.LYING_NUMBER_GAP.fits(gap) or abs(start if even else end) > 4:
        found = f"距左边{left:.0f}毫米、距上边{top:.0f}毫米" + ("" if turn.startswith("vert") else "，文字未转向")
        yield Deviation(place, "横排页页码位置", found, asked, "8", basis)
