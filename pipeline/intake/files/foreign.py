"""Another table below a sheet's own rows: one of our sheets pasted there, or anybody's; judged by a line alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.forms.catalogue import FORMS
from pipeline.forms.cells import plain
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.remarks import Filled

LEAST = 3
"""Fewest headings that make a foreign table; two words side by side may be a signature."""
_LONGEST = 12
_HEADING = re.compile(
    r"序号|.*(?:编号|号码|姓名|名称|名单|单位|部门|学校|班级|年级|日期|时间|电话|手机|地址|职务|职称|性别|年龄|人数|"
    r"次数|数量|数|金额|比例|等级|得分|"
    r"分值|项目|事项|内容|情况|问题|措施|类别|类型|类|负责人|责任人|联系人|领导|说明|备注|要求|依据|期限|标准|来源|"
    r"结果|意见|地点|方式|进展|状态|"
    r"签名|签字|签到|学历|专业|规格|型号|单价|经费|用途|名次|奖项|总分)"
)
"""How headings of tables end."""


@dataclass(frozen=True)
class Stranger:
    """Headings that are not the sheet's own. sheet: the title of the sheet of ours whose they are; "" for anybody's."""

    sheet: str = ""


@cache
def _sheets_by_label() -> Mapping[str, frozenset[type[Row]]]:
    found: dict[str, set[type[Row]]] = {}
    for sheet in (sheet for form in FORMS for sheet in form.sheets if not sheet.single):
        for column in sheet.columns():
            found.setdefault(plain(column.label), set()).add(sheet)
    return {label: frozenset(sheets) for label, sheets in found.items()}


def may_head(first: object) -> bool:
    """Whether a line may be headings of another table, by its first cell; quickly answered."""
    if not isinstance(first, str) or len(first) > _LONGEST:
        return False
    word = plain(first)
    return word in _sheets_by_label() or bool(_HEADING.fullmatch(word))


def headings_of_another(filled: Filled, own: type[Row], columns: Mapping[int, Column]) -> Stranger | None:
    """The table that a line heads, if most of its cells are headings of another sheet or of a foreign table; else None.

    columns: the sheet's own columns by position. A line does not head a foreign table if one of its values fits the
    column above it, or if it contains a number.
    """
    words = [plain(value) for _, value in filled if isinstance(value, str)]
    if len(words) < max(LEAST, len(filled)) or len(set(words)) < len(words):
        return None
    if sheet := _sheet_headed_by(words, own):
        return Stranger(sheet.sheet_title())
    fits = any(place in columns and plain(value) in columns[place].codes for place, value in filled)
    short = all(len(word) <= _LONGEST and not re.search("[0-9]", word) for word in words)
    heads = sum(bool(_HEADING.fullmatch(word)) for word in words)
    return Stranger() if short and not fits and heads >= LEAST and 2 * heads > len(words) else None


def _sheet_headed_by(words: Sequence[str], own: type[Row]) -> type[Row] | None:
    """The sheet of ours whose labels most of the words are, and more of them than the sheet's own; None for none."""
    by_label = _sheets_by_label()
    counts = Counter(sheet for word in words for sheet in by_label.get(word, ()))
    most = max(counts.values(), default=0)
    if most < LEAST or 2 * most <= len(words) or most <= counts[own]:
        return None
    return next(sheet for sheet, count in counts.items() if count == most)
