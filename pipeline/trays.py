"""The trays of an output folder, in the order in which an office works through them; knows no document."""

from __future__ import annotations

from enum import StrEnum


class Tray(StrEnum):
    """A folder within the month's output folder."""

    NONE = ""
    """The folder itself."""
    TO_SIGN = "0-呈签"
    SUMMARIES = "1-总结"
    LETTERS = "2-待发文书"
    LISTS = "3-清单"
    RETURNED = "4-退回"
    TO_SEND = "5-发送"
    CHECKS = "9-校验"
