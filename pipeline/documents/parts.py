"""Contexts of single things (a meeting, a campaign, a visit, ...) that documents of several families tell of."""

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


class Counted(Context):
    """A category and its number."""

    name: str = said("名称")
    number: Count = said("数量")

    @classmethod
    def each(cls, tally: Tally) -> list[Self]:
        return [cls(name=name, number=number) for name, number in tally]


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
    state: str = said("状态", "筹备、实施、反馈、整改或办结")
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
            state=str(campaign.state),
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


class HighlightContext(Context):
    """Good practice of one school."""

    school: str = said("学校")
    content: str = said("内容")


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
    current: Figure[Decimal] = said("本期值")
    previous: Figure[Decimal] | None = said("上期值")
    unit: str = said("单位", "单位；没有则为空")

    @classmethod
    def of(cls, story: IndicatorStory) -> Self:
        return cls(
            name=story.indicator.name,
            current=story.current,
            previous=story.previous,
            unit=story.indicator.unit or "",
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
