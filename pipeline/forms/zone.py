"""责任区月报: what each zone fills in each month: its inspection records, and its problems until they are closed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.forms.cells import Day, Integer, Number, PersonName, Phrase, Ref, Text, YesNo, plain
from pipeline.forms.codes import (
    DONE_STATES,
    SOURCES_WITH_NUMBER,
    CampaignKind,
    CheckResult,
    DaytimePart,
    Feedback,
    Grade,
    Gravity,
    Handling,
    Matter,
    ObjectKind,
    ProblemKind,
    ProblemSource,
    ProblemState,
    RectificationKind,
)
from pipeline.forms.faults.fault import 提示, 请核实
from pipeline.forms.follows import AsPrepared, LinesOf, NextNumber, TakenFrom
from pipeline.forms.list_cells import Codes, Refs
from pipeline.forms.month import MonthView
from pipeline.forms.needs import BLANK, FILLED, POSITIVE, Alone, Before, Matched, as_seen, need, when
from pipeline.forms.office import Campaign, Group, Visit
from pipeline.forms.registry import County, Inspector, Person, School, Town, Zone, works_at_the_end
from pipeline.forms.rules import rule
from pipeline.forms.schema import ColumnGroup, Form, Row, column
from pipeline.forms.years import MonthNumber, YearNumber

COUNTY_LEVEL = "县本级"
"""What the office's own workbook of this form has in place of a zone; its number in keys is 00."""

FOR_LIFE = ("source", "campaign", "record", "school", "town", "kind", "description", "gravity", "found_on")
"""What a problem keeps from its first row to its last: the columns that no new decision changes."""
RECORD_FOR_LIFE = ("campaign", "date", "part", "school", "group")
"""By what a record is recognized again."""
LONGEST_AT_ONCE = timedelta(days=3)
LONGEST_BY_DEADLINE = timedelta(days=90)
_YEAR_MONTH = "20[0-9]{2}(?:0[1-9]|1[0-2])"
_TIME = re.compile(r"[0-9年月日旬初中底末前后]|学期|开学|放假|周")
_EMPTY_PHRASE = re.compile(r"^.{0,8}?(有待|需要?|还需|仍需)(进一步)?(加强|提高|改进|完善)[。.]?$")


class ZoneReport(Row, title="填报信息", single=True, about="本表由哪个责任区、哪个月、谁填报，只填一份。"):
    """Whose workbook this is, and for which month."""

    zone: Ref[Zone] = column(
        "责任区",
        besides=(COUNTY_LEVEL,),
        follows=AsPrepared("用为本责任区备好的表时可留空", what="zone"),
        example="望溪责任区",
        note="督导室填报的填“县本级”",
    )
    year: YearNumber = column(
        "统计年份",
        minimum=2000,
        maximum=2099,
        follows=AsPrepared("用为本月备好的表时可留空", what="year"),
        example="2024",
        note="四位年份",
    )
    month: MonthNumber = column(
        "统计月份",
        minimum=1,
        maximum=12,
        follows=AsPrepared("用为本月备好的表时可留空", what="month"),
        example="3",
        note="1 至 12",
    )
    filler: PersonName = column("填报人", example="李四")
    checker: PersonName = column("审核人", example="王五")
    filled_on: Day = column("填报日期", example="2024-03-31")

    @rule("TB-01", "{责任区} 到本月最后一天已停用或尚未启用，请核对责任区名称和启用、停用日期", at=zone)
    def zone_is_in_operation(self, month: MonthView) -> bool:
        return works_at_the_end(self.zone, month)

    @rule("TB-02", "填的是 {统计月份} 月，与督导室月报的月份不同，请核对，或换上本月的表", at=month)
    def is_of_the_same_month(self, month: MonthView) -> bool:
        return self.month == month.period.month

    @rule("TB-04", "填的是 {统计年份} 年，与督导室月报的年份不同，请核对，或换上本月的表", at=year)
    def is_of_the_same_year(self, month: MonthView) -> bool:
        return self.year == month.period.year

    @rule("TB-03", "填报日期 {填报日期} 早于统计月份的第一天，请核对", at=filled_on, severity=请核实)
    def filled_after_the_period_began(self) -> bool:
        return self.filled_on >= date(self.year, self.month, 1)


_OF_THE_COUNTY = Alone(ZoneReport, "zone", COUNTY_LEVEL)
_OF_A_ZONE = Alone(ZoneReport, "zone", COUNTY_LEVEL, other=True)
_LATER = (RectificationKind.BY_DEADLINE, RectificationKind.LONG_TERM)
_CLOSED_LATER = when(state=ProblemState.CLOSED, rectification=_LATER)
_CLOSED_AT_ONCE = when(state=ProblemState.CLOSED, rectification=RectificationKind.AT_ONCE)


class Record(Row, title="督导检查记录", in_view=2, about="每到一所学校检查一次填一行。"):
    """One inspection of one school."""

    id: Text = column(
        "记录号",
        key=True,
        pattern=rf"^JC-{_YEAR_MONTH}-[0-9]{{2}}-[0-9]{{3}}$",
        follows=NextNumber(
            "可留空：按本表的次序编号，以后不变", prefix="JC", life=RECORD_FOR_LIFE, place=("school", "date")
        ),
        example="JC-202403-01-001",
        note="JC-年月-责任区号-序号，县本级的责任区号为 00",
    )
    school: Ref[School] = column("学校", example="望溪中心小学", note="学校全称、规范简称或别名")
    date: Day = column("日期", example="2024-03-12")
    campaign: Ref[Campaign] | None = column(
        "督导编号",
        required_if=need(
            "JC-15",
            "督导编号没有填，请核实并补填；不属于哪一项督导的可以不填，也不计入哪一项",
            when(),
            severity=请核实,
        ),
        example="DD-2024-001",
    )
    part: DaytimePart | None = column("时段", example="上午")
    group: Integer | None = column(
        "组号",
        minimum=1,
        required_if=as_seen(
            when(_OF_THE_COUNTY, campaign=FILLED, inspectors=BLANK, meant="县本级填报的专项督导分了组"),
        ),
        note="责任区自己去查的不填",
    )
    inspectors: Refs[Inspector | Person] = column(
        "督学",
        required_if=need("JC-01", "没有组号的记录应填写督学姓名，请补填", when(group=BLANK)),
        example="李四；赵六",
        note="填有组号的可不填，即全组人员",
    )
    matters: Codes[Matter] = column(
        "督导事项",
        required_if=as_seen(when(_OF_A_ZONE, campaign=FILLED, meant="督导编号属于经常性督导")),
        example="校园及周边安全",
        note="可填序号 1 至 9",
    )
    problems: Integer = column(
        "发现问题数",
        minimum=0,
        follows=LinesOf("可留空：数问题整改台账中填有本记录号的行", sheet="问题整改台账", label="记录号"),
        example="1",
        note="本次新发现的问题数，与问题整改台账中本记录号的行数一致",
    )
    feedback: Feedback = column("反馈方式", example="现场口头", note="填“督导意见书”则为该校生成意见书")
    highlights: Text | None = column(
        "亮点",
        required_if=as_seen(when(feedback=Feedback.OPINION, problems=0), severity=请核实),
        example="课后服务课程丰富，学生参与面广。",
    )
    grade: Grade | None = column("等次")
    score: Number | None = column("评分", minimum=0, maximum=100)
    lessons: Integer | None = column("听课节数", minimum=0, example="2")
    papers: Integer | None = column("查阅资料份数", minimum=0, example="12")
    talks: Integer | None = column("座谈人次", minimum=0)
    questionnaires: Integer | None = column("问卷份数", minimum=0)
    signed: YesNo | None = column("校方签名", example="是")

    @rule("JC-02", "日期 {日期} 在本月之后，请核对；下月的检查请填在下月的表", at=date)
    def is_not_after_the_period(self, month: MonthView) -> bool:
        return self.date <= month.period.last_day

    @rule("JC-03", "日期 {日期} 早于本月，请核实；补报以前的检查不必改", at=date, severity=请核实)
    def is_not_before_the_period(self, month: MonthView) -> bool:
        return self.date >= month.period.first_day

    @rule("JC-04", "日期 {日期} 不在该项督导的起止日期之内，请核实", at=date, severity=请核实)
    def is_within_the_campaign(self, month: MonthView) -> bool:
        campaign = month.find(Campaign, self.campaign)
        return campaign is None or campaign.starts <= self.date <= campaign.ends

    @rule("JC-05", "{学校} 不属于本责任区，请核对学校名称，或由所属责任区填报", at=school)
    def school_is_of_the_zone(self, month: MonthView) -> bool:
        return _is_of_the_zone(self, self.school, month)

    @rule("JC-06", "{学校} 不在第 {组号} 组的负责对象之内，请核实学校和组号", at=school, severity=请核实)
    def school_is_an_object_of_the_group(self, month: MonthView) -> bool:
        group, school = self.group_row(month), month.find(School, self.school)
        if group is None or school is None or group.object_kind is ObjectKind.COUNTY:
            return True
        town = month.find(Town, school.town)
        objects = {plain(name) for name in group.objects}
        names = (school.name, school.short_name, *school.aliases, school.town, town.zone if town else "")
        return not objects.isdisjoint(plain(name) for name in names)

    @rule("JC-07", "这项督导没有第 {组号} 组，请核对组号和检查组分组", at=group)
    def group_exists(self, month: MonthView) -> bool:
        perhaps = month.perhaps(Group, "campaign", self.campaign, self)
        return self.group is None or self.group_row(month) is not None or bool(perhaps)

    @rule("JC-08", "这项专项督导分了组，请补填组号", at=group)
    def group_is_given(self, month: MonthView) -> bool:
        if self.group is not None or month.zone(self) != COUNTY_LEVEL:  # a zone inspecting by itself has no group
            return True
        campaign = month.find(Campaign, self.campaign)
        special = campaign is not None and campaign.kind is CampaignKind.SPECIAL
        return not special or not month.where(Group, "campaign", self.campaign)

    @rule("JC-09", "{有误之处}应回避 {学校}，请核对人员或学校", at=inspectors)
    def nobody_should_avoid_the_school(self, month: MonthView) -> tuple[str, ...]:
        group = self.group_row(month)
        names = self.inspectors or (group.people if group else ())
        people = (month.find(Inspector, name) for name in names)
        return tuple(person.name for person in people if person is not None and self.school in person.avoids)

    @rule("JC-10", "只有一名督学，按惯例进校督导不少于两人，请核对是否填全", at=inspectors, severity=提示)
    def two_inspected(self) -> bool:
        return len(self.inspectors) != 1

    @rule("JC-11", "经常性督导应填写督导事项，请从下拉列表中选择或填序号 1 至 9", at=matters)
    def regular_inspection_has_matters(self, month: MonthView) -> bool:
        campaign = month.find(Campaign, self.campaign)
        return bool(self.matters) or campaign is None or campaign.kind is not CampaignKind.REGULAR

    @rule("JC-12", "反馈方式为督导意见书，但亮点和问题都没有，意见书将没有内容，请核实", at=feedback, severity=请核实)
    def opinion_has_something_to_say(self) -> bool:
        return self.feedback is not Feedback.OPINION or self.highlights is not None or self.problems > 0

    @rule("JC-13", "发现问题数 {发现问题数} 与问题整改台账中本记录号的行数不符，请核对两处", at=problems)
    def problems_are_in_the_ledger(self, month: MonthView) -> bool:
        known = len(month.where(Problem, "record", self.id))
        return known <= self.problems <= known + month.perhaps(Problem, "record", self.id, self)

    @rule("JC-14", "记录号 {记录号} 中的责任区号与本责任区不符，请核对（县本级为 00）", at=id)
    def id_is_of_the_zone(self, month: MonthView) -> bool:
        return self.id.split("-")[2] == _zone_number(self, month, self.id.split("-")[2])

    def group_row(self, month: MonthView) -> Group | None:
        """The group of the campaign that inspected; None if no number is given or no group has it."""
        groups = month.where(Group, "campaign", self.campaign)
        return next((group for group in groups if group.number == self.group), None)


class Problem(
    Row,
    title="问题整改台账",
    in_view=3,
    groups=(
        ColumnGroup("发现", "found_on", "found_by"),
        ColumnGroup("整改", "unit", "urgings"),
        ColumnGroup("核查", "done_on", "revisit"),
    ),
    about="每个问题一行，一直填到销号；上月未销号的问题本月继续填列，编号不变。",
):
    """A fault found, for a unit to put right."""

    id: Text = column(
        "问题编号",
        key=True,
        pattern=rf"^WT-{_YEAR_MONTH}-[0-9]{{2}}-[0-9]{{3}}$",
        follows=NextNumber(
            "可留空：按本表的次序编号，以后不变",
            prefix="WT",
            life=FOR_LIFE,
            place=("school", "town", "found_on"),
            said="description",
        ),
        example="WT-202403-01-001",
        note="WT-年月-责任区号-序号，一个问题一个编号，终身不变",
    )
    school: Ref[School] | None = column(
        "学校",
        follows=TakenFrom("填有记录号的可留空：取检查记录的学校", by="record", attribute="school"),
        required_if=(
            as_seen(when(_OF_A_ZONE, town=BLANK)),
            as_seen(when(record=FILLED, meant="填的是以前月份的记录号"), severity=请核实),
        ),
        example="望溪中心小学",
        note="学校与乡镇街道至少填一项；一校一行",
    )
    description: Text = column(
        "具体描述", example="教学楼二楼东侧一个灭火器压力不足。", note="写清地点和事实，4 至 200 字"
    )
    state: ProblemState = column("整改状态", example="整改中", note="是否逾期由系统按整改期限计算")
    found_on: Day = column(
        "发现日期",
        follows=TakenFrom("填有记录号的可留空：取检查记录的日期", by="record", attribute="date"),
        example="2024-03-12",
        note="填有记录号的与记录日期一致",
    )
    record: Ref[Record] | None = column(
        "记录号",
        earlier=True,
        required_if=as_seen(when(Matched(Record, (("school", "school"), ("found_on", "date"))))),
        example="JC-202403-01-001",
    )
    source: ProblemSource = column(
        "来源",
        follows=TakenFrom("填有督导编号或记录号的可留空：取该项督导的类型", by="campaign", attribute="kind"),
        example="专项督导",
    )
    campaign: Ref[Campaign | Visit] | None = column(
        "督导编号",
        earlier=True,
        follows=TakenFrom("填有记录号的可留空：取检查记录的督导编号", by="record", attribute="campaign"),
        required_if=need(
            "WT-01",
            "来源为 {来源} 的问题应填写督导编号，请核实并补填；不属于哪一项督导的可以不填，也不计入哪一项",
            when(source=SOURCES_WITH_NUMBER),
            severity=请核实,
        ),
        example="DD-2024-001",
        note="督导工作或调研视导的编号",
    )
    town: Ref[Town] | None = column("乡镇街道", required_if=as_seen(when(_OF_A_ZONE, school=BLANK)))
    kind: ProblemKind = column("问题类别", example="校园及周边安全")
    clause: Text | None = column("依据条款")
    gravity: Gravity = column("严重程度", example="一般")
    handling: Handling = column("处置方式", example="现场反馈", note="填“整改通知书”则为该单位生成整改通知书")
    found_by: Refs[Inspector | Person] = column(
        "发现人",
        follows=TakenFrom("填有记录号的可留空：取检查记录的督学", by="record", attribute="inspectors"),
        example="李四",
    )
    unit: Text = column(
        "责任单位",
        named_in=(School,),
        follows=TakenFrom(
            "填有学校或记录号的可留空：取学校的全称，名录“基础信息”写明由别的单位负责的，取该单位",
            by="school",
            attribute="name",
            kind="kind",
        ),
        example="东岭县望溪镇中心小学",
        note="可以是学校以外的单位",
    )
    rectification: RectificationKind = column("整改类型", example="限期整改")
    due_on: Day | None = column(
        "整改期限",
        otherwise="期限说明",
        required_if=(
            need(
                "WT-05",
                "整改期限和期限说明都没有填，请核实并补填一项；不填的，整改通知书印【整改期限待填】",
                when(rectification=_LATER, due_words=BLANK),
                severity=请核实,
            ),
            as_seen(when(gravity=Gravity.MAJOR_HAZARD, due_words=FILLED), severity=请核实),
        ),
        example="2024-03-29",
    )
    due_words: Phrase | None = column("期限说明", note="期限不是具体日期时填写，如 开学前")
    demand: Text | None = column(
        "整改要求",
        required_if=need(
            "WT-08",
            "{整改类型} 应填写整改要求，请核实并补填；不填的，文书中以整改类型代替",
            when(rectification=_LATER),
            severity=请核实,
        ),
        example="更换灭火器并逐月点检。",
    )
    measures: Text | None = column(
        "整改措施",
        required_if=need(
            "WT-31",
            "整改状态为 {整改状态}，宜填写整改措施（已做或将做的工作）",
            when(state=set(ProblemState) - {ProblemState.NOT_STARTED}),
            severity=提示,
        ),
        example="已联系厂家更换。",
        note="责任单位已做或将做的工作",
    )
    person: PersonName | None = column("责任人", example="王五")
    notice_number: Text | None = column(
        "通知书文号",
        required_if=as_seen(
            when(Before("found_on", ZoneReport), handling=Handling.RECTIFICATION_NOTICE), severity=提示
        ),
        note="以前月份通知书的文号；本月的从文件台账取",
    )
    extensions: Integer | None = column(
        "延期次数", minimum=0, required_if=as_seen(when(extended_to=FILLED), severity=请核实)
    )
    extension_reason: Text | None = column(
        "延期原因",
        required_if=need("WT-20", "延期 {延期次数} 次，应填写延期原因，请补填", when(extensions=POSITIVE)),
    )
    extended_to: Day | None = column(
        "延期至",
        required_if=need("WT-22", "延期 {延期次数} 次，应填写延期至哪一天，请补填", when(extensions=POSITIVE)),
    )
    urgings: Integer | None = column("督办次数", minimum=0)
    done_on: Day | None = column(
        "完成日期",
        required_if=(
            need("WT-09", "整改状态为 {整改状态}，应填写完成日期，请补填", when(state=DONE_STATES)),
            need(
                "WT-42",
                "核查结论为通过，却没有完成日期，请核实整改状态并补填完成日期",
                when(check_result=CheckResult.PASSED, state=set(ProblemState) - DONE_STATES),
                severity=请核实,
            ),
        ),
    )
    evidence: Text | None = column(
        "佐证材料",
        required_if=(
            need("WT-11", "已销号的问题应填写佐证材料，请补填（如 整改前后照片）", _CLOSED_LATER),
            need("WT-12", "立行立改的问题已销号，宜留佐证材料（如 现场照片）", _CLOSED_AT_ONCE, severity=提示),
        ),
    )
    checked_by: Refs[Inspector | Person] = column(
        "核查人",
        required_if=need(
            "WT-13",
            "已销号的问题应填写核查人，请补填",
            _CLOSED_LATER,
            when(state=ProblemState.CLOSED, rectification=RectificationKind.AT_ONCE, found_by=BLANK),
        ),
    )
    checked_on: Day | None = column(
        "核查日期", required_if=need("WT-14", "已销号的问题应填写核查日期，请补填", _CLOSED_LATER)
    )
    check_result: CheckResult | None = column("核查结论", required_if=as_seen(_CLOSED_LATER), note="已销号应为通过")
    check_opinion: Text | None = column(
        "核查意见",
        required_if=need("WT-19", "核查结论为不通过，应填写核查意见，请补填", when(check_result=CheckResult.FAILED)),
    )
    closed_on: Day | None = column(
        "销号日期", required_if=need("WT-17", "已销号的问题应填写销号日期，请补填", _CLOSED_LATER)
    )
    revisit: Phrase | None = column("计划回访", note="日期或“12月初”一类的说法")

    # Where it comes from, and what it is

    @rule("WT-02", "具体描述应为 4 至 200 字，请写清地点和事实", at=description)
    def description_has_a_fair_length(self) -> bool:
        return 4 <= len(self.description) <= 200

    @rule("WT-04", "“{具体描述}”只是套话，请写清哪里、什么问题", at=description, severity=提示)
    def description_says_something(self) -> bool:
        return not _EMPTY_PHRASE.match(self.description)

    @rule("WT-24", "学校和乡镇街道都没有填，请至少填一项", at=school)
    def is_somewhere(self, month: MonthView) -> bool:
        return self.school is not None or self.town is not None or month.zone(self) in (COUNTY_LEVEL, "")

    @rule("WT-25", "{学校} 不属于本责任区，请核对学校名称，或由现在所属的责任区填报", at=school)
    def school_is_of_the_zone(self, month: MonthView) -> bool:
        return self.school is None or _is_of_the_zone(self, self.school, month)

    @rule("WT-37", "{乡镇街道} 不属于本责任区，请核实乡镇名称，或由所属责任区填报", at=town, severity=请核实)
    def town_is_of_the_zone(self, month: MonthView) -> bool:
        town = month.find(Town, self.town) if self.school is None else None
        return month.zone(self) in (COUNTY_LEVEL, "") or town is None or town.zone == month.zone(self)

    @rule("WT-38", "{学校} 在名录中不属于 {乡镇街道}，请核实学校和乡镇街道", at=town, severity=请核实)
    def school_is_of_the_town(self, month: MonthView) -> bool:
        school = month.find(School, self.school)
        return school is None or self.town is None or school.town == self.town

    @rule("WT-39", "{学校} 不是检查记录 {记录号} 的学校，请核实学校和记录号", at=school, severity=请核实)
    def school_is_that_of_the_record(self, month: MonthView) -> bool:
        inspected, school = self._inspected(month), month.find(School, self.school)
        return inspected is None or school is None or inspected == school.name

    @rule("WT-44", "学校没有填，检查记录 {记录号} 查的是{有误之处}，请核实并补填学校", at=school, severity=请核实)
    def school_of_the_record_is_given(self, month: MonthView) -> tuple[str, ...]:
        inspected = self._inspected(month)
        somewhere = self.town is not None or month.zone(self) == COUNTY_LEVEL  # otherwise WT-24 reports it
        return (inspected,) if inspected and self.school is None and somewhere else ()

    @rule("WT-26", "发现日期 {发现日期} 与检查记录 {记录号} 的日期不同，请核对两处", at=found_on)
    def found_when_it_was_recorded(self, month: MonthView) -> bool:
        record = month.find(Record, self.record)
        return record is None or record.date == self.found_on

    @rule("WT-27", "发现日期 {发现日期} 在本月之后，请核对；下月发现的问题请填在下月的表", at=found_on)
    def found_by_the_end_of_the_month(self, month: MonthView) -> bool:
        return self.found_on <= month.period.last_day

    @rule(
        "WT-28",
        "发现日期 {发现日期} 早于本月，而上月台账中没有这个问题，请核实是否漏报；按本月新增计",
        at=found_on,
        severity=请核实,
    )
    def found_earlier_was_listed_earlier(self, month: MonthView) -> bool:
        before = month.previous
        known = before is None or not before.whole or before.knows(Problem, self.id)
        return known or self.found_on >= month.period.first_day

    @rule(
        "WT-29", "问题编号 {问题编号} 中的责任区号与本责任区不符，请核对；沿用以前编号的不必改", at=id, severity=请核实
    )
    def id_is_of_the_zone(self, month: MonthView) -> bool:
        _, entered, zone, _ = self.id.split("-")
        return entered != f"{month.period.year}{month.period.month:02}" or zone == _zone_number(self, month, zone)

    @rule(
        "WT-40",
        "问题编号 {问题编号} 中的责任区号在“督学责任区”表中查不到（县本级为 00），请核实编号",
        at=id,
        severity=请核实,
    )
    def id_is_of_a_known_zone(self, month: MonthView) -> bool:
        zone = self.id.split("-")[2]
        return zone == "00" or month.may_know(Zone, f"Z{zone}")

    @rule(
        "WT-21",
        "上月末未销号的问题 {问题编号} 没有列入本月台账，请核实并补填；已销号的填明销号日期",
        at=id,
        severity=请核实,
        of_last_month=True,
    )
    def carried_over(self, month: MonthView) -> bool:
        zone = month.previous.zone(self) if month.previous else ""
        return not self.open_on(month.period.eve) or month.knows(Problem, self.id) or not month.lists(Problem, zone)

    # By when it is to be put right

    @rule("WT-03", "整改期限 {整改期限} 早于发现日期 {发现日期}，请核对两个日期", at=due_on)
    def due_after_found(self) -> bool:
        return self.due_on is None or self.due_on >= self.found_on

    @rule(
        "WT-06",
        "{整改类型} 的期限 {整改期限} 距发现日期 {发现日期} 过长（立行立改 3 天、限期整改 90 天以内），请核实",
        at=due_on,
        severity=请核实,
    )
    def deadline_fits_the_kind(self) -> bool:
        limits = {RectificationKind.AT_ONCE: LONGEST_AT_ONCE, RectificationKind.BY_DEADLINE: LONGEST_BY_DEADLINE}
        limit = limits.get(self.rectification)
        return limit is None or self.due_on is None or self.due_on - self.found_on <= limit

    @rule("WT-07", "重大隐患只写了“{期限说明}”，请核实并填写具体的整改期限", at=due_words, severity=请核实)
    def major_hazard_has_a_day(self) -> bool:
        return self.gravity is not Gravity.MAJOR_HAZARD or self.due_words is None or self.due_on is not None

    # What was done

    @rule("WT-10", "完成日期 {完成日期} 早于发现日期 {发现日期}，请核对两个日期", at=done_on)
    def done_after_found(self) -> bool:
        return self.done_on is None or self.done_on >= self.found_on

    @rule("WT-32", "整改状态为 {整改状态}，却填了完成日期 {完成日期}，请核实整改状态", at=state, severity=请核实)
    def open_has_no_day_of_completion(self) -> bool:
        return self.done_on is None or self.state in DONE_STATES

    @rule("WT-41", "整改状态为 {整改状态}，却填了销号日期 {销号日期}，请核实整改状态", at=state, severity=请核实)
    def open_has_no_day_of_closing(self) -> bool:
        return self.closed_on is None or self._closed

    @rule("WT-33", "经费方面的问题由学校自己负责，请核实责任单位是否应为财政等部门", at=unit, severity=提示)
    def funding_is_not_left_to_the_school(self) -> bool:
        return self.kind is not ProblemKind.FUNDING or self.unit != self.school

    @rule(
        "WT-45",
        "{责任单位} 在名录中没有，与名录中的“{有误之处}”只差一两个字，请核实；不改的，当作另一个单位，单独出文",
        at=unit,
        severity=请核实,
    )
    def unit_is_not_misspelt(self, month: MonthView) -> tuple[str, ...]:
        county = month.one(County)
        offices = (county.office, county.office_short, county.bureau) if county else ()
        return month.misspelt(self.unit, School, Town, Zone, besides=offices)

    @rule(
        "WT-46",
        "{责任单位} 里有几个单位（{有误之处}），请核实；几个单位都要整改的，请分成几行，一行填一个",
        at=unit,
        severity=请核实,
    )
    def unit_is_one(self, month: MonthView) -> tuple[str, ...]:
        return month.several(self.unit, School, Town, Zone)

    @rule("WT-34", "以前月份用整改通知书处置的问题，宜填写通知书文号", at=notice_number, severity=提示)
    def earlier_notice_has_its_number(self, month: MonthView) -> bool:
        earlier = self.handling is Handling.RECTIFICATION_NOTICE and self.predates(month.period.first_day)
        return not earlier or self.notice_number is not None

    @rule("WT-35", "计划回访宜写日期或“12月初”一类的说法", at=revisit, severity=提示)
    def revisit_is_a_time(self) -> bool:
        return self.revisit is None or bool(_TIME.search(self.revisit))

    # How it was checked and closed

    @rule("WT-15", "核查日期 {核查日期} 早于完成日期 {完成日期}，请核对两个日期", at=checked_on)
    def checked_after_done(self) -> bool:
        return self.checked_on is None or self.done_on is None or self.checked_on >= self.done_on

    @rule("WT-16", "已销号的问题核查结论应为“通过”，请核对整改状态和核查结论", at=check_result)
    def closed_when_passed(self) -> bool:
        passed = self.check_result is CheckResult.PASSED or (self._at_once and self.check_result is None)
        return not self._closed or passed

    @rule(
        "WT-18",
        "销号日期 {销号日期} 早于核查日期 {核查日期}（立行立改未填核查日期的，按完成日期 {完成日期}），请核对",
        at=closed_on,
    )
    def closed_after_checked(self) -> bool:
        checked = self.checked_on or (self.done_on if self._at_once else None)
        return self.closed_on is None or checked is None or self.closed_on >= checked

    @rule("WT-36", "销号日期 {销号日期} 在本月之后，请填在下月的表，本月按未销号填", at=closed_on)
    def closed_by_the_end_of_the_month(self, month: MonthView) -> bool:
        return self.closed_day is None or self.closed_day <= month.period.last_day

    # How it was put off

    @rule("WT-23", "延期至 {延期至}，应晚于整改期限 {整改期限}，请核对两个日期", at=extended_to)
    def extension_is_later(self) -> bool:
        return self.extended_to is None or self.due_on is None or self.extended_to > self.due_on

    @rule("WT-43", "填了延期至 {延期至}，却没有延期次数，请核实并补填", at=extensions, severity=请核实)
    def extension_is_counted(self) -> bool:
        return self.extended_to is None or bool(self.extensions)

    @property
    def deadline(self) -> date | None:
        """The day that counts for 逾期: 延期至, else 整改期限; None if neither is a day."""
        return self.extended_to or self.due_on

    @property
    def closed_day(self) -> date | None:
        """销号日期 of a closed problem, or by default 完成日期 for 立行立改; None for an open one."""
        return (self.closed_on or self.done_on) if self._closed else None

    def predates(self, day: date) -> bool:
        """Found before that day."""
        return self.found_on < day

    def open_on(self, day: date) -> bool:
        """Found by the end of that day and not closed by then."""
        return self.found_on <= day and (self.closed_day is None or self.closed_day > day)

    def new_in(self, month: MonthView) -> bool:
        """Found in the month; or found earlier, but missing from last month's workbooks if those are there."""
        before = month.carried
        unknown = before is not None and not before.knows(Problem, self.id)
        return self.found_on in month.period or (unknown and self.open_on(month.period.eve))

    def overdue_on(self, day: date) -> bool:
        """Open, with a deadline before that day, and not reported done (已完成待核查 waits for the office)."""
        waits = self.state in (ProblemState.AWAITING_CHECK, ProblemState.CLOSED)
        return not waits and self.deadline is not None and self.deadline < day

    def _inspected(self, month: MonthView) -> str | None:
        """The school in the record, of this month or the one before; None if no such record is known."""
        months = (month, month.previous) if self.record else ()
        records = (each.find(Record, self.record) for each in months if each)
        return next((str(record.school) for record in records if record), None)

    @property
    def _at_once(self) -> bool:
        return self.rectification is RectificationKind.AT_ONCE

    @property
    def _closed(self) -> bool:
        return self.state is ProblemState.CLOSED


def _is_of_the_zone(row: Row, name: str, month: MonthView) -> bool:
    """Whether the school is in the zone of the row's workbook; true for 县本级 and for unknown schools."""
    school = month.find(School, name)
    town = month.find(Town, school.town) if school else None
    return month.zone(row) in (COUNTY_LEVEL, "") or town is None or town.zone == month.zone(row)


def _zone_number(row: Row, month: MonthView, otherwise: str) -> str:
    """ZZ in the keys of the row's workbook: 00 for 县本级; `otherwise` if the zone is unknown."""
    if month.zone(row) == COUNTY_LEVEL:
        return "00"
    zone = month.find(Zone, month.zone(row))
    return zone.number.removeprefix("Z") if zone else otherwise


ZONE_REPORT = Form("责任区月报", "1", (ZoneReport, Record, Problem), "每个责任区每月填报一份，督导室另填一份县本级。")
