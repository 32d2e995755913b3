"""The marks in a workbook that came back from the office: how they are told from data; writes none, knows no form.

A clerk may leave them, move them, delete half of them, or copy them: what is left of them is never read as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.forms.cells import is_blank, plain
from pipeline.forms.faults.fault import Severity

MARK = "【校验】"
"""The beginning of every heading, title and note that the office has put into a clerk's workbook."""
FAULTS, ANSWER = f"{MARK}有误之处", f"{MARK}核实说明"
"""The headings of the two columns beside a table: what is wrong with the row, and what the clerk answers."""
LIST_TITLE = f"{MARK}问题清单"
LIST_HEADING = ("级别", "表", "单元格", "列", "填写内容", "问题与改法", "规则")
"""The first sheet: its first cell begins with the title; a later line is this heading."""
SETTLED = "已核实"
"""Stands for the severity of what a clerk has answered."""
LINEAGE_PROPERTY, ROUND_PROPERTY, BEFORE_PROPERTY = "退回原件", "退回次数", "退回前"
"""Custom document properties: the hash of the unmarked file, how often it came back, its number of styles and so on."""
LONGEST_CODE = 8
_BEGINNING = re.compile(f"【(?:{'|'.join((*Severity, SETTLED))})】")
_WRITTEN = (
    *(word.encode() for word in (MARK, *(f"【{severity}】" for severity in Severity))),
    MARK.encode("ascii", "xmlcharrefreplace"),
    *("".join(f"&#x{ord(one):{digits}};" for one in MARK).encode() for digits in "xX"),
)
_CODE = re.compile(rf"（核实码 ([0-9a-f]{{{LONGEST_CODE}}})）")


@dataclass(frozen=True)
class Reply:
    """What a clerk has written as 核实说明 beside a row, and the codes of what was asked there; () if none is left."""

    words: str
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CellMarks:
    """The marks among a sheet's cells: their columns, from 0, and the replies by line; empty for most sheets."""

    columns: frozenset[int] = frozenset()
    replies: Mapping[int, Reply] = field(default_factory=dict)


def speaks_of_marks(xml: bytes) -> bool:
    """Whether a part may hold marks: a quick look that misses none, even if characters are written as numbers."""
    return any(word in xml for word in _WRITTEN)


def coded(code: str) -> str:
    """A code as it ends a fault's words, so that the reply beside them is known to be about this content."""
    return f"（核实码 {code}）"


def found(cells: Sequence[Sequence[Any]]) -> CellMarks:
    """The columns of marks in a sheet: those under our headings, and those with our words alone, under no heading.

    If only the heading of 核实说明 was deleted, the column beside 有误之处 is still taken for it.
    """
    headed = dict(_headed(cells))
    worded = {place for place in _beginning_with_words(cells) if place not in headed and _has_words_alone(cells, place)}
    faults = {place for place, (_, heading) in headed.items() if heading == FAULTS} | worded
    answers = {place for place, (_, heading) in headed.items() if heading == ANSWER}
    for place in [] if answers else sorted(faults):
        line = headed.get(place, (0, ""))[0]
        if place in headed and place + 1 not in headed and is_blank(_at(cells, line, place + 1)):
            answers.add(place + 1)
    columns = frozenset({*headed, *worded, *answers})
    headings = {line for line, _ in headed.values()}
    return CellMarks(columns, dict(_replies(cells, faults, answers, headings)))


def without(cells: list[list[Any]], marks: CellMarks) -> list[list[Any]]:
    """The cells with every marked one blank; changed in place."""
    for line in cells if marks.columns else ():
        for place in marks.columns:
            if place < len(line):
                line[place] = ""
    return cells


def is_list(cells: Sequence[Sequence[Any]]) -> bool:
    """Whether a sheet is our list of faults, whatever it is called now: by its title, or by the heading below it."""
    top = [[plain(value) for value in line] for line in cells[:_TOP]]
    titled = any(line and line[0].startswith(LIST_TITLE) for line in top)
    return titled or any(tuple(line[: len(LIST_HEADING)]) == LIST_HEADING for line in top)


def note_without_marks(note: str) -> str:
    """A comment without what the office has added below; "" for one that is the office's alone."""
    return note.partition(MARK)[0].rstrip()


_TOP = 8


def _headed(cells: Sequence[Sequence[Any]]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Each column with one of our headings: its place, the heading's line, and the heading."""
    for number, line in enumerate(cells):
        for place, value in enumerate(line):
            if type(value) is str and value.lstrip().startswith(MARK):
                heading = ANSWER if ANSWER in plain(value) else FAULTS
                yield place, (number, heading)


def _beginning_with_words(cells: Sequence[Sequence[Any]]) -> set[int]:
    return {
        place
        for line in cells
        for place, value in enumerate(line)
        if type(value) is str and value[:1] == "【" and _BEGINNING.match(value)
    }


def _has_words_alone(cells: Sequence[Sequence[Any]], place: int) -> bool:
    column = (line[place] for line in cells if place < len(line) and not is_blank(line[place]))
    return all(isinstance(value, str) and _BEGINNING.match(value) for value in column)


def _replies(
    cells: Sequence[Sequence[Any]], faults: set[int], answers: set[int], headings: set[int]
) -> Iterator[tuple[int, Reply]]:
    for number, line in enumerate(cells):
        words = "；".join(str(line[place]).strip() for place in sorted(answers) if not is_blank(_of(line, place)))
        if words and number not in headings:
            said = "".join(str(_of(line, place)) for place in faults)
            yield number, Reply(words, frozenset(_CODE.findall(said)))


def _at(cells: Sequence[Sequence[Any]], line: int, place: int) -> Any:
    return _of(cells[line], place) if line < len(cells) else ""


def _of(line: Sequence[Any], place: int) -> Any:
    return line[place] if place < len(line) else ""
