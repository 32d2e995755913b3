"""The Jinja environment of all templates (autoescape, sandbox, strict) and its Chinese filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pipeline.dossier.figures import Absent
from pipeline.word.rendering.signatures import unsealed
from pipeline.word.rendering.titles import by_sense
from pipeline.words import chinese

_FULL_STOPS = "。！？…："
_CLOSING = "”’）》』」"
_LOOSE_ENDS = "。；;，,、. "


MISSING = "missing"
"""The draft's variable for what is missing; the only name that is not Chinese, so no other can clash with it."""
ARITHMETIC = {"int", "float", "round", "sum", "abs", "filesizeformat", "random"}
"""Jinja's filters that compute or invent a figure: templates do not count."""


def environment(*, draft: bool = False) -> ImmutableSandboxedEnvironment:
    """A new environment: values are escaped, code is sandboxed, an unknown variable is an error.

    Printing an absent fact is an error too; a draft prints 【待补：label】 instead.
    """
    made = _Environment(autoescape=True, undefined=StrictUndefined, finalize=_printed_in_a_draft if draft else _printed)
    for name in ARITHMETIC & set(made.filters):
        del made.filters[name]
    wrap = _passing_absence if draft else _refusing_absence
    made.filters.update({name: wrap(_unescaped(spoken)) for name, spoken in FILTERS.items()})
    made.tests["有"] = lambda value: not isinstance(value, Absent)
    return made


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, looking among the labels first: a label is never a method of dict, such as `items`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            if obj.__class__ is dict:
                return obj[attribute]
        except KeyError:
            pass
        return super().getattr(obj, attribute)


_NOT_IN_XML = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold (XML 1.0, production 2), except BEL and FF: docxtpl makes paragraphs and pages of them."""


def _printed(value: Any) -> Any:
    """A value as printed, without what XML cannot hold: lxml would drop much of the text after it."""
    # XML forbids nothing that is printable, and most values are: they skip the pattern.
    if value.__class__ is str and value.isprintable():
        return value
    return value if hasattr(value, "__html__") else _NOT_IN_XML.sub("", str(value))


def _printed_in_a_draft(value: Any) -> Any:
    return f"【待补：{value.label}】" if isinstance(value, Absent) else _printed(value)


def _unescaped(spoken: Callable[[Any], str]) -> Callable[[Any], str]:
    """The filter, given the text of {% filter %} unescaped: the semicolon of `&gt;` does not end a sentence."""
    return lambda value: escape(spoken(value.unescape())) if isinstance(value, Markup) else spoken(value)


def _refusing_absence(spoken: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: str(value) if isinstance(value, Absent) else spoken(value)


def _passing_absence(spoken: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, Absent) else spoken(value)


def long_date(day: date) -> str:
    """2024年3月31日: Arabic figures, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_day(day: date) -> str:
    """8月31日."""
    return f"{day.month}月{day.day}日"


def each_day(days: Iterable[date]) -> str:
    """8月4日、5日、9日、10日: each month is named once; "" without a day."""
    months = [list(group) for _, group in groupby(days, key=lambda day: (day.year, day.month))]
    return "、".join("、".join([month_day(first), *(f"{day.day}日" for day in rest)]) for first, *rest in months)


def span(days: Iterable[date], *, year: bool = True) -> str:
    """2024年9月4日至13日: first day to last, year and month named once; "" without a day.

    year: whether to name a year that both days share; two different years are always named.
    """
    given = list(days)
    if not given:
        return ""
    first, last = given[0], given[-1]
    if first.year != last.year:
        return f"{long_date(first)}至{long_date(last)}"
    begins = long_date(first) if year else month_day(first)
    if first == last:
        return begins
    return f"{begins}至{f'{last.day}日' if first.month == last.month else month_day(last)}"


def span_without_year(days: Iterable[date]) -> str:
    """9月4日至13日: without the year, for a place where the text before names it."""
    return span(days, year=False)


def enumerated(names: Iterable[object]) -> str:
    """Names joined by 、; titles in book-title marks by nothing (GB/T 15834-2011, 4.5.3.5)."""
    joined = ""
    for name in (str(item) for item in names):
        joined += name if not joined or (joined[-1] == "》" and name[0] == "《") else f"、{name}"
    return joined


def clauses(texts: Iterable[object]) -> str:
    """Clauses joined by ；, their own final marks removed; "" for none."""
    return "；".join(open_ended(text) for text in texts)


def one_by_one(texts: Iterable[object]) -> str:
    """一是……；二是……; a single text without a number; "" for none."""
    listed = [open_ended(text) for text in texts]
    if len(listed) < 2:
        return "".join(listed)
    return "；".join(f"{chinese(number)}是{text}" for number, text in enumerate(listed, start=1))


def sentence(text: object) -> str:
    """The text with exactly one final mark: its own, or a full stop; a closing quote stays last."""
    written = str(text).rstrip(" \n")
    ended = written.rstrip(_CLOSING).endswith(tuple(_FULL_STOPS))
    return written if ended else f"{open_ended(written)}。"


def open_ended(text: object) -> str:
    """The text without a final mark, so that a sentence can go on."""
    return str(text).rstrip(_LOOSE_ENDS)


FILTERS: dict[str, Callable[[Any], str]] = {
    "日期": long_date,
    "月日": month_day,
    "逐日": each_day,
    "起止": span,
    "月日起止": span_without_year,
    "顿号": enumerated,
    "分号": clauses,
    "逐条": one_by_one,
    "句": sentence,
    "去句号": open_ended,
    "分行": by_sense,
    "署名": unsealed,
}
