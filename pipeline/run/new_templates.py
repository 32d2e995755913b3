"""New templates: written in the form of the standard, with all variables of a kind of document."""

from __future__ import annotations

from pathlib import Path

from pipeline.documents.catalogue import documents, file_name, templated
from pipeline.documents.reference import skeletons
from pipeline.errors import PipelineError
from pipeline.run.templates import FOLDER
from pipeline.word.templates import skeleton


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
