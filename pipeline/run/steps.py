"""Steps that a second process can do: each loads its libraries where it is called.

pandas, openpyxl and their dependencies take as long to load as all documents of a month take to make.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.dossier.figures import Plot
    from pipeline.dossier.statistics import Statistics
    from pipeline.intake.ahead import Coming


def read_compared(given: Path, output: Path, period: str | None) -> Coming:
    """See `pipeline.intake.ahead.read_compared`; output: the parent of the runs' folders."""
    from pipeline.intake import ahead
    from pipeline.run.numbers import kept_numbers

    return ahead.read_compared(given, period, kept_numbers(output))


def load() -> None:
    """Load what the following steps need."""
    for name in ("docxchart.datadoc", "pipeline.word.rendering.charts", "pipeline.excel.statistics"):
        importlib.import_module(name)


def fill_charts(document: Path, plots: Mapping[str, Plot]) -> tuple[str, ...]:
    """See `pipeline.word.rendering.charts.fill`."""
    from pipeline.word.rendering import charts

    return charts.fill(document, plots)


def write_statistics(target: Path, title: str, note: str, facts: Statistics, missing: Sequence[str] | None) -> None:
    """See `pipeline.excel.statistics.write`."""
    from pipeline.excel import statistics

    statistics.write(target, title, note, facts, missing)
