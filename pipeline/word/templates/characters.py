"""Whether what looks like a tag is written with a tag's characters; knows no tag's meaning.

A faulty tag is reported and repaired, so that the rest is read as intended and one mistake is reported once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from pipeline.word.templates.keywords import KEYWORDS, PREFIXES, refused
from pipeline.word.templates.places import TemplateFault, TemplatePart, shortened


def written(part: TemplatePart) -> tuple[TemplatePart, list[TemplateFault]]:
    """The part as intended, with half-width characters and matching brackets, and what was wrong."""
    faults: list[TemplateFault] = []
    for mend in (_half_width, _bracketed, _without_raw):
        part = _mended(part, mend, faults)
    return part, faults


_FULL, _HALF = "｛｝％＃｜．。，、（）［］＝＜＞！＂＇：＿", "{}%#|..,,()[]=<>!\"':_"
_TO_HALF = str.maketrans(_FULL, _HALF)
_LIKE_A_TAG = re.compile(r"[{｛][{｛%％].*?[}｝%％][}｝]")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_ALMOST = re.compile(r"(\{\{?%?)([^{}%#]*)(%?\}\}?)")
_QUOTED = re.compile("(\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’)")

Mend = Callable[[str], Iterator[tuple[int, str, str, str]]]
"""The repairs in a paragraph: position, the text there, its intended form, and the sentence, "" for none."""


def _mended(part: TemplatePart, mend: Mend, faults: list[TemplateFault]) -> TemplatePart:
    texts = []
    for paragraph in part.paragraphs:
        text, shift = paragraph.text, 0
        for start, wrong, right, sentence in mend(paragraph.text):
            if sentence:
                faults.append(TemplateFault(part.place(paragraph, start + 1), shortened(wrong), sentence))
            text = text[: start + shift] + right + text[start + shift + len(wrong) :]
            shift += len(right) - len(wrong)
        texts.append(text)
    return part.rewritten(texts)


def _half_width(text: str) -> Iterator[tuple[int, str, str, str]]:
    for match in _LIKE_A_TAG.finditer(text):
        pieces = _QUOTED.split(match[0])
        right = "".join(piece if n % 2 else piece.translate(_TO_HALF) for n, piece in enumerate(pieces))
        wide = "".join(dict.fromkeys(old for old, new in zip(match[0], right, strict=True) if old != new))
        if wide:
            sentence = f"“{wide}”是全角符号，在标记里不起作用，请改成半角的“{wide.translate(_TO_HALF)}”"
            yield match.start(), match[0], right, sentence


def _bracketed(text: str) -> Iterator[tuple[int, str, str, str]]:
    for match in _ALMOST.finditer(text):
        opened, content, closed = match.groups()
        if (opened, closed) in (("{%", "%}"), ("{", "}")):
            continue
        words = content.split()
        statement = any(word in KEYWORDS for word in words[: 2 if words[:1] and words[0] in PREFIXES else 1])
        if (opened, closed) == ("{{", "}}") and not statement:
            continue
        right = f"{{%{content}%}}" if statement else f"{{{{{content}}}}}"
        yield match.start(), match[0], right, f"标记两头的括号不配对，请写成“{right}”"


_RAW = re.compile(r"\{%-?\s*((?:end)?raw)\s*-?%\}")


def _without_raw(text: str) -> Iterator[tuple[int, str, str, str]]:
    for match in _RAW.finditer(text):
        yield match.start(), match[0], "", refused("raw") if match[1] == "raw" else ""


def lone_braces(part: TemplatePart, but: Collection[int]) -> Iterator[TemplateFault]:
    """Braces that belong to no tag, in all paragraphs except some, by number."""
    for paragraph in part.paragraphs:
        if paragraph.index in but:
            continue
        outside = _TAG.sub(lambda match: "　" * len(match[0]), paragraph.text)
        for match in re.finditer(r"\{[^{}　]{1,30}\}|[%#]?[{}｛｝]+[%#]?", outside):
            place = part.place(paragraph, match.start() + 1)
            yield TemplateFault(place, shortened(_around(outside, match)), _lone(match[0]))


def _lone(braces: str) -> str:
    if len(braces.strip("{}")) > 1 and braces[0] == "{" and braces[-1] == "}":
        return f"单个花括号不是标记，会照样印出来，要印变量请写成“{{{braces}}}”，否则请删去花括号"
    return f"“{braces}”没有与它配对的另一半，会照样印出来，请补上另一半，或删去"


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 10) : match.end() + 10].strip("　")
