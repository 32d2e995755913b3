"""All workbooks of a month -> Month: the only place that brings together rows of different sheets and files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from pipeline.errors import PipelineError
from pipeline.forms.catalogue import TO_NUMBER, ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Hidden, Issue, Normalisation, Severity
from pipeline.forms.office import DocumentEntry, Report
from pipeline.forms.period import Period
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Form, Row
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record, ZoneReport
from pipeline.intake.doubles import without_doubles
from pipeline.intake.files.names import UNREADABLE
from pipeline.intake.files.reading import Replies
from pipeline.intake.index import Index, Unread, form_of, unread, with_unread
from pipeline.intake.issues import listed
from pipeline.intake.messages import shown
from pipeline.intake.proposals import settled
from pipeline.intake.references import resolved
from pipeline.intake.suggestions import misspelt
from pipeline.intake.validation import Blocked, Checked
from pipeline.walking import real

R = TypeVar("R", bound=Row)
_OF_ZONES = frozenset(ZONE_REPORT.sheets)


@dataclass(frozen=True, eq=False)
class Month:
    """A month's rows, joined: every reference names an existing row by its full name, or its row is blocked.

    It answers what rules may ask (`pipeline.forms.month.MonthView`).
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
    """The files that should have been read but were not."""
    zone_of_workbook: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)
    """The workbooks it was read from, by their names in messages."""
    untouched: frozenset[str] = frozenset()
    """The workbooks that nobody has filled in since they were prepared."""
    replies: Replies = field(default_factory=dict)
    """What clerks replied, beside their rows, to what they were asked to verify."""
    previous: Month | None = None
    whole: bool = True
    """Whether every workbook of the month, and every sheet of problems, was read; only asked of the month before."""
    parts: tuple[Month, ...] = ()
    """For several months as one (`pipeline.intake.terms`), each of them; () for a single month."""
    asked: Period | None = None
    """For several months as one, the period asked for; some of its months may be missing."""
    _found: dict[tuple[type[Row], str], dict[object, list[Row]]] = field(default_factory=dict, repr=False)
    _blocked: dict[tuple[type[Row], str], dict[str | None, list[str]]] = field(default_factory=dict, repr=False)
    _misspelt: dict[tuple[str, tuple[str, ...], tuple[type[Row], ...]], tuple[str, ...]] = field(
        default_factory=dict, repr=False
    )

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """The rows of a sheet from all workbooks, in order; () for none."""
        return cast(tuple[R, ...], self.rows.get(sheet, ()))

    def one(self, sheet: type[R]) -> R | None:
        """The row of a single-row sheet; None if missing or blocked."""
        return next(iter(self.all(sheet)), None)

    def find(self, sheet: type[R], name: str | None) -> R | None:
        """The row with this key or name; None for no name, an unknown one or a blocked row."""
        return cast(
            R | None, next((entry for entry in self.index.rows(sheet, name or "") if isinstance(entry, Row)), None)
        )

    def where(self, sheet: type[R], attribute: str, value: object) -> tuple[R, ...]:
        """The rows whose attribute equals this value or, as a list, contains it; () for none."""
        # Rules ask this for each of thousands of rows.
        if (sheet, attribute) not in self._found:
            found: dict[object, list[Row]] = {}
            for row in self.all(sheet):
                held = getattr(row, attribute)
                for item in held if isinstance(held, tuple) else (held,):
                    found.setdefault(item, []).append(row)
            self._found[sheet, attribute] = found
        return cast(tuple[R, ...], tuple(self._found[sheet, attribute].get(value, ())))

    def perhaps(self, sheet: type[Row], attribute: str, value: object, asked_by: Row) -> float:
        """How many further rows may have this value.

        A blocked row counts if its cell has it or is faulty (within the asking row's own form: in its workbook); the
        number is infinite if the sheet or the column was not read.
        """
        # Nothing is known about a sheet that was not read, so a rule must not conclude that a row is missing.
        if self.index.is_bare(sheet) or not self.index.reads(sheet, attribute, asked_by=asked_by):
            return float("inf")
        own = form_of(type(asked_by)) is form_of(sheet)
        places = self._blocked_by(sheet, attribute)
        unknown = [place for place in places.get(None, ()) if not own or place == asked_by.origin.workbook]
        return len(places.get(plain(shown(value)), ())) + len(unknown)

    def _blocked_by(self, sheet: type[Row], attribute: str) -> dict[str | None, list[str]]:
        """The workbooks of the blocked rows by what is written in a column, None for a faulty cell."""
        if (sheet, attribute) not in self._blocked:
            label, found = sheet.label_of(attribute), self._blocked.setdefault((sheet, attribute), {})
            for entry in self.blocked:
                if entry.sheet is sheet:
                    written = None if label in entry.faulty else plain(shown(entry.values.get(label)))
                    found.setdefault(written, []).append(entry.origin.workbook)
        return self._blocked[sheet, attribute]

    def knows(self, sheet: type[Row], name: str) -> bool:
        """Whether a row, even a blocked one, has the name."""
        return bool(self.index.rows(sheet, name))

    def may_know(self, sheet: type[Row], name: str) -> bool:
        """Whether a row has the name, or may have it because its sheet or names were not read."""
        known = self.knows(sheet, name) or self.index.is_bare(sheet)
        return known or not self.index.reads(sheet, (*sheet.named_by, *sheet.key())[0])

    def unknown(self, names: Iterable[str], *sheets: type[Row]) -> tuple[str, ...]:
        """The names that no row of the sheets has, each quoted, with the nearest existing name; () for none."""
        wrong = [name for name in names if not any(self.may_know(sheet, name) for sheet in sheets)]
        close = (self.index.nearest(sheets, name).removeprefix("，") for name in wrong)
        return tuple(f"“{name}”（{near}）" if near else f"“{name}”" for name, near in zip(wrong, close, strict=True))

    def misspelt(self, name: str, *sheets: type[Row], besides: Iterable[str] = ()) -> tuple[str, ...]:
        """The name in the sheets, or in `besides`, from which this one differs by a character or two; () for none."""
        key = name, tuple(besides), sheets
        if key not in self._misspelt:
            others = [plain(other) for other in key[1]]
            known = plain(name) in others or any(self.may_know(sheet, name) for sheet in sheets)
            close = "" if known else misspelt(plain(name), [*self.index.names(sheets), *others])
            self._misspelt[key] = (close,) if close else ()
        return self._misspelt[key]

    def several(self, written: str, *sheets: type[Row]) -> tuple[str, ...]:
        """The names (or near misses) in a text that holds more than one; () for one or none."""
        known = any(self.may_know(sheet, written) for sheet in sheets)
        return () if known else self.index.several(sheets, written)

    @property
    def months(self) -> tuple[Month, ...]:
        """Each single month, in order; a single month gives itself."""
        return self.parts or (self,)

    @property
    def missing(self) -> tuple[Period, ...]:
        """The months of the period asked for without workbooks; () for a single month."""
        there = {part.period for part in self.parts}
        return tuple(single for single in self.asked.singles if single not in there) if self.asked else ()

    @property
    def carried(self) -> Month | None:
        """The month before if none of its problems is blocked, so that it is known what was open then; else None."""
        before = self.previous
        known = before is not None and before.whole and not any(entry.sheet is Problem for entry in before.blocked)
        return before if known else None

    def lists(self, sheet: type[Row], zone: str) -> bool:
        """Whether the zone's workbook for this month is there and this sheet was read."""
        books = (book for book, its in self.zone_of_workbook.items() if its == zone and book in self.workbooks)
        return any(self.index.reads_in(sheet, book) for book in books)

    def workbooks_with(self, sheet: type[Row]) -> tuple[str, ...]:
        """The workbooks that should have the sheet."""
        return tuple(name for name, form in self.workbooks.items() if sheet in form.sheets)

    @cached_property
    def unreported(self) -> tuple[Zone, ...]:
        """The zones in operation on the last day without any known workbook; () for none."""
        present = set(self.zone_of_workbook.values())
        zones = (zone for zone in self.all(Zone) if zone.works_on(self.period.last_day))
        return tuple(zone for zone in zones if zone.name not in present and not self._at_fault(zone.name))

    @cached_property
    def unplaced(self) -> tuple[str, ...]:
        """The files that may be any zone's workbook: not read, or without a known zone."""
        lost = (name for name in self.unread if name not in self.workbooks)
        return (*(book for book in self.workbooks_with(ZoneReport) if book not in self.zone_of_workbook), *lost)

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The zones in operation on the last day, and 县本级, of which no workbook was read, even if one is there.

        One that nobody has filled in since it was prepared reports nothing either.
        """
        zones = [*(zone.name for zone in self.all(Zone) if zone.works_on(self.period.last_day)), COUNTY_LEVEL]
        read = {self.zone_of_workbook.get(book, "") for book in self.workbooks if book not in self.untouched}
        nameless = [plain(book) for book in self.workbooks_with(ZoneReport) if book not in self.zone_of_workbook]
        return tuple(zone for zone in zones if zone not in read and not any(plain(zone) in book for book in nameless))

    def _at_fault(self, zone: str) -> bool:
        """Whether a faulty file has the zone's name: its fault is reported, so the zone is not called unreported.

        What is in a folder that cannot be opened may be any zone's.
        """
        return any(plain(zone) in plain(book).replace(UNREADABLE, "") or book.endswith("/") for book in self.unplaced)

    @property
    def lacks_county_level(self) -> bool:
        """Whether 县本级 has no workbook."""
        return COUNTY_LEVEL not in self.zone_of_workbook.values() and not self._at_fault(COUNTY_LEVEL)

    def strangers(self, period: Period) -> tuple[ZoneReport, ...]:
        """The workbooks that state another month, by their 填报信息."""
        return tuple(row for row in self.all(ZoneReport) if (row.year, row.month) != (period.year, period.month))

    def with_issues(self, issues: Iterable[Issue]) -> Month:
        """The month with further issues after its own."""
        return replace(self, issues=(*self.issues, *issues))

    def of_its_own(self, period: Period) -> Month:
        """The month without records and problems from workbooks of another month: they ask and answer nothing."""
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
        """The month with fewer rows and more issues; strangers: workbooks with records and problems of another."""
        all_blocked = (*self.blocked, *blocked)
        unread = with_unread(self.index.unread, (Record, Problem), strangers)
        return replace(
            self,
            rows=rows,
            blocked=all_blocked,
            issues=(*self.issues, *issues),
            index=_index(rows, all_blocked, unread),
            _found={},
            _blocked={},
        )

    def without(self, workbooks: Collection[str]) -> Month:
        """The month as if some zones' workbooks had not been read; their issues stay."""
        rows = {
            sheet: tuple(row for row in kept if row.origin.workbook not in workbooks) if sheet in _OF_ZONES else kept
            for sheet, kept in self.rows.items()
        }
        blocked = tuple(entry for entry in self.blocked if entry.origin.workbook not in workbooks)
        unread = {
            title: frozenset(place for place in places if place[0] not in workbooks)
            for title, places in self.index.unread.items()
        }
        return replace(
            self,
            rows=rows,
            blocked=blocked,
            index=_index(rows, blocked, unread),
            workbooks={name: form for name, form in self.workbooks.items() if name not in workbooks},
            unread=(*self.unread, *sorted(workbooks)),
            _found={},
            _blocked={},
            _misspelt={},
        )

    def is_placed_otherwise(self, blocked: Blocked) -> bool:
        """Whether a faulty 填报信息 leaves no doubt about its workbook's zone and month: then its rows count."""
        of_time = {ZoneReport.label_of("year"), ZoneReport.label_of("month")}
        placed = blocked.sheet is ZoneReport and blocked.faulty.isdisjoint(of_time)
        return placed and blocked.origin.workbook in self.zone_of_workbook

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) whose workbook has the row; "" for a row of another form."""
        return self.zone_of_workbook.get(row.origin.workbook, "")


def _index(rows: Mapping[type[Row], Iterable[Row]], blocked: Iterable[Blocked], unread: Unread) -> Index:
    of_sheet: dict[type[Row], list[Blocked]] = {}
    for entry in blocked:
        of_sheet.setdefault(entry.sheet, []).append(entry)
    return Index({sheet: Checked(list(kept), of_sheet.get(sheet, [])) for sheet, kept in rows.items()}, unread)


# Joining -------------------------------------------------------------------------------------------------------------


def join(
    tables: Mapping[type[Row], Checked],
    issues: Sequence[Issue],
    folder: Path,
    workbooks: Mapping[str, Form],
    placed: Mapping[str, str],
    guessed: Mapping[str, str],
    files: Mapping[str, Path],
) -> Month:
    """The month that the checked sheets of these workbooks make; `issues` are those of files and sheets.

    placed: the zones of workbooks that state another; guessed: those of workbooks that name no known zone; files:
    the workbooks by their names. Raises PipelineError if neither 报告信息 nor the folder says which month it is.
    """
    period = _period(tables[Report], folder, issues)
    lacking = unread(issues)
    # References are looked up among the rows as written; whether rows double is only known once they are resolved.
    written = Index(tables, lacking)
    found = {sheet: resolved(sheet, table, written, period) for sheet, table in tables.items()}
    proposed = [name for name, form in workbooks.items() if form is TO_NUMBER]
    if DocumentEntry in found:
        found[DocumentEntry] = settled(found[DocumentEntry], proposed)
    joined = {sheet: without_doubles(sheet, table, proposed) for sheet, table in found.items()}
    return Month(
        period=period,
        rows={sheet: tuple(table.rows) for sheet, table in joined.items()},
        blocked=tuple(blocked for table in joined.values() for blocked in table.blocked),
        issues=(*issues, *(issue for table in joined.values() for issue in table.issues)),
        normalisations=tuple(item for table in joined.values() for item in table.normalisations),
        index=Index(joined, lacking),
        workbooks=workbooks,
        unread=tuple(dict.fromkeys(issue.location.workbook for issue in issues if _leaves_unread(issue))),
        # Later entries win: a guess is weakest, a workbook with another zone's numbers is placed there whatever it
        # states.
        zone_of_workbook={
            **{book: _zone_in_full(zone, written) or zone for book, zone in guessed.items()},
            **dict(_zones(joined.get(ZoneReport, Checked()), written)),
            **{book: _zone_in_full(zone, written) or zone for book, zone in placed.items()},
        },
        files=files,
    )


def _zones(reports: Checked, index: Index) -> Iterator[tuple[str, str]]:
    """Each workbook of a zone with the zone's full name, even if other cells of its 填报信息 are faulty."""
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
    """Whether a file that should have been read was not; a second one of a form that was put aside does not count."""
    return issue.severity is Severity.必改 and issue.hides is Hidden.FILE


def _period(report: Checked, folder: Path, issues: Iterable[Issue]) -> Period:
    """The month that the office's workbook names, else its folder's name."""
    for row in cast(list[Report], report.rows):
        return Period(row.year, row.month)
    period = Period.of_folder(real(folder).name)
    if period is None:
        raise PipelineError(
            f"督导室月报的“报告信息”表有误，不知道是哪个月的报告。请先改好这张表再试。"
            f"{listed([*issues, *report.issues])}"
        )
    return period


def refuse_another(month: Month, expected: Period | None, folder: Path) -> None:
    """Raise PipelineError if the month is not the expected one; None accepts any."""
    if expected not in (None, month.period):
        raise PipelineError(
            f"“{folder}”中的督导室月报填的是 {month.period}，不是 {expected}。请核对月份和“报告信息”表。"
        )
