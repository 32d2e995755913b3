"""What clerks replied to what is to be verified: an accepted reply settles it until the cell changes; asks nothing.

A reply is given in the column 核实说明 of a workbook that came back. It is about one content of one cell, known by a
fingerprint of the rule, the row and what was written; so it holds in later months too, and not for another content.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.schema import Row
from pipeline.intake.files.marks import LONGEST_CODE, Reply
from pipeline.intake.issues import split
from pipeline.intake.joining import Month
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked

LENGTH = 16
"""Hexadecimal digits of a fingerprint; its first LONGEST_CODE stand in the workbook."""
_NO_REPLY = frozenset({"", "无", "/", "-", "—", "——", "否", "没有"})
_LATE = "（原来写的核实说明“{words}”说的是改动之前的内容，请重新核实）"
_BEFORE_ASKED = "（这一行原有的核实说明“{words}”写在问这一处之前，没有采用，仍留在原处；请核实后重新写明）"
_PIECES = re.compile("[;；\n]")


@dataclass(frozen=True)
class SettledIssue:
    """What was to be verified and is answered: the issue, its fingerprint, the reply, and the month of the reply."""

    issue: Issue
    fingerprint: str
    words: str
    since: str = ""


class RowIdentities:
    """What makes a row the same in another run: the zone and its key; without a key, all that it says."""

    def __init__(self, month: Month) -> None:
        self._month = month

    def fingerprint(self, issue: Issue) -> str:
        """That of what an issue is about; "" for an issue at no single cell of a row."""
        row = self._row(issue)
        if row is None:
            return ""
        content = [issue.number, issue.location.sheet, row, issue.label, plain(issue.written)]
        return hashlib.sha256("\0".join(content).encode(errors="replace")).hexdigest()[:LENGTH]

    def place(self, issue: Issue) -> str:
        """What an issue is about whatever is written there now: by its row, or else by its cell."""
        row = self._row(issue, of_key=True)
        return "|".join((issue.number, issue.location.sheet, issue.label, issue.location.cell if row is None else row))

    def _row(self, issue: Issue, *, of_key: bool = False) -> str | None:
        place = issue.location
        if not place.cell or issue.cells != 1 or ":" in place.cell:
            return None
        zone = self._month.zone_of_workbook.get(place.workbook, "")
        line = split(place.cell)[1]
        entry = self._rows.get((place.workbook, place.sheet, str(line))) or self._rows.get(
            (place.workbook, place.sheet, "")
        )
        if entry is None:
            return None
        key, everything = _identity(entry)
        return None if of_key and not key and entry.origin.line else f"{zone}|{key or everything}"

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str, str], Row | Blocked]:
        entries: list[Row | Blocked] = [row for rows in self._month.rows.values() for row in rows]
        entries += self._month.blocked
        return {(one.origin.workbook, one.origin.sheet, one.origin.line): one for one in entries}


def _identity(entry: Row | Blocked) -> tuple[str, str]:
    """The row's key as one text, and all that it says; both "" on a single-row sheet."""
    if not entry.origin.line:
        return "", ""
    sheet = entry.sheet if isinstance(entry, Blocked) else type(entry)
    written = {
        column.attribute: plain(
            shown(entry.values.get(column.label) if isinstance(entry, Blocked) else getattr(entry, column.attribute))
        )
        for column in sheet.columns()
    }
    key = [written[name] for name in sheet.key()]
    return "|".join(key) if any(key) else "", "|".join(written.values())


def settled(
    month: Month, known: Mapping[str, tuple[str, str]], asked_before: Mapping[str, str]
) -> tuple[Month, tuple[SettledIssue, ...]]:
    """The month without what is answered, and what is; unchanged without replies.

    known: earlier replies by fingerprint, each with its month; asked_before: what runs over this month have asked, as
    `questions` gives it. A reply that was not given to this very question does not count: the clerk is asked, with the
    reply.
    """
    if not month.replies and not known:
        return month, ()
    rows = RowIdentities(month)
    asked = list(_asked(month, rows))
    labels: dict[tuple[str, str, int], set[str]] = {}
    for issue, _ in asked:
        labels.setdefault(_line(issue), set()).add(issue.label)
    found: dict[int, SettledIssue] = {}
    late: dict[int, Issue] = {}
    for issue, fingerprint in asked:
        reply = month.replies.get(_line(issue))
        words = _about(issue.label, reply, labels[_line(issue)]) if reply else ""
        if reply and words and _is_about(reply, fingerprint, asked_before):
            said, since = known.get(fingerprint, ("", ""))
            found[id(issue)] = SettledIssue(issue, fingerprint, words, since if said == words else str(month.period))
        elif fingerprint in known:
            found[id(issue)] = SettledIssue(issue, fingerprint, *known[fingerprint])
        elif reply and words:
            why = _LATE if reply.codes else _BEFORE_ASKED
            late[id(issue)] = replace(issue, sentence=issue.sentence + why.format(words=words))
    issues = tuple(late.get(id(issue), issue) for issue in month.issues if id(issue) not in found)
    return replace(month, issues=issues), tuple(found.values())


def questions(month: Month) -> dict[str, str]:
    """By fingerprint, what the month asks at single cells of rows, with the reply that already stands beside the row.

    "" for no reply; {} for several months as one, whose workbooks do not go back.
    """
    if month.parts:
        return {}
    beside = {at: reply.words for at, reply in month.replies.items()}
    return {code: beside.get(_line(issue), "") for issue, code in _asked(month, RowIdentities(month))}


def _asked(month: Month, rows: RowIdentities) -> Iterator[tuple[Issue, str]]:
    """What is to be verified at single cells of rows, with fingerprints."""
    for issue in month.issues:
        if issue.severity is Severity.请核实 and (fingerprint := rows.fingerprint(issue)):
            yield issue, fingerprint


def _line(issue: Issue) -> tuple[str, str, int]:
    return issue.location.workbook, issue.location.sheet, split(issue.location.cell)[1]


def _is_about(reply: Reply, fingerprint: str, asked_before: Mapping[str, str]) -> bool:
    """Whether a reply is about this content: the words beside it say so.

    Without words, which clerks may delete, it is if a run has asked this and the reply was written after that.
    """
    if reply.codes:
        return fingerprint[:LONGEST_CODE] in reply.codes
    return asked_before.get(fingerprint, reply.words) != reply.words


def _about(label: str, reply: Reply, labels: set[str]) -> str:
    """What a reply says about one of the row's labels: its own piece, 列名：说明, or else all of it; "" for nothing."""
    pieces = [piece.strip() for piece in _PIECES.split(reply.words)]
    own: dict[str, str] = {}
    for piece in pieces:
        head, colon, words = piece.replace(":", "：", 1).partition("：")
        name = head.strip(" “”\"'")
        if colon and name in labels:
            own[name] = words.strip()
    words = own.get(label, "") if own else reply.words.strip()
    return "" if plain(words) in _NO_REPLY else words
