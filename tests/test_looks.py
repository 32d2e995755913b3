"""The look of letters: with and without a seal, with a red head and as 信函; measured on the printed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pdfplumber
import pytest

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.templates import LetterLook
from pipeline.word.form import Deviation, deviations
from pipeline.word.printing.pdf import printed
from pipeline.word.rendering.signatures import unsealed
from tests.support.plants import PLANTED_IN_LETTERS, PLANTED_WITHOUT_SEAL, Plant
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE, lines, of_family

MM = 72 / 25.4
RIGHT_EDGE = (210 - 26) * MM
ONE = 15.75
"""Points of a character of the text."""
OFFICE = "清溪县人民政府教育督导室"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The example without seals."""
    return report(EXAMPLE, tmp_path_factory.mktemp("unsealed"), RunOptions(look=LetterLook(sealed=False)))


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The example in the form of letters."""
    return report(EXAMPLE, tmp_path_factory.mktemp("letters"), RunOptions(look=LetterLook("信函")))


@pytest.fixture
def page(plain: Outcome, tmp_path: Path) -> Iterator[pdfplumber.page.Page]:
    """The page that is signed of a letter without a seal."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    (path,) = printed([of_family(plain.made, "督办单")[0]], tmp_path).made
    with pdfplumber.open(path) as document:
        yield document.pages[-1]


# With a seal and without ----------------------------------------------------------------------------------------------


def test_letters_without_a_seal_do_not_deviate_and_say_the_same(plain: Outcome, outcome: Outcome) -> None:
    assert {path.name: deviations(path) for path in plain.made if path.suffix == ".docx" and deviations(path)} == {}
    for one, other in zip(plain.made, outcome.made, strict=True):
        assert one.name == other.name
        if one.suffix == ".docx":
            assert [line.strip() for line in lines(one)] == [line.strip() for line in lines(other)]


def test_without_a_seal_the_authority_ends_two_characters_from_the_edge_and_the_date_begins_two_later(
    page: pdfplumber.page.Page,
) -> None:
    found = page.extract_text_lines(return_chars=True)
    at = next(number for number, line in enumerate(found) if line["text"] == OFFICE)
    authority, date = found[at : at + 2]
    assert re.fullmatch("2023年8月31日", re.sub(r"\s", "", date["text"]))
    assert RIGHT_EDGE - authority["x1"] == pytest.approx(2 * ONE, abs=0.4 * ONE)  # GB/T 9704-2012, 7.3.5.2
    assert date["x0"] - authority["x0"] == pytest.approx(2 * ONE, abs=0.4 * ONE)


@pytest.mark.parametrize("office", ["县教育局", "清溪县教育局", OFFICE, OFFICE * 3])
@pytest.mark.parametrize("day", ["2023年8月1日", "2023年12月31日"])
def test_a_short_authority_moves_so_that_the_date_ends_two_characters_from_the_edge(office: str, day: str) -> None:
    authority, date = unsealed(f"{office}　{day}").split("\a")
    blanks = [len(line) - len(line.lstrip("　")) for line in (authority, date)]
    assert (authority.strip("　"), date.strip("　")) == (office, day)
    assert blanks[1] - blanks[0] == 2
    longest = max(len(office) + blanks[0], blanks[1] + 3 + sum(map(str.isdecimal, day)) / 2)
    assert 2 <= 28 - longest < 3 or blanks[0] == 0
    assert unsealed(day) == f"{'　' * (blanks[1] if len(office) == 4 else 0)}{day}" or len(office) > 4


# In the form of a letter ----------------------------------------------------------------------------------------------


def test_notices_in_the_form_of_letters_do_not_deviate_and_say_the_same(letters: Outcome, outcome: Outcome) -> None:
    changed = []
    for one, other in zip(letters.made, outcome.made, strict=True):
        assert one.relative_to(letters.folder) == other.relative_to(outcome.folder)
        if one.suffix == ".docx" and one.read_bytes() != other.read_bytes():
            assert deviations(one) == ()
            said, formal = (set(filter(None, map(str.strip, lines(path)))) for path in (one, other))
            lost, added = formal - said, said - formal
            assert (len(lost), added) == (2, set()), "the head's 文件 and the line of printing"
            changed.append(one.name)
    assert len([name for name in changed if name.startswith("关于召开")]) == 1, "the 会议通知"
    assert len([name for name in changed if name.startswith("关于开展")]) == 1, "the 督导通知"
    assert len([name for name in changed if "整改通知书" in name]) == len(changed) - 2 > 0


def test_a_letter_is_printed_as_the_standard_asks(letters: Outcome, tmp_path: Path) -> None:
    """10.1: head 30 mm below the edge, double rules of 170 mm, number flush right below the first, no page number."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    notice = next(path for path in letters.made if path.name.startswith("关于开展"))
    with pdfplumber.open(printed([notice], tmp_path).made[0]) as document:
        first, second = document.pages[:2]
        (_, upper_thick), (lower, lower_thick) = (double_rule(first, *place) for place in ((0, 100), (200, 297)))
        number = first.extract_text_lines(return_chars=True)[1]
        head, thick, thin, below, *_ = inked(first)
        assert (upper_thick, lower_thick) == ("first", "last")
        assert head[0] == pytest.approx(30, abs=0.5)
        assert thick[0] - head[1] == pytest.approx(4, abs=1)
        assert 297 - (lower[0] + lower[1]) / 2 == pytest.approx(20, abs=0.5)
        assert number["x1"] == pytest.approx(RIGHT_EDGE, abs=2)
        assert below[0] - thin[1] == pytest.approx(14 / MM, abs=0.5)
        assert not re.search("—", first.extract_text())
        assert "— 2 —" in second.extract_text()
        last = document.pages[-1].extract_text()
        assert "抄送：各乡镇人民政府、街道办事处。" in last
        assert "印发" not in last


def inked(page: pdfplumber.page.Page) -> list[tuple[float, float]]:
    """What is printed on a page, from top to bottom, separated by white rows: upper and lower edges in mm."""
    image = page.to_image(resolution=254).original.convert("L").point(lambda value: 255 * (value < 200))
    found: list[tuple[float, float]] = []
    for row in (row for row in range(image.height) if image.crop((0, row, image.width, row + 1)).getbbox()):
        if found and found[-1][1] == row / 10:
            found[-1] = (found[-1][0], (row + 1) / 10)
        else:
            found.append((row / 10, (row + 1) / 10))
    return found


def double_rule(page: pdfplumber.page.Page, above: float, below: float) -> tuple[tuple[float, float], str]:
    """Upper and lower edge, mm, of the double rule between two heights, and which of its lines is the thick one."""
    found = [line for line in (*page.lines, *page.rects) if above < line["top"] / MM < below]
    one, other = sorted(found, key=lambda line: line["top"])
    for line in (one, other):
        assert (line["x0"] / MM, line["x1"] / MM) == pytest.approx((20, 190), abs=0.5), "170 mm, centred on the paper"
        assert line["stroking_color"] == (1.0, 0.0, 0.0)
    return (one["top"] / MM, other["top"] / MM), "first" if one["linewidth"] > other["linewidth"] else "last"


@pytest.mark.parametrize("plant", PLANTED_IN_LETTERS, ids=lambda plant: plant.name)
def test_a_deviation_planted_into_a_letter_is_found_and_nothing_else(
    plant: Plant, letters: Outcome, tmp_path: Path
) -> None:
    found = planted(plant, next(path for path in letters.made if path.name.startswith("关于开展")), tmp_path)
    assert [(one.item, one.clause) for one in found] == [plant.expected], found
    assert plant.place in found[0].place
    assert plant.found in found[0].found


@pytest.mark.parametrize("plant", PLANTED_WITHOUT_SEAL, ids=lambda plant: plant.name)
def test_a_signature_without_a_seal_that_stands_elsewhere_is_found(
    plant: Plant, plain: Outcome, tmp_path: Path
) -> None:
    found = planted(plant, next(path for path in plain.made if path.name.startswith("关于开展")), tmp_path)
    assert [(one.item, one.clause) for one in found] == [plant.expected], found
    assert plant.found in found[0].found


def planted(plant: Plant, path: Path, folder: Path) -> tuple[Deviation, ...]:
    document = docx.Document(str(path))
    plant.damage(document)
    document.save(str(folder / "公文.docx"))
    return deviations(folder / "公文.docx")


def test_a_draft_in_the_form_of_a_letter_is_marked_on_its_first_page_too(tmp_path: Path) -> None:
    done = report(EXAMPLE, tmp_path, RunOptions(look=LetterLook("信函"), draft=True))
    notice = next(path for path in done.made if path.name.startswith("关于开展"))
    section = docx.Document(str(notice)).sections[0]
    assert section.first_page_header.paragraphs[0].text == "草稿　不得印发"


# The command ----------------------------------------------------------------------------------------------------------


def test_a_form_of_which_there_is_no_template_is_reported_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(EXAMPLE), "--output", str(tmp_path / "out"), "--form", "信涵"]) == 2
    assert "没有“信涵”格式的模板" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    with pytest.raises(PipelineError, match="请核对写法"):
        report(EXAMPLE, tmp_path / "out", RunOptions(look=LetterLook("信涵")))
