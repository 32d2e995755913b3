"""What is wrong, what was read differently from what is written, what was not made -> 校验结果.xlsx; judges nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.excel.result_pages import Links, ResultLine, ResultPage, write_list
from pipeline.excel.worksheets import workbook
from pipeline.forms.faults.fault import Issue, Normalisation, Severity
from pipeline.forms.places import Location
from pipeline.intake.issues import reading_order

NAME = "校验结果.xlsx"
ISSUES, NORMALISATIONS, FILLED = "问题", "自动统一的写法", "自动补填"
WITHHELD, OVERVIEW = "未生成的文书", "概览"
SETTLED = "已答复"

_FEW = 3
"""A reason shared by up to this many documents is written at each; by more, once."""
_ISSUES = ResultPage(
    ISSUES,
    (
        ("级别", 9),
        ("文件", 26),
        ("表", 16),
        ("单元格", 10),
        ("列", 16),
        ("填写内容", 26),
        ("问题与改法", 60),
        ("规则", 9),
    ),
    "没有发现问题",
)
_SETTLED = ResultPage(
    SETTLED,
    (
        ("级别", 9),
        ("文件", 26),
        ("表", 16),
        ("单元格", 10),
        ("列", 16),
        ("填写内容", 26),
        ("请核实的内容", 50),
        ("核实说明", 40),
        ("答复月份", 11),
        ("规则", 9),
    ),
    "没有已答复的内容",
)
_NORMALISATIONS = ResultPage(
    NORMALISATIONS,
    (("文件", 26), ("表", 16), ("单元格", 10), ("列", 16), ("原来写的", 36), ("按此理解", 36), ("原因", 32)),
    "没有自动统一的写法",
)
_FILLED = ResultPage(
    FILLED,
    (("文件", 26), ("表", 16), ("单元格", 10), ("列", 16), ("补填的内容", 48), ("依据", 56)),
    "没有自动补填的单元格",
)
_WITHHELD = ResultPage(WITHHELD, (("文书", 50), ("结果", 10), ("原因条数", 10), ("原因或说明", 90)), "没有未生成的文书")
_OVERVIEW = ResultPage(
    OVERVIEW, (("文件", 50), *((str(severity), 10) for severity in Severity), ("合计", 10)), "没有发现问题"
)


SettledLine = tuple[Issue, str, str]
"""What was to be verified, the reply, and the month of the reply."""


@dataclass(frozen=True)
class Withheld:
    """A document that was not made, and why, one sentence each: its own reasons, and those shared by its kind."""

    title: str
    own: tuple[str, ...]
    shared: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """All of them, its own first."""
        return self.own + self.shared


def write(
    path: Path,
    folder: Path,
    issues: Sequence[Issue],
    normalisations: Iterable[Normalisation],
    withheld: Sequence[Withheld] = (),
    remarks: Sequence[tuple[str, str]] = (),
    files: Mapping[str, Path] | None = None,
    settled: Sequence[SettledLine] = (),
) -> None:
    """Write all lists to `path`, with links to the workbooks of the month's folder.

    remarks: notes on documents that were made, by title; files: the workbooks by the names in messages, if these are
    not their own; settled: what is answered, listed only if there is any. Another empty list says so. Raises OSError if
    the file cannot be written, for instance while Excel has it open.
    """
    with workbook(path, "校验结果") as book:
        links = Links(folder, path.parent, files or {})
        write_list(book, _ISSUES, sorted(issues, key=_by_workbook), _of_issue, links)
        if settled:
            ordered_settled = sorted(settled, key=lambda one: _by_workbook(one[0]))
            write_list(book, _SETTLED, ordered_settled, _of_settled, links)
        ordered = sorted(normalisations, key=lambda item: reading_order(item.location))
        write_list(book, _NORMALISATIONS, [item for item in ordered if not item.filled], _of_normalisation, links)
        write_list(book, _FILLED, [item for item in ordered if item.filled], _of_filled, links)
        withheld_lines = [
            *_of_withheld(withheld),
            *(ResultLine((title, "已生成", "", remark)) for title, remark in remarks),
        ]
        write_list(book, _WITHHELD, withheld_lines, _as_it_is, links)
        write_list(book, _OVERVIEW, _of_workbooks(issues), _as_it_is, links)


def _as_it_is(line: ResultLine) -> ResultLine:
    return line


def _by_workbook(issue: Issue) -> tuple[object, ...]:
    workbook, *within = reading_order(issue.location)
    return (workbook, list(Severity).index(issue.severity), within)


def _of_issue(issue: Issue) -> ResultLine:
    place = issue.location
    texts = (issue.severity, *_address(place), issue.label, issue.written, issue.sentence, issue.number)
    return ResultLine(texts, place, issue.severity)


def _of_settled(line: SettledLine) -> ResultLine:
    issue, words, since = line
    texts = (SETTLED, *_address(issue.location), issue.label, issue.written, issue.sentence, words, since, issue.number)
    return ResultLine(texts, issue.location)


def _of_normalisation(item: Normalisation) -> ResultLine:
    return ResultLine((*_address(item.location), item.label, item.written, item.taken, item.reason), item.location)


def _of_filled(item: Normalisation) -> ResultLine:
    return ResultLine((*_address(item.location), item.label, item.taken, item.reason), item.location)


def _address(place: Location) -> tuple[str, str, str]:
    return place.workbook, place.sheet, place.cell or ("整张表" if place.sheet else "整个文件")


# What was not made ---------------------------------------------------------------------------------------------------


def _of_withheld(withheld: Sequence[Withheld]) -> Iterator[ResultLine]:
    """A line for each reason of each document; reasons shared by many stand once, under a name of their own."""
    used = Counter(one.shared for one in withheld)
    many = [shared for shared, times in used.items() if times > 1 and len(shared) > _FEW]
    names = {shared: f"共同原因{number}" for number, shared in enumerate(many, 1)}
    for one in withheld:
        count = len(one.own) + len(one.shared)
        rest = (f"及下面的{names[one.shared]}（{len(one.shared)} 条）",) if one.shared in names else one.shared
        for reason in (*one.own, *rest):
            yield ResultLine((one.title, "未生成", count, reason))
    for shared, name in names.items():
        for reason in shared:
            yield ResultLine((name, "未生成", len(shared), reason))


# By workbook ---------------------------------------------------------------------------------------------------------


def by_workbook(issues: Iterable[Issue]) -> list[tuple[str, list[int]]]:
    """How many issues of each severity each workbook has, most 必改 first; [] for none."""
    found: dict[str, Counter[Severity]] = {}
    for issue in issues:
        found.setdefault(issue.location.workbook, Counter())[issue.severity] += issue.cells
    counted = [(book, [counts[severity] for severity in Severity]) for book, counts in found.items()]
    return sorted(counted, key=lambda pair: ([-count for count in pair[1]], pair[0]))


def _of_workbooks(issues: Sequence[Issue]) -> list[ResultLine]:
    lines = by_workbook(issues)
    totals = [sum(column) for column in zip(*(counts for _, counts in lines), strict=True)]
    rows = [*lines, ("合计", totals)] if lines else []
    return [ResultLine((book, *counts, sum(counts))) for book, counts in rows]
