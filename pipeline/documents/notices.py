"""通知: letters that announce or follow up inspections and meetings: 督导通知, 会议通知, 整改通知书."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.filing import Filing
from pipeline.documents.letters import LetterContext, addressed, letterhead, unnumbered
from pipeline.documents.parts import Counted, MeetingContext
from pipeline.dossier.dossier import CampaignStory, Dossier, GroupStory, MeetingStory
from pipeline.dossier.figures import Figure
from pipeline.dossier.notices import EarlierNotice, UnitProblems
from pipeline.forms.codes import (
    CampaignKind,
    CampaignState,
    DocumentDirection,
    DocumentKind,
    Handling,
    MeetingKind,
)
from pipeline.forms.office import AgendaItem, Campaign, DocumentEntry, Group, Meeting, Report
from pipeline.forms.registry import County, School
from pipeline.forms.zone import Problem
from pipeline.trays import Tray

Count = Figure[int]


MOST_NAMED = 3
"""Problem numbers named in a remark."""
PRODUCED = ("分组安排表", "检查记录表")
"""The attachments that a 督导通知's template prints; without groups only the second."""


class GroupContext(Context, title="检查组", item="组"):
    """One group of inspectors."""

    number: int = said("组号", "从 1 起的组号")
    head: str = said("组长", "本组组长；没有填的为空")
    deputy: str | None = said("副组长", "本组副组长")
    members: list[str] = said("成员", "不含组长、副组长")
    liaison: str | None = said("联络员", "不计入人数")
    people: Count = said("人数", "本组组长、副组长和成员人数；所填人数更多的为所填人数")
    object_kind: str = said("对象类型", "学校、乡镇街道或责任区")
    objects: list[str] = said("对象", "负责的学校（规范简称）、乡镇街道或责任区")
    object_count: Count = said("对象数", "本组负责对象的个数")
    days: list[date] = said("起止日期", "本组的起始日期和截止日期；没有填的为本项督导的")

    @classmethod
    def of(cls, story: GroupStory, campaign: Campaign, dossier: Dossier) -> Self:
        group = story.group
        return cls(
            number=group.number,
            head=group.head or "",
            deputy=group.deputy,
            members=list(group.members),
            liaison=group.liaison,
            people=story.people,
            object_kind=str(group.object_kind),
            objects=[dossier.short_names.get(name, name) for name in group.objects],
            object_count=story.objects,
            days=[group.starts or campaign.starts, group.ends or campaign.ends],
        )


class AttachmentContext(Context, title="附件", item="件"):
    """One attachment."""

    position: int = said("序号", "从 1 起的附件序号")
    name: str = said("名称", "附件的名称")


class NoticeContext(LetterContext):
    """督导通知."""

    name: str = said("督导名称", "这项督导的名称")
    kind: str = said("督导类型", "专项督导、综合督导等")
    purpose: str | None = said("目的", "以“为”字开头的一句话")
    basis: list[str] = said("依据文件", "开展督导所依据的文件")
    lead: str = said("牵头科室", "牵头的科室")
    joint: list[str] = said("联合科室", "一同参加的科室")
    coverage: str = said("覆盖范围", "督导的范围，一句话")
    schools_due: Count | None = said("应检学校数", "督导工作表所填的应检学校数")
    starts: date = said("起始日期", "督导从哪一天起")
    ends: date = said("截止日期", "督导到哪一天止")
    days: list[date] = said("起止日期", "起始日期和截止日期")
    contents: list[str] = said("督导内容", "逐项的督导内容")
    methods: list[str] = said("督导方式", "采用的督导方式")
    groups: list[GroupContext] = said("分组", "检查组分组表，每组一行")
    group_count: Count = said("组数", "检查组的组数")
    people: Count = said("人数", "各组组长、副组长和成员的人数，同一人只计一次")
    objects: list[Counted] = said("对象合计", "各类对象的数量，按对象类型；由几个组负责的只计一次")
    shared_people: list[str] = said("重复人员", "编在不止一个组的人，合计人数中各计一次；没有的为空")
    shared_objects: list[str] = said("重复对象", "由不止一个组负责的对象，合计中各计一次；没有的为空")
    demands: list[str] = said("工作要求", "逐项的工作要求")
    self_reports_due: date | None = said("自查报告截止日期", "各单位报送自查报告的截止日期")
    attachments: list[AttachmentContext] = said(
        "附件", "附件的序号和名称：分组安排表（有分组的）、检查记录表和另填的附件"
    )
    several: bool = said("多个附件", "附件不止一个，需要编号")

    @classmethod
    def of(cls, story: CampaignStory, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        campaign = story.campaign
        produced = PRODUCED if story.groups else PRODUCED[1:]
        names = [*(f"{campaign.name}{form}" for form in produced), *campaign.attachments]
        return cls(
            **letterhead(dossier, entry),
            name=campaign.name,
            kind=str(campaign.kind),
            purpose=campaign.purpose,
            basis=list(campaign.basis),
            lead=campaign.lead,
            joint=list(campaign.joint),
            coverage=campaign.coverage,
            schools_due=story.schools_due,
            starts=campaign.starts,
            ends=campaign.ends,
            days=[campaign.starts, campaign.ends],
            contents=list(campaign.contents),
            methods=list(campaign.methods),
            groups=[GroupContext.of(group, campaign, dossier) for group in story.groups],
            group_count=story.group_count,
            people=story.people,
            objects=Counted.each(story.objects),
            shared_people=list(story.shared_people),
            shared_objects=[dossier.short_names.get(name, name) for name in story.shared_objects],
            demands=list(campaign.demands),
            self_reports_due=campaign.self_reports_due,
            attachments=[AttachmentContext(position=n, name=name) for n, name in enumerate(names, start=1)],
            several=len(names) > 1,
        )


@document(
    "督导通知",
    tray=Tray.LETTERS,
    family="通知",
    name="关于开展{subject}的通知",
    context=NoticeContext,
    scope=[County, Report, Campaign, Group, DocumentEntry],
    picked_by={Campaign: "number", Group: "campaign", DocumentEntry: "related"},
    only={
        Campaign: {"state": {CampaignState.PREPARING}, "kind": set(CampaignKind) - {CampaignKind.REGULAR}},
        DocumentEntry: {"kind": {DocumentKind.NOTICE}, "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Campaign,
)
def inspection_notices(dossier: Dossier) -> Iterator[Contents]:
    """One notice for each campaign in preparation, other than a regular one; none without."""
    for story in dossier.campaigns:
        if story.campaign.state is CampaignState.PREPARING:
            number = story.campaign.number
            entry = dossier.entry(number, DocumentKind.NOTICE)
            context = NoticeContext.of(story, dossier, entry)
            remarks = (
                *unnumbered(entry, DocumentKind.NOTICE, number, addressed=False),
                *_to_be_added(context, len(story.campaign.attachments)),
            )
            to, starts = addressed(entry), story.campaign.starts
            filed = Filing(DocumentKind.NOTICE, number, entry)
            yield Contents(number, context, story.campaign.name, remarks, to=to, by=starts, filed=filed)


def _to_be_added(context: NoticeContext, own: int) -> Iterator[str]:
    """The remark that attachments which the office writes itself, the last ones, are not in the document."""
    if own:
        produced, added = context.attachments[:-own], context.attachments[-own:]
        named = "、".join(f"附件{one.position}《{one.name}》" for one in added)
        yield f"{named}不由程序生成，请另附，放在附件{produced[-1].position}之后、版记之前"


class FindingContext(Context, title="通知书的一项", item="条"):
    """One problem of a 整改通知书."""

    position: int = said("序号", "从 1 起的序号")
    id: str = said("问题编号", "问题整改台账中的编号")
    school: str | None = said("学校", "问题所在的学校；与本单位相同时为空")
    kind: str = said("问题类别", "问题整改台账中的类别")
    description: str = said("具体描述", "问题是什么")
    clause: str | None = said("依据条款", "不符合哪条规定")
    demand: str | None = said("整改要求", "要求怎样整改")
    rectification: str = said("整改类型", "立行立改、限期整改或长期整改")
    due: date | None = said("期限", "整改期限，延期的为延期至")
    due_words: str | None = said("期限说明", "没有具体期限时的说明")
    person: str | None = said("责任人", "责任单位的责任人")

    @classmethod
    def of(cls, position: int, problem: Problem) -> Self:
        return cls(
            position=position,
            id=problem.id,
            school=problem.school if problem.school != problem.unit else None,
            kind=str(problem.kind),
            description=problem.description,
            clause=problem.clause,
            demand=problem.demand,
            rectification=str(problem.rectification),
            due=problem.deadline,
            due_words=problem.due_words,
            person=problem.person,
        )


class RectificationNoticeContext(LetterContext):
    """整改通知书."""

    unit: str = said("责任单位", "收到通知书的单位")
    found_in: list[str] = said("督导名称", "发现这些问题的督导、视导的名称")
    found_on: Figure[tuple[date, ...]] = said("检查日期", "发现这些问题的日期")
    problems: list[FindingContext] = said("各项问题", "逐项列出的问题")
    items: Count = said("项数", "问题的项数")
    report_by: date | None = said("报告截止日期", "整改报告截止日期，即各项中最迟的整改期限；不晚于成文日期的为空")
    days: Count | None = said("天数", "从成文日期到报告截止日期的天数")

    @classmethod
    def of(cls, story: UnitProblems, dossier: Dossier) -> Self:
        return cls(
            **letterhead(dossier, story.entry),
            unit=story.unit,
            found_in=list(story.found_in),
            found_on=story.found_on,
            problems=[FindingContext.of(n, problem) for n, problem in enumerate(story.problems, start=1)],
            items=story.items,
            report_by=story.report_by,
            days=story.days,
        )


def _listed_before(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Problems left out of a unit's notice because an earlier one listed them; none if their own rows say so."""
    once = "一个问题只发一次整改通知书，这一次没有再列入"
    for story in dossier.already_listed:
        listed, notice = _listed(story.problems), story.notice
        if notice.document:
            yield (
                story.unit,
                f"问题{listed}已列入 {notice.document}（见那个月文件夹中的生成记录），{once}；"
                "那份没有发出的，请在本月的文件台账中登记这个单位的整改通知书，再重新生成；"
                "已经发出的，请在“通知书文号”中填上文号",
            )
        else:
            yield story.unit, f"问题{listed}已由{_called(notice)}告知（见以前的文件台账），{once}"


def _listed(problems: Sequence[Problem]) -> str:
    """The numbers of the first problems, and how many there are."""
    first = "、".join(problem.id for problem in problems[:MOST_NAMED])
    return f" {first} " if len(problems) <= MOST_NAMED else f" {first} 等 {len(problems)} 个"


def _called(notice: EarlierNotice) -> str:
    """A notice by its number and day, as far as known."""
    day = f"{notice.dated.year}年{notice.dated.month}月{notice.dated.day}日" if notice.dated else ""
    return (
        f" {notice.number}（{day}）"
        if notice.number and day
        else f" {notice.number} "
        if notice.number
        else f"{day}的整改通知书"
    )


@document(
    "整改通知书",
    tray=Tray.LETTERS,
    family="整改通知书",
    name="{subject}整改通知书（{year}年{month}月）",
    context=RectificationNoticeContext,
    scope=[County, Report, School, Problem, DocumentEntry],
    picked_by={Problem: "unit", School: "name", DocumentEntry: "related"},
    only={
        Problem: {"handling": {Handling.RECTIFICATION_NOTICE}},
        DocumentEntry: {"kind": {DocumentKind.RECTIFICATION_NOTICE}, "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Problem,
    left_out=_listed_before,
)
def rectification_notices(dossier: Dossier) -> Iterator[Contents]:
    """One notice for each unit with problems handled by 整改通知书 that no earlier notice listed; none without."""
    for story in dossier.notices:
        remarks = unnumbered(story.entry, DocumentKind.RECTIFICATION_NOTICE, story.unit)
        if story.past:
            remark = (
                "各项整改期限都不晚于成文日期，没有写整改报告的截止日期；请核对整改期限，或在文件台账中登记成文日期"
            )
            remarks = (*remarks, remark)
        if story.older:
            remark = (
                f"问题{_listed(story.older)}是以前月份发现的，没有查到告知过的整改通知书，这一次列入；"
                f"已经告知的，请在“通知书文号”中填上文号，再重新生成"
            )
            remarks = (*remarks, remark)
        problems = tuple(problem.id for problem in story.problems)
        context = RectificationNoticeContext.of(story, dossier)
        to, filed = (
            addressed(story.entry, story.unit),
            Filing(DocumentKind.RECTIFICATION_NOTICE, story.unit, story.entry),
        )
        yield Contents(story.unit, context, remarks=remarks, problems=problems, to=to, filed=filed)


class MeetingNoticeContext(LetterContext):
    """会议(培训)通知."""

    meeting: MeetingContext = said("会议", "要开的会：名称、日期、地点、参会对象和议程")
    kind_is_training: bool = said("是培训", "类别为培训")
    reason: str | None = said("事由", "召开会议的事由，以“为”字开头")
    days: list[date] = said("会期", "第一天和最后一天")
    begins_at: str | None = said("开始时间", "几点开始，如 9:00")
    demands: list[str] = said("会议要求", "逐项的会议要求")

    @classmethod
    def of(cls, story: MeetingStory, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        meeting = story.meeting
        return cls(
            **letterhead(dossier, entry),
            meeting=MeetingContext.of(story),
            kind_is_training=meeting.kind is MeetingKind.TRAINING,
            reason=meeting.reason,
            days=[meeting.date, meeting.ends or meeting.date],
            begins_at=meeting.begins_at and re.sub("^0(?=[0-9])", "", meeting.begins_at),
            demands=list(meeting.demands),
        )


@document(
    "会议通知",
    tray=Tray.LETTERS,
    family="通知",
    name="关于召开{subject}的通知",
    context=MeetingNoticeContext,
    scope=[County, Report, Meeting, AgendaItem, DocumentEntry],
    picked_by={Meeting: "number", AgendaItem: "activity", DocumentEntry: "related"},
    only={
        Meeting: {"announced": {"是"}},
        DocumentEntry: {"kind": {DocumentKind.NOTICE}, "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Meeting,
)
def meeting_notices(dossier: Dossier) -> Iterator[Contents]:
    """One notice for each meeting or training with 需发通知; none without."""
    for story in dossier.announced:
        number, name = story.meeting.number, story.meeting.name
        entry = dossier.entry(number, DocumentKind.NOTICE)
        context = MeetingNoticeContext.of(story, dossier, entry)
        remarks = unnumbered(entry, DocumentKind.NOTICE, number, addressed=False)
        filed = Filing(DocumentKind.NOTICE, number, entry)
        yield Contents(number, context, name, remarks, to=addressed(entry), by=story.meeting.date, filed=filed)
