"""The catalogue of documents: what each is made from, what it tells of, and the drafts that a dossier gives."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.documents.context import Context
from pipeline.dossier.dossier import Dossier
from pipeline.forms.schema import Row

Contexts = Callable[[Dossier], Iterator[tuple[str, Context]]]
"""What a document's function is: it yields the subject's name and a context for each document; see `document`."""


@dataclass(frozen=True)
class Draft:
    """A document to be: its file without the ending, its template, what the template may use, and whom it is about."""

    name: str
    template: str
    context: dict[str, Any]
    subject: str


@dataclass(frozen=True)
class Document:
    """A kind of document.

    scope: the sheets it tells of; a blocked row on one of them withholds it. picked_by: of those sheets, the attribute
    whose value (a unit, a school) picks the rows of one document; of the others every row counts for every document.
    """

    template: str
    family: str
    context: type[Context]
    scope: frozenset[type[Row]]
    picked_by: Mapping[type[Row], str]
    name: str
    contexts: Contexts

    def drafts(self, dossier: Dossier) -> Iterator[Draft]:
        """The drafts of this kind; none where the dossier holds nothing to tell."""
        for subject, context in self.contexts(dossier):
            yield Draft(self.file(subject, dossier), self.template, context.spoken(), subject)

    def file(self, subject: str, dossier: Dossier) -> str:
        """The path, within the month's folder and without the ending, of the document about a subject."""
        period = dossier.period
        return f"{self.family}/{file_name(self.name.format(subject=subject, year=period.year, month=period.month))}"


def file_name(title: str) -> str:
    """The title as a file's name that Windows and Linux both take: Chinese kept, forbidden characters made full-width.

    At most 80 characters, so that with its ending it stays under 255 bytes of UTF-8; never "" nor a name of dots alone.
    """
    visible = "".join(char for char in title.translate(_FULL_WIDTH) if char.isprintable())
    return visible[:LONGEST_NAME].strip(" .") or "未命名"


LONGEST_NAME = 80
_FULL_WIDTH = str.maketrans('/\\:*?"<>|', "／＼：＊？＂＜＞｜")

_CATALOGUE: list[Document] = []


def document(
    template: str,
    *,
    family: str,
    name: str,
    context: type[Context],
    scope: Collection[type[Row]],
    picked_by: Mapping[type[Row], str] | None = None,
) -> Callable[[Contexts], Document]:
    """Declare a generator of (subject, context) as a document.

    template: the file name, without its ending, under input_templates/word; family: the folder; name: the file's name,
    in which {subject}, {year} and {month} are filled in; the subject is whom the document is about.
    """

    def declare(contexts: Contexts) -> Document:
        declared = Document(template, family, context, frozenset(scope), picked_by or {}, name, contexts)
        _CATALOGUE.append(declared)
        return declared

    return declare


def documents() -> tuple[Document, ...]:
    """Every document that a module of this room declares, in the order of the modules' names."""
    package = importlib.import_module("pipeline.documents")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"pipeline.documents.{module}")
    return tuple(sorted(_CATALOGUE, key=lambda kind: kind.contexts.__module__))
