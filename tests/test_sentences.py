"""The wording of documents if a figure is 0 or nothing has changed, and of stretches of days: no gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from pipeline.documents.catalogue import Draft, documents
from pipeline.dossier.building import build_dossier
from pipeline.dossier.figures import Figure, How
from pipeline.forms.period import Period
from pipeline.intake.loading import load
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.word.rendering.environment import span, span_without_year
from pipeline.word.rendering.template import render
from tests.support.reading import EXAMPLE, text

ZERO = re.compile(r"(?<![0-9.])0(?:\.0)?(?:个|人|份|次|所|项|名|节|日|%)")
BROKEN = re.compile("，，|；；|。。|：。|，。|；。|、。|、，|全县。|(?:^|\n)[，；。、]")
LIKE = {"月度工作总结": ("本月", "上月末", "月末"), "阶段工作总结": ("本期", "期初", "期末")}


@cache
def draft(template: str) -> Draft:
    """The first draft of a template that the example month (of summaries of longer periods: its quarter) gives."""
    quarter = template == "阶段工作总结"
    month = load(EXAMPLE.parent, Period(2023, 7, 3)) if quarter else load(EXAMPLE)
    dossier = build_dossier(month)
    assert dossier is not None
    return next(one for kind in documents() if kind.template == template for one in kind.drafts(dossier))


def said(template: str, folder: Path, *changed: tuple[str, Mapping[str, Any]]) -> str:
    """The text of the draft's document with some facts of a group changed, which is named by its path, "a.b"."""
    context = deepcopy(draft(template).context)
    for where, facts in changed:
        group = context
        for name in where.split(".") if where else ():
            group = group[int(name)] if name.isdecimal() else group[name]
        group.update({name: counted(value) for name, value in facts.items()})
    path = folder / "document.docx"
    render(TEMPLATES / f"{template}.docx", context, path)
    return text(path)


def counted(value: Any) -> Any:
    return Figure(value, "示例", How.TAKEN) if isinstance(value, int | Decimal) else value


def sentences(told: str, words: str) -> list[str]:
    return [line for line in told.splitlines() if words in line]


# Zones and inspectors ------------------------------------------------------------------------------------------------


def team(zones: tuple[int, int], full: tuple[int, int], part: int) -> dict[str, Any]:
    counts = {"责任区原有数": zones[0], "责任区现有数": zones[1], "专职原有人数": full[0], "专职现有人数": full[1]}
    ages = {"原平均年龄": 51 if full[0] else None, "现平均年龄": 46 if full[1] else None}
    return counts | ages | {"兼职人数": part, "来源": [], "新到人数": 0}


@pytest.mark.parametrize("template", LIKE)
@pytest.mark.parametrize(
    ("zones", "full", "part", "expected"),
    [
        ((8, 10), (25, 29), 51, "督学责任区由8个增加到10个；有责任区的专职督学（含责任区主任）由25人增加到29人，平均年龄由51周岁降至46周岁；聘任兼职督学51人。"),
        ((10, 10), (29, 29), 51, "督学责任区共10个；有责任区的专职督学（含责任区主任）共29人，平均年龄由51周岁降至46周岁；聘任兼职督学51人。"),
        ((10, 9), (29, 20), 0, "督学责任区由10个减少到9个；有责任区的专职督学（含责任区主任）由29人减少到20人，平均年龄由51周岁降至46周岁。"),
        ((0, 3), (0, 5), 0, "督学责任区新设3个；有责任区的专职督学（含责任区主任）新配备5人。"),
        ((3, 0), (5, 0), 2, "督学责任区原有3个，现已全部撤销；有责任区的专职督学（含责任区主任）原有5人，现均已离任；聘任兼职督学2人。"),
        ((0, 0), (0, 0), 2, "聘任兼职督学2人。"),
        ((0, 0), (7, 7), 0, "有责任区的专职督学（含责任区主任）共7人，平均年龄由51周岁降至46周岁。"),
    ],
)  # fmt: skip
def test_a_team_that_has_not_changed_is_not_said_to_have_stayed(
    template: str, zones: tuple[int, int], full: tuple[int, int], part: int, expected: str, tmp_path: Path
) -> None:
    told = said(template, tmp_path, ("队伍建设.情况", team(zones, full, part)))
    assert f"\n{LIKE[template][0]}，全县{expected}\n" in told
    assert "保持" not in told


def test_a_team_of_nobody_is_not_told(tmp_path: Path) -> None:
    nobody = ("队伍建设.情况", team((0, 0), (0, 0), 0))
    told = said("月度工作总结", tmp_path, nobody)
    assert "全县督学责任区" not in told
    assert not re.search("全县。|本月，。", told)


# Problems ------------------------------------------------------------------------------------------------------------


def balances() -> Iterator[tuple[int, int, int, int]]:
    """Opening, new, closed and closing, each of them 0 and not, in combinations that make a balance."""
    for opening, new, closed in product((0, 10), (0, 40), (0, 10, 40, 50)):
        if opening + new and closed <= opening + new:
            yield opening, new, closed, opening + new - closed


@pytest.mark.parametrize("template", LIKE)
@pytest.mark.parametrize(("opening", "new", "closed", "closing"), list(balances()))
def test_a_balance_of_problems_names_no_count_that_is_none(
    template: str, opening: int, new: int, closed: int, closing: int, tmp_path: Path
) -> None:
    now, begin, end = LIKE[template]
    rate = (Decimal(closed) * 100 / (opening + new)).quantize(Decimal("0.1"))
    names = (f"{begin}未销号数", f"{now}新增数", f"{now}销号数", f"{end}未销号数", "销号率")
    figures = dict(zip(names, (opening, new, closed, closing, rate), strict=True))
    nothing = {"新增类别": [], "新增程度": [], f"{end}状态": [], "逾期数": 0}
    told = said(template, tmp_path, ("问题整改", figures | nothing))
    (line,) = sentences(told, "未销号问题" if opening else "新增问题")[:1]
    assert not ZERO.search(line), line
    assert not BROKEN.search(line), line
    assert [int(number) for number in re.findall("([0-9]+)个", line)] == [
        number for number in (opening, new, closed if closing else 0, closing) if number
    ]
    assert ("，已全部销号" in line) is (closing == 0)
    assert ("销号率" in line) is (closed > 0)


def test_what_fell_to_nothing_is_reported_without_a_zero_and_what_stayed_not_at_all(tmp_path: Path) -> None:
    def change(name: str, now: Any, before: Any, unit: str = "个") -> dict[str, Any]:
        figures = {"现值": now, "原值": before, "相差": abs(now - before), "幅度": Decimal(100)}
        return {key: counted(value) for key, value in figures.items()} | {
            "名称": name,
            "单位": unit,
            "相差单位": "个百分点" if unit == "%" else unit,
        }

    changes = [change("新增问题", 0, 8), change("销号率", Decimal(0), Decimal(25), "%"), change("检查次数", 9, 8, "次")]
    told = said("月度工作总结", tmp_path, ("", {"环比": {"对比时段": "2023年7月", "各项": changes}}))
    assert "）：新增问题减少8个（100%）；销号率下降25个百分点（100%）；检查次数9次，增加1次（100%）。" in told


# Self-inspection reports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_time", "late", "missing", "expected"),
    [
        (30, 0, 0, "应报自查报告30份，全部按时报送"),
        (24, 4, 2, "应报自查报告30份，按时报送24份，逾期报送4份，未报2份"),
        (26, 4, 0, "应报自查报告30份，按时报送26份，逾期报送4份"),
        (26, 0, 4, "应报自查报告30份，按时报送26份，未报4份"),
        (0, 26, 4, "应报自查报告30份，逾期报送26份，未报4份"),
        (0, 30, 0, "应报自查报告30份，逾期报送30份"),
        (0, 0, 30, "应报自查报告30份，未报30份"),
    ],
)
def test_reports_that_are_none_are_not_counted(
    on_time: int, late: int, missing: int, expected: str, tmp_path: Path
) -> None:
    counts = {"应报数": 30, "按时数": on_time, "逾期数": late, "未报数": missing}
    assert f"\n{expected}。\n" in said("自查报告报送情况通报", tmp_path, ("", counts))
    campaigns = draft("月度工作总结").context["专项督导"]["各项督导"]
    place = next(n for n, campaign in enumerate(campaigns) if campaign["自查报告"])
    where = f"专项督导.各项督导.{place}.自查报告"
    units = ["甲校"] if missing else []
    for template in LIKE:
        told = said(template, tmp_path, (where, {**counts, "未报单位": units}))
        assert f"\n各单位{expected}{'（甲校）' if missing else ''}。\n" in told


# Other counts --------------------------------------------------------------------------------------------------------


def test_inspections_of_no_zone_name_no_zones(tmp_path: Path) -> None:
    for template, (now, _, _) in LIKE.items():
        nothing = dict.fromkeys(["责任区数", "听课节数", "查阅资料份数", "座谈人次", "问卷份数", "问题数"], 0)
        told = said(template, tmp_path, ("经常性督导.情况", nothing))
        assert re.search(f"\n{now}，开展经常性督导[0-9]+次，检查学校（幼儿园）[0-9]+所。", told)


def test_an_indicator_that_has_not_changed_is_reported_without_its_earlier_value(tmp_path: Path) -> None:
    same = {"指标名称": "公示牌更新数", "单位": "块", "本期值": Decimal(36), "上期值": Decimal(36)}
    told = said("月度工作总结", tmp_path, ("评估监测", {"指标": [{k: counted(v) for k, v in same.items()}]}))
    assert "主要指标：公示牌更新数36块。" in told


def test_no_document_of_the_example_says_that_there_is_none_of_something() -> None:
    for path in (Path(__file__).parent / "golden").glob("*.txt"):
        prose = [line for line in path.read_text(encoding="utf-8").splitlines() if " | " not in line]
        assert [line for line in prose if ZERO.search(line) or BROKEN.search(line)] == []


# Stretches of days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "with_year", "without"),
    [
        ([], "", ""),
        ([date(2023, 8, 1)], "2023年8月1日", "8月1日"),
        ([date(2023, 8, 1), date(2023, 8, 1)], "2023年8月1日", "8月1日"),
        ([date(2023, 8, 1), date(2023, 8, 31)], "2023年8月1日至31日", "8月1日至31日"),
        ([date(2023, 8, 28), date(2023, 9, 3)], "2023年8月28日至9月3日", "8月28日至9月3日"),
        ([date(2023, 12, 28), date(2024, 1, 3)], "2023年12月28日至2024年1月3日", "2023年12月28日至2024年1月3日"),
        ([date(2023, 8, 1), date(2024, 8, 1)], "2023年8月1日至2024年8月1日", "2023年8月1日至2024年8月1日"),
        ([date(2023, 8, 1), date(2023, 8, 5), date(2023, 8, 9)], "2023年8月1日至9日", "8月1日至9日"),
    ],
)
def test_a_stretch_of_days_names_year_and_month_once(days: list[date], with_year: str, without: str) -> None:
    assert span(days) == with_year
    assert span_without_year(days) == without


def test_no_template_writes_a_stretch_of_days_by_hand() -> None:
    for template in TEMPLATES.glob("*.docx"):
        body = Document(str(template)).element.body
        assert not re.search(r"\|(?:月日|日期) \}\}至\{\{", "".join(body.itertext())), template.name
