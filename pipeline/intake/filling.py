"""What clerks may leave blank is filled in from other cells; each is listed with its reason. Nothing typed is replaced.

Columns say what they follow from (`pipeline.forms.follows`). A blank that should follow and cannot is reported with the
cause, and blocks its row. Knows a workbook, no other row of the month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue, Normalisation, Reason
from pipeline.forms.faults.filling import PR_02
from pipeline.forms.faults.reasons import NM_44, NM_45
from pipeline.forms.follows import AsPrepared, Follows, NextPosition
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.intake.admission import Door, said_nothing
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.messages import shown

F = TypeVar("F", bound=Follows)
Values = Mapping[str, Any]
"""What is written in a row under each label, words for nothing and for “as above” replaced."""


@dataclass
class Filled:
    """The cells filled in so far, and the issues of those that could not be."""

    cells: list[Normalisation] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def fill(self, raw: RawRow, column: Column, value: Any, reason: Reason, **words: str) -> RawRow:
        """The row with the value in a blank cell."""
        written = shown(raw.values.get(column.label))
        place = Location.at(raw.origin, column.label)
        self.cells.append(reason.at(place, column.label, written, shown(value), **words))
        given = "\n".join(map(str, value)) if isinstance(value, tuple) else value
        return replace(raw, values={**raw.values, column.label: given}, filled=raw.filled | {column.label})

    def refuse(self, raw: RawRow, column: Column, cause: str) -> RawRow:
        """The row without a value, after an issue that says why; it is blocked."""
        self.issues.append(PR_02.at(Location.at(raw.origin, column.label), column.label, cause=cause))
        return replace(raw, covered=raw.covered | {column.label})


def following(sheet: type[Row], kind: type[F]) -> tuple[tuple[Column, F], ...]:
    """The columns of a sheet that follow in this way, each with how; () for none."""
    return tuple((column, column.follows) for column in sheet.columns() if isinstance(column.follows, kind))


def is_open(raw: RawRow, values: Values | None, column: Column) -> bool:
    """Whether a cell may be filled in: it is there and blank, and the row says something.

    In a key a word for nothing is a blank too; elsewhere it may deny what would be filled in.
    """
    label = column.label
    if values is None or label not in raw.origin.columns or label in raw.covered:
        return False
    return label not in (values if column.limits.key else raw.values)


def said(sheet: type[Row], rows: Sequence[RawRow]) -> list[Values | None]:
    """What each row says; None for a row of which every cell says that there is nothing."""
    door, found = Door(sheet), list[Values | None]()
    for raw in rows:
        admitted = door.admit(raw)
        nothing = said_nothing(raw, admitted)
        found.append(None if nothing else admitted.row.values)
        if not nothing:
            door.passed(admitted.row, ())
    return found


def with_rows(book: RawWorkbook, sheet: type[Row], rows: Sequence[RawRow]) -> RawWorkbook:
    """The workbook with other rows on a sheet."""
    return replace(book, sheets={**book.sheets, sheet: rows})


# Within a workbook ---------------------------------------------------------------------------------------------------


def as_prepared(book: RawWorkbook, done: Filled) -> RawWorkbook:
    """The workbook with the zone and month for which it was prepared, where its 填报信息 does not say."""
    for sheet, rows in book.sheets.items() if book.prepared else ():
        for column, follows in following(sheet, AsPrepared):
            if follows.what in book.prepared:
                value = book.prepared[follows.what]
                rows = [
                    done.fill(raw, column, value, NM_45) if is_open(raw, raw.values, column) else raw for raw in rows
                ]
                book = with_rows(book, sheet, rows)
    return book


def in_order(book: RawWorkbook, done: Filled) -> RawWorkbook:
    """The workbook with the positions that were left blank."""
    for sheet, rows in book.sheets.items():
        for column, _ in following(sheet, NextPosition):
            if not all(plain(shown(raw.values.get(column.label))).isdecimal() for raw in rows):
                book = with_rows(book, sheet, list(_positioned(sheet, rows, column, done)))
    return book


def _positioned(sheet: type[Row], rows: Sequence[RawRow], column: Column, done: Filled) -> Iterator[RawRow]:
    """The rows, each without a position with the lowest that none of its group has."""
    others = [each.label for each in sheet.columns() if each.limits.key and each is not column]
    values = said(sheet, rows)
    groups = [tuple(plain(shown((each or {}).get(label))) for label in others) for each in values]
    taken: dict[tuple[str, ...], set[str]] = {}
    for group, each in zip(groups, values, strict=True):
        taken.setdefault(group, set()).add(plain(shown((each or {}).get(column.label))))
    next_one = Counter(dict.fromkeys(taken, 1))
    for raw, each, group in zip(rows, values, groups, strict=True):
        if not is_open(raw, each, column):
            yield raw
            continue
        while str(next_one[group]) in taken[group]:
            next_one[group] += 1
        yield done.fill(raw, column, next_one[group], NM_44)
        next_one[group] += 1
