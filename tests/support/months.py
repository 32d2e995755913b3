"""Months made from those of the example: a part of it, the month before it, and small ones in a row."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Mapping, Set
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.forms.catalogue import REGISTRY
from pipeline.forms.period import Period
from pipeline.forms.places import Location
from pipeline.intake.loading import load
from pipeline.workbooks import blanks
from tests.example.build import SOURCE, Rows, workbooks
from tests.support.reading import COUNTY, EXAMPLE, OFFICE, REGISTER, ZONE

LIKE = "2023-06"
LAST_MONTH = {"报告信息", "督导工作", "填报信息", "问题整改台账"}
"""Sheets that are compared with the month before."""
LATER = [
    "完成日期",
    "佐证材料",
    "核查人",
    "核查日期",
    "核查结论",
    "销号日期",
    "延期次数",
    "延期原因",
    "延期至",
    "核查意见",
]
"""What last month's rows cannot have known yet."""
PART = (REGISTER, OFFICE, COUNTY, ZONE)
"""The workbooks that suffice for a month."""
PROBLEM, RECORD = "WT-202306-02-001", "JC-202306-02-001"


def part_of_example(folder: Path) -> Path:
    """Four workbooks of the example, copied into a new folder: checked and reported four times as fast as the whole."""
    folder.mkdir(parents=True)
    for name in PART:
        shutil.copy(EXAMPLE / name, folder / name)
    return folder


def known_issues(folder: Path) -> Set[tuple[str, Location]]:
    """The number and place of every issue of a month; for an unchanged `part_of_example` they are found once."""
    alone = {path.name for path in folder.iterdir()} == set(PART) and len(list(folder.parent.iterdir())) == 1
    if alone and all(filecmp.cmp(EXAMPLE / name, folder / name, shallow=False) for name in PART):
        return _issues_of_part()
    return {(issue.number, issue.location) for issue in load(folder).issues}


@cache
def _issues_of_part() -> Set[tuple[str, Location]]:
    with TemporaryDirectory() as folder:
        month = load(part_of_example(Path(folder) / EXAMPLE.name))
        return {(issue.number, issue.location) for issue in month.issues}


def write_month(inputs: Path, named: str, problems: int, *, without: str = "") -> None:
    """Write a month with so many problems, each found and closed in it, into a folder, without one zone."""
    period = Period.parse(named)
    assert period is not None
    (inputs / named).mkdir(parents=True)
    for name, (form, rows) in workbooks(SOURCE.with_name(LIKE)).items():
        if not without or without not in name:
            told = rows if form is REGISTRY else _in_month(rows, period, problems)
            blanks.write(form, inputs / named / name, rows=told)


def _in_month(rows: Rows, period: Period, problems: int) -> Rows:
    return {
        title: [_moved(row, period) for row in _told(title, list(listed), problems)] for title, listed in rows.items()
    }


def _told(title: str, rows: list[Mapping[str, str]], problems: int) -> list[Mapping[str, str]]:
    if title not in ("问题整改台账", "督导检查记录"):
        return [] if title == "文件台账" else rows
    alike = [
        row for row in rows if row.get("问题编号") == PROBLEM or (title != "问题整改台账" and row["记录号"] == RECORD)
    ]
    numbered = [(row, f"-{number:03}") for row in alike for number in range(1, problems + 1)]
    return [{key: value.replace("-02-001", f"-02{tail}") for key, value in row.items()} for row, tail in numbered]


def _moved(row: Mapping[str, str], period: Period) -> Mapping[str, str]:
    year, month = f"{period.year}", f"{period.month:02}"
    written = {"2023-06-30": f"{period.last_day}", "2023-06": f"{year}-{month}", "202306": year + month}
    moved = dict(row)
    for old, new in written.items():
        moved = {key: value.replace(old, new) for key, value in moved.items()}
    return moved | ({"统计年份": year, "统计月份": str(period.month)} if "统计月份" in moved else {})


def write_last_month(folder: Path) -> None:
    """The month before: the registry, who reports, and the problems that were open then, as they stood then."""
    folder.mkdir()
    for name, (form, rows) in workbooks(SOURCE).items():
        told = {title: list(listed) for title, listed in rows.items() if form is REGISTRY or title in LAST_MONTH}
        for title in {"报告信息", "填报信息"} & set(told):
            told[title] = [{**told[title][0], "统计月份": "7"}]
        carried = [row for row in told.get("问题整改台账", []) if str(row["发现日期"]) < "2023-08-01"]
        if "问题整改台账" in told:
            told["问题整改台账"] = [{**row, "整改状态": "整改中", **dict.fromkeys(LATER, "")} for row in carried]
            told["督导检查记录"] = [
                record_of(row, rows["督导检查记录"][0]) for row in carried if "-202307-" in row["记录号"]
            ]
        if "督导工作" in told:
            told["督导工作"] += [{**told["督导工作"][0], "督导编号": "DD-2023-010"}]
        blanks.write(form, folder / name, rows=told)


def record_of(problem: Mapping[str, str], like: Mapping[str, str]) -> dict[str, str]:
    """The inspection that found a problem."""
    found = {"记录号": problem["记录号"], "督导编号": problem["督导编号"], "日期": problem["发现日期"]}
    return {**like, **found, "学校": problem["学校"], "督学": problem["发现人"]}
