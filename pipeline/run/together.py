"""A run by two processes: one reads earlier months and loads heavy libraries while the other reads the month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.run.beside import beside
from pipeline.run.steps import load, read_compared

if TYPE_CHECKING:
    from pipeline.run.options import RunOptions
    from pipeline.run.report import Outcome


def report_together(given: Path, output: Path, period: str | None, options: Callable[[], RunOptions]) -> Outcome:
    """See `pipeline.run.report.report`; alone on a computer with a single processor.

    period: as it was written. options: gives the options, after the second process has begun.
    """
    with beside() as hands:
        compared = hands.prepare(read_compared, given, output, period)
        hands.prepare(load)
        from pipeline.intake.ahead import expected  # it takes as long as a month to load
        from pipeline.run.report import report

        asked = options()
        with expected(given, asked.period, compared):
            return report(given, output, asked, hands=hands)
