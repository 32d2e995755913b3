"""Proves for a template that every result is well-formed with regular tables, whatever the values; runs no tag.

A template that is proved once needs none of its documents parsed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from jinja2 import nodes
from lxml import etree

from pipeline.ooxml.trees import qn

_BEGIN, _OTHERWISE, _END, _PRINTED = "tag-begin", "tag-otherwise", "tag-end", "tag-printed"
_IRREGULAR = {qn(f"w:{name}") for name in ("tr", "tblGrid", "tblPr", "trPr", "tcPr")}
"""Where a tag may change the number of a table's columns."""
_HOLDING = [qn(f"w:{name}") for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent")]
"""Elements that must hold a paragraph (ISO/IEC 29500-1, 17.4.65)."""
_COPIED = [qn(f"w:{name}") for name in ("rPrChange", "pPrChange")]
"""Elements within the properties of a run or paragraph that hold such properties themselves."""
_RESOLVED = frozenset("\t\n\a\f")


class Proof(NamedTuple):
    """What is proved of every result, whatever is escaped and printed; False means unproved, not refuted."""

    well_formed: bool
    regular: bool
    """docxtpl would repair no table and no drawing; so no table can lose all its rows."""
    filled: bool
    """No cell, header, note or text box can lose all its paragraphs."""


def proved(template: nodes.Template) -> Proof:
    """What is proved of a template.

    All branches and loops are written out once, one after another, with marks between. If the marks of each tag stand
    under elements of the same names, every choice of branches is well-formed.
    """
    try:
        written = "".join(_written_out(template.body))
        root = etree.fromstring(written.encode(), etree.XMLParser(resolve_entities=False))
        marks = [mark for mark in root.iter(etree.PI) if mark.target.startswith("tag-")]
        in_elements = len(marks) == written.count("<?tag-")  # no mark is within a comment
        copied = {element for change in root.iter(*_COPIED) for element in change.iterancestors(qn("w:p"))}
        plain = (_is_plain(text, copied) for text in root.iter(qn("w:t")) if _may_be_resolved(text))
        well_formed = in_elements and _pair(marks) and all(plain)
        # docxtpl renumbers drawings, so a template with one is always repaired.
        regular = next(root.iter(qn("wp:docPr")), None) is None and all(map(_is_regular, root.iter(qn("w:tbl"))))
        filled = all(next(_always_there(one, qn("w:p")), None) is not None for one in root.iter(*_HOLDING))
        return Proof(well_formed, regular, filled)
    except (etree.XMLSyntaxError, ValueError, _Unknown):  # a tag within markup; a span that is not a number
        return Proof(False, False, False)


class _Unknown(Exception):
    """A kind of tag about which nothing is proved: macro, include, block and the like."""


def _written_out(body: Iterable[nodes.Node]) -> Iterator[str]:
    for node in body:
        match node:
            case nodes.Output(nodes=printed):
                yield from (part.data if isinstance(part, nodes.TemplateData) else _mark(_PRINTED) for part in printed)
            case nodes.If(elif_=others, else_=otherwise):
                branches = [other.body for other in others] + [otherwise]
                yield from _branches(node.body, *branches)
            case nodes.For(else_=otherwise):
                yield from _branches(node.body, otherwise)
            case nodes.Assign():
                pass
            case _:
                raise _Unknown


def _branches(first: Iterable[nodes.Node], *others: Iterable[nodes.Node]) -> Iterator[str]:
    yield _mark(_BEGIN)
    yield from _written_out(first)
    for other in others:
        yield _mark(_OTHERWISE)
        yield from _written_out(other)
    yield _mark(_END)


def _mark(kind: str) -> str:
    return f"<?{kind}?>"


def _pair(marks: Iterable[Any]) -> bool:
    """Whether the marks of each tag stand under elements of the same names and in one cell."""
    begun: list[tuple[object, ...]] = []
    for mark in marks:
        around = list(mark.iterancestors())
        cell = next((element for element in around if element.tag == qn("w:tc")), None)
        # The namespaces too: a prefix may mean something else under another element.
        place = ([element.tag for element in around], around[0].nsmap, cell) if around else ()
        if mark.target == _BEGIN:
            begun.append(place)
        # Otherwise leaving out a branch would leave out the start of an element and keep its end.
        elif mark.target != _PRINTED and begun[-1] != place:
            return False
        if mark.target == _END:
            begun.pop()
    return True


def _is_regular(table: Any) -> bool:
    """Whether no row is wider than the grid, and a row that is always there is as wide: docxtpl then keeps the grid."""
    if any(mark.getparent().tag in _IRREGULAR for mark in table.iter(etree.PI)):
        return False
    columns = len(table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))
    rows = list(table.iter(qn("w:tr")))
    widest = max((max(_width(row), len(row.findall(qn("w:tc")))) for row in rows), default=0)
    return 0 < columns == widest and any(_width(row) == columns for row in _always_there(table, qn("w:tr")))


def _may_be_resolved(text: Any) -> bool:
    """Whether a text may hold tabs, line breaks, paragraphs or page breaks, for which docxtpl writes markup."""
    return len(text) > 0 or not _RESOLVED.isdisjoint(text.text or "")


def _is_plain(text: Any, copied: Collection[Any]) -> bool:
    """Whether a text stands in a run of a paragraph whose properties end where docxtpl takes them to end.

    docxtpl closes text, run and paragraph before a new one, and opens the new with the same properties. copied: the
    paragraphs whose properties hold properties themselves.
    """
    run = text.getparent()
    paragraph = None if run is None else run.getparent()
    return paragraph is not None and (run.tag, paragraph.tag) == (qn("w:r"), qn("w:p")) and paragraph not in copied


def _always_there(element: Any, tag: str) -> Iterator[Any]:
    """The children of that name which are there whatever the tags choose."""
    depth = 0
    for child in element:
        if child.tag is etree.PI:
            depth += {_BEGIN: 1, _END: -1}.get(child.target, 0)
        elif child.tag == tag and not depth:
            yield child


def _width(row: Any) -> int:
    """The columns a row takes, merged cells counted; raises ValueError if a span is not a number."""
    spans = (cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in row.findall(qn("w:tc")))
    return sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans)
