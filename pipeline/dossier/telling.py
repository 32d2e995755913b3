"""Month -> Dossier: which rows belong to which fact; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline.dossier import balance, counting, lists, notices, terms
from pipeline.dossier.dossier import (
    AssessmentStory,
    CampaignStory,
    Dossier,
    GroupStory,
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
from pipeline.dossier.notices import NoticesById
from pipeline.forms.codes import (
    SCHOOL_LEADERS,
    Affiliation,
    AgendaStep,
    CampaignKind,
    CampaignOutcome,
    Feedback,
    FormerPost,
    Grade,
    Gravity,
    InspectorKind,
    Matter,
    ObjectKind,
    ProblemKind,
    ProblemState,
    Section,
    VisitDirection,
    VisitEntry,
)
from pipeline.forms.office import (
    AgendaItem,
    Assessment,
    Campaign,
    Group,
    Indicator,
    Meeting,
    Narrative,
    Plan,
    Report,
    SelfReport,
    Visit,
    VisitNote,
)
from pipeline.forms.registry import County, Inspector, School, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record
from pipeline.intake.joining import Month
from pipeline.intake.terms import Bases

LEADERS = "中心校、县直学校负责人和财务人员"
"""`SCHOOL_LEADERS` as a category."""
_PEOPLE = ("head", "deputy", "members")


def tell(month: Month, bases: Bases | None = None, noticed: NoticesById | None = None) -> Dossier | None:
    """What the month, or several as one, says, and how it compares with earlier ones (None: with none).

    noticed: the problems that earlier notices told; None for what the month before says of that.

    None where the office's own sheet (基础信息) or 报告信息 is blocked and nothing can be signed.
    """
    county, report = month.one(County), month.one(Report)
    if county is None or report is None:
        return None
    visits = [_visit(month, visit) for visit in month.all(Visit)]
    campaigns = [campaign for campaign in month.all(Campaign) if campaign.kind is not CampaignKind.REGULAR]
    told = {campaign.number for campaign in campaigns}
    if noticed is None:
        noticed = notices.told_earlier(month, [month.previous] if month.previous else [])
    return Dossier(
        period=month.period,
        county=county,
        report=report,
        unreported=_unreported(month),
        team=_team(month),
        campaigns=tuple(_campaign(month, campaign) for campaign in campaigns),
        regular=_regular(month),
        meetings=tuple(
            _meeting(month, m) for m in month.all(Meeting) if m.date in month.period and m.campaign not in told
        ),
        visits_received=tuple(story for story in visits if story.visit.direction is not VisitDirection.TO_TOWN),
        visits_to_towns=tuple(story for story in visits if story.visit.direction is VisitDirection.TO_TOWN),
        assessments=_assessments(month),
        indicators=tuple(_indicator(indicator) for indicator in month.all(Indicator)),
        rectification=_rectification(month, report.made_on),
        kinds_and_states=terms.kinds_and_states(month),
        county_list=lists.county(month, county.county, report.made_on),
        register=lists.register(month, county.county, report.made_on),
        zone_lists=lists.zones(month, report.made_on),
        school_lists=lists.schools(month, report.made_on),
        town_lists=lists.towns(month, report.made_on),
        campaign_lists=lists.campaigns(month, report.made_on),
        notices=lists.notices(month, report.made_on, noticed),
        already_told=lists.already_told(month, noticed),
        overdue=lists.overdue(month, report.made_on, noticed),
        opinions=lists.opinions(month),
        announced=tuple(_meeting(month, meeting) for meeting in month.all(Meeting) if meeting.announced),
        outgoing=notices.outgoing(month),
        plans=tuple(sorted(month.all(Plan), key=lambda plan: plan.position)),
        asked=month.asked or month.period,
        months=terms.by_month(month),
        all_months=terms.of_all_months(month),
        zones=terms.by_zone(month),
        with_before=terms.compare(month, bases.before) if bases else None,
        with_year_before=terms.compare(month, bases.year_before) if bases else None,
        short_names={school.name: school.short_name for school in month.all(School)},
        narratives={s: tuple(n.text for n in month.all(Narrative) if n.section is s) for s in Section},
    )


def _unreported(month: Month) -> tuple[str, ...]:
    """The zones (and 县本级) whose workbook is not there; of several months, each with its month."""
    if month.parts:
        return tuple(f"{line.period} {name}" for line in terms.by_month(month) for name in line.unreported)
    return terms.unreported(month)


# Team ----------------------------------------------------------------------------------------------------------------


def _team(month: Month) -> Team | None:
    """None where the registers of zones and inspectors are both empty."""
    if not month.all(Zone) and not month.all(Inspector):
        return None
    zones, people = counting.table(month.all(Zone), Zone), counting.table(month.all(Inspector), Inspector)
    before, after = month.period.eve, month.period.last_day
    full = counting.where(people, lambda p: p.kind is InspectorKind.FULL_TIME and p.zone is not None)
    full_before = counting.where(full, lambda p: p.serves_on(before))
    full_after = counting.where(full, lambda p: p.serves_on(after))
    part = counting.where(people, lambda p: p.kind is InspectorKind.PART_TIME and p.serves_on(after))
    staff = counting.where(
        people, lambda p: p.kind is InspectorKind.FULL_TIME and p.zone is None and p.first_day in month.period
    )
    return Team(
        zones_before=_zones_on(zones, before),
        zones_after=_zones_on(zones, after),
        full_time_before=counting.count(full_before, "joined", f"{before}在岗、有责任区的专职督学人数"),
        full_time_after=counting.count(full_after, "joined", f"{after}在岗、有责任区的专职督学人数"),
        part_time=counting.count(part, "appointed", f"{after}在聘的兼职督学人数"),
        age_before=counting.mean_age(full_before, before, f"{before}专职督学平均周岁，四舍五入"),
        age_after=counting.mean_age(full_after, after, f"{after}专职督学平均周岁，四舍五入"),
        origins=_origins(full_after),
        new_staff=counting.count(staff, "joined", "本期到督导室工作的人数"),
        new_staff_rows=tuple(staff["row"]),
    )


def _zones_on(zones: counting.Table, day: date) -> Figure[int]:
    return counting.count(counting.where(zones, lambda z: z.works_on(day)), "started", f"{day}运行中的责任区数")


def _origins(people: counting.Table) -> Tally:
    """The leaders of schools first, as one; then every other post that occurs."""
    leaders = counting.where(people, lambda person: person.former_post in SCHOOL_LEADERS)
    others = [post for post in FormerPost if post not in SCHOOL_LEADERS]
    rule = "专职督学来源"
    together = ((LEADERS, counting.count(leaders, "former_post", f"{rule}：{LEADERS}")),) if len(leaders) else ()
    return (*together, *counting.tally(people, "former_post", others, rule))


# Supervision ---------------------------------------------------------------------------------------------------------


def _campaign(month: Month, campaign: Campaign) -> CampaignStory:
    number, name = campaign.number, campaign.name
    groups = counting.table((g for g in month.all(Group) if g.campaign == number), Group)
    records = counting.table((r for r in month.all(Record) if r.campaign == number), Record)
    schools = counting.table(_schools(month, counting.values(records, "school")), School)
    town_schools = counting.where(schools, lambda s: s.affiliation is Affiliation.TOWN)
    problems = counting.table((p for p in month.all(Problem) if p.campaign == number), Problem)
    meetings = (m for m in month.all(Meeting) if m.campaign == number and m.date <= month.period.last_day)
    return CampaignStory(
        campaign=campaign,
        groups=tuple(_group(group, name) for group in sorted(groups["row"], key=lambda group: group.number)),
        group_count=counting.count(groups, "campaign", f"{name}的检查组数"),
        people=_strength(groups, name),
        objects=tuple(
            (str(kind), _objects(groups, kind, name))
            for kind in ObjectKind
            if kind in counting.values(groups, "object_kind")
        ),
        shared_people=_shared(group.people for group in groups["row"]),
        shared_objects=_shared(group.objects for group in groups["row"]),
        schools_due=counting.taken(campaign, "schools_due"),
        days=counting.listed(records, "date", f"{name}检查记录的日期"),
        schools=counting.distinct(records, "school", f"{name}检查的学校数"),
        schools_by_affiliation=counting.tally(schools, "affiliation", Affiliation, f"{name}检查的学校，按隶属"),
        town_schools_towns=counting.distinct(town_schools, "town", f"{name}检查的乡镇街道学校所在乡镇数"),
        problems=counting.count(problems, "campaign", f"{name}的问题数"),
        problem_rows=tuple(problems["row"]),
        problem_kinds=counting.tally(problems, "kind", ProblemKind, f"{name}的问题，按类别"),
        grades=counting.tally(records, "grade", Grade, f"{name}检查记录的等次"),
        highlights=tuple(record for record in records["row"] if record.highlights),
        self_reports=_self_reports(month, campaign),
        meetings=tuple(_meeting(month, meeting) for meeting in sorted(meetings, key=lambda m: m.date)),
    )


def _strength(groups: counting.Table, campaign: str) -> Figure[int]:
    """Everyone who is named, once; and of groups whose 人数 is more than are named, the others."""
    named = counting.distinct_items(groups, _PEOPLE, f"{campaign}各组组长、副组长和成员的人数，同一人只计一次")
    others = [
        counting.apart(
            size, counting.items(counting.table([group], Group), _PEOPLE, "写出姓名的人数"), "没有写出姓名的人数"
        )
        for group in groups["row"]
        if (size := _size(group))
    ]
    return counting.added([named, *others], f"{campaign}各组的人数，写出姓名的同一人只计一次") if others else named


def _size(group: Group) -> Figure[int] | None:
    """人数 where it is more than are named; else None."""
    return counting.taken(group, "size") if group.strength > len(group.people) else None


def _group(group: Group, campaign: str) -> GroupStory:
    alone, rule = counting.table([group], Group), f"{campaign}第{group.number}组"
    return GroupStory(
        group=group,
        people=_size(group) or counting.items(alone, _PEOPLE, f"{rule}组长、副组长和成员人数"),
        objects=counting.items(alone, ("objects",), f"{rule}负责对象数"),
    )


def _objects(groups: counting.Table, kind: ObjectKind, campaign: str) -> Figure[int]:
    of_kind = counting.where(groups, lambda group: group.object_kind is kind)
    return counting.distinct_items(of_kind, ("objects",), f"{campaign}各组负责的{kind}数，同一{kind}只计一次")


def _shared(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The names that stand in more than one group."""
    times = Counter(name for group in groups for name in dict.fromkeys(group))
    return tuple(name for name, number in times.items() if number > 1)


def _schools(month: Month, names: Iterable[str]) -> list[School]:
    """The schools of these names, each once."""
    found = [month.find(School, name) for name in dict.fromkeys(names)]
    return [school for school in found if school is not None]


def _self_reports(month: Month, campaign: Campaign) -> SelfReports | None:
    """None where no unit owes a report."""
    reports = counting.table((r for r in month.all(SelfReport) if r.campaign == campaign.number), SelfReport)
    if reports.empty:
        return None

    def due(report: SelfReport) -> date:
        return report.due_on or campaign.self_reports_due or campaign.ends

    received = counting.where(reports, lambda r: r.received_on is not None)
    missing = counting.where(reports, lambda r: r.received_on is None)
    on_time = counting.where(received, lambda r: r.received_on <= due(r))
    late = counting.where(received, lambda r: r.received_on > due(r))
    return SelfReports(
        due=counting.count(reports, "unit", f"{campaign.name}应报自查报告的单位数"),
        on_time=counting.count(on_time, "received_on", f"{campaign.name}按时报送自查报告的单位数"),
        late=counting.count(late, "received_on", f"{campaign.name}逾期报送自查报告的单位数"),
        missing=counting.count(missing, "unit", f"{campaign.name}未报自查报告的单位数"),
        on_time_rows=tuple(on_time["row"]),
        late_rows=tuple(late["row"]),
        missing_rows=tuple(missing["row"]),
    )


def _regular(month: Month) -> RegularStory | None:
    """None where no zone has recorded an inspection under a regular campaign."""
    numbers = {c.number for c in month.all(Campaign) if c.kind is CampaignKind.REGULAR}
    records = counting.table((r for r in month.all(Record) if r.campaign in numbers), Record)
    if records.empty:
        return None
    wheres = {month.zone(record) for record in records["row"]} - {COUNTY_LEVEL}
    zones = counting.table((zone for zone in month.all(Zone) if zone.name in wheres), Zone)
    highlights = counting.where(records, lambda r: r.highlights is not None)
    return RegularStory(
        records=counting.count(records, "campaign", "经常性督导的检查次数"),
        schools=counting.distinct(records, "school", "经常性督导检查的学校数"),
        zones=counting.count(zones, "name", "开展经常性督导的责任区数"),
        lessons=counting.total(records, "lessons", "经常性督导听课节数"),
        papers=counting.total(records, "papers", "经常性督导查阅资料份数"),
        talks=counting.total(records, "talks", "经常性督导座谈人次"),
        questionnaires=counting.total(records, "questionnaires", "经常性督导问卷份数"),
        problems=counting.total(records, "problems", "经常性督导发现问题数"),
        matters=counting.tally(records, "matters", Matter, "经常性督导的事项"),
        feedback=counting.tally(records, "feedback", Feedback, "经常性督导的反馈方式"),
        highlights=tuple(highlights["row"]),
    )


# Meetings and visits -------------------------------------------------------------------------------------------------


def _meeting(month: Month, meeting: Meeting) -> MeetingStory:
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
    items = counting.table((item for item in agenda if item.step is not AgendaStep.CHAIR), AgendaItem)
    return counting.count(items, "step", f"{name}的议程项数，不计主持")


def _visit(month: Month, visit: Visit) -> VisitStory:
    agenda = _agenda(month, visit.number)
    notes = sorted((n for n in month.all(VisitNote) if n.visit == visit.number), key=lambda note: note.position)
    problems = counting.table((p for p in month.all(Problem) if p.campaign == visit.number), Problem)
    return VisitStory(
        visit=visit,
        items=_items(agenda, visit.name),
        agenda=tuple(item for item in agenda if item.step is not AgendaStep.CHAIR),
        chair=next((item for item in agenda if item.step is AgendaStep.CHAIR), None),
        places=_places(visit, [note for note in notes if note.entry is VisitEntry.PLACE]),
        opinions=tuple(note for note in notes if note.entry is not VisitEntry.PLACE),
        problems=counting.count(problems, "campaign", f"{visit.name}列入整改的问题数"),
        problem_rows=tuple(problems["row"]),
    )


def _places(visit: Visit, notes: list[VisitNote]) -> tuple[PlacesStory, ...]:
    """The places by part of the day, in the order in which they were visited."""
    stories = []
    for part in dict.fromkeys(note.part for note in notes):
        here = [note for note in notes if note.part is part]
        schools = counting.table((note for note in here if note.school), VisitNote)
        rule = f"{visit.name}{part or ''}到访的学校数"
        stories.append(PlacesStory(part, counting.distinct(schools, "school", rule), tuple(here)))
    return tuple(stories)


# Assessment and rectification ----------------------------------------------------------------------------------------


def _assessments(month: Month) -> tuple[AssessmentStory, ...]:
    rows = month.all(Assessment)
    stories = []
    for project, year in dict.fromkeys((row.project, row.year) for row in rows):
        here = counting.table((row for row in rows if (row.project, row.year) == (project, year)), Assessment)
        counts = dict(counting.tally(here, "outcome", CampaignOutcome, f"{project}各等次数"))
        outcomes = tuple(
            (name, figure, tuple(row for row in here["row"] if row.outcome == name)) for name, figure in counts.items()
        )
        subjects = counting.count(here, "subject", f"{project}的评估对象数")
        stories.append(AssessmentStory(project, year, subjects, outcomes))
    return tuple(stories)


def _indicator(indicator: Indicator) -> IndicatorStory:
    current = counting.taken(indicator, "current")
    assert current is not None  # 本期值 is required
    return IndicatorStory(indicator, current, counting.taken(indicator, "previous"))


def _rectification(month: Month, made_on: date) -> Rectification:
    """The figures of the balance, and what of it is overdue on a day."""
    told = balance.of(month)
    opening, new, closed, closing = told.opening, told.new, told.closed, told.closing
    overdue = counting.where(closing, lambda p: p.overdue_on(made_on))
    source = "取自上月各表" if month.carried else "按发现日期和销号日期推算"
    opening_figure = counting.count(opening, "found_on", f"上月末未销号的问题数，{source}")
    new_figure = counting.count(new, "found_on", "本月新增的问题数")
    closed_figure = counting.count(closed, "state", "本月销号的问题数")
    ever_open = counting.added((opening_figure, new_figure), "上月末未销号与本月新增的问题数之和")
    return Rectification(
        carried=month.carried is not None,
        opening=opening_figure,
        new=new_figure,
        closed=closed_figure,
        closing=counting.count(closing, "state", "月末未销号的问题数"),
        overdue=counting.count(overdue, lists.deadline_cell, f"截至{made_on}逾期未完成整改的问题数"),
        rate=counting.rate(closed_figure, ever_open, "本月销号数占上月末未销号与本月新增之和的百分比"),
        new_by_kind=counting.tally(new, "kind", ProblemKind, "本月新增问题，按类别"),
        new_by_gravity=counting.tally(new, "gravity", Gravity, "本月新增问题，按严重程度"),
        closing_by_state=counting.tally(closing, "state", ProblemState, "月末未销号问题，按状态"),
    )
