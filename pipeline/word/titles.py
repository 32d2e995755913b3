"""Titles: lines broken by sense, as even as can be (GB/T 9704-2012, 7.3.1); knows words, knows no document."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations, pairwise

LONGEST_LINE = 19.0
"""Characters of 22 pt in the 156 mm of the type area, one left over for closing marks."""
_BEFORE = (
    "关于|开展|召开|组织|做好|加强|印发|调整|聘任|经常性|专项|逾期|问题|创建|情况|整改通知书|自查报告|暨|全县|春季|秋季|暑期"
    "|校园|教育督导|(?<!专项)(?<!教育)(?<!责任)(?<!综合)(?<!经常性)督导"
)
"""Words before which a line may end; a word that belongs to the one before it is none."""
_AFTER = ("学校", "小学", "中学", "完小", "幼儿园", "教学点", "街道", "责任区", "年", "的", "》", "、")
_JOINTS = re.compile("|".join([f"(?={_BEFORE})", *(f"(?<={word})" for word in _AFTER)]))
_MOST_JOINTS = 16


def by_sense(title: object) -> str:
    """The title in lines, divided by line breaks between words so that they are about as long; short ones as they are."""
    text = str(title)
    count = int(-(-width(text) // LONGEST_LINE))
    if count < 2:
        return text
    joints = [joint.start() for joint in _JOINTS.finditer(text) if 0 < joint.start() < len(text)]
    inner = [place for place in dict.fromkeys(joints) if not text[place:].startswith(("的", "》", "、"))][:_MOST_JOINTS]
    for lines in (count, count + 1):
        divisions = (cut(text, places) for places in combinations(inner, lines - 1))
        fitting = [division for division in divisions if max(map(width, division)) <= LONGEST_LINE]
        if fitting:
            even = min(fitting, key=unevenness)
            return "\n".join(even)
    return text


def cut(text: str, places: tuple[int, ...]) -> list[str]:
    """The text divided at some places."""
    return [text[start:end] for start, end in pairwise([0, *places, len(text)])]


def unevenness(lines: list[str]) -> float:
    """How far the lines are from being alike in length; 0 for alike."""
    mean = sum(map(width, lines)) / len(lines)
    return sum((width(line) - mean) ** 2 for line in lines)


def width(text: str) -> float:
    """The width in full-width characters; a half-width one counts for half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
