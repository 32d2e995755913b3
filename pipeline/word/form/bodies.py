"""Requirements on the text: type, lines, indents, headings, list of attachments, signature, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import OfficialDocument
from pipeline.word.form.effective import number
from pipeline.word.form.heads import aligned, blank_lines
from pipeline.word.form.lines import divided
from pipeline.word.form.paragraphs import Paragraph, TextRun, width_of
from pipeline.word.form.parts import OFFICE, HeadKind, ParagraphRole, Parts, is_signed_by_a_person
from pipeline.word.form.tables import Table
from pipeline.word.form.typeface import of_colour, of_type
from pipeline.word.official import FANGSONG, HEADING_FACES, HEITI, KAITI, SIZE_3, Basis

_FLOWING = (ParagraphRole.TEXT, ParagraphRole.HEADING, ParagraphRole.SUBHEADING)
_NUMBERS = (
    r"[一二三四五六七八九十百零〇]+、",
    r"（[一二三四五六七八九十百零〇]+）",
    r"[0-9]{1,3}\.",
    r"（[0-9]{1,3}）",
)


def of_text(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """The deviations between the addressees and the colophon; parts that are absent are skipped."""
    for place, part in sorted(parts.of.items()):
        block = document.blocks[place]
        if not isinstance(block, Paragraph):
            continue
        if part in _FLOWING:
            yield from _judged_once(document, block, part, parts.levels.get(place, 0), basis)
        elif part is ParagraphRole.PRESENT:
            yield from _present(block, basis)
        elif part is ParagraphRole.NOTE:
            yield from _note(block, basis)
        elif part is ParagraphRole.MARK:
            yield from _mark(document, place, block, basis)
        elif part is ParagraphRole.ATTACHED_TITLE:
            yield from _attached_title(document, parts, place, block, basis)
    yield from _line_of_characters(document, parts, basis)
    yield from _attachments(document, parts, basis)
    yield from _signature(document, parts, basis)


def _judged_once(
    document: OfficialDocument, paragraph: Paragraph, part: ParagraphRole, level: int, basis: Basis
) -> Iterator[Deviation]:
    """The deviations of a paragraph of the text; one without any is not judged again in the next document."""
    grid = document.grid(paragraph)
    if (part, level, grid) not in paragraph.sound:
        found = list(_flowing(grid, paragraph, part, level, basis))
        if not found:
            paragraph.sound.add((part, level, grid))
        yield from found


_ALIGNED = {"right": "居右", "center": "居中"}
"""Alignments that are wrong for a paragraph that fills a line."""


def _flowing(grid: float, paragraph: Paragraph, part: ParagraphRole, level: int, basis: Basis) -> Iterator[Deviation]:
    if part is ParagraphRole.HEADING:
        yield from _heading(paragraph, level, basis)
    elif part is ParagraphRole.SUBHEADING:
        yield from of_type(paragraph, part, (HEITI, KAITI), SIZE_3, "7.3.3", basis)
    else:
        yield from of_type(paragraph, ParagraphRole.TEXT, (FANGSONG,), SIZE_3, "5.2.2", basis, _without_lead(paragraph))
        if (found := _ALIGNED.get(paragraph.alignment)) and len(paragraph.words) > official.CHARACTERS:
            yield Deviation(paragraph.place, "段落对齐", found, "首行空二字，回行顶格", "7.3.3", basis)
    yield from of_colour(paragraph, part, basis)
    pitch = paragraph.pitch(grid)
    low, high = official.LINE_PITCHES
    if not low <= pitch <= high:
        yield Deviation(paragraph.place, "行距", f"{pitch:.1f}磅", "每面22行，约28.95磅", "5.2.3", basis)
    if abs(paragraph.first_indent - official.INDENT) > 0.3 or abs(paragraph.left_indent) > 0.3:
        if abs(paragraph.left_indent) > 0.3 and abs(paragraph.first_indent - official.INDENT) <= 0.3:
            found = f"左边整段缩进{paragraph.left_indent:.1f}字"
        else:
            found = f"首行缩进{paragraph.first_indent:.1f}字"
        yield Deviation(
            paragraph.place, "段落缩进", found.replace(".0字", "字"), "首行空二字，回行顶格", "7.3.3", basis
        )


def _without_lead(paragraph: Paragraph) -> list[TextRun]:
    """The runs of a paragraph, without a few leading words set in 黑体 or 楷体."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    set_off = len(runs) > 1 and runs[0].asian in HEITI.accepted | KAITI.accepted and len(runs[0].text) <= 40
    return runs[1:] if set_off else runs


def _heading(paragraph: Paragraph, level: int, basis: Basis) -> Iterator[Deviation]:
    face = HEADING_FACES[level - 1]
    item = f"第{'一二三四'[level - 1]}层标题"
    written = paragraph.label or paragraph.words
    if not re.match(_NUMBERS[level - 1], written):
        mark = re.match(r"[（(]?[^）).、，．]+[）).、，．]", written)
        found = mark[0] if mark else written[:4]
        yield Deviation(paragraph.place, "层次序号", *_of_number(found, level), "7.3.3", basis)
    heading, rest = _divided(paragraph)
    # From the third level on, heading and text have the same face (7.3.3).
    if level > 2 or not rest:
        yield from of_type(paragraph, item, (face,), SIZE_3, "7.3.3", basis)
        return
    yield from of_type(paragraph, item, (face,), SIZE_3, "7.3.3", basis, heading)
    yield from of_type(paragraph, ParagraphRole.TEXT, (FANGSONG, face), SIZE_3, "5.2.2", basis, rest)


def _of_number(found: str, level: int) -> tuple[str, str]:
    """What is wrong with a heading's number, and what is required: only the mark if just that is wrong."""
    asked = official.HEADING_MARKS[level - 1]
    if level == 3 and re.fullmatch("[0-9]+．", found):
        return f"{found}（全角圆点“．”）", f"{found[:-1]}.（半角圆点“.”）"
    figures = re.sub(r"[（()）.、，．\s]", "", found)
    return found, re.sub("[一1]", figures, asked) if figures else asked


def _present(paragraph: Paragraph, basis: Basis) -> Iterator[Deviation]:
    """出席, 请假 and 列席 in 黑体, the names in 仿宋; further lines may begin below the first name (10.3)."""
    colon = re.search("[:：]", paragraph.text)
    label, names = divided(paragraph.runs, colon.end() if colon else 0)
    words = divided(label, sum(len(run.text) for run in label) - 1)[0]
    item = ParagraphRole.PRESENT
    yield from of_type(paragraph, f"{item}标题", (HEITI,), SIZE_3, "10.3", basis, words)
    yield from of_type(paragraph, item, (FANGSONG,), SIZE_3, "10.3", basis, names)
    if not paragraph.loose and abs(paragraph.first_indent - official.INDENT) > 0.3:
        found = f"左空{paragraph.first_indent:.1f}字".replace(".0字", "字")
        yield Deviation(paragraph.place, f"{item}位置", found, "左空二字", "10.3", basis)


def _note(paragraph: Paragraph, basis: Basis) -> Iterator[Deviation]:
    """The note (附注): in brackets, two characters from the left; all lines, or only the first (7.3.6)."""
    item = ParagraphRole.NOTE
    yield from of_type(paragraph, item, (FANGSONG,), SIZE_3, "7.3.6", basis)
    if not paragraph.words.startswith(("（", "(")):
        yield Deviation(paragraph.place, f"{item}写法", "没有圆括号", "加圆括号", "7.3.6", basis)
    if not paragraph.loose and abs(paragraph.first_indent - official.NOTE_INDENT) > 0.3:
        found = f"左空{paragraph.first_indent:.1f}字".replace(".0字", "字")
        yield Deviation(paragraph.place, f"{item}位置", found, "居左空二字", "7.3.6", basis)


def _divided(paragraph: Paragraph) -> tuple[list[TextRun], list[TextRun]]:
    """The runs up to the first full stop, which are the heading, and those of the text after it."""
    runs = list(paragraph.runs)
    for at, run in enumerate(runs):
        if "。" in run.text:
            return runs[: at + 1], runs[at + 1 :]
    return runs, []


def _line_of_characters(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """Whether 28 characters fit a line; reported once, by what applies to most of the text."""
    pitches: dict[float, int] = {}
    for place in parts.places(ParagraphRole.TEXT):
        block = document.blocks[place]
        assert isinstance(block, Paragraph)
        section = document.sections[block.section]
        for run in block.runs:
            if run.size == SIZE_3 and not section.lying and run.tracking + section.tracking > -8:
                pitch = run.size + run.tracking + section.tracking
                pitches[pitch] = pitches.get(pitch, 0) + len(run.text)
    if not pitches:
        return
    usual = max(pitches, key=lambda pitch: pitches[pitch])
    if not official.NARROWEST_TYPE <= usual <= official.WIDEST_TYPE:
        count = int(official.TYPE_AREA[0] * official.POINTS_IN_A_MM / usual)
        asked = "每行28字（字距约缩0.25磅）"
        yield Deviation("正文", "每行字数", f"{count}字", asked, "5.2.3", basis)


# Attachments ---------------------------------------------------------------------------------------------------------


def _attachments(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    places = parts.places(ParagraphRole.ATTACHMENTS)
    item = ParagraphRole.ATTACHMENTS
    for place in places:
        block = document.blocks[place]
        assert isinstance(block, Paragraph)
        yield from of_type(block, item, (FANGSONG,), SIZE_3, "7.3.4", basis)
        if block.words.endswith(("。", "；", "，", "、", ";", ",", ".", "：")):
            found = f"名称后有“{block.words[-1]}”"
            yield Deviation(block.place, f"{item}标点", found, "名称后不加标点", "7.3.4", basis)
        if re.match(r"附\s*件\s*:", block.words):
            yield Deviation(block.place, f"{item}标点", "半角冒号", "“附件”后用全角冒号", "7.3.4", basis)
        if typed := re.search(r"(?:^|：)\s*([0-9]+[、．])", block.words):
            yield Deviation(block.place, f"{item}序号", *_of_number(typed[1], 3), "7.3.4", basis)
    if not places:
        return
    first = document.blocks[places[0]]
    assert isinstance(first, Paragraph)
    if abs(first.first_indent - official.INDENT) > 0.6:
        found = f"缩进{first.first_indent:.1f}字".replace(".0字", "字")
        yield Deviation(first.place, f"{item}位置", found, "左空二字", "7.3.4", basis)
    above = parts.before(places[0])
    if above is not None:
        wanted = official.LINES_ABOVE_ATTACHMENTS
        yield from blank_lines(document, above, places[0], wanted, item, "正文", "7.3.4", basis)


def _mark(document: OfficialDocument, place: int, paragraph: Paragraph, basis: Basis) -> Iterator[Deviation]:
    """The mark of an attachment: on a new page, 黑体, flush left, no colon."""
    item = ParagraphRole.MARK
    yield from of_type(paragraph, item, (HEITI,), SIZE_3, "7.3.7", basis)
    if not re.fullmatch("附件[0-9]*", paragraph.words):
        yield Deviation(paragraph.place, f"{item}写法", paragraph.words, "附件1（不加标点）", "7.3.7", basis)
    if paragraph.alignment not in ("left", "both") or abs(paragraph.first_indent) > 0.3:
        yield Deviation(paragraph.place, f"{item}位置", "没有顶格", "居左顶格", "7.3.7", basis)
    if not _begins_page(document, place, paragraph):
        yield Deviation(paragraph.place, "附件位置", "没有另起一面", "另面编排", "7.3.7", basis)


def _begins_page(document: OfficialDocument, place: int, paragraph: Paragraph) -> bool:
    """Whether a page begins here: by the paragraph, by a break in it or before it, or by a section."""
    if paragraph.page_before or paragraph.breaks_page:
        return True
    for at in range(place - 1, -1, -1):
        block = document.blocks[at]
        if block.section != paragraph.section:
            return not document.sections[paragraph.section].continuous
        if isinstance(block, Table):
            return False
        if block.breaks_page:
            return True
        if block.words:
            return False
    return False


def _attached_title(
    document: OfficialDocument, parts: Parts, place: int, paragraph: Paragraph, basis: Basis
) -> Iterator[Deviation]:
    yield from aligned(paragraph, "center", "附件标题对齐", "7.3.7", basis)
    above = parts.before(place)
    if above is not None and parts.of[above] is ParagraphRole.MARK:
        yield from blank_lines(
            document, above, place, official.LINES_BELOW_MARK, "附件标题", "附件标记", "7.3.7", basis
        )


# Signature -----------------------------------------------------------------------------------------------------------


def _signature(document: OfficialDocument, parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """Date and authority; minutes need neither, and a resolution states below its title when it was passed."""
    dates = parts.places(ParagraphRole.DATE)
    needed = parts.has_head and parts.kind is not HeadKind.MINUTES
    if not dates:
        if needed and _is_lacking(ParagraphRole.DATE, parts):
            yield Deviation("正文之后", ParagraphRole.DATE, "没有", official.DATE_ASKED, "7.3.5.4", basis)
        return
    date = document.blocks[dates[-1]]
    assert isinstance(date, Paragraph)
    yield from of_type(date, ParagraphRole.DATE, (FANGSONG,), SIZE_3, "5.2.2", basis)
    if not re.fullmatch(official.DATE_FORM, date.words):
        yield Deviation(date.place, f"{ParagraphRole.DATE}写法", date.words, official.DATE_ASKED, "7.3.5.4", basis)
    places = parts.places(ParagraphRole.AUTHORITY)
    signed = [block for place in places if isinstance(block := document.blocks[place], Paragraph)]
    for authority in signed:
        yield from of_type(authority, ParagraphRole.AUTHORITY, (FANGSONG,), SIZE_3, "5.2.2", basis)
    if needed:
        yield from _authority_above(date, signed, parts, basis)
    placed = not any(one.loose or one.framed or _holds_a_picture(one) for one in (*signed, date))
    if placed and not document.sections[date.section].lying:
        yield from _place_of_signature(document, signed, date, basis)


def _is_lacking(role: ParagraphRole, parts: Parts) -> bool:
    """Whether a part of the signature missing from the text is also missing from text boxes and below the title."""
    return role not in parts.boxed and not parts.captioned


def _authority_above(date: Paragraph, signed: Sequence[Paragraph], parts: Parts, basis: Basis) -> Iterator[Deviation]:
    """The authority of a document that needs one: present, and on its own line above the date."""
    if not signed and _is_lacking(ParagraphRole.AUTHORITY, parts):
        yield Deviation(date.place, ParagraphRole.AUTHORITY, "没有", "成文日期之上署发文机关", "7.3.5.1", basis)
    if signed and signed[-1].loose and date.loose and signed[-1].number == date.number > 0:
        asked = "成文日期在发文机关署名之下另起一行"
        yield Deviation(date.place, f"{ParagraphRole.DATE}位置", "与署名在同一行", asked, "7.3.5.1", Basis.DOUBTFUL)


def _holds_a_picture(paragraph: Paragraph) -> bool:
    """Whether the line contains a picture, such as a seal, so that its width is unknown."""
    return any(next(box.iter("{*}inline"), None) is not None for box in paragraph.boxes)


def _place_of_signature(
    document: OfficialDocument, signed: Sequence[Paragraph], date: Paragraph, basis: Basis
) -> Iterator[Deviation]:
    """Several authorities, or one who signs himself (7.3.5.3), take the space they need: then only the date's place."""
    if len(signed) != 1 or len(_names(signed[0])) > 1 or is_signed_by_a_person(signed[0].words):
        if not _is_date_in_place(document, signed, date):
            yield _far(date, ParagraphRole.DATE, _span(document, date)[1], basis)
    else:
        yield from _place_of_both(document, signed[0], date, basis)


def _is_date_in_place(document: OfficialDocument, signed: Sequence[Paragraph], date: Paragraph) -> bool:
    """Whether a date is as far from the right as in either layout, or where one of the signatures asks for it."""
    start, end = _span(document, date)
    if min(abs(end - fit) for fit in (official.DATE_FROM_RIGHT, official.AUTHORITY_FROM_RIGHT)) <= 1.2:
        return True
    middle = end + width_of(date.words) / SIZE_3 / 2
    return any(
        abs(start - _span(document, one)[0] - official.DATE_AFTER_AUTHORITY) <= 0.75
        or abs(middle - _middle_of_last(document, one)) <= 1
        for one in signed
    )


def _place_of_both(
    document: OfficialDocument, authority: Paragraph, date: Paragraph, basis: Basis
) -> Iterator[Deviation]:
    """With or without a seal: one of the two layouts must fit, to three quarters of a character.

    Two lines of one paragraph share an alignment, so it is left to the reader whether they should be centred.
    """
    start, end = _span(document, date)
    in_one = authority.number == date.number
    upper_start, upper_end = _span(document, authority)
    centred = abs((start - end) - (upper_start - upper_end)) < 2
    sealed = abs(end - official.DATE_FROM_RIGHT) <= 1.2 and centred
    shifted_by = abs(start - upper_start - official.DATE_AFTER_AUTHORITY) <= 0.75
    unsealed = shifted_by and min(abs(upper_end - 2), abs(end - 2)) <= 0.75
    if sealed or unsealed:
        return
    if abs(end - official.DATE_FROM_RIGHT) > 1.2 and abs(upper_end - official.AUTHORITY_FROM_RIGHT) > 0.75:
        yield _far(date, ParagraphRole.DATE, end, basis)
    elif not centred and not (in_one and basis is Basis.ANALOGY):
        found = f"右空约{upper_end:.0f}字，未与成文日期居中"
        asked = "以成文日期为准居中（加盖印章），或右空二字、日期首字比其首字右移二字（不加盖印章）"
        asked_by = Basis.DOUBTFUL if in_one else basis
        yield Deviation(authority.place, f"{ParagraphRole.AUTHORITY}位置", found, asked, "7.3.5.1", asked_by)


def _names(paragraph: Paragraph) -> list[str]:
    """The offices named in a line, separated by blanks."""
    return [name for name in re.split(r"\t+|[\s\u3000]{2,}", paragraph.words) if OFFICE.search(name)]


def _middle_of_last(document: OfficialDocument, paragraph: Paragraph) -> float:
    """Characters between the middle of the last office in a line and the right edge."""
    last = (_names(paragraph) or [paragraph.words])[-1]
    return _span(document, paragraph)[1] + width_of(last) / SIZE_3 / 2


def _far(paragraph: Paragraph, item: str, end: float, basis: Basis) -> Deviation:
    found = "右边没有空字" if abs(end) < 0.5 else f"右空约{end:.0f}字" if end > 0 else "超出版心"
    return Deviation(paragraph.place, f"{item}位置", found, "右空四字（加盖印章）", "7.3.5.1", basis)


def _span(document: OfficialDocument, paragraph: Paragraph) -> tuple[float, float]:
    """Characters between the left edge of the type area and the line, and between the line and the right edge."""
    section = document.sections[paragraph.section]
    across = (section.width - section.left - section.right) * official.POINTS_IN_A_MM / SIZE_3
    text = paragraph.text.strip("\n")
    wide = width_of(text.strip(" \t\u3000\xa0")) / SIZE_3
    tabs = sorted(
        ((number(key[5:]) or 0) / 20 / SIZE_3, kind) for key, kind in paragraph.of.items() if key.startswith("tabs.")
    )
    stops = [stop for stop in tabs if stop[1] in ("center", "right", "left", "start", "end")]
    if text.startswith("\t") and stops:
        # Each leading tab goes to the next stop.
        at, kind = stops[min(len(text) - len(text.lstrip("\t")), len(stops)) - 1]
        start = at - wide / 2 if kind == "center" else at - wide if kind in ("right", "end") else at
    elif paragraph.alignment == "right":
        start = across - paragraph.right_indent - wide
    elif paragraph.alignment == "center":
        start = (across + paragraph.first_indent - paragraph.right_indent - wide) / 2
    else:
        start = paragraph.first_indent
    return start, across - start - wide
