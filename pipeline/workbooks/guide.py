"""填表指南.md, the clerks' guide: every sheet, column and check; knows Markdown, and takes all words from the forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from pipeline.forms.catalogue import FORMS
from pipeline.forms.faults.catalogue import FAULTS, REASONS
from pipeline.forms.faults.fault import Fault, Reason
from pipeline.forms.rules import Rule
from pipeline.forms.schema import Form, Row
from pipeline.intake.crosschecks import FURTHER
from pipeline.workbooks.instructions import InstructionLine, lines

NAME = "填表指南.md"

_PREFACE = """\
# 填表指南

这份指南由表单定义自动生成，与空白表里的“填报说明”一致。工作流程、常见错误和退回后怎么改，见[常见问题](常见问题.md)。
"""
_CHECKS = """\
## 怎样看核对

程序读入表格后逐条核对，查出的问题都带编号。编号开头的两个字母表示哪张表，见下表；各张表的核对列在该表各列之后，
各表通用的列在最后。

级别有三种：

- **必改**：这一行不能用，改好之前，用到它的文书不生成。
- **请核实**：可能有误，请对照原始材料；属实可以不改，不影响出文。
- **提示**：供参考，不影响出文。

核对中［　］里是列名，实际的提示中写的是这一行在该列所填的内容。
"""
_OF_ALL_SHEETS = """\
## 各表通用的核对

［　］里的内容随具体情况而变。写着两种级别的，看具体情况，以校验结果中标的为准。
"""
_LEGEND_HEADING = ("表中的颜色", "含义")
_RULE_HEADING = ("编号", "级别", "所在列", "查到时的提示")
_FAULT_HEADING = ("编号", "级别", "查到时的提示")
_REASON_HEADING = ("编号", "怎样理解")
_FAMILIES: Mapping[str, str] = {
    "PR": "必填项",
    "TY": "写法",
    "CD": "选项",
    "RF": "名称和编号",
    "KY": "重复",
    "BH": "没有填的编号",
    "SH": "工作表和列",
    "FL": "文件",
    "YB": "报送和上月对照",
    "CX": "程序",
    "NM": "自动统一的写法（不算问题，已读入，供核对）",
}
_WORDS: Mapping[str, str] = {
    "folder": "文件夹的月份",
    "labels": "各列",
    "around": "格式中的文字",
    "cause": "原因",
    "bound": "应在的范围",
    "cell": "单元格地址",
    "cells": "单元格地址",
    "closed": "本月销号数",
    "closing": "本月末未销号数",
    "column": "列号",
    "copy": "另一张表",
    "crowd": "公式错误、合并单元格等",
    "day": "所取的日期",
    "count": "几",
    "due": "应有数",
    "empty": "现在是空的，或写了“无”一类的话",
    "error": "错误名称",
    "example": "该列的示例",
    "expected": "应填的年月",
    "fault": "有误之处",
    "files": "各个文件",
    "form": "工作簿名称",
    "heading": "表头所写",
    "how": "照该列的填法填写",
    "label": "列名",
    "length": "实际字数",
    "longest": "最多字数",
    "matches": "对得上的各行",
    "names": "行号、列号或各个名称",
    "new": "本月新增数",
    "note": "批注的内容",
    "pattern": "单元格格式",
    "value": "读入的值",
    "registered": "另一处的文号",
    "differing": "不同的各列",
    "nearest": "，是否应为“相近的写法”",
    "opening": "上月末未销号数",
    "options": "该列的各个选项",
    "other": "另一处",
    "read": "所读的文件夹",
    "rule": "编号",
    "said": "填的是另一个月，",
    "sheet": "工作表名称",
    "sought": "所填内容",
    "stated": "所填内容",
    "suffix": "文件类型",
    "targets": "应查的表",
    "taken": "，按本月没有理解",
    "these": "这几行",
    "unit": "行或列",
    "what": "学校或责任区",
    "first": "行号",
    "line": "行号",
    "lines": "若干",
    "name": "现在的表名",
    "month": "月份",
    "was": "上月所填",
    "written": "所填内容",
    "zone": "责任区名称",
}
"""What replaces each placeholder of a general sentence."""


def write(folder: Path) -> Path:
    """Write the guide into a folder, made if absent; OSError if that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(text(), encoding="utf-8", newline="\n")
    return path


def text() -> str:
    """The whole guide: how to fill in, how to read a check, each form with its sheets, then the general numbers."""
    _, filling, *_ = _sections(FORMS[0])
    parts = [
        _PREFACE,
        f"## {filling[0].cells[0]}\n",
        _table(_LEGEND_HEADING, (line.cells for line in filling if line.look == "legend")),
        "".join(f"{line.cells[0]}\n" for line in filling if line.look == "text"),
        _CHECKS,
        _table(("编号开头", "工作簿", "表"), _initials()),
        *(part for form in FORMS for part in _of_form(form)),
        _OF_ALL_SHEETS,
        *_general(),
    ]
    return "\n".join(parts)


def rules(sheet: type[Row]) -> list[Rule]:
    """Every rule of a sheet, by number; [] for none."""
    return sorted((*sheet.rules(), *FURTHER.get(sheet, ())), key=lambda rule: rule.number)


def readable(rule: Rule) -> str:
    """The sentence of a rule without a row: a label in ［］ stands for the row's value.

    A label before its own placeholder is not repeated: 停用日期 {停用日期} 早于…… becomes ［停用日期］早于…….
    """
    once = re.sub(r"(\w+) \{\1\}", r"{\1}", rule.sentence)
    return re.sub(r" ?\{(\w+)\} ?", r"［\1］", once)


# A form --------------------------------------------------------------------------------------------------------------


def _sections(form: Form) -> list[list[InstructionLine]]:
    """填报说明 cut at its sections: the title, the rules of filling in, then a section for each sheet."""
    sections: list[list[InstructionLine]] = []
    for line in lines(form):
        if line.look in ("title", "section"):
            sections.append([])
        sections[-1].append(line)
    return sections


def _of_form(form: Form) -> Iterator[str]:
    (_, about), _, *sections = _sections(form)
    yield f"## {form.name}\n\n{about.cells[0]}\n"
    for sheet, section in zip(form.sheets, sections, strict=True):
        yield from _of_sheet(sheet, section)


def _of_sheet(sheet: type[Row], section: Sequence[InstructionLine]) -> Iterator[str]:
    (title, *about, heading), entries = (
        [line.cells for line in section if (line.look == "entry") is entry] for entry in (False, True)
    )
    yield f"### {title[0]}\n\n" + "".join(f"{words}\n" for (words,) in about)
    yield _table(heading, entries)
    found = rules(sheet)
    if found:
        yield f"“{sheet.sheet_title()}”的核对：\n"
        yield _table(_RULE_HEADING, ((rule.number, rule.severity, rule.at, readable(rule)) for rule in found))


def _initials() -> Iterator[tuple[str, str, str]]:
    """The letters in each sheet's rule numbers, the form, the sheet; none for a sheet without rules."""
    for form in FORMS:
        for sheet in form.sheets:
            for initials in sorted({rule.number[:2] for rule in rules(sheet)}):
                yield initials, form.name, sheet.sheet_title()


# General numbers -----------------------------------------------------------------------------------------------------


def _general() -> Iterator[str]:
    """A table for each family of general numbers, in order."""
    order = list(_FAMILIES)
    numbered: list[Fault | Reason] = [*FAULTS.values(), *REASONS.values()]
    numbered.sort(key=lambda each: (order.index(each.number[:2]), each.number))
    for family, found in groupby(numbered, key=lambda each: each.number[:2]):
        yield f"### {_FAMILIES[family]}\n"
        rows = [_general_row(each) for each in found]
        yield _table(_FAULT_HEADING if len(rows[0]) == len(_FAULT_HEADING) else _REASON_HEADING, rows)


def _general_row(each: Fault | Reason) -> tuple[str, ...]:
    if isinstance(each, Reason):
        return each.number, _without_row(each)
    sentence = _without_row(each)
    return each.number, "或".join(each.severities), sentence


def _without_row(each: Fault | Reason) -> str:
    return re.sub(r" ?\{(\w+)\} ?", lambda match: f"［{_WORDS[match[1]]}］", each.sentence)


# Markdown ------------------------------------------------------------------------------------------------------------


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(_row(cells) for cells in (heading, ["---"] * len(heading), *rows))


def _row(cells: Sequence[str]) -> str:
    words = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return f"| {' | '.join(words)} |\n"
