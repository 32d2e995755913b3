"""Workbooks that go back with their faults, and come back corrected: the loop of a month, carried out with files."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.forms.faults.fault import Severity
from pipeline.forms.period import Period
from pipeline.intake.files.marks import ANSWER, FAULTS
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.trays import Tray
from pipeline.workbooks.marking.marking import LIST
from tests.support.months import part_of_example, write_last_month
from tests.support.reading import COUNTY, EXAMPLE, OFFICE, ZONE, change, lines
from tests.test_damaged import DAMAGES, SHEETS, address, damage, told_of

LEDGER, RECORDS = "问题整改台账", "督导检查记录"
WHOSE = "云岭责任区"
OF_OFFICE = "督导室"


def month_of(path: Path) -> Path:
    return part_of_example(path / "in" / "2023-08")


def run(path: Path) -> Outcome:
    return report(path / "in", path / "out", RunOptions())


def returned(path: Path, name: str = ZONE, whose: str = WHOSE) -> Path:
    return path / "out" / "2023-08" / Tray.RETURNED / whose / name


def message(path: Path, whose: str = WHOSE) -> str:
    return returned(path, "回复.txt", whose).read_text(encoding="utf-8-sig")


def manifest(path: Path, month: str = "2023-08") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((path / "out" / month / MANIFEST).read_text(encoding="utf-8"))
    return found


def give_back_in(path: Path, correct: Callable[[Workbook], object]) -> None:
    """What a clerk does: correct the returned file; what the office does: put it into the month's folder."""
    book = load_workbook(returned(path))
    correct(book)
    book.save(path / "in" / "2023-08" / ZONE)


def put(sheet: str, **cells: object) -> Callable[[Workbook], object]:
    def change_(book: Workbook) -> None:
        for cell, value in cells.items():
            book[sheet][cell] = value

    return change_


def verified(book: Workbook, line: int, words: str) -> None:
    page = book[RECORDS]
    page.cell(line, next(cell.column for cell in page[1] if cell.value == ANSWER)).value = words


def severities(outcome: Outcome) -> list[str]:
    return [str(issue.severity) for issue in outcome.issues if issue.location.workbook == ZONE]


# The loop ------------------------------------------------------------------------------------------------------------


def test_a_month_without_faults_has_no_returns(tmp_path: Path) -> None:
    month_of(tmp_path)
    outcome = run(tmp_path)
    assert outcome.returned == ()
    assert not (outcome.folder / Tray.RETURNED).exists()
    assert {"returns", "replies"}.isdisjoint(manifest(tmp_path))


def test_three_faults_go_back_and_come_back_corrected(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(LEDGER, E2="3月底", L3="很重", Q4="待定"))
    first = run(tmp_path)
    assert [(one.whose, one.faults, one.changes) for one in first.returned] == [(WHOSE, 3, None)]
    assert [path.name for path in first.returned[0].files] == [ZONE, "回复.txt"]
    assert "上次" not in message(tmp_path)
    give_back_in(tmp_path, put(LEDGER, E2=datetime(2023, 6, 15), L3="一般", P4="随便"))
    second = run(tmp_path)
    assert severities(second).count("必改") == 2
    assert "上次 3 处，已改 2 处，新增 1 处。" in message(tmp_path)
    change(tmp_path / "in" / "2023-08", ZONE, put(LEDGER, Q4=datetime(2023, 8, 25), P4="立行立改"))
    third = run(tmp_path)
    assert third.returned == ()
    assert not (third.folder / Tray.RETURNED).exists()
    assert [(whose, found.before, found.fixed) for whose, found in third.cleared] == [(WHOSE, 2, 2)]


def test_a_second_run_over_the_same_workbooks_writes_the_same_bytes(tmp_path: Path) -> None:
    def content() -> dict[str, bytes]:
        folder = tmp_path / "out" / "2023-08"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    change(month_of(tmp_path), ZONE, put(LEDGER, E2="3月底", L3="很重"))
    run(tmp_path)
    first = content()
    run(tmp_path)
    assert content() == first
    give_back_in(tmp_path, put(LEDGER, L3="一般"))
    run(tmp_path)
    second = content()
    run(tmp_path)
    assert content() == second


def test_a_message_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(LEDGER, E2="3月底", L3="很重"))
    change(tmp_path / "in" / "2023-08", ZONE, put(RECORDS, C3=datetime(2023, 7, 30)))
    run(tmp_path)
    assert message(tmp_path).splitlines()[:4] == [
        f"《{ZONE}》校验有必改 2 处、请核实 2 处。",
        f"1. {LEDGER} E2“发现日期”：“3月底”缺年份或日，请写全年月日，如 2023-08-31",
        f"2. {LEDGER} L3“严重程度”：“很重”不在选项之内，是否应为“严重”，可选：轻微、一般、严重、重大隐患",
        f"3. {RECORDS} C3“日期”：日期 2023-07-30 早于本月，请核实；补报以前的检查不必改",
    ]
    assert "请在 8 月 31 日督导室制表之前交回" in message(tmp_path)
    assert "【校验】核实说明" in message(tmp_path)


def test_a_returned_workbook_is_among_what_is_sent_to_its_zone(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(LEDGER, E2="3月底"))
    outcome = report(tmp_path / "in", tmp_path / "out", RunOptions(parcels=True))
    parcel = next(path for path in outcome.parcels if path.stem == WHOSE)
    with zipfile.ZipFile(parcel) as package:
        assert ZONE in package.namelist()
        assert package.read(ZONE) == returned(tmp_path).read_bytes()


def test_the_office_gets_its_own_workbooks_back(tmp_path: Path) -> None:
    change(month_of(tmp_path), OFFICE, put("督导工作", F2="待定"))
    outcome = run(tmp_path)
    assert [one.whose for one in outcome.returned] == [OF_OFFICE]
    assert load_workbook(returned(tmp_path, OFFICE, OF_OFFICE)).sheetnames[0] == LIST


@pytest.mark.slow
@pytest.mark.parametrize("copy", ["甲", "乙", "丙"])
def test_every_fault_goes_back_marked_and_comes_back_clean(copy: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "in" / "2023-08"))
    if copy == "丙":
        write_last_month(tmp_path / "in" / "2023-07")
    baseline = told_of(load(folder))
    damage(copy, folder)
    damaged = load(folder)
    outcome = report(tmp_path / "in", tmp_path / "out", RunOptions())
    back = {path.name: path for one in outcome.returned for path in one.files if path.suffix == ".xlsx"}
    weighty = [
        issue
        for issue in damaged.issues
        if issue.severity is not Severity.提示 and "/" not in issue.location.workbook and issue.location.sheet
    ]
    assert {issue.location.workbook for issue in weighty} == set(back)
    for name, path in back.items():
        text = "\n".join(lines(path))
        for issue in (one for one in weighty if one.location.workbook == name):
            assert issue.sentence in text, str(issue)
        shutil.copy(path, folder / name)
    assert told_of(load(folder)) == told_of(damaged)  # marks are not data
    mine = [entry for entry in DAMAGES if entry["copy"] == copy]
    for name in dict.fromkeys(entry["workbook"] for entry in mine):
        if not (EXAMPLE / name).exists():
            (folder / name).unlink()
            continue
        book, original = load_workbook(folder / name), load_workbook(EXAMPLE / name)
        for entry in (one for one in mine if one["workbook"] == name and one["label"]):
            sheet = SHEETS[entry["sheet"]]
            cell = address(original[entry["sheet"]], sheet, entry["line"], entry["label"])
            book[entry["sheet"]][cell] = original[entry["sheet"]][cell].value
        book.save(folder / name)
    assert told_of(load(folder)) == baseline
    assert report(tmp_path / "in", tmp_path / "out", RunOptions()).returned == ()


# Replies -------------------------------------------------------------------------------------------------------------


def asked(path: Path) -> Outcome:
    """A month in which one date is to be verified for two reasons, and the file that went back for them."""
    change(month_of(path), ZONE, put(RECORDS, C3=datetime(2023, 7, 30)))
    outcome = run(path)
    assert severities(outcome).count("请核实") == 2
    return outcome


def test_what_is_verified_is_not_asked_again(tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, "补报7月的检查，已核对"))
    outcome = run(tmp_path)
    assert severities(outcome).count("请核实") == 0
    assert {(one.issue.number, one.words, one.since) for one in outcome.settled} == {
        ("JC-03", "补报7月的检查，已核对", "2023-08"),
        ("JC-04", "补报7月的检查，已核对", "2023-08"),
    }
    page = load_workbook(outcome.results)["已答复"]
    assert [cell.value for cell in page[2]][:5] == ["已答复", ZONE, RECORDS, "C3", "日期"]
    assert page["H2"].value == "补报7月的检查，已核对"
    assert len(manifest(tmp_path)["replies"]) == 2


def test_a_reply_is_remembered_if_the_column_is_deleted(tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, "补报7月的检查，已核对"))
    run(tmp_path)
    change(month_without_marks(tmp_path), ZONE, put(RECORDS, C3=datetime(2023, 7, 30)))
    assert severities(run(tmp_path)).count("请核实") == 0
    assert severities(run(tmp_path)).count("请核实") == 0


def month_without_marks(path: Path) -> Path:
    """The month's folder with the zone's workbook as it was before it ever came back."""
    shutil.copy(EXAMPLE / ZONE, path / "in" / "2023-08" / ZONE)
    return path / "in" / "2023-08"


def test_a_reply_holds_in_later_months_too(tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, "补报7月的检查，已核对"))
    run(tmp_path)
    (tmp_path / "out" / "2023-08").rename(tmp_path / "out" / "2023-07")
    change(month_without_marks(tmp_path), ZONE, put(RECORDS, C3=datetime(2023, 7, 30)))
    outcome = run(tmp_path)
    assert severities(outcome).count("请核实") == 0
    assert {one.since for one in outcome.settled} == {"2023-08"}


def test_a_reply_beside_a_cell_that_has_changed_is_asked_for_again(tmp_path: Path) -> None:
    asked(tmp_path)

    def correct(book: Workbook) -> None:
        verified(book, 3, "补报7月的检查，已核对")
        book[RECORDS]["C3"] = datetime(2023, 7, 29)

    give_back_in(tmp_path, correct)
    outcome = run(tmp_path)
    assert severities(outcome).count("请核实") == 2
    assert outcome.settled == ()
    said = next(issue.sentence for issue in outcome.issues if issue.number == "JC-03")
    assert said.endswith("（原来写的核实说明“补报7月的检查，已核对”说的是改动之前的内容，请重新核实）")
    page = load_workbook(returned(tmp_path))[RECORDS]
    assert "补报7月的检查，已核对" in [cell.value for cell in page[3]]


def test_a_cell_that_changes_later_is_asked_about_again(tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, "补报7月的检查，已核对"))
    run(tmp_path)
    change(month_without_marks(tmp_path), ZONE, put(RECORDS, C3=datetime(2023, 7, 29)))
    assert severities(run(tmp_path)).count("请核实") == 2


def test_a_reply_may_be_about_one_column_alone(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(RECORDS, C3=datetime(2023, 7, 30)))
    run(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, "日期：补报；学校：没有这一问"))
    outcome = run(tmp_path)
    assert {one.words for one in outcome.settled} == {"补报"}


@pytest.mark.parametrize("words", ["无", "/", " "])
def test_a_reply_that_says_nothing_settles_nothing(words: str, tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: verified(book, 3, words))
    assert severities(run(tmp_path)).count("请核实") == 2


def test_a_row_with_another_fault_shows_what_is_answered(tmp_path: Path) -> None:
    asked(tmp_path)

    def correct(book: Workbook) -> None:
        verified(book, 3, "补报7月的检查，已核对")
        book[LEDGER]["E2"] = "3月底"

    give_back_in(tmp_path, correct)
    run(tmp_path)
    page = load_workbook(returned(tmp_path))[RECORDS]
    words = page.cell(3, next(cell.column for cell in page[1] if cell.value == FAULTS)).value
    assert words.startswith("【已核实】“日期”：日期 2023-07-30 早于本月")
    give_back_in(tmp_path, put(LEDGER, E2=datetime(2023, 6, 15)))
    assert severities(run(tmp_path)).count("请核实") == 0


def without_words(book: Workbook) -> None:
    page = book[RECORDS]
    column = next(cell.column for cell in page[1] if cell.value == FAULTS)
    for line in range(2, page.max_row + 1):
        page.cell(line, column).value = None


def test_a_reply_whose_question_was_deleted_is_taken_if_the_run_remembers_that_it_asked(tmp_path: Path) -> None:
    asked(tmp_path)
    give_back_in(tmp_path, lambda book: (verified(book, 3, "补报7月的检查，已核对"), without_words(book)))
    assert severities(run(tmp_path)).count("请核实") == 0


def test_a_reply_is_not_taken_for_a_cell_changed_since_though_its_question_was_deleted(tmp_path: Path) -> None:
    asked(tmp_path)
    words = "补报7月的检查，已核对"

    def correct(book: Workbook) -> None:
        verified(book, 3, words)
        without_words(book)
        book[RECORDS]["C3"] = datetime(2023, 7, 29)

    give_back_in(tmp_path, correct)
    for _ in range(2):  # a second run over the same file has asked before, but after the reply was written
        outcome = run(tmp_path)
        assert severities(outcome).count("请核实") == 2
        assert outcome.settled == ()
    assert f"原有的核实说明“{words}”写在问这一处之前，没有采用" in message(tmp_path)
    give_back_in(tmp_path, lambda book: (verified(book, 3, "是7月29日"), without_words(book)))
    assert severities(run(tmp_path)).count("请核实") == 0


def test_a_reply_beside_a_correction_does_not_answer_what_the_correction_raises(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(RECORDS, C3="7月底"))
    assert severities(run(tmp_path)).count("请核实") == 0
    change(tmp_path / "in" / "2023-08", ZONE, put(LEDGER, E2="3月底"))
    run(tmp_path)

    def correct(book: Workbook) -> None:
        page = book[RECORDS]
        place = next((cell.column for cell in page[1] if cell.value == ANSWER), page.max_column + 1)
        page.cell(1, place).value = ANSWER
        page.cell(3, place).value = "已改正"
        page["C3"] = datetime(2023, 7, 30)

    give_back_in(tmp_path, correct)
    for _ in range(2):
        outcome = run(tmp_path)
        assert severities(outcome).count("请核实") == 2
        assert outcome.settled == ()
    page = load_workbook(returned(tmp_path))[RECORDS]
    assert "已改正" in [cell.value for cell in page[3]]
    give_back_in(tmp_path, lambda book: verified(book, 3, "补报7月的检查"))
    assert severities(run(tmp_path)).count("请核实") == 0


# Files that cannot be marked -----------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_comes_back_as_a_message_alone(tmp_path: Path) -> None:
    folder = month_of(tmp_path)
    (folder / ZONE).write_bytes((EXAMPLE / ZONE).read_bytes()[:3000])
    (folder / "责任区月报-石鼓责任区.et").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    outcome = run(tmp_path)
    back = {one.whose: [path.name for path in one.files] for one in outcome.returned}
    assert back == {WHOSE: ["回复.txt"], "石鼓责任区": ["回复.txt"]}
    assert message(tmp_path).splitlines()[0] == f"《{ZONE}》校验有必改 1 处，这份文件读不了，没有附回。"
    assert "文件不完整或已损坏，请从原处重新复制" in message(tmp_path)
    assert "另存为 .xlsx" in message(tmp_path, "石鼓责任区")


def test_a_workbook_that_cannot_be_marked_comes_back_in_the_form_of_the_blank(tmp_path: Path) -> None:
    folder = month_of(tmp_path)
    change(folder, ZONE, put(LEDGER, E3="3月底"))
    change(folder, ZONE, lambda book: book[LEDGER].delete_rows(2))
    with zipfile.ZipFile(folder / ZONE) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/styles.xml"] = re.sub(rb"<borders.*?</borders>", b"", parts["xl/styles.xml"], flags=re.DOTALL)
    with zipfile.ZipFile(folder / ZONE, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    run(tmp_path)
    page = load_workbook(returned(tmp_path))[LEDGER]
    assert page["E2"].value == "3月底"
    assert page.cell(2, next(cell.column for cell in page[1] if cell.value == FAULTS)).value.startswith(
        "【必改】“发现日期”"
    )
    assert load_workbook(returned(tmp_path))[LIST]["C4"].value == "E2"


def test_several_months_as_one_have_no_returns(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put(LEDGER, E2="3月底"))
    outcome = report(tmp_path / "in", tmp_path / "out", RunOptions(Period.parse_longer("2023Q3")))
    assert outcome.returned == ()
    assert outcome.results.exists()


# Lineage -------------------------------------------------------------------------------------------------------------


def numbers(outcome: Outcome, *kinds: str) -> list[tuple[str, str]]:
    found = [(issue.number, issue.location.workbook) for issue in outcome.issues]
    return [(number, name) for number, name in found if number.startswith(kinds or ("FL",))]


def saved_as(path: Path, name: str, when: str, *changes: Callable[[Workbook], object]) -> None:
    """A corrected file under another name, beside the others; when: as the program that saved it noted."""
    book = load_workbook(returned(path))
    for change_ in changes:
        change_(book)
    target = path / "in" / "2023-08" / name
    book.save(target)
    with zipfile.ZipFile(target) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    core = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when.encode(), parts["docProps/core.xml"])
    with zipfile.ZipFile(target, "w") as package:
        for part, content in (parts | {"docProps/core.xml": core}).items():
            package.writestr(part, content)


FIXED = put(LEDGER, E2=datetime(2023, 6, 15), L3="一般")


def faulty(path: Path) -> None:
    change(month_of(path), ZONE, put(LEDGER, E2="3月底", L3="很重"))
    run(path)


def test_a_corrected_file_beside_the_old_one_is_read(tmp_path: Path) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "改.xlsx", "2023-09-01T08:00:00Z", FIXED)
    outcome = run(tmp_path)
    assert numbers(outcome) == [("FL-65", ZONE)]
    assert outcome.returned == ()
    assert [str(issue.severity) for issue in outcome.issues if issue.number == "FL-65"] == ["提示"]
    assert "读的是《改.xlsx》" in next(issue.sentence for issue in outcome.issues if issue.number == "FL-65")


def test_a_file_corrected_twice_wins_over_both_earlier_states(tmp_path: Path) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "一改.xlsx", "2023-09-01T08:00:00Z", put(LEDGER, L3="一般"))
    run(tmp_path)
    shutil.copy(returned(tmp_path, "一改.xlsx"), returned(tmp_path))
    saved_as(tmp_path, "二改.xlsx", "2023-08-01T08:00:00Z", FIXED)
    outcome = run(tmp_path)
    assert sorted(numbers(outcome)) == [("FL-65", "一改.xlsx"), ("FL-65", ZONE)]
    assert outcome.returned == ()


def test_a_corrected_zone_does_not_hide_that_two_files_are_one(tmp_path: Path) -> None:
    change(month_of(tmp_path), ZONE, put("填报信息", B2="云领责任区"))
    run(tmp_path)
    whose = next(path for path in (tmp_path / "out" / "2023-08" / Tray.RETURNED).iterdir()).name
    shutil.copy(returned(tmp_path, ZONE, whose), tmp_path / "back.xlsx")
    change(tmp_path, "back.xlsx", put("填报信息", B2=WHOSE))
    shutil.copy(tmp_path / "back.xlsx", tmp_path / "in" / "2023-08" / "改.xlsx")
    assert numbers(run(tmp_path)) == [("FL-65", ZONE)]


EMPTIED = (lambda book: book[LEDGER].delete_rows(2, 99), lambda book: book[RECORDS].delete_rows(2, 99))


@pytest.mark.parametrize("corrected", [False, True])
def test_a_zone_whose_workbook_was_made_from_another_zones_returned_file_is_not_dropped(
    corrected: bool, tmp_path: Path
) -> None:
    faulty(tmp_path)
    (tmp_path / "in" / "2023-08" / COUNTY).unlink()
    if corrected:
        saved_as(tmp_path, ZONE, "2023-09-01T08:00:00Z", FIXED)
    saved_as(tmp_path, "新.xlsx", "2023-09-02T08:00:00Z", put("填报信息", B2="县本级"), *EMPTIED)
    outcome = run(tmp_path)
    assert numbers(outcome) == []
    assert [one.whose for one in outcome.returned] == ([] if corrected else [WHOSE])
    assert load(tmp_path / "in" / "2023-08").zone_of_workbook == {ZONE: WHOSE, "新.xlsx": "县本级"}


def test_a_workbook_of_another_month_made_from_a_returned_file_does_not_replace_that_of_the_month(
    tmp_path: Path,
) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "下月.xlsx", "2023-09-02T08:00:00Z", put("填报信息", B4=9), FIXED)
    assert numbers(run(tmp_path)) == [("FL-04", "下月.xlsx")]
    assert severities(run(tmp_path)).count("必改") == 2


def test_of_two_corrected_files_the_later_one_is_read_if_it_has_fewer_faults(tmp_path: Path) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "甲改.xlsx", "2023-09-01T08:00:00Z", put(LEDGER, L3="一般"))
    saved_as(tmp_path, "乙改.xlsx", "2023-09-02T08:00:00Z", FIXED)
    outcome = run(tmp_path)
    assert sorted(numbers(outcome)) == sorted([("FL-65", "甲改.xlsx"), ("FL-65", ZONE)])


def test_two_corrected_files_with_different_faults_are_told_as_two_reports_of_one_zone(tmp_path: Path) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "甲改.xlsx", "2023-09-01T08:00:00Z", put(LEDGER, L3="一般"))
    saved_as(tmp_path, "乙改.xlsx", "2023-09-02T08:00:00Z", put(LEDGER, E2=datetime(2023, 6, 15)))
    outcome = run(tmp_path)
    assert sorted(numbers(outcome)) == sorted([("FL-06", "甲改.xlsx"), ("FL-06", "乙改.xlsx"), ("FL-65", ZONE)])
    assert sorted(path.name for one in outcome.returned for path in one.files) == ["乙改.xlsx", "回复.txt", "甲改.xlsx"]


def test_a_file_that_came_back_unchanged_beside_the_old_one_is_read_once(tmp_path: Path) -> None:
    faulty(tmp_path)
    saved_as(tmp_path, "没改.xlsx", "2023-09-01T08:00:00Z")
    outcome = run(tmp_path)
    assert numbers(outcome) == [("FL-65", ZONE)]
    assert severities(outcome) == ["提示"]


def test_a_corrected_workbook_of_the_office_wins_too(tmp_path: Path) -> None:
    change(month_of(tmp_path), OFFICE, put("督导工作", F2="待定"))
    run(tmp_path)
    book = load_workbook(returned(tmp_path, OFFICE, OF_OFFICE))
    book["督导工作"]["F2"] = load_workbook(EXAMPLE / OFFICE)["督导工作"]["F2"].value
    book.save(tmp_path / "in" / "2023-08" / "督导室月报（改）.xlsx")
    outcome = run(tmp_path)
    assert numbers(outcome) == [("FL-65", OFFICE)]
    assert outcome.returned == ()


def test_a_file_marked_by_an_older_version_is_marked_anew(tmp_path: Path) -> None:
    faulty(tmp_path)
    book = load_workbook(returned(tmp_path))
    for name in ("退回原件", "退回次数", "退回前"):
        del book.custom_doc_props[name]
    page = book[LEDGER]
    page.cell(1, next(cell.column for cell in page[1] if cell.value == FAULTS)).value = "【校验】有误之处（旧）"
    book.save(tmp_path / "in" / "2023-08" / ZONE)
    run(tmp_path)
    again = load_workbook(returned(tmp_path))
    assert again.sheetnames.count(LIST) == 1
    assert [cell.value for cell in again[LEDGER][1] if "【校验】" in str(cell.value)] == [FAULTS]
