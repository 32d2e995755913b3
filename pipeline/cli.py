"""The command line: verbs, exit codes, what is shown; no logic. Imports of a verb stand in the verb, so that help is quick."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.forms.period import Period
    from pipeline.report import Outcome

ALL_MADE, SOME_WITHHELD, CANNOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0: all documents made; 1: documents withheld; 2: wrong usage or broken installation."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.verb(given)
    except PipelineError as error:
        print(f"错误：{error}", file=sys.stderr)
        return CANNOT_RUN
    return code


class _Parser(argparse.ArgumentParser):
    """argparse speaks English; what a colleague at the terminal gets wrong is told in Chinese."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CANNOT_RUN, f"错误：命令写法不对。运行 {self.prog} --help 查看用法。（{message}）\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m pipeline", description="督导文书流水线：填好的 Excel 表进，Word 公文出。")
    verbs = parser.add_subparsers(title="命令", required=True, metavar="命令")
    report = verbs.add_parser("report", help="校验一个月的表并生成文书")
    report.add_argument("input", type=Path, metavar="数据文件夹", help="月份文件夹，或装着各月文件夹（年-月）的文件夹")
    report.add_argument("--output", type=Path, default=Path("output"), metavar="输出文件夹", help="默认为 output")
    report.add_argument("--period", metavar="年-月", help="如 2023-08；不写则取最近的月份")
    report.set_defaults(verb=_report)
    blank = verbs.add_parser("blank", help="生成空白表")
    blank.add_argument("output", type=Path, metavar="输出文件夹")
    blank.add_argument("--registry", type=Path, metavar="名录.xlsx", help="把名录中的学校、责任区、督学做成下拉选项")
    blank.set_defaults(verb=_blank)
    return parser


def _period(written: str | None) -> Period | None:
    from pipeline.forms.period import Period

    if written is None:
        return None
    period = Period.parse(written)
    if period is None:
        raise PipelineError(f"月份“{written}”写法不对，请写作 2023-08。")
    return period


# report --------------------------------------------------------------------------------------------------------------


def _report(given: argparse.Namespace) -> int:
    from rich.console import Console

    from pipeline.report import report

    outcome = report(given.input, given.output, _period(given.period))
    _show(outcome, Console(highlight=False, emoji=False, markup=False))
    return SOME_WITHHELD if outcome.withheld else ALL_MADE


def _show(outcome: Outcome, console: Console) -> None:
    """The issues, then the closing table of documents made and withheld."""
    from rich.table import Table

    from pipeline.report import counted

    for issue in outcome.issues:
        console.print(f"[{issue.severity}] {issue}", soft_wrap=True)
    if outcome.unreported:
        console.print(f"未报送本月数据：{'、'.join(outcome.unreported)}", soft_wrap=True)
    table = Table(title=f"{outcome.period} 文书", show_lines=True)
    table.add_column("文书", overflow="fold")
    table.add_column("结果", no_wrap=True)
    table.add_column("位置或原因", overflow="fold")
    for path in outcome.made:
        table.add_row(path.stem, "已生成", str(path))
    for withheld in outcome.withheld:
        table.add_row(withheld.title, "未生成", "\n".join(withheld.reasons))
    console.print(table)
    counts = "，".join(f"{severity} {number} 处" for severity, number in counted(outcome.issues).items()) or "没有问题"
    console.print(
        f"共生成 {len(outcome.made)} 份，未生成 {len(outcome.withheld)} 份；校验：{counts}；"
        f"自动统一写法 {len(outcome.normalisations)} 处。",
        soft_wrap=True,
    )


# blank ---------------------------------------------------------------------------------------------------------------


def _blank(given: argparse.Namespace) -> int:
    from pipeline.intake.blanks import write_all
    from pipeline.intake.county_blanks import write_for_county

    try:
        paths = write_for_county(given.registry, given.output) if given.registry else write_all(given.output)
    except OSError as error:
        raise PipelineError(f"无法写入“{given.output}”，请检查权限，或关闭正打开着的空白表后重试。") from error
    for path in paths:
        print(f"已生成 {path}")
    return ALL_MADE
