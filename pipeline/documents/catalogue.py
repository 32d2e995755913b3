"""The catalogue of documents: what each is made from, what it tells of, and the drafts that a dossier gives."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.documents.context import Context
from pipeline.dossier.dossier import Dossier
from pipeline.forms.schema import Row


@dataclass(frozen=True)
class Draft:
    """A document to be: the name of its file without the ending, its template, and what the template may use."""

    name: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A kind of document. `scope`: the sheets it tells of; a blocked row on one of them withholds it."""

    template: str
    family: str
    context: type[Context]
    scope: frozenset[type[Row]]
    contexts: Callable[[Dossier], Iterator[tuple[str, Context]]]

    def drafts(self, dossier: Dossier) -> Iterator[Draft]:
        """The drafts of this kind; none where the dossier holds nothing to tell."""
        for name, context in self.contexts(dossier):
            yield Draft(f"{self.family}/{name}", self.template, context.spoken())


_CATALOGUE: list[Document] = []


def document(
    template: str, *, family: str, context: type[Context], scope: Collection[type[Row]]
) -> Callable[[Callable[[Dossier], Iterator[tuple[str, Context]]]], Document]:
    """Declare a generator of (file name, context) as a document, made from a template of that name."""

    def declare(contexts: Callable[[Dossier], Iterator[tuple[str, Context]]]) -> Document:
        declared = Document(template, family, context, frozenset(scope), contexts)
        _CATALOGUE.append(declared)
        return declared

    return declare


def documents() -> tuple[Document, ...]:
    """Every document that a module of this room declares, in the order of the modules' names."""
    package = importlib.import_module("pipeline.documents")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"pipeline.documents.{module}")
    return tuple(_CATALOGUE)
