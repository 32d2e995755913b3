"""A template compiled once, for any number of documents: docxtpl says what is compiled and where it stands; copies none of it.

docxtpl renders the template once with a stand-in for Jinja that keeps the source of each part and leaves a mark there.
Members of that package without a mark are alike in every document and are packed once; the others are filled in.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any

from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from jinja2 import Environment, Template
from lxml import etree
from markupsafe import escape

from pipeline.dossier.figures import Absent
from pipeline.word.package import SMALL, Package, pack
from pipeline.word.proof import is_sound

_MARK = re.compile(r"(?:<w:\w+[^<>]*>)?\ue000(\d+)\ue001(?:<w:sectPr/></w:\w+>)?")
_MARKED = "\ue000".encode()
_TAG = re.compile(r"\{[{%#]")
_PARAGRAPH_END = "</w:p>"
_RESOLVED = "\n\t\a\f"
"""Characters that docxtpl turns into line breaks, tabs, paragraphs and pages."""
_WRITTEN_OTHERWISE = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
"""How a text spells the brackets of tags (docxtpl, "Escaping")."""
_PIECES = 500
"""Pieces of text that are held at a time: about thirty rows of a table."""

Filling = Callable[[Mapping[str, Any]], Iterator[str]]


class Unusual(Exception):
    """What only plain docxtpl can render; the argument says what, in Chinese."""


@dataclass(frozen=True)
class Compiled:
    """A template, ready to be filled in."""

    constant: Package
    varying: tuple[tuple[str, tuple[bytes | Filling, ...]], ...]
    """The members with tags: the name, and what stands in it one after another."""

    def filled(self, context: Mapping[str, Any]) -> Package:
        """The document; raises Unusual where a value is no plain one, and whatever else the template raises."""
        package = self.constant
        for name, segments in self.varying:
            package = package.plus(name, pack(_portions(segments, context)))
        return package


def compiled(opened: DocxTemplate, jinja: Environment) -> Compiled:
    """Compile an opened template, which is used up; raises Unusual, what Jinja says of the tags, or what went wrong."""
    sources = _Sources()
    opened.render({}, sources, autoescape=True)
    plain = jinja.overlay(finalize=_plain_alone(jinja.finalize or str))
    fillings = [_filling(source, opened, plain) for source in sources.found]
    package, varying = Package(), []
    for name, content in members(opened):
        segments = _segments(content, fillings) if _MARKED in content else (content,)
        if len(segments) == 1:
            package = package.plus(name, pack([content], SMALL))
        else:
            varying.append((name, segments))
    return Compiled(package, tuple(varying))


def members(opened: DocxTemplate) -> Iterator[tuple[str, bytes]]:
    """The parts of the document as it stands, each with its name."""
    opened.save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as package:
        yield from ((name, package.read(name)) for name in package.namelist())


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


def _segments(content: bytes, fillings: list[Filling]) -> tuple[bytes | Filling, ...]:
    texts = _MARK.split(content.decode())
    return tuple(fillings[int(text)] if place % 2 else text.encode() for place, text in enumerate(texts))


def _portions(segments: tuple[bytes | Filling, ...], context: Mapping[str, Any]) -> Iterator[bytes]:
    for segment in segments:
        if isinstance(segment, bytes):
            yield segment
        else:
            yield from (text.encode() for text in segment(context))


def _plain_alone(printed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse values that bring markup of their own: pictures, sub-documents, rich text."""

    def refuse(value: Any) -> Any:
        if value.__class__ is str and value.isprintable():
            return value
        if hasattr(value, "__html__") and not isinstance(value, Absent):
            raise Unusual(f"有的值不是普通文字（{type(value).__name__}）")
        return printed(value)

    return refuse


# Filling in ----------------------------------------------------------------------------------------------------------


def _filling(source: str, opened: DocxTemplate, jinja: Environment) -> Filling:
    if "<w:" not in source:
        text = jinja.overlay(autoescape=False).from_string(source)
        return lambda context: iter([str(escape(re.sub("[\a\f]", "", text.render(context))))])
    tree = jinja.parse(re.sub(r"\n(?=<w:p[ >])", "", source))  # docxtpl puts them in, and takes them out again
    proved = is_sound(tree)
    if not proved and not source.startswith("<w:body"):
        raise Unusual("页眉、页脚或脚注中有少见的标记")
    streamed = _Streamed(jinja.from_string(tree), opened)
    return streamed.texts if proved else lambda context: iter([_repaired("".join(streamed.texts(context)), opened)])


@dataclass(frozen=True)
class _Streamed:
    """A part with tags, filled in portion by portion, each of which ends with a paragraph."""

    template: Template
    opened: DocxTemplate

    def texts(self, context: Mapping[str, Any]) -> Iterator[str]:
        """The text of the part, portion by portion."""
        pieces, rest = self.template.generate(context), ""
        for some in iter(lambda: tuple(islice(pieces, _PIECES)), ()):
            text, end, rest = "".join((rest, *some)).rpartition(_PARAGRAPH_END)
            yield self._finished(text + end)
        yield self._finished(rest)

    def _finished(self, text: str) -> str:
        if "{" in text or "}" in text:
            for written, meant in _WRITTEN_OTHERWISE.items():
                text = text.replace(written, meant)
        return self._resolved(text) if _needs_resolving(text) else text

    def _resolved(self, text: str) -> str:
        """The text with what docxtpl makes of the characters, paragraph by paragraph; none of them stays outside of one."""
        paragraphs = (paragraph + _PARAGRAPH_END for paragraph in text.split(_PARAGRAPH_END))
        resolved = "".join(self.opened.resolve_listing(one) if _needs_resolving(one) else one for one in paragraphs)
        return resolved.removesuffix(_PARAGRAPH_END).replace("\a", "").replace("\f", "")


def _needs_resolving(text: str) -> bool:
    return any(character in text for character in _RESOLVED)


def _repaired(body: str, opened: DocxTemplate) -> str:
    """The body as docxtpl mends it: markup, widths of tables, ids of drawings."""
    tree = opened.fix_tables(body)
    opened.docx_ids_index = 1000
    opened.fix_docpr_ids(tree)
    return str(etree.tostring(tree, encoding="unicode"))
