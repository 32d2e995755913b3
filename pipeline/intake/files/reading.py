"""From an .xlsx file to raw rows with cell addresses; knows Excel, knows no rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from pipeline.forms.catalogue import FORMS, TO_NUMBER
from pipeline.forms.cells import Broken, plain
from pipeline.forms.faults.cells import TY_23
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.sheets import SH_01, SH_09, SH_14, SH_25, SH_30, SH_31, SH_32, SH_39
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Form, Row
from pipeline.intake.files.layout import FORM_PROPERTY
from pipeline.intake.files.lineage import Lineage, stated
from pipeline.intake.files.looks import CellStyles, as_shown
from pipeline.intake.files.marks import CellMarks, Reply, found, is_list, without
from pipeline.intake.files.markup import MOST_CELLS_WRITTEN, Markup, Place, place_of
from pipeline.intake.files.mending import mended
from pipeline.intake.files.oddities import MOST_OTHERS, Titles, look_oddities, other_sheets, sheet_oddities
from pipeline.intake.files.package import WorkbookPackage
from pipeline.intake.files.raw import Cells, RawRow, RawSheet
from pipeline.intake.files.remarks import FEW
from pipeline.intake.files.singles import labels_below_each_other, single
from pipeline.intake.files.sniffing import sheet_names
from pipeline.intake.files.tables import heading, table
from pipeline.intake.messages import shown

MOST_BARE = 1000
"""Rows that lack most required values and are reported one by one."""
LEAST_DRAGGED = 10
"""This many consecutive rows with the same one or two cells filled are a column filled down."""
MOST_COPIES = 20
"""Copies of a sheet that are checked for content."""
LEAST_SHEETS = 0.5
"""A workbook without a form property is of the form of which it has at least this share of sheets."""
LEAST_LABELS = 0.5
"""A sheet under another name is the form's sheet of which it has more than this share of labels."""


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook of one form: the raw rows of each of its sheets; missing sheets are left out."""

    name: str
    form: Form
    sheets: Mapping[type[Row], Sequence[RawRow]]
    replies: Replies = field(default_factory=dict)
    """What was answered in it to what the office asked; {} for a workbook that never came back."""
    lineage: Lineage | None = None
    """Which file it was before it ever came back; None for one that never did."""
    prepared: Mapping[str, str] = field(default_factory=dict)
    """The zone, year and month for which it was prepared, as far as it says so itself."""

    @property
    def month(self) -> Period | None:
        """The month for which it was prepared; None if it does not say."""
        return Period.parse(f"{self.prepared.get('year')}-{self.prepared.get('month', ''):0>2}")


Replies = dict[tuple[str, str, int], Reply]
"""By workbook, title of the sheet, and line, from 1."""


class UnreadableError(ValueError):
    """The file is not a readable workbook, for whatever reason."""


def form_of(path: Path) -> Form | None:
    """The form of a workbook, by its form property, else by its sheets; None for any other file.

    Raises OSError or UnreadableError if the file cannot be read at all.
    """
    with _one_error():
        with WorkbookPackage(path) as package:
            named = package.custom_property(FORM_PROPERTY)
            names = package.sheet_names if not named else ()
        return (
            next((form for form in (*FORMS, TO_NUMBER) if form.name == named), None)
            if named
            else _form_of_sheets(names)
        )


def form_by_sheets(path: Path) -> Form | None:
    """The form of which a table in any format has most sheets; None if it has less than half of every form's.

    Raises OSError if the file cannot be read at all.
    """
    return _form_of_sheets(sheet_names(path, {sheet.sheet_title() for form in FORMS for sheet in form.sheets}))


def _form_of_sheets(names: Iterable[str]) -> Form | None:
    # Names of sheets are compared without blanks and width.
    present = set(map(plain, names))
    shares = [(len(present & {s.sheet_title() for s in form.sheets}) / len(form.sheets), form) for form in FORMS]
    share, form = max(shares, key=lambda pair: pair[0])
    return form if share >= LEAST_SHEETS else None


def read(path: Path, name: str, form: Form) -> tuple[RawWorkbook, list[Issue]]:
    """All rows of a workbook of that form; `name` is the file's name in messages.

    Raises OSError or UnreadableError if the file cannot be read at all.
    """
    with _one_error(), WorkbookPackage(path) as package:
        return _read(_opened(path), package, name, form)


def _read(book: CalamineWorkbook, package: WorkbookPackage, name: str, form: Form) -> tuple[RawWorkbook, list[Issue]]:
    titles, room = _titles(book, package, form), _Room()
    issues: list[Issue] = []
    sheets: dict[type[Row], Sequence[RawRow]] = {}
    replies: Replies = {}
    for sheet in form.sheets:
        title = sheet.sheet_title()
        if title not in titles.own:
            issues.append(SH_01.at(Location(name, title), sheet=title))
            continue
        rows, of_sheet = _sheet(book, package, titles.own[title], sheet, name, room, replies)
        if rows is not None:
            sheets[sheet] = rows
        issues += of_sheet
    for sheet in form.sheets:
        title = sheet.sheet_title()
        copies = titles.copies.get(title, ())
        if len(copies) > MOST_COPIES:
            issues.append(SH_32.at(Location(name, title), count=len(copies), copy=copies[0], sheet=titles.own[title]))
            continue
        # A blank copy does no harm; one that cannot be read (None) may have rows.
        copies = [copy for copy in copies if _sheet(book, package, copy, sheet, name, room, {})[0] != []]
        issues += [_copy(name, title, copy, titles.own[title]) for copy in copies]
    return RawWorkbook(name, form, sheets, replies, stated(package), package.prepared), [
        *issues,
        *other_sheets(titles, package, name, form),
    ]


def _titles(book: CalamineWorkbook, package: WorkbookPackage, form: Form) -> Titles:
    """The workbook's sheets as the form sees them, without the office's list of faults."""
    titles = Titles.of([meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet], form)
    if package.is_marked:
        lists = {name for name in titles.unknown[:MOST_OTHERS] if is_list(_page(book, package, name)[0])}
        titles = replace(titles, others=[name for name in titles.others if name not in lists])
    unknown = titles.unknown if len(titles.unknown) <= MOST_OTHERS else ()
    # Sheets of other names have a budget of their own: a large foreign sheet must not keep the form's from being read.
    aside = _Room()
    meant = {other: _by_labels(book, package, other, form, aside) for other in unknown}
    return titles.renaming({other: sheet.sheet_title() for other, sheet in meant.items() if sheet})


@dataclass(frozen=True)
class SheetPlan:
    """Where the labels of a form's sheet are in a workbook: its name there, the line of headings, columns by label.

    Lines and columns count from 0. On a single-row sheet the labels are below each other: `places` has their lines.
    """

    name: str
    line: int
    places: Mapping[str, int]
    replies: Mapping[int, Reply]
    """What is answered beside its lines."""


def plans(content: bytes, form: Form) -> dict[type[Row], SheetPlan]:
    """Where the sheets of a form are in a workbook; without those that it lacks, or that have no known label.

    Raises UnreadableError if it cannot be read at all.
    """
    found_plans: dict[type[Row], SheetPlan] = {}
    with _one_error(), WorkbookPackage(BytesIO(content)) as package:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        titles = _titles(book, package, form)
        for sheet in form.sheets:
            if (name := titles.own.get(sheet.sheet_title())) and not package.markup(name).remote:
                cells = _page(book, package, name)[0]
                marks = found(cells) if package.is_marked else CellMarks()
                at, labels = (labels_below_each_other if sheet.single else heading)(without(cells, marks), sheet)
                places = {label: numbers[0] for label, numbers in labels.items()}
                line = min(places.values(), default=1) - 1 if sheet.single else at
                if places:
                    found_plans[sheet] = SheetPlan(name, max(line, 0), places, marks.replies)
    return found_plans


def marks_in(content: bytes) -> tuple[frozenset[str], dict[str, frozenset[int]]]:
    """The names of a workbook's sheets that are lists of the office's, and the columns of its marks on the others.

    Both are empty for a workbook that never came back. Raises UnreadableError if it cannot be read at all.
    """
    lists, columns = set[str](), dict[str, frozenset[int]]()
    with _one_error(), WorkbookPackage(BytesIO(content)) as package:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        for name in names if package.is_marked else ():
            if package.markup(name).remote:
                continue
            cells = _page(book, package, name)[0]
            if is_list(cells):
                lists.add(name)
            else:
                columns[name] = found(cells).columns
    return frozenset(lists), columns


def _by_labels(
    book: CalamineWorkbook, package: WorkbookPackage, title: str, form: Form, room: _Room
) -> type[Row] | None:
    """The form's sheet of which most labels are in a label's place; None if there is none, or it is too large."""
    if not room.holds(package.markup(title)):
        return None
    cells = _page(book, package, title)[0]
    shares = [(_labelled(cells, sheet) / len(sheet.columns()), sheet) for sheet in form.sheets]
    share, sheet = max(shares, key=lambda pair: pair[0])
    return sheet if share > LEAST_LABELS else None


@dataclass
class _Room:
    """How many more cells of a workbook may be read."""

    left: int = 2 * MOST_CELLS_WRITTEN

    def holds(self, sheet: Markup) -> bool:
        """Whether this sheet's cells may be read as well; if so, they are counted."""
        self.left -= sheet.area
        return not sheet.remote and not sheet.crowd and self.left >= 0


def _opened(path: Path) -> CalamineWorkbook:
    """Opened by content: calamine refuses a file name that is not Unicode, and believes a wrong extension."""
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


@contextmanager
def _one_error() -> Iterator[None]:
    """Turn every failure of reading into UnreadableError, except OSError and MemoryError.

    calamine is written in Rust and panics over an absurd date; its PanicException is not an Exception and would pass
    every handler.
    """
    try:
        yield
    except (OSError, UnreadableError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(str(error)) from error
    except BaseException as error:
        # pyo3 does not export the class, so it is known by name only.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(str(error)) from None


def _sheet(
    book: CalamineWorkbook,
    package: WorkbookPackage,
    title: str,
    sheet: type[Row],
    workbook: str,
    room: _Room,
    replies: Replies,
) -> tuple[list[RawRow] | None, list[Issue]]:
    """The rows of a sheet and all its issues; None if it cannot be read completely.

    replies: what is answered beside the rows is added to them.
    """
    markup = package.markup(title)
    if unread := _too_large(markup, sheet, workbook, room):
        return None, [unread]
    if markup.divided:
        return None, [SH_25.at(Location(workbook, sheet.sheet_title()))]
    cells, merged = _page(book, package, title, quoted=markup.quoted)
    if package.is_marked:
        marks = found(cells)
        cells = without(cells, marks)
        replies |= {(workbook, sheet.sheet_title(), line + 1): reply for line, reply in marks.replies.items()}
    page = RawSheet(workbook, sheet, _as_seen(cells, markup, package.styles), merged, markup.formulas)
    rows, layout, issues = (single if sheet.single else table)(page)
    if layout.overlap(merged):
        return None, [SH_30.at(page.at(), crowd="互相重叠的合并单元格", count=len(merged))]
    rows, bare = _without_bare(rows, sheet, page)
    issues += bare
    if package.counts_from_1904:
        rows = [_without_serials(row, sheet) for row in rows]
    if markup.hidden_rows and not sheet.single:
        rows = [replace(row, hidden=True) if int(row.origin.line) - 1 in markup.hidden_rows else row for row in rows]
    if covered := frozenset[Place]().union(*(layout.covered(*corners) for corners in merged)):
        rows = [_with_covered(row, covered) for row in rows]
    looks = look_oddities(layout, markup, package.styles, package.comments(title))
    return rows, [*issues, *sheet_oddities(layout, merged, markup), *looks]


def _labelled(cells: Cells, sheet: type[Row]) -> int:
    """How many of a sheet's labels are in one line or, on a single-row sheet, in one column."""
    return len((labels_below_each_other if sheet.single else heading)(cells, sheet)[1])


def _page(
    book: CalamineWorkbook, package: WorkbookPackage, title: str, *, quoted: bool = False
) -> tuple[Cells, Sequence[tuple[Place, Place]]]:
    """The cells of a sheet and its merged ranges, even if calamine refuses what Excel opens, or leaves out values."""
    try:
        page = None if quoted else book.get_sheet_by_name(title)
    except CalamineError:
        page = None
    page = page or CalamineWorkbook.from_filelike(BytesIO(mended(package, title))).get_sheet_by_name(title)
    # With the empty area skipped, rows and columns would no longer be those of addresses.
    return page.to_python(skip_empty_area=False), page.merged_cell_ranges or []


def _too_large(markup: Markup, sheet: type[Row], workbook: str, room: _Room) -> Issue | None:
    """Why the cells of a sheet are not read; None if they may be."""
    place = Location(workbook, sheet.sheet_title(), markup.remote)
    if markup.remote:
        return SH_14.at(place, cell=markup.remote)
    if markup.crowd:
        what, count = markup.crowd
        return SH_30.at(place, crowd=what, count=count)
    return None if room.holds(markup) else SH_31.at(place)


def _as_seen(cells: Cells, markup: Markup, styles: CellStyles) -> Cells:
    """The cells with errors instead of calamine's blanks, and 75% or 58 for 0.75 or 58.3 if they are shown so."""
    for (row, column), style in markup.styled.items():
        if (look := styles.formats.get(style)) and row < len(cells) and column < len(cells[row]):
            cells[row][column] = as_shown(cells[row][column], look)
    for (row, column), broken in markup.broken.items():
        # calamine ends the area at the last value: an error cell may lie beyond it.
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
        cells[row][column] = broken
    return cells


def _without_bare(rows: list[RawRow], sheet: type[Row], page: RawSheet) -> tuple[list[RawRow], list[Issue]]:
    """The rows without those that lack most required values, if there are more than anybody leaves half filled in.

    Such rows are a column filled down past the last row: one cause, reported once.
    """
    required = {column.label for column in sheet.columns() if column.needed}
    if sheet.single or len(rows) < LEAST_DRAGGED:
        return rows, []
    bare = [row for row in rows if 2 * len(required & row.values.keys()) < len(required)]
    runs = [bare] if len(bare) > MOST_BARE else list(_filled_down(bare))
    left = {row.origin.line for run in runs for row in run}
    return [row for row in rows if row.origin.line not in left], [_filled_down_issue(page, run) for run in runs]


def _filled_down(bare: Sequence[RawRow]) -> Iterator[list[RawRow]]:
    """The runs of at least LEAST_DRAGGED consecutive rows in which the same one or two cells are filled."""

    def run(numbered: tuple[int, RawRow]) -> tuple[int, Set[str]]:
        return int(numbered[1].origin.line) - numbered[0], numbered[1].values.keys()

    few = (row for row in bare if len(row.values) <= FEW)
    for _, numbered in groupby(enumerate(few), key=run):
        rows = [row for _, row in numbered]
        if len(rows) >= LEAST_DRAGGED:
            yield rows


def _filled_down_issue(page: RawSheet, bare: Sequence[RawRow]) -> Issue:
    first, last = (next(iter(row.values)) for row in (bare[0], bare[-1]))
    cells = f"{bare[0].origin.cell(first)}–{bare[-1].origin.cell(last)}"
    at = Location(page.workbook, page.title, bare[0].origin.cell(first))
    return SH_39.at(at, count=len(bare), cells=cells)


def _without_serials(row: RawRow, sheet: type[Row]) -> RawRow:
    """The row of a workbook counting from 1904, where a day shown as a number would be read four years too early."""
    days = {column.label for column in sheet.columns() if column.kind.name in ("date", "month")}
    serials = {
        label: Broken(TY_23, shown(value))
        for label, value in row.values.items()
        if label in days and isinstance(value, float) and value < 100_000
    }
    return replace(row, values={**row.values, **serials}) if serials else row


def _with_covered(row: RawRow, covered: Set[Place]) -> RawRow:
    """The row, with its blank cells among the covered ones named."""
    blank = (label for label in row.origin.columns if label not in row.values)
    hidden = frozenset(label for label in blank if place_of(row.origin.cell(label)) in covered)
    return replace(row, covered=hidden) if hidden else row


def _copy(workbook: str, title: str, copy: str, own: str) -> Issue:
    return SH_09.at(Location(workbook, title), sheet=own, copy=copy)
