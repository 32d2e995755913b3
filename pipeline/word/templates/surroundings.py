"""What must not surround a tag: tracked changes, links, inline content controls, attributes.

docxtpl replaces text within the XML around a tag. It breaks if that is more than paragraph, run and text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from pipeline.word.templates.places import TemplateFault, TemplatePart, TemplatePlace, shortened
from pipeline.word.templates.tags import Tagged, keyword

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_BEGUN = re.compile(r"\{[{%#]")
_CHANGES = [
    f"{of}Change" for of in ("rPr", "pPr", "tcPr", "trPr", "tblPr", "tblPrEx", "tblGrid", "sectPr", "numbering")
]
_RANGES = [
    f"{kind}Range{end}"
    for kind in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo")
    for end in ("Start", "End")
]
_MADE = ["ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"]
_TRACKED = tuple(qn(f"w:{name}") for name in [*_MADE, *_RANGES, *_CHANGES])
"""Marks of tracked changes (ISO/IEC 29500-1, 17.13.5)."""
_PROPERTIES = tuple(qn(f"w:{name}") for name in ("tcPr", "trPr", "tblPrEx", "tblPr", "tblGrid"))
_REVISED = "这里有没接受的修订，标记会连同修订一起印错，请先接受或拒绝全部修订，再保存"
_MARKS_STAY = "模板里有没接受的修订，修订的痕迹会带进每一份文书，请接受或拒绝全部修订，再保存"
_WITHIN = {
    qn("w:hyperlink"): "标记写在超链接里，印不完整，请取消这里的超链接，或把标记移到链接外面",
    qn("w:fldSimple"): "标记写在域里，印出来的仍是域原来的结果，请删去这个域，直接写标记",
    qn("w:instrText"): "标记写在域代码里，印出来的仍是域原来的结果，请删去这个域，直接写标记",
    qn("w:sdt"): "标记写在文字中间的内容控件里，印不完整，请删去内容控件（保留其中的文字）",
    qn("w:smartTag"): "标记写在智能标记里，印不完整，请删去智能标记（保留其中的文字）",
}
_ODD = "标记写在特殊的文字里（如拼音、文字方向），印不完整，请删去这一段，重新输入"
_UNSEEN = "标记写在看不见的地方（如图片的说明、链接的地址），不能检查，请删去"
_USUAL = {qn("w:r"), qn("w:t")}


def faults_of_surroundings(tagged: Tagged) -> list[TemplateFault]:
    """What is wrong with the places of a part's tags; [] for a part without tags, and for a property."""
    if tagged.part.root is None:
        return []
    faults = list(_in_attributes(tagged.part))
    faults += _revised(tagged)
    at_fault = {fault.place.paragraph for fault in faults}
    at_fault |= {paragraph.index for paragraph in tagged.part.paragraphs if paragraph.deleted_code}
    for paragraph, element in tagged.part.elements():
        if _BEGUN.search(paragraph.text) and paragraph.index not in at_fault:
            faults += _wrapped(tagged.part, paragraph, element)
    return faults


# Attributes ----------------------------------------------------------------------------------------------------------


def _in_attributes(part: TemplatePart) -> Iterator[TemplateFault]:
    """Tags in attributes are filled in, but invisibly and without escaping."""
    known = {element: paragraph for paragraph, element in part.elements()}
    for element in part.root.iter("*"):
        for value in element.attrib.values():
            if tag := _BEGUN.search(value):
                around = next(element.iterancestors(qn("w:p")), None)
                here = None if around is None else part.place(known[around])
                yield TemplateFault(here or TemplatePlace(), shortened(value[tag.start() :]) if here else "", _UNSEEN)


# Tracked changes -----------------------------------------------------------------------------------------------------


def _revised(tagged: Tagged) -> Iterator[TemplateFault]:
    """Each paragraph with a tracked change that has a tag or is between two; one remark for the others."""
    part, between = tagged.part, _between(tagged)
    elsewhere = any(True for _ in part.root.iter(*_TRACKED))
    for paragraph, element in part.elements() if elsewhere else ():
        bears = bool(_BEGUN.search(paragraph.text))
        if paragraph.deleted_code:  # the linter's rule reports it
            elsewhere = False
        elif (bears or paragraph.index in between) and _is_revised(element):
            elsewhere = False
            yield TemplateFault(part.place(paragraph), shortened(paragraph.text), _REVISED)
    if elsewhere:
        yield TemplateFault(TemplatePlace(), "", _MARKS_STAY, error=False)


def _between(tagged: Tagged) -> set[int]:
    """The numbers of the paragraphs from the beginning of a condition or loop to its end."""
    found: set[int] = set()
    begun: list[int] = []
    for tag in tagged.tags:
        word = keyword(tag)
        if word in ("if", "for", "filter"):
            begun.append(tag.para.index)
        elif word.startswith("end") and begun:
            found.update(range(begun.pop(), tag.para.index + 1))
    return found


def _is_revised(paragraph: Any) -> bool:
    """Whether a change is tracked in a paragraph, around it, or in its cell, row or table."""
    around = list(paragraph.iterancestors())
    looked_at = [paragraph, *(each for name in _PROPERTIES for one in around for each in one.findall(name))]
    return any(one.tag in _TRACKED for one in around) or any(
        next(one.iter(*_TRACKED), None) is not None for one in looked_at
    )


# Links, content controls, fields -------------------------------------------------------------------------------------


def _wrapped(part: TemplatePart, paragraph: Any, element: Any) -> Iterator[TemplateFault]:
    """Each tag whose text is not in plain runs of the paragraph."""
    letters = [(letter, node) for node in _own_texts(element) for letter in node.text or ""]
    text = "".join(letter for letter, _ in letters)
    for tag in _TAG.finditer(text):
        for node in dict.fromkeys(node for _, node in letters[tag.start() : tag.end()]):
            chain = [node, *node.iterancestors()]
            within = [around.tag for around in chain[: chain.index(element)]]
            if odd := [name for name in within if name not in _USUAL] or within[2:]:
                sentence = next((_WITHIN[name] for name in reversed(odd) if name in _WITHIN), _ODD)
                yield TemplateFault(part.place(paragraph, tag.start() + 1), shortened(tag[0]), sentence)
                break


def _own_texts(paragraph: Any) -> Iterator[Any]:
    """The texts of a paragraph, without those in its text boxes."""
    for node in paragraph.iter(qn("w:t"), qn("w:delText"), qn("w:instrText")):
        if next(node.iterancestors(qn("w:p"))) is paragraph:
            yield node
