"""Issues grouped by cause and ordered for readers; makes none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from pipeline.forms.catalogue import FORMS
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.period import Period
from pipeline.forms.places import Location

MOST_SHOWN = 300
"""Addresses of one cause named in a line of text."""


# Groups --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IssueGroup:
    """The issues of one rule in one column: one cause is reported once, with every address.

    Issues of several months read together form one group too; its workbook's name is then without a month, and its
    place names each month.
    """

    number: str
    severity: Severity
    workbook: str
    sheet: str
    label: str
    issues: tuple[Issue, ...]

    @property
    def sentence(self) -> str:
        """The first issue's sentence, which speaks for all; what differs in the others is given at their addresses."""
        return self.issues[0].sentence

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address once, O5 before O12, with what is peculiar to it: O5（8月31日）; () for a whole sheet or file.

        Consecutive lines that do not differ are one address: O5–O12.
        """
        return _addresses(self._details())

    @property
    def place(self) -> str:
        """For clerks: 名录.xlsx › 学校名录 › “在校生数” K25、K30; over several months, 2024-03、2024-04：K25."""
        return self.placed(MOST_SHOWN)

    def placed(self, most: int) -> str:
        """The same, with at most this many addresses."""
        column = " ".join(part for part in (f"“{self.label}”" if self.label else "", self._cells(most)) if part)
        return " › ".join(part for part in (self.workbook, self.sheet, column) if part)

    def _cells(self, most: int) -> str:
        """The addresses; over several months, months with the same ones together."""
        details, by_month = self._details(), dict.fromkeys(_of_month(issue)[0] for issue in self.issues)
        if len(by_month) == 1:
            return _listed(self.addresses, most)
        alike: dict[tuple[str, ...], list[str]] = {}
        for month in by_month:
            here = {issue: words for issue, words in details.items() if _of_month(issue)[0] == month}
            alike.setdefault(_addresses(here), []).append(month)
        return "；".join("：".join(filter(None, ("、".join(ms), _listed(cells, most)))) for cells, ms in alike.items())

    def _details(self) -> dict[Issue, str]:
        """What to say at each cell: nothing, what is written there, or its own clauses."""
        cells = [issue for issue in self.issues if issue.location.cell]
        each = [issue for issue in cells if issue.cells == 1]
        said = [_of_any_month(issue) for issue in each]
        if len(set(said)) <= 1:
            details = [""] * len(each)
        elif len({words.replace(issue.written or "\0", "\0", 1) for issue, words in zip(each, said, strict=True)}) == 1:
            details = [issue.written for issue in each]
        else:
            shared = set.intersection(*(set(_clauses(words)) for words in said))
            details = ["，".join(_own_clauses(issue, words, shared)) for issue, words in zip(each, said, strict=True)]
        return {**dict(zip(each, details, strict=True)), **{issue: "" for issue in cells if issue.cells > 1}}


def grouped(issues: Iterable[Issue]) -> tuple[IssueGroup, ...]:
    """The issues by rule and column: 必改 first, then whole files, sheets, cells; () for none.

    Nothing is left out: issues without a cell are grouped only with their like.
    """
    groups: dict[tuple[object, ...], list[Issue]] = {}
    for issue in sorted(issues, key=_weight_and_place):
        place = issue.location
        alone = "" if place.cell else issue.sentence
        month, workbook = _of_month(issue)
        key = (issue.severity, issue.fault, bool(month), workbook, place.sheet, issue.label, alone)
        groups.setdefault(key, []).append(issue)
    return tuple(_group(found) for found in groups.values())


def reading_order(location: Location) -> tuple[object, ...]:
    """By workbook, then in a form's order: sheets, columns from the left (Z before AA), lines from the top."""
    letters, line = split(location.cell)
    sheet = _SHEETS.get(location.sheet, len(_SHEETS) if location.sheet else -1)
    return (_natural(location.workbook), sheet, location.sheet, len(letters), letters, line, location.cell)


_SHEETS = {title: number for number, title in enumerate(sheet.sheet_title() for form in FORMS for sheet in form.sheets)}


def _group(found: list[Issue]) -> IssueGroup:
    first = found[0]
    place, workbooks = first.location, {issue.location.workbook for issue in found}
    workbook = place.workbook if len(workbooks) == 1 else _of_month(first)[1]
    return IssueGroup(first.number, first.severity, workbook, place.sheet, first.label, tuple(found))


def _of_month(issue: Issue) -> tuple[str, str]:
    """The month of the workbook's folder, "" if its name does not begin with one; and the name without it."""
    folder, _, workbook = issue.location.workbook.partition("/")
    return (folder, workbook) if workbook and Period.of_folder(folder) else ("", issue.location.workbook)


def _of_any_month(issue: Issue) -> str:
    """The sentence with its example days (如 2024-03-31) made neutral: each of several months has its own."""
    month, _ = _of_month(issue)
    return re.sub(rf"(?<=[如作] ){month}(?:-[0-9]{{2}})?", "", issue.sentence) if month else issue.sentence


def _own_clauses(issue: Issue, words: str, shared: Set[str]) -> Iterator[str]:
    """The clauses of a sentence that are not shared; words: the sentence in the form for comparing clauses."""
    clauses = zip(_clauses(issue.sentence), _clauses(words), strict=True)
    return (clause for clause, compared in clauses if compared not in shared)


def _weight_and_place(issue: Issue) -> tuple[object, ...]:
    place = issue.location
    width = bool(place.sheet) + bool(place.cell)
    return (list(Severity).index(issue.severity), width, reading_order(place))


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key: 第2责任区 before 第10责任区."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", name))


def listed(issues: Iterable[Issue]) -> str:
    """Issues at the end of an error, one on each line; "" for none."""
    return "".join(f"\n{issue}" for issue in issues)


def split(cell: str) -> tuple[str, int]:
    """Letters and line of an address: O5 -> O, 5; for a range, those of its first cell; "", 0 for none."""
    match = re.match(r"([A-Z]*)([0-9]*)", cell)
    return (match[1], int(match[2] or 0)) if match else ("", 0)


def _clauses(sentence: str) -> list[str]:
    return re.split("[，；。]", sentence)


def _addresses(details: Mapping[Issue, str]) -> tuple[str, ...]:
    """Every address once, with what to say there."""
    once = dict.fromkeys((cell, words) for issue, words in details.items() for cell in issue.location.cell.split("、"))
    return tuple(f"{cells}（{words}）" if words else cells for cells, words in _runs(list(once)))


def _listed(cells: Sequence[str], most: int) -> str:
    """The addresses; of very many, the first ones and their number."""
    shown = "、".join(cells[:most])
    return shown if len(cells) <= most else f"{shown}等 {len(cells)} 处（逐条见校验结果.xlsx）"


def _runs(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Merge consecutive cells about which the same is said."""
    starts = [0, *(n for n, (one, next_) in enumerate(pairwise(cells), 1) if not _follows(one, next_)), len(cells)]
    runs = [cells[start:end] for start, end in pairwise(starts) if end > start]
    return [(run[0][0] if len(run) == 1 else f"{run[0][0]}–{run[-1][0]}", run[0][1]) for run in runs]


def _follows(one: tuple[str, str], other: tuple[str, str]) -> bool:
    (letters, line), (its_letters, its_line) = split(one[0]), split(other[0])
    return (letters, line + 1, one[1]) == (its_letters, its_line, other[1]) and ":" not in one[0] + other[0]
