"""From an .xlsx file to raw rows with cell addresses; knows Excel and the layout of forms, knows no rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum

from pipeline.forms import FORMS, Form
from pipeline.forms.cells import Broken, clean, is_blank, plain
from pipeline.forms.schema import Column, Origin, Row, Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.layout import EXAMPLE_MARK, FORM_PROPERTY, SINGLE_HEADING
from pipeline.intake.markup import Markup, Package, Place, address, letters, place_of
from pipeline.intake.messages import nearest, sentence, shown
from pipeline.intake.oddities import Layout, Titles, other_sheets, sheet_oddities

HEADING_SEARCH = 20
"""Clerks put titles above the headings: they are looked for in so many first lines."""
REMARK = re.compile(
    r"(合计|总计|小计|共计|累计)([:：].*)?|(注|备注|说明|填表说明|填表人|填报人|制表人?|审核人?|负责人|单位负责人|日期)[:：].*"
)
"""What clerks put below a table: it is no row."""
LEAST_SHEETS = 0.5
"""A workbook without a form property is taken for the form of which it holds at least this share of sheets."""

Cells = list[list[Any]]


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file: what is written under each label, blank cells left out.

    A cell that holds an error instead of a value is Broken. covered: the labels of its blank cells over which a merged
    range lies, so that nobody knows what belongs there; the range itself is told. hidden: its line cannot be seen.
    """

    origin: Origin
    values: Mapping[str, Any]
    covered: frozenset[str] = frozenset()
    hidden: bool = False


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook of one form: the raw rows of each of its sheets (those that it lacks are left out)."""

    name: str
    form: Form
    sheets: Mapping[type[Row], Sequence[RawRow]]


class UnreadableError(ValueError):
    """The file is no workbook that can be read, in whatever way it fails."""


def form_of(path: Path) -> Form | None:
    """The form that a workbook is, by its form property, else by its sheets; None for any other file.

    Raises OSError or UnreadableError where the file cannot be read at all.
    """
    with _one_error():
        with Package(path) as package:
            named = package.custom_property(FORM_PROPERTY)
        if named:
            return next((form for form in FORMS if form.name == named), None)
        return form_by_sheets(path)


def form_by_sheets(path: Path) -> Form | None:
    """The form most of whose sheets the workbook has, in whatever format it is; None where it has less than half of any.

    Raises OSError or UnreadableError where the file cannot be read at all.
    """
    with _one_error():
        present = {plain(name) for name in _opened(path).sheet_names}
    shares = [(len(present & {s.sheet_title() for s in form.sheets}) / len(form.sheets), form) for form in FORMS]
    share, form = max(shares, key=lambda pair: pair[0])
    return form if share >= LEAST_SHEETS else None


def read(path: Path, name: str, form: Form) -> tuple[RawWorkbook, list[Issue]]:
    """All rows of a workbook of that form; `name` is what clerks are told the file is called.

    Raises OSError or UnreadableError where the file cannot be read at all.
    """
    with _one_error(), Package(path) as package:
        return _read(_opened(path), package, name, form)


def _read(book: CalamineWorkbook, package: Package, name: str, form: Form) -> tuple[RawWorkbook, list[Issue]]:
    titles = Titles.of([meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet], form)
    issues: list[Issue] = []
    sheets: dict[type[Row], Sequence[RawRow]] = {}
    for sheet in form.sheets:
        title = sheet.sheet_title()
        if title not in titles.own:
            issues.append(Issue("SH-01", Severity.必改, Location(name, title), sentence("SH-01", sheet=title)))
            continue
        rows, found = _sheet(book, package, titles.own[title], sheet, name)
        if rows is not None:
            sheets[sheet] = rows
        issues += found
        copies = [copy for copy in titles.copies.get(title, ()) if _sheet(book, package, copy, sheet, name)[0] != []]
        issues += [_copy(name, title, copy, titles.own[title]) for copy in copies]
    return RawWorkbook(name, form, sheets), [*issues, *other_sheets(titles, package, name, form)]


def _opened(path: Path) -> CalamineWorkbook:
    """By its content: calamine refuses a file whose name is no Unicode, and believes a wrong suffix."""
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


@contextmanager
def _one_error() -> Iterator[None]:
    """Every way in which reading fails, as UnreadableError, but OSError.

    calamine, being Rust, panics over an absurd date; its PanicException is no Exception and would pass every handler.
    """
    try:
        yield
    except (OSError, UnreadableError):
        raise
    except Exception as error:
        raise UnreadableError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(str(error)) from None


def _sheet(
    book: CalamineWorkbook, package: Package, title: str, sheet: type[Row], workbook: str
) -> tuple[list[RawRow] | None, list[Issue]]:
    """The rows of a sheet and all that is to be said of it; None where its cells are too many to be read."""
    markup = package.markup(title)
    if markup.remote:
        place = Location(workbook, sheet.sheet_title(), markup.remote)
        return None, [Issue("SH-14", Severity.必改, place, sentence("SH-14", cell=markup.remote))]
    page = book.get_sheet_by_name(title)
    cells = _as_seen(page.to_python(skip_empty_area=False), markup)
    rows, layout, issues = (_single if sheet.single else _table)(cells, sheet, workbook)
    if package.counts_from_1904:
        rows = [_without_serials(row, sheet) for row in rows]
    if markup.hidden_rows and not sheet.single:
        rows = [replace(row, hidden=True) if int(row.origin.line) - 1 in markup.hidden_rows else row for row in rows]
    merged = page.merged_cell_ranges or []
    if covered := frozenset[Place]().union(*(layout.covered(*corners) for corners in merged)):
        rows = [_with_covered(row, covered) for row in rows]
    return rows, [*issues, *sheet_oddities(layout, merged, markup)]


def _as_seen(cells: Cells, markup: Markup) -> Cells:
    """The cells with errors instead of the blanks that calamine gives, and 75% instead of 0.75 where it is shown so."""
    for row, column in markup.percentages:
        if row < len(cells) and column < len(cells[row]) and isinstance(cells[row][column], float):
            cells[row][column] = f"{shown(float(f'{cells[row][column] * 100:.13g}'))}%"
    for (row, column), broken in markup.broken.items():
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
        cells[row][column] = broken
    return cells


def _without_serials(row: RawRow, sheet: type[Row]) -> RawRow:
    """The row of a workbook that counts from 1904, where a day shown as a number would be taken for one of four years before."""
    days = {column.label for column in sheet.columns() if column.kind.name in ("date", "month")}
    serials = {
        label: Broken("TY-23", shown(value))
        for label, value in row.values.items()
        if label in days and isinstance(value, float) and value < 100_000
    }
    return replace(row, values={**row.values, **serials}) if serials else row


def _with_covered(row: RawRow, covered: Set[Place]) -> RawRow:
    """The row with the blank cells named that are among those covered."""
    blank = (label for label in row.origin.columns if label not in row.values)
    hidden = frozenset(label for label in blank if place_of(row.origin.cell(label)) in covered)
    return replace(row, covered=hidden) if hidden else row


def _copy(workbook: str, title: str, copy: str, own: str) -> Issue:
    return Issue("SH-09", Severity.必改, Location(workbook, title), sentence("SH-09", sheet=own, copy=copy))


# A sheet that holds one row ------------------------------------------------------------------------------------------


def _single(cells: Cells, sheet: type[Row], workbook: str) -> tuple[list[RawRow], Layout, list[Issue]]:
    """A sheet laid out as label | value | note: one raw row, or none where no value is filled in."""
    title = sheet.sheet_title()
    at = _label_column(cells, sheet)
    lines, strangers = _labelled_lines(cells, sheet, at)
    found = {label: places[0] for label, places in lines.items()}
    values = {
        label: cells[line][at + 1]
        for label, line in found.items()
        if not all(map(is_blank, cells[line][at + 1 : at + 2]))
    }
    missing = [column for column in sheet.columns() if column.label not in lines]
    issues = [_missing_column(sheet, workbook, column, strangers) for column in missing]
    issues += [
        _twice(sheet, workbook, label, [(line, at) for line in places]) for label, places in lines.items() if places[1:]
    ]
    labels = [column.label for column in missing]
    for line in strangers:
        written = cells[line][at]
        issues.append(
            _unknown(sheet, workbook, labels, written, (line, at))
            if not is_blank(written)
            else _unlabelled(sheet, workbook, (line, at + 1))
        )
    issues += [_unlabelled(sheet, workbook, place) for place in _beyond(cells, sorted(found.values()), at)]
    layout = Layout(workbook, title, cells, sorted(found.values()), (at + 1,))
    if not values:
        place = Location(workbook, title, f"{letters(at + 1)}2")
        return [], layout, [*issues, Issue("SH-04", Severity.必改, place, sentence("SH-04"))]
    addresses = {label: address((line, at + 1)) for label, line in found.items()}
    return [RawRow(Origin(workbook, title, addresses), values)], layout, issues


def _label_column(cells: Cells, sheet: type[Row]) -> int:
    """The column, 0-based, in which most labels stand; the first where none does."""
    labels = {plain(column.label) for column in sheet.columns()}
    width = max(map(len, cells), default=0)
    counts = [sum(plain(line[place]) in labels for line in cells if place < len(line)) for place in range(width)]
    return counts.index(max(counts)) if counts else 0


def _labelled_lines(cells: Cells, sheet: type[Row], at: int) -> tuple[dict[str, list[int]], list[int]]:
    """The lines on which each known label stands, and the lines that are filled in under another one, or under none."""
    labels = {plain(column.label): column.label for column in sheet.columns()}
    known: dict[str, list[int]] = {}
    strangers = []
    for number, line in enumerate(cells):
        written = plain(line[at]) if at < len(line) else ""
        if written in labels:
            known.setdefault(labels[written], []).append(number)
        elif written != SINGLE_HEADING[0] and known and not all(map(is_blank, line[at + 1 : at + 2])):
            strangers.append(number)
    return known, strangers


def _beyond(cells: Cells, lines: Sequence[int], at: int) -> Iterator[Place]:
    """What stands right of label, value and note on the lines of the labels: it is named, not ignored."""
    for line in lines:
        for place in range(at + len(SINGLE_HEADING), len(cells[line])):
            if not is_blank(cells[line][place]):
                yield line, place


def _unlabelled(sheet: type[Row], workbook: str, place: Place) -> Issue:
    location = Location(workbook, sheet.sheet_title(), address(place))
    return Issue("SH-17", Severity.请核实, location, sentence("SH-17"))


# A sheet with a heading row ------------------------------------------------------------------------------------------


def _table(cells: Cells, sheet: type[Row], workbook: str) -> tuple[list[RawRow], Layout, list[Issue]]:
    """A sheet with a heading row: one raw row for each line that holds anything."""
    heading, found = _heading(cells, sheet)
    if not found and any(not is_blank(value) for line in cells for value in line):
        place = Location(workbook, sheet.sheet_title())
        return (
            [],
            Layout(workbook, sheet.sheet_title(), cells, (), ()),
            [Issue("SH-15", Severity.必改, place, sentence("SH-15", lines=HEADING_SEARCH))],
        )
    places = {label: columns[0] for label, columns in found.items()}
    columns = {label: letters(place) for label, place in places.items()}
    unread = _unknown_columns(cells, heading, found, sheet, workbook)
    issues = [_missing_column(sheet, workbook, c, unread) for c in sheet.columns() if c.label not in columns]
    issues += [_twice(sheet, workbook, label, [(heading, n) for n in ns]) for label, ns in found.items() if ns[1:]]
    issues += unread
    title, marked = sheet.sheet_title(), sheet.columns()[0].label
    required = {column.label for column in sheet.columns() if column.required}
    read = {place: label for label, place in places.items()}
    names = [read.get(place, "") for place in range(max(read, default=-1) + 1)]
    rows, notes = [], set()
    for number, line in enumerate(cells[heading + 1 :], start=heading + 2):
        values = {
            label: value
            for label, value in zip(names, line, strict=False)
            if value != "" and label and (type(value) is not str or value[0].isalnum() or not is_blank(value))
        }
        if not values:
            continue
        first = next(value for value in line if not is_blank(value))
        if str(first).startswith(EXAMPLE_MARK) or str(values.get(marked)).startswith(EXAMPLE_MARK):
            if not _is_example(values, sheet):
                issues.append(_unread("SH-05", Severity.必改, workbook, title, line, number))
        elif not required <= values.keys() and _is_remark(first):
            issues.append(_unread("SH-16", Severity.请核实, workbook, title, line, number))
            notes.add(number - 1)
        else:
            rows.append(RawRow(Origin(workbook, title, columns, str(number)), values))
    lines = range(heading + 1, len(cells))
    return rows, Layout(workbook, title, cells, lines, tuple(places.values()), frozenset(notes)), issues


def _unread(rule: str, severity: Severity, workbook: str, title: str, line: Sequence[Any], number: int) -> Issue:
    """A line that is no row, told at its first filled cell."""
    place = next(place for place, value in enumerate(line) if not is_blank(value))
    at = Location(workbook, title, f"{letters(place)}{number}")
    return Issue(rule, severity, at, sentence(rule), written=shown(line[place]))


def _heading(cells: Cells, sheet: type[Row]) -> tuple[int, dict[str, list[int]]]:
    """The line of headings (0-based) and the places of each known label in it; the first line where none is known."""
    labels = {plain(column.label): column.label for column in sheet.columns()}
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for number, line in enumerate(cells[:HEADING_SEARCH]):
        places: dict[str, list[int]] = {}
        for place, heading in enumerate(line):
            if isinstance(heading, str) and plain(heading) in labels:
                places.setdefault(labels[plain(heading)], []).append(place)
        if len(places) > len(best[1]):
            best = (number, places)
        if len(places) == len(labels):
            break
    return best


def _unknown_columns(
    cells: Cells, heading: int, found: Mapping[str, Sequence[int]], sheet: type[Row], workbook: str
) -> list[Issue]:
    """Columns with a heading that the sheet does not have, or with contents and no heading: they are named, not ignored."""
    missing = [column.label for column in sheet.columns() if column.label not in found]
    known = {place for places in found.values() for place in places}
    issues = []
    for place, written in enumerate(cells[heading] if cells else []):
        if place in known:
            continue
        if not is_blank(written):
            issues.append(_unknown(sheet, workbook, missing, written, (heading, place)))
            continue
        first = next(
            (n for n, line in enumerate(cells) if n > heading and not all(map(is_blank, line[place : place + 1]))), None
        )
        if first is not None:
            at = Location(workbook, sheet.sheet_title(), address((first, place)))
            issues.append(Issue("SH-12", Severity.请核实, at, sentence("SH-12", column=letters(place))))
    return issues


def _unknown(sheet: type[Row], workbook: str, missing: Sequence[str], written: object, place: Place) -> Issue:
    words = sentence("SH-03", heading=str(written), nearest=nearest(str(written), missing), unit=_unit(sheet))
    location = Location(workbook, sheet.sheet_title(), address(place))
    return Issue("SH-03", Severity.请核实, location, words, written=str(written))


def _twice(sheet: type[Row], workbook: str, label: str, places: Sequence[Place]) -> Issue:
    cells = "、".join(map(address, places))
    location = Location(workbook, sheet.sheet_title(), address(places[1]))
    return Issue("SH-11", Severity.必改, location, sentence("SH-11", label=label, cells=cells), label)


def _missing_column(sheet: type[Row], workbook: str, column: Column, unread: Sequence[object]) -> Issue:
    """A required column must be put back; an optional one may be missing from an older blank.

    Where a column was not read, it may be the one that is missing, under another name: then it must be put right too.
    """
    severity = Severity.必改 if column.required or unread else Severity.请核实
    words = sentence("SH-02", label=column.label, unit=_unit(sheet))
    return Issue("SH-02", severity, Location(workbook, sheet.sheet_title()), words, column.label)


def _unit(sheet: type[Row]) -> str:
    return "行" if sheet.single else "列"


def _is_example(values: Mapping[str, Any], sheet: type[Row]) -> bool:
    """Whether every cell of a marked row still stands as the blank has it, months as their first day."""
    return all(
        column.example in (text := clean(shown(value)).removeprefix(EXAMPLE_MARK), str(value), text[: len("2024-03")])
        for column in sheet.columns()
        if (value := values.get(column.label)) is not None
    )


def _is_remark(first: object) -> bool:
    """Whether a line that lacks what a row must have begins like a total or a note below the rows."""
    return isinstance(first, str) and bool(REMARK.fullmatch(plain(first)))
