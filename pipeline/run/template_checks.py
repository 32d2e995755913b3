"""Which template is checked against which variables; loaded only when a template has to be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pipeline.documents.catalogue import WORKBOOK, Document, templated
from pipeline.documents.context import Context
from pipeline.run.templates import ANNOTATED, FOLDER
from pipeline.word.templates.annotating import annotate
from pipeline.word.templates.checking import Vocabulary, check
from pipeline.word.templates.fitness import fault_of_file
from pipeline.word.templates.places import TemplateFault, TemplatePlace


def check_template(template: Path) -> tuple[TemplateFault, ...]:
    """The faults of a template for all documents made from it; one fault for a file that belongs to no document."""
    kinds = _made_from(template.stem)
    if not kinds:
        known = "、".join(dict.fromkeys(document.template for document in templated()))
        unknown = f"文件名对不上任何文书，请改为文书的名称，或以文书的名称开头：{known}"
        return (TemplateFault(TemplatePlace(), template.name, fault_of_file(template) or unknown),)
    return tuple(sorted({fault for kind in kinds for fault in _faults(template, kind.context)}))


def annotated(template: Path, faults: Iterable[TemplateFault], folder: Path) -> Path | None:
    """A copy of the template with its faults as comments, written into a folder; None if it cannot be opened.

    Raises PipelineError if the copy cannot be written.
    """
    target = folder / f"{template.stem}{ANNOTATED}.docx"
    return target if annotate(template, faults, target) else None


def faults_of(document: Document, folder: Path = FOLDER) -> tuple[TemplateFault, ...]:
    """The faults of a document's template in a folder; documents may be made from it unless one of them is an error.

    A workbook has no template, and no faults.
    """
    return () if document.template == WORKBOOK else _faults(folder / f"{document.template}.docx", document.context)


def _made_from(stem: str) -> list[Document]:
    """The documents with this template; else those with the longest template name that begins this one."""
    names = sorted({document.template for document in templated()}, key=len, reverse=True)
    name = next((name for name in names if stem.startswith(name)), None)
    return [document for document in templated() if document.template == name]


def _faults(template: Path, context: type[Context]) -> tuple[TemplateFault, ...]:
    try:
        with template.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return check(template, vocabulary(context))
    return _faults_once(template, content, context)  # type: ignore[arg-type]  # to mypy, no class is hashable


@lru_cache(maxsize=256)
def _faults_once(template: Path, _content: bytes, context: type[Context]) -> tuple[TemplateFault, ...]:
    """Checked once while the file stays the same: documents of many counties are made from it."""
    return check(template, vocabulary(context))


def vocabulary(context: type[Context]) -> Vocabulary:
    """What a template of a context may use."""
    return Vocabulary(context.contract(), context.samples())
