"""The zip that a workbook is: its parts as they refer to one another, its properties and styles; knows no form and no cell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from functools import cached_property
from html import unescape
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from defusedxml.ElementTree import fromstring

from pipeline.intake.markup import Markup, markup

CUSTOM_PROPERTIES = "docProps/custom.xml"
_CALCULATING = re.compile(
    r"(Microsoft (Office |Macintosh )?Excel|WPS\b.*|ET|LibreOffice.*|OpenOffice.*|Yozo.*|永中.*|Numbers.*)"
)
"""The values of Application (ISO/IEC 29500-1, 22.2.2.1) by which programs sign that compute what they save."""


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
        """What the XML of the sheet of that name says. Raises ValueError where the package does not lead to it."""
        xml = self.sheet_xml(sheet)
        if not xml:
            raise ValueError("a sheet without a part")
        return markup(xml, self._percent_styles, computed=self._computed)

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
    def sheet_names(self) -> tuple[str, ...]:
        """The names of the sheets, in their order; found without reading any of them."""
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
        """Where the package says that its main part is, in the folder of which calamine looks for the parts of a workbook."""
        targets = [
            item.get("Target", "")
            for item in _elements(self.part("_rels/.rels"))
            if item.get("Type", "").endswith("/officeDocument")
        ]
        folder = posixpath.dirname(targets[-1].lstrip("/")) if targets else "xl"
        return posixpath.join(folder, "workbook.xml")

    @cached_property
    def _named_sheets(self) -> tuple[tuple[str, str | None], ...]:
        """Each sheet by its name, and its relation."""
        sheets = (item for item in _elements(self._workbook) if item.tag.endswith("}sheet"))
        return tuple((item.get("name", ""), _relation(item)) for item in sheets)

    @cached_property
    def _sheets(self) -> Mapping[str, str]:
        """The part of each sheet by the sheet's name.

        Raises ValueError where two sheets are one part: its cells would be read as often as there are sheets.
        """
        folder, name = posixpath.split(self._workbook_name)
        relations = _elements(self.part(f"{folder}/_rels/{name}.rels"))
        targets = {item.get("Id"): posixpath.join("/", folder, item.get("Target", "")) for item in relations}
        found = [
            (title, posixpath.normpath(targets[to]).lstrip("/")) for title, to in self._named_sheets if to in targets
        ]
        if len({title for title, _ in found}) < len(found) or len({part for _, part in found}) < len(found):
            raise ValueError("two sheets have one name, or are one part")
        return dict(found)

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


_MOST_NODES = 2_000_000
"""Tags and attributes of a part that is parsed as a tree: 300 MB of memory, and thirty times the cell styles that Excel allows."""


def _elements(xml: bytes) -> list[Any]:
    """All elements of a part in their order; [] for no part.

    Raises ValueError for XML that is none, that has entities, or that would make too large a tree.
    """
    if xml.count(b"<") + xml.count(b"=") > _MOST_NODES:
        raise ValueError("too many elements")
    try:
        return list(fromstring(xml).iter()) if xml else []
    except SyntaxError as error:  # what ElementTree's ParseError is
        raise ValueError(str(error)) from error


def _local(item: Any) -> str:
    return str(item.tag).rpartition("}")[2]


def _relation(item: Any) -> str | None:
    """The relationship that an element names; its namespace differs in the strict form of the standard."""
    return next((value for name, value in item.items() if name.endswith("relationships}id")), None)
