"""督办单, 会议通知, 意见书 and 通报: who gets one, and that what it says can be counted in the workbooks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.run.report import Outcome, report
from tests.support.letters import change, clear, day, everywhere, fill, headings, made, rows
from tests.support.reading import EXAMPLE, of_family, table, text

OFFICE = "督导室月报.xlsx"
MADE_ON = date(2023, 8, 31)
TUTORING, TERM, REGULAR = "DD-2023-012", "DD-2023-014", "DD-2023-013"


def named(outcome: Outcome, family: str) -> dict[str, str]:
    """The texts of the documents in a folder, by name."""
    return {path.stem: text(path) for path in of_family(outcome.made, family)}


# 督办单 --------------------------------------------------------------------------------------------------------------


def overdue() -> dict[str, list[dict[str, Any]]]:
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for row in everywhere("问题整改台账"):
        deadline = row["延期至"] or row["整改期限"]
        if row["整改状态"] not in ("已完成待核查", "已销号") and deadline and day(deadline) < MADE_ON:
            by_unit.setdefault(row["责任单位"], []).append(row)
    return by_unit


def test_each_unit_with_overdue_problems_is_urged_with_their_days_and_the_number_of_the_notice(
    outcome: Outcome,
) -> None:
    said = named(outcome, "督办单")
    assert set(said) == {f"{unit}督办单（2023年8月）" for unit in overdue()}
    for unit, problems in overdue().items():
        letter = said[f"{unit}督办单（2023年8月）"]
        assert f"你单位有{len(problems)}项问题超过整改期限" in letter
        for row in problems:
            late = (MADE_ON - day(row["延期至"] or row["整改期限"])).days
            assert re.search(f"{re.escape(row['具体描述'].rstrip('。'))}。\n[^\n]*已逾期{late}日", letter)
            assert f"原整改通知书：{row['通知书文号']}" in letter or not row["通知书文号"]
        assert "请于本督办单印发之日起10日内完成整改" in letter


def test_a_problem_extended_beyond_the_day_is_not_urged(whole: Path) -> None:
    number = "WT-202306-04-002"
    later = {"延期次数": 1, "延期原因": "暑期施工", "延期至": "2023-09-20"}
    change(whole, "责任区月报-河口责任区.xlsx", "问题整改台账", fill(number, **later))
    assert not [name for name in made(whole, "督办单") if "河口镇初级中学" in name]


# 会议通知 -------------------------------------------------------------------------------------------------------------


def test_only_a_meeting_that_is_to_be_announced_gets_a_notice_with_its_agenda_and_slip(outcome: Outcome) -> None:
    (path,) = (path for path in of_family(outcome.made, "通知") if "召开" in path.name)
    said = text(path)
    assert path.stem == "关于召开责任区主任工作例会的通知"
    assert "清政教督〔2023〕39号" in said
    assert "时间：2023年9月15日上午9:00。地点：清溪县教育体育局三楼会议室。" in said
    items = [
        row for row in table(EXAMPLE / OFFICE, "议程") if row["活动编号"] == "HY-2023-21" and row["环节"] != "主持"
    ]
    assert f"会议由周瀚（督导室副主任）主持，议程共{len(items)}项：" in said
    assert all(str(row["要点"]).split("；")[0] in said for row in items)
    assert headings(path) == ["时间和地点", "参会人员", "会议议程", "会议材料", "有关要求"]
    assert rows(path)[0] == ["会议名称", "责任区主任工作例会"]


def test_a_training_without_agenda_materials_and_demands_makes_a_short_notice(whole: Path) -> None:
    empty = dict.fromkeys(["印发材料", "会议要求", "事由", "主持人", "主持人职务"])
    change(whole, OFFICE, "会议培训", fill("HY-2023-21", 类别="培训", 截止日期="2023-09-16", **empty))
    change(whole, OFFICE, "议程", clear("HY-2023-21"))
    change(whole, OFFICE, "文件台账", clear("HY-2023-21"))
    (path,) = made(whole, "会议通知").values()
    assert headings(path) == ["时间和地点", "参会人员"]
    said = text(path)
    assert "关于举办责任区主任工作例会的通知" in said
    assert "\n清溪县人民政府教育督导室（以下简称县政府教育督导室）定于2023年9月15日至16日举办" in said
    assert "【文号待编】" in said


# 意见书 ---------------------------------------------------------------------------------------------------------------


def test_each_school_with_an_opinion_gets_one_with_its_highlights_and_problems(outcome: Outcome) -> None:
    said = {name: letter for name, letter in named(outcome, "意见书").items() if "督导意见书" in name}
    records = [row for row in everywhere("督导检查记录") if row["反馈方式"] == "督导意见书"]
    assert len(said) == len({row["学校"] for row in records}) == 6
    for record in records:
        problems = [row for row in everywhere("问题整改台账") if row["记录号"] == record["记录号"]]
        (letter,) = (letter for letter in said.values() if record["亮点"].rstrip("。") in letter)
        assert f"督导中发现{len(problems)}项问题：" in letter
        assert all(row["具体描述"].rstrip("。") in letter for row in problems)
        # After its number, “1.”, a demand that begins with a day would read as “1.8月31日前”.
        assert all(f"\n整改要求：{row['整改要求'].rstrip('。')}（" in letter for row in problems if row["整改要求"])
        days = [day(row["整改期限"]) for row in problems if row["整改期限"]]
        due = f"于{max(days).month}月{max(days).day}日前" if days else "在整改期限届满前"
        assert f"{due}将整改情况书面报送" in letter
        assert "陈述和申辩" in letter


def test_an_opinion_without_problems_praises_and_demands_no_report(whole: Path) -> None:
    workbook = "责任区月报-桐木责任区.xlsx"
    change(whole, workbook, "问题整改台账", clear("JC-202308-07-003"))
    change(whole, workbook, "督导检查记录", fill("JC-202308-07-003", 发现问题数=0))
    path = made(whole, "督导意见书")["清溪县枫林镇中心小学督导意见书（2023年8月）"]
    assert headings(path) == ["总体评价和主要成绩", "整改报告和申辩"]
    assert "希望你单位总结经验" in text(path)


def test_the_town_is_reported_what_was_seen_praised_and_found(outcome: Outcome) -> None:
    said = named(outcome, "意见书")["云岭镇创建教育强镇工作视导反馈意见（2023年8月）"]
    found = [row for row in everywhere("问题整改台账") if row["督导编号"] == "DY-2023-05"]
    assert len(found) == 5
    assert "视导中发现5项问题" in said
    assert all(row["具体描述"].rstrip("。") in said for row in found)
    assert "共6所学校" in said
    assert "共2所学校" in said
    assert "云岭镇人民政府：" in said
    assert "清政教督〔2023〕40号" in said


# 通报 -----------------------------------------------------------------------------------------------------------------


def test_a_campaign_that_is_fed_back_gets_a_bulletin_and_its_problems_add_up(outcome: Outcome, whole: Path) -> None:
    assert "2023年暑期中小学有偿补课治理专项督导情况通报" in named(outcome, "通报")
    change(whole, OFFICE, "督导工作", fill(REGULAR, 督导类型="综合督导", 状态="反馈"))
    path = made(whole, "专项督导情况通报")["2023年8月责任督学经常性督导情况通报"]
    said, (_, *problems, total) = text(path), rows(path)
    listed = [row for row in everywhere("问题整改台账") if row["督导编号"] == REGULAR]
    kinds = re.findall(r"\n([^\n，]+?)([0-9]+)个，涉及", said)
    assert sum(int(number) for _, number in kinds) == len(problems) == len(listed)
    assert f"本次督导发现{len(listed)}个问题" in said
    assert total[1].startswith(f"共{len(listed)}个问题：")
    assert sum(map(int, re.findall("([0-9]+)个(?!问题)", total[1]))) == len(listed)


def test_the_bulletin_of_self_reports_closes_and_names_the_units(outcome: Outcome) -> None:
    said = named(outcome, "通报")["2023年暑期中小学有偿补课治理专项督导自查报告报送情况通报"]
    due, on_time, late, missing = (
        int(number) for number in re.findall("应报自查报告(.+)份，按时报送(.+)份，逾期报送(.+)份，未报(.+)份", said)[0]
    )
    rows_due = [row for row in table(EXAMPLE / OFFICE, "自查报告报送") if row["督导编号"] == TUTORING]
    assert due == on_time + late + missing == len(rows_due)
    lists = re.findall("(?:按时报送|逾期报送|未报送)的单位：(.+)。", said)
    assert [len(units.split("、")) for units in lists] == [on_time, late, missing]


def test_self_reports_that_are_not_due_yet_get_no_bulletin(whole: Path) -> None:
    change(whole, OFFICE, "督导工作", fill(TUTORING, 自查报告截止日期="2023-09-05"))
    assert made(whole, "自查报告报送情况通报") == {}


def test_the_number_of_one_bulletin_is_not_taken_for_the_other(whole: Path) -> None:
    title = "关于2023年暑期中小学有偿补课治理专项督导自查报告报送情况的通报"
    change(whole, OFFICE, "文件台账", fill("清政教督〔2023〕23号", 标题=title))
    done = report(whole, whole.parent / "out")
    said = named(done, "通报")
    assert "清政教督〔2023〕23号" in said["2023年暑期中小学有偿补课治理专项督导自查报告报送情况通报"]
    assert "【文号待编】" in said["2023年暑期中小学有偿补课治理专项督导情况通报"]
    assert len([remark for _, remark in done.remarks if "文号待编" in remark]) == 1, (
        "the one letter that the register lacks"
    )
