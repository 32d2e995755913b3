"""The needs of a column as formulas for Excel, WPS and LibreOffice; knows neither layout nor colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.forms.needs import BLANK, POSITIVE, Alone, Before, Beyond, Case, Matched, Need, Term, term
from pipeline.forms.schema import Form, Row

Place = Callable[[str], str]
"""Attribute of a row -> its cell in the row that is asked."""


def asked(needs: Iterable[Need], place: Place) -> str:
    """The formula that is true if a row is in a case of any of the needs; "" without needs."""
    return _any([_case(case, place) for need in needs for case in need.cases])


def named(sheet: type[Row], attribute: str) -> str:
    """The defined name of a column of a sheet, by which formulas and drop-downs of other sheets refer to it.

    Excel until 2007 lets conditional formats and checks see another sheet only by way of a name.
    """
    return f"{sheet.sheet_title()}的{sheet.label_of(attribute)}"


def seen_from_elsewhere(form: Form) -> list[tuple[type[Row], str]]:
    """The columns, as (sheet, attribute), that needs of other sheets of the form look at; [] if none does."""
    needs = (need for sheet in form.sheets for column in sheet.columns() for need in column.needs)
    beyond = (each for need in needs for case in need.cases for each in case.beyond)
    return list(dict.fromkeys(seen for each in beyond for seen in _looked_at(each)))


def filled(cell: str) -> str:
    """The formula that is true if something visible is in a cell."""
    return f"LEN(TRIM({cell}))>0"


def blank(cell: str) -> str:
    """The formula that is true if a cell is empty or holds blanks alone."""
    return f"LEN(TRIM({cell}))=0"


def _case(case: Case, place: Place) -> str:
    parts = [_term(each, place) for each in case.terms] + [_beyond(each, place) for each in case.beyond]
    return f"AND({','.join(parts)})" if len(parts) > 1 else parts[0] if parts else "TRUE"


def _term(asked: Term, place: Place) -> str:
    cell = place(asked.attribute)
    if isinstance(asked.wanted, tuple):
        return _any([_is(cell, value) for value in asked.wanted])
    if asked.wanted is POSITIVE:
        return f"N({cell})>0"
    return blank(cell) if asked.wanted is BLANK else filled(cell)


def _is(cell: str, value: object) -> str:
    word = f'TRIM({cell})="{term(value)}"'
    # A box that is ticked, or a word that a suite has taken for a truth value.
    return f"OR({word},{cell}={str(value).upper()})" if isinstance(value, bool) else word


def _beyond(asked: Beyond, place: Place) -> str:
    if isinstance(asked, Alone):
        return f'TRIM({named(asked.sheet, asked.attribute)}){"<>" if asked.other else "="}"{asked.word}"'
    if isinstance(asked, Before):
        day, year, month = place(asked.attribute), *(named(asked.sheet, each) for each in (asked.year, asked.month))
        return f"AND(N({day})>0,N({day})<DATE({year},{month},1))"
    if isinstance(asked, Matched):
        pairs = (f"{named(asked.sheet, there)},{place(here)}" for here, there in asked.pairs)
        return f"COUNTIFS({','.join(pairs)})>0"
    key, missing = named(asked.sheet, asked.sheet.key()[0]), named(asked.sheet, asked.missing)
    cell = place(asked.attribute)
    return f'AND(COUNTIF({key},{cell})>0,COUNTIFS({key},{cell},{missing},">0")=0)'


def _looked_at(asked: Beyond) -> list[tuple[type[Row], str]]:
    if isinstance(asked, Alone):
        return [(asked.sheet, asked.attribute)]
    if isinstance(asked, Before):
        return [(asked.sheet, asked.year), (asked.sheet, asked.month)]
    if isinstance(asked, Matched):
        return [(asked.sheet, there) for _, there in asked.pairs]
    return [(asked.sheet, asked.sheet.key()[0]), (asked.sheet, asked.missing)]


def _any(parts: list[str]) -> str:
    return f"OR({','.join(parts)})" if len(parts) > 1 else "".join(parts)
