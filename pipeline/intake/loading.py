"""The whole way of a month, from a folder of workbooks to rows that every check has seen: start reading here.

Find, read, pick, validate, join, compare with the month before, cross-check. Knows the order, and nothing about the
steps themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.forms.faults.fault import Issue
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.forms.zone import ZoneReport
from pipeline.intake.before import compared
from pipeline.intake.claims import blamed_on_the_folder, block_mistaken, claims, number_of, one_of_each
from pipeline.intake.crosschecks import crosscheck
from pipeline.intake.files.folders import FoundWorkbook, beside, month_folder
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.gathering import contents, find, nothing_collected, read_all, saved
from pipeline.intake.joining import Month, join, refuse_another
from pipeline.intake.lineages import latest
from pipeline.intake.occasion import Occasion
from pipeline.intake.terms import Shelf, load_term
from pipeline.intake.unchanged import OnceWhileUnchanged
from pipeline.intake.validation import Checked, validate_into
from pipeline.walking import real


def load(given: Path, period: Period | None = None) -> Month:
    """The month in a folder (see `month_folder`), or all months of a longer period as one. The input is never changed.

    If the folder of the month before is next to the month's own, the two are compared. Raises PipelineError if there is
    no folder, no registry or no workbook of the office, or if that workbook is of another month than asked for.
    """
    with nothing_collected():
        if period and period.months > 1:
            return load_term(given, period, joined)
        folder = month_folder(given, period)
        own = Period.of_folder(real(folder).name)
        month = joined(folder)
        refuse_another(month, period or own, folder)
        if folder != given:
            month = month.with_issues(beside(folder, period))
        if own == month.period:
            month = compared(month, real(folder).parent, joined)
        return crosscheck(month)


@OnceWhileUnchanged
def joined(folder: Path, prefix: str = "") -> Month:
    """The workbooks of one folder as a month, neither compared nor cross-checked; read once while no file changes.

    prefix: goes before the names of workbooks in messages. Raises PipelineError as `load` does.
    """
    named = Period.of_folder(real(folder).name)
    found, issues = find(folder, prefix)
    picked = one_of_each(*_read(found), named)
    period = picked.reported or named
    tables: dict[type[Row], Checked] = {Report: Checked()}
    for book in picked.offices:
        validate_into(tables, book, Occasion(period))
    tables[Report] = blamed_on_the_folder(tables[Report], named)
    claimed = claims(picked.zones, tables, saved(found))
    workbooks = {book.name: book.form for book in (*picked.offices, *claimed.kept)}
    issues += [*picked.issues, *claimed.issues]
    files = {one.name: one.path for one in found if one.name not in picked.dropped}
    replies = {at: reply for book in (*picked.offices, *claimed.kept) for at, reply in book.replies.items()}
    del picked
    while claimed.kept:  # a workbook's raw rows are released as soon as they are checked
        book = claimed.kept.pop(0)
        validate_into(tables, book, Occasion(period, number_of(book, tables)))
    if ZoneReport in tables:
        tables[ZoneReport] = block_mistaken(tables[ZoneReport], claimed.issues)
    month = join(tables, issues, folder, workbooks, claimed.placed, claimed.guessed, files)
    return replace(month, replies=replies) if replies else month


def _read(found: Sequence[FoundWorkbook]) -> tuple[list[RawWorkbook], list[Issue]]:
    """The workbooks, of each lineage the latest, and the issues of their files and sheets."""
    books, issues = read_all(found)
    books, replaced = latest(books, contents(found), saved(found))
    left = {issue.location.workbook for issue in replaced}
    return books, [*(issue for issue in issues if issue.location.workbook not in left), *replaced]


def months_beside(folder: Path, month: Month) -> Shelf | None:
    """The other months' folders next to a month's own; None if its folder is not named after its month."""
    folder = real(folder)
    if month.parts:
        return Shelf(folder, joined, month)
    return Shelf(folder.parent, joined, month) if Period.of_folder(folder.name) == month.period else None
