"""Month -> Dossier: which rows belong to which fact; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from datetime import date

from pipeline.dossier import balance, counting, lists, meetings, notices, terms
from pipeline.dossier.campaigns import campaigns, regular
from pipeline.dossier.dossier import AssessmentStory, Dossier, IndicatorStory, Rectification, Tally, Team
from pipeline.dossier.figures import Figure
from pipeline.dossier.notices import NoticesById
from pipeline.dossier.rows import Rows
from pipeline.dossier.surveying import statistics
from pipeline.forms.codes import (
    SCHOOL_LEADERS,
    CampaignOutcome,
    FormerPost,
    Gravity,
    InspectorKind,
    ProblemKind,
    ProblemState,
    Section,
    VisitDirection,
)
from pipeline.forms.office import Assessment, Indicator, Narrative, Plan, Report
from pipeline.forms.registry import County, Inspector, School, Zone
from pipeline.intake.joining import Month
from pipeline.intake.terms import Bases

LEADERS = "中心校、县直学校负责人和财务人员"
"""`SCHOOL_LEADERS` as a category."""


def build_dossier(month: Month, bases: Bases | None = None, noticed: NoticesById | None = None) -> Dossier | None:
    """All facts of the month, or of several as one, and how they compare with earlier ones.

    None if 基础信息 or 报告信息 is blocked, since nothing could then be signed.

    bases: the earlier periods to compare with; None for no comparison.
    noticed: the problems that earlier notices listed; None to find them in the month before alone.
    """
    county, report = month.one(County), month.one(Report)
    if county is None or report is None:
        return None
    if noticed is None:
        noticed = notices.listed_earlier(month, [month.previous] if month.previous else [])
    name, made_on, visits = county.county, report.made_on, meetings.visits(month)
    stories, team, listed = campaigns(month), _team(month), lists.county(month, name, made_on)
    return Dossier(
        period=month.period,
        county=county,
        report=report,
        unreported=_unreported(month),
        team=team,
        campaigns=stories,
        regular=regular(month),
        meetings=meetings.of_period(month),
        visits_received=tuple(story for story in visits if story.visit.direction is not VisitDirection.TO_TOWN),
        visits_to_towns=tuple(story for story in visits if story.visit.direction is VisitDirection.TO_TOWN),
        assessments=_assessments(month),
        indicators=_indicators(month),
        rectification=_rectification(month, made_on),
        kinds_and_states=terms.kinds_and_states(month),
        county_list=listed,
        register=lists.register(month, name, made_on),
        zone_lists=lists.zones(month, made_on),
        school_lists=lists.schools(month, made_on),
        town_lists=lists.towns(month, made_on),
        campaign_lists=lists.campaigns(month, made_on),
        notices=lists.notices(month, made_on, noticed),
        already_listed=lists.already_listed(month, noticed),
        overdue=lists.overdue(month, made_on, noticed),
        opinions=lists.opinions(month),
        announced=meetings.announced(month),
        outgoing=notices.outgoing(month),
        plans=tuple(sorted(month.all(Plan), key=lambda plan: plan.position)),
        asked=month.asked or month.period,
        months=terms.by_month(month),
        all_months=terms.month_line(month),
        zones=terms.by_zone(month),
        with_before=terms.compare(month, bases.before) if bases else None,
        with_year_before=terms.compare(month, bases.year_before) if bases else None,
        short_names={school.name: school.short_name for school in month.all(School)},
        narratives=_narratives(month),
        statistics=statistics(month, listed, stories, team, bases),
    )


def _narratives(month: Month) -> dict[Section, tuple[str, ...]]:
    """The additions to each section of the summary, () for none."""
    return {
        section: tuple(item.text for item in month.all(Narrative) if item.section is section) for section in Section
    }


def _unreported(month: Month) -> tuple[str, ...]:
    """The zones (and 县本级) without a workbook; over several months, each with its month."""
    if month.parts:
        return tuple(f"{line.period} {name}" for line in terms.by_month(month) for name in line.unreported)
    return terms.unreported(month)


def _team(month: Month) -> Team | None:
    """None if the registers of zones and inspectors are both empty."""
    if not month.all(Zone) and not month.all(Inspector):
        return None
    zones, people = Rows(month.all(Zone)), Rows(month.all(Inspector))
    before, after = month.period.eve, month.period.last_day
    full = people.where(lambda p: p.kind is InspectorKind.FULL_TIME and p.zone is not None)
    full_before = full.where(lambda p: p.serves_on(before))
    full_after = full.where(lambda p: p.serves_on(after))
    part = people.where(lambda p: p.kind is InspectorKind.PART_TIME and p.serves_on(after))
    staff = people.where(
        lambda p: (
            p.kind is InspectorKind.FULL_TIME
            and p.zone is None
            and p.first_day is not None
            and p.first_day in month.period
        )
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
        new_staff_rows=staff,
    )


def _zones_on(zones: Rows[Zone], day: date) -> Figure[int]:
    return counting.count(zones.where(lambda z: z.works_on(day)), "started", f"{day}运行中的责任区数")


def _origins(people: Rows[Inspector]) -> Tally:
    """School leaders first, as one; then every other post that occurs."""
    leaders = people.where(lambda person: person.former_post in SCHOOL_LEADERS)
    others = [post for post in FormerPost if post not in SCHOOL_LEADERS]
    rule = "专职督学来源"
    together = ((LEADERS, counting.count(leaders, "former_post", f"{rule}：{LEADERS}")),) if len(leaders) else ()
    return (*together, *counting.tally(people, "former_post", others, rule))


def _assessments(month: Month) -> tuple[AssessmentStory, ...]:
    rows = month.all(Assessment)
    stories = []
    for project, year in dict.fromkeys((row.project, row.year) for row in rows):
        here = Rows(row for row in rows if (row.project, row.year) == (project, year))
        counts = dict(counting.tally(here, "outcome", CampaignOutcome, f"{project}各等次数"))
        outcomes = tuple(
            (name, figure, tuple(row for row in here if row.outcome == name)) for name, figure in counts.items()
        )
        subjects = counting.count(here, "subject", f"{project}的评估对象数")
        stories.append(AssessmentStory(project, year, subjects, outcomes))
    return tuple(stories)


def _indicators(month: Month) -> tuple[IndicatorStory, ...]:
    return tuple(_indicator(indicator) for indicator in month.all(Indicator))


def _indicator(indicator: Indicator) -> IndicatorStory:
    current = counting.taken(indicator, "current")
    assert current is not None  # 本期值 is required
    return IndicatorStory(indicator, current, counting.taken(indicator, "previous"))


def _rectification(month: Month, made_on: date) -> Rectification:
    """The figures of the balance, and what is overdue on a day."""
    held = balance.of(month)
    opening, new, closed, closing = held.opening, held.new, held.closed, held.closing
    overdue = closing.where(lambda p: p.overdue_on(made_on))
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
