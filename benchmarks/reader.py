"""One reader in a process of its own: `python -m benchmarks.reader NAME WORKBOOK ADDRESS...`; prints JSON.

Seconds to have all rows of the ledger in Python, without imports; additional memory in MB; the number of rows; and the
text of each cell named, "" for one that seems blank.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.contestant import kilobytes
from benchmarks.ledger import LABELS, TITLE
from pipeline.intake.files.markup import place_of

Cell = Callable[[int, int], Any]
"""The value in a row (0 is the first below the heading) and a column."""
Reader = tuple[Callable[[Path], Any], Callable[[Any], tuple[int, Cell]]]
"""What is measured, from a path to whatever holds the rows; then the number of rows, and their cells."""


def main() -> None:
    """Read, and print what it took."""
    name, path, addresses = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    read, told = _READERS[name]()
    before = kilobytes("VmRSS")
    started = time.perf_counter()
    held = read(path)
    seconds = time.perf_counter() - started
    memory = (kilobytes("VmHWM") - before) / 1024
    count, cell = told(held)
    said = {address: _shown(cell(*_place(address))) for address in addresses}
    print(json.dumps({"seconds": seconds, "memory": memory, "rows": count, "said": said}))


def _place(address: str) -> tuple[int, int]:
    place = place_of(address)
    assert place
    return place[0] - 1, place[1]


def _shown(value: object) -> str:
    """The text of a value; "" for NaN and the like."""
    return "" if value is None or value != value else str(value)


# Ours ----------------------------------------------------------------------------------------------------------------


def _rows() -> Reader:
    """The rows of the whole workbook, each with its cells' labels, and all issues of its sheets."""
    from pipeline.cli.verbs import OBJECTS_BETWEEN_COLLECTIONS
    from pipeline.forms.catalogue import ZONE_REPORT
    from pipeline.forms.zone import Problem
    from pipeline.intake.files.reading import read

    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the program does
    return lambda path: read(path, path.name, ZONE_REPORT)[0].sheets[Problem], lambda rows: (
        len(rows),
        lambda row, column: rows[row].values.get(LABELS[column]),
    )


def _cells() -> Reader:
    """The cells of the one sheet by calamine, and those that calamine hides, found in its XML."""
    from python_calamine import CalamineWorkbook

    from pipeline.intake.files.package import WorkbookPackage

    def read(path: Path) -> Any:
        with WorkbookPackage(path) as package:
            broken = package.markup(TITLE).broken
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(TITLE)
        return sheet.to_python(skip_empty_area=False), broken

    return read, lambda held: (
        len(held[0]) - 1,
        lambda row, column: held[1].get((row + 1, column), held[0][row + 1][column]),
    )


def _calamine() -> Reader:
    """Calamine alone, which gives a blank for an error: what no reader that uses it can fall below."""
    from python_calamine import CalamineWorkbook

    def read(path: Path) -> Any:
        return CalamineWorkbook.from_path(path).get_sheet_by_name(TITLE).to_python(skip_empty_area=False)

    return read, lambda lines: (len(lines) - 1, lambda row, column: lines[row + 1][column])


# Peers ---------------------------------------------------------------------------------------------------------------


def _openpyxl(*, read_only: bool) -> Reader:
    from openpyxl import load_workbook

    def read(path: Path) -> Any:
        book = load_workbook(path, read_only=read_only, data_only=True)
        return list(book[TITLE].iter_rows(min_row=2, values_only=True))

    return read, _in_lines


def _in_lines(lines: Sequence[Sequence[Any]]) -> tuple[int, Cell]:
    return len(lines), lambda row, column: lines[row][column]


def _pandas(engine: str) -> Reader:
    import openpyxl  # noqa: F401  (pandas loads an engine when it reads; imports are not measured)
    import pandas as pd
    import python_calamine  # noqa: F401

    return lambda path: pd.read_excel(path, sheet_name=TITLE, engine=engine), lambda frame: (
        len(frame),
        lambda row, column: frame.iat[row, column],
    )


_READERS: dict[str, Callable[[], Reader]] = {
    "pipeline, rows": _rows,
    "pipeline, cells": _cells,
    "calamine alone": _calamine,
    "openpyxl": lambda: _openpyxl(read_only=False),
    "openpyxl, read_only": lambda: _openpyxl(read_only=True),
    "pandas, openpyxl": lambda: _pandas("openpyxl"),
    "pandas, calamine": lambda: _pandas("calamine"),
}
READERS = tuple(_READERS)
"""Their names, ours first."""

if __name__ == "__main__":
    main()
