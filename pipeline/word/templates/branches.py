"""Conditions and loops over XML: where each begins and ends, and what a choice can leave empty; runs no tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from docx.oxml.ns import qn
from docxtpl_lint.core import Tag
from jinja2 import Environment, TemplateSyntaxError, nodes
from lxml import etree

from pipeline.word.templates.tags import keyword

_TOKEN = re.compile(r"\{\{.*?\}\}|\{#.*?#\}|\{%[-+]?\s*(\w+).*?%\}", re.DOTALL)
_MARK = "tag"
_TEXT = {qn("w:p"), qn("w:r"), qn("w:t")}
_FLOWING = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")}
"""Elements that do not separate a paragraph or row from what holds it."""
_HOLD = {
    **dict.fromkeys(map(qn, ("w:tc", "w:hdr", "w:ftr", "w:footnote", "w:txbxContent")), qn("w:p")),
    qn("w:tbl"): qn("w:tr"),
    qn("w:tr"): qn("w:tc"),
}
"""Elements that must not be empty, and what they must hold (ISO/IEC 29500-1, 17.4.65, 17.4.37, 17.10.4, 17.11.10)."""
_BLOCKS = {qn("w:p"), qn("w:tbl"), qn("w:altChunk")}
MOST_CONDITIONS = 10
"""Conditions in one container of which every combination is tried; beyond that, all at once and each alone."""


@dataclass(eq=False)
class Block:
    """A condition or loop from beginning to end: its tags, and a mark for each."""

    tags: list[Tag]
    marks: list[Any]
    around: list[tuple[Block, int]] = field(default_factory=list)
    """The branches around it."""

    @property
    def begin(self) -> Tag:
        """The tag that opens it."""
        return self.tags[0]

    @property
    def end(self) -> Tag:
        """The tag that closes it."""
        return self.tags[-1]

    @property
    def is_level(self) -> bool:
        """Whether all its tags are at one level, so that any branch can be left out."""
        levels = [_level(mark) for mark in self.marks]
        return all(level == levels[0] for level in levels)


def _level(mark: Any) -> tuple[object, ...]:
    """The elements of text around a mark by name, and the elements holding these by identity."""
    around = list(mark.iterancestors())
    paragraph = next((place for place, one in enumerate(around) if one.tag == qn("w:p")), -1)
    inside = [one.tag for one in around[: paragraph + 1]]
    if not set(inside) <= _TEXT:
        inside, paragraph = [], -1
    return (*inside, *around[paragraph + 1 :])


def groups(prepared: str, tags: Sequence[Tag]) -> tuple[Any, list[Block]]:
    """A part with a mark for each statement, and its conditions and loops.

    tags: its statements except `set`, in order. Raises XMLSyntaxError if a tag is within markup, ValueError if the tags
    are not those of the part.
    """
    words: list[str] = []

    def marked(match: re.Match[str]) -> str:
        if match[1] in (None, "set"):
            return ""
        words.append(match[1])
        return f"<?{_MARK} {len(words) - 1}?>"

    root = etree.fromstring(_TOKEN.sub(marked, prepared), etree.XMLParser(resolve_entities=False))
    return root, list(_grouped(root, list(_in_order(tags, words))))


def _in_order(tags: Sequence[Tag], words: Sequence[str]) -> Iterator[Tag]:
    """The tags in the order of their marks: in text boxes, docxtpl's order differs from the linter's."""
    left = list(tags)
    for word in words:
        place = next((place for place, tag in enumerate(left) if keyword(tag) == word), None)
        if place is None:
            raise ValueError(word)
        yield left.pop(place)
    if left:
        raise ValueError(left[0].raw)


def _grouped(root: Any, tags: Sequence[Tag]) -> Iterator[Block]:
    open_: list[Block] = []
    for mark in root.iter(etree.PI):
        if mark.target != _MARK:
            continue
        tag = tags[int(mark.text)]
        word = keyword(tag)
        if word in ("if", "for", "filter"):
            open_.append(Block([tag], [mark], [(group, len(group.marks) - 1) for group in open_]))
        elif open_:
            open_[-1].tags.append(tag)
            open_[-1].marks.append(mark)
            if word.startswith("end"):
                yield open_.pop()
    if open_:
        raise ValueError("a condition without its end")


# Where each element stands ------------------------------------------------------------------------------------------

Branches = tuple[tuple[Block, int], ...]
"""The branches around an element, outermost first: the condition or loop, and the number of its branch."""


def _by_mark(found: Sequence[Block]) -> Mapping[int, tuple[Block, int]]:
    """For each mark, by identity: its condition or loop, and which of its tags it marks."""
    return {id(mark): (group, place) for group in found for place, mark in enumerate(group.marks)}


def _in_branches(root: Any, marks: Mapping[int, tuple[Block, int]]) -> Iterator[tuple[Any, Branches]]:
    """Every element except the marks, with the branches around it."""
    open_: Branches = ()
    for element in root.iter():
        if id(element) not in marks:
            yield element, open_
            continue
        group, place = marks[id(element)]
        around = open_[:-1] if place else open_
        open_ = (*around, (group, place)) if place < len(group.marks) - 1 else around


# What may be left by half --------------------------------------------------------------------------------------------

_ENDS = {qn(f"w:{kind}End"): qn(f"w:{kind}Start") for kind in ("bookmark", "commentRange")} | {
    qn("w:permEnd"): qn("w:permStart")
}


def halved(root: Any, found: Sequence[Block]) -> Iterator[tuple[Any, Block]]:
    """Each field, bookmark or other range with only one end inside a branch: its beginning, and the condition."""
    fields: list[tuple[Any, Branches]] = []
    ranges: dict[tuple[str, str], tuple[Any, Branches]] = {}
    for element, open_ in _in_branches(root, _by_mark(found)):
        begun = None
        if element.tag == qn("w:fldChar") and element.get(qn("w:fldCharType")) == "begin":
            fields.append((element, open_))
        elif element.tag == qn("w:fldChar") and element.get(qn("w:fldCharType")) == "end":
            begun = fields.pop() if fields else None
        elif element.tag in _ENDS.values():
            ranges[element.tag, element.get(qn("w:id"), "")] = element, open_
        elif element.tag in _ENDS:
            begun = ranges.pop((_ENDS[element.tag], element.get(qn("w:id"), "")), None)
        if begun and begun[1] != open_:
            apart = [branch[0] for branch in (*begun[1], *open_) if (branch in begun[1]) != (branch in open_)]
            yield begun[0], apart[0]


# What may be left empty ----------------------------------------------------------------------------------------------

Choice = Mapping[str, bool]
"""For each condition, whether it is true; for each list, whether it has items."""


def emptied(root: Any, found: Sequence[Block]) -> Iterator[tuple[Any, Block | None]]:
    """Each element that some choice of branches leaves without its required content, and the condition to blame."""
    marks = _by_mark(found)
    conditions = {id(group): _Condition(group) for group in found}
    for element, open_ in _in_branches(root, marks):
        if element.tag in _HOLD:
            flow = list(_flow(element, marks))
            if any(isinstance(one, tuple) for one in flow):
                yield from _Container(element, flow, open_, conditions).emptied()


def _flow(element: Any, marks: Mapping[int, tuple[Block, int]]) -> Iterator[Any]:
    """The direct contents of an element: its blocks, by name, and the marks among them."""
    for child in element:
        if id(child) in marks:
            yield marks[id(child)]
        elif child.tag in _FLOWING:
            yield from _flow(child, marks)
        elif child.tag in _BLOCKS or child.tag in (qn("w:tr"), qn("w:tc")):
            yield child.tag


@dataclass(frozen=True)
class _Container:
    element: Any
    flow: Sequence[Any]
    around: Sequence[tuple[Block, int]]
    conditions: Mapping[int, _Condition]

    def emptied(self) -> Iterator[tuple[Any, Block | None]]:
        """The container, once, if a choice leaves it without its required content."""
        inside = list(dict.fromkeys(one[0] for one in self.flow if isinstance(one, tuple)))
        atoms = sorted(
            {
                atom
                for group in [*inside, *(each for each, _ in self.around)]
                for atom in self.conditions[id(group)].atoms
            }
        )
        for choice in _choices(atoms):
            if all(self.conditions[id(group)].branch(choice) == place for group, place in self.around):
                left = list(self._left(choice))
                if not left or left[-1] != _HOLD[self.element.tag]:
                    off = [group for group in inside if self.conditions[id(group)].branch(choice) is None]
                    yield self.element, (off or [None])[0]
                    return

    def _left(self, choice: Choice) -> Iterator[str]:
        open_: list[bool] = []
        for one in self.flow:
            if isinstance(one, str):
                if all(open_):
                    yield one
                continue
            group, place = one
            if place:
                open_.pop()
            if place < len(group.marks) - 1:
                open_.append(self.conditions[id(group)].branch(choice) == place)


def _choices(atoms: Sequence[str]) -> Iterator[Choice]:
    if len(atoms) <= MOST_CONDITIONS:
        yield from (dict(zip(atoms, values, strict=True)) for values in product((False, True), repeat=len(atoms)))
        return
    for base in (False, True):
        yield dict.fromkeys(atoms, base)
        yield from ({**dict.fromkeys(atoms, base), atom: not base} for atom in atoms)


class _Condition:
    """A condition or loop, and the branch it takes."""

    def __init__(self, group: Block) -> None:
        loops = (one.begin for one, _ in group.around if keyword(one.begin) == "for")
        self._rows = {_target(loop): f"{loop.para.index}.{loop.col}" for loop in loops}
        self._tests = [self._test(tag) for tag in group.tags[:-1]]
        self.atoms = {atom for test in self._tests for atom in _atoms(test)}

    def branch(self, choice: Choice) -> int | None:
        """The number of the branch taken; None for none."""
        return next((place for place, test in enumerate(self._tests) if _holds(test, choice)), None)

    def _test(self, tag: Tag) -> Any:
        word, _, rest = tag.body.partition(" ")
        if word in ("else", "filter"):
            return True
        source = f"{{% for {rest} %}}{{% endfor %}}" if word == "for" else f"{{% if {rest} %}}{{% endif %}}"
        try:
            parsed = Environment().parse(source).body[0]
        except TemplateSyntaxError:  # curly quotes, which docxtpl straightens
            return tag.body
        if isinstance(parsed, nodes.For):
            some = self._parsed(parsed.iter)
            return some if parsed.test is None else ("and", some, f"{tag.body} {tag.para.index}.{tag.col}")
        return self._parsed(parsed.test) if isinstance(parsed, nodes.If) else True

    def _parsed(self, node: nodes.Node) -> Any:
        match node:
            case nodes.Not(node=inner):
                return ("not", self._parsed(inner))
            case nodes.And(left=left, right=right):
                return ("and", self._parsed(left), self._parsed(right))
            case nodes.Or(left=left, right=right):
                return ("or", self._parsed(left), self._parsed(right))
            case nodes.Compare(ops=[nodes.Operand(op="ne", expr=other)], expr=first):
                return ("not", self._named(nodes.Compare(first, [nodes.Operand("eq", other)])))
            case nodes.Getattr(node=nodes.Name(name="loop"), attr="first" | "last"):  # as for a single item
                return True
            case nodes.Const(value=value):
                return bool(value)
        return self._named(node)

    def _named(self, node: nodes.Node) -> str:
        """A condition by its text; for a loop's item, also by the loop."""
        names = {node.name} if isinstance(node, nodes.Name) else {name.name for name in node.find_all(nodes.Name)}
        return f"{node!r} {sorted(self._rows[name] for name in names & set(self._rows))}"


def _target(tag: Tag) -> str:
    named = re.match(r"for\s+(\w+)", tag.body)
    return named[1] if named else ""


def _atoms(test: Any) -> set[str]:
    if isinstance(test, tuple):
        return {atom for part in test[1:] for atom in _atoms(part)}
    return {test} if isinstance(test, str) else set()


def _holds(test: Any, choice: Choice) -> bool:
    match test:
        case ("not", inner):
            return not _holds(inner, choice)
        case ("and", left, right):
            return _holds(left, choice) and _holds(right, choice)
        case ("or", left, right):
            return _holds(left, choice) or _holds(right, choice)
        case str():
            return choice[test]
    return bool(test)
