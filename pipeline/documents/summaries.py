"""总结: the month's summary, section by section; a section without facts is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import Context, Paragraphs, said
from pipeline.documents.parts import (
    AssessmentContext,
    CampaignContext,
    Count,
    Counted,
    HighlightContext,
    IndicatorContext,
    MeetingContext,
    PlanContext,
    ShortNames,
    VisitContext,
)
from pipeline.documents.periods import called, stretches
from pipeline.dossier.dossier import (
    Change,
    Comparison,
    Dossier,
    Rectification,
    RegularStory,
    Team,
    VisitStory,
)
from pipeline.dossier.figures import Figure, Plot
from pipeline.forms.catalogue import FORMS
from pipeline.forms.codes import Section
from pipeline.trays import Tray

MOST_HIGHLIGHTS = 6
"""The most highlights in a summary; an editorial choice, so that the section stays readable."""

S = TypeVar("S", bound=Context)


class TeamContext(Context):
    """Zones and inspectors."""

    zones_before: Count = said("责任区原有数", "期初（上月末）运行中的责任区数")
    zones_after: Count = said("责任区现有数", "期末运行中的责任区数")
    full_time_before: Count = said("专职原有人数", "期初（上月末）有责任区的专职督学人数")
    full_time_after: Count = said("专职现有人数", "期末有责任区的专职督学人数")
    part_time: Count = said("兼职人数", "期末在聘的兼职督学人数")
    age_before: Count | None = said("原平均年龄", "期初（上月末）专职督学平均周岁")
    age_after: Count | None = said("现平均年龄", "期末专职督学平均周岁")
    origins: list[Counted] = said("来源", "专职督学的来源，每类的名称和数量")
    new_staff: Count = said("新到人数", "本期到督导室工作的人数")
    new_staff_names: list[str] = said("新到人员", "本期到督导室工作的人员姓名")

    @classmethod
    def of(cls, team: Team | None) -> Self | None:
        """None if nothing is known about a team, or if there is nobody and nothing to count."""
        if team is None:
            return None
        context = cls(
            zones_before=team.zones_before,
            zones_after=team.zones_after,
            full_time_before=team.full_time_before,
            full_time_after=team.full_time_after,
            part_time=team.part_time,
            age_before=team.age_before,
            age_after=team.age_after,
            origins=Counted.each(team.origins),
            new_staff=team.new_staff,
            new_staff_names=[row.name for row in team.new_staff_rows],
        )
        zones, full_time = (
            (context.zones_before, context.zones_after),
            (context.full_time_before, context.full_time_after),
        )
        return context if any((*zones, *full_time, context.part_time, context.new_staff)) else None


class TeamSection(Context):
    """队伍建设."""

    facts: TeamContext | None = said("情况", "责任区和督学的人数")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class CampaignsContext(Context):
    """专项督导."""

    campaigns: list[CampaignContext] = said("各项督导", "本期的各项专项督导")
    several: bool = said("分列", "不止一项，需要带序号的小标题")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class RegularContext(Context):
    """The regular inspections."""

    records: Count = said("检查次数", "经常性督导的检查次数")
    schools: Count = said("学校数", "检查到的学校数，去过几次都算一所")
    zones: Count = said("责任区数", "开展了经常性督导的责任区数")
    lessons: Count = said("听课节数", "各次检查听课节数之和")
    papers: Count = said("查阅资料份数", "各次检查查阅资料份数之和")
    talks: Count = said("座谈人次", "各次检查座谈人次之和")
    questionnaires: Count = said("问卷份数", "各次检查发放问卷份数之和")
    problems: Count = said("问题数", "各次检查发现问题数之和")
    matters: list[Counted] = said("事项", "督导事项及次数")
    feedback: list[Counted] = said("反馈", "反馈方式及次数")
    highlights: list[HighlightContext] = said("亮点", "检查中发现的好做法，每条有学校和内容")

    @classmethod
    def of(cls, story: RegularStory, short: ShortNames) -> Self:
        named = [
            HighlightContext(school=short.get(row.school, row.school), content=row.highlights or "")
            for row in story.highlights
        ]
        return cls(
            records=story.records,
            schools=story.schools,
            zones=story.zones,
            lessons=story.lessons,
            papers=story.papers,
            talks=story.talks,
            questionnaires=story.questionnaires,
            problems=story.problems,
            matters=Counted.each(story.matters),
            feedback=Counted.each(story.feedback),
            highlights=named[:MOST_HIGHLIGHTS],
        )


class RegularSection(Context):
    """经常性督导."""

    facts: RegularContext | None = said("情况", "经常性督导的次数和发现")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class VisitsContext(Context):
    """调研交流, 督政视导."""

    visits: list[VisitContext] = said("各次", "本期的各次调研或视导")
    several: bool = said("分列", "不止一项，需要带序号的小标题")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class MeetingsContext(Context):
    """会议培训."""

    meetings: list[MeetingContext] = said("各次", "本期召开、不属于某项督导的会议培训")
    several: bool = said("分列", "不止一项，需要带序号的小标题")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class AssessmentsContext(Context):
    """评估监测."""

    assessments: list[AssessmentContext] = said("各项评估", "本期有结果的评估项目")
    indicators: list[IndicatorContext] = said("指标", "指标填报中的各项指标")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class RectificationContext(Context):
    """问题整改."""

    opening: Count = said("上月末未销号数", "上月末还没有销号的问题数")
    new: Count = said("本月新增数", "本月发现的问题数")
    closed: Count = said("本月销号数", "本月销号的问题数")
    closing: Count = said("月末未销号数", "本月末还没有销号的问题数")
    overdue: Count = said("逾期数", "截至制表日期逾期未完成整改的问题数")
    rate: Figure[Decimal] | None = said("销号率", "本月销号数占上月末未销号与本月新增之和的百分比")
    new_by_kind: list[Counted] = said("新增类别", "本月新增问题按类别的个数")
    new_by_gravity: list[Counted] = said("新增程度", "本月新增问题按严重程度的个数")
    closing_by_state: list[Counted] = said("月末状态", "月末未销号问题按整改状态的个数")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")

    @classmethod
    def of(cls, story: Rectification, paragraphs: tuple[str, ...]) -> Self | None:
        if not (story.opening or story.new or paragraphs):
            return None
        return cls(
            opening=story.opening,
            new=story.new,
            closed=story.closed,
            closing=story.closing,
            overdue=story.overdue,
            rate=story.rate,
            new_by_kind=Counted.each(story.new_by_kind),
            new_by_gravity=Counted.each(story.new_by_gravity),
            closing_by_state=Counted.each(story.closing_by_state),
            paragraphs=list(paragraphs),
        )


class PlansContext(Context):
    """下步打算."""

    plans: list[PlanContext] = said("计划", "下月计划（阶段总结取最后一个月）中的各项工作")
    paragraphs: Paragraphs = said("段落", "叙述补充中本章节的段落")


class ChangeContext(Context, title="比较的数字", item="项"):
    """A figure now and in the earlier period."""

    name: str = said("名称", "比较的是什么，如 检查学校数")
    unit: str = said("单位", "计量单位，如 所、个、%")
    now: Figure[Decimal] = said("现值", "本期的数值")
    before: Figure[Decimal] = said("原值", "对比时段的数值")
    apart: Figure[Decimal] = said("相差", "现值与原值相差多少，不带正负")
    apart_unit: str = said("相差单位", "相差的计量单位；比率为 个百分点，其他与单位相同")
    percent: Figure[Decimal] | None = said("幅度", "相差的数占原值的百分比；原值为 0 或本身是比率的没有")


class ComparisonContext(Context):
    """环比, 同比."""

    base: str = said("对比时段", "与哪一段时间比较，如 2024年3月")
    changes: list[ChangeContext] = said("各项", "各项数字的比较，没有变化的不列；不能比较时没有")
    missing: list[str] = said("缺少月份", "因没有这些月份的表而不能比较")
    incomplete: list[str] = said("不全月份", "因这些月份的表没有报齐或有误而不能比较")

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        changes = ((getattr(comparison, attribute), words) for attribute, *words in COMPARED)
        return cls(
            base="、".join(stretches(comparison.months))
            if len(comparison.months) < comparison.period.months
            else called(comparison.period),
            changes=[cls._change(change, *words) for change, words in changes if change and change.apart],
            missing=stretches(comparison.missing),
            incomplete=stretches(comparison.incomplete),
        )

    @staticmethod
    def _change(change: Change, name: str, unit: str, apart_unit: str) -> ChangeContext:
        return ChangeContext(
            name=name,
            unit=unit,
            now=change.now,
            before=change.before,
            apart=change.apart,
            apart_unit=apart_unit,
            percent=change.percent,
        )


COMPARED = (
    ("records", "检查次数", "次", "次"),
    ("schools", "检查学校（幼儿园）", "所", "所"),
    ("new", "新增问题", "个", "个"),
    ("closed", "销号问题", "个", "个"),
    ("closing", "期末未销号问题", "个", "个"),
    ("rate", "销号率", "%", "个百分点"),
)
"""The comparisons by attribute: name, unit, and the unit of a difference, in the text's order."""


class Sections(Context):
    """What summaries of a month and of longer periods share."""

    county: str = said("县区名称", "本县（区）的名称")
    office: str = said("机构全称", "督导机构的全称")
    office_short: str = said("机构简称", "文中第二次提到本机构时使用")
    year: int = said("年份", "总结是哪一年的")
    addressee: str | None = said("主送机关", "总结报送给谁")
    team: TeamSection | None = said("队伍建设", "“队伍建设”一节的内容")
    campaigns: CampaignsContext | None = said("专项督导", "“专项督导”一节的内容")
    regular: RegularSection | None = said("经常性督导", "“经常性督导”一节的内容")
    visits_received: VisitsContext | None = said("调研交流", "上级来调研和外地来交流一节的内容")
    meetings: MeetingsContext | None = said("会议培训", "“会议培训”一节的内容")
    visits_to_towns: VisitsContext | None = said("督政视导", "到乡镇视导一节的内容")
    assessments: AssessmentsContext | None = said("评估监测", "“评估监测”一节的内容")
    shortcomings: Paragraphs = said("存在不足", "叙述补充中存在不足的段落")
    plans: PlansContext | None = said("下步打算", "“下步打算”一节的内容")
    signed_as: str = said("落款单位", "落款用的单位名称；名录没有填的用机构全称")
    made_on: date = said("制表日期", "报告信息中填的制表日期")


class SummaryContext(Sections):
    """月度工作总结."""

    month: int = said("月份", "总结是哪一月的")
    opening: str | None = said("导语", "总结开头的一段话")
    unreported: list[str] = said("未报责任区", "没有报送本月数据的责任区")
    rectification: RectificationContext | None = said("问题整改", "“问题整改”一节的内容")
    with_before: ComparisonContext | None = said("环比", "与上月比较；上月的表不在、没有报齐或有误时没有")
    with_year_before: ComparisonContext | None = said("同比", "与上年同月比较；上年的表不在、没有报齐或有误时没有")


COUNTED = (
    "没有上月的表（或其中的问题有误），上月末未销号的问题数由发现日期和销号日期推算；"
    "把改好的上月文件夹放在本月文件夹旁边，即取自上月各表"
)
_ALL_SHEETS = [sheet for form in FORMS for sheet in form.sheets]


@document(
    "月度工作总结",
    tray=Tray.SUMMARIES,
    name="{subject}{year}年{month}月教育督导工作总结",
    context=SummaryContext,
    scope=_ALL_SHEETS,
)
def monthly_summary(dossier: Dossier) -> Iterator[Contents]:
    """One summary a month."""
    context = SummaryContext(
        **sections(dossier),
        month=dossier.period.month,
        opening=dossier.report.opening,
        unreported=list(dossier.unreported),
        rectification=RectificationContext.of(dossier.rectification, dossier.narratives[Section.RECTIFICATION]),
        with_before=_compared(dossier.with_before),
        with_year_before=_compared(dossier.with_year_before),
    )
    counted = () if dossier.rectification.carried or not dossier.rectification.opening else (COUNTED,)
    yield Contents(dossier.county.county, context, remarks=counted, charts=charts(dossier))


def charts(dossier: Dossier) -> dict[str, Plot]:
    """The data of the chart of problems, by its alternative text in the templates; {} without problems."""
    return {"问题类别和整改状态": dossier.kinds_and_states} if dossier.kinds_and_states else {}


def _compared(comparison: Comparison | None) -> ComparisonContext | None:
    """The comparison; None if there is nothing to compare with, or nothing has changed."""
    context = ComparisonContext.of(comparison) if comparison else None
    return context if context and context.changes else None


def sections(dossier: Dossier) -> dict[str, Any]:
    """The values of `Sections`, by field name."""
    county, texts = dossier.county, dossier.narratives
    return {
        "county": county.county,
        "office": county.office,
        "office_short": county.office_short,
        "year": dossier.asked.year,
        "addressee": dossier.report.addressee,
        "team": _unless_empty(TeamSection(facts=TeamContext.of(dossier.team), paragraphs=list(texts[Section.TEAM]))),
        "campaigns": _unless_empty(
            CampaignsContext(
                campaigns=[CampaignContext.of(story) for story in dossier.campaigns],
                several=len(dossier.campaigns) > 1,
                paragraphs=list(texts[Section.SPECIAL]),
            )
        ),
        "regular": _unless_empty(
            RegularSection(
                facts=RegularContext.of(dossier.regular, dossier.short_names) if dossier.regular else None,
                paragraphs=list(texts[Section.REGULAR]),
            )
        ),
        "visits_received": _visits(dossier, dossier.visits_received, Section.VISITS),
        "meetings": _unless_empty(
            MeetingsContext(
                meetings=[MeetingContext.of(story) for story in dossier.meetings],
                several=len(dossier.meetings) > 1,
                paragraphs=list(texts[Section.MEETINGS]),
            )
        ),
        "visits_to_towns": _visits(dossier, dossier.visits_to_towns, Section.TOWNS),
        "assessments": _unless_empty(
            AssessmentsContext(
                assessments=[AssessmentContext.of(story) for story in dossier.assessments],
                indicators=[IndicatorContext.of(story) for story in dossier.indicators],
                paragraphs=list(texts[Section.ASSESSMENT]),
            )
        ),
        "shortcomings": list(texts[Section.SHORTCOMINGS]),
        "plans": _unless_empty(
            PlansContext(plans=[PlanContext.of(plan) for plan in dossier.plans], paragraphs=list(texts[Section.PLANS]))
        ),
        "signed_as": dossier.signed_as,
        "made_on": dossier.report.made_on,
    }


def _visits(dossier: Dossier, stories: tuple[VisitStory, ...], section: Section) -> VisitsContext | None:
    visits = [VisitContext.of(story, dossier.short_names) for story in stories]
    return _unless_empty(
        VisitsContext(visits=visits, several=len(visits) > 1, paragraphs=list(dossier.narratives[section]))
    )


def _unless_empty(section: S) -> S | None:
    """The section, or None if it has neither facts nor paragraphs."""
    return section if any(vars(section).values()) else None
