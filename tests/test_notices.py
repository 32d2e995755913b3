"""Notices and lists: who gets one, its text, that its totals close, and what replaces a missing fact."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.catalogue import documents
from pipeline.documents.lists import MOST_MERGED
from pipeline.dossier.building import build_dossier
from pipeline.intake.loading import load
from pipeline.run.report import Outcome, report
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.trays import Tray
from pipeline.word.rendering.template import render
from tests.support.letters import change, clear, day, fill, headings, made, rows
from tests.support.reading import EXAMPLE, lines, of_family, of_word, table, text

OFFICE, ZONE = "督导室月报.xlsx", "责任区月报-城区第一责任区.xlsx"
TERM = "DD-2023-014"


def notice(folder: Path) -> Path:
    (path,) = made(folder, "督导通知").values()
    return path


def of_term(outcome: Outcome) -> Path:
    """The notice of the autumn campaign."""
    return next(path for path in of_family(outcome.made, "通知") if "秋季开学" in path.name)


# 督导通知 -------------------------------------------------------------------------------------------------------------


def test_a_campaign_in_preparation_gets_a_notice_and_no_other(outcome: Outcome, whole: Path) -> None:
    notices = [path.stem for path in of_family(outcome.made, "通知") if "关于开展" in path.name]
    assert notices == ["关于开展2023年秋季开学工作专项督导的通知"]
    change(whole, OFFICE, "督导工作", fill("DD-2023-013", 状态="筹备"))
    assert len(made(whole, "督导通知")) == 1, "a regular campaign gets none"
    change(whole, OFFICE, "督导工作", fill(TERM, 状态="实施"))
    assert made(whole, "督导通知") == {}


def test_the_groups_of_the_notice_add_up_to_its_totals_and_to_the_workbook(outcome: Outcome) -> None:
    path = of_term(outcome)
    heading, *groups, totals = rows(path)
    assert heading == ["组号", "组长", "副组长", "成员", "人数", "负责对象", "数量", "时间"]
    assert [group[0] for group in groups] == [str(number) for number in range(1, 13)]
    people = [2 + len(group[3].split("（联络员")[0].split("、")) for group in groups]
    objects = [len(group[5].split("、")) for group in groups]
    assert [int(group[4]) for group in groups] == people
    assert [int(group[6]) for group in groups] == objects
    assert totals == ["合计", f"共{len(groups)}个组、{sum(people)}人；乡镇街道{sum(objects)}个。"]
    filled = [row for row in table(EXAMPLE / OFFICE, "检查组分组") if row["督导编号"] == TERM]
    assert [group[1] for group in groups] == [row["组长"] for row in filled]
    assert f"共分12个督导组、{sum(people)}人" in text(path)


def share(folder: Path, label: str, count: int = 1) -> list[str]:
    """Give the first names under a label in the second group to the first group too; gives these names."""
    filled = [row for row in table(folder / OFFICE, "检查组分组") if row["督导编号"] == TERM]
    names = str(filled[1][label]).split("；")[:count]

    def edit(page: Worksheet) -> None:
        columns = {cell.value: cell.column for cell in page[1]}
        line = next(row[0].row for row in page.iter_rows(min_row=2) if row[0].value == TERM)
        held = page.cell(line, columns[label])
        held.value = "；".join([str(held.value), *names])

    change(folder, OFFICE, "检查组分组", edit)
    return names


def test_who_and_what_stands_in_two_groups_counts_once_in_the_totals_and_in_both_rows(whole: Path) -> None:
    _, *groups, _ = rows(notice(whole))
    people, towns = (sum(int(group[column]) for group in groups) for column in (4, 6))
    (person,), (town,) = share(whole, "成员"), share(whole, "负责对象")
    path = notice(whole)
    _, *groups, totals = rows(path)
    assert [sum(int(group[column]) for group in groups) for column in (4, 6)] == [people + 1, towns + 1]
    assert [row[0] for row in groups if person in row[3] and town in row[5]] == ["1", "2"]
    assert totals[1].startswith(f"共{len(groups)}个组、{people}人；乡镇街道{towns}个。")
    assert f"共分{len(groups)}个督导组、{people}人，负责乡镇街道{towns}个" in text(path)
    assert totals[1].endswith(f"。其中，{person}编在不止一个组，{town}由不止一个组负责，合计时各计一次。")
    told = [issue for issue in load(whole).issues if issue.number in ("FZ-03", "FZ-05")]
    assert len(told) == 4
    assert all("只计一次" in issue.sentence for issue in told)


@pytest.mark.parametrize(
    ("label", "words"),
    [("成员", "其中，{}编在不止一个组，合计时各计一次。"), ("负责对象", "其中，{}由不止一个组负责，合计时各计一次。")],
)
@pytest.mark.parametrize("template", ["督导通知", "督导通知.信函"])
def test_the_totals_say_why_they_are_less_than_their_columns(
    whole: Path, template: str, label: str, words: str
) -> None:
    names = share(whole, label, 2)
    dossier = build_dossier(load(whole))
    assert dossier is not None
    (draft,) = [draft for d in documents() if d.template == "督导通知" for draft in d.drafts(dossier)]
    path = whole.parent / "notice.docx"
    render(TEMPLATES / f"{template}.docx", draft.context, path)
    assert rows(path)[-1][1].endswith(words.format("、".join(names)))


def test_the_attachment_stands_on_a_page_of_its_own_and_the_colophon_on_the_last(pdfs: dict[str, Path]) -> None:
    with pdfplumber.open(pdfs["通知"]) as printed:
        pages = [re.sub(r"\s", "", page.extract_text()) for page in printed.pages]
        first = next(number for number, page in enumerate(pages) if page.startswith("附件1"))
        assert "2023年8月26日" in pages[first - 1]
        form = next(number for number, page in enumerate(pages) if page.startswith("附件2"))
        assert "检查记录表" in pages[form]
        assert all("序号检查内容检查情况发现的问题" in page for page in pages[form:]), "the heading row repeats"
        assert "印发" not in "".join(pages[:-1])
        assert pages[-1].endswith("清溪县人民政府教育督导室2023年8月26日印发—7—")
        foot = printed.pages[-1].search("印发")[0]["bottom"]
        assert foot == pytest.approx((297 - 35) * 72 / 25.4, abs=12)  # at the foot of the type area (7.4)


def test_number_addressees_and_copies_come_from_the_register_of_documents(outcome: Outcome) -> None:
    path = of_term(outcome)
    told = lines(path)
    assert "清政教督〔2023〕36号" in told
    assert "各责任区、县直各学校、各民办学校：" in told
    assert "　抄送：各乡镇人民政府、街道办事处。" in told
    assert "请各单位于9月1日前将自查报告送县政府教育督导室" in text(path)


def test_without_groups_their_section_and_attachment_are_left_out_and_the_numbering_closes_up(whole: Path) -> None:
    change(whole, OFFICE, "检查组分组", clear(TERM))
    path = notice(whole)
    assert headings(path) == ["督导范围", "督导时间", "督导内容", "督导方式", "工作要求"]
    assert [line.strip() for line in lines(path) if re.match(r"(附件：|\t)[1-3]\.", line)] == [
        "附件：1.2023年秋季开学工作专项督导检查记录表",
        "2.2023年秋季开学工作专项督导评分细则",
        "3.2023年秋季开学工作自查报告提纲",
    ]
    assert "附件1" in lines(path)
    assert "检查情况记入检查记录表（见附件1）。" in text(path)
    assert rows(path)[1] == ["检 查 组", "", "检查时段", "□上午　□下午　□全天"]


def test_one_attachment_bears_no_number(whole: Path) -> None:
    change(whole, OFFICE, "检查组分组", clear(TERM))
    change(whole, OFFICE, "督导工作", fill(TERM, 附件=None))
    told = lines(notice(whole))
    assert "附件：2023年秋季开学工作专项督导检查记录表" in told
    assert "附件" in told
    assert "检查情况记入检查记录表（见附件）。" in "".join(told)


def test_the_form_of_an_inspection_has_a_line_for_each_of_the_contents_and_room_to_write_in(outcome: Outcome) -> None:
    path = of_term(outcome)
    (campaign,) = (row for row in table(EXAMPLE / OFFICE, "督导工作") if row["督导编号"] == TERM)
    contents = [item.strip() for item in re.split("[；;]", campaign["督导内容"]) if item.strip()]
    _, form = Document(str(path)).tables[-2:]
    heading, *items = [[cell.text for cell in row.cells] for row in form.rows][: len(contents) + 1]
    assert heading == ["序号", "检查内容", "检查情况", "发现的问题"]
    assert items == [[str(number), content, "", ""] for number, content in enumerate(contents, start=1)]
    assert all(row.height >= Mm(15) for row in form.rows[1 : len(contents) + 1])
    assert form.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in form.rows)
    assert {"检查组签名", "受检学校签字（盖章）"} <= {row.cells[0].text for row in form.rows}


def test_a_notice_that_the_register_lacks_says_so_and_the_run_names_it(whole: Path) -> None:
    change(whole, OFFICE, "文件台账", clear("清政教督〔2023〕36号"))
    done = report(whole, whole.parent / "out")
    path = of_term(done)
    assert "【文号待编】" in lines(path)
    assert "【主送机关待填】：" in lines(path)
    assert "	2023年8月31日" in lines(path), "the day of the report instead of that of the register"
    number, addressees, added = [remark for title, remark in done.remarks if title == path.stem]
    assert "文号待编" in number
    assert "“DD-2023-014”" in number
    assert "【主送机关待填】" in addressees
    named = "附件3《2023年秋季开学工作专项督导评分细则》、附件4《2023年秋季开学工作自查报告提纲》"
    assert added == f"{named}不由程序生成，请另附，放在附件2之后、版记之前"


def test_a_notice_whose_deadlines_are_past_names_no_day_for_the_report_and_the_run_says_so(whole: Path) -> None:
    change(whole, OFFICE, "文件台账", clear("整改通知书"))
    done = report(whole, whole.parent / "out")
    late = [title for title, remark in done.remarks if "不晚于成文日期" in remark]
    assert late
    for path in done.made:
        if path.stem in late:
            assert "请于" not in text(path).split("工作要求")[1].split("将整改报告")[0]
            assert "见各项整改期限" in text(path)


def test_a_number_of_another_kind_of_document_is_not_taken(whole: Path) -> None:
    change(whole, OFFICE, "文件台账", fill("清政教督〔2023〕36号", 文种="通报"))
    assert "【文号待编】" in lines(notice(whole))


def test_a_campaign_without_purpose_basis_demands_or_reports_makes_whole_sentences(whole: Path) -> None:
    empty = dict.fromkeys(["目的", "依据文件", "工作要求", "自查报告截止日期", "附件", "联合科室", "应检学校数"])
    change(whole, OFFICE, "督导工作", fill(TERM, **empty))
    change(whole, OFFICE, "自查报告报送", clear(TERM))
    said = text(notice(whole))
    assert "\n清溪县人民政府教育督导室（以下简称县政府教育督导室）决定开展" in said
    assert "本次督导由督导室牵头，共分12个督导组" in said
    assert not re.search("，，|。。|，。|：。|、。|会同，", said)


# 整改通知书 -----------------------------------------------------------------------------------------------------------


def handled() -> dict[str, list[dict[str, Any]]]:
    """The problems in the workbooks that this month's notices list, by unit."""
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(EXAMPLE.glob("责任区月报-*.xlsx")):
        for row in table(path, "问题整改台账"):
            if row["处置方式"] == "整改通知书" and not row["通知书文号"]:
                by_unit.setdefault(row["责任单位"], []).append(row)
    return by_unit


def test_each_unit_with_problems_handled_so_gets_one_notice_with_all_of_them(outcome: Outcome) -> None:
    expected, paths = handled(), of_family(outcome.made, "整改通知书")
    assert {path.stem.split("整改通知书")[0] for path in paths} == set(expected)
    for path in paths:
        problems, said = expected[path.stem.split("整改通知书")[0]], text(path)
        assert f"发现你单位有{len(problems)}项问题" in said
        assert f"问题项数 | {len(problems)}项" in said
        assert all(row["具体描述"].rstrip("。") in said for row in problems)
        assert all(f"依据：{row['依据条款']}" in said for row in problems)


def test_the_report_is_due_on_the_latest_deadline_and_its_days_count_from_the_date(outcome: Outcome) -> None:
    for path in of_family(outcome.made, "整改通知书"):
        problems, said = handled()[path.stem.split("整改通知书")[0]], text(path)
        latest = max(day(row["延期至"] or row["整改期限"]) for row in problems)
        assert f"请于{latest.month}月{latest.day}日前" in said
        dated = re.findall(r"\n\t([0-9]{4})年([0-9]+)月([0-9]+)日", said)[0]
        assert f"（自发文之日起{(latest - date(*map(int, dated))).days}日内）" in said


def test_problems_without_a_day_leave_the_deadline_to_each_item(whole: Path) -> None:
    for number in ("WT-202308-01-002", "WT-202308-01-003", "WT-202308-01-004"):
        change(whole, ZONE, "问题整改台账", fill(number, 整改期限=None, 期限说明="开学前"))
    said = text(made(whole, "整改通知书")["清溪县玉泉街道童乐幼儿园整改通知书（2023年8月）"])
    assert said.count("整改期限：开学前") == 3
    assert "请在各项整改期限届满前将整改报告" in said
    assert "报告截止日期 | 见各项整改期限" in said


def test_a_blocked_row_withholds_the_notice_of_its_unit_alone_and_only_where_it_is_handled_so(whole: Path) -> None:
    change(whole, ZONE, "问题整改台账", fill("WT-202308-01-002", 严重程度="很严重"))
    done = report(whole, whole.parent / "out")
    withheld = {item.title for item in done.withheld}
    assert "清溪县玉泉街道童乐幼儿园整改通知书（2023年8月）" in withheld
    assert len([title for title in withheld if "整改通知书" in title]) == 1, "no other unit's notice"
    assert {"城区第一责任区2023年8月教育督导问题整改清单", "清溪县2023年8月教育督导问题整改清单"} <= withheld
    assert len([title for title in withheld if "责任区2023" in title]) == 1, "no other zone's list"
    assert len(of_family(done.made, "通知")) == 2, "督导通知 and 会议通知"
    change(whole, ZONE, "问题整改台账", fill("WT-202308-01-002", 处置方式="现场反馈"))
    done = report(whole, whole.parent / "out")
    assert len(of_family(done.made, "整改通知书")) == 6, "the notices of the other units"


# 整改清单 -------------------------------------------------------------------------------------------------------------


def totals(path: Path) -> tuple[int, int, int]:
    """A list's rows, the sum of its states, and the total that it states."""
    _, *problems, last = rows(path)
    total, states = re.fullmatch("共([0-9]+)个问题：(.*?)(?:；其中逾期[0-9]+个)?。", last[1]).groups()  # type: ignore[union-attr]
    return len(problems), sum(int(number) for number in re.findall("([0-9]+)个", states)), int(total)


def test_the_totals_of_every_list_close_and_those_of_the_zones_make_that_of_the_county(outcome: Outcome) -> None:
    lists = [path for path in of_word(outcome.made) if Tray.LISTS in path.parts]
    assert len(lists) == 68, "the example's lists"
    assert all(len(set(totals(path))) == 1 for path in lists)
    (county,) = of_word(of_family(outcome.made, "清单"))
    open_lists = sum(totals(path)[0] for path in of_family(outcome.made, "责任区"))
    closed_zones = totals(county)[0] - open_lists  # of zones without a problem open any more
    assert closed_zones == 0


def merged_schools(path: Path) -> list[list[str]]:
    """The texts of a list's cells for one school, of which the others are merged with the first."""
    cells = [row.tc_lst[1] for row in Document(str(path)).tables[0]._tbl.tr_lst[1:-1]]
    together: list[list[str]] = []
    for cell in cells:
        assert cell.vMerge in ("restart", "continue")
        if cell.vMerge == "restart":
            together.append([])
        together[-1].append(_Cell(cell, None).text)  # type: ignore[arg-type]
    return together


def test_the_lines_of_one_school_that_follow_one_another_share_its_cell(outcome: Outcome) -> None:
    lists = [path for path in of_word(outcome.made) if Tray.LISTS in path.parts]
    alike = [merged for path in lists for merged in merged_schools(path)]
    assert all(name and not any(rest) for name, *rest in alike)
    assert max(map(len, alike)) == 3
    for path in lists:
        names = [name for name, *_ in merged_schools(path)]
        assert all(name != below for name, below in pairwise(names))


def test_a_list_of_a_school_or_zone_without_open_problems_is_not_made(outcome: Outcome) -> None:
    schools = {path.stem.split("2023")[0] for path in of_family(outcome.made, "学校")}
    still_open = {
        row["学校"]
        for path in EXAMPLE.glob("责任区月报-*.xlsx")
        for row in table(path, "问题整改台账")
        if row["整改状态"] != "已销号" and row["学校"]
    }
    full = {row["规范简称"]: row["学校全称"] for row in table(EXAMPLE / "名录.xlsx", "学校名录")}
    aliases = {
        alias: row["学校全称"]
        for row in table(EXAMPLE / "名录.xlsx", "学校名录")
        for alias in re.split("[;；]", row["别名"] or "")
    }
    assert schools == {full.get(name, aliases.get(name, name)) for name in still_open}


def test_three_thousand_problems_make_one_list_with_three_thousand_rows(whole: Path) -> None:
    def many(page: Worksheet) -> None:
        columns = {cell.value: cell.column for cell in page[1]}
        row = next(line for line in range(2, 99) if str(page.cell(line, 1).value).startswith("WT-202308"))
        values = [cell.value for cell in page[row]]
        start = max(line for line in range(1, page.max_row + 1) if page.cell(line, 1).value) + 1
        for number in range(3000):
            for column, value in enumerate(values, start=1):
                page.cell(start + number, column).value = value
            page.cell(
                start + number, columns["问题编号"]
            ).value = f"WT-{202001 + number // 999}-01-{number % 999 + 1:03}"

    change(whole, ZONE, "问题整改台账", many)
    done = made(whole, "整改清单")
    counted = totals(done["城区第一责任区2023年8月教育督导问题整改清单"])
    assert len(set(counted)) == 1
    assert counted[0] > 3000
    assert max(map(len, merged_schools(done["城区第一责任区2023年8月教育督导问题整改清单"]))) == MOST_MERGED


def test_a_school_with_a_name_of_forty_characters_keeps_every_character_of_it(whole: Path) -> None:
    short, long = "清溪县玉泉街道童乐幼儿园", f"清溪县玉泉街道{'童乐' * 16}幼儿园"
    assert len(long) >= 40
    school = next(row for row in table(EXAMPLE / "名录.xlsx", "学校名录") if row["学校全称"] == short)
    aliases = f"{school['别名']}；{short}" if school["别名"] else short
    change(whole, "名录.xlsx", "学校名录", fill(school["学校编码"], 学校全称=long, 别名=aliases))
    path = made(whole, "整改清单")[f"{long}2023年8月教育督导问题整改清单"]
    assert rows(path)[1][1] == long
