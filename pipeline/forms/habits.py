"""Words that clerks write instead of a value: for nothing, for “as above”, for “and others”; knows no sheet."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from pipeline.forms.cells import plain

LONGEST = 16
"""Characters; a longer text is prose."""


class Habit(Enum):
    """What a word that is not a value says."""

    NOTHING = "没有"
    UNFILLED = "待填"
    AS_ABOVE = "同上"
    AS_ELSEWHERE = "同左"


_WORDS = """
无 没有 没 暂无 暂没有 暂时没有 暂时无 尚无 目前无 目前没有 本月无 本月没有 均无 全无 无内容 无数据
无相关内容 无此项 无该项
空 空白 为空 留空 未填 不填 免填 不用填 不需填 不必填 无需填 无需填写 不适用 不涉及 n/a na n.a nil none null blank
"""
_NOTHING = frozenset(_WORDS.split())
_UNFILLED = frozenset(
    ["待填", "待填写", "待补", "待补充", "待补填", "此处填写", "在此填写", "请填写", "xx", "xxx", "xxxx"]
)
"""Something is still to be written; these do not say that there is nothing to report."""
_AS_ABOVE = re.compile(
    r"同(上|前)((一)?(行|格|条|栏|项|例)|面(一行)?)?|(与|和|同)?(上|前)(面|一?行|一?条|一?格|一?项)?(相同|一样)|ditto|"
    r"do|same|"
    r"sameasabove|asabove|(〃|[“”\"″〝〞]|′′|'')+"
)
_AS_ELSEWHERE = re.compile(
    r"同(左|右|下|以上|以下)(行|格|列|栏|侧)?|(如|见)(上|前|下|左|右)(行|格|列|栏|述)?|"
    r"同第?[0-9一二三四五六七八九十]+(行|条|项)"
)
_MARKS = "()[]{}<>【】〔〕《》〈〉「」『』"
_STOPS = "-‐‑‒–—―−─━_/\\|ー丨·・.,、。，；;:：…~～*"
_QUOTES = "“”\"'‘’"
_OTHERS = re.compile(
    r"(等|一行)[0-9一二三四五六七八九十百两几多余数]*(个|名|位)?(人|人员|同志|老师|教师|督学|干部|专家|"
    r"成员)?([(（].*[)）])?$"
)
"""等3人, 等人, 等 at the end: there are more persons than are named."""


@lru_cache(maxsize=2**12)
def habit(written: str) -> Habit | None:
    """What a whole cell, or an item of a list, says instead of a value; None for a value or a blank.

    Width, case, blanks, surrounding brackets and a final full stop make no difference. A number, even 0, is a value.
    """
    if len(written) > LONGEST:
        return None
    bare = plain(written).casefold()
    within, word = bare.strip(_MARKS), bare.strip(_MARKS + _STOPS)
    for said, pattern in ((Habit.AS_ABOVE, _AS_ABOVE), (Habit.AS_ELSEWHERE, _AS_ELSEWHERE)):
        if pattern.fullmatch(within) or pattern.fullmatch(word):
            return said
    nothing = word.strip(_QUOTES + _MARKS + _STOPS)
    if nothing in _UNFILLED:
        return Habit.UNFILLED
    return Habit.NOTHING if bare and (not nothing or nothing in _NOTHING) else None


def names_others(written: str) -> bool:
    """Whether words for unnamed others follow a person's name."""
    return ("等" in written or "一行" in written) and bool(_OTHERS.search(plain(written)))
