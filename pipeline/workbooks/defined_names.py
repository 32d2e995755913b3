"""The defined names of a workbook: what formulas and drop-downs refer to; knows no layout of the sheets in sight."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.forms.schema import Form, Row
from pipeline.intake.files.layout import CODES
from pipeline.workbooks.conditions import named, seen_from_elsewhere
from pipeline.workbooks.dropdowns import Lists, typed_within


def _typed_in(form: Form) -> list[tuple[type[Row], str]]:
    """The columns, as (sheet, attribute), whose entries drop-downs of the form offer; [] if it has none."""
    found = (typed_within(form, column) for sheet in form.sheets for column in sheet.columns())
    return list(dict.fromkeys(filter(None, found)))


def typed_so_far(sheet: type[Row], attribute: str) -> tuple[str, str]:
    """The name of the cells of a column down to the last that is filled, and their formula; the first if none is."""
    area = named(sheet, attribute)
    return f"已填的{area}", f'=OFFSET({area},0,0,MAX(1,SUMPRODUCT(MAX(({area}<>"")*ROW({area})))-1),1)'


def write_lists(book: Workbook, lists: Lists) -> None:
    """The hidden sheet behind the drop-downs: a list of over 255 characters within a rule would damage the workbook."""
    on = book.add_worksheet(CODES)
    for position, (name, words) in enumerate(dict(lists.values()).items()):
        on.write_string(0, position, name)
        for row, word in enumerate(words, 1):
            on.write_string(row, position, word)
        first, last = (xl_rowcol_to_cell(row, position, row_abs=True, col_abs=True) for row in (1, len(words)))
        book.define_name(name, f"='{CODES}'!{first}:{last}")  # an area of one cell too
    on.protect()
    on.hide()


def name_columns(book: Workbook, form: Form, *, last: int) -> None:
    """Name the columns, and cells of single-row sheets, that formulas and drop-downs of other sheets look at."""
    offered = _typed_in(form)
    for sheet, attribute in dict.fromkeys((*seen_from_elsewhere(form), *offered)):
        number = [column.attribute for column in sheet.columns()].index(attribute)
        corners = ((number + 1, 1),) if sheet.single else ((1, number), (last, number))
        area = ":".join(xl_rowcol_to_cell(*corner, row_abs=True, col_abs=True) for corner in corners)
        book.define_name(named(sheet, attribute), f"='{sheet.sheet_title()}'!{area}")
    for each in offered:
        book.define_name(*typed_so_far(*each))
