"""What a template loses in filling in, whatever the values: found by writing out every branch once; runs no tag.

A block tag ({%p … %}, {%tr … %}, {%tc … %}) makes its paragraph, row or cell vanish, with everything else in it. All
contents of a part are numbered, docxtpl prepares the part, and what is missing then is reported. In what is left, each
condition and loop must begin and end at one level, and no choice of branches may leave a cell, header, note or text box
without its last paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, dropwhile, pairwise, product, takewhile
from typing import Any

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from pipeline.word.templates.branches import Block, emptied, groups, halved
from pipeline.word.templates.places import TemplateFault, TemplatePart, TemplatePlace, shortened
from pipeline.word.templates.tags import Tagged, keyword

_NUMBER, _CONTENT = "lost", "kept"
_WORDS: Mapping[str, str] = {
    qn("w:sectPr"): "分节符",
    qn("w:pageBreakBefore"): "段前分页",
    qn("w:drawing"): "图片或图形",
    qn("w:pict"): "图片或图形",
    qn("w:br"): "分页符",
    qn("w:vMerge"): "合并单元格的第一格",
    qn("w:object"): "嵌入的对象",
    qn("w:bookmarkStart"): "书签",
    qn("w:bookmarkEnd"): "书签",
    qn("w:fldChar"): "域",
    qn("w:fldSimple"): "域",
    qn("w:instrText"): "域",
    qn("w:footnoteReference"): "脚注",
    qn("w:endnoteReference"): "尾注",
    qn("w:commentRangeStart"): "批注",
    qn("w:commentRangeEnd"): "批注",
    qn("w:commentReference"): "批注",
    qn("w:sym"): "符号",
    qn("w:ptab"): "制表位",
    qn("w:noBreakHyphen"): "连字符",
    qn("w:pgNum"): "页码",
    **{qn(f"w:{unit}{length}"): "日期" for unit in ("day", "month", "year") for length in ("Short", "Long")},
    qn("w:permStart"): "可编辑区域",
    qn("w:permEnd"): "可编辑区域",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "公式",
}
"""What counts as content, in words; the linter reports text beside a tag."""
_DOUBLED = (qn("w:sectPr"), qn("w:pageBreakBefore"))
"""Formatting that docxtpl repeats in each paragraph made of one."""
_PARTING = re.compile(r"署名|\\[af]|[\a\f]")
"""What turns the paragraph of a tag into several."""
_AUTOMATIC = ("_GoBack", "_Hlk")
"""Beginnings of Word's automatic bookmarks (last edit, pasted text): nothing refers to them."""
_OFF = ("0", "false", "off")


def faults_beside_tags(tagged: Tagged, at_fault: Collection[int]) -> list[TemplateFault]:
    """What block tags take with them when they vanish; [] for a part without tags.

    at_fault: the paragraphs, by number, that already have a fault.
    """
    if tagged.part.root is None or not tagged.tags:
        return []
    paragraphs = list(tagged.part.root.iter(qn("w:p")))
    faults = [fault for fault in _crowded(tagged) if fault.place.paragraph not in at_fault]
    already = {*at_fault, *(fault.place.paragraph for fault in faults)}
    faults += [*_doubling(tagged, paragraphs), *_beside_signatures(tagged), *_joining(tagged)]
    return [*faults, *_vanishing(tagged, paragraphs, _automatic(tagged.part.root), already)]


def faults_of_branches(tagged: Tagged) -> list[TemplateFault]:
    """What an otherwise correct part loses in docxtpl's preparation; then how its conditions and loops are placed."""
    if tagged.part.root is None or not tagged.tags:
        return []
    # A copy: numbering must not change the template that is checked further.
    root = etree.fromstring(etree.tostring(tagged.part.root))
    for number, paragraph in enumerate(root.iter(qn("w:p")), start=1):
        paragraph.set(_NUMBER, str(number))
    automatic = _automatic(root)
    contents = [element for element in root.iter(*_WORDS) if _is_content(element, automatic)]
    for number, element in enumerate(contents):
        element.set(_CONTENT, str(number))
    prepared = DocxTemplate("").patch_xml(etree.tostring(root, encoding="unicode"))
    # By pattern, since the prepared part has tags in it and need not be well-formed.
    left = {int(number) for number in re.findall(rf' {_CONTENT}="(\d+)"', prepared)}
    gone = [element for number, element in enumerate(contents) if number not in left]
    # One at a time: what is lost first usually explains what is found after it.
    lost = list(_amid_tags(tagged.part, gone)) or list(_of_filters(tagged, prepared))
    return lost or list(_of_structure(tagged, prepared))


# What stands beside a block tag --------------------------------------------------------------------------------------


def _crowded(tagged: Tagged) -> Iterator[TemplateFault]:
    """Two tags in one paragraph or row, one of which takes all of it: the other is lost."""
    units: dict[object, list[Any]] = {}
    for tag in tagged.tags:
        if tag.prefix in ("", "p", "r"):
            units.setdefault(tag.para.index, []).append(tag)
        if tag.para.cells and tag.prefix != "p":
            cell = tag.para.cells[-1]
            units.setdefault((cell.table, cell.row), []).append(tag)
            units.setdefault((cell.table, cell.row, cell.col), []).append(tag)
    wanted = {int: ("p", "一段", "段"), 2: ("tr", "一行", "行"), 3: ("tc", "一格", "格")}
    for unit, tags in units.items():
        prefix, one, word = wanted[int if isinstance(unit, int) else len(unit)]  # type: ignore[arg-type]
        takers = [tag for tag in tags if tag.prefix == prefix]
        if takers and len(tags) > 1:
            sentence = f"“{{%{prefix} …… %}}”会占去整{one[1:]}，{one}里只能有这一个标记，别的会丢失，请各占一{word}"
            yield tagged.fault(takers[0], sentence)


def _vanishing(
    tagged: Tagged, paragraphs: Sequence[Any], automatic: Collection[str], at_fault: Collection[int]
) -> Iterator[TemplateFault]:
    """What a block tag takes with it."""
    for tag in tagged.tags:
        if tag.prefix not in ("p", "tr", "tc") or tag.para.index in at_fault:
            continue
        paragraph = paragraphs[tag.para.index - 1]
        unit = paragraph if tag.prefix == "p" else next(paragraph.iterancestors(qn(f"w:{tag.prefix}")), paragraph)
        lost = [_WORDS[each.tag] for each in unit.iter(*_WORDS) if _is_content(each, automatic)]
        if tag.prefix == "p" and _is_ruled(paragraph):
            lost.append("边框线")
        if lost:
            whole = {"p": "段", "tr": "行", "tc": "格"}[tag.prefix]
            words = "、".join(dict.fromkeys(lost))
            yield tagged.fault(
                tag, f"这个标记印的时候连同整{whole}消失，{whole}里的{words}也会丢失，请把{words}移到别的段落里"
            )


def _doubling(tagged: Tagged, paragraphs: Sequence[Any]) -> Iterator[TemplateFault]:
    """What appears twice because a filter makes two paragraphs of one."""
    for tag in tagged.tags:
        if _PARTING.search(tag.body):
            held = paragraphs[tag.para.index - 1].find(qn("w:pPr"))
            twice = [] if held is None else [each for each in held if each.tag in _DOUBLED and _is_content(each, ())]
            for each in twice:
                what = _WORDS[each.tag]
                sentence = f"这个标记会把一段分成两段，段上的{what}会印成两个，请把{what}移到别的段落上"
                yield tagged.fault(tag, sentence)


def _joining(tagged: Tagged) -> Iterator[TemplateFault]:
    """Tags with a hyphen: docxtpl joins two paragraphs there, and drops the words between tag and paragraph end."""
    for tag in tagged.tags:
        raw = tag.raw.strip()
        if raw.startswith("{%") and (raw[2:3] == "-" or raw.endswith("-%}")):
            sentence = "标记里的短横“-”会把前后两段并成一段，标记旁的文字会丢失，请去掉短横"
            yield tagged.fault(tag, sentence)


_SIGNED = re.compile(
    r"\{%[-+]?\s*filter\s+署名\b.*?\{%[-+]?\s*endfilter\s*[-+]?%\}|\{\{[^{}]*\|\s*署名\b[^{}]*\}\}", re.DOTALL
)
_PIECE = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\0)", re.DOTALL)


def _beside_signatures(tagged: Tagged) -> Iterator[TemplateFault]:
    """Signatures that share their paragraph with other words; they are positioned from the edges of their own line."""
    for tag in {tag.para.index: tag for tag in tagged.tags if "署名" in tag.body}.values():
        if _shares(tag.para.text):
            sentence = "署名按一整行排位置，同一段里有别的文字或变量会排错，请让署名单独占一段"
            yield tagged.fault(tag, sentence)


def _shares(text: str) -> bool:
    """Whether a signature can be printed with words of any paragraph; two branches never print together."""
    signed: list[Mapping[int, int]] = []
    words: list[Mapping[int, int]] = []
    branches: dict[int, int] = {}
    for number, piece in enumerate(_PIECE.split(_SIGNED.sub("\0", text))):
        statement = re.match(r"\{%[-+]?\s*(\w+)", piece)
        word = statement[1] if statement else ""
        if word == "if":
            branches[number] = 0
        elif word in ("elif", "else") and branches:
            branches[max(branches)] += 1
        elif word == "endif" and branches:
            branches.pop(max(branches))
        elif not word and piece.strip():
            (signed if piece == "\0" else words).append(dict(branches))
    pairs = [*product(signed, words), *combinations(signed, 2)]
    return any(all(one.get(at, turn) == turn for at, turn in other.items()) for one, other in pairs)


def _automatic(root: Any) -> set[str]:
    """The numbers of Word's automatic bookmarks."""
    marks = root.iter(qn("w:bookmarkStart"))
    return {str(mark.get(qn("w:id"))) for mark in marks if str(mark.get(qn("w:name"))).startswith(_AUTOMATIC)}


def _is_content(element: Any, automatic: Collection[str]) -> bool:
    """Whether an element is printed, or separates pages or sections; automatic: Word's own bookmarks."""
    value = element.get(qn("w:val"))
    if element.tag == qn("w:br"):
        return element.get(qn("w:type")) in ("page", "column")
    if element.tag == qn("w:vMerge"):
        return bool(value == "restart")
    if element.tag == qn("w:pageBreakBefore"):
        return value not in _OFF
    if element.tag in (qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
        return element.get(qn("w:id")) not in automatic
    return True


def _is_ruled(paragraph: Any) -> bool:
    """Whether a line runs along a paragraph that is not part of a box around its neighbours."""
    border = paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    if border is None or all(side.get(qn("w:val")) in ("nil", "none") for side in border):
        return False
    beside = [
        one.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
        for one in (paragraph.getprevious(), paragraph.getnext())
        if one is not None
    ]
    return all(one is None or etree.tostring(one) != etree.tostring(border) for one in beside)


def _amid_tags(part: TemplatePart, lost: Sequence[Any]) -> Iterator[TemplateFault]:
    """Content lost for another reason, for instance inside a tag; reported at its paragraph."""
    found: dict[int, list[str]] = {}
    for element in lost:
        around = next(element.iterancestors(qn("w:p")), None)
        found.setdefault(0 if around is None else int(around.get(_NUMBER)), []).append(_WORDS[element.tag])
    for number, words in found.items():
        paragraph = part.paragraphs[number - 1] if number else None
        place, text = (part.place(paragraph), shortened(paragraph.text)) if paragraph else (TemplatePlace(), "")
        what = "、".join(dict.fromkeys(words))
        yield TemplateFault(place, text, f"标记中间或旁边的{what}印的时候会丢失，请把{what}移开，再把标记重新输入一遍")


def _of_filters(tagged: Tagged, prepared: str) -> Iterator[TemplateFault]:
    """Filters over several runs of text: the markup between the runs would be filtered and printed as text."""
    begins = [tag for tag in tagged.tags if tag.kind == "stmt" and keyword(tag) == "filter"]
    around: list[int] = []
    number = -1
    mixed: set[int] = set()
    for piece in _PIECE.split(prepared):
        found = re.match(r"\{%[-+]?\s*(filter|endfilter)\b", piece)
        word = found[1] if found else ""
        if word == "filter":
            number += 1
            around.append(number)
        elif word and around:
            around.pop()
        elif around and "<" in piece and not piece.startswith(("{%", "{{")):
            mixed.add(around[0])
    for one in sorted(mixed & set(range(len(begins)))):
        words = (
            "到“{% endfilter %}”之间的文字格式不一，或分了行、分了段，印出来会夹着代码；"
            "请把这些文字连同两个标记删去，用一种格式一次重新输入"
        )
        yield tagged.fault(begins[one], f"从“{shortened(begins[one].raw)}”{words}")


# Where conditions and loops begin and end ----------------------------------------------------------------------------


def _of_structure(tagged: Tagged, prepared: str) -> Iterator[TemplateFault]:
    tags = [tag for tag in tagged.tags if keyword(tag) not in ("set",) and tag.kind == "stmt"]
    try:
        root, found = groups(prepared, tags)
    except (etree.XMLSyntaxError, ValueError):
        yield TemplateFault(
            TemplatePlace(),
            "",
            f"{tagged.part.name}里有的标记夹在格式中间，印出的文件会打不开，请把标记逐个删去后重新输入，"
            f"仍不行的请从原始版本恢复",
        )
        return
    broken = [group for group in found if not group.is_level]
    for group in broken:
        begin, end = group.begin, group.end
        sentence = (
            f"“{shortened(begin.raw)}”和“{shortened(end.raw)}”不在同一处（如一处在文本框或内容控件里，一处在外面），"
            f"印出的文件会打不开，请移到同一处"
        )
        yield tagged.fault(begin, sentence)
    for group in found if not broken else ():
        yield from list(_sections_within(tagged, group)) or _sections_lost(tagged, root, group)
    automatic = _automatic(root)
    for element, around in halved(root, found) if not broken else ():
        if element.get(qn("w:id")) not in automatic or element.tag != qn("w:bookmarkStart"):
            what = _WORDS[element.tag]
            sentence = (
                f"有一个{what}，一头在“{shortened(around.begin.raw)}”到“{shortened(around.end.raw)}”之内，一头在外，"
                f"印出来会只剩一半，请移到同一处，或删去这个{what}"
            )
            yield tagged.fault(around.begin, sentence)
    for element, condition in emptied(root, found) if not broken else ():
        yield _emptied(tagged, element, condition)


def _sections_within(tagged: Tagged, group: Block) -> Iterator[TemplateFault]:
    """A section break that is lost because a condition removes the beginning of its paragraph."""
    for mark in group.marks[1:]:
        paragraph = next(mark.iterancestors(qn("w:p")), None)
        first = next(group.marks[0].iterancestors(qn("w:p")), None)
        if (
            paragraph is not None
            and paragraph is not first
            and paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
        ):
            sentence = "这一段末尾有分节符，不印这部分时分节符也会丢失，请让结尾的标记另占一段，写成“{%p …… %}”"
            yield tagged.fault(group.end, sentence)
            return


def _sections_lost(tagged: Tagged, root: Any, group: Block) -> Iterator[TemplateFault]:
    """A section break in only some branches, with content of that section before it: it would join the next section."""
    branches = [_ends_sections(root, begin, end) for begin, end in pairwise(group.marks)]
    always = all(branches) and keyword(group.begin) == "if" and any(keyword(tag) == "else" for tag in group.tags)
    if any(branches) and not always and not _begins_a_section(group.marks[0]):
        sentence = (
            "这部分里有分节符，不印这部分时分节符也会消失，前面的内容会改用后一节的版式；"
            "请在这个标记之前先分节，或把分节符移到这部分之外"
        )
        yield tagged.fault(group.begin, sentence)


def _ends_sections(root: Any, begin: Any, end: Any) -> bool:
    """Whether a paragraph between two marks ends a section."""
    elements = root.iter()
    between = takewhile(lambda one: one is not end, dropwhile(lambda one: one is not begin, elements))
    return any(one.tag == qn("w:sectPr") and one.getparent().tag == qn("w:pPr") for one in between)


def _begins_a_section(mark: Any) -> bool:
    """Whether a mark, or its paragraph, is the first thing in its section."""
    block = next((one for one in mark.iterancestors(qn("w:p"))), mark)
    before = next((one for one in block.itersiblings(preceding=True) if isinstance(one.tag, str)), None)
    return before is None or before.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None


_CONTAINERS = {
    qn("w:tc"): ("这一格会空得连一段都没有", "请在格里的条件或循环之外留一个空段"),
    qn("w:tbl"): ("这张表会一行也不剩", "请留一行在条件或循环之外，或把整张表放进条件"),
    qn("w:tr"): ("这一行会一格也不剩", "请留一格在条件或循环之外，或把整行放进条件"),
    qn("w:hdr"): ("页眉会空得连一段都没有", "请在条件或循环之外留一个空段"),
    qn("w:ftr"): ("页脚会空得连一段都没有", "请在条件或循环之外留一个空段"),
    qn("w:footnote"): ("这条脚注会空得连一段都没有", "请在条件或循环之外留一个空段"),
    qn("w:txbxContent"): ("文本框会空得连一段都没有", "请在框里的条件或循环之外留一个空段"),
}


def _emptied(tagged: Tagged, element: Any, group: Block | None) -> TemplateFault:
    """A container that may be left without its last paragraph, reported at the tag of the condition to blame.

    A table whose list may have no items is a remark: only the month shows whether it has any, and without them only
    that document is withheld.
    """
    loss, remedy = _CONTAINERS[element.tag]
    if group is None:
        inside = next(element.iter(qn("w:p")), None)
        paragraph = tagged.part.paragraphs[int(inside.get(_NUMBER)) - 1] if inside is not None else None
        place = tagged.part.place(paragraph) if paragraph else TemplatePlace()
        return TemplateFault(
            place, shortened(paragraph.text if paragraph else ""), f"{loss}，印出的文件打不开，{remedy}"
        )
    looped = keyword(group.begin) == "for"
    when = "没有内容" if looped else "不成立"
    sentence = f"“{shortened(group.begin.raw)}”{when}时，{loss}，印出的文件打不开，{remedy}"
    return tagged.fault(group.begin, sentence, error=not (looped and element.tag == qn("w:tbl")))
