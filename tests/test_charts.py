"""Native charts: what Word shows, what it offers for editing and what the document says are one and the same."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from pipeline.dossier.figures import Figure, How, Plot
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.trays import Tray
from pipeline.word.rendering.charts import fill
from tests.support.months import write_month
from tests.support.reading import EXAMPLE, family_of, of_word, text

KINDS, MONTHS = "问题类别和整改状态", "各月问题整改情况"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

Shown = dict[str, dict[str, int]]
"""Series -> category -> value."""


@pytest.fixture
def of_quarter(quarter: Outcome) -> Path:
    """Its summary."""
    (path,) = of_word(quarter.made)
    return path


def parts(path: Path) -> dict[str, Any]:
    """The charts that the document shows, by their alternative texts."""
    document = Document(str(path))
    found = {}
    for drawing in document.element.body.iter(qn("wp:inline")):
        chart = next(drawing.iter(f"{C}chart"))
        found[drawing.find(qn("wp:docPr")).get("descr")] = document.part.related_parts[chart.get(qn("r:id"))]
    return found


def cached(part: Any) -> Shown:
    """What Word draws: the cache, without the workbook."""
    root = etree.fromstring(part.blob)
    return {
        series.findtext(f"{C}tx//{C}v"): dict(
            zip(points(series.find(f"{C}cat")), map(int, points(series.find(f"{C}val"))), strict=True)
        )
        for series in root.iter(f"{C}ser")
    }


def points(held: Any) -> list[str]:
    values = [point.findtext(f"{C}v") for point in held.iter(f"{C}pt")]
    assert int(held.find(f".//{C}ptCount").get("val")) == len(values)
    return values


def in_workbook(part: Any) -> Shown:
    """What Word shows under 编辑数据: the cells that the chart refers to."""
    root = etree.fromstring(part.blob)
    (book,) = (link.target_part for link in part.rels.values() if link.reltype.endswith("/package"))
    sheet = load_workbook(io.BytesIO(book.blob)).active

    def cells(reference: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(reference.split("!")[1].replace("$", ""))
        return [value for row in sheet.iter_rows(top, bottom, left, right, values_only=True) for value in row]

    return {
        cells(series.findtext(f"{C}tx//{C}f"))[0]: dict(
            zip(cells(series.findtext(f"{C}cat//{C}f")), cells(series.findtext(f"{C}val//{C}f")), strict=True)
        )
        for series in root.iter(f"{C}ser")
    }


def test_cache_and_workbook_of_every_chart_agree(summary: Path, of_quarter: Path) -> None:
    for path, names in ((summary, [KINDS]), (of_quarter, [KINDS, MONTHS])):
        charts = parts(path)
        assert sorted(charts) == sorted(names)
        for part in charts.values():
            assert in_workbook(part) == cached(part)


def test_the_chart_of_categories_shows_the_balance_of_the_text(summary: Path, of_quarter: Path) -> None:
    for path in (summary, of_quarter):
        sums = {state: sum(by_kind.values()) for state, by_kind in cached(parts(path)[KINDS]).items()}
        said = text(path)
        listed = re.search(r"末未销号问题中，(.+?)；", said)[1]  # type: ignore[index]
        states = {name: int(number) for name, number in re.findall(r"([^、\d]+)(\d+)个", listed)}
        assert {state: number for state, number in sums.items() if state != "已销号"} == states
        assert f"，销号{sums['已销号']}个，" in said


def test_the_chart_of_categories_has_every_category_that_the_text_names(summary: Path) -> None:
    listed = re.search(r"按类别分：(.+?)；", text(summary))[1]  # type: ignore[index]
    assert set(re.findall(r"([^、\d]+)\d+个", listed)) <= set(cached(parts(summary)[KINDS])["整改中"])


def test_the_chart_of_the_months_shows_their_table(of_quarter: Path) -> None:
    heading, *rows = (table for table in Document(str(of_quarter)).tables if table.cell(0, 0).text == "月份")
    assert rows == []
    lines = [[cell.text for cell in row.cells] for row in heading.rows[1:-1]]
    assert cached(parts(of_quarter)[MONTHS]) == {
        series: {line[0]: int(line[column]) for line in lines}
        for series, column in (("新增", 3), ("销号", 4), ("月末未销号", 5))
    }


def test_a_chart_that_is_gone_from_the_template_is_reported_and_the_rest_made(folder: Path, tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    template = Document(str(templates / "月度工作总结.docx"))
    for drawing in list(template.element.body.iter(qn("w:drawing"))):
        drawing.getparent().remove(drawing)
    template.save(str(templates / "月度工作总结.docx"))
    done = summary_of(folder, templates)
    assert [remark for _, remark in done.remarks if "图表" in remark] == [
        f"模板里没有图表“{KINDS}”，文中没有这张图；不是有意删去的，请从原始版本恢复模板"
    ]
    assert done.withheld == ()


def test_the_same_months_give_the_same_bytes(of_quarter: Path, tmp_path: Path) -> None:
    again = report(EXAMPLE.parent, tmp_path, RunOptions(Period.parse_longer("2023Q3")))
    (path,) = of_word(again.made)
    assert path.read_bytes() == of_quarter.read_bytes()


def test_a_drafts_chart_shows_the_figures_too(tmp_path: Path) -> None:
    draft = report(EXAMPLE.parent, tmp_path, RunOptions(Period.parse_longer("2023Q3"), draft=True))
    (path,) = of_word(draft.made)
    assert set(cached(parts(path)[MONTHS])["新增"]) == {"2023年7月", "2023年8月"}


# Templates that were changed -----------------------------------------------------------------------------------------


def with_chart(tmp_path: Path, old: str, new: str) -> Path:
    """A folder of templates in which the charts of the summary hold another text."""
    folder = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    path = folder / "月度工作总结.docx"
    with zipfile.ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w") as after:
        for name, content in members.items():
            charted = name.startswith("word/charts/") or (name == "word/document.xml" and old == KINDS)
            after.writestr(name, content.replace(old.encode(), new.encode()) if charted else content)
    return folder


def summary_of(month: Path, templates: Path) -> Outcome:
    return report(month, month.parent / "out", RunOptions(templates=templates))


def test_a_chart_with_other_series_withholds_its_document_and_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    outcome = summary_of(folder, with_chart(tmp_path, "整改中", "正在改"))
    (withheld,) = outcome.withheld
    assert "系列是未启动、正在改、已完成待核查、退回重改、已销号，应为未启动、整改中、" in withheld.reasons[0]
    assert not (outcome.folder / Tray.SUMMARIES).exists() or list((outcome.folder / Tray.SUMMARIES).iterdir()) == []


def test_a_chart_under_another_name_is_left_as_it_is(folder: Path, tmp_path: Path) -> None:
    outcome = summary_of(folder, with_chart(tmp_path, KINDS, "自己画的图"))
    assert outcome.withheld == ()
    (summary,) = [path for path in outcome.made if family_of(path) == "总结"]
    assert cached(parts(summary)["自己画的图"])["整改中"] == {"校园及周边安全": 1, "办学条件": 1}


def test_one_category_and_twenty_fit_a_chart(summary: Path, tmp_path: Path) -> None:
    states = list(cached(parts(summary)[KINDS]))
    for number in (1, 20):
        path = Path(shutil.copy(summary, tmp_path / f"{number}.docx"))
        kinds = tuple(f"类别{n}" for n in range(number))
        figures = tuple(Figure(n, "行数", How.COUNT) for n in range(number))
        fill(path, {KINDS: Plot(kinds, tuple((state, figures) for state in states))})
        part = parts(path)[KINDS]
        assert cached(part) == in_workbook(part) == {state: {f"类别{n}": n for n in range(number)} for state in states}


def test_a_file_that_is_no_document_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK")
    with pytest.raises(PipelineError, match="图表"):
        fill(path, {})
    assert path.read_bytes() == b"PK"


def test_a_month_with_nothing_closed_and_nothing_open_has_no_chart(tmp_path: Path) -> None:
    write_month(tmp_path / "in", "2023-05", 0)
    outcome = report(tmp_path / "in", tmp_path / "out", RunOptions(Period.parse("2023-05")))
    (summary,) = [path for path in outcome.made if family_of(path) == "总结"]
    assert parts(summary) == {}
