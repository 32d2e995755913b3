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
    """The look of documents. form: the word in a template's name (督导通知.信函.docx), or several with blanks between.

    "" for letters with a red head and short summaries.
    """

    form: str = ""
    sealed: bool = True

    @property
    def forms(self) -> tuple[str, ...]:
        """The words, each once; () for none."""
        return tuple(dict.fromkeys(self.form.split()))


def looking(look: LetterLook, folder: Path = FOLDER) -> tuple[Document, ...]:
    """All documents, each from its template of that form if there is one, letters with or without a seal.

    Of several forms that a document has, the first named counts. Raises PipelineError for a form that no template has.
    """
    forms = {path.stem.partition(".")[2] for path in shipped(folder)} - {""}
    for form in look.forms:
        if form not in forms:
            known = f"，有的是：{'、'.join(sorted(forms))}" if forms else ""
            raise PipelineError(f"没有“{form}”格式的模板{known}。请核对写法，或在 {folder.name} 文件夹里补上模板。")
    return tuple(_looking(document, look, folder) for document in documents())


def _looking(document: Document, look: LetterLook, folder: Path) -> Document:
    named = (f"{document.template}.{form}" for form in look.forms)
    if template := next((name for name in named if (folder / f"{name}.docx").is_file()), ""):
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
