"""The text of a new template before anybody words it: every variable, with its marks; knows no .docx."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.documents.catalogue import templated
from pipeline.documents.context import Context
from pipeline.documents.reference.vocabulary import Variable, VariableKind, variables

_OFFICE, _SIGNED_AS, _DATED = ("机构全称", "落款单位"), ("落款单位", "机构全称"), ("成文日期", "制表日期")
"""Labels in order of preference: for the office, for who signs, and for the date."""
_OF_LETTERS = frozenset({"文号", "不编号", "标题", "主送", "抄送", "落款单位", "成文日期", "用印"})


def kinds() -> dict[str, type[Context]]:
    """The kinds of documents by the names of their templates, in the order of the catalogue."""
    return {kind.template: kind.context for kind in templated()}


def letterhead(context: type[Context], name: str) -> dict[str, str]:
    """The parts around the text, with marks for the variables that the document has; "" for the others.

    A letter, which has a number, gets a full letterhead; a summary or list gets a title, and a signature if it has one.
    """
    has = {variable.label: variable for variable in variables(context, ())}
    letter = "文号" in has
    signed_as, dated = _first(has, _SIGNED_AS), _first(has, _DATED)
    signed = bool(signed_as and dated)
    title = name.partition(".")[0]
    titled = f"关于{title.removeprefix('关于')}" if letter and title.endswith("通知") else title
    return {
        "office": (_first(has, _OFFICE) or "【发文机关】") if letter else "",
        "signed_as": signed_as if signed else "",
        "dated": dated if signed else "",
        "number": _either(has, "文号", "{{ 文号 }}", "【文号待编】") if letter else "",
        "title": _either(has, "标题", "{{ 标题|分行 }}", titled),
        "addressees": _either(has, "主送", "{{ 主送|顿号 }}", "【主送机关待填】") if letter else "",
        "copies": "抄送" if "抄送" in has else "",
        "sealed": "用印" if "用印" in has else "",
        "unnumbered": "不编号" if "不编号" in has else "",
    }


def _first(has: dict[str, Variable], labels: tuple[str, ...]) -> str:
    return next((has[label].written for label in labels if label in has), "")


def _either(has: dict[str, Variable], label: str, written: str, otherwise: str) -> str:
    return f"{{% if {label} %}}{written}{{% else %}}{otherwise}{{% endif %}}" if label in has else otherwise


def lines(context: type[Context]) -> Iterator[str]:
    """A paragraph for each variable of the text: one that may be absent in a condition, a list in its loop."""
    found = variables(context, ())
    labels = {variable.label for variable in found}
    around = _OF_LETTERS if "文号" in labels else {"标题", *_signature(labels)}
    for variable in found:
        if variable.label not in around:
            yield from _guarded(variable, (context,))


def _signature(labels: set[str]) -> Iterator[str]:
    """The labels used in the signature of a document without a number."""
    taken = [next((label for label in choice if label in labels), "") for choice in (_SIGNED_AS, _DATED)]
    yield from taken if all(taken) else ()


def _guarded(variable: Variable, within: tuple[type[Context], ...]) -> Iterator[str]:
    guarded = variable.may_be_absent or variable.kind in (VariableKind.YES_OR_NO, VariableKind.DAYS, VariableKind.TEXTS)
    if guarded:
        yield f"{{%p if {variable.path} %}}"
    yield from _shown(variable, within)
    if guarded:
        yield "{%p endif %}"


def _shown(variable: Variable, within: tuple[type[Context], ...]) -> Iterator[str]:
    path, label, of = variable.path, variable.label, variable.of
    if variable.kind is VariableKind.PARAGRAPHS:
        yield from (f"{{%p for 段 in {path} %}}", "{{ 段|句 }}", "{%p endfor %}")
    elif variable.kind is VariableKind.YES_OR_NO:
        yield f"{label}：是。"
    elif of is None:
        yield (
            f"{label}：{{{{ {path}|句 }}}}" if variable.kind is VariableKind.TEXT else f"{label}：{variable.written}。"
        )
    elif of not in within:
        name = path if variable.kind is VariableKind.GROUP else of.item_name
        inner = [line for part in variables(of, (), name) for line in _guarded(part, (*within, of))]
        looped = variable.kind is VariableKind.ITEMS
        yield from [f"{{%p for {name} in {path} %}}", *inner, "{%p endfor %}"] if looped else inner
