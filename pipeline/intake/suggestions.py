"""What a clerk may have meant: the most similar term or name, or several names in one cell; knows no sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from pipeline.forms.cells import clean, plain
from pipeline.forms.schema import Column
from pipeline.words import perhaps, similar

NEARLY_A_NAME = 75
"""Per cent: a part of a cell this similar to a name stands for it."""
AMONG = 5
"""How many of the most similar words are searched for one without a conflicting number."""
SHORTEST, LONG = 4, 10
"""Characters in a name from which it counts as misspelt with one character off, or with two."""


def nearest(written: str, known: Iterable[str], places: Collection[str] = ()) -> str:
    """，是否应为“……” for the most similar known word without a conflicting number or place; "" for none."""
    alike = (word for word in similar(written, known, AMONG) if not _numbered_otherwise(written, word))
    meant = next((word for word in alike if not _placed_otherwise(written, word, places)), None)
    return f"，{perhaps(meant)}" if meant else ""


_ORDINAL = re.compile("[0-9]+|[一二三四五六七八九十百]+")


def _numbered_otherwise(one: str, other: str) -> bool:
    """Whether two words have conflicting numbers: JC-202403-03-004 and -04-004, 第一小学 and 第二小学.

    Only marks and leading zeros may differ, as in DD-2024-1 for DD-2024-001; a word without a number conflicts with
    none.
    """
    numbers, others = (_ORDINAL.findall(plain(word)) for word in (one, other))
    same = "".join(numbers) == "".join(others) or [each.lstrip("0") for each in numbers] == [
        each.lstrip("0") for each in others
    ]
    return bool(numbers and others) and not same


def _placed_otherwise(one: str, other: str, places: Iterable[str]) -> bool:
    """Whether two words name different places: 中学 of two towns; a word without a place conflicts with none."""
    here, there = ({place for place in places if place in word} for word in (one, other))
    return bool(here and there) and here.isdisjoint(there)


def nearest_term(written: str, column: Column) -> str:
    """The same for a term of a code list: the word's known meaning, else the most similar term but its opposite."""
    if meant := column.meant_by.get(plain(written)):
        return f"，{perhaps(meant)}"
    return nearest(written, [term for term in column.codes if not contrary(plain(written), term)])


# Opposites -----------------------------------------------------------------------------------------------------------

_NEGATIONS = re.compile("[未不没无非否免勿]")
_STAGES = (
    re.compile("已|完成|完毕|办结|完结|结束|到位"),
    re.compile("中$|正在|进行"),
    re.compile("待|拟|将|准备|尚"),
)
"""Words for done, under way, and to come."""
_OPPOSED = (
    "有无",
    "公民",
    "公私",
    "上下",
    "来发",
    "收发",
    "内外",
    "男女",
    "专兼",
    "正副",
    "前后",
    "早晚",
    "大小",
    "轻重",
    "高低",
    "初高",
    "城乡",
    "优劣",
    "先后",
    "增减",
)


def contrary(one: str, other: str) -> bool:
    """Whether two words are opposites, however similar: 合格 and 不合格, 已整改 and 整改中, 来文 and 发文."""
    if len(_NEGATIONS.findall(one)) != len(_NEGATIONS.findall(other)) or one.count("副") != other.count("副"):
        return True
    if any(bool(stage.search(one)) != bool(stage.search(other)) for stage in _STAGES):
        return True
    return any(_parts(pair, one, other) or _parts(pair, other, one) for pair in _OPPOSED)


def _parts(pair: str, one: str, other: str) -> bool:
    """Whether only one word has the first character of a pair, and only the other has the second."""
    return pair[0] in one and pair[1] in other and pair[0] not in other and pair[1] not in one


# Several names -------------------------------------------------------------------------------------------------------

_STRONG = re.compile("[、，,;；/|+＋&\n]")
_WEAK = re.compile(r"以及|[和与及跟]|\s+")


def several(written: str, is_name: Callable[[str], bool], known: Sequence[str]) -> tuple[str, ...]:
    """The names in a cell that holds more than one; () for one name, even a misspelt one, and for other words.

    Separated by a mark, all must be names or nearly so; separated by a blank or by a word that may be part of a name,
    one of them must be a name.
    """

    def nearly(part: str) -> bool:
        return is_name(part) or extractOne(plain(part), known, scorer=ratio, score_cutoff=NEARLY_A_NAME) is not None

    for parts, parted in _partings(clean(written)):
        if len(parts) > 1 and (parted or any(map(is_name, parts))) and all(map(nearly, parts)):
            return tuple(parts)
    return ()


def _partings(written: str) -> Iterator[tuple[list[str], bool]]:
    """Every way to divide a cell, and whether a mark divides it: at the marks, also at the words, at one word only."""
    if _STRONG.search(written):
        yield _filled(_STRONG.split(written)), True
    if _WEAK.search(written):
        yield _filled(re.split(f"{_STRONG.pattern}|{_WEAK.pattern}", written)), False
        for word in _WEAK.finditer(written):
            yield _filled([written[: word.start()], written[word.end() :]]), False


def _filled(parts: Iterable[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


# Misspelt names ------------------------------------------------------------------------------------------------------


def misspelt(written: str, known: Iterable[str]) -> str:
    """The name from which this one (in the form for comparison) is a character off, or two if long; "" for none."""
    most = 0 if len(written) < SHORTEST else 1 if len(written) < LONG else 2
    close = extractOne(written, known, scorer=OSA.distance, score_cutoff=most) if most else None
    return str(close[0]) if close else ""
