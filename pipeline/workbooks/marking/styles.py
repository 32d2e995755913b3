"""The looks that marks add at the end of a workbook's styles, and how they are taken off again; knows no cell.

The cells of the clerk keep their styles: they are coloured by conditional formats, which follow the words beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.forms.faults.fault import Severity
from pipeline.workbooks.marking.parts import PackageParts, UnmarkableError

COLOURS = {Severity.必改: "FFFFC7CE", Severity.请核实: "FFFFEB9C", Severity.提示: "FFDDEBF7"}
"""Red, yellow, blue, as in 校验结果.xlsx."""
_SONGTI = '<name val="宋体"/><charset val="134"/>'
_FONTS = (
    f'<font><sz val="11"/>{_SONGTI}</font>',
    f'<font><b/><sz val="11"/><color rgb="FFFFFFFF"/>{_SONGTI}</font>',
    f'<font><b/><sz val="14"/>{_SONGTI}</font>',
    f'<font><u/><sz val="11"/><color rgb="FF0563C1"/>{_SONGTI}</font>',
)
_PLAIN, _WHITE, _TITLE, _LINK = range(len(_FONTS))
_FILLS = tuple(
    f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
    for colour in ("FF1F4E79", "FF7F6000", *COLOURS.values())
)
_BLUE, _BROWN, _RED = range(3)
_BORDERS = (
    "<border>"
    + "".join(f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom"))
    + "<diagonal/></border>",
)
_DXFS = tuple(
    f'<dxf><fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor rgb="{colour}"/></patternFill>'
    "</fill></dxf>"
    for colour in COLOURS.values()
)
_LISTS = {"fonts": _FONTS, "fills": _FILLS, "borders": _BORDERS, "dxfs": _DXFS}
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_MADE = "made"
"""Whether there was no list of conditional styles at all."""
_TEXT_FORMAT = 49
"""The built-in number format of texts (ISO/IEC 29500-1, 18.8.30)."""
_LOOKS = {
    "faults": (_PLAIN, None, False, "top", "left"),
    "answer": (_PLAIN, None, True, "top", "left"),
    "faults heading": (_WHITE, _BLUE, True, "center", "center"),
    "answer heading": (_WHITE, _BROWN, True, "center", "center"),
    "title": (_TITLE, None, False, "center", "left"),
    "text": (_PLAIN, None, True, "center", "left"),
    "link": (_LINK, None, True, "center", "left"),
    **{str(severity): (_PLAIN, _RED + n, True, "center", "center") for n, severity in enumerate(Severity)},
}
"""Font, fill, whether there is a border, vertical and horizontal place."""


@dataclass(frozen=True)
class AddedStyles:
    """The numbers of the looks in one workbook: cell styles by name, conditional ones by severity."""

    cells: Mapping[str, int]
    conditional: Mapping[Severity, int]
    before: Mapping[str, int]
    """How many entries each list had before."""


def add(parts: PackageParts, name: str) -> AddedStyles:
    """Add the looks at the end of the part with the styles."""
    root = parts.root(name)
    space = etree.QName(root).namespace
    lists = {kind: _list(root, kind) for kind in (*_LISTS, "cellXfs")}
    before = {kind: len(found) for kind, found in lists.items()} | {_MADE: int(not lists["dxfs"].attrib)}
    for kind, entries in _LISTS.items():
        for entry in entries:
            lists[kind].append(_element(entry, space))
    for look in _LOOKS.values():
        lists["cellXfs"].append(_element(_style(look, before), space))
    for found in lists.values():
        found.set("count", str(len(found)))
    parts.put(name, root)
    cells = {look: before["cellXfs"] + n for n, look in enumerate(_LOOKS)}
    return AddedStyles(cells, {severity: before["dxfs"] + n for n, severity in enumerate(COLOURS)}, before)


def take_off(parts: PackageParts, name: str, before: Mapping[str, int]) -> None:
    """Remove the looks again, unless another program has written the styles anew since."""
    root = parts.root(name)
    lists = {kind: found for kind in (*_LISTS, "cellXfs") if (found := root.find(f"{{*}}{kind}")) is not None}
    sizes = {kind: len(entries) for kind, entries in (*_LISTS.items(), ("cellXfs", _LOOKS))}
    if any(kind not in lists or len(lists[kind]) != before.get(kind, -1) + size for kind, size in sizes.items()):
        return
    coloured = zip(lists["dxfs"][-len(COLOURS) :], COLOURS.values(), strict=True)
    if not all(_alike(item, colour) for item, colour in coloured):
        return
    for kind, size in sizes.items():
        for item in lists[kind][-size:]:
            lists[kind].remove(item)
        lists[kind].set("count", str(len(lists[kind])))
        if kind == "dxfs" and before.get(_MADE):
            root.remove(lists[kind])
    parts.put(name, root)


def _element(written: str, space: str | None) -> Any:
    return etree.fromstring(f'<list xmlns="{space}">{written}</list>')[0]


def _alike(item: Any, colour: str) -> bool:
    return any(entry.get("rgb") == colour for entry in item.iter("{*}bgColor"))


def _list(root: Any, kind: str) -> Any:
    """A list of the styles, made where the standard has it if it is missing. Raises UnmarkableError without styles."""
    found = root.find(f"{{*}}{kind}")
    if found is None:
        if kind != "dxfs":
            raise UnmarkableError(f"styles without {kind}")
        found = root.makeelement(f"{{{etree.QName(root).namespace}}}{kind}")
        above = [child for child in root if isinstance(child.tag, str) and etree.QName(child).localname in _ORDER]
        above[-1].addnext(found)
    return found


def _style(look: tuple[int, int | None, bool, str, str], before: Mapping[str, int]) -> str:
    font, fill, bordered, vertical, horizontal = look
    filled = 0 if fill is None else before["fills"] + fill
    border = before["borders"] if bordered else 0
    return (
        f'<xf numFmtId="{_TEXT_FORMAT}" fontId="{before["fonts"] + font}" fillId="{filled}" borderId="{border}" '
        'xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" '
        'applyProtection="1">'
        f'<alignment horizontal="{horizontal}" vertical="{vertical}" wrapText="1"/><protection locked="0"/></xf>'
    )
