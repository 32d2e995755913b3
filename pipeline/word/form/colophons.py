"""Demands on the colophon (版记): its rules, copies and the line of printing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.word import official
from pipeline.word.form.deviation import Deviation
from pipeline.word.form.pages import Document, Table
from pipeline.word.form.paragraphs import Border, Paragraph
from pipeline.word.form.parts import Part, Parts
from pipeline.word.form.typeface import of_type
from pipeline.word.official import FANGSONG, SIZE_4, Basis


@dataclass(frozen=True)
class _Line:
    """A paragraph of the colophon with the rules above and below it."""

    paragraph: Paragraph
    above: Border | None
    below: Border | None


def of_colophon(document: Document, parts: Parts) -> Iterator[Deviation]:
    """The deviations of the colophon of a document with a red head, told too where there is none; a letter may lack it."""
    lines = [*_in_paragraphs(document, parts), *_in_tables(document, parts)]
    if not lines:
        if parts.has_head and not parts.letter:
            yield Deviation("文末", Part.COLOPHON, "没有", "抄送机关、印发机关和印发日期", "7.4", Basis.STANDARD)
        return
    for line in lines:
        yield from _line(line.paragraph)
    if not parts.letter:
        yield from _rules(lines)


def _place(paragraph: Paragraph) -> str:
    return f"版记“{paragraph.words[:8]}…”"


def _line(paragraph: Paragraph) -> Iterator[Deviation]:
    for deviation in of_type(paragraph, Part.COLOPHON, (FANGSONG,), SIZE_4, "7.4", Basis.STANDARD):
        yield Deviation(_place(paragraph), *_rest(deviation))
    words, where = paragraph.words, _place(paragraph)
    if re.match("(抄送|抄报|主送)", words):
        if words[2:3] != "：":
            yield Deviation(where, "抄送机关标点", words[:3], "“抄送”后用全角冒号", "7.4.2", Basis.STANDARD)
        if not words.endswith("。"):
            yield Deviation(where, "抄送机关标点", f"末尾是“{words[-1]}”", "末尾用句号", "7.4.2", Basis.STANDARD)
    elif printed := re.search(r"([0-9〇零一二三四五六七八九十]{4}年.*?日)\s*(印发)?$", words):
        if not re.fullmatch(official.DATE_FORM, printed[1]):
            yield Deviation(where, "印发日期写法", printed[1], official.DATE_ASKED, "7.4.3", Basis.STANDARD)
        if not printed[2]:
            yield Deviation(where, "印发日期写法", "日期后没有“印发”", "日期后加“印发”", "7.4.3", Basis.STANDARD)
    left = paragraph.first_indent
    if abs(left - official.COLOPHON_INDENT) > 0.4:
        found = f"左空{left:.1f}字".replace(".0字", "字")
        yield Deviation(where, "版记位置", found, "左右各空一字", "7.4", Basis.STANDARD)


def _rest(deviation: Deviation) -> tuple[str, str, str, str, Basis]:
    return deviation.item, deviation.found, deviation.asked, deviation.clause, deviation.basis


def _in_paragraphs(document: Document, parts: Parts) -> Iterator[_Line]:
    """The lines that are paragraphs; a rule drawn as an underlined blank line counts as the border of those about it."""
    found = [block for place in parts.places(Part.COLOPHON) if isinstance(block := document.blocks[place], Paragraph)]
    for number, paragraph in enumerate(found):
        later = found[number + 1] if number + 1 < len(found) else None
        earlier = found[number - 1] if number else None
        inner_above = _between(earlier, paragraph, document)
        inner_below = _between(paragraph, later, document)
        above = inner_above if earlier else paragraph.border("top")
        below = inner_below if later else paragraph.border("bottom")
        yield _Line(paragraph, above, below)


def _between(upper: Paragraph | None, lower: Paragraph | None, document: Document) -> Border | None:
    """The rule that is seen between two paragraphs: alike borders are one box, with the rule `between` if there is one."""
    if upper is None or lower is None:
        return None
    blocks = document.blocks
    start, end = blocks.index(upper), blocks.index(lower)
    for block in blocks[start + 1 : end]:
        if isinstance(block, Paragraph) and any(run.underlined and "\t" in run.text for run in block.runs):
            return Border("single", official.THIN_RULE.mm, "000000")
    alike = all(upper.border(side) == lower.border(side) for side in ("top", "bottom"))
    if alike:
        return upper.border("between")
    return upper.border("bottom") or lower.border("top")


def _in_tables(document: Document, parts: Parts) -> Iterator[_Line]:
    for place in sorted(parts.tables):
        table = document.blocks[place]
        assert isinstance(table, Table)
        rows = [row for row in table.rows if any(paragraph.words for paragraph in row)]
        inner = table.borders.get("insideH")
        for number, row in enumerate(rows):
            above = table.borders.get("top") if number == 0 else inner
            below = table.borders.get("bottom") if number == len(rows) - 1 else inner
            first = next(paragraph for paragraph in row if paragraph.words)
            yield _Line(first, above, below)


def _rules(lines: list[_Line]) -> Iterator[Deviation]:
    """The rules: thick ones first and last, thin ones between."""
    for number, line in enumerate(lines):
        name = "首条分隔线" if number == 0 else "中间的分隔线"
        length = official.THICK_RULE if number == 0 else official.THIN_RULE
        yield from _rule(line.above, name, length, _place(line.paragraph))
    yield from _rule(lines[-1].below, "末条分隔线", official.THICK_RULE, _place(lines[-1].paragraph))


def _rule(rule: Border | None, name: str, length: official.Length, place: str) -> Iterator[Deviation]:
    asked = f"与版心等宽，高{length.mm}毫米"
    if rule is None:
        yield Deviation(place, name, "没有", asked, "7.4.1", Basis.STANDARD)
    elif abs(rule.mm - length.mm) > length.tolerance:
        yield Deviation(place, name, f"高{rule.mm:.2f}毫米", asked, "7.4.1", Basis.STANDARD)
