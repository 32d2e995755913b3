"""Which file a workbook was before it ever came back, and how often it has; knows no form."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO

from pipeline.intake.files.marks import LINEAGE_PROPERTY, ROUND_PROPERTY
from pipeline.intake.files.package import WorkbookPackage

_LENGTH = 16
"""Hexadecimal digits of an origin."""


@dataclass(frozen=True)
class Lineage:
    """A hash of the file that a workbook was before it ever came back, and how many times it has come back."""

    origin: str
    round: int = 0

    @classmethod
    def of(cls, content: bytes) -> Lineage:
        """That of a workbook; one that never came back is its own origin."""
        try:
            with WorkbookPackage(BytesIO(content)) as package:
                found = stated(package)
        except (ValueError, KeyError, OSError, zipfile.BadZipFile):
            found = None
        return found or cls(hashlib.sha256(content).hexdigest()[:_LENGTH])

    @property
    def next(self) -> Lineage:
        """The same, come back once more."""
        return Lineage(self.origin, self.round + 1)


def stated(package: WorkbookPackage) -> Lineage | None:
    """The lineage that a workbook bears; None for one that never came back."""
    origin = package.custom_property(LINEAGE_PROPERTY)
    number = package.custom_property(ROUND_PROPERTY) if origin else None
    return Lineage(origin, int(number) if number and number.isdecimal() else 1) if origin else None
