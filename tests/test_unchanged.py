"""A month is read once in a process while its files stay the same, and anew as soon as one of them changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.forms.zone import Problem
from pipeline.intake import unchanged
from pipeline.intake.loading import joined, load
from tests.support.months import write_month

ZONE = "责任区月报-望溪责任区.xlsx"


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A month with three problems, and the month before it."""
    for named, problems in (("2024-04", 2), ("2024-05", 3)):
        write_month(tmp_path / "input", named, problems)
    return tmp_path / "input" / "2024-05"


def described(folder: Path) -> list[str]:
    """The description of each problem."""
    return [problem.description for problem in joined(folder).all(Problem)]


def rewritten(folder: Path) -> None:
    """Another text in the first problem, in a file of the same size and time if possible."""
    path = next(
        path for path in sorted(folder.glob("责任区月报*.xlsx")) if load_workbook(path)["问题整改台账"].max_row > 2
    )
    book = load_workbook(path)
    sheet = book["问题整改台账"]
    column = next(cell.column for cell in sheet[1] if cell.value == Problem.label_of("description"))
    row = next(line for line in range(2, sheet.max_row + 1) if "示例" not in str(sheet.cell(line, 1).value))
    sheet.cell(row, column).value = "灭火器已经过期"
    book.save(path)


def test_a_month_whose_files_stay_the_same_is_read_once(month: Path) -> None:
    assert joined(month) is joined(month)
    assert joined(month, "上级/") is not joined(month)


def test_a_cell_that_changes_is_read(month: Path) -> None:
    assert "灭火器已经过期" not in described(month)
    rewritten(month)
    assert "灭火器已经过期" in described(month)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: next(folder.glob("责任区月报*.xlsx")).unlink(),
        lambda folder: shutil.copy(next(folder.glob("责任区月报*.xlsx")), folder / "副本.xlsx"),
        lambda folder: (folder / "责任区月报.et").write_bytes(b"x"),
        lambda folder: next(folder.glob("责任区月报*.xlsx")).write_bytes(b"x"),
        lambda folder: next(folder.glob("责任区月报*.xlsx")).rename(folder / "新名.xlsx"),
        lambda folder: (folder / "责任区月报-新.xlsx").symlink_to("/nowhere.xlsx"),
        lambda folder: (folder / "补报").symlink_to(folder.parent),
    ],
    ids=["gone", "copied", "another kind", "damaged", "renamed", "a link to nowhere", "a link to a folder"],
)
def test_a_file_that_comes_goes_or_changes_is_seen(change: Callable[[Path], object], month: Path) -> None:
    before = joined(month)
    change(month)
    assert joined(month) is not before


def test_the_registry_above_the_month_counts_as_its_file(month: Path) -> None:
    (month / "名录.xlsx").rename(month.parent / "名录.xlsx")
    before = joined(month)
    assert joined(month) is before
    book = load_workbook(month.parent / "名录.xlsx")
    book.properties.keywords = "改过"
    book.save(month.parent / "名录.xlsx")
    assert joined(month) is not before


def test_a_month_with_a_file_that_cannot_be_read_is_not_kept(month: Path) -> None:
    (month / "坏.xlsx").write_bytes(b"PK\x03\x04")
    assert joined(month) is not joined(month)


def test_a_month_has_the_paths_by_which_it_was_asked_for(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(month.parent)
    asked = joined(Path(month.name))
    assert all(not path.is_absolute() for path in asked.files.values())
    monkeypatch.chdir("/")
    assert all(path.is_file() for path in joined(month).files.values())
    other = month.with_name("链接")
    other.symlink_to(month)
    assert all(path.is_relative_to(month) for path in joined(month).files.values())


def test_few_months_and_small_ones_are_kept(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "MOST", 1)
    before = joined(month)
    joined(month.with_name("2024-04"))
    assert joined(month) is not before
    monkeypatch.setattr(unchanged, "LARGEST", 1000)
    assert joined(month) is not joined(month)


def test_what_is_kept_is_not_changed_by_those_who_use_it(month: Path) -> None:
    first = load(month)
    issues, rows = joined(month).issues, dict(joined(month).rows)
    second = load(month)
    assert (joined(month).issues, dict(joined(month).rows)) == (issues, rows)
    assert (first.issues, first.normalisations) == (second.issues, second.normalisations)
    assert first.previous is not None
    assert second.previous is not None
    assert (first.previous.rows, first.previous.issues) == (second.previous.rows, second.previous.issues)
