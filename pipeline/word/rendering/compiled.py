"""A template compiled once, for any number of documents: docxtpl says what is compiled and where it stands; copies none of it.

docxtpl renders the template once with a stand-in for Jinja that keeps the source of each part and leaves a mark there.
Members of that package without a mark are alike in every document and are packed once; the others are filled in.
"""

from __future__ import annotations

import io
import marshal
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple, Self
from xml.parsers.expat import ExpatError, ParserCreate

from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from lxml import etree
from markupsafe import escape

from pipeline.dossier.figures import Absent
from pipeline.ooxml.package import SMALL, Package, pack
from pipeline.word.rendering.environment import FILTERS
from pipeline.word.rendering.proof import proved

_MARK = re.compile(r"(?:<w:\w+[^<>]*>)?\ue000(\d+)\ue001(?:<w:sectPr/></w:\w+>)?")
_MARKED = "\ue000".encode()
_TAG = re.compile(r"\{[{%#]")
_PARAGRAPH_END = b"</w:p>"
_RESOLVED = (b"\n", b"\t", b"\a", b"\f")
"""Characters that docxtpl turns into line breaks, tabs, paragraphs and pages."""
_WRITTEN_OTHERWISE = {b"{_{": b"{{", b"}_}": b"}}", b"{_%": b"{%", b"%_}": b"%}"}
"""How a text spells the brackets of tags (docxtpl, "Escaping")."""
_PIECES = 32
"""Pieces that are held at a time, in a table as many rows."""
_MENDING = DocxTemplate("")
"""For what docxtpl does to any document; it opens none."""
LONGEST = 500 * 2**20
"""Bytes that a part of a document may have: four times those of a list of 60,000 rows. Loops that multiply go beyond."""

Filling = Callable[[Mapping[str, Any]], Iterator[bytes]]
_Segments = tuple[bytes | Filling, ...]


class Unusual(Exception):
    """What only plain docxtpl can render; the argument says what, in Chinese."""


class BrokenDocument(Exception):
    """What came out is no document; the argument says why, as a Chinese clause."""


class Part(NamedTuple):
    """The code of a source with tags: TEXT, WHOLE (the content of a part at once) or STREAMED (portion by portion)."""

    kind: str
    code: CodeType
    proved: bool
    """Whether what comes out is proved to be well-formed; of what is streamed, whole: with a row in each table and a
    paragraph in each cell."""


TEXT, WHOLE, STREAMED = "text", "whole", "streamed"


class Varying(NamedTuple):
    """A member with tags: its name, what stands in it one after another, and whether it is proved to come out whole."""

    name: str
    segments: tuple[bytes | Part, ...]
    proved: bool


@dataclass(frozen=True)
class Recipe:
    """A compiled template as it can be kept: the members that never vary, packed, and the code of those that do."""

    constant: Package
    varying: tuple[Varying, ...]

    def dumped(self) -> bytes:
        """All of it, for the same Python alone (see `marshal`)."""
        varying = [
            (name, [tuple(one) if isinstance(one, Part) else one for one in segments], is_proved)
            for name, segments, is_proved in self.varying
        ]
        constant = self.constant
        return marshal.dumps(((constant.members, constant.directory, constant.count, constant.proved), varying))

    @classmethod
    def loaded(cls, dumped: bytes) -> Self:
        """The recipe that was dumped; what this program has not dumped itself must not come here."""
        constant, varying = marshal.loads(dumped)
        members = (
            Varying(name, tuple(one if isinstance(one, bytes) else Part(*one) for one in segments), is_proved)
            for name, segments, is_proved in varying
        )
        return cls(Package(*constant), tuple(members))


class Compiled:
    """A template, ready to be filled in."""

    def __init__(self, recipe: Recipe, jinja: Environment) -> None:
        """Bind the recipe to the environment in whose like it was made."""
        self._constant = recipe.constant
        plain = _plain(jinja)
        self._varying = [
            (name, tuple(one if isinstance(one, bytes) else _filling(one, plain) for one in segments), is_proved)
            for name, segments, is_proved in recipe.varying
        ]

    def filled(self, context: Mapping[str, Any]) -> Package:
        """The document; raises Unusual where a value is no plain one, Broken, and whatever else the template raises."""
        package = self._constant
        for name, segments, is_proved in self._varying:
            package = package.plus(name, pack(_portions(segments, context)), proved=is_proved)
        return package


def recipe(opened: DocxTemplate, jinja: Environment) -> Recipe:
    """Compile an opened template, which is used up; raises Unusual, what Jinja says of the tags, or what went wrong."""
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
    """The parts of the document as it stands, each with its name; raises Broken where two that differ bear one name.

    Where two relations lead to one header, docxtpl makes two of it, alike but for nothing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of zipfile, which warns of names that come twice
        opened.save(stream := io.BytesIO())
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(stream) as package:
        for member in package.infolist():
            content = package.read(member)
            if found.setdefault(member.filename, content) != content:
                raise BrokenDocument(f"里有两份不同的内容同名（{member.filename}）")
    yield from found.items()


def well_formed(content: bytes) -> bytes:
    """The content of a part of XML, unchanged; raises Broken where it is not well-formed (XML 1.0, 2.1)."""
    try:
        ParserCreate(namespace_separator=" ").Parse(content, True)
    except ExpatError as error:
        raise BrokenDocument("印出来的文件结构有误，打不开") from error
    return content


class _Sources:
    """Stands for Jinja while docxtpl renders: keeps each source that has tags, and leaves a mark for it."""

    autoescape = True

    def __init__(self) -> None:
        self.found: list[str] = []

    def from_string(self, source: str) -> Any:
        """What renders as the mark, or as the text itself where there is nothing to fill in."""
        rendered = source
        if _TAG.search(source):
            rendered = f"\ue000{len(self.found)}\ue001"
            self.found.append(source)
            if root := re.match(r"(?:<\?.*?\?>)?\s*<(w:\w+)", source):
                rendered = f"<{root[1]} {nsdecls('w')}>{rendered}<w:sectPr/></{root[1]}>"
        return SimpleNamespace(render=lambda _: rendered)


def _segments(content: bytes, parts: list[Part]) -> tuple[bytes | Part, ...]:
    texts = _MARK.split(content.decode())
    return tuple(parts[int(text)] if place % 2 else text.encode() for place, text in enumerate(texts))


def _portions(segments: _Segments, context: Mapping[str, Any]) -> Iterator[bytes]:
    length = 0
    for segment in segments:
        for portion in (segment,) if isinstance(segment, bytes) else segment(context):
            length += len(portion)
            if length > LONGEST:
                raise BrokenDocument("印出来太长，可能是循环套循环，内容成倍增多")
            yield portion


# Compiling -----------------------------------------------------------------------------------------------------------


def _part(source: str, jinja: Environment) -> Part:
    plain = _plain(jinja)
    if "<w:" not in source:
        return Part(TEXT, _texts(plain).compile(source), proved=True)
    tree = jinja.parse(re.sub(r"\n(?=<w:p[ >])", "", source))  # docxtpl puts them in, and takes them out again
    tree.body = list(_unblocked(tree.body, jinja))
    proof = proved(tree)
    if proof.well_formed and proof.regular:
        return Part(STREAMED, _writing(plain).compile(tree), proof.filled)
    if not source.startswith("<w:body"):
        raise Unusual("页眉、页脚或脚注中有少见的标记")
    return Part(WHOLE, plain.compile(tree), proof.well_formed)


def _plain(jinja: Environment) -> Environment:
    """The environment that refuses what is no plain value, with the filter of texts under conditions."""
    plain = jinja.overlay(finalize=_plain_alone(jinja.finalize or str))
    plain.filters[_AS_PRINTED] = plain.finalize
    return plain


def _texts(plain: Environment) -> Environment:
    return plain.overlay(autoescape=False)


# Filling in ----------------------------------------------------------------------------------------------------------


def _filling(part: Part, plain: Environment) -> Filling:
    if part.kind == STREAMED:
        streamed = _bound(part, _writing(plain))
        return _Streamed(streamed, dict(streamed.globals))
    template = _bound(part, _texts(plain) if part.kind == TEXT else plain)
    if part.kind == TEXT:
        return lambda context: iter([escape(re.sub("[\a\f]", "", template.render(context))).encode()])
    test = bytes if part.proved else well_formed
    return lambda context: iter([_repaired(test(_finished(_bounded(template.generate(context)))))])


def _bound(part: Part, environment: Environment) -> Template:
    return Template.from_code(environment, part.code, environment.make_globals(None))


def _bounded(pieces: Iterator[str]) -> bytes:
    """The pieces as one; raises Broken where that is too long."""
    portions = ("".join(some).encode() for some in iter(lambda: tuple(islice(pieces, _PIECES**2)), ()))
    return b"".join(_portions((lambda _: portions,), {}))


_AS_PRINTED = "as printed"
"""A filter by a name that no template can write."""


def _unblocked(body: Iterable[nodes.Node], jinja: Environment) -> Iterator[nodes.Node]:
    """The statements, each {% filter %} over mere text as a tag that prints: it then needs no buffer, and can be proved."""
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
    """What statements print, as an expression; None where markup or more than conditions is among it."""
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
    return nodes.Filter(part, _AS_PRINTED, [], [], None, None)


def _plain_alone(printed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse values that bring markup of their own: pictures, sub-documents, rich text."""

    def refuse(value: Any) -> Any:
        if hasattr(value, "__html__") and not isinstance(value, Absent):
            raise Unusual(f"有的值不是普通文字（{type(value).__name__}）")
        return printed(value)

    return refuse


def _writing(plain: Environment) -> Environment:
    """The environment, printing the bytes of what stands between the tags of XML: quotes need no escaping there."""
    printed = plain.finalize or str

    def written(value: Any) -> bytes:
        text: str = value if value.__class__ is str and value.isprintable() else str(printed(value))
        return text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")

    writing = plain.overlay(finalize=written)
    writing.code_generator_class = _InBytes
    return writing


class _InBytes(CodeGenerator):
    """Gives all that stands between two statements as one piece, in the bytes of the file."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        """Write the code that gives the piece; raises Unusual where it does not go straight into the document."""
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


@dataclass(frozen=True)
class _Streamed:
    """A part with tags, filled in portion by portion, each of which ends with a paragraph."""

    template: Template
    everywhere: Mapping[str, Any]
    """What Jinja gives every template to call."""

    def __call__(self, context: Mapping[str, Any]) -> Iterator[bytes]:
        """The content of the part, portion by portion."""
        known = self.template.new_context({**self.everywhere, **context}, shared=True)
        pieces: Iterator[Any] = self.template.root_render_func(known)
        rest = b""
        for some in iter(lambda: tuple(islice(pieces, _PIECES)), ()):
            content, end, rest = b"".join((rest, *some)).rpartition(_PARAGRAPH_END)
            yield _finished(content + end)
        yield _finished(rest)


def _finished(content: bytes) -> bytes:
    """What docxtpl makes of the characters that stand for something else, paragraph by paragraph."""
    if b"{" in content or b"}" in content:
        for written, meant in _WRITTEN_OTHERWISE.items():
            content = content.replace(written, meant)
    return _resolved(content) if _needs_resolving(content) else content


def _resolved(content: bytes) -> bytes:
    """Line breaks, tabs, paragraphs and pages; nothing of them stays outside of a paragraph."""
    paragraphs = (paragraph + _PARAGRAPH_END for paragraph in content.split(_PARAGRAPH_END))
    resolved = b"".join(
        _MENDING.resolve_listing(one.decode()).encode() if _needs_resolving(one) else one for one in paragraphs
    )
    return resolved.removesuffix(_PARAGRAPH_END).replace(b"\a", b"").replace(b"\f", b"")


def _needs_resolving(content: bytes) -> bool:
    return any(character in content for character in _RESOLVED)


def _repaired(body: bytes) -> bytes:
    """The body with what docxtpl mends: widths of tables, ids of drawings. Markup it would mend by leaving out what follows."""
    tree = _MENDING.fix_tables(body.decode())
    _MENDING.docx_ids_index = 1000
    _MENDING.fix_docpr_ids(tree)
    return bytes(etree.tostring(tree, encoding="utf-8"))
