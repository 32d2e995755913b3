"""督导室月报: what the office fills in each month: campaigns, groups, meetings, visits, documents, plans."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

from pipeline.forms.cells import Day, DayFrom, DayUntil, Integer, Number, PersonName, Phrase, Ref, Text, YesNo, plain
from pipeline.forms.codes import (
    AgendaStep,
    CampaignKind,
    CampaignOutcome,
    CampaignState,
    DayPart,
    DaytimePart,
    DocumentDirection,
    DocumentKind,
    MeetingKind,
    ObjectKind,
    PlanKind,
    Section,
    Theme,
    VisitDirection,
    VisitEntry,
)
from pipeline.forms.faults.fault import 提示, 请核实
from pipeline.forms.follows import NextPosition
from pipeline.forms.list_cells import Names, PersonNames, Texts
from pipeline.forms.month import MonthView
from pipeline.forms.needs import BLANK, Lacking, as_seen, need, when
from pipeline.forms.period import Period
from pipeline.forms.registry import School, Town, Zone
from pipeline.forms.rules import rule
from pipeline.forms.schema import Form, Row, column
from pipeline.forms.years import MonthNumber, YearNumber

LEAST_GROUP = 3
"""The fewest people in an inspection group (教育督导条例, article 16)."""

LATEST_REPORT = timedelta(days=62)
"""A report made later than this after its month is questioned."""

OFFICIAL_NUMBER = re.compile(r"^[^〔〕\[\]()\uff08\uff090-9]+〔[0-9]{4}〕[1-9][0-9]*号$")
"""代字〔YYYY〕N号 (GB/T 9704-2012, 7.2.5)."""

UNNUMBERED = ("不编号", "不编文号", "无文号")
"""What is written in place of a document's number if it never gets one, as for a letter; documents do not print it."""

PLACEHOLDER = re.compile(r"[xX×]{2,}|某某")
"""What remains of a copied sentence that was not filled in."""
_CITED = re.compile(r"[^〔〕()\uff08\uff09《》、，。；]+〔[0-9]{4}〕[0-9]+号")
_PERSON = re.compile(r"^[^()\uff08\uff09]+[(\uff08][^()\uff08\uff09]+[)\uff09]$")
_VAGUE_TIME = re.compile(r"[上中下]旬|月[初中底末]|全月|每周|每日")
_MONTH_DAY = re.compile(r"(?:([0-9]{4})年)?([0-9]{1,2})月(?:([0-9]{1,2})日)?")
_PLACE_WORD = re.compile(r"(学校|小学|中学|完小|幼儿园|教学点|镇|乡|街道|责任区)$")
_CLOCK = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$"
_EXTENSION = re.compile(r"\.[A-Za-z]{2,4}$")
_ATTENDANCE = re.compile(r"^(.+)[:\uff1a]([0-9]+)人?$")


_ANNOUNCED = when(announced=True)


class Report(Row, title="报告信息", single=True, about="本月报告的年月、日期和经手人，只填一份。"):
    """The month reported on, and who drafted, checked and signed."""

    year: YearNumber = column("统计年份", minimum=2000, maximum=2099, example="2024", note="四位年份")
    month: MonthNumber = column("统计月份", minimum=1, maximum=12, example="3", note="1 至 12")
    made_on: Day = column("制表日期", example="2024-03-31", note="判断整改是否逾期，以这一天为准")
    drafter: PersonName = column("拟稿人", example="张三")
    checker: PersonName = column("审核人", example="李四")
    signer: PersonName = column("签发人", example="王五")
    addressee: Text | None = column("主送机关", example="江北市人民政府教育督导室")
    opening: Text | None = column("导语", note="总结开头的一段话")

    @rule("BG-01", "制表日期 {制表日期} 早于统计月份的第一天，请核对统计年份、统计月份和制表日期", at=made_on)
    def made_after_the_period_began(self) -> bool:
        return self.made_on >= date(self.year, self.month, 1)

    @rule("BG-03", "导语中有没有填好的占位字（如 xx、某某），请改为真实内容", at=opening, severity=请核实)
    def opening_is_filled_in(self) -> bool:
        return self.opening is None or not PLACEHOLDER.search(self.opening)

    @rule("BG-04", "制表日期 {制表日期} 比统计月份晚两个月以上，请核实年份和月份", at=made_on, severity=请核实)
    def made_soon_after_the_period(self) -> bool:
        return self.made_on - Period(self.year, self.month).last_day <= LATEST_REPORT

    @rule("BG-02", "签发人与拟稿人同为 {签发人}，请核对；公文的拟稿与签发应为两人", at=signer)
    def signer_is_not_the_drafter(self) -> bool:
        return plain(self.signer) != plain(self.drafter)


class Campaign(
    Row, title="督导工作", in_view=2, about="每项督导工作一行；经常性督导每月（或每学期）也填一行，供责任区引用编号。"
):
    """A campaign with its own number: special, comprehensive, regular, ..."""

    number: Text = column("督导编号", key=True, pattern=r"^DD-[0-9]{4}-[0-9]{3}$", example="DD-2024-001")
    name: Text = column("督导名称", example="春季开学工作专项督导")
    state: CampaignState = column("状态", example="筹备", note="筹备中的督导工作据此生成督导通知")
    kind: CampaignKind = column("督导类型", example="专项督导", note="视导填在“调研视导”表")
    theme: Theme = column("督导主题", example="开学工作")
    starts: DayFrom = column("起始日期", example="2024-03-04")
    ends: DayUntil = column("截止日期", example="2024-03-08")
    lead: Text = column("牵头科室", example="督导室")
    joint: Names = column("联合科室", example="基础教育科；安全稳定科")
    contents: Texts = column("督导内容", at_least=1, example="开学准备；校园安全")
    methods: Names = column(
        "督导方式",
        at_least=1,
        suggested=(
            "随机听课",
            "查阅资料",
            "列席会议",
            "座谈走访",
            "问卷调查",
            "校园巡视",
            "现场巡查",
            "走访家长",
            "听取汇报",
            "明察暗访",
        ),
        example="查阅资料；校园巡视",
    )
    basis: Texts = column("依据文件", example="《春季开学工作专项督导方案》", note="文件名带书名号和文号")
    coverage: Text = column("覆盖范围", example="全县各级各类学校")
    schools_due: Integer | None = column("应检学校数", minimum=0)
    self_reports_due: Day | None = column("自查报告截止日期")
    purpose: Text | None = column("目的", example="为切实做好春季开学工作", note="通知的开头：为切实做好……")
    demands: Texts = column("工作要求", note="写进通知的要求，一项一条")
    attachments: Texts = column("附件", note="其他附件的名称，不写扩展名")
    conclusion: Text | None = column("总体结论", note="反馈之后填写")

    @rule("DD-01", "截止日期 {截止日期} 早于起始日期 {起始日期}，请核对两个日期", at=ends)
    def ends_after_start(self) -> bool:
        return self.ends >= self.starts

    @rule("DD-03", "“{督导名称}”像是视导，视导请填在“调研视导”表；不是视导则不必改", at=kind, severity=请核实)
    def is_no_visit(self) -> bool:
        return "视导" not in self.name

    @rule("DD-04", "依据文件 {依据文件} 中有文号没有书名号，请写作 《文件名》（文号）", at=basis, severity=提示)
    def titles_keep_their_marks(self) -> bool:
        return all("《" in title for title in self.basis if _CITED.search(title))

    @rule(
        "DD-05",
        "依据文件中的{有误之处}在文件台账里查不到，请核对文号，或把来文登记到文件台账",
        at=basis,
        severity=提示,
    )
    def cited_numbers_are_registered(self, month: MonthView) -> tuple[str, ...]:
        cited = (number for title in self.basis for number in _CITED.findall(title))
        return tuple(number for number in cited if not _is_registered(number, month))

    @rule(
        "DD-06",
        "应检学校数 {应检学校数} 与各组负责的学校数不符，请核实应检学校数、检查组分组和学校名录",
        at=schools_due,
        severity=请核实,
    )
    def schools_due_fit_the_groups(self, month: MonthView) -> bool:
        groups = month.where(Group, "campaign", self.number)
        if self.schools_due is None or not groups or month.perhaps(Group, "campaign", self.number, self):
            return True
        return _covers(self, self.schools_due, groups, month)

    @rule("DD-08", "目的宜以“为”字开头（如 为切实做好……），它是通知的第一句", at=purpose, severity=提示)
    def purpose_opens_a_sentence(self) -> bool:
        return self.purpose is None or self.purpose.startswith("为")

    @rule("DD-02", "附件名称 {附件} 带有文件扩展名，请只写名称", at=attachments)
    def attachments_have_no_extension(self) -> bool:
        return not any(_EXTENSION.search(name) for name in self.attachments)


class Group(Row, title="检查组分组", in_view=2, about="每个检查组一行，组号从 1 起连续编排。"):
    """A group of inspectors in a campaign, with the schools, towns or zones it inspects."""

    campaign: Ref[Campaign] = column("督导编号", key=True, example="DD-2024-001")
    number: Integer = column("组号", key=True, minimum=1, example="1")
    head: PersonName | None = column(
        "组长",
        required_if=need("FZ-09", "组长没有填，请核实并补填；组长还没有定的可以不填", when(), severity=请核实),
        example="李四",
    )
    deputy: PersonName | None = column("副组长")
    members: PersonNames = column(
        "成员",
        required_if=as_seen(when(size=BLANK), severity=请核实),
        example="王五；赵六",
        note="不含组长、副组长",
    )
    size: Integer | None = column(
        "人数",
        minimum=1,
        required_if=need(
            "FZ-11",
            "组长、副组长、成员和人数都没有填，请至少填一项",
            when(head=BLANK, deputy=BLANK, members=BLANK),
        ),
        note="成员姓名没有定齐时填写，连组长、副组长；姓名都写出的不填",
    )
    liaison: Text | None = column("联络员", note="不计入组内人数")
    object_kind: ObjectKind = column("对象类型", example="乡镇街道")
    objects: Names = column(
        "负责对象",
        named_in=(School, Town, Zone),
        at_least=1,
        example="望溪镇",
        note="按对象类型填写学校、乡镇或责任区名称",
    )
    starts: Day | None = column("起始日期")
    ends: Day | None = column("截止日期")

    @rule(
        "FZ-01",
        "本组连组长、副组长共 {有误之处} 人，按规定检查组不少于 3 人，请核实人员是否填全",
        at=members,
        severity=请核实,
    )
    def has_enough_people(self) -> tuple[str, ...]:
        return () if self.strength >= LEAST_GROUP else (str(self.strength),)

    @rule("FZ-10", "人数 {人数} 少于写出姓名的 {有误之处} 人，请核实；按写出姓名的人数计", at=size, severity=请核实)
    def nobody_is_named_beyond_the_size(self) -> tuple[str, ...]:
        return () if self.size is None or self.size >= len(self.people) else (str(len(self.people)),)

    @rule("FZ-08", "{有误之处}在组长、副组长和成员中出现了不止一次，请只留一处，以免重复计人数", at=members)
    def members_are_not_the_heads(self) -> tuple[str, ...]:
        return tuple(name for name, times in Counter(self.people).items() if times > 1)

    @rule("FZ-02", "组号 {组号} 不连续，同一督导编号的组号应从 1 起逐一编排，请核对", at=number)
    def numbers_are_consecutive(self, month: MonthView) -> bool:
        numbers = {group.number for group in month.where(Group, "campaign", self.campaign)}
        return self.number <= len(numbers) + month.perhaps(Group, "campaign", self.campaign, self)

    @rule(
        "FZ-03",
        "{有误之处}同时编在另一个组，合计人数只计一次，请核实；如是同名的两个人，请在姓名后加注单位",
        at=members,
        severity=请核实,
    )
    def people_are_in_one_group(self, month: MonthView) -> tuple[str, ...]:
        others = {name for group in self._others(month) for name in group.people}
        return tuple(name for name in self.people if name in others)

    @rule("FZ-04", "负责对象中的{有误之处}在名录中查不到，请改为名录中的{对象类型}名称", at=objects)
    def objects_are_known(self, month: MonthView) -> tuple[str, ...]:
        sheet = _SHEETS.get(self.object_kind)
        return month.unknown(self.objects, sheet) if sheet else ()

    @rule("FZ-05", "负责对象中的{有误之处}也由另一个组负责，合计只计一次，请核实", at=objects, severity=请核实)
    def objects_are_of_one_group(self, month: MonthView) -> tuple[str, ...]:
        others = {name for group in self._others(month) for name in group.objects}
        return tuple(name for name in self.objects if name in others)

    @rule("FZ-06", "起始日期 {起始日期} 不在该项督导的起止日期之内，请核对", at=starts)
    def starts_within_the_campaign(self, month: MonthView) -> bool:
        return _within(self.starts, month.find(Campaign, self.campaign))

    @rule("FZ-07", "截止日期 {截止日期} 不在该项督导的起止日期之内，请核对", at=ends)
    def ends_within_the_campaign(self, month: MonthView) -> bool:
        return _within(self.ends, month.find(Campaign, self.campaign))

    def _others(self, month: MonthView) -> list[Group]:
        groups = month.where(Group, "campaign", self.campaign)
        return [group for group in groups if group.number != self.number]

    @property
    def people(self) -> tuple[str, ...]:
        """组长, 副组长 and 成员, in this order; the liaison does not count."""
        return (*(name for name in (self.head, self.deputy) if name), *self.members)

    @property
    def strength(self) -> int:
        """The number of people: those named, or 人数 if that is larger."""
        return max(len(self.people), self.size or 0)


class SelfReport(Row, title="自查报告报送", about="要求报送自查报告的每个单位一行；未报的也要有一行。"):
    """A unit that owes a self-inspection report, and whether it arrived."""

    campaign: Ref[Campaign] = column("督导编号", key=True, example="DD-2024-001")
    unit: Text = column(
        "报送单位",
        named_in=(School, Town, Zone),
        key=True,
        example="东岭县望溪镇中心小学",
        note="学校、乡镇、责任区或科室",
    )
    due_on: Day | None = column(
        "应报日期",
        required_if=as_seen(when(Lacking("campaign", Campaign, "self_reports_due"))),
        note="不填则用该项督导的自查报告截止日期",
    )
    received_on: Day | None = column("实报日期", example="2024-03-01", note="未报不填；是否逾期由系统计算")
    problems: Integer | None = column("自查问题数", minimum=0, example="3")
    corrected: Integer | None = column("自改数", minimum=0, example="2")
    reminders: Integer | None = column("催报次数", minimum=0)
    remark: Text | None = column("说明")

    @rule("ZC-02", "{有误之处}在名录中查不到，请核对；学校、乡镇、责任区请写名录中的名称", at=unit)
    def unit_is_known(self, month: MonthView) -> tuple[str, ...]:
        return month.unknown([self.unit], School, Town, Zone) if _PLACE_WORD.search(self.unit) else ()

    @rule("ZC-03", "应报日期没有填，该项督导也没有自查报告截止日期，请补填其中一处", at=due_on)
    def has_a_due_day(self, month: MonthView) -> bool:
        campaign = month.find(Campaign, self.campaign)
        return self.due_on is not None or campaign is None or campaign.self_reports_due is not None

    @rule("ZC-04", "实报日期 {实报日期} 晚于制表日期，请核实；还没有报的请留空", at=received_on, severity=请核实)
    def was_received_by_now(self, month: MonthView) -> bool:
        report = month.one(Report)
        return self.received_on is None or report is None or self.received_on <= report.made_on

    @rule("ZC-01", "自改数 {自改数} 多于自查问题数 {自查问题数}，请核对两个数字", at=corrected)
    def corrects_no_more_than_found(self) -> bool:
        return self.corrected is None or self.problems is None or self.corrected <= self.problems


class Meeting(Row, title="会议培训", in_view=2, about="每次会议、培训一行；下月要开、需发通知的也可先填。"):
    """A meeting or training; it may take place after the period, since its notice goes out before."""

    number: Text = column("活动编号", key=True, pattern=r"^HY-[0-9]{4}-[0-9]{2}$", example="HY-2024-01")
    name: Text = column("名称", example="春季开学督导工作部署会")
    kind: MeetingKind = column("类别", example="部署会")
    date: Day = column("日期", example="2024-03-01")
    part: DayPart | None = column("时段", example="上午")
    place: Text | None = column(
        "地点", required_if=need("HY-01", "需发通知的会议应填写地点，请补填", _ANNOUNCED), example="望溪镇中心小学"
    )
    chair: PersonName | None = column("主持人", example="张三")
    chair_post: Text | None = column("主持人职务", example="督导室副主任")
    attendants: Names = column("参会对象", at_least=1, example="全县专职督学：12", note="可写作 对象：人数")
    attendance: Integer | None = column("参会人数", minimum=0, example="12", note="会前或外单位会议不填")
    campaign: Ref[Campaign] | None = column("关联督导", example="DD-2024-001")
    handouts: Texts = column("印发材料")
    outcome: Text | None = column("成效")
    announced: YesNo | None = column("需发通知", example="否", note="填“是”则生成会议通知")
    ends: Day | None = column("截止日期", note="会期多天时填写")
    begins_at: Text | None = column(
        "开始时间",
        pattern=_CLOCK,
        required_if=need("HY-02", "需发通知的会议应填写开始时间，请补填（如 09:00）", _ANNOUNCED),
        example="09:00",
    )
    reason: Text | None = column(
        "事由",
        required_if=need("HY-07", "需发通知的会议宜填写事由，它是通知的第一句（如 为……）", _ANNOUNCED, severity=提示),
    )
    demands: Texts = column(
        "会议要求",
        required_if=need(
            "HY-08", "需发通知的会议宜填写会议要求（报到时间、着装、发言、回执）", _ANNOUNCED, severity=提示
        ),
    )

    @rule("HY-05", "会议日期 {日期} 早于本月，请核实；以前月份的会议不填在本月", at=date, severity=请核实)
    def is_not_of_an_earlier_month(self, month: MonthView) -> bool:
        return self.date >= month.period.first_day

    @rule(
        "HY-06",
        "会议日期 {日期} 早于制表日期，会议已经开过，不必再发通知，请核对需发通知一栏",
        at=announced,
        severity=提示,
    )
    def is_announced_before_it_is_held(self, month: MonthView) -> bool:
        report = month.one(Report)
        return not self.announced or report is None or self.date >= report.made_on

    @rule("HY-03", "截止日期 {截止日期} 早于会议日期 {日期}，请核对两个日期", at=ends)
    def ends_after_it_began(self) -> bool:
        return self.ends is None or self.ends >= self.date

    @rule("HY-04", "参会对象各项人数之和与参会人数 {参会人数} 不符，请核对", at=attendance)
    def attendance_adds_up(self) -> bool:
        counts = [count for _, count in self.attendance_by_kind]
        if self.attendance is None or not counts or None in counts:
            return True
        return sum(count or 0 for count in counts) == self.attendance

    @property
    def attendance_by_kind(self) -> tuple[tuple[str, int | None], ...]:
        """Each entry of 参会对象 with its number; None if the entry has none."""
        matches = [(entry, _ATTENDANCE.match(entry)) for entry in self.attendants]
        return tuple((match[1], int(match[2])) if match else (entry, None) for entry, match in matches)


class AgendaItem(Row, title="议程", about="会议或调研座谈的每个环节一行，序号连续。"):
    """One step of a meeting or visit; a 主持 row names the chair and is not a step."""

    activity: Ref[Meeting | Visit] = column("活动编号", key=True, example="HY-2024-01", note="会议培训或调研视导的编号")
    position: Integer = column(
        "序号", key=True, minimum=1, follows=NextPosition("可留空：按同一活动中的次序编号"), example="1"
    )
    person: Text | None = column("人员", example="张三")
    post: Text | None = column("职务", example="督导室副主任")
    step: AgendaStep = column("环节", example="部署", note="“主持”一行不计入议程项数")
    points: Texts = column("要点", example="安排春季开学督导；明确分工")

    @rule("YC-01", "序号 {序号} 不连续，同一活动的议程应从 1 起逐一编号，请核对", at=position)
    def positions_are_consecutive(self, month: MonthView) -> bool:
        positions = {item.position for item in month.where(AgendaItem, "activity", self.activity)}
        return self.position <= len(positions) + month.perhaps(AgendaItem, "activity", self.activity, self)

    @rule("YC-02", "同一活动有两行“主持”，请核实；主持一行不计入议程项数", at=step, severity=请核实)
    def has_one_chair(self, month: MonthView) -> bool:
        items = month.where(AgendaItem, "activity", self.activity)
        return self.step is not AgendaStep.CHAIR or sum(item.step is AgendaStep.CHAIR for item in items) == 1


class Visit(Row, title="调研视导", in_view=2, about="上级来访、外县交流和下乡视导，每次一行。"):
    """A visit from a superior or another county, or the office's visit to a town."""

    number: Text = column("编号", key=True, pattern=r"^DY-[0-9]{4}-[0-9]{2}$", example="DY-2024-01")
    name: Text = column("名称", example="望溪镇教育工作视导")
    direction: VisitDirection = column("方向", example="下乡视导")
    unit: Text = column("单位", example="望溪镇", note="来访单位，或所到乡镇")
    leader: PersonName = column("带队人", example="张三")
    leader_post: Text | None = column("带队人职务", example="督导室副主任")
    members: PersonNames = column("成员", example="李四（督学）", note="写作 姓名（职务）")
    date: Day = column("日期", example="2024-03-20")
    hosts: PersonNames = column("陪同人员", note="写作 姓名（职务）")
    contents: Texts = column("督导内容", example="办学条件；队伍建设")
    assessment: Text | None = column("评价")
    reply: Text | None = column("对方表态")

    @rule("DY-01", "下乡视导的单位{有误之处}在“乡镇街道”表中查不到，请写名录中的乡镇名称", at=unit)
    def town_is_known(self, month: MonthView) -> tuple[str, ...]:
        return month.unknown([self.unit], Town) if self.direction is VisitDirection.TO_TOWN else ()

    @rule("DY-02", "成员 {成员} 宜写作 姓名（职务）", at=members, severity=提示)
    def members_have_posts(self) -> bool:
        return all(_PERSON.match(member) for member in self.members)

    @rule("DY-03", "陪同人员 {陪同人员} 宜写作 姓名（职务）", at=hosts, severity=提示)
    def hosts_have_posts(self) -> bool:
        return all(_PERSON.match(host) for host in self.hosts)


class VisitNote(Row, title="到访与意见", about="调研视导到过的每个地点、每条肯定和建议各一行；问题填在问题整改台账。"):
    """A place visited, or a point of praise or advice."""

    visit: Ref[Visit] = column("编号", key=True, example="DY-2024-01")
    position: Integer = column(
        "序号", key=True, minimum=1, follows=NextPosition("可留空：按同一编号中的次序编号"), example="1"
    )
    entry: VisitEntry = column("类型", example="到访")
    part: DaytimePart | None = column("时段", example="上午")
    school: Ref[School] | None = column(
        "学校",
        required_if=as_seen(when(entry=VisitEntry.PLACE, place=BLANK)),
        example="望溪中心小学",
        note="学校全称、规范简称或别名",
    )
    place: Text | None = column(
        "地点",
        required_if=need("DF-01", "到访应填写学校或地点，请补填其中一项", when(entry=VisitEntry.PLACE, school=BLANK)),
        note="到访的不是学校时填写",
    )
    speaker: PersonName | None = column("意见人")
    content: Text | None = column(
        "内容",
        required_if=need("DF-02", "{类型} 应填写内容，请补填", when(entry=(VisitEntry.PRAISE, VisitEntry.SUGGESTION))),
    )


class Assessment(Row, title="评估结果", about="本月得出结果的评估、验收，每个对象一行。"):
    """The outcome of an assessment for one school or town."""

    project: Text = column("评估项目", key=True, example="素质教育先进学校评估")
    year: Integer = column("年度", key=True, minimum=2000, maximum=2099, example="2024")
    subject: Text = column("对象", named_in=(School, Town), key=True, example="东岭县望溪镇中心小学", note="学校或乡镇")
    score: Number | None = column("得分", example="91.5")
    outcome: CampaignOutcome = column("等次", example="优秀")
    assessed_on: Day | None = column("评估日期")
    result_number: Text | None = column("结果文号")
    review_by: Phrase | None = column(
        "复评期限",
        required_if=need(
            "PG-01",
            "等次为 {等次}，应填写复评期限，请补填（如 2024年9月30日 或 下学期开学前）",
            when(outcome=(CampaignOutcome.BARELY, CampaignOutcome.FAILED, CampaignOutcome.NOT_PASSED)),
        ),
        note="可写日期或“下学期开学前”",
    )

    @rule("PG-02", "{有误之处}在名录中查不到，请写名录中的学校或乡镇名称", at=subject)
    def subject_is_known(self, month: MonthView) -> tuple[str, ...]:
        return month.unknown([self.subject], School, Town)


class DocumentEntry(
    Row, title="文件台账", in_view=2, about="本月收到和发出的文件，每件一行；生成的文件从这里取文号、主送和抄送。"
):
    """A document received or sent; produced documents take number, addressees and copies from here."""

    number: Text | None = column(
        "文号",
        key=True,
        unique=True,
        besides=UNNUMBERED,
        example="东政教督〔2024〕1号",
        note="还没有编号的不填；便函、会议通知等不编文号的填“不编号”",
    )
    title: Text = column("标题", key=True, example="关于开展春季开学工作专项督导的通知")
    kind: DocumentKind = column("文种", example="通知")
    direction: DocumentDirection = column("方向", example="发文")
    issuer: Text = column("发文机关", example="东岭县人民政府教育督导室")
    dated: Day | None = column(
        "成文日期",
        required_if=need(
            "WJ-01", "发文应填写成文日期，请补填（如 2024-03-01）", when(direction=DocumentDirection.OUTGOING)
        ),
        example="2024-03-01",
    )
    addressees: Names = column("主送", example="各乡镇中心校；县直各学校")
    copies: Names = column("抄送", example="县教育体育局")
    related: Names = column(
        "关联编号",
        named_in=(School, Town, Zone),
        example="DD-2024-001",
        note="督导编号、活动编号、调研视导编号；整改通知书、督办单、意见书填单位名称（也可填问题编号）",
    )

    @rule(
        "WJ-02",
        "文号 {文号} 不合规范，请写作 代字〔2024〕1号：六角括号，年份四位，序号不加“第”、不编虚位；"
        "不编文号的填“不编号”",
        at=number,
    )
    def outgoing_number_is_regular(self) -> bool:
        return self.direction is DocumentDirection.INCOMING or self._is_regular

    @rule("WJ-03", "来文文号 {文号} 与通行写法 代字〔2024〕1号 不同，请对照原件", at=number, severity=提示)
    def incoming_number_is_regular(self) -> bool:
        return self.direction is DocumentDirection.OUTGOING or self._is_regular

    @rule("WJ-05", "文号 {文号} 之前缺号，请核对；确实没有这一号的不必改", at=number, severity=提示)
    def numbers_have_no_gap(self, month: MonthView) -> bool:
        series, outgoing = self.series, DocumentDirection.OUTGOING
        if series is None or self.direction is not outgoing:
            return True
        missing = f"{series[0]}〔{series[1]}〕{series[2] - 1}号"
        if month.perhaps(DocumentEntry, "number", missing, self):
            return True
        taken = {entry.series for entry in month.where(DocumentEntry, "direction", outgoing)}
        before = [number for code, year, number in filter(None, taken) if (code, year) == series[:2]]
        return series[2] == min(before) or (series[0], series[1], series[2] - 1) in taken

    @property
    def series(self) -> tuple[str, int, int] | None:
        """代字, year and running number of a regular 文号; None otherwise."""
        match = re.fullmatch(r"(.+)〔([0-9]{4})〕([1-9][0-9]*)号", self.number or "")
        return (match[1], int(match[2]), int(match[3])) if match else None

    @property
    def _is_regular(self) -> bool:
        return self.official_number is None or bool(OFFICIAL_NUMBER.match(self.official_number))

    @property
    def unnumbered(self) -> bool:
        """Whether the document has no number and will not get one."""
        return self.number is not None and plain(self.number) in UNNUMBERED

    @property
    def official_number(self) -> str | None:
        """The number; None if there is none yet, or never will be."""
        return None if self.unnumbered else self.number


class Plan(Row, title="下月计划", about="下个月的每项工作一行，按时间先后编序号。"):
    """Work planned for the next month."""

    position: Integer = column(
        "序号", key=True, minimum=1, follows=NextPosition("可留空：按本表的次序编号"), example="1"
    )
    item: Text = column("事项", example="开展春季开学工作专项督导")
    kind: PlanKind | None = column("类型", example="专项督导")
    when: Phrase = column("时间", example="上旬", note="上旬、中旬、下旬或具体日期")
    responsible: PersonNames = column("责任人", at_least=1, example="张三")
    joint: Names = column("协办", example="基础教育科")

    @rule("JH-01", "时间 {时间} 请写作 上旬、中旬、下旬，或下个月的具体日期", at=when)
    def when_is_in_the_next_month(self, month: MonthView) -> bool:
        due = month.period.next
        named = [(year, int(number), day) for year, number, day in _MONTH_DAY.findall(self.when)]
        if any(number != due.month or (year and int(year) != due.year) for year, number, _ in named):
            return False
        days = [int(day) for _, _, day in named if day]
        return all(1 <= day <= due.last_day.day for day in days) and bool(named or _VAGUE_TIME.search(self.when))


class Indicator(Row, title="指标填报", about="无法从各表计算、需要人工填报的指标，每项一行。"):
    """A figure that no ledger contains."""

    name: Text = column("指标名称", key=True, example="学前三年毛入园率")
    previous: Number | None = column("上期值", example="91.2")
    current: Number = column("本期值", example="92.0")
    unit: Text | None = column("单位", example="%")
    definition: Text | None = column("口径说明", example="教育事业统计")


class Narrative(Row, title="叙述补充", about="写进总结的成段文字，每段一行，按所属章节填写。"):
    """A paragraph for a section of the summary."""

    section: Section = column("章节", example="存在不足")
    text: Text = column(
        "段落文本",
        longest=500,
        example="个别学校对挂牌督导工作认识还不到位。",
        note="不超过 500 字；数字应能在各表查到",
    )


_SHEETS: dict[ObjectKind, type[Row]] = {ObjectKind.SCHOOL: School, ObjectKind.TOWN: Town, ObjectKind.ZONE: Zone}


def _is_registered(number: str, month: MonthView) -> bool:
    """Whether 文件台账 of this month or the one before has the number."""
    months = [month, *([month.previous] if month.previous else [])]
    return any(month.knows(DocumentEntry, number) for month in months)


def _covers(campaign: Campaign, due: int, groups: tuple[Group, ...], month: MonthView) -> bool:
    """Whether the number of schools due fits the groups: equal to their schools, or at most those of their towns."""
    kinds = {group.object_kind for group in groups}
    objects = {name for group in groups for name in group.objects}
    if kinds == {ObjectKind.SCHOOL}:
        return due == len(objects)
    towns = [town.name for town in month.all(Town) if town.name in objects or town.zone in objects]
    schools = [school for name in towns for school in month.where(School, "town", name) if school.counts]
    unknown = sum(month.perhaps(School, "town", name, campaign) for name in towns)
    unknown += sum(month.perhaps(Town, attribute, name, campaign) for name in objects for attribute in ("name", "zone"))
    return not kinds <= {ObjectKind.TOWN, ObjectKind.ZONE} or due <= len(schools) or bool(unknown)


def _within(day: date | None, campaign: Campaign | None) -> bool:
    return day is None or campaign is None or campaign.starts <= day <= campaign.ends


OFFICE_REPORT = Form(
    "督导室月报",
    "1",
    (
        Report,
        Campaign,
        Group,
        SelfReport,
        Meeting,
        AgendaItem,
        Visit,
        VisitNote,
        Assessment,
        DocumentEntry,
        Plan,
        Indicator,
        Narrative,
    ),
    "督导室每月填报一份。",
)

TO_NUMBER = Form(
    "待编文号",
    "1",
    (DocumentEntry,),
    "本月生成的发文，督导室月报的文件台账还没有登记文号的，每件一行，其余各栏已由程序填好。",
    awaited=("number", "addressees"),
    steps=(
        "只需填浅红色的单元格：文号写作 代字〔2024〕1号，不编文号的填“不编号”；主送空着的一并填上。",
        "可以先填一部分，也可以排序。",
        "成文日期、主送、抄送有变动的，在这里改。",
        "填好后存为 .xlsx，放进本月的数据文件夹（与督导室月报放在一起），再生成一次：各文书的文号就是这里填的。",
        "以后再生成的待编文号含有这里已填的文号，用新的换下旧的即可。这些行也可以复制到督导室月报的文件台账。",
    ),
)
"""What a run writes for the letters that have no number yet: some rows of a sheet of OFFICE_REPORT."""
