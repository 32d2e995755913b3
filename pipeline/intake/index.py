"""Every row of a month under its names, and what was not read of the workbooks; knows no file and no document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain

from pipeline.forms.catalogue import FORMS
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Hidden, Issue
from pipeline.forms.registry import Inspector, School, Town, Zone
from pipeline.forms.schema import Column, Form, Row
from pipeline.intake.suggestions import nearest, several
from pipeline.intake.validation import Blocked, Checked

Unread = Mapping[str, frozenset[tuple[str, str]]]
"""By sheet title: the workbooks in which the sheet ("") or the column with a label was not read."""
MOST_SOUGHT = 1_000
"""Unknown names for which a similar one is sought: a month with more was filled with another county's names."""
_NEVER_BARE = (Zone, Town, School, Inspector)
_FEW = 8
"""Rows under one name that are searched one by one."""


def unread(issues: Iterable[Issue]) -> Unread:
    """What is missing from the workbooks, by the issues that hide it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for issue in issues:
        if issue.hides is Hidden.SHEET:
            for title in issue.sheets:
                found.setdefault(title, set()).add((issue.location.workbook, issue.label))
    return {sheet: frozenset(places) for sheet, places in found.items()}


def with_unread(known: Unread, sheets: Iterable[type[Row]], workbooks: Iterable[str]) -> Unread:
    """The same, plus these sheets of these workbooks."""
    further = frozenset((workbook, "") for workbook in workbooks)
    return {**known, **{title: known.get(title, frozenset()) | further for title in (s.sheet_title() for s in sheets)}}


@cache
def form_of(sheet: type[Row]) -> Form:
    """The form that has the sheet."""
    return next(form for form in FORMS if sheet in form.sheets)


class Index:
    """Every row under its key, its unique columns and its names, compared without blanks and width.

    Blocked rows are included, so that one fault does not become an issue of every row that refers to it. A name of its
    own (key or unique column) precedes an alias. If two rows have the same such name, which is reported at both, the
    first is meant.
    """

    def __init__(self, tables: Mapping[type[Row], Checked], unread: Unread) -> None:
        self.unread = unread
        self._own: dict[type[Row], dict[str, list[Row | Blocked]]] = {}
        self._aliases: dict[type[Row], dict[str, list[Row | Blocked]]] = {}
        self._meant: dict[tuple[Column, str], tuple[list[Row | Blocked], str | None]] = {}
        self._names: dict[tuple[type[Row], ...], Sequence[str]] = {}
        self._nearest: dict[tuple[tuple[type[Row], ...], str], str] = {}
        self._several: dict[tuple[tuple[type[Row], ...], str], tuple[str, ...]] = {}
        for sheet, table in tables.items():
            own, aliases = self._own.setdefault(sheet, {}), self._aliases.setdefault(sheet, {})
            crowds: dict[int, set[int]] = {}
            for column in sheet.names():
                entries = own if column.limits.key or column.limits.unique else aliases
                for row in table.rows:
                    _enter(entries, crowds, row, getattr(row, column.attribute))
                for blocked in table.blocked:
                    _enter(entries, crowds, blocked, blocked.values.get(column.label))

    def rows(self, sheet: type[Row], name: str) -> list[Row | Blocked]:
        """The row of the sheet with the name, or all with that alias; [] for none."""
        own = self._own.get(sheet, {}).get(plain(name), [])[:1]
        return own or self._aliases.get(sheet, {}).get(plain(name), [])

    def reads(self, sheet: type[Row], *attributes: str, asked_by: Row | None = None) -> bool:
        """Whether the sheet, with those columns, was read in every workbook that should have it.

        For a sheet of the asking row's own form, only the asking row's workbook matters.
        """
        if asked_by is not None and form_of(type(asked_by)) is form_of(sheet):
            return self.reads_in(sheet, asked_by.origin.workbook, *attributes)
        books = {book for book, _ in self.unread.get(sheet.sheet_title(), ())}
        return sheet in self._own and all(self.reads_in(sheet, book, *attributes) for book in books)

    def is_bare(self, sheet: type[Row]) -> bool:
        """Whether it is a register that every county has, was read, and has no row.

        That is reported once, and not again for every missing name.
        """
        return sheet in _NEVER_BARE and not self._own.get(sheet) and self.reads(sheet)

    def reads_in(self, sheet: type[Row], workbook: str, *attributes: str) -> bool:
        """Whether the sheet, with those columns, was read in that workbook."""
        lacking = self.unread.get(sheet.sheet_title())
        labels = ("", *(sheet.label_of(attribute) for attribute in attributes))
        return not lacking or not any((workbook, label) in lacking for label in labels)

    def meant(self, column: Column, name: str) -> tuple[list[Row | Blocked], str | None]:
        """The rows that a name in a column may mean, and the row's full name or key if there is only one."""
        if (column, name) not in self._meant:
            by_target = ((target, self.rows(target, name)) for target in column.targets)
            target, matches = next(((target, found) for target, found in by_target if found), (Row, []))
            full = _full_name(column, target, matches[0], name) if len(matches) == 1 else None
            self._meant[column, name] = matches, full
        return self._meant[column, name]

    def names(self, sheets: tuple[type[Row], ...]) -> Sequence[str]:
        """Every name of the sheets' rows, in the form for comparison."""
        if sheets not in self._names:
            held = (names.get(sheet, {}) for sheet in sheets for names in (self._own, self._aliases))
            self._names[sheets] = list(chain.from_iterable(held))
        return self._names[sheets]

    def nearest(self, sheets: tuple[type[Row], ...], written: str) -> str:
        """，是否应为“……” for the most similar name in the sheets; "" if none is similar.

        Each name is looked up once, and only the first MOST_SOUGHT unknown ones; later ones are reported without.
        """
        key = sheets, plain(written)
        if key not in self._nearest and len(self._nearest) < MOST_SOUGHT:
            self._nearest[key] = nearest(key[1], self.names(sheets), self.names((Town,)))
        return self._nearest.get(key, "")

    def several(self, sheets: tuple[type[Row], ...], written: str) -> tuple[str, ...]:
        """The names into which a text divides, all in the sheets or nearly so; () for one name or other words.

        Each text is examined once; after MOST_SOUGHT texts, only exactly written names count.
        """
        key = sheets, written
        if key not in self._several:
            known = self.names(sheets) if len(self._several) < MOST_SOUGHT else ()
            self._several[key] = several(written, lambda part: any(self.rows(sheet, part) for sheet in sheets), known)
        return self._several[key]


def _enter(
    entries: dict[str, list[Row | Blocked]], crowds: dict[int, set[int]], entry: Row | Blocked, name: object
) -> None:
    """Put the row once under a name, or under each of several; a blocked row's list is still one text.

    crowds: the rows under a name that many have, so that they are not all searched for each further one.
    """
    for written in name if isinstance(name, tuple) else () if name is None else (name,):
        bearers = entries.setdefault(plain(written), [])
        if len(bearers) < _FEW:
            known = any(bearer is entry for bearer in bearers)
        else:
            crowd = crowds.setdefault(id(bearers), set())
            crowd.update(map(id, bearers[len(crowd) :]))
            known = id(entry) in crowd
        if not known:
            bearers.append(entry)


def naming(column: Column, target: type[Row]) -> str:
    """The attribute with a row's full name, or its key, in the form that a column should have."""
    by_column = (name for sheet, name in column.names() if sheet is target)
    return next(by_column, (*target.named_by, *target.key())[0])


def _full_name(column: Column, target: type[Row], entry: Row | Blocked, written: str) -> str:
    attribute = naming(column, target)
    full = getattr(entry, attribute) if isinstance(entry, Row) else entry.values.get(target.label_of(attribute))
    return written if full is None or str(full) == written else str(full)
