"""Compiles a template into a recipe for any number of documents.

docxtpl renders the template once, with a stand-in for Jinja that keeps the source of each part and leaves a mark there;
so docxtpl alone decides what a tag means. Parts without a mark are the same in every document and are packed once.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

from pipeline.ooxml.package import SMALL, Package, pack
from pipeline.ooxml.trees import NAMESPACES
from pipeline.word.rendering.compiled import (
    AS_PRINTED,
    STREAMED,
    TEXT,
    WHOLE,
    BrokenDocument,
    Part,
    Recipe,
    Unusual,
    Varying,
    in_bytes,
    plain_values,
    unescaped,
)
from pipeline.word.rendering.environment import FILTERS
from pipeline.word.rendering.proof import proved

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_MARK = re.compile(r"(?:<w:\w+[^<>]*>)?\ue000(\d+)\ue001(?:<w:sectPr/></w:\w+>)?")
"""A mark, with the element that `_Sources` puts around the mark of a whole part."""
_MARKED = "\ue000".encode()
_TAG = re.compile(r"\{[{%#]")
_DECLARED = f'xmlns:w="{NAMESPACES["w"]}"'


def recipe(opened: DocxTemplate, jinja: Environment) -> Recipe:
    """Compile an opened template, which is used up. Raises Unusual, Jinja's errors for the tags, or any other fault."""
    sources = _Sources()
    opened.render({}, sources, autoescape=True)
    parts = [_part(source, jinja) for source in sources.found]
    package, varying = Package(), []
    for name, content in members(opened):
        segments = _segments(content, parts) if _MARKED in content else (content,)
        if len(segments) == 1:
            package = package.plus(name, pack([content], SMALL))
        else:
            is_proved = all(isinstance(one, bytes) or (one.kind == STREAMED and one.proved) for one in segments)
            varying.append(Varying(name, segments, is_proved))
    return Recipe(package, tuple(varying))


def members(opened: Any) -> Iterator[tuple[str, bytes]]:
    """The parts of the document with their names; raises BrokenDocument if two that differ have the same name.

    If two relations lead to one header, docxtpl writes that header twice: equal parts of one name are accepted.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the header written twice
        opened.save(stream := io.BytesIO())
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(stream) as package:
        for member in package.infolist():
            content = package.read(member)
            if found.setdefault(member.filename, content) != content:
                raise BrokenDocument(f"里有两份不同的内容同名（{member.filename}）")
    yield from found.items()


class _Sources:
    """Takes Jinja's place while docxtpl renders: keeps each source that has tags, and leaves a mark there."""

    autoescape = True

    def __init__(self) -> None:
        self.found: list[str] = []

    def from_string(self, source: str) -> Any:
        """A template that renders as the mark, or as the text itself if it has no tag."""
        rendered = source
        if _TAG.search(source):
            # Characters for private use: XML allows them, and no template has them.
            rendered = f"\ue000{len(self.found)}\ue001"
            self.found.append(source)
            # docxtpl parses what a part renders as, and looks for a section in the body.
            if root := re.match(r"(?:<\?.*?\?>)?\s*<(w:\w+)", source):
                rendered = f"<{root[1]} {_DECLARED}>{rendered}<w:sectPr/></{root[1]}>"
        return SimpleNamespace(render=lambda _: rendered)


def _segments(content: bytes, parts: list[Part]) -> tuple[bytes | Part, ...]:
    texts = _MARK.split(content.decode())
    return tuple(parts[int(text)] if place % 2 else text.encode() for place, text in enumerate(texts))


def _part(source: str, jinja: Environment) -> Part:
    plain = plain_values(jinja)
    if "<w:" not in source:
        return Part(TEXT, unescaped(plain).compile(source), proved=True)
    tree = jinja.parse(re.sub(r"\n(?=<w:p[ >])", "", source))  # docxtpl adds these breaks and removes them
    tree.body = list(_unblocked(tree.body, jinja))
    proof = proved(tree)
    if proof.well_formed and proof.regular:
        return Part(STREAMED, _writing(plain).compile(tree), proof.filled)
    # `_repaired` mends only bodies, as docxtpl does.
    if not source.startswith("<w:body"):
        raise Unusual("页眉、页脚或脚注中有少见的标记")
    return Part(WHOLE, plain.compile(tree), proof.well_formed)


def _writing(plain: Environment) -> Environment:
    """The environment that prints bytes, with the generator of code that gives them in large pieces."""
    writing = in_bytes(plain)
    writing.code_generator_class = _InBytes
    return writing


def _unblocked(body: Iterable[nodes.Node], jinja: Environment) -> Iterator[nodes.Node]:
    """The statements with {% filter %} over plain text turned into a printing tag: no buffer, and open to proof."""
    for node in body:
        for holder in [node] if isinstance(node, nodes.If | nodes.For) else []:
            for name in ("body", "else_"):
                setattr(holder, name, list(_unblocked(getattr(holder, name), jinja)))
        if isinstance(node, nodes.If):
            node.elif_ = [other for other in _unblocked(node.elif_, jinja) if isinstance(other, nodes.If)]
        text = _text(node.body, jinja) if isinstance(node, nodes.FilterBlock) and node.filter.name in FILTERS else None
        if text is not None and isinstance(node, nodes.FilterBlock):
            node.filter.node = text
            yield nodes.Output([node.filter], lineno=node.lineno)
        else:
            yield node


def _text(body: Iterable[nodes.Node], jinja: Environment) -> nodes.Expr | None:
    """What the statements print, as one expression; None if they hold markup, or more than conditions."""
    parts: list[nodes.Expr] = []
    for node in body:
        match node:
            case nodes.Output(nodes=printed):
                if any(isinstance(part, nodes.TemplateData) and "<" in part.data for part in printed):
                    return None
                parts += [_said(part) for part in printed]
            case nodes.If(test=test, body=first, elif_=others, else_=otherwise):
                rest = [nodes.If(others[0].test, others[0].body, others[1:], otherwise)] if others else otherwise
                shown, instead = _text(first, jinja), _text(rest, jinja)
                if shown is None or instead is None:
                    return None
                parts.append(nodes.CondExpr(test, shown, instead))
            case _:
                return None
    text = nodes.Concat([nodes.Const(""), nodes.Const(""), *parts])
    text.set_environment(jinja)
    return text


def _said(part: nodes.Expr) -> nodes.Expr:
    if isinstance(part, nodes.TemplateData):
        return nodes.Const(unescape(part.data))
    return nodes.Filter(part, AS_PRINTED, [], [], None, None)


class _InBytes(CodeGenerator):
    """Generates one piece of bytes for everything between two statements."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        """Write the code for the piece; raises Unusual if it does not go straight into the document."""
        if frame.buffer is not None:
            raise Unusual("有少见的标记")
        self.writeline("yield b''.join((", node)
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                self.write(f"{part.data.encode()!r}, ")
            else:
                self.write("environment.finalize(")
                self.visit(part, frame)
                self.write("), ")
        self.write("))")
