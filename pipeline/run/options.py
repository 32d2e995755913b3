"""The options of a run, defined once for the command line, a county among many, and the record of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.forms.period import Period
from pipeline.run.templates import FOLDER, LetterLook

DRAFT_MARK = "（草稿）"
PLAIN = LetterLook()


@dataclass(frozen=True)
class RunOptions:
    """What a run makes, and from what.

    period: a month; or several (2024Q1, 2024H1, 2024), for their summaries; None for the newest month. look: the form
    of letters, and whether they are sealed. draft: make every document as a draft, even a withheld one, without faulty
    rows; none while 基础信息 or 报告信息 is faulty, since nothing could be signed. pdf: also print what was made as
    PDF, next to it. pdf_seconds: see `printed`. parcels: also write a zip for each recipient, with PDFs if they are
    made. number_from: the first number for letters without one, as written (see `registering.NumberStart`); "" leaves
    them without.
    """

    period: Period | None = None
    templates: Path = FOLDER
    look: LetterLook = PLAIN
    draft: bool = False
    pdf: bool = False
    pdf_seconds: float | None = None
    parcels: bool = False
    number_from: str = ""

    @property
    def is_longer(self) -> bool:
        """Whether the period has several months."""
        return self.period is not None and self.period.months > 1

    @property
    def mark(self) -> str:
        """The ending of the names of the folder and the documents."""
        return DRAFT_MARK if self.draft else ""

    def deciding(self) -> Mapping[str, object]:
        """The options that change a month's output, besides its templates; part of a manifest's hash."""
        return {
            "look": asdict(self.look),
            "draft": self.draft,
            "pdf": self.pdf,
            "parcels": self.parcels,
            "number_from": self.number_from,
        }


AS_USUAL = RunOptions()
