"""Where a month's workbooks are; knows folders and file names, opens a workbook only to ask for its form."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError, cause
from pipeline.forms.catalogue import FORMS, REGISTRY
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_02, FL_30, FL_31, FL_32, FL_50, FL_51, FL_55, FL_56, FL_57, FL_58
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Form
from pipeline.intake.files.names import readable, told_apart
from pipeline.intake.files.prepared import not_begun
from pipeline.intake.files.reading import UnreadableError, form_by_sheets, form_of
from pipeline.intake.files.sniffing import FORBIDDEN, LARGEST_OTHER, UNKNOWN, fault_of
from pipeline.intake.files.strays import may_be_stray, stray
from pipeline.walking import is_folder, is_regular, real, walk

LEVELS_ABOVE = 3
"""How many folders above the month's own to search for a registry."""
OTHER_SUFFIXES = (".xls", ".et", ".ods", ".csv", ".xlsm", ".xlsb", ".xltx", ".ett", ".wps", ".numbers")
"""Tables that cannot be read, but must not be overlooked."""
_LOCKS = ("~$", ".~")
_LIKE_A_MONTH = re.compile(
    r"(20[0-9]{2}\D{0,2})?([0-9]{1,2}|[一二三四五六七八九十]{1,2})月|20[0-9]{2}[-._]?[0-9]{1,2}(?![0-9])"
)


@dataclass(frozen=True)
class FoundWorkbook:
    """A workbook of the month: its file, its name in messages, and its form."""

    path: Path
    name: str
    form: Form


def month_folder(given: Path, period: Period | None) -> Path:
    """The month's folder: the sub-folder named after it, or the newest without a period, or the given folder itself.

    The newest is the newest in work: a month that was prepared and that nobody has begun to fill in does not count.
    Raises PipelineError if there is no such folder, or if there are several and it is unclear which is meant.
    """
    try:
        there = stat.S_ISDIR(given.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        there = False
    except OSError as error:
        raise PipelineError(f"数据文件夹“{given}”打不开（{cause(error)}）。请核对路径和权限后再试。") from error
    if not there:
        raise PipelineError(
            f"找不到数据文件夹“{given}”。请核对路径，或把填好的表放进 input/年-月（如 input/2024-03）后再试。"
        )
    months, own = months_in(given), Period.of_folder(real(given).name)
    if period is None and months:
        return _meant(months[max(begun(months) or months)])
    if period in months:
        return _meant(months[period])
    unclear = "" if own else _unclear(given)
    if period and (months or own not in (None, period)):
        present = "、".join(str(month) for month in sorted(months)) or real(given).name
        raise PipelineError(
            f"“{given}”中没有 {period} 这个月的文件夹（现有：{present}）。{unclear or '请核对月份，或先建立该文件夹。'}"
        )
    if unclear and not own:
        raise PipelineError(f"“{given}”中没有认出月份文件夹。{unclear}")
    return given


def months_in(folder: Path) -> dict[Period, list[Path]]:
    """The sub-folders named after a month, by month; of several for one month, one named like 2024-03 first."""
    found: dict[Period, list[Path]] = {}
    for path in sorted(_listed(folder), key=lambda path: (Period.parse(path.name) is None, path.name)):
        period = Period.of_folder(path.name)
        if period and is_folder(path):
            found.setdefault(period, []).append(path)
    return found


def begun(months: Mapping[Period, list[Path]]) -> dict[Period, list[Path]]:
    """The months without those that were prepared and are still to be filled in."""
    return {period: folders for period, folders in months.items() if not not_begun(folders[0])}


def _listed(folder: Path) -> list[Path]:
    """The contents of a folder. Raises PipelineError if it cannot be listed."""
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise PipelineError(f"“{folder}”打不开（{cause(error)}）。请核对权限或网络后重试。") from error


def folder_of(within: Path, period: Period) -> Path | None:
    """The sub-folder of a month; None without one. Raises PipelineError if it is unclear which of several is meant."""
    found = months_in(within).get(period)
    return _meant(found) if found else None


def _meant(folders: Sequence[Path]) -> Path:
    """Which of a month's folders is read: one named like 2024-03 before others, which are reported."""
    first = folders[0]
    if folders[1:] and Period.parse(first.name) is None:
        names = "、".join(f"“{folder.name}”" for folder in folders)
        period = Period.of_folder(first.name)
        raise PipelineError(
            f"“{first.parent}”中有几个文件夹都是 {period} 这个月的（{names}）。请只留一个，或把要用的改名为 {period}。"
        )
    return first


def beside(folder: Path, period: Period | None) -> list[Issue]:
    """Issues of other folders beside a month's own: of the same month; without a period, those of unclear months."""
    own = Period.of_folder(folder.name)
    if own is None:
        return []
    twins = [path for path in months_in(folder.parent).get(own, ()) if path.name != folder.name]
    issues = [FL_50.at(Location(twin.name), month=own, read=folder.name) for twin in twins]
    for name in _of_no_clear_month(folder.parent) if period is None else ():
        issues.append(FL_51.at(Location(name), read=folder.name))
    return issues


def _unclear(given: Path) -> str:
    """A sentence on the sub-folders with workbooks that look like months; "" for none."""
    names = _of_no_clear_month(given)
    if not names:
        return ""
    listed = "、".join(f"“{name}”" for name in names)
    return f"文件夹{listed}看不出是哪年哪月，请改名，写作 年-月，如 2024-03。"


def _of_no_clear_month(given: Path) -> list[str]:
    """The sub-folders with workbooks that mention a month without saying which: 8月, 2024年3月报表."""
    return [
        path.name
        for path in sorted(_listed(given))
        if Period.of_folder(path.name) is None
        and _LIKE_A_MONTH.match(path.name)
        and is_folder(path)
        and any(path.glob("*.[xX][lL][sS][xX]"))
    ]


def workbooks(folder: Path, prefix: str = "") -> tuple[list[FoundWorkbook], list[Issue]]:
    """Every workbook of one of the forms in the folder and below it, by name, and issues of what cannot be read.

    `prefix` goes before the names in messages.
    """
    found: list[FoundWorkbook] = []
    closed: dict[Path, OSError] = {}
    entries = list(walk(folder, closed.__setitem__))
    if folder in closed:
        raise PipelineError(f"“{folder}”打不开（{cause(closed[folder])}），其中的表读不到。请核对权限或网络后重试。")
    paths = told_apart((Path(entry.path) for entry in entries), folder, prefix)
    issues = [_closed(f"{paths[path]}/", error) for path, error in closed.items()]
    for entry in entries:
        path, name = Path(entry.path), paths[Path(entry.path)]
        if path.name.startswith(_LOCKS):
            issues += _lock(path, paths)
        # After the lock files, some of which begin with a dot too (.~).
        elif path.name.startswith("."):
            continue
        elif is_folder(path):
            issues += [_elsewhere(f"{name}/")] if entry.is_symlink() else []
        elif path.suffix.lower() in (".xlsx", *OTHER_SUFFIXES) and not is_regular(path):
            issues += _no_file(path, name)
        elif path.suffix.lower() == ".xlsx":
            issues += _try(path, name, found)
        elif path.suffix.lower() in OTHER_SUFFIXES:
            issues.append(_other_format(path, name))
        elif is_regular(path) and (issue := stray(path, name)):
            issues.append(issue)
    return found, issues


def _closed(name: str, error: OSError) -> Issue:
    return FL_55.at(Location(name), cause=cause(error))


def _elsewhere(name: str) -> Issue:
    return FL_56.at(Location(name))


def _no_file(path: Path, name: str) -> list[Issue]:
    """An issue for a broken link, or for a pipe or device with a file's name; none if the file has gone.

    Also for a file about which the system knows nothing: in a folder that may only be listed, or on a lost share.
    """
    try:
        fault = FL_57 if stat.S_ISLNK(path.lstat().st_mode) and not path.exists() else FL_58
    except FileNotFoundError:
        return []
    except OSError:
        fault = FORBIDDEN
    return [fault.at(Location(name))]


def looked_at(folder: Path) -> list[Path]:
    """Every file on which a run over a month's folder depends: in it, in that of a year before, and above them.

    For a folder with the months of a longer period, every file in it. Rather too many than too few: also files that
    only look like tables by their extension.
    """
    folder = real(folder)
    period = Period.of_folder(folder.name)
    months = months_in(folder.parent) if period else {}
    earlier = [
        each
        for month, all_of in months.items()
        if period and period.year_before.previous <= month < period
        for each in all_of
    ]
    within = [path for each in (folder, *earlier) for path in workbooks_or_like(each)]
    above = [path for each in folder.parents[:LEVELS_ABOVE] for path in each.glob("*.[xX][lL][sS][xX]")]
    return sorted([*within, *filter(is_regular, above)])


def workbooks_or_like(folder: Path) -> list[Path]:
    """The files in a folder and below it that `workbooks` examines; [] without the folder."""
    suffixes = (".xlsx", *OTHER_SUFFIXES)
    paths = (
        Path(entry.path) for entry in walk(folder, lambda *_: None)
    )  # what cannot be listed is reported on reading
    found = (
        path for path in paths if path.suffix.lower() in suffixes or path.name.startswith(_LOCKS) or may_be_stray(path)
    )
    return [path for path in found if is_regular(path)]


def registries_above(folder: Path) -> list[FoundWorkbook]:
    """The registry in the nearest folder above that has one, or all that it has; [] if none has one."""
    for above in real(folder).parents[:LEVELS_ABOVE]:
        found: list[FoundWorkbook] = []
        for path in sorted(above.glob("*.[xX][lL][sS][xX]")):
            if is_regular(path) and not path.name.startswith((".", *_LOCKS)):
                _try(path, readable(path.name), found)
        registries = [item for item in found if item.form is REGISTRY]
        if registries:
            return registries
    return []


def _try(path: Path, name: str, found: list[FoundWorkbook]) -> list[Issue]:
    """Add the workbook to those found, or report what is wrong with the file."""
    fault = fault_of(path)
    if fault is None:
        try:
            form = form_of(path)
        except (OSError, UnreadableError):
            fault = UNKNOWN
        else:
            if form is not None:
                found.append(FoundWorkbook(path, name, form))
                return []
            fault = FL_02
    return [fault.at(Location(name))]


def _other_format(path: Path, name: str) -> Issue:
    """A table in a format that is not read; it must be saved in another if it looks like one of the forms."""
    if any(is_regular(path.with_suffix(suffix)) for suffix in (".xlsx", ".XLSX")):
        return FL_31.at(Location(name), suffix=path.suffix)
    return FL_30.at(Location(name), lightly=not _looks_like_a_form(path), suffix=path.suffix)


def _looks_like_a_form(path: Path) -> bool:
    if any(form.name in path.stem for form in FORMS):
        return True
    try:
        return path.stat().st_size < LARGEST_OTHER and form_by_sheets(path) is not None
    except (OSError, UnreadableError):
        return False


def _lock(path: Path, paths: Mapping[Path, str]) -> list[Issue]:
    """The issue that a workbook is open elsewhere, by the lock file that Excel, WPS or LibreOffice puts beside it."""
    book = path.with_name(re.sub(r"^(~\$|\.~lock\.|\.~)(.+?)#?$", r"\2", path.name))
    if book not in paths or book.suffix.lower() != ".xlsx":
        return []
    return [FL_32.at(Location(paths[book]))]
