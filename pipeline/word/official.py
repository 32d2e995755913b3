"""The form of official documents, GB/T 9704-2012, as constants with clauses; knows the standard, no file.

Lengths are in millimetres (MM), sizes of type and line pitches in points. The standard's "one character" (一字) is as
wide as the type is high: 16 pt in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

POINTS_IN_A_MM = 72 / 25.4
TWIPS_IN_A_POINT = 20


class Basis(StrEnum):
    """What a requirement rests on."""

    STANDARD = "国标"
    """The standard says so."""
    ANALOGY = "参照"
    """The standard says so for documents with a red head; applied to one without."""
    CUSTOM = "习惯"
    """The standard leaves it open; offices do it this way."""
    DOUBTFUL = "请核实"
    """The standard asks for it; the file does not show for certain whether the document complies."""
    UNREAD = "未读"
    """It is where the checker does not read: not a deviation, but unchecked."""


@dataclass(frozen=True)
class Face:
    """A typeface: its usual name, the names of its fonts, and other cuts of it."""

    name: str
    accepted: frozenset[str]
    kin: tuple[str, ...]
    """Words in font names that mark other cuts of the face."""


@dataclass(frozen=True)
class Length:
    """A length in millimetres, and its tolerance."""

    mm: float
    tolerance: float

    def fits(self, mm: float) -> bool:
        """Whether a length is within the tolerance, plus what word processors round off (0.1 mm)."""
        return abs(mm - self.mm) <= self.tolerance + 0.1


# Paper and type area -------------------------------------------------------------------------------------------------

PAPER = (210.0, 297.0)
"""5.1: A4, width and height."""
PAPER_TOLERANCE = 1.0
TOP = Length(37, 1)
"""5.2.1: 天头, the white above the type area."""
LEFT = Length(28, 1)
"""5.2.1: 订口, the white at the binding side."""
TYPE_AREA = (156.0, 225.0)
"""5.2.1: 版心, width and height."""
RIGHT = Length(PAPER[0] - LEFT.mm - TYPE_AREA[0], 1)
"""What 5.2.1 leaves at the right: 26 mm."""
BOTTOM = Length(PAPER[1] - TOP.mm - TYPE_AREA[1], 1)
"""What 5.2.1 leaves at the bottom: 35 mm."""
LINES, CHARACTERS = 22, 28
"""5.2.3: lines of a page, characters of a line; they fill the type area."""
LINE_PITCH = TYPE_AREA[1] * POINTS_IN_A_MM / LINES
"""5.2.3: 28.99 points; Word's nearest grid is 28.95."""
LINE_PITCHES = (27.8, 29.1)
"""5.2.3: the pitches at which 22 lines, not 23, fit the type area; 固定值 28 磅 is one of them."""
NARROWEST_TYPE, WIDEST_TYPE = 15.2, 15.85
"""5.2.3: the pitches at which 28 characters, not 29, fit a line of 156 mm."""

# Faces and sizes -----------------------------------------------------------------------------------------------------

XIAOBIAOSONG = Face(
    "小标宋",
    frozenset({"方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "小标宋", "小标宋体"}),
    ("小标宋", "xiaobiaosong", "dabiaosong", "大标宋"),
)
"""7.2.4, 7.3.1: red head and title."""
FANGSONG = Face("仿宋", frozenset({"仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312"}), ("仿宋", "fangsong"))
"""5.2.2: all type for which nothing else is specified."""
HEITI = Face("黑体", frozenset({"黑体", "SimHei"}), ("黑", "hei"))
"""7.3.3, 7.3.7: headings of the first level, the mark of an attachment."""
KAITI = Face("楷体", frozenset({"楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312"}), ("楷", "kai"))
"""7.3.3: headings of the second level."""
SONGTI = Face("宋体", frozenset({"宋体", "SimSun", "NSimSun", "新宋体"}), ("宋", "song"))
"""7.5: page numbers, half-width."""
LATIN = frozenset({"Times New Roman"})
"""Custom: digits and letters are in this face, or in that of the characters around them."""

SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0
"""二号, 三号 and 四号 in points: 7.3.1 the title; 5.2.2 the text; 7.4 and 7.5 the colophon and the page number."""
SIZE_NAMES = {
    22.0: "二号",
    16.0: "三号",
    14.0: "四号",
    15.0: "小三",
    18.0: "小二",
    12.0: "小四",
    10.5: "五号",
    26.0: "一号",
}
"""The names of sizes in points."""

# Head ----------------------------------------------------------------------------------------------------------------

HEAD_DROP = Length(35, 4)
"""7.2.4: from the top of the type area to the top of the red head; a line of type is taller than its characters."""
ORDER_DROP = Length(20, 4)
"""10.2: the same for an order (命令、令)."""
LINES_BELOW_HEAD = 2
"""7.2.5: blank lines between the red head and the number."""
LINES_BELOW_RED_LINE = 2
"""7.3.1: blank lines between the red line and the title."""
LINES_BELOW_TITLE = 1
"""7.3.2: blank lines between the title and the addressees."""
NUMBER_FORM = r"[\u4e00-\u9fff]{1,20}〔[1-9][0-9]{3}〕[1-9][0-9]*号"
"""7.2.5: 代字〔年份〕序号: six-corner brackets, the full year, no 第, no leading zero."""
SECRECY_FORM = r"(?:绝密|机密|秘密)(?:★(?:[1-9][0-9]*(?:年|个月|月|周|日|天)|长期))?"
"""7.2.2: the grade of secrecy, a star, and the term, in Arabic figures."""
URGENCIES = ("特急", "加急", "特提", "平急")
"""7.2.3: the urgency of a document; 特提 and 平急 are used for telegrams."""
NUMBER_FROM_LEFT = 1.0
"""7.2.5: characters free before the number of a document to a superior; the last signer is on the same line."""
NUMBER_ASKED = "代字〔年份〕N号：六角括号，年份四位，序号不加“第”、不编虚位"

# Letters (信函) ------------------------------------------------------------------------------------------------------

LETTER_HEAD_TOP = Length(30, 3)
"""10.1: from the upper edge of the paper to the head; a line of type is taller than its characters."""
LETTER_HEAD_GAP = Length(4, 2.5)
"""10.1: between the head and the first red double rule (thick above thin), less what a line of type adds."""
LETTER_LINE = Length(170, 1)
"""10.1: the length of both red double rules, which are centred on the paper."""
LETTER_FOOT = Length(20, 1.5)
"""10.1: from the second red double rule, thin above thick, to the lower edge of the paper."""
LETTER_NUMBER_GAP = Length(7 / 8 * SIZE_3 / POINTS_IN_A_MM, 2)
"""10.1: between the first double rule and the number: seven eighths of the height of a character of 三号."""
LETTER_TITLE_LINES = 2
"""10.1: blank lines between the title and whatever is above it."""

# Text ----------------------------------------------------------------------------------------------------------------

INDENT = 2.0
"""7.3.3: characters of indent in a paragraph's first line."""
HEADING_MARKS = ("一、", "（一）", "1.", "（1）")
"""7.3.3: the numbers of headings, level by level."""
HEADING_FACES = (HEITI, KAITI, FANGSONG, FANGSONG)
"""7.3.3: the faces of headings, level by level."""
LINES_ABOVE_ATTACHMENTS = 1
"""7.3.4: blank lines between the text and the list of attachments."""
DATE_FORM = r"[1-9][0-9]{3}年(?:[1-9]|1[0-2])月(?:[1-9]|[12][0-9]|3[01])日"
"""7.3.5.4: Arabic figures, the year in full, no leading zeros."""
DATE_ASKED = "阿拉伯数字，年份写全，月、日不编虚位"
DATE_FROM_RIGHT = 4.0
"""7.3.5.1: characters between the date and the right edge, with a seal; the authority is centred over the date."""
AUTHORITY_FROM_RIGHT = 2.0
"""7.3.5.2: characters between the authority and the right edge, without a seal."""
DATE_AFTER_AUTHORITY = 2.0
"""7.3.5.2: characters by which the date begins further right than the authority, without a seal."""
LINES_BELOW_MARK = 1
"""7.3.7: the mark of an attachment is on the first line of a page, its title on the third."""

NOTE_INDENT = 2.0
"""7.3.6: characters free before the note (附注), which stands in brackets on the line below the date."""

# Colophon and page number --------------------------------------------------------------------------------------------

THICK_LINE, THIN_LINE = Length(0.35, 0.06), Length(0.25, 0.06)
"""7.4.1: the colophon's outer rules, and the inner ones."""
COLOPHON_INDENT = 1.0
"""7.4.2, 7.4.3: characters free at both sides."""
PAGE_NUMBER_DROP = Length(7, 3)
"""7.5: mm between the type area and the dashes of the page number, which are at half the height of its line."""
PAGE_NUMBER_LINE = 6.0
"""The height of a line of 14 points, in mm."""
PAGE_NUMBER_INDENT = 1.0
"""7.5: characters between the page number and the edge of the type area."""
PAGE_NUMBER_FORM = r"— ?[0-9]* ?—"
"""7.5: a dash of one character on each side of the figure."""
LYING_NUMBER_GAP = Length(7, 3)
"""8: on a landscape page the number is where portrait pages have it: left of the type area, turned to the right."""
