"""督导工作 of the next month: those that run on, and those that 下月计划 announces; writes no workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.dossier.written import WrittenRow, as_it_stands
from pipeline.forms.codes import CampaignKind, CampaignState, PlanKind
from pipeline.forms.office import AgendaItem, Campaign, Group, Meeting, Plan, SelfReport
from pipeline.forms.period import Period
from pipeline.forms.schema import Row
from pipeline.intake.joining import Month

CAMPAIGNS = Campaign.sheet_title()
_LEAST_SHARED = 4
"""Characters that a plan's item shares with the name of the campaign that it is about."""
_COMMON = re.compile(
    "[0-9]{4}年|[0-9]{1,2}月份?|[一二三四五六七八九十]{1,2}月份?|(?:经常性|专项|综合)?督导|责任督学|工作|开展"
)
"""Words that names of campaigns share."""
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_A_DAY = re.compile("([0-9]{1,2})月([0-9]{1,2})日")
_GOES_ON = (CampaignState.PREPARING, CampaignState.INSPECTING)
"""The states in which groups are still to inspect, and self-inspection reports to come."""


@dataclass(frozen=True)
class PlannedCampaigns:
    """The campaigns of the next month.

    rows: what stands, by sheet; planned: further rows of 督导工作, to be completed; numbers: those of all; remarks:
    which items of the plan have no row, and why.
    """

    rows: dict[str, Sequence[Row]]
    planned: list[WrittenRow]
    numbers: tuple[str, ...]
    remarks: tuple[str, ...]


def campaigns(month: Month, period: Period) -> PlannedCampaigns:
    """The campaigns of `period`, the month after: what is not 办结, what follows it, what is planned; none without.

    A 经常性督导 of the month itself is over with it, and followed by one for the next month.
    """
    over = [one for one in month.all(Campaign) if _is_of_the_month(one, month.period)]
    running = [one for one in month.all(Campaign) if one not in over and one.state is not CampaignState.DONE]
    at_fault = [as_it_stands(one) for one in month.blocked if one.sheet is Campaign]
    numbers, label = _numbers(month, period), Campaign.label_of("number")
    planned: list[WrittenRow] = [_next_one(one, next(numbers), month.period, period) for one in over]
    regular = [str(row[label]) for row in planned]
    regular += [one.number for one in running if one.kind is CampaignKind.REGULAR]
    elsewhere: dict[str, list[int]] = {}
    for item in sorted(month.all(Plan), key=lambda each: each.position):
        known = _about(item, running, regular)
        if known or str(item.kind) not in set(map(str, CampaignKind)):
            elsewhere.setdefault(f"属于督导工作 {known}" if known else "不是督导工作", []).append(item.position)
        else:
            planned.append(_of_plan(item, next(numbers), period))
    added = [*at_fault, *planned]
    known_numbers = (*(one.number for one in running), *(str(row[label]) for row in added if label in row))
    remarks = (f"下月计划第 {'、'.join(map(str, items))} 项{why}，没有另备一行" for why, items in elsewhere.items())
    return PlannedCampaigns(_standing(month, running, period), added, known_numbers, tuple(remarks))


def _is_of_the_month(campaign: Campaign, period: Period) -> bool:
    return campaign.kind is CampaignKind.REGULAR and campaign.starts in period and campaign.ends in period


def _standing(month: Month, running: Sequence[Campaign], period: Period) -> dict[str, Sequence[Row]]:
    """The running campaigns, their groups and self-inspection reports; the meetings that were announced for later."""
    going_on = {one.number for one in running if one.state in _GOES_ON}
    # Their notice has gone out: 需发通知 must be answered anew.
    meetings = [row.changed({"announced": None}) for row in month.all(Meeting) if row.date >= period.first_day]
    held = {meeting.number for meeting in meetings}
    return {
        CAMPAIGNS: running,
        Group.sheet_title(): [row for row in month.all(Group) if row.campaign in going_on],
        SelfReport.sheet_title(): [row for row in month.all(SelfReport) if row.campaign in going_on],
        Meeting.sheet_title(): meetings,
        AgendaItem.sheet_title(): [row for row in month.all(AgendaItem) if row.activity in held],
    }


def _numbers(month: Month, period: Period) -> Iterator[str]:
    """The free numbers of the year, after the highest of this month and the one before."""
    months = [month, *([month.previous] if month.previous else [])]
    taken = {one.number for each in months for one in each.all(Campaign)}
    taken |= {str(one.values.get(Campaign.label_of("number"))) for one in month.blocked if one.sheet is Campaign}
    year = f"DD-{period.year}-"
    last = max((int(number[-3:]) for number in taken if re.fullmatch(rf"{year}[0-9]{{3}}", number)), default=0)
    return (f"{year}{number:03}" for number in range(last + 1, 1000))


def _next_one(last: Campaign, number: str, month: Period, period: Period) -> WrittenRow:
    """The 经常性督导 that follows a month's; what it looks at is new each month, and left to be filled in."""
    name = last.name.replace(f"{month.year}年{month.month}月", f"{period.year}年{period.month}月")
    name = re.sub(rf"(?<![0-9]){month.month}月", f"{period.month}月", name) if name == last.name else name
    stays = ("kind", "lead", "coverage")
    lists = ("basis", "joint", "methods")
    return {
        **_begun(number, name, period.first_day, period.last_day),
        **{Campaign.label_of(each): getattr(last, each) for each in stays},
        **{Campaign.label_of(each): "；".join(getattr(last, each)) for each in lists},
        Campaign.label_of("state"): CampaignState.INSPECTING,
    }


def _of_plan(item: Plan, number: str, period: Period) -> WrittenRow:
    starts, ends = _days(item.when, period)
    return {
        **_begun(number, item.item, starts, ends),
        Campaign.label_of("kind"): str(item.kind),
        Campaign.label_of("joint"): "；".join(item.joint),
        Campaign.label_of("state"): CampaignState.PREPARING,
    }


def _begun(number: str, name: str, starts: date | None, ends: date | None) -> WrittenRow:
    values = {"number": number, "name": name, "starts": starts, "ends": ends}
    return {Campaign.label_of(attribute): value for attribute, value in values.items()}


def _about(item: Plan, running: Sequence[Campaign], regular: Sequence[str]) -> str:
    """The number of the campaign of which a plan's item is a part, or that its 经常性督导 is; "" for none."""
    if item.kind is PlanKind.REGULAR and regular:
        return regular[0]
    own = _COMMON.split(item.item)
    for one in running:
        if any(_share(part, mine) for part in _COMMON.split(one.name) for mine in own):
            return one.number
    return ""


def _share(one: str, other: str) -> bool:
    """Whether two texts have a run of characters in common, long enough to be no accident."""
    runs = (one[start : start + _LEAST_SHARED] for start in range(len(one) - _LEAST_SHARED + 1))
    return any(run in other for run in runs)


def _days(when: str, period: Period) -> tuple[date | None, date | None]:
    """The first and last day of what is said of a time in the month; None for each if it says nothing of days."""
    last = period.last_day.day
    named = [int(day) for month, day in _A_DAY.findall(when) if int(month) == period.month and 1 <= int(day) <= last]
    days = named or [day for word, ends in _THIRDS.items() if word in when for day in ends]
    if not days:
        return None, None
    first, until = (date(period.year, period.month, min(day, last)) for day in (min(days), max(days)))
    return first, until
