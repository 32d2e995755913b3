"""The marks on one sheet: two columns beside its table, colours that follow their words, notes; and off again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.excel.worksheets import height
from pipeline.forms.faults.fault import Severity
from pipeline.intake.files.marks import ANSWER, FAULTS, MARK
from pipeline.intake.files.markup import address, letters, place_of
from pipeline.intake.files.reading import SheetPlan
from pipeline.workbooks.marking import notes
from pipeline.workbooks.marking.frames import SheetFrame
from pipeline.workbooks.marking.parts import PackageParts, UnmarkableError
from pipeline.workbooks.marking.styles import AddedStyles
from pipeline.workbooks.marking.words import SheetWords, Told

_WIDTHS = ("58.7109375", "34.7109375")
"""Characters: of 有误之处 and 核实说明."""
_WIDE = 58
_LAST = 16_380
"""The last column, from 0, in which marks may begin."""
_OURS = re.compile(f"【(?:{'|'.join(Severity)})】")
_HOW_TO_READ = (
    "这一列逐行写明有误之处，可以按它筛选。改好一格，这里的话留着或删去都可以：它不是数据，下次校验时重新写。"
)
_HOW_TO_ANSWER = (
    "标【请核实】的，数据没有错就不用改，在这里写明情况（如：已向学校核实，当天整改完毕），交回后不再问。"
    "一行有几处请核实、说明各不相同的，写成“列名：说明”，用分号隔开。"
)


@dataclass(frozen=True)
class MarkedColumns:
    """Where marks were put on a sheet: the line of the heading, and the columns, from 0."""

    name: str
    line: int
    first: int
    last: int


def put_on(
    parts: PackageParts, part: str, plan: SheetPlan, words: SheetWords, styles: AddedStyles, *, single: bool
) -> MarkedColumns:
    """Mark a sheet. Raises UnmarkableError if there is no room beside it."""
    frame = SheetFrame(parts.read(part))
    first = _beside(frame)
    columns = [first, first + 1] if words.asks else [first]
    frame.append(_cells(frame, plan.line, columns, words, styles), _heights(words))
    _set_widths(frame, columns)
    _extend(frame, "dimension", columns)
    for item in frame.children("autoFilter"):
        _widen(item, plan.line, columns)
    for item in _colours(frame, plan, words, columns[0], styles, single=single):
        frame.insert(item)
    said = {place: "\n".join(texts) for place, texts in words.notes.items()}
    said |= {(plan.line, place): how for place, how in zip(columns, (_HOW_TO_READ, _HOW_TO_ANSWER), strict=False)}
    notes.add(parts, part, frame, said)
    parts.write(part, frame.xml)
    return MarkedColumns(plan.name, plan.line, columns[0], columns[-1])


def _beside(frame: SheetFrame) -> int:
    """The first column, from 0, beyond every cell of the sheet and every merged range."""
    used = {name for row in frame.each_row() if (name := frame.last_column(row))}
    used |= {
        item.get("ref", "").rpartition(":")[2].rstrip("0123456789")
        for of in frame.children("mergeCells")
        for item in of
    }
    first = max((_column(name) for name in used if name), default=-1) + 1
    if first > _LAST:
        raise UnmarkableError("no room beside the table")
    return first


def _column(name: str) -> int:
    place = place_of(f"{name}1")
    return place[1] if place else 0


def _cells(
    frame: SheetFrame, heading: int, columns: Sequence[int], words: SheetWords, styles: AddedStyles
) -> dict[int, bytes]:
    """The cells to append, by line from 1."""
    found: dict[int, bytes] = {}
    for line in sorted({heading, *words.beside, *words.replies}):
        if line == heading:
            texts, looks = (FAULTS, ANSWER), ("faults heading", "answer heading")
        else:
            reply = words.replies.get(line)
            texts, looks = ("\n".join(words.beside.get(line, ())), reply.words if reply else ""), ("faults", "answer")
        found[line + 1] = b"".join(
            frame.cell(address((line, column)), styles.cells[look], text)
            for column, text, look in zip(columns, texts, looks, strict=False)
        )
    return found


def _heights(words: SheetWords) -> dict[int, int]:
    """The points that the words beside each line need, by line from 1."""
    return {line + 1: height(("\n".join(texts),), (_WIDE,)) for line, texts in words.beside.items()}


# Widths, filters ------------------------------------------------------------------------------------------------------


def _set_widths(frame: SheetFrame, columns: Sequence[int]) -> None:
    """Give our columns their widths; what is set for a run of columns is divided around them."""
    cols = frame.child("cols")
    if cols is None:
        cols = frame.make("cols", {})
        frame.insert(cols)
    for column, width in zip(columns, _WIDTHS, strict=False):
        number = column + 1
        around = next((col for col in cols if int(col.get("min", 0)) <= number <= int(col.get("max", 0))), None)
        own = frame.make("col", {"min": str(number), "max": str(number), "width": width, "customWidth": "1"})
        if around is None:
            before = [col for col in cols if int(col.get("max", 0)) < number]
            cols.insert(len(before), own)
            continue
        for key in ("style",):
            if around.get(key):
                own.set(key, around.get(key))
        cols.replace(around, own)
        for low, high, add in (
            (around.get("min"), column, own.addprevious),
            (number + 1, around.get("max"), own.addnext),
        ):
            if int(low) <= int(high):
                piece = frame.make("col", {**around.attrib, "min": str(low), "max": str(high)})
                add(piece)


def _without_widths(frame: SheetFrame, columns: Iterable[int]) -> None:
    """Take our columns' widths back: they become again a part of the run to their right that is set alike."""
    cols = frame.child("cols")
    for column in sorted(columns, reverse=True):
        for own in [] if cols is None else list(cols):
            if own.get("width") in _WIDTHS and own.get("min") == own.get("max") == str(column + 1):
                right = own.getnext()
                if right is not None and right.get("min") == str(column + 2) and right.get("style") == own.get("style"):
                    right.set("min", own.get("min"))
                cols.remove(own)
    if cols is not None and not len(cols):
        frame.root.remove(cols)


def _extend(frame: SheetFrame, name: str, columns: Sequence[int]) -> None:
    """Let the sheet's dimension reach over our columns, if it reaches up to them."""
    item = frame.child(name)
    area = _area(item.get("ref", "")) if item is not None else None
    if area and area[1][1] == columns[0] - 1:
        item.set("ref", _range(area[0], (area[1][0], columns[-1])))


def _widen(item: Any, heading: int, columns: Sequence[int]) -> None:
    """Let a filter over the table's headings reach over our columns."""
    area = _area(item.get("ref", ""))
    if area and area[0][0] == heading and area[1][1] < columns[0]:
        item.set("ref", _range(area[0], (area[1][0], columns[-1])))


def _narrow(item: Any, columns: Iterable[int]) -> None:
    """Let a range end before our columns at its right end."""
    area, ours = _area(item.get("ref", "")), set(columns)
    if area and area[1][1] in ours:
        right = area[1][1]
        while right in ours and right > area[0][1]:
            right -= 1
        item.set("ref", _range(area[0], (area[1][0], right)))


def _area(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    first, _, last = written.replace("$", "").partition(":")
    corners = place_of(first), place_of(last or first)
    return (corners[0], corners[1]) if corners[0] and corners[1] else None


def _range(first: tuple[int, int], last: tuple[int, int]) -> str:
    return f"{address(first)}:{address(last)}"


# Colours -------------------------------------------------------------------------------------------------------------


def _colours(
    frame: SheetFrame, plan: SheetPlan, words: SheetWords, beside: int, styles: AddedStyles, *, single: bool
) -> Iterator[Any]:
    """The conditional formats: a cell is coloured as long as its words stand beside its row, wherever rows move."""
    last = max([row.line - 1 for row in frame.each_row()][-1:] + list(words.beside), default=plan.line)
    priority = max((int(rule.get("priority", 0)) for rule in frame.root.iter(frame.tag("cfRule"))), default=0)
    for severity, areas, rule in sorted(_rules(plan, words, beside, last, single=single)):
        priority += 1
        item = frame.make("conditionalFormatting", {"sqref": areas})
        attributes = {"type": "expression", "dxfId": str(styles.conditional[severity]), "priority": str(priority)}
        made = frame.make("cfRule", attributes)
        made.append(frame.make("formula", {}, rule))
        item.append(made)
        yield item


def _rules(
    plan: SheetPlan, words: SheetWords, beside: int, last: int, *, single: bool
) -> set[tuple[Severity, str, str]]:
    """Severity, cells and formula of each conditional format."""
    found: set[tuple[Severity, str, str]] = set()
    for one in words.told:
        if one.settled:
            continue
        severity, label = one.issue.severity, one.issue.label
        for top, bottom in one.areas:
            if top[0] <= plan.line:
                found.add((severity, _sqref(top, bottom), f'LEN("【{severity}】")>0'))
            elif label in plan.places and not single and plan.places[label] == top[1] == bottom[1]:
                area = _sqref((plan.line + 1, top[1]), (last, top[1]))
                found.add((severity, area, _looks_for(one, plan.line + 1, beside)))
            else:
                found.add((severity, _sqref(top, bottom), _looks_for(one, top[0], beside)))
    return found


def _looks_for(one: Told, line: int, beside: int) -> str:
    return f'ISNUMBER(FIND("{one.head}",${letters(beside)}{line + 1}))'


def _sqref(first: tuple[int, int], last: tuple[int, int]) -> str:
    return address(first) if first == last else _range(first, last)


# Taking them off -----------------------------------------------------------------------------------------------------


def take_off(parts: PackageParts, part: str, columns: Iterable[int]) -> None:
    """Remove the marks from a sheet; columns: those that hold them, from 0. Nothing else changes."""
    xml, columns = parts.read(part), frozenset(columns)
    frame = SheetFrame(xml)
    coloured = _without_colours(frame)
    has_notes = any(MARK.encode() in parts.read(name) for name in parts.related(part, "comments"))
    if not (columns or has_notes or coloured):
        return
    _clear(frame, columns)
    _without_widths(frame, columns)
    for item in [*frame.children("dimension"), *frame.children("autoFilter")]:
        _narrow(item, columns)
    notes.take_off(parts, part, frame)
    parts.write(part, frame.xml)


def _without_colours(frame: SheetFrame) -> bool:
    """Remove our conditional formats; gives whether there were any."""
    found = False
    for item in frame.children("conditionalFormatting"):
        ours = [rule for rule in item if any(_OURS.search(text) for text in rule.itertext())]
        found = found or bool(ours)
        for rule in ours:
            item.remove(rule)
        if ours and not len(item.findall(frame.tag("cfRule"))):
            frame.root.remove(item)
    return found


def _clear(frame: SheetFrame, columns: frozenset[int]) -> None:
    """Remove every cell of these columns; a row that is left without content or attributes goes too."""
    if not columns:
        return
    names = "|".join(letters(column) for column in sorted(columns))
    p = frame.prefix
    cell = re.compile(
        rf"""<{p}c(?=[^<>]*?\sr\s*=\s*["'](?:{names})[0-9]+["'])[^<>]*?(?:/>|(?<!/)>.*?</{p}c>)""".encode(), re.DOTALL
    )
    rows = cell.sub(b"", frame.rows)
    rows = re.sub(rf"""<{p}row r="[0-9]+"></{p}row>""".encode(), b"", rows)
    frame.rows = rows
    frame.lower()
    frame.rows = re.sub(rf"<{p}row([^<>]*[^<>/])></{p}row>".encode(), rf"<{p}row\1/>".encode(), frame.rows)


def select(parts: PackageParts, part: str, *, selected: bool) -> None:
    """Say in a sheet's view whether its tab is selected: of two selected tabs both would be typed into."""
    xml = parts.read(part)
    head = xml[: xml.find(b"sheetData")]
    if selected:
        changed = re.sub(rb'\btabSelected="(?:0|false)"', b'tabSelected="1"', head, count=1)
    else:
        changed = re.sub(rb'\btabSelected="(?:1|true)"', b'tabSelected="0"', head)
    if changed != head:
        parts.write(part, changed + xml[len(head) :])
