"""Documents without a number (不编号 in 文件台账): nothing is printed in its place; the red line follows the head."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.forms.office import UNNUMBERED
from pipeline.run.new_templates import new_template
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.templates import FOLDER, LetterLook
from pipeline.word.form import deviations
from tests.support.reading import EXAMPLE, family_of, lines, text

KINDS = ("通知", "通报", "意见书", "整改通知书", "督办单")


def without_numbers(folder: Path, *words: str) -> None:
    """Write the words, in turn, in place of the number of every outgoing document of the register."""
    path = folder / "督导室月报.xlsx"
    book = load_workbook(path)
    page = book["文件台账"]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = [row for row in page.iter_rows(min_row=3) if row[columns["方向"] - 1].value == "发文"]
    for number, row in enumerate(rows):
        page.cell(row[0].row, columns["文号"]).value = words[number % len(words)]
    book.save(path)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("unnumbered") / "2023-08"))
    without_numbers(folder, *UNNUMBERED)
    return folder


@pytest.fixture(scope="module", params=["", "信函"])
def unnumbered(month: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return report(month, tmp_path_factory.mktemp("made"), RunOptions(look=LetterLook(request.param)))


def letters(outcome: Outcome) -> list[Path]:
    """The documents that are registered: all letters but the bulletin on self-inspection reports."""
    families = ("通知", "通报", "意见书", "整改通知书", "督办单")
    return [path for path in outcome.made if family_of(path) in families and "自查报告报送" not in path.name]


def test_a_document_without_a_number_prints_none_and_no_placeholder(unnumbered: Outcome) -> None:
    assert {family_of(path) for path in letters(unnumbered)} == set(KINDS)
    for path in letters(unnumbered):
        said = text(path)
        assert "文号待编" not in said
        assert not [word for word in (*UNNUMBERED, "通知书文号") if word in said]
    assert [title for title, remark in unnumbered.remarks if "文号待编" in remark] == [
        "2023年暑期中小学有偿补课治理专项督导自查报告报送情况通报"
    ], "what is not registered will get one"


def test_a_document_without_a_number_has_the_form_of_the_standard(unnumbered: Outcome) -> None:
    assert unnumbered.withheld == ()
    assert unnumbered.deviating == ()
    assert {path.name: deviations(path) for path in letters(unnumbered) if deviations(path)} == {}


def test_many_documents_without_a_number_are_no_doubles(unnumbered: Outcome) -> None:
    assert [str(issue) for issue in unnumbered.issues if issue.number.startswith(("KY", "WJ"))] == []


def test_an_urging_names_a_notice_without_a_number_by_its_day(unnumbered: Outcome) -> None:
    path = next(path for path in unnumbered.made if path.stem.startswith("清溪县沙溪镇中心幼儿园督办单"))
    assert "原整改通知书：2023年8月18日印发。" in text(path)


def test_two_documents_of_one_title_without_a_number_are_doubles(folder: Path, tmp_path: Path) -> None:
    without_numbers(folder, *UNNUMBERED)
    book = load_workbook(folder / "督导室月报.xlsx")
    page = book["文件台账"]
    columns = {cell.value: cell.column for cell in page[1]}
    rows = [row for row in page.iter_rows(min_row=3) if row[columns["方向"] - 1].value == "发文"]
    page.cell(rows[1][0].row, columns["标题"]).value = page.cell(rows[0][0].row, columns["标题"]).value
    book.save(folder / "督导室月报.xlsx")
    told = [issue for issue in report(folder, tmp_path / "out").issues if issue.number == "KY-01"]
    assert [issue.label for issue in told] == ["标题"]


def test_a_new_template_knows_documents_without_a_number(folder: Path, tmp_path: Path) -> None:
    without_numbers(folder, *UNNUMBERED)
    templates = Path(shutil.copytree(FOLDER, tmp_path / "word"))
    new_template("会议通知.简", "会议通知", templates)
    done = report(folder, tmp_path / "out", RunOptions(templates=templates, look=LetterLook("简")))
    (path,) = [path for path in letters(done) if "例会" in path.name]
    assert "文号" not in text(path)
    assert [
        deviation for deviation in deviations(path) if "发文字号" in deviation.item or "分隔线" in deviation.item
    ] == []


def test_a_head_without_a_number_and_without_its_red_line_is_reported(folder: Path, tmp_path: Path) -> None:
    without_numbers(folder, *UNNUMBERED)
    made = next(path for path in letters(report(folder, tmp_path / "out")) if "例会" in path.name)
    assert lines(made)[:2] == ["清溪县人民政府教育督导室文件", ""]
    document = Document(str(made))
    line = document.paragraphs[1]._p
    line.getparent().remove(line)
    path = tmp_path / "公文.docx"
    document.save(str(path))
    assert ("发文字号", "没有") in [(deviation.item, deviation.found) for deviation in deviations(path)]
