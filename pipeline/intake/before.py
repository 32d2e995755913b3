"""A month and the month before: what can be compared, and what is reported if it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms.catalogue import FORMS
from pipeline.forms.faults.fault import Hidden, Issue, Severity
from pipeline.forms.faults.files import FL_55
from pipeline.forms.faults.months import YB_03, YB_05, YB_06, YB_09
from pipeline.forms.faults.references import RF_03
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem, ZoneReport
from pipeline.intake.files.folders import beside, folder_of, workbooks
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown


def compared(month: Month, within: Path, read: Callable[[Path, str], Month]) -> Month:
    """The month with the one before it, whose folder is in `within`; unchanged if there is none.

    read: gives the month in a folder, with names of workbooks that begin with the text.
    """
    before_it = month.period.previous
    try:
        before = folder_of(within, before_it)
    except PipelineError as error:  # it is unclear which of several is meant
        return month.with_issues([YB_09.at(Location(within.name), fault=error)])
    if before is None:
        return month
    month = month.with_issues(beside(before, before_it))
    prefix = f"{before.name}/"
    try:
        return _with_previous(month, read(before, prefix))
    except PipelineError:  # an unreadable earlier month must not stop this one
        faults = [_as_of_last_month(issue) for issue in _faults(before, prefix) if _weighs(issue)]
        return month.with_issues([YB_03.at(Location(before.name)), *faults])


def _faults(folder: Path, prefix: str) -> list[Issue]:
    """The issues of an earlier month's files, or the one that its folder cannot be opened."""
    try:
        return workbooks(folder, prefix)[1]
    except PipelineError as error:
        return [Issue(FL_55, FL_55.severity, Location(prefix), str(error).rstrip("。"))]


def _with_previous(month: Month, before: Month) -> Month:
    """The month with the one before it, and an issue for everything in that one's folder that cannot be compared."""
    expected = month.period.previous
    if before.period != expected:
        return month.with_issues(_another_month(before.all(Report), expected))
    strangers = tuple(_another_month(before.strangers(expected), expected))
    faults = [issue for issue in before.issues if _weighs(issue) and _hides_problems(issue)]
    whole = not strangers and not any(_hides_a_workbook(issue) for issue in faults)
    previous = replace(before.of_its_own(expected), whole=whole)
    own = not_known_earlier(month.issues, [previous])
    issues = (*own, *strangers, *map(_as_of_last_month, faults))
    return replace(month, previous=previous, issues=issues)


def not_known_earlier(issues: Iterable[Issue], earlier: Sequence[Month]) -> tuple[Issue, ...]:
    """The issues without those of a number that only an earlier month has.

    It must have the number in the sheet where it belongs, or in the same column: then the number came from there, and
    was reported there if necessary.
    """
    return tuple(
        issue for issue in issues if issue.fault is not RF_03 or not any(_has(month, issue) for month in earlier)
    )


def _has(month: Month, issue: Issue) -> bool:
    sheet, column = _column(issue.location.sheet, issue.label)
    known = any(month.knows(target, issue.written) for target in column.targets)
    return known or bool(month.where(sheet, column.attribute, issue.written))


@cache
def _column(title: str, label: str) -> tuple[type[Row], Column]:
    """The sheet with a title, and its column with a label."""
    sheet = next(sheet for form in FORMS for sheet in form.sheets if sheet.sheet_title() == title)
    return sheet, next(column for column in sheet.columns() if column.label == label)


def _another_month(rows: tuple[Report, ...] | tuple[ZoneReport, ...], expected: Period) -> Iterator[Issue]:
    """A 请核实 for each workbook in last month's folder that states another month."""
    for row in rows:
        place, label, stated = Location.of(row, "month"), row.label_of("month"), Period(row.year, row.month)
        yield YB_06.at(place, label, written=shown(row.month), stated=stated, expected=expected)


def _weighs(issue: Issue) -> bool:
    return issue.severity is Severity.必改


def _hides_a_workbook(issue: Issue) -> bool:
    """Whether it keeps a file, a sheet, a column or a number from being read, so that problems may be unknown."""
    unnamed = issue.label == Problem.label_of("id")
    hidden_here = issue.hides is Hidden.FILE or (issue.hides is Hidden.SHEET and not issue.about)
    return not issue.location.cell or unnamed or hidden_here


def _hides_problems(issue: Issue) -> bool:
    """Whether it leaves problems of last month unknown."""
    place, labels = issue.location, (ZoneReport.label_of("year"), ZoneReport.label_of("month"))
    of_report = place.sheet == ZoneReport.sheet_title() and (not place.cell or issue.label in labels)
    return issue.hides is Hidden.FILE or not place.sheet or of_report or place.sheet == Problem.sheet_title()


def _as_of_last_month(issue: Issue) -> Issue:
    """A fault in last month's folder as an issue of this month."""
    words = YB_05.sentence.format(fault=issue.sentence)
    return replace(issue, fault=YB_05, severity=YB_05.severity, sentence=words)
