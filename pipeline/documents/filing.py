"""How a letter is filed in 文件台账: what its row must have to be found again; reads no document."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.forms.codes import DocumentKind
from pipeline.forms.office import DocumentEntry


class Filing(NamedTuple):
    """The 文种 and 关联编号 of a letter's row, and the row that was found; None if there is none yet.

    about: a word that the title in the row must have, to tell it from other letters on the same subject.
    """

    kind: DocumentKind
    related: str
    entry: DocumentEntry | None
    about: str = ""

    @property
    def key(self) -> str:
        """Tells this letter from the others of its month."""
        return "／".join(part for part in (str(self.kind), self.related, self.about) if part)
