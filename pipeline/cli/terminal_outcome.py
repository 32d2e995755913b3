"""Output for one month: one page, whatever is wrong; 校验结果.xlsx has everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pipeline.cli.printable import printable
from pipeline.cli.terminal import new_console, new_table
from pipeline.trays import Tray

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from pipeline.excel.results import Withheld
    from pipeline.forms.faults.fault import Issue
    from pipeline.intake.issues import IssueGroup
    from pipeline.publishing import Kept
    from pipeline.run.renumbering import EditedLetter
    from pipeline.run.report import Outcome
    from pipeline.word.form import Deviation
    from pipeline.word.printing.pdf import Printing

MOST_BOOKS, MOST_CAUSES, MOST_ALIKE, MOST_KEPT = 12, 20, 5, 4
"""Lines of tables: workbooks, causes, documents not made for the same reasons, documents edited by hand."""
MOST_REASONS, MOST_TITLES, MOST_REMARKS, MOST_CELLS = 3, 4, 12, 20
"""Reasons and titles in a table's line, remarks on documents, addresses of one cause."""
GRAVEST = 12
"""Causes shown if there are more than MOST_CAUSES."""
LONGEST_REASON, LONGEST_CELL = 84, 240
"""Characters of a reason, and of a cell in the table of causes: either may name hundreds of cells."""
_COLOURS = {"必改": "bold red", "请核实": "yellow", "提示": "cyan"}


def show_outcome(outcome: Outcome) -> None:
    """Totals and workbooks, the gravest causes, the documents made and withheld, and any remarks."""
    console = new_console()
    _show_counts(outcome, console)
    if outcome.issues:
        _show_workbooks(outcome.issues, console)
        _show_causes(outcome.issues, console)
    if outcome.returned or outcome.cleared:
        console.print(printable(_returned(outcome)), soft_wrap=True)
    if outcome.unreported:
        console.print(f"未报送本月数据：{'、'.join(outcome.unreported)}", soft_wrap=True)
    _show_made(outcome, console)
    if outcome.withheld:
        _show_withheld(outcome.withheld, console)
    if outcome.printing:
        _show_printing(outcome.printing, console)
    if outcome.deviating:
        _show_deviating(outcome.deviating, console)
    if outcome.kept:
        _show_kept(outcome.kept, console)
    _show_letters(outcome, console)
    _show_remarks(outcome.remarks, console)
    if outcome.slowly:
        reasons = "、".join(dict.fromkeys(reason for _, reason in outcome.slowly))
        console.print(f"有 {len(outcome.slowly)} 份文书生成较慢，内容不受影响，原因：{reasons}。", soft_wrap=True)
    console.print(
        f"问题、自动统一的写法、自动补填和未生成的原因逐条列在 {outcome.results}，单击其中的单元格地址可打开原表。",
        soft_wrap=True,
    )


def _show_counts(outcome: Outcome, console: Console) -> None:
    from pipeline.run.report import counted

    filled = sum(item.filled for item in outcome.normalisations)
    counts = "，".join(f"{severity} {number} 处" for severity, number in counted(outcome.issues).items()) or "没有问题"
    console.print(
        f"共生成 {len(outcome.made)} 份，未生成 {len(outcome.withheld)} 份；校验：{counts}；"
        f"自动统一写法 {len(outcome.normalisations) - filled} 处{f'，自动补填 {filled} 格' if filled else ''}。",
        soft_wrap=True,
    )


def _returned(outcome: Outcome) -> str:
    """What goes back to whom, and what has changed since the last run, on one line."""
    places = [
        f"{one.whose} {one.faults} 处{f'（{one.changes.words}）' if one.changes else ''}" for one in outcome.returned
    ]
    cleared = [f"{whose}上次 {changes.before} 处已全部改好" for whose, changes in outcome.cleared]
    back = f"退回改正的表在 {outcome.folder / Tray.RETURNED}：{'、'.join(places)}" if places else ""
    return "；".join(filter(None, (back, *cleared))) + "。"


# Issues --------------------------------------------------------------------------------------------------------------


def _show_workbooks(issues: Sequence[Issue], console: Console) -> None:
    from pipeline.excel.results import by_workbook
    from pipeline.forms.faults.fault import Severity

    table = new_table("各表的问题", "文件", *map(str, Severity))
    books = by_workbook(issues)
    for book, counts in books[:MOST_BOOKS]:
        table.add_row(printable(book), *(str(count or "") for count in counts))
    if rest := [counts for _, counts in books[MOST_BOOKS:]]:
        table.add_row(f"另外 {len(rest)} 个文件", *(str(sum(column) or "") for column in zip(*rest, strict=True)))
    console.print(table)


def _show_causes(issues: Iterable[Issue], console: Console) -> None:
    """The causes in reading order; of very many, the gravest: whole files and sheets, most cells."""
    from rich.text import Text

    from pipeline.intake.issues import grouped

    groups = grouped(issues)
    shown = groups if len(groups) <= MOST_CAUSES else sorted(groups, key=_gravity)[:GRAVEST]
    table = new_table("校验", "级别", "位置（文件 › 表 › 单元格）", "问题与改法", "规则")
    most = LONGEST_CELL if shown is groups else LONGEST_REASON
    for group in shown:
        weight = Text(group.severity, style=_COLOURS[group.severity])
        place, words = _shortened(group.placed(MOST_CELLS), most), _shortened(group.sentence, most)
        table.add_row(weight, printable(place), printable(words), group.number)
    console.print(table)
    if left := len(groups) - len(shown):
        console.print(f"另有 {left} 类问题没有列在这里，见校验结果.xlsx 的“问题”表。", soft_wrap=True)


def _gravity(group: IssueGroup) -> tuple[int, int, int]:
    from pipeline.forms.faults.fault import Severity

    place = group.issues[0].location
    return (
        list(Severity).index(group.severity),
        bool(place.sheet) + bool(place.cell),
        -sum(issue.cells for issue in group.issues),
    )


# Documents -----------------------------------------------------------------------------------------------------------


def _show_made(outcome: Outcome, console: Console) -> None:
    by_folder: dict[Path, list[Path]] = {}
    for path in outcome.made:
        by_folder.setdefault(path.parent, []).append(path)
    table = new_table(f"{outcome.period} 文书", "文书", "结果", "位置")
    for folder, made in sorted(by_folder.items()):
        name = made[0].stem if len(made) == 1 else str(folder.relative_to(outcome.folder))
        table.add_row(printable(name), f"已生成 {len(made)} 份", printable(str(folder.relative_to(outcome.folder))))
    if by_folder:
        console.print(table)
        sending = outcome.sending and outcome.sending.relative_to(outcome.folder)
        to_whom = f"发给谁见其中的 {sending.as_posix()}。" if sending else ""
        console.print(printable(f"文书都在 {outcome.folder}。{to_whom}"), soft_wrap=True)


def _show_withheld(withheld: Iterable[Withheld], console: Console) -> None:
    """Documents that are not made for the same reasons, together: how many, and the first ones."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in withheld:
        alike.setdefault(one.reasons, []).append(one.title)
    sets = sorted(alike.items(), key=lambda pair: -len(pair[1])) if len(alike) > MOST_ALIKE else list(alike.items())
    table = new_table("未生成的文书", "文书", "结果", "原因")
    for reasons, titles in sets[:MOST_ALIKE]:
        lines = [f"共 {len(reasons)} 条原因，前 {MOST_REASONS} 条："] if len(reasons) > MOST_REASONS else []
        lines += map(_shortened, reasons[:MOST_REASONS])
        table.add_row(printable(_named(titles)), f"未生成 {len(titles)} 份", printable("\n".join(lines)))
    console.print(table)
    if rest := sets[MOST_ALIKE:]:
        count = sum(len(titles) for _, titles in rest)
        console.print(f"另有 {count} 份未生成，原因见校验结果.xlsx 的“未生成的文书”表。", soft_wrap=True)


def _named(titles: Sequence[str]) -> str:
    """A line for each title; of very many, the first and their number."""
    more = [f"等 {len(titles)} 份"] if len(titles) > MOST_TITLES else []
    return "\n".join([*titles[: MOST_TITLES if more else None], *more])


def _shortened(text: str, most: int = LONGEST_REASON) -> str:
    """A text cut to fit a page: the middle of a long one is left out, where cells are listed.

    A slightly too long text stays whole: leaving out a few words would save no line.
    """
    half = most // 2
    return text if len(text) <= most + most // 4 else f"{text[:half]}〔略〕{text[-half:]}"


def _show_remarks(remarks: Sequence[tuple[str, str]], console: Console) -> None:
    for title, remark in remarks[:MOST_REMARKS]:
        console.print(printable(f"{title}：{remark}。"), soft_wrap=True)
    if left := remarks[MOST_REMARKS:]:
        console.print(f"另有 {len(left)} 条说明，见校验结果.xlsx 的“未生成的文书”表。", soft_wrap=True)


def _show_deviating(deviating: Iterable[tuple[Path, Sequence[Deviation]]], console: Console) -> None:
    """How documents deviate from the standard; those that deviate alike, together."""
    table = new_table("已生成但格式与标准不一致的文书", "文书", "与标准不一致之处（改好模板后重新生成）")
    alike: dict[str, list[str]] = {}
    for path, found in deviating:
        sentences = (f"{one.item}：现为{one.found}，应为{one.asked}（{one.basis} {one.clause}）" for one in found)
        alike.setdefault("\n".join(dict.fromkeys(sentences)), []).append(path.stem)
    for words, names in list(alike.items())[:MOST_ALIKE]:
        table.add_row(printable(_named(names)), printable(words))
    console.print(table)
    if rest := list(alike.values())[MOST_ALIKE:]:
        count = sum(map(len, rest))
        console.print(f"另有 {count} 份与标准不一致，请用 check-form 查看。", soft_wrap=True)


def _show_printing(printing: Printing, console: Console) -> None:
    """How many PDFs there are, and remarks on their fonts; missing ones by reason."""
    from pipeline.word.printing.fonts import font_remark

    if printing.failed:
        table = new_table("未生成的 PDF", "文书", "结果", "原因")
        alike: dict[str, list[str]] = {}
        for unprinted in printing.failed:
            alike.setdefault(unprinted.reason, []).append(unprinted.document.stem)
        for reason, titles in alike.items():
            table.add_row(printable(_named(titles)), f"未生成 {len(titles)} 份", printable(reason))
        console.print(table)
    console.print(
        f"PDF 共生成 {len(printing.made)} 份，与 Word 文书同名，放在一起；未生成 {len(printing.failed)} 份。",
        soft_wrap=True,
    )
    if printing.made and (remark := font_remark(printing.fonts)):
        console.print(printable(remark), soft_wrap=True)


def show_zip(outcome: Outcome) -> None:
    """Where the zips for the recipients are, or that there are none."""
    sentence = (
        f"已按收件单位打成 {len(outcome.parcels)} 个压缩包，在 {outcome.parcels[0].parents[1]}。"
        if outcome.parcels
        else "本次没有要发送的文书，没有打包。"
    )
    new_console().print(sentence, soft_wrap=True)


def _show_letters(outcome: Outcome, console: Console) -> None:
    """Letters edited by hand that stayed, and those that are to be registered; nothing without any."""
    if outcome.edited:
        _show_edited(outcome.edited, console)
    if outcome.registration.proposals:
        _show_registration(outcome, console)


def _show_registration(outcome: Outcome, console: Console) -> None:
    """Which letters have no number yet or got one, and where their rows for 文件台账 are."""
    of = outcome.registration
    if of.numbered:
        (_, first), (_, last) = of.numbered[0], of.numbered[-1]
        span = first if first == last else f"{first} 至 {last}"
        console.print(printable(f"已编文号 {len(of.numbered)} 个：{span}，已印入文书。"), soft_wrap=True)
    if of.waiting:
        console.print(f"还没有文号的文书 {len(of.waiting)} 份，文中印作【文号待编】。", soft_wrap=True)
    what = "核对后" if not of.waiting else "填上文号后"
    sentence = f"它们在文件台账中的各行已写好：{outcome.folder / str(of.proposals)}，{what}放进本月的数据文件夹即登记。"
    console.print(printable(sentence), soft_wrap=True)


def _show_edited(edited: Sequence[EditedLetter], console: Console) -> None:
    """Letters edited by hand that stayed in their places, and what was changed in them."""
    table = new_table("手工修改过、照旧保留的文书", "文书", "就地更新的文号和成文日期")
    for one in edited[:MOST_KEPT]:
        table.add_row(printable(PurePosixPath(one.file).stem), printable(one.said))
    console.print(table)
    if left := edited[MOST_KEPT:]:
        console.print(f"另有 {len(left)} 份手工修改过、照旧保留的。", soft_wrap=True)


def _show_kept(kept: Sequence[Kept], console: Console) -> None:
    """What somebody had edited by hand, how the new one differs, and where it is now."""
    table = new_table("手工修改过的文书", "文书", "与本次生成的不同之处")
    for one in kept[:MOST_KEPT]:
        more = [f"等 {len(one.differences)} 处，见旁边的对比.txt"] if len(one.differences) > MOST_REASONS else []
        lines = [*map(_shortened, one.differences[: MOST_REASONS if more else None]), *more]
        table.add_row(printable(one.path.stem), printable("\n".join(lines)))
    console.print(table)
    folders = dict.fromkeys(str(one.path.parent) for one in kept)
    console.print(printable(f"修改稿现在在 {'、'.join(folders)}。"), soft_wrap=True)
    if left := kept[MOST_KEPT:]:
        console.print(f"另有 {len(left)} 份手工修改过的，也在这些文件夹里。", soft_wrap=True)
