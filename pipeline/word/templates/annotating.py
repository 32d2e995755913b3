"""A copy of a template with a comment at each fault, for Word or WPS; the template itself is never written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from pipeline.errors import PipelineError
from pipeline.ooxml.package import Package, pack
from pipeline.ooxml.relations import repaired
from pipeline.walking import real
from pipeline.word.rendering.compiling import members
from pipeline.word.templates.fitness import fault_of_file
from pipeline.word.templates.places import AUTHOR, TemplateFault

INITIALS = "查"
_OF_COMMENTS = frozenset({"CommentReference", "CommentText"})
"""The styles that python-docx gives to comments without checking that they exist."""


def annotate(template: Path, faults: Iterable[TemplateFault], target: Path) -> bool:
    """Write the copy, with a comment for each fault; False, and nothing written, if the template cannot be opened.

    Word allows no comments outside the body: faults there are noted at the first paragraph. Raises PipelineError, with
    a Chinese sentence, if the target is the template itself or cannot be written.
    """
    if real(target) == real(template):
        raise PipelineError(f"批注不能写进模板《{template.name}》本身，请换一个文件夹。")
    if fault_of_file(template):
        return False
    try:
        content = _annotated(template, faults)
    except Exception:  # a sound package that is not a document fails in many ways
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise PipelineError(f"无法写入“{target}”，可能正被 Word 或 WPS 打开，请关闭后重试。") from error
    return True


def _annotated(template: Path, faults: Iterable[TemplateFault]) -> bytes:
    """The copy; raises anything if it is not a document, BrokenDocument if two of its parts would have one name."""
    document = repaired(Document(str(template)))
    paragraphs = [Paragraph(element, document._body) for element in document.element.body.iter(qn("w:p"))]
    paragraphs = paragraphs or [document.add_paragraph()]
    for fault in sorted(faults):
        at = paragraphs[fault.place.paragraph - 1 if fault.place.in_body else 0]
        words = [f"{fault.place}：" * (not fault.place.in_body), f"“{fault.text}”：" * bool(fault.text), fault.sentence]
        document.add_comment(at.runs or [at.add_run()], "".join(words), AUTHOR, INITIALS)
    _without_unknown_styles(document)
    package = Package()
    for name, content in members(document):
        package = package.plus(name, pack([content]))
    return package.content


def _without_unknown_styles(document: Any) -> None:
    """Remove python-docx's styles for comments if the template does not have them."""
    known = {style.style_id for style in document.styles}
    for part in (document.element, document.part._comments_part.element):
        for element in list(part.iter(qn("w:rStyle"), qn("w:pStyle"))):
            if element.get(qn("w:val")) in _OF_COMMENTS - known:
                element.getparent().remove(element)
