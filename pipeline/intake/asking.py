"""The month as a rule asks it, watching whether an answer may be wrong because of a fault that is told already."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar

from pipeline.forms.cells import plain
from pipeline.forms.schema import Row, Severity
from pipeline.intake.joining import LOST, Month
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked

R = TypeVar("R", bound=Row)


class Asking:
    """Answers as the month does. `doubtful`, which the asker resets, says that a row which the answer lacks is blocked.

    One cause, one issue: a rule that is broken over a doubtful answer waits until the fault is mended.
    """

    def __init__(self, month: Month) -> None:
        self._month = month
        self.doubtful = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._month, name)

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """See `Month.all`; doubtful where any row of the sheet is blocked."""
        self.doubtful |= bool(self._blocked.get(sheet)) or sheet.sheet_title() in self._lost
        return self._month.all(sheet)

    def one(self, sheet: type[R]) -> R | None:
        """See `Month.one`."""
        return next(iter(self.all(sheet)), None)

    def find(self, sheet: type[R], name: str | None) -> R | None:
        """See `Month.find`; doubtful where the row that bears the name is blocked."""
        self.doubtful |= any(isinstance(entry, Blocked) for entry in self._month.index.rows(sheet, name or ""))
        return self._month.find(sheet, name)

    def where(self, sheet: type[R], attribute: str, value: object) -> tuple[R, ...]:
        """See `Month.where`; doubtful where a blocked row has this value, or has it perhaps."""
        self.doubtful |= self._may_lack(sheet, attribute, value)
        return self._month.where(sheet, attribute, value)

    def count(self, sheet: type[Row], attribute: str, value: str) -> int:
        """See `Month.count`; doubtful where a blocked row is perhaps one more, or the same row twice."""
        label, keys = sheet.label_of(attribute), {sheet.label_of(name) for name in sheet.key()}
        self.doubtful |= sheet.sheet_title() in self._lost or any(
            _is_unknown(entry, label) or (plain(shown(entry.values.get(label))) == plain(value) and keys & entry.faulty)
            for entry in self._blocked.get(sheet, ())
        )
        return self._month.count(sheet, attribute, value)

    def knows(self, sheet: type[Row], name: str) -> bool:
        """See `Month.knows`; doubtful where the sheet, or a column of it, is missing."""
        self.doubtful |= sheet.sheet_title() in self._lost
        return self._month.knows(sheet, name)

    def zone(self, row: Row) -> str:
        """See `Month.zone`; doubtful where the workbook does not say whose it is."""
        zone = self._month.zone(row)
        self.doubtful |= not zone
        return zone

    def _may_lack(self, sheet: type[Row], attribute: str, value: object) -> bool:
        label = sheet.label_of(attribute)
        return sheet.sheet_title() in self._lost or any(
            _is_unknown(entry, label) or plain(shown(value)) in _texts(entry, sheet, attribute)
            for entry in self._blocked.get(sheet, ())
        )

    @cached_property
    def _blocked(self) -> Mapping[type[Row], list[Blocked]]:
        blocked: dict[type[Row], list[Blocked]] = {}
        for entry in self._month.blocked:
            blocked.setdefault(entry.sheet, []).append(entry)
        return blocked

    @cached_property
    def _lost(self) -> frozenset[str]:
        """The sheets of which something is not there, in whatever workbook."""
        return frozenset(
            issue.location.sheet
            for issue in self._month.issues
            if issue.number in LOST and issue.severity is Severity.必改
        )


def _is_unknown(entry: Blocked, label: str) -> bool:
    """Whether nobody can say what should stand there."""
    return label in entry.faulty and entry.values.get(label) is None


def _texts(entry: Blocked, sheet: type[Row], attribute: str) -> set[str]:
    column = next(column for column in sheet.columns() if column.attribute == attribute)
    value = entry.values.get(column.label)
    items = value if isinstance(value, tuple) else column.many.split(value) if column.many else (value,)
    return {plain(shown(item)) for item in items}
