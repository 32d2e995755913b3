"""Fills a document's native charts: data, cache and embedded workbook together; knows figures, and no ledger.

docxchart does the work. What it stamps with the time is packed again without, so that the same input gives the same
bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.dossier.figures import Plot
from pipeline.ending import temporary_folder
from pipeline.errors import PipelineError
from pipeline.ooxml.package import Package, pack

if TYPE_CHECKING:
    from docxchart import ChartTable

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OF_A_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
_NO_TIME = rb"\g<1>1980-01-01T00:00:00Z"


def fill(document: Path, plots: Mapping[str, Plot]) -> tuple[str, ...]:
    """Put figures into the charts named by their alternative text; gives the names for which there is no chart.

    The chart keeps its look. Raises PipelineError, with a Chinese sentence, if a chart cannot take the figures (it has
    other series, for instance); the document is then unchanged. Raises OSError if it cannot be written.
    """
    from docxchart import ChartDoc  # it imports openpyxl: only if there is a chart

    try:
        opened = ChartDoc.open(str(document))
        charts = opened.charts
        for name, chart in charts.items():
            if name in plots:
                _take(chart.table, plots[name], name)
        # docxchart saves to paths only.
        with temporary_folder("pipeline-chart-") as folder:
            filled = folder / "filled.docx"
            opened.save(str(filled))
            content = filled.read_bytes()
    except (PipelineError, OSError):
        raise
    except Exception as error:  # clerks edit charts: any fault in one is an error of the template
        raise PipelineError("模板中的图表不能填入数据，请从原始版本中恢复图表，或把图表删去。") from error
    _without_clock(content).write(document)
    return tuple(name for name in plots if name not in charts)


def _take(table: ChartTable, plot: Plot, name: str) -> None:
    """Replace the chart's categories and values by those of a plot."""
    wanted = dict(plot.series)
    found = [series.name for series in table.series]
    if found != list(wanted):
        raise PipelineError(
            f"模板中图表“{name}”的系列是{'、'.join(map(str, found))}，应为{'、'.join(wanted)}。"
            "请在 Word 的“编辑数据”中改回，或从原始版本中恢复图表。"
        )
    # Rows are deleted and added one by one, so that the workbook's formats go with them.
    while len(table.categories) > len(plot.categories):
        table.delete_category(len(table.categories) - 1)
    while len(table.categories) < len(plot.categories):
        table.insert_category(len(table.categories))
    table.categories[:] = plot.categories
    for series in table.series:
        series.values[:] = [str(figure) for figure in wanted[series.name]]


def _without_clock(content: bytes) -> Package:
    """The zip packed again, and the workbooks in it, without the time at which they were saved."""
    package = Package()
    with zipfile.ZipFile(io.BytesIO(content)) as saved:
        for name in saved.namelist():
            member = saved.read(name)
            if name.endswith(".xlsx"):
                member = _without_clock(member).content
            elif name == "xl/styles.xml":
                member = _in_order(member)
            elif name == "docProps/core.xml":
                member = _STAMP.sub(_NO_TIME, member) if not _is_document(saved) else member
            package = package.plus(name, pack([member]))
    return package


def _in_order(styles: bytes) -> bytes:
    """The styles of a workbook with the parts of fonts in Excel's order; openpyxl writes them in another."""
    root = etree.fromstring(styles)
    for font in root.iter(f"{_SHEETS}font"):
        font[:] = sorted(font, key=lambda part: _OF_A_FONT.index(part.tag.removeprefix(_SHEETS)))
    ordered: bytes = etree.tostring(root)
    return ordered


def _is_document(package: zipfile.ZipFile) -> bool:
    return "word/document.xml" in package.namelist()
