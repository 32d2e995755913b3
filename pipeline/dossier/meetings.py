"""Month -> its meetings and visits, each with its agenda; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.dossier import counting
from pipeline.dossier.dossier import MeetingStory, PlacesStory, VisitStory
from pipeline.dossier.figures import Figure
from pipeline.dossier.rows import Rows
from pipeline.forms.codes import AgendaStep, CampaignKind, VisitEntry
from pipeline.forms.office import AgendaItem, Campaign, Meeting, Visit, VisitNote
from pipeline.forms.zone import Problem
from pipeline.intake.joining import Month


def of_period(month: Month) -> tuple[MeetingStory, ...]:
    """The meetings held in the period, except those in the story of a campaign; () for none."""
    apart = {campaign.number for campaign in month.all(Campaign) if campaign.kind is not CampaignKind.REGULAR}
    return tuple(_story(month, m) for m in month.all(Meeting) if m.date in month.period and m.campaign not in apart)


def of_campaign(month: Month, campaign: Campaign) -> tuple[MeetingStory, ...]:
    """The meetings of a campaign up to the end of the period, by day; () for none."""
    meetings = (m for m in month.all(Meeting) if m.campaign == campaign.number and m.date <= month.period.last_day)
    return tuple(_story(month, meeting) for meeting in sorted(meetings, key=lambda m: m.date))


def announced(month: Month) -> tuple[MeetingStory, ...]:
    """The meetings to which the office invites; () for none."""
    return tuple(_story(month, meeting) for meeting in month.all(Meeting) if meeting.announced)


def visits(month: Month) -> tuple[VisitStory, ...]:
    """The visits from superiors and to towns; () for none."""
    return tuple(_visit(month, visit) for visit in month.all(Visit))


def _story(month: Month, meeting: Meeting) -> MeetingStory:
    agenda = _agenda(month, meeting.number)
    return MeetingStory(
        meeting=meeting,
        attendance=counting.taken(meeting, "attendance"),
        items=_items(agenda, meeting.name),
        agenda=tuple(item for item in agenda if item.step is not AgendaStep.CHAIR),
    )


def _agenda(month: Month, activity: str) -> list[AgendaItem]:
    rows = (item for item in month.all(AgendaItem) if item.activity == activity)
    return sorted(rows, key=lambda item: item.position)


def _items(agenda: Iterable[AgendaItem], name: str) -> Figure[int]:
    items = Rows(item for item in agenda if item.step is not AgendaStep.CHAIR)
    return counting.count(items, "step", f"{name}的议程项数，不计主持")


def _visit(month: Month, visit: Visit) -> VisitStory:
    agenda = _agenda(month, visit.number)
    notes = sorted((n for n in month.all(VisitNote) if n.visit == visit.number), key=lambda note: note.position)
    problems = Rows(month.all(Problem)).where(lambda p: p.campaign == visit.number)
    return VisitStory(
        visit=visit,
        items=_items(agenda, visit.name),
        agenda=tuple(item for item in agenda if item.step is not AgendaStep.CHAIR),
        chair=next((item for item in agenda if item.step is AgendaStep.CHAIR), None),
        places=_places(visit, [note for note in notes if note.entry is VisitEntry.PLACE]),
        opinions=tuple(note for note in notes if note.entry is not VisitEntry.PLACE),
        problems=counting.count(problems, "campaign", f"{visit.name}列入整改的问题数"),
        problem_rows=problems,
    )


def _places(visit: Visit, notes: list[VisitNote]) -> tuple[PlacesStory, ...]:
    """The places by part of the day, in the order of the visit."""
    stories = []
    for part in dict.fromkeys(note.part for note in notes):
        here = [note for note in notes if note.part is part]
        schools = Rows(note for note in here if note.school)
        rule = f"{visit.name}{part or ''}到访的学校数"
        stories.append(PlacesStory(part, counting.distinct(schools, "school", rule), tuple(here)))
    return tuple(stories)
