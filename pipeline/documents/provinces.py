"""整改情况汇总: the balance of problems of several counties, one line each, with what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.parts import Count
from pipeline.dossier.figures import Figure
from pipeline.dossier.province import CountyStory, Province, Sums
from pipeline.trays import Tray


class SumsContext(Context):
    """The balance of all counties."""

    opening: Count = said("上月末未销号数", "各县上月末还没有销号的问题数之和")
    new: Count = said("本月新增数", "各县本月发现的问题数之和")
    closed: Count = said("本月销号数", "各县本月销号的问题数之和")
    closing: Count = said("月末未销号数", "各县本月末还没有销号的问题数之和")
    overdue: Count = said("逾期数", "各县截至制表日期逾期未完成整改的问题数之和")
    rate: Figure[Decimal] | None = said("整改率", "各县本月销号数之和占上月末未销号与本月新增之和的百分比")

    @classmethod
    def of(cls, sums: Sums) -> Self:
        return cls(**vars(sums))


class CountyContext(Context, title="县", item="县"):
    """One county's balance."""

    name: str = said("名称", "县（市、区）的名称")
    opening: Count = said("上月末未销号数", "这个县上月末还没有销号的问题数")
    new: Count = said("本月新增数", "这个县本月发现的问题数")
    closed: Count = said("本月销号数", "这个县本月销号的问题数")
    closing: Count = said("月末未销号数", "这个县本月末还没有销号的问题数")
    overdue: Count = said("逾期数", "这个县截至制表日期逾期未完成整改的问题数")
    rate: Figure[Decimal] | None = said(
        "整改率", "这个县本月销号数占上月末未销号与本月新增之和的百分比；没有问题的没有"
    )
    unreported: list[str] = said("未报责任区", "这个县没有报送本月数据的责任区")

    @classmethod
    def of(cls, story: CountyStory) -> Self:
        return cls(name=story.name, unreported=list(story.unreported), **vars(story.sums))


class ProvinceContext(Context):
    """整改情况汇总."""

    year: int = said("年份", "汇总是哪一年的")
    month: int = said("月份", "汇总是哪一月的")
    counties: list[CountyContext] = said("各县", "列入汇总的县（市、区），每县一行")
    number: Count = said("县数", "列入汇总的县（市、区）数")
    sums: SumsContext = said("合计", "列入汇总的各县之和")
    unreported: bool = said("有未报责任区", "列入汇总的县中，有的还有责任区没有报送")
    absent: list[str] = said("未报送县", "没有报送本月数据、未列入汇总的县（市、区）")
    faulty: list[str] = said("有误县", "本月的表有误、未列入汇总的县（市、区）")


@document(
    "整改情况汇总",
    tray=Tray.NONE,
    name="整改情况汇总（{year}年{month}月）",
    context=ProvinceContext,
    scope=[],
    made_from=Province,
)
def province_summary(province: Province) -> Iterator[Contents]:
    """One a month; none if no county's balance is known."""
    if province.counties:
        context = ProvinceContext(
            year=province.period.year,
            month=province.period.month,
            counties=[CountyContext.of(story) for story in province.counties],
            number=province.number,
            sums=SumsContext.of(province.sums),
            unreported=any(story.unreported for story in province.counties),
            absent=list(province.absent),
            faulty=list(province.faulty),
        )
        yield Contents("", context)
