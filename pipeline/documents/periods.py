"""The names of periods in documents, 2024年第一季度; knows no document."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.forms.period import YEAR, Period

QUARTER, HALF = 3, 6
_ORDINALS = "一二三四"
_HALVES = "上下"


def called(period: Period) -> str:
    """2024年3月, 2024年第一季度, 2024年上半年, 2024年度; any other stretch by both ends."""
    year, number = f"{period.year}年", (period.month - 1) // period.months
    if period.months == 1:
        return f"{year}{period.month}月"
    if (period.month - 1) % period.months == 0 and period.months in (QUARTER, HALF, YEAR):
        parts = {QUARTER: f"第{_ORDINALS[number % 4]}季度", HALF: f"{_HALVES[number % 2]}半年", YEAR: "度"}
        return f"{year}{parts[period.months]}"
    last = period.singles[-1]
    return f"{year}{period.month}月至{'' if last.year == period.year else f'{last.year}年'}{last.month}月"


def kind(period: Period) -> str:
    """月度, 季度, 半年, 年度."""
    return {1: "月度", QUARTER: "季度", HALF: "半年", YEAR: "年度"}[period.months]


def stretches(months: Iterable[Period]) -> list[str]:
    """Single months, with consecutive ones of a year joined: 2024年1月至5月, 2024年9月; [] for none."""
    runs: list[Period] = []
    for month in sorted(set(months)):
        if runs and runs[-1].singles[-1].next == month and month.year == runs[-1].year:
            runs[-1] = Period.spanning(runs[-1].singles[0], month)
        else:
            runs.append(month)
    return [f"{run.year}年{run.month}月至{run.singles[-1].month}月" if run.months > 1 else called(run) for run in runs]
