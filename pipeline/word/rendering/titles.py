"""Titles: lines broken by sense, as even as possible (GB/T 9704-2012, 7.3.1); knows words, no document."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from pipeline.words import units

LONGEST_LINE = 19.0
"""Characters of 22 pt within the 156 mm of the type area, less one for closing marks."""
_BEFORE = (
    "关于|开展|召开|举办|(?<!党)组织|做好|加强|印发|调整|聘任|经常性|专项|逾期|问题|创建|情况|整改通知书|自查报告|暨|全县|春季|秋季|暑期"
    "|校园|教育督导|(?<!专项)(?<!教育)(?<!责任)(?<!综合)(?<!经常性)督导"
)
"""Words before which a line may end, unless they belong to the word before."""
_AFTER = (
    "(?<=学校|完小)",
    "(?<=小学|中学)(?![生教段阶部])",
    "(?<=幼儿园|教学点|责任区)",
    "(?<=街道)(?!办)",
    "(?<=[0-9]年)(?!度)",
    "(?<=[的》、])",
)
"""Words after which a line may end."""
_JOINTS = re.compile("|".join([f"(?={_BEFORE})", *_AFTER]))
_WEAK_JOINTS = re.compile("(?=工作|会议|培训|提升|治理|评估|建设|实施|检查)")
"""Where a line may end if no other division fits: inside what is nearly one word."""
_MOST_JOINTS = 16
"""Places that are tried: the divisions to compare multiply with each."""
_NAME = re.compile(
    "(?:(?<=关于)|(?<=^对)|(?<=、)|(?<=在))[^0-9年月日的、，《》]{2,30}"
    "(?:学校|小学|中学|完小|幼儿园|教学点|中心|高中|教育局|体育局|财政局|人民政府|办事处|责任区)"
)
"""The name of a school or office within a title: no line ends inside it if another division fits."""
_ENDING = re.compile(
    "(?:整改通知书|督导意见书|反馈意见)$|(?:工作|情况|问题)?的?(?:通知|通报|督办单|意见|函|方案|报告|总结|决定)$"
)
"""The kind of document, with the word before it: kept whole, and not begun on a line after a short word."""
_SHORT_ENDING = 5
_SHORTEST_LINE = 4.0


def by_sense(title: object) -> str:
    """The title broken between words into lines shaped as a trapezium or a diamond; a short title unchanged.

    The end of a title (工作的通知) is never divided; a name only if no other division fits the page.
    """
    text = str(title)
    count = int(-(-width(text) // LONGEST_LINE))
    if count < 2:
        return text
    strong, all_ = _joints(text, _JOINTS), _joints(text, _JOINTS, _WEAK_JOINTS)
    names = [match.span() for match in _NAME.finditer(text)]
    for allowed in (_outside(names, strong), _outside(names, all_), all_):
        # One line more than needed, if no division into fewer fits the page.
        for lines in (count, count + 1):
            divisions = (cut(text, places) for places in combinations(allowed[:_MOST_JOINTS], lines - 1))
            fitting = [division for division in divisions if _fits(division)]
            if fitting:
                shapeliest = min(fitting, key=unshapeliness)
                return "\n".join(shapeliest)
    return text


def _joints(text: str, *kinds: re.Pattern[str]) -> list[int]:
    """Where a line may end: between words, and not within the end of the title."""
    ending = _ENDING.search(text)
    latest = ending.start() if ending else len(text)
    # A short ending (的通知) must not stand alone at the beginning of a line.
    if len(text) - latest < _SHORT_ENDING:
        latest -= 1
    places = sorted({joint.start() for kind in kinds for joint in kind.finditer(text) if 0 < joint.start() <= latest})
    # These characters belong to what is before them.
    return [place for place in places if not text[place:].startswith(("的", "》", "、"))]


def _outside(names: list[tuple[int, int]], places: list[int]) -> list[int]:
    return [place for place in places if not any(start < place < end for start, end in names)]


def _fits(lines: list[str]) -> bool:
    return all(_SHORTEST_LINE <= width(line) <= LONGEST_LINE for line in lines)


def unshapeliness(lines: list[str]) -> float:
    """How unlike in length the lines are, more so if a later one is longer; 0 for equal lines.

    The name of the office stands above the title: lines that grow shorter make a trapezium or diamond together with it.
    """
    widths = [width(line) for line in lines]
    mean = sum(widths) / len(widths)
    growing = sum(max(0.0, later - earlier) ** 2 for earlier, later in pairwise(widths))
    return sum((one - mean) ** 2 for one in widths) + growing / 2


def cut(text: str, places: tuple[int, ...]) -> list[str]:
    """The text divided at these places."""
    return [text[start:end] for start, end in pairwise([0, *places, len(text)])]


def width(text: str) -> float:
    """The width in full-width characters; a half-width one counts as half."""
    return units(text) / 2
