"""Turns a template into that of a draft: a word on every page, and a list of what is missing at its end."""

from __future__ import annotations

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from pipeline.drafts import LACKING, WHOLE, WORDS
from pipeline.word.rendering.environment import MISSING

_LINES = (
    f"{{% if {MISSING} %}}{LACKING}{{% else %}}{WHOLE}{{% endif %}}",
    f"{{%p for sentence in {MISSING} %}}",
    "{{ loop.index }}.{{ sentence }}",
    "{%p endfor %}",
)
RED = RGBColor(0xC0, 0x00, 0x00)


def mark(template: Document) -> None:
    """Write 草稿 into the header of every page, and tags for what is missing below the last line, one sentence each."""
    for section in template.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            # python-docx would write into the header of the section before instead.
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, WORDS)
    for line in _LINES:
        _write(template.add_paragraph(), line)


def _write(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(12)
    run.font.color.rgb = RED
