"""What marks a document as a draft: a word on every page, and at its end the list of what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

WORD = "草稿　不得印发"
RED = RGBColor(0xC0, 0x00, 0x00)


def mark(document: Document, missing: Sequence[str]) -> None:
    """Write 草稿 into the header of every page, and what is missing (one sentence each) below the last line."""
    for section in document.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, WORD)
    _write(
        document.add_paragraph(),
        "以下内容有误，未列入本草稿：" if missing else "所用各表没有必改的问题，去掉草稿字样即可成文。",
    )
    for number, sentence in enumerate(missing, start=1):
        _write(document.add_paragraph(), f"{number}.{sentence}")


def _write(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(12)
    run.font.color.rgb = RED
