"""Month -> its campaigns and regular inspections; counts by `pipeline.dossier.counting`, words nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline.dossier import counting, meetings
from pipeline.dossier.dossier import CampaignStory, GroupStory, RegularStory, SelfReports
from pipeline.dossier.figures import Figure
from pipeline.dossier.rows import Rows
from pipeline.forms.codes import Affiliation, CampaignKind, Feedback, Grade, Matter, ObjectKind, ProblemKind
from pipeline.forms.office import Campaign, Group, SelfReport
from pipeline.forms.registry import School, Zone
from pipeline.forms.zone import COUNTY_LEVEL, Problem, Record
from pipeline.intake.joining import Month

_PEOPLE = ("head", "deputy", "members")


def campaigns(month: Month) -> tuple[CampaignStory, ...]:
    """What was done and found in each campaign, except regular inspections; () for none."""
    return tuple(_story(month, one) for one in month.all(Campaign) if one.kind is not CampaignKind.REGULAR)


def _story(month: Month, campaign: Campaign) -> CampaignStory:
    number, name = campaign.number, campaign.name
    groups = Rows(month.all(Group)).where(lambda g: g.campaign == number)
    records = Rows(month.all(Record)).where(lambda r: r.campaign == number)
    schools = Rows(_schools(month, records.values("school")))
    town_schools = schools.where(lambda s: s.affiliation is Affiliation.TOWN)
    problems = Rows(month.all(Problem)).where(lambda p: p.campaign == number)
    return CampaignStory(
        campaign=campaign,
        groups=tuple(_group(group, name) for group in sorted(groups, key=lambda group: group.number)),
        group_count=counting.count(groups, "campaign", f"{name}的检查组数"),
        people=_strength(groups, name),
        objects=tuple(
            (str(kind), _objects(groups, kind, name)) for kind in ObjectKind if kind in groups.values("object_kind")
        ),
        shared_people=_shared(group.people for group in groups),
        shared_objects=_shared(group.objects for group in groups),
        schools_due=counting.taken(campaign, "schools_due"),
        days=counting.listed(records, "date", f"{name}检查记录的日期"),
        schools=counting.distinct(records, "school", f"{name}检查的学校数"),
        schools_by_affiliation=counting.tally(schools, "affiliation", Affiliation, f"{name}检查的学校，按隶属"),
        town_schools_towns=counting.distinct(town_schools, "town", f"{name}检查的乡镇街道学校所在乡镇数"),
        problems=counting.count(problems, "campaign", f"{name}的问题数"),
        problem_rows=problems,
        problem_kinds=counting.tally(problems, "kind", ProblemKind, f"{name}的问题，按类别"),
        grades=counting.tally(records, "grade", Grade, f"{name}检查记录的等次"),
        highlights=tuple(record for record in records if record.highlights),
        self_reports=_self_reports(month, campaign),
        meetings=meetings.of_campaign(month, campaign),
    )


def _strength(groups: Rows[Group], campaign: str) -> Figure[int]:
    """Every named person once, plus, for groups with 人数 above the number of names, the difference."""
    named = counting.distinct_items(groups, _PEOPLE, f"{campaign}各组组长、副组长和成员的人数，同一人只计一次")
    others = [
        counting.apart(size, counting.items(Rows([group]), _PEOPLE, "写出姓名的人数"), "没有写出姓名的人数")
        for group in groups
        if (size := _size(group))
    ]
    return counting.added([named, *others], f"{campaign}各组的人数，写出姓名的同一人只计一次") if others else named


def _size(group: Group) -> Figure[int] | None:
    """人数 if it is above the number of names; else None."""
    return counting.taken(group, "size") if group.strength > len(group.people) else None


def _group(group: Group, campaign: str) -> GroupStory:
    alone, rule = Rows([group]), f"{campaign}第{group.number}组"
    return GroupStory(
        group=group,
        people=_size(group) or counting.items(alone, _PEOPLE, f"{rule}组长、副组长和成员人数"),
        objects=counting.items(alone, ("objects",), f"{rule}负责对象数"),
    )


def _objects(groups: Rows[Group], kind: ObjectKind, campaign: str) -> Figure[int]:
    of_kind = groups.where(lambda group: group.object_kind is kind)
    return counting.distinct_items(of_kind, ("objects",), f"{campaign}各组负责的{kind}数，同一{kind}只计一次")


def _shared(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The names that are in more than one group."""
    times = Counter(name for group in groups for name in dict.fromkeys(group))
    return tuple(name for name, number in times.items() if number > 1)


def _schools(month: Month, names: Iterable[str]) -> list[School]:
    """The schools with these names, each once."""
    found = [month.find(School, name) for name in dict.fromkeys(names)]
    return [school for school in found if school is not None]


def _self_reports(month: Month, campaign: Campaign) -> SelfReports | None:
    """None if no unit owes a report."""
    reports = Rows(month.all(SelfReport)).where(lambda r: r.campaign == campaign.number)
    if not reports:
        return None

    received = reports.filled("received_on")
    missing = reports.where(lambda r: r.received_on is None)
    on_time = received.where(lambda r: r.received_on is not None and r.received_on <= due_day(r, campaign))
    late = received.where(lambda r: r.received_on is not None and r.received_on > due_day(r, campaign))
    return SelfReports(
        due=counting.count(reports, "unit", f"{campaign.name}应报自查报告的单位数"),
        on_time=counting.count(on_time, "received_on", f"{campaign.name}按时报送自查报告的单位数"),
        late=counting.count(late, "received_on", f"{campaign.name}逾期报送自查报告的单位数"),
        missing=counting.count(missing, "unit", f"{campaign.name}未报自查报告的单位数"),
        on_time_rows=on_time,
        late_rows=late,
        missing_rows=missing,
    )


def due_day(report: SelfReport, campaign: Campaign) -> date:
    """The last day on which a self-inspection report is on time."""
    return report.due_on or campaign.self_reports_due or campaign.ends


def regular(month: Month) -> RegularStory | None:
    """None if no zone has recorded an inspection under a regular campaign."""
    numbers = {c.number for c in month.all(Campaign) if c.kind is CampaignKind.REGULAR}
    records = Rows(month.all(Record)).where(lambda r: r.campaign in numbers)
    if not records:
        return None
    wheres = {month.zone(record) for record in records} - {COUNTY_LEVEL}
    zones = Rows(month.all(Zone)).where(lambda zone: zone.name in wheres)
    highlights = records.filled("highlights")
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
        highlights=highlights,
    )
