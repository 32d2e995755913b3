"""The month's facts, ready for documents: all that they may see; counts nothing itself, words nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.dossier.figures import Figure, Plot
from pipeline.dossier.notices import AlreadyListed, UnitOverdue, UnitProblems, entry
from pipeline.dossier.statistics import Statistics
from pipeline.forms.codes import DayPart, DaytimePart, DocumentKind, Section
from pipeline.forms.office import (
    AgendaItem,
    Assessment,
    Campaign,
    DocumentEntry,
    Group,
    Indicator,
    Meeting,
    Plan,
    Report,
    SelfReport,
    Visit,
    VisitNote,
)
from pipeline.forms.period import Period
from pipeline.forms.registry import County, Inspector
from pipeline.forms.zone import Problem, Record

Tally = tuple[tuple[str, Figure[int]], ...]
"""Counts by category: those that occur, in the order of their code list."""


@dataclass(frozen=True)
class Team:
    """Zones and inspectors, on the eve of the period and on its last day."""

    zones_before: Figure[int]
    zones_after: Figure[int]
    full_time_before: Figure[int]
    full_time_after: Figure[int]
    part_time: Figure[int]
    age_before: Figure[int] | None
    age_after: Figure[int] | None
    origins: Tally
    new_staff: Figure[int]
    new_staff_rows: tuple[Inspector, ...]


@dataclass(frozen=True)
class SelfReports:
    """The self-inspection reports of a campaign; due = on time + late + missing."""

    due: Figure[int]
    on_time: Figure[int]
    late: Figure[int]
    missing: Figure[int]
    on_time_rows: tuple[SelfReport, ...]
    late_rows: tuple[SelfReport, ...]
    missing_rows: tuple[SelfReport, ...]

    @property
    def rows(self) -> tuple[SelfReport, ...]:
        """All that were due."""
        return (*self.on_time_rows, *self.late_rows, *self.missing_rows)


@dataclass(frozen=True)
class MeetingStory:
    """A meeting with its agenda; the chair's row is not an item."""

    meeting: Meeting
    attendance: Figure[int] | None
    items: Figure[int]
    agenda: tuple[AgendaItem, ...]


@dataclass(frozen=True)
class GroupStory:
    """A group of inspectors, its people (without the liaison) and the schools, towns or zones it inspects."""

    group: Group
    people: Figure[int]
    objects: Figure[int]


@dataclass(frozen=True)
class CampaignStory:
    """A campaign: who was sent, on which days, to which schools, and what was found."""

    campaign: Campaign
    groups: tuple[GroupStory, ...]
    group_count: Figure[int]
    people: Figure[int]
    objects: Tally
    shared_people: tuple[str, ...]
    """Those in more than one group, who count once in the total; objects likewise. () for none."""
    shared_objects: tuple[str, ...]
    schools_due: Figure[int] | None
    days: Figure[tuple[date, ...]]
    schools: Figure[int]
    schools_by_affiliation: Tally
    town_schools_towns: Figure[int]
    problems: Figure[int]
    problem_rows: tuple[Problem, ...]
    problem_kinds: Tally
    grades: Tally
    highlights: tuple[Record, ...]
    self_reports: SelfReports | None
    meetings: tuple[MeetingStory, ...]


@dataclass(frozen=True)
class RegularStory:
    """The regular inspections by the zones."""

    records: Figure[int]
    schools: Figure[int]
    zones: Figure[int]
    lessons: Figure[int]
    papers: Figure[int]
    talks: Figure[int]
    questionnaires: Figure[int]
    problems: Figure[int]
    matters: Tally
    feedback: Tally
    highlights: tuple[Record, ...]


@dataclass(frozen=True)
class PlacesStory:
    """The places visited in one part of the day (None if not given)."""

    part: DayPart | DaytimePart | None
    schools: Figure[int]
    notes: tuple[VisitNote, ...]


@dataclass(frozen=True)
class VisitStory:
    """A visit from a superior or to a town: agenda, places, opinions, and the problems entered under its number."""

    visit: Visit
    items: Figure[int]
    agenda: tuple[AgendaItem, ...]
    chair: AgendaItem | None
    places: tuple[PlacesStory, ...]
    opinions: tuple[VisitNote, ...]
    problems: Figure[int]
    problem_rows: tuple[Problem, ...]


@dataclass(frozen=True)
class AssessmentStory:
    """The outcomes of one assessment project in one year."""

    project: str
    year: int
    subjects: Figure[int]
    outcomes: tuple[tuple[str, Figure[int], tuple[Assessment, ...]], ...]


@dataclass(frozen=True)
class Rectification:
    """The balance of problems: opening + new - closed = closing; closing by state adds up to closing.

    carried: the opening is the closing of last month's workbooks; otherwise it was counted from this month's dates.
    """

    carried: bool
    opening: Figure[int]
    new: Figure[int]
    closed: Figure[int]
    closing: Figure[int]
    overdue: Figure[int]
    rate: Figure[Decimal] | None
    new_by_kind: Tally
    new_by_gravity: Tally
    closing_by_state: Tally

    @property
    def closes(self) -> bool:
        """Whether the balance adds up."""
        return bool(self.opening.value + self.new.value - self.closed.value == self.closing.value)


@dataclass(frozen=True)
class Change:
    """A figure now and before, their distance, and that in percent (None if meaningless)."""

    now: Figure[Any]
    before: Figure[Any]
    apart: Figure[Any]
    percent: Figure[Decimal] | None


@dataclass(frozen=True)
class Comparison:
    """A period compared with an earlier one; without changes if months are missing, incomplete or faulty."""

    period: Period
    months: tuple[Period, ...]
    """The months of the period that are compared."""
    missing: tuple[Period, ...] = ()
    incomplete: tuple[Period, ...] = ()
    records: Change | None = None
    schools: Change | None = None
    new: Change | None = None
    closed: Change | None = None
    closing: Change | None = None
    rate: Change | None = None


@dataclass(frozen=True)
class ZoneLine:
    """The figures of one zone, or of the county: opening + new - closed = closing."""

    name: str
    schools: Figure[int]
    opening: Figure[int]
    new: Figure[int]
    closed: Figure[int]
    closing: Figure[int]
    rate: Figure[Decimal] | None

    @property
    def says_something(self) -> bool:
        """Whether any figure is not 0."""
        return any((self.schools, self.opening, self.new, self.closed, self.closing))


@dataclass(frozen=True)
class MonthLine:
    """The figures of one month, and who has not reported it."""

    period: Period
    unreported: tuple[str, ...]
    records: Figure[int]
    schools: Figure[int]
    new: Figure[int]
    closed: Figure[int]
    closing: Figure[int]
    rate: Figure[Decimal] | None


@dataclass(frozen=True)
class ProblemList:
    """The problems of the county, a zone or a school that were open in the month; the states add up to the total."""

    name: str
    key: str
    """What selects its rows: the name itself, or a campaign's number."""
    problems: tuple[Problem, ...]
    total: Figure[int]
    by_state: Tally
    overdue: Figure[int]
    overdue_rows: tuple[Problem, ...]


@dataclass(frozen=True)
class RegisteredProblem:
    """A problem of the county's list, its place, and what found it.

    town: None without one; zone: whose workbook has it; found_in: the name of the campaign or visit, None for one of an
    earlier month; days: past its deadline, None if not overdue.
    """

    problem: Problem
    town: str | None
    zone: str
    found_in: str | None
    days: Figure[int] | None


@dataclass(frozen=True)
class SchoolOpinion:
    """The records with an opinion (督导意见书) on one school, and the problems entered under them."""

    school: str
    records: tuple[Record, ...]
    days: Figure[tuple[date, ...]]
    found_in: tuple[str, ...]
    inspectors: tuple[str, ...]
    problems: tuple[Problem, ...]
    items: Figure[int]
    report_by: date | None


@dataclass(frozen=True)
class IndicatorStory:
    """A figure that the office typed in, with last month's value if given."""

    indicator: Indicator
    current: Figure[Any]
    previous: Figure[Any] | None


@dataclass(frozen=True)
class Dossier:
    """All facts of a month, or of several as one. An unknown part is None or empty."""

    period: Period
    """From the first existing month to the last."""
    asked: Period
    """The period asked for; some of its months may be missing."""
    months: tuple[MonthLine, ...]
    all_months: MonthLine
    """For the whole period: a school visited in several months counts once."""
    zones: tuple[ZoneLine, ...]
    """The last line is the county's: the columns add up to it."""
    with_before: Comparison | None
    """With the period before; None if not asked for."""
    with_year_before: Comparison | None
    """With the same months of the year before; None if not asked for."""
    county: County
    report: Report
    unreported: tuple[str, ...]
    team: Team | None
    campaigns: tuple[CampaignStory, ...]
    regular: RegularStory | None
    meetings: tuple[MeetingStory, ...]
    visits_received: tuple[VisitStory, ...]
    visits_to_towns: tuple[VisitStory, ...]
    assessments: tuple[AssessmentStory, ...]
    indicators: tuple[IndicatorStory, ...]
    rectification: Rectification
    kinds_and_states: Plot | None
    """The problems closed in the period and open at its end, by category and state; None without problems."""
    county_list: ProblemList
    register: tuple[RegisteredProblem, ...]
    """The problems of the county's list, in order."""
    zone_lists: tuple[ProblemList, ...]
    school_lists: tuple[ProblemList, ...]
    town_lists: tuple[ProblemList, ...]
    campaign_lists: tuple[ProblemList, ...]
    notices: tuple[UnitProblems, ...]
    already_listed: tuple[AlreadyListed, ...]
    """Problems left out of notices because an earlier notice listed them, though their rows do not say so."""
    overdue: tuple[UnitOverdue, ...]
    opinions: tuple[SchoolOpinion, ...]
    announced: tuple[MeetingStory, ...]
    outgoing: tuple[DocumentEntry, ...]
    plans: tuple[Plan, ...]
    narratives: Mapping[Section, tuple[str, ...]]
    short_names: Mapping[str, str]
    """Each school's 规范简称, by its full name."""
    statistics: Statistics

    @property
    def signed_as(self) -> str:
        """Who signs the office's letters."""
        return self.county.signed_as or self.county.office

    def entry(self, related: str, *kinds: DocumentKind, about: str = "", but: str = "") -> DocumentEntry | None:
        """The latest outgoing document of these kinds that is about a campaign, an activity or a unit; None for none.

        about, but: words that its title has, and has not.
        """
        titled = (item for item in self.outgoing if about in item.title and not (but and but in item.title))
        return entry(titled, related, *kinds)
