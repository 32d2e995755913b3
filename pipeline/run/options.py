"""What somebody asks of a run, once: the command line, a county among many and the record of a run share it."""

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
    """What a run makes, and of what.

    period: a month, or several (2024Q1, 2024H1, 2024), of which the summaries are written; None for the newest month.
    look: the form of letters, and whether they are sealed. draft: every document as a draft, also if a fault withholds it:
    without the rows at fault; none while 基础信息 or 报告信息 is at fault, since nothing could be signed. pdf: print what was
    made as PDF too, beside it. pdf_seconds: see `printed`. zip_notices: write 通知.zip too, of all notices and their PDFs.
    """

    period: Period | None = None
    templates: Path = FOLDER
    look: LetterLook = PLAIN
    draft: bool = False
    pdf: bool = False
    pdf_seconds: float | None = None
    zip_notices: bool = False

    @property
    def is_longer(self) -> bool:
        """Whether the period has several months."""
        return self.period is not None and self.period.months > 1

    @property
    def mark(self) -> str:
        """What the names of the folder and of the documents end in."""
        return DRAFT_MARK if self.draft else ""

    def deciding(self) -> Mapping[str, object]:
        """Those by which the output of a month differs, besides its templates; as a manifest's hash takes them in."""
        return {"look": asdict(self.look), "draft": self.draft, "pdf": self.pdf, "zip_notices": self.zip_notices}


AS_USUAL = RunOptions()
