"""意见书: letters to a school or town after a visit: 督导意见书, 视导反馈意见."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import said
from pipeline.documents.filing import Filing
from pipeline.documents.letters import LetterContext, addressed, letterhead, unnumbered
from pipeline.documents.notices import FindingContext
from pipeline.documents.parts import VisitContext
from pipeline.dossier.dossier import Dossier, SchoolOpinion, VisitStory
from pipeline.dossier.figures import Figure
from pipeline.forms.codes import DocumentDirection, DocumentKind, Feedback, VisitDirection
from pipeline.forms.office import AgendaItem, Campaign, DocumentEntry, Report, Visit, VisitNote
from pipeline.forms.registry import County, Inspector, Person, School, Town
from pipeline.forms.zone import Problem, Record
from pipeline.trays import Tray

Count = Figure[int]
_KINDS = (DocumentKind.OPINION, DocumentKind.ADVICE)


class OpinionLetterContext(LetterContext):
    """督导意见书."""

    school: str = said("学校", "收到意见书的学校")
    found_in: list[str] = said("督导名称", "这几次检查所属的督导")
    days: Figure[tuple[date, ...]] = said("检查日期", "到校督导的日期")
    inspectors: list[str] = said("督学", "到校督导的人员")
    highlights: list[str] = said("亮点", "检查记录中的亮点，一次一条")
    grades: list[str] = said("等次", "检查记录中评定的等次，每种一次")
    problems: list[FindingContext] = said("各项问题", "检查中发现、列入问题整改台账的问题")
    items: Count = said("项数", "问题的项数")
    report_by: date | None = said("报告截止日期", "整改报告截止日期，即各项中最迟的整改期限")

    @classmethod
    def of(cls, story: SchoolOpinion, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        grades = dict.fromkeys(str(record.grade) for record in story.records if record.grade)
        return cls(
            **letterhead(dossier, entry),
            school=story.school,
            found_in=list(story.found_in),
            days=story.days,
            inspectors=list(story.inspectors),
            highlights=[record.highlights for record in story.records if record.highlights],
            grades=list(grades),
            problems=[FindingContext.of(n, problem) for n, problem in enumerate(story.problems, start=1)],
            items=story.items,
            report_by=story.report_by,
        )


@document(
    "督导意见书",
    tray=Tray.LETTERS,
    family="意见书",
    name="{subject}督导意见书（{year}年{month}月）",
    context=OpinionLetterContext,
    scope=[County, Report, School, Campaign, Inspector, Record, Problem, DocumentEntry],
    picked_by={Record: "school", Problem: "school", School: "name", DocumentEntry: "related"},
    only={
        Record: {"feedback": {Feedback.OPINION}},
        DocumentEntry: {"kind": set(_KINDS), "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Record,
)
def school_opinions(dossier: Dossier) -> Iterator[Contents]:
    """One letter for each school with a record with 反馈方式 督导意见书; none without."""
    for story in dossier.opinions:
        entry = dossier.entry(story.school, *_KINDS)
        remarks = unnumbered(entry, DocumentKind.OPINION, story.school)
        context = OpinionLetterContext.of(story, dossier, entry)
        filed = Filing(DocumentKind.OPINION, story.school, entry)
        yield Contents(story.school, context, remarks=remarks, to=addressed(entry, story.school), filed=filed)


class VisitLetterContext(LetterContext):
    """视导反馈意见."""

    visit: VisitContext = said("视导", "这次视导：名称、单位、日期、到访、意见和问题")

    @classmethod
    def of(cls, story: VisitStory, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        return cls(**letterhead(dossier, entry), visit=VisitContext.of(story, dossier.short_names))


@document(
    "视导反馈意见",
    tray=Tray.LETTERS,
    family="意见书",
    name="{subject}反馈意见（{year}年{month}月）",
    context=VisitLetterContext,
    scope=[County, Report, School, Town, Person, Visit, VisitNote, AgendaItem, Problem, DocumentEntry],
    picked_by={
        Visit: "number",
        VisitNote: "visit",
        AgendaItem: "activity",
        Problem: "campaign",
        DocumentEntry: "related",
    },
    only={
        Visit: {"direction": {VisitDirection.TO_TOWN}},
        DocumentEntry: {"kind": set(_KINDS), "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Visit,
)
def visit_opinions(dossier: Dossier) -> Iterator[Contents]:
    """One letter for each visit to a town; none without."""
    for story in dossier.visits_to_towns:
        number, name = story.visit.number, story.visit.name
        entry = dossier.entry(number, *_KINDS)
        context = VisitLetterContext.of(story, dossier, entry)
        remarks = unnumbered(entry, DocumentKind.OPINION, number)
        filed = Filing(DocumentKind.OPINION, number, entry)
        yield Contents(number, context, name, remarks, to=addressed(entry, story.visit.unit), filed=filed)
