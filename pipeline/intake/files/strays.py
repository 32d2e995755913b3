"""Files in a month's folder that may be its workbooks under other names: archives, backups, unfinished downloads.

Their content is not read. An issue names the file and says what to do; clearly unrelated files are ignored.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from pipeline.forms.catalogue import FORMS, OFFICE_REPORT, ZONE_REPORT
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Fault, Issue
from pipeline.forms.faults.files import FL_60, FL_61, FL_62, FL_63, FL_64
from pipeline.forms.places import Location
from pipeline.intake.files.reading import UnreadableError, form_of
from pipeline.intake.files.sniffing import LARGEST_OTHER, fault_of

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
_LEFT = ("", ".bak", ".old", ".tmp", ".temp", ".part", ".download", ".crdownload", ".copy")
"""Endings that programs and clerks give to names of files set aside or not completely downloaded."""
_TABLE = re.compile(r"\.(?:xlsx|xlsm|xls|et)(?![A-Za-z])", re.IGNORECASE)
_REPORTS = (OFFICE_REPORT.name, ZONE_REPORT.name)


def may_be_stray(path: Path) -> bool:
    """Whether `stray` would examine a file, by its name alone."""
    suffix = path.suffix.lower()
    known = suffix in ARCHIVES or suffix in _LEFT or _is_called_a_report(path.name)
    return known or bool(_TABLE.search(path.name))


def stray(path: Path, name: str) -> Issue | None:
    """The issue for a file whose name is not that of a workbook; None if it clearly does not belong to the month."""
    if not may_be_stray(path):
        return None
    match = _TABLE.search(path.name)
    if match and path.with_name(f"{path.name[: match.start()]}.xlsx").exists():
        return _issue(FL_61, name, path)
    speaks = _is_called_a_report(path.name) or match
    if _is_workbook(path):
        return _issue(FL_60, name, path, lightly=not speaks)
    if path.suffix.lower() in ARCHIVES:
        return _archive(path, name)
    return _issue(FL_62, name, path) if _is_called_a_report(path.name) else None


def _archive(path: Path, name: str) -> Issue | None:
    """The issue that an archive is not opened; None for one without tables.

    必改 if it holds one of the forms that is not in the folder, or if it cannot be listed and is named like a zone's;
    提示 if all its tables are in the folder too, as after unpacking.
    """
    inside = _members(path)
    if inside is None:
        of_one = _is_called_a_report(path.name) and plain(path.stem) not in _REPORTS
        alone = of_one and not path.with_suffix(".xlsx").exists()
        return _issue(FL_63, name, path, lightly=not alone)
    tables = [PurePosixPath(member).name for member in inside if _TABLE.search(member)]
    there = {entry.name for entry in path.parent.rglob("*")} if tables else set()
    absent = [table for table in tables if table not in there]
    if tables and not absent:
        return _issue(FL_64, name, path)
    return _issue(FL_63, name, path, lightly=not any(map(_is_called_a_form, absent))) if tables else None


def _is_called_a_form(name: str) -> bool:
    return any(form.name in plain(name) for form in FORMS)


def _is_called_a_report(name: str) -> bool:
    return any(report in plain(name) for report in _REPORTS)


def _members(path: Path) -> list[str] | None:
    """The names in a zip; None if they cannot be listed."""
    try:
        if path.stat().st_size > LARGEST_OTHER:
            return None
        with zipfile.ZipFile(path) as package:
            return [_readable(member) for member in package.infolist()]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return None


def _readable(member: zipfile.ZipInfo) -> str:
    """A member's name: Chinese Windows writes it in GBK without saying so (PKWARE's appnote, D.1)."""
    if member.flag_bits & 0x800:
        return member.filename
    return member.filename.encode("cp437", "replace").decode("gb18030", "replace")


def _is_workbook(path: Path) -> bool:
    """Whether a file is a workbook of one of the forms, whatever its name."""
    try:
        return fault_of(path) is None and form_of(path) is not None
    except (OSError, UnreadableError):
        return False


def _issue(fault: Fault, name: str, path: Path, *, lightly: bool = False) -> Issue:
    suffix = f"{path.suffix} 文件" if path.suffix else "没有扩展名的文件"
    return fault.at(Location(name), lightly=lightly, suffix=suffix)
