"""Context: what a template may use, under Chinese names; the contract between documents and word."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from pipeline.dossier.figures import Absent

Paragraphs = Annotated[list[str], "每项一段"]
"""Texts of which each is a paragraph of its own; a plain list of texts stands within one sentence."""


def said(label: str, meaning: str = "") -> Any:
    """Declare a variable under the Chinese name that templates use; `meaning` tells a clerk what it stands for."""
    return Field(alias=label, description=meaning or label)


class Context(BaseModel):
    """Subclass it with one `said()` a line.

    title: of what stands in lists, the Chinese noun for it; item: what a template's loop calls one of them.
    """

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True, arbitrary_types_allowed=True)
    item_name: ClassVar[str] = "项"

    def __init_subclass__(cls, item: str | None = None, **config: Any) -> None:
        super().__init_subclass__(**config)
        cls.item_name = item or cls.item_name

    def spoken(self) -> dict[str, Any]:
        """The variables as a template sees them: plain dicts, lists, text, dates and Figures; Absent for None."""
        fields = type(self).model_fields.items()
        return {info.alias or name: _spoken(getattr(self, name), info.alias or name) for name, info in fields}


def _spoken(value: Any, label: str) -> Any:
    if value is None:
        return Absent(label)
    if isinstance(value, Context):
        return value.spoken()
    if isinstance(value, list | tuple):
        return [_spoken(item, label) for item in value]
    return value
