"""Context: what a template may use, under Chinese names; the contract between documents and word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Annotated, Any, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from pipeline.dossier.figures import Absent, Figure, How

Paragraphs = Annotated[list[str], "每项一段"]
"""Texts of which each is a paragraph of its own; a plain list of texts stands within one sentence."""


def said(label: str, meaning: str = "", *, needed: bool = False) -> Any:
    """Declare a variable under the Chinese name that templates use; `meaning` tells a clerk what it stands for.

    needed: a template that does not print it is asked whether it was forgotten.
    """
    return Field(alias=label, description=meaning or label, json_schema_extra={"needed": needed})


class Context(BaseModel):
    """Subclass it with one `said()` a line.

    title: of what stands in lists, the Chinese noun for it; item: what a template's loop calls one of them.
    """

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True, arbitrary_types_allowed=True)
    item_name: ClassVar[str] = "项"

    def __init_subclass__(cls, item: str | None = None, **config: Any) -> None:
        super().__init_subclass__(**config)
        cls.item_name = item or cls.item_name

    def model_post_init(self, _: Any) -> None:
        """Hold one set of the names of its fields for all of a class: pydantic gives each one of its own, of 2 KB."""
        object.__setattr__(self, "__pydantic_fields_set__", self._every_field())

    @classmethod
    @cache
    def _every_field(cls) -> set[str]:
        return set(cls.model_fields)

    def spoken(self) -> dict[str, Any]:
        """The variables as a template sees them: plain dicts, lists, text, dates and Figures; Absent for None."""
        said = vars(self)
        return {
            label: value if (value := said[name]).__class__ in _AS_THEY_ARE else _spoken(value, label)
            for name, label in self._labels()
        }

    @classmethod
    @cache
    def _labels(cls) -> tuple[tuple[str, str], ...]:
        """Each field with what templates call it."""
        return tuple((name, info.alias or name) for name, info in cls.model_fields.items())

    @classmethod
    def contract(cls) -> dict[str, Any]:
        """The JSON Schema of the variables, by their Chinese names: no $ref, no union; what may be absent is not required."""
        types = {info.alias or name: info.annotation for name, info in cls.model_fields.items()}
        return {
            "type": "object",
            "properties": {label: _schema(kind) for label, kind in types.items()},
            "required": [label for label, kind in types.items() if not _may_be_absent(kind)],
            "needed": [info.alias for info in cls.model_fields.values() if info.json_schema_extra == {"needed": True}],
        }

    @classmethod
    def samples(cls) -> dict[str, dict[str, Any]]:
        """Invented variables, shaped like `spoken()`, for the cases that a template must stand; the key says which."""
        return {case: cls._sample(filling) for case, filling in _CASES.items()}

    @classmethod
    def _sample(cls, filling: _Filling) -> dict[str, Any]:
        fields = cls.model_fields.items()
        return {info.alias or name: _sample(info.annotation, info.alias or name, filling) for name, info in fields}


_AS_THEY_ARE = frozenset({str, int, bool, date, Figure})


def _spoken(value: Any, label: str) -> Any:
    if value is None:
        return _absent(label)
    if isinstance(value, Context):
        return value.spoken()
    if isinstance(value, list | tuple):
        return [_spoken(item, label) for item in value]
    return value


_absent = cache(Absent)
"""One for each label: they are alike wherever they stand."""


# Types, as a template sees them --------------------------------------------------------------------------------------


def _is_context(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Context)


def _may_be_absent(kind: Any) -> bool:
    return NoneType in get_args(kind)


def _present(kind: Any) -> Any:
    """The type without its None."""
    return next(arg for arg in get_args(kind) if arg is not NoneType) if _may_be_absent(kind) else kind


_SCALARS: Mapping[Any, Mapping[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def _schema(kind: Any) -> dict[str, Any]:
    kind = _present(kind)
    if _is_context(kind):
        contract: dict[str, Any] = kind.contract()
        return contract
    if get_origin(kind) is Figure:
        return _schema(get_args(kind)[0])
    if get_origin(kind) in (list, tuple):
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    return dict(_SCALARS[kind])


# Samples -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Filling:
    """How full a sample is: the facts and the parts that may be absent, whether yes or no, and the lists' lengths."""

    facts: bool
    parts: bool
    lines: int
    """The items of a list whose items have variables of their own."""
    names: int
    """The items of a list of text, and of days."""


_CASES: Mapping[str, _Filling] = {
    "各项内容都有": _Filling(facts=True, parts=True, lines=2, names=2),
    "只有必填内容": _Filling(facts=False, parts=True, lines=1, names=0),
    "各项内容都没有": _Filling(facts=False, parts=False, lines=0, names=0),
}


def _sample(kind: Any, label: str, filling: _Filling) -> Any:
    inner = _present(kind)
    if _is_context(inner):
        return Absent(label) if _may_be_absent(kind) and not filling.parts else inner._sample(filling)
    if _may_be_absent(kind) and not filling.facts:
        return Absent(label)
    if get_origin(inner) is Figure:
        return Figure(_sample(get_args(inner)[0], label, filling), "示例", How.TAKEN)
    if get_origin(inner) in (list, tuple):
        item = get_args(inner)[0]
        count = filling.lines if _is_context(item) else filling.names
        return get_origin(inner)(_sample(item, label, filling) for _ in range(count))
    number = 2 if filling.facts else 0
    return {str: label, int: number, Decimal: Decimal(number), bool: filling.facts, date: date(2024, 3, 31)}[inner]
