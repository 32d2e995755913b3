"""The zones' workbooks of a month with their blanks filled in: the order of the steps, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.forms.faults.fault import Issue, Normalisation
from pipeline.forms.faults.filling import BH_01, BH_02, BH_03, BH_04, BH_05, PR_02
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem, Record
from pipeline.intake.claims import Claims, is_of, number_of
from pipeline.intake.files.reading import RawWorkbook
from pipeline.intake.filling import Filled
from pipeline.intake.following import NamedRows, counted, taken
from pipeline.intake.joining import Month
from pipeline.intake.numbering import Whose, numbered
from pipeline.intake.numbers import KnownNumbers
from pipeline.intake.occasion import Occasion
from pipeline.intake.validation import Checked, validate_into


@dataclass(frozen=True)
class Completing:
    """What filling needs to know of a month.

    whose: whose each workbook is, by its name; tables: the rows that have been validated so far.
    """

    period: Period | None
    whose: Mapping[str, Whose]
    known: KnownNumbers
    tables: dict[type[Row], Checked]
    done: Filled

    def validate(self, books: list[RawWorkbook]) -> None:
        """Validate the zones' workbooks, each sheet after those from which its blanks are filled in; empties books."""
        parts = [_parted(book) for book in self.records(books)]
        books.clear()
        for book, _ in parts:
            validate_into(self.tables, book, self.occasion(book))
        books += self.problems([problems for _, problems in parts])
        del parts
        while books:  # a workbook's raw rows are released as soon as they are checked
            book = books.pop(0)
            validate_into(self.tables, book, self.occasion(book))

    def occasion(self, book: RawWorkbook) -> Occasion:
        """The month and zone of a workbook, for examples in sentences."""
        return Occasion(self.period, self.whose[book.name].zone)

    def records(self, books: Sequence[RawWorkbook]) -> list[RawWorkbook]:
        """The workbooks with complete records; the office's rows are in the tables by now."""
        return counted(self._numbered(books, Record), Record, self.done)

    def problems(self, books: Sequence[RawWorkbook]) -> list[RawWorkbook]:
        """The workbooks with complete problems; the records are in the tables by now."""
        sources = NamedRows(self.tables)
        books = [taken(book, Problem, sources, self.done) for book in books]
        return self._numbered(books, Problem)

    def _numbered(self, books: Sequence[RawWorkbook], sheet: type[Row]) -> list[RawWorkbook]:
        return numbered(books, sheet, self.whose, self.period, self.known, NamedRows(self.tables), self.done)


def whose_numbers(
    book: RawWorkbook, claimed: Claims, tables: Mapping[type[Row], Checked], period: Period | None
) -> Whose:
    """Whose the new numbers of a zone's workbook are."""
    zone = number_of(book, claimed, tables)
    if not zone:
        return Whose("", "不知道这是哪个责任区的表")
    return Whose(zone, "" if period is None or is_of(book, period) else "“填报信息”填的不是这个月")


def _parted(book: RawWorkbook) -> tuple[RawWorkbook, RawWorkbook]:
    """A zone's workbook without its problems, and its problems alone: they follow from the other sheets."""
    others, problems = (
        {sheet: rows for sheet, rows in book.sheets.items() if (sheet is Problem) == wanted} for wanted in (False, True)
    )
    return replace(book, sheets=others), replace(book, sheets=problems)


def with_filled(month: Month, cells: Sequence[Normalisation]) -> Month:
    """The month with the list of filled cells, each with the value that it has in the end, as a full name has it."""
    filled = {cell.location: cell for cell in cells if cell.location.workbook in month.workbooks}
    if not filled:
        return month
    others = []
    for item in month.normalisations:
        if item.location in filled:
            filled[item.location] = replace(filled[item.location], taken=item.taken)
        else:
            others.append(item)
    return replace(month, normalisations=(*others, *filled.values()))


def explained(issues: Sequence[Issue], normalisations: Sequence[Normalisation]) -> tuple[Issue, ...]:
    """The issues; one of a cell that was filled in says so, and from where."""
    filled: dict[Location, Normalisation] = {item.location: item for item in normalisations if item.filled}
    return tuple(
        replace(issue, sentence=f"{issue.sentence}（自动补填的一格：{cell.reason}）")
        if (cell := filled.get(issue.location)) and not _of_filling(issue)
        else issue
        for issue in issues
    )


def _of_filling(issue: Issue) -> bool:
    """Whether an issue is itself about what was filled in."""
    return issue.fault in (PR_02, BH_01, BH_02, BH_03, BH_04, BH_05)
