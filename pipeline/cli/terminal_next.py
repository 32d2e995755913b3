"""Output of `next`: what was prepared, what was left alone, and what the office should look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.cli.printable import printable
from pipeline.cli.terminal import new_console

if TYPE_CHECKING:
    from pipeline.run.preparing import LeftWorkbook, Preparation

MOST_LINES = 20
"""Faults, or remarks, that are shown."""
MOST_NUMBERS = 10
"""Problems that are named in a line."""


def show_preparation(made: Preparation) -> None:
    """The folder and its workbooks, then what somebody should do."""
    console = new_console()
    for sentence in (*_done(made), *_to_do(made)):
        console.print(printable(sentence), soft_wrap=True)


def _done(made: Preparation) -> Iterator[str]:
    yield f"{made.period} 的表备在 {made.folder}，由 {made.base} 的表带出未销号的问题 {sum(made.carried.values())} 个。"
    placed = made.placed
    if placed.added:
        yield f"新备 {len(placed.added)} 份：{_listed(placed.added)}"
    if placed.renewed:
        yield f"按 {made.base} 现在的数据更新 {len(placed.renewed)} 份（没有人动过的）：{_listed(placed.renewed)}"
    if not placed.added and not placed.renewed:
        yield "没有要新备、要更新的表。"
    yield f"名录：{made.registry}"
    if made.sent.added or made.sent.renewed:
        yield f"发给责任区的压缩包 {len(made.sent.added) + len(made.sent.renewed)} 个，在 {made.parcels}。"
    if made.sent.renewed:
        yield f"其中内容有变的 {len(made.sent.renewed)} 个，已经发过的请重发：{_listed(made.sent.renewed)}"


def _to_do(made: Preparation) -> Iterator[str]:
    for one in made.left:
        yield _left(one)
    for name in made.unclear:
        yield f"《{name}》没有写明责任区，不知道是谁的表，没有动；请补填填报信息中的责任区。"
    if made.sent.left:
        yield f"这些压缩包有人改过，没有动：{_listed(made.sent.left)}"
    yield from _shown(made.remarks, "请留意", "条")
    title = f"{made.base} 有必改的问题，这些行照原样带出；请改好后再运行一次，会更新没有人动过的表"
    yield from _shown(tuple(map(str, made.faults)), title, "处")


def _left(one: LeftWorkbook) -> str:
    lacking = ""
    if one.lacking:
        more = f"等 {len(one.lacking)} 个" if len(one.lacking) > MOST_NUMBERS else ""
        lacking = f"；其中缺上月末未销号的问题 {_listed(one.lacking[:MOST_NUMBERS])}{more}，请补进去，编号不变"
    return f"《{one.name}》（{one.whose}）已经有人填写，没有动{lacking}。"


def _shown(lines: tuple[str, ...], title: str, unit: str) -> Iterator[str]:
    if lines:
        yield f"{title}："
        yield from (f"  {line}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"  另有 {len(lines) - MOST_LINES} {unit}，见 report 的校验结果。"


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)
