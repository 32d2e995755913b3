"""Lines of a sheet without data: titles, totals, notes, “nothing this month”; judged by the line alone, knows no file.

A line taken for a remark is not read. So each recogniser names what it accepts; a poorly filled row is not a remark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.forms.cells import Broken, clean, plain
from pipeline.forms.habits import Habit, habit
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.layout import EXAMPLE_MARK
from pipeline.intake.messages import shown
from pipeline.words import western

Filled = Sequence[tuple[int, Any]]
"""The cells of a line with content, with their columns; the line is not blank."""

MOST_OF_A_TITLE = 8
"""A line above the headings with more filled cells is not a title."""
FEW = 2
"""A line with no more filled cells may be a remark whatever its words, if they are in a key's place."""

MOST_BROKEN = 3
"""A line with more faulty formulas may be a row that has lost its source."""

_SIGNED = (
    r"(?:填表|填报|制表|报送|编制|审核|审批|复核|经办|联系|统计|汇报|报告)(?:人|单位|部门|时间|日期|电话|意见)|制表|"
    r"审核|日期|时间|电话|单位|"
    r"签字|签名|签章|签收|盖章|公章|印章"
)
_SIGNING = r"(?:主要|单位|部门|分管|校|局|科室)?(?:负责人|领导|主任|校长|局长|股长|科长)"
"""Who signs; such a word alone may also be a row's word for a person."""
_BRACKETS = r"(?:[(（][^()（）]{1,12}[)）])*"
_SEAL = r"(?:签字|签名|签章|盖章|公章)"
_MARGIN = re.compile(
    rf"[(（]?(?:(?:{_SIGNED}){_BRACKETS}{_SEAL}?|{_SIGNING}(?:{_BRACKETS}{_SEAL}|"
    rf"(?=[(（:：]))){_BRACKETS}[)）]?(?:[:：].*)?|"
    rf".{{1,20}}[(（](?:{_SEAL}|印章)[)）]"
)
"""A signature, stamp or date below a table, or the unit above it: 填报单位（盖章）：某责任区."""
_OFFICE = re.compile(
    r".{0,20}(?:督导室|督导办|督导办公室|督导委员会|督导组|责任区|教育局|教体局|教科局|教育体育局|中心校|人民政府|"
    r"领导小组)"
)
"""An office that signs without further words: 督导室."""
_DAY = re.compile("20[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日?")
_NOTE = re.compile(
    r"[(（]?(?:注|备注|附注|说明|填表说明|填报说明|注意事项?|提示|要求)[0-9一二三]?[)）]?(?:[:：].*)?|"
    r"(?:本|此|该)(?:表|页|台账|清单|工作簿)(?:一式|由|须|需|应|请|仅|只|不|数据|统计|截至|截止|中|内|所|以|为|系|"
    r"共).*|"
    r"[—\-*·.…(（]*(?:(?:此行|本行)?以|此)下(?:各行|行|各栏)?(?:为|均为|是)?(?:空白|空|无|无内容|无正文)[—\-*·.…)）]*|"
    r"(?:接|续|转)(?:上|下)(?:页|表)|续表|[(（]?(?:完|全文完|本表完|结束)[)）]?|[(（]?(?:此|本)页无正文[)）]?|"
    r"第[0-9一二三四五六七八九十]+页.*|共[0-9]+页.*"
)
_TOTAL = re.compile(
    r"(?:本页|本表|全县|本月|本期|以上)?(?:合计|总计|小计|共计|累计|汇总|总数|平均)(?:[:：].*|[0-9].*)?|"
    r"(?:以上)?共[0-9]+[条项个行人所份次].*"
)
_REMARK = re.compile(rf"(?:{_TOTAL.pattern})|(?:注|备注|说明|填表说明)[:：].*|(?:{_SIGNED}|{_SIGNING})[:：].*")
"""Beginnings that mark a line as a total or a note, however much follows."""
_LABELLED = re.compile(r"[^:：]{1,14}[:：].*")
_FURNITURE = re.compile(
    r"附[件表][0-9一二三四五六七八九十]*.{0,10}|表[0-9一二三四五六七八九十]+|[(（].{1,20}[)）]|20[0-9]{2}年.{0,12}|"
    r"第.{1,4}页.*|共.{1,4}页"
)
"""Words at the corner of a title: 附件2, （盖章）, 2024年3月."""
_KEY = re.compile(r"[A-Za-z]{1,4}[\W_]*[0-9]|[0-9]{6}[\W_]+[0-9]{1,3}(?:[\W_]+[0-9]{1,3})?$")
"""How a key begins, well or badly written: WT-202403-02-001, wt2024 03, 202403-02-001; unlike a day."""
LONGEST_NOTHING = 8
"""Characters; a longer first cell says something, even without “nothing this month”."""
MOST_OF_A_NOTE = 4
"""A line with more filled cells is a row, even if one of them says that there is nothing."""
_LONGEST_VOID, _BEGIN_VOID = 10, frozenset("(（【[ 　此本该这行条项记问数已作注撤取删不重")
_VOID = re.compile(
    "[(（【[]?(?:(?:此|本|该|这)?(?:行|条|项|记录|问题|数据)?(?:已经?)?(?:作废|注销|撤销|取消|删除)|不要了?|重复(?:了|"
    "填报)?)[)）】\\]]?[。.!！]?"
)
"""What clerks write in a row that they have cancelled."""
_DONE = re.compile("[(（]?(?:已经?)?(?:注销|撤销|取消|删除|重复)[)）]?[。.!！]?")
"""Those of the words that may also say what was done about a problem: 整改措施 “已取消”."""
_THINGS = (
    r"(?:新增|发现|发生|开展|出现|组织|召开|印发|制发|下发|收到|形成|此类|上述|相关|其他|任何|新|的|和|及|或|、|,|未|"
    r"需要?|须|应|上报|填报|报送|"
    r"列入|整改|督导|检查|存在|重大|安全|责任|评估|自查|问题|情况|会议|培训|活动|发文|行文|收文|来文|文件|计划|内容|"
    r"事项|记录|数据|报告|隐患|意见|"
    r"到访|视导|调研|指标|变化|变动|工作|任务|材料|学校|责任区|督学|人员|台账|通知书?)*"
)
_THIS_MONTH = (
    r"(?:(?:20[0-9]{2}年)?[0-9]{1,2}月份?|本月份?|本期|本季度?|本年度?|当月|该月|我?本?责任区|本单位|本县|我县|"
    r"截至目前|目前|,|、)"
)
_NOTHING_NEW = re.compile(
    rf"{_THIS_MONTH}+(?:均|暂|尚)?(?:无|没有|未|零){_THINGS}[。"
    rf".!]?|(?:均|暂|尚)?(?:无|没有|未)新(?:增|发现){_THINGS}[。.!]?"
)
"""本月无, 8月没有督导, 无新增问题: unambiguous anywhere in a line."""
_NOTHING_DONE = re.compile(rf"(?:均|暂|尚)?(?:无|没有|未|零){_THINGS}[。.!]?")
"""无问题, 未开展督导: counts in a line's first cells; elsewhere it may be a state, as 未整改 is."""


def is_title(filled: Filled, columns: Mapping[int, Column], across: Collection[int]) -> bool:
    """Whether a line above the headings is clearly a title, or says whose table it is and from when.

    columns: the sheet's own, by position; across: the positions of cells merged with others to their right. A line is a
    row if a cell looks like a key or like a value of the column below it, or if it has more than one unexplained text.
    """
    if len(filled) > MOST_OF_A_TITLE:
        return False
    unexplained, labelled = 0, False
    for place, value in filled:
        text = plain(value)
        if isinstance(value, Broken) or _KEY.match(text):
            return False
        if _LABELLED.fullmatch(text) or _MARGIN.fullmatch(text):
            labelled = not _LABELLED.fullmatch(text) or text.endswith((":", "："))
            continue
        if labelled and isinstance(value, str | date):
            labelled = False
            continue
        if place in columns and _fits(value, columns[place]):
            return False
        if isinstance(value, str):
            unexplained += place not in across and not _FURNITURE.fullmatch(text)
        elif not isinstance(value, date):
            return False
    return unexplained <= 1


def _fits(value: Any, column: Column) -> bool:
    """Whether a value fits this column only: one of its words, a day, a number. Any text fits a column of texts."""
    kind = column.kind.name
    if isinstance(value, str):
        return plain(value) in column.codes
    if isinstance(value, date):
        return kind in ("date", "month")
    return kind in ("integer", "number", "yesno")


def is_remark(filled: Filled, sheet: type[Row], columns: Mapping[int, Column], across: Collection[int]) -> bool:
    """Whether a line that lacks a row's required values is a total, or a note below the rows.

    It begins as one, or its one or two cells are all words of the margin; or its only cell is merged with others beside
    it, or is in the key's place and unlike any key.
    """
    (place, value), *others = filled
    if not others and is_a_day(value):
        return place not in columns or columns[place].kind.name not in ("date", "month")
    if not isinstance(value, str):
        return False
    text = plain(value)
    if _REMARK.fullmatch(text) or _is_signed(filled, sheet, columns) or _is_signed_in_pairs(filled):
        return True
    if all(isinstance(cell, str) and is_of_the_margin(plain(cell)) for _, cell in filled):
        return True
    if len(filled) <= FEW and place == min(columns, default=0) and is_of_the_margin(text):
        return True
    if others or _KEY.match(text):
        return False
    return place in across or (place in columns and has_a_form(columns[place], sheet))


def _is_signed(filled: Filled, sheet: type[Row], columns: Mapping[int, Column]) -> bool:
    """Whether a line is a signature: an office alone, or who stamps, beside the day: 某责任区（盖章） | 2024-03-31.

    An office in the column where the sheet's rows have their names is not one.
    """
    words = [(place, plain(value)) for place, value in filled if not is_a_day(value)]
    if len(words) != 1:
        return False
    place, text = words[0]
    named = place in columns and columns[place].attribute in (*sheet.key(), *sheet.named_by)
    return bool(_MARGIN.fullmatch(text)) if len(filled) > 1 else not named and bool(_OFFICE.fullmatch(text))


def _is_signed_in_pairs(filled: Filled) -> bool:
    """Whether a line has signatures with names beside them: 填表人 | 李四 | 联系电话 | 0600-5550001."""
    named = False
    for _, value in filled:
        if isinstance(value, str) and _MARGIN.fullmatch(plain(value)):
            named = True
        elif not named:
            return False
        else:
            named = False
    return True


def is_a_day(value: Any) -> bool:
    """Whether a cell holds a whole day, as below a signature: 2024年3月31日."""
    return isinstance(value, date) or (isinstance(value, str) and bool(_DAY.fullmatch(western(plain(value)))))


def is_of_the_margin(text: str) -> bool:
    """Whether a text, in the form for comparison, is a total, a note, a signature, or says that nothing follows."""
    return any(pattern.fullmatch(text) for pattern in (_TOTAL, _NOTE, _MARGIN))


def has_a_form(column: Column, sheet: type[Row]) -> bool:
    """Whether the column is the first of the sheet's key, and its keys are distinguishable from other words."""
    if column.attribute not in sheet.key()[:1]:
        return False
    named = (target for target in column.targets if target.key())
    of_target = (next(c for c in target.columns() if c.attribute == target.key()[0]) for target in named)
    return column.kind.name == "integer" or any(item.limits.pattern for item in (column, *of_target))


def says_nothing(filled: Filled, columns: Collection[int]) -> bool:
    """Whether a line says that there is nothing to report: 本月无新增问题; or begins with 无, 无问题 and dashes.

    A row number before it is ignored.
    """
    said = filled[1:] if len(filled) > 1 and _is_serial(filled[0][1]) else filled
    if not all(isinstance(value, str) for _, value in said):
        return False
    words = [plain(value) for _, value in said]
    # All cells must say so: a name beside it makes it a line about somebody (`says_nothing_of_one`).
    if any(map(_NOTHING_NEW.fullmatch, words)):
        return all(map(_is_nothing, words))
    return filled[0][0] in sorted(columns)[:FEW] and all(map(_is_nothing, words))


def says_nothing_of_one(filled: Filled) -> bool:
    """Whether a line says that there is nothing about one school or the like: 某小学 | 本月无新增问题."""
    return len(filled) <= MOST_OF_A_NOTE and any(
        isinstance(value, str) and _NOTHING_NEW.fullmatch(plain(value)) for _, value in filled
    )


def is_cancelled(values: Mapping[str, Any], sheet: type[Row]) -> bool:
    """Whether a cell says that its row is void (作废), unless that is a proper value of its column (a 取消 meeting)."""
    said = [label for label, v in values.items() if type(v) is str and len(v) <= _LONGEST_VOID and v[0] in _BEGIN_VOID]
    void = [label for label in said if _VOID.fullmatch(values[label].strip())] if said else ()
    return bool(void) and any(not _may_hold(c, values[c.label]) for c in sheet.columns() if c.label in void)


def _may_hold(column: Column, void: str) -> bool:
    """Whether a word for void rows may be a proper value of the column: one of its terms, or a free text."""
    free = column.kind.name == "text" and not (column.required or column.limits.key or column.limits.pattern)
    return plain(void) in column.codes or (free and bool(_DONE.fullmatch(void.strip())))


def has_a_key(sheet: type[Row], columns: Mapping[int, Column], line: Sequence[Any]) -> bool:
    """Whether a line has a key that can only be the sheet's, well or badly written: it begins like the example's."""
    return any(
        place < len(line) and isinstance(line[place], str) and _begins_alike(plain(line[place]), column.limits.example)
        for place, column in columns.items()
        if column.attribute in sheet.key()
    )


def _begins_alike(text: str, example: str | None) -> bool:
    said, meant = re.match("[A-Za-z]*", text), re.match("[A-Za-z]*", example or "")
    return bool(said and meant and said[0] and said[0].casefold() == meant[0].casefold() and _KEY.match(text))


def may_say_nothing(first: object, last: object) -> bool:
    """Whether a line may say nothing, by its first cell and the last that is read; a quick test."""
    if isinstance(first, str) and len(first) > LONGEST_NOTHING:
        return False
    return isinstance(last, str) and habit(last) is Habit.NOTHING


def _is_nothing(text: str) -> bool:
    return habit(text) is Habit.NOTHING or bool(_NOTHING_NEW.fullmatch(text) or _NOTHING_DONE.fullmatch(text))


def _is_serial(value: Any) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}(\.0)?", plain(value)))


def is_dragged(line: int, filled: Filled, columns: Mapping[int, Column], formulas: Collection[tuple[int, int]]) -> bool:
    """Whether a line that lacks a row's required values was only filled down, or numbered in advance.

    It holds only zeros and FALSE, a row number, or a few formulas that give no text and no day.
    """
    (place, value), *others = filled
    if not others and place in columns and columns[place].limits.key and columns[place].kind.name == "integer":
        return _is_serial(value)
    if all(_is_zero(value) for _, value in filled):
        return True
    broken = sum(isinstance(value, Broken) for _, value in filled)
    of_formulas = all((line, place) in formulas for place, _ in filled)
    return of_formulas and broken <= MOST_BROKEN and not any(isinstance(value, str | date) for _, value in filled)


def _is_zero(value: Any) -> bool:
    """0, FALSE, or 0% as shown."""
    return bool(re.fullmatch(r"0(?:\.0+)?%?", plain(value))) if isinstance(value, str) else value in (0, False)


def labels_of(filled: Filled, labels: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The labels in a line, with their places, if it is a line of labels: several, and most of its cells."""
    found = [
        (place, labels[plain(value)]) for place, value in filled if isinstance(value, str) and plain(value) in labels
    ]
    if len(found) > 1 and 2 * len(found) > len(filled):
        yield from found


# Example rows --------------------------------------------------------------------------------------------------------


def is_unchanged_example(values: Mapping[str, Any], filled: Sequence[tuple[int, Any]], sheet: type[Row]) -> bool:
    """Whether a line is an example as in the blank; one that a clerk has changed is not."""
    return is_marked(values, filled[0][1], sheet.columns()[0].label) and is_example(values, sheet)


def is_marked(values: Mapping[str, Any], first: object, label: str) -> bool:
    """Whether the first cell of a line, or that of the sheet's first column, has the mark of an example."""
    return any(isinstance(cell, str) and cell.startswith(EXAMPLE_MARK) for cell in (first, values.get(label)))


def is_example(values: Mapping[str, Any], sheet: type[Row]) -> bool:
    """Whether every cell of a marked row is as in the blank, with months as their first day."""
    return all(
        column.example in (text := clean(shown(value)).removeprefix(EXAMPLE_MARK), str(value), text[: len("2024-03")])
        for column in sheet.columns()
        if (value := values.get(column.label)) is not None
    )
