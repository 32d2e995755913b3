"""Context: what a template may use, under Chinese names; the contract between documents and word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Annotated, Any, ClassVar, dataclass_transform, get_args, get_origin, get_type_hints

from pipeline.dossier.figures import Absent, Figure, How

Paragraphs = Annotated[list[str], "每项一段"]
"""Texts that are each a paragraph; a plain list of texts stays within one sentence."""


def said(label: str, meaning: str = "", *, needed: bool = False) -> Any:
    """Declare a variable under the Chinese name that templates use; `meaning` explains it to a clerk.

    needed: the check of a template that does not print it asks whether it was forgotten.
    """
    return field(metadata={"label": label, "meaning": meaning or label, "needed": needed})


@dataclass(frozen=True)
class Declared:
    """A variable as a context declares it: its attribute, its name in templates, its meaning, and its type.

    of: text, number, day, yes or no, or a context's class: its own type, or that of its list's items. figure: whether
    it is held in a Figure.
    """

    attribute: str
    label: str
    meaning: str
    needed: bool
    of: type
    may_be_absent: bool
    figure: bool
    many: type[list[Any]] | type[tuple[Any, ...]] | None
    """The type of its list; None for a single value."""
    paragraphs: bool
    """Whether each of several texts is a paragraph."""

    @property
    def context(self) -> type[Context] | None:
        """A context's class; None for a value without variables of its own."""
        return self.of if issubclass(self.of, Context) else None


@dataclass_transform(eq_default=False, frozen_default=True, kw_only_default=True, field_specifiers=(said,))
class Context:
    """Subclass it with one `said()` per line; each subclass is a frozen dataclass that takes its values by keyword.

    title: the Chinese noun for items of lists; item: the loop variable of a template for them.
    """

    noun: ClassVar[str] = ""
    item_name: ClassVar[str] = "项"

    def __init_subclass__(cls, title: str = "", item: str = "") -> None:
        super().__init_subclass__()
        cls.noun = title or cls.noun
        cls.item_name = item or cls.item_name
        dataclass(frozen=True, kw_only=True, eq=False)(cls)

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
        """Each field with its name in templates."""
        return tuple((one.name, one.metadata["label"]) for one in fields(cls))  # type: ignore[arg-type]

    @classmethod
    @cache
    def declared(cls) -> tuple[Declared, ...]:
        """The variables in order; raises TypeError if one has a type that templates cannot print."""
        types = get_type_hints(cls, include_extras=True)
        return tuple(_declared(one.name, one.metadata, types[one.name]) for one in fields(cls))  # type: ignore[arg-type]

    @classmethod
    def contract(cls) -> dict[str, Any]:
        """The JSON Schema of the variables, by Chinese name: no $ref, no union; what may be absent is not required."""
        return {
            "type": "object",
            "properties": {one.label: _schema(one) for one in cls.declared()},
            "required": [one.label for one in cls.declared() if not one.may_be_absent],
            "needed": [one.label for one in cls.declared() if one.needed],
        }

    @classmethod
    def samples(cls) -> dict[str, dict[str, Any]]:
        """Invented variables, shaped like `spoken()`, for the cases that a template must handle, by name."""
        return {case: cls._sample(filling) for case, filling in _CASES.items()}

    @classmethod
    def _sample(cls, filling: _Filling) -> dict[str, Any]:
        return {one.label: _sample(one, filling) for one in cls.declared()}


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
"""One for each label: they are the same everywhere."""


# Types, as a template sees them --------------------------------------------------------------------------------------


def _declared(attribute: str, said: Mapping[str, Any], kind: Any) -> Declared:
    inner = _inner(kind)
    paragraphs = get_origin(inner) is Annotated
    inner = get_args(inner)[0] if paragraphs else inner
    figure = get_origin(inner) is Figure
    inner = get_args(inner)[0] if figure else inner
    many = get_origin(inner) if get_origin(inner) in (list, tuple) else None
    of = get_args(inner)[0] if many else inner
    if of not in _SCALARS and not (isinstance(of, type) and issubclass(of, Context)):
        raise TypeError(f"{said['label']}: templates have no word for {kind}")
    absent = NoneType in get_args(kind)
    return Declared(attribute, said["label"], said["meaning"], said["needed"], of, absent, figure, many, paragraphs)


def _inner(kind: Any) -> Any:
    """The type without its None."""
    return next(arg for arg in get_args(kind) if arg is not NoneType) if NoneType in get_args(kind) else kind


_SCALARS: Mapping[Any, Mapping[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def _schema(declared: Declared) -> dict[str, Any]:
    of = declared.context.contract() if declared.context else dict(_SCALARS[declared.of])
    return {"type": "array", "items": of} if declared.many else of


# Samples -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Filling:
    """How full a sample is: the facts and parts that may be absent, yes or no, and the lengths of lists."""

    facts: bool
    parts: bool
    lines: int
    """The number of items with variables of their own."""
    names: int
    """The number of items in a list of texts or days."""


_CASES: Mapping[str, _Filling] = {
    "各项内容都有": _Filling(facts=True, parts=True, lines=2, names=2),
    "只有必填内容": _Filling(facts=False, parts=True, lines=1, names=0),
    "各项内容都没有": _Filling(facts=False, parts=False, lines=0, names=0),
}


def _sample(declared: Declared, filling: _Filling) -> Any:
    is_context = declared.context is not None
    if declared.may_be_absent and not (filling.parts if is_context and not declared.many else filling.facts):
        return Absent(declared.label)
    count = filling.lines if is_context else filling.names
    one = _single(declared, filling)
    value = declared.many(one() for _ in range(count)) if declared.many else one()
    return Figure(value, "示例", How.TAKEN) if declared.figure else value


def _single(declared: Declared, filling: _Filling) -> Callable[[], Any]:
    """What makes one value, or one item of a list."""
    if context := declared.context:
        return lambda: context._sample(filling)
    number = 2 if filling.facts else 0
    plain = {str: declared.label, int: number, Decimal: Decimal(number), bool: filling.facts, date: date(2024, 3, 31)}
    return lambda: plain[declared.of]
