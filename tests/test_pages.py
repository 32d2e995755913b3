"""Pages as they print: size, fonts, lines, numbers, and that not a mark of the text is lost on the way to paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest

from pipeline.run.report import Outcome
from pipeline.run.templates import shipped
from tests.support.reading import said_once

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
STAND_INS = {"FandolFang", "FandolKai", "FandolHei", "FandolSong", "LiberationSerif"}
"""What fonts.conf substitutes for 仿宋_GB2312, 楷体_GB2312, 黑体, 方正小标宋简体 (and 宋体), Times New Roman."""


@pytest.fixture(scope="module")
def printed(pdfs: dict[str, Path]) -> Iterator[dict[str, pdfplumber.PDF]]:
    opened = {family: pdfplumber.open(path) for family, path in pdfs.items()}
    yield opened
    for document in opened.values():
        document.close()


def marks(text: str) -> Counter[str]:
    """Every character but blanks, counted."""
    return Counter(re.sub(r"\s", "", text))


def text_lines(page: pdfplumber.page.Page) -> list[float]:
    """The tops of the lines of body text (仿宋, 16 pt) on a page."""
    tops = sorted({round(char["bottom"]) for char in page.chars if char["size"] > 15.5})
    return [top for top, before in zip(tops, [0, *tops], strict=False) if top - before > 3]


def test_the_summary_is_a4_upright_and_the_list_lies(printed: dict[str, pdfplumber.PDF]) -> None:
    assert all((page.width, page.height) == pytest.approx(A4, abs=0.5) for page in printed["总结"].pages)
    assert all((page.height, page.width) == pytest.approx(A4, abs=0.5) for page in printed["清单"].pages)


def test_page_counts(printed: dict[str, pdfplumber.PDF]) -> None:
    assert {name: len(document.pages) for name, document in printed.items()} == {
        "总结": 13,
        "清单": 7,
        "通知": 7,
        "整改通知书": 4,
    }


@pytest.mark.parametrize("name", ["总结", "清单"])
def test_no_other_font_crept_in(printed: dict[str, pdfplumber.PDF], name: str) -> None:
    used = {char["fontname"].split("+")[-1].split("-")[0] for page in printed[name].pages for char in page.chars}
    assert used <= STAND_INS
    assert {"FandolFang", "FandolHei", "FandolSong", "LiberationSerif"} <= used


def test_headings_are_in_hei_and_kai_and_numbered_without_a_gap_a_lone_one_without_a_number(
    printed: dict[str, pdfplumber.PDF],
) -> None:
    found = [line for page in printed["总结"].pages for line in headings(page, "FandolHei")]
    assert [line[:2] for line in found] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
        "六、",
        "七、",
        "八、",
        "九、",
        "十、",
    ]
    second = [line for page in printed["总结"].pages for line in headings(page, "FandolKai")]
    assert [line[:3] for line in second][:4] == ["（一）", "（二）", "（三）", "市教育"]


def headings(page: pdfplumber.page.Page, font: str) -> list[str]:
    """The lines that begin in a font."""
    words = page.extract_text_lines(return_chars=True)
    return [re.sub(r"\s", "", line["text"]) for line in words if font in line["chars"][0]["fontname"]]


def test_a_full_page_holds_22_lines_at_the_pitch_of_the_standard(printed: dict[str, pdfplumber.PDF]) -> None:
    tops = text_lines(printed["总结"].pages[3])
    assert len(tops) == 22  # GB/T 9704-2012, 5.2.3
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(28.95, abs=0.15)


def test_a_full_page_of_a_notice_holds_22_lines_and_its_full_lines_28_characters(
    printed: dict[str, pdfplumber.PDF],
) -> None:
    page = printed["通知"].pages[1]
    tops = text_lines(page)
    assert len(tops) == 22  # GB/T 9704-2012, 5.2.3
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(28.95, abs=0.15)
    assert longest_line(page) == 28


def longest_line(page: pdfplumber.page.Page) -> int:
    """The most characters in a line of a page between the margins, in widths of ideographs."""
    longest = 0.0
    for line in page.extract_text_lines(return_chars=True):
        chars = [char for char in line["chars"] if char["text"].strip() and char["x1"] <= A4[0] - 25 * MM]
        if chars[0]["x0"] < 29 * MM and chars[-1]["x1"] > A4[0] - 28 * MM:
            longest = max(longest, sum(1 if "Fandol" in char["fontname"] else 0.5 for char in chars))
    return round(longest)


def test_a_full_line_holds_28_characters(printed: dict[str, pdfplumber.PDF]) -> None:
    longest = 0
    for page in printed["总结"].pages:
        for line in page.extract_text_lines(return_chars=True):
            chars = [char for char in line["chars"] if char["text"].strip()]
            if all("Fandol" in char["fontname"] for char in chars) and chars[0]["x0"] < 29 * MM:
                inside = [char for char in chars if char["x1"] <= A4[0] - 25 * MM]
                longest = max(longest, len(inside))
    assert longest == 28  # GB/T 9704-2012, 5.2.3


def test_text_stays_in_the_type_area(printed: dict[str, pdfplumber.PDF]) -> None:
    for page in printed["总结"].pages:
        body = [char for char in page.chars if char["size"] > 15.5 and char["text"] not in "，。、；：）》"]
        assert min(char["x0"] for char in body) >= 28 * MM - 1
        assert max(char["x1"] for char in body) <= A4[0] - 26 * MM + 2  # marks may hang into the margin
        assert max(char["bottom"] for char in body) <= A4[1] - 35 * MM + 4


def test_page_numbers_stand_outside_on_odd_and_even_pages(printed: dict[str, pdfplumber.PDF]) -> None:
    for number, page in enumerate(printed["总结"].pages, start=1):
        foot = page.crop((0, A4[1] - 35 * MM + 2, page.width, page.height))
        assert re.sub(r"\s", "", foot.extract_text()) == f"—{number}—"
        middle = sum(char["x0"] for char in foot.chars) / len(foot.chars)
        assert (middle > page.width / 2) == (number % 2 == 1)  # GB/T 9704-2012, 7.5


def test_every_mark_of_a_document_reaches_the_page(
    printed: dict[str, pdfplumber.PDF], summary: Path, county_list: Path
) -> None:
    for name, path in (("总结", summary), ("清单", county_list)):
        wanted = marks(said_once(path))
        shown = marks("".join(page.extract_text() for page in printed[name].pages))
        assert {char: count - shown[char] for char, count in wanted.items() if shown[char] < count} == {}


def test_the_heading_row_of_the_list_repeats_on_each_page(printed: dict[str, pdfplumber.PDF]) -> None:
    for page in printed["清单"].pages:
        assert "序号学校问题整改要求责任单位责任人期限状态销号日期" in re.sub(r"\s", "", page.extract_text())


# Every kind of document ----------------------------------------------------------------------------------------------


def test_every_kind_is_printed_on_a4_without_a_placeholder(kinds: dict[str, Path]) -> None:
    of_one_county = {path.stem for path in shipped() if "." not in path.stem} - {"整改情况汇总"}
    assert set(kinds) == of_one_county, "the letters (信函) are measured in test_looks.py"
    for name, path in kinds.items():
        with pdfplumber.open(path) as document:
            words = "".join(page.extract_text() for page in document.pages)
            assert {round(max(page.width, page.height)) for page in document.pages} == {round(A4[1])}, name
            assert not re.search(r"\{\{|\{%|None|占位|【发文机关】", words), name


def test_every_page_has_its_number_where_the_standard_asks(kinds: dict[str, Path]) -> None:
    """Outside at the foot (GB/T 9704-2012, 7.5); on landscape pages, where portrait ones have it (8)."""
    for name, path in kinds.items():
        with pdfplumber.open(path) as document:
            for number, page in enumerate(document.pages, start=1):
                lies = page.width > page.height
                left, top, width, height = (
                    (0, 0, 28 * MM, page.height) if lies else (0, A4[1] - 33 * MM, page.width, 33 * MM)
                )
                foot = page.crop((left, top, left + width, top + height))
                assert re.sub(r"\s", "", foot.extract_text()) == f"—{number}—", (name, number)
                middle = sum((char["top"] if lies else char["x0"]) for char in foot.chars) / len(foot.chars)
                assert (middle > (page.height if lies else page.width) / 2) == (number % 2 == 1), (name, number)


def test_every_mark_of_every_kind_reaches_the_page(kinds: dict[str, Path], outcome: Outcome, quarter: Outcome) -> None:
    for name, path in kinds.items():
        (source,) = [made for made in (*outcome.made, *quarter.made) if made.stem == path.stem]
        with pdfplumber.open(path) as document:
            shown = marks("".join(page.extract_text() for page in document.pages))
        assert marks(said_once(source)) - shown == Counter(), name
