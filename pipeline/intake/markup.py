"""What the XML of a workbook says and its values do not: errors, formulas, percentages, hidden lines; knows no form.

calamine gives '' for an error and for a formula that nobody has computed, as for a blank. The XML of a sheet is searched,
not parsed: of forty megabytes only the few cells that matter are looked at.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from defusedxml.ElementTree import fromstring

from pipeline.forms.cells import Broken

CUSTOM_PROPERTIES = "docProps/custom.xml"
MOST_CELLS = 5_200_000
"""The area, from A1 to the last row and column that hold anything, that is read; calamine keeps every cell of it in memory."""
MOST_CELLS_WRITTEN = 3 * MOST_CELLS
"""The area that is read where one cell in four is written, as in a ledger of 200,000 rows."""
MOST_COLUMNS = 1000
"""A sheet with more is too wide rather than too long."""
_CALCULATING = re.compile(
    r"(Microsoft (Office |Macintosh )?Excel|WPS\b.*|ET|LibreOffice.*|OpenOffice.*|Yozo.*|永中.*|Numbers.*)"
)
"""The values of Application (ISO/IEC 29500-1, 22.2.2.1) by which programs sign that compute what they save."""

Place = tuple[int, int]
"""Row and column of a cell, both 0-based."""


@dataclass(frozen=True)
class Markup:
    """What is to be known of a sheet beside its values; empty for most sheets."""

    broken: Mapping[Place, Broken] = field(default_factory=dict)
    percentages: frozenset[Place] = frozenset()
    doubtful_zeros: tuple[Place, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[Place] = frozenset()
    divided: bool = False
    """Whether the sheet has cells in more than one place, of which a reader sees one (ISO/IEC 29500-1, 18.3.1.80: there is one)."""
    quoted: bool = False
    """Whether values may stand in CDATA sections, which calamine takes for blanks."""
    remote: str = ""
    """The cell that makes the sheet too large to be read; "" for none."""


class Package:
    """The zip that a workbook is. Raises the errors of zipfile, and ValueError for XML that is none."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self._names = {name.replace("\\", "/").lower(): name for name in self._zip.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def part(self, name: str) -> bytes:
        """The bytes of a part; none where the package lacks it."""
        stored = self._names.get(name.lower())
        return self._zip.read(stored) if stored else b""

    def custom_property(self, name: str) -> str | None:
        """A custom document property (ISO/IEC 29500-1, 22.3); None where there is none, or the part is damaged."""
        try:
            items = _elements(self.part(CUSTOM_PROPERTIES))
        except ValueError:
            return None
        return next(("".join(item.itertext()).strip() for item in items if item.get("name") == name), None)

    def markup(self, sheet: str) -> Markup:
        """What the XML of the sheet of that name says; nothing where the package does not lead to it."""
        return markup(self.sheet_xml(sheet), self._percent_styles, computed=self._computed)

    def sheet_xml(self, sheet: str) -> bytes:
        """The XML of a sheet; none where the package does not lead to it."""
        return self.part(self._sheets.get(sheet, ""))

    def rewritten(self, sheet: str, xml: bytes) -> bytes:
        """The workbook with other XML of one sheet, and without the other sheets' parts."""
        own, others = self._sheets.get(sheet, "").lower(), {part.lower() for part in self._sheets.values()}
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            for name, stored in self._names.items():
                if name.endswith((".xml", ".rels")) and name not in others:
                    package.writestr(name, self._zip.read(stored))
            package.writestr(own, xml)
        return content.getvalue()

    @cached_property
    def counts_from_1904(self) -> bool:
        """Whether days are counted from 1904 (ISO/IEC 29500-1, 18.2.28)."""
        return bool(re.search(rb"""\bdate1904=["'](1|true)["']""", self._workbook))

    @cached_property
    def _workbook(self) -> bytes:
        return self.part(self._workbook_name)

    @cached_property
    def _workbook_name(self) -> str:
        return next((name for name in self._names if name.endswith("workbook.xml")), "xl/workbook.xml")

    @cached_property
    def _sheets(self) -> Mapping[str, str]:
        """The part of each sheet by the sheet's name."""
        folder, name = posixpath.split(self._workbook_name)
        relations = _elements(self.part(f"{folder}/_rels/{name}.rels"))
        targets = {item.get("Id"): posixpath.join("/", folder, item.get("Target", "")) for item in relations}
        sheets = (item for item in _elements(self._workbook) if item.tag.endswith("}sheet"))
        named = ((item.get("name", ""), _relation(item)) for item in sheets)
        return {name: posixpath.normpath(targets[to]).lstrip("/") for name, to in named if to in targets}

    @cached_property
    def _percent_styles(self) -> tuple[int, ...]:
        """The cell styles whose number format shows a percentage (formats 9 and 10, or one with a % of its own)."""
        xml = self.part(f"{posixpath.dirname(self._workbook_name)}/styles.xml")
        if not re.search(rb"""%|numFmtId=["'](9|10)["']""", xml):
            return ()
        items = _elements(xml)
        own = {item.get("numFmtId") for item in items if _local(item) == "numFmt" and "%" in item.get("formatCode", "")}
        styles = next((list(item) for item in items if _local(item) == "cellXfs"), [])
        return tuple(n for n, style in enumerate(styles) if style.get("numFmtId") in own | {"9", "10"})

    @cached_property
    def _computed(self) -> bool:
        """Whether the program that saved the workbook computes formulas; True where the workbook does not say."""
        if re.search(rb"""\bfullCalcOnLoad=["'](1|true)["']""", self._workbook):
            return False
        signed = re.search(rb"<(?:\w+:)?Application>([^<]*)<", self.part("docProps/app.xml"))
        program = unescape(signed[1].decode("utf-8", "replace")).strip() if signed else ""
        return not program or bool(_CALCULATING.fullmatch(program))


def _elements(xml: bytes) -> list[Any]:
    """All elements of a part in their order; [] for no part. Raises ValueError for XML that is none, or that has entities."""
    try:
        return list(fromstring(xml).iter()) if xml else []
    except SyntaxError as error:  # what ElementTree's ParseError is
        raise ValueError(str(error)) from error


def _local(item: Any) -> str:
    return str(item.tag).rpartition("}")[2]


def _relation(item: Any) -> str | None:
    """The relationship that an element names; its namespace differs in the strict form of the standard."""
    return next((value for name, value in item.items() if name.endswith("relationships}id")), None)


# Sheets --------------------------------------------------------------------------------------------------------------

_END = rb"</(?:\w+:)?c>"
_PREFIX = re.compile(rb"<(\w+:)?sheetData\b")
_CELLS = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")
_ERRORS = b't="e"', b"t='e'"
_ERROR = re.compile(rb"""<(?:\w+:)?c(\s[^<>]*\bt=["']e["'][^<>]*)>(.*?)""" + _END, re.DOTALL)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^<>]*)?>\s*<(?:\w+:)?f(?:\s(?:[^<>]*[^<>/])?)?(?:/>|>([^<]*)</(?:\w+:)?f>)(.*?)" + _END, re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_ATTRIBUTE = re.compile(rb"""\b(r|t|vm|min|max)=["']([^"']*)["']""")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_HIDDEN = re.compile(rb"""<(?:\w+:)?(row|col)\s([^<>]*\bhidden=["'](?:1|true)["'][^<>]*)>""")
_ROWS = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br=["']([0-9]+)["']""")
_TALL, _WIDE = 99_999, 52
"""Lines and columns (A to AZ) that are usual; together they are MOST_CELLS."""
_LINE = re.compile(rb"""row\s[^<>]*?\br=["']([0-9]+)["']""")
_ADDRESSES = re.compile(rb"""r=["']([A-Za-z]*)([0-9]+)["']""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Za-z]+)([0-9]+)["'](?:[^<>]*[^<>/])?>\s*<(?:\w+:)?(?:v|is|f)\b"""
)
_UNADDRESSED = re.compile(rb"""<(?:\w+:)?c(?![^<>]*\sr=["'])(?:\s[^<>]*[^<>/])?>\s*<(?:\w+:)?(?:v|is|f)\b""")
_UNCOMPUTED, _PICTURE, _FAULT = "TY-21", "TY-22", "TY-20"


def markup(xml: bytes, percent_styles: tuple[int, ...] = (), *, computed: bool = True) -> Markup:
    """What the XML of a sheet says beside its values; nothing for b""."""
    body = xml[: xml.rfind(b"sheetData>")]
    remote = _remote(body)
    if remote:
        return Markup(remote=remote)
    if body.count(b"sheetData") > 1 and len(_CELLS.findall(body)) > 1:
        return Markup(divided=True)
    broken: dict[Place, Broken] = {}
    zeros, formulas = [], set()
    for place, fault, is_zero in _formulas(body):
        formulas.add(place)
        if fault:
            broken[place] = fault
        elif is_zero and not computed:
            zeros.append(place)
    hidden = list(_hidden(body))
    return Markup(
        broken=dict(_errors(body)) | broken,
        percentages=frozenset(_styled(body, percent_styles)) if percent_styles else frozenset(),
        doubtful_zeros=tuple(zeros),
        hidden_rows=frozenset(n for kind, n in hidden if kind == b"row"),
        hidden_columns=frozenset(n for kind, n in hidden if kind == b"col"),
        formulas=frozenset(formulas),
        quoted=b"<![CDATA[" in body,
    )


def place_of(address: str) -> Place | None:
    """Row and column of a cell's address, "B3" -> (2, 1); None for what is no address."""
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]) - 1, _number(match[1]) - 1) if match and int(match[2]) else None


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column, 0-based: 0 -> A, 26 -> AA."""
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
    """Where the tags begin in which the words stand: few in many megabytes, and `find` is many times as fast as a pattern."""
    at = body.find(words)
    while at >= 0:
        yield body.rfind(b"<", 0, at + 1)
        at = body.find(words, at + 1)


def _errors(body: bytes) -> Iterator[tuple[Place, Broken]]:
    """Cells of type error; one with value metadata shows a picture in Excel 365, and an error to all other programs."""
    found = (tag for words in _ERRORS if words[-1:] in body for tag in _tags(body, words))
    for match in filter(None, (_ERROR.match(body, tag) for tag in found)):
        attributes = _attributes(match[1])
        place = place_of(attributes.get("r", ""))
        value = _VALUE.search(match[2])
        if place:
            shown = unescape(value[1].decode("utf-8", "replace")) if value else "错误"
            yield place, Broken(_PICTURE if "vm" in attributes else _FAULT, shown)


def _formulas(body: bytes) -> Iterator[tuple[Place, Broken | None, bool]]:
    """Each cell with a formula: what is wrong with its result, and whether the result is 0.

    A text result may be empty: then the value is there and blank. A formula without any value was never computed.
    """
    sheet = _PREFIX.search(body)
    found = _tags(body, b"<%bf" % (sheet[1] or b"" if sheet else b""))
    for match in filter(None, (_FORMULA.match(body, body.rfind(b"<", 0, tag)) for tag in found)):
        attributes = _attributes(match[1])
        place = place_of(attributes.get("r", ""))
        if place is None:
            continue
        formula, value = (match[2] or b""), _VALUE.search(match[3])
        written = "=" + unescape(formula.decode("utf-8", "replace"))
        if b"DISPIMG(" in formula.upper():
            yield place, Broken(_PICTURE, written), False
        elif not (value and value[1]) and attributes.get("t") != "str":
            yield place, Broken(_UNCOMPUTED, written), False
        else:
            yield place, None, bool(value) and value[1] in (b"0", b"0.0")  # type: ignore[index]


def _styled(body: bytes, styles: tuple[int, ...]) -> Iterator[Place]:
    numbers = b"|".join(str(style).encode() for style in styles)
    filled = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*\bs=["'](?:""" + numbers + rb""")["'])([^<>]*[^<>/])>""")
    for match in filled.finditer(body):
        place = place_of(_attributes(match[1]).get("r", ""))
        if place:
            yield place


def _hidden(body: bytes) -> Iterator[tuple[bytes, int]]:
    """The hidden rows and columns, 0-based; not those that are merely narrow."""
    for match in filter(None, (_HIDDEN.match(body, tag) for tag in _tags(body, b"hidden="))):
        kind, attributes = match[1], _attributes(match[2])
        first, last = (attributes.get(name, "") for name in (("r", "r") if kind == b"row" else ("min", "max")))
        if first.isdecimal() and last.isdecimal():
            yield from ((kind, n) for n in range(int(first) - 1, min(int(last), 2**14 if kind == b"col" else 2**20)))


def _remote(body: bytes) -> str:
    """The outermost filled cell, where it makes the sheet larger than is read; "" for a sheet of usual size.

    What follows the last value, be it a million formatted lines, is not looked at.
    """
    end = body.rfind(b"v>")
    end = max(body.rfind(tag, max(end, 0)) for tag in (b"v>", b"is>", b"f>", b"<f")) + 1
    if _is_read(_usual_area(body, end), body):
        return ""
    filled = body[max(body.find(b"sheetData"), 0) : end]
    places = [(int(line), _number(name.decode())) for name, line in _FILLED.findall(filled + b"<v>")]
    if _UNADDRESSED.search(filled + b"<v>"):  # such a cell follows the one before it, in whatever row that is
        places.append((max((int(line) for _, line in _ADDRESSES.findall(filled)), default=0), 1))
    lowest, rightmost = max(places, default=(0, 0)), max(places, key=lambda place: place[1], default=(0, 0))
    if _is_read(lowest[0] * rightmost[1], body):
        return ""
    row, column = rightmost if rightmost[1] > MOST_COLUMNS else lowest
    return address((row - 1, column - 1))


def _usual_area(body: bytes, end: int) -> int:
    """An area that holds all cells and lines before `end`; more than is ever read where any lies beyond what is usual.

    The last line says how many there are, and is believed where no address is beyond it: one that need not be that of the
    row element around it. Rounded up to one digit, that is one pattern, which finds nothing.
    """
    last = _LINE.match(body, max(body.rfind(b"row ", 0, end), 0))
    number = str(max(_TALL, int(last[1]) if last else 0))
    lead, rest = int(number[0]), len(number) - 1
    usual = rf"""r=["'](?!A?[A-Za-z]?[1-{lead}]?[0-9]{{1,{rest}}}["'])"""
    beyond = re.compile(usual.encode()).search(body, max(body.find(b"sheetData"), 0), end)
    return MOST_CELLS_WRITTEN + 1 if beyond else ((lead + 1) * 10**rest - 1) * _WIDE


def _is_read(area: int, body: bytes) -> bool:
    """Whether a sheet of so many cells is read: a smaller one, and a larger one that is not mostly empty."""
    if area <= MOST_CELLS:
        return True
    return area <= MOST_CELLS_WRITTEN and area <= 2 * (body.count(b"v>") + body.count(b"is>"))
