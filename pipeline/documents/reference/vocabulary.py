"""The vocabulary of templates: every variable of a document, its kind, its meaning, and its values in a month.

Knows the context classes and the contexts of a month; knows no Markdown and no template's wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from pipeline.documents.catalogue import Document, Story, templated
from pipeline.documents.context import Context, Declared
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.figures import Absent
from pipeline.dossier.province import alone

Spoken = Mapping[str, Any]


class VariableKind(StrEnum):
    """The kind of a variable, in a clerk's word."""

    TEXT = "文字"
    NUMBER = "数字"
    DAY = "日期"
    DAYS = "多个日期"
    YES_OR_NO = "是否"
    TEXTS = "多项文字"
    PARAGRAPHS = "多段文字"
    GROUP = "一组内容"
    ITEMS = "多项内容"


_LISTS = (VariableKind.DAYS, VariableKind.TEXTS, VariableKind.PARAGRAPHS, VariableKind.ITEMS)
_WRITTEN: Mapping[VariableKind, str] = {
    VariableKind.DAY: "{{{{ {0}|日期 }}}}",
    VariableKind.DAYS: "{{{{ {0}|逐日 }}}}",
    VariableKind.YES_OR_NO: "{{% if {0} %}}",
    VariableKind.TEXTS: "{{{{ {0}|顿号 }}}}",
    VariableKind.PARAGRAPHS: "{{%p for 段 in {0} %}}",
    VariableKind.GROUP: "{0}",
}
_PLAIN = "{{{{ {0} }}}}"


@dataclass(frozen=True)
class Variable:
    """A variable under the name that a template uses, as in 督导.自查报告.应报数.

    values: its values in the month, without absent facts; of: the context of a group, or of a list's items.
    """

    path: str
    meaning: str
    kind: VariableKind
    may_be_absent: bool
    values: tuple[Any, ...]
    of: type[Context] | None = None

    @property
    def label(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def written(self) -> str:
        """The usual way to write it in a template, without a condition."""
        if self.kind is VariableKind.ITEMS and self.of:
            return f"{{% for {self.of.item_name} in {self.path} %}}"
        return _WRITTEN.get(self.kind, _PLAIN).format(self.path)

    @property
    def may_be_empty(self) -> bool:
        """Whether it is a list, which may be empty in a month."""
        return self.kind in _LISTS

    def inner(self) -> Iterator[Variable]:
        """The variables of a group, and of groups within it; none for anything else."""
        if self.kind is VariableKind.GROUP and self.of:
            yield from inlined(variables(self.of, self.values, self.path))

    def typical(self) -> Any:
        """The first value that is neither absent, empty nor 0, else the first that is not absent; None for none."""
        return next((value for value in self.values if value), self.values[0] if self.values else None)


class Loop(NamedTuple):
    """A list that a template can loop over."""

    template: str
    over: Variable


@dataclass(frozen=True)
class Item:
    """An item of loops: its context, the loops that give it, and its values in the month."""

    context: type[Context]
    loops: tuple[Loop, ...]
    values: tuple[Spoken, ...]

    @property
    def name(self) -> str:
        """The loop variable's name."""
        return self.context.item_name

    @property
    def title(self) -> str:
        """The noun for the items; if the class has none, the label of the first list."""
        return self.context.noun or self.loops[0].over.label

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates with such a loop, each once."""
        return tuple(dict.fromkeys(loop.template for loop in self.loops))

    def variables(self) -> list[Variable]:
        """The variables of an item; those of groups within it follow with their paths."""
        return list(inlined(variables(self.context, self.values, self.name)))


@dataclass(frozen=True)
class VocabularyEntry:
    """A template's variables; kinds of documents with the same template and context share the entry.

    files: one path for each kind, without extension, as in a month's output.
    """

    template: str
    context: type[Context]
    files: tuple[str, ...]
    values: tuple[Spoken, ...]

    def variables(self) -> list[Variable]:
        """What the template may use outside of loops; a group is one variable."""
        return variables(self.context, self.values)


def entries(dossiers: Sequence[Dossier]) -> list[VocabularyEntry]:
    """One for each template and context of the catalogue, in order; `values` is () if no dossier has such a one."""
    kinds: dict[tuple[str, type[Context]], list[Document]] = {}
    for kind in templated():
        kinds.setdefault((kind.template, kind.context), []).append(kind)
    return [_entry(template, context, of, dossiers) for (template, context), of in kinds.items()]


def _entry(
    template: str, context: type[Context], kinds: Sequence[Document], dossiers: Sequence[Dossier]
) -> VocabularyEntry:
    drafts = [[draft for story in _stories(kind, dossiers) for draft in kind.drafts(story)] for kind in kinds]
    files = tuple(of[0].name if of else kind.file("某某", dossiers[0]) for kind, of in zip(kinds, drafts, strict=True))
    return VocabularyEntry(template, context, files, tuple(draft.context for of in drafts for draft in of))


def _stories(kind: Document, dossiers: Sequence[Dossier]) -> Sequence[Story]:
    """The stories from which a kind is made."""
    return dossiers if kind.made_from is Dossier else [alone(dossiers[0])]


def variables(context: type[Context], values: Sequence[Spoken], prefix: str = "") -> list[Variable]:
    """The variables that a context itself declares, in order; groups and lists are not followed."""
    return [_variable(one, values, prefix) for one in context.declared()]


def inlined(declared: Sequence[Variable]) -> Iterator[Variable]:
    """Each variable; a group is followed by its own variables."""
    for variable in declared:
        yield variable
        yield from variable.inner()


def items(found: Sequence[VocabularyEntry]) -> list[Item]:
    """The items of all lists, once for each context, in reading order."""
    gathered: dict[type[Context], Item] = {}
    for entry in found:
        for variable in _lists_in(entry.variables(), ()):
            _gather(gathered, Loop(entry.template, variable))
    return list(gathered.values())


def _lists_in(declared: Sequence[Variable], within: tuple[type[Context], ...]) -> Iterator[Variable]:
    """Every list of contexts, then the lists within its items; a context within itself is not followed."""
    for variable in inlined(declared):
        if variable.kind is VariableKind.ITEMS and variable.of and variable.of not in within:
            yield variable
            inner = variables(variable.of, _flat(variable.values), variable.of.item_name)
            yield from _lists_in(inner, (*within, variable.of))


def _gather(gathered: dict[type[Context], Item], loop: Loop) -> None:
    of = loop.over.of
    assert of is not None  # _lists_in yields lists of contexts alone
    before = gathered.get(of, Item(of, (), ()))
    known = any((other.template, other.over.path) == (loop.template, loop.over.path) for other in before.loops)
    loops = before.loops if known else (*before.loops, loop)
    gathered[of] = Item(of, loops, (*before.values, *_flat(loop.over.values)))


def _flat(values: Sequence[Sequence[Spoken]]) -> tuple[Spoken, ...]:
    return tuple(item for items_ in values for item in items_)


# Types ---------------------------------------------------------------------------------------------------------------


def _variable(declared: Declared, values: Sequence[Spoken], prefix: str) -> Variable:
    label = declared.label
    present = tuple(spoken[label] for spoken in values if not isinstance(spoken[label], Absent))
    path = f"{prefix}.{label}" if prefix else label
    return Variable(path, declared.meaning, _kind(declared), declared.may_be_absent, present, declared.context)


_SINGLE: Mapping[type, VariableKind] = {
    str: VariableKind.TEXT,
    int: VariableKind.NUMBER,
    Decimal: VariableKind.NUMBER,
    bool: VariableKind.YES_OR_NO,
    date: VariableKind.DAY,
}


def _kind(declared: Declared) -> VariableKind:
    if not declared.many:
        return _SINGLE.get(declared.of, VariableKind.GROUP)
    if declared.context:
        return VariableKind.ITEMS
    if declared.of is date:
        return VariableKind.DAYS
    return VariableKind.PARAGRAPHS if declared.paragraphs else VariableKind.TEXTS
