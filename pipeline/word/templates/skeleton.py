"""A new template in the standard's form: a model's head, signature and colophon, with other text between.

Knows the styles of our templates; knows no document's variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from pipeline.errors import PipelineError

MODEL = "督导通知"
"""The template that gives a new one its styles, page, signature and colophon."""
HEAD, TEXT, NUMBER, TITLE, ADDRESSEES, MARK = "发文机关标志", "公文正文", "发文字号", "公文标题", "主送机关", "标记"
SIGNATURE, COLOPHON = "落款", "版记"


@dataclass(frozen=True)
class Letterhead:
    """The parts around the text, each with a template's marks.

    number: "" for a document that is not a letter, without red head, addressees and colophon. signed_as and dated: ""
    if nobody signs. copies: "" for a document without copies; sealed: "" if it is always sealed; unnumbered: "" if it
    always has a number.
    """

    office: str
    number: str
    title: str
    addressees: str
    signed_as: str
    dated: str
    copies: str = ""
    sealed: str = ""
    unnumbered: str = ""


def write(target: Path, model: Path, letterhead: Letterhead, lines: Sequence[str]) -> None:
    """Write a template with these lines, one for each paragraph; {%p marks vanish when it is filled in.

    A letter gets a red head. Raises PipelineError if the target exists, or if the model is missing or lacks a style.
    """
    if target.exists():
        raise PipelineError(f"“{target}”已经有了，没有改动它。请换一个名称，或先把它移走。")
    try:
        document: Any = Document(str(model))
        _rebuild(document, letterhead, lines)
    except Exception as error:  # a template edited by clerks fails in countless ways
        raise PipelineError(
            f"模板《{model.name}》缺失、打不开或样式不全，不能照它生成新模板，请从原始版本中恢复。"
        ) from error
    try:
        with target.open("xb") as stream:
            document.save(stream)
    except OSError as error:
        raise PipelineError(f"无法写入“{target}”，请检查权限和磁盘空间后重试。") from error


def _rebuild(document: Any, letterhead: Letterhead, lines: Iterable[str]) -> None:
    body = document.element.body
    signature, colophon = _of_style(document, SIGNATURE), _framed(document)
    if len(signature) < 3 or not colophon:
        raise ValueError("the model has no signature or no colophon")
    lines_alone = [one for one in _of_style(document, NUMBER) if not "".join(one.itertext()).strip()]
    last = [child for child in body if child.tag != qn("w:sectPr")][-1]
    for child in [child for child in body if child.tag != qn("w:sectPr")]:
        body.remove(child)
    for style, text in _head_and_text(letterhead, lines, may_lack_number=bool(lines_alone and letterhead.unnumbered)):
        added = document.add_paragraph(text, style=style)
        if style == NUMBER and not text:
            added._p.replace(added._p.pPr, deepcopy(lines_alone[0].pPr))
    ending = [*_signed(document, signature, letterhead), *_colophon(document, colophon, letterhead)]
    for element in [*ending, *([last] if letterhead.number else [])]:
        document.element.body.insert_element_before(_worded(element, letterhead), "w:sectPr")


def _head_and_text(letterhead: Letterhead, lines: Iterable[str], *, may_lack_number: bool) -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph down to the signature, with the standard's blank lines.

    may_lack_number: whether the red line may directly follow the head, as an empty paragraph in the number's style.
    """
    if letterhead.number:
        yield HEAD, f"{letterhead.office}文件"
        if may_lack_number:
            yield from [(MARK, f"{{%p if {letterhead.unnumbered} %}}"), (NUMBER, ""), (MARK, "{%p else %}")]
        yield from [(TEXT, "")] * 2
        yield NUMBER, letterhead.number
        if may_lack_number:
            yield MARK, "{%p endif %}"
        yield from [(TEXT, "")] * 2
    yield TITLE, letterhead.title
    yield TEXT, ""
    if letterhead.addressees:
        yield ADDRESSEES, f"{letterhead.addressees}："
    for line in lines:
        yield (MARK if line.startswith("{%p") else TEXT), line
    if letterhead.signed_as:
        yield TEXT, ""


def _of_style(document: Any, style: str) -> list[Any]:
    return [deepcopy(paragraph._p) for paragraph in document.paragraphs if paragraph.style.name == style]


def _framed(document: Any) -> list[Any]:
    """The paragraphs of the colophon: copies, thin rule, printing line."""
    return [element for element in _of_style(document, COLOPHON) if element.pPr.find(qn("w:framePr")) is not None]


def _signed(document: Any, signature: list[Any], letterhead: Letterhead) -> Iterator[Any]:
    """Authority and date with a seal; without one, only if that can occur; nothing if nobody signs."""
    if not letterhead.signed_as:
        return
    *sealed, unsealed = signature
    if letterhead.sealed:
        yield _mark(document, "{%p if " + letterhead.sealed + " %}")
    yield from sealed
    if letterhead.sealed:
        yield _mark(document, "{%p else %}")
        yield unsealed
        yield _mark(document, "{%p endif %}")


def _colophon(document: Any, framed: list[Any], letterhead: Letterhead) -> Iterator[Any]:
    """The colophon of a letter; copies, and the rule below them, only if there can be copies."""
    if not letterhead.number:
        return
    if letterhead.copies:
        yield _mark(document, "{%p if " + letterhead.copies + " %}")
        yield from framed[:-1]
        yield _mark(document, "{%p endif %}")
    yield framed[-1]


def _mark(document: Any, text: str) -> Any:
    paragraph = document.add_paragraph(text, style=MARK)._p
    paragraph.getparent().remove(paragraph)
    return paragraph


def _worded(element: Any, letterhead: Letterhead) -> Any:
    """A paragraph of the model with the new template's marks instead of its own."""
    for text in element.iter(qn("w:t")):
        written = (text.text or "").replace("{{ 落款单位 }}", letterhead.signed_as)
        text.text = written.replace("{{ 成文日期|日期 }}", letterhead.dated)
    return element
