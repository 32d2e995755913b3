"""Cells of records and problems that follow from other rows of the month; knows columns, no sheet by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.forms.cells import plain
from pipeline.forms.faults.reasons import NM_42, NM_43
from pipeline.forms.follows import LinesOf, TakenFrom
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


def taken(book: RawWorkbook, sheet: type[Row], sources: NamedRows, done: Filled) -> RawWorkbook:
    """The workbook with what follows on a sheet from the rows that its cells name."""
    columns = _in_order(sheet)
    rows = book.sheets.get(sheet, ())
    if all(column.label in raw.values for raw in rows for column, _, _ in columns):
        return book
    found = []
    for raw, values in zip(rows, said(sheet, rows), strict=True):
        for column, by, follows in columns:
            if is_open(raw, values, column):
                raw = _taken(raw, dict(values or {}), (column, by, follows), sources, done)
        found.append(raw)
    return with_rows(book, sheet, found)


def _in_order(sheet: type[Row]) -> list[tuple[Column, Column, TakenFrom]]:
    """The columns, each with that which names the row and how it follows; one that is itself named from comes first."""
    columns = {column.attribute: column for column in sheet.columns()}
    found = [(column, columns[follows.by], follows) for column, follows in following(sheet, TakenFrom)]
    return sorted(found, key=lambda each: isinstance(each[1].follows, TakenFrom))


def _taken(
    raw: RawRow, values: Values, how: tuple[Column, Column, TakenFrom], sources: NamedRows, done: Filled
) -> RawRow:
    """The row with what follows; unchanged if nothing does, and it may stay blank."""
    column, by, follows = how
    if by.label in raw.covered:  # it is reported there what is missing
        return _unknown(raw, column)
    written = raw.values[by.label] if by.label in raw.filled else values.get(by.label)
    name = shown(written)
    if not name:
        return raw
    entry = sources.find(by.targets, name)
    if entry is None:
        lost = f"{_sheets(by)}中查不到“{name}”"
        return done.refuse(raw, column, lost) if column.required else raw
    sheet = entry.sheet if isinstance(entry, Blocked) else type(entry)
    if follows.attribute not in sheet.model_fields:
        return raw
    known, value = sources.value(entry, follows.attribute)
    place = {"sheet": sheet.sheet_title(), "name": name, "label": sheet.label_of(follows.attribute)}
    if not known or (value and column.targets and sources.lacks(column, value)):
        return done.refuse(raw, column, "“{sheet}”表 {name} 的“{label}”有误".format(**place))
    if value is None or value == ():
        return (
            done.refuse(raw, column, "“{sheet}”表 {name} 的“{label}”也没有填".format(**place))
            if column.required
            else raw
        )
    return done.fill(raw, column, value, NM_42, **place)


def _sheets(column: Column) -> str:
    return "、".join(f"“{target.sheet_title()}”表" for target in column.targets)


def _unknown(raw: RawRow, column: Column) -> RawRow:
    return replace(raw, covered=raw.covered | {column.label})
