"""Output for several counties: a line for each as it finishes, then a table of all with totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.cli.printable import printable
from pipeline.cli.terminal import new_console, new_table, say

if TYPE_CHECKING:
    from pipeline.counties.counties import CountiesResult, CountyResult, Summary

BALANCE = {
    "opening": "上月末未销号",
    "new": "本月新增",
    "closed": "本月销号",
    "closing": "月末未销号",
    "overdue": "逾期",
}
SEVERITIES = ("必改", "请核实", "提示")
_DOCUMENTS = ("文书", "未生成", *SEVERITIES)
UNKNOWN = "月份不明"


def show_county(county: CountyResult) -> None:
    """One line on stderr, as soon as a county is done."""
    say(f"{county.name}：{_came(county)}", error=True)


def _came(county: CountyResult) -> str:
    if county.facts is None:
        return printable(county.error)
    if county.reused:
        return "没有变化，沿用上次生成的文书"
    return f"已生成 {county.facts.made} 份，未生成 {county.facts.withheld} 份"


def show_run(run: CountiesResult) -> None:
    """A table for each month, the counties that failed with reasons, and where the 整改情况汇总 is."""
    console = new_console()
    for month, counties in by_month(run).items():
        sums = totals(counties)
        for title, headings, columns in (
            ("文书和校验", _DOCUMENTS, slice(0, len(_DOCUMENTS))),
            ("问题整改", tuple(BALANCE.values()), slice(len(_DOCUMENTS), None)),
        ):
            table = new_table(f"{month} 各县{title}", "县", *headings)
            for county in counties:
                table.add_row(printable(county.called), *map(_shown, _numbers(county)[columns]))
            table.add_row("合计", *map(_shown, sums[columns]))
            console.print(table)
    failed = [county for county in run.counties if county.facts is None]
    if failed:
        table = new_table("没有处理成的县", "县", "原因")
        for county in failed:
            table.add_row(printable(county.name), printable(county.error))
        console.print(table)
    for sentence in _closing(run):
        console.print(printable(sentence), soft_wrap=True)


def _closing(run: CountiesResult) -> list[str]:
    made = [county for county in run.counties if county.facts]
    reused = sum(county.reused for county in made)
    sentences = [
        f"共 {len(run.counties)} 个县：处理成 {len(made)} 个（其中沿用上次文书 {reused} 个），"
        f"未成 {len(run.counties) - len(made)} 个。"
    ]
    if any(county.facts and county.facts.withheld for county in made):
        sentences.append("未生成的文书，原因见各县输出文件夹中的校验结果.xlsx；模板是否有误，请运行 make check。")
    if deviating := sum(county.facts.deviating for county in made if county.facts):
        sentences.append(f"有 {deviating} 份文书的格式与标准不一致，请运行 check-form 查看，改好模板后重新生成。")
    if unclear := [county.called for county in made if county.facts and not county.facts.balance]:
        sentences.append(f"问题台账或基础信息有必改的问题，问题整改数字未列入：{'、'.join(unclear)}。")
    return [*sentences, *_on_summaries(run.summaries)]


def _on_summaries(summaries: Sequence[Summary]) -> Iterator[str]:
    if len(summaries) > 1:
        months = "、".join(str(summary.story.period) for summary in summaries)
        yield f"各县的月份不同（{months}），已按月分列；要统一月份，请加 --period。"
    for summary in summaries:
        yield _summary_line(summary)
        if summary.kept:
            yield f"原来的汇总有手工修改，已移到 {summary.kept.path}。"


def _summary_line(summary: Summary) -> str:
    name = f"{summary.story.period} 整改情况汇总"
    return f"{name}：{summary.path}" if summary.path else f"{name}未生成：{summary.reason}"


def by_month(run: CountiesResult) -> dict[str, list[CountyResult]]:
    """The counties that were made, by month."""
    months = sorted({county.period or UNKNOWN for county in run.counties if county.facts})
    return {m: [c for c in run.counties if c.facts and (c.period or UNKNOWN) == m] for m in months}


def _numbers(county: CountyResult) -> list[int | None]:
    """Documents, withheld, issues by severity, balance; None if unknown."""
    facts = county.facts
    if facts is None:
        return [None] * (2 + len(SEVERITIES) + len(BALANCE))
    issues = [facts.issues.get(severity, 0) for severity in SEVERITIES]
    balance = [getattr(facts.balance, name) if facts.balance else None for name in BALANCE]
    return [facts.made, facts.withheld, *issues, *balance]


def totals(counties: Sequence[CountyResult]) -> list[int]:
    """Totals of a month's counties: documents, withheld, issues by severity, balance; unknown numbers count as 0."""
    return [sum(number or 0 for number in column) for column in zip(*map(_numbers, counties), strict=True)]


def _shown(number: int | None) -> str:
    return "—" if number is None else str(number)
