"""All workbooks of a month -> Month: the only place where rows of different sheets and files are brought together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from pipeline.errors import PipelineError
from pipeline.forms import Form
from pipeline.forms.cells import plain
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Column, Row, Severity
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record, ZoneReport
from pipeline.intake.doubles import without_doubles
from pipeline.intake.index import Index, form_of, unread, with_unread
from pipeline.intake.issues import Issue, Location, Normalisation
from pipeline.intake.messages import REASONS, nearest, sentence, shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

R = TypeVar("R", bound=Row)
_COMMA = re.compile("[,，]")


@dataclass(frozen=True, eq=False)
class Month:
    """A month's rows, joined: every reference names an existing row by its full name, or its row is blocked.

    It answers what rules may ask (`pipeline.forms.schema.Month`).
    """

    period: Period
    rows: Mapping[type[Row], tuple[Row, ...]]
    blocked: tuple[Blocked, ...]
    issues: tuple[Issue, ...]
    normalisations: tuple[Normalisation, ...]
    index: Index = field(repr=False)
    workbooks: Mapping[str, Form]
    """The workbooks that were read, with their forms."""
    unread: tuple[str, ...]
    """The files that should have been read and were not."""
    zone_of_workbook: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)
    """The workbooks that it was read from, by the names that clerks are told."""
    previous: Month | None = None
    whole: bool = True
    """Whether every workbook of the month, and every sheet of problems, was read; asked of the month before alone."""
    parts: tuple[Month, ...] = ()
    """Of several months as one (`pipeline.intake.terms`): each of them; () for a single month."""
    asked: Period | None = None
    """Of several months as one: the period asked for, of which months may not be there."""
    _found: dict[tuple[type[Row], str], dict[object, list[Row]]] = field(default_factory=dict, repr=False)
    _blocked: dict[tuple[type[Row], str], dict[str | None, list[str]]] = field(default_factory=dict, repr=False)

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """The rows of a sheet, over all workbooks, in their order; () for none."""
        return cast(tuple[R, ...], self.rows.get(sheet, ()))

    def one(self, sheet: type[R]) -> R | None:
        """The row of a single-row sheet; None where it is missing or blocked."""
        return next(iter(self.all(sheet)), None)

    def find(self, sheet: type[R], name: str | None) -> R | None:
        """The row that bears this key or name; None for no name, an unknown one or a blocked row."""
        return cast(
            R | None, next((entry for entry in self.index.rows(sheet, name or "") if isinstance(entry, Row)), None)
        )

    def where(self, sheet: type[R], attribute: str, value: object) -> tuple[R, ...]:
        """The rows whose attribute is, or as a list holds, this value; () for none."""
        if (sheet, attribute) not in self._found:
            found: dict[object, list[Row]] = {}
            for row in self.all(sheet):
                held = getattr(row, attribute)
                for item in held if isinstance(held, tuple) else (held,):
                    found.setdefault(item, []).append(row)
            self._found[sheet, attribute] = found
        return cast(tuple[R, ...], tuple(self._found[sheet, attribute].get(value, ())))

    def perhaps(self, sheet: type[Row], attribute: str, value: object, asked_by: Row) -> float:
        """How many rows more than those of `where` may have this value, for all that is known.

        A blocked row may where that is written, or at fault, in its cell (of the asking row's own form: in its
        workbook); any number may where the sheet or the column was not read.
        """
        if not self.index.reads(sheet, attribute, asked_by=asked_by):
            return float("inf")
        own = form_of(type(asked_by)) is form_of(sheet)
        places = self._blocked_by(sheet, attribute)
        unknown = [place for place in places.get(None, ()) if not own or place == asked_by.origin.workbook]
        return len(places.get(plain(shown(value)), ())) + len(unknown)

    def _blocked_by(self, sheet: type[Row], attribute: str) -> dict[str | None, list[str]]:
        """The workbooks of the blocked rows by what is written in a column, None for a cell at fault."""
        if (sheet, attribute) not in self._blocked:
            label, found = sheet.label_of(attribute), self._blocked.setdefault((sheet, attribute), {})
            for entry in self.blocked:
                if entry.sheet is sheet:
                    written = None if label in entry.faulty else plain(shown(entry.values.get(label)))
                    found.setdefault(written, []).append(entry.origin.workbook)
        return self._blocked[sheet, attribute]

    def knows(self, sheet: type[Row], name: str) -> bool:
        """Whether a row, blocked ones included, bears the name."""
        return bool(self.index.rows(sheet, name))

    def may_know(self, sheet: type[Row], name: str) -> bool:
        """Whether a row bears the name, or might, since the sheet or its names were not read."""
        return self.knows(sheet, name) or not self.index.reads(sheet, (*sheet.named_by, *sheet.key())[0])

    def unknown(self, names: Iterable[str], *sheets: type[Row]) -> tuple[str, ...]:
        """The names that no row of the sheets bears, each quoted, with the nearest that one bears; () for none."""
        wrong = [name for name in names if not any(self.may_know(sheet, name) for sheet in sheets)]
        close = (nearest(plain(name), self.index.names(sheets)).removeprefix("，") for name in wrong)
        return tuple(f"“{name}”（{near}）" if near else f"“{name}”" for name, near in zip(wrong, close, strict=True))

    @property
    def months(self) -> tuple[Month, ...]:
        """Each single month, in order: itself, where it is one."""
        return self.parts or (self,)

    @property
    def missing(self) -> tuple[Period, ...]:
        """The months of the period asked for whose workbooks are not there; () for a single month."""
        there = {part.period for part in self.parts}
        return tuple(single for single in self.asked.singles if single not in there) if self.asked else ()

    @property
    def carried(self) -> Month | None:
        """The month before, where no problem of it is blocked, so that what was open then is known; else None."""
        before = self.previous
        known = before is not None and before.whole and not any(entry.sheet is Problem for entry in before.blocked)
        return before if known else None

    def lists(self, sheet: type[Row], zone: str) -> bool:
        """Whether a workbook of the zone for this month is there and its sheet was read."""
        books = (book for book, its in self.zone_of_workbook.items() if its == zone)
        return any(self.index.reads_in(sheet, book) for book in books)

    def workbooks_with(self, sheet: type[Row]) -> tuple[str, ...]:
        """The workbooks that should have the sheet."""
        return tuple(name for name, form in self.workbooks.items() if sheet in form.sheets)

    @cached_property
    def unreported(self) -> tuple[Zone, ...]:
        """The zones in operation on the last day of which no workbook is known to be there; () for none."""
        present = set(self.zone_of_workbook.values())
        zones = (zone for zone in self.all(Zone) if zone.works_on(self.period.last_day))
        return tuple(zone for zone in zones if zone.name not in present and not self._at_fault(zone.name))

    @cached_property
    def unplaced(self) -> tuple[str, ...]:
        """The files that may be the workbook of any zone: not read, or without a known zone."""
        lost = (name for name in self.unread if name not in self.workbooks)
        return (*(book for book in self.workbooks_with(ZoneReport) if book not in self.zone_of_workbook), *lost)

    def _at_fault(self, zone: str) -> bool:
        """Whether a file at fault bears the zone's name: its own fault is told, so it is not called unreported."""
        return any(plain(zone) in plain(book) for book in self.unplaced)

    @property
    def lacks_county_level(self) -> bool:
        """Whether no workbook of 县本级 is there."""
        return COUNTY_LEVEL not in self.zone_of_workbook.values() and not self._at_fault(COUNTY_LEVEL)

    def strangers(self, period: Period) -> tuple[ZoneReport, ...]:
        """The workbooks that say they are of another month, by their 填报信息."""
        return tuple(row for row in self.all(ZoneReport) if (row.year, row.month) != (period.year, period.month))

    def of_its_own(self, period: Period) -> Month:
        """The month without the records and problems of workbooks of another: nothing is asked of them, nor by them."""
        books = {row.origin.workbook for row in self.strangers(period)}
        if not books:
            return self
        rows = dict(self.rows)
        for sheet in (Record, Problem):
            rows[sheet] = tuple(row for row in rows.get(sheet, ()) if row.origin.workbook not in books)
        return self.narrowed(rows, strangers=books)

    def narrowed(
        self,
        rows: Mapping[type[Row], tuple[Row, ...]],
        blocked: Iterable[Blocked] = (),
        issues: Iterable[Issue] = (),
        strangers: Iterable[str] = (),
    ) -> Month:
        """The month with fewer rows and more to say; strangers: workbooks whose records and problems are not of the month."""
        all_blocked = (*self.blocked, *blocked)
        tables = {
            sheet: Checked(list(kept), [entry for entry in all_blocked if entry.sheet is sheet])
            for sheet, kept in rows.items()
        }
        return replace(
            self,
            rows=rows,
            blocked=all_blocked,
            issues=(*self.issues, *issues),
            index=Index(tables, with_unread(self.index.unread, (Record, Problem), strangers)),
            _found={},
            _blocked={},
        )

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) in whose workbook a row stands; "" for a row of another form."""
        return self.zone_of_workbook.get(row.origin.workbook, "")


# Joining -------------------------------------------------------------------------------------------------------------


def join(
    tables: Mapping[type[Row], Checked],
    issues: Sequence[Issue],
    folder: Path,
    workbooks: Mapping[str, Form],
    placed: Mapping[str, str],
) -> Month:
    """The month that the checked sheets of these workbooks make; `issues` are those of files and sheets.

    placed: the zones of workbooks that do not say it themselves.

    Raises PipelineError where neither 报告信息 nor the folder says which month it is.
    """
    period = _period(tables[Report], folder, issues)
    lacking = unread(issues)
    written = Index(tables, lacking)
    joined = {
        sheet: without_doubles(sheet, _resolved(sheet, table, written, period)) for sheet, table in tables.items()
    }
    return Month(
        period=period,
        rows={sheet: tuple(table.rows) for sheet, table in joined.items()},
        blocked=tuple(blocked for table in joined.values() for blocked in table.blocked),
        issues=(*issues, *(issue for table in joined.values() for issue in table.issues)),
        normalisations=tuple(item for table in joined.values() for item in table.normalisations),
        index=Index(joined, lacking),
        workbooks=workbooks,
        unread=tuple(dict.fromkeys(issue.location.workbook for issue in issues if _leaves_unread(issue))),
        zone_of_workbook={
            **dict(_zones(joined.get(ZoneReport, Checked()), written)),
            **{book: _zone_in_full(zone, written) or zone for book, zone in placed.items()},
        },
    )


def _zones(reports: Checked, index: Index) -> Iterator[tuple[str, str]]:
    """Each workbook of a zone with the zone's full name, also where other cells of its 填报信息 are at fault."""
    label = ZoneReport.label_of("zone")
    for row in cast(list[ZoneReport], reports.rows):
        yield row.origin.workbook, str(row.zone)
    for blocked in reports.blocked:
        zone = _zone_in_full(shown(blocked.values.get(label)), index) if label not in blocked.faulty else None
        if zone:
            yield blocked.origin.workbook, zone


def _zone_in_full(written: str, index: Index) -> str | None:
    """The zone, or 县本级, that is meant; None for no known one."""
    column = next(column for column in ZoneReport.columns() if column.attribute == "zone")
    words = [word for word in column.limits.besides if plain(word) == plain(written)]
    matches = index.rows(Zone, written)
    return words[0] if words else (index.meant(column, written)[1] or written) if matches else None


def _leaves_unread(issue: Issue) -> bool:
    """Whether a file that should have been read was not; of two of a form, one that was put aside is no loss."""
    whole = not issue.location.sheet and issue.number != "FL-03"
    return issue.severity is Severity.必改 and (whole or issue.number == "FL-04")


def _period(report: Checked, folder: Path, issues: Iterable[Issue]) -> Period:
    """The month that the office's workbook names, else its folder's name."""
    for row in cast(list[Report], report.rows):
        return Period(row.year, row.month)
    period = Period.of_folder(folder.resolve().name)
    if period is None:
        raise PipelineError(
            f"督导室月报的“报告信息”表有误，不知道是哪个月的报告。请先改好这张表再试。{listed([*issues, *report.issues])}"
        )
    return period


def _resolved(sheet: type[Row], table: Checked, index: Index, period: Period) -> Checked:
    """The table with every reference replaced by the full name or key of the row that it means.

    A row with a reference that fits no row, or more than one, is blocked.
    """
    result = Checked([], list(table.blocked), list(table.issues), list(table.normalisations))
    for blocked in table.blocked:
        _ask_references(blocked, index, period, result)
    references = [column for column in sheet.columns() if column.targets]
    mentions = [column for column in sheet.columns() if column.limits.named_in]
    for row in table.rows:
        changes: dict[str, object] = {}
        faulty: set[str] = set()
        for column in references:
            value = getattr(row, column.attribute)
            written = value if column.many else () if value is None else (value,)
            taken = tuple(_meant(row, column, name, index, period, result, faulty) for name in written)
            if taken != written:
                changes[column.attribute] = taken if column.many else taken[0]
                result.normalisations.append(_renamed(row, column, value, changes[column.attribute]))
        for column in mentions:
            value = getattr(row, column.attribute)
            taken = _in_full(value, column.limits.named_in, index)
            if taken != value:
                changes[column.attribute] = taken
                result.normalisations.append(_renamed(row, column, value, taken))
        if faulty:
            result.blocked.append(blocked_row(row, faulty))
        else:
            result.rows.append(row.model_copy(update=changes) if changes else row)
    return result


def _ask_references(blocked: Blocked, index: Index, period: Period, result: Checked) -> None:
    """Tell of the references of a blocked row that mean nothing, so that all its faults are found in one run."""
    row = blocked.stand_in
    undated = any(column.kind.name == "date" and column.label in blocked.faulty for column in blocked.sheet.columns())
    for column in row.columns() if row else ():
        if undated and column.limits.earlier:
            continue  # whether an earlier month may have it depends on a day that is not known
        if row and column.targets and column.label not in blocked.faulty:
            value = getattr(row, column.attribute)
            for name in value if column.many else () if value is None else (value,):
                _meant(row, column, name, index, period, result, set())


def _in_full(value: Any, sheets: tuple[type[Row], ...], index: Index) -> Any:
    """A name, or each of several, in full where it is one row's short name or alias; other words as they are."""
    if isinstance(value, tuple):
        return tuple(_in_full(name, sheets, index) for name in value)
    bearers = [entry for sheet in sheets for entry in index.rows(sheet, value or "")]
    if len(bearers) != 1 or not isinstance(bearers[0], Row):
        return value
    attribute = (bearers[0].named_by or bearers[0].key())[0]
    return str(getattr(bearers[0], attribute))


def _meant(row: Row, column: Column, name: str, index: Index, period: Period, result: Checked, faulty: set[str]) -> str:
    """The full name or key of the row that a name means; the name itself, after an issue, where that is not one row."""
    if name in column.limits.besides:
        return name
    matches, meant = index.meant(column, name)
    if meant is not None:
        return meant
    named = [
        (target, next(attribute for sheet, attribute in column.names() if sheet is target)) for target in column.targets
    ]
    if not all(index.reads(target, attribute, asked_by=row) for target, attribute in named):
        return name  # the sheet or its names are missing, which is told once, where they should be
    number = "RF-02" if matches else "RF-03" if column.limits.earlier and row.predates(period.first_day) else "RF-01"
    if number == "RF-01" and column.many and _COMMA.search(name):
        number = "RF-04"
    severity = Severity.提示 if number == "RF-03" else Severity.必改
    words = sentence(
        number,
        written=name,
        targets="、".join(f"“{target.sheet_title()}”表" for target in column.targets),
        nearest=nearest(plain(name), index.names(column.targets)) if number == "RF-01" else "",
        matches="、".join(f"{entry.origin.sheet} {entry.origin.cell('')}" for entry in matches),
    )
    place = Location.at(row.origin, column.label)
    result.issues.append(Issue(number, severity, place, words, column.label, shown(getattr(row, column.attribute))))
    if severity is Severity.必改:
        faulty.add(column.label)
    return name


def _renamed(row: Row, column: Column, written: object, taken: object) -> Normalisation:
    place = Location.at(row.origin, column.label)
    return Normalisation("NM-07", place, column.label, shown(written), shown(taken), REASONS["NM-07"])


def listed(issues: Iterable[Issue]) -> str:
    """Issues as an error ends with them, one a line."""
    return "".join(f"\n{issue}" for issue in issues)
