"""清单: rectification lists: every problem on one line, from the day it was found until it is closed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import chain, groupby
from typing import Self

from pipeline.documents.catalogue import WORKBOOK, ZONE_OF_WORKBOOK, Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.parts import Counted
from pipeline.dossier.dossier import Dossier, ProblemList, RegisteredProblem
from pipeline.dossier.figures import Figure
from pipeline.forms.office import Campaign, Report, Visit
from pipeline.forms.period import Period
from pipeline.forms.registry import County, School, Town, Zone
from pipeline.forms.schema import Row
from pipeline.forms.zone import Problem, ZoneReport
from pipeline.trays import Tray

MOST_MERGED = 5
"""Lines of one school with merged cells: the name is in the first, and must not be missing on the next page."""


class ProblemLine(Context, title="清单的一行", item="行"):
    """One line of the list."""

    position: int = said("序号", "从 1 起的行号")
    id: str = said("问题编号", "问题整改台账中的编号")
    school: str = said("学校", "学校；没有学校的为乡镇街道或责任单位")
    school_as_above: bool = said("学校同上", f"学校与上一行相同，两行的这一格可以合并；每{MOST_MERGED}行重新写一次")
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
    def each(cls, problems: Iterable[Problem], overdue: Container[str]) -> list[Self]:
        """A line for each problem, in order; `overdue` holds the ids of overdue ones. Empty for none."""
        runs = (enumerate(run) for _, run in groupby(problems, key=_place))
        lines = enumerate(chain.from_iterable(runs), start=1)
        return [cls._of(n, problem, place % MOST_MERGED > 0, problem.id in overdue) for n, (place, problem) in lines]

    @classmethod
    def _of(cls, position: int, problem: Problem, as_above: bool, overdue: bool) -> Self:
        return cls(
            position=position,
            id=problem.id,
            school=_place(problem),
            school_as_above=as_above,
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


def _place(problem: Problem) -> str:
    return problem.school or problem.town or problem.unit


class ListContext(Context):
    """整改清单."""

    scope: str = said("范围", "清单所列的范围：县、责任区、乡镇街道、学校或督导的名称")
    of_campaign: bool = said("按督导", "范围是一项督导或视导")
    office: str = said("机构全称", "督导机构的全称")
    year: int = said("年份", "清单是哪一年的")
    month: int = said("月份", "清单是哪一月的")
    problems: list[ProblemLine] = said("问题", "每个问题一行", needed=True)
    total: Figure[int] = said("合计", "所列问题总数", needed=True)
    states: list[Counted] = said("各状态", "各整改状态的问题数，相加等于合计")
    overdue: Figure[int] = said("逾期数", "截至制表日期逾期未完成整改的问题数")
    signed_as: str = said("落款单位", "落款用的单位名称；名录没有填的用机构全称")
    made_on: date = said("制表日期", "报告信息中填的制表日期")

    @classmethod
    def of(cls, story: ProblemList, dossier: Dossier) -> Self:
        overdue = {problem.id for problem in story.overdue_rows}
        return cls(
            scope=story.name,
            of_campaign=story.key != story.name,
            office=dossier.county.office,
            year=dossier.period.year,
            month=dossier.period.month,
            problems=ProblemLine.each(story.problems, overdue),
            total=story.total,
            states=Counted.each(story.by_state),
            overdue=story.overdue,
            signed_as=dossier.signed_as,
            made_on=dossier.report.made_on,
        )


_NAME = "{subject}{year}年{month}月教育督导问题整改清单"
_SCOPE: list[type[Row]] = [County, Report, School, Town, Zone, ZoneReport, Problem]


def _stays_open(problem: Problem, period: Period) -> bool:
    return problem.open_on(period.last_day)


@document("整改清单", tray=Tray.LISTS, name=_NAME, context=ListContext, scope=_SCOPE)
def county_list(dossier: Dossier) -> Iterator[Contents]:
    """One list for the county, of the problems open at the month's beginning or found in it; none without problems."""
    if dossier.county_list.problems:
        yield Contents(dossier.county.county, ListContext.of(dossier.county_list, dossier))


class RegisterLine(Context, title="台账的一行", item="行"):
    """One row of the register; its labels are the headings."""

    position: int = said("序号", "从 1 起的行号")
    id: str = said("问题编号", "问题整改台账中的编号")
    source: str = said("来源", "问题的来源")
    found_in: str | None = said("督导名称", "发现问题的督导或视导；以前月份的没有")
    school: str | None = said("学校", "问题所在的学校")
    town: str | None = said("乡镇街道", "学校所在的，或问题所属的乡镇街道")
    zone: str = said("责任区", "上报问题的责任区，或县本级")
    kind: str = said("问题类别", "问题整改台账中的类别")
    gravity: str = said("严重程度", "轻微、一般、严重或重大隐患")
    description: str = said("具体描述", "问题是什么")
    demand: str | None = said("整改要求", "要求怎样整改")
    unit: str = said("责任单位", "负责整改的单位")
    person: str | None = said("责任人", "责任单位的责任人")
    found_on: date = said("发现日期", "发现的日期")
    due: date | None = said("整改期限", "整改期限")
    due_words: str | None = said("期限说明", "没有具体期限时的说明")
    extended_to: date | None = said("延期至", "延期的，延到哪一天")
    state: str = said("整改状态", "未启动、整改中、已完成待核查、退回重改或已销号")
    closed_on: date | None = said("销号日期", "销号的日期")
    days: Figure[int] | None = said("逾期天数", "截至制表日期逾期的天数；没有逾期的没有")
    notice_number: str | None = said("通知书文号", "整改通知书的文号")

    @classmethod
    def of(cls, position: int, row: RegisteredProblem) -> Self:
        problem = row.problem
        return cls(
            position=position,
            id=problem.id,
            source=str(problem.source),
            found_in=row.found_in,
            school=problem.school,
            town=row.town,
            zone=row.zone,
            kind=str(problem.kind),
            gravity=str(problem.gravity),
            description=problem.description,
            demand=problem.demand,
            unit=problem.unit,
            person=problem.person,
            found_on=problem.found_on,
            due=problem.due_on,
            due_words=problem.due_words,
            extended_to=problem.extended_to,
            state=str(problem.state),
            closed_on=problem.closed_day,
            days=row.days,
            notice_number=problem.notice_number,
        )


class RegisterContext(Context):
    """问题台账."""

    title: str = said("标题", "台账的标题")
    note: str = said("说明", "标题下面的一行")
    lines: list[RegisterLine] = said("各行", "每个问题一行")
    totals: list[Counted] = said("合计", "问题总数、各整改状态的问题数（相加等于总数）和逾期数")

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        story, period, made_on = dossier.county_list, dossier.period, dossier.report.made_on
        overdue = [Counted(name="其中逾期", number=story.overdue)]
        return cls(
            title=f"{story.name}{period.year}年{period.month}月教育督导问题台账",
            note=f"制表单位：{dossier.signed_as}　　制表日期：{made_on.year}年{made_on.month}月{made_on.day}日",
            lines=[RegisterLine.of(n, row) for n, row in enumerate(dossier.register, start=1)],
            totals=[Counted(name="合计", number=story.total), *Counted.each(story.by_state), *overdue],
        )


@document(
    WORKBOOK,
    tray=Tray.LISTS,
    name="{subject}{year}年{month}月教育督导问题台账",
    context=RegisterContext,
    scope=[*_SCOPE, Campaign, Visit],
)
def county_register(dossier: Dossier) -> Iterator[Contents]:
    """A workbook with everything known about the problems of the county's list; none without problems."""
    if dossier.register:
        yield Contents(dossier.county.county, RegisterContext.of(dossier))


@document(
    "整改清单",
    tray=Tray.LISTS,
    family="责任区",
    name=_NAME,
    context=ListContext,
    scope=_SCOPE,
    picked_by={Problem: ZONE_OF_WORKBOOK, ZoneReport: ZONE_OF_WORKBOOK},
    made_by=Problem,
    makes=_stays_open,
)
def zone_lists(dossier: Dossier) -> Iterator[Contents]:
    """One list for each zone (and 县本级) with a problem open at the month's end; none without."""
    for story in dossier.zone_lists:
        yield Contents(story.name, ListContext.of(story, dossier), to=(story.name,))


@document(
    "整改清单",
    tray=Tray.LISTS,
    family="学校",
    name=_NAME,
    context=ListContext,
    scope=_SCOPE,
    picked_by={Problem: "school", School: "name"},
    made_by=Problem,
    makes=_stays_open,
)
def school_lists(dossier: Dossier) -> Iterator[Contents]:
    """One list for each school with a problem open at the month's end; none without."""
    for story in dossier.school_lists:
        yield Contents(story.name, ListContext.of(story, dossier), to=(story.name,))


@document(
    "整改清单",
    tray=Tray.LISTS,
    family="乡镇街道",
    name=_NAME,
    context=ListContext,
    scope=_SCOPE,
    picked_by={Problem: "town", School: "town", Town: "name"},
    made_by=Problem,
    makes=_stays_open,
    blank_is_any=True,
)
def town_lists(dossier: Dossier) -> Iterator[Contents]:
    """One list for each town with an open problem of its own or of a school in it; none without."""
    for story in dossier.town_lists:
        yield Contents(story.name, ListContext.of(story, dossier), to=(story.name,))


@document(
    "整改清单",
    tray=Tray.LISTS,
    family="督导工作",
    name="{subject}{year}年{month}月问题整改清单",
    context=ListContext,
    scope=[*_SCOPE, Campaign, Visit],
    picked_by={Problem: "campaign", Campaign: "number", Visit: "number"},
    made_by=Problem,
    makes=_stays_open,
)
def campaign_lists(dossier: Dossier) -> Iterator[Contents]:
    """One list for each campaign and each visit with an open problem; none without."""
    for story in dossier.campaign_lists:
        yield Contents(story.key, ListContext.of(story, dossier), story.name)
