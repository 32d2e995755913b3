"""What is shown in the terminal: tables and closing lines, in Chinese; and the one JSON object for other programs."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipeline.intake.issues import Issue
    from pipeline.publishing import Kept
    from pipeline.report import Outcome
    from pipeline.word.form import Deviation
    from pipeline.word.pdf import Printing
    from pipeline.word.places import Fault

NARROWEST = 40
"""Columns of a terminal in which the tables can be read."""


def print_json(content: Mapping[str, Any]) -> None:
    """One object on stdout, in UTF-8 whatever the terminal speaks."""
    sys.stdout.flush()
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
    sys.stdout.buffer.flush()


def show_outcome(outcome: Outcome) -> None:
    """The issues by their causes, then the closing table of documents made and withheld."""
    console = new_console()
    if outcome.issues:
        _show_issues(outcome.issues, console)
    if outcome.unreported:
        console.print(f"未报送本月数据：{'、'.join(outcome.unreported)}", soft_wrap=True)
    _show_documents(outcome, console)
    if outcome.printing:
        _show_printing(outcome.printing, console)
    if outcome.deviating:
        _show_deviating(outcome.deviating, console)
    if outcome.kept:
        _show_kept(outcome.kept, console)
    for title, remark in outcome.remarks:
        console.print(printable(f"{title}：{remark}。"), soft_wrap=True)
    if outcome.slowly:
        reasons = "、".join(dict.fromkeys(reason for _, reason in outcome.slowly))
        console.print(f"有 {len(outcome.slowly)} 份文书生成较慢，内容不受影响，原因：{reasons}。", soft_wrap=True)
    _show_counts(outcome, console)


def new_console() -> Console:
    """Where things are shown: no colours of its own for numbers, no emoji, wide enough to be read."""
    from pipeline.console import SafeConsole

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe on Chinese Windows speaks GBK, which has no "›"
    console = SafeConsole(highlight=False, emoji=False, markup=False)
    # Columns narrower than a word of two characters would lose text; a narrower terminal folds the lines itself.
    console.width = max(console.width, NARROWEST)
    return console


def _show_issues(issues: Iterable[Issue], console: Console) -> None:
    from rich.text import Text

    from pipeline.intake.issues import grouped

    table = new_table("校验", "级别", "位置（文件 › 表 › 单元格）", "问题与改法", "规则")
    colours = {"必改": "bold red", "请核实": "yellow", "提示": "cyan"}
    for group in grouped(issues):
        weight = Text(group.severity, style=colours[group.severity])
        table.add_row(weight, printable(group.place), printable(group.sentence), group.number)
    console.print(table)


def _show_documents(outcome: Outcome, console: Console) -> None:
    table = new_table(f"{outcome.period} 文书", "文书", "结果", "位置或原因")
    for folder, paths in groupby(outcome.made, key=lambda path: path.parent):
        made = list(paths)
        name = made[0].stem if len(made) == 1 else str(folder.relative_to(outcome.folder))
        table.add_row(printable(name), f"已生成 {len(made)} 份", str(folder))
    alike: dict[tuple[str, ...], list[str]] = {}
    for withheld in outcome.withheld:
        alike.setdefault(withheld.reasons, []).append(withheld.title)
    for reasons, titles in alike.items():
        table.add_row(printable("\n".join(titles)), f"未生成 {len(titles)} 份", printable("\n".join(reasons)))
    console.print(table)


def _show_deviating(deviating: Iterable[tuple[Path, Sequence[Deviation]]], console: Console) -> None:
    """How documents deviate from the standard, those together that deviate alike."""
    table = new_table("已生成但格式与标准不一致的文书", "文书", "与标准不一致之处（改好模板后重新生成）")
    alike: dict[str, list[str]] = {}
    for path, found in deviating:
        sentences = (f"{one.item}：现为{one.found}，应为{one.asked}（{one.basis} {one.clause}）" for one in found)
        alike.setdefault("\n".join(dict.fromkeys(sentences)), []).append(path.stem)
    for told, names in alike.items():
        table.add_row(printable("\n".join(names)), printable(told))
    console.print(table)


def _show_printing(printing: Printing, console: Console) -> None:
    """How many PDFs there are and what of their fonts; those that are missing, by their reasons."""
    from pipeline.word.fonts import font_remark

    if printing.failed:
        table = new_table("未生成的 PDF", "文书", "结果", "原因")
        alike: dict[str, list[str]] = {}
        for unprinted in printing.failed:
            alike.setdefault(unprinted.reason, []).append(unprinted.document.stem)
        for reason, titles in alike.items():
            table.add_row(printable("\n".join(titles)), f"未生成 {len(titles)} 份", printable(reason))
        console.print(table)
    console.print(
        f"PDF 共生成 {len(printing.made)} 份，与 Word 文书同名，放在一起；未生成 {len(printing.failed)} 份。",
        soft_wrap=True,
    )
    if printing.made and (remark := font_remark(printing.fonts)):
        console.print(printable(remark), soft_wrap=True)


def show_zip(outcome: Outcome) -> None:
    """Where the zip of all notices is, or that there is none."""
    told = f"通知已打包在 {outcome.zipped}。" if outcome.zipped else "本次没有生成通知，没有可打包的文书。"
    new_console().print(told, soft_wrap=True)


def _show_kept(kept: Iterable[Kept], console: Console) -> None:
    """What somebody had edited by hand, where it is now, and how the new one differs."""
    table = new_table("手工修改过的文书", "文书", "修改稿现在的位置", "与本次生成的不同之处")
    for one in kept:
        table.add_row(printable(one.path.stem), str(one.path), printable("\n".join(one.differences)))
    console.print(table)


def _show_counts(outcome: Outcome, console: Console) -> None:
    from pipeline.report import counted

    counts = "，".join(f"{severity} {number} 处" for severity, number in counted(outcome.issues).items()) or "没有问题"
    console.print(
        f"共生成 {len(outcome.made)} 份，未生成 {len(outcome.withheld)} 份；校验：{counts}；"
        f"自动统一写法 {len(outcome.normalisations)} 处。",
        soft_wrap=True,
    )
    listed = f"问题和自动统一的写法逐条列在 {outcome.results}，单击其中的单元格地址可打开原表。"
    console.print(listed, soft_wrap=True)


def new_table(title: str, *headings: str) -> Table:
    """A table that folds what is too long and cuts nothing off."""
    from pipeline.console import SafeTable

    table = SafeTable(title=title, show_lines=True)
    for heading in headings:
        table.add_column(heading, overflow="fold", min_width=6 if len(heading) == 2 else None)
    return table


_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""C0 and C1 (ISO 6429), marks of direction (UAX #9) and what nobody can see; a line break and a tab are none."""


def printable(text: str) -> str:
    """Text from a workbook or a path with � for every character that would steer the terminal, or hide in it."""
    return text if text.isprintable() else _STEERING.sub("�", text)


def say(sentence: str, *, error: bool = False) -> None:
    """One line on stdout, or on stderr."""
    print(printable(sentence), file=sys.stderr if error else sys.stdout, flush=error)


def each(found: Mapping[Path, Iterable[Fault]]) -> Iterator[tuple[Path, Fault]]:
    """Every fault with its template."""
    return ((path, fault) for path, faults in found.items() for fault in faults)


def show_faults(found: Mapping[Path, Sequence[Fault]]) -> None:
    """The faults, a line each, and how many templates there are and how many are right."""
    console = new_console()
    if any(found.values()):
        table = new_table("模板检查", "模板", "级别", "位置", "原文", "问题与改法")
        for path, fault in each(found):
            weight = "必改" if fault.error else "提示"
            table.add_row(path.stem, weight, str(fault.place), printable(fault.text), printable(fault.sentence))
        console.print(table)
    wrong = sum(any(fault.error for fault in faults) for faults in found.values())
    console.print(
        f"共检查 {len(found)} 个模板，{f'{wrong} 个有误，请改正后再用' if wrong else '都可以用'}。", soft_wrap=True
    )


def show_deviations(found: Mapping[Path, Sequence[Deviation]]) -> None:
    """The deviations, a line each, and how many documents there are and how many deviate."""
    console = new_console()
    if any(found.values()):
        table = new_table("公文格式", "文件", "位置", "项目", "现为", "应为", "依据")
        for path, of in found.items():
            for one in of:
                basis = f"{one.basis} {one.clause}"
                row = (path.name, one.place, one.item, one.found, one.asked, basis)
                table.add_row(*map(printable, row))
        console.print(table)
    if found:
        judged = [count for of in found.values() if (count := sum(one.judged for one in of))]
        told = f"其中 {len(judged)} 份有 {sum(judged)} 处与标准不一致" if judged else "没有发现与标准不一致的地方"
        unread = sum(map(len, found.values())) - sum(judged)
        rest = f"；另有 {unread} 处没有读，请自行核对" if unread else ""
        console.print(f"检查了 {len(found)} 份，{told}{rest}。", soft_wrap=True)
