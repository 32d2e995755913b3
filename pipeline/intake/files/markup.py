"""What a sheet's XML says but its values do not: errors, formulas, percentages, hidden lines; knows no form.

calamine gives '' for an error and for a formula never computed, as for a blank. The XML is searched, not parsed: in
forty megabytes only a few cells matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import islice

from pipeline.forms.cells import Broken
from pipeline.forms.faults.cells import TY_20, TY_21, TY_22

MOST_CELLS = 5_200_000
"""The largest area that is read, from A1 to the last row and column with content: calamine keeps all its cells."""
MOST_CELLS_WRITTEN = 3 * MOST_CELLS
"""The largest area that is read if one cell in four is filled, as in a ledger of 200,000 rows."""
MOST_COLUMNS = 1000
"""A sheet with more is called too wide rather than too long."""

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(frozen=True)
class Markup:
    """What to know about a sheet besides its values; empty for most sheets."""

    broken: Mapping[Place, Broken] = field(default_factory=dict)
    styled: Mapping[Place, int] = field(default_factory=dict)
    """The style of each filled cell, if the style matters."""
    struck: frozenset[Place] = frozenset()
    """The cells with some text struck through."""
    doubtful_zeros: tuple[Place, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Place] = frozenset()
    divided: bool = False
    """Whether there are several sheetData, of which readers see one (ISO/IEC 29500-1, 18.3.1.80: there is only one)."""
    quoted: bool = False
    """Whether values may be in CDATA sections, which calamine takes for blanks."""
    remote: str = ""
    """The cell that makes the sheet too large to be read; "" for none."""
    crowd: tuple[str, int] | None = None
    """What the sheet has too much of to be read, and how many."""
    area: int = 0
    """An upper limit of the cells from A1 to the last row and column with content."""


# Sheets --------------------------------------------------------------------------------------------------------------
#
# Every pattern begins at a tag, looks no further than the next few, and never looks again at what it has passed:
# `(?=[^<>]*+>)` makes sure that a tag is closed before its attributes are searched. So a scan's time is proportional to
# the sheet's size, whatever it contains.

_PREFIX = re.compile(rb"<(\w+:)?sheetData\b")
_CELLS = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")
_ERRORS = b't="e"', b"t='e'"
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s([^<>]*+))?>")
_FORMULA = re.compile(rb"\s*+<(?:\w+:)?f(?:\s[^<>]*+)?(?:(?<=/)>|>([^<]*+)</(?:\w+:)?f>)")
_VALUE = re.compile(rb"\s*+<(?:\w+:)?v(?:\s[^<>]*+)?(?:(?<=/)>|>([^<]*+))")
_ATTRIBUTE = re.compile(rb"""\b(r|s|t|vm|min|max|hidden)=["']([^"']*+)["']""")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LINES = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*+)>")
_FEWEST, _WIDE = 999, 52
"""Lines and columns (A to AZ) that need no exact count."""
_LINE = re.compile(rb"""row\s(?=[^<>]*+>)[^<>]*?\br\s*=\s*["']([0-9]{1,9}+)["']""")
_ADDRESSES = re.compile(rb"""r\s*=\s*["'][A-Za-z]*+([0-9]++)["']""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*+(?<!/)>\s*+<(?:\w+:)?(?:v|is|f)\b)"""
    rb"""[^<>]*?\br\s*=\s*["']([A-Za-z]++)([0-9]++)["']"""
)
_UNADDRESSED = re.compile(
    rb"""<(?:\w+:)?c(?![^<>]*+(?<=/)>)(?![^<>]*?\sr\s*=\s*["'])(?:\s[^<>]*+)?>\s*+<(?:\w+:)?(?:v|is|f)\b"""
)
_UNCOMPUTED, _PICTURE, _FAULT = TY_21, TY_22, TY_20


def markup(
    xml: bytes, styles: tuple[int, ...] = (), struck: frozenset[int] = frozenset(), *, computed: bool = True
) -> Markup:
    """What a sheet's XML says besides its values; nothing for b"".

    styles: those that matter. struck: the shared strings with some text struck through.
    """
    # What follows (merged ranges, drop-downs, pictures) has no cells, rows or columns.
    body = xml[: xml.rfind(b"sheetData>")]
    remote, area = _remote(body)
    crowd = _crowd(xml, body)
    if remote or crowd:
        return Markup(remote=remote, crowd=crowd, area=area)
    if body.count(b"sheetData") > 1 and len(_CELLS.findall(body)) > 1:
        return Markup(divided=True)
    broken: dict[Place, Broken] = {}
    zeros, formulas = [], set()
    # calamine gives a formula's stored value and no sign that it is one.
    for place, fault, is_zero in _formulas(body):
        formulas.add(place)
        if fault:
            broken[place] = fault
        # Programs that cannot compute (converters, some suites on phones) save 0 for every formula.
        elif is_zero and not computed:
            zeros.append(place)
    rows, columns = _hidden(body)
    styled = dict(islice(_styled(body, styles), _MOST_LINES + 1)) if styles else {}
    if len(styled) > _MOST_LINES:
        return Markup(crowd=("特殊格式", len(styled)), area=area)
    return Markup(
        # A formula's own fault says more than the error in its result, so it comes last.
        broken=dict(_errors(body)) | broken,
        styled=styled,
        struck=frozenset(_struck(body, struck)),
        doubtful_zeros=tuple(zeros),
        hidden_rows=rows,
        hidden_columns=columns,
        formulas=frozenset(formulas),
        quoted=b"<![CDATA[" in body,
        area=area,
    )


def place_of(address: str) -> Place | None:
    """Row and column of a cell's address, "B3" -> (2, 1); None if it is not an address."""
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]) - 1, _number(match[1]) - 1) if match and int(match[2]) else None


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column, from 0: 0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(place: Place) -> str:
    """(2, 1) -> "B3"."""
    return f"{letters(place[1])}{place[0] + 1}"


def _number(name: str) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _attributes(written: bytes | None) -> dict[str, str]:
    return {name.decode(): value.decode("ascii", "replace") for name, value in _ATTRIBUTE.findall(written or b"")}


def _tags(body: bytes, words: bytes) -> Iterator[int]:
    """Where each tag begins that contains the words. Few tags do, and `find` is much faster than a pattern.

    If they occur twice in a tag, or in a text, the search back stops at their previous occurrence.
    """
    before, at = 0, body.find(words)
    while at >= 0:
        if (tag := body.rfind(b"<", before, at + 1)) >= 0:
            yield tag
        before, at = at + 1, body.find(words, at + 1)


def _errors(body: bytes) -> Iterator[tuple[Place, Broken]]:
    """Cells of type error; one with value metadata is a picture in Excel 365, and an error in every other program."""
    found = (tag for words in _ERRORS if words[-1:] in body for tag in _tags(body, words))
    for match in filter(None, (_CELL.match(body, tag) for tag in found)):
        attributes = _attributes(match[1])
        place = place_of(attributes.get("r", ""))
        formula = _FORMULA.match(body, match.end())
        value = _VALUE.match(body, (formula or match).end())
        if place:
            shown = unescape(value[1].decode("utf-8", "replace")) if value and value[1] else "错误"
            yield place, Broken(_PICTURE if "vm" in attributes else _FAULT, shown)


def _formulas(body: bytes) -> Iterator[tuple[Place, Broken | None, bool]]:
    """Each cell with a formula: what is wrong with its result, and whether the result is 0.

    A text result may be empty: the value is then present and blank. A formula without a value was never computed.
    """
    sheet = _PREFIX.search(body)
    before = 0
    for tag in _tags(body, b"<%bf" % (sheet[1] or b"" if sheet else b"")):
        cell = _CELL.match(body, max(body.rfind(b"<", before, tag), before))
        before = tag
        formula = _FORMULA.match(body, cell.end()) if cell else None
        if cell is None or formula is None:
            continue
        attributes = _attributes(cell[1])
        place = place_of(attributes.get("r", ""))
        if place is None:
            continue
        value = _VALUE.match(body, formula.end())
        written = "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
        # WPS writes a picture within a cell as this formula, which no other program knows.
        if "DISPIMG(" in written.upper():
            yield place, Broken(_PICTURE, written), False
        elif not (value and value[1]) and attributes.get("t") != "str":
            yield place, Broken(_UNCOMPUTED, written), False
        else:
            yield place, None, bool(value) and value[1] in (b"0", b"0.0")  # type: ignore[index]


def _styled(body: bytes, styles: tuple[int, ...]) -> Iterator[tuple[Place, int]]:
    """The cells with content and one of these styles, each with its style."""
    numbers = b"|".join(str(style).encode() for style in styles) if len(styles) <= _FEW else b"[0-9]+"
    # To look for the attribute first takes a third of the time of a look into every cell.
    named = re.compile(rb"""\ss=["'](?:""" + numbers + rb""")["']""")
    wanted = frozenset(map(str, styles))
    end = 0
    while found := named.search(body, end):
        # Each look begins where the last tag ended: one tag may name its style a million times.
        cell = _TAG_WITH_CONTENT.match(body, max(body.rfind(b"<", end, found.start()), end))
        end = body.find(b">", found.end())
        if end < 0:
            return
        attributes = _attributes(cell[1]) if cell else {}
        place = place_of(attributes.get("r", ""))
        if place and attributes.get("s") in wanted:
            yield place, int(attributes["s"])


_TAG_WITH_CONTENT = re.compile(rb"""<(?:\w+:)?c\s([^<>]*+)(?<!/)>""")
"""The tag of a cell with content."""


def _struck(body: bytes, strings: frozenset[int]) -> Iterator[Place]:
    """The cells with one of these shared strings, and those with their own text struck through in part."""
    found = (match[1] for match in _USE.finditer(body) if int(match[2]) in strings) if strings else iter(())
    before, own = 0, []
    for tag in _tags(body, b"strike"):
        if is_struck(body[tag : tag + _LONGEST_MARK]):
            own.append(_CELL.match(body, max(body.rfind(b"<c ", before, tag), 0)))
        before = tag
    for written in (*found, *(cell[1] for cell in own if cell)):
        attributes = _attributes(written)
        if place := place_of(attributes.get("r", "")):
            yield place


def is_struck(xml: bytes) -> bool:
    """Whether text of a rich string is struck through (ISO/IEC 29500-1, 18.4.10)."""
    return bool(_STRIKE.search(xml))


_LONGEST_MARK = 100
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/?>""")
_USE = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\bt=["']s["'])([^<>]*+)>\s*+<(?:\w+:)?v>([0-9]{1,9}+)<""")


_FEW = 50
"""Up to this many styles, the pattern itself distinguishes them."""


def _hidden(body: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows and columns, from 0; not merely narrow ones. Columns come in ranges, which may overlap."""
    rows, columns = set(), bytearray(_MOST_COLUMNS)
    for match in filter(None, (_LINES.match(body, tag) for tag in _tags(body, b"hidden="))):
        attributes = _attributes(match[2])
        # LibreOffice writes hidden="false" for every row and column.
        if attributes.get("hidden") not in ("1", "true"):
            continue
        if match[1] == b"row" and _is_line(line := attributes.get("r", "")):
            rows.add(int(line) - 1)
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if match[1] == b"col" and _is_line(first) and _is_line(last):
            start, end = max(int(first) - 1, 0), min(int(last), _MOST_COLUMNS)
            columns[start:end] = bytes([1]) * (end - start)
    return frozenset(rows), frozenset(column.start() for column in _HIDDEN.finditer(columns))


_HIDDEN = re.compile(b"\1")


def _is_line(written: str) -> bool:
    return written.isdecimal() and len(written) < 9


def _crowd(xml: bytes, body: bytes) -> tuple[str, int] | None:
    """What a sheet has more of than any that is filled in by hand, and how many; None for a usual sheet."""
    sheet = _PREFIX.search(body)
    counted = (
        ("公式错误", sum(map(body.count, _ERRORS)), _MOST_FAULTS),
        ("公式", body.count(b"<%bf" % (sheet[1] or b"" if sheet else b"")), _MOST_LINES),
        ("隐藏的行或列", body.count(b"hidden="), 2 * _MOST_LINES),
        ("列的设置", body.count(b"col ", 0, sheet.start() if sheet else 0), 2 * _MOST_COLUMNS),
        ("合并单元格", xml.count(b"mergeCell", len(body)), _MOST_FAULTS),
    )
    return next(((what, count) for what, count, most in counted if count > most), None)


_MOST_FAULTS = 100_000
_MOST_LINES, _MOST_COLUMNS = 2**20, 2**14
"""Rows and columns of a sheet (Excel's limits)."""


def _remote(body: bytes) -> tuple[str, int]:
    """The outermost filled cell if it makes the sheet too large to read, else ""; and the area, or an upper limit.

    What follows the last value is ignored, even a million formatted lines.
    """
    end = body.rfind(b"v>")
    end = max(body.rfind(tag, max(end, 0)) for tag in (b"v>", b"is>", b"f>", b"<f")) + 1
    area = _usual_area(body, end)
    if _is_read(area, body):
        return "", area
    start, end = max(body.find(b"sheetData"), 0), end + len("<v>")
    columns: dict[bytes, int] = {}
    lowest, last = 0, b""
    for match in _FILLED.finditer(body, start, end):
        name, digits = match.groups()
        line = int(digits) if len(digits) < 10 else _BEYOND
        columns.setdefault(name, line)
        if line >= lowest:
            lowest, last = line, name
    numbered = {_number(name[:_LONGEST_NAME].decode()): line for name, line in columns.items()}
    widest, column = max(numbered, default=0), _number(last[:_LONGEST_NAME].decode())
    if _UNADDRESSED.search(body, start, end):  # such a cell follows the one before it, in whatever row that is
        lines = (int(match[1]) if len(match[1]) < 10 else _BEYOND for match in _ADDRESSES.finditer(body, start, end))
        lowest, widest, column = max(lines, default=lowest), max(widest, 1), max(column, 1)
    if _is_read(lowest * widest, body):
        return "", lowest * widest
    row, column = (numbered[widest], widest) if widest > MOST_COLUMNS else (lowest, column)
    return address((row - 1, column - 1)), lowest * widest


_LONGEST_NAME = 6
"""Letters of a column that are examined; a longer name is out of range anyway."""


_BEYOND = 10**9
"""A line beyond all others, for a number with too many digits."""


def _usual_area(body: bytes, end: int) -> int:
    """An upper limit of the area of all cells and lines before `end`; unreadably large if any is out of range.

    The last line gives the count, and is trusted if no address exceeds it. An address may differ from the row element
    around it. The count is rounded up to one digit, which makes it a single pattern that finds nothing.
    """
    last = _LINE.match(body, max(body.rfind(b"row ", 0, end), 0))
    number = str(max(_FEWEST, int(last[1]) if last else 0))
    lead, rest = int(number[0]), len(number) - 1
    usual = rf"""r\s*=\s*["'](?!A?[A-Za-z]?[1-{lead}]?[0-9]{{1,{rest}}}["'])"""
    beyond = re.compile(usual.encode()).search(body, max(body.find(b"sheetData"), 0), end)
    return MOST_CELLS_WRITTEN + 1 if beyond else ((lead + 1) * 10**rest - 1) * _WIDE


def _is_read(area: int, body: bytes) -> bool:
    """Whether a sheet of this many cells is read: a smaller one, or a larger one that is not mostly empty."""
    if area <= MOST_CELLS:
        return True
    return area <= MOST_CELLS_WRITTEN and area <= 2 * (body.count(b"v>") + body.count(b"is>"))
