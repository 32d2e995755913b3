"""A clerk's workbook and its faults -> the same workbook with marks; marked again, the old marks go first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from pipeline.forms.cells import plain
from pipeline.forms.schema import Form
from pipeline.intake.files.lineage import Lineage
from pipeline.intake.files.marks import BEFORE_PROPERTY, LINEAGE_PROPERTY, ROUND_PROPERTY
from pipeline.intake.files.markup import letters
from pipeline.intake.files.reading import UnreadableError, marks_in, plans
from pipeline.workbooks.marking import problem_list, sheets, styles
from pipeline.workbooks.marking.parts import PackageParts, UnmarkableError, relations_of
from pipeline.workbooks.marking.sheets import MarkedColumns
from pipeline.workbooks.marking.styles import AddedStyles
from pipeline.workbooks.marking.words import SheetWords, Told

LIST = "问题清单"
LIST_BESIDE_ANOTHER = "问题清单（校验）"
"""The list's name in a workbook with a sheet of that name."""
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CUSTOM = "docProps/custom.xml"
_OF_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The set of properties that users may add (ISO/IEC 29500-1, 22.3.2.2)."""
_OURS = (LINEAGE_PROPERTY, ROUND_PROPERTY, BEFORE_PROPERTY)
_FILTER = "_xlnm._FilterDatabase"
_TABS = ("activeTab", "firstSheet")


def mark(content: bytes, form: Form, told: Sequence[Told], lineage: Lineage) -> bytes:
    """The workbook of a form with these faults marked, and what is left of earlier marks taken off first.

    Raises UnmarkableError if it is not built as a workbook that can be marked.
    """
    try:
        found = plans(content, form)
        parts = PackageParts(content)
        _take_off(parts, content)
        return _marked(parts, form, found, told, lineage)
    except (UnreadableError, etree.LxmlError, KeyError, ValueError, IndexError, AttributeError) as error:
        raise UnmarkableError(str(error)) from error


def unmarked(content: bytes) -> bytes:
    """The workbook without marks, in whatever state they are; unchanged if there are none."""
    parts = PackageParts(content)
    return parts.content if _take_off(parts, content) else content


def _marked(parts: PackageParts, form: Form, found: Mapping[Any, Any], told: Sequence[Told], lineage: Lineage) -> bytes:
    book = _Book(parts)
    added = styles.add(parts, book.styles)
    done = []
    for sheet in form.sheets:
        title, plan = sheet.sheet_title(), found.get(sheet)
        its = [one for one in told if one.issue.location.sheet == title and one.issue.location.cell]
        if plan and (its or plan.replies):
            words = SheetWords.of(its, plan.replies, plan.line + 1)
            done.append(sheets.put_on(parts, book.sheets[plan.name], plan, words, added, single=sheet.single))
    names = {sheet.sheet_title(): plan.name for sheet, plan in found.items()}
    before = book.mark(told, added, done, names)
    _set_properties(parts, book.space, lineage, {**before, **added.before})
    return parts.content


class _Book:
    """The part of the workbook: its sheets, names and tabs."""

    def __init__(self, parts: PackageParts) -> None:
        self._parts = parts
        self.name = next(iter(parts.related("", "officeDocument")), "")
        self.root = parts.root(self.name)
        self.space = etree.QName(self.root).namespace or ""
        self.sheets = {sheet.get("name", ""): parts.target(self.name, _identity(sheet)) for sheet in self._sheets()}

    def _sheets(self) -> list[Any]:
        return list(self.root.iter(f"{{{self.space}}}sheet"))

    @property
    def styles(self) -> str:
        """The part with the styles. Raises UnmarkableError without one."""
        found = self._parts.related(self.name, "styles")
        if not found:
            raise UnmarkableError("no styles")
        return found[0]

    @property
    def view(self) -> Any:
        """The first view of the workbook; None without one."""
        return self.root.find(f"{{{self.space}}}bookViews/{{{self.space}}}workbookView")

    def mark(
        self, told: Sequence[Told], added: AddedStyles, done: Sequence[MarkedColumns], names: Mapping[str, str]
    ) -> dict[str, int]:
        """Put the list before all sheets, and let filters reach over our columns; gives how the tabs were.

        names: the sheets in the workbook by the titles in the form.
        """
        for marked in done:
            self._widen(marked)
        selected = {name: number for name in _TABS if (number := self._tab(name)) is not None}
        for part in self.sheets.values():
            sheets.select(self._parts, part, selected=False)
        self._insert_list(told, added, names)
        for item in self._names():
            if (number := item.get("localSheetId")) is not None:
                item.set("localSheetId", str(int(number) + 1))
        if self.view is not None:
            for name in _TABS:
                self.view.attrib.pop(name, None)
        self._parts.put(self.name, self.root)
        return selected

    def _insert_list(self, told: Sequence[Told], added: AddedStyles, names: Mapping[str, str]) -> None:
        own = LIST if LIST not in map(plain, self.sheets) else LIST_BESIDE_ANOTHER
        # Names of sheets are compared without blanks; a sheet not of the form is told under its own name.
        known = {plain(name): name for name in self.sheets} | dict(names)
        part = self._parts.free("xl/worksheets/sheet{}.xml")
        self._parts.write(part, problem_list.xml(told, added, lambda title: known.get(title, ""), self.space))
        self._parts.declare(part, _WORKSHEET)
        relations = relations_of(self.space)
        identity = self._parts.link(self.name, part, f"{relations}worksheet")
        first = self._sheets()[0]
        number = max(int(sheet.get("sheetId", 0)) for sheet in self._sheets()) + 1
        item = self.root.makeelement(first.tag, {"name": own, "sheetId": str(number)})
        item.set(f"{{{relations.rstrip('/')}}}id", identity)
        first.addprevious(item)

    def _names(self) -> list[Any]:
        return list(self.root.iter(f"{{{self.space}}}definedName"))

    def _tab(self, name: str) -> int | None:
        written = self.view.get(name) if self.view is not None else None
        return int(written) if written else None

    def _widen(self, marked: MarkedColumns) -> None:
        """Let the name of a sheet's filter reach as far as the filter."""
        number = str(list(self.sheets).index(marked.name))
        for item in self._names():
            if item.get("name") == _FILTER and item.get("localSheetId") == number:
                match = _CORNERS.fullmatch(item.text or "")
                if match and int(match["top"]) == marked.line + 1:
                    item.text = f"{match['head']}${letters(marked.last)}${match['bottom']}"

    # Off again

    def unmark(self, lists: frozenset[str], columns: Mapping[str, frozenset[int]], before: Mapping[str, int]) -> None:
        """Remove the list, and let filters end before our columns; before: how the tabs were."""
        for item in self._names():
            number = item.get("localSheetId")
            if item.get("name") == _FILTER and number is not None:
                self._narrow(item, columns.get(list(self.sheets)[int(number)], frozenset()))
        for name in lists:
            self._remove(name, before)
        self._parts.put(self.name, self.root)

    def _narrow(self, item: Any, ours: frozenset[int]) -> None:
        match = _CORNERS.fullmatch(item.text or "")
        if match and ours and match["right"] in {letters(column) for column in ours}:
            kept = min(ours)
            while kept and kept - 1 in ours:
                kept -= 1
            item.text = f"{match['head']}${letters(max(kept - 1, 0))}${match['bottom']}"

    def _remove(self, name: str, before: Mapping[str, int]) -> None:
        at = list(self.sheets).index(name)
        self._sheets()[at].getparent().remove(self._sheets()[at])
        self._parts.unlink(self.name, self.sheets[name])
        self._parts.drop(self.sheets.pop(name))
        for item in self._names():
            number = item.get("localSheetId")
            if number == str(at):
                item.getparent().remove(item)
            elif number is not None and int(number) > at:
                item.set("localSheetId", str(int(number) - 1))
        self._restore_tabs(at, before)

    def _restore_tabs(self, removed: int, before: Mapping[str, int]) -> None:
        active = self._tab("activeTab") or 0
        for name in _TABS if self.view is not None else ():
            if active == removed and name in before:
                self.view.set(name, str(before[name]))
            elif active != removed and (number := self._tab(name)):
                self.view.set(name, str(max(number - (number > removed), 0)))
            elif active == removed:
                self.view.attrib.pop(name, None)
        if active == removed:
            parts = list(self.sheets.values())
            sheets.select(self._parts, parts[min(before.get("activeTab", 0), len(parts) - 1)], selected=True)


_CORNERS = re.compile(
    r"(?P<head>.*!\$[A-Z]{1,3}\$(?P<top>[0-9]+):)\$(?P<right>[A-Z]{1,3})\$(?P<bottom>[0-9]+)", re.DOTALL
)


def _identity(sheet: Any) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _take_off(parts: PackageParts, content: bytes) -> bool:
    """Take all marks off; gives whether there were any."""
    lists, columns = marks_in(content)
    before = _properties(parts)
    if not lists and not columns and not before:
        return False
    book = _Book(parts)
    for name, its in columns.items():
        sheets.take_off(parts, book.sheets[name], its)
    book.unmark(lists, columns, before)
    styles.take_off(parts, book.styles, before)
    _remove_properties(parts)
    return True


# Custom properties ---------------------------------------------------------------------------------------------------


def _properties(parts: PackageParts) -> dict[str, int]:
    """How the workbook was before it was marked, as noted then; {} for none."""
    items = parts.root(_CUSTOM) if _CUSTOM in parts else ()
    said = next(("".join(item.itertext()) for item in items if item.get("name") == BEFORE_PROPERTY), "")
    return {name: int(number) for name, number in re.findall(r"(\w+)=([0-9]{1,9})", said)}


def _set_properties(parts: PackageParts, space: str, lineage: Lineage, before: Mapping[str, int]) -> None:
    if _CUSTOM not in parts:
        root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VALUES})
        parts.put(_CUSTOM, root)
        parts.link("", _CUSTOM, f"{relations_of(space)}custom-properties")
        parts.declare(_CUSTOM, _OF_CUSTOM)
    root = parts.root(_CUSTOM)
    number = max((int(item.get("pid", 1)) for item in root), default=1)
    said = ";".join(f"{name}={value}" for name, value in sorted(before.items()))
    for place, (name, value) in enumerate(zip(_OURS, (lineage.origin, str(lineage.round), said), strict=True), 1):
        attributes = {"fmtid": _FORMAT, "pid": str(number + place), "name": name}
        item = etree.SubElement(root, f"{{{_PROPERTIES}}}property", attributes)
        etree.SubElement(item, f"{{{_VALUES}}}lpwstr").text = value
    parts.put(_CUSTOM, root)


def _remove_properties(parts: PackageParts) -> None:
    if _CUSTOM not in parts:
        return
    root = parts.root(_CUSTOM)
    for item in [one for one in root if one.get("name") in _OURS]:
        root.remove(item)
    if len(root):
        parts.put(_CUSTOM, root)
    else:
        parts.unlink("", _CUSTOM)
        parts.drop(_CUSTOM)
