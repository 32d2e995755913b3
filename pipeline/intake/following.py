"""Cells of records and problems that follow from other rows of the month; knows columns, no sheet by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pipeline.forms.cells import plain
from pipeline.forms.faults.reasons import NM_42, NM_43, NM_46
from pipeline.forms.follows import LinesOf, TakenFrom
from pipeline.forms.registry import County
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.filling import Filled, Values, following, is_open, said, with_rows
from pipeline.intake.index import naming
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked, Checked

Tables = Mapping[type[Row], Checked]


# Counts --------------------------------------------------------------------------------------------------------------


def counted(books: Sequence[RawWorkbook], sheet: type[Row], done: Filled) -> list[RawWorkbook]:
    """The workbooks with the counts of another sheet's rows that were left blank on this one.

    All the workbooks' rows count, as in the rule that compares the two. A workbook without the other sheet is left.
    """
    found = list(books)
    for column, follows in following(sheet, LinesOf):
        if all(column.label in raw.values for book in books for raw in book.sheets.get(sheet, ())):
            continue
        of = {each for book in books for each in book.sheets if each.sheet_title() == follows.sheet}
        lines = Counter(
            plain(shown(values.get(follows.label)))
            for book in books
            for other in of
            for values in said(other, book.sheets.get(other, ()))
            if values
        )
        for n, book in enumerate(found):
            if sheet in book.sheets and not of.isdisjoint(book.sheets):
                found[n] = with_rows(book, sheet, [*_counted(sheet, book.sheets[sheet], column, follows, lines, done)])
    return found


def _counted(
    sheet: type[Row], rows: Sequence[RawRow], column: Column, follows: LinesOf, lines: Mapping[str, int], done: Filled
) -> Iterator[RawRow]:
    key = sheet.label_of(sheet.key()[0])
    for raw, values in zip(rows, said(sheet, rows), strict=True):
        number = shown((values or {}).get(key))
        if number and is_open(raw, values, column):
            count = lines.get(plain(number), 0)
            yield done.fill(raw, column, count, NM_43, sheet=follows.sheet, name=number)
        else:
            yield raw


# Values of the row that another cell names ---------------------------------------------------------------------------


class NamedRows:
    """The rows read so far, by their names; those of a sheet are only looked at when one is asked for."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._named: dict[type[Row], dict[str, Row | Blocked]] = {}

    def find(self, targets: Sequence[type[Row]], name: str) -> Row | Blocked | None:
        """The first row of these sheets with the name; None for none."""
        found = (self._of(target).get(plain(name)) for target in targets)
        return next((entry for entry in found if entry is not None), None)

    def lacks(self, column: Column, value: Any) -> bool:
        """Whether a value names, in a column of references, rows that are not there; not if there are none at all."""
        names = value if isinstance(value, tuple) else (value,)
        any_rows = any(self._of(target) for target in column.targets)
        return any_rows and any(self.find(column.targets, str(name)) is None for name in names)

    def responsible(self, kind: str) -> str:
        """The unit that the registry says puts a kind of problem right; "" if it says nothing."""
        counties = (row for row in self._tables.get(County, Checked()).rows if isinstance(row, County))
        return next((unit for county in counties if (unit := county.responsible(plain(kind)))), "")

    def in_full(self, column: Column, name: str) -> str:
        """The full name, or the key, of the row that a name in a column means; the name itself if there is none."""
        for target in column.targets:
            if (entry := self._of(target).get(plain(name))) is not None:
                known, value = self.value(entry, naming(column, target))
                return shown(value) if known and value else name
        return name

    @staticmethod
    def value(entry: Row | Blocked, attribute: str) -> tuple[bool, Any]:
        """Whether a row's value is known, and the value; None or () for a blank."""
        if isinstance(entry, Row):
            return True, getattr(entry, attribute)
        label = entry.sheet.label_of(attribute)
        return (False, None) if label in entry.faulty else (True, entry.values.get(label))

    def _of(self, sheet: type[Row]) -> Mapping[str, Row | Blocked]:
        if sheet not in self._named:
            table, found = self._tables.get(sheet, Checked()), dict[str, Row | Blocked]()
            entries: list[Row | Blocked] = [*table.rows, *table.blocked]
            for column in sheet.names():
                for entry in entries:
                    value = self.value(entry, column.attribute)[1]
                    for name in value if isinstance(value, tuple) else (value,):
                        found.setdefault(plain(shown(name)), entry)
            found.pop("", None)
            self._named[sheet] = found
        return self._named[sheet]


@dataclass(frozen=True)
class _Way:
    """How a column is filled in: with what follows from the row that another column names; kind: see TakenFrom."""

    column: Column
    by: Column
    follows: TakenFrom
    kind: str


def taken(book: RawWorkbook, sheet: type[Row], named: NamedRows, done: Filled) -> RawWorkbook:
    """The workbook with what follows on a sheet from the rows that its cells name."""
    ways = _ways(sheet)
    rows = book.sheets.get(sheet, ())
    if all(way.column.label in raw.values for raw in rows for way in ways):
        return book
    found = []
    for raw, values in zip(rows, said(sheet, rows), strict=True):
        filled = raw
        for way in ways:
            if is_open(filled, values, way.column):
                filled = _taken(filled, values or {}, way, named, done)
        found.append(filled)
    return with_rows(book, sheet, found)


def _ways(sheet: type[Row]) -> list[_Way]:
    """The columns and how each is filled in; those from which others follow in turn come first."""
    columns = {column.attribute: column for column in sheet.columns()}
    ways = [
        _Way(column, columns[follows.by], follows, columns[follows.kind].label if follows.kind else "")
        for column, follows in following(sheet, TakenFrom)
    ]
    return sorted(ways, key=lambda way: isinstance(way.by.follows, TakenFrom))


def _taken(raw: RawRow, values: Values, way: _Way, named: NamedRows, done: Filled) -> RawRow:
    """The row with what follows; unchanged if nothing does, and it may stay blank."""
    column, by = way.column, way.by
    kind = shown(values.get(way.kind))
    if unit := named.responsible(kind) if kind else "":
        return done.fill(raw, column, unit, NM_46, names=kind)
    if by.label in raw.covered:  # it is reported there what is missing
        return replace(raw, covered=raw.covered | {column.label})
    name = shown(raw.values[by.label] if by.label in raw.filled else values.get(by.label))
    entry = named.find(by.targets, name) if name else None
    if entry is not None:
        return _from(entry, name, raw, way, named, done)
    return done.refuse(raw, column, f"{_sheets(by)}中查不到“{name}”") if name and column.required else raw


@cache
def _label(sheet: type[Row], attribute: str) -> str | None:
    """The label of an attribute; None for a sheet without it."""
    return sheet.label_of(attribute) if attribute in sheet.model_fields else None


def _from(entry: Row | Blocked, name: str, raw: RawRow, way: _Way, named: NamedRows, done: Filled) -> RawRow:
    """The row with the value of another one; unchanged if that is of a sheet without such a column."""
    sheet, column = entry.sheet if isinstance(entry, Blocked) else type(entry), way.column
    label = _label(sheet, way.follows.attribute)
    if label is None:
        return raw
    there = f"“{sheet.sheet_title()}”表 {name} 的“{label}”"
    known, value = named.value(entry, way.follows.attribute)
    if not known or (value and column.targets and named.lacks(column, value)):
        return done.refuse(raw, column, f"{there}有误")
    if value is None or value == ():
        return done.refuse(raw, column, f"{there}也没有填") if column.required else raw
    return done.fill(raw, column, value, NM_42, sheet=sheet.sheet_title(), name=name, label=label)


def _sheets(column: Column) -> str:
    return "、".join(f"“{target.sheet_title()}”表" for target in column.targets)
