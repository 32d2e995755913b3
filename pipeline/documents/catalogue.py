"""The catalogue of documents: what each is made from, what it reports, and the drafts that a dossier gives."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from pipeline.documents import periods
from pipeline.documents.context import Context
from pipeline.documents.filing import Filing
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.figures import Plot
from pipeline.dossier.province import Province
from pipeline.dossier.statistics import Statistics
from pipeline.forms.codes import DocumentKind
from pipeline.forms.office import DocumentEntry
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.trays import Tray

ZONE_OF_WORKBOOK = "责任区"
"""In place of an attribute: a document's rows are those of one zone's workbook."""

WORKBOOK = ""
"""In place of a template: the document is a workbook (.xlsx); its headings are the labels of its rows."""


class Contents(NamedTuple):
    """What a document's function yields: its subject, and what its template may use.

    called: the subject's name in the file name, if different; remarks: what the office should know about this document,
    a sentence each; charts: the data of the template's charts, by alternative text; problems: for a notice that is sent
    only once, the 问题编号 it lists; statistics: the facts of a workbook of statistics. to: to whom it goes, as written
    (see `pipeline.dossier.recipients`), () for a document that stays in the office; by: the last day on which it is of
    use to them, None without such a day. filed: how a letter is filed in 文件台账, None for what has no number.
    """

    subject: str
    context: Context
    called: str = ""
    remarks: tuple[str, ...] = ()
    charts: Mapping[str, Plot] = MappingProxyType({})
    problems: tuple[str, ...] = ()
    statistics: Statistics | None = None
    to: tuple[str, ...] = ()
    by: date | None = None
    filed: Filing | None = None


Story = Dossier | Province
Contexts = Callable[[Any], Iterator[Contents]]
LeftOut = Callable[[Any], Iterator[tuple[str, str]]]
Makes = Callable[[Any, Period], bool]


@dataclass(frozen=True)
class Draft:
    """A document to be written: its file without extension, its template, what the template may use, its subject."""

    name: str
    template: str
    context: dict[str, Any]
    subject: str
    remarks: tuple[str, ...] = ()
    charts: Mapping[str, Plot] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    statistics: Statistics | None = None
    to: tuple[str, ...] = ()
    by: date | None = None
    filed: Filing | None = None


@dataclass(frozen=True, eq=False)
class Document:
    """A kind of document.

    scope: the sheets it reports; a blocked row on one of them withholds it. picked_by: for some of these sheets, the
    attribute that assigns a row to one document by its value (a unit, a school; any item of a list), or
    ZONE_OF_WORKBOOK; on other sheets every row counts for every document. only: which of a sheet's rows it reports, by
    the values of some attributes (for a column without codes: by being filled). made_by: the sheet whose rows decide
    which documents exist. blank_is_any: a row with a blank in the picking cell may belong to any subject (a school's
    problem, to its town). made_from: what it is made from, a county's month or that of several counties. longer: it
    covers several months, otherwise one. left_out: what is left out although its rows exist, by subject, a sentence
    each. makes: whether a row of `made_by` makes a document in a period.
    """

    template: str
    """Its file name without extension, or WORKBOOK."""
    tray: Tray
    family: str
    """The folder within the tray; "" for the tray itself."""
    context: type[Context]
    scope: frozenset[type[Row]]
    name: str
    contexts: Contexts
    picked_by: Mapping[type[Row], str]
    only: Mapping[type[Row], Mapping[str, Collection[str]]]
    made_by: type[Row] | None
    blank_is_any: bool
    made_from: type[Story] = Dossier
    longer: bool = False
    left_out: LeftOut = lambda _: iter(())
    makes: Makes = lambda _row, _period: True

    def drafts(self, dossier: Story) -> Iterator[Draft]:
        """The drafts of this kind; none if the dossier has nothing for it, or covers another length of time."""
        for contents in self.contexts(dossier) if self.covers(dossier.asked) else ():
            name = self.file(contents.called or contents.subject, dossier)
            spoken = contents.context.spoken()
            draft = Draft(
                name,
                self.template,
                spoken,
                contents.subject,
                contents.remarks,
                contents.charts,
                contents.problems,
                contents.statistics,
                contents.to,
                contents.by,
                contents.filed,
            )
            del contents, spoken  # while the document is written, its facts are held once
            yield draft
            del draft

    def unmade(self, dossier: Story) -> Iterator[tuple[str, str]]:
        """Documents of this kind, or parts of them, left out although their rows exist: the file's name, a sentence."""
        for subject, remark in self.left_out(dossier) if self.covers(dossier.asked) else ():
            yield self.file(subject, dossier).rpartition("/")[2], remark

    def covers(self, period: Period) -> bool:
        """Whether it is made for a period of this length: a single month, or several."""
        return self.longer == (period.months > 1)

    @property
    def folder(self) -> str:
        """The folder of its documents within the month's; "" for the month's itself."""
        return "/".join(part for part in (self.tray, self.family) if part)

    def file(self, called: str, dossier: Story) -> str:
        """The path of the document about a subject, within the month's folder and without extension."""
        period = dossier.period
        if "{month}" in self.name:
            called = called.removeprefix(f"{period.year}年{period.month}月")  # the file name has these words anyway
        term = periods.called(dossier.asked)
        name = file_name(self.name, called, year=period.year, month=period.month, term=term)
        return f"{self.folder}/{name}" if self.folder else name

    @property
    def filed_as(self) -> frozenset[DocumentKind]:
        """The 文种 under which 文件台账 may have its documents; empty for what has no number."""
        return frozenset(map(DocumentKind, self.only.get(DocumentEntry, {}).get("kind", ())))

    @property
    def title(self) -> str:
        """The kind's name if no subject is known."""
        if self.template == WORKBOOK:
            return re.sub("[{][a-z]+[}][年月]?", "", self.name)
        return f"{self.template}（{self.family}）" if self.tray is Tray.LISTS and self.family else self.template


LONGEST_NAME = 228
"""Bytes of UTF-8: with a mark, a number and the extension, a name stays under Linux's 255 (76 characters)."""
_FULL_WIDTH = str.maketrans('/\\:*?"<>|', "／＼：＊？＂＜＞｜")


def file_name(pattern: str, subject: str, **words: object) -> str:
    """A file name that Windows and Linux both accept: Chinese kept, forbidden characters made full-width.

    The subject replaces {subject} in the pattern, and is cut if the whole would exceed LONGEST_NAME; never "" nor a
    name of dots only.
    """
    visible = "".join(char for char in subject.translate(_FULL_WIDTH) if char.isprintable()).strip(" .")
    name = pattern.format(subject=visible, **words)
    while len(name.encode()) > LONGEST_NAME and visible:
        visible = visible.removesuffix("…")[:-1]
        visible = f"{visible}…" if visible else ""
        name = pattern.format(subject=visible, **words)
    return name.strip(" .") or "未命名"


def unlike(name: str, taken: Collection[str]) -> str:
    """The name, numbered if another file already has it; case is ignored, as some file systems do."""
    number, unique = 1, name
    while unique.casefold() in taken:
        number += 1
        unique = f"{name}（{number}）"
    return unique


_CATALOGUE: list[Document] = []


def document(
    template: str,
    *,
    tray: Tray,
    family: str = "",
    name: str,
    context: type[Context],
    scope: Collection[type[Row]],
    picked_by: Mapping[type[Row], str] | None = None,
    only: Mapping[type[Row], Mapping[str, Collection[str]]] | None = None,
    made_by: type[Row] | None = None,
    blank_is_any: bool = False,
    made_from: type[Story] = Dossier,
    longer: bool = False,
    left_out: LeftOut = lambda _: iter(()),
    makes: Makes = lambda _row, _period: True,
) -> Callable[[Contexts], Document]:
    """Declare a generator of Contents as a document; see `Document`.

    template: the file name, without extension, under input_templates/word, or WORKBOOK; tray and family: the folder
    and the one within it; name: the file's name, with {subject}, {year}, {month} and {term} to be filled in; the
    subject is whom the document is about.
    """

    def declare(contexts: Contexts) -> Document:
        declared = Document(
            template,
            tray,
            family,
            context,
            frozenset(scope),
            name,
            contexts,
            picked_by or {},
            only or {},
            made_by,
            blank_is_any,
            made_from,
            longer,
            left_out,
            makes,
        )
        _CATALOGUE.append(declared)
        return declared

    return declare


def documents(made_from: type[Story] = Dossier) -> tuple[Document, ...]:
    """Every document made from a month of one county (or of several), in the order of the modules' names."""
    return tuple(kind for kind in all_documents() if kind.made_from is made_from)


def all_documents() -> tuple[Document, ...]:
    """Every document that a module of this room declares, ordered by module name."""
    package = importlib.import_module("pipeline.documents")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"pipeline.documents.{module}")
    return tuple(sorted(_CATALOGUE, key=lambda kind: kind.contexts.__module__))


def templated() -> tuple[Document, ...]:
    """Every document made from a Word template."""
    return tuple(document for document in all_documents() if document.template != WORKBOOK)
