"""All workbooks of a month -> Month: the only place where rows of different sheets and files are brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar, cast

from pipeline.errors import PipelineError
from pipeline.forms import OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Column, Row, Severity
from pipeline.forms.zone import Problem, ZoneReport
from pipeline.intake.doubles import without_doubles
from pipeline.intake.folders import Found, month_folder, registry_above, workbooks
from pipeline.intake.issues import Issue, Location, Normalisation
from pipeline.intake.messages import REASONS, nearest, sentence, shown
from pipeline.intake.reading import RawWorkbook, read
from pipeline.intake.validation import Blocked, Checked, blocked_row, validate

R = TypeVar("R", bound=Row)
LOST = ("SH-01", "SH-02", "SH-14", "SH-15")
"""What is told of a sheet of which rows, or a column of them, are not there."""


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
    zone_of_workbook: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)
    """The workbooks that it was read from, by the names that clerks are told."""
    previous: Month | None = None
    _found: dict[tuple[type[Row], str], dict[object, list[Row]]] = field(default_factory=dict, repr=False)

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

    def count(self, sheet: type[Row], attribute: str, value: str) -> int:
        """The number of rows, blocked ones included, with this text in a cell."""
        label = sheet.label_of(attribute)
        blocked = [b for b in self.blocked if b.sheet is sheet and plain(b.values.get(label) or "") == plain(value)]
        return len(self.where(sheet, attribute, value)) + len(blocked)

    def knows(self, sheet: type[Row], name: str) -> bool:
        """Whether a row, blocked ones included, bears the name."""
        return bool(self.index.rows(sheet, name))

    @property
    def carried(self) -> Month | None:
        """The month before, where all its problems could be read, so that what was open then is known; else None."""
        before = self.previous
        if before is None or any(entry.sheet is Problem for entry in before.blocked):
            return None
        lost = {"", Problem.sheet_title()}
        faulty = any(issue.severity is Severity.必改 and issue.location.sheet in lost for issue in before.issues)
        return None if faulty else before

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) in whose workbook a row stands; "" for a row of another form."""
        return self.zone_of_workbook.get(row.origin.workbook, "")


def load(given: Path, period: Period | None = None) -> Month:
    """Read, validate and join the month that lies in a folder (see `month_folder`); the input is never changed.

    Where the folder of the month before lies beside it, that month is joined too, for comparison. Raises PipelineError
    where there is no folder, no registry, or no workbook of the office.
    """
    folder = month_folder(given, period)
    month = _load(folder)
    before = folder.resolve().parent / str(month.period.previous)
    if folder.resolve().name == str(month.period) and before.is_dir():
        try:
            previous = _load(before, f"{before.name}/")
        except PipelineError:  # an earlier month that cannot be told does not stop this one
            number, told = "YB-03", sentence("YB-03")
        else:
            if previous.period == month.period.previous:
                return replace(month, previous=previous)
            number, told = "YB-06", sentence("YB-06", month=previous.period)
        alone = Issue(number, Severity.请核实, Location(before.name), told)
        return replace(month, issues=(*month.issues, alone))
    return month


def _load(folder: Path, prefix: str = "") -> Month:
    found, issues = workbooks(folder, prefix)
    sources, doubles = _once_each([*found, *_registry(folder, found, issues)])
    if not any(source.form is OFFICE_REPORT for source in sources):
        raise PipelineError(_nothing_to_report(folder, issues))
    tables, more = _checked(sources)
    tables.setdefault(Report, Checked())
    month = _join(tables, [*issues, *doubles, *more], folder)
    return replace(month, files={source.name: source.path for source in sources})


def _registry(folder: Path, found: Sequence[Found], issues: Iterable[Issue]) -> list[Found]:
    """The registry from above, where the month's own folder holds none."""
    if any(item.form is REGISTRY for item in found):
        return []
    above = registry_above(folder)
    if above is None:
        if not found:
            raise PipelineError(_nothing_to_report(folder, issues))
        raise PipelineError(
            f"“{folder}”及其上级文件夹中没有能读的名录。"
            f"请把填好的名录（空白表见 input_templates/excel/名录.xlsx）放进该文件夹后再试。{_listed(issues)}"
        )
    return [above]


def _nothing_to_report(folder: Path, issues: Iterable[Issue]) -> str:
    return (
        f"“{folder}”中没有能读的督导室月报，无法出文。"
        f"请把填好的督导室月报.xlsx 和各责任区月报放进该文件夹后再试。{_listed(issues)}"
    )


def _listed(issues: Iterable[Issue]) -> str:
    return "".join(f"\n{issue}" for issue in issues)


def _once_each(found: list[Found]) -> tuple[list[Found], list[Issue]]:
    """The registry first, then the office's workbook, then the zones'; of registry and office the first one only."""
    kept: list[Found] = []
    issues = []
    for item in sorted(found, key=lambda item: (item.form is not REGISTRY, item.form is not OFFICE_REPORT, item.name)):
        double = next((other for other in kept if item.form is other.form), None)
        if double and item.form in (REGISTRY, OFFICE_REPORT):
            words = sentence("FL-03", form=item.form.name, other=double.name)
            issues.append(Issue("FL-03", Severity.必改, Location(item.name), words))
        else:
            kept.append(item)
    return kept, issues


def _checked(sources: Iterable[Found]) -> tuple[dict[type[Row], Checked], list[Issue]]:
    """Every sheet of every workbook, validated by itself; the rows of one sheet are put under one another."""
    tables: dict[type[Row], Checked] = {}
    issues: list[Issue] = []
    reported: dict[str, Location] = {}
    for source in sources:
        try:
            raw, found = read(source.path, source.name, source.form)
        except Exception:  # see folders._try
            issues.append(Issue("FL-01", Severity.必改, Location(source.name), sentence("FL-01")))
            continue
        issues += found
        double = _reported_already(raw, reported)
        if double:
            issues.append(double)
        else:
            _validate_into(tables, raw)
    return tables, issues


def _reported_already(raw: RawWorkbook, reported: dict[str, Location]) -> Issue | None:
    """The issue of a workbook whose zone another workbook has reported: it is not read, or all would count twice."""
    for row in raw.sheets.get(ZoneReport, ()):
        label = ZoneReport.label_of("zone")
        written, place = row.values.get(label), Location.at(row.origin, label)
        first = reported.setdefault(plain(written), place) if written else place
        if first is not place:
            words = sentence("FL-04", zone=shown(written), other=str(first))
            return Issue("FL-04", Severity.必改, place, words, label, shown(written))
    return None


def _validate_into(tables: dict[type[Row], Checked], raw: RawWorkbook) -> None:
    for sheet, raw_rows in raw.sheets.items():
        checked, table = validate(sheet, raw_rows), tables.setdefault(sheet, Checked())
        table.rows += checked.rows
        table.blocked += checked.blocked
        table.issues += checked.issues
        table.normalisations += checked.normalisations


# Joining -------------------------------------------------------------------------------------------------------------


class Index:
    """Every row under its key, its unique columns and its names, compared without regard to blanks and width.

    A blocked row stands in it too, so that one fault does not become an issue of every row that refers to it. A name of
    its own (key or unique column) goes before an alias; of two rows with one such name, which is told where they stand,
    the first is meant.
    """

    def __init__(self, tables: Mapping[type[Row], Checked], lost: Iterable[Location] = ()) -> None:
        self._lost = {(place.workbook, place.sheet) for place in lost}
        self._own: dict[type[Row], dict[str, list[Row | Blocked]]] = {}
        self._aliases: dict[type[Row], dict[str, list[Row | Blocked]]] = {}
        self._meant: dict[tuple[Column, str], tuple[list[Row | Blocked], str | None]] = {}
        self._names: dict[tuple[type[Row], ...], Sequence[str]] = {}
        for sheet, table in tables.items():
            own, aliases = self._own.setdefault(sheet, {}), self._aliases.setdefault(sheet, {})
            for column in sheet.names():
                entries = own if column.limits.key or column.limits.unique else aliases
                for row in table.rows:
                    _enter(entries, row, getattr(row, column.attribute))
                for blocked in table.blocked:
                    _enter(entries, blocked, blocked.values.get(column.label))

    def rows(self, sheet: type[Row], name: str) -> list[Row | Blocked]:
        """The row of the sheet that bears the name, or all whose alias it is; [] for none."""
        own = self._own.get(sheet, {}).get(plain(name), [])[:1]
        return own or self._aliases.get(sheet, {}).get(plain(name), [])

    def holds(self, sheet: type[Row], workbook: str) -> bool:
        """Whether the sheet is wholly there, so that a name which a workbook's row refers to must be on it.

        Of the sheets that several workbooks have, that of the row's own workbook counts.
        """
        if sheet in ZONE_REPORT.sheets:
            return sheet in self._own and (workbook, sheet.sheet_title()) not in self._lost
        return sheet in self._own and not any(title == sheet.sheet_title() for _, title in self._lost)

    def meant(self, column: Column, name: str) -> tuple[list[Row | Blocked], str | None]:
        """The rows that a name in a column may mean, and the full name or key of the row where it is but one."""
        if (column, name) not in self._meant:
            by_target = ((target, self.rows(target, name)) for target in column.targets)
            target, matches = next(((target, found) for target, found in by_target if found), (Row, []))
            full = _full_name(column, target, matches[0], name) if len(matches) == 1 else None
            self._meant[column, name] = matches, full
        return self._meant[column, name]

    def names(self, sheets: tuple[type[Row], ...]) -> Sequence[str]:
        """Every name that a row of the sheets bears, as compared."""
        if sheets not in self._names:
            held = (names.get(sheet, {}) for sheet in sheets for names in (self._own, self._aliases))
            self._names[sheets] = list(chain.from_iterable(held))
        return self._names[sheets]


def _enter(entries: dict[str, list[Row | Blocked]], entry: Row | Blocked, name: object) -> None:
    """Put the row under a name, or under each of several; a blocked row's list is still one text."""
    for written in name if isinstance(name, tuple) else () if name is None else (name,):
        bearers = entries.setdefault(plain(written), [])
        if not any(bearer is entry for bearer in bearers):
            bearers.append(entry)


def _join(tables: Mapping[type[Row], Checked], issues: Sequence[Issue], folder: Path) -> Month:
    period = _period(tables[Report], folder, issues)
    written = Index(tables, (issue.location for issue in issues if issue.number in LOST and not issue.location.cell))
    joined = {
        sheet: without_doubles(sheet, _resolved(sheet, table, written, period)) for sheet, table in tables.items()
    }
    reports = cast(list[ZoneReport], joined[ZoneReport].rows if ZoneReport in joined else [])
    return Month(
        period=period,
        rows={sheet: tuple(table.rows) for sheet, table in joined.items()},
        blocked=tuple(blocked for table in joined.values() for blocked in table.blocked),
        issues=(*issues, *(issue for table in joined.values() for issue in table.issues)),
        normalisations=tuple(item for table in joined.values() for item in table.normalisations),
        index=Index(joined),
        zone_of_workbook={report.origin.workbook: str(report.zone) for report in reports},
    )


def _period(report: Checked, folder: Path, issues: Iterable[Issue]) -> Period:
    """The month that the office's workbook names, else its folder's name."""
    for row in cast(list[Report], report.rows):
        return Period(row.year, row.month)
    period = Period.parse(folder.resolve().name)
    if period is None:
        raise PipelineError(
            f"督导室月报的“报告信息”表有误，不知道是哪个月的报告。请先改好这张表再试。{_listed([*issues, *report.issues])}"
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
    if not all(index.holds(target, row.origin.workbook) for target in column.targets):
        return name  # the sheet, or a column of it, is missing, which is told once, where it should be
    number = "RF-02" if matches else "RF-03" if column.limits.earlier and row.predates(period.first_day) else "RF-01"
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


def _full_name(column: Column, target: type[Row], entry: Row | Blocked, written: str) -> str:
    attribute = next(name for sheet, name in column.names() if sheet is target)
    full = getattr(entry, attribute) if isinstance(entry, Row) else entry.values.get(target.label_of(attribute))
    return written if full is None or str(full) == written else str(full)


def _renamed(row: Row, column: Column, written: object, taken: object) -> Normalisation:
    place = Location.at(row.origin, column.label)
    return Normalisation("NM-07", place, column.label, shown(written), shown(taken), REASONS["NM-07"])
