"""The command line: verbs, exit codes, what is shown; no logic. Imports of a verb stand in the verb, so that help is quick."""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipeline.forms.period import Period
    from pipeline.intake.issues import Issue
    from pipeline.report import Outcome
    from pipeline.word.pdf import Printing

ALL_MADE, SOME_WITHHELD, CANNOT_RUN = 0, 1, 2
MOST_SECONDS = 24 * 60 * 60
NARROWEST = 40
"""Columns of a terminal in which the tables can be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0: all documents made; 1: documents or PDFs are missing; 2: wrong usage or broken installation."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.verb(given)
    except PipelineError as error:
        print(f"错误：{error}", file=sys.stderr)
        return CANNOT_RUN
    return code


class _Parser(argparse.ArgumentParser):
    """argparse speaks English; a colleague at the terminal is told everything in Chinese."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**words, add_help=False)
        self.add_argument("-h", "--help", action="help", help="显示这段说明")
        self._positionals.title, self._optionals.title = "参数", "选项"

    def format_usage(self) -> str:
        """The line that shows how the command is written."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """All that --help shows."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 (it is English)
        """Tell wrong usage, and end."""
        self.print_usage(sys.stderr)
        self.exit(CANNOT_RUN, f"错误：命令写法不对。运行 {self.prog} --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m pipeline", description="督导文书流水线：填好的 Excel 表进，Word 公文出。")
    verbs = parser.add_subparsers(title="命令", required=True, metavar="命令")
    report = verbs.add_parser("report", help="校验一个月的表并生成文书")
    report.add_argument("input", type=Path, metavar="数据文件夹", help="月份文件夹，或装着各月文件夹（年-月）的文件夹")
    report.add_argument("--output", type=Path, default=Path("output"), metavar="输出文件夹", help="默认为 output")
    report.add_argument("--period", metavar="年-月", help="如 2024-03；不写则取最近的月份")
    report.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")
    report.add_argument("--draft", action="store_true", help="生成草稿：有误的行不列入，文末列出缺什么")
    report.add_argument("--pdf", action="store_true", help="同时用 LibreOffice 生成 PDF，与 Word 文书放在一起")
    report.add_argument(
        "--pdf-seconds", type=_seconds, metavar="秒数", help="LibreOffice 一次最多运行多少秒；不写则随文书份数增加"
    )
    report.set_defaults(verb=_report)
    blank = verbs.add_parser("blank", help="生成空白表")
    blank.add_argument("output", type=Path, metavar="输出文件夹")
    blank.add_argument("--registry", type=Path, metavar="名录.xlsx", help="把名录中的学校、责任区、督学做成下拉选项")
    blank.set_defaults(verb=_blank)
    guide = verbs.add_parser("guide", help="按表单定义生成填表指南")
    guide.add_argument("output", type=Path, metavar="输出文件夹", help="写入其中的填表指南.md")
    guide.set_defaults(verb=_guide)
    variables = verbs.add_parser("variables", help="生成变量说明：Word 模板能用的变量和改模板的方法")
    variables.add_argument("output", type=Path, metavar="输出文件夹", help="写入其中的变量说明.md")
    variables.add_argument(
        "--example", type=Path, required=True, metavar="月份文件夹", help="从这个月的数据中取每个变量的示例"
    )
    variables.set_defaults(verb=_variables)
    return parser


def _seconds(written: str) -> float:
    seconds = float(written)
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError(written)
    return seconds


def _period(written: str | None) -> Period | None:
    from pipeline.forms.period import Period

    if written is None:
        return None
    period = Period.parse(written)
    if period is None:
        raise PipelineError(f"月份“{written}”写法不对，请写作 2024-03。")
    return period


# report --------------------------------------------------------------------------------------------------------------


def _report(given: argparse.Namespace) -> int:
    from pipeline.report import report

    try:
        outcome = report(
            given.input,
            given.output,
            _period(given.period),
            draft=given.draft,
            pdf=given.pdf,
            pdf_seconds=given.pdf_seconds,
        )
    except PipelineError as error:
        if given.json:
            _print_json({"error": str(error), "exit_code": CANNOT_RUN})
        raise
    unprinted = outcome.printing is not None and outcome.printing.failed
    code = SOME_WITHHELD if outcome.withheld or unprinted else ALL_MADE
    if given.json:
        _print_json({**asdict(outcome), "period": str(outcome.period), "exit_code": code})
    else:
        _show(outcome)
    return code


def _print_json(content: Mapping[str, Any]) -> None:
    """One object on stdout, in UTF-8 whatever the terminal speaks."""
    sys.stdout.flush()
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
    sys.stdout.buffer.flush()


def _show(outcome: Outcome) -> None:
    """The issues by their causes, then the closing table of documents made and withheld."""
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe on Chinese Windows speaks GBK, which has no "›"
    console = Console(highlight=False, emoji=False, markup=False)
    # Columns narrower than a word of two characters would lose text; a narrower terminal folds the lines itself.
    console.width = max(console.width, NARROWEST)
    if outcome.issues:
        _show_issues(outcome.issues, console)
    if outcome.unreported:
        console.print(f"未报送本月数据：{'、'.join(outcome.unreported)}", soft_wrap=True)
    _show_documents(outcome, console)
    if outcome.printing:
        _show_printing(outcome.printing, console)
    for title, remark in outcome.remarks:
        console.print(_printable(f"{title}：{remark}。"), soft_wrap=True)
    _show_counts(outcome, console)


def _show_issues(issues: Iterable[Issue], console: Console) -> None:
    from rich.text import Text

    from pipeline.intake.issues import grouped

    table = _table("校验", "级别", "位置（文件 › 表 › 单元格）", "问题与改法", "规则")
    colours = {"必改": "bold red", "请核实": "yellow", "提示": "cyan"}
    for group in grouped(issues):
        weight = Text(group.severity, style=colours[group.severity])
        table.add_row(weight, _printable(group.place), _printable(group.sentence), group.number)
    console.print(table)


def _show_documents(outcome: Outcome, console: Console) -> None:
    table = _table(f"{outcome.period} 文书", "文书", "结果", "位置或原因")
    for folder, paths in groupby(outcome.made, key=lambda path: path.parent):
        made = list(paths)
        name = made[0].stem if len(made) == 1 else str(folder.relative_to(outcome.folder))
        table.add_row(_printable(name), f"已生成 {len(made)} 份", str(folder))
    alike: dict[tuple[str, ...], list[str]] = {}
    for withheld in outcome.withheld:
        alike.setdefault(withheld.reasons, []).append(withheld.title)
    for reasons, titles in alike.items():
        table.add_row(_printable("\n".join(titles)), f"未生成 {len(titles)} 份", _printable("\n".join(reasons)))
    console.print(table)


def _show_printing(printing: Printing, console: Console) -> None:
    """How many PDFs there are and what of their fonts; those that are missing, by their reasons."""
    from pipeline.word.fonts import font_remark

    if printing.failed:
        table = _table("未生成的 PDF", "文书", "结果", "原因")
        alike: dict[str, list[str]] = {}
        for unprinted in printing.failed:
            alike.setdefault(unprinted.reason, []).append(unprinted.document.stem)
        for reason, titles in alike.items():
            table.add_row(_printable("\n".join(titles)), f"未生成 {len(titles)} 份", _printable(reason))
        console.print(table)
    console.print(
        f"PDF 共生成 {len(printing.made)} 份，与 Word 文书同名，放在一起；未生成 {len(printing.failed)} 份。",
        soft_wrap=True,
    )
    if printing.made and (remark := font_remark(printing.fonts)):
        console.print(_printable(remark), soft_wrap=True)


def _show_counts(outcome: Outcome, console: Console) -> None:
    from pipeline.report import counted

    counts = "，".join(f"{severity} {number} 处" for severity, number in counted(outcome.issues).items()) or "没有问题"
    console.print(
        f"共生成 {len(outcome.made)} 份，未生成 {len(outcome.withheld)} 份；校验：{counts}；"
        f"自动统一写法 {len(outcome.normalisations)} 处。",
        soft_wrap=True,
    )
    listed = (
        f"问题和自动统一的写法逐条列在 {outcome.results}，单击其中的单元格地址可打开原表。"
        if outcome.results
        else f"“{outcome.folder}”中的校验结果.xlsx 没有更新，可能正被 Excel 或 WPS 打开；请关闭后重试，其他文书不受影响。"
    )
    console.print(listed, soft_wrap=True)


def _table(title: str, *headings: str) -> Table:
    """A table that folds what is too long and cuts nothing off."""
    from rich.table import Table

    table = Table(title=title, show_lines=True)
    for heading in headings:
        table.add_column(heading, overflow="fold", min_width=6 if len(heading) == 2 else None)
    return table


def _printable(text: str) -> str:
    """Text from a workbook without characters that would steer the terminal (C0 and C1, ISO 6429)."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "�", text)


# blank ---------------------------------------------------------------------------------------------------------------


def _blank(given: argparse.Namespace) -> int:
    from pipeline.intake.county_blanks import write_blanks

    for path in write_blanks(given.output, given.registry):
        print(f"已生成 {path}")
    return ALL_MADE


# guide ---------------------------------------------------------------------------------------------------------------


def _guide(given: argparse.Namespace) -> int:
    from pipeline.intake.guide import write

    try:
        path = write(given.output)
    except OSError as error:
        raise PipelineError(f"无法写入“{given.output}”，请检查权限和磁盘空间后重试。") from error
    print(f"已生成 {path}")
    return ALL_MADE


# variables -----------------------------------------------------------------------------------------------------------


def _variables(given: argparse.Namespace) -> int:
    from pipeline.report import describe

    print(f"已生成 {describe(given.example, given.output)}")
    return ALL_MADE
