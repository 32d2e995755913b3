"""通报: bulletins to all units after a campaign: 专项督导情况通报, 自查报告报送情况通报."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import Context, said
from pipeline.documents.filing import Filing
from pipeline.documents.letters import LetterContext, addressed, letterhead, unnumbered
from pipeline.documents.lists import ProblemLine
from pipeline.documents.parts import CampaignContext, Count, Counted, HighlightContext
from pipeline.dossier.dossier import CampaignStory, Dossier, SelfReports
from pipeline.forms.codes import CampaignKind, CampaignState, DocumentDirection, DocumentKind
from pipeline.forms.office import Campaign, DocumentEntry, Group, Report, SelfReport
from pipeline.forms.registry import County, School, Town, Zone
from pipeline.forms.zone import Problem, Record
from pipeline.trays import Tray

SELF_REPORT = "自查报告"
"""The word in a title that distinguishes the two bulletins of a campaign in the register."""


class KindContext(Context, title="一类问题", item="类"):
    """The problems of one category."""

    name: str = said("名称", "问题类别")
    number: Count = said("数量", "这一类问题的个数")
    schools: list[str] = said("学校", "有这类问题的学校（或单位），每所一次")


class CampaignBulletinContext(LetterContext):
    """专项督导情况通报."""

    campaign: CampaignContext = said("督导", "所通报的这项督导")
    highlights: list[HighlightContext] = said("亮点", "检查记录中的亮点，一校一条")
    grades: list[Counted] = said("等次", "检查记录中各等次的个数")
    kinds: list[KindContext] = said("各类问题", "问题按类别，点名到校")
    problems: list[ProblemLine] = said("问题", "附表，每个问题一行")

    @classmethod
    def of(cls, story: CampaignStory, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        made_on = dossier.report.made_on
        return cls(
            **letterhead(dossier, entry),
            campaign=CampaignContext.of(story),
            highlights=[HighlightContext(school=r.school, content=r.highlights or "") for r in story.highlights],
            grades=Counted.each(story.grades),
            kinds=[
                KindContext(name=name, number=number, schools=_where(name, story.problem_rows))
                for name, number in story.problem_kinds
            ],
            problems=ProblemLine.each(
                story.problem_rows, {problem.id for problem in story.problem_rows if problem.overdue_on(made_on)}
            ),
        )


def _where(kind: str, problems: tuple[Problem, ...]) -> list[str]:
    return list(dict.fromkeys(str(p.school or p.town or p.unit) for p in problems if p.kind == kind))


@document(
    "专项督导情况通报",
    tray=Tray.LETTERS,
    family="通报",
    name="{subject}情况通报",
    context=CampaignBulletinContext,
    scope=[County, Report, School, Campaign, Group, Record, Problem, DocumentEntry],
    picked_by={
        Campaign: "number",
        Group: "campaign",
        Record: "campaign",
        Problem: "campaign",
        DocumentEntry: "related",
    },
    only={
        Campaign: {"state": {CampaignState.FEEDBACK}, "kind": set(CampaignKind) - {CampaignKind.REGULAR}},
        DocumentEntry: {"kind": {DocumentKind.BULLETIN}, "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Campaign,
)
def campaign_bulletins(dossier: Dossier) -> Iterator[Contents]:
    """One bulletin for each campaign in state 反馈; none without."""
    for story in dossier.campaigns:
        if story.campaign.state is CampaignState.FEEDBACK:
            number, name = story.campaign.number, story.campaign.name
            entry = dossier.entry(number, DocumentKind.BULLETIN, but=SELF_REPORT)
            context = CampaignBulletinContext.of(story, dossier, entry)
            remarks = unnumbered(entry, DocumentKind.BULLETIN, number, addressed=False)
            filed = Filing(DocumentKind.BULLETIN, number, entry)
            yield Contents(number, context, name, remarks, to=addressed(entry), filed=filed)


class SelfReportBulletinContext(LetterContext):
    """自查报告报送情况通报."""

    campaign: CampaignContext = said("督导", "要求报送自查报告的这项督导")
    due: Count = said("应报数", "应报自查报告的单位数")
    on_time: Count = said("按时数", "按时报送的单位数")
    late: Count = said("逾期数", "逾期报送的单位数")
    missing: Count = said("未报数", "没有报送的单位数")
    on_time_units: list[str] = said("按时单位", "按时报送的单位")
    late_units: list[str] = said("逾期单位", "逾期报送的单位")
    missing_units: list[str] = said("未报单位", "没有报送的单位")

    @classmethod
    def of(cls, story: CampaignStory, reports: SelfReports, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        return cls(
            **letterhead(dossier, entry),
            campaign=CampaignContext.of(story),
            due=reports.due,
            on_time=reports.on_time,
            late=reports.late,
            missing=reports.missing,
            on_time_units=[row.unit for row in reports.on_time_rows],
            late_units=[row.unit for row in reports.late_rows],
            missing_units=[row.unit for row in reports.missing_rows],
        )


@document(
    "自查报告报送情况通报",
    tray=Tray.LETTERS,
    family="通报",
    name="{subject}自查报告报送情况通报",
    context=SelfReportBulletinContext,
    scope=[County, Report, School, Town, Zone, Campaign, SelfReport, DocumentEntry],
    picked_by={Campaign: "number", SelfReport: "campaign", DocumentEntry: "related"},
    only={DocumentEntry: {"kind": {DocumentKind.BULLETIN}, "direction": {DocumentDirection.OUTGOING}}},
    made_by=SelfReport,
)
def self_report_bulletins(dossier: Dossier) -> Iterator[Contents]:
    """One bulletin for each campaign with self-inspection reports that are due; none without."""
    for story in dossier.campaigns:
        reports, last = story.self_reports, story.campaign.self_reports_due
        if reports and (last is None or last <= dossier.report.made_on):
            number, name = story.campaign.number, story.campaign.name
            entry = dossier.entry(number, DocumentKind.BULLETIN, about=SELF_REPORT)
            context = SelfReportBulletinContext.of(story, reports, dossier, entry)
            yield Contents(
                number,
                context,
                name,
                unnumbered(entry, f"{DocumentKind.BULLETIN}（标题含‘{SELF_REPORT}’）", number, addressed=False),
                to=addressed(entry),
                filed=Filing(DocumentKind.BULLETIN, number, entry, SELF_REPORT),
            )
