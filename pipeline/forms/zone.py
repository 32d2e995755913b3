"""责任区月报: what each zone fills for a month: its inspection records and its problems until they are closed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.forms.cells import Codes, Day, Integer, Number, Phrase, Ref, Refs, Text, YesNo
from pipeline.forms.codes import (
    DONE_STATES,
    SOURCES_WITH_NUMBER,
    CheckResult,
    DaytimePart,
    Feedback,
    Grade,
    Gravity,
    Handling,
    Matter,
    ProblemKind,
    ProblemSource,
    ProblemState,
    RectificationKind,
)
from pipeline.forms.office import Campaign, Visit
from pipeline.forms.registry import Inspector, Person, School, Town, Zone
from pipeline.forms.schema import Form, Row, column, rule, 提示, 请核实

COUNTY_LEVEL = "县本级"
"""What the office's own workbook of this form has in place of a zone; its number in keys is 00."""

LONGEST_AT_ONCE = timedelta(days=3)
LONGEST_BY_DEADLINE = timedelta(days=90)
_EMPTY_PHRASE = re.compile(r"^.{0,8}?(有待|需要?|还需|仍需)(进一步)?(加强|提高|改进|完善)[。.]?$")


class ZoneReport(Row, title="填报信息", single=True, about="本表由哪个责任区、哪个月、谁填报，只填一份。"):
    """Whose workbook this is, and for which month."""

    zone: Ref[Zone] = column("责任区", besides=(COUNTY_LEVEL,), example="望溪责任区", note="督导室填报的填“县本级”")
    year: Integer = column("统计年份", minimum=2000, maximum=2099, example="2024", note="四位年份")
    month: Integer = column("统计月份", minimum=1, maximum=12, example="3", note="1 至 12")
    filler: Text = column("填报人", example="李四")
    checker: Text = column("审核人", example="王五")
    filled_on: Day = column("填报日期", example="2024-03-31")


class Record(Row, title="督导检查记录", about="每到一所学校检查一次填一行。"):
    """One inspection of one school."""

    id: Text = column(
        "记录号",
        key=True,
        pattern=r"^JC-[0-9]{6}-[0-9]{2}-[0-9]{3}$",
        example="JC-202403-01-001",
        note="JC-年月-责任区号-序号，县本级的责任区号为 00",
    )
    campaign: Ref[Campaign] = column("督导编号", example="DD-2024-001")
    date: Day = column("日期", example="2024-03-12")
    part: DaytimePart | None = column("时段", example="上午")
    school: Ref[School] = column("学校", example="望溪中心小学", note="学校全称、规范简称或别名")
    group: Integer | None = column("组号", minimum=1, note="分组的专项督导必填")
    inspectors: Refs[Inspector | Person] = column("督学", example="李四；赵六", note="填有组号的可不填，即全组人员")
    matters: Codes[Matter] = column("督导事项", example="校园及周边安全", note="经常性督导必填；可填序号 1 至 9")
    lessons: Integer | None = column("听课节数", minimum=0, example="2")
    papers: Integer | None = column("查阅资料份数", minimum=0, example="12")
    talks: Integer | None = column("座谈人次", minimum=0)
    questionnaires: Integer | None = column("问卷份数", minimum=0)
    score: Number | None = column("评分", minimum=0, maximum=100)
    grade: Grade | None = column("等次")
    highlights: Text | None = column("亮点", example="课后服务课程丰富，学生参与面广。")
    feedback: Feedback = column("反馈方式", example="现场口头", note="填“督导意见书”则为该校生成意见书")
    signed: YesNo | None = column("校方签名", example="是")
    problems: Integer = column(
        "发现问题数", minimum=0, example="1", note="本次新发现的问题数，与问题整改台账中本记录号的行数一致"
    )

    @rule("JC-01", "没有组号的记录应填写督学姓名，请补填", at=inspectors)
    def somebody_inspected(self) -> bool:
        return bool(self.inspectors) or self.group is not None


class Problem(Row, title="问题整改台账", about="每个问题一行，一直填到销号；上月未销号的问题本月继续填列，编号不变。"):
    """One fault found, to be put right by a unit."""

    id: Text = column(
        "问题编号",
        key=True,
        pattern=r"^WT-[0-9]{6}-[0-9]{2}-[0-9]{3}$",
        example="WT-202403-01-001",
        note="WT-年月-责任区号-序号，一个问题一个编号，终身不变",
    )
    source: ProblemSource = column("来源", example="专项督导")
    campaign: Ref[Campaign | Visit] | None = column(
        "督导编号", earlier=True, example="DD-2024-001", note="督导工作或调研视导的编号"
    )
    record: Ref[Record] | None = column("记录号", earlier=True, example="JC-202403-01-001")
    school: Ref[School] | None = column("学校", example="望溪中心小学", note="学校与乡镇街道至少填一项；一校一行")
    town: Ref[Town] | None = column("乡镇街道")
    kind: ProblemKind = column("问题类别", example="校园及周边安全")
    description: Text = column(
        "具体描述", example="教学楼二楼东侧一个灭火器压力不足。", note="写清地点和事实，4 至 200 字"
    )
    clause: Text | None = column("依据条款")
    gravity: Gravity = column("严重程度", example="一般")
    handling: Handling = column("处置方式", example="现场反馈", note="填“整改通知书”则为该单位生成整改通知书")
    found_on: Day = column("发现日期", example="2024-03-12", note="填有记录号的与记录日期一致")
    found_by: Refs[Inspector | Person] = column("发现人", example="李四")
    rectification: RectificationKind = column("整改类型", example="限期整改")
    due_on: Day | None = column("整改期限", example="2024-03-29")
    due_words: Phrase | None = column("期限说明", note="期限不是具体日期时填写，如 开学前")
    demand: Text | None = column("整改要求", example="更换灭火器并逐月点检。", note="限期整改、长期整改必填")
    measures: Text | None = column("整改措施", note="责任单位已做或将做的工作")
    unit: Text = column("责任单位", example="东岭县望溪镇中心小学", note="可以是学校以外的单位")
    person: Text | None = column("责任人", example="王五")
    notice_number: Text | None = column("通知书文号", note="以前月份通知书的文号；本月的从文件台账取")
    state: ProblemState = column("整改状态", example="整改中", note="是否逾期由系统按整改期限计算")
    done_on: Day | None = column("完成日期", note="已完成待核查及以后必填")
    evidence: Text | None = column("佐证材料", note="已销号必填")
    checked_by: Refs[Inspector | Person] = column("核查人", note="已销号必填")
    checked_on: Day | None = column("核查日期", note="已销号必填")
    check_result: CheckResult | None = column("核查结论", note="已销号应为通过")
    closed_on: Day | None = column("销号日期", note="已销号必填")
    extensions: Integer | None = column("延期次数", minimum=0)
    extension_reason: Text | None = column("延期原因")
    urgings: Integer | None = column("督办次数", minimum=0)
    revisit: Phrase | None = column("计划回访", note="日期或“12月初”一类的说法")
    check_opinion: Text | None = column("核查意见", note="核查不通过必填")
    extended_to: Day | None = column("延期至", note="延期次数大于 0 时必填")

    # Where it comes from, and what it is

    @rule("WT-01", "来源为 {来源} 的问题应填写督导编号，请补填", at=campaign)
    def comes_from_a_numbered_campaign(self) -> bool:
        return self.source not in SOURCES_WITH_NUMBER or self.campaign is not None

    @rule("WT-02", "具体描述应为 4 至 200 字，请写清地点和事实", at=description)
    def description_has_a_fair_length(self) -> bool:
        return 4 <= len(self.description) <= 200

    @rule("WT-04", "“{具体描述}”只是套话，请写清哪里、什么问题", at=description, severity=提示)
    def description_says_something(self) -> bool:
        return not _EMPTY_PHRASE.match(self.description)

    # By when it is to be put right

    @rule("WT-03", "{整改期限} 早于发现日期 {发现日期}，请核对两个日期", at=due_on)
    def due_after_found(self) -> bool:
        return self.due_on is None or self.due_on >= self.found_on

    @rule("WT-05", "整改期限和期限说明都没有填，请核实并补填一项", at=due_on, severity=请核实)
    def has_a_deadline(self) -> bool:
        return self._at_once or self.due_on is not None or self.due_words is not None

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

    @rule("WT-08", "{整改类型} 应填写整改要求，请补填", at=demand)
    def demands_something(self) -> bool:
        return self._at_once or self.demand is not None

    # What was done

    @rule("WT-09", "整改状态为 {整改状态}，应填写完成日期，请补填", at=done_on)
    def done_has_a_day(self) -> bool:
        return self.state not in DONE_STATES or self.done_on is not None

    @rule("WT-10", "完成日期 {完成日期} 早于发现日期 {发现日期}，请核对两个日期", at=done_on)
    def done_after_found(self) -> bool:
        return self.done_on is None or self.done_on >= self.found_on

    @rule("WT-11", "已销号的问题应填写佐证材料，请补填（如 整改前后照片）", at=evidence)
    def closed_with_evidence(self) -> bool:
        return not self._closed or self._at_once or self.evidence is not None

    @rule("WT-12", "立行立改的问题已销号，宜留佐证材料（如 现场照片）", at=evidence, severity=提示)
    def closed_at_once_with_evidence(self) -> bool:
        return not self._closed or not self._at_once or self.evidence is not None

    # How it was checked and closed

    @rule("WT-13", "已销号的问题应填写核查人，请补填", at=checked_by)
    def closed_by_somebody(self) -> bool:
        return not self._closed or bool(self.checked_by) or (self._at_once and bool(self.found_by))

    @rule("WT-14", "已销号的问题应填写核查日期，请补填", at=checked_on)
    def closed_after_a_check(self) -> bool:
        return not self._closed or self._at_once or self.checked_on is not None

    @rule("WT-15", "核查日期 {核查日期} 早于完成日期 {完成日期}，请核对两个日期", at=checked_on)
    def checked_after_done(self) -> bool:
        return self.checked_on is None or self.done_on is None or self.checked_on >= self.done_on

    @rule("WT-16", "已销号的问题核查结论应为“通过”，请核对整改状态和核查结论", at=check_result)
    def closed_when_passed(self) -> bool:
        passed = self.check_result is CheckResult.PASSED or (self._at_once and self.check_result is None)
        return not self._closed or passed

    @rule("WT-17", "已销号的问题应填写销号日期，请补填", at=closed_on)
    def closed_has_a_day(self) -> bool:
        return not self._closed or self._at_once or self.closed_on is not None

    @rule("WT-18", "销号日期 {销号日期} 早于核查日期 {核查日期}，请核对两个日期", at=closed_on)
    def closed_after_checked(self) -> bool:
        return self.closed_on is None or self.checked_on is None or self.closed_on >= self.checked_on

    @rule("WT-19", "核查结论为不通过，应填写核查意见，请补填", at=check_opinion)
    def failure_has_an_opinion(self) -> bool:
        return self.check_result is not CheckResult.FAILED or self.check_opinion is not None

    # How it was put off

    @rule("WT-20", "延期 {延期次数} 次，应填写延期原因，请补填", at=extension_reason)
    def extension_has_a_reason(self) -> bool:
        return not self.extensions or self.extension_reason is not None

    @rule("WT-22", "延期 {延期次数} 次，应填写延期至哪一天，请补填", at=extended_to)
    def extension_has_a_day(self) -> bool:
        return not self.extensions or self.extended_to is not None

    @rule("WT-23", "延期至 {延期至}，应晚于整改期限 {整改期限}，请核对两个日期", at=extended_to)
    def extension_is_later(self) -> bool:
        return self.extended_to is None or self.due_on is None or self.extended_to > self.due_on

    @property
    def deadline(self) -> date | None:
        """The day that counts for 逾期: 延期至, else 整改期限; None where only words or nothing are given."""
        return self.extended_to or self.due_on

    @property
    def closed_day(self) -> date | None:
        """销号日期 of a closed problem, 完成日期 by default for 立行立改; None for an open one."""
        return (self.closed_on or self.done_on) if self._closed else None

    def predates(self, day: date) -> bool:
        """Found before that day."""
        return self.found_on < day

    def open_on(self, day: date) -> bool:
        """Found by that day's end and not closed by then."""
        return self.found_on <= day and (self.closed_day is None or self.closed_day > day)

    def overdue_on(self, day: date) -> bool:
        """Open, with a deadline before that day, and not yet reported done (已完成待核查 waits for us, not for the unit)."""
        waits = self.state in (ProblemState.AWAITING_CHECK, ProblemState.CLOSED)
        return not waits and self.deadline is not None and self.deadline < day

    @property
    def _at_once(self) -> bool:
        return self.rectification is RectificationKind.AT_ONCE

    @property
    def _closed(self) -> bool:
        return self.state is ProblemState.CLOSED


ZONE_REPORT = Form("责任区月报", "1", (ZoneReport, Record, Problem), "每个责任区每月填报一份，督导室另填一份县本级。")
