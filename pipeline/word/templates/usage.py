"""Whether tags use what exists: variables, filters and tests, each for its purpose; runs nothing of a template.

Jinja parses the tags, and their tree is walked with the JSON Schema of the variables. Whatever is not known to be
harmless is refused, so a template that passes may be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docxtpl_lint.core import Tag, build_jinja_source
from jinja2 import Environment, nodes

from pipeline.word.templates.filters import CHOOSING, DEFAULTS, ENDS, applied, missing, refusal
from pipeline.word.templates.grammar import readable
from pipeline.word.templates.places import TemplateFault
from pipeline.word.templates.tags import Tagged
from pipeline.word.templates.values import ANYTHING, LOOP, TEXT, TRUTH, UNKNOWN, Schema, Value, constant, known

TESTS = {"有", "defined", "none"}
MOST_INDEPENDENT = 2
"""Depth of loops over unrelated lists: each one multiplies the length of the result."""
_ALIKE = {"“是否”", "数字"}
"""Kinds that can be equal though they differ: 是 equals 1."""
_SUMS = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos)
_REFUSED: Mapping[type[nodes.Node], str] = {
    **dict.fromkeys(_SUMS, "模板不做计算，请改用现成的数字变量，没有的请让管理人员增加"),
    nodes.Concat: "模板里不拼接文字，请把各项分别写成标记",
}


def faults_of_usage(tagged: Tagged, schema: Schema, environment: Environment) -> list[TemplateFault]:
    """What is wrong with the contents of a part's tags; [] for a part without tags."""
    tags, faults = readable(tagged, environment)
    source, lines = build_jinja_source(tags)
    walk = _Walk(tagged, Value(schema), lines)
    walk.body(environment.parse(source).body, _Scope())
    return [*faults, *walk.faults]


@dataclass(frozen=True)
class _Scope:
    """The names from loops and `set`, and the paths that the surrounding conditions guarantee."""

    names: Mapping[str, Value] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    looped: tuple[Schema, ...] = ()
    """The lists of the surrounding loops."""
    rows: frozenset[str] = frozenset()
    """The names that the surrounding loops give."""
    independent: int = 0
    """How many of the surrounding loops go over a list that is not part of another loop's item."""

    def knowing(self, paths: Iterable[str]) -> _Scope:
        return replace(self, present=self.present | set(paths))

    def naming(self, name: str, value: Value) -> _Scope:
        """A name with a new value: what was known about the old one is forgotten."""
        kept = frozenset(path for path in self.present if path.split(".")[0] != name)
        return replace(self, names={**self.names, name: replace(value, path=name)}, present=kept)


class _Walk:
    """Walks the tree of a part and collects the faults."""

    def __init__(self, tagged: Tagged, variables: Value, lines: Sequence[Tag]) -> None:
        self.faults: list[TemplateFault] = []
        self._tagged, self._variables, self._lines = tagged, variables, lines
        self._visits: Mapping[type[nodes.Node], Callable[[Any, _Scope], Value]] = {
            nodes.Const: lambda node, _: constant(node.value),
            nodes.Name: self._name,
            nodes.Getattr: lambda node, scope: self._inner(node, node.attr, scope),
            nodes.Getitem: self._item,
            nodes.Filter: self._filtered,
            nodes.Test: self._test,
            nodes.Compare: self._comparison,
            nodes.And: self._junction,
            nodes.Or: self._junction,
            nodes.Not: self._negation,
            nodes.CondExpr: self._choice,
            nodes.List: self._listed,
            nodes.Tuple: self._listed,
            nodes.Call: self._call,
        }

    def _note(self, node: nodes.Node, sentence: str, *, error: bool = True) -> Value:
        """Note a fault at a node's tag, if it has one; gives a value about which nothing is known."""
        if sentence:
            self.faults.append(self._tagged.fault(self._lines[node.lineno - 1], sentence, error=error))
        return ANYTHING

    # Statements ------------------------------------------------------------------------------------------------------

    def body(self, statements: Iterable[nodes.Node], scope: _Scope) -> _Scope:
        """Walk statements; gives the scope after them."""
        for node in statements:
            scope = self._statement(node, scope)
        return scope

    def _statement(self, node: nodes.Node, scope: _Scope) -> _Scope:
        match node:
            case nodes.Output():
                for printed in node.nodes:
                    if not isinstance(printed, nodes.TemplateData):
                        self._printed(printed, scope)
            case nodes.If():
                return self._condition(node, scope)
            case nodes.For():
                self._loop(node, scope)
            case nodes.FilterBlock():
                self.body(node.body, scope)
                self._filtered(node.filter, scope)
            case nodes.Assign(target=nodes.Name(name=name)) if name in self._variables.properties:
                self._note(node, f"“{name}”是现成的变量，不能另外赋值，请换一个名字")
            case nodes.Assign(target=nodes.Name(name=name)):
                return scope.naming(name, self._value(node.node, scope))
            case _:
                self._note(node, "模板里不能用这种写法，请删去")
        return scope

    def _condition(self, node: nodes.If, scope: _Scope) -> _Scope:
        within, names = scope, dict(scope.names)
        for branch in [node, *node.elif_]:
            self._value(branch.test, within)
            names |= self.body(branch.body, within.knowing(known(branch.test, truth=True))).names
            within = within.knowing(known(branch.test, truth=False))
        names |= self.body(node.else_, within).names
        return replace(scope, names=names)

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        listed = self._value(node.iter, scope)
        if listed.kind not in ("", "array"):
            self._note(node.iter, f"{listed.named}是{listed.kind_in_words}，不是列表，不能循环")
        if node.recursive or not isinstance(node.target, nodes.Name):
            self._note(node, "循环要写成“{% for 行 in 列表变量 %}”，请改正")
        if listed.literal:
            self._note(node.iter, "循环只能用列表变量，不能用写在模板里的列表，请把各项逐个写出来")
        if listed.kind and any(listed.schema is around for around in scope.looped):
            self._note(node, f"{listed.named}在自己的循环里又循环一遍，印出来会成倍增多，请去掉里面的循环")
        written_out = isinstance(node.iter, nodes.List)
        independent = scope.independent + (not written_out and not scope.rows & _names(node.iter))
        if independent > MOST_INDEPENDENT:
            self._note(node.iter, f"{listed.named}与外面的循环无关，套在里面印出来会成倍增多，请去掉外面的循环")
        within = replace(scope.knowing([listed.path]), looped=(*scope.looped, listed.schema), independent=independent)
        for name in _names(node.target):
            within = within.naming(name, listed.items if isinstance(node.target, nodes.Name) else ANYTHING)
            within = replace(within, rows=within.rows | {name})
        within = within.naming("loop", Value(LOOP))
        if node.test is not None:
            self._value(node.test, within)
            within = within.knowing(known(node.test, truth=True))
        self.body(node.body, within)
        self.body(node.else_, scope)

    def _printed(self, node: nodes.Expr, scope: _Scope) -> None:
        value = self._needed(node, scope)
        path = value.path or "变量"
        if value.kind == "array":
            self._note(node, f"{value.named}是列表，不能直接印，请用循环逐项印，或加上过滤器“顿号”“逐条”等")
        elif value.kind == "object":
            inner = next(iter(value.properties), "名称")
            self._note(node, f"{value.named}是一组内容，请写明要印其中哪一项，如“{path}.{inner}”")
        elif value.kind == "boolean":
            self._note(node, f"{value.named}只有“是”和“否”，不能印，请放在条件里：{{% if {path} %}} …… {{% endif %}}")
        elif value.kind == "date":
            sentence = f"{value.named}会印成 2024-03-31 的样子，要印成 2024年3月31日，请写成“{path}|日期”"
            self._note(node, sentence, error=False)

    # Expressions -----------------------------------------------------------------------------------------------------

    def _value(self, node: nodes.Node, scope: _Scope) -> Value:
        visit = self._visits.get(type(node))
        if visit is None:
            return self._note(node, _REFUSED.get(type(node), "模板里不能用这种写法，请改用变量和过滤器"))
        return visit(node, scope)

    def _needed(self, node: nodes.Node, scope: _Scope) -> Value:
        """The value of an expression that fails if the value is absent."""
        value = self._value(node, scope)
        if not value.sure:
            shown = value.path or "变量"
            sentence = f"要印{value.named}，但没有这项内容时会出错，请加上条件：{{% if {shown} %}} …… {{% endif %}}"
            self._note(node, sentence)
        return replace(value, sure=True)

    def _name(self, node: nodes.Name, scope: _Scope) -> Value:
        if node.name in scope.names:
            value = scope.names[node.name]
            return replace(value, sure=value.sure or node.name in scope.present)
        if node.name == "loop":
            return self._note(node, "“loop”只能用在循环里")
        if node.name not in self._variables.properties:
            return self._note(node, missing(node.name, "", {**self._variables.properties, **scope.names}))
        return self._property(self._variables, node.name, scope)

    def _inner(self, node: nodes.Getattr | nodes.Getitem, label: str, scope: _Scope) -> Value:
        base = self._needed(node.node, scope)
        if label.startswith("_"):
            return self._note(node, f"模板里不能用“{label}”，请改用变量")
        if not base.kind:
            return ANYTHING
        if base.kind == "array":
            loop = f"{{% for 行 in {base.path or '列表'} %}}"
            return self._note(node, f"{base.named}是列表，不能直接取“{label}”，请在循环里逐项用：{loop}")
        if label not in base.properties:
            return self._note(node, missing(label, base.path, base.properties))
        return self._property(base, label, scope)

    def _property(self, base: Value, label: str, scope: _Scope) -> Value:
        path = f"{base.path}.{label}" if base.path else label
        return Value(base.properties[label], path, label in base.schema["required"] or path in scope.present)

    def _item(self, node: nodes.Getitem, scope: _Scope) -> Value:
        match node.arg:
            case nodes.Const(value=str(label)):
                return self._inner(node, label, scope)
            case nodes.Const(value=0) | nodes.Neg(node=nodes.Const(value=1)):
                listed = self._needed(node.node, scope)
                self._not_empty(node, listed, scope)
                return listed.items
        return self._note(node, "模板里不能按序号取列表中的内容，请用循环逐项写")

    def _not_empty(self, node: nodes.Node, listed: Value, scope: _Scope) -> None:
        """Note if the first or last item is taken from a list that may be empty."""
        if listed.kind and listed.path not in scope.present:
            condition = f"{{% if {listed.path or '列表'} %}} …… {{% endif %}}"
            self._note(node, f"{listed.named}为空时会出错，请加上条件：{condition}")

    def _comparison(self, node: nodes.Compare, scope: _Scope) -> Value:
        ordering = any(operand.op in ("lt", "lteq", "gt", "gteq") for operand in node.ops)
        look = self._needed if ordering else self._value
        values = [look(side, scope) for side in [node.expr, *(operand.expr for operand in node.ops)]]
        kinds = sorted({value.kind_in_words for value in values if value.kind})
        if ordering and len(kinds) > 1:
            self._note(node, f"{'和'.join(kinds)}不能比较大小，请核对变量")
        if all(operand.op in ("eq", "ne") for operand in node.ops) and len(kinds) > 1 and set(kinds) != _ALIKE:
            self._note(node, f"{'和'.join(kinds)}永远不会相等，这个条件不起作用，请核对变量；和数字比的不要加引号")
        return Value(TRUTH)

    def _junction(self, node: nodes.And | nodes.Or, scope: _Scope) -> Value:
        left = self._value(node.left, scope)
        right = self._value(node.right, scope.knowing(known(node.left, truth=isinstance(node, nodes.And))))
        alike = left.schema == right.schema
        literal = left.literal or right.literal
        return Value(left.schema if alike else UNKNOWN, "", right.sure or not alike, literal)

    def _negation(self, node: nodes.Not, scope: _Scope) -> Value:
        self._value(node.node, scope)
        return Value(TRUTH)

    def _choice(self, node: nodes.CondExpr, scope: _Scope) -> Value:
        self._value(node.test, scope)
        first = self._value(node.expr1, scope.knowing(known(node.test, truth=True)))
        if node.expr2 is None:
            return self._note(node, "这样的条件要写上“else”，请改写成“{% if 条件 %} …… {% endif %}”")
        second = self._value(node.expr2, scope.knowing(known(node.test, truth=False)))
        alike = first.schema == second.schema
        sure = not alike or (first.sure and second.sure)
        return Value(first.schema if alike else UNKNOWN, "", sure, first.literal or second.literal)

    def _listed(self, node: nodes.List | nodes.Tuple, scope: _Scope) -> Value:
        for item in node.items:
            self._value(item, scope)
        return Value({"type": "array"}, literal=bool(node.items))

    def _call(self, node: nodes.Call, _: _Scope) -> Value:
        called = getattr(node.node, "name", "") or getattr(node.node, "attr", "")
        return self._note(node, f"模板里不能用“{called}(……)”这样的写法，请改用变量和过滤器")

    def _test(self, node: nodes.Test, scope: _Scope) -> Value:
        self._value(node.node, scope)
        if node.name not in TESTS or node.args or node.kwargs:
            self._note(node, f"“is {node.name}”不能用，请改写成“is 有”，或直接写变量")
        return Value(TRUTH)

    def _filtered(self, node: nodes.Filter, scope: _Scope) -> Value:
        if sentence := refusal(node):
            return self._note(node, sentence)
        if node.node is None:  # in {% filter %}, the value is the text inside
            value = Value(TEXT)
        else:
            value = (self._value if node.name in DEFAULTS else self._needed)(node.node, scope)
        made, sentence = applied(node, value)
        self._note(node, sentence)
        if node.name in ENDS and not sentence:
            self._not_empty(node, value, scope)
        made = replace(made, literal=made.literal or value.literal)
        return replace(made, path="") if node.name in CHOOSING else made


def _names(node: nodes.Node) -> set[str]:
    """The names in an expression."""
    return {name.name for name in [node, *node.find_all(nodes.Name)] if isinstance(name, nodes.Name)}
