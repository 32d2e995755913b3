"""变量说明.md: how to edit a template, and every variable of each; knows Markdown, and no sheet of a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.documents.reference import primer
from pipeline.documents.reference.vocabulary import Item, Loop, Variable, VariableKind, VocabularyEntry, entries, items
from pipeline.dossier.dossier import Dossier
from pipeline.forms.catalogue import FORMS

NAME = "变量说明.md"
LONGEST_EXAMPLE = 30
"""Characters of an example; the rest is cut off, so that a table stays legible."""

Filters = Mapping[str, Callable[[Any], str]]

_VARIABLES = ("变量", "含义", "类型", "示例", "可能没有")
_MADE_UP: Mapping[VariableKind, Any] = {
    VariableKind.TEXT: "某某",
    VariableKind.NUMBER: 3,
    VariableKind.DAY: date(2024, 3, 31),
    VariableKind.DAYS: [date(2024, 3, 30), date(2024, 3, 31)],
    VariableKind.YES_OR_NO: False,
    VariableKind.TEXTS: ["甲", "乙"],
    VariableKind.PARAGRAPHS: ["各项工作按计划推进。"],
}
"""An example by kind, for a variable that neither the month nor the forms illustrate."""


def write(folder: Path, dossiers: Sequence[Dossier], filters: Filters) -> Path:
    """Write the page into a folder, made if absent; OSError if that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(text(dossiers, filters), encoding="utf-8", newline="\n")
    return path


def text(dossiers: Sequence[Dossier], filters: Filters) -> str:
    """The whole page.

    dossiers: the month that examples are taken from, then longer periods, if any; filters: those of templates, by name.
    """
    parts = [
        primer.PREFACE.format(period=dossiers[0].period),
        primer.EDITING,
        _table(("过滤器", "用途", "写法", "变量里是", "印出来是"), _filters(filters)),
        primer.KINDS_INTRODUCED,
        _table(("类型", "是什么", "写法"), ((kind, _cell(meaning), _code(w)) for kind, (meaning, w) in _kinds())),
        primer.CONDITIONS,
        primer.VOCABULARY,
        *_VariableSections(entries(dossiers), filters).parts(),
    ]
    return "\n".join(parts)


def _filters(filters: Filters) -> Iterator[tuple[str, ...]]:
    for name, spoken in filters.items():
        purpose, written, value = primer.FILTERS[name]
        given = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        yield name, _cell(purpose), _code(written), _cell(given), _cell(spoken(value).replace("\a", "\n"))


def _kinds() -> Iterator[tuple[VariableKind, primer.VariableHelp]]:
    for kind in VariableKind:
        yield kind, primer.KINDS[kind]


# The variables -------------------------------------------------------------------------------------------------------


class _VariableSections:
    """The second half: a section for each template, then one for the items of lists that several templates share."""

    def __init__(self, found: Sequence[VocabularyEntry], filters: Filters) -> None:
        self.entries, self.filters = found, filters
        self.items = items(found)
        self.links = {item.context: _link(_item_heading(item), f"见“{item.name}”") for item in self.items}

    def parts(self) -> Iterator[str]:
        shared = [item for item in self.items if len(item.templates) > 1]
        templates = list(dict.fromkeys(entry.template for entry in self.entries))
        yield "".join(f"- {_link(_heading(template))}\n" for template in templates) + (
            f"- {_link(_SHARED)}\n" if shared else ""
        )
        for template in templates:
            yield from self._of_template(template)
        if shared:
            yield f"### {_SHARED}\n"
            for item in shared:
                yield from self._of_item(item)

    def _of_template(self, template: str) -> Iterator[str]:
        yield f"### {_heading(template)}\n\n模板文件：[word/{template}.docx](word/{template}.docx)\n"
        for entry in self.entries:
            if entry.template == template:
                yield from self._of_entry(entry)
        for item in self.items:
            if item.templates == (template,):
                yield from self._of_item(item)

    def _of_entry(self, entry: VocabularyEntry) -> Iterator[str]:
        declared = entry.variables()
        yield "用来生成的文书，如：\n\n" + "".join(f"- {_cell(file)}.docx\n" for file in entry.files)
        yield "这些变量在模板里任何地方都能用：\n"
        yield self._variables(declared, entry.template)
        for group in declared:
            if group.kind is VariableKind.GROUP:
                yield f"#### {_group_heading(entry.template, group)}\n\n{_cell(group.meaning)}。{_whole(group)}\n"
                yield self._variables(list(group.inner()))

    def _of_item(self, item: Item) -> Iterator[str]:
        yield f"#### {_item_heading(item)}\n"
        yield "写在下面的循环里：\n\n" + "".join(self._loop(loop) for loop in item.loops)
        yield self._variables(item.variables())

    def _loop(self, loop: Loop) -> str:
        """Which template has the loop, how it is written, over what; for a list within an item, also where."""
        owner = loop.over.path.partition(".")[0]
        within = f"（写在“{owner}”的循环里面）" if owner in {item.name for item in self.items} else ""
        return f"- {_heading(loop.template)} {_code(loop.over.written)}：{_cell(loop.over.meaning)}{within}\n"

    def _variables(self, declared: Sequence[Variable], template: str = "") -> str:
        """A table of variables. template: whose groups have their own sections; without it, groups are expanded."""
        return _table(_VARIABLES, (self._line(variable, template) for variable in declared))

    def _line(self, variable: Variable, template: str) -> tuple[str, ...]:
        absent = "是" if variable.may_be_absent else "可为空" if variable.may_be_empty else ""
        shown = self._example(variable, template)
        return _code(variable.written), _cell(variable.meaning), variable.kind, shown, absent

    def _example(self, variable: Variable, template: str) -> str:
        if variable.kind is VariableKind.ITEMS and variable.of:
            return self.links[variable.of]
        if variable.kind is VariableKind.GROUP:
            return _link(_group_heading(template, variable), f"见“{variable.label}”") if template else "见下面各行"
        return _cell(_cut(example(variable, self.filters)))


_SHARED = "几份模板共用的循环"


def _heading(template: str) -> str:
    return f"《{template}》"


def _group_heading(template: str, group: Variable) -> str:
    return f"《{template}》中的“{group.label}”"


def _whole(group: Variable) -> str:
    """How to guard a group that may be absent as a whole; "" if it is always there."""
    if not group.may_be_absent:
        return ""
    return f"可能整组没有，外面要有 `{{%p if {group.path} %}}` 和 `{{%p endif %}}`。"


def _item_heading(item: Item) -> str:
    return f"循环里的“{item.name}”（{item.title}）"


# Examples ------------------------------------------------------------------------------------------------------------


def example(variable: Variable, filters: Filters) -> str:
    """An example of a variable that is neither a group nor a list of them, as a document prints it; never ""."""
    value = variable.typical()
    if value is None or value == "" or value in ([], ()):
        value = _invented(variable)
    match variable.kind:
        case VariableKind.DAY:
            return filters["日期"](value)
        case VariableKind.DAYS:
            return filters["逐日"](value)
        case VariableKind.TEXTS:
            return filters["顿号"](value)
        case VariableKind.PARAGRAPHS:
            return str(value[0])
        case VariableKind.YES_OR_NO:
            return "是" if value else "否"
    return str(value)


def _invented(variable: Variable) -> Any:
    written = _form_examples().get(variable.label)
    if written and variable.kind is VariableKind.TEXT:
        return written
    if written and variable.kind is VariableKind.TEXTS:
        return written.split("；")
    return _MADE_UP[variable.kind]


@cache
def _form_examples() -> Mapping[str, str]:
    """The example of the first column with each label: a variable of that name is most likely taken from it."""
    columns = [column for form in FORMS for sheet in form.sheets for column in sheet.columns() if column.example]
    return {column.label: column.example for column in reversed(columns)}


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_EXAMPLE else f"{words[:LONGEST_EXAMPLE]}……"


# Markdown ------------------------------------------------------------------------------------------------------------


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heading, ["---"] * len(heading), *rows))


def _cell(words: str) -> str:
    """Words with Markdown's marks escaped; a line break stays one."""
    return re.sub(r"([\\`*_\[\]<>|~$#&])", r"\\\1", words).replace("\n", "<br>")


def _code(written: str) -> str:
    """A tag as code, in a table or outside."""
    return f"`{written}`".replace("|", "\\|")


def _link(heading: str, words: str = "") -> str:
    return f"[{words or heading}](#{anchor(heading)})"


def anchor(heading: str) -> str:
    """GitHub's anchor for a heading: marks left out, blanks as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
