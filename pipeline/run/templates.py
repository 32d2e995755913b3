"""Templates and their documents: which file is checked against which variables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline.documents.catalogue import WORKBOOK, Contents, Contexts, Document, documents, file_name, templated
from pipeline.documents.context import Context
from pipeline.documents.letters import LetterContext
from pipeline.documents.reference import skeletons
from pipeline.dossier.dossier import Dossier
from pipeline.errors import PipelineError
from pipeline.word.templates import skeleton
from pipeline.word.templates.annotating import annotate
from pipeline.word.templates.checking import Vocabulary, check
from pipeline.word.templates.fitness import fault_of_file
from pipeline.word.templates.places import Place, TemplateFault

FOLDER = Path(__file__).resolve().parents[2] / "input_templates" / "word"
ANNOTATED = ".批注"
"""The ending in the name of a copy with comments."""


def shipped(folder: Path = FOLDER) -> tuple[Path, ...]:
    """The templates in a folder, by name; without commented copies and the temporary files of Word."""
    found = sorted(path for path in folder.glob("*.docx") if path.is_file())
    return tuple(path for path in found if not path.name.startswith("~$") and not path.stem.endswith(ANNOTATED))


def check_template(template: Path) -> tuple[TemplateFault, ...]:
    """The faults of a template for all documents made from it; one fault for a file that belongs to no document."""
    kinds = _made_from(template.stem)
    if not kinds:
        known = "、".join(dict.fromkeys(document.template for document in templated()))
        unknown = f"文件名对不上任何文书，请改为文书的名称，或以文书的名称开头：{known}"
        return (TemplateFault(Place(), template.name, fault_of_file(template) or unknown),)
    return tuple(sorted({fault for kind in kinds for fault in _faults(template, kind.context)}))


def annotated(template: Path, faults: Iterable[TemplateFault], folder: Path) -> Path | None:
    """A copy of the template with its faults as comments, written into a folder; None if it cannot be opened.

    Raises PipelineError if the copy cannot be written.
    """
    target = folder / f"{template.stem}{ANNOTATED}.docx"
    return target if annotate(template, faults, target) else None


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


def new_template(name: str, kind: str, templates: Path = FOLDER) -> Path:
    """Write `name`.docx, in the standard's form, with all variables of a kind of document; gives its path.

    Never over an existing file. Raises PipelineError if the name or the kind is invalid, or nothing can be written.
    """
    known = skeletons.kinds()
    if kind not in known:
        raise PipelineError(f"没有“{kind}”这种文书，可用的有{'、'.join(known)}。")
    plain = name.strip().removesuffix(".docx")
    if not plain or file_name("{subject}", plain) != plain:
        raise PipelineError(f'“{name}”不能作文件名，请换一个，不要带 / \\ : * ? " < > | 等符号。')
    target = templates / f"{plain}.docx"
    letterhead = skeleton.Letterhead(**skeletons.letterhead(known[kind], plain))
    skeleton.write(target, templates / f"{skeleton.MODEL}.docx", letterhead, list(skeletons.lines(known[kind])))
    return target


def template_kinds() -> tuple[str, ...]:
    """The kinds of documents whose variables a new template can use."""
    return tuple(skeletons.kinds())


def how_to_use(template: Path, kind: str) -> str:
    """A sentence on how to use a new template of a kind: by its name, and by the run that makes such documents."""
    name, _, form = template.stem.partition(".")
    declared = next(document for document in templated() if document.template == kind)
    if declared not in documents():
        return (
            f"{kind}没有别的格式：要用它，请移走原来的“{kind}.docx”，再把它改名为“{kind}.docx”；"
            f"report 一次处理几个县时生成。"
        )
    longer = " --period 时段（季度、半年或年度）" if declared.longer else ""
    if name == kind and form:
        return f"写好后，report 加 --form {form}{longer}，{kind}就按它生成。"
    return f"要由它生成文书，请把文件名改成“{kind}.名称.docx”，report 再加 --form 名称{longer}。"
