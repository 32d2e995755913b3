"""A registry with one sheet, its parts edited as XML, and what the reader finds in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from pipeline.forms.catalogue import REGISTRY
from pipeline.forms.faults.fault import Normalisation
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Form, Row
from pipeline.intake.files.reading import read
from pipeline.intake.validation import validate
from tests.support.workbooks import write

SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = ["责任区编号", "责任区名称", "主任", "办公地点", "启用日期", "停用日期"]
ZONE = ["Z01", "城关责任区", None, None, datetime(2020, 9, 1), None]


class Told:
    """One sheet as the pipeline reads it: its rows and issues, without those of other sheets."""

    def __init__(self, path: Path, sheet: type[Row] = Zone, form: Form = REGISTRY) -> None:
        raw, found = read(path, path.name, form)
        checked = validate(sheet, raw.sheets.get(sheet, ()))
        self.rows: list[Any] = checked.rows
        self.issues = [issue for issue in [*found, *checked.issues] if issue.number != "SH-01"]
        self.normalisations: list[Normalisation] = checked.normalisations

    @property
    def words(self) -> list[str]:
        return [f"{issue.severity} {issue}" for issue in self.issues]


def zones(path: Path, *rows: list[Any], change: Callable[[Workbook], object] | None = None) -> Path:
    """A registry with zones; `change` does to the workbook what the test is about."""
    book = write(path / "名录.xlsx", {"督学责任区": [HEADINGS, *(rows or (ZONE,))]})
    if change:
        opened = load_workbook(book)
        change(opened)
        opened.save(book)
    return book


def edited(path: Path, old: str, new: str, part: str = SHEET) -> Path:
    """The same workbook with a text of one part replaced by another."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part].decode(), parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    return packed(path, parts)


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def refilled(path: Path, address: str, cell: str) -> Path:
    """The workbook with the XML of one cell written anew: attributes and content, `t="e"><v>#N/A</v>`."""
    with zipfile.ZipFile(path) as package:
        xml = package.read(SHEET).decode()
    old = re.search(rf'<c r="{address}"[^>]*?(/>|>.*?</c>)', xml)
    assert old, xml
    return edited(path, old[0], f'<c r="{address}" {cell}</c>')
