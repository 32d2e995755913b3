"""总结: the month's summary, section by section; a section that nothing is known of is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Self, TypeVar

from pipeline.documents.catalogue import document
from pipeline.documents.context import Context, said
from pipeline.dossier.dossier import (
    AssessmentStory,
    CampaignStory,
    Dossier,
    IndicatorStory,
    MeetingStory,
    PlacesStory,
    Rectification,
    RegularStory,
    SelfReports,
    Tally,
    Team,
    VisitStory,
)
from pipeline.dossier.figures import Figure
from pipeline.forms import FORMS
from pipeline.forms.codes import CampaignState, Section, VisitEntry
from pipeline.forms.office import AgendaItem, Meeting, Plan, VisitNote
from pipeline.forms.zone import Problem

MOST_HIGHLIGHTS = 6
"""Good practice that a summary tells; a choice of wording, so that the section stays readable."""

Count = Figure[int]
ShortNames = Mapping[str, str]
S = TypeVar("S", bound=Context)


class Counted(Context):
    """A category and its number."""

    name: str = said("名称")
    number: Count = said("数量")

    @classmethod
    def each(cls, tally: Tally) -> list[Self]:
        return [cls(name=name, number=number) for name, number in tally]


class TeamContext(Context):
    """队伍建设."""

    zones_before: Count = said("责任区原有数", "上月末运行中的责任区数")
    zones_after: Count = said("责任区现有数", "本月末运行中的责任区数")
    full_time_before: Count = said("专职原有人数", "上月末有责任区的专职督学人数")
    full_time_after: Count = said("专职现有人数", "本月末有责任区的专职督学人数")
    part_time: Count = said("兼职人数", "本月末在聘的兼职督学人数")
    age_before: Count | None = said("原平均年龄", "上月末专职督学平均周岁")
    age_after: Count | None = said("现平均年龄", "本月末专职督学平均周岁")
    origins: list[Counted] = said("来源", "专职督学的来源，每类的名称和数量")
    new_staff: Count = said("新到人数", "本月到督导室工作的人数")
    new_staff_names: list[str] = said("新到人员", "本月到督导室工作的人员姓名")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")

    @classmethod
    def of(cls, team: Team, paragraphs: tuple[str, ...]) -> Self:
        return cls(
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
            paragraphs=list(paragraphs),
        )


class AgendaContext(Context):
    """One item of an agenda."""

    person: str | None = said("人员")
    post: str | None = said("职务")
    step: str = said("环节")
    points: list[str] = said("要点")

    @classmethod
    def of(cls, item: AgendaItem) -> Self:
        return cls(person=item.person, post=item.post, step=str(item.step), points=list(item.points))


class MeetingContext(Context):
    """A meeting."""

    name: str = said("名称")
    kind: str = said("类别")
    on: date = said("日期")
    part: str | None = said("时段")
    place: str | None = said("地点")
    chair: str | None = said("主持人")
    chair_post: str | None = said("主持人职务")
    attendants: list[str] = said("参会对象", "各类参会对象，填有人数的带人数")
    attendance: Count | None = said("参会人数")
    items: Count = said("议程项数", "议程项数，不计主持")
    agenda: list[AgendaContext] = said("议程")
    handouts: list[str] = said("印发材料")
    outcome: str | None = said("成效")

    @classmethod
    def of(cls, story: MeetingStory) -> Self:
        meeting = story.meeting
        return cls(
            name=meeting.name,
            kind=str(meeting.kind),
            on=meeting.date,
            part=meeting.part,
            place=meeting.place,
            chair=meeting.chair,
            chair_post=meeting.chair_post,
            attendants=_attendants(meeting),
            attendance=story.attendance,
            items=story.items,
            agenda=[AgendaContext.of(item) for item in story.agenda],
            handouts=list(meeting.handouts),
            outcome=meeting.outcome,
        )


def _attendants(meeting: Meeting) -> list[str]:
    """Each entry with its number; of a single entry the number is left to 参会人数."""
    entries = meeting.attendance_by_kind
    if len(entries) == 1 and meeting.attendance is not None:
        return [entries[0][0]]
    return [name if number is None else f"{name}{number}人" for name, number in entries]


class SelfReportsContext(Context):
    """自查报告报送情况."""

    due: Count = said("应报数")
    on_time: Count = said("按时数")
    late: Count = said("逾期数")
    missing: Count = said("未报数")
    missing_units: list[str] = said("未报单位")

    @classmethod
    def of(cls, reports: SelfReports | None) -> Self | None:
        if reports is None:
            return None
        units = [row.unit for row in reports.missing_rows]
        return cls(
            due=reports.due, on_time=reports.on_time, late=reports.late, missing=reports.missing, missing_units=units
        )


class CampaignContext(Context):
    """One campaign of 专项督导."""

    name: str = said("名称")
    preparing: bool = said("筹备中", "状态为筹备")
    basis: list[str] = said("依据文件")
    lead: str = said("牵头科室")
    joint: list[str] = said("联合科室")
    starts: date = said("起始日期")
    ends: date = said("截止日期")
    contents: list[str] = said("督导内容")
    methods: list[str] = said("督导方式")
    demands: list[str] = said("工作要求")
    coverage: str = said("覆盖范围")
    group_count: Count = said("组数")
    people: Count = said("人数", "各组人数之和")
    days: Figure[tuple[date, ...]] = said("检查日期", "检查记录中出现的日期")
    schools: Count = said("学校数", "检查记录中出现的学校数")
    schools_by_affiliation: list[Counted] = said("各类学校", "检查到的学校，按隶属")
    towns: Count = said("乡镇数", "检查到的乡镇街道学校所在的乡镇数")
    self_reports_due: date | None = said("自查报告截止日期")
    self_reports: SelfReportsContext | None = said("自查报告")
    conclusion: str | None = said("总体结论")
    problems: Count = said("问题数", "问题整改台账中本项督导的问题数")
    meetings: list[MeetingContext] = said("会议", "关联本项督导、本月及以前召开的会议")

    @classmethod
    def of(cls, story: CampaignStory) -> Self:
        campaign = story.campaign
        return cls(
            name=campaign.name,
            preparing=campaign.state is CampaignState.PREPARING,
            basis=list(campaign.basis),
            lead=campaign.lead,
            joint=list(campaign.joint),
            starts=campaign.starts,
            ends=campaign.ends,
            contents=list(campaign.contents),
            methods=list(campaign.methods),
            demands=list(campaign.demands),
            coverage=campaign.coverage,
            group_count=story.group_count,
            people=story.people,
            days=story.days,
            schools=story.schools,
            schools_by_affiliation=Counted.each(story.schools_by_affiliation),
            towns=story.town_schools_towns,
            self_reports_due=campaign.self_reports_due,
            self_reports=SelfReportsContext.of(story.self_reports),
            conclusion=campaign.conclusion,
            problems=story.problems,
            meetings=[MeetingContext.of(meeting) for meeting in story.meetings],
        )


class CampaignsContext(Context):
    """专项督导."""

    campaigns: list[CampaignContext] = said("各项督导")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")


class HighlightContext(Context):
    """Good practice of one school."""

    school: str = said("学校")
    content: str = said("内容")


class RegularContext(Context):
    """经常性督导."""

    records: Count = said("检查次数")
    schools: Count = said("学校数")
    zones: Count = said("责任区数", "开展了经常性督导的责任区数")
    lessons: Count = said("听课节数")
    papers: Count = said("查阅资料份数")
    talks: Count = said("座谈人次")
    questionnaires: Count = said("问卷份数")
    problems: Count = said("问题数", "各次检查发现问题数之和")
    matters: list[Counted] = said("事项", "督导事项及次数")
    feedback: list[Counted] = said("反馈", "反馈方式及次数")
    highlights: list[HighlightContext] = said("亮点")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")

    @classmethod
    def of(cls, story: RegularStory | None, paragraphs: tuple[str, ...], short: ShortNames) -> Self | None:
        if story is None:
            return None
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
            paragraphs=list(paragraphs),
        )


class PlacesContext(Context):
    """The places visited in one part of the day."""

    part: str | None = said("时段")
    schools: Count = said("学校数")
    places: list[str] = said("地点", "学校或其他地点")
    contents: list[str] = said("内容")

    @classmethod
    def of(cls, story: PlacesStory, short: ShortNames) -> Self:
        return cls(
            part=story.part,
            schools=story.schools,
            places=[short.get(note.school, note.school) if note.school else note.place or "" for note in story.notes],
            contents=[note.content for note in story.notes if note.content],
        )


class OpinionContext(Context):
    """What one person praised and suggested."""

    speaker: str | None = said("意见人")
    praise: list[str] = said("肯定")
    suggestions: list[str] = said("建议")

    @classmethod
    def each(cls, notes: tuple[VisitNote, ...]) -> list[Self]:
        speakers = dict.fromkeys(note.speaker for note in notes)
        return [cls._of(speaker, [note for note in notes if note.speaker == speaker]) for speaker in speakers]

    @classmethod
    def _of(cls, speaker: str | None, notes: list[VisitNote]) -> Self:
        by_entry = {
            entry: [note.content for note in notes if note.entry is entry and note.content] for entry in VisitEntry
        }
        return cls(speaker=speaker, praise=by_entry[VisitEntry.PRAISE], suggestions=by_entry[VisitEntry.SUGGESTION])


class VisitProblemContext(Context):
    """A problem entered under the number of a visit."""

    school: str | None = said("学校")
    description: str = said("具体描述")

    @classmethod
    def of(cls, problem: Problem, short: ShortNames) -> Self:
        school = short.get(problem.school, problem.school) if problem.school else None
        return cls(school=school, description=problem.description)


class VisitContext(Context):
    """A visit from above or to a town."""

    name: str = said("名称")
    unit: str = said("单位", "来访单位，或所到乡镇")
    leader: str = said("带队人")
    leader_post: str | None = said("带队人职务")
    members: list[str] = said("成员")
    on: date = said("日期")
    hosts: list[str] = said("陪同人员")
    contents: list[str] = said("督导内容")
    chair: str | None = said("主持人")
    chair_post: str | None = said("主持人职务")
    items: Count = said("议程项数", "议程项数，不计主持")
    agenda: list[AgendaContext] = said("议程")
    places: list[PlacesContext] = said("到访", "按时段的到访地点")
    opinions: list[OpinionContext] = said("意见", "按意见人的肯定和建议")
    assessment: str | None = said("评价")
    reply: str | None = said("对方表态")
    problems: Count = said("问题数", "问题整改台账中以本编号列入的问题数")
    problem_list: list[VisitProblemContext] = said("问题")

    @classmethod
    def of(cls, story: VisitStory, short: ShortNames) -> Self:
        visit = story.visit
        return cls(
            name=visit.name,
            unit=visit.unit,
            leader=visit.leader,
            leader_post=visit.leader_post,
            members=list(visit.members),
            on=visit.date,
            hosts=list(visit.hosts),
            contents=list(visit.contents),
            chair=story.chair.person if story.chair else None,
            chair_post=story.chair.post if story.chair else None,
            items=story.items,
            agenda=[AgendaContext.of(item) for item in story.agenda],
            places=[PlacesContext.of(places, short) for places in story.places],
            opinions=OpinionContext.each(story.opinions),
            assessment=visit.assessment,
            reply=visit.reply,
            problems=story.problems,
            problem_list=[VisitProblemContext.of(problem, short) for problem in story.problem_rows],
        )


class VisitsContext(Context):
    """调研交流, 督政视导."""

    visits: list[VisitContext] = said("各次")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")


class MeetingsContext(Context):
    """会议培训."""

    meetings: list[MeetingContext] = said("各次", "本月召开、不属于某项督导的会议培训")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")


class OutcomeContext(Context):
    """One grade of an assessment."""

    name: str = said("等次")
    number: Count = said("数量")
    subjects: list[str] = said("对象")


class AssessmentContext(Context):
    """One assessment project."""

    project: str = said("评估项目")
    year: int = said("年度")
    subjects: Count = said("对象数")
    outcomes: list[OutcomeContext] = said("等次")

    @classmethod
    def of(cls, story: AssessmentStory) -> Self:
        outcomes = [
            OutcomeContext(name=name, number=number, subjects=[row.subject for row in rows])
            for name, number, rows in story.outcomes
        ]
        return cls(project=story.project, year=story.year, subjects=story.subjects, outcomes=outcomes)


class IndicatorContext(Context):
    """A figure that the office typed in."""

    name: str = said("指标名称")
    current: Figure[Any] = said("本期值")
    previous: Figure[Any] | None = said("上期值")
    unit: str = said("单位", "单位；没有则为空")

    @classmethod
    def of(cls, story: IndicatorStory) -> Self:
        return cls(
            name=story.indicator.name,
            current=story.current,
            previous=story.previous,
            unit=story.indicator.unit or "",
        )


class AssessmentsContext(Context):
    """评估监测."""

    assessments: list[AssessmentContext] = said("各项评估")
    indicators: list[IndicatorContext] = said("指标")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")


class RectificationContext(Context):
    """问题整改."""

    opening: Count = said("上月末未销号数")
    new: Count = said("本月新增数")
    closed: Count = said("本月销号数")
    closing: Count = said("月末未销号数")
    overdue: Count = said("逾期数", "截至制表日期逾期未完成整改的问题数")
    rate: Figure[Any] | None = said("销号率", "本月销号数占上月末未销号与本月新增之和的百分比")
    new_by_kind: list[Counted] = said("新增类别")
    new_by_gravity: list[Counted] = said("新增程度")
    closing_by_state: list[Counted] = said("月末状态", "月末未销号问题的状态")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")

    @classmethod
    def of(cls, story: Rectification, paragraphs: tuple[str, ...]) -> Self | None:
        if not story.listed and not paragraphs:
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


class PlanContext(Context):
    """A piece of work planned for the next month."""

    item: str = said("事项")
    when: str = said("时间")
    responsible: list[str] = said("责任人")
    joint: list[str] = said("协办")

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(item=plan.item, when=plan.when, responsible=list(plan.responsible), joint=list(plan.joint))


class PlansContext(Context):
    """下步打算."""

    plans: list[PlanContext] = said("计划")
    paragraphs: list[str] = said("段落", "叙述补充中本章节的段落")


class SummaryContext(Context):
    """月度工作总结."""

    county: str = said("县区名称")
    office: str = said("机构全称")
    office_short: str = said("机构简称", "文中第二次提到本机构时使用")
    year: int = said("年份")
    month: int = said("月份")
    addressee: str | None = said("主送机关")
    opening: str | None = said("导语")
    unreported: list[str] = said("未报责任区", "没有报送本月数据的责任区")
    team: TeamContext | None = said("队伍建设")
    campaigns: CampaignsContext | None = said("专项督导")
    regular: RegularContext | None = said("经常性督导")
    visits_received: VisitsContext | None = said("调研交流")
    meetings: MeetingsContext | None = said("会议培训")
    visits_to_towns: VisitsContext | None = said("督政视导")
    assessments: AssessmentsContext | None = said("评估监测")
    rectification: RectificationContext | None = said("问题整改")
    shortcomings: list[str] = said("存在不足", "叙述补充中存在不足的段落")
    plans: PlansContext | None = said("下步打算")
    signed_as: str = said("落款单位")
    made_on: date = said("制表日期")


_ALL_SHEETS = [sheet for form in FORMS for sheet in form.sheets]


@document("月度工作总结", family="总结", context=SummaryContext, scope=_ALL_SHEETS)
def monthly_summary(dossier: Dossier) -> Iterator[tuple[str, SummaryContext]]:
    """One summary a month."""
    period, county, told = dossier.period, dossier.county, dossier.narratives
    context = SummaryContext(
        county=county.county,
        office=county.office,
        office_short=county.office_short,
        year=period.year,
        month=period.month,
        addressee=dossier.report.addressee,
        opening=dossier.report.opening,
        unreported=list(dossier.unreported),
        team=TeamContext.of(dossier.team, told[Section.TEAM]) if dossier.team else None,
        campaigns=_unless_empty(
            CampaignsContext(
                campaigns=[CampaignContext.of(story) for story in dossier.campaigns],
                paragraphs=list(told[Section.SPECIAL]),
            )
        ),
        regular=RegularContext.of(dossier.regular, told[Section.REGULAR], dossier.short_names),
        visits_received=_visits(dossier, dossier.visits_received, Section.VISITS),
        meetings=_unless_empty(
            MeetingsContext(
                meetings=[MeetingContext.of(story) for story in dossier.meetings],
                paragraphs=list(told[Section.MEETINGS]),
            )
        ),
        visits_to_towns=_visits(dossier, dossier.visits_to_towns, Section.TOWNS),
        assessments=_unless_empty(
            AssessmentsContext(
                assessments=[AssessmentContext.of(story) for story in dossier.assessments],
                indicators=[IndicatorContext.of(story) for story in dossier.indicators],
                paragraphs=list(told[Section.ASSESSMENT]),
            )
        ),
        rectification=RectificationContext.of(dossier.rectification, told[Section.RECTIFICATION]),
        shortcomings=list(told[Section.SHORTCOMINGS]),
        plans=_unless_empty(
            PlansContext(plans=[PlanContext.of(plan) for plan in dossier.plans], paragraphs=list(told[Section.PLANS]))
        ),
        signed_as=county.signed_as or county.office,
        made_on=dossier.report.made_on,
    )
    yield f"{county.county}{period.year}年{period.month}月教育督导工作总结", context


def _visits(dossier: Dossier, stories: tuple[VisitStory, ...], section: Section) -> VisitsContext | None:
    visits = [VisitContext.of(story, dossier.short_names) for story in stories]
    return _unless_empty(VisitsContext(visits=visits, paragraphs=list(dossier.narratives[section])))


def _unless_empty(section: S) -> S | None:
    """The section, or None where it has neither facts nor paragraphs."""
    return section if any(getattr(section, name) for name in type(section).model_fields) else None
