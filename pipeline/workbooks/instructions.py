"""How to fill in a form: hints to columns and the sheet 填报说明; knows words, no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.forms.follows import TakenFrom
from pipeline.forms.schema import Column, Form, Row
from pipeline.intake.files.layout import EXAMPLE_MARK
from pipeline.words import chinese

_NEEDED = {"必填": "是", "视情必填": "视情", "视情宜填": "视情", "宜填": "宜填", "可留空": "可留空", "选填": ""}
TABLE_HEADING = ("列名", "必填", "类型", "怎么填", "示例")

_RULES = (
    "点选要填的单元格，旁边会出现填写提示；视情填写的列，提示里写明什么情况下要填。",
    "提示中写着“可留空”的，空着由程序按其他各格补填，补了什么列在校验结果的“自动补填”里；已填的一律不改。",
    "带下拉箭头的请从列表中选择。可填多项的列，下拉一次只能选一项，其余的在后面接着写，用分号“；”隔开。",
    "日期写作 2024-03-31，年月写作 1978-05，年、月、日都要写全。数字只填数字，不带单位。",
    f"第 2 行灰色斜体、以“{EXAMPLE_MARK}”开头的是示例，请连同“{EXAMPLE_MARK}”一起改写，或删去整行；示例行不会被读入。",
    "一事一行，从上往下填，中间不留空行。不要合并单元格，不要改动表头和工作表名称，不要增加或删除列。",
    "没有内容的选填单元格留空，不要填“无”或“/”。",
    "插入新行请在已填的行之间，不要紧挨表头。可以删除行、排序、筛选，也可以调整列宽和行高；保护没有设密码。",
    "从别处复制内容时，请用“选择性粘贴”中的“数值”，以免带入别的格式。填好后存为 .xlsx 格式，不要加密。",
)


LEGEND: Mapping[str, str] = {
    "必填列": "表头深红色：每一行都要填。",
    "视情填写的列": "表头橙色：同一行的其他单元格填了某些内容时才要填，点选单元格可以看到是什么情况。",
    "选填列": "表头蓝灰色：有就填，没有就留空；写着“可留空”的由程序补填。",
    "必填未填": "单元格浅红色：这一行必须填这一项，而还没有填，填上后自动恢复。不补填，用到这一行的文书不生成。",
    "宜填未填": "单元格浅黄色：一般应当填这一项，请补填；确实没有的可以留空，不影响出文。",
}
"""What each colour of a sheet says, in the order of 填报说明."""


@dataclass(frozen=True)
class InstructionLine:
    """One line of 填报说明: its cells from the left, and its kind: title, section, text, legend, heading or entry.

    A legend's first cell is a key of LEGEND, and is coloured like what it explains.
    """

    look: str
    cells: tuple[str, ...]


def need(column: Column) -> str:
    """必填, 可留空, 选填, or what is between: 视情必填, 视情宜填 or 宜填."""
    if column.needed:
        return "必填"
    if column.required:
        return "视情必填" if isinstance(column.follows, TakenFrom) else "可留空"
    if not column.needs:
        return "可留空" if column.follows else "选填"
    if any(each.binding for each in column.needs):
        return "视情必填"
    return "视情宜填" if all(case.terms or case.beyond for each in column.needs for case in each.cases) else "宜填"


def hint(sheet: type[Row], column: Column, *, with_codes: bool = False) -> str:
    """When and how to fill in a column, in sentences.

    with_codes: including its code list, for a place without a drop-down.
    """
    words = column.limits.suggested or (column.codes if with_codes else ())
    offer = f"{'可填' if column.limits.suggested else '选项'}：{'、'.join(words)}" if words else ""
    leave = column.follows.words if column.follows else ""
    pieces = (*(each.said(sheet.label_of) for each in column.needs), leave, column.how, column.limits.note, offer)
    return "".join(f"{piece.rstrip('。')}。" for piece in pieces if piece)


def with_example(column: Column, words: str) -> str:
    """The words, then the column's example if it has one."""
    return f"{words}示例：{column.example}" if column.example else words


def lines(form: Form) -> Iterator[InstructionLine]:
    """填报说明 of a form: its purpose, the rules, then each sheet with its columns."""
    yield InstructionLine("title", (f"《{form.name}》填报说明",))
    yield InstructionLine("text", (form.about,))
    yield InstructionLine("section", ("填写规则",))
    for sample, meaning in LEGEND.items():
        yield InstructionLine("legend", (sample, meaning))
    for number, sentence in enumerate(form.steps or _RULES, 1):
        yield InstructionLine("text", (f"{number}. {sentence}",))
    for number, sheet in enumerate(form.sheets, 1):
        yield InstructionLine("section", (f"{chinese(number)}、{sheet.sheet_title()}",))
        yield from _of_sheet(sheet)


def _of_sheet(sheet: type[Row]) -> Iterator[InstructionLine]:
    yield InstructionLine("text", (sheet.about,))
    if sheet.groups:
        yield InstructionLine("text", (_groups(sheet),))
    yield InstructionLine("heading", TABLE_HEADING)
    for column in sheet.columns():
        words = hint(sheet, column, with_codes=True)
        yield InstructionLine("entry", (column.label, _NEEDED[need(column)], column.kind.word, words, column.example))


def _groups(sheet: type[Row]) -> str:
    """How the columns of a sheet are grouped, and folded away."""
    named = "、".join(f"{each.name}（{sheet.label_of(each.first)}起）" for each in sheet.groups)
    return f"各列按{named}分组，粗竖线处开始新的一组。点表格上方的“－”收起一组，只留第一列；点“＋”再展开。"
