"""Context: what a template may use, under Chinese names; the contract between documents and word."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pipeline.dossier.figures import Absent


def said(label: str, meaning: str = "") -> Any:
    """Declare a variable under the Chinese name that templates use; `meaning` tells a clerk what it stands for."""
    return Field(alias=label, description=meaning or label)


class Context(BaseModel):
    """Subclass it with one `said()` a line."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True, arbitrary_types_allowed=True)

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
