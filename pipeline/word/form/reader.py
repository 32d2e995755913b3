"""Recognises the parts of an official document by words and position, never by the names of styles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.word.form.colophon_place import colophon
from pipeline.word.form.document import Block, OfficialDocument
from pipeline.word.form.paragraphs import Paragraph
from pipeline.word.form.parts import (
    ABOUT_MEETING,
    ATTACHMENTS,
    COPIES,
    LONGEST_SIGNATURE,
    MARKS,
    NOTE,
    NOTHING_HERE,
    OFFICE,
    PRESENT,
    PRINTED,
    TYPED_LINE,
    HeadKind,
    ParagraphRole,
    Parts,
    dated,
    is_date,
    is_face,
    is_item,
    is_mark,
    is_number,
    is_serial,
    is_signed_by_a_person,
    level_of,
    may_be_addressed,
    parts_in_box,
    plain,
    preface,
)
from pipeline.word.form.ruled_lines import has_red_double_line
from pipeline.word.form.tables import Table
from pipeline.word.official import HEITI, KAITI, XIAOBIAOSONG

_LATEST_HEAD, _LATEST_NUMBER = 14, 8
"""Lines from the top among which the head is, and lines below a head among which its number is."""
_LONGEST_TITLE, _LONGEST_SUBHEADING = 90, 40
_OWN_HEAD = 24
"""A red line above this size is a head of its own kind, not a title."""
_ENDS = (
    (re.compile("(?:命令|令)$"), HeadKind.ORDER),
    (re.compile("纪要$"), HeadKind.MINUTES),
    (re.compile("(?:公告|通告|公报|通报|简报|专报|快报|动态|简讯|信息|要情|情况)$"), HeadKind.PUBLIC),
)
_MOST_AUTHORITIES = 12


def recognised(document: OfficialDocument) -> Parts:
    """The parts of a document; an empty one has none."""
    return _Recognition(document).parts


def _lists_contents(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.lists_contents


class _Recognition:
    """Walks the blocks once, from the head to the colophon."""

    def __init__(self, document: OfficialDocument) -> None:
        self.document = document
        self.blocks = document.blocks
        self.parts = Parts()
        self.written = [place for place, block in enumerate(self.blocks) if block.words and not _lists_contents(block)]
        self.order = {place: index for index, place in enumerate(self.written)}
        start = self._title(self._head())
        # Before the text: the colophon's office and date look like a signature.
        found = colophon(self.blocks, self.written, start)
        self.parts.of.update(dict.fromkeys(found.paragraphs, ParagraphRole.COLOPHON))
        self.parts.colophon = found.start
        end = len(self.blocks) if found.start is None else found.start
        self._body([place for place in self.written if start <= place < end])
        self._boxes()

    def _paragraph(self, place: int) -> Paragraph | None:
        block = self.blocks[place]
        return block if isinstance(block, Paragraph) else None

    def _from(self, start: int) -> Iterator[int]:
        """The written blocks from a place on."""
        return islice(self.written, bisect_left(self.written, start), None)

    def _after(self, place: int, most: int) -> Iterator[Paragraph | None]:
        """The next written blocks below a place; None for a table."""
        index = self.order[place] + 1
        return (self._paragraph(later) for later in self.written[index : index + most])

    # Head ------------------------------------------------------------------------------------------------------------

    def _head(self) -> int:
        """Find the red head, what is above it and the number below; gives the place after them."""
        start = 0
        for place in self.written[:_LATEST_HEAD]:
            paragraph = self._paragraph(place)
            if paragraph is None:
                break
            part = self._of_head(place, paragraph)
            if (
                part is None
                and start
                and (self.parts.kind in (HeadKind.ORDER, HeadKind.MINUTES, HeadKind.PUBLIC) or start > place)
            ):
                break
            if part is not None:
                self.parts.of[place] = part
                start = place + 1
            # The number ends the head: whatever follows it is signers, the line or the title.
            if part is ParagraphRole.NUMBER:
                return self._signers_below(start)
        return start

    def _of_head(self, place: int, paragraph: Paragraph) -> ParagraphRole | None:
        words, of = paragraph.words, self.parts.of
        headed = ParagraphRole.HEAD in of.values()
        if is_number(words):
            return ParagraphRole.NUMBER
        if (not headed or self.parts.letter) and (above := preface(words)):
            return above
        if headed and ("签发人" in plain(words) or (_is_names(paragraph) and ParagraphRole.SIGNERS in of.values())):
            return ParagraphRole.SIGNERS
        if headed and TYPED_LINE.fullmatch(words):
            return ParagraphRole.OTHER
        if self.parts.kind in (HeadKind.ORDER, HeadKind.MINUTES, HeadKind.PUBLIC):
            issued = self.parts.kind is not HeadKind.ORDER and dated(words)
            return ParagraphRole.SERIAL if is_serial(words) else ParagraphRole.OTHER if issued else None
        if self._is_head(place, paragraph, headed=headed):
            self.parts.kind = self._kind(place, paragraph)
            return ParagraphRole.HEAD
        return None

    def _signers_below(self, start: int) -> int:
        """Signers in cells or on their own lines after the number; gives the place after them."""
        for place in self._from(start):
            paragraph = self._paragraph(place)
            typed = paragraph is not None and bool(TYPED_LINE.fullmatch(paragraph.words))
            if paragraph is None or not (typed or _is_names(paragraph) or plain(paragraph.words).startswith("签发人")):
                break
            self.parts.of[place] = ParagraphRole.OTHER if typed else ParagraphRole.SIGNERS
            start = place + 1
        return start

    def _is_head(self, place: int, paragraph: Paragraph, *, headed: bool) -> bool:
        """Red and large, or an office's name with 文件, then a number; a joint head has several such lines."""
        words = plain(paragraph.words)
        if len(words) > LONGEST_SIGNATURE or words.endswith(MARKS):
            return False
        red = any(run.red for run in paragraph.runs if run.text.strip())
        if red and _is_of_size_of_a_head(paragraph.size, words, headed=headed):
            return True
        numbered = any(later is not None and is_number(later.words) for later in self._after(place, _LATEST_NUMBER))
        if headed:
            return numbered and paragraph.size > 16 and bool(OFFICE.search(words))
        named = words.endswith("文件") or bool(OFFICE.search(words) and self._is_letter(place, paragraph))
        return numbered and (red or named)

    def _kind(self, place: int, paragraph: Paragraph) -> HeadKind:
        words = plain(paragraph.words)
        if self._is_letter(place, paragraph):
            return HeadKind.LETTER
        of_its_own = (kind for end, kind in _ENDS if end.search(words) and paragraph.size > _OWN_HEAD)
        return next(of_its_own, self.parts.kind)

    def _is_letter(self, place: int, paragraph: Paragraph) -> bool:
        near, section = self.blocks[place : place + 4], self.document.sections[0]
        # A red head may have a double line too; only a letter's head lacks 文件.
        return not plain(paragraph.words).endswith("文件") and has_red_double_line(near, section)

    # Title and addressees --------------------------------------------------------------------------------------------

    def _title(self, start: int) -> int:
        """Find the lines of the title, and the addressees; gives the place of the text."""
        titled = self._lines_of_title(start)
        after = max((place + 1 for place in self.parts.of), default=start)
        following = next(self._from(after), None)
        paragraph = None if following is None else self._paragraph(following)
        if following is not None and paragraph is not None and titled and self._is_addressees(following, paragraph):
            self.parts.of[following] = ParagraphRole.ADDRESSEES
            return following + 1
        return after

    def _lines_of_title(self, start: int) -> bool:
        """Find the lines of the title and of a subtitle, past 目录; gives whether there are any."""
        titled = False
        for place in self._from(start):
            line = self._paragraph(place)
            if line is None or not self._is_title(line, first=not titled):
                break
            if plain(line.words) == "目录":
                self.parts.of[place] = ParagraphRole.OTHER
                continue
            aside = titled and self._is_subtitle(line)
            self.parts.of[place] = ParagraphRole.OTHER if aside else ParagraphRole.TITLE
            self.parts.captioned |= aside and "年" in line.words and "日" in line.words
            titled = True
        return titled

    def _is_title(self, paragraph: Paragraph, *, first: bool) -> bool:
        words = paragraph.words
        caption = not first and re.fullmatch(r"[（(].*[）)]", words, re.DOTALL)
        if len(words) > _LONGEST_TITLE or words.endswith(MARKS) or (level_of(paragraph) and not caption):
            return False
        large = paragraph.size >= 18 or is_face(paragraph, XIAOBIAOSONG)
        centred = paragraph.alignment == "center"
        return (
            large or centred or (first and self.parts.has_head and self.parts.kind in (HeadKind.FILE, HeadKind.LETTER))
        )

    @staticmethod
    def _is_subtitle(paragraph: Paragraph) -> bool:
        """A line in brackets or after a dash below the title, or one in small type."""
        return paragraph.words.startswith(("（", "(", "—")) or (
            paragraph.size <= 16 and not is_face(paragraph, XIAOBIAOSONG)
        )

    def _is_addressees(self, place: int, paragraph: Paragraph) -> bool:
        words = paragraph.words
        if "。" in words or "如下" in words or level_of(paragraph):
            return False
        if words.endswith(("：", ":")):
            # An indented line with a colon is text (“要求如下：”), unless it names somebody.
            if abs(paragraph.first_indent) >= 1 and not may_be_addressed(words):
                return False
            return self.parts.has_head or paragraph.first_indent < 1 or len(words) < 20
        if not self.parts.has_head or words.endswith(MARKS) or len(words) > 150 or paragraph.alignment == "center":
            return False
        return any(True for _ in self._after(place, 1)) and bool(OFFICE.search(words)) and not is_date(words)

    # Between title and colophon --------------------------------------------------------------------------------------

    def _body(self, places: list[int]) -> None:
        """Recognise the paragraphs between the title and the colophon."""
        self.minutes = self._are_minutes()
        marks = {place for place in places if self._is_mark(place)}
        first = min(marks, default=len(self.blocks))
        # Attachments may bear dates too: only the text before the first can hold the signature.
        main = [place for place in places if place < first]
        self._signature(main)
        listing_ends = main[-1] if main else -1
        date = next((place for place in reversed(main) if self.parts.of.get(place) is ParagraphRole.DATE), listing_ends)
        # A note (附注) is below the date (7.3.6); brackets above it are text.
        below_date = range(date + 1, listing_ends + 1)
        attaching = False
        for place in places:
            paragraph = self._paragraph(place)
            if paragraph is None or place in self.parts.of:
                attaching = False
                continue
            attaching = _is_attachments(paragraph.words, attaching=attaching) and place <= listing_ends
            if attaching:
                self.parts.of[place] = ParagraphRole.ATTACHMENTS
            elif place in below_date and NOTE.fullmatch(paragraph.words):
                self.parts.of[place] = ParagraphRole.NOTE
            else:
                self.parts.of[place] = self._of_text(place, paragraph, marks)

    def _are_minutes(self) -> bool:
        """Whether the document is minutes, by its head or title."""
        titles = (self.blocks[place].words for place, part in self.parts.of.items() if part is ParagraphRole.TITLE)
        return self.parts.kind is HeadKind.MINUTES or any("纪要" in title for title in titles)

    def _is_mark(self, place: int) -> bool:
        """Whether the place has the mark of an attachment, and anything before it."""
        paragraph = self._paragraph(place)
        return paragraph is not None and is_mark(paragraph.words) and place != self.written[0]

    def _signature(self, main: list[int]) -> None:
        """The last date on a line of its own, and the lines above it that name the issuer."""
        # From the end: dates within the text stand earlier.
        for at in range(len(main) - 1, -1, -1):
            paragraph = self._paragraph(main[at])
            if paragraph is None or not is_date(paragraph.words):
                continue
            self.parts.of[main[at]] = ParagraphRole.DATE
            for place in self._authorities(main[:at]):
                self.parts.of[place] = ParagraphRole.AUTHORITY
            return
        last = self._paragraph(main[-1]) if main else None
        if last is not None and _may_sign(last) and (last.text.startswith("\t") or last.alignment == "right"):
            self.parts.of[main[-1]] = ParagraphRole.AUTHORITY

    def _authorities(self, above: Sequence[int]) -> list[int]:
        """The line directly above the date; in a joint document, also those above that name offices, away from text."""
        found: list[int] = []
        for place in islice(reversed(above), _MOST_AUTHORITIES):
            paragraph = self._paragraph(place)
            if paragraph is None or not _may_sign(paragraph):
                break
            apart = paragraph.loose or paragraph.alignment in ("right", "center") or paragraph.first_indent > 3
            apart = apart or paragraph.text.startswith("\t")
            if found and not (apart and (OFFICE.search(paragraph.words) or is_signed_by_a_person(paragraph.words))):
                break
            found.append(place)
        return found[::-1]

    def _of_text(self, place: int, paragraph: Paragraph, marks: set[int]) -> ParagraphRole:
        if place in marks:
            return ParagraphRole.MARK
        index = self.order[place]
        before = self.written[index - 1] if index else None
        if before in marks:
            return ParagraphRole.ATTACHED_TITLE
        titled = before is not None and self.parts.of.get(before) is ParagraphRole.ATTACHED_TITLE
        if titled and self._is_title(paragraph, first=False):
            return ParagraphRole.ATTACHED_TITLE
        if self.minutes and PRESENT.match(paragraph.words):
            return ParagraphRole.PRESENT
        if (self.minutes and ABOUT_MEETING.match(paragraph.words)) or NOTHING_HERE.fullmatch(paragraph.words):
            return ParagraphRole.OTHER
        if level := level_of(paragraph):
            self.parts.levels[place] = level
            return ParagraphRole.HEADING
        return ParagraphRole.OTHER if self._is_aside(place, paragraph) else _text_or_subheading(paragraph)

    def _is_aside(self, place: int, paragraph: Paragraph) -> bool:
        """Captions, notes and the lines above a table, and whatever is centred or at the right."""
        if paragraph.loose:
            return True
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

    # What is not read ------------------------------------------------------------------------------------------------

    def _boxes(self) -> None:
        """What text boxes, headers and footers hold, if it would be missed in the text."""
        text = self.parts.places(ParagraphRole.TEXT) + self.parts.places(ParagraphRole.HEADING)
        begins, ends = min(text, default=len(self.blocks)), max(text, default=-1)
        for place, words in self.document.boxed:
            for part in parts_in_box(words, above=place < begins, below=place > ends):
                self.parts.boxed.setdefault(part, words)
        for words in self.document.heads:
            for part in parts_in_box(words, above=True, below=False):
                if part in (ParagraphRole.HEAD, ParagraphRole.NUMBER):
                    self.parts.boxed.setdefault(part, words)
        for words in self.document.feet:
            if PRINTED.search(words) or COPIES.match(words):
                self.parts.boxed.setdefault(ParagraphRole.COLOPHON, words)


def _is_of_size_of_a_head(size: float, words: str, *, headed: bool) -> bool:
    """Whether red type is large enough for its words to be a head, or a further line of one."""
    if size > 16 and (headed or OFFICE.search(words)):
        return True
    return size > _OWN_HEAD and any(end.search(words) for end, _ in _ENDS)


def _may_sign(paragraph: Paragraph) -> bool:
    words = paragraph.words
    short = len(words) <= LONGEST_SIGNATURE and not words.endswith(MARKS)
    return short and not level_of(paragraph) and not ATTACHMENTS.match(words) and not is_item(words)


def _is_names(paragraph: Paragraph) -> bool:
    """Only names, in 楷体, like those of signers."""
    return len(paragraph.words) <= 24 and is_face(paragraph, KAITI) and not paragraph.words.endswith(MARKS)


def _text_or_subheading(paragraph: Paragraph) -> ParagraphRole:
    """A short line in 黑体 or 楷体 without a final mark is a heading without a number."""
    short = len(paragraph.words) <= _LONGEST_SUBHEADING and not paragraph.words.endswith(MARKS)
    return (
        ParagraphRole.SUBHEADING
        if short and (is_face(paragraph, HEITI) or is_face(paragraph, KAITI))
        else ParagraphRole.TEXT
    )


def _is_attachments(words: str, *, attaching: bool) -> bool:
    """Whether a line belongs to the list of attachments. attaching: whether the line above does."""
    return bool(ATTACHMENTS.match(words)) or (attaching and is_item(words) and len(words) <= _LONGEST_TITLE)
