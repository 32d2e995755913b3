"""Each figure knows its cells: recounted from them by openpyxl, and seen to change with them."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.documents.catalogue import Draft, documents
from pipeline.dossier.building import build_dossier
from pipeline.dossier.figures import Figure, How
from pipeline.forms.catalogue import FORMS
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.forms.schema import Column
from pipeline.intake.joining import Month
from pipeline.intake.loading import load, months_beside
from pipeline.intake.terms import Bases
from pipeline.run.press import write_workbook
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.word.rendering.template import render
from tests.support.reading import EXAMPLE, cell, table, text

MOST_TRIES = 4
SEPARATORS = re.compile("[;；、\n](?![^《]*》)(?![^（]*）)")


def drafts(folder: Path, compared: bool = False) -> list[Draft]:
    month = load(folder)
    return _drafts(month, _bases(folder, month) if compared else None)


def longer_drafts(period: str) -> list[Draft]:
    asked = Period.parse_longer(period)
    assert asked is not None
    term = load(EXAMPLE.parent, asked)
    return _drafts(term, _bases(EXAMPLE.parent, term))


def _bases(folder: Path, month: Month) -> Bases:
    shelf = months_beside(folder, month)
    assert shelf is not None
    return shelf.bases(month)


def _drafts(month: Month, compared: Bases | None) -> list[Draft]:
    dossier = build_dossier(month, compared)
    assert dossier is not None
    return [draft for document in documents() for draft in document.drafts(dossier)]


def figures(value: Any) -> Iterator[Figure[Any]]:
    """Every figure that a template may print."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from figures(item)
    elif isinstance(value, list):
        for item in value:
            yield from figures(item)


@pytest.fixture(scope="module")
def all_figures() -> list[Figure[Any]]:
    told = [*drafts(EXAMPLE, compared=True), *longer_drafts("2023Q3"), *longer_drafts("2023")]
    charted = [figure for draft in told for plot in draft.charts.values() for _, of in plot.series for figure in of]
    return [*charted, *(figure for draft in told for figure in figures(draft.context))]


def home(at: Location) -> Path:
    """The folder to which a workbook's name is relative: an earlier month's begins with its month."""
    return EXAMPLE.parent if "/" in at.workbook else EXAMPLE


@pytest.fixture(scope="module")
def full_names() -> dict[str, str]:
    """Every way of writing a school -> its full name, straight from the registry's cells."""
    names = {}
    for row in table(EXAMPLE / "名录.xlsx", "学校名录"):
        aliases = SEPARATORS.split(row["别名"]) if row["别名"] else []
        names |= dict.fromkeys([row["学校全称"], row["规范简称"], *aliases], row["学校全称"])
    return names


def recount(figure: Figure[Any], full_names: dict[str, str]) -> Any:
    """The value again, from nothing but the figure's cells (or parts) and its way of counting."""
    values = [cell(home(at), at.workbook, at.sheet, at.cell) for at in figure.cells]
    values = split(values) if figure.how is How.DISTINCT else values
    parts = [recount(part, full_names) for part in figure.parts]
    named = [full_names.get(str(value), value) for value in values]
    assert None not in values
    return AGAIN[figure.how](named, parts, figure)


def mean_age(born: list[datetime], on: date) -> int:
    ages = [age(day, on) for day in born]
    return int((Decimal(sum(ages)) / len(ages)).quantize(Decimal(1), ROUND_HALF_UP))


def age(born: datetime, on: date) -> int:
    return on.year - born.year - (on.month < born.month)  # born on the first of a month


def percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def split(values: list[Any]) -> list[str]:
    return [item for value in values for item in SEPARATORS.split(str(value)) if item]


AGAIN: dict[How, Callable[[list[Any], list[Any], Figure[Any]], Any]] = {
    How.TAKEN: lambda values, _, __: Decimal(repr(*values)),
    How.COUNT: lambda values, _, figure: len(values) if len(set(figure.cells)) == len(values) else None,
    How.DISTINCT: lambda values, _, __: len(set(values)),
    How.LISTED: lambda values, _, __: tuple(sorted({value.date() for value in values})),
    How.ITEMS: lambda values, _, __: len(split(values)),
    How.SUM: lambda values, _, __: sum(values),
    How.MEAN_AGE: lambda values, _, figure: mean_age(values, figure.on),
    How.TOTAL: lambda _, parts, __: sum(parts),
    How.DAYS: lambda values, _, figure: (max(values).date() - figure.on).days,
    How.SINCE: lambda values, _, figure: (figure.on - max(values).date()).days,
    How.APART: lambda _, parts, __: abs(parts[0] - parts[1]),
    How.CHANGE: lambda _, parts, __: percent(abs(parts[0] - parts[1]), parts[1]),
    How.RATE: lambda _, parts, __: percent(*parts),
}


def test_every_figure_is_recounted_from_its_cells(all_figures: list[Figure[Any]], full_names: dict[str, str]) -> None:
    assert len(all_figures) > 100
    wrong = [(f.rule, f.value, again) for f in all_figures if (again := recount(f, full_names)) != f.value]
    assert wrong == []


def test_every_figure_but_a_zero_names_its_cells_and_its_rule(all_figures: list[Figure[Any]]) -> None:
    assert [figure.rule for figure in all_figures if not figure.cells and figure.value] == []
    assert all(re.search("[\u4e00-\u9fff]", figure.rule) for figure in all_figures)


COLUMNS = {(s.sheet_title(), c.label): c for form in FORMS for s in form.sheets for c in s.columns()}


def other_values(at: Location, column: Column, old: Any) -> Iterator[Any]:
    """Values of the column's type that a clerk might have written instead, likeliest to matter first; last, none."""
    if column.kind.name == "month":
        yield old.replace(year=old.year - 30)
    elif isinstance(old, datetime):
        yield from (old + timedelta(days=days) for days in (-40, 40, -1))
        yield from (datetime(2023, 8, 1), datetime(2023, 8, 20), datetime(2023, 9, 15))
    elif isinstance(old, int | float):
        yield old + 7
    elif column.codes:
        yield from (code for code in reversed(column.codes) if code != old)
    else:
        for target, name in column.names():
            home = "名录.xlsx" if target in FORMS[0].sheets else "督导室月报.xlsx"
            rows = islice(table(EXAMPLE / home, target.sheet_title()), MOST_TRIES)
            yield from (row[target.label_of(name)] for row in rows)
        held = [row.get(column.label) for row in table(EXAMPLE / at.workbook, at.sheet)]
        yield from list(dict.fromkeys(value for value in held if value and value != old))[:MOST_TRIES]
        yield "张甲；李乙；王丙"
    yield None


def test_ten_cells_chosen_at_random_each_change_the_document(all_figures: list[Figure[Any]], tmp_path: Path) -> None:
    original = drafts(Path(shutil.copytree(EXAMPLE, tmp_path / "alone")))
    places = sorted({at for figure in all_figures for at in figure.cells if "/" not in at.workbook})
    for number, at in enumerate(random.Random(20230833).sample(places, 10)):
        changed = changed_drafts(at, tmp_path / str(number), original)
        assert changed, f"no other value of {at} changes a document"
        before = [draft for draft in original if draft not in changed]
        after = [draft for draft in changed if draft not in original]
        was, now = written(before, tmp_path / f"before-{number}"), written(after, tmp_path / f"after-{number}")
        assert was != now, f"{at} changes what documents are told, and no document"


def changed_drafts(at: Location, folder: Path, original: list[Draft]) -> list[Draft] | None:
    """The drafts with one cell written otherwise, for the first value that a draft shows."""
    shutil.copytree(EXAMPLE, folder)
    column = COLUMNS[at.sheet, label(at)]
    for value in other_values(at, column, cell(EXAMPLE, at.workbook, at.sheet, at.cell)):
        book = load_workbook(folder / at.workbook)
        book[at.sheet][at.cell] = value
        book.save(folder / at.workbook)
        month = load(folder)
        # A required cell left blank takes its row out; one that follows from others does, if it contradicts them.
        taken_out = value is None or column.limits.follows
        if (taken_out or not month.blocked) and (changed := drafts(folder)) != original:
            return changed
    return None


def label(at: Location) -> str:
    """The heading over a cell, or beside it on a sheet of one row."""
    sheets = {sheet.sheet_title(): sheet for form in FORMS for sheet in form.sheets}
    letters, line = re.fullmatch("([A-Z]+)([0-9]+)", at.cell).groups()  # type: ignore[union-attr]
    heading = f"A{line}" if sheets[at.sheet].single else f"{letters}1"
    return str(cell(EXAMPLE, at.workbook, at.sheet, heading))


def written(made: list[Draft], folder: Path) -> dict[str, str]:
    """The drafts rendered and read back: name -> text."""
    texts = {}
    for draft in made:
        path = folder / f"{draft.name}{'.docx' if draft.template else '.xlsx'}"
        if draft.template:
            render(TEMPLATES / f"{draft.template}.docx", draft.context, path)
        else:
            write_workbook(draft, path)
        texts[draft.name] = text(path)
    return texts


def test_a_figure_refuses_arithmetic_but_compares_and_prints_like_its_value() -> None:
    three, four = (Figure(n, "行数", How.COUNT) for n in (3, 4))
    assert three < four
    assert three == 3
    assert f"{three}人{three:03d}" == "3人003"
    assert sorted([four, three]) == [3, 4]
    assert not Figure(0, "行数", How.COUNT)
    for wrong in (lambda: three + four, lambda: 1 + three, lambda: sum([three]), lambda: round(three)):
        with pytest.raises(TypeError, match="行数"):
            wrong()
