"""A letter of another office, made from Word's bare template with formatting on paragraphs and runs alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph


def another_office(path: Path, mend: Callable[[Any], None] | None = None) -> Path:
    """A conforming letter made from Word's bare template, with formatting on paragraphs and runs alone."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    document.settings.odd_and_even_pages_header_footer = True
    head = said(document, "某某县教育局文件", "方正小标宋_GBK", 36, align=WD_ALIGN_PARAGRAPH.CENTER)
    head.runs[0].font.color.rgb = RGBColor(0xFF, 0, 0)
    head.paragraph_format.space_before = Mm(35)
    blank(document, 2)
    number = said(document, "某教发〔2024〕12号", "仿宋", align=WD_ALIGN_PARAGRAPH.CENTER)
    number._p.get_or_add_pPr().append(rule("bottom", "FF0000"))
    blank(document, 2)
    said(document, "关于做好春季开学工作的通知", "方正小标宋_GBK", 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    blank(document, 1)
    said(document, "各中小学、幼儿园：", "仿宋")
    said(document, "为做好春季开学工作，现将有关事项通知如下。", "仿宋", indent=32)
    said(document, "一、提高认识", "黑体", indent=32)
    said(document, "（一）加强领导", "楷体", indent=32)
    said(document, "1.各校成立专班，2月20日前报名单。", "仿宋", indent=32)
    blank(document, 1)
    said(document, "附件：开学工作清单", "仿宋", indent=32)
    blank(document, 2)
    signed = said(document, "某某县教育局", "仿宋", align=WD_ALIGN_PARAGRAPH.RIGHT)
    signed.paragraph_format.right_indent = Pt(68)
    dated = said(document, "2024年2月8日", "仿宋", align=WD_ALIGN_PARAGRAPH.RIGHT)
    dated.paragraph_format.right_indent = Pt(64)
    marked = said(document, "附件", "黑体")
    marked.paragraph_format.page_break_before = True
    blank(document, 1)
    said(document, "开学工作清单", "方正小标宋_GBK", 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    said(document, "各校对照清单自查。", "仿宋", indent=32)
    colophon(document)
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        page_number(footer.paragraphs[0], align)
    if mend is not None:
        mend(document)
    document.save(str(path))
    return path


def said(document: Any, text: str, font: str, size: float = 16, *, align: Any = None, indent: float = 0) -> Paragraph:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.alignment, form.line_spacing = align, Pt(29) if size < 30 else Pt(40)
    form.space_before = form.space_after = Pt(0)
    form.first_line_indent = Pt(indent) if indent else None
    written(paragraph, text, font, size)
    return paragraph


def written(paragraph: Paragraph, text: str, font: str, size: float = 16) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
    if size == 16:
        tracking = run._r.rPr.makeelement(qn("w:spacing"), {qn("w:val"): "-5"})
        run._r.rPr.append(tracking)


def blank(document: Any, lines: int) -> None:
    for _ in range(lines):
        said(document, "", "仿宋")


def rule(side: str, colour: str, eighths: int = 16) -> Any:
    borders = docx.oxml.OxmlElement("w:pBdr")
    border = docx.oxml.OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "11"), ("color", colour)):
        border.set(qn(f"w:{name}"), value)
    borders.append(border)
    return borders


def colophon(document: Any) -> None:
    """A table of two rows with rules above, between and below, as offices make it."""
    table = document.add_table(rows=2, cols=1)
    borders = docx.oxml.OxmlElement("w:tblBorders")
    for side, eighths in (("top", 8), ("bottom", 8), ("insideH", 6)):
        border = docx.oxml.OxmlElement(f"w:{side}")
        border.set(qn("w:val"), "single")
        border.set(qn("w:sz"), str(eighths))
        borders.append(border)
    table._tbl.tblPr.append(borders)
    for row, text in zip(
        table.rows, ("　抄送：县政府办公室。", "　某某县教育局办公室　　　　2024年2月8日印发　"), strict=True
    ):
        written(row.cells[0].paragraphs[0], text, "仿宋", 14)


def page_number(paragraph: Paragraph, align: Any) -> None:
    paragraph.alignment = align
    side = "right_indent" if align == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, side, Pt(14))
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("1" if text == "PAGE" else text)
        run.font.name, run.font.size = "宋体", Pt(14)
        run._r.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
        if text == "PAGE":
            field = docx.oxml.OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), " PAGE ")
            paragraph._p.append(field)
            field.append(run._r)
