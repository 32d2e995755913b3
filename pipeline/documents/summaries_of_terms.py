"""总结 of a quarter, half-year or year: the month's sections over several months, with zones and months compared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.parts import Count, Counted
from pipeline.documents.periods import called, kind, stretches
from pipeline.documents.summaries import ComparisonContext, RectificationContext, Sections, charts, sections
from pipeline.dossier.dossier import Dossier, MonthLine, Rectification, ZoneLine
from pipeline.dossier.figures import Figure, Plot
from pipeline.forms.catalogue import FORMS
from pipeline.forms.codes import Section
from pipeline.trays import Tray


class LongerRectification(RectificationContext):
    """问题整改 over several months."""

    opening: Count = said("期初未销号数", "第一个月开始时还没有销号的问题数")
    new: Count = said("本期新增数", "本期发现的问题数")
    closed: Count = said("本期销号数", "本期销号的问题数")
    closing: Count = said("期末未销号数", "最后一个月的月末还没有销号的问题数")
    rate: Figure[Decimal] | None = said("销号率", "本期销号数占期初未销号与本期新增之和的百分比")
    new_by_kind: list[Counted] = said("新增类别", "本期新增问题按类别的个数")
    new_by_gravity: list[Counted] = said("新增程度", "本期新增问题按严重程度的个数")
    closing_by_state: list[Counted] = said("期末状态", "期末未销号问题按整改状态的个数")


class ZoneContext(Context, title="责任区比较", item="区"):
    """One line of the comparison of zones."""

    name: str = said("责任区", "责任区名称，或县本级")
    schools: Count = said("检查学校数", "这个责任区内检查到的学校数，含县本级组织的检查，去过几次都算一所")
    opening: Count = said("期初未销号数", "期初还没有销号的问题数")
    new: Count = said("新增数", "本期新增的问题数")
    closed: Count = said("销号数", "本期销号的问题数")
    closing: Count = said("期末未销号数", "期末还没有销号的问题数")
    rate: Figure[Decimal] | None = said("销号率", "销号数占期初未销号与新增之和的百分比；没有问题的没有")

    @classmethod
    def of(cls, line: ZoneLine) -> Self:
        return cls(
            name=line.name,
            schools=line.schools,
            opening=line.opening,
            new=line.new,
            closed=line.closed,
            closing=line.closing,
            rate=line.rate,
        )


class MonthContext(Context, title="各月情况", item="月"):
    """One line of the months."""

    name: str = said("名称", "哪一个月，如 2024年3月")
    unreported: list[str] = said("未报责任区", "没有报送这个月数据的责任区")
    records: Count = said("检查次数", "这个月的检查次数")
    schools: Count = said("检查学校数", "这个月检查到的学校数")
    new: Count = said("新增数", "这个月新增的问题数")
    closed: Count = said("销号数", "这个月销号的问题数")
    closing: Count = said("月末未销号数", "这个月的月末还没有销号的问题数")

    @classmethod
    def of(cls, line: MonthLine) -> Self:
        return cls(
            name=called(line.period),
            unreported=list(line.unreported),
            records=line.records,
            schools=line.schools,
            new=line.new,
            closed=line.closed,
            closing=line.closing,
        )


class LongerSummary(Sections):
    """季度、半年、年度工作总结."""

    kind: str = said("名称", "季度、半年或年度")
    term: str = said("时段", "总结的是哪一段时间，如 2024年第一季度")
    covered: list[str] = said("所含月份", "有表的月份，总结只说这些月份")
    missing: list[str] = said("缺少月份", "时段之内没有表的月份")
    last_month: str = said("最后一月", "有表的最后一个月，指标取自这个月")
    rectification: LongerRectification | None = said("问题整改", "“问题整改”一节的内容")
    zones: list[ZoneContext] = said("各责任区", "各责任区和县本级的比较")
    county_line: ZoneContext = said("全县合计", "各责任区和县本级之和")
    months: list[MonthContext] = said("各月", "各月的情况，依次排列")
    all_months: MonthContext = said("各月合计", "各月合计；几个月都检查过的学校只算一所，月末未销号数是最后一个月的")
    with_before: ComparisonContext | None = said("环比", "与上一时段比较")
    with_year_before: ComparisonContext | None = said("同比", "与上年同期（相同的月份）比较")


_ALL_SHEETS = [sheet for form in FORMS for sheet in form.sheets]


@document(
    "阶段工作总结",
    tray=Tray.SUMMARIES,
    name="{subject}{term}教育督导工作总结",
    context=LongerSummary,
    scope=_ALL_SHEETS,
    longer=True,
)
def longer_summary(dossier: Dossier) -> Iterator[Contents]:
    """One summary of a quarter, a half-year or a year."""
    months = [line.period for line in dossier.months]
    *zones, county = dossier.zones
    context = LongerSummary(
        **sections(dossier),
        kind=kind(dossier.asked),
        term=called(dossier.asked),
        covered=stretches(months),
        missing=stretches(set(dossier.asked.singles) - set(months)),
        last_month=called(months[-1]),
        rectification=LongerRectification.of(dossier.rectification, dossier.narratives[Section.RECTIFICATION]),
        zones=[ZoneContext.of(line) for line in zones],
        county_line=ZoneContext.of(county),
        months=[MonthContext.of(line) for line in dossier.months],
        all_months=MonthContext.of(dossier.all_months),
        with_before=ComparisonContext.of(dossier.with_before) if dossier.with_before else None,
        with_year_before=ComparisonContext.of(dossier.with_year_before) if dossier.with_year_before else None,
    )
    remarks = tuple(_remarks(context, dossier.rectification))
    yield Contents(dossier.county.county, context, remarks=remarks, charts={**charts(dossier), **_by_month(dossier)})


def _by_month(dossier: Dossier) -> dict[str, Plot]:
    """The data of the chart of months, by its alternative text in the template."""
    lines = dossier.months
    series = {
        "新增": tuple(line.new for line in lines),
        "销号": tuple(line.closed for line in lines),
        "月末未销号": tuple(line.closing for line in lines),
    }
    return {"各月问题整改情况": Plot(tuple(called(line.period) for line in lines), tuple(series.items()))}


def _remarks(context: LongerSummary, story: Rectification) -> Iterator[str]:
    if context.missing:
        yield f"缺少{'、'.join(context.missing)}的表，总结只含{'、'.join(context.covered)}的情况"
    if story.opening and not story.carried:
        yield "没有期初以前一个月的表（或其中的问题有误），期初未销号的问题数由发现日期和销号日期推算"
    if not story.closes:
        yield "期初未销号、新增、销号与期末未销号的问题数对不上，请先核实各月中规则 WT-21、YB-02 和 YB-04 所指的问题"
