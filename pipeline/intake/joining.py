"""All workbooks of a month -> Month: the only place where rows of different sheets and files are brought together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from pipeline.errors import PipelineError
from pipeline.forms import OFFICE_REPORT, REGISTRY
from pipeline.forms.cells import plain
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Column, Row, Severity
from pipeline.forms.zone import ZoneReport
from pipeline.intake.folders import Found, month_folder, registry_above, workbooks
from pipeline.intake.issues import Issue, Location, Normalisation
from pipeline.intake.messages import REASONS, nearest, sentence, shown
from pipeline.intake.reading import RawWorkbook, read
from pipeline.intake.validation import Blocked, Checked, validate

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Month:
    """A month's rows, joined: every reference names an existing row by its full name, or its row is blocked."""

    period: Period
    rows: Mapping[type[Row], tuple[Row, ...]]
    blocked: tuple[Blocked, ...]
    issues: tuple[Issue, ...]
    normalisations: tuple[Normalisation, ...]
    index: Index = field(repr=False)
    zone_of_workbook: Mapping[str, str]

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

    def zone(self, row: Row) -> str:
        """The zone (or 县本级) in whose workbook a row stands; "" for a row of another form."""
        return self.zone_of_workbook.get(row.origin.workbook, "")


def load(given: Path, period: Period | None = None) -> Month:
    """Read, validate and join the month that lies in a folder (see `month_folder`); the input is never changed.

    Raises PipelineError where there is no folder, no registry, or no workbook of the office.
    """
    folder = month_folder(given, period)
    found, issues = workbooks(folder)
    sources, doubles = _once_each([*found, *_registry(folder, found)])
    if not any(source.form is OFFICE_REPORT for source in sources):
        raise PipelineError(_nothing_to_report(folder, issues))
    tables, more = _checked(sources)
    tables.setdefault(Report, Checked())
    return _join(tables, [*issues, *doubles, *more], folder)


def _registry(folder: Path, found: Iterable[Found]) -> list[Found]:
    if any(item.form is REGISTRY for item in found):
        return []
    above = registry_above(folder)
    if above is None:
        raise PipelineError(
            f"“{folder}”及其上级文件夹中没有名录。请把填好的名录（空白表见 input_templates/excel/名录.xlsx）放进该文件夹后再试。"
        )
    return [above]


def _nothing_to_report(folder: Path, issues: Iterable[Issue]) -> str:
    told = "".join(f"\n{issue}" for issue in issues)
    return f"“{folder}”中没有督导室月报，无法出文。请把填好的督导室月报.xlsx 和各责任区月报放进该文件夹后再试。{told}"


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
    for source in sources:
        try:
            raw, found = read(source.path, source.name, source.form)
        except Exception:  # see folders._try
            issues.append(Issue("FL-01", Severity.必改, Location(source.name), sentence("FL-01")))
            continue
        issues += found
        _validate_into(tables, raw)
    return tables, issues


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

    A blocked row stands in it too, so that one fault does not become an issue of every row that refers to it.
    """

    def __init__(self, tables: Mapping[type[Row], Checked]) -> None:
        self._entries: dict[type[Row], dict[str, list[Row | Blocked]]] = {}
        for sheet, table in tables.items():
            entries = self._entries.setdefault(sheet, {})
            for row in table.rows:
                _enter(entries, row, (getattr(row, column.attribute) for column in sheet.names()))
            for blocked in table.blocked:
                _enter(entries, blocked, (blocked.values.get(column.label) for column in sheet.names()))

    def rows(self, sheet: type[Row], name: str) -> list[Row | Blocked]:
        """Every row of the sheet that bears the name; [] for none."""
        return self._entries.get(sheet, {}).get(plain(name), [])

    def names(self, sheet: type[Row]) -> Iterator[str]:
        """Every name that a row of the sheet bears, as compared."""
        return iter(self._entries.get(sheet, {}))


def _enter(entries: dict[str, list[Row | Blocked]], entry: Row | Blocked, names: Iterable[object]) -> None:
    for name in names:
        for written in name if isinstance(name, tuple) else (name,):
            if written is not None:
                bearers = entries.setdefault(plain(written), [])
                if not any(bearer is entry for bearer in bearers):
                    bearers.append(entry)


def _join(tables: Mapping[type[Row], Checked], issues: Iterable[Issue], folder: Path) -> Month:
    period = _period(tables[Report], folder)
    written = Index(tables)
    joined = {sheet: _without_doubles(_resolved(table, written, period)) for sheet, table in tables.items()}
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


def _period(report: Checked, folder: Path) -> Period:
    """The month that the office's workbook names, else its folder's name."""
    for row in cast(list[Report], report.rows):
        return Period(row.year, row.month)
    period = Period.parse(folder.resolve().name)
    if period is None:
        told = "".join(f"\n{issue}" for issue in report.issues)
        raise PipelineError(f"督导室月报的“报告信息”表有误，不知道是哪个月的报告。请先改好这张表再试。{told}")
    return period


def _resolved(table: Checked, index: Index, period: Period) -> Checked:
    """The table with every reference replaced by the full name or key of the row that it means.

    A row with a reference that fits no row, or more than one, is blocked.
    """
    result = Checked([], list(table.blocked), list(table.issues), list(table.normalisations))
    for row in table.rows:
        changes: dict[str, object] = {}
        faulty: set[str] = set()
        for column in (column for column in row.columns() if column.targets):
            value = getattr(row, column.attribute)
            written = value if column.many else () if value is None else (value,)
            taken = tuple(_meant(row, column, name, index, period, result, faulty) for name in written)
            if taken != written:
                changes[column.attribute] = taken if column.many else taken[0]
                result.normalisations.append(_renamed(row, column, value, changes[column.attribute]))
        if faulty:
            result.blocked.append(_blocked(row, faulty))
        else:
            result.rows.append(row.model_copy(update=changes) if changes else row)
    return result


def _meant(row: Row, column: Column, name: str, index: Index, period: Period, result: Checked, faulty: set[str]) -> str:
    """The full name or key of the row that a name means; the name itself, after an issue, where that is not one row."""
    if name in column.limits.besides:
        return name
    matches = [(target, entry) for target in column.targets for entry in index.rows(target, name)]
    if len(matches) == 1:
        return _full_name(column, *matches[0], name)
    number = "RF-02" if matches else "RF-03" if column.limits.earlier and row.predates(period.first_day) else "RF-01"
    severity = Severity.提示 if number == "RF-03" else Severity.必改
    words = sentence(
        number,
        written=name,
        targets="、".join(f"“{target.sheet_title()}”表" for target in column.targets),
        nearest=nearest(plain(name), (known for target in column.targets for known in index.names(target))),
        matches="、".join(f"{entry.origin.sheet} {entry.origin.cell('')}" for _, entry in matches),
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


def _blocked(row: Row, faulty: Iterable[str]) -> Blocked:
    values = {column.label: getattr(row, column.attribute) for column in row.columns()}
    return Blocked(type(row), row.origin, values, frozenset(faulty))


def _without_doubles(table: Checked) -> Checked:
    """The table with every row blocked whose key, or unique cell, an earlier row has already."""
    result = Checked([], list(table.blocked), list(table.issues), list(table.normalisations))
    seen: dict[tuple[object, ...], Row] = {}
    for row in table.rows:
        unique = [(column.attribute,) for column in row.columns() if column.limits.unique]
        faulty = set()
        for attributes in [key for key in (row.key(), *unique) if key]:
            values = tuple(getattr(row, attribute) for attribute in attributes)
            other = seen.setdefault((attributes, *values), row) if None not in values else row
            if other is not row:
                faulty.add(row.label_of(attributes[-1]))
                result.issues.append(_double(row, other, attributes[-1]))
        if faulty:
            result.blocked.append(_blocked(row, faulty))
        else:
            result.rows.append(row)
    return result


def _double(row: Row, other: Row, attribute: str) -> Issue:
    place, label, written = Location.of(row, attribute), row.label_of(attribute), shown(getattr(row, attribute))
    words = sentence("KY-01", written=written, other=str(Location.of(other, attribute)))
    return Issue("KY-01", Severity.必改, place, words, label, written)
