"""The parts of the benchmarks: the readers' ledger with bad cells, the tables, the picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from benchmarks import contestant, growth, ledger, pictures, reading, samples
from benchmarks.growth import DASK, DASK_OF_2, ONE, POOL, Growth
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.cells import Broken
from pipeline.forms.zone import Problem
from pipeline.intake.files.reading import read
from pipeline.intake.validation import validate

ROWS = 40


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ledger") / "责任区月报.xlsx"
    ledger.write(made, ROWS)
    return made


def test_the_ledger_has_all_rows_and_its_bad_cells_where_it_says(path: Path) -> None:
    page = load_workbook(path)[ledger.TITLE]
    assert page.max_row == ROWS + 1
    types = {at: page[at].data_type for at in (*ledger.errors(ROWS), *ledger.wrong(ROWS))}
    assert list(types.values()) == ["f", "f", "f", "e", "f", "f", "s", "s", "b"]
    saved = load_workbook(path, data_only=True)[ledger.TITLE]
    assert [saved[at].value for at in ledger.errors(ROWS)] == ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", None]


def test_every_bad_cell_of_the_ledger_and_no_other_is_reported(path: Path) -> None:
    raw, issues = read(path, path.name, ZONE_REPORT)
    rows = raw.sheets[Problem]
    broken = {row.origin.cell(label): v.shown for row in rows for label, v in row.values.items() if type(v) is Broken}
    assert (len(rows), broken) == (ROWS, ledger.errors(ROWS))
    assert {issue.number for issue in issues} == {"SH-04"}  # only the ledger is filled in
    told = {issue.location.cell for issue in validate(Problem, rows).issues if issue.number.startswith("TY-")}
    assert told == {*ledger.errors(ROWS), *ledger.wrong(ROWS)}


@pytest.mark.parametrize(("name", "told"), [("pipeline, rows", 6), ("pipeline, cells", 6), ("pandas, openpyxl", 0)])
def test_a_reader_takes_its_turn(path: Path, name: str, told: int) -> None:
    reading.turn(name, path, ROWS, taken := reading.Turns())
    assert (len(taken.seconds), sum(map(bool, taken.errors.values()))) == (1, told)


def test_a_reader_that_gives_another_number_of_rows_ends_the_run(path: Path) -> None:
    with pytest.raises(SystemExit, match=f"openpyxl gave {ROWS} of {ROWS - 1} rows"):
        reading.turn("openpyxl", path, ROWS - 1, reading.Turns())


GROWN = [
    Growth(10, 5, 200, {ONE: 3.0, POOL: 2.0, DASK: 3.0, DASK_OF_2: 1.5}),
    Growth(1000, 1, 20_000, {ONE: 200.0, POOL: 105.0}),
]


def test_growth_is_a_table_with_seconds_a_county_and_gains() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in growth.markdown(GROWN).splitlines()[2:4]]
    assert rows[0] == ["10", "200", "3.0", "2.0", "3.0", "1.5", "0.300", "0.200", "1.50", "2.00"]
    assert rows[1] == ["1,000", "20,000", "200.0", "105.0", "–", "–", "0.200", "0.105", "1.90", "–"]


def test_the_picture_names_every_contestant_and_both_ways(tmp_path: Path) -> None:
    pictures.draw(tmp_path / "growth.svg", {"300 notices": {"compiled": 5000.0, "docxtpl": 100.0}}, GROWN)
    drawn = (tmp_path / "growth.svg").read_text(encoding="utf-8")
    for words in ("300 notices", "compiled", "docxtpl", ONE, POOL, "counties"):
        assert f"<!-- {words} -->" in drawn


@pytest.mark.parametrize("kind", ["notice", "list"])
def test_the_samples_are_whole_in_the_tags_of_every_renderer(kind: str, tmp_path: Path) -> None:
    (values,) = samples.contexts(kind, 1, rows=2)
    rows = values.pop("rows")
    names = values.keys() if kind == "notice" else {"office", "day", *rows[0]}
    for syntax in samples.SYNTAX.values():
        samples.write_template(template := tmp_path / f"{syntax}.docx", kind, syntax)
        said = samples.text(template)
        assert [name for name in names if name not in said] == [], syntax
        assert "行." not in said, syntax  # no tag of the shipped template is left


@pytest.mark.parametrize("kind", ["notice", "list"])
def test_the_renderers_in_python_make_the_same_of_the_samples(kind: str, tmp_path: Path) -> None:
    (values,) = samples.contexts(kind, 1, rows=2)
    samples.write_template(template := tmp_path / "template.docx", kind, "docxtpl")
    said = []
    for name in ("compiled", "docxtpl"):
        contestant._JOBS[name]()(template, [(path := tmp_path / f"{name}.docx", values)])
        said.append(samples.text(path))
    assert said[0] == said[1]
    wanted = [values["office"], *(row["school"] for row in values["rows"])]
    assert [text for text in wanted if text not in said[0]] == []
