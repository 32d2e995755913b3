"""What other cells make a column require, declared once: asked of rows, and said in words; knows no sheet, no Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pipeline.forms.code import Code
from pipeline.forms.faults.fault import Severity, 必改


class Holding(Enum):
    """What a cell holds, whatever its value."""

    FILLED = "填了{}"
    BLANK = "没有填{}"
    POSITIVE = "{}大于 0"


FILLED, BLANK, POSITIVE = Holding.FILLED, Holding.BLANK, Holding.POSITIVE

Naming = Callable[[str], str]
"""Attribute of a row -> its label."""


@dataclass(frozen=True)
class Term:
    """What a cell of the same row must hold for a case: one of some values, or something of a kind."""

    attribute: str
    wanted: Holding | tuple[object, ...]

    def holds(self, row: Any) -> bool:
        """Whether the row's cell is so."""
        value = getattr(row, self.attribute)
        if isinstance(self.wanted, tuple):
            return value in self.wanted
        if self.wanted is POSITIVE:
            return bool(value)
        return is_absent(value) is (self.wanted is BLANK)

    def said(self, label_of: Naming) -> str:
        """The term in words."""
        label = label_of(self.attribute)
        if isinstance(self.wanted, Holding):
            return self.wanted.value.format(label)
        return f"{label}为{_either([_shown(value) for value in self.wanted])}"


@dataclass(frozen=True)
class Alone:
    """What the only row of another sheet of the workbook holds in a column: that word, or any other."""

    sheet: type[Any]
    attribute: str
    word: str
    other: bool = False

    def said(self, label_of: Naming) -> str:  # noqa: ARG002
        """The term in words."""
        return f"{self.sheet.label_of(self.attribute)}{'不是' if self.other else '为'}{self.word}"


@dataclass(frozen=True)
class Before:
    """A day of the row lies before the month that the only row of another sheet gives with its year."""

    attribute: str
    sheet: type[Any]
    year: str = "year"
    month: str = "month"

    def said(self, label_of: Naming) -> str:
        """The term in words."""
        return f"{label_of(self.attribute)}早于本月"


@dataclass(frozen=True)
class Lacking:
    """The row of another sheet of the workbook that this row names has a blank in a column."""

    attribute: str
    sheet: type[Any]
    missing: str

    def said(self, label_of: Naming) -> str:  # noqa: ARG002
        """The term in words."""
        return f"“{self.sheet.sheet_title()}”表中没有填{self.sheet.label_of(self.missing)}"


@dataclass(frozen=True)
class Matched:
    """A row of another sheet of the workbook has the same values: pairs of an attribute here, and one there."""

    sheet: type[Any]
    pairs: tuple[tuple[str, str], ...]

    def said(self, label_of: Naming) -> str:
        """The term in words."""
        return f"“{self.sheet.sheet_title()}”表中有同一{'、'.join(label_of(here) for here, _ in self.pairs)}的一行"


Beyond = Alone | Before | Lacking | Matched
"""A term that looks beyond the row, at another sheet of the same workbook; only the workbook can be asked it."""


@dataclass(frozen=True)
class Case:
    """Terms that together make a column required; without terms, it always is.

    meant: the case in words, if its terms only come near it, since a workbook does not hold all that the rule looks at.
    """

    terms: tuple[Term, ...]
    beyond: tuple[Beyond, ...] = ()
    meant: str = ""

    def holds(self, row: Any) -> bool:
        """Whether the row is in this case, as far as its own cells say."""
        return all(each.holds(row) for each in self.terms)

    def said(self, label_of: Naming) -> str:
        """The case in words; "" if it has no terms."""
        return self.meant or "，且".join(each.said(label_of) for each in (*self.terms, *self.beyond))


def when(*beyond: Beyond, meant: str = "", **terms: object) -> Case:
    """The case that each attribute named holds one of its values, or is FILLED, BLANK or POSITIVE."""
    return Case(tuple(Term(attribute, _wanted(wanted)) for attribute, wanted in terms.items()), beyond, meant)


@dataclass(frozen=True)
class Need:
    """A column must not be blank in any of some cases.

    number, sentence: of the rule whose condition this is; "" if a method is the rule, and the cases are only the part
    of its condition that a workbook can see.
    """

    number: str
    cases: tuple[Case, ...]
    severity: Severity = 必改
    sentence: str = field(default="", repr=False)

    @property
    def binding(self) -> bool:
        """Whether a blank keeps the row out."""
        return self.severity is 必改

    def applies(self, row: Any) -> bool:
        """Whether the row is in one of the cases."""
        return any(case.holds(row) for case in self.cases)

    def said(self, label_of: Naming) -> str:
        """When the column is to be filled in, in a sentence: must be, or should be."""
        several = any(len(case.terms) + len(case.beyond) > 1 for case in self.cases)
        cases = ("；或" if several else "，或").join(case.said(label_of) for case in self.cases)
        cases += " " if cases[-1:].isdigit() else ""
        if self.binding:
            return f"{cases}时必填" if cases else "必填"
        return f"{cases}时宜填" if cases else "一般都要填"


def need(number: str, sentence: str, *cases: Case, severity: Severity = 必改) -> Need:
    """The need that is a rule by itself: a row in one of the cases whose cell is blank breaks it."""
    return Need(number, cases, severity, sentence)


def as_seen(*cases: Case, severity: Severity = 必改) -> Need:
    """What a workbook can see of a rule that is a method: it looks further, or has more to say than that is blank."""
    return Need("", cases, severity)


def is_absent(value: object) -> bool:
    """Whether a cell was blank, by the value read from it."""
    return value is None or value == ()


def term(value: object) -> str:
    """A value as a clerk sees it in a cell."""
    return "是" if value is True else "否" if value is False else str(value)


def _shown(value: object) -> str:
    return f" {value}" if isinstance(value, int) and not isinstance(value, bool) else term(value)


def _wanted(wanted: object) -> Holding | tuple[object, ...]:
    if isinstance(wanted, Holding):
        return wanted
    if isinstance(wanted, str | int) or not isinstance(wanted, Iterable):
        return (wanted,)
    values = tuple(wanted)
    codes = [value for value in values if isinstance(value, Code)]
    if codes:
        order = list(type(codes[0]))
        return tuple(sorted(codes, key=order.index))
    return values


def _either(words: list[str]) -> str:
    *first, last = words
    return f"{'、'.join(first)}或{last}" if first else last
