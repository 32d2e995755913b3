"""The checker of form: any .docx -> its deviations from GB/T 9704-2012; knows the standard, knows no template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.word.form.bodies import of_text
from pipeline.word.form.colophons import of_colophon
from pipeline.word.form.deviation import Deviation, together
from pipeline.word.form.heads import of_head
from pipeline.word.form.letters import of_letter
from pipeline.word.form.opening import Package
from pipeline.word.form.pages import Document
from pipeline.word.form.parts import recognised
from pipeline.word.form.sheets import of_page_numbers, of_pages
from pipeline.word.official import Basis

__all__ = ["Deviation", "deviations"]


def deviations(path: Path) -> tuple[Deviation, ...]:
    """How the document at `path` deviates from the standard; () for none.

    To a document with a red head all of the standard applies; of one without, what is found is 参照. Raises PipelineError,
    with a Chinese sentence, for a file that is no .docx that can be read.
    """
    return together(_found(Document(Package(path))))


def _found(document: Document) -> Iterator[Deviation]:
    parts = recognised(document)
    basis = Basis.STANDARD if parts.has_head else Basis.ANALOGY
    yield from of_pages(document, basis)
    yield from of_head(document, parts, basis)
    yield from of_letter(document, parts)
    yield from of_text(document, parts, basis)
    yield from of_colophon(document, parts)
    yield from of_page_numbers(document, basis, letter=parts.letter)
