"""A form -> a workbook, blank or filled, in one layout; knows what Excel can check, and judges no value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.excel.worksheets import FORMULAS, height, lay_out_page, workbook
from pipeline.forms.catalogue import FORMS
from pipeline.forms.cells import DATE_FORMAT, MONTH_FORMAT, TEXT_FORMAT
from pipeline.forms.follows import TakenFrom
from pipeline.forms.schema import Column, Form, Row
from pipeline.intake.files.layout import (
    EXAMPLE_MARK,
    FORM_PROPERTY,
    INSTRUCTIONS,
    SINGLE_HEADING,
    VERSION_PROPERTY,
)
from pipeline.words import units
from pipeline.workbooks.conditions import Place, asked, blank
from pipeline.workbooks.defined_names import name_columns, typed_so_far, write_lists
from pipeline.workbooks.dropdowns import Choices, Lists, lists, restriction, typed_within
from pipeline.workbooks.instructions import LEGEND, hint, lines, need, with_example
from pipeline.workbooks.values import typed
from pipeline.workbooks.widths import fitted, pixels, room

Written = Mapping[str, object]

_INPUT_ROWS = 1000
_LAST_COLUMN = 16_383
_WIDE = 8
"""With more columns than a screen shows, the first stays in view."""

_LEGIBLE = 210
"""Half-width characters on a line of A4 landscape at a legible size."""

_ARROW = 5
"""The width that a heading on one line leaves for the arrow of its filter."""

_ONE_LINE, _FURTHER_LINE = 18, 14
"""Points: a row of one line, and what each further line adds."""

_RED, _ORANGE, _SLATE = "#9C1C1C", "#B45F06", "#5B6B7F"
_PINK, _YELLOW, _GREY = "#FFC7CE", "#FFEB9C", "#808080"
_HEADINGS = {"必填": _RED, "视情必填": _ORANGE, "视情宜填": _ORANGE, "宜填": _ORANGE}
_SHEET_RIGHTS = dict.fromkeys(
    ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter"), True
)
_PAGE_RIGHTS = {"format_columns": True, "format_rows": True}


def write(
    form: Form,
    path: Path,
    *,
    rows: Mapping[str, Sequence[Written]] | None = None,
    choices: Choices | None = None,
    properties: Mapping[str, str] | None = None,
) -> None:
    """Write the workbook of a form: a blank with marked examples or, given rows, a filled one.

    rows: sheet title -> rows, label -> value; sheets not named stay empty. choices: the words that drop-downs offer for
    references to a sheet; without them, no drop-down. properties: further custom document properties. Raises KeyError
    for a sheet or label that the form lacks, OSError if the file cannot be written.
    """
    for title, written in (rows or {}).items():
        _refuse_unknown(form.sheet(title), written)
    found = lists(form, choices or {})
    with workbook(path, form.name, default_row_height=_ONE_LINE) as book:
        for name, value in (properties or {}).items():
            book.set_custom_property(name, value, "text")
        _fill(book, form, rows, found)


def _fill(book: Workbook, form: Form, rows: Mapping[str, Sequence[Written]] | None, found: Lists) -> None:
    book.set_custom_property(FORM_PROPERTY, form.name, "text")
    book.set_custom_property(VERSION_PROPERTY, form.version, "text")
    formats = _Formats(book)
    _write_instructions(book.add_worksheet(INSTRUCTIONS), form, formats)
    for sheet in form.sheets:
        page = _Page(book.add_worksheet(sheet.sheet_title()), form, sheet, formats, found)
        if form.awaited:
            page.on.activate()
        lay_out = _write_single if sheet.single else _write_rows
        lay_out(page, None if rows is None else rows.get(sheet.sheet_title(), ()))
    write_lists(book, found)
    name_columns(book, form, last=max(_INPUT_ROWS, *(len(written) for written in (rows or {"": ()}).values())))


def write_all(folder: Path, *, choices: Choices | None = None) -> list[Path]:
    """Write every form's blank into the folder, named after the form; the folder is made if absent."""
    paths = [folder / f"{form.name}.xlsx" for form in FORMS]
    folder.mkdir(parents=True, exist_ok=True)
    for form, path in zip(FORMS, paths, strict=True):
        write(form, path, choices=choices)
    return paths


def _refuse_unknown(sheet: type[Row], written: Sequence[Written]) -> None:
    labels = {column.label for column in sheet.columns()}
    unknown = {label for row in written for label in row} - labels
    if unknown:
        raise KeyError(f"{sheet.sheet_title()} has no column {'、'.join(sorted(unknown))}")


# Sheets --------------------------------------------------------------------------------------------------------------


class _Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "vcenter", **properties})
        return self._made[key]

    def heading(self, column: Column | None = None, *, width: float = 99) -> Format:
        """How the heading of a column looks, or of what is none; on two lines, it leaves the right to the arrow."""
        fill = _SLATE if column is None else _HEADINGS.get(need(column), _SLATE)
        return self.label(fill, "left" if column and width < units(column.label) + _ARROW else "center")

    def label(self, fill: str, align: str = "center") -> Format:
        return self(bold=True, font_color="white", bg_color=fill, align=align, text_wrap=True, border=1)

    def sample(self, meant: str) -> Format:
        """What LEGEND explains, as it looks in a sheet."""
        fills = dict(zip(LEGEND, (_RED, _ORANGE, _SLATE, _PINK, _YELLOW), strict=True))
        fill = fills[meant]
        return self(bg_color=fill, border=1, align="center") if fill in (_PINK, _YELLOW) else self.label(fill)

    def entry(self, number_format: str, **more: object) -> Format:
        align = "center" if number_format in (DATE_FORMAT, MONTH_FORMAT) else "general"
        wrap = number_format == TEXT_FORMAT
        return self(**{"num_format": number_format, "locked": False, "text_wrap": wrap, "align": align, **more})


@dataclass(frozen=True)
class _Page:
    """A sheet being written: where, for which class, in which formats, and the name of each drop-down list."""

    on: Worksheet
    form: Form
    sheet: type[Row]
    formats: _Formats
    lists: Lists

    def edge(self, column: Column) -> dict[str, object]:
        """The line to the left of a group of columns; {} elsewhere."""
        begins = column.attribute in {group.first for group in self.sheet.groups}
        return {"left": 2, "left_color": _SLATE} if begins else {}

    def validation(self, column: Column) -> dict[str, Any]:
        """What Excel shows and refuses in a cell of the column."""
        listed = self._list(column)
        # 32 and 255 characters are Excel's limits; a longer prompt makes it call the workbook damaged.
        prompt = {
            "input_title": f"{column.label}（{need(column)}）"[:32],
            "input_message": with_example(column, hint(self.sheet, column, with_codes=column.many is not None))[:255],
        }
        return prompt | restriction(column, listed)

    def _list(self, column: Column) -> str | None:
        """The defined name of what the drop-down of a column offers; None for a column without one."""
        if within := typed_within(self.form, column):
            return typed_so_far(*within)[0]
        listed = self.lists.get((self.sheet.sheet_title(), column.label))
        return listed[0] if listed else None


def _write_rows(page: _Page, rows: Sequence[Written] | None) -> None:
    """A sheet with a row for each entry; rows None: a blank with its example."""
    on, columns = page.on, page.sheet.columns()
    # Drop-downs need a fixed range; on whole columns they would make the sheet seem a million rows long.
    last, widths = max(_INPUT_ROWS, len(rows or ())), fitted(columns)
    _write_headings(page, widths, last)
    _write_entries(page, [_example(page.sheet)] if rows is None else rows, widths)
    _colour_rows(page, last)
    on.autofilter(0, 0, last, len(columns) - 1)
    in_view = page.sheet.in_view or int(len(columns) > _WIDE)
    on.freeze_panes(1, in_view)
    on.ignore_errors({"number_stored_as_text": xl_range(1, 0, last, len(columns) - 1)})
    if page.sheet.groups:
        _guard_headings(page)
    else:
        on.protect("", _SHEET_RIGHTS)  # without a password: it prevents slips, and an office may still lift it
    _lay_out_print(on, widths, repeated=in_view)


def _write_headings(page: _Page, widths: Sequence[float], last: int) -> None:
    """The headings with the look and the checks of their columns."""
    on, columns, levels = page.on, page.sheet.columns(), _levels(page.sheet)
    for number, column in enumerate(columns):
        look = page.formats.entry(column.kind.excel_format, **page.edge(column))
        on.set_column_pixels(number, number, pixels(widths[number]), look, {"level": levels[number]})
        on.write_string(0, number, column.label, page.formats.heading(column, width=widths[number]))
        on.data_validation(1, number, last, number, page.validation(column))
    # Excel lets users delete a row of a protected sheet only if all its cells are unlocked, up to the last column.
    unlocked = len(columns)
    on.set_column(unlocked, unlocked, None, page.formats(locked=False))
    # set_column(unlocked, _LAST_COLUMN, ...) makes an object for each column, which takes half of all writing time.
    on.col_info.update(dict.fromkeys(range(unlocked + 1, _LAST_COLUMN + 1), on.col_info[unlocked]))
    on.dim_colmax = len(columns) - 1  # otherwise the sheet claims content up to the last column
    on.set_row(0, 2 * _ONE_LINE)


def _write_entries(page: _Page, rows: Sequence[Written], widths: Sequence[float]) -> None:
    columns = [(column, page.edge(column)) for column in page.sheet.columns()]
    wide = [room(width) + 2 for width in widths]  # with the padding that a height allows for
    for number, row in enumerate(rows, 1):
        for position, (column, edge) in enumerate(columns):
            _put(page, number, position, column, row.get(column.label), **edge)
        tallest = _height([str(row.get(column.label) or "") for column, _ in columns], wide)
        if tallest > _ONE_LINE:  # some suites do not fit row heights when they open a file
            page.on.set_row(number, tallest)


def _levels(sheet: type[Row]) -> list[int]:
    """The outline level of each column: 1 for those that fold away, which leave the first of their group in sight."""
    attributes = [column.attribute for column in sheet.columns()]
    folding = [range(attributes.index(group.first) + 1, attributes.index(group.last) + 1) for group in sheet.groups]
    return [int(any(number in each for each in folding)) for number in range(len(attributes))]


def _guard_headings(page: _Page) -> None:
    """Columns that fold away, and headings that refuse other words: on a protected sheet Excel lets nobody fold."""
    page.on.outline_settings(symbols_right=False)
    for number, column in enumerate(page.sheet.columns()):
        kept = {"validate": "custom", "value": f'=EXACT({xl_rowcol_to_cell(0, number)},"{column.label}")'}
        refusal = {"error_title": "请勿改动表头", "error_message": f"这一列的表头是“{column.label}”，程序按表头认列。"}
        page.on.data_validation(0, number, 0, number, kept | refusal)


def _example(sheet: type[Row]) -> dict[str, str]:
    first, *rest = sheet.columns()
    return {first.label: EXAMPLE_MARK + first.example} | {column.label: column.example for column in rest}


def _colour_rows(page: _Page, last: int) -> None:
    """Pink and yellow: a cell missing in a row with content. Grey italics: a row that bears the example's mark."""
    columns = page.sheet.columns()
    letters = {column.attribute: xl_col_to_name(number) for number, column in enumerate(columns)}
    begun = f"COUNTA($A2:${xl_col_to_name(len(columns) - 1)}2)>0"
    for number, column in enumerate(columns):
        bare = f"{begun},{blank(f'{letters[column.attribute]}2')}"
        missed = _missed(page.sheet, column, lambda attribute: f"${letters[attribute]}2")
        for fill, case in [(_PINK, "")] if column.attribute in page.form.awaited else missed:
            _colour(page, (1, number, last, number), f"=AND({bare}{case and f',{case}'})", bg_color=fill)
    rule = f'=LEFT($A2,{len(EXAMPLE_MARK)})="{EXAMPLE_MARK}"'
    _colour(page, (1, 0, last, len(columns) - 1), rule, italic=True, font_color=_GREY)


def _missed(sheet: type[Row], column: Column, place: Place) -> Iterator[tuple[str, str]]:
    """The colours of a blank cell of the column that is missed, gravest first: each with its case, "" for always.

    A cell that follows from others is not missed while one of these is filled in.
    """
    bare = [blank(place(each)) for each in _sources(sheet, column)]
    if need(column) in ("必填", "视情必填") and column.required:
        yield _PINK, ",".join(bare)
    for fill, binding in ((_PINK, True), (_YELLOW, False)):
        if needs := [each for each in column.needs if each.binding is binding]:
            yield fill, ",".join([*bare, asked(needs, place)])


def _sources(sheet: type[Row], column: Column) -> list[str]:
    """The attributes of the cells of the row from which a column's blanks are filled in; [] for none."""
    if not isinstance(column.follows, TakenFrom):
        return []
    by = next(each for each in sheet.columns() if each.attribute == column.follows.by)
    return [by.attribute, *_sources(sheet, by)]


def _write_single(page: _Page, rows: Sequence[Written] | None) -> None:
    """A sheet with a single entry, one column of the form per line: label, value, note."""
    on, row = page.on, next(iter(rows or ()), {})
    widths = (24, 44, 72)
    for position, width in enumerate(widths):
        on.set_column(position, position, width)
        on.write_string(0, position, SINGLE_HEADING[position], page.formats.heading())
    on.set_row(0, 30)
    for number, column in enumerate(page.sheet.columns(), 1):
        on.write_string(number, 0, column.label, page.formats.heading(column))
        _put(page, number, 1, column, row.get(column.label), align="left", border=1, indent=1)
        words = with_example(column, f"{need(column)}。{hint(page.sheet, column, with_codes=True)}")
        on.write_string(number, 2, words, page.formats(text_wrap=True, border=1, indent=1))
        on.set_row(number, max(2 * _ONE_LINE, _height((column.label, str(row.get(column.label) or ""), words), widths)))
        on.data_validation(number, 1, number, 1, page.validation(column))
        if column.needed:
            _colour(page, (number, 1, number, 1), f"={blank(f'$B{number + 1}')}", bg_color=_PINK)
    on.freeze_panes(1, 0)
    on.ignore_errors({"number_stored_as_text": f"B2:B{len(page.sheet.columns()) + 1}"})
    on.protect("", _PAGE_RIGHTS)
    _lay_out_print(on)


def _colour(page: _Page, area: tuple[int, int, int, int], rule: str, **look: object) -> None:
    page.on.conditional_format(*area, {"type": "formula", "criteria": rule, "format": page.formats(**look)})


def _lay_out_print(on: Worksheet, widths: Sequence[float] = (), *, repeated: int = 0) -> None:
    """A4 landscape; a sheet too wide to be legible on one page takes several, each repeating its first columns."""
    kept = sum(widths[:repeated])
    across = ceil((sum(widths) - kept) / (_LEGIBLE - kept)) if sum(widths) > _LEGIBLE else 1
    lay_out_page(on, across=across)
    if across > 1:
        on.repeat_columns(0, max(repeated, 1) - 1)
        on.print_across()
    on.hide_gridlines(0)


def _write_instructions(on: Worksheet, form: Form, formats: _Formats) -> None:
    looks = {
        "title": formats(bold=True, font_size=18),
        "section": formats(bold=True, font_size=13),
        "text": formats(),
        "legend": formats(indent=1),
        "heading": formats.heading(),
        "entry": formats(text_wrap=True, border=1),
    }
    widths = (20, 6, 8, 66, 40)
    for position, width in enumerate(widths):
        on.set_column(position, position, width)
    for number, line in enumerate(lines(form)):
        for position, words in enumerate(line.cells):
            on.write_string(number, position, words, looks[line.look])
        if line.look == "legend":
            on.write_string(number, 0, line.cells[0], formats.sample(line.cells[0]))
        wrapped = line.cells[:1] if line.look == "legend" else line.cells
        on.set_row(number, 36 if line.look in ("title", "section") else _height(wrapped, widths))
    on.protect("", _PAGE_RIGHTS)
    _lay_out_print(on)
    on.set_portrait()
    on.hide_gridlines(2)


def _height(cells: Sequence[str], widths: Sequence[int]) -> int:
    """Points for the tallest of the wrapped cells; a cell alone in its row runs on over its empty neighbours."""
    if len(cells) == 1:
        return _ONE_LINE
    return height(cells, widths, line=_FURTHER_LINE, air=_ONE_LINE - _FURTHER_LINE)


# Values --------------------------------------------------------------------------------------------------------------


def _put(page: _Page, row: int, position: int, column: Column, value: object, **more: object) -> None:
    """Write one value as a clerk would: dates as dates, numbers as numbers, anything else as text, never a formula."""
    value = typed(column, value)
    dated = isinstance(value, date) and column.kind.name not in ("date", "month")
    number_format = DATE_FORMAT if dated else column.kind.excel_format
    if value is None:
        page.on.write_blank(row, position, None, page.formats.entry(number_format, **more))
    elif isinstance(value, bool):
        page.on.write_boolean(row, position, value, page.formats.entry(number_format, **more))
    elif isinstance(value, date):
        page.on.write_datetime(row, position, value, page.formats.entry(number_format, **more))
    elif isinstance(value, int | float | Decimal):
        page.on.write_number(row, position, value, page.formats.entry(number_format, **more))
    else:
        quoted = {"quote_prefix": True} if str(value).startswith(FORMULAS) else {}
        page.on.write_string(row, position, str(value), page.formats.entry(number_format, **more, **quoted))
