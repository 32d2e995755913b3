"""What a rule is: a condition on a row with its number, sentence and severity; knows no particular sheet."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pipeline.forms.faults.fault import Severity, 必改

H = TypeVar("H", bound=Callable[..., bool | tuple[str, ...]])

AT_FAULT = "有误之处"
"""In a rule's sentence, stands for the words that the rule finds at fault."""


@dataclass(frozen=True, eq=False)
class Rule:
    """A condition on a row: number, sentence for the clerk (labels in braces), the column blamed, severity.

    holds: True if the row is right; or the words in it that are at fault, () if it is right.
    """

    number: str
    sentence: str
    at: str
    severity: Severity
    holds: Callable[..., bool | tuple[str, ...]]
    of_last_month: bool = False

    def __reduce__(self) -> tuple[Callable[[Callable[..., bool | tuple[str, ...]]], Rule], tuple[object]]:
        """Pickled as its method, so that another process gets its own rule of that method."""
        return rule_of, (self.holds,)

    @cached_property
    def needs_month(self) -> bool:
        """Whether the rule looks at rows other than its own."""
        return len(inspect.signature(self.holds).parameters) > 1


def rule(
    number: str, sentence: str, *, at: Any, severity: Severity = 必改, of_last_month: bool = False
) -> Callable[[H], H]:
    """Declare a method of a Row as a rule: it gives True if the row is right, or the words at fault, () if it is right.

    The sentence follows the cell's address and says what is wrong and how to fix it; a label in braces stands for the
    row's value, {有误之处} for the words at fault. A rule that needs other rows takes the month as its second argument;
    with `of_last_month` it is checked on last month's rows.
    """

    def declare(method: H) -> H:
        method.__dict__["rule"] = Rule(number, sentence, at.alias, severity, method, of_last_month)
        return method

    return declare


def rule_of(method: Callable[..., bool | tuple[str, ...]]) -> Rule:
    """The rule that a method of a Row is declared as; KeyError for another method."""
    declared: Rule = method.__dict__["rule"]
    return declared
