"""Input for readers: a zone's workbook in its real layout, its ledger of any length, with a few bad cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path

from benchmarks.month import EXAMPLE
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.zone import Problem
from pipeline.intake.files import reading
from pipeline.intake.files.markup import letters
from pipeline.intake.files.package import WorkbookPackage
from pipeline.workbooks import blanks

TITLE = Problem.sheet_title()
LABELS = tuple(column.label for column in Problem.columns())
_ERRORS = {
    "#REF!": ("发现日期", '{} t="e"><f>#REF!</f><v>#REF!</v></c>'),
    "#N/A": ("学校", '{} t="e"><f>VLOOKUP(A2,Z:Z,1,0)</f><v>#N/A</v></c>'),
    "#DIV/0!": ("延期次数", '{} t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    "#VALUE!": ("督办次数", '{} t="e"><v>#VALUE!</v></c>'),
    "#NAME?": ("责任人", '{} t="e"><f>_xlfn.NAME()</f><v>#NAME?</v></c>'),
    "=L2+14": ("整改期限", "{}><f>L2+14</f></c>"),  # never computed: there is no value
}
"""A cell's content: its label, and its XML (ISO/IEC 29500-1, 18.3.1.4) after address and style."""
_WRONG = {
    "八月下旬": ("发现日期", '{} t="inlineStr"><is><t>八月下旬</t></is></c>'),
    "若干次": ("督办次数", '{} t="inlineStr"><is><t>若干次</t></is></c>'),
    "True": ("完成日期", '{} t="b"><v>1</v></c>'),
}


def errors(rows: int) -> dict[str, str]:
    """The error cells of a ledger with this many rows (at least ten): address -> content; from first row to last."""
    return {_cell(line, _ERRORS[shown][0]): shown for line, shown in _lines(rows, _ERRORS)}


def wrong(rows: int) -> dict[str, str]:
    """The cells of a wrong type: a day in words, a number in words, a truth value for a day."""
    return {_cell(line + 1, _WRONG[shown][0]): shown for line, shown in _lines(rows - 1, _WRONG)}


def write(path: Path, rows: int) -> None:
    """Write the workbook; its rows are those of the example month, each with its own number and description."""
    taken = islice(cycle(_example()), rows)
    problems = [
        {**row, "问题编号": _key(n), "具体描述": f"{row['具体描述']}（第{n + 1}处）"} for n, row in enumerate(taken)
    ]
    plain = path.with_suffix(".plain.xlsx")
    blanks.write(ZONE_REPORT, plain, rows={TITLE: problems})
    bad = {
        **{at: _ERRORS[shown][1] for at, shown in errors(rows).items()},
        **{at: _WRONG[shown][1] for at, shown in wrong(rows).items()},
    }
    with WorkbookPackage(plain) as package:
        sheet = package.sheet_xml(TITLE)
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            made.writestr(name, _with(content, bad) if content == sheet else content)
    plain.unlink()


def _example() -> list[Mapping[str, object]]:
    found = (
        reading.read(path, path.name, ZONE_REPORT)[0] for path in sorted(EXAMPLE.glob(f"{ZONE_REPORT.name}*.xlsx"))
    )
    return [row.values for raw in found for row in raw.sheets[Problem]]


def _key(number: int) -> str:
    return f"WT-20{number // 12_000:02}{number // 1000 % 12 + 1:02}-01-{number % 1000:03}"


def _lines(rows: int, kinds: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Lines of the sheet, as far apart as possible; the first row's is 2."""
    for number, shown in enumerate(kinds):
        yield 2 + number * (rows - 1) // (len(kinds) - 1), shown


def _cell(line: int, label: str) -> str:
    return f"{letters(LABELS.index(label))}{line}"


def _with(sheet: bytes, cells: Mapping[str, str]) -> bytes:
    """The XML of a sheet with these cells replaced."""
    parts, end = [], 0
    for match in sorted((_found(sheet, at) for at in cells), key=re.Match.start):
        parts += [sheet[end : match.start()], cells[match[2].decode()].format(match[1].decode()).encode()]
        end = match.end()
    return b"".join([*parts, sheet[end:]])


def _found(sheet: bytes, at: str) -> re.Match[bytes]:
    start = sheet.index(f'<c r="{at}"'.encode())
    match = re.compile(rb'(<c r="([A-Z]+[0-9]+)" s="[0-9]+")(?: t="[a-z]+")?(?:/>|>.*?</c>)').match(sheet, start)
    assert match
    return match
