"""How long checking takes: the example month, and twenty thousand problems in one zone; `python -m benchmarks.check`.

Times are wall-clock seconds after imports, best and median of five runs. The problems are the example's own rows over and
over, each under a number of its own; what openpyxl needs to read the same workbook is the measure beside them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from openpyxl import load_workbook
from xlsxwriter import Workbook

from pipeline.forms import ZONE_REPORT
from pipeline.forms.zone import Problem
from pipeline.intake.crosschecks import check
from pipeline.intake.reading import read
from pipeline.intake.validation import validate

EXAMPLE = Path(__file__).resolve().parent.parent / "input" / "2023-08"
ROWS = 20_000
TITLE = Problem.sheet_title()


def main() -> None:
    """Print the figures."""
    _show("checking the example", _times(lambda: check(EXAMPLE)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{ZONE_REPORT.name}.xlsx"
        write_problems(path, ROWS)
        ours = _show(f"reading and validating {ROWS:,} problems", _times(lambda: _validated(path)))
        theirs = _show("openpyxl reading the same", _times(lambda: list(load_workbook(path)[TITLE].values), runs=2))
        print(f"openpyxl takes {theirs / ours:.1f} times as long, and validates nothing")


def write_problems(path: Path, count: int) -> None:
    """Write a workbook with that many rows, from the example's ledgers."""
    pages = [load_workbook(zone, read_only=True)[TITLE] for zone in sorted(EXAMPLE.glob(f"{ZONE_REPORT.name}*.xlsx"))]
    tables = [list(page.iter_rows(values_only=True)) for page in pages]
    rows = cycle([row for table in tables for row in table[1:] if row[0]])
    book = Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(TITLE)
    page.write_row(0, 0, tables[0][0])
    for line, row in enumerate(islice(rows, count), 1):
        page.write_row(line, 0, [f"WT-{200_000 + line // 1000}-01-{line % 1000:03}", *row[1:]])
    book.close()


def _validated(path: Path) -> None:
    raw, _ = read(path, path.name, ZONE_REPORT)
    refused = validate(Problem, raw.sheets[Problem]).blocked
    if refused:
        sys.exit(f"{len(refused)} rows were refused")


def _times(work: Callable[[], object], runs: int = 5) -> list[float]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return times


def _show(what: str, times: list[float]) -> float:
    """Print the best and the median, and give the median."""
    print(f"{what}: best {min(times):.2f} s, median {median(times):.2f} s")
    return median(times)


if __name__ == "__main__":
    main()
