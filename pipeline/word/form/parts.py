"""The parts of an official document, and the words that identify them; knows no place on a page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from pipeline.word.form.paragraphs import BLANKS, Paragraph
from pipeline.word.official import Face

_remembered = lru_cache(maxsize=4096)
"""Lines are classified again and again, and most are the same in many documents."""


class ParagraphRole(StrEnum):
    """What a paragraph is."""

    COPY_NUMBER = "份号"
    SECRECY = "密级和保密期限"
    URGENCY = "紧急程度"
    HEAD = "发文机关标志"
    NUMBER = "发文字号"
    SERIAL = "令号"
    SIGNERS = "签发人"
    TITLE = "标题"
    ADDRESSEES = "主送机关"
    TEXT = "正文"
    HEADING = "层次标题"
    SUBHEADING = "小标题"
    PRESENT = "出席人员名单"
    ATTACHMENTS = "附件说明"
    AUTHORITY = "发文机关署名"
    DATE = "成文日期"
    NOTE = "附注"
    MARK = "附件标记"
    ATTACHED_TITLE = "附件标题"
    COLOPHON = "版记"
    OTHER = "其他"


class HeadKind(StrEnum):
    """The kind of document that its red head shows; FILE also without a head."""

    FILE = "文件"
    LETTER = "信函"
    """10.1."""
    ORDER = "命令"
    """10.2."""
    MINUTES = "纪要"
    """10.3."""
    PUBLIC = "公告"
    """公告, 通告, 公报, and what offices print under their own heads (简报); the standard has no form for them."""


@dataclass
class Parts:
    """A document's paragraphs by what they are."""

    of: dict[int, ParagraphRole] = field(default_factory=dict)
    """By the block's place in the document, from 0; blank paragraphs and tables are absent."""
    levels: dict[int, int] = field(default_factory=dict)
    """The level of a heading, from 1, by the block's place."""
    colophon: int | None = None
    """Where the colophon begins; None if there is none."""
    kind: HeadKind = HeadKind.FILE
    boxed: dict[ParagraphRole, str] = field(default_factory=dict)
    """The parts found in a text box, header or footer, with their words; "" for a picture."""
    captioned: bool = False
    """Whether a line below the title says when and by whom it was passed (题注)."""

    def places(self, part: ParagraphRole) -> list[int]:
        """The places of a part's paragraphs; [] for none."""
        return self._by_part.get(part, [])

    def before(self, place: int) -> int | None:
        """The nearest place of any part above a place; None for the first."""
        at = bisect_left(self._ordered, place)
        return self._ordered[at - 1] if at else None

    @property
    def letter(self) -> bool:
        """Whether it is in the form of a letter (信函, 10.1)."""
        return self.kind is HeadKind.LETTER

    @property
    def has_head(self) -> bool:
        """Whether it has a red head, so that all of the standard applies."""
        if self.kind is HeadKind.PUBLIC:
            return False
        of_head = {ParagraphRole.HEAD, ParagraphRole.NUMBER}
        return any(part in of_head for part in self.of.values()) or any(self.boxed.get(part) for part in of_head)

    @cached_property
    def _by_part(self) -> dict[ParagraphRole, list[int]]:
        found: dict[ParagraphRole, list[int]] = {}
        for place in self._ordered:
            found.setdefault(self.of[place], []).append(place)
        return found

    @cached_property
    def _ordered(self) -> list[int]:
        return sorted(self.of)


_DAY = (
    r"(?:[0-9０-９]{2,4}|[〇零○Oo一二三四五六七八九]{4})\s*年\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_DATE = re.compile(rf"{_DAY}|[0-9]{{4}}[.\-/][0-9]{{1,2}}[.\-/][0-9]{{1,2}}")
NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,20}\s*[〔\[［(（【﹝]\s*[0-9０-９〇零一二三四五六七八九]{2,4}\s*[〕\]］)）】﹞]\s*第?\s*[0-9０-９一二三四五六七八九十百]{1,5}\s*号"
)
"""A document's number, well written or not."""
_AFTER_NUMBER = re.compile(r"[\s\u3000]*(?:签\s*发\s*人.*|[\s\u3000（(][^。，；]{1,60})?")
"""What may follow a number on its line: the signers, or a word in brackets."""
_NO_NUMBER = re.compile("【文号[^】]*】")
_SERIAL = re.compile(
    r"[（(]?\s*(?:[〔\[［(（【﹝]?\s*[0-9０-９]{4}\s*[〕\]］)）】﹞年]\s*)?(?:总|第|总第)?\s*[0-9０-９一二三四五六七八九十百零〇]{1,6}\s*[号期次]"
    r"\s*[)）]?(?:\s*[（(]\s*总?第?\s*[0-9０-９一二三四五六七八九十百零〇]{1,6}\s*[号期次]\s*[)）])?"
)
"""The number of an order, of minutes or of a bulletin: 第5号, 〔2024〕5号, （第5期）."""
OFFICE = re.compile(
    "(文件|局|室|府|会|委|办|院|部|处|厅|校|园|站|中心|总队|支队|大队|公司|集团|组|厂|所|馆|社|团|署|行|盟|委员)$"
)
"""The end of an office's name."""
_ADDRESSED = re.compile(
    "(局|校|园|府|会|委|办|院|部|处|厅|室|站|所|组|中心|公司|集团|总队|单位|部门|同志|人员|们|家长|督学|乡镇|街道|区|县|市)$"
)
_PERSON = re.compile(
    r"[\u4e00-\u9fff]{0,6}[\s\u3000]*(?:长|主[\s\u3000]*任|主[\s\u3000]*席|书[\s\u3000]*记|总[\s\u3000]*理)"
    r"(?:[\s\u3000]+[\u4e00-\u9fff][\s\u3000]*[\u4e00-\u9fff]{1,3})?"
)
"""A person who signs with the office held: 县　长　王某某; the name may be a stamp."""
MARKS = tuple("。；：！？，:;,.")
_HEADINGS = (
    r"[一二三四五六七八九十百零〇]+[、，．.]",
    r"[（(][一二三四五六七八九十百零〇]+[）)]",
    r"[0-9０-９]{1,3}[.．、](?![0-9０-９])",
    r"[（(][0-9０-９]{1,3}[）)]",
)
ATTACHMENTS = re.compile(r"附\s*件\s*[:：]|附\s*[:：]")
MARK = re.compile(r"附\s*件\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[:：]?")
COPIES = re.compile(r"(?:抄\s*送|抄\s*报|主\s*送)\s*[:：]?|(?:分\s*送|报\s*送|发\s*送|发)\s*[:：]")
PRESENT = re.compile(r"(?:出\s*席|列\s*席|请\s*假|缺\s*席)(?:人\s*员)?\s*[:：]")
"""Who attended a meeting, and who did not (10.3)."""
ABOUT_MEETING = re.compile(r"(?:主\s*持|记\s*录|时\s*间|地\s*点|参\s*会|参\s*加)\s*(?:人\s*员|人)?\s*[:：]")
NOTHING_HERE = re.compile(r"[（(]\s*此\s*页\s*无\s*正\s*文\s*[）)]")
NOTE = re.compile(r"[（(].*[）)]|(?:联系人|联系电话|此件|信息公开|公开方式|公开属性).*", re.DOTALL)
_COPY_NUMBER = re.compile(r"(?:份\s*号\s*[:：]?|No\.?|№)?\s*[0-9０-９]{1,8}")
_SECRECY = re.compile(r"(?:密\s*级\s*[:：]?\s*)?(?:绝\s*密|机\s*密|秘\s*密)\S{0,10}(?:[\s\u3000]+\S{1,6})?")
_URGENCY = re.compile(r"(?:紧急程度\s*[:：]?\s*)?(?:特\s*急|加\s*急|特\s*提|平\s*急|紧\s*急|急\s*件|火\s*急)")
TYPED_LINE = re.compile("[—–―─━_＿﹏★☆─\\-\\s\u3000]{6,}")
"""A typed line: dashes, perhaps with a star in the middle."""
PRINTED = re.compile(
    r"[0-9〇零一二三四五六七八九十]\s*日?\s*(?:印\s*发|翻\s*印|印)[\s\u3000]*(?:[（(]?\s*共\s*印\s*\S*\s*份\s*[）)]?)?$"
)
"""The end of the printing line: the date with 印发, perhaps the number of copies."""
DATED = re.compile(r"\S[\s\u3000]+[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$")
"""A line ending in a date after another word: a printing line without 印发, or a signature."""
LONGEST_SIGNATURE = 60
"""Characters in the name of an office, or of several."""
BELOW_PRINTED = re.compile(r"[（(]?\s*共\s*印.*份\s*[）)]?|(?:校\s*对|打\s*印|录\s*入|核\s*稿)\s*[:：].*")
"""What offices put below the printing line."""


@_remembered
def plain(words: str) -> str:
    """Words without blanks."""
    return re.sub(r"[\s\u3000\xa0]+", "", words)


@_remembered
def is_number(words: str) -> bool:
    """Whether a line is a document's number, well written or not, perhaps with signers, or a placeholder for one."""
    found = NUMBER.match(words)
    return bool(found and _AFTER_NUMBER.fullmatch(words, found.end())) or bool(_NO_NUMBER.fullmatch(words))


@_remembered
def is_serial(words: str) -> bool:
    """Whether a line is the number of an order, of minutes or of a bulletin."""
    return bool(_SERIAL.fullmatch(words))


@_remembered
def is_mark(words: str) -> bool:
    """Whether a line is just 附件 or 附件1, well written or not."""
    return bool(MARK.fullmatch(words))


@_remembered
def is_date(words: str) -> bool:
    """Whether a line is just a date, well written or not."""
    return bool(_DATE.fullmatch(words))


@_remembered
def dated(words: str) -> tuple[str, str] | None:
    """A line of office, blanks and date, divided before the blanks; None for any other."""
    found = re.fullmatch(rf"(\S.{{1,58}}?)([\s\u3000]+(?:{_DATE.pattern}))", words)
    if found is None or not OFFICE.search(found[1]):
        return None
    return found[1], found[2]


@_remembered
def preface(words: str) -> ParagraphRole | None:
    """What a line above the red head is: copy number, secrecy or urgency; None for none of these."""
    if _SECRECY.fullmatch(words):
        return ParagraphRole.SECRECY
    if _URGENCY.fullmatch(words):
        return ParagraphRole.URGENCY
    return ParagraphRole.COPY_NUMBER if _COPY_NUMBER.fullmatch(words) else None


def is_signed_by_a_person(words: str) -> bool:
    """Whether a line is an office and its holder's name, as below an order (7.3.5.3) or a bill."""
    return bool(_PERSON.fullmatch(words)) or bool(re.fullmatch(r"签发人.{2,10}", words))


def may_be_addressed(words: str) -> bool:
    """Whether the words before a colon name an addressee."""
    return bool(_ADDRESSED.search(words.rstrip("：:").rstrip("）)")))


def level_of(paragraph: Paragraph) -> int:
    """The level of a heading, from 1, by its number, typed or Word's own; 0 without a number."""
    return _level(paragraph.label or paragraph.words)


@_remembered
def _level(written: str) -> int:
    return next((level for level, form in enumerate(_HEADINGS, start=1) if re.match(form, written)), 0)


def is_item(words: str) -> bool:
    """Whether a line is one of several attachments; its name may begin with a year."""
    return bool(re.match("[0-9]{1,2}[.．、]", words))


def is_face(paragraph: Paragraph, face: Face) -> bool:
    """Whether all its characters are in a face, in any cut."""
    names = {run.asian for run in paragraph.runs if run.text.strip(BLANKS)}
    return bool(names) and all(name in face.accepted or any(kin in name.lower() for kin in face.kin) for name in names)


def parts_in_box(words: str, *, above: bool, below: bool) -> Iterator[ParagraphRole]:
    """The parts that a text box may hold. above, below: its place in relation to the text; words: "" for a picture."""
    lines = [line for line in (line.strip() for line in words.split("\n")) if line]
    if above:
        yield from _of_box_above(lines)
        return
    yield from _signed_in(lines)
    if below and any(COPIES.match(line) or PRINTED.search(line) for line in lines):
        yield ParagraphRole.COLOPHON


def _of_box_above(lines: Sequence[str]) -> Iterator[ParagraphRole]:
    """The parts that a box above the text may hold. A picture, which has no line, may be the red head."""
    if not lines or any(OFFICE.search(plain(line)) for line in lines):
        yield ParagraphRole.HEAD
    if any(is_number(line) for line in lines):
        yield ParagraphRole.NUMBER


def _signed_in(lines: Sequence[str]) -> Iterator[ParagraphRole]:
    """The parts of a signature that a box may hold; none without a line."""
    if any(is_date(line) or dated(line) for line in lines):
        yield ParagraphRole.DATE
    if any(OFFICE.search(line) or dated(line) for line in lines):
        yield ParagraphRole.AUTHORITY
