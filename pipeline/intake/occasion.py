"""The month and zone to which a sentence's examples are adapted; knows no sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.forms.period import Period

_EXAMPLE = re.compile(
    r"(?<![0-9])2024(?:(?P<plain>[0-9]{2})(?:-01(?=-[0-9]{3}))?|(?<![A-Z]-2024)-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?![0-9])"
)
"""The month in the forms' examples: 202403-01 before a running number, 2024-03-31, 2024-03, 2024."""


@dataclass(frozen=True)
class Occasion:
    """A month and a zone's number, "02"; if unknown, examples stay as in the forms."""

    period: Period | None = None
    zone: str = ""

    def fitted(self, words: str) -> str:
        """Words of a form or sentence with examples from this month: 写作 WT-202506-02-001, 如 2025-06-30."""
        return _EXAMPLE.sub(self._example, words) if self.period and "2024" in words else words

    def _example(self, match: re.Match[str]) -> str:
        period = self.period
        if period is None:
            return match[0]
        if match["plain"]:
            zone = f"-{self.zone or '01'}" if "-" in match[0] else ""
            return f"{period.year}{period.month:02}{zone}"
        if match["month"] is None:
            return str(period.year)
        day = f"-{min(int(match['day']), period.last_day.day):02}" if match["day"] else ""
        return f"{period.year}-{period.month:02}{day}"
