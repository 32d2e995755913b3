"""清单: rectification lists: every problem on one line, from the day it was found until it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pipeline.documents.catalogue import document
from pipeline.documents.context import Context, said
from pipeline.documents.parts import Counted
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.figures import Figure
from pipeline.forms.office import Campaign, Report, Visit
from pipeline.forms.registry import County, School, Town, Zone
from pipeline.forms.zone import Problem, Record, ZoneReport


class ProblemLine(Context, title="清单的一行", item="行"):
    """One line of the list."""

    position: int = said("序号", "从 1 起的行号")
    id: str = said("问题编号", "问题整改台账中的编号")
    school: str = said("学校", "学校；没有学校的为乡镇街道或责任单位")
    description: str = said("问题", "具体描述")
    demand: str = said("整改要求", "整改要求；没有的为整改类型")
    unit: str = said("责任单位", "负责整改的单位")
    person: str = said("责任人", "责任人；没有则为空")
    due: date | None = said("期限", "整改期限，延期的为延期至")
    due_words: str = said("期限说明", "没有具体期限时的说明；都没有则为整改类型")
    state: str = said("状态", "整改状态，如 未启动、整改中、已销号")
    overdue: bool = said("逾期", "截至制表日期已逾期")
    closed_on: date | None = said("销号日期", "销号的日期；没有销号的没有")

    @classmethod
    def of(cls, position: int, problem: Problem, overdue: bool) -> Self:
        return cls(
            position=position,
            id=problem.id,
            school=problem.school or problem.town or problem.unit,
            description=problem.description,
            demand=problem.demand or str(problem.rectification),
            unit=problem.unit,
            person=problem.person or "",
            due=problem.deadline,
            due_words=problem.due_words or str(problem.rectification),
            state=str(problem.state),
            overdue=overdue,
            closed_on=problem.closed_day,
        )


class ListContext(Context):
    """整改清单."""

    scope: str = said("范围", "清单所列的范围，如县名")
    office: str = said("机构全称", "督导机构的全称")
    year: int = said("年份", "清单是哪一年的")
    month: int = said("月份", "清单是哪一月的")
    problems: list[ProblemLine] = said("问题", "每个问题一行")
    total: Figure[int] = said("合计", "所列问题总数")
    states: list[Counted] = said("各状态", "各整改状态的问题数，相加等于合计")
    overdue: Figure[int] = said("逾期数", "截至制表日期逾期未完成整改的问题数")
    signed_as: str = said("落款单位", "落款用的单位名称；名录没有填的用机构全称")
    made_on: date = said("制表日期", "报告信息中填的制表日期")


@document(
    "整改清单",
    family="清单",
    name="{subject}{year}年{month}月教育督导问题整改清单",
    context=ListContext,
    scope=[County, Report, Campaign, Visit, School, Town, Zone, ZoneReport, Record, Problem],
)
def county_list(dossier: Dossier) -> Iterator[tuple[str, ListContext]]:
    """One list for the county, of the problems open at the month's beginning or found in it; none without problems."""
    story, county, period = dossier.rectification, dossier.county, dossier.period
    if not story.listed:
        return
    overdue = {problem.id for problem in story.overdue_rows}
    context = ListContext(
        scope=county.county,
        office=county.office,
        year=period.year,
        month=period.month,
        problems=[ProblemLine.of(n, p, p.id in overdue) for n, p in enumerate(story.listed, start=1)],
        total=story.total,
        states=Counted.each(story.by_state),
        overdue=story.overdue,
        signed_as=county.signed_as or county.office,
        made_on=dossier.report.made_on,
    )
    yield county.county, context
