"""Several months as one Month, and the earlier ones that a period is compared with; counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pipeline.errors import PipelineError
from pipeline.forms.codes import Section
from pipeline.forms.faults.fault import Severity
from pipeline.forms.office import Indicator, Narrative, Plan
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem
from pipeline.intake.before import compared, not_known_earlier
from pipeline.intake.crosschecks import crosscheck
from pipeline.intake.files.folders import begun, beside, folder_of, month_folder, months_in
from pipeline.intake.index import Index, Unread
from pipeline.intake.joining import Month, refuse_another
from pipeline.intake.validation import Blocked, Checked

T = TypeVar("T")
_OF_THE_END = (Plan, Indicator)
"""Sheets about the state at the end: over several months, the last month's count."""
_SECTIONS_OF_THE_END = (Section.SHORTCOMINGS, Section.PLANS)


@dataclass(frozen=True)
class Base:
    """An earlier period for comparison.

    month: its months as one; None if some months of either period are missing or incomplete: a zone has not reported,
    or inspections or problems are faulty.
    """

    period: Period
    months: tuple[Period, ...]
    """The months that are compared: all, or as many as the compared period has."""
    month: Month | None
    missing: tuple[Period, ...] = ()
    incomplete: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Bases:
    """The period before, and the same months of the year before."""

    before: Base
    year_before: Base


def load_term(given: Path, asked: Period, read: Callable[[Path, str], Month]) -> Month:
    """The months of a period with folders in this folder, each cross-checked, as one; read: see `Shelf`.

    Raises PipelineError if there are none, or if one cannot be read.
    """
    if not given.is_dir():
        month_folder(given, asked)
    shelf = Shelf(given, read)
    there = [single for single in asked.singles if shelf.holds(single)]
    if not there:
        present = "、".join(map(str, shelf.present())) or "没有月份文件夹"
        raise PipelineError(
            f"“{given}”中没有 {asked} 任何一个月的文件夹（现有：{present}）。请核对时段，"
            "并把数据文件夹写成装着各月文件夹（年-月）的那一个。"
        )
    return together([shelf.crosschecked(single) for single in there], asked)


def together(parts: Sequence[Month], asked: Period | None = None) -> Month:
    """Months in order as one, from first to last; ValueError for none.

    Of several rows with one key the latest counts, as the state at the end. Missing months in between are not replaced.
    asked: the period to which they belong.
    """
    if not parts:
        raise ValueError("no months")
    rows = _latest(parts)
    blocked = tuple(entry for part in parts for entry in part.blocked)
    return Month(
        period=Period.spanning(parts[0].period, parts[-1].period),
        rows=rows,
        blocked=blocked,
        issues=_each_once(not_known_earlier(part.issues, parts[:n]) for n, part in enumerate(parts)),
        normalisations=_each_once(part.normalisations for part in parts),
        index=Index(_tables(rows, blocked), _unread(parts)),
        workbooks=_merged(part.workbooks for part in parts),
        unread=_each_once(part.unread for part in parts),
        files=_merged(part.files for part in parts),
        replies=dict(chain.from_iterable(part.replies.items() for part in parts)),
        zone_of_workbook=_merged(part.zone_of_workbook for part in parts),
        previous=parts[0].previous,
        parts=tuple(parts),
        asked=asked,
    )


def _latest(parts: Sequence[Month]) -> dict[type[Row], tuple[Row, ...]]:
    """The rows of all months: the latest of those with one key; what describes the end, only from the last month."""
    latest: dict[type[Row], dict[object, Row]] = {}
    for part in parts:
        for sheet in part.rows:
            held = latest.setdefault(sheet, {})
            held |= {_identity(row, part): row for row in part.all(sheet) if part is parts[-1] or not _of_the_end(row)}
    return {sheet: tuple(held.values()) for sheet, held in latest.items()}


def _tables(rows: Mapping[type[Row], Sequence[Row]], blocked: Sequence[Blocked]) -> dict[type[Row], Checked]:
    return {
        sheet: Checked(list(kept), [entry for entry in blocked if entry.sheet is sheet]) for sheet, kept in rows.items()
    }


def _merged(of_parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """What several months have by the names of workbooks, which differ between months."""
    return dict(chain.from_iterable(one.items() for one in of_parts))


def _each_once(of_parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    """What several months have, in order, without repetition."""
    return tuple(dict.fromkeys(chain.from_iterable(of_parts)))


def _unread(parts: Iterable[Month]) -> Unread:
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for part in parts:
        for sheet, places in part.index.unread.items():
            found[sheet] = found.get(sheet, frozenset()) | places
    return found


def _identity(row: Row, part: Month) -> object:
    """What makes rows of different months one thing: the key; on a single-row sheet the zone; else all content."""
    if row.single:
        return part.zone(row)
    return tuple(getattr(row, name) for name in row.key() or type(row).model_fields)


def _of_the_end(row: Row) -> bool:
    return isinstance(row, _OF_THE_END) or (isinstance(row, Narrative) and row.section in _SECTIONS_OF_THE_END)


# Comparisons ---------------------------------------------------------------------------------------------------------


class Shelf:
    """Folders of months in one folder; each is read once.

    read: gives the month in a folder, joined but not compared, with names of workbooks that begin with the text; known:
    the month or months already loaded.
    """

    def __init__(self, folder: Path, read: Callable[[Path, str], Month], known: Month | None = None) -> None:
        self._folder, self._reader = folder, read
        self._checked = {part.period: part for part in known.parts} if known else {}
        self._months = begun(months_in(folder))
        before = known.previous if known else None
        self._read = {path.name: before for path in self._months.get(before.period, ())[:1]} if before else {}

    def holds(self, period: Period) -> bool:
        """Whether the month's folder exists."""
        return period in self._months

    def present(self) -> list[Period]:
        """The existing months, in order."""
        return sorted(self._months)

    def crosschecked(self, period: Period) -> Month:
        """An existing month, compared with the one before it; PipelineError if it cannot be read."""
        if period not in self._checked:
            folder = folder_of(self._folder, period)
            assert folder is not None, "asked of months that are there"
            month = self._month(folder, f"{folder.name}/")
            refuse_another(month, period, folder)
            month = compared(month.with_issues(beside(folder, period)), self._folder, self._month)
            self._checked[period] = crosscheck(month)
        return self._checked[period]

    def _month(self, folder: Path, prefix: str) -> Month:
        if folder.name not in self._read:
            self._read[folder.name] = self._reader(folder, prefix)
        return self._read[folder.name]

    def earlier(self, since: Period, until: Period) -> list[Month]:
        """The readable months from one to the one before another, in order; [] for none."""
        found = []
        for period in (single for single in self.present() if since <= single < until):
            with suppress(PipelineError):  # an unreadable month is reported where it is itself the subject
                found.append(self.crosschecked(period))
        return found

    def bases(self, month: Month) -> Bases:
        """What a month, or several as one, is compared with.

        The period before is not compared if months of the period asked for are missing; the year before is, with the
        same months.
        """
        own, before = _incomplete(month.months), (month.asked or month.period).previous
        return Bases(
            self._base(before, before.singles, month.missing, own),
            self._base(month.period.year_before, [part.period.year_before for part in month.months], (), own),
        )

    def _base(
        self, period: Period, singles: Iterable[Period], lacking: Sequence[Period], own: Sequence[Period]
    ) -> Base:
        """The months as one, for comparison; lacking and own: what the compared period itself lacks and has."""
        found, missing, incomplete = [], [], []
        for single in singles:
            try:
                if self.holds(single):
                    found.append(self.crosschecked(single))
                else:
                    missing.append(single)
            except PipelineError:
                incomplete.append(single)
        gaps, faulty = (*missing, *lacking), (*incomplete, *_incomplete(found), *own)
        return Base(period, tuple(singles), None if gaps or faulty else together(found), gaps, faulty)


def _incomplete(months: Iterable[Month]) -> tuple[Period, ...]:
    """The months without some workbook, or with faulty inspections or problems."""
    return tuple(month.period for month in months if not _is_complete(month))


def _is_complete(month: Month) -> bool:
    lacking = month.unreported or month.lacks_county_level or month.unread or month.strangers(month.period)
    of_zones = month.workbooks_with(Problem)
    return not lacking and not any(
        issue.severity is Severity.必改 and issue.location.workbook in of_zones for issue in month.issues
    )
