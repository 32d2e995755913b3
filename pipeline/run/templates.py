"""Templates and the documents made from them: which file a document is made from, in which form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.documents.catalogue import Contents, Contexts, Document, documents
from pipeline.documents.letters import LetterContext
from pipeline.dossier.dossier import Dossier
from pipeline.errors import PipelineError

FOLDER = Path(__file__).resolve().parents[2] / "input_templates" / "word"
ANNOTATED = ".批注"
"""The ending in the name of a copy with comments."""


def shipped(folder: Path = FOLDER) -> tuple[Path, ...]:
    """The templates in a folder, by name; without commented copies and the temporary files of Word."""
    found = sorted(path for path in folder.glob("*.docx") if path.is_file())
    return tuple(path for path in found if not path.name.startswith("~$") and not path.stem.endswith(ANNOTATED))


@dataclass(frozen=True)
class LetterLook:
    """The look of letters. form: the word in a template's name (督导通知.信函.docx), "" for one with a red head."""

    form: str = ""
    sealed: bool = True


def looking(look: LetterLook, folder: Path = FOLDER) -> tuple[Document, ...]:
    """All documents, each from its template of that form if there is one, letters with or without a seal.

    Raises PipelineError for a form that no template has.
    """
    forms = {path.stem.partition(".")[2] for path in shipped(folder)} - {""}
    if look.form and look.form not in forms:
        known = f"，有的是：{'、'.join(sorted(forms))}" if forms else ""
        raise PipelineError(f"没有“{look.form}”格式的模板{known}。请核对写法，或在 {folder.name} 文件夹里补上模板。")
    return tuple(_looking(document, look, folder) for document in documents())


def _looking(document: Document, look: LetterLook, folder: Path) -> Document:
    template = f"{document.template}.{look.form}"
    if look.form and (folder / f"{template}.docx").is_file():
        document = replace(document, template=template)
    if not look.sealed and issubclass(document.context, LetterContext):
        document = replace(document, contexts=_unsealed(document.contexts))
    return document


def _unsealed(contexts: Contexts) -> Contexts:
    def unsealed(dossier: Dossier) -> Iterator[Contents]:
        for one in contexts(dossier):
            letter = one.context
            yield one._replace(context=letter.without_seal()) if isinstance(letter, LetterContext) else one

    return unsealed
