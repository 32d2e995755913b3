"""The workbooks of a month's folder, found and read; picks none of several, and checks nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_01
from pipeline.forms.places import Location
from pipeline.intake.files.folders import FoundWorkbook, registries_above, workbooks
from pipeline.intake.files.properties import modified
from pipeline.intake.files.reading import RawWorkbook, read
from pipeline.intake.issues import listed


def find(folder: Path, prefix: str = "") -> tuple[list[FoundWorkbook], list[Issue]]:
    """The workbooks of a month: registry, office, then zones; and the issues of its other files.

    If the folder holds no registry, that of a folder above is taken. Raises PipelineError if there is none, or no
    workbook of the office.
    """
    found, issues = workbooks(folder, prefix)
    found = sorted([*found, *_registries(folder, found, issues)], key=_in_order)
    if not any(one.form is OFFICE_REPORT for one in found):
        raise PipelineError(_nothing_to_report(folder, issues))
    return found, issues


def _in_order(found: FoundWorkbook) -> tuple[bool, bool, str]:
    return found.form is not REGISTRY, found.form is not OFFICE_REPORT, found.name


def _registries(folder: Path, found: Sequence[FoundWorkbook], issues: Iterable[Issue]) -> list[FoundWorkbook]:
    """The registry of a folder above, or several there, if the month's own folder has none."""
    if any(item.form is REGISTRY for item in found):
        return []
    above = registries_above(folder)
    if not above:
        if not found:
            raise PipelineError(_nothing_to_report(folder, issues))
        raise PipelineError(
            f"“{folder}”及其上级文件夹中没有能读的名录。"
            f"请把填好的名录（空白表见 input_templates/excel/名录.xlsx）放进该文件夹后再试。{listed(issues)}"
        )
    taken = {issue.location.workbook for issue in issues} | {item.name for item in found}
    return [replace(item, name=f"../{item.name}") if item.name in taken else item for item in above]


def _nothing_to_report(folder: Path, issues: Iterable[Issue]) -> str:
    return (
        f"“{folder}”中没有能读的督导室月报，无法出文。"
        f"请把填好的督导室月报.xlsx 和各责任区月报放进该文件夹后再试。{listed(issues)}"
    )


def read_all(found: Iterable[FoundWorkbook]) -> tuple[list[RawWorkbook], list[Issue]]:
    """The raw rows of every workbook that can be read, and the issues of files and sheets."""
    books: list[RawWorkbook] = []
    issues: list[Issue] = []
    for one in found:
        try:
            book, of_it = read(one.path, one.name, one.form)
        except Exception:  # see folders._try
            issues.append(FL_01.at(Location(one.name)))
        else:
            books.append(book)
            issues += of_it
    return books, issues


def saved(found: Iterable[FoundWorkbook]) -> Callable[[str], datetime | None]:
    """When each workbook, by its name, was last saved as it says itself; None if it does not say."""
    paths = {one.name: one.path for one in found}
    return lambda name: modified(paths[name])


def contents(found: Iterable[FoundWorkbook]) -> Callable[[str], bytes]:
    """The bytes of each workbook, by its name; b"" for one that has gone."""
    paths = {one.name: one.path for one in found}

    def content(name: str) -> bytes:
        try:
            return paths[name].read_bytes()
        except OSError:
            return b""

    return content


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Pause garbage collection: all rows of a month are kept, and searching them takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
