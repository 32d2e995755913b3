"""A fault of the catalogue, and the issue that it makes at a place; looks at no cell."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any, Protocol

from pipeline.forms.places import Location


class Severity(StrEnum):
    """The severity of an issue: 必改 blocks its row; the others never block."""

    必改 = "必改"
    请核实 = "请核实"
    提示 = "提示"


必改, 请核实, 提示 = Severity


class Hidden(Enum):
    """What of a month is not read because of a fault."""

    NOTHING = auto()
    SHEET = auto()
    """The sheet at its place, or a part of it; with a label, that column."""
    FILE = auto()
    """The whole file, even if the fault is at a cell."""


@dataclass(frozen=True, eq=False)
class Fault:
    """A fault that many sheets or files can have: its number, severity, sentence, and what it hides.

    There is one object for each. Braces in the sentence are filled in with the words given to `at`; lighter: the
    severity if less is at stake.
    """

    number: str
    severity: Severity
    sentence: str
    hides: Hidden = Hidden.NOTHING
    lighter: Severity | None = None

    def __reduce__(self) -> tuple[Callable[[str, str], Fault], tuple[str, str]]:
        """Pickled by name, so that another process gets its own object: faults are compared by identity."""
        name = self.number.replace("-", "_")
        of_catalogue = (module for module in sys.modules if module.startswith(f"{__package__}."))
        return _named, (next(each for each in of_catalogue if vars(sys.modules[each]).get(name) is self), name)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Every severity that its issues can have."""
        return (self.severity, self.lighter) if self.lighter else (self.severity,)

    def at(
        self,
        place: Location,
        label: str = "",
        *,
        written: str = "",
        lightly: bool = False,
        about: str = "",
        **words: Any,
    ) -> Issue:
        """The issue of this fault at a place, under a column's label, for what is written there.

        lightly: with its lighter severity. about: see `Issue`. words: what fills the sentence, besides label and
        written.
        """
        severity = self.lighter if lightly and self.lighter else self.severity
        sentence = self.sentence.format(**{"label": label, "written": written, **words})
        return Issue(self, severity, place, sentence, label, written, about=about)


def _named(module: str, name: str) -> Fault:
    found: Fault = getattr(importlib.import_module(module), name)
    return found


class Numbered(Protocol):
    """The cause of an issue: a fault of the catalogue, or a rule of a sheet."""

    @property
    def number(self) -> str:
        """The number by which people name it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: its cause, severity, place, sentence, column label ("" for a whole sheet or file), what was written.

    cells: how many cells it is reported for; the place of several names them all (see `pipeline.intake.repeats`).
    about: the title of another sheet whose rows it concerns, besides those of its own; "" for none.
    """

    fault: Numbered
    severity: Severity
    location: Location
    sentence: str
    label: str = ""
    written: str = ""
    cells: int = 1
    about: str = ""

    @property
    def number(self) -> str:
        """The number of the fault or rule."""
        return self.fault.number

    @property
    def hides(self) -> Hidden:
        """What is not read because of it; a broken rule hides nothing."""
        return self.fault.hides if isinstance(self.fault, Fault) else Hidden.NOTHING

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of the sheets with rows it concerns; ("",) for a whole file."""
        return (self.location.sheet, self.about) if self.about else (self.location.sheet,)

    def __str__(self) -> str:
        """Place, fault and remedy, on one line."""
        label = f"“{self.label}”" if self.label else ""
        return f"{self.location}{label}：{self.sentence}（规则 {self.number}）"


# Not faults ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Reason:
    """Why a value is read differently from what is written: a number and a clause. There is one object for each.

    Braces in the clause are filled in with the words given to `at`; fills: the cell is blank, and the value follows
    from other cells.
    """

    number: str
    sentence: str
    fills: bool = False

    def at(self, place: Location, label: str, written: str, taken: str, /, **words: str) -> Normalisation:
        """The normalisation of a cell for this reason."""
        return Normalisation(self.number, place, label, written, taken, self.sentence.format(**words), self.fills)


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A value that was read differently from what is written, or filled in, and why; always listed."""

    number: str
    location: Location
    label: str
    written: str
    taken: str
    reason: str
    filled: bool = False
    """Whether the cell is blank, and the value follows from other cells."""
