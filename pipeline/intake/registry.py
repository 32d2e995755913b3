"""The registry alone, as a month that has no other workbook."""

from __future__ import annotations

from pathlib import Path

from pipeline.forms.catalogue import REGISTRY
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.intake.files.folders import FoundWorkbook
from pipeline.intake.gathering import read_all
from pipeline.intake.joining import Month, join
from pipeline.intake.occasion import Occasion
from pipeline.intake.validation import Checked, validate_into
from pipeline.walking import real


def registered(registry: Path, folder: Path) -> Month:
    """The registry alone, as the month of a folder will read it; the folder need not exist."""
    found = FoundWorkbook(registry, registry.name, REGISTRY)
    books, issues = read_all([found])
    period = Period.of_folder(real(folder).name)
    tables: dict[type[Row], Checked] = {Report: Checked()}
    for book in books:
        validate_into(tables, book, Occasion(period))
    return join(tables, issues, folder, {registry.name: REGISTRY}, {}, {}, {registry.name: registry})
