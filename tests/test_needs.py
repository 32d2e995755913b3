"""What other cells make a column require: declared at every such column, seen in the blank as the rules see it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.catalogue import FORMS, OFFICE_REPORT, REGISTRY
from pipeline.forms.needs import FILLED, Alone, Before, Beyond, Holding, Lacking, Matched, Need, Term, is_absent, term
from pipeline.forms.rules import Rule
from pipeline.forms.schema import Column, Form, Row
from pipeline.forms.zone import Problem
from pipeline.intake.loading import load
from pipeline.run.report import report
from pipeline.workbooks import blanks, instructions
from tests.example.build import SOURCE, Rows, workbooks
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE

SHEETS = [pytest.param(sheet, id=sheet.sheet_title()) for form in FORMS for sheet in form.sheets]
NEEDS = [
    pytest.param(sheet, column, need, id=f"{sheet.sheet_title()}-{column.label}")
    for form in FORMS
    for sheet in form.sheets
    for column in sheet.columns()
    for need in column.needs
]
RULES = {rule.number: rule for form in FORMS for sheet in form.sheets for rule in sheet.rules()}
PINK, YELLOW = "FFFFC7CE", "FFFFEB9C"


# Declarations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sheet", "column", "need"), NEEDS)
def test_a_need_names_columns_of_its_sheet_and_the_rule_that_speaks(
    sheet: type[Row], column: Column, need: Need
) -> None:
    assert not column.required, "required without a case"
    assert not need.sentence or RULES[need.number].severity is need.severity
    for case in need.cases:
        assert {each.attribute for each in case.terms} <= set(sheet.model_fields) - {column.attribute}
        assert not (need.sentence and (case.beyond or case.meant)), "a rule by itself is about its row alone"
    assert need.said(sheet.label_of).endswith(("必填", "宜填", "一般都要填"))


def test_a_rule_that_a_column_declares_is_asked_like_any_other() -> None:
    assert RULES["WT-09"].at == "完成日期"
    assert not RULES["WT-09"].needs_month
    assert RULES["WT-09"] in Problem.rules()


def _emptied(row: Row, column: Column) -> Row:
    return row.changed({column.attribute: () if column.many else None})


def _variants(row: Row) -> Iterator[Row]:
    """The row, and the row with each of its codes replaced by each other one."""
    yield row
    for column in type(row).columns():
        held = getattr(row, column.attribute)
        for value in () if column.many or held is None else type(held) if column.codes and held in column.codes else ():
            yield row.changed({column.attribute: value})


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_column_that_other_cells_require_is_left_undeclared(sheet: type[Row]) -> None:
    month = load(EXAMPLE)
    rules = [rule for rule in sheet.rules() if not rule.of_last_month]
    for row in month.all(sheet)[:: max(1, len(month.all(sheet)) // 12)]:
        for variant in _variants(row):
            for column in (column for column in sheet.columns() if not column.required):
                if is_absent(getattr(variant, column.attribute)):
                    continue
                bare = _emptied(variant, column)
                for rule in rules:
                    if rule.at != column.label or _holds(rule, bare, month) or not _holds(rule, variant, month):
                        continue
                    assert _declares(column, rule), f"{rule.number} asks for {column.label}"


def _declares(column: Column, rule: Rule) -> bool:
    """Whether the column declares the rule, or what a workbook can see of one as grave."""
    return any(need.number in (rule.number, "") and need.severity is rule.severity for need in column.needs)


def _holds(rule: Any, row: Row, month: Any) -> bool:
    return rule.holds(row, *([month] if rule.needs_month else [])) in (True, ())


ASKING = re.compile("应填写|补填|宜填写|宜留|应有责任督学|至少填一项|请补上")
NOT_OF_ONE_CELL = {"WT-21": "a whole row is missing"}


def test_every_rule_whose_sentence_asks_for_a_cell_is_declared_at_a_column() -> None:
    undeclared = {
        rule.number
        for form in FORMS
        for sheet in form.sheets
        for rule in sheet.rules()
        for column in sheet.columns()
        if column.label == rule.at and ASKING.search(rule.sentence) and not _declares(column, rule)
    }
    assert undeclared == set(NOT_OF_ONE_CELL)


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_note_repeats_what_a_declaration_says(sheet: type[Row]) -> None:
    assert [column.label for column in sheet.columns() if "必填" in column.limits.note] == []


def test_the_prompt_says_the_case_in_words() -> None:
    columns = {column.label: column for column in Problem.columns()}
    assert instructions.need(columns["完成日期"]) == "视情必填"
    assert instructions.need(columns["整改措施"]) == "视情宜填"
    assert instructions.need(columns["依据条款"]) == "选填"
    words = instructions.hint(Problem, columns["完成日期"])
    assert words.startswith("整改状态为已完成待核查、退回重改或已销号时必填。")


# What the blank shows ------------------------------------------------------------------------------------------------


def _missed(on: Worksheet, line: int, colour: str) -> dict[str, str]:
    """Label of each column that a rule of that colour watches -> the rule's formula for a line."""
    found = {}
    for area in on.conditional_formatting:
        for each in area.rules:
            if each.dxf.fill and each.dxf.fill.bgColor.rgb == colour:
                label = on.cell(1, min(each.min_col for each in area.sqref.ranges)).value
                found[str(label)] = re.sub(r"(?<=[A-Z])2(?![0-9])", str(line), each.formula[0])
    return found


def _recalculated(form: Form, rows: Rows, folder: Path) -> Mapping[tuple[str, int, str], str]:
    """(sheet, line, label) of each coloured cell of a filled workbook -> 红 or 黄, worked out by LibreOffice."""
    if SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed: a formula can only be read, not worked out")
    folder.mkdir(parents=True, exist_ok=True)
    blanks.write(form, folder / "filled.xlsx", rows=rows)
    book = load_workbook(folder / "filled.xlsx")
    asked = []
    for title, written in rows.items():
        if form.sheet(title).single:
            continue
        on, free = book[title], len(form.sheet(title).columns()) + 2
        for line in range(2, len(written) + 2):
            for name, colour in (("红", PINK), ("黄", YELLOW)):
                for label, formula in _missed(on, line, colour).items():
                    on.cell(line, free + len(asked)).value = f"={formula}"
                    asked.append((title, line, free + len(asked), label, name))
    book.save(folder / "asked.xlsx")
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run(
        [*command, str(folder / "out"), str(folder / "asked.xlsx")], check=True, capture_output=True, timeout=180
    )
    answers = load_workbook(folder / "out" / "asked.xlsx", data_only=True)
    coloured: dict[tuple[str, int, str], str] = {}
    for title, line, position, label, name in asked:
        answer = answers[title].cell(line, position).value
        assert isinstance(answer, bool | int), f"{title} {get_column_letter(position)}{line}: {answer}"
        if answer:
            coloured.setdefault((title, line, label), name)
    return coloured


def _red_and_yellow(form: Form, rows: Rows) -> dict[tuple[str, int, str], str]:
    """What `_recalculated` should give, by the declarations."""
    return {
        (title, line, column.label): "红" if missed else "黄"
        for title, written in rows.items()
        if not form.sheet(title).single
        for line, row in enumerate(written, 2)
        for column in form.sheet(title).columns()
        if not row.get(column.label)
        for missed in [_is_missed(form, rows, title, row, column, binding=True)]
        if missed or _is_missed(form, rows, title, row, column, binding=False)
    }


def _is_missed(form: Form, rows: Rows, title: str, row: Mapping[str, str], column: Column, *, binding: bool) -> bool:
    if not any(row.values()) or row.get(column.label):
        return False
    label_of = form.sheet(title).label_of
    return (column.required and binding) or any(
        all(_given(each, row, label_of) for each in case.terms)
        and all(_beyond(each, row, label_of, rows) for each in case.beyond)
        for need in column.needs
        if need.binding is binding
        for case in need.cases
    )


def _given(asked: Term, row: Mapping[str, str], label_of: Any) -> bool:
    held = row.get(label_of(asked.attribute), "")
    if isinstance(asked.wanted, Holding):
        return bool(held) is (asked.wanted is FILLED) if asked.wanted.value != "{}大于 0" else held not in ("", "0")
    return held in {term(value) for value in asked.wanted}


def _beyond(asked: Beyond, row: Mapping[str, str], label_of: Any, rows: Rows) -> bool:
    there, named = rows.get(asked.sheet.sheet_title(), []), asked.sheet.label_of
    if isinstance(asked, Alone):
        return (there[0][named(asked.attribute)] == asked.word) is not asked.other
    if isinstance(asked, Before):
        first = f"{there[0][named(asked.year)]}-{int(there[0][named(asked.month)]):02}-01"
        return "" < row.get(label_of(asked.attribute), "") < first
    if isinstance(asked, Matched):
        return any(all(row.get(label_of(a)) == each.get(named(b)) != "" for a, b in asked.pairs) for each in there)
    assert isinstance(asked, Lacking)
    meant = [each for each in there if each[named(asked.sheet.key()[0])] == row.get(label_of(asked.attribute))]
    return bool(meant) and not any(each.get(named(asked.missing)) for each in meant)


def _bare(sheet: type[Row], rows: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows with their required cells alone, and with those by whose value others are required."""
    asked = {
        each.attribute
        for column in sheet.columns()
        for need in column.needs
        for case in need.cases
        for each in case.terms
        if each.attribute not in {c.attribute for c in sheet.columns() if c.needs}
    }
    kept = {column.label for column in sheet.columns() if column.required or column.attribute in asked}
    return [{label: value if label in kept else "" for label, value in row.items()} for row in rows]


BOOKS = workbooks(SOURCE)
"""The form and the rows of each workbook of the example, by file name."""


@pytest.mark.parametrize(
    "name",
    [
        f"{REGISTRY.name}.xlsx",
        f"{OFFICE_REPORT.name}.xlsx",
        *(n for n in BOOKS if n.endswith(("县本级.xlsx", "云岭责任区.xlsx"))),
    ],
)
def test_another_suite_colours_the_cells_that_the_declarations_say(name: str, tmp_path: Path) -> None:
    form, rows = BOOKS[name]
    some = {title: list(written)[:25] for title, written in rows.items()}
    bare = {
        title: written if form.sheet(title).single else _bare(form.sheet(title), written)
        for title, written in some.items()
    }
    mixed = {title: [*some[title], *bare[title]] if not form.sheet(title).single else some[title] for title in some}
    expected = _red_and_yellow(form, mixed)
    assert expected
    assert dict(_recalculated(form, mixed, tmp_path)) == expected


# The clerk who fills in only what looks required ----------------------------------------------------------------------


ANY = {"督学": "李志刚", "人数": "5", "应报日期": "2023-08-31", "地点": "县教育局"}
"""What a clerk writes where the example has nothing, because another cell says it."""


def _only_what_looks_required(form: Form, rows: Rows) -> Mapping[str, list[dict[str, str]]]:
    """The rows with only their required cells and then those that turn pink, until none is pink."""
    filled = {
        title: [
            {column.label: row[column.label] if column.required else "" for column in form.sheet(title).columns()}
            for row in written
        ]
        for title, written in rows.items()
    }
    for title in form_order(form, rows):
        for row, whole in zip(filled[title], rows[title], strict=True):
            for known in (whole, whole, whole, ANY):
                for column in form.sheet(title).columns():
                    if _is_missed(form, filled, title, row, column, binding=True):
                        row[column.label] = known.get(column.label, "")
    return filled


def form_order(form: Form, rows: Rows) -> list[str]:
    return [sheet.sheet_title() for sheet in form.sheets if sheet.sheet_title() in rows]


def _from_the_drop_downs(rows: Rows) -> Rows:
    """The rows with each school's name as drop-downs offer it, in place of an alias: aliases need not be filled in."""
    schools = BOOKS[f"{REGISTRY.name}.xlsx"][1]["学校名录"]
    offered = {alias: each["学校全称"] for each in schools for alias in (each["规范简称"], *each["别名"].split("；"))}
    return {
        title: [{**row, "学校": offered.get(row["学校"], row["学校"])} if "学校" in row else row for row in written]
        for title, written in rows.items()
    }


def test_a_clerk_who_fills_in_only_what_looks_required_makes_documents_at_the_first_run(tmp_path: Path) -> None:
    folder = tmp_path / "input" / "2023-08"
    folder.mkdir(parents=True)
    for name, (form, rows) in BOOKS.items():
        blanks.write(form, folder / name, rows=_only_what_looks_required(form, _from_the_drop_downs(rows)))
    outcome = report(tmp_path / "input", tmp_path / "output")
    assert [(i.number, i.location.workbook, i.location.cell) for i in outcome.issues if i.severity == "必改"] == []
    assert len(outcome.made) > 50
    assert outcome.withheld == ()
