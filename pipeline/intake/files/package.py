"""A workbook's zip: its parts by their relations, its properties and styles; knows no form and no cell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from defusedxml.ElementTree import fromstring

from pipeline.forms.period import Period
from pipeline.intake.files.bounds import MOST_NODES, nodes
from pipeline.intake.files.layout import PREPARED_MONTH, PREPARED_ZONE
from pipeline.intake.files.looks import CellStyles
from pipeline.intake.files.marks import LINEAGE_PROPERTY, note_without_marks, speaks_of_marks
from pipeline.intake.files.markup import Markup, Place, is_struck, markup, place_of
from pipeline.ooxml.names import called, is_xml, led_to, links_of

_OF_NOTE = re.compile(
    rb"""numFmtId=["'](?:[1-49]|1[0-37]|27|3[6-9]|4[08]|5[027])["']|<(?:\w+:)?strike\b|"""
    rb"""formatCode=(?!["'](?:General|@|yyyy-mm-dd)["'])"""
)
"""Whether the styles may have formats that show more or less than a cell holds, or lines through text."""
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_KEPT = 2**20
"""Up to this many bytes, parsed styles are kept for the next workbook."""
CUSTOM_PROPERTIES = "docProps/custom.xml"
_CALCULATING = re.compile(
    r"(Microsoft (Office |Macintosh )?Excel|WPS\b.*|ET|LibreOffice.*|OpenOffice.*|Yozo.*|永中.*|Numbers.*)"
)
"""Values of Application (ISO/IEC 29500-1, 22.2.2.1) of programs that compute formulas before saving."""


class WorkbookPackage:
    """A workbook's zip. Raises the errors of zipfile, and ValueError for XML that is not well-formed."""

    def __init__(self, path: Path | BytesIO) -> None:
        self._zip = zipfile.ZipFile(path)
        self._names = {called(name): name for name in self._zip.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def part(self, name: str) -> bytes:
        """The bytes of a part; b"" if the package lacks it."""
        stored = self._names.get(name.lower())
        return self._zip.read(stored) if stored else b""

    def custom_property(self, name: str) -> str | None:
        """A custom document property (ISO/IEC 29500-1, 22.3); None if there is none, or the part is damaged."""
        try:
            items = _elements(self.part(CUSTOM_PROPERTIES))
        except ValueError:
            return None
        return next(("".join(item.itertext()).strip() for item in items if item.get("name") == name), None)

    @property
    def prepared(self) -> Mapping[str, str]:
        """The zone, year and month for which a workbook was prepared, as far as it says so; {} for a plain one."""
        zone, written = self.custom_property(PREPARED_ZONE), self.custom_property(PREPARED_MONTH)
        month = Period.parse(written or "")
        of_month = {"year": str(month.year), "month": str(month.month)} if month else {}
        return {**({"zone": zone} if zone else {}), **of_month}

    def markup(self, sheet: str) -> Markup:
        """What the XML of the named sheet says. Raises ValueError if the package does not lead to it."""
        xml = self.sheet_xml(sheet)
        if not xml:
            raise ValueError("a sheet without a part")
        matter = tuple({*self.styles.formats, *self.styles.struck})
        return markup(xml, matter, self._struck_strings, computed=self._computed)

    def sheet_xml(self, sheet: str) -> bytes:
        """The XML of a sheet; b"" if the package does not lead to it."""
        return self.part(self._sheets.get(sheet, ""))

    def rewritten(self, sheet: str, xml: bytes) -> bytes:
        """The workbook with other XML for one sheet, and without the other sheets' parts."""
        own, others = self._sheets.get(sheet, "").lower(), {part.lower() for part in self._sheets.values()}
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            for name, stored in self._names.items():
                # calamine asks for nothing else: one sheet is read, and no picture.
                if is_xml(name) and name not in others:
                    package.writestr(name, self._zip.read(stored))
            package.writestr(own, xml)
        return content.getvalue()

    @cached_property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of the sheets, in order; found without reading any of them."""
        return tuple(name for name, _ in self._named_sheets)

    @cached_property
    def counts_from_1904(self) -> bool:
        """Whether days are counted from 1904 (ISO/IEC 29500-1, 18.2.28)."""
        return bool(re.search(rb"""\bdate1904=["'](1|true)["']""", self._workbook))

    @cached_property
    def _workbook(self) -> bytes:
        return self.part(self._workbook_name)

    @cached_property
    def _workbook_name(self) -> str:
        """The main part by the package's relations; calamine looks in its folder for a workbook's parts."""
        targets = [
            item.get("Target", "")
            for item in _elements(self.part("_rels/.rels"))
            if item.get("Type", "").endswith("/officeDocument")
        ]
        folder = posixpath.dirname(targets[-1].lstrip("/")) if targets else "xl"
        return posixpath.join(folder, "workbook.xml")

    @cached_property
    def _named_sheets(self) -> tuple[tuple[str, str | None], ...]:
        """Each sheet's name and relation."""
        sheets = (item for item in _elements(self._workbook) if item.tag.endswith("}sheet"))
        return tuple((item.get("name", ""), _relation(item)) for item in sheets)

    @cached_property
    def _sheets(self) -> Mapping[str, str]:
        """The part of each sheet by the sheet's name.

        Raises ValueError if two sheets are one part: its cells would be read as often as there are sheets.
        """
        source = self._workbook_name
        links = _elements(self.part(links_of(source)))
        targets = {item.get("Id"): led_to(source, item.get("Target", "")) for item in links}
        found = [(title, targets[to]) for title, to in self._named_sheets if to in targets]
        if len({title for title, _ in found}) < len(found) or len({part for _, part in found}) < len(found):
            raise ValueError("two sheets have one name, or are one part")
        return dict(found)

    @cached_property
    def styles(self) -> CellStyles:
        """The cell styles that show another number than the cell's, or strike it through."""
        xml = self._beside("styles.xml")
        return (_styles if len(xml) <= _KEPT else _styles.__wrapped__)(xml)

    @cached_property
    def is_marked(self) -> bool:
        """Whether it may hold marks of an earlier return: by its property, or by its words if that was lost."""
        if self.custom_property(LINEAGE_PROPERTY) is not None:
            return True
        spoken = self._strings[1]
        return any(speaks_of_marks(self.part(part)) for part in self._sheets.values()) if spoken is None else spoken

    @property
    def _struck_strings(self) -> frozenset[int]:
        """The numbers of the shared strings with some text struck through."""
        return self._strings[0]

    @cached_property
    def _strings(self) -> tuple[frozenset[int], bool | None]:
        """Which shared strings have text struck through, and whether any speaks of marks; None without such strings."""
        xml = self._beside("sharedStrings.xml")
        if not xml:
            return frozenset(), None
        if b"strike" not in xml:
            return frozenset(), speaks_of_marks(xml)
        starts = [*(match.start() for match in _STRING.finditer(xml)), len(xml)]
        struck = frozenset(n for n, (start, end) in enumerate(pairwise(starts)) if is_struck(xml[start:end]))
        return struck, speaks_of_marks(xml)

    def _beside(self, name: str) -> bytes:
        """A part in the main part's folder."""
        return self.part(posixpath.join(posixpath.dirname(self._workbook_name), name))

    def comments(self, sheet: str) -> Mapping[Place, str]:
        """The comments on the cells of a sheet, without the office's own; the replies of a conversation are joined."""
        part = self._sheets.get(sheet, "")
        links = _elements(self.part(links_of(part)))
        found: dict[Place, str] = {}
        for kind, tag in (("/comments", "comment"), ("/threadedComment", "threadedComment")):
            parts: dict[Place, list[str]] = {}
            for link in (link for link in links if link.get("Type", "").endswith(kind)):
                target = led_to(part, link.get("Target", ""))
                for place, words in _commented(_elements(self.part(target)), tag):
                    parts.setdefault(place, []).append(words)
            found |= {place: " ".join(filter(None, words)) for place, words in parts.items()}
        return {place: words for place, note in found.items() if (words := note_without_marks(note)) or not note}

    @cached_property
    def _computed(self) -> bool:
        """Whether the program that saved the workbook computes formulas; True if the workbook does not say."""
        if re.search(rb"""\bfullCalcOnLoad=["'](1|true)["']""", self._workbook):
            return False
        signed = re.search(rb"<(?:\w+:)?Application>([^<]*)<", self.part("docProps/app.xml"))
        program = unescape(signed[1].decode("utf-8", "replace")).strip() if signed else ""
        return not program or bool(_CALCULATING.fullmatch(program))


@lru_cache(maxsize=8)
def _styles(xml: bytes) -> CellStyles:
    """Cached: workbooks filled from one blank have the same styles."""
    return CellStyles.of(_elements(xml)) if _OF_NOTE.search(xml) else CellStyles()


def _elements(xml: bytes) -> list[Any]:
    """All elements of a part in order; [] for no part.

    Raises ValueError for XML that is not well-formed, has entities, or would make too large a tree.
    """
    if nodes(xml) > MOST_NODES:
        raise ValueError("too many elements")
    try:
        return list(fromstring(xml).iter()) if xml else []
    except SyntaxError as error:  # ElementTree's ParseError is one
        raise ValueError(str(error)) from error


def _commented(elements: Iterable[Any], tag: str) -> Iterator[tuple[Place, str]]:
    """The place and words of each comment, from all elements of a part in order: one look at each."""
    place: Place | None = None
    words: list[str] = []
    for item in elements:
        name = _local(item)
        if name == tag:
            if place:
                yield place, "".join(words).strip()
            place, words = place_of(item.get("ref", "")), []
        elif name in ("t", "text"):
            words.append(item.text or "")
    if place:
        yield place, "".join(words).strip()


def _local(item: Any) -> str:
    return str(item.tag).rpartition("}")[2]


def _relation(item: Any) -> str | None:
    """The relationship that an element names; its namespace differs in the standard's strict form."""
    return next((value for name, value in item.items() if name.endswith("relationships}id")), None)
