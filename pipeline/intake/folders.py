"""Where a month's workbooks lie; knows folders and file names, opens a workbook only to ask which form it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms import FORMS, REGISTRY, Form
from pipeline.forms.period import Period
from pipeline.forms.schema import Severity
from pipeline.intake.issues import Issue, Location
from pipeline.intake.messages import sentence
from pipeline.intake.reading import UnreadableError, form_by_sheets, form_of
from pipeline.intake.sniffing import UNKNOWN, fault_of

LEVELS_ABOVE = 3
"""How many folders above the month's own are searched for a registry."""
OTHER_SUFFIXES = (".xls", ".et", ".ods", ".csv", ".xlsm", ".xlsb", ".xltx", ".ett", ".wps", ".numbers")
"""Tables that are not read, and must not be overlooked either."""
LARGEST_OTHER = 20 * 2**20
"""Bytes of such a file beyond which nobody looks into it."""
_LOCKS = ("~$", ".~")


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
            f"找不到数据文件夹“{given}”。请核对路径，或把填好的表放进 input/年-月（如 input/2024-03）后再试。"
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


def workbooks(folder: Path, prefix: str = "") -> tuple[list[Found], list[Issue]]:
    """Every workbook of one of the forms in the folder and below it, in the order of names, and what could not be read.

    `prefix` stands before the names that clerks are told.
    """
    found: list[Found] = []
    issues: list[Issue] = []
    paths = {path: _shown(f"{prefix}{path.relative_to(folder).as_posix()}") for path in sorted(folder.rglob("*"))}
    for path, name in paths.items():
        if path.name.startswith(_LOCKS):
            issues += _lock(path, paths)
        elif path.name.startswith(".") or not (path.is_file() or path.is_symlink()) or path.is_dir():
            continue
        elif path.suffix.lower() == ".xlsx":
            issues += _try(path, name, found)
        elif path.suffix.lower() in OTHER_SUFFIXES:
            issues.append(_other_format(path, name))
    return found, issues


def looked_at(folder: Path) -> list[Path]:
    """Every file on which a run over a month's folder depends: in it, in those of a year before it, and above them.

    Of a folder that holds the months of a longer period, every file in it. That is more rather than fewer: also files
    that end like a table and turn out to be none.
    """
    folder = folder.resolve()
    period = Period.parse(folder.name)
    months = {month: each for each in folder.parent.glob("[0-9]*-[0-9]*") if (month := Period.parse(each.name))}
    earlier = [each for month, each in months.items() if period and period.year_before.previous <= month < period]
    within = [path for each in (folder, *earlier) for path in workbooks_or_like(each)]
    above = [path for each in folder.parents[:LEVELS_ABOVE] for path in each.glob("*.[xX][lL][sS][xX]")]
    return sorted([*within, *(path for path in above if path.is_file())])


def workbooks_or_like(folder: Path) -> list[Path]:
    """The files in a folder and below it that `workbooks` looks at; [] where there is no such folder."""
    suffixes = (".xlsx", *OTHER_SUFFIXES)
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes or path.name.startswith(_LOCKS))
    return [path for path in found if path.is_file()]


def registries_above(folder: Path) -> list[Found]:
    """The registry of the nearest folder above that holds one, or all that it holds; [] where none holds one."""
    for above in folder.resolve().parents[:LEVELS_ABOVE]:
        found: list[Found] = []
        for path in sorted(above.glob("*.[xX][lL][sS][xX]")):
            if path.is_file() and not path.name.startswith((".", *_LOCKS)):
                _try(path, _shown(path.name), found)
        registries = [item for item in found if item.form is REGISTRY]
        if registries:
            return registries
    return []


def _try(path: Path, name: str, found: list[Found]) -> list[Issue]:
    """Add the workbook to those found; else tell what is wrong with the file."""
    number = fault_of(path)
    if number is None:
        try:
            form = form_of(path)
        except (OSError, UnreadableError):
            number = UNKNOWN
        else:
            if form is not None:
                found.append(Found(path, name, form))
                return []
            number = "FL-02"
    severity = Severity.请核实 if number == "FL-02" else Severity.必改
    return [Issue(number, severity, Location(name), sentence(number))]


def _other_format(path: Path, name: str) -> Issue:
    """A table in a format that is not read: it must be saved anew where it looks like one of the forms."""
    if any(path.with_suffix(suffix).is_file() for suffix in (".xlsx", ".XLSX")):
        return Issue("FL-31", Severity.提示, Location(name), sentence("FL-31", suffix=path.suffix))
    severity = Severity.必改 if _looks_like_a_form(path) else Severity.请核实
    return Issue("FL-30", severity, Location(name), sentence("FL-30", suffix=path.suffix))


def _looks_like_a_form(path: Path) -> bool:
    if any(form.name in path.stem for form in FORMS):
        return True
    try:
        return path.stat().st_size < LARGEST_OTHER and form_by_sheets(path) is not None
    except (OSError, UnreadableError):
        return False


def _lock(path: Path, paths: Mapping[Path, str]) -> list[Issue]:
    """That a workbook is open elsewhere, by the file that Excel, WPS or LibreOffice leaves beside it meanwhile."""
    book = path.with_name(re.sub(r"^(~\$|\.~lock\.|\.~)(.+?)#?$", r"\2", path.name))
    if book not in paths or book.suffix.lower() != ".xlsx":
        return []
    return [Issue("FL-32", Severity.提示, Location(paths[book]), sentence("FL-32"))]


def _shown(name: str) -> str:
    """A name that can be printed: what is not text in it, as � (a file system gives any bytes for a name)."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)
