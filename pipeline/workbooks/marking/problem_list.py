"""The first sheet of a workbook that goes back: 问题清单, with links to its cells; knows no other sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.excel.worksheets import MOST_LINKS, height
from pipeline.intake.files.marks import LIST_HEADING, LIST_TITLE
from pipeline.intake.files.markup import letters
from pipeline.workbooks.marking.frames import as_xml
from pipeline.workbooks.marking.styles import AddedStyles
from pipeline.workbooks.marking.words import Told, counted, in_order

LONGEST_CELLS = 200
"""Characters of addresses that a line shows; the link leads to the first."""
_WIDTHS = (9, 16, 12, 18, 26, 74, 9)
_HOW = (
    "单击“单元格”一栏，可到那一格；改好后保存，把这份文件交回。必改的要改正；请核实的，有错就改，没有错的在那张表最右边的"
    "【校验】核实说明一列写明情况；提示供参考。这张表、【校验】各列和批注都不是数据，留着、删去都可以。"
)
_LINES = 1_000_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FIRST = 4
"""The first line of faults, from 1."""


def xml(told: Sequence[Told], styles: AddedStyles, sheet_of: Callable[[str], str], space: str = _MAIN) -> bytes:
    """The sheet's part; sheet_of: the name in the workbook of a sheet with that title, "" for none."""
    listed = in_order(told)
    lines = [
        _line(1, [f"{LIST_TITLE}（{counted(told)}）"], ["title"], styles, 28),
        _line(2, [_HOW], ["text"], styles, 36),
        _line(3, LIST_HEADING, ["faults heading"] * len(LIST_HEADING), styles, 24),
    ]
    links: list[str] = []
    for number, one in enumerate(listed[:_LINES], _FIRST):
        place, name = one.issue.location, sheet_of(one.issue.location.sheet)
        if name and len(links) < MOST_LINKS:
            target = f"'{name.replace(chr(39), chr(39) * 2)}'!{place.cell.partition('、')[0] or 'A1'}"
            links.append(f'<hyperlink ref="C{number}" location="{_attribute(target)}"/>')
        texts = _texts(one)
        looks = [str(one.issue.severity), "text", "link" if name else "text", *["text"] * 4]
        lines.append(_line(number, texts, looks, styles, height(texts, _WIDTHS)))
    last = max(len(lines), _FIRST)
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}.7109375" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1))
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{space}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:G{last}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        '<pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="C4" sqref="C4"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="18"/><cols>{cols}</cols><sheetData>{"".join(lines)}</sheetData>'
        f'<autoFilter ref="A3:G{last}"/>'
        '<mergeCells count="2"><mergeCell ref="A1:G1"/><mergeCell ref="A2:G2"/></mergeCells>'
        f"{hyperlinks}"
        '<pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/></worksheet>'
    ).encode()


def _texts(one: Told) -> list[str]:
    issue, place = one.issue, one.issue.location
    cells = place.cell if len(place.cell) <= LONGEST_CELLS else f"{place.cell[:LONGEST_CELLS]}……"
    where = cells or ("整张表" if place.sheet else "整个文件")
    return [str(issue.severity), place.sheet, where, issue.label, issue.written, issue.sentence, issue.number]


def _line(number: int, texts: Sequence[str], looks: Sequence[str], styles: AddedStyles, tall: int) -> str:
    cells = "".join(
        f'<c r="{letters(column)}{number}" s="{styles.cells[look]}" t="inlineStr"><is><t xml:space="preserve">'
        f"{as_xml(text)}</t></is></c>"
        for column, (text, look) in enumerate(zip(texts, looks, strict=True))
    )
    return f'<row r="{number}" ht="{tall}" customHeight="1">{cells}</row>'


def _attribute(text: str) -> str:
    return as_xml(text).replace('"', "&quot;")
