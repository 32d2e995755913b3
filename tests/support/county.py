"""An invented county and one of its months, by seed: rows that obey every rule; knows only the forms of the pipeline.

Clerks write as they like, and so does this: dates as dates or as text, lists with one separator or another, schools by
full name, short name, alias or code, optional cells blank now and then. The same seed and sizes give the same rows.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY, ZONE_REPORT
from pipeline.forms.codes import Matter
from pipeline.forms.period import Period
from pipeline.forms.schema import Form
from pipeline.workbooks import blanks

Line = dict[str, str]
"""One row: label -> text; "" or no entry for a blank."""
Rows = dict[str, list[Line]]
Workbooks = dict[str, tuple[Form, Rows]]
T = TypeVar("T")

MOST = 999
"""Three digits end the number of a record or a problem: so many a month fit into one zone's workbook."""


@dataclass(frozen=True)
class Sizes:
    """How much there is of everything. Without what it depends on, a thing is not made: no record without a school."""

    zones: int = 3
    """Those in operation on the last day, at most 90; up to two that were abolished are added."""
    towns: int = 8
    schools: int = 30
    inspectors: int = 12
    people: int = 8
    campaigns: int = 3
    """Those besides the regular one, which is always there."""
    self_reports: int = 6
    meetings: int = 3
    visits: int = 3
    assessments: int = 6
    entries: int = 6
    plans: int = 4
    indicators: int = 3
    narratives: int = 4
    records: int = 15
    problems: int = 20


def county(
    seed: int,
    *,
    period: Period = Period(2024, 3),  # noqa: B008  (frozen)
    reporting: int | None = None,
    county_level: bool = True,
    **sizes: int,
) -> Workbooks:
    """The filled workbooks of a county for one month: file name -> form and rows by sheet.

    reporting: how many of the zones have sent their workbook (None: all); county_level: whether the office has sent the
    one of 县本级; sizes: see `Sizes`.
    ValueError where the numbers of a zone's records or problems would not do (999 a month).
    """
    size, hand = Sizes(**sizes), _Hand(random.Random(seed))
    register = _invented(hand, size, period)
    office = _Office(hand, size, period, register)
    sent = hand.rng.sample(register.working(), size.zones if reporting is None else min(reporting, size.zones))
    books = [_book(zone, register, office) for zone in register.zones if zone in sent]
    books += [_county_book(office)] if county_level else []
    _Filling(hand, period, register, office, books).fill(size.records, size.problems)
    return {
        f"{REGISTRY.name}.xlsx": (REGISTRY, _register_rows(hand, register)),
        f"{OFFICE_REPORT.name}.xlsx": (OFFICE_REPORT, office.rows()),
        **{f"{ZONE_REPORT.name}-{book.name}.xlsx": (ZONE_REPORT, _book_rows(hand, period, book)) for book in books},
    }


def write(workbooks: Workbooks, folder: Path) -> list[Path]:
    """Write every workbook under its name into the folder, which is made if absent; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (form, rows) in workbooks.items():
        blanks.write(form, folder / name, rows=rows)
    return [folder / name for name in workbooks]


# How clerks write ----------------------------------------------------------------------------------------------------


@dataclass
class _Hand:
    """A clerk's hand: chance, and the many ways to write the same."""

    rng: random.Random
    taken: set[str] = field(default_factory=set)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def one(self, items: Sequence[T]) -> T:
        return self.rng.choice(items)

    def some(self, items: Sequence[T], most: int) -> list[T]:
        """One to `most` of the items, in any order; [] of none."""
        return self.rng.sample(items, min(len(items), self.rng.randint(1, most)))

    def within(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randint(0, (last - first).days))

    def in_month(self, period: Period) -> date:
        return self.within(period.first_day, period.last_day)

    def maybe(self, text: str, share: float = 0.6) -> str:
        """An optional cell: the text, or a blank."""
        return text if self.chance(share) else ""

    def number(self, low: int, high: int, share: float = 0.6) -> str:
        return self.maybe(str(self.rng.randint(low, high)), share)

    def yes(self, value: bool) -> str:
        return "是" if value else "否"

    def day(self, day: date | None) -> str:
        """A real date (ISO text becomes one in the workbook) or one of the forms in which clerks type a day."""
        if day is None:
            return ""
        typed = (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y.%m.%d}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
        )
        return self.one(typed) if self.chance(0.25) else day.isoformat()

    def month(self, day: date) -> str:
        return f"{day.year}年{day.month}月" if self.chance(0.2) else f"{day:%Y-%m}"

    def texts(self, items: Sequence[str]) -> str:
        """A list of sentences: semicolons or line breaks."""
        return self.one(("；", ";", "\n", "； ")).join(items)

    def names(self, items: Sequence[str]) -> str:
        """A list of names or codes: 、 as well."""
        return self.one(("；", ";", "、", "\n")).join(items)

    def person(self, name: str) -> str:
        """A name as it is, or with the blank that makes two characters as wide as three."""
        return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and self.chance(0.3) else name

    def people(self, names: Sequence[str]) -> str:
        return self.names([self.person(name) for name in names])

    def school(self, school: _School) -> str:
        """A school by any of its names."""
        return self.one((school.name, school.name, school.short, school.code, *school.aliases))

    def zone(self, zone: _Zone | None) -> str:
        return "" if zone is None else zone.number if self.chance(0.1) else zone.name

    def place_name(self) -> str:
        """Characters in no other place name of the county: two, or three if pairs run out."""
        length = 2 if len(self.taken) < len(_PLACES) ** 2 / 3 else 3
        return self._fresh(lambda: "".join(self.rng.sample(_PLACES, length)))

    def person_name(self) -> str:
        """A name unique in the county."""
        return self._fresh(lambda: self.one(_SURNAMES) + "".join(self.rng.sample(_GIVEN, self.one((1, 2, 2)))))

    def _fresh(self, make: Callable[[], str]) -> str:
        name = make()
        while name in self.taken:
            name = make()
        self.taken.add(name)
        return name


_PLACES = "梅兰荷莲桂榕樟栗桃棠槐蒲苇芦禾麦谷湖浦潭港矶屿埠堰陂峰岗丘坡坳寨堡营驿庙塔窑"
_SURNAMES = "涂柯邹柳倪樊盛裴车路贺龚邢戚甘祝童詹骆鲍卞封岑游"
_GIVEN = "彦睿昀恺翊珩澄霁筠苒瑾璇舒棠沐亦朔骁峤泓湛煜烨懿馨婧妍菀芷蓁楠桦楷樾"


# 名录 ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Zone:
    number: str
    name: str
    started: date
    ended: date | None = None


@dataclass(frozen=True)
class _Town:
    name: str
    zone: _Zone


@dataclass(frozen=True)
class _School:
    code: str
    name: str
    short: str
    aliases: tuple[str, ...]
    town: _Town
    kind: str
    ownership: str
    affiliation: str
    status: str

    @property
    def counts(self) -> bool:
        return self.status == "正常" and self.kind not in ("校外培训机构", "托管机构", "其他")


@dataclass(frozen=True)
class _Inspector:
    number: str
    name: str
    kind: str
    post: str
    zone: _Zone | None
    joined: date | None = None
    left: date | None = None
    appointed: date | None = None
    until: date | None = None
    avoids: tuple[str, ...] = ()
    """The full names of schools."""

    @property
    def supervises(self) -> bool:
        return self.zone is not None and self.post != "主任督学"

    def serves_throughout(self, period: Period) -> bool:
        begun = self.joined or self.appointed
        stays = self.left is None and (self.until is None or self.until > period.next.last_day)
        return begun is not None and begun <= period.first_day and stays


@dataclass(frozen=True)
class _Person:
    name: str
    unit: str
    post: str


@dataclass(frozen=True)
class _Register:
    """The county: all that 名录 says, and what the other workbooks choose from."""

    period: Period
    county: str
    code: str
    zones: list[_Zone]
    towns: list[_Town]
    schools: list[_School]
    inspectors: list[_Inspector]
    people: list[_Person]

    @property
    def office(self) -> str:
        return f"{self.county}人民政府教育督导室"

    @property
    def bureau(self) -> str:
        return f"{self.county}教育体育局"

    def working(self) -> list[_Zone]:
        """The zones in operation on the last day."""
        return [zone for zone in self.zones if zone.ended is None]

    def serving(self) -> list[_Inspector]:
        return [person for person in self.inspectors if person.serves_throughout(self.period)]

    def staff(self) -> list[str]:
        """All who may inspect or verify."""
        return [person.name for person in self.serving()] + [person.name for person in self.people]

    def counted(self) -> list[_School]:
        return [school for school in self.schools if school.counts]

    def avoiders(self) -> dict[str, set[str]]:
        """Full name of a school -> those who must not inspect it."""
        found: dict[str, set[str]] = {}
        for person in self.inspectors:
            for name in person.avoids:
                found.setdefault(name, set()).add(person.name)
        return found


def _invented(hand: _Hand, sizes: Sizes, period: Period) -> _Register:
    name = f"{hand.place_name()}{hand.one(('县', '区', '市'))}"
    zones = _zones(hand, sizes.zones, period)
    working = [zone for zone in zones if zone.ended is None]
    towns = [_town(hand, zone) for zone, _ in zip(cycle(working), range(sizes.towns), strict=False)]
    schools = _schools(hand, name, towns, sizes.schools)
    inspectors = [_inspector(hand, number, zones, working, schools, period) for number in range(sizes.inspectors)]
    people = [_person(hand, name) for _ in range(sizes.people)]
    return _Register(period, name, f"{name[:1]}政教督", zones, towns, schools, inspectors, people)


def _zones(hand: _Hand, number: int, period: Period) -> list[_Zone]:
    """Those in operation, one of them perhaps new this month, and up to two abolished ones before them."""
    ended = [
        hand.within(period.first_day - timedelta(days=400), period.last_day - timedelta(days=1))
        for _ in range(hand.rng.randint(0, 2))
    ]
    started = [hand.within(date(2018, 1, 1), date(2021, 12, 31)) for _ in range(number)]
    if number > 1 and hand.chance(0.5):
        started[-1] = hand.in_month(period)
    lives = [*((date(2017, 9, 1), end) for end in ended if number), *((start, None) for start in started)]
    return [_Zone(f"Z{place:02}", f"{hand.place_name()}责任区", *life) for place, life in enumerate(lives, 1)]


def _town(hand: _Hand, zone: _Zone) -> _Town:
    return _Town(f"{hand.place_name()}{hand.one(('镇', '镇', '乡', '街道'))}", zone)


_SCHOOL_KINDS = {
    "小学": ("小学", ("村小", "完小")),
    "幼儿园": ("幼儿园", ("园", "幼儿班")),
    "初级中学": ("初级中学", ("中学", "初中")),
    "教学点": ("教学点", ("小教点",)),
    "九年一贯制": ("学校", ("九年学校",)),
    "完全中学": ("中学", ("完中",)),
    "高级中学": ("高级中学", ("高中",)),
    "十二年一贯制": ("外国语学校", ("外校",)),
    "中等职业学校": ("职业技术学校", ("职校",)),
    "特殊教育学校": ("特殊教育学校", ("特校",)),
    "专门学校": ("启明学校", ("工读学校",)),
    "校外培训机构": ("艺术培训中心", ("培训班",)),
    "托管机构": ("托管中心", ("晚托班",)),
    "其他": ("少年宫", ("青少年宫",)),
}
"""学校类别 -> the end of its name, and the ends that people use instead."""

_KINDS = ("小学",) * 9 + ("幼儿园",) * 6 + ("初级中学",) * 4 + ("教学点",) * 3 + tuple(_SCHOOL_KINDS)[4:]
_PRIVATE_KINDS = ("幼儿园", "十二年一贯制", "校外培训机构", "托管机构")


def _schools(hand: _Hand, county: str, towns: Sequence[_Town], number: int) -> list[_School]:
    """In turn in every town, first its central school; a 教学点 only in a town that already has a school."""
    made: list[_School] = []
    for place, town in zip(range(number), cycle(towns), strict=False):
        code = f"36{place + 1:08}"
        made.append(_central(hand, county, town, code) if place < len(towns) else _other(hand, county, town, code))
    return made


def _central(hand: _Hand, county: str, town: _Town, code: str) -> _School:
    base = town.name.removesuffix("街道").rstrip("镇乡")
    aliases = tuple(hand.some((f"{base}中心校", f"{base}镇小"), 2))
    return _School(
        code, f"{county}{town.name}中心小学", f"{base}中心小学", aliases, town, "小学", "公办", "乡镇街道", "正常"
    )


def _other(hand: _Hand, county: str, town: _Town, code: str) -> _School:
    kind = hand.one(_KINDS)
    base, (ending, others) = hand.place_name(), _SCHOOL_KINDS[kind]
    private = kind in _PRIVATE_KINDS and hand.chance(0.6)
    ownership = hand.one(("民办普惠", "民办非普惠")) if private else "公办"
    affiliation = (
        "民办" if private else hand.one(("县直", "乡镇街道", "乡镇街道", "省市直属" if hand.chance(0.1) else "县直"))
    )
    seat = town.name if affiliation == "乡镇街道" else ""
    aliases = tuple(f"{base}{end}" for end in others) if hand.chance(0.6) else ()
    status = "正常" if hand.chance(0.92) else hand.one(("停办", "撤并", "新建未开"))
    return _School(
        code, f"{county}{seat}{base}{ending}", f"{base}{ending}", aliases, town, kind, ownership, affiliation, status
    )


def _inspector(
    hand: _Hand,
    number: int,
    zones: Sequence[_Zone],
    working: Sequence[_Zone],
    schools: Sequence[_School],
    period: Period,
) -> _Inspector:
    """First a head for each zone, then the others; former ones stay in the roster."""
    zone = working[number] if number < len(working) else hand.one(working) if working else None
    names = tuple(school.name for school in hand.some(schools, 2)) if hand.chance(0.25) else ()
    long_ago = hand.within(date(2018, 1, 1), period.first_day - timedelta(days=1))
    part_time = hand.within(period.first_day - timedelta(days=900), period.first_day - timedelta(days=30))
    code, name = f"DX{number + 1:04}", hand.person_name()
    if number < len(working):
        return _Inspector(code, name, "专职", "责任区主任", zone, long_ago, avoids=names)
    which = hand.rng.random()
    if which < 0.35 and zone:
        arrived = hand.in_month(period) if hand.chance(0.25) else long_ago
        return _Inspector(code, name, "专职", "督学", zone, arrived, avoids=names)
    if which < 0.5 and zones:
        gone = hand.within(max(long_ago, period.first_day - timedelta(days=60)), period.last_day)
        return _Inspector(code, name, "专职", "督学", hand.one(zones), long_ago, gone)
    if which < 0.6:
        post = hand.one(("室副主任", "督导干部", "主任督学"))
        return _Inspector(code, name, "专职", post, None, hand.one((long_ago, hand.in_month(period))))
    if which < 0.67:
        over = part_time - timedelta(days=hand.rng.randint(200, 400))
        return _Inspector(code, name, "兼职", "督学", zone, appointed=over, until=part_time)
    until = date(part_time.year + 3, part_time.month, min(part_time.day, 28))
    kind = hand.one(("兼职", "兼职", "特约"))
    return _Inspector(code, name, kind, "督学", zone, appointed=part_time, until=until, avoids=names)


def _person(hand: _Hand, county: str) -> _Person:
    unit = hand.one((f"{county}教育体育局", f"{county}人民政府", f"{county}财政局", f"{county}市场监督管理局"))
    return _Person(hand.person_name(), unit, hand.one(("科长", "副科长", "副局长", "主任科员")))


def _register_rows(hand: _Hand, register: _Register) -> Rows:
    return {
        "基础信息": [_county_row(hand, register)],
        "乡镇街道": [{"乡镇名称": town.name, "责任区": hand.zone(town.zone)} for town in register.towns],
        "督学责任区": [_zone_row(hand, zone, register) for zone in register.zones],
        "学校名录": _school_rows(hand, register),
        "督学名册": [_inspector_row(hand, person) for person in register.inspectors],
        "相关人员": [_person_row(hand, person) for person in register.people],
    }


def _county_row(hand: _Hand, register: _Register) -> Line:
    return {
        "县区名称": register.county,
        "机构全称": register.office,
        "机构简称": f"{register.county[-1]}政府教育督导室",
        "主管局名": register.bureau,
        "发文机关代字": register.code,
        "上级督导机构": hand.maybe(f"{hand.place_name()}市人民政府教育督导室"),
        "落款单位": hand.maybe(register.office, 0.3),
        "联系人": hand.person_name(),
        "联系电话": f"0600-{hand.rng.randint(5000000, 5999999)}",
        "邮箱": hand.maybe("dudao@example.com", 0.3),
        "数据报送截止日": hand.number(1, 8),
    }


def _zone_row(hand: _Hand, zone: _Zone, register: _Register) -> Line:
    heads = [p.name for p in register.inspectors if p.zone is zone and p.post == "责任区主任"]
    return {
        "责任区编号": zone.number,
        "责任区名称": zone.name,
        "主任": hand.maybe(hand.person(heads[0]), 0.9) if heads else "",
        "办公地点": hand.maybe("镇中心小学二楼", 0.5),
        "启用日期": hand.day(zone.started),
        "停用日期": hand.day(zone.ended),
    }


_NAMED_INSPECTOR = ("小学", "教学点", "初级中学", "九年一贯制", "完全中学", "高级中学", "十二年一贯制")
_MOST_SCHOOLS = 8


def _school_rows(hand: _Hand, register: _Register) -> list[Line]:
    """Each school with an inspector of its zone, at most 8 schools each; a 教学点 with its central school."""
    able = [person for person in register.serving() if person.supervises]
    by_zone = {zone: [person for person in able if person.zone is zone] for zone in register.zones}
    central = {s.town: s for s in reversed(register.schools) if s.short.endswith("中心小学")}
    loads: Counter[str] = Counter()
    rows = []
    for school in register.schools:
        wanted = school.counts and (school.kind in _NAMED_INSPECTOR or hand.chance(0.3))
        inspector = _least_loaded((by_zone[school.town.zone], able), loads, school) if wanted else None
        rows.append(_school_row(hand, school, inspector, central[school.town]))
    return rows


def _least_loaded(groups: Iterable[Sequence[_Inspector]], loads: Counter[str], school: _School) -> _Inspector | None:
    """Who has the fewest schools in the first group with room; None if there is no room."""
    for group in groups:
        free = [p for p in group if loads[p.name] < _MOST_SCHOOLS and school.name not in p.avoids]
        if free:
            chosen = min(free, key=lambda p: loads[p.name])
            loads[chosen.name] += 1
            return chosen
    return None


def _school_row(hand: _Hand, school: _School, inspector: _Inspector | None, central: _School) -> Line:
    staff, classes = hand.rng.randint(8, 120), hand.rng.randint(2, 40)
    return {
        "学校编码": school.code,
        "学校全称": school.name,
        "规范简称": school.short,
        "别名": hand.texts(school.aliases),
        "乡镇街道": school.town.name,
        "学校类别": school.kind,
        "办学性质": school.ownership,
        "隶属": school.affiliation,
        "地域": hand.maybe(hand.one(("城区", "镇区", "乡村"))),
        "寄宿制": hand.maybe(hand.yes(hand.chance(0.2))),
        "在校生数": hand.number(classes * 5, classes * 50),
        "班级数": hand.maybe(str(classes)),
        "教职工数": hand.maybe(str(staff)),
        "专任教师数": hand.number(staff // 2, staff),
        "校长": hand.maybe(hand.one(_SURNAMES) + "校长"),
        "联络员": "",
        "联系电话": hand.maybe("0600-5550001", 0.2),
        "责任督学": hand.person(inspector.name) if inspector else "",
        "基地学校": central.name if school.kind == "教学点" else "",
        "状态": school.status,
        "启用日期": hand.maybe("1998-09-01", 0.3),
        "停用日期": hand.day(date(2022, 8, 31)) if school.status in ("停办", "撤并") else "",
    }


_FORMER_POSTS = ("中心校正副职", "县直校正副职", "财务人员", "原责任区主任", "原专职督学", "初中校长", "教研员", "其他")


def _inspector_row(hand: _Hand, person: _Inspector) -> Line:
    full_time = person.kind == "专职"
    born = hand.within(date(1964, 1, 1), date(1995, 12, 1))
    return {
        "督学编号": person.number,
        "姓名": person.name,
        "性别": hand.maybe(hand.one(("男", "女"))),
        "出生年月": hand.month(born) if full_time else hand.maybe(hand.month(born)),
        "督学类型": person.kind,
        "职务": person.post,
        "责任区": hand.zone(person.zone),
        "是否责任督学": hand.yes(person.supervises),
        "到岗日期": hand.day(person.joined),
        "离任日期": hand.day(person.left),
        "聘任起始": hand.day(person.appointed),
        "聘任截止": hand.day(person.until),
        "届次": hand.number(1, 3) if person.appointed else "",
        "督学证号": hand.maybe(f"ZH{person.number}", 0.5),
        "原任职务类别": hand.maybe(hand.one(_FORMER_POSTS), 0.8) if full_time else "",
        "回避学校": hand.names(person.avoids),
        "联系电话": "",
    }


def _person_row(hand: _Hand, person: _Person) -> Line:
    # With the full name, since two people of one surname may hold one post.
    return {
        "姓名": person.name,
        "单位": person.unit,
        "职务": person.post,
        "简称": hand.maybe(f"{person.name}{person.post}", 0.3),
    }


# 督导室月报 ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    number: int
    people: tuple[str, ...]
    object_kind: str
    objects: tuple[str, ...]
    schools: tuple[_School, ...]
    """Those it may inspect: among its objects, and avoided by none of its people."""


@dataclass(frozen=True)
class _Campaign:
    number: str
    name: str
    kind: str
    theme: str
    starts: date
    ends: date
    state: str
    groups: tuple[_Group, ...] = ()


@dataclass(frozen=True)
class _Visit:
    number: str
    direction: str
    name: str
    unit: str
    on: date
    schools: tuple[_School, ...]
    """Those of the place visited."""


@dataclass(frozen=True)
class _Meeting:
    number: str
    kind: str
    name: str
    on: date
    campaign: _Campaign | None


_THEMES = ("双减", "校园安全", "食品安全", "招生收费", "师德师风", "控辍保学", "五项管理", "卫生防疫", "其他")
_CONTENTS = ("制度建设和责任落实", "日常管理和台账资料", "人员配备和培训", "设施设备和经费保障", "上次督导问题整改")
_METHODS = ("随机听课", "查阅资料", "列席会议", "座谈走访", "问卷调查", "校园巡视", "现场巡查", "走访家长", "听取汇报")
_DEPARTMENTS = ("普通教育科", "综治办公室", "成职幼教科", "监察审计科", "宣教科")
_LEAST_GROUP = 3


class _Office:
    """The office's sheets, and what zones refer to: campaigns with groups, and visits."""

    def __init__(self, hand: _Hand, sizes: Sizes, period: Period, register: _Register) -> None:
        self.hand, self.sizes, self.period, self.register = hand, sizes, period, register
        self.made_on = hand.within(period.last_day - timedelta(days=1), period.last_day + timedelta(days=5))
        self.first_campaign = hand.rng.randint(3, 30)
        self.first_document = hand.rng.randint(2, 40)
        self.avoiders = register.avoiders()
        self.regular = self._regular()
        self.special = tuple(self._special(place) for place in range(1, sizes.campaigns + 1))
        self.visits = tuple(self._visit(place) for place in range(sizes.visits))
        self.meetings = tuple(self._meeting(place) for place in range(sizes.meetings))

    def rows(self) -> Rows:
        """All sheets."""
        campaigns = (self.regular, *self.special)
        entries = self._entry_rows()
        known = {entry["文号"] for entry in entries}
        return {
            "报告信息": [self._report_row()],
            "督导工作": [self._campaign_row(campaign, known) for campaign in campaigns],
            "检查组分组": [self._group_row(campaign, group) for campaign in campaigns for group in campaign.groups],
            "自查报告报送": self._self_report_rows(),
            "会议培训": [self._meeting_row(meeting) for meeting in self.meetings],
            "议程": [row for number in self._activities() for row in self._agenda_rows(number)],
            "调研视导": [self._visit_row(visit) for visit in self.visits],
            "到访与意见": [row for visit in self.visits for row in self._note_rows(visit)],
            "评估结果": self._assessment_rows(),
            "文件台账": entries,
            "下月计划": [self._plan_row(place) for place in range(1, self.sizes.plans + 1)],
            "指标填报": [self._indicator_row(place) for place in range(self.sizes.indicators)],
            "叙述补充": self._narrative_rows(),
        }

    def _report_row(self) -> Line:
        hand = self.hand
        drafter, checker, signer = (hand.person_name() for _ in range(3))
        return {
            "统计年份": str(self.period.year),
            "统计月份": str(self.period.month),
            "制表日期": hand.day(self.made_on),
            "拟稿人": drafter,
            "审核人": checker,
            "签发人": signer,
            "主送机关": hand.maybe(f"{self.register.county}人民政府"),
            "导语": hand.maybe("本月，全县教育督导工作围绕中心、突出重点，有序推进。"),
        }

    # Campaigns

    def _regular(self) -> _Campaign:
        """The row that zones refer to: of the month, or of the whole term."""
        starts = self.hand.one((self.period.first_day, self.period.first_day - timedelta(days=40)))
        return _Campaign(
            self._campaign_number(0), "责任督学经常性督导", "经常性督导", "其他", starts, self.period.last_day, "实施"
        )

    def _campaign_number(self, place: int) -> str:
        return f"DD-{self.period.year}-{self.first_campaign + place:03}"

    def _special(self, place: int) -> _Campaign:
        hand, period = self.hand, self.period
        kind = hand.one(("专项督导", "专项督导", "综合督导", "督导评估", "回头看"))
        theme = hand.one(_THEMES)
        name = f"{hand.one(('春季', '秋季', '年度', '学期'))}{theme.replace('其他', '办学行为')}{kind.removesuffix('督导')}督导"
        preparing = place == 1 and hand.chance(0.6)
        if preparing:
            starts = hand.in_month(period.next)
            groups = self._groups(hand.one(("学校", "乡镇街道", "责任区", "县市区")))
        else:
            starts = hand.within(period.first_day - timedelta(days=10), period.last_day - timedelta(days=5))
            groups = self._groups(hand.one(("学校", "学校", "乡镇街道", "责任区"))) if hand.chance(0.7) else ()
        ends = max(starts + timedelta(days=hand.rng.randint(2, 12)), period.first_day)
        state = "筹备" if preparing else hand.one(("实施", "反馈", "整改", "办结"))
        return _Campaign(self._campaign_number(place), name, kind, theme, starts, ends, state, groups)

    def _groups(self, kind: str) -> tuple[_Group, ...]:
        """Two to four groups of at least three, without overlaps; () if people or objects are too few."""
        people = self.hand.rng.sample(self.register.staff(), len(self.register.staff()))
        objects = self._objects(kind)
        number = min(self.hand.rng.randint(2, 4), len(people) // _LEAST_GROUP, len(objects))
        size = min(self.hand.rng.randint(3, 6), len(people) // number) if number else 0
        return tuple(
            self._group(place + 1, tuple(people[place * size : (place + 1) * size]), kind, objects[place::number])
            for place in range(number)
        )

    def _objects(self, kind: str) -> list[str]:
        """The names of what may be inspected, in any order: at most 24 schools."""
        named = {
            "学校": [school.name for school in self.hand.some(self.register.counted(), 24)],
            "乡镇街道": [town.name for town in self.register.towns],
            "责任区": [zone.name for zone in self.register.working()],
            "县市区": ["全县", "经济开发区"],
        }[kind]
        return self.hand.rng.sample(named, len(named))

    def _group(self, number: int, people: tuple[str, ...], kind: str, objects: list[str]) -> _Group:
        if kind == "学校":  # a school that a member must avoid is not an object, unless nothing else is left
            free = [name for name in objects if self.avoiders.get(name, set()).isdisjoint(people)]
            objects = free or objects
        wanted = set(objects)
        schools = tuple(
            school
            for school in self.register.counted()
            if wanted & {school.name, school.town.name, school.town.zone.name}
            and self.avoiders.get(school.name, set()).isdisjoint(people)
        )
        return _Group(number, people, kind, tuple(objects), schools)

    def _campaign_row(self, campaign: _Campaign, known: set[str]) -> Line:
        hand = self.hand
        basis = self._basis(campaign)
        told = f"《关于开展{campaign.name}的通知》" + (f"（{basis}）" if basis in known else "")
        conclusion = "督导情况总体平稳，各校重视程度有所提高，个别环节还要抓实。"
        self_reports_due = campaign.starts - timedelta(days=hand.rng.randint(0, 5))
        return {
            "督导编号": campaign.number,
            "督导名称": campaign.name,
            "督导类型": campaign.kind,
            "督导主题": campaign.theme,
            "依据文件": hand.texts((told, "《教育督导条例》")) if hand.chance(0.7) else hand.maybe(told),
            "牵头科室": "督导室",
            "联合科室": hand.maybe(hand.names(hand.some(_DEPARTMENTS, 3))),
            "起始日期": hand.day(campaign.starts),
            "截止日期": hand.day(campaign.ends),
            "督导内容": hand.texts(hand.some(_CONTENTS, 4)),
            "督导方式": hand.names(hand.some(_METHODS, 4)),
            "工作要求": hand.maybe(hand.texts(("各单位先行自查", "督导组按时到校", "结果按时汇总"))),
            "覆盖范围": hand.one(("全县各级各类学校", "全县义务教育学校", "全县幼儿园。")),
            "应检学校数": self._schools_due(campaign),
            "自查报告截止日期": hand.day(self_reports_due) if campaign is not self.regular else "",
            "总体结论": hand.maybe(conclusion) if campaign.state in ("反馈", "整改", "办结") else "",
            "状态": campaign.state,
            "目的": hand.maybe("为切实规范办学行为"),
            "附件": hand.maybe(hand.texts(("自查报告提纲", "数据汇总表")), 0.3),
        }

    def _schools_due(self, campaign: _Campaign) -> str:
        """As many as the groups have schools; no more than there are in their towns and zones; else any number."""
        kinds = {group.object_kind for group in campaign.groups}
        if kinds == {"学校"}:
            return self.hand.maybe(str(sum(len(group.objects) for group in campaign.groups)))
        return self.hand.number(0, sum(len(group.schools) for group in campaign.groups)) if kinds else ""

    def _basis(self, campaign: _Campaign) -> str:
        """The number of the incoming document that a campaign rests on."""
        return f"{self.register.county[:1]}教体发〔{self.period.year}〕{50 + int(campaign.number[-3:])}号"

    def _group_row(self, campaign: _Campaign, group: _Group) -> Line:
        hand = self.hand
        head, *others = group.people
        deputy = others.pop() if hand.chance(0.5) else ""
        starts = hand.within(campaign.starts, campaign.ends)
        return {
            "督导编号": campaign.number,
            "组号": str(group.number),
            "组长": head,
            "副组长": deputy,
            "成员": hand.names(others),
            "联络员": hand.maybe(hand.one(_SURNAMES) + "老师", 0.3),
            "对象类型": group.object_kind,
            "负责对象": hand.names(group.objects),
            "起始日期": hand.maybe(hand.day(starts), 0.4),
            "截止日期": hand.maybe(hand.day(campaign.ends), 0.4),
        }

    def _self_report_rows(self) -> list[Line]:
        """Shared out among the campaigns, a unit once in each."""
        units = [school.name for school in self.register.counted()] + [zone.name for zone in self.register.working()]
        units += [town.name for town in self.register.towns]
        share = -(-self.sizes.self_reports // len(self.special)) if self.special else 0
        wanted = [
            (campaign, unit)
            for campaign in self.special
            for unit in self.hand.rng.sample(units, min(share, len(units)))
        ]
        return [self._self_report_row(campaign, unit) for campaign, unit in wanted[: self.sizes.self_reports]]

    def _self_report_row(self, campaign: _Campaign, unit: str) -> Line:
        hand = self.hand
        due = campaign.starts - timedelta(days=hand.rng.randint(0, 5))
        received = due + timedelta(days=hand.rng.randint(-4, 4))
        came = received <= self.made_on and hand.chance(0.8)
        problems = hand.rng.randint(0, 6)
        return {
            "督导编号": campaign.number,
            "报送单位": unit,
            "应报日期": hand.maybe(hand.day(due), 0.3),
            "实报日期": hand.day(received) if came else "",
            "自查问题数": str(problems) if came else "",
            "自改数": hand.number(0, problems) if came else "",
            "催报次数": "" if came else hand.number(1, 3),
            "说明": hand.maybe("已电话催报", 0.3),
        }

    # Meetings and visits

    def _meeting(self, place: int) -> _Meeting:
        """The second one is in the future, so that it gets a notice; some belong to a campaign."""
        hand, period = self.hand, self.period
        within = period.next if place == 1 else period
        kind = hand.one(("工作会", "部署会", "座谈会", "培训", "例会", "反馈会"))
        campaign = hand.one(self.special) if self.special and hand.chance(0.4) else None
        name = f"教育督导{hand.one(('工作', '业务', '专题'))}{kind}"
        return _Meeting(f"HY-{period.year}-{10 + place:02}", kind, name, hand.in_month(within), campaign)

    def _meeting_row(self, meeting: _Meeting) -> Line:
        hand = self.hand
        ahead = meeting.on > self.made_on
        announced = ahead or hand.chance(0.3)
        counts = [hand.rng.randint(3, 40) for _ in range(hand.rng.randint(1, 3))]
        colon, people = hand.one((":", "：")), ("全县专职督学", "县直学校督导工作负责人", "民办学校负责人")
        entries = [f"{who}{colon}{count}" for who, count in zip(people, counts, strict=False)]
        plain = hand.chance(0.3)
        return {
            "活动编号": meeting.number,
            "类别": meeting.kind,
            "名称": meeting.name,
            "日期": hand.day(meeting.on),
            "时段": hand.maybe(hand.one(("上午", "下午", "全天"))),
            "地点": "县教师发展中心报告厅" if announced else hand.maybe("县教师发展中心报告厅"),
            "主持人": hand.maybe(hand.person_name()),
            "主持人职务": hand.maybe("督导室副主任"),
            "参会对象": hand.names(people[:2] if plain else entries),
            "参会人数": "" if ahead else hand.maybe(str(sum(counts)), 0.8),
            "关联督导": meeting.campaign.number if meeting.campaign else "",
            "印发材料": hand.maybe(hand.texts(("《督学工作手册》", "《督导文件汇编》"))),
            "成效": "" if ahead else hand.maybe("与会人员进一步明确了职责和要求。"),
            "需发通知": hand.yes(announced) if announced else hand.maybe("否"),
            "截止日期": hand.maybe(hand.day(meeting.on + timedelta(days=1)), 0.2),
            "开始时间": "09:00" if announced else hand.maybe("14:30", 0.3),
            "事由": hand.maybe("为做好下一阶段督导工作", 0.4),
            "会议要求": hand.maybe(hand.texts(("提前十分钟入场", "不得无故缺席")), 0.4),
        }

    def _activities(self) -> list[str]:
        return [meeting.number for meeting in self.meetings] + [visit.number for visit in self.visits]

    def _agenda_rows(self, activity: str) -> list[Line]:
        """The chair and some items; now and then none."""
        hand = self.hand
        if hand.chance(0.2):
            return []
        steps = ["主持"] if hand.chance(0.7) else []
        steps += hand.some(("说明", "汇报", "讲座", "部署", "通报", "解读", "交流", "指导", "讲话", "总结"), 5)
        return [
            {
                "活动编号": activity,
                "序号": str(place),
                "人员": hand.person_name() if step == "主持" else hand.maybe(hand.person_name()),
                "职务": hand.maybe("督导室副主任"),
                "环节": step,
                "要点": "" if step == "主持" else hand.maybe(hand.texts(hand.some(_CONTENTS, 3))),
            }
            for place, step in enumerate(steps, 1)
        ]

    def _visit(self, place: int) -> _Visit:
        hand, period = self.hand, self.period
        direction = hand.one(("上级来访", "外县交流", "下乡视导", "下乡视导"))
        number, on = f"DY-{period.year}-{place + 1:02}", hand.in_month(period)
        if direction == "下乡视导" and self.register.towns:
            town = hand.one(self.register.towns)
            schools = tuple(school for school in self.register.counted() if school.town is town)
            return _Visit(number, direction, f"{town.name}教育工作视导", town.name, on, schools)
        direction = "上级来访" if direction == "下乡视导" else direction
        unit = f"{hand.place_name()}{'市' if direction == '上级来访' else '县'}教育督导室"
        return _Visit(
            number, direction, f"{unit}来我县{hand.one(('调研', '交流'))}", unit, on, tuple(self.register.counted())
        )

    def _visit_row(self, visit: _Visit) -> Line:
        hand = self.hand
        return {
            "编号": visit.number,
            "方向": visit.direction,
            "名称": visit.name,
            "单位": visit.unit,
            "带队人": hand.person_name(),
            "带队人职务": hand.maybe("督导室主任"),
            "成员": hand.maybe(hand.names([f"{hand.person_name()}（督学、组长）", f"{hand.person_name()}（督学）"])),
            "日期": hand.day(visit.on),
            "陪同人员": hand.maybe(f"{hand.person_name()}（镇人大副主席）"),
            "督导内容": hand.maybe(hand.texts(hand.some(_CONTENTS, 3))),
            "评价": hand.maybe("基础工作扎实，有亮点、有特色"),
            "对方表态": hand.maybe("镇党委政府表示将逐项整改。"),
        }

    def _note_rows(self, visit: _Visit) -> list[Line]:
        hand = self.hand
        places: list[_School | None] = [
            *(hand.some(visit.schools, 4) if visit.schools else []),
            *([None] if hand.chance(0.4) else []),
        ]
        opinions = hand.some(("肯定", "肯定", "建议", "建议"), 3)
        speakers = (hand.person_name(), "")
        rows = [self._place_row(place) for place in places]
        rows += [
            {"类型": kind, "意见人": hand.one(speakers), "内容": f"{hand.one(_CONTENTS)}抓得实"} for kind in opinions
        ]
        return [{"编号": visit.number, "序号": str(place), **row} for place, row in enumerate(rows, 1)]

    def _place_row(self, school: _School | None) -> Line:
        hand = self.hand
        return {
            "类型": "到访",
            "时段": hand.maybe(hand.one(("上午", "下午"))),
            "学校": hand.school(school) if school else "",
            "地点": "" if school else "新校区建设工地",
            "内容": hand.maybe("察看运动场地和功能室", 0.4),
        }

    # The rest

    def _assessment_rows(self) -> list[Line]:
        """Two projects; a school or town once in each."""
        subjects = [school.name for school in self.register.counted()] + [town.name for town in self.register.towns]
        pairs = [(project, subject) for project in ("素质教育先进学校评估", "办园行为督导评估") for subject in subjects]
        return [
            self._assessment_row(*pair) for pair in self.hand.rng.sample(pairs, min(len(pairs), self.sizes.assessments))
        ]

    def _assessment_row(self, project: str, subject: str) -> Line:
        hand = self.hand
        outcome = hand.one(("优秀", "优秀", "良好", "合格", "基本合格", "不合格", "通过", "未通过"))
        again = hand.one(("下学期开学前", self.period.next.last_day.isoformat()))
        return {
            "评估项目": project,
            "年度": str(self.period.year),
            "对象": subject,
            "得分": hand.maybe(f"{hand.rng.randint(120, 200) / 2:g}"),
            "等次": outcome,
            "评估日期": hand.maybe(hand.day(hand.in_month(self.period))),
            "结果文号": "",
            "复评期限": again if outcome in ("基本合格", "不合格", "未通过") else "",
        }

    def _entry_rows(self) -> list[Line]:
        """First incoming documents, on which campaigns are based; then outgoing ones, numbered in order."""
        incoming = [self._incoming_row(campaign) for campaign in self.special]
        sent: list[tuple[str, str, str]] = [
            ("通知", f"关于开展{c.name}的通知", c.number) for c in self.special if c.state == "筹备"
        ]
        sent += [("通知", f"关于召开{m.name}的通知", m.number) for m in self.meetings if m.on > self.made_on]
        sent += [("通报", f"关于{c.name}情况的通报", c.number) for c in self.special if c.state == "反馈"]
        sent += [("函", f"关于商请支持教育督导工作的函（之{place}）", "") for place in "一二三四五六"]
        rows = [*incoming, *(self._outgoing_row(place, *what) for place, what in enumerate(sent))]
        return rows[: self.sizes.entries]

    def _incoming_row(self, campaign: _Campaign) -> Line:
        return {
            "文号": self._basis(campaign),
            "标题": f"关于开展{campaign.name}的通知",
            "文种": "通知",
            "方向": "来文",
            "发文机关": self.register.bureau,
            "成文日期": self.hand.maybe(self.hand.day(self.period.first_day - timedelta(days=12))),
            "关联编号": campaign.number,
        }

    def _outgoing_row(self, place: int, kind: str, title: str, about: str) -> Line:
        hand = self.hand
        return {
            "文号": f"{self.register.code}〔{self.period.year}〕{self.first_document + place}号",
            "标题": title,
            "文种": kind,
            "方向": "发文",
            "发文机关": self.register.office,
            "成文日期": hand.day(min(self.period.first_day + timedelta(days=3 * place), self.period.last_day)),
            "主送": hand.maybe(hand.names(("各乡镇中心校", "县直各学校"))),
            "抄送": hand.maybe(self.register.bureau),
            "关联编号": about,
        }

    def _plan_row(self, place: int) -> Line:
        hand, ahead = self.hand, self.period.next
        day = hand.in_month(ahead)
        return {
            "序号": str(place),
            "事项": f"开展{hand.one(_THEMES).replace('其他', '办学行为')}督导{hand.one(('', '。'))}",
            "类型": hand.maybe(hand.one(("经常性督导", "专项督导", "视导", "会议培训"))),
            "时间": hand.one(("上旬", "中旬", "下旬", day.isoformat(), f"{day.month}月{day.day}日")),
            "责任人": hand.names([hand.person_name() for _ in range(hand.rng.randint(1, 3))]),
            "协办": hand.maybe(hand.names(hand.some(_DEPARTMENTS, 2)), 0.4),
        }

    def _indicator_row(self, place: int) -> Line:
        name, unit = (("学前三年毛入园率", "%"), ("责任督学进校总次数", "次"), ("公示牌更新数", "块"))[place % 3]
        value = self.hand.rng.randint(0, 999)
        return {
            "指标名称": name + "（补）" * (place // 3),
            "上期值": self.hand.maybe(f"{value / 10:g}"),
            "本期值": f"{(value + 7) / 10:g}",
            "单位": self.hand.maybe(unit, 0.8),
            "口径说明": self.hand.maybe("按上报登记汇总"),
        }

    def _narrative_rows(self) -> list[Line]:
        """No figures in them: each would need a source in the ledgers."""
        sections = ["队伍建设", "专项督导", "经常性督导", "调研交流", "会议培训", "督政视导", "评估监测", "问题整改"]
        sections += ["存在不足", "下步打算"]
        chosen = [self.hand.one(sections) for _ in range(self.sizes.narratives)]
        return [
            {
                "章节": section,
                "段落文本": f"{section}方面，{self.hand.one(_CONTENTS)}仍是重点{self.hand.one(('。', ''))}",
            }
            for section in chosen
        ]


# 责任区月报 ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Post:
    """Where a workbook's inspectors may be sent: a campaign, with or without a group, and the schools."""

    campaign: _Campaign
    group: _Group | None
    schools: Sequence[_School]


@dataclass
class _Book:
    """One workbook of a zone, or of 县本级, being filled."""

    name: str
    digits: str
    zone: _Zone | None
    posts: list[_Post]
    records: list[Line] = field(default_factory=list)
    problems: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class _Source:
    """Where a problem comes from."""

    kind: str
    found_on: date
    campaign: str = ""
    record: str = ""
    school: _School | None = None
    town: str = ""


def _book(zone: _Zone, register: _Register, office: _Office) -> _Book:
    """A zone inspects its own schools under the regular campaign and under those that have no groups."""
    campaigns = [office.regular, *(c for c in office.special if c.state != "筹备" and not c.groups)]
    staff = register.staff()
    schools = [s for s in register.counted() if s.town.zone is zone and set(staff) - office.avoiders.get(s.name, set())]
    return _Book(zone.name, zone.number[1:], zone, [_Post(c, None, schools) for c in campaigns] if schools else [])


def _county_book(office: _Office) -> _Book:
    """The county's teams inspect what their groups are given."""
    groups = [(c, g) for c in office.special if c.state != "筹备" for g in c.groups]
    return _Book("县本级", "00", None, [_Post(c, g, g.schools) for c, g in groups if g.schools])


class _Filling:
    """Writes records and problems into the workbooks, and numbers them."""

    def __init__(
        self, hand: _Hand, period: Period, register: _Register, office: _Office, books: Sequence[_Book]
    ) -> None:
        self.hand, self.period, self.register, self.office, self.books = hand, period, register, office, books
        self.numbers: Counter[str] = Counter()
        self.staff = register.staff()
        self.schools = {school.name: school for school in register.schools}
        self.campaigns = {campaign.number: campaign for campaign in (office.regular, *office.special)}
        self.staff_of: dict[str, list[str]] = {}
        for person in register.serving():
            self.staff_of.setdefault(person.zone.name if person.zone else "", []).append(person.name)
        self.schools_of: dict[str, list[_School]] = {}
        for school in register.counted():
            self.schools_of.setdefault(school.town.zone.name, []).append(school)

    def fill(self, records: int, problems: int) -> None:
        open_books = [book for book in self.books if book.posts]
        for _ in range(records if open_books and self.staff else 0):
            self._record(self._roomy(open_books, lambda book: len(book.records)))
        if self.books:
            self._problems(problems)

    def _roomy(self, books: Sequence[_Book], filled: Callable[[_Book], int]) -> _Book:
        """Any of the books, but none that is full while another is not."""
        book = self.hand.one(books)
        return book if filled(book) < MOST * 0.9 else min(books, key=filled)

    def _number(self, stem: str) -> str:
        """The next number after a stem, as in JC-202403-01-."""
        self.numbers[stem] += 1
        if self.numbers[stem] > MOST:
            raise ValueError(f"{stem} has more than {MOST} numbers: more zones must report")
        return f"{stem}{self.numbers[stem]:03}"

    def _record(self, book: _Book) -> None:
        hand, post = self.hand, self.hand.one(book.posts)
        school, regular = hand.one(post.schools), post.campaign.kind == "经常性督导"
        on = hand.within(
            max(post.campaign.starts, self.period.first_day), min(post.campaign.ends, self.period.last_day)
        )
        matters = hand.some(tuple(enumerate(Matter, 1)), 4) if regular or hand.chance(0.4) else []
        listed = [str(number) if hand.chance(0.2) else name for number, name in matters]
        book.records.append(
            {
                "记录号": self._number(f"JC-{self.period.year}{self.period.month:02}-{book.digits}-"),
                "督导编号": post.campaign.number,
                "日期": on.isoformat(),
                "时段": hand.maybe(hand.one(("上午", "下午", "全天"))),
                "学校": school.name,
                "组号": str(post.group.number) if post.group else "",
                "督学": hand.people(self._sent(book, post, school)),
                "督导事项": hand.names(listed),
                "听课节数": hand.number(0, 4),
                "查阅资料份数": hand.number(0, 20),
                "座谈人次": hand.number(0, 15),
                "问卷份数": hand.number(0, 60, 0.3),
                "评分": hand.maybe(f"{hand.rng.randint(120, 200) / 2:g}", 0.4),
                "等次": hand.maybe(hand.one(("优秀", "良好", "合格")), 0.4),
                "亮点": hand.maybe(hand.one(_HIGHLIGHTS), 0.4),
                "反馈方式": hand.one(("现场口头", "督导意见书", "整改通知书", "无需反馈")),
                "校方签名": hand.maybe(hand.yes(hand.chance(0.9))),
                "发现问题数": "0",
            }
        )

    def _sent(self, book: _Book, post: _Post, school: _School) -> list[str]:
        """Two of the group, or nobody if the whole group goes; without a group, one or two who need not avoid it."""
        if post.group:
            return self.hand.rng.sample(post.group.people, 2) if self.hand.chance(0.5) else []
        avoid = self.office.avoiders.get(school.name, set())
        own = [name for name in self.staff_of.get(book.name, ()) if name not in avoid]
        return self.hand.some(own or [name for name in self.staff if name not in avoid], 2)

    # Problems

    def _problems(self, number: int) -> None:
        """A few from visits, some carried over, some without an inspection; the others from this month's records."""
        seen = self._of_visits(number)
        records = [(book, record) for book in self.books for record in book.records]
        for _ in range(number - seen):
            if records and self.hand.chance(0.5):
                self._of_record(*self.hand.one(records))
            else:
                book = self._roomy(self.books, lambda book: len(book.problems))
                (self._carried_over if self.hand.chance(0.7) else self._reported)(book)

    def _of_visits(self, most: int) -> int:
        """Up to two of each visit to a town, all in the workbook of 县本级; how many there were."""
        visits = [visit for visit in self.office.visits if visit.direction == "下乡视导"]
        seen = [visit for visit in visits for _ in range(self.hand.rng.randint(0, 2))][:most]
        for book in (book for book in self.books if book.zone is None):
            for visit in seen:
                self._of_visit(book, visit)
            return len(seen)
        return 0

    def _carried_over(self, book: _Book) -> None:
        """Found in one of the five months before, under a number that this month's ledgers mostly do not know."""
        hand = self.hand
        found_on = hand.within(self.period.first_day - timedelta(days=150), self.period.eve)
        kind = hand.one(("经常性督导", "专项督导", "综合督导", "视导", "上级督导", "投诉举报", "自查自评"))
        digits = "00" if hand.chance(0.1) else book.digits
        campaign = record = ""
        if kind == "视导":
            campaign = f"DY-{found_on.year}-{hand.rng.randint(60, 99)}"
        elif kind.endswith("督导") and kind != "上级督导":
            known = kind == "经常性督导" and found_on >= self.office.regular.starts
            earlier = f"DD-{found_on.year}-{hand.rng.randint(1, self.office.first_campaign - 1):03}"
            campaign = self.office.regular.number if known else earlier
            record = hand.maybe(f"JC-{found_on:%Y%m}-{digits}-{hand.rng.randint(1, 60):03}")
        school, town = self._whose(book)
        self._problem(book, _Source(kind, found_on, campaign, record, school, town), digits)

    def _of_visit(self, book: _Book, visit: _Visit) -> None:
        school = self.hand.one(visit.schools) if visit.schools and self.hand.chance(0.7) else None
        self._problem(book, _Source("视导", visit.on, visit.number, "", school, visit.unit), book.digits)

    def _of_record(self, book: _Book, record: Line) -> None:
        record["发现问题数"] = str(int(record["发现问题数"]) + 1)
        campaign = self.campaigns[record["督导编号"]]
        school = self.schools[record["学校"]]
        on = date.fromisoformat(record["日期"])
        self._problem(book, _Source(campaign.kind, on, campaign.number, record["记录号"], school), book.digits)

    def _reported(self, book: _Book) -> None:
        """From a complaint or a self-check: no number, no record."""
        school, town = self._whose(book)
        on = self.hand.in_month(self.period)
        kind = self.hand.one(("上级督导", "投诉举报", "自查自评"))
        self._problem(book, _Source(kind, on, school=school, town=town), book.digits)

    def _whose(self, book: _Book) -> tuple[_School | None, str]:
        """A school of the book's zone, else a town of it; in 县本级 perhaps neither."""
        schools = self.schools_of.get(book.name, []) if book.zone else self.register.counted()
        if schools and self.hand.chance(0.85):
            school = self.hand.one(schools)
            return school, self.hand.maybe(school.town.name)
        towns = [town.name for town in self.register.towns if book.zone in (None, town.zone)]
        if book.zone is None and self.hand.chance(0.5):
            towns = []
        return None, self.hand.one(towns) if towns else ""

    def _problem(self, book: _Book, source: _Source, digits: str) -> None:
        hand = self.hand
        if book.zone and not source.school and not source.town:
            return  # a zone without towns has no unit
        where = source.town or self.register.county
        kind, sentences = hand.one(tuple(_FAULTS.items()))
        unit = source.school.name if source.school else f"{where}人民政府"
        found_by = hand.some(self.staff, 2) if self.staff else []
        book.problems.append(
            {
                "问题编号": self._number(f"WT-{source.found_on:%Y%m}-{digits}-"),
                "来源": source.kind,
                "督导编号": source.campaign,
                "记录号": source.record,
                "学校": hand.school(source.school) if source.school else "",
                "乡镇街道": source.town,
                "问题类别": kind,
                "具体描述": f"{hand.one(_WHERE)}{hand.one(sentences)}",
                "依据条款": hand.maybe("《中小学幼儿园安全管理办法》", 0.4),
                "处置方式": hand.one(
                    ("现场反馈", "督导意见书", "整改通知书", "上报督导室", "科室协商", "移交执法或纪检")
                ),
                "发现日期": hand.day(source.found_on),
                "发现人": hand.people(found_by),
                "责任单位": unit if hand.chance(0.9) else f"{self.register.county}财政局",
                "责任人": hand.maybe(hand.one(_SURNAMES) + "校长"),
                "督办次数": hand.number(0, 2, 0.2),
                "计划回访": hand.maybe(hand.one(("下旬", self.period.next.last_day.isoformat())), 0.3),
                **self._course(source.found_on, found_by),
            }
        )

    def _course(self, found_on: date, found_by: list[str]) -> Line:
        """Demands, deadlines and states; a few rows were closed last month and left in the ledger."""
        hand, carried = self.hand, found_on < self.period.first_day
        kinds = (
            ("立行立改", "限期整改", "限期整改", "长期整改")
            if carried
            else ("立行立改", "立行立改", "限期整改", "长期整改")
        )
        kind = hand.one(kinds)
        due = found_on + timedelta(
            days=hand.rng.randint(*{"立行立改": (0, 3), "限期整改": (3, 90), "长期整改": (91, 300)}[kind])
        )
        dated = hand.chance(0.75)
        gravity = hand.one(("轻微", "一般", "一般", "严重", *(["重大隐患"] if dated else [])))
        words = (
            "" if dated or (kind == "立行立改" and hand.chance(0.7)) else hand.one(("开学前", "年底验收前", "5月底"))
        )
        row = {
            "严重程度": gravity,
            "整改类型": kind,
            "整改期限": hand.day(due) if dated else "",
            "期限说明": words,
            "整改要求": "" if kind == "立行立改" else "限期完成整改并报送佐证材料。",
        }
        if dated and carried and kind != "立行立改" and hand.chance(0.25):
            later = due + timedelta(days=hand.rng.randint(5, 40))
            row |= {"延期次数": "1", "延期原因": "材料采购周期较长", "延期至": hand.day(later)}
        return row | self._state(found_on, kind, found_by)

    def _state(self, found_on: date, kind: str, found_by: list[str]) -> Line:
        hand, period = self.hand, self.period
        states = ("已销号",) * (6 if kind == "立行立改" else 2) + (
            "未启动",
            "整改中",
            "整改中",
            "已完成待核查",
            "退回重改",
        )
        state = hand.one(states if self.staff else states[-4:-1])
        if state in ("未启动", "整改中"):
            return {"整改状态": state, "整改措施": hand.maybe("已列入计划") if state == "整改中" else ""}
        stale = state == "已销号" and found_on < period.eve and hand.chance(0.1)
        last = period.eve if stale else period.last_day
        done = hand.within(found_on, last)
        if state == "已完成待核查":
            return {
                "整改状态": state,
                "整改措施": "已整改到位",
                "完成日期": hand.day(done),
                "佐证材料": hand.maybe("照片"),
            }
        checked = hand.within(done, last)
        if state == "退回重改":
            opinion = {"核查结论": "不通过", "核查意见": "整改不彻底，重新整改"}
            return {"整改状态": state, "完成日期": hand.day(done), **self._check(checked, found_by), **opinion}
        closed = hand.within(checked if stale else max(checked, period.first_day), last)
        row = {"整改状态": state, "整改措施": "已整改到位", "佐证材料": "整改前后照片"}
        if kind == "立行立改" and hand.chance(0.5):  # the day it was done is the day it was closed
            return row | {"完成日期": hand.day(closed)}
        passed = {"核查结论": "通过", "核查意见": hand.maybe("保持", 0.2), "销号日期": hand.day(closed)}
        return row | {"完成日期": hand.day(done), **self._check(checked, found_by), **passed}

    def _check(self, on: date, by: list[str]) -> Line:
        return {"核查人": self.hand.people(by), "核查日期": self.hand.day(on)}


_HIGHLIGHTS = (
    "课后服务课程丰富，学生参与面广。",
    "劳动实践基地管理规范",
    "家校共育活动有特色。",
    "阳光体育大课间组织有序",
)
_WHERE = ("教学楼二楼", "综合楼东侧", "食堂备餐间", "学生宿舍", "校门口", "操场北侧", "传达室", "实验室")
_FAULTS = {
    "校园及周边安全": ("一个灭火器压力不足", "疏散指示灯三处不亮", "监控&报警主机离线，录像保存<30天"),
    "食堂食品饮水及宿舍卫生": ("留样标签缺留样人签名", "消毒记录缺两周"),
    "校务管理和制度执行": ("巡查台账只记到上周", "来访登记不全"),
    "课程开设和课堂教学": ("未按课表开设劳动课", "公示课表与实际不符"),
    "学生学习体育锻炼和课业负担": ("大课间不足三十分钟", "作业公示栏未更新"),
    "招生收费择校": ("收费公示栏内容过期", "代收费清单未公示"),
    "教师师德和专业发展": ("师德承诺书漏签两份",),
    "校风教风学风建设": ("晨会记录缺失",),
    "保育教育": ("张贴拼音声母表，有小学化倾向",),
    "办学条件": ("运动场地开裂", "课桌椅破损十余套"),
    "师资编制": ("缺专职保健员一名",),
    "经费保障": ("维修经费未到位",),
    "党建廉政": ("公开栏未更新",),
    "其他": ("宣传栏玻璃破损",),
}


def _book_rows(hand: _Hand, period: Period, book: _Book) -> Rows:
    schools = {school.name: school for post in book.posts for school in post.schools}
    return {
        "填报信息": [
            {
                "责任区": hand.zone(book.zone) if book.zone else book.name,
                "统计年份": str(period.year),
                "统计月份": str(period.month),
                "填报人": hand.person_name(),
                "审核人": hand.person_name(),
                "填报日期": hand.day(hand.within(period.last_day, period.last_day + timedelta(days=4))),
            }
        ],
        "督导检查记录": [
            record
            | {"日期": hand.day(date.fromisoformat(record["日期"])), "学校": hand.school(schools[record["学校"]])}
            for record in book.records
        ],
        "问题整改台账": book.problems,
    }
