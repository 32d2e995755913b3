"""What an expression of a template gives, as far as the JSON Schema of the variables shows without running it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes

Schema = Mapping[str, Any]
"""The JSON Schema of a value; {} if nothing is known about it, so that nothing is reported."""

UNKNOWN: Schema = {}
TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
_CONSTANTS: Mapping[type, Schema] = {str: TEXT, int: {"type": "integer"}, float: {"type": "number"}}
_ORDINALS = ("index", "index0", "revindex", "revindex0", "length")
LOOP: Schema = {
    "type": "object",
    "properties": {**dict.fromkeys(_ORDINALS, _CONSTANTS[int]), "first": TRUTH, "last": TRUTH},
    "required": [*_ORDINALS, "first", "last"],
}

_KINDS = {
    "date": "日期",
    "array": "列表",
    "string": "文字",
    "integer": "数字",
    "number": "数字",
    "boolean": "“是否”",
    "object": "一组内容",
}


@dataclass(frozen=True)
class Value:
    """An expression's result: its schema, its path as written ("" for none), whether it is certainly present."""

    schema: Schema
    path: str = ""
    sure: bool = True
    literal: bool = False
    """Whether it is, or may be, a list literal in the template."""

    @property
    def kind(self) -> str:
        """Its type, with dates distinct from other text; "" if unknown."""
        return str(self.schema.get("format") or self.schema.get("type", ""))

    @property
    def kind_in_words(self) -> str:
        """Its type for readers; "" if unknown."""
        return _KINDS.get(self.kind, "")

    @property
    def named(self) -> str:
        """Its name in a sentence."""
        return f"“{self.path}”" if self.path else "这里"

    @property
    def items(self) -> Value:
        """One of its items, if it is a list."""
        return Value(self.schema.get("items", UNKNOWN))

    @property
    def properties(self) -> Schema:
        """The schemas of its contents, by label; {} for none."""
        return dict(self.schema.get("properties", {}))


ANYTHING = Value(UNKNOWN)


def constant(value: object) -> Value:
    """A literal value."""
    return Value(_CONSTANTS.get(type(value), UNKNOWN))


def known(test: nodes.Node, *, truth: bool) -> frozenset[str]:
    """The paths that are certainly present if a condition is true, or if it is false."""
    match test:
        case nodes.Not(node=inner):
            return known(inner, truth=not truth)
        case nodes.And() | nodes.Or():
            left, right = (known(side, truth=truth) for side in (test.left, test.right))
            return left | right if isinstance(test, nodes.And) is truth else left & right
        case nodes.Test(name="有", node=inner) if truth:
            return frozenset(_path(inner))
        case nodes.Compare(ops=[nodes.Operand(op="eq" | "in")]) if truth:
            return frozenset(_path(test.expr))
        case nodes.Name() | nodes.Getattr() | nodes.Getitem() if truth:
            return frozenset(_path(test))
    return frozenset()


def _path(node: nodes.Node) -> Iterator[str]:
    """A variable's path as in `Value`; none for another expression."""
    match node:
        case nodes.Name(name=name):
            yield name
        case nodes.Getattr(node=base, attr=label) | nodes.Getitem(node=base, arg=nodes.Const(value=str(label))):
            yield from (f"{path}.{label}" for path in _path(base))
