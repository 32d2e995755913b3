"""督办单: letters that urge units with overdue problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pipeline.documents.catalogue import Contents, document
from pipeline.documents.context import said
from pipeline.documents.filing import Filing
from pipeline.documents.letters import LetterContext, addressed, letterhead, unnumbered
from pipeline.documents.notices import Count, FindingContext
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.notices import UnitOverdue
from pipeline.forms.codes import DocumentDirection, DocumentKind, ProblemState
from pipeline.forms.office import DocumentEntry, Report
from pipeline.forms.registry import County, School
from pipeline.forms.zone import Problem
from pipeline.trays import Tray


class OverdueContext(FindingContext, title="督办单的一项", item="条"):
    """One overdue problem."""

    days: Count = said("逾期天数", "到制表日期已逾期的天数")
    notice_number: str | None = said("通知书文号", "原整改通知书的文号；不是用通知书处置的、没有编号的则为空")
    notice_dated: date | None = said("通知书日期", "原整改通知书的成文日期；文件台账中没有的则为空")


class UrgingContext(LetterContext):
    """督办单."""

    unit: str = said("责任单位", "收到督办单的单位")
    made_on: date = said("制表日期", "判断逾期以这一天为准")
    problems: list[OverdueContext] = said("各项问题", "逾期未完成整改的问题")
    items: Count = said("项数", "逾期问题的项数")

    @classmethod
    def of(cls, story: UnitOverdue, dossier: Dossier, entry: DocumentEntry | None) -> Self:
        problems = [
            OverdueContext(
                **vars(FindingContext.of(number, late.problem)),
                days=late.days,
                notice_number=late.notice_number,
                notice_dated=late.notice_dated,
            )
            for number, late in enumerate(story.problems, start=1)
        ]
        return cls(
            **letterhead(dossier, entry),
            unit=story.unit,
            made_on=dossier.report.made_on,
            problems=problems,
            items=story.items,
        )


@document(
    "督办单",
    tray=Tray.LETTERS,
    family="督办单",
    name="{subject}督办单（{year}年{month}月）",
    context=UrgingContext,
    scope=[County, Report, School, Problem, DocumentEntry],
    picked_by={Problem: "unit", School: "name", DocumentEntry: "related"},
    only={
        Problem: {"state": {ProblemState.NOT_STARTED, ProblemState.UNDER_WAY, ProblemState.RETURNED}, "due_on": ()},
        DocumentEntry: {"kind": {DocumentKind.URGING}, "direction": {DocumentDirection.OUTGOING}},
    },
    made_by=Problem,
)
def urgings(dossier: Dossier) -> Iterator[Contents]:
    """One letter for each unit with overdue problems; none without."""
    for story in dossier.overdue:
        entry = dossier.entry(story.unit, DocumentKind.URGING)
        remarks = unnumbered(entry, DocumentKind.URGING, story.unit)
        context = UrgingContext.of(story, dossier, entry)
        filed = Filing(DocumentKind.URGING, story.unit, entry)
        yield Contents(story.unit, context, remarks=remarks, to=addressed(entry, story.unit), filed=filed)
