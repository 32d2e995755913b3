"""What a fault of the catalogue is, and the issue that it makes at a place; looks at no cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any, Protocol

from pipeline.forms.places import Location


class Severity(StrEnum):
    """How much an issue weighs: 必改 blocks its row; the others never block."""

    必改 = "必改"
    请核实 = "请核实"
    提示 = "提示"


必改, 请核实, 提示 = Severity


class Hidden(Enum):
    """What of a month is not read because of a fault."""

    NOTHING = auto()
    SHEET = auto()
    """The sheet where it stands, or a part of it; of a fault with a label, that column."""
    FILE = auto()
    """The whole file, also if the fault stands at a cell."""


@dataclass(frozen=True, eq=False)
class Fault:
    """A fault that many sheets or files can have: its number, how much it weighs, its sentence, and what it hides.

    There is one object of each. Braces in the sentence are filled from the words given to `at`; lighter: the severity
    in cases in which less is at stake.
    """

    number: str
    severity: Severity
    sentence: str
    hides: Hidden = Hidden.NOTHING
    lighter: Severity | None = None

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Every severity that its issues may have."""
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


class Numbered(Protocol):
    """What an issue comes of: a fault of the catalogue, or a rule of a sheet."""

    @property
    def number(self) -> str:
        """By which people name it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: its cause, severity, place, sentence, column label ("" for a whole sheet or file), what was written.

    cells: how many cells it is reported for; of several, its place names them all (see `pipeline.intake.repeats`).
    about: the title of a sheet whose rows it concerns besides those of the sheet where it stands; "" for none.
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
        """That of the fault or rule."""
        return self.fault.number

    @property
    def hides(self) -> Hidden:
        """What is not read because of it; a broken rule hides nothing."""
        return self.fault.hides if isinstance(self.fault, Fault) else Hidden.NOTHING

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of the sheets whose rows it concerns; ("",) for a whole file."""
        return (self.location.sheet, self.about) if self.about else (self.location.sheet,)

    def __str__(self) -> str:
        """Where, what, and how to put it right, on one line."""
        label = f"“{self.label}”" if self.label else ""
        return f"{self.location}{label}：{self.sentence}（规则 {self.number}）"


# What is no fault ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Reason:
    """Why a value is taken in another form than it was written: a number and a clause. There is one object of each."""

    number: str
    sentence: str

    def at(self, place: Location, label: str, written: str, taken: str) -> Normalisation:
        """The value of a cell that was taken otherwise for this reason."""
        return Normalisation(self.number, place, label, written, taken, self.sentence)


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A value that was accepted in another form than it was written, and why; never done in silence."""

    number: str
    location: Location
    label: str
    written: str
    taken: str
    reason: str
