"""The command line: verbs, exit codes, output; no logic. A verb imports what it needs itself, so that help is quick."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.cli import json_form
from pipeline.cli.terminal import print_json, say, show_deviations, show_faults
from pipeline.cli.terminal_counties import show_county, show_run
from pipeline.cli.terminal_outcome import show_outcome, show_zip
from pipeline.errors import PipelineError
from pipeline.walking import no_file

if TYPE_CHECKING:
    from pipeline.forms.period import Period
    from pipeline.run.options import RunOptions
    from pipeline.word.form import Deviation

ALL_MADE, SOME_WITHHELD, CANNOT_RUN = 0, 1, 2
MOST_SECONDS = 24 * 60 * 60
OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Python's default of 700 costs a tenth of a run, which makes many objects but hardly any cycles."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. 0: all is well; 1: something is missing or faulty; 2: wrong usage or broken installation."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    given = _parser().parse_args(arguments)
    try:
        code: int = given.verb(given)
    except PipelineError as error:
        say(f"错误：{error}", error=True)
        return CANNOT_RUN
    return code


class _Parser(argparse.ArgumentParser):
    """argparse in Chinese, for the colleague at the terminal."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**words, add_help=False)
        self.add_argument("-h", "--help", action="help", help="显示这段说明")
        self._positionals.title, self._optionals.title = "参数", "选项"

    def format_usage(self) -> str:
        """The line that shows how the command is written."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """The whole output of --help."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 (it is English)
        """Report wrong usage, and end."""
        self.print_usage(sys.stderr)
        self.exit(CANNOT_RUN, f"错误：命令写法不对。运行 {self.prog} --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m pipeline", description="督导文书流水线：填好的 Excel 表进，Word 公文出。")
    verbs = parser.add_subparsers(title="命令", required=True, metavar="命令")
    _add_report(verbs)
    _add_check(verbs)
    _add_next(verbs)
    _add_reference_verbs(verbs)
    _add_form_verbs(verbs)
    return parser


def _add_report(verbs: Any) -> None:
    report = verbs.add_parser("report", help="校验一个月（或一个季度、半年、年度）的表并生成文书")
    report.add_argument(
        "input",
        type=Path,
        nargs="+",
        metavar="数据文件夹",
        help="月份文件夹，或装着各月文件夹（年-月）的文件夹；可以一次写几个县的",
    )
    report.add_argument("--output", type=Path, default=Path("output"), metavar="输出文件夹", help="默认为 output")
    report.add_argument(
        "--period",
        metavar="时段",
        help="月份（2024-03）、季度（2024Q1）、半年（2024H1）或年度（2024）；不写则取最近的月份",
    )
    report.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")
    report.add_argument("--draft", action="store_true", help="生成草稿：有误的行不列入，文末列出缺什么")
    report.add_argument("--form", default="", metavar="格式", help="信函：通知用信函格式（有信函格式模板的）")
    report.add_argument("--no-seal", action="store_true", help="不加盖印章：署名和日期按不加盖印章编排")
    report.add_argument("--pdf", action="store_true", help="同时用 LibreOffice 生成 PDF，与 Word 文书放在一起")
    report.add_argument(
        "--pdf-seconds", type=_seconds, metavar="秒数", help="LibreOffice 一次最多运行多少秒；不写则随文书份数增加"
    )
    report.add_argument("--number-from", default="", metavar="文号", help="没有文号的文书从这个号（如 36）起编")
    report.add_argument("--zip", action="store_true", help="给每个收件单位打一个压缩包")
    report.add_argument(
        "--workers", type=_workers, metavar="个数", help="几个县同时处理；不写则每个处理器一个，不足八个县的逐个处理"
    )
    report.add_argument("--scheduler", metavar="地址", help="交给 Dask 集群处理，如 tcp://主机名:8786")
    report.add_argument("--again", action="store_true", help="没有变化的县也重新生成")
    report.set_defaults(verb=_report)


def _add_check(verbs: Any) -> None:
    check = verbs.add_parser("check", help="检查 Word 模板，指出哪里写错、怎样改")
    check.add_argument("templates", type=Path, nargs="*", metavar="模板", help="不写则检查全部模板")
    check.add_argument("--annotate", type=Path, metavar="文件夹", help="写一份带批注的副本到这个文件夹，模板本身不动")
    check.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")
    check.set_defaults(verb=_check)


def _add_next(verbs: Any) -> None:
    following = verbs.add_parser(
        "next", help="备好下个月的表：带出未销号的问题、进行中的督导工作和指标，每个责任区一份"
    )
    following.add_argument("input", type=Path, metavar="数据文件夹", help="装着各月文件夹（年-月）的文件夹")
    following.add_argument("--output", type=Path, default=Path("output"), metavar="输出文件夹", help="默认为 output")
    following.add_argument("--period", metavar="月份", help="备哪个月的表（2024-03）；不写则备最近一个月的下个月")
    following.set_defaults(verb=_next)


def _add_reference_verbs(verbs: Any) -> None:
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


def _add_form_verbs(verbs: Any) -> None:
    form = verbs.add_parser("check-form", help="按 GB/T 9704-2012 检查公文格式")
    form.add_argument(
        "files", type=Path, nargs="+", metavar="文件.docx", help="要检查的公文，本单位或其他单位的都行；也可以写文件夹"
    )
    form.add_argument("--json", action="store_true", help="只输出一个 JSON 对象，供其他程序读取")
    form.set_defaults(verb=_check_form)
    template = verbs.add_parser("new-template", help="生成一份格式合规的新模板")
    template.add_argument("name", metavar="名称", help="新模板的名称，如 会议纪要")
    template.add_argument(
        "--for", dest="kind", metavar="文书", help="用哪种文书的变量，如 督导通知；不写则列出各种文书"
    )
    template.set_defaults(verb=_new_template)


def _seconds(written: str) -> float:
    seconds = float(written)
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError(written)
    return seconds


def _workers(written: str) -> int:
    from pipeline.counties.executing import MOST_WORKERS

    workers = int(written)
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(written)
    return workers


def _period(written: str | None) -> Period | None:
    from pipeline.forms.period import Period

    if written is None:
        return None
    period = Period.of_folder(written) or Period.parse_longer(written)
    if period is None:
        raise PipelineError(
            f"时段“{written}”写法不对。月份请写作 2024-03，季度写作 2024Q1，半年写作 2024H1，年度写作 2024。"
        )
    return period


# report --------------------------------------------------------------------------------------------------------------


def _report(given: argparse.Namespace) -> int:
    from pipeline.run.together import report_together

    if len(given.input) > 1 or given.workers or given.scheduler:
        return _report_counties(given)
    try:
        outcome = report_together(given.input[0], given.output, given.period, lambda: _run_options(given))
    except PipelineError as error:
        if given.json:
            print_json(json_form.failed(str(error), CANNOT_RUN))
        raise
    unprinted = outcome.printing is not None and outcome.printing.failed
    code = SOME_WITHHELD if outcome.withheld or unprinted or outcome.deviating else ALL_MADE
    if given.json:
        print_json(json_form.of_report(outcome, code))
    else:
        show_outcome(outcome)
        if given.zip:
            show_zip(outcome)
    return code


def _run_options(given: argparse.Namespace) -> RunOptions:
    """The options of a run: the only place where an argument becomes an option."""
    from pipeline.run.options import RunOptions
    from pipeline.run.templates import LetterLook

    return RunOptions(
        period=_period(given.period),
        look=LetterLook(given.form, sealed=not given.no_seal),
        draft=given.draft,
        pdf=given.pdf,
        pdf_seconds=given.pdf_seconds,
        parcels=given.zip,
        number_from=given.number_from,
    )


def _report_counties(given: argparse.Namespace) -> int:
    """2 if no county could be run."""
    from pipeline.counties.counties import run

    try:
        made = run(
            given.input,
            given.output,
            _run_options(given),
            again=given.again,
            workers=given.workers,
            scheduler=given.scheduler,
            when_done=(lambda _: None) if given.json else show_county,
        )
    except PipelineError as error:
        if given.json:
            print_json(json_form.failed(str(error), CANNOT_RUN))
        raise
    code = CANNOT_RUN if made.nothing_made else SOME_WITHHELD if made.incomplete else ALL_MADE
    if given.json:
        print_json(json_form.of_counties(made, code))
    else:
        show_run(made)
    return code


# next ----------------------------------------------------------------------------------------------------------------


def _next(given: argparse.Namespace) -> int:
    from pipeline.cli.terminal_next import show_preparation
    from pipeline.run.preparing import prepare

    period = _period(given.period)
    if period and period.months > 1:
        raise PipelineError(f"“{given.period}”不是月份。请写要备哪个月的表，如 2024-03。")
    made = prepare(given.input, given.output, period)
    show_preparation(made)
    return SOME_WITHHELD if made.faults else ALL_MADE


# check ---------------------------------------------------------------------------------------------------------------


def _check(given: argparse.Namespace) -> int:
    from pipeline.run.template_checks import annotated, check_template
    from pipeline.run.templates import shipped

    for template in given.templates:
        if sentence := no_file(template):
            raise PipelineError(sentence)
    found = {template: check_template(template) for template in given.templates or shipped()}
    code = SOME_WITHHELD if any(fault.error for faults in found.values() for fault in faults) else ALL_MADE
    if given.json:
        print_json(json_form.of_check(found, code))
    else:
        show_faults(found)
    for template, faults_of_one in found.items():
        path = annotated(template, faults_of_one, given.annotate) if given.annotate and faults_of_one else None
        if path:
            say(f"批注写在 {path}", error=given.json)
        elif given.annotate and faults_of_one:
            say(f"《{template.name}》打不开，没有写批注", error=given.json)
    return code


# blank ---------------------------------------------------------------------------------------------------------------


def _blank(given: argparse.Namespace) -> int:
    from pipeline.workbooks.county_blanks import left_out, write_blanks

    if given.registry and (sentence := no_file(given.registry)):
        raise PipelineError(sentence)
    for path in write_blanks(given.output, given.registry):
        say(f"已生成 {path}")
    for sentence in left_out(given.registry) if given.registry else ():
        say(f"注意：{sentence}")
    return ALL_MADE


# guide ---------------------------------------------------------------------------------------------------------------


def _guide(given: argparse.Namespace) -> int:
    from pipeline.workbooks.guide import write

    try:
        path = write(given.output)
    except OSError as error:
        raise PipelineError(f"无法写入“{given.output}”，请检查权限和磁盘空间后重试。") from error
    say(f"已生成 {path}")
    return ALL_MADE


# variables -----------------------------------------------------------------------------------------------------------


def _variables(given: argparse.Namespace) -> int:
    from pipeline.run.describing import describe

    say(f"已生成 {describe(given.example, given.output)}")
    return ALL_MADE


# check-form ----------------------------------------------------------------------------------------------------------


def _check_form(given: argparse.Namespace) -> int:
    """0: no deviations; 1: some; 2: a file could not be read (the others are checked all the same)."""
    from pipeline.word.form import deviations

    found: dict[Path, tuple[Deviation, ...]] = {}
    unread: dict[Path, str] = {}
    paths, skipped = _documents(given.files, unread)
    for path in paths:
        if sentence := no_file(path):
            unread[path] = sentence
            continue
        try:
            found[path] = deviations(path)
        except PipelineError as error:
            unread[path] = str(error)
    deviating = any(one.judged for of in found.values() for one in of)
    code = CANNOT_RUN if unread else SOME_WITHHELD if deviating else ALL_MADE
    if given.json:
        print_json(json_form.of_check_form(found, unread, dict.fromkeys(skipped, _TEMPORARY), code))
        return code
    show_deviations(found)
    for path in skipped:
        say(f"没有检查《{path.name}》：{_TEMPORARY}。")
    for sentence in unread.values():
        say(f"错误：{sentence}", error=True)
    return code


_TEMPORARY = "是 Word 或 WPS 打开文书时留下的临时文件"


def _documents(given: Sequence[Path], unread: dict[Path, str]) -> tuple[list[Path], list[Path]]:
    """The files to check, including those in folders, and skipped temporary files; bad folders go to unread."""
    from pipeline.word.form.folders import documents_in

    paths: dict[Path, None] = {}
    skipped: dict[Path, None] = {}
    for path in given:
        if not os.path.isdir(path):  # noqa: PTH112 (False for a name that is too long, or a circular link)
            paths[path] = None
            continue
        try:
            documents, temporary = documents_in(path)
        except PipelineError as error:
            unread[path] = str(error)
        else:
            paths.update(dict.fromkeys(documents))
            skipped.update(dict.fromkeys(temporary))
    return list(paths), list(skipped)


# new-template --------------------------------------------------------------------------------------------------------


def _new_template(given: argparse.Namespace) -> int:
    from pipeline.run.new_templates import how_to_use, new_template, template_kinds

    if given.kind is None:
        say(f"请用 --for 写明用哪种文书的变量：{'、'.join(template_kinds())}")
        return ALL_MADE
    path = new_template(given.name, given.kind)
    say(f"已生成 {path}")
    say(how_to_use(path, given.kind))
    return ALL_MADE
