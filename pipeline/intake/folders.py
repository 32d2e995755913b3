"""Where a month's workbooks lie; knows folders and file names, opens a workbook only to ask which form it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms import REGISTRY, Form
from pipeline.forms.period import Period
from pipeline.forms.schema import Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.messages import sentence
from pipeline.intake.reading import form_of

LEVELS_ABOVE = 3
"""How many folders above the month's own are searched for a registry."""


@dataclass(frozen=True)
class Found:
    """A workbook of the month: its file, what clerks are told it is called, and its form."""

    path: Path
    name: str
    form: Form


def month_folder(given: Path, period: Period | None) -> Path:
    """The folder of the month: its sub-folder `YYYY-MM`, the newest without a period, or the given folder itself.

    Raises PipelineError where there is no such folder.
    """
    if not given.is_dir():
        raise PipelineError(
            f"找不到数据文件夹“{given}”。请核对路径，或把填好的表放进 input/年-月（如 input/2023-08）后再试。"
        )
    months = {found: folder for folder in given.iterdir() if folder.is_dir() and (found := Period.parse(folder.name))}
    if period is None:
        return months[max(months)] if months else given
    if period in months:
        return months[period]
    if months or Period.parse(given.resolve().name) not in (None, period):
        present = "、".join(str(month) for month in sorted(months)) or given.resolve().name
        raise PipelineError(
            f"“{given}”中没有 {period} 这个月的文件夹（现有：{present}）。请核对月份，或先建立该文件夹。"
        )
    return given


def workbooks(folder: Path) -> tuple[list[Found], list[Issue]]:
    """Every workbook of one of the forms in the folder and below it, in the order of names, and what could not be read."""
    found: list[Found] = []
    issues: list[Issue] = []
    for path in sorted(_candidates(folder.rglob("*.xlsx"))):
        name = path.relative_to(folder).as_posix()
        number = _try(path, name, found)
        if number:
            severity = Severity.必改 if number == "FL-01" else Severity.请核实
            issues.append(Issue(number, severity, Location(name), sentence(number)))
    return found, issues


def registry_above(folder: Path) -> Found | None:
    """The nearest registry in a folder above; None where none of them holds one."""
    for level, above in enumerate(folder.resolve().parents):
        if level == LEVELS_ABOVE:
            break
        found: list[Found] = []
        for path in sorted(_candidates(above.glob("*.xlsx"))):
            _try(path, path.name, found)
        registries = [item for item in found if item.form is REGISTRY]
        if registries:
            return registries[0]
    return None


def _candidates(paths: Iterator[Path]) -> Iterator[Path]:
    """Files but lock files (`~$`) and the shadow files that some systems leave (`._`)."""
    return (path for path in paths if path.is_file() and not path.name.startswith(("~$", "._")))


def _try(path: Path, name: str, found: list[Found]) -> str | None:
    """Add the workbook to those found; else the number of what is wrong with the file."""
    try:
        form = form_of(path)
    except Exception:  # a reader fails in many ways, and no way of reading a clerk's file may end the run
        return "FL-01"
    if form is None:
        return "FL-02"
    found.append(Found(path, name, form))
    return None
