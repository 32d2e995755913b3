"""`next`: the following month's folder, from the example and from an invented county, filled in and reported."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.cli.verbs import main
from pipeline.dossier.building import build_dossier
from pipeline.errors import PipelineError
from pipeline.forms.faults.fault import Severity
from pipeline.forms.period import Period
from pipeline.forms.zone import COUNTY_LEVEL, Problem
from pipeline.intake.files.layout import CODES
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.run.preparing import TO_SEND, Preparation, prepare
from pipeline.run.report import report
from tests.support import county
from tests.support.filling import fill, single, write_single
from tests.support.reading import EXAMPLE, OFFICE, REGISTER, ZONE, change

LEDGER = "问题整改台账"
NEXT = Period.parse(EXAMPLE.name).next  # type: ignore[union-attr]
OWN = "云岭责任区"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's month alone, with the next one prepared beside it; not to be changed."""
    inputs = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, inputs / "各月" / EXAMPLE.name)
    prepare(inputs / "各月", inputs / "文书")
    return inputs


@pytest.fixture
def inputs(example: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(example / "各月", tmp_path / "各月")
    shutil.copytree(example / "文书", tmp_path / "文书")
    return tmp_path


def again(inputs: Path, period: Period | None = None) -> Preparation:
    return prepare(inputs / "各月", inputs / "文书", period)


def prepared(inputs: Path) -> Path:
    return inputs / "各月" / str(NEXT)


def page(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The filled rows of a sheet, label -> value."""
    heading, *rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows if any(value is not None for value in row)]


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def open_problems(month: Month) -> dict[str, str]:
    """The problems open at a month's end, each with the zone that lists it."""
    rows = month.all(Problem)
    return {problem.id: month.zone(problem) for problem in rows if problem.open_on(month.period.last_day)}


def listed(folder: Path) -> dict[str, str]:
    """The problems in a folder's ledgers, each with the zone of its workbook."""
    found = {}
    for path in sorted(folder.glob("责任区月报-*.xlsx")):
        zone = single(load_workbook(path)["填报信息"], "责任区")
        found |= {row["问题编号"]: zone for row in page(path, LEDGER)}
    return found


def offered(path: Path, sheet: str, label: str) -> list[str]:
    """The words of a column's drop-down."""
    book = load_workbook(path)
    words = list(book[CODES].iter_cols(values_only=True))
    column = next(cell.column_letter for cell in book[sheet][1] if cell.value == label)
    rule = next(
        each for each in book[sheet].data_validations.dataValidation if f"{column}3" in each.sqref and each.formula1
    )
    name = rule.formula1.removeprefix("=")
    return next([str(word) for word in each[1:] if word] for each in words if each[0] == name)


# A month, filled in and reported -------------------------------------------------------------------------------------


def reported(inputs: Path, period: Period) -> None:
    """Fill in the prepared month and report it: nothing to put right, and the balance closes by itself."""
    folder = inputs / "各月" / str(period)
    before = load(folder.with_name(str(period.previous)))
    fill(folder)
    outcome = report(inputs / "各月", inputs / "文书")
    assert outcome.period == period
    assert [str(issue) for issue in outcome.issues if issue.severity is Severity.必改] == []
    assert outcome.withheld == ()
    dossier = build_dossier(load(folder))
    assert dossier is not None
    balance = dossier.rectification
    assert balance.carried
    assert balance.opening.value == balance.closing.value == len(open_problems(before))
    assert (balance.new.value, balance.closed.value) == (0, 0)


def test_the_example_goes_on_and_the_balance_closes_without_a_typed_number(inputs: Path) -> None:
    reported(inputs, NEXT)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_invented_county_goes_on(tmp_path: Path, seed: int) -> None:
    county.write(county.county(seed, problems=40, records=20), tmp_path / "各月" / "2024-03")
    made = again(tmp_path)
    assert made.faults == ()
    assert made.period == Period(2024, 4)
    month = load(tmp_path / "各月" / "2024-03")
    assert listed(made.folder) == open_problems(month)
    reported(tmp_path, made.period)


def test_december_goes_on_into_january(tmp_path: Path) -> None:
    county.write(county.county(4, period=Period(2024, 12)), tmp_path / "各月" / "2024-12")
    made = again(tmp_path)
    assert made.folder.name == "2025-01"
    numbers = {row["督导编号"] for row in page(made.folder / OFFICE, "督导工作")}
    carried = {row["督导编号"] for row in page(tmp_path / "各月" / "2024-12" / OFFICE, "督导工作")}
    assert all(number.startswith("DD-2025-") for number in numbers - carried)
    reported(tmp_path, made.period)


# What is in the workbooks --------------------------------------------------------------------------------------------


def test_open_problems_keep_their_numbers_for_life_and_everything_that_stands(example: Path) -> None:
    month = load(example / "各月" / EXAMPLE.name)
    assert listed(prepared(example)) == open_problems(month)
    before = {row["问题编号"]: row for row in page(EXAMPLE / ZONE, LEDGER)}
    for row in page(prepared(example) / ZONE, LEDGER):
        told = before[row["问题编号"]]
        for label in ("具体描述", "整改状态", "整改期限", "整改措施", "整改要求", "责任人", "延期至", "核查意见"):
            assert row[label] == told[label], label


def test_a_problem_of_this_months_notice_takes_its_number_from_the_register(example: Path) -> None:
    rows = [row for path in prepared(example).glob("责任区月报-*.xlsx") for row in page(path, LEDGER)]
    numbers = {row["文号"] for row in page(EXAMPLE / OFFICE, "文件台账") if row["文种"] == "整改通知书"}
    by_notice = [row for row in rows if row["处置方式"] == "整改通知书" and f"{row['发现日期']:%Y-%m}" == EXAMPLE.name]
    assert by_notice
    assert {row["通知书文号"] for row in by_notice} <= numbers


def test_a_zones_workbook_says_whose_it_is_and_leaves_open_what_is_new(example: Path) -> None:
    book, old = load_workbook(prepared(example) / ZONE), load_workbook(EXAMPLE / ZONE)
    told = {row[0].value: row[1].value for row in book["填报信息"].iter_rows(min_row=2)}
    kept = {label: single(old["填报信息"], label) for label in ("填报人", "审核人")}
    expected = {"责任区": OWN, "统计年份": NEXT.year, "统计月份": NEXT.month, "填报日期": None}
    assert told == expected | kept
    assert page(prepared(example) / ZONE, "督导检查记录") == []
    properties = {each.name: each.value for each in book.custom_doc_props.props}
    assert (properties["备表责任区"], properties["备表月份"]) == (OWN, str(NEXT))


def test_drop_downs_hold_only_the_zones_own_names_and_the_running_campaigns(example: Path) -> None:
    registry = EXAMPLE / REGISTER
    towns = {row["乡镇名称"] for row in page(registry, "乡镇街道") if row["责任区"] == OWN}
    schools = {row["学校全称"] for row in page(registry, "学校名录") if row["乡镇街道"] in towns}
    path = prepared(example) / ZONE
    assert set(offered(path, LEDGER, "学校")) == set(offered(path, "督导检查记录", "学校")) == schools
    assert set(offered(path, LEDGER, "乡镇街道")) == towns
    campaigns = [row["督导编号"] for row in page(prepared(example) / OFFICE, "督导工作")]
    assert offered(path, "督导检查记录", "督导编号") == campaigns
    every = {row["学校全称"] for row in page(registry, "学校名录") if row["停用日期"] is None}
    assert set(offered(prepared(example) / f"责任区月报-{COUNTY_LEVEL}.xlsx", LEDGER, "学校")) == every


def test_the_office_finds_running_campaigns_what_is_planned_and_last_months_figures(example: Path) -> None:
    old, new = EXAMPLE / OFFICE, prepared(example) / OFFICE
    running = {row["督导编号"]: row for row in page(old, "督导工作") if row["督导类型"] != "经常性督导"}
    rows = page(new, "督导工作")
    assert [row for row in rows if row["督导编号"] in running] == list(running.values())
    regular, planned = (row for row in rows if row["督导编号"] not in running)
    month = f"{NEXT.year}年{NEXT.month}月"
    assert regular["督导名称"].startswith(month)
    assert (regular["督导内容"], regular["督导主题"], regular["总体结论"]) == (None, None, None)
    items = {row["事项"]: row["类型"] for row in page(old, "下月计划")}
    assert items[planned["督导名称"]] == planned["督导类型"]
    figures = {row["指标名称"]: row["本期值"] for row in page(old, "指标填报")}
    assert {row["指标名称"]: row["上期值"] for row in page(new, "指标填报")} == figures
    assert {row["本期值"] for row in page(new, "指标填报")} == {None}
    told = load_workbook(new)["报告信息"]
    for label in ("拟稿人", "审核人", "签发人", "主送机关"):
        assert single(told, label) == single(load_workbook(old)["报告信息"], label)
    assert single(told, "制表日期") is None


def test_a_meeting_announced_for_the_next_month_is_in_it_and_is_not_announced_again(example: Path) -> None:
    later = [row for row in page(EXAMPLE / OFFICE, "会议培训") if f"{row['日期']:%Y-%m}" == str(NEXT)]
    rows = page(prepared(example) / OFFICE, "会议培训")
    assert [row["活动编号"] for row in rows] == [row["活动编号"] for row in later] != []
    assert {row["需发通知"] for row in rows} == {None}


def test_a_registry_in_the_month_is_copied_and_one_above_the_months_serves_on(example: Path, tmp_path: Path) -> None:
    assert (prepared(example) / REGISTER).read_bytes() == (EXAMPLE / REGISTER).read_bytes()
    shutil.copytree(EXAMPLE, tmp_path / "各月" / EXAMPLE.name)
    (tmp_path / "各月" / EXAMPLE.name / REGISTER).rename(tmp_path / "各月" / REGISTER)
    made = again(tmp_path)
    assert made.registry == tmp_path / "各月" / REGISTER
    assert not (made.folder / REGISTER).exists()


def test_each_zone_has_a_zip_with_its_workbook_outside_the_months_folder(example: Path) -> None:
    zips = example / "文书" / TO_SEND / str(NEXT)
    books = {path.name: path for path in prepared(example).glob("责任区月报-*.xlsx")}
    assert {path.stem for path in zips.glob("*.zip")} == {
        name.removeprefix("责任区月报-").removesuffix(".xlsx") for name in books
    } - {COUNTY_LEVEL}
    for path in zips.glob("*.zip"):
        with zipfile.ZipFile(path) as package:
            name = f"责任区月报-{path.stem}.xlsx"
            assert package.read(name) == books[name].read_bytes()
            told = package.read("说明.txt").decode("utf-8-sig")
        assert path.stem in told
        assert f"{NEXT.year}年{NEXT.month}月" in told


# Again ---------------------------------------------------------------------------------------------------------------


def test_next_twice_changes_nothing(inputs: Path) -> None:
    before = content(inputs)
    made = again(inputs)
    assert content(inputs) == before
    assert made.placed.added == made.placed.renewed == made.placed.left == ()
    again(inputs, NEXT)
    prepare(prepared(inputs), inputs / "文书", NEXT)
    assert content(inputs) == before


def test_until_the_office_begins_the_last_month_stays_the_newest(inputs: Path) -> None:
    assert load(inputs / "各月").period == NEXT.previous
    write_in_office(inputs, "拟稿人", "田禾")
    assert load(inputs / "各月").period == NEXT


def write_in_office(inputs: Path, label: str, value: str) -> None:
    change(prepared(inputs), OFFICE, lambda book: write_single(book["报告信息"], label, value))


def test_a_month_that_is_being_filled_in_is_still_the_one_prepared(inputs: Path) -> None:
    write_in_office(inputs, "拟稿人", "田禾")
    assert again(inputs).period == NEXT
    fill(prepared(inputs))
    assert again(inputs).period == NEXT.next


def test_what_somebody_has_filled_in_is_left_alone_and_told_with_what_it_lacks(inputs: Path) -> None:
    gone = page(prepared(inputs) / ZONE, LEDGER)[-1]["问题编号"]

    def renumber(book: Workbook) -> None:
        cell = next(row[0] for row in book[LEDGER].iter_rows(min_row=2) if row[0].value == gone)
        cell.value = gone[:-3] + "900"

    change(prepared(inputs), ZONE, renumber)
    touched = (prepared(inputs) / ZONE).read_bytes()
    made = again(inputs)
    assert (prepared(inputs) / ZONE).read_bytes() == touched
    (left,) = made.left
    assert (left.name, left.whose, left.lacking) == (ZONE, OWN, (gone,))


def test_a_workbook_under_another_name_is_no_reason_for_a_second(inputs: Path) -> None:
    (prepared(inputs) / ZONE).rename(prepared(inputs) / "云岭九月.xlsx")
    change(prepared(inputs), "云岭九月.xlsx", lambda book: write_single(book["填报信息"], "填报人", "田禾"))
    made = again(inputs)
    assert [left.name for left in made.left] == ["云岭九月.xlsx"]
    assert not (prepared(inputs) / ZONE).exists()


def test_what_nobody_has_filled_in_gives_way_to_a_filled_workbook_of_another_name(inputs: Path) -> None:
    folder = prepared(inputs)
    as_prepared = {name: (folder / name).read_bytes() for name in (ZONE, OFFICE)}
    fill(folder)
    for name, bytes_ in as_prepared.items():
        (folder / name).rename(folder / f"收到的{name}")
        (folder / name).write_bytes(bytes_)
    month = load(inputs / "各月")
    assert month.period == NEXT
    assert {issue.location.workbook for issue in month.issues if issue.number == "FL-66"} == {ZONE, OFFICE}
    assert [str(issue) for issue in month.issues if issue.severity is Severity.必改] == []


def test_a_zone_that_has_filled_in_nothing_has_not_reported_and_its_problems_stand(inputs: Path) -> None:
    folder = prepared(inputs)
    as_prepared = (folder / ZONE).read_bytes()
    fill(folder)
    (folder / ZONE).write_bytes(as_prepared)
    outcome = report(inputs / "各月", inputs / "文书")
    assert OWN in outcome.unreported
    assert [issue.label for issue in outcome.issues if issue.severity is Severity.必改] == ["填报日期"]
    month = load(folder)
    assert len(open_problems(month)) == len(listed(folder))


def test_a_missing_workbook_is_added_and_an_untouched_one_gets_what_is_missing(inputs: Path) -> None:
    (prepared(inputs) / ZONE).unlink()
    other = f"责任区月报-{COUNTY_LEVEL}.xlsx"
    book = load_workbook(inputs / "各月" / EXAMPLE.name / other)
    closed = next(row for row in book[LEDGER].iter_rows(min_row=2) if has(row, "整改状态", "已销号"))
    number = closed[0].value
    for cell in closed:
        label = book[LEDGER].cell(1, cell.column).value
        if label in ("完成日期", "核查人", "核查日期", "核查结论", "销号日期", "佐证材料"):
            cell.value = None
        cell.value = "整改中" if label == "整改状态" else cell.value
    book.save(inputs / "各月" / EXAMPLE.name / other)
    assert number not in listed(prepared(inputs))
    made = again(inputs)
    assert made.placed.added == (ZONE,)
    assert other in made.placed.renewed
    assert listed(prepared(inputs))[number] == COUNTY_LEVEL


def has(row: tuple[Any, ...], label: str, value: str) -> bool:
    return any(cell.value == value and cell.parent.cell(1, cell.column).value == label for cell in row)


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "各月" / EXAMPLE.name)
    folder = tmp_path / "各月" / str(NEXT)
    command = [sys.executable, "-m", "pipeline", "next", str(tmp_path / "各月"), "--output", str(tmp_path / "文书")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(folder.glob("*.xlsx"))) < 3:
            time.sleep(0.0005)
        os.kill(process.pid, signal.SIGKILL)
    whole = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    made = again(tmp_path)
    assert made.placed.left == ()
    assert {path.name for path in folder.iterdir() if ".新-" in path.name} == set()
    assert all((folder / name).read_bytes() == bytes_ for name, bytes_ in whole.items())
    assert set(made.placed.added) | set(whole) == {path.name for path in folder.glob("*.xlsx")}


# Bad input -----------------------------------------------------------------------------------------------------------


def damaged(inputs: Path, name: str, damage: Callable[[Workbook], object]) -> None:
    change(inputs / "各月" / EXAMPLE.name, name, damage)


def put(sheet: str, label: str, line: int, value: object) -> Callable[[Workbook], None]:
    """Writes into a cell of a sheet with rows."""

    def write(book: Workbook) -> None:
        column = next(cell.column for cell in book[sheet][1] if cell.value == label)
        book[sheet].cell(line, column).value = value

    return write


def test_rows_at_fault_are_carried_as_they_are_written_and_named_with_their_cells(inputs: Path) -> None:
    damaged(inputs, ZONE, put(LEDGER, "严重程度", 2, "很严重"))
    number = page(inputs / "各月" / EXAMPLE.name / ZONE, LEDGER)[0]["问题编号"]
    made = again(inputs)
    assert [(issue.location.workbook, issue.label) for issue in made.faults] == [(ZONE, "严重程度")]
    row = next(row for row in page(prepared(inputs) / ZONE, LEDGER) if row["问题编号"] == number)
    assert row["严重程度"] == "很严重"


def test_a_zone_whose_workbook_cannot_be_read_gets_the_problems_of_the_month_before(inputs: Path) -> None:
    fill(prepared(inputs))
    open_before = {number for number, zone in listed(prepared(inputs)).items() if zone == OWN}
    (prepared(inputs) / ZONE).write_bytes(b"PK")
    made = again(inputs)
    assert made.period == NEXT.next
    assert {number for number, zone in listed(made.folder).items() if zone == OWN} == open_before
    assert any(ZONE in issue.location.workbook for issue in made.faults)
    assert sum(f"按 {NEXT.previous} 的表带出" in remark for remark in made.remarks) == len(open_before)


def test_problems_renumbered_by_hand_are_told(inputs: Path) -> None:
    fill(prepared(inputs))
    number = page(prepared(inputs) / ZONE, LEDGER)[0]["问题编号"]
    change(prepared(inputs), ZONE, put(LEDGER, "问题编号", 2, number[:-3] + "901"))
    made = again(inputs)
    (remark,) = (remark for remark in made.remarks if number in remark)
    assert f"改成了 {number[:-3]}901" in remark
    assert number not in listed(made.folder)


def test_a_number_that_a_run_gave_goes_on_even_if_the_rows_change_places(inputs: Path) -> None:
    path = inputs / "各月" / EXAMPLE.name / ZONE
    rows = page(path, LEDGER)
    here = [
        line
        for line, row in enumerate(rows, start=2)
        if f"{row['发现日期']:%Y-%m}" == EXAMPLE.name and row["整改状态"] != "已销号"
    ]
    texts = [rows[line - 2]["具体描述"] for line in here]
    assert len(here) > 1
    for line in here:
        damaged(inputs, ZONE, put(LEDGER, "问题编号", line, None))
    report(inputs / "各月", inputs / "文书")
    given = {p.description: p.id for p in load(path.parent).all(Problem)}
    first, last = here[0], here[-1]
    for label in rows[0]:
        damaged(inputs, ZONE, put(LEDGER, label, first, None if label == "问题编号" else rows[last - 2][label]))
        damaged(inputs, ZONE, put(LEDGER, label, last, None if label == "问题编号" else rows[first - 2][label]))
    made = again(inputs)
    assert made.faults == ()
    carried = {row["具体描述"]: row["问题编号"] for row in page(prepared(inputs) / ZONE, LEDGER)}
    assert {text: carried[text] for text in texts} == {text: given[text] for text in texts}


def test_an_abolished_zones_problems_go_to_the_zone_of_their_schools(inputs: Path) -> None:
    def abolish(book: Workbook) -> None:
        for row in book["督学责任区"].iter_rows(min_row=2):
            if row[1].value == OWN:
                heading = [cell.value for cell in book["督学责任区"][1]]
                row[heading.index("停用日期")].value = NEXT.last_day.replace(day=1)
        column = next(cell.column for cell in book["乡镇街道"][1] if cell.value == "责任区")
        for row in book["乡镇街道"].iter_rows(min_row=2):
            if row[column - 1].value == OWN:
                row[column - 1].value = "鹿坪责任区"

    own = {number for number, zone in listed(prepared(inputs)).items() if zone == OWN}
    shutil.rmtree(prepared(inputs))
    (prepared(inputs)).mkdir()
    shutil.copy(EXAMPLE / REGISTER, prepared(inputs))
    change(prepared(inputs), REGISTER, abolish)
    made = again(inputs)
    assert not (prepared(inputs) / ZONE).exists()
    assert {listed(prepared(inputs))[number] for number in own} == {"鹿坪责任区"}
    assert any(remark.startswith(f"{OWN}的 {len(own)} 个问题改由鹿坪责任区填报") for remark in made.remarks)
    assert REGISTER not in {*made.placed.added, *made.placed.renewed}


def test_a_new_zone_gets_a_workbook(inputs: Path) -> None:
    def found(book: Workbook) -> None:
        heading = [cell.value for cell in book["督学责任区"][1]]
        new = {"责任区编号": "Z90", "责任区名称": "新港责任区", "启用日期": NEXT.first_day}
        line = next(row[0].row for row in book["督学责任区"].iter_rows(min_row=2) if row[0].value == "Z10") + 1
        for label, value in new.items():
            book["督学责任区"].cell(line, heading.index(label) + 1).value = value

    change(prepared(inputs), REGISTER, found)
    made = again(inputs)
    assert made.placed.added == ("责任区月报-新港责任区.xlsx",)
    assert made.carried["新港责任区"] == 0


def test_a_month_without_the_one_before_it_is_refused(inputs: Path) -> None:
    with pytest.raises(PipelineError, match=f"没有 {NEXT.next.next} 这个月的文件夹"):
        again(inputs, NEXT.next.next.next)


def test_a_folder_that_is_not_named_after_a_month_is_refused(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "本月")
    with pytest.raises(PipelineError, match="没有以月份命名"):
        prepare(tmp_path / "本月", tmp_path / "文书")


def test_zips_are_not_put_among_the_months(inputs: Path) -> None:
    with pytest.raises(PipelineError, match="混在一起"):
        prepare(inputs / "各月", inputs / "各月")


def test_a_record_that_is_damaged_makes_every_file_somebodys(inputs: Path) -> None:
    (record,) = prepared(inputs).glob(".*.json")
    record.write_text(json.dumps([1]), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in prepared(inputs).glob("*.xlsx")}
    again(inputs, NEXT)
    assert {path.name: path.read_bytes() for path in prepared(inputs).glob("*.xlsx")} == before


# The verb ------------------------------------------------------------------------------------------------------------


def test_the_verb_says_what_it_did(inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (prepared(inputs) / ZONE).unlink()
    assert main(["next", str(inputs / "各月"), "--output", str(inputs / "文书"), "--period", str(NEXT)]) == 0
    shown = capsys.readouterr().out
    assert f"新备 1 份：{ZONE}" in shown
    damaged(inputs, ZONE, put(LEDGER, "严重程度", 2, "很严重"))
    assert main(["next", str(inputs / "各月"), "--output", str(inputs / "文书")]) == 1
    assert "很严重" in capsys.readouterr().out
    assert main(["next", str(inputs / "各月"), "--period", "2024Q1"]) == 2
    assert "不是月份" in capsys.readouterr().err
