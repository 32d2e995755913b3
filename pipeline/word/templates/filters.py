"""What each filter is for, and what it makes of a value; a template may use no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import nodes
from jinja2.filters import FILTERS as FILTERS_OF_JINJA

from pipeline.word.rendering.environment import ARITHMETIC, FILTERS
from pipeline.word.templates.values import ANYTHING, TEXT, UNKNOWN, Value
from pipeline.words import perhaps, similar

COUNTING = ARITHMETIC | {"length", "count", "wordcount", "min", "max", "batch", "slice", "groupby"}
DEFAULTS = {"default", "d"}
CHOOSING = {"select", "reject", "selectattr", "rejectattr"}
ENDS = {"first", "last"}
PLAIN = DEFAULTS | CHOOSING | ENDS | {"sort", "unique", "reverse", "list", "map", "join", "e", "escape", "trim"}
"""The filters of Jinja that a template may use: none of them counts, or lets a text grow."""

TAKES: Mapping[str, tuple[str, Callable[[Value], bool]]] = {
    "日期": ("日期", lambda value: value.kind == "date"),
    "月日": ("日期", lambda value: value.kind == "date"),
    **dict.fromkeys(
        ("逐日", "起止", "月日起止"),
        ("日期的列表", lambda value: value.kind == "array" and value.items.kind in ("", "date")),
    ),
    **dict.fromkeys(
        ("顿号", "分号", "逐条"),
        ("文字的列表", lambda value: value.kind == "array" and value.items.kind in ("", "string", "integer", "number")),
    ),
    **dict.fromkeys(
        ("句", "去句号", "分行", "署名"), ("文字", lambda value: value.kind in ("string", "integer", "number"))
    ),
}
"""What each of our filters is for: in words, and as a test of a value."""


def refusal(node: nodes.Filter) -> str:
    """Why a template may not use a filter this way; "" if it may."""
    if node.name in COUNTING:
        return f"模板不做计算，不能用“{node.name}”，请改用现成的数字变量，没有的请让管理人员增加"
    if node.name in FILTERS_OF_JINJA and node.name not in PLAIN:
        return f"模板里不能用过滤器“{node.name}”，请去掉"
    if node.name not in FILTERS and node.name not in PLAIN:
        close = similar(node.name, [*FILTERS, *PLAIN])
        hint = perhaps(close[0]) if close else f"能用的有{'、'.join(FILTERS)}"
        return f"没有“{node.name}”这个过滤器，{hint}"
    if not all(isinstance(given, nodes.Const) for given in [*node.args, *(pair.value for pair in node.kwargs)]):
        return f"“{node.name}”的括号里只能写文字或数字，请改正"
    return ""


def applied(node: nodes.Filter, value: Value) -> tuple[Value, str]:
    """What an accepted filter makes of a value, and what is wrong with that; "" for nothing."""
    if node.name in FILTERS:
        wanted, fits = TAKES[node.name]
        what = f"{value.kind_in_words}{f'，每项是{value.items.kind_in_words}' if value.items.kind else ''}"
        wrong = f"过滤器“{node.name}”用于{wanted}，{value.named}是{what}，请核对"
        return Value(TEXT), "" if not value.kind or fits(value) else wrong
    given = [constant.value for constant in node.args if isinstance(constant, nodes.Const)]
    given += [pair.value.value for pair in node.kwargs if isinstance(pair.value, nodes.Const)]
    if node.name in DEFAULTS:
        return Value(value.schema, "", value.sure or (len(given) > 1 and bool(given[1]))), ""
    if node.name in ("e", "escape", "trim"):
        return value, ""
    if value.kind not in ("", "array"):
        return ANYTHING, f"过滤器“{node.name}”用于列表，{value.named}是{value.kind_in_words}，请核对"
    return _of_list(node, value, given)


def _of_list(node: nodes.Filter, value: Value, given: Sequence[Any]) -> tuple[Value, str]:
    taken, wrong = _taken(node, value, given)
    if node.name == "join":
        mixed = f"{value.named}里每项是一组内容，不能连起来印，请用循环逐项写"
        return Value(TEXT), wrong or (mixed if taken.kind in ("object", "array") else "")
    if node.name in ENDS:
        return value.items, wrong
    return Value({"type": "array", "items": taken.schema} if node.name == "map" else value.schema, value.path), wrong


def _taken(node: nodes.Filter, value: Value, given: Sequence[Any]) -> tuple[Value, str]:
    """What a filter takes from each item: what `attribute` names, or the item itself."""
    named = [
        pair.value.value for pair in node.kwargs if pair.key == "attribute" and isinstance(pair.value, nodes.Const)
    ]
    if node.name in ("selectattr", "rejectattr"):
        named = named or list(given[:1])
    if not named:
        bare = node.name == "map" or (node.name in CHOOSING and bool(given))
        return value.items, f'“{node.name}”请写成“{node.name}(attribute="名称")”，或改用循环' if bare else ""
    item = value.items
    for label in str(named[0]).split("."):
        if item.kind and label not in item.properties:
            return ANYTHING, missing(label, "", item.properties)
        item = Value(item.properties.get(label, UNKNOWN))
    return item, ""


def missing(name: str, base: str, known: Mapping[str, Any]) -> str:
    """The message that a variable does not exist, with the nearest one that does."""
    close = similar(name, known)
    return f"{f'“{base}”里' if base else ''}没有“{name}”这个变量，{perhaps(close[0]) if close else '请核对变量名'}"
