"""The parts of an official document, told apart by what they say and where they stand, never by the names of styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.word.form.pages import Block, Document, Table
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.rules import red_double_rule
from pipeline.word.official import HEITI, KAITI, XIAOBIAOSONG, Face


class Part(StrEnum):
    """What a paragraph is."""

    HEAD = "发文机关标志"
    NUMBER = "发文字号"
    TITLE = "标题"
    ADDRESSEES = "主送机关"
    TEXT = "正文"
    HEADING = "层次标题"
    SUBHEADING = "小标题"
    ATTACHMENTS = "附件说明"
    AUTHORITY = "发文机关署名"
    DATE = "成文日期"
    MARK = "附件标记"
    ATTACHED_TITLE = "附件标题"
    COLOPHON = "版记"
    OTHER = "其他"


@dataclass
class Parts:
    """A document's paragraphs by what they are. letter: whether it is in the form of a letter (信函, 10.1)."""

    of: dict[int, Part] = field(default_factory=dict)
    """By the place of the block in the document, from 0; blank paragraphs and tables are absent."""
    levels: dict[int, int] = field(default_factory=dict)
    """The level of a heading, from 1, by the place of the block."""
    tables: set[int] = field(default_factory=set)
    """The places of the tables that are a colophon."""
    letter: bool = False

    def places(self, part: Part) -> list[int]:
        """Where the paragraphs of a part stand; [] for none."""
        return sorted(place for place, of in self.of.items() if of is part)

    @property
    def has_head(self) -> bool:
        """Whether it is a document with a red head, to which all of the standard applies."""
        return bool(self.places(Part.HEAD) or self.places(Part.NUMBER))


_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,20}\s*[〔\[［(（【﹝]\s*[0-9０-９〇零一二三四五六七八九]{2,4}\s*[〕\]］)）】﹞]\s*第?\s*[0-9０-９一二三四五六七八九十百]{1,5}\s*号"
)
_NO_NUMBER = re.compile("【文号[^】]*】")
_OFFICE = re.compile("(文件|局|室|府|会|委|办|院|部|处|厅|校|园|站|中心|总队|公司|集团)$")
_MARKS = tuple("。；：！？，:;,.")
_HEADINGS = (
    r"[一二三四五六七八九十百零〇]+[、，．.]",
    r"[（(][一二三四五六七八九十百零〇]+[）)]",
    r"[0-9０-９]{1,3}[.．、](?![0-9０-９])",
    r"[（(][0-9０-９]{1,3}[）)]",
)
_DATE = re.compile(
    r"(?:[0-9０-９]{2,4}|[〇零○Oo一二三四五六七八九]{4})\s*年\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*日|[0-9]{4}[.\-/][0-9]{1,2}[.\-/][0-9]{1,2}"
)
_ATTACHMENTS = re.compile(r"附\s*件\s*[:：]|附\s*[:：]")
_MARK = re.compile(r"附\s*件\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[:：]?")
_COPIES = re.compile(r"(?:抄送|抄报|主送)\s*[:：]?")
_PRINTED = re.compile(r"[0-9〇零一二三四五六七八九十]日?\s*印发?$|\S[\s\u3000]+[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$")
"""The end of the line of printing: the date with 印发, or at least the date after another word."""
_LATEST_HEAD, _LATEST_NUMBER = 8, 6
_LONGEST_TITLE, _LONGEST_SIGNATURE, _LONGEST_SUBHEADING = 90, 60, 40


def recognised(document: Document) -> Parts:
    """The parts of a document; an empty one has none."""
    return _Reader(document).parts


def _lists_contents(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.lists_contents


class _Reader:
    """Goes through the blocks once, from the head to the colophon."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.blocks = document.blocks
        self.parts = Parts()
        self.written = [
            place for place, block in enumerate(self.blocks) if _words(block) and not _lists_contents(block)
        ]
        self.order = {place: index for index, place in enumerate(self.written)}
        start = self._title(self._head())
        end = self._colophon()
        self._body([place for place in self.written if start <= place < end])

    def _paragraph(self, place: int) -> Paragraph | None:
        block = self.blocks[place]
        return block if isinstance(block, Paragraph) else None

    def _head(self) -> int:
        """Find the red head and the number; the place of what comes after them."""
        start = 0
        for place in self.written[:_LATEST_HEAD]:
            paragraph = self._paragraph(place)
            if paragraph is None:
                break
            if is_number(paragraph.words):
                self.parts.of[place] = Part.NUMBER
                start = place + 1
                break
            if not start and self._is_head(place, paragraph):
                self.parts.of[place] = Part.HEAD
                self.parts.letter = self._is_letter(place, paragraph)
                start = place + 1
        return start

    def _is_head(self, place: int, paragraph: Paragraph) -> bool:
        """Red and large, or the name of an office with 文件, followed by a number."""
        if len(paragraph.words) > _LONGEST_SIGNATURE or paragraph.words.endswith(_MARKS):
            return False
        red = any(run.red for run in paragraph.runs if run.text.strip())
        if red and paragraph.size > 16 and _OFFICE.search(paragraph.words):
            return True
        after = [self._paragraph(later) for later in self.written if later > place][:_LATEST_NUMBER]
        numbered = any(later is not None and is_number(later.words) for later in after)
        named = paragraph.words.endswith("文件") or bool(
            _OFFICE.search(paragraph.words) and self._is_letter(place, paragraph)
        )
        return numbered and (red or named)

    def _is_letter(self, place: int, paragraph: Paragraph) -> bool:
        near, section = self.blocks[place : place + 4], self.document.sections[0]
        return not paragraph.words.endswith("文件") and red_double_rule(near, section)

    def _title(self, start: int) -> int:
        """Find the lines of the title and the addressees; the place of the text."""
        lines: list[int] = []
        for place in (place for place in self.written if place >= start):
            paragraph = self._paragraph(place)
            if paragraph is None or not self._is_title(paragraph, first=not lines):
                break
            lines.append(place)
        for place in lines:
            aside = place != lines[0] and self._is_subtitle(self._paragraph(place))
            self.parts.of[place] = Part.OTHER if aside else Part.TITLE
        after = lines[-1] + 1 if lines else start
        following = next((place for place in self.written if place >= after), None)
        paragraph = None if following is None else self._paragraph(following)
        if following is not None and paragraph is not None and lines and self._is_addressees(following, paragraph):
            self.parts.of[following] = Part.ADDRESSEES
            return following + 1
        return after

    def _is_title(self, paragraph: Paragraph, *, first: bool) -> bool:
        if len(paragraph.words) > _LONGEST_TITLE or paragraph.words.endswith(_MARKS) or level_of(paragraph):
            return False
        large = paragraph.size >= 18 or is_face(paragraph, XIAOBIAOSONG)
        centred = paragraph.alignment == "center"
        return large or centred or (first and self.parts.has_head)

    @staticmethod
    def _is_subtitle(paragraph: Paragraph | None) -> bool:
        """A line in brackets or after a dash below the title, or one of small type."""
        return paragraph is not None and (
            paragraph.words.startswith(("（", "(", "—"))
            or (paragraph.size <= 16 and not is_face(paragraph, XIAOBIAOSONG))
        )

    def _is_addressees(self, place: int, paragraph: Paragraph) -> bool:
        words = paragraph.words
        if "。" in words or "如下" in words or level_of(paragraph):
            return False
        if words.endswith(("：", ":")):
            return self.parts.has_head or paragraph.first_indent < 1 or len(words) < 20
        if not self.parts.has_head or words.endswith(_MARKS) or len(words) > 150 or paragraph.alignment == "center":
            return False
        later = next((self._paragraph(other) for other in self.written if other > place), None)
        return later is not None and bool(_OFFICE.search(words)) and not is_date(words)

    def _colophon(self) -> int:
        """Find the colophon at the end; where the text before it ends."""
        end = len(self.blocks)
        for place in reversed(self.written):
            block = self.blocks[place]
            words = _words(block)
            if isinstance(block, Table):
                if not (_PRINTED.search(words) or _COPIES.match(words)) or len(words) > 600:
                    break
                self.parts.tables.add(place)
            elif _COPIES.match(words) or _PRINTED.search(words) or (end < len(self.blocks) and block.framed):
                self.parts.of[place] = Part.COLOPHON
            else:
                break
            end = place
        return end

    def _body(self, places: list[int]) -> None:
        """Tell the paragraphs between the title and the colophon apart."""
        marks = [place for place in places if self._is_mark(place)]
        main = [place for place in places if not marks or place < marks[0]]
        self._signature(main)
        listing_ends = main[-1] if main else -1
        attaching = False
        for place in places:
            paragraph = self._paragraph(place)
            if paragraph is None or place in self.parts.of:
                attaching = False
                continue
            attaching = _is_attachments(paragraph.words, attaching=attaching) and place <= listing_ends
            self.parts.of[place] = Part.ATTACHMENTS if attaching else self._of_text(place, paragraph, marks)

    def _is_mark(self, place: int) -> bool:
        """附件 or 附件1 alone in a paragraph: that of an attachment, if there is anything before it."""
        paragraph = self._paragraph(place)
        return paragraph is not None and bool(_MARK.fullmatch(paragraph.words)) and place != self.written[0]

    def _signature(self, main: list[int]) -> None:
        """The last date that stands alone, and the line above it that says whose document it is."""
        for at in range(len(main) - 1, -1, -1):
            paragraph = self._paragraph(main[at])
            if paragraph is None or not is_date(paragraph.words):
                continue
            self.parts.of[main[at]] = Part.DATE
            above = self._paragraph(main[at - 1]) if at else None
            if above is not None and self._may_sign(above):
                self.parts.of[main[at - 1]] = Part.AUTHORITY
            return
        last = self._paragraph(main[-1]) if main else None
        if last is not None and self._may_sign(last) and (last.text.startswith("\t") or last.alignment == "right"):
            self.parts.of[main[-1]] = Part.AUTHORITY

    @staticmethod
    def _may_sign(paragraph: Paragraph) -> bool:
        words = paragraph.words
        short = len(words) <= _LONGEST_SIGNATURE and not words.endswith(_MARKS)
        return short and not level_of(paragraph) and not _ATTACHMENTS.match(words) and not _item(words)

    def _of_text(self, place: int, paragraph: Paragraph, marks: list[int]) -> Part:
        if place in marks:
            return Part.MARK
        index = self.order[place]
        before = self.written[index - 1] if index else None
        if before in marks:
            return Part.ATTACHED_TITLE
        titled = before is not None and self.parts.of.get(before) is Part.ATTACHED_TITLE
        if titled and self._is_title(paragraph, first=False):
            return Part.ATTACHED_TITLE
        if level := level_of(paragraph):
            self.parts.levels[place] = level
            return Part.HEADING
        return Part.OTHER if self._is_aside(place, paragraph) else _text_or_subheading(paragraph)

    def _is_aside(self, place: int, paragraph: Paragraph) -> bool:
        """Captions, notes and the lines above a table, and whatever is centred or at the right."""
        if paragraph.alignment in ("center", "right") and len(paragraph.words) <= _LONGEST_SUBHEADING:
            return True
        if paragraph.boxes and not paragraph.words:
            return True
        index = self.order[place]
        near = [
            self.blocks[other]
            for other in (*self.written[index + 1 : index + 2], *self.written[max(0, index - 1) : index])
        ]
        beside = any(isinstance(block, Table) for block in near)
        note = paragraph.words.startswith(("注：", "注:", "备注", "说明：", "资料来源"))
        return beside and (note or not paragraph.words.endswith(("。", "：", "；")))


def _words(block: Block) -> str:
    return block.words if isinstance(block, Paragraph) else block.text.strip(" \t\n\u3000\xa0")


def _text_or_subheading(paragraph: Paragraph) -> Part:
    """A short line in 黑体 or 楷体 without a mark at its end is a heading without a number."""
    short = len(paragraph.words) <= _LONGEST_SUBHEADING and not paragraph.words.endswith(_MARKS)
    return Part.SUBHEADING if short and (is_face(paragraph, HEITI) or is_face(paragraph, KAITI)) else Part.TEXT


def _is_attachments(words: str, *, attaching: bool) -> bool:
    """Whether a line belongs to the list of attachments. attaching: whether the line above does."""
    return bool(_ATTACHMENTS.match(words)) or (attaching and _item(words) and len(words) <= _LONGEST_TITLE)


def _item(words: str) -> bool:
    """Whether a line is one of several attachments; its name may begin with a year."""
    return bool(re.match("[0-9]{1,2}[.．、]", words))


def is_face(paragraph: Paragraph, face: Face) -> bool:
    """Whether all its characters are of a face, in whatever cut."""
    names = {run.asian for run in paragraph.runs if run.text.strip()}
    return bool(names) and all(name in face.accepted or any(kin in name.lower() for kin in face.kin) for name in names)


def is_number(words: str) -> bool:
    """Whether a line is a document's number, well written or not, or stands in for one that is still to come."""
    return bool(_NUMBER.match(words)) or bool(_NO_NUMBER.fullmatch(words))


def is_date(words: str) -> bool:
    """Whether a line is a date and nothing else, well written or not."""
    return bool(_DATE.fullmatch(words))


def level_of(paragraph: Paragraph) -> int:
    """The level of the heading, from 1, by its number, typed or Word's own; 0 for a paragraph without one."""
    written = paragraph.label or paragraph.words
    return next((level for level, form in enumerate(_HEADINGS, start=1) if re.match(form, written)), 0)
