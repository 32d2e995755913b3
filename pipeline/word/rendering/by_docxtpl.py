"""docxtpl itself: opens templates for compiling, and renders what cannot be compiled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, InlineImage

from pipeline.errors import PipelineError
from pipeline.ooxml.package import Package, pack
from pipeline.ooxml.relations import CORE_PROPERTIES, repaired
from pipeline.word.rendering.compiled import well_formed
from pipeline.word.rendering.compiling import members
from pipeline.word.rendering.drafting import mark
from pipeline.word.rendering.environment import environment


def rendered(template: Path, facts: Mapping[str, Any], *, draft: bool) -> Package:
    """The document as docxtpl makes it, written as ours are; raises whatever docxtpl or the template raises."""
    document, jinja = opened(template, draft=draft), environment(draft=draft)

    def with_pictures(value: Any) -> Any:
        if isinstance(value, InlineImage):
            value.tpl = document  # a picture can only go into the document it is bound to
        return jinja.finalize(value) if jinja.finalize else value

    document.render(dict(facts), jinja.overlay(finalize=with_pictures), autoescape=True)
    package = Package()
    for name, content in members(document):
        if name.endswith((".xml", ".rels")):
            well_formed(content)
        package = package.plus(name, pack([content]))
    return package


class _Unmended(DocxTemplate):  # type: ignore[misc]
    """docxtpl, but refusing markup that is not well-formed: its own recovery silently drops what follows."""

    def fix_tables(self, xml: str) -> Any:
        """The tree of the body; raises BrokenDocument."""
        return super().fix_tables(well_formed(xml.encode()).decode())


_NO_DAY = datetime(1980, 1, 1)


def opened(template: Path, *, draft: bool, content: bytes | None = None) -> DocxTemplate:
    """A template opened by docxtpl, as that of a draft or not; raises PipelineError if it cannot be opened."""
    try:
        document = _Unmended(template if content is None else BytesIO(content))
        document.init_docx()
        package = repaired(document.docx).part.package
        if CORE_PROPERTIES not in {link.reltype for link in package.rels.values()}:
            package.core_properties.modified = _NO_DAY  # python-docx adds properties with the time of day
        if draft:
            mark(document.docx)
    except Exception as error:  # a file that is not a .docx fails in countless ways
        raise PipelineError(
            f"模板《{template.name}》打不开，可能已损坏、加了密码或不是 .docx 文件，请从原始版本中恢复。"
        ) from error
    return document
