"""The forms against the contract: ledgers.csv lists every workbook, sheet and column, its type, need, codes, rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.forms.catalogue import FORMS
from pipeline.forms.rules import AT_FAULT, Rule
from pipeline.forms.schema import Column, Row
from pipeline.intake.crosschecks import FURTHER

HERE = Path(__file__).parent
LEDGERS = list(csv.DictReader((HERE / "ledgers.csv").read_text(encoding="utf-8").splitlines()))

COLUMNS = {
    (form.name, sheet.sheet_title(), column.label): (sheet, column)
    for form in FORMS
    for sheet in form.sheets
    for column in sheet.columns()
}


def place(entry: dict[str, str]) -> tuple[str, str, str]:
    return entry["workbook"], entry["sheet"], entry["column"]


def type_of(column: Column) -> str:
    """The type by the contract's name: text, integer, ..., list, codelist, reflist."""
    prefix = "" if column.kind.name == "text" and column.many else column.kind.name
    return f"{prefix}list" if column.many else column.kind.name


def references(column: Column) -> str:
    """The target of a reference as the contract writes it."""
    targets = [
        f"{target.sheet_title()}."
        + "|".join(target.label_of(name) for sheet, name in column.names() if sheet is target)
        for target in column.targets
    ]
    earlier = " (this or an earlier month)" if column.limits.earlier else ""
    return " or ".join([*targets, *column.limits.besides]) + earlier


def test_the_forms_have_exactly_the_columns_of_the_contract_in_its_order() -> None:
    assert list(COLUMNS) == [place(entry) for entry in LEDGERS]


@pytest.mark.parametrize("entry", LEDGERS, ids=lambda entry: "·".join(place(entry)))
def test_a_column_is_as_the_contract_has_it(entry: dict[str, str]) -> None:
    _, column = COLUMNS[place(entry)]
    assert type_of(column) == entry["type"]
    assert column.required == (entry["required"] == "yes")
    wanted = entry["ref_or_codes"]
    if entry["type"] in ("code", "codelist", "yesno"):
        assert "|".join(column.codes) == wanted
    elif entry["type"] in ("ref", "reflist"):
        assert references(column) == wanted
    else:
        assert not column.codes
        assert not column.targets
    if wanted.startswith("key"):
        assert column.limits.key
    if wanted == "unique":
        assert column.limits.unique


def numbers(sheet: type[Row], column: Column) -> str:
    """The numbers under which a column may be blamed beyond its type: its own rules, then what its limits carry."""
    limits = column.limits
    carried = {
        "KY-01": limits.key or limits.unique,
        "KY-02": column.many and column in sheet.names(),
        "TY-10": limits.pattern,
        "TY-11": (limits.minimum, limits.maximum) != (None, None),
        "TY-12": limits.longest,
        "PR-01": limits.at_least,
        "RF-03": limits.earlier,
    }
    own = [rule.number for rule in (*sheet.rules(), *FURTHER.get(sheet, ())) if rule.at == column.label]
    return " ".join([*own, *(number for number, carries in carried.items() if carries)])


NUMBERED = {
    place(entry): entry["numbers"]
    for entry in csv.DictReader((HERE / "ledgers_numbers.csv").read_text(encoding="utf-8").splitlines())
}
"""The rule numbers beside each rule cell of the contract, held by a person against its words."""


@pytest.mark.parametrize("entry", [e for e in LEDGERS if e["rule"]], ids=lambda entry: "·".join(place(entry)))
def test_every_rule_cell_of_the_contract_has_its_rule_numbers(entry: dict[str, str]) -> None:
    given = numbers(*COLUMNS[place(entry)])
    assert given
    assert given == NUMBERED[place(entry)]


RULES = [rule for form in FORMS for sheet in form.sheets for rule in (*sheet.rules(), *FURTHER.get(sheet, ()))]


def test_every_rule_has_a_number_of_its_own() -> None:
    numbers = [rule.number for rule in RULES]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 40


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_a_rule_is_a_chinese_sentence_that_names_only_columns_of_its_sheet(rule: Rule) -> None:
    (sheet,) = [s for form in FORMS for s in form.sheets if rule in (*s.rules(), *FURTHER.get(s, ()))]
    words = rule.sentence.format(**{AT_FAULT: "示例"}, **{column.label: "示例" for column in sheet.columns()})
    assert any("\u4e00" <= char <= "\u9fff" for char in words)
    assert rule.at in {column.label for column in sheet.columns()}


def test_every_label_is_a_valid_identifier_so_that_templates_can_use_it() -> None:
    assert [label for _, _, label in COLUMNS if not label.isidentifier()] == []
