"""问题台账.xlsx: read back with another library, its sums closed, its cells never formulas; LibreOffice opens it."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.dossier.figures import Absent, Figure, How
from pipeline.excel import listing
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from tests.support.letters import change, everywhere, fill
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE, lines, of_family, table

HEADING = 3
"""The row of the headings."""
STATES = ["未启动", "整改中", "已完成待核查", "退回重改", "已销号"]


def register(made: tuple[Path, ...]) -> Path:
    (path,) = (path for path in of_family(made, "清单") if path.suffix == ".xlsx")
    return path


def opened(path: Path) -> Any:
    return load_workbook(path).active


def rows(path: Path) -> list[dict[str, Any]]:
    """The problems, heading -> value."""
    heading, *found = list(opened(path).iter_rows(min_row=HEADING, values_only=True))
    return [dict(zip(heading, row, strict=True)) for row in found if row[0] is not None]


def totals(path: Path) -> dict[str, int]:
    """The block below the problems."""
    below = opened(path).iter_rows(min_row=HEADING + 1, max_col=3, values_only=True)
    return {str(name): number for first, name, number in below if first is None and name is not None}


def test_each_problem_of_the_workbooks_has_a_row_that_says_what_they_say(outcome: Outcome) -> None:
    found = {row["问题编号"]: row for row in rows(register(outcome.made))}
    written = {row["问题编号"]: row for row in everywhere("问题整改台账")}
    assert set(found) == set(written)
    for number, row in found.items():
        same = ("来源", "问题类别", "严重程度", "具体描述", "整改要求", "责任单位", "责任人", "整改状态")
        assert {label: row[label] for label in same} == {label: written[number][label] for label in same}
        for label in ("发现日期", "整改期限", "延期至"):
            assert row[label] == written[number][label], "real dates"
        late = written[number]["延期至"] or written[number]["整改期限"]
        waits = row["整改状态"] in ("已完成待核查", "已销号")
        days = (datetime(2023, 8, 31) - late).days if late and not waits else 0
        assert row["逾期天数"] == (days if days > 0 else None)


def test_towns_and_zones_are_those_of_the_register_of_schools(outcome: Outcome) -> None:
    towns = {row["学校全称"]: row["乡镇街道"] for row in table(EXAMPLE / "名录.xlsx", "学校名录")}
    told = rows(register(outcome.made))
    assert all(row["乡镇街道"] == towns[row["学校"]] for row in told if row["学校"])
    assert {row["责任区"] for row in told} >= {"县本级", "云岭责任区"}
    assert {row["督导名称"] for row in told if row["来源"] == "视导"} == {"云岭镇创建教育强镇工作视导"}


def test_the_sums_by_state_close_and_are_those_of_the_rows(outcome: Outcome) -> None:
    path = register(outcome.made)
    told, block = rows(path), totals(path)
    counted = Counter(row["整改状态"] for row in told)
    assert block == {"合计": len(told), **{state: counted[state] for state in STATES if counted[state]}, "其中逾期": 7}
    assert sum(block[state] for state in STATES if state in block) == block["合计"]
    assert block["其中逾期"] == len([row for row in told if row["逾期天数"]])


def test_the_sheet_is_made_for_reading_sorting_and_printing(outcome: Outcome) -> None:
    sheet = opened(register(outcome.made))
    last = HEADING + len(rows(register(outcome.made)))
    assert sheet.freeze_panes == f"C{HEADING + 1}"
    assert sheet.auto_filter.ref == f"A{HEADING}:U{last}"
    assert sheet.print_title_rows == f"$1:${HEADING}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8), "A3"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    dates = [cell for row in sheet.iter_rows(min_row=HEADING + 1) for cell in row if isinstance(cell.value, datetime)]
    assert dates
    assert {cell.number_format for cell in dates} == {"yyyy-mm-dd"}
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows(HEADING, last) for cell in row)


def test_the_same_input_gives_the_same_bytes(outcome: Outcome, tmp_path: Path) -> None:
    again = register(report(EXAMPLE, tmp_path).made)
    assert again.read_bytes() == register(outcome.made).read_bytes()


def test_a_month_without_problems_has_no_register(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "2023-08")
    for path in folder.glob("责任区月报-*.xlsx"):
        book = load_workbook(path)
        book["问题整改台账"].delete_rows(2, 100)
        for row in book["督导检查记录"].iter_rows(min_row=2):
            row[-1].value = 0 if row[0].value else None
        book.save(path)
    assert of_family(report(folder, tmp_path / "out").made, "清单") == []


# Withholding and drafts -----------------------------------------------------------------------------------------------


def test_a_faulty_problem_withholds_the_register_and_a_draft_leaves_it_out(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    change(folder, "责任区月报-县本级.xlsx", "问题整改台账", fill("WT-202308-00-004", 严重程度="很严重"))
    done = report(folder, tmp_path / "out")
    assert [path for path in of_family(done.made, "清单") if path.suffix == ".xlsx"] == []
    (withheld,) = (one for one in done.withheld if one.title == "清溪县2023年8月教育督导问题台账")
    assert "严重程度" in withheld.reasons[0]
    draft = register(report(folder, tmp_path / "out", RunOptions(draft=True)).made)
    assert draft.stem.endswith("（草稿）")
    assert "WT-202308-00-004" not in {row["问题编号"] for row in rows(draft)}
    assert "草稿　不得印发" in opened(draft)["A1"].value
    assert opened(draft).oddHeader.center.text == "草稿　不得印发"
    assert lines(draft)[-1].startswith("1.责任区月报-县本级.xlsx")


# Any text, any length -------------------------------------------------------------------------------------------------

NASTY = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "<b>&\"'", "_x000D_", "一\n二", "0012"]


def listed(names: list[str]) -> dict[str, Any]:
    """A listing with these names."""
    return {
        "标题": names[0],
        "说明": names[-1],
        "各行": [
            {
                "序号": number,
                "学校": name,
                "期限": date(2024, 1, 1) + timedelta(number % 366),
                "销号日期": Absent("销号日期"),
            }
            for number, name in enumerate(names, start=1)
        ],
        "合计": [{"名称": "合计", "数量": Figure(len(names), "行数", How.COUNT)}],
    }


def test_what_begins_like_a_formula_is_text_and_stays_text(tmp_path: Path) -> None:
    listing.render(listed(NASTY), tmp_path / "台账.xlsx")
    sheet = opened(tmp_path / "台账.xlsx")
    cells = [row[1] for row in sheet.iter_rows(min_row=HEADING + 1, max_row=HEADING + len(NASTY))]
    assert [cell.value for cell in cells] == NASTY
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [cell.quotePrefix for cell in cells] == [name[0] in "=+-@\t" for name in NASTY]


def test_days_before_1900_and_texts_beyond_the_limit_of_excel_are_not_lost(tmp_path: Path) -> None:
    context = listed(["长" * 40_000])
    context["各行"][0]["期限"] = date(1024, 3, 1)
    listing.render(context, tmp_path / "台账.xlsx")
    (row,) = rows(tmp_path / "台账.xlsx")
    assert row["期限"] == "1024-03-01"
    assert row["学校"].startswith("长" * 16_000)
    assert row["学校"].endswith("（过长，未全列）")


def test_three_thousand_rows_with_names_of_forty_characters_open_in_libreoffice(tmp_path: Path) -> None:
    names = [f"{'望溪镇中心小学教学点' * 4}"[: 40 - len(str(number))] + str(number) for number in range(3000)]
    listing.render(listed([*names, *NASTY]), tmp_path / "台账.xlsx")
    assert [row["学校"] for row in rows(tmp_path / "台账.xlsx")][:3000] == names
    assert totals(tmp_path / "台账.xlsx") == {"合计": 3000 + len(NASTY)}
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    filters = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    command = [SOFFICE, profile, "--headless", "--convert-to", filters, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "台账.xlsx")], check=True, capture_output=True, timeout=120)
    with (tmp_path / "台账.csv").open(encoding="utf-8", newline="") as stream:
        shown = list(csv.reader(stream))
    assert shown[HEADING - 1] == ["序号", "学校", "期限", "销号日期"]
    assert [row[1] for row in shown[HEADING : HEADING + 3000]] == names
    assert [row[1] for row in shown[HEADING + 3000 : HEADING + 3000 + len(NASTY)]] == NASTY, "no formula is computed"
    assert shown[HEADING][2] == "2024-01-02"
