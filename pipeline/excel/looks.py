"""The look of cells in the office's workbooks, and the lines of a draft; knows no list and no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.drafts import WORDS, closing
from pipeline.excel.worksheets import BORDERED, FORMULAS, MOST_CHARACTERS

_CUT = "……（过长，未全列）"
_FORMULAS = (*FORMULAS, "\t", "\r")
"""Also the characters that make a text a formula if the sheet is saved as CSV."""
_CENTRED = {**BORDERED, "align": "center"}
_NUMBERS = {
    "percent": "0.0%",
    "change": "+0;-0;0",
    "percent change": "+0.0%;-0.0%;0.0%",
    "points": "+0.0;-0.0;0.0",
}
_TOTAL = {**_CENTRED, "bold": True}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "text": BORDERED,
    "quoted": {**BORDERED, "quote_prefix": True},
    "date": {**_CENTRED, "num_format": "yyyy-mm-dd"},
    "heading": {**_CENTRED, "bold": True, "bg_color": "#DDE3EA"},
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "caption": {"bold": True, "valign": "vcenter"},
    "note": {"valign": "vcenter"},
    "wrapped note": {"valign": "vcenter", "text_wrap": True},
    "number": _CENTRED,
    "total": _TOTAL,
    "total number": _TOTAL,
    **{name: {**_CENTRED, "num_format": code} for name, code in _NUMBERS.items()},
    **{f"total {name}": {**_TOTAL, "num_format": code} for name, code in _NUMBERS.items()},
}


def formats(book: Workbook) -> dict[str, Format]:
    """Every look by name, as a format of the workbook."""
    return {name: book.add_format(dict(look)) for name, look in _LOOKS.items()}


def text_and_look(text: str) -> tuple[str, str]:
    """A text as a cell can hold it, and its look: one that begins like a formula stays text even when edited."""
    text = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(_CUT)] + _CUT
    return text, "quoted" if text.startswith(_FORMULAS) else "text"


def drafted(title: str) -> str:
    """The title of a draft."""
    return f"{title}（{WORDS}）"


def write_missing(sheet: Worksheet, row: int, missing: Sequence[str] | None, looks: Mapping[str, Format]) -> None:
    """What a draft lacks, one line each from a row on; nothing if it is not a draft (None)."""
    for number, line in enumerate([] if missing is None else closing(missing), row):
        sheet.write_string(number, 0, line, looks["note"])
