"""The command line: verbs, exit codes, what is shown; no logic. Imports of a verb stand in the verb, so that help is quick."""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    from pipeline.word.places import Fault

ALL_MADE, SOME_WITHHELD, CANNOT_RUN = 0, 1, 2
NARROWEST = 40
"""Columns of a terminal in which the tables can be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0: all is well; 1: documents withheld, templates at fault; 2: wrong usage or broken installation."""
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
    report.set_defaults(verb=_report)
    check = verbs.add_parser("check", help="检查 Word 模板，指出哪里写错、怎样改")
    check.add_argument("templates", type=Path, nargs="*", metavar="模板", help="不写则检查全部模板")
    check.add_argument("--annotate", type=Path, metavar="文件夹", help="写一份带批注的副本到这个文件夹，模板本身不动")
    check.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")
    check.set_defaults(verb=_check)
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
        outcome = report(given.input, given.output, _period(given.period), draft=given.draft)
    except PipelineError as error:
        if given.json:
            _print_json({"error": str(error), "exit_code": CANNOT_RUN})
        raise
    code = SOME_WITHHELD if outcome.withheld else ALL_MADE
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
    console = _console()
    if outcome.issues:
        _show_issues(outcome.issues, console)
    if outcome.unreported:
        console.print(f"未报送本月数据：{'、'.join(outcome.unreported)}", soft_wrap=True)
    _show_documents(outcome, console)
    for title, remark in outcome.remarks:
        console.print(_printable(f"{title}：{remark}。"), soft_wrap=True)
    if outcome.slowly:
        reasons = "、".join(dict.fromkeys(reason for _, reason in outcome.slowly))
        console.print(f"有 {len(outcome.slowly)} 份文书生成较慢，内容不受影响，原因：{reasons}。", soft_wrap=True)
    _show_counts(outcome, console)


def _console() -> Console:
    from rich.console import Console

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe on Chinese Windows speaks GBK, which has no "›"
    console = Console(highlight=False, emoji=False, markup=False)
    # Columns narrower than a word of two characters would lose text; a narrower terminal folds the lines itself.
    console.width = max(console.width, NARROWEST)
    return console


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


# check ---------------------------------------------------------------------------------------------------------------


def _check(given: argparse.Namespace) -> int:
    from pipeline.templates import annotated, check_template, shipped

    found = {template: check_template(template) for template in given.templates or shipped()}
    code = SOME_WITHHELD if any(fault.error for faults in found.values() for fault in faults) else ALL_MADE
    if given.json:
        faults = [{"template": path.name, **asdict(fault), "place": str(fault.place)} for path, fault in _each(found)]
        _print_json({"templates": list(found), "faults": faults, "exit_code": code})
    else:
        _show_faults(found)
    for template, faults_of_one in found.items():
        path = annotated(template, faults_of_one, given.annotate) if given.annotate and faults_of_one else None
        if path:
            print(f"批注写在 {path}", file=sys.stderr if given.json else sys.stdout)
    return code


def _each(found: Mapping[Path, Iterable[Fault]]) -> Iterator[tuple[Path, Fault]]:
    return ((path, fault) for path, faults in found.items() for fault in faults)


def _show_faults(found: Mapping[Path, Sequence[Fault]]) -> None:
    """The faults, a line each, and how many templates there are and how many are right."""
    console = _console()
    if any(found.values()):
        table = _table("模板检查", "模板", "级别", "位置", "原文", "问题与改法")
        for path, fault in _each(found):
            weight = "必改" if fault.error else "提示"
            table.add_row(path.stem, weight, str(fault.place), _printable(fault.text), _printable(fault.sentence))
        console.print(table)
    wrong = sum(any(fault.error for fault in faults) for faults in found.values())
    console.print(
        f"共检查 {len(found)} 个模板，{f'{wrong} 个有误，请改正后再用' if wrong else '都可以用'}。", soft_wrap=True
    )


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
