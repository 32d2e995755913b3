"""The whole way of a month, from a folder of workbooks to rows that every check has seen: start reading here.

Find, read, pick, validate, join, compare with the month before, cross-check. Knows the order, and nothing about the
steps themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline.forms.faults.fault import Issue
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.forms.zone import ZoneReport
from pipeline.intake.before import compared
from pipeline.intake.claims import blamed_on_the_folder, block_mistaken, claims, one_of_each
from pipeline.intake.completing import Completing, whose_numbers, with_filled
from pipeline.intake.crosschecks import crosscheck
from pipeline.intake.files.folders import FoundWorkbook, beside, month_folder
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.filling import Filled, as_prepared, in_order
from pipeline.intake.gathering import contents, find, nothing_collected, read_all, saved
from pipeline.intake.joining import Month, join, refuse_another
from pipeline.intake.lineages import latest
from pipeline.intake.numbers import NOTHING_REMEMBERED, Remembered
from pipeline.intake.occasion import Occasion
from pipeline.intake.terms import Shelf, load_term
from pipeline.intake.unchanged import OnceWhileUnchanged
from pipeline.intake.untouched import filled, untouched
from pipeline.intake.validation import Checked, validate_into
from pipeline.walking import real


def load(given: Path, period: Period | None = None, remembered: Remembered = NOTHING_REMEMBERED) -> Month:
    """The month in a folder (see `month_folder`), or all months of a longer period as one. The input is never changed.

    remembered: the numbers that earlier runs gave to rows without one.

    If the folder of the month before is next to the month's own, the two are compared. Raises PipelineError if there is
    no folder, no registry or no workbook of the office, or if that workbook is of another month than asked for.
    """
    read = partial(joined, remembered=remembered)
    with nothing_collected():
        if period and period.months > 1:
            return load_term(given, period, read)
        folder = month_folder(given, period)
        own = Period.of_folder(real(folder).name)
        month = read(folder)
        refuse_another(month, period or own, folder)
        if folder != given:
            month = month.with_issues(beside(folder, period))
        if own == month.period:
            month = compared(month, real(folder).parent, read)
        return crosscheck(month)


@OnceWhileUnchanged
def joined(folder: Path, prefix: str = "", remembered: Remembered = NOTHING_REMEMBERED) -> Month:
    """The workbooks of one folder as a month, neither compared nor cross-checked; read once while no file changes.

    prefix: goes before the names of workbooks in messages; remembered: see `load`. Raises PipelineError as `load` does.
    """
    done = Filled()
    named = Period.of_folder(real(folder).name)
    found, issues = find(folder, prefix)
    books, of_sheets, as_they_were = _read(found, folder)
    picked = one_of_each([as_prepared(book, done) for book in books], of_sheets, named)
    del books
    period = picked.reported or named
    tables: dict[type[Row], Checked] = {Report: Checked()}
    for book in picked.offices:
        validate_into(tables, in_order(book, done), Occasion(period))
    tables[Report] = blamed_on_the_folder(tables[Report], named)
    for book in picked.proposed:
        validate_into(tables, book, Occasion(period))
    claimed = claims(picked.zones, tables, saved(found))
    workbooks = {book.name: book.form for book in (*picked.offices, *picked.proposed, *claimed.kept)}
    issues += [*picked.issues, *claimed.issues]
    files = {one.name: one.path for one in found if one.name not in picked.dropped}
    replies = {at: reply for book in (*picked.offices, *claimed.kept) for at, reply in book.replies.items()}
    del picked
    whose = {book.name: whose_numbers(book, claimed, tables, period) for book in claimed.kept}
    Completing(period, whose, remembered.of(period), tables, done).validate(claimed.kept)
    if ZoneReport in tables:
        tables[ZoneReport] = block_mistaken(tables[ZoneReport], claimed.issues)
    issues += done.issues
    month = join(tables, issues, folder, workbooks, claimed.placed, claimed.guessed, files)
    month = with_filled(month, done.cells)
    return replace(month, replies=replies, untouched=as_they_were) if replies or as_they_were else month


def _read(found: Sequence[FoundWorkbook], folder: Path) -> tuple[list[RawWorkbook], list[Issue], frozenset[str]]:
    """The workbooks, of each lineage the latest; the issues of files and sheets; which are as they were prepared."""
    books, issues = read_all(found)
    paths = {one.name: one.path for one in found}
    as_they_were = untouched(books, folder, paths.__getitem__)
    books, given_way = filled(books, as_they_were)
    books, replaced = latest(books, contents(found), saved(found))
    replaced += given_way
    left = {issue.location.workbook for issue in replaced}
    return books, [*(issue for issue in issues if issue.location.workbook not in left), *replaced], as_they_were


def months_beside(folder: Path, month: Month, remembered: Remembered = NOTHING_REMEMBERED) -> Shelf | None:
    """The other months' folders next to a month's own; None if its folder is not named after its month."""
    folder, read = real(folder), partial(joined, remembered=remembered)
    if month.parts:
        return Shelf(folder, read, month)
    return Shelf(folder.parent, read, month) if Period.of_folder(folder.name) == month.period else None
