"""Contexts of single things (a meeting, a campaign, a visit, ...) that documents of several families use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from pipeline.documents.context import Context, said
from pipeline.dossier.dossier import (
    AssessmentStory,
    CampaignStory,
    IndicatorStory,
    MeetingStory,
    PlacesStory,
    SelfReports,
    Tally,
    VisitStory,
)
from pipeline.dossier.figures import Figure
from pipeline.forms.codes import CampaignState, VisitEntry
from pipeline.forms.office import AgendaItem, Meeting, Plan, VisitNote
from pipeline.forms.zone import Problem

Count = Figure[int]
ShortNames = Mapping[str, str]


class Counted(Context, title="类别和数量", item="类"):
    """A category and its number."""

    name: str = said("名称", "这一类的名称")
    number: Count = said("数量", "这一类的数量")

    @classmethod
    def each(cls, tally: Tally) -> list[Self]:
        return [cls(name=name, number=number) for name, number in tally]


class AgendaContext(Context, title="议程", item="项"):
    """One item of an agenda."""

    person: str | None = said("人员", "承担这一项的人")
    post: str | None = said("职务", "这个人的职务")
    step: str = said("环节", "这一项做什么，如 通报、部署、讲话")
    points: list[str] = said("要点", "这一项的内容要点")

    @classmethod
    def of(cls, item: AgendaItem) -> Self:
        return cls(person=item.person, post=item.post, step=str(item.step), points=list(item.points))


class MeetingContext(Context, title="会议", item="会"):
    """A meeting."""

    name: str = said("名称", "会议或培训的名称")
    kind: str = said("类别", "会议的类别，如 预备会、培训")
    on: date = said("日期", "召开的日期")
    part: str | None = said("时段", "上午、下午等")
    place: str | None = said("地点", "召开的地点")
    chair: str | None = said("主持人", "主持会议的人")
    chair_post: str | None = said("主持人职务", "主持人的职务")
    attendants: list[str] = said("参会对象", "各类参会对象，填有人数的带人数")
    attendance: Count | None = said("参会人数", "参加会议的总人数")
    items: Count = said("议程项数", "议程项数，不计主持")
    agenda: list[AgendaContext] = said("议程", "会议的各项议程，依次排列")
    handouts: list[str] = said("印发材料", "会上印发的材料")
    outcome: str | None = said("成效", "会议取得的成效")

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
    """Each entry with its number, if it is one of people; for a single entry, 参会人数 has the number."""
    entries = meeting.attendance_by_kind
    if len(entries) == 1 and meeting.attendance is not None:
        return [entries[0][0]]
    return [f"{name}{number}人" if number else name for name, number in entries]


class SelfReportsContext(Context):
    """自查报告报送情况."""

    due: Count = said("应报数", "应报自查报告的单位数")
    on_time: Count = said("按时数", "按时报送的单位数")
    late: Count = said("逾期数", "逾期才报送的单位数")
    missing: Count = said("未报数", "没有报送的单位数")
    missing_units: list[str] = said("未报单位", "没有报送的单位名称")

    @classmethod
    def of(cls, reports: SelfReports | None) -> Self | None:
        if reports is None:
            return None
        units = [row.unit for row in reports.missing_rows]
        return cls(
            due=reports.due, on_time=reports.on_time, late=reports.late, missing=reports.missing, missing_units=units
        )


class CampaignContext(Context, title="专项督导", item="督导"):
    """One campaign of 专项督导."""

    name: str = said("名称", "这项督导的名称")
    preparing: bool = said("筹备中", "状态为筹备")
    state: str = said("状态", "筹备、实施、反馈、整改或办结")
    basis: list[str] = said("依据文件", "督导所依据的文件")
    lead: str = said("牵头科室", "牵头的科室")
    joint: list[str] = said("联合科室", "参加的其他科室")
    starts: date = said("起始日期", "计划开始的日期")
    ends: date = said("截止日期", "计划结束的日期")
    planned: list[date] = said("起止日期", "计划开始和结束的日期")
    contents: list[str] = said("督导内容", "督导的各项内容")
    methods: list[str] = said("督导方式", "督导采取的方式")
    demands: list[str] = said("工作要求", "对督导工作的要求")
    coverage: str = said("覆盖范围", "督导覆盖哪些学校或单位")
    group_count: Count = said("组数", "检查组的个数")
    people: Count = said("人数", "各组组长、副组长和成员的人数，同一人只计一次")
    days: Figure[tuple[date, ...]] = said("检查日期", "检查记录中出现的日期")
    schools: Count = said("学校数", "检查记录中出现的学校数")
    schools_by_affiliation: list[Counted] = said("各类学校", "检查到的学校，按隶属")
    towns: Count = said("乡镇数", "检查到的乡镇街道学校所在的乡镇数")
    self_reports_due: date | None = said("自查报告截止日期", "各单位报送自查报告的最后日期")
    self_reports: SelfReportsContext | None = said("自查报告", "自查报告的报送情况")
    conclusion: str | None = said("总体结论", "对这项督导的总体结论")
    problems: Count = said("问题数", "问题整改台账中本项督导的问题数")
    meetings: list[MeetingContext] = said("会议", "关联本项督导、本月及以前召开的会议")

    @classmethod
    def of(cls, story: CampaignStory) -> Self:
        campaign = story.campaign
        return cls(
            name=campaign.name,
            preparing=campaign.state is CampaignState.PREPARING,
            state=str(campaign.state),
            basis=list(campaign.basis),
            lead=campaign.lead,
            joint=list(campaign.joint),
            starts=campaign.starts,
            ends=campaign.ends,
            planned=[campaign.starts, campaign.ends],
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


class HighlightContext(Context, title="亮点", item="例"):
    """Good practice of one school."""

    school: str = said("学校", "学校简称")
    content: str = said("内容", "这所学校的好做法")


class PlacesContext(Context, title="到访", item="处"):
    """The places visited in one part of the day."""

    part: str | None = said("时段", "上午、下午等")
    schools: Count = said("学校数", "这一时段到访的学校数")
    places: list[str] = said("地点", "学校或其他地点")
    contents: list[str] = said("内容", "在各处了解的情况")

    @classmethod
    def of(cls, story: PlacesStory, short: ShortNames) -> Self:
        return cls(
            part=story.part,
            schools=story.schools,
            places=[short.get(note.school, note.school) if note.school else note.place or "" for note in story.notes],
            contents=[note.content for note in story.notes if note.content],
        )


class OpinionContext(Context, title="意见", item="意"):
    """One person's praise and suggestions."""

    speaker: str | None = said("意见人", "提出意见的人")
    praise: list[str] = said("肯定", "肯定的各个方面")
    suggestions: list[str] = said("建议", "提出的各条建议")

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


class VisitProblemContext(Context, title="视导发现的问题", item="题"):
    """A problem entered under the number of a visit."""

    school: str | None = said("学校", "问题所在学校的简称")
    description: str = said("具体描述", "问题的具体描述")

    @classmethod
    def of(cls, problem: Problem, short: ShortNames) -> Self:
        school = short.get(problem.school, problem.school) if problem.school else None
        return cls(school=school, description=problem.description)


class VisitContext(Context, title="调研视导", item="次"):
    """A visit from a superior or to a town."""

    name: str = said("名称", "这次调研或视导的名称")
    unit: str = said("单位", "来访单位，或所到乡镇")
    leader: str = said("带队人", "带队的人")
    leader_post: str | None = said("带队人职务", "带队人的职务")
    members: list[str] = said("成员", "调研组或视导组的其他成员")
    on: date = said("日期", "来访或视导的日期")
    hosts: list[str] = said("陪同人员", "陪同的人员")
    contents: list[str] = said("督导内容", "主要了解或察看的内容")
    chair: str | None = said("主持人", "座谈会的主持人")
    chair_post: str | None = said("主持人职务", "主持人的职务")
    items: Count = said("议程项数", "议程项数，不计主持")
    agenda: list[AgendaContext] = said("议程", "座谈会的各项议程，依次排列")
    places: list[PlacesContext] = said("到访", "按时段的到访地点")
    opinions: list[OpinionContext] = said("意见", "按意见人的肯定和建议")
    assessment: str | None = said("评价", "调研组或视导组的总体评价")
    reply: str | None = said("对方表态", "听了意见以后对方的表态")
    problems: Count = said("问题数", "问题整改台账中以本编号列入的问题数")
    problem_list: list[VisitProblemContext] = said("问题", "问题整改台账中以本编号列入的问题")

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


class OutcomeContext(Context, title="评估等次", item="级"):
    """One grade of an assessment."""

    name: str = said("等次", "等次的名称，如 优秀")
    number: Count = said("数量", "评为这一等次的个数")
    subjects: list[str] = said("对象", "评为这一等次的单位")


class AssessmentContext(Context, title="评估项目", item="项"):
    """One assessment project."""

    project: str = said("评估项目", "评估项目的名称")
    year: int = said("年度", "评的是哪一年")
    subjects: Count = said("对象数", "参加评估的单位数")
    outcomes: list[OutcomeContext] = said("等次", "各个等次和评为这一等次的单位")

    @classmethod
    def of(cls, story: AssessmentStory) -> Self:
        outcomes = [
            OutcomeContext(name=name, number=number, subjects=[row.subject for row in rows])
            for name, number, rows in story.outcomes
        ]
        return cls(project=story.project, year=story.year, subjects=story.subjects, outcomes=outcomes)


class IndicatorContext(Context, title="指标", item="标"):
    """A figure that the office typed in."""

    name: str = said("指标名称", "指标的名称")
    current: Figure[Decimal] = said("本期值", "本期的数值")
    previous: Figure[Decimal] | None = said("上期值", "上期的数值")
    unit: str = said("单位", "计量单位，如 个、%；没有则为空")

    @classmethod
    def of(cls, story: IndicatorStory) -> Self:
        return cls(
            name=story.indicator.name,
            current=story.current,
            previous=story.previous,
            unit=story.indicator.unit or "",
        )


class PlanContext(Context, title="下月计划", item="事"):
    """Work planned for the next month."""

    item: str = said("事项", "要做的工作")
    when: str = said("时间", "什么时候做，如 上旬")
    responsible: list[str] = said("责任人", "负责的人")
    joint: list[str] = said("协办", "协助的科室或人")

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(item=plan.item, when=plan.when, responsible=list(plan.responsible), joint=list(plan.joint))
