"""What becomes of a run's letters once they are written: numbers, rows to register, edits by hand; writes no letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.documents.letters import UNNUMBERED_REMARK
from pipeline.forms.faults.fault import Issue
from pipeline.intake.joining import Month
from pipeline.run.press import Press
from pipeline.run.registering import (
    NO_NUMBERS,
    OPTION,
    PROPOSALS,
    Numbers,
    NumberStart,
    numbered,
    put_numbers,
    waiting,
    without_letter,
    write_proposals,
)
from pipeline.run.renumbering import EditedLetter, LetterRecord, keep_edits


@dataclass(frozen=True)
class Registration:
    """What is to be registered of a run's letters.

    numbers: those proposed, by this run or an earlier one; proposals: 待编文号.xlsx within the month's folder, None if
    every letter has its number; waiting: the letters without one; numbered: the letters that this run numbered, each
    with its number, in order; issues: rows without a letter.
    """

    numbers: Numbers = NO_NUMBERS
    proposals: str | None = None
    waiting: tuple[str, ...] = ()
    numbered: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = ()


NO_REGISTRATION = Registration()


def register(press: Press, months: Sequence[Month], before: Mapping[str, Any]) -> Registration:
    """Number the letters if asked to, and propose the rows that 文件台账 lacks; nothing for drafts.

    months: this one, and the earlier ones whose numbers are taken; before: the manifest of the run before. Raises
    OSError, and PipelineError as `numbered` does.
    """
    known = Numbers.recorded_in(before)
    if press.options.draft:
        return Registration(known)
    start, proposed = NumberStart.parse(press.options.number_from), NO_NUMBERS
    if start:
        known = numbered(press.letters, start, months, known)
        press.letters = put_numbers(press.folder, press.letters, known)
        proposed = known
        _tell(press, proposed)
    due = waiting(press.letters, proposed)
    if due:
        write_proposals(press.folder, due, months[0])
    return Registration(
        known,
        PROPOSALS if due else None,
        tuple(_stem(one.file) for one in due if one.waits),
        tuple((_stem(one.file), one.number) for one in sorted(due, key=lambda one: one.order) if one.number),
        tuple(without_letter(press.letters, press.unsure, months[0])),
    )


def _stem(file: str) -> str:
    return PurePosixPath(file).stem


def _tell(press: Press, proposed: Numbers) -> None:
    """Take the numbers over into what is told about the letters, and into what is sent."""
    numbers = {one.file: one.number for one in waiting(press.letters, proposed) if one.number}
    press.sent = [replace(one, number=numbers.get(one.file) or one.number) for one in press.sent]
    by_stem = {_stem(file): number for file, number in numbers.items()}
    press.remarks = [
        (
            (title, f"文号 {by_stem[title]} 是按 {OPTION} 编的，还没有登记；请把 {PROPOSALS} 放进本月的数据文件夹")
            if title in by_stem and remark.startswith(UNNUMBERED_REMARK)
            else (title, remark)
        )
        for title, remark in press.remarks
    ]


def keep(press: Press, folder: Path) -> tuple[EditedLetter, ...]:
    """Keep the letters of the run before that somebody edited, if only number and date change; note all in the record.

    () for drafts, and without such a letter. Raises OSError.
    """
    if press.options.draft:
        return ()
    records = {
        one.file: LetterRecord.of(one, (press.folder / one.file).read_bytes()).recorded() for one in press.letters
    }
    edited = keep_edits(press.folder, folder, press.letters)
    made = {one.file: one.made for one in edited}
    press.made = [
        replace(one, letter=records[one.file], made=made.get(one.file, "")) if one.file in records else one
        for one in press.made
    ]
    return edited
