"""Raw rows at the door: words that are not values become blanks, the value above, or a fault; knows no rule or type.

A reinterpreted cell is noted; one that cannot be interpreted is Broken, so that every parser refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.forms.cells import Broken, plain
from pipeline.forms.faults.cells import TY_35, TY_36
from pipeline.forms.faults.fault import Reason
from pipeline.forms.faults.reasons import NM_11, NM_12
from pipeline.forms.habits import LONGEST, Habit, habit, names_others
from pipeline.forms.schema import Column, Row
from pipeline.intake.files.raw import RawRow
from pipeline.words import says_yes

_BLANK = (Habit.NOTHING, Habit.UNFILLED)


@dataclass(frozen=True)
class Admitted:
    """A raw row that holds only values, and the labels of cells that were written otherwise, each with the reason."""

    row: RawRow
    notes: tuple[tuple[str, Reason], ...] = ()


@dataclass
class Door:
    """Admits the rows of one sheet in order, and remembers the last one."""

    sheet: type[Row]
    _columns: dict[str, Column] = field(init=False)
    _closer: frozenset[str] = field(init=False)
    """The labels of columns in which more than one word needs attention."""
    _alone: frozenset[str] = field(init=False)
    _above: RawRow | None = field(init=False, default=None)
    _wrong_above: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        self._columns = {column.label: column for column in self.sheet.columns()}
        self._closer = frozenset(column.label for column in self.sheet.columns() if column.many or column.of_persons)
        self._alone = frozenset(column.label for column in self.sheet.names())

    def admit(self, raw: RawRow) -> Admitted:
        """The row with only values."""
        changed: dict[str, Any] = {}
        notes: list[tuple[str, Reason]] = []
        for label, written in raw.values.items():
            if type(written) is not str or label not in self._columns:
                continue
            if label in self._closer or (len(written) <= LONGEST and habit(written)):
                taken, reason = self._taken(self._columns[label], written, raw)
                if reason:
                    notes.append((label, reason))
                if taken is not written:
                    changed[label] = taken
        if not changed:
            return Admitted(raw)
        values = {label: value for label, value in {**raw.values, **changed}.items() if value is not None}
        return Admitted(replace(raw, values=values), tuple(notes))

    def passed(self, row: RawRow, wrong: Iterable[str]) -> None:
        """Remember the row admitted last and its faulty cells: no value is taken from those."""
        self._above, self._wrong_above = row, frozenset(wrong)

    def _taken(self, column: Column, written: str, raw: RawRow) -> tuple[Any, Reason | None]:
        """What a text says in its column, None for a blank; and the reason, None if it is taken as written."""
        said = habit(written)
        if said and column.accepts(written):
            return written, None
        if said in _BLANK:
            says_no = column.kind.name == "yesno" and says_yes(plain(written)) is False
            return (written, None) if says_no else (None, NM_11)
        if said is Habit.AS_ABOVE:
            above = self._from_above(column.label, raw)
            return (Broken(TY_35, written), None) if above is None else (above, NM_12)
        if said:
            return Broken(TY_35, written), None
        if column.many:
            return self._items(column, column.many.split(written), written)
        return (Broken(TY_36, written), None) if column.of_persons and names_others(written) else (written, None)

    def _items(self, column: Column, items: list[str], written: str) -> tuple[Any, Reason | None]:
        """The same for a list: an item that says nothing is left out, and a faulty one makes the cell faulty."""
        kept = []
        for item in items:
            said = habit(item)
            if said and column.accepts(item):
                said = None
            if said in (Habit.AS_ABOVE, Habit.AS_ELSEWHERE):
                return Broken(TY_35, item), None
            if column.of_persons and names_others(item):
                return Broken(TY_36, item), None
            if said not in _BLANK:
                kept.append(item)
        if len(kept) == len(items):
            return written, None
        return ("\n".join(kept) or None), NM_11  # a line break separates in every list, and not within brackets

    def _from_above(self, label: str, raw: RawRow) -> Any:
        """The value in the same column of the line above; None if that is uncertain.

        Nothing is taken into a column that identifies rows, or from an unread or hidden line, or a blank or faulty
        cell.
        """
        above = self._above
        if above is None or above.hidden or label in self._alone or label in self._wrong_above:
            return None
        adjoining = raw.origin.line and int(above.origin.line) + 1 == int(raw.origin.line)
        return above.values.get(label) if adjoining else None


def said_nothing(raw: RawRow, admitted: Admitted) -> bool:
    """Whether every cell of a line held a word for nothing: then it is not a row."""
    return bool(raw.origin.line) and bool(admitted.notes) and not admitted.row.values
