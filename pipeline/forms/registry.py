"""名录: the county's office, towns, zones, schools and people; changes rarely and serves every month."""

from __future__ import annotations

import re
from datetime import date

from pipeline.forms.cells import DayFrom, DayUntil, Integer, PersonName, Ref, Text, YearMonth, YesNo, plain
from pipeline.forms.codes import (
    COMPULSORY,
    NEVER_SCHOOLS,
    SUPERVISED_BY_NAME,
    Affiliation,
    Area,
    FormerPost,
    InspectorKind,
    Ownership,
    Post,
    SchoolKind,
    SchoolStatus,
    Sex,
)
from pipeline.forms.faults.fault import 提示, 请核实
from pipeline.forms.list_cells import Refs, Texts
from pipeline.forms.month import MonthView
from pipeline.forms.needs import FILLED, need, when
from pipeline.forms.rules import rule
from pipeline.forms.schema import Form, Row, column
from pipeline.forms.wordings import MOBILE, duty_of, has_lost_its_zero

LOST_ZERO = "{联系电话} 像是丢了区号开头的 0，请核实；请把单元格设为文本格式，再重新填写"
"""A spreadsheet drops the leading 0 of 06005550000 in a cell of General format."""
LARGEST_CLASS = 55
MOST_SCHOOLS = 8
"""The most schools for one inspector (中小学校责任督学挂牌督导办法: about five)."""
_KINDS_BY_NAME = {
    "幼儿园": SchoolKind.KINDERGARTEN,
    "进修学校": SchoolKind.OTHER,
    "少年宫": SchoolKind.OTHER,
    "特殊教育": SchoolKind.SPECIAL,
    "教学点": SchoolKind.TEACHING_POINT,
}
_FULL_TIME = when(kind=InspectorKind.FULL_TIME)
LONGEST_TERM = 3
"""The term of a part-time inspector in years (督学管理暂行办法)."""


class County(Row, title="基础信息", single=True, about="本县（区）督导机构的基本情况，全县只填一份。"):
    """The supervision office itself: the source of letterheads and signatures."""

    county: Text = column("县区名称", example="东岭县", note="填写全称，不要写 xx、某县")
    office: Text = column("机构全称", example="东岭县人民政府教育督导室")
    office_short: Text = column("机构简称", example="县政府教育督导室", note="文中第二次提到本机构时使用")
    bureau: Text = column("主管局名", example="东岭县教育体育局")
    code: Text = column("发文机关代字", example="东政教督", note="文号中〔年份〕前的几个字")
    superior: Text | None = column("上级督导机构", example="江北市人民政府教育督导室")
    signed_as: Text | None = column("落款单位", note="不填则用机构全称")
    contact: PersonName = column("联系人", example="张三")
    telephone: Text = column("联系电话", example="0600-5550000", note="填写办公室座机，会印在文件上")
    mail: Text | None = column("邮箱")
    report_day: Integer | None = column(
        "数据报送截止日", minimum=1, maximum=31, example="5", note="责任区在次月几日前报送上月数据，填 1 至 31"
    )
    duties: Texts = column(
        "问题责任单位",
        late=True,
        example="经费保障：东岭县财政局；师资编制：东岭县教育体育局",
        note="哪一类问题不由学校而由哪个单位整改，写作 问题类别：责任单位；台账中没有填责任单位的，据此补填",
    )

    @rule(
        "JX-09",
        "{有误之处} 不是 问题类别：责任单位 的写法，或没有这一问题类别，请照样写：经费保障：东岭县财政局",
        at=duties,
    )
    def duties_are_of_kinds(self) -> tuple[str, ...]:
        return tuple(duty for duty in self.duties if not all(duty_of(duty)))

    def responsible(self, kind: str) -> str:
        """The unit that puts a kind of problem right wherever it is found; "" if the school does."""
        return next((unit for of, unit in map(duty_of, self.duties) if of == kind), "")

    @rule("JX-01", "{县区名称} 像是没有改掉的占位字，请填写本县（区）的真实全称", at=county)
    def is_a_real_name(self) -> bool:
        return not re.search(r"[xX×]{2}|某", self.county)

    @rule("JX-03", "{机构全称} 中没有“督导”二字，请核对是否写全，如 东岭县人民政府教育督导室", at=office, severity=提示)
    def office_is_named_in_full(self) -> bool:
        return "督导" in self.office

    @rule(
        "JX-04",
        "机构简称 {机构简称} 不比机构全称短，请核对；文中第二次提到本机构时用简称",
        at=office_short,
        severity=请核实,
    )
    def short_name_is_shorter(self) -> bool:
        return len(self.office_short) < len(self.office)

    @rule("JX-05", "{主管局名} 像是没有写全，请写全称，如 东岭县教育体育局", at=bureau, severity=提示)
    def bureau_is_named_in_full(self) -> bool:
        return self.bureau.endswith(("局", "委", "委员会", "部", "厅"))

    @rule("JX-06", "{发文机关代字} 应只写文号中年份前的汉字，不带年份、括号和序号，如 东政教督", at=code)
    def code_is_the_code_alone(self) -> bool:
        return bool(re.fullmatch(r"[\u4e00-\u9fff]{2,12}", self.code))

    @rule(
        "JX-07",
        "落款单位 {落款单位} 既不是机构全称也不是主管局名，请核对；不填则用机构全称",
        at=signed_as,
        severity=提示,
    )
    def signed_by_a_known_authority(self) -> bool:
        return self.signed_as in (None, self.office, self.bureau)

    @rule("JX-02", "{联系电话} 是手机号码，文件上宜印办公室座机", at=telephone, severity=提示)
    def telephone_is_a_landline(self) -> bool:
        return not MOBILE.search(re.sub("[-\u2010-\u2015\u2212]", "", plain(self.telephone)))

    @rule("JX-08", LOST_ZERO, at=telephone, severity=请核实)
    def telephone_has_its_zero(self) -> bool:
        return not has_lost_its_zero(self.telephone)


class Town(Row, title="乡镇街道", about="全县每个乡镇、街道一行。"):
    """A town or street, in one zone."""

    name: Text = column("乡镇名称", key=True, example="望溪镇")
    zone: Ref[Zone] = column("责任区", example="望溪责任区", note="所属督学责任区，只填一个")

    @rule(
        "XZ-01",
        "{责任区} 到本月最后一天已停用或尚未启用，请改填现在所属的责任区，或核对该责任区的启用、停用日期",
        at=zone,
    )
    def zone_is_in_operation(self, month: MonthView) -> bool:
        return works_at_the_end(self.zone, month)


class Zone(Row, title="督学责任区", named_by=("name",), about="每个督学责任区一行；撤销的责任区保留，填停用日期。"):
    """A zone of supervision (督学责任区), one of about ten in a county."""

    number: Text = column(
        "责任区编号", key=True, pattern=r"^Z(?!00)[0-9]{2}$", example="Z01", note="Z01、Z02……，Z00 留给县本级"
    )
    name: Text = column("责任区名称", unique=True, example="望溪责任区")
    head: Ref[Inspector] | None = column("主任", example="李四", note="本责任区的督学")
    place: Text | None = column("办公地点", example="望溪镇中心小学")
    started: DayFrom = column("启用日期", example="2020-09-01", note="据此与停用日期计算任一天的责任区数")
    ended: DayUntil | None = column("停用日期")

    @rule("ZR-01", "停用日期 {停用日期} 早于启用日期 {启用日期}，请核对两个日期", at=ended)
    def ends_after_start(self) -> bool:
        return self.ended is None or self.ended >= self.started

    @rule("ZR-02", "主任 {主任} 在督学名册中不属于本责任区，请核对两处", at=head)
    def head_is_of_the_zone(self, month: MonthView) -> bool:
        head = month.find(Inspector, self.head)
        return head is None or head.zone == self.name

    @rule("ZR-03", "主任 {主任} 不是专职督学，请核对；属实则不必改", at=head, severity=提示)
    def head_is_full_time(self, month: MonthView) -> bool:
        head = month.find(Inspector, self.head)
        return head is None or head.kind is InspectorKind.FULL_TIME

    @rule("ZR-04", "启用日期 {启用日期} 在本月之后，本月不计入责任区数；请核对日期", at=started, severity=提示)
    def started_by_the_end_of_the_month(self, month: MonthView) -> bool:
        return self.started <= month.period.last_day

    def works_on(self, day: date) -> bool:
        """Whether the zone is in operation on that day; first and last day count."""
        return self.started <= day and (self.ended is None or day <= self.ended)


def works_at_the_end(zone: str, month: MonthView) -> bool:
    """Whether a zone is in operation on the month's last day; True for an unknown name, a fault of its own."""
    found = month.find(Zone, zone)
    return found is None or found.works_on(month.period.last_day)


class School(
    Row,
    title="学校名录",
    named_by=("name", "short_name", "aliases"),
    in_view=2,
    about="全县每所学校、幼儿园和培训机构一行；停办、撤并的保留并改状态。",
):
    """A school, kindergarten or institution."""

    code: Text = column("学校编码", key=True, example="3600000001", note="全县不重复，有教育部十位标识码的填标识码")
    name: Text = column("学校全称", unique=True, example="东岭县望溪镇中心小学", note="与公章一致")
    short_name: Text = column("规范简称", unique=True, example="望溪中心小学")
    aliases: Texts = column("别名", example="望溪小学；望溪中心校", note="各方习惯写法，供识别用，不得与他校同名")
    town: Ref[Town] = column("乡镇街道", example="望溪镇")
    kind: SchoolKind = column(
        "学校类别", example="小学", note="校外培训机构、托管机构、其他（少年宫、进修学校）不计入学校数"
    )
    ownership: Ownership = column("办学性质", example="公办")
    affiliation: Affiliation = column("隶属", example="乡镇街道")
    area: Area | None = column("地域", example="镇区")
    boarding: YesNo | None = column("寄宿制", example="否")
    pupils: Integer | None = column("在校生数", minimum=0, example="860")
    classes: Integer | None = column("班级数", minimum=0, example="20")
    staff: Integer | None = column("教职工数", minimum=0, example="60")
    teachers: Integer | None = column("专任教师数", minimum=0, example="55")
    head: Text | None = column("校长", example="王五")
    liaison: Text | None = column("联络员")
    telephone: Text | None = column("联系电话", example="0600-5550001")
    inspector: Ref[Inspector] | None = column(
        "责任督学",
        required_if=need(
            "XX-05",
            "正常办学的中小学应有责任督学，请补填或说明",
            when(status=SchoolStatus.OPEN, kind=SUPERVISED_BY_NAME),
            severity=提示,
        ),
        example="李四",
        note="挂牌督学",
    )
    base: Ref[School] | None = column(
        "基地学校",
        by=("name",),
        required_if=need("XX-01", "教学点应填写基地学校，请补上所属中心校的全称", when(kind=SchoolKind.TEACHING_POINT)),
        note="所属中心校全称",
    )
    status: SchoolStatus = column("状态", example="正常")
    started: DayFrom | None = column("启用日期")
    ended: DayUntil | None = column("停用日期")

    @rule("XX-02", "专任教师数 {专任教师数} 多于教职工数 {教职工数}，请核对两个数字", at=teachers)
    def teachers_are_staff(self) -> bool:
        return self.teachers is None or self.staff is None or self.teachers <= self.staff

    @rule("XX-03", "停用日期 {停用日期} 早于启用日期 {启用日期}，请核对两个日期", at=ended)
    def ends_after_start(self) -> bool:
        return self.ended is None or self.started is None or self.ended >= self.started

    @rule(
        "XX-04",
        "在校生 {在校生数} 人、{班级数} 个班，平均班额超过 55 人，请核对；属实则不必改",
        at=pupils,
        severity=提示,
    )
    def classes_are_not_too_large(self) -> bool:
        if self.kind not in COMPULSORY or not self.pupils or not self.classes:
            return True
        return self.pupils <= self.classes * LARGEST_CLASS

    @rule("XX-06", "{学校编码} 不是 10 位；有教育部学校标识码的请填 10 位标识码", at=code, severity=提示)
    def code_has_ten_digits(self) -> bool:
        return not self.code.isdecimal() or len(self.code) == 10

    @rule(
        "XX-07",
        "学校全称 {学校全称} 比规范简称 {规范简称} 还短，请核对是否填反；全称应与公章一致",
        at=name,
        severity=请核实,
    )
    def full_name_is_longer(self) -> bool:
        return len(self.name) >= len(self.short_name)

    @rule("XX-09", "从名称看，学校类别 {学校类别} 可能不对，请核对；少年宫、进修学校填“其他”", at=kind, severity=请核实)
    def kind_fits_the_name(self) -> bool:
        kinds = [kind for word, kind in _KINDS_BY_NAME.items() if word in self.name]
        return not kinds or self.kind in kinds

    @rule("XX-10", "{责任督学} 联系的学校超过 8 所，请核对；属实则不必改", at=inspector, severity=提示)
    def inspector_has_not_too_many_schools(self, month: MonthView) -> bool:
        return self.inspector is None or len(month.where(School, "inspector", self.inspector)) <= MOST_SCHOOLS

    @rule("XX-11", LOST_ZERO, at=telephone, severity=请核实)
    def telephone_has_its_zero(self) -> bool:
        return not has_lost_its_zero(self.telephone)

    @property
    def counts(self) -> bool:
        """Whether this row counts as a school."""
        return self.status is SchoolStatus.OPEN and self.kind not in NEVER_SCHOOLS


class Inspector(
    Row,
    title="督学名册",
    named_by=("name",),
    in_view=2,
    about="督导室工作人员和专职、兼职、特约督学，每人一行；离任的保留并填离任日期。",
):
    """An inspector, or a member of the office's staff."""

    number: Text = column("督学编号", key=True, example="DX001")
    name: PersonName = column("姓名", unique=True, example="李四", note="同名者在名后加注，如 李四（大）")
    sex: Sex | None = column("性别", example="男")
    born: YearMonth | None = column(
        "出生年月",
        required_if=need("DX-01", "专职督学应填写出生年月，平均年龄由此计算，请补填（如 1978-05）", _FULL_TIME),
        example="1978-05",
        note="平均年龄由此计算，不必另填",
    )
    kind: InspectorKind = column("督学类型", example="专职")
    post: Post = column("职务", example="督学")
    zone: Ref[Zone] | None = column(
        "责任区",
        required_if=need(
            "DX-02",
            "责任督学和责任区主任应填写所在责任区，请补填",
            when(supervises=True),
            when(post=Post.ZONE_HEAD),
        ),
        example="望溪责任区",
        note="督导室工作人员不填。专职督学人数只计填有责任区的专职",
    )
    supervises: YesNo = column("是否责任督学", example="是")
    joined: DayFrom | None = column(
        "到岗日期",
        required_if=need("DX-03", "专职督学应填写到岗日期，请补填（如 2021-09-01）", _FULL_TIME),
        example="2021-09-01",
    )
    left: DayFrom | None = column("离任日期", note="离任者保留本行，填写离任日期")
    appointed: DayFrom | None = column(
        "聘任起始",
        required_if=need(
            "DX-04", "兼职督学应填写聘任起始日期，请补填（如 2021-09-01）", when(kind=InspectorKind.PART_TIME)
        ),
    )
    appointed_until: DayFrom | None = column("聘任截止", note="每届不超过 3 年")
    term: Integer | None = column("届次", minimum=1, maximum=3)
    certificate: Text | None = column("督学证号", unique=True)
    former_post: FormerPost | None = column(
        "原任职务类别",
        required_if=need(
            "DX-07",
            "专职督学未填原任职务类别，总结中的来源人数会对不上总数，请补填",
            when(kind=InspectorKind.FULL_TIME, zone=FILLED),
            severity=提示,
        ),
        example="中心校正副职",
    )
    avoids: Refs[School] = column("回避学校", by=("name",), note="不得安排其检查的学校，填全称")
    telephone: Text | None = column("联系电话")

    @rule("DX-05", "聘期从 {聘任起始} 到 {聘任截止}，应在起始之后且不超过 3 年，请核对两个日期", at=appointed_until)
    def term_is_at_most_three_years(self) -> bool:
        if self.appointed is None or self.appointed_until is None:
            return True
        latest = (self.appointed.year + LONGEST_TERM, self.appointed.month, self.appointed.day)
        until = self.appointed_until
        return self.appointed <= until and (until.year, until.month, until.day) <= latest

    @rule("DX-06", "离任日期 {离任日期} 早于到岗或聘任日期，请核对", at=left)
    def leaves_after_joining(self) -> bool:
        return self.left is None or self.first_day is None or self.left >= self.first_day

    @rule("DX-09", "{职务} 是督导室工作人员，责任区应留空（否则会计入专职督学人数），请核对职务和责任区", at=zone)
    def staff_of_the_office_have_no_zone(self) -> bool:
        return self.zone is None or self.post not in (Post.OFFICE_HEAD, Post.OFFICE_DEPUTY, Post.STAFF)

    @rule(
        "DX-08", "{姓名} 同时是其回避学校的责任督学，请核对回避学校或学校名录中的责任督学", at=avoids, severity=请核实
    )
    def does_not_supervise_where_avoiding(self, month: MonthView) -> bool:
        schools = (month.find(School, name) for name in self.avoids)
        return not any(school is not None and school.inspector == self.name for school in schools)

    @rule("DX-10", LOST_ZERO, at=telephone, severity=请核实)
    def telephone_has_its_zero(self) -> bool:
        return not has_lost_its_zero(self.telephone)

    @property
    def first_day(self) -> date | None:
        """到岗日期, else 聘任起始; None if neither is given."""
        return self.joined or self.appointed

    def serves_on(self, day: date) -> bool:
        """In service on that day: from the first day to the day before leaving, within the appointment."""
        begun = self.first_day is not None and self.first_day <= day
        over = (self.left is not None and self.left <= day) or (
            self.appointed_until is not None and self.appointed_until < day
        )
        return begun and not over


class Person(Row, title="相关人员", about="领导、来访者和参加检查、核查的科室人员，每人一行；督学名册已有的不再填。"):
    """A leader, a visitor, or a member of a department who inspects or verifies."""

    name: PersonName = column("姓名", key=True, example="赵六")
    unit: Text = column("单位", example="东岭县教育体育局")
    post: Text = column("职务", example="基础教育科科长")
    short_name: Text | None = column("简称", example="赵科长", note="同一文件中不得两人同一简称")

    @rule("RY-01", "{姓名} 在督学名册中已有，请删去这一行；同名不同人的请在名后加注，如 李四（大）", at=name)
    def is_no_inspector(self, month: MonthView) -> bool:
        return not month.knows(Inspector, self.name)

    @rule("RY-02", "简称 {简称} 有两人使用，文中会分不清，请核实并改掉其中一个", at=short_name, severity=请核实)
    def short_name_is_of_one_person(self, month: MonthView) -> bool:
        return self.short_name is None or len(month.where(Person, "short_name", self.short_name)) == 1


REGISTRY = Form("名录", "1", (County, Town, Zone, School, Inspector, Person), "全县共用的底册，有变动时更新。")
