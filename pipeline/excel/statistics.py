"""统计表.xlsx: facts -> tables that add up, with filters and charts; knows no ledger. Only this module needs pandas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import copysign, isnan
from pathlib import Path

import pandas as pd

from pipeline.dossier.statistics import OTHER_UNITS, USUAL_REPORT_DAY, Promptness, Statistics
from pipeline.excel.table_pages import write_tables
from pipeline.excel.tables import Chart, Measure, SummaryBlock, TotalledTable, rounded_rate
from pipeline.forms.codes import FormerPost, Gravity, InspectorKind, ProblemKind, ProblemState

AGES = (35, 40, 45, 50, 55, 60)
"""The highest age of each group except the last."""
UNKNOWN = "未填"
STAFF = "督导室人员"
ZONE_REPORTS = "责任区月报"
_MEASURES = {
    "records": "检查次数",
    "schools": "检查学校数",
    "new": "新增问题",
    "closed": "销号问题",
    "closing": "月末未销号",
}


def write(target: Path, title: str, note: str, facts: Statistics, missing: Sequence[str] | None = None) -> None:
    """Write the workbook; missing folders are made. The same facts give the same bytes.

    A sheet without rows says so, with totals of 0. missing: see `pipeline.word.rendering.template.render`. Raises
    OSError.
    """
    write_tables(target, title, note, list(_tables(facts)), missing)


def _tables(facts: Statistics) -> Iterable[TotalledTable]:
    yield _problems(facts)
    yield _coverage(facts)
    yield _months(facts)
    yield _reports(facts)
    yield _ages(facts)
    yield _origins(facts)


# Problems ------------------------------------------------------------------------------------------------------------


def _problems(facts: Statistics) -> TotalledTable:
    """A row for each occurring combination of zone, category and gravity, a column for each state."""
    keys, states = ["责任区", "问题类别", "严重程度"], [str(state) for state in ProblemState]
    frame = _ordered(
        pd.DataFrame(facts.problems, columns=["责任区", "问题类别", "严重程度", "整改状态"]),
        {"责任区": facts.zones, "问题类别": ProblemKind, "严重程度": Gravity},
    )
    return TotalledTable(
        name="问题统计",
        note="口径：期初未销号和本期新增的问题，与问题台账、整改清单相同；责任区为上报的责任区或县本级。",
        empty="本期没有问题",
        keys=keys,
        measures=[*map(Measure, states), Measure("合计", of=states)],
        rows=_counted(frame, keys, "整改状态", states),
        blocks=[
            SummaryBlock("问题类别", "各类问题"),
            SummaryBlock("责任区", "各责任区问题"),
            SummaryBlock("严重程度", "各程度问题"),
        ],
        chart=Chart("各类问题的整改状态", "个", states, block="问题类别"),
    )


# Inspections ---------------------------------------------------------------------------------------------------------


def _coverage(facts: Statistics) -> TotalledTable:
    """A row for each zone and town: its schools, those visited and not, and the number of visits."""
    keys = ["责任区", "乡镇街道"]
    schools = _ordered(
        pd.DataFrame(facts.schools, columns=[*keys, "计数", "检查次数"]),
        {"责任区": facts.zones, "乡镇街道": facts.towns},
    )
    counts, visited = schools["计数"].astype(bool), schools["检查次数"] > 0
    marked = schools[keys].assign(
        学校数=counts,
        已督导=counts & visited,
        未督导=counts & ~visited,
        其他受检单位=~counts & visited,
        检查次数=schools["检查次数"],
    )
    return TotalledTable(
        name="督导覆盖",
        note="口径：学校按所在乡镇街道列入责任区，去过几次都算一所；学校数只计名录中状态正常的学校，"
        "校外培训机构、托管机构和“其他”受检的列入其他受检单位。",
        empty="名录中没有学校，也没有检查记录",
        keys=keys,
        measures=[
            Measure("学校数"),
            Measure("已督导"),
            Measure("未督导"),
            Measure("覆盖率", rate=("已督导", "学校数")),
            Measure("其他受检单位"),
            Measure("检查学校数", of=["已督导", "其他受检单位"]),
            Measure("检查次数"),
        ],
        rows=marked.groupby(keys, observed=True, sort=True).sum().reset_index(),
        blocks=[SummaryBlock("责任区", "各责任区学校")],
        chart=Chart("各责任区学校督导覆盖", "所", ["已督导", "未督导"], block="责任区"),
    )


# Months --------------------------------------------------------------------------------------------------------------


def _months(facts: Statistics) -> TotalledTable:
    """A row for each month, with its change from the month before; blank if that has no row."""
    frame = pd.DataFrame(facts.months, columns=["year", "month", "own", *_MEASURES, "rate"])
    frame["销号率"] = pd.to_numeric(frame["rate"])
    number = frame["year"] * 12 + frame["month"]
    before = frame.assign(number=number + 1)[["number", *_MEASURES, "销号率"]]
    both = frame.assign(number=number).merge(before, on="number", how="left", suffixes=("", "，上月"))
    rows = pd.DataFrame(
        {"月份": [f"{year}年{month}月" for year, month in zip(both["year"], both["month"], strict=True)]}
    )
    measures = []
    for name, label in _MEASURES.items():
        now, then = both[name], both[f"{name}，上月"]
        rows[label], rows[f"{label}\n增减"] = now, now - then
        rows[f"{label}\n环比"] = [_percent(*pair) for pair in zip(now - then, then, strict=True)]
        total = getattr(facts.together, name)
        measures += [
            Measure(label, total=None if name in ("records", "new", "closed") else total),
            Measure(f"{label}\n增减", look="change", total=""),
            Measure(f"{label}\n环比", look="percent change", total=""),
        ]
    rows["销号率"] = both["销号率"] / 100
    rows["销号率\n增减（百分点）"] = (both["销号率"] - both["销号率，上月"]).round(1)
    rate = facts.together.rate
    measures += [
        Measure("销号率", look="percent", total="" if rate is None else float(rate) / 100),
        Measure("销号率\n增减（百分点）", look="points", total=""),
    ]
    return TotalledTable(
        name="逐月对照",
        note="口径：增减和环比与上一个月比，上一个月没有列出或为0的不填；以前的月份没有报齐或有误、不能比较的不列。"
        "本期合计只计本期各月，几个月都检查过的学校只算一所，月末未销号为最后一个月的数。",
        empty="没有月份",
        keys=["月份"],
        measures=measures,
        rows=rows,
        total="本期合计",
        summed_from=int((~frame["own"].astype(bool)).sum()),
        chart=Chart("各月问题整改情况", "个", ["新增问题", "销号问题", "月末未销号"], lines=True),
    )


def _percent(change: float, of: float) -> float | None:
    """A change as the documents round it; None without a base, or with a base of 0."""
    if isnan(of) or of == 0:
        return None
    rounded = rounded_rate(abs(int(change)), int(of))
    return None if rounded is None else copysign(rounded, change)


# Reports -------------------------------------------------------------------------------------------------------------


def _reports(facts: Statistics) -> TotalledTable:
    """A row for each kind of report and zone."""
    keys, outcomes = ["报送内容", "责任区"], [str(outcome) for outcome in Promptness]
    frame = pd.DataFrame(facts.reports, columns=["督导", "责任区", "结果"])
    frame["报送内容"] = [f"{name}（自查报告）" if name else ZONE_REPORTS for name in frame["督导"]]
    frame["结果"] = [str(outcome) for outcome in frame["结果"]]
    contents = dict.fromkeys(frame["报送内容"])
    frame = _ordered(frame, {"报送内容": contents, "责任区": (*facts.zones, OTHER_UNITS)})
    day = "名录“数据报送截止日”" if facts.report_day else "名录未填数据报送截止日，按通常的"
    return TotalledTable(
        name="报送及时率",
        note=f"口径：责任区月报以填报日期不晚于次月{facts.report_day or USUAL_REPORT_DAY}日（{day}）为按时，"
        "台账没有登记实际收到的日期；自查报告以实报日期不晚于应报日期为按时。及时率为按时份数占应报份数的百分比。",
        empty="本期没有应报的报告",
        keys=keys,
        measures=[
            *map(Measure, outcomes),
            Measure("应报", of=outcomes),
            Measure("及时率", rate=("按时", "应报")),
        ],
        rows=_counted(frame, keys, "结果", outcomes),
        blocks=[SummaryBlock("责任区", "各责任区报送"), SummaryBlock("报送内容", "各项报送")],
        chart=Chart("各责任区报送情况", "份", outcomes, block="责任区"),
    )


# Inspectors ----------------------------------------------------------------------------------------------------------


def _ages(facts: Statistics) -> TotalledTable:
    groups = _age_groups()
    frame = _inspectors(facts)
    ages = pd.cut(pd.to_numeric(frame["年龄"]), [-1, *AGES, 200], labels=groups)
    frame["年龄段"] = ages.cat.add_categories([UNKNOWN]).fillna(UNKNOWN)
    mean = "" if facts.mean_age is None else f"专职督学平均{facts.mean_age}周岁。"
    return _of_inspectors(facts, frame, "督学年龄", "年龄段", "督学年龄结构", mean)


def _age_groups() -> list[str]:
    between = [f"{older + 1}—{oldest}岁" for older, oldest in pairwise(AGES)]
    return [f"{AGES[0]}岁及以下", *between, f"{AGES[-1] + 1}岁及以上"]


def _origins(facts: Statistics) -> TotalledTable:
    frame = _inspectors(facts)
    frame["来源"] = frame["来源"].fillna(UNKNOWN)
    frame = _ordered(frame, {"来源": (*FormerPost, UNKNOWN)})
    return _of_inspectors(facts, frame, "督学来源", "来源", "督学来源结构", "来源为督学名册的原任职务类别。")


def _inspectors(facts: Statistics) -> pd.DataFrame:
    frame = pd.DataFrame(facts.inspectors, columns=["类型", "年龄", "来源"])
    return frame.assign(类型=frame["类型"].fillna(STAFF))


def _of_inspectors(
    facts: Statistics, frame: pd.DataFrame, name: str, key: str, title: str, remark: str
) -> TotalledTable:
    kinds, day = [*map(str, InspectorKind), STAFF], facts.last_day
    return TotalledTable(
        name=name,
        note=f"口径：{day.year}年{day.month}月{day.day}日在岗或在聘的人员；专职指有责任区的专职督学。{remark}",
        empty="督学名册中没有在岗或在聘的人员",
        keys=[key],
        measures=[*map(Measure, kinds), Measure("合计", of=kinds)],
        rows=_counted(frame, [key], "类型", kinds),
        chart=Chart(title, "人", kinds),
    )


# Frames --------------------------------------------------------------------------------------------------------------


def _ordered(frame: pd.DataFrame, orders: dict[str, Iterable[str]]) -> pd.DataFrame:
    """The frame with columns that sort in the given orders; other values come last."""
    columns = {
        label: pd.Categorical(frame[label], list(dict.fromkeys([*map(str, order), *frame[label]])))
        for label, order in orders.items()
    }
    return frame.assign(**columns)


def _counted(frame: pd.DataFrame, keys: list[str], by: str, columns: list[str]) -> pd.DataFrame:
    """The number of lines for each occurring combination of keys, a column for each value of `by`."""
    if frame.empty:
        return pd.DataFrame(columns=[*keys, *columns])
    counted = frame.pivot_table(index=keys, columns=by, aggfunc="size", fill_value=0, observed=True)
    return counted.reindex(columns=columns, fill_value=0).reset_index()
