"""A template compiled once for any number of documents: for runs over many counties, and for long lists.

docxtpl renders the template once, with a stand-in for Jinja that keeps the source of each part and leaves a mark there;
so docxtpl alone decides what a tag means. Parts without a mark are the same in every document and are packed once.
The first document of a new template gains nothing: compiling takes as long as docxtpl needs for one. The compiled
template is kept between runs. Each further notice takes about a hundredth of docxtpl's time, and a list of thousands of
rows is written in portions (figures: benchmarks/RESULTS.md).
"""

from __future__ import annotations

import io
import marshal
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import islice
from types import CodeType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from xml.parsers.expat import ExpatError, ParserCreate

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from lxml import etree
from markupsafe import escape

from pipeline.dossier.figures import Absent
from pipeline.ooxml.package import SMALL, Package, pack
from pipeline.ooxml.trees import NAMESPACES
from pipeline.word.rendering.environment import FILTERS
from pipeline.word.rendering.proof import proved

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_MARK = re.compile(r"(?:<w:\w+[^<>]*>)?\ue000(\d+)\ue001(?:<w:sectPr/></w:\w+>)?")
_MARKED = "\ue000".encode()
_TAG = re.compile(r"\{[{%#]")
_PARAGRAPH_END = b"</w:p>"
_RESOLVED = (b"\n", b"\t", b"\a", b"\f")
"""Characters that docxtpl turns into line breaks, tabs, paragraphs and page breaks."""
_WRITTEN_OTHERWISE = {b"{_{": b"{{", b"}_}": b"}}", b"{_%": b"{%", b"%_}": b"%}"}
"""How a text escapes the brackets of tags (docxtpl, "Escaping")."""
_PIECES = 32
"""Pieces held at a time; in a table, rows."""
_DECLARED = f'xmlns:w="{NAMESPACES["w"]}"'
LONGEST = 500 * 2**20
"""Bytes a part may have: four times a list of 60,000 rows. Only nested loops that multiply go beyond."""

Filling = Callable[[Mapping[str, Any]], Iterator[bytes]]
_Segments = tuple[bytes | Filling, ...]


class Unusual(Exception):
    """The template needs plain docxtpl; the argument says why, in Chinese."""


class BrokenDocument(Exception):
    """The result is not a document; the argument says why, as a Chinese clause."""


class Part(NamedTuple):
    """The code of a source with tags: TEXT, WHOLE (a part's content at once) or STREAMED (portion by portion)."""

    kind: str
    code: CodeType
    proved: bool
    """Proved to come out well-formed; if streamed, also with a row in each table and a paragraph in each cell."""


TEXT, WHOLE, STREAMED = "text", "whole", "streamed"


class Varying(NamedTuple):
    """A member with tags: its name, its segments in order, and whether the result is proved whole."""

    name: str
    segments: tuple[bytes | Part, ...]
    proved: bool


@dataclass(frozen=True)
class Recipe:
    """A compiled template in a form that can be kept: constant members, packed, and the code of the others."""

    constant: Package
    varying: tuple[Varying, ...]

    def dumped(self) -> bytes:
        """The recipe as bytes, which only the same version of Python can load (see `marshal`)."""
        varying = [
            (name, [tuple(one) if isinstance(one, Part) else one for one in segments], is_proved)
            for name, segments, is_proved in self.varying
        ]
        constant = self.constant
        return marshal.dumps(((constant.members, constant.directory, constant.count, constant.proved), varying))

    @classmethod
    def loaded(cls, dumped: bytes) -> Self:
        """The recipe from its bytes. Only bytes that this program has written are safe: `marshal` checks nothing."""
        constant, varying = marshal.loads(dumped)
        members = (
            Varying(name, tuple(one if isinstance(one, bytes) else Part(*one) for one in segments), is_proved)
            for name, segments, is_proved in varying
        )
        return cls(Package(*constant), tuple(members))


class Compiled:
    """A template, ready to be filled in."""

    def __init__(self, recipe: Recipe, jinja: Environment) -> None:
        """Bind the recipe to an environment like the one it was made with."""
        self._constant = recipe.constant
        plain = _plain(jinja)
        self._varying = [
            (name, tuple(one if isinstance(one, bytes) else _filling(one, plain) for one in segments), is_proved)
            for name, segments, is_proved in recipe.varying
        ]

    def filled(self, context: Mapping[str, Any]) -> Package:
        """The document. Raises Unusual for a value with its own markup, BrokenDocument, or what the template raises."""
        package = self._constant
        for name, segments, is_proved in self._varying:
            package = package.plus(name, pack(_portions(segments, context)), proved=is_proved)
        return package


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


def well_formed(content: bytes) -> bytes:
    """The part's content, unchanged; raises BrokenDocument if it is not well-formed (XML 1.0, 2.1)."""
    try:
        # expat builds no tree, and with a separator it checks prefixes too.
        ParserCreate(namespace_separator=" ").Parse(content, True)
    except ExpatError as error:
        raise BrokenDocument("印出来的文件结构有误，打不开") from error
    return content


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
    tree = jinja.parse(re.sub(r"\n(?=<w:p[ >])", "", source))  # docxtpl adds these breaks and removes them
    tree.body = list(_unblocked(tree.body, jinja))
    proof = proved(tree)
    if proof.well_formed and proof.regular:
        return Part(STREAMED, _writing(plain).compile(tree), proof.filled)
    if not source.startswith("<w:body"):
        raise Unusual("页眉、页脚或脚注中有少见的标记")
    return Part(WHOLE, plain.compile(tree), proof.well_formed)


def _plain(jinja: Environment) -> Environment:
    """The environment, refusing values with markup, plus the filter for texts under conditions."""
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
        # A document property has no paragraphs and pages, for which BEL and FF stand.
        return lambda context: iter([escape(re.sub("[\a\f]", "", template.render(context))).encode()])
    test = bytes if part.proved else well_formed
    return lambda context: iter([_repaired(test(_finished(_bounded(template.generate(context)))))])


def _bound(part: Part, environment: Environment) -> Template:
    return Template.from_code(environment, part.code, environment.make_globals(None))


def _bounded(pieces: Iterator[str]) -> bytes:
    """The pieces joined; raises BrokenDocument if that is too long."""
    portions = ("".join(some).encode() for some in iter(lambda: tuple(islice(pieces, _PIECES**2)), ()))
    return b"".join(_portions((lambda _: portions,), {}))


_AS_PRINTED = "as printed"
"""The name of a filter; the blank in it keeps templates from using it."""


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
    return nodes.Filter(part, _AS_PRINTED, [], [], None, None)


def _plain_alone(printed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse values with markup of their own: pictures, sub-documents, rich text."""

    def refuse(value: Any) -> Any:
        if hasattr(value, "__html__") and not isinstance(value, Absent):
            raise Unusual(f"有的值不是普通文字（{type(value).__name__}）")
        return printed(value)

    return refuse


def _writing(plain: Environment) -> Environment:
    """The environment, but printing bytes. All text stands between tags of XML, so quotes need no escaping."""
    printed = plain.finalize or str

    def written(value: Any) -> bytes:
        # Printable text has no character that must be removed, so most values skip the slower way.
        text: str = value if value.__class__ is str and value.isprintable() else str(printed(value))
        return text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")

    writing = plain.overlay(finalize=written)
    writing.code_generator_class = _InBytes
    return writing


class _InBytes(CodeGenerator):
    """Generates one piece of bytes for all that stands between two statements."""

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


@dataclass(frozen=True)
class _Streamed:
    """A part with tags, filled in portion by portion; each portion ends with a paragraph."""

    template: Template
    everywhere: Mapping[str, Any]
    """Jinja's globals."""

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
    """Turn special characters into markup, paragraph by paragraph, as docxtpl does."""
    if b"{" in content or b"}" in content:
        for written, meant in _WRITTEN_OTHERWISE.items():
            content = content.replace(written, meant)
    return _resolved(content) if _needs_resolving(content) else content


@cache
def _docxtpl() -> DocxTemplate:
    """A docxtpl without a document, for the repairs it makes to any; few documents ask for it, and loading it takes time."""
    from docxtpl import DocxTemplate

    return DocxTemplate("")


def _resolved(content: bytes) -> bytes:
    """Resolve line breaks, tabs, paragraphs and page breaks; outside of a paragraph they are dropped."""
    mending, paragraphs = _docxtpl(), (one + _PARAGRAPH_END for one in content.split(_PARAGRAPH_END))
    resolved = b"".join(
        mending.resolve_listing(one.decode()).encode() if _needs_resolving(one) else one for one in paragraphs
    )
    return resolved.removesuffix(_PARAGRAPH_END).replace(b"\a", b"").replace(b"\f", b"")


def _needs_resolving(content: bytes) -> bool:
    return any(character in content for character in _RESOLVED)


def _repaired(body: bytes) -> bytes:
    """The body with docxtpl's repairs: widths of tables, ids of drawings. Broken markup must not come here."""
    mending = _docxtpl()
    tree = mending.fix_tables(body.decode())
    mending.docx_ids_index = 1000
    mending.fix_docpr_ids(tree)
    return bytes(etree.tostring(tree, encoding="utf-8"))
