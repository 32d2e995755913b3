"""All faults of a template, before a document is made from it; knows no ledger and no document.

Reading comes first. Only a template that reads well is filled in, with samples: no code runs unread.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from docxtpl_lint.core import build_jinja_source
from jinja2 import Environment, Template, nodes

from pipeline.ooxml.relations import repaired
from pipeline.word.rendering.environment import environment
from pipeline.word.rendering.template import fault_of
from pipeline.word.templates.fitness import DAMAGED, fault_of_file
from pipeline.word.templates.losses import faults_beside_tags, faults_of_branches
from pipeline.word.templates.outside import faults_of_outside
from pipeline.word.templates.places import TemplateFault, TemplatePart, TemplatePlace, parts, shortened
from pipeline.word.templates.surroundings import faults_of_surroundings
from pipeline.word.templates.tags import Tagged, tagged
from pipeline.word.templates.usage import faults_of_usage
from pipeline.word.templates.values import Schema

MOST_PARAGRAPHS, MOST_TAGS, LONGEST_PARAGRAPH = 5000, 3000, 20_000
"""A template's limits, so that no check takes long; the longest shipped one has a fifth of them."""


UNCHECKED = "检查不完这个模板，由它生成的文书都不生成，请撤销最近的改动，或从原始版本中恢复"


@dataclass(frozen=True)
class Vocabulary:
    """What a template may use: the JSON Schema of its variables, and samples of them by case."""

    schema: Schema
    samples: Mapping[str, Mapping[str, Any]]


def check(template: Path, vocabulary: Vocabulary) -> tuple[TemplateFault, ...]:
    """All faults of a template, in reading order; () if it is right. Any file may be given; nothing is raised."""
    if sentence := fault_of_file(template):
        return (TemplateFault(TemplatePlace(), shortened(template.name), sentence),)
    try:
        read = parts(template)
        document = repaired(docx.Document(str(template)))
    except Exception:  # a sound package that is not a document fails in many ways
        return (TemplateFault(TemplatePlace(), shortened(template.name), DAMAGED),)
    try:
        return tuple(sorted(set(_faults(template, document, read, vocabulary))))
    except Exception:  # whatever it is, the fault of one template withholds only its documents
        return (TemplateFault(TemplatePlace(), shortened(template.name), UNCHECKED),)


def _faults(
    template: Path, document: Document, read: Sequence[TemplatePart], vocabulary: Vocabulary
) -> list[TemplateFault]:
    jinja = environment()
    if sentence := _too_long([paragraph.text for part in read if part.is_filled for paragraph in part.paragraphs]):
        return [TemplateFault(TemplatePlace(), "", sentence)]
    filled = [tagged(part) for part in read if part.is_filled]
    faults = [*_of_tags(filled, vocabulary.schema, jinja), *_of_unfilled(read), *faults_of_outside(template, read)]
    if not faults and not any(part.tags for part in filled):
        return [
            TemplateFault(TemplatePlace(), "", "模板里没有一个标记，每次印出来都一样，请核对是否把成文误存成了模板")
        ]
    faults += _of_styles(document, filled[0].part)
    faults += [fault for part in filled for fault in faults_beside_tags(part, _paragraphs_at_fault(part, faults))]
    faults += _forgotten(filled, vocabulary.schema)
    if not _has_errors(faults):
        faults += [fault for part in filled for fault in faults_of_branches(part)]
    if not _has_errors(faults):
        faults += _of_filling(template, filled, vocabulary, jinja)
    return faults


def _of_tags(filled: Sequence[Tagged], schema: Schema, jinja: Environment) -> Iterator[TemplateFault]:
    """What is wrong with how tags are written, what they say, and where they are."""
    for part in filled:
        yield from part.faults
        yield from faults_of_usage(part, schema, jinja)
        yield from faults_of_surroundings(part)


def _paragraphs_at_fault(part: Tagged, faults: Iterable[TemplateFault]) -> set[int]:
    """The paragraphs of a part that have an error, by number."""
    return {fault.place.paragraph for fault in faults if fault.error and fault.place.part == part.part.number}


def _has_errors(faults: Iterable[TemplateFault]) -> bool:
    return any(fault.error for fault in faults)


def _forgotten(filled: Sequence[Tagged], schema: Schema) -> Iterator[TemplateFault]:
    """A remark for each variable that a document needs and no tag uses, and for a new template's open places."""
    used = "\n".join(tag.body for part in filled for tag in part.tags)
    for label in schema.get("needed", ()):
        if not re.search(rf"(?<!\w){label}(?!\w)", used):
            sentence = f"没有用到“{label}”，印出的文书会缺这一项；确实不印的，不必改"
            yield TemplateFault(TemplatePlace(), "", sentence, error=False)
    for part in filled:
        for paragraph in part.part.paragraphs:
            if left := re.search("【(?:发文机关|成文日期|主送机关)】", paragraph.text):
                yield TemplateFault(
                    part.part.place(paragraph), left[0], "这里还是占位的字，请改为变量或文字", error=False
                )


def _of_styles(document: Document, body: TemplatePart) -> Iterator[TemplateFault]:
    """Each style used by paragraphs or tables that the template no longer has, reported at its first use."""
    known = {style.get(qn("w:styleId")) for style in document.styles.element.iter(qn("w:style"))}
    seen: set[str] = set()
    for paragraph, element in zip(body.paragraphs, document.element.body.iter(qn("w:p")), strict=False):
        around = [element, *element.iterancestors(qn("w:tbl"))]
        for style in (style for each in around for style in each.xpath("./w:pPr/w:pStyle | ./w:tblPr/w:tblStyle")):
            name = style.get(qn("w:val"))
            if name not in known and name not in seen:
                seen.add(name)
                sentence = f"样式“{name}”在模板里没有了，用它的段落会变成普通文字，请从原始版本恢复模板，或换用有的样式"
                yield TemplateFault(body.place(paragraph), shortened(paragraph.text), sentence)


def _too_long(texts: Sequence[str]) -> str:
    if len(texts) > MOST_PARAGRAPHS:
        return f"模板太长，超过 {MOST_PARAGRAPHS} 段，没有检查，请精简"
    if any(len(text) > LONGEST_PARAGRAPH for text in texts):
        return f"有一段太长，超过 {LONGEST_PARAGRAPH} 字，没有检查，请精简"
    if sum(len(re.findall("[{｛]{1,2}", text)) for text in texts) > MOST_TAGS:
        return f"标记太多，超过 {MOST_TAGS} 个，没有检查，请精简"
    return ""


def _of_unfilled(read: Iterable[TemplatePart]) -> Iterator[TemplateFault]:
    """Tags in parts that are not filled in."""
    unfilled = ((part, paragraph) for part in read if not part.is_filled for paragraph in part.paragraphs)
    for part, paragraph in unfilled:
        if tag := re.search(r"\{[{%].*?[%}]\}", paragraph.text):
            sentence = f"{part.name}里的标记不会被替换，请移到正文或脚注里"
            yield TemplateFault(part.place(paragraph), shortened(tag[0]), sentence)


# Filling in ----------------------------------------------------------------------------------------------------------

_NUMBER = "paragraph"
"""An attribute set on the body's paragraphs, so that the result shows where it came from."""


def _preparing_once() -> type[DocxTemplate]:
    """docxtpl, preparing each part once for all cases: that takes most of the time."""
    known: dict[str, str] = {}

    class Prepared(DocxTemplate):  # type: ignore[misc]
        def patch_xml(self, src_xml: str) -> str:
            if src_xml not in known:
                known[src_xml] = super().patch_xml(src_xml)
            return known[src_xml]

    return Prepared


class _Unread(Exception):
    """There are tags that were not checked."""


class _Compiler:
    """Takes the environment's place while a template is filled in: compiles, once each, only tags that have been read.

    docxtpl fills in all XML of a part, also where there is no text (a picture's description, a link's target).
    """

    autoescape = True

    def __init__(self, jinja: Environment, filled: Iterable[Tagged]) -> None:
        self._jinja = jinja
        self._read = [(), *(_shape(jinja.parse(build_jinja_source(list(part.tags))[0])) for part in filled)]
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: str) -> Template:
        """The template of a part; raises _Unread if it has tags other than those that were read."""
        if source not in self._compiled:
            if _shape(self._jinja.parse(source)) not in self._read:
                raise _Unread
            self._compiled[source] = self._jinja.from_string(source)
        return self._compiled[source]


def _shape(tree: nodes.Node) -> tuple[object, ...]:
    """Everything a tree of tags does, without the text between them and the way it divides the output."""
    shape: list[object] = []
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.Output):
            shape += _shape(node)
        elif not isinstance(node, nodes.TemplateData):
            scalars = [value for _, value in node.iter_fields() if not isinstance(value, list | nodes.Node)]
            shape += [type(node), *scalars, _shape(node)]
    return tuple(shape)


def _of_filling(
    template: Path, filled: Sequence[Tagged], vocabulary: Vocabulary, jinja: Environment
) -> Iterator[TemplateFault]:
    """What goes wrong when the template is filled in, reported for the first case in which it does."""
    compiler = _Compiler(jinja, filled)
    prepared = _preparing_once()
    for case, sample in vocabulary.samples.items():
        document = prepared(template)
        document.init_docx()
        _number(repaired(document.docx))
        try:
            document.render(dict(sample), compiler, autoescape=True)
        except _Unread:
            sentence = "有的标记写在看不见的地方（如图片的说明、链接的地址），不能检查，请删去"
            faults = [TemplateFault(TemplatePlace(), "", sentence)]
        except Exception as error:  # whatever a template does wrong is reported
            faults = [_failure(error, case, sample, filled, jinja)]
        else:
            faults = list(_of_outcome(document.docx, case, filled[0].part))
        if faults:
            yield from faults
            return


def _number(document: Document) -> None:
    """Give each paragraph its number."""
    for number, paragraph in enumerate(document.element.body.iter(qn("w:p")), start=1):
        paragraph.set(_NUMBER, str(number))


def _of_outcome(document: Document, case: str, body: TemplatePart) -> Iterator[TemplateFault]:
    """Tags that came out unchanged."""
    for element in document.element.body.iter(qn("w:p")):
        text = "".join(node.text or "" for node in element.iter(qn("w:t")))
        if left := re.search(r"\{[{%]|[%}]\}", text):
            paragraph = body.paragraphs[int(element.get(_NUMBER, "1")) - 1]
            sentence = f"“{left[0]}”没有被替换，会照样印出来，请核对这个标记"
            yield TemplateFault(body.place(paragraph), shortened(text), f"{case}时，{sentence}")


def _failure(
    error: Exception, case: str, sample: Mapping[str, Any], filled: Sequence[Tagged], jinja: Environment
) -> TemplateFault:
    """The failure at its tag: rendered alone, one on each line, the tags fail on the guilty one's line."""
    for part in filled:
        source, lines = build_jinja_source(list(part.tags))
        try:
            jinja.from_string(source).render(sample)
        except Exception as again:
            frames = traceback.extract_tb(again.__traceback__)
            numbers = [frame.lineno for frame in frames if frame.filename == "<template>" and frame.lineno]
            if numbers:
                return part.fault(lines[numbers[-1] - 1], f"{case}时，模板{fault_of(again).rstrip('。')}")
    return TemplateFault(TemplatePlace(), "", f"{case}时，模板{fault_of(error).rstrip('。')}")
