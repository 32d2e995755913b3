"""How anything is shown in the terminal, in Chinese: console, tables, faults of templates and of form; and JSON."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipeline.word.form import Deviation
    from pipeline.word.templates.places import TemplateFault

NARROWEST = 40
"""Columns of a terminal in which the tables are readable."""


def print_json(content: Mapping[str, Any]) -> None:
    """One object on stdout, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.flush()
    text = json.dumps(content, ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
    sys.stdout.buffer.flush()


def new_console() -> Console:
    """The console: no colours of its own for numbers, no emoji, wide enough to read."""
    from pipeline.cli.console import SafeConsole

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe on Chinese Windows uses GBK, which has no "›"
    console = SafeConsole(highlight=False, emoji=False, markup=False)
    # Columns narrower than a word of two characters would lose text; a narrower terminal folds the lines itself.
    console.width = max(console.width, NARROWEST)
    return console


def new_table(title: str, *headings: str) -> Table:
    """A table that wraps long texts and cuts nothing off."""
    from pipeline.cli.console import SafeTable

    table = SafeTable(title=title, show_lines=True)
    for heading in headings:
        table.add_column(heading, overflow="fold", min_width=6 if len(heading) == 2 else None)
    return table


def say(sentence: str, *, error: bool = False) -> None:
    """One line on stdout, or on stderr."""
    print(printable(sentence), file=sys.stderr if error else sys.stdout, flush=error)


def each(found: Mapping[Path, Iterable[TemplateFault]]) -> Iterator[tuple[Path, TemplateFault]]:
    """Every fault with its template."""
    return ((path, fault) for path, faults in found.items() for fault in faults)


def show_faults(found: Mapping[Path, Sequence[TemplateFault]]) -> None:
    """The faults, one line each, and how many templates there are and how many are right."""
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
    """The deviations, one line each, and how many documents there are and how many deviate."""
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
        found_in = f"其中 {len(judged)} 份有 {sum(judged)} 处与标准不一致" if judged else "没有发现与标准不一致的地方"
        unread = sum(map(len, found.values())) - sum(judged)
        rest = f"；另有 {unread} 处没有读，请自行核对" if unread else ""
        console.print(f"检查了 {len(found)} 份，{found_in}{rest}。", soft_wrap=True)
