"""A template compiled once for any number of documents: for runs over many counties, and for long lists.

It is made by `compiling`, can be kept as a recipe, and needs neither docxtpl nor Jinja's compiler any more. The first
document of a new template gains nothing: compiling takes as long as docxtpl needs for one. The compiled template is
kept between runs. Each further notice takes about a hundredth of docxtpl's time, and a list of thousands of rows is
written in portions (figures: benchmarks/RESULTS.md).
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from xml.parsers.expat import ExpatError, ParserCreate

from jinja2 import Environment, Template
from lxml import etree
from markupsafe import escape

from pipeline.dossier.figures import Absent
from pipeline.ooxml.package import Package, pack

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_PARAGRAPH_END = b"</w:p>"
_RESOLVED = (b"\n", b"\t", b"\a", b"\f")
"""Characters that docxtpl turns into line breaks, tabs, paragraphs and page breaks."""
_WRITTEN_OTHERWISE = {b"{_{": b"{{", b"}_}": b"}}", b"{_%": b"{%", b"%_}": b"%}"}
"""How a text escapes the brackets of tags (docxtpl, "Escaping")."""
_PIECES = 32
"""Pieces held at a time; in a table, rows."""
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
        # Compiled code is a code object, which pickle refuses.
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
        plain = plain_values(jinja)
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


def well_formed(content: bytes) -> bytes:
    """The part's content, unchanged; raises BrokenDocument if it is not well-formed (XML 1.0, 2.1)."""
    try:
        # expat builds no tree, and with a separator it checks prefixes too.
        ParserCreate(namespace_separator=" ").Parse(content, True)
    except ExpatError as error:
        raise BrokenDocument("印出来的文件结构有误，打不开") from error
    return content


def _portions(segments: _Segments, context: Mapping[str, Any]) -> Iterator[bytes]:
    length = 0
    for segment in segments:
        for portion in (segment,) if isinstance(segment, bytes) else segment(context):
            length += len(portion)
            if length > LONGEST:
                raise BrokenDocument("印出来太长，可能是循环套循环，内容成倍增多")
            yield portion


def plain_values(jinja: Environment) -> Environment:
    """The environment, refusing values with markup, plus the filter for texts under conditions."""
    plain = jinja.overlay(finalize=_plain_alone(jinja.finalize or str))
    plain.filters[AS_PRINTED] = plain.finalize
    return plain


def unescaped(plain: Environment) -> Environment:
    """The environment for parts that are text, as properties are."""
    return plain.overlay(autoescape=False)


# Filling in ----------------------------------------------------------------------------------------------------------


def _filling(part: Part, plain: Environment) -> Filling:
    if part.kind == STREAMED:
        streamed = _bound(part, in_bytes(plain))
        return _Streamed(streamed, dict(streamed.globals))
    template = _bound(part, unescaped(plain) if part.kind == TEXT else plain)
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


AS_PRINTED = "as printed"
"""The name of a filter; the blank in it keeps templates from using it."""


def _plain_alone(printed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse values with markup of their own: pictures, sub-documents, rich text."""

    def refuse(value: Any) -> Any:
        if hasattr(value, "__html__") and not isinstance(value, Absent):
            raise Unusual(f"有的值不是普通文字（{type(value).__name__}）")
        return printed(value)

    return refuse


def in_bytes(plain: Environment) -> Environment:
    """The environment, but printing bytes. All text stands between tags of XML, so quotes need no escaping."""
    printed = plain.finalize or str

    def written(value: Any) -> bytes:
        # Printable text has no character that must be removed, so most values skip the slower way.
        text: str = value if value.__class__ is str and value.isprintable() else str(printed(value))
        return text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")

    return plain.overlay(finalize=written)


@dataclass(frozen=True)
class _Streamed:
    """A part with tags, filled in portion by portion; each portion ends with a paragraph."""

    template: Template
    everywhere: Mapping[str, Any]
    """Jinja's globals."""

    def __call__(self, context: Mapping[str, Any]) -> Iterator[bytes]:
        """The content of the part, portion by portion."""
        # shared: Jinja copies no variables, but adds no globals either.
        known = self.template.new_context({**self.everywhere, **context}, shared=True)
        pieces: Iterator[Any] = self.template.root_render_func(known)
        begun: list[bytes] = []
        for some in iter(lambda: tuple(islice(pieces, _PIECES)), ()):
            # Special characters are resolved within their paragraph, so no portion may end inside one. The tag is part
            # of one piece, so a paragraph that goes on for long is not searched again and again.
            content, end, rest = b"".join(some).rpartition(_PARAGRAPH_END)
            if end:
                yield _finished(b"".join((*begun, content, end)))
                begun.clear()
            begun.append(rest)
        yield _finished(b"".join(begun))


def _finished(content: bytes) -> bytes:
    """Turn special characters into markup, paragraph by paragraph, as docxtpl does."""
    if b"{" in content or b"}" in content:
        for written, meant in _WRITTEN_OTHERWISE.items():
            content = content.replace(written, meant)
    return _resolved(content) if _needs_resolving(content) else content


@cache
def _docxtpl() -> DocxTemplate:
    """A docxtpl without a document, for the repairs it makes to any; loaded late, since few documents need them."""
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
    # docxtpl's first number: the cached object would go on counting, and the same input would give other bytes.
    mending.docx_ids_index = 1000
    mending.fix_docpr_ids(tree)
    return bytes(etree.tostring(tree, encoding="utf-8"))
