"""The example and its earlier months, from CSVs to filled workbooks: `python -m tests.example.build [OUTPUT]`.

An earlier month has the sheets and columns that it fills; its registry is the example's, except for the sheets it has.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.registry import Inspector, School, Town, Zone
from pipeline.forms.schema import Form, Row
from pipeline.forms.zone import ZoneReport
from pipeline.workbooks import blanks

SOURCE = Path(__file__).parent / "2023-08"
TARGET = Path("input/2023-08")
EARLIER = ("2022-08", "2023-06", "2023-07")
"""The months that the example is compared with, and that share longer summaries with it."""

Rows = Mapping[str, Sequence[Mapping[str, str]]]
"""Sheet title -> rows, label -> text."""


def build(source: Path, target: Path) -> list[Path]:
    """Write every workbook of the example into the target folder, which is made if absent; gives their paths."""
    target.mkdir(parents=True, exist_ok=True)
    choices = _choices(_read(source, REGISTRY))
    paths = []
    for name, (form, rows) in workbooks(source).items():
        blanks.write(form, target / name, rows=rows, choices=choices)
        paths.append(target / name)
    return paths


def workbooks(source: Path) -> dict[str, tuple[Form, Rows]]:
    """The form and the rows of each workbook, by file name: the registry, the office's, one for each zone."""
    shared = {f"{form.name}.xlsx": (form, _read(source, form)) for form in (REGISTRY, OFFICE_REPORT)}
    return shared | {
        f"{ZONE_REPORT.name}-{zone}.xlsx": (ZONE_REPORT, rows) for zone, rows in _by_zone(_read(source, ZONE_REPORT))
    }


def _by_zone(rows: Rows) -> list[tuple[str, Rows]]:
    """The rows of each zone's workbook. The first column, 责任区, names the zone; in the form only 填报信息 has it."""
    label = ZoneReport.label_of("zone")
    zones = [row[label] for row in rows[ZoneReport.sheet_title()]]
    strays = {row[label] for sheet in rows.values() for row in sheet} - set(zones)
    if strays:
        raise ValueError(f"rows of zones without {ZoneReport.sheet_title()}: {'、'.join(sorted(strays))}")
    return [
        (zone, {title: _of_zone(ZONE_REPORT.sheet(title), sheet, zone) for title, sheet in rows.items()})
        for zone in zones
    ]


def _of_zone(sheet: type[Row], rows: Sequence[Mapping[str, str]], zone: str) -> list[Mapping[str, str]]:
    own = [column.label for column in sheet.columns()]
    return [{label: row[label] for label in own} for row in rows if row[ZoneReport.label_of("zone")] == zone]


def _read(source: Path, form: Form) -> Rows:
    return {sheet.sheet_title(): _read_sheet(source, form, sheet) for sheet in form.sheets}


def _read_sheet(source: Path, form: Form, sheet: type[Row]) -> list[dict[str, str]]:
    name = Path(form.name, f"{sheet.sheet_title()}.csv")
    path = SOURCE / name if form is REGISTRY and not (source / name).exists() else source / name
    blank = dict.fromkeys((column.label for column in sheet.columns()), "")
    return [blank | row for row in read_csv(path)] if path.exists() else []


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, header -> text; ValueError for a row that is longer or shorter than the header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise ValueError(f"{path.name} row {number} has more or fewer fields than the header")
    return rows


def _choices(registry: Rows) -> dict[type[Row], list[str]]:
    """What drop-downs offer for references: schools, zones, towns and inspectors by their full names."""
    return {
        sheet: [row[sheet.label_of((sheet.named_by or sheet.key())[0])] for row in registry[sheet.sheet_title()]]
        for sheet in (School, Zone, Town, Inspector)
    }


if __name__ == "__main__":
    inputs = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET.parent
    for month in (*EARLIER, SOURCE.name):
        for written in build(SOURCE.with_name(month), inputs / month):
            print(written)
