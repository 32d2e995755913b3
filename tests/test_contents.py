"""The table of contents of long summaries, read back: its entries are the headings, its links lead to them."""

from __future__ import annotations

import re
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.forms.period import Period
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.word.form import deviations
from pipeline.word.rendering import contents
from tests.support.reading import EXAMPLE, family_of, of_word

NUMBERS = "一二三四五六七八九十"
TEMPLATE = "阶段工作总结.docx"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return report(EXAMPLE.parent, tmp_path_factory.mktemp("year"), RunOptions(Period.parse_longer("2023")))


def entries(path: Path) -> list[tuple[str, str, str]]:
    """Style, words and anchor of each entry."""
    found = []
    for paragraph in Document(str(path)).paragraphs:
        for link in paragraph._p.findall(qn("w:hyperlink")):
            words = "".join(text.text for text in link.iter(qn("w:t")))
            found.append((paragraph._p.pPr.pStyle.val, words, link.get(qn("w:anchor"))))
    return found


def bookmarks(path: Path) -> dict[str, str]:
    """The text of each bookmark's paragraph."""
    body = Document(str(path)).element.body
    marks = [(mark.get(qn("w:name")), mark.getparent()) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len({name for name, _ in marks}) == len(marks)
    return {name: "".join(text.text or "" for text in of.iter(qn("w:t"))) for name, of in marks}


def headings(path: Path, style: str = "Heading 1") -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs if paragraph.style.name == style]


def of_chinese(position: int) -> str:
    return NUMBERS[position - 1] if position <= 10 else f"十{NUMBERS[position - 11]}"


def field_marks(path: Path) -> list[str]:
    """The marks of all fields in the body, in order."""
    return [mark.get(qn("w:fldCharType")) for mark in Document(str(path)).element.body.iter(qn("w:fldChar"))]


def test_the_entries_are_the_numbered_headings_and_lead_to_them(year: Outcome) -> None:
    (path,) = of_word(year.made)
    expected = [f"{of_chinese(position)}、{text}" for position, text in enumerate(headings(path), start=1)]
    assert len(expected) > 10
    assert [(style, words) for style, words, _ in entries(path)] == [("TOC1", words) for words in expected]
    assert [bookmarks(path)[anchor] for _, _, anchor in entries(path)] == headings(path)
    assert field_marks(path) == ["begin", "separate", "end"]
    assert "目　录" in [paragraph.text for paragraph in Document(str(path)).paragraphs]


def test_the_run_says_that_word_fills_in_the_pages_and_the_form_is_that_of_the_standard(year: Outcome) -> None:
    (path,) = of_word(year.made)
    assert (path.stem, contents.NO_PAGES) in year.remarks
    assert deviations(path) == ()


def test_a_quarter_has_no_contents(quarter: Outcome) -> None:
    (path,) = of_word(quarter.made)
    assert entries(path) == []
    assert field_marks(path) == []
    assert not any(said == contents.NO_PAGES for _, said in quarter.remarks)


def test_the_same_months_give_the_same_bytes_and_a_draft_has_contents_too(year: Outcome, tmp_path: Path) -> None:
    again = report(EXAMPLE.parent, tmp_path, RunOptions(Period.parse_longer("2023")))
    assert again.made[0].read_bytes() == year.made[0].read_bytes()
    draft = report(EXAMPLE.parent, tmp_path, RunOptions(Period.parse_longer("2023"), draft=True))
    assert [words for _, words, _ in entries(draft.made[0])] == [words for _, words, _ in entries(year.made[0])]


def with_levels(folder: Path) -> Path:
    """The templates; the month's summary begins with contents of two levels, in a field within one paragraph."""
    shutil.copytree(TEMPLATES, folder)
    donor = Document(str(folder / TEMPLATE))
    first = next(p for p in donor.paragraphs if p._p.findall(".//" + qn("w:instrText")))
    paragraph: Any = deepcopy(first._p)
    paragraph.find(".//" + qn("w:instrText")).text = r' TOC \o "1-2" \h \z \u '
    end = deepcopy(next(p for p in donor.paragraphs if "end" in p._p.xml and p._p.findall(".//" + qn("w:br")))._p)
    paragraph.append(end.find(qn("w:r")))
    summary = Document(str(folder / "月度工作总结.docx"))
    for style in donor.styles.element.findall(qn("w:style")):
        if style.get(qn("w:styleId")) in ("TOC1", "TOC2"):
            summary.styles.element.append(deepcopy(style))
    summary.paragraphs[2]._p.addnext(paragraph)
    summary.save(str(folder / "月度工作总结.docx"))
    return folder


def test_a_clerk_may_put_contents_of_two_levels_into_any_template(tmp_path: Path) -> None:
    made = report(EXAMPLE, tmp_path / "out", RunOptions(templates=with_levels(tmp_path / "word")))
    (path,) = (path for path in made.made if family_of(path) == "总结")
    found = entries(path)
    assert [words.partition("、")[2] for style, words, _ in found if style == "TOC1"] == headings(path)
    second = [words for style, words, _ in found if style == "TOC2"]
    assert [re.sub("^（[一二三四五六七八九十]+）", "", words) for words in second] == headings(path, "Heading 2")
    assert second[0].startswith("（一）")
    assert [bookmarks(path)[anchor] for _, words, anchor in found] == [
        re.sub("^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）", "", words) for _, words, _ in found
    ]
    assert field_marks(path) == ["begin", "separate", "end"]
    assert deviations(path) == ()


@pytest.mark.parametrize("damage", ["no end", "no headings"])
def test_a_field_that_is_not_whole_and_a_document_without_headings_stay_as_they_are(
    year: Outcome, tmp_path: Path, damage: str
) -> None:
    document = Document(str(year.made[0]))
    for paragraph in document.paragraphs:
        if damage == "no end":
            for mark in paragraph._p.findall(".//" + qn("w:fldChar")):
                if mark.get(qn("w:fldCharType")) == "end":
                    mark.getparent().remove(mark)
        elif paragraph.style.name.startswith("Heading"):
            paragraph.style = document.styles["Normal"]
    document.save(str(tmp_path / "总结.docx"))
    before = (tmp_path / "总结.docx").read_bytes()
    assert not contents.fill(tmp_path / "总结.docx")
    assert (tmp_path / "总结.docx").read_bytes() == before
