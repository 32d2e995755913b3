"""From raw rows to Rows or issues, one sheet at a time, given its class; references stay text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.forms.faults.cells import PR_01, PR_20
from pipeline.forms.faults.fault import Fault, Issue, Normalisation, Reason, Severity
from pipeline.forms.faults.months import CX_01
from pipeline.forms.month import MonthView
from pipeline.forms.places import Location, Origin
from pipeline.forms.rules import AT_FAULT, Rule
from pipeline.forms.schema import Column, Row
from pipeline.intake.admission import Admitted, Door, said_nothing
from pipeline.intake.files.raw import RawRow
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.messages import AT_ANY_TIME, cell_sentence, refined, shown
from pipeline.intake.occasion import Occasion
from pipeline.intake.watching import UnknownCell, Watched

LEAST_MISSING = 2
"""Missing cells of a row that are reported together, if they are at least half of the required ones."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A row that a 必改 keeps out of the month: its place, what is written there, and the faulty labels.

    stand_in: the row with examples in its faulty cells, so that rules can still check the other cells.
    """

    sheet: type[Row]
    origin: Origin
    values: Mapping[str, Any]
    faulty: frozenset[str]
    stand_in: Row | None = field(default=None, compare=False, repr=False)


@dataclass
class Checked:
    """The result of a sheet: its good rows, its blocked rows, and all issues."""

    rows: list[Row] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    normalisations: list[Normalisation] = field(default_factory=list)


def validate(sheet: type[Row], raw_rows: Iterable[RawRow], occasion: Occasion = AT_ANY_TIME) -> Checked:
    """Parse every cell, then check the rules that look at one row alone; collects all faults.

    occasion: the month and zone for examples in sentences.
    """
    check, door = _SheetCheck(sheet, occasion), Door(sheet)
    for raw in raw_rows:
        admitted = door.admit(raw)
        if said_nothing(raw, admitted):
            check.found.normalisations += [_noted(raw, label, "", reason) for label, reason in admitted.notes]
        else:
            door.passed(admitted.row, check.row(raw, admitted))
    return check.found


def validate_into(tables: dict[type[Row], Checked], book: RawWorkbook, occasion: Occasion) -> None:
    """Validate every sheet of a workbook, and add the results to the sheets' tables."""
    for sheet, raw_rows in book.sheets.items():
        checked, table = validate(sheet, raw_rows, occasion), tables.setdefault(sheet, Checked())
        table.rows += checked.rows
        table.blocked += checked.blocked
        table.issues += checked.issues
        table.normalisations += checked.normalisations


class _SheetCheck:
    """The check of one sheet: each row is read, then blocked or kept; `found` is the result."""

    def __init__(self, sheet: type[Row], occasion: Occasion) -> None:
        self.found = Checked()
        self._sheet = sheet
        self._occasion = occasion
        self._columns = {column.label: column for column in sheet.columns()}
        self._rules = [rule for rule in sheet.rules() if not rule.needs_month]
        self._known = _CellFaults(occasion)

    def row(self, written: RawRow, admitted: Admitted) -> set[str]:
        """Put the row where it belongs, with its issues; gives the labels of its cells that could not be read."""
        raw, notes = admitted.row, list[tuple[str, Reason | Fault]]()
        given = dict.fromkeys(self._columns) | dict(raw.values)
        wrong: set[str] = set()
        row: Row | None = None
        issues: list[Issue] = []
        try:
            row = self._sheet.model_validate(given, context=lambda *accepted: notes.append(accepted)).placed(raw.origin)
        except ValidationError as error:
            details = error.errors(include_url=False)
            issues = _cell_issues(details, written, self._columns, self._known)
            wrong = {str(detail["loc"][0]) for detail in details}
        self.found.issues += issues
        if row is None or raw.covered or raw.beside:
            bare = any(issue.fault is PR_20 for issue in issues)
            stand_in = None if bare else row or _stand_in(self._sheet, given, wrong, raw.origin)
            self._block(raw, frozenset(wrong | raw.covered), stand_in)
        else:
            accepted = ((row.label_of(attribute), what) for attribute, what in notes)
            self._note(row, written, dict.fromkeys((*admitted.notes, *accepted)))
            self._keep(row, raw)
        return wrong

    def _block(self, raw: RawRow, faulty: frozenset[str], stand_in: Row | None) -> None:
        """Block a row that could not be read; the rules that need none of its faulty cells are still checked."""
        blocked = Blocked(self._sheet, raw.origin, raw.values, faulty, stand_in)
        self.found.issues += broken_beside(self._rules, blocked, self._occasion)
        self.found.blocked.append(blocked)

    def _note(self, row: Row, written: RawRow, notes: Iterable[tuple[str, Reason | Fault]]) -> None:
        """Record what was accepted in another form than it was written, or is in doubt."""
        for label, what in notes:
            if label in written.filled:
                continue  # nobody has written it
            taken = getattr(row, self._columns[label].attribute)
            if isinstance(what, Reason):
                self.found.normalisations.append(_noted(written, label, taken, what))
            else:
                self.found.issues.append(_doubtful(written, label, taken, what))

    def _keep(self, row: Row, raw: RawRow) -> None:
        """Keep a row that was read, unless a rule blames one of its cells."""
        issues = list(broken(self._rules, row, occasion=self._occasion))
        self.found.issues += issues
        blamed = frozenset(issue.label for issue in issues if issue.severity is Severity.必改)
        if blamed:
            self.found.blocked.append(Blocked(self._sheet, raw.origin, raw.values, blamed))
        else:
            self.found.rows.append(row)


def _stand_in(sheet: type[Row], given: Mapping[str, Any], faulty: set[str], origin: Origin) -> Row | None:
    """The row with examples in place of unreadable values; None if that is not a row either."""
    examples = _examples(sheet)
    try:
        return sheet.model_validate({**given, **{label: examples[label] for label in faulty}}).placed(origin)
    except ValidationError:
        return None


@cache
def _examples(sheet: type[Row]) -> Mapping[str, str]:
    return {column.label: column.limits.example or column.kind.example or "示例" for column in sheet.columns()}


def broken(rules: Iterable[Rule], row: Row, *month: MonthView, occasion: Occasion = AT_ANY_TIME) -> Iterator[Issue]:
    """The issues of the rules that a row breaks; one that itself raises is reported as our bug and blocks nothing."""
    for rule, at_fault in _asked(rules, row, row.origin, *month):
        yield at_fault if isinstance(at_fault, Issue) else rule_issue(rule, row, at_fault, occasion)


def broken_beside(rules: Iterable[Rule], blocked: Blocked, occasion: Occasion) -> Iterator[Issue]:
    """The issues of the rules that a row breaks without its faulty cells; none if it has no stand-in.

    A sentence that names a faulty cell quotes what is written there.
    """
    if (row := blocked.stand_in) is None:
        return
    written = {label: shown(blocked.values.get(label)) for label in blocked.faulty}
    for rule, at_fault in _asked(rules, Watched(row, blocked.faulty), blocked.origin):
        yield at_fault if isinstance(at_fault, Issue) else rule_issue(rule, row, at_fault, occasion, written)


def _asked(
    rules: Iterable[Rule], row: Row | Watched, origin: Origin, *month: MonthView
) -> Iterator[tuple[Rule, Iterable[str] | Issue]]:
    """The rules that do not hold, with the words at fault, or with the issue that the rule could not be checked."""
    for rule in rules:
        if rule.at not in origin.columns:
            continue  # the column itself is missing, which is reported once for the sheet
        try:
            found = rule.holds(row, *month)
        except UnknownCell:
            continue  # this cannot be known before the faulty cell is fixed
        except Exception as error:  # one faulty rule must not lose the findings of all others
            place = Location.at(origin, rule.at)
            yield rule, CX_01.at(place, rule.at, rule=rule.number, error=type(error).__name__)
            continue
        if found is not True and found != ():
            yield rule, found or ()


def blocked_row(row: Row, faulty: Iterable[str]) -> Blocked:
    """A row that was parsed, but is kept out for what its cells say together or beside other rows."""
    values = {column.label: getattr(row, column.attribute) for column in row.columns()}
    return Blocked(type(row), row.origin, values, frozenset(faulty))


def rule_issue(
    rule: Rule,
    row: Row,
    at_fault: Iterable[str],
    occasion: Occasion,
    written: Mapping[str, str] | None = None,
) -> Issue:
    """The issue of a rule that a row breaks, its sentence filled in from the row and the words at fault.

    written: what cells contain for which the row has another value.
    """
    words = _Words(row, {**(written or {}), AT_FAULT: "、".join(at_fault)})
    sentence = occasion.fitted(rule.sentence).format_map(words)
    return Issue(rule, rule.severity, Location.at(row.origin, rule.at), sentence, rule.at, words[rule.at])


class _Words(dict[str, str]):
    """A row's words under each label, as the clerk sees them; computed only for labels that a sentence names."""

    def __init__(self, row: Row, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self._row = row

    def __missing__(self, label: str) -> str:
        return shown(getattr(self._row, _attributes(type(self._row))[label]))


@cache
def _attributes(sheet: type[Row]) -> Mapping[str, str]:
    return {column.label: column.attribute for column in sheet.columns()}


def _cell_issues(
    details: Iterable[ErrorDetails], raw: RawRow, columns: Mapping[str, Column], known: _CellFaults
) -> list[Issue]:
    """One issue for each faulty cell; for a list, its first faulty item."""
    issues: dict[str, Issue] = {}
    for detail in details:
        label = str(detail["loc"][0])
        if label not in raw.origin.columns:
            continue  # the column itself is missing, which is reported once for the sheet
        if label in raw.covered:
            continue  # the merged range is reported
        whole = not columns[label].many or detail["ctx"]["fault"] is PR_01
        written = raw.values.get(label) if whole else detail["input"]
        fault, words = known.of(columns[label], detail, written)
        place = Location.at(raw.origin, label)
        issues.setdefault(label, Issue(fault, fault.severity, place, words, label, shown(raw.values.get(label))))
    return _half_filled(list(issues.values()), raw, columns)


def _half_filled(issues: list[Issue], raw: RawRow, columns: Mapping[str, Column]) -> list[Issue]:
    """The issues of a row; if most required values are missing, one issue for these, in the place of the first."""
    missing = [issue for issue in issues if issue.fault is PR_01]
    required = sum(column.required for column in columns.values())
    if not raw.origin.line or len(missing) < LEAST_MISSING or 2 * len(missing) < required:
        return issues
    labels = "、".join(f"“{issue.label}”" for issue in missing)
    one = PR_20.at(missing[0].location, missing[0].label, labels=labels, count=len(missing))
    return [one, *(issue for issue in issues if issue.fault is not PR_01)]


@dataclass
class _CellFaults:
    """The fault and sentence for each faulty cell of a sheet, worked out once for each content."""

    occasion: Occasion
    _known: dict[tuple[str, Fault, type, object], tuple[Fault, str]] = field(default_factory=dict)

    def of(self, column: Column, detail: ErrorDetails, written: Any) -> tuple[Fault, str]:
        """Those of a cell of that column that the parser has refused."""
        details = dict(detail["ctx"])
        found: Fault = details.pop("fault")
        key = column.label, found, type(written), written
        if key not in self._known:
            fault = refined(found, column, written)
            words = cell_sentence(fault, column, written, details, self.occasion)
            if len(self._known) >= _MOST_KNOWN:
                return fault, words
            self._known[key] = fault, words
        return self._known[key]


_MOST_KNOWN = 10_000


def _doubtful(raw: RawRow, label: str, taken: object, fault: Fault) -> Issue:
    """The issue of a value that was understood, though less is written than its column requires."""
    return fault.at(Location.at(raw.origin, label), label, written=shown(raw.values.get(label)), day=taken)


def _noted(raw: RawRow, label: str, taken: object, reason: Reason) -> Normalisation:
    return reason.at(Location.at(raw.origin, label), label, shown(raw.values.get(label)), shown(taken))
