"""The checker of form: any .docx -> its deviations from GB/T 9704-2012; knows the standard, knows no template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.word.form.bodies import of_text
from pipeline.word.form.colophons import of_colophon
from pipeline.word.form.deviation import Deviation, together
from pipeline.word.form.document import OfficialDocument
from pipeline.word.form.heads import of_head
from pipeline.word.form.letters import of_letter
from pipeline.word.form.lines import unfolded
from pipeline.word.form.package import DocumentPackage
from pipeline.word.form.page_setup import of_page_numbers, of_pages
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.parts import ParagraphRole
from pipeline.word.form.reader import recognised
from pipeline.word.form.tables import Table
from pipeline.word.form.unread import of_unread
from pipeline.word.official import Basis

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)

__all__ = ["Deviation", "deviations", "title"]


def deviations(path: Path, *, whole: bool = False) -> tuple[Deviation, ...]:
    """How the document at `path` deviates from the standard; () for no deviation.

    All of the standard applies to a document with a red head; findings in one without are 参照. A text box that is not
    read is reported as 未读, which is not a deviation. Raises PipelineError, with a Chinese sentence, for a file that
    is not a readable .docx, and for a template, which is not a document yet. whole: see `DocumentPackage`.
    """
    document = OfficialDocument(DocumentPackage(path, whole=whole))
    if any(isinstance(block, Paragraph) and _TAG.search(block.text) for block in document.blocks):
        raise PipelineError(
            f"《{path.name}》是模板，里面还有标记。请检查由它生成的文书；模板本身写得对不对，请用 check 检查。"
        )
    return together(_found(document))


def title(path: Path) -> str:
    """The title of a document made here, on one line; "" for none. Raises PipelineError as `deviations` does."""
    document = OfficialDocument(DocumentPackage(path, whole=True))
    document.blocks = unfolded(document.blocks)
    titles = [document.blocks[place] for place in recognised(document).places(ParagraphRole.TITLE)]
    return "".join("".join(block.text.split("\n")).strip() for block in titles if isinstance(block, Paragraph))


def _found(document: OfficialDocument) -> Iterator[Deviation]:
    tables = [block for block in document.blocks if isinstance(block, Table)]
    document.blocks = unfolded(document.blocks)
    parts = recognised(document)
    basis = Basis.STANDARD if parts.has_head else Basis.ANALOGY
    yield from of_pages(document, tables, basis)
    yield from of_head(document, parts, basis)
    yield from of_letter(document, parts)
    yield from of_text(document, parts, basis)
    yield from of_colophon(document, parts)
    yield from of_page_numbers(document, basis, letter=parts.letter)
    yield from of_unread(document, parts)
