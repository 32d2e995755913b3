"""Five hundred damaged months: none ends a run, changes the input, or gives English; broken cells are reported."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.errors import PipelineError
from pipeline.excel import results
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.places import Location
from pipeline.forms.schema import Column, Row
from pipeline.forms.zone import Problem
from pipeline.intake import loading
from pipeline.intake.files.markup import letters
from pipeline.intake.files.reading import form_of
from pipeline.intake.issues import grouped
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.run.report import report
from tests.support.county import county, write
from tests.support.mutations import (
    BLANK,
    KINDS,
    Content,
    filled,
    lines,
    mutate,
    number,
    packed,
    refilled,
    sheets,
    text,
    unpacked,
)
from tests.support.reading import EXAMPLE

Place = tuple[Path, str, str]
"""A cell: its workbook, the title of its sheet, its address."""

IN_A_COUNTY = [(kind, seed) for kind in KINDS for seed in range(9)]
IN_THE_EXAMPLE = [(kind, 9) for kind in KINDS]
SMALL: dict[str, Any] = {
    "county_level": False, "zones": 1, "towns": 3, "schools": 8, "inspectors": 5, "people": 4, "campaigns": 2, "self_reports": 2,
    "meetings": 2, "visits": 2, "assessments": 2, "entries": 2, "plans": 1, "indicators": 2, "narratives": 2,
    "records": 6, "problems": 8,
}  # fmt: skip


@pytest.fixture(scope="module")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of a month of a small county."""
    folder = tmp_path_factory.mktemp("county") / "2024-03"
    write(county(5, **SMALL), folder)
    return folder


def part_of_the_example(hand: Random, folder: Path) -> list[Path]:
    """A copy of the example's registry, the office's workbook and those of one zone: half the time of all thirteen."""
    folder.mkdir()
    zone = hand.choice(sorted(EXAMPLE.glob("责任区月报*.xlsx")))
    return [Path(shutil.copy(path, folder)) for path in (EXAMPLE / "名录.xlsx", EXAMPLE / "督导室月报.xlsx", zone)]


# Any damage ----------------------------------------------------------------------------------------------------------


def test_five_hundred_copies_are_damaged() -> None:
    assert len(IN_A_COUNTY) + len(IN_THE_EXAMPLE) >= 500


@pytest.mark.parametrize(("kind", "seed"), IN_A_COUNTY)
def test_no_damage_to_a_county_ends_a_run(kind: str, seed: int, small_county: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small_county, tmp_path / small_county.name))
    mutate(kind, seed, Random(seed).choice(sorted(folder.iterdir())))
    checked_in_chinese(folder)


@pytest.mark.parametrize(("kind", "seed"), IN_THE_EXAMPLE)
def test_no_damage_to_the_example_ends_a_run(kind: str, seed: int, tmp_path: Path) -> None:
    hand = Random(f"{kind}, {seed}")
    paths = part_of_the_example(hand, tmp_path / "2023-08")
    mutate(kind, seed, hand.choice(paths))
    month = checked_in_chinese(tmp_path / "2023-08")
    if month:
        results.write(tmp_path / "校验结果.xlsx", tmp_path / "2023-08", month.issues, month.normalisations)


def checked_in_chinese(folder: Path) -> Month | None:
    """The month as read; None if the run ends with a sentence. The input stays unchanged."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    month, refusal = read_or_refused(folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    if month is None:
        assert english(refusal) == set()
        return None
    for issue in month.issues:
        assert re.search("[\u4e00-\u9fff]", issue.sentence)
        assert english(issue.sentence, issue.written) == set(), str(issue)
    assert [issue for issue in month.issues if issue.number == "CX-01"] == []
    assert sum(len(group.issues) for group in grouped(month.issues)) == len(month.issues)
    return month


def read_or_refused(folder: Path) -> tuple[Month | None, str]:
    """The month, or the sentence with which the run ends."""
    try:
        return load(folder), ""
    except PipelineError as error:
        return None, str(error)


OURS = {"xlsx", "xls", "et", "ods", "csv", "docx", "pptx", "xlsm", "Excel", "Word", "input", "templates", "excel"}


def english(sentence: str, written: str = "") -> set[str]:
    """The words in Latin letters, except clerks' own, our numbers and addresses, and names of programs."""
    own = re.sub("“[^”]*”|《[^》]*》", "", sentence.replace(written, "") if written else sentence)
    return {word for word in re.findall("[A-Za-z]{2,}", own) if not re.fullmatch("[A-Z]{2,3}", word)} - OURS


# A cell that breaks a rule -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Break:
    """A value for a cell, and the columns in which it must be reported with that number."""

    number: str
    content: Content
    where: Callable[[Column], bool]


def of_kind(*kinds: str) -> Callable[[Column], bool]:
    return lambda column: column.kind.name in kinds and not column.many


BREAKS = (
    Break("PR-01", BLANK, lambda column: column.required and not column.limits.follows),
    Break("PR-01", text("\u3000\u200b"), lambda column: column.required and not column.limits.follows),
    Break("CD-01", text("查无此项"), lambda column: column.kind.name == "code"),
    Break("RF-01", text("查无此名"), lambda column: bool(column.targets) and not column.limits.earlier),
    Break("TY-02", text("几个"), of_kind("integer")),
    Break("TY-02", text("1.5"), of_kind("integer")),
    Break("TY-03", text("很多"), of_kind("number")),
    Break("TY-04", text("昨天"), lambda column: of_kind("date")(column) and not column.limits.otherwise),
    Break("TY-05", text("8月31日"), of_kind("date")),
    Break("TY-06", text("2023-02-30"), of_kind("date")),
    Break("TY-07", text("八月"), of_kind("month")),
    Break("TY-08", text("也许"), of_kind("yesno")),
    Break("TY-09", number("110101199001011234"), lambda column: column.kind.name == "text" and not column.limits.pattern),
    Break("TY-10", text("乱写"), lambda column: column.limits.pattern is not None),
    Break("TY-11", number("-1"), lambda column: column.limits.minimum is not None and not column.many),
    Break("TY-12", text("长" * 2000), lambda column: column.limits.longest is not None),
    Break("TY-13", text("0203-08-31"), of_kind("date")),
    Break("TY-15", number("1E20"), of_kind("integer", "number")),
    Break("TY-20", ('t="e"', "<v>#N/A</v>"), lambda column: not column.many),
    Break("TY-20", ('t="e"', "<v>#REF!</v>"), lambda column: column.many is not None),
    Break("TY-21", ("", "<f>1+1</f>"), lambda _: True),
    Break("TY-22", text('=DISPIMG("ID_1A",1)'), lambda _: True),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.number)
def test_a_cell_that_breaks_a_rule_is_reported_at_that_cell(broken: Break, seed: int, tmp_path: Path) -> None:
    hand = Random(f"{broken}, {seed}")
    paths = part_of_the_example(hand, tmp_path / "2023-08")
    hand.shuffle(paths)
    path, title, address = hand.choice(next(found for path in paths if (found := list(places(path, broken.where)))))
    rewrite(path, title, address, broken.content)
    assert (broken.number, path.name, title, address) in told(load(tmp_path / "2023-08"))


@pytest.mark.parametrize("seed", range(6))
def test_a_key_that_stands_twice_is_reported_at_the_second_cell(seed: int, tmp_path: Path) -> None:
    hand = Random(seed)
    paths = part_of_the_example(hand, tmp_path / "2023-08")
    alone = [place for path in paths for place in places(path, lambda column: column.limits.unique, keys=True)]
    path, title, address = hand.choice([place for place in alone if line_of(place[2]) > 2])
    letter, line = address.removesuffix(str(line_of(address))), hand.randrange(2, line_of(address))
    parts = unpacked(path)
    first = filled(parts[sheets(parts)[title]].decode())[f"{letter}{line}"]
    rewrite(path, title, address, first)
    assert ("KY-01", path.name, title, address) in told(load(tmp_path / "2023-08"))


def places(path: Path, where: Callable[[Column], bool], *, keys: bool = False) -> Iterator[Place]:
    """The cells of the rows of a workbook in such columns; `keys`: and in keys of one column."""
    form = form_of(path)
    assert form
    parts = unpacked(path)
    for title, part in sheets(parts).items():
        sheet = form.sheet(title)
        filled_lines = lines(parts[part].decode())
        key = sheet.key() if keys and len(sheet.key()) == 1 else ()
        for place, column in enumerate(sheet.columns()):
            if not where(column) and column.attribute not in key:
                continue
            if sheet.single:
                yield path, title, f"B{place + 2}"
            else:
                yield from ((path, title, f"{letters(place)}{line}") for line in filled_lines)


def line_of(address: str) -> int:
    return int(re.sub("[A-Z]", "", address))


def rewrite(path: Path, title: str, address: str, content: Content) -> None:
    parts = unpacked(path)
    part = sheets(parts)[title]
    parts[part] = refilled(parts[part].decode(), address, content).encode()
    path.write_bytes(packed(parts))


def told(month: Month) -> set[tuple[str, str, str, str]]:
    return {told_at(issue) for issue in month.issues}


def told_at(issue: Issue) -> tuple[str, str, str, str]:
    """Number, workbook, sheet and cell."""
    return issue.number, issue.location.workbook, issue.location.sheet, issue.location.cell


# No damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20, 25))
def test_a_clean_county_has_nothing_that_must_be_put_right(seed: int, tmp_path: Path) -> None:
    write(county(seed, **SMALL), tmp_path)
    assert [str(issue) for issue in load(tmp_path).issues if issue.severity is Severity.必改] == []


# A rule that is itself at fault --------------------------------------------------------------------------------------


def of_the_row(row: Row) -> bool:
    raise ZeroDivisionError(row)


def of_the_month(row: Row, month: Month) -> bool:
    raise LookupError(row, month)


@pytest.mark.parametrize(("faulty", "error"), [(of_the_row, "ZeroDivisionError"), (of_the_month, "LookupError")])
def test_a_rule_that_raises_is_reported_as_our_fault_at_every_row_and_all_else_goes_on(
    faulty: Callable[..., bool], error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "2023-08"
    shutil.copytree(EXAMPLE, folder)
    path, title, address = next(cell for cell in of_the_ledger(folder, "计划回访"))
    rewrite(path, title, address, text("再说"))
    before = report(folder, tmp_path / "before")
    rules = tuple(replace(rule, holds=faulty) if rule.number == "WT-09" else rule for rule in Problem.rules())
    monkeypatch.setattr(Problem, "rules", classmethod(lambda _: rules))
    monkeypatch.setattr(loading, "joined", loading.joined.__wrapped__)  # the same files, read anew by other rules
    after = report(folder, tmp_path / "after")
    ours = [issue for issue in after.issues if issue.number == "CX-01"]
    assert Counter(issue for issue in after.issues if issue.number != "CX-01") == Counter(before.issues)
    assert {issue.severity for issue in ours} == {Severity.请核实}
    assert {issue.sentence for issue in ours} == {
        f"核对规则 WT-09 时程序出错（{error}），这一条没有核对；请把这句话和文件发给维护人员"
    }
    assert sorted(issue.location for issue in ours) == [
        Location(path.name, title, address) for path, title, address in sorted(of_the_ledger(folder, "完成日期"))
    ]
    assert ("WT-35", path.name, title, address) in {told_at(issue) for issue in after.issues}
    assert after.made
    assert [path.name for path in after.made] == [path.name for path in before.made]
    assert [entry.title for entry in after.withheld] == [entry.title for entry in before.withheld]


def of_the_ledger(folder: Path, label: str) -> Iterator[Place]:
    """The cells of a column of every zone's ledger of problems."""
    for path in sorted(folder.glob("责任区月报*.xlsx")):
        cells = places(path, lambda column: column.label == label)
        yield from (cell for cell in cells if cell[1] == Problem.sheet_title())
