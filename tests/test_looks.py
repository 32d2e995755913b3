"""How letters look: with a seal and without, with a red head and in the form of a letter; measured on the printed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.report import Outcome, report
from pipeline.templates import Look
from pipeline.word.form import deviations
from pipeline.word.pdf import printed
from pipeline.word.signatures import unsealed
from tests.conftest import SOFFICE
from tests.reading import EXAMPLE, lines, of_family

MM = 72 / 25.4
RIGHT_EDGE = (210 - 26) * MM
ONE = 15.75
"""Points of a character of the text."""
OFFICE = "清溪县人民政府教育督导室"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The example without seals."""
    return report(EXAMPLE, tmp_path_factory.mktemp("unsealed"), look=Look(sealed=False))


@pytest.fixture
def page(plain: Outcome, tmp_path: Path) -> Iterator[pdfplumber.page.Page]:
    """The page that is signed of a letter without a seal."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    (path,) = printed([of_family(plain.made, "督办单")[0]], tmp_path).made
    with pdfplumber.open(path) as document:
        yield document.pages[-1]


# With a seal and without ------------------------------------------------------------------------------------------------


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


# The command ------------------------------------------------------------------------------------------------------------


def test_a_form_of_which_there_is_no_template_is_told_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(EXAMPLE), "--output", str(tmp_path / "out"), "--form", "信涵"]) == 2
    assert "没有“信涵”格式的模板" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    with pytest.raises(PipelineError, match="请核对写法"):
        report(EXAMPLE, tmp_path / "out", look=Look("信涵"))
