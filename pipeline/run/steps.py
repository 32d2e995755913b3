"""Steps that need heavy libraries: each loads them where it is called, here or in a second process."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.dossier.figures import Plot
    from pipeline.dossier.statistics import Statistics


def load() -> None:
    """Load what the steps need; it takes as long as the documents of a month."""
    for name in ("docxchart", "pipeline.word.rendering.charts", "pipeline.excel.statistics"):
        importlib.import_module(name)


def fill_charts(document: Path, plots: Mapping[str, Plot]) -> tuple[str, ...]:
    """See `pipeline.word.rendering.charts.fill`."""
    from pipeline.word.rendering import charts

    return charts.fill(document, plots)


def write_statistics(target: Path, title: str, note: str, facts: Statistics, missing: Sequence[str] | None) -> None:
    """See `pipeline.excel.statistics.write`."""
    from pipeline.excel import statistics

    statistics.write(target, title, note, facts, missing)
