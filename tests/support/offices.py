"""Documents of other offices, put together from parts that offices make in their own ways; a part is one line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tests.support.another_office import blank, page_number, rule, said, written

CENTER, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
Make = Callable[[Any], Any]
"""Adds something to a document."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def made(path: Path, *parts: Make) -> Path:
    """A document on the standard's page, of these parts, one below the other."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        page_number(footer.paragraphs[0], align)
    for part in parts:
        part(document)
    document.save(str(path))
    return path


def line(text: str, font: str = FANG, size: float = 16, *, align: Any = None, indent: float = 0, **more: Any) -> Make:
    """A paragraph. more: right and left (points), before (mm), red, hang (points)."""

    def make(document: Any) -> Any:
        return shaped(said(document, text, font, size, align=align, indent=indent), **more)

    return make


def shaped(
    paragraph: Any, *, right: float = 0, left: float = 0, before: float = 0, red: bool = False, hang: float = 0
) -> Any:
    form = paragraph.paragraph_format
    form.space_before = Mm(before)
    if right:
        form.right_indent = Pt(right)
    if left:
        form.left_indent = Pt(left)
    if hang:
        form.first_line_indent = Pt(-hang)
    for run in paragraph.runs if red else ():
        run.font.color.rgb = RGBColor(0xFF, 0, 0)
    return paragraph


def blanks(count: int = 1) -> Make:
    return lambda document: blank(document, count)


def runs(*texts: tuple[str, str], size: float = 16, indent: float = 0, **more: Any) -> Make:
    """A paragraph of several faces: text and face of each."""

    def make(document: Any) -> Any:
        paragraph = said(document, "", FANG, size, indent=indent)
        for text, font in texts:
            written(paragraph, text, font, size)
        return shaped(paragraph, **more)

    return make


def bordered(make: Make, side: str, *, eighths: int, colour: str = "000000") -> Make:
    """A part whose paragraph has a rule."""

    def ruled(document: Any) -> Any:
        paragraph = make(document)
        properties, ruling = paragraph._p.get_or_add_pPr(), rule(side, colour, eighths)
        there = properties.find(qn("w:pBdr"))
        properties.append(ruling) if there is None else there.append(ruling[0])
        return paragraph

    return ruled


def ruled_blank(eighths: int, side: str = "bottom", colour: str = "000000") -> Make:
    return bordered(line(""), side, eighths=eighths, colour=colour)


def table(
    rows: Sequence[Sequence[Sequence[Make] | Make]], borders: dict[str, int] | None = None, colour: str = "000000"
) -> Make:
    """A table of cells, each of one or more paragraphs; borders: eighths of a point by side."""

    def make(document: Any) -> Any:
        made_of = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(made_of.rows, rows, strict=True):
            for cell, content in zip(row.cells, texts, strict=True):
                for part in content if isinstance(content, (list, tuple)) else [content]:
                    part(cell)
                cell._tc.remove(cell.paragraphs[0]._p)
        if borders:
            element = OxmlElement("w:tblBorders")
            for side in ("top", "bottom", "insideH"):
                if side in borders:
                    border = OxmlElement(f"w:{side}")
                    for name, value in (("val", "single"), ("sz", str(borders[side])), ("color", colour)):
                        border.set(qn(f"w:{name}"), value)
                    element.append(border)
            made_of._tbl.tblPr.append(element)
        return made_of

    return make


def boxed(*texts: str) -> Make:
    """A paragraph to which a text box is anchored, as Word writes it."""
    inner = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    markup = f"""<w:p {W} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
      xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
      xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:r><w:drawing>
      <wp:anchor behindDoc="0" distT="0" distB="0" distL="0" distR="0" simplePos="0" locked="0" layoutInCell="1"
        allowOverlap="1" relativeHeight="2"><wp:simplePos x="0" y="0"/>
      <wp:positionH relativeFrom="page"><wp:posOffset>1000000</wp:posOffset></wp:positionH>
      <wp:positionV relativeFrom="page"><wp:posOffset>1000000</wp:posOffset></wp:positionV>
      <wp:extent cx="5000000" cy="900000"/><wp:wrapNone/><wp:docPr id="9" name="文本框"/>
      <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
      <wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr/>
      </wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>"""

    def make(document: Any) -> Any:
        paragraph = document.add_paragraph()._p
        paragraph.getparent().replace(paragraph, parse_xml(markup))

    return make


def picture(make: Make) -> Make:
    """A part with a picture anchored to its paragraph, as a seal is."""
    markup = f"""<w:r {W} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
      xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
      xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:drawing><wp:anchor><wp:extent cx="1500000"
      cy="1500000"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip/></pic:blipFill></pic:pic></a:graphicData>
      </a:graphic></wp:anchor></w:drawing></w:r>"""

    def sealed(document: Any) -> Any:
        paragraph = make(document)
        paragraph._p.append(parse_xml(markup))
        return paragraph

    return sealed


def in_header(words: str) -> Make:
    def make(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = words

    return make


def page_break(document: Any) -> None:
    document.add_page_break()


def drawn_line(points: float = 1.0) -> Make:
    """A paragraph with a line drawn as WPS draws it (VML)."""
    markup = f"""<w:p {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:line style="position:absolute"
      from="0,0" to="442pt,0" strokeweight="{points}pt"/></w:pict></w:r></w:p>"""

    def make(document: Any) -> Any:
        paragraph = document.add_paragraph()._p
        paragraph.getparent().replace(paragraph, parse_xml(markup))

    return make


# The parts of an ordinary document ------------------------------------------------------------------------------------

head = line("某某县教育局文件", SONG, 36, align=CENTER, before=35, red=True)
number = bordered(line("某教发〔2024〕5号", align=CENTER), "bottom", eighths=12, colour="FF0000")
title = line("关于开展某项工作的通知", SONG, 22, align=CENTER)
addressees = line("各乡镇中心学校：")
text = line("为做好某项工作，现将有关事项通知如下。请各校按时报送材料，不得迟报、漏报。", indent=32)
authority = line("某某县教育局", align=RIGHT, right=64)
date = line("2024年3月5日", align=RIGHT, right=64)
copies = line("抄送：县政府办公室。", size=14, left=14, right=14)
printing = line("某某县教育局办公室　　　　　　2024年3月5日印发", size=14, left=14, right=14)

HEAD: tuple[Make, ...] = (head, blanks(2), number, blanks(2))
TITLED: tuple[Make, ...] = (title, blanks(), addressees)
SIGNED: tuple[Make, ...] = (blanks(2), authority, date)
COLOPHON: tuple[Make, ...] = (
    blanks(),
    bordered(copies, "top", eighths=8),
    bordered(bordered(printing, "top", eighths=6), "bottom", eighths=8),
)
