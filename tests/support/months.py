"""Small months in a row, made from a month of the example: so many problems, each found and closed in the month."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.forms import REGISTRY
from pipeline.forms.period import Period
from pipeline.workbooks import blanks
from tests.example.build import SOURCE, Rows, workbooks

LIKE = "2023-06"
PROBLEM, RECORD = "WT-202306-02-001", "JC-202306-02-001"


def write_month(inputs: Path, named: str, problems: int, *, without: str = "") -> None:
    """Write a month's workbooks, but that of one zone, into the folder of its name."""
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
