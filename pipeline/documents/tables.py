"""统计表: the statistics of a month, or of a quarter, a half-year or a year, as a workbook of tables and charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pipeline.documents.catalogue import WORKBOOK, Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.parts import Counted
from pipeline.documents.periods import called, stretches
from pipeline.dossier.dossier import Dossier
from pipeline.forms.office import Campaign, Report, SelfReport
from pipeline.forms.registry import County, Inspector, School, Town, Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem, Record, ZoneReport
from pipeline.trays import Tray


class StatisticsContext(Context):
    """统计表: the lines above its tables, and the totals in other documents with which its tables must agree."""

    title: str = said("标题", "统计表的标题")
    note: str = said("说明", "标题下面的一行")
    totals: list[Counted] = said("合计", "与总结、问题台账相同的总数，各表的合计与此一致")

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        made_on, team, line = dossier.report.made_on, dossier.team, dossier.all_months
        missing = stretches(set(dossier.asked.singles) - {line.period for line in dossier.months or [line]})
        lacking = f"　　缺少{'、'.join(missing)}的表，只含有表的月份" if missing else ""
        totals = [
            ("问题", dossier.county_list.total),
            *dossier.county_list.by_state,
            ("检查次数", line.records),
            ("检查学校数", line.schools),
            ("新增", line.new),
            ("销号", line.closed),
            ("期末未销号", line.closing),
            *([("专职督学", team.full_time_after), ("兼职督学", team.part_time)] if team else []),
        ]
        return cls(
            title=f"{dossier.county.county}{called(dossier.asked)}教育督导统计表",
            note=f"制表单位：{dossier.signed_as}　　"
            f"制表日期：{made_on.year}年{made_on.month}月{made_on.day}日{lacking}",
            totals=[Counted(name=name, number=number) for name, number in totals],
        )


_NAME = "{subject}{term}教育督导统计表"
_SCOPE: list[type[Row]] = [
    County,
    Report,
    School,
    Town,
    Zone,
    Inspector,
    Campaign,
    SelfReport,
    ZoneReport,
    Record,
    Problem,
]


@document(WORKBOOK, tray=Tray.TO_SIGN, name=_NAME, context=StatisticsContext, scope=_SCOPE)
def monthly_statistics(dossier: Dossier) -> Iterator[Contents]:
    """One workbook for each month, even without problems or inspections."""
    yield Contents(dossier.county.county, StatisticsContext.of(dossier), statistics=dossier.statistics)


@document(WORKBOOK, tray=Tray.TO_SIGN, name=_NAME, context=StatisticsContext, scope=_SCOPE, longer=True)
def longer_statistics(dossier: Dossier) -> Iterator[Contents]:
    """One workbook for each quarter, half-year or year."""
    yield from monthly_statistics.contexts(dossier)
