"""Whether a template's tags are placed correctly: closed, paired, alone in their row; knows no variable.

A faulty tag is reported and repaired, so that the rest is read as intended and one mistake is reported once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from docxtpl_lint.core import Issue, Tag, check_docxtpl_tags, scan_tags
from docxtpl_lint.reader import Paragraph

from pipeline.word.templates.characters import lone_braces, written
from pipeline.word.templates.keywords import KEYWORDS, OPENERS, PREFIXES, REFUSED, refused
from pipeline.word.templates.places import TemplateFault, TemplatePart, shortened
from pipeline.words import perhaps, similar

MOST_NESTED = 20
"""Depth of conditions and loops within one another."""
MOST_LOOPS = 4
"""Depth of loops: each one multiplies the length of the result."""
WIDEST = 3
"""Paragraphs in which to look for a tag's end."""

UNCLOSED = "DTL001"
"""The linter's rule for a tag without an end: it may end in a later paragraph, or run through to the next tag."""
SENTENCES: Mapping[str, str] = {
    UNCLOSED: "标记“{open}”没有结尾，请在后面补上“{close}”",
    "DTL002": "这个标记被分到了两段，印出来时两段会并成一段，请删去标记中间的回车",
    "DTL003": "这一段有没接受的修订，删去的文字里有标记，仍会起作用，请先接受或拒绝全部修订，再保存",
    "DTL201": "“{prefix}”标记里不能有百分号和花括号，请去掉",
    "DTL202": "“{prefix}”应紧跟在“{{%”后面，中间不留空格，请写成“{{%{prefix} …… %}}”",
    "DTL203": "“{prefix}”标记只能写在表格里，在段落里请用“{{%p …… %}}”",
    "DTL204": "“{close_raw}”与开头的“{open_raw}”写法不一致，请把两处改成一样的（都带“{shown}”或都不带）",
    "DTL205": "“{open_raw}”在表{t1}，“{close_raw}”却在表{t2}，请把两处放在同一张表里",
    "DTL206": "“{open_raw}”和“{close_raw}”在同一行，请让两处各占一行",
    "DTL207": "“{open_raw}”和“{close_raw}”不在同一行，请放在同一行里",
    "DTL209": "这个标记会占去整个{unit_zh}，旁边的“{rest}”印不出来，请把标记单独放，不与其他内容在一起",
    "DTL210": "“{open_raw}”和“{close_raw}”在同一段，请让两处各占一段，或去掉两处的“p”",
}
"""The linter's rules on the placing of tags, in words for clerks."""
REMARKS = {"DTL002"}


@dataclass(frozen=True)
class Tagged:
    """A part with its tags, repaired: every condition and loop is closed."""

    part: TemplatePart
    tags: tuple[Tag, ...]
    faults: tuple[TemplateFault, ...]

    def fault(self, tag: Tag, sentence: str, *, error: bool = True) -> TemplateFault:
        """A fault at a tag of this part."""
        return _at(self.part, tag, sentence, error=error)


def tagged(part: TemplatePart) -> Tagged:
    """The tags of a part, and what is wrong with their placing; no tags if the part has none."""
    part, faults = written(part)
    scanned, issues = _scanned(part.paragraphs)
    faults += lone_braces(part, {number for issue in issues for number in _run_through(issue)})
    tags = list(_spelt(part, scanned, faults))
    issues += check_docxtpl_tags("", tags, list(part.paragraphs))
    faults += [_of_linter(part, issue) for issue in issues]
    faults += [fault for paragraph in part.paragraphs for fault in _deleted(part, paragraph)]
    faults += [fault for tag in tags for fault in _quoted(part, tag)]
    pairs = _Pairs(part)
    closed = tuple(pairs.closed(tags))
    return Tagged(part, closed, (*faults, *pairs.faults))


def keyword(tag: Tag | None) -> str:
    """The first word of a statement; "" for a tag that prints, a comment, or no tag."""
    return str(tag.body.split(None, 1)[0]) if tag and tag.kind == "stmt" and tag.body else ""


def _at(part: TemplatePart, tag: Tag, sentence: str, *, error: bool = True) -> TemplateFault:
    return TemplateFault(part.place(tag.para, tag.col), shortened(tag.raw), sentence, error)


def _scanned(paragraphs: Sequence[Paragraph]) -> tuple[list[Tag], list[Issue]]:
    """The tags as the linter finds them, and its issues; an unclosed tag may end in one of the next paragraphs.

    The linter is given a few paragraphs at a time: for each tag it would otherwise search the whole part for an end.
    """
    tags: list[Tag] = []
    issues: list[Issue] = []
    start = 0
    while start < len(paragraphs):
        width, (found, wrong) = 1, _scan(paragraphs[start : start + 1])
        for wider in range(2, WIDEST + 1) if _unclosed(wrong) else ():
            more = _scan(paragraphs[start : start + wider])
            if _unclosed(more[1]) < _unclosed(wrong):
                width, (found, wrong) = wider, more
        tags += found
        issues += wrong
        start += width
    return tags, issues


def _scan(paragraphs: Sequence[Paragraph]) -> tuple[list[Tag], list[Issue]]:
    issues: list[Issue] = []
    return scan_tags("", list(paragraphs), issues), issues


def _run_through(issue: Issue) -> range:
    """The paragraphs that an unclosed tag runs through, by number."""
    first = issue.location.paragraph
    return range(first, issue.params.get("end_para", first) + 1)


def _unclosed(issues: Iterable[Issue]) -> int:
    return sum(issue.rule == UNCLOSED for issue in issues)


def _quoted(part: TemplatePart, tag: Tag) -> Iterator[TemplateFault]:
    """Faults within quotes: & never compares equal; docxtpl straightens curly quotes, except in properties."""
    if "&" in tag.raw:
        yield _at(part, tag, "标记里不能写“&”，请换一种写法")
    if re.search("[“”‘’]", tag.raw):
        advice = "不起作用，请" if part.is_property else "能用，但最好"
        yield _at(part, tag, f'标记里的引号是中文引号，{advice}改成英文引号（"）', error=part.is_property)


# The linter ----------------------------------------------------------------------------------------------------------


def _of_linter(part: TemplatePart, issue: Issue) -> TemplateFault:
    location = issue.location
    paragraph = part.paragraphs[location.paragraph - 1]
    prefixes = [str(issue.params.get(key, "-")) for key in ("open_prefix", "close_prefix")]
    words = {**issue.params, "shown": max(prefixes)}
    place = part.place(paragraph, location.column)
    return TemplateFault(
        place, shortened(issue.snippet), SENTENCES[issue.rule].format(**words), issue.rule not in REMARKS
    )


def _deleted(part: TemplatePart, paragraph: Paragraph) -> Iterator[TemplateFault]:
    if paragraph.deleted_code:
        yield TemplateFault(part.place(paragraph), shortened(paragraph.deleted_code), SENTENCES["DTL003"])


# Keywords ------------------------------------------------------------------------------------------------------------


def _spelt(part: TemplatePart, tags: Iterable[Tag], faults: list[TemplateFault]) -> Iterator[Tag]:
    """The known tags; misspelt ones as intended, and tags that print something impossible made plain."""
    for tag in tags:
        if tag.kind == "comment":
            continue
        if tag.kind == "expr":
            if tag.prefix:
                plain = f"{{{{ {tag.body} }}}}"
                faults.append(_at(part, tag, f"“{{{{{tag.prefix}”这种写法印不出文字，请写成“{plain}”"))
            yield replace(tag, prefix="")
            continue
        meant, sentence = _meant(tag)
        if sentence:
            faults.append(_at(part, tag, sentence))
        if meant:
            yield meant


def _meant(tag: Tag) -> tuple[Tag | None, str]:
    """The statement that a tag stands for, None for none; and the sentence if it was written differently."""
    word, *rest = tag.body.split() or [""]
    if word == "set" and "=" not in tag.body:
        return None, "“set”这个标记要写成“{% set 名字 = 变量 %}”，请改正"
    if word in KEYWORDS:
        return tag, ""
    if word.removeprefix("end") in REFUSED | {"set"}:
        return None, "" if word.startswith("end") else refused(word)
    if word in PREFIXES:
        return replace(tag, prefix=word, body=" ".join(rest)), f"“{word}”后面要有一个半角空格，请改正"
    if word.lower() == "end" and rest:
        word, rest = f"{word} {rest[0]}", rest[1:]
    close = similar(word.lower().replace(" ", ""), KEYWORDS)
    if not close and not rest:
        return None, f"“{word}”不是模板的用语，要印变量请写成“{{{{ {word} }}}}”"
    if not close:
        return None, f"“{word}”不是模板的用语，能用的有 {'、'.join(KEYWORDS)}，请改正"
    return replace(tag, body=" ".join([close[0], *rest])), f"“{word}”不是模板的用语，{perhaps(close[0])}"


# Pairs ---------------------------------------------------------------------------------------------------------------


class _Pairs:
    """The conditions and loops that are open while a part's tags are read, and the faults of how they end."""

    def __init__(self, part: TemplatePart) -> None:
        self.faults: list[TemplateFault] = []
        self._part = part
        self._open: list[Tag] = []
        self._elsewhere: set[int] = set()
        """Those that already had their `else`."""

    def closed(self, tags: Iterable[Tag]) -> Iterator[Tag]:
        """The tags, with everything closed at the latest possible place, and without strays."""
        for tag in tags:
            word = keyword(tag)
            if word in OPENERS:
                self._open.append(tag)
                if sentence := _too_deep([keyword(each) for each in self._open]):
                    self.faults.append(_at(self._part, tag, sentence))
                    yield from (_end_of(each) for each in reversed(self._open[:-1]))
                    return  # the rest is not read
                yield tag
            elif word in ("elif", "else"):
                yield from self._middle(tag)
            elif word.removeprefix("end") in OPENERS:
                yield from self._end(tag)
            else:
                yield tag
        while self._open:
            yield self._forgotten()

    def _middle(self, tag: Tag) -> Iterator[Tag]:
        opener = self._open[-1] if self._open else None
        pair = keyword(tag), keyword(opener)
        unfit = opener is None or id(opener) in self._elsewhere or pair == ("elif", "for") or pair[1] == "filter"
        if unfit:
            self._stray(tag, "if")
            return
        if keyword(tag) == "else":
            self._elsewhere.add(id(opener))
        yield tag

    def _end(self, tag: Tag) -> Iterator[Tag]:
        opener = keyword(tag).removeprefix("end")
        if not self._open:
            self._stray(tag, opener)
        elif opener not in map(keyword, self._open):
            last = self._open.pop()
            end = _end_of(last)
            sentence = f"这里要结束的是“{shortened(last.raw)}”，请把“{keyword(tag)}”改成“{end.body}”"
            self.faults.append(_at(self._part, tag, sentence))
            yield end
        else:
            while keyword(self._open[-1]) != opener:
                yield self._forgotten()
            begun = self._open.pop()
            if not tag.prefix.startswith("t") and begun.para.cells != tag.para.cells:
                loss = (
                    "不在同一格里（或一处在表外），印出来的表会缺格，请把两处放在同一格；"
                    "要整行或整格有无，用 {%tr …… %} 或 {%tc …… %}"
                )
                self.faults.append(_at(self._part, tag, f"“{shortened(begun.raw)}”和“{shortened(tag.raw)}”{loss}"))
            yield tag

    def _stray(self, tag: Tag, opener: str) -> None:
        sentence = f"前面没有与“{keyword(tag)}”配对的 {{% {opener} …… %}}，请补上，或删去这个标记"
        self.faults.append(_at(self._part, tag, sentence))

    def _forgotten(self) -> Tag:
        """Close what was opened last and has no end of its own."""
        tag = self._open.pop()
        end = _end_of(tag)
        self.faults.append(_at(self._part, tag, f"没有结尾，请在该结束的地方加上“{{%{tag.prefix} {end.body} %}}”"))
        return end


def _end_of(tag: Tag) -> Tag:
    return replace(tag, body=f"end{keyword(tag)}")


def _too_deep(words: list[str]) -> str:
    if len(words) > MOST_NESTED:
        return f"条件和循环套得太深，超过 {MOST_NESTED} 层，请精简"
    if words.count("for") > MOST_LOOPS:
        return f"循环套得太深，超过 {MOST_LOOPS} 层，请精简"
    return ""
