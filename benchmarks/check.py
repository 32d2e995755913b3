"""How long checking takes: the example month, and the same with 20,000 more problems in one zone.

`python -m benchmarks.check`. Times are wall-clock seconds after imports, best and median of five runs. The problems
repeat the zone's own rows, each with its own number. For comparison: openpyxl's time to read that one workbook.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from openpyxl import load_workbook

from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load

EXAMPLE = Path(__file__).resolve().parent.parent / "input" / "2023-08"
ROWS = 20_000
TITLE = Problem.sheet_title()


def main() -> None:
    """Print the figures."""
    _show("checking the example", _times(lambda: load(EXAMPLE)))
    with tempfile.TemporaryDirectory() as folder:
        month = Path(folder) / EXAMPLE.name
        shutil.copytree(EXAMPLE, month)
        zone = next(iter(sorted(month.glob(f"{ZONE_REPORT.name}*.xlsx"))))
        add_problems(zone, ROWS)
        checked = load(month)
        if len(checked.all(Problem)) < ROWS:
            sys.exit("some of the rows were refused")
        ours = _show(f"checking it with {ROWS:,} problems more in one zone", _times(lambda: load(month)))
        theirs = _show("openpyxl reading that zone's workbook", _times(lambda: load_workbook(zone), runs=2))
        print(f"openpyxl takes {theirs / ours:.1f} times as long, and checks nothing")


def add_problems(path: Path, count: int) -> None:
    """Add that many problems to a zone's workbook, which has at least one."""
    book = load_workbook(path)
    page = book[TITLE]
    rows = cycle([row for row in page.iter_rows(min_row=2, values_only=True) if row[0]])
    for number, row in enumerate(islice(rows, count)):
        page.append([f"WT-20{number // 12_000:02}{number // 1000 % 12 + 1:02}-01-{number % 1000:03}", *row[1:]])
    book.save(path)


def _times(work: Callable[[], object], runs: int = 5) -> list[float]:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return times


def _show(what: str, times: list[float]) -> float:
    """Print the best and the median; gives the median."""
    print(f"{what}: best {min(times):.2f} s, median {median(times):.2f} s")
    return median(times)


if __name__ == "__main__":
    main()
