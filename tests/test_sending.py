"""What goes to whom: 发送清单.xlsx lists all that leaves the office, and each recipient's zip has exactly that."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.cli.verbs import main
from pipeline.dossier.recipients import Directory, Recipient, RecipientKind
from pipeline.forms.registry import School, Town
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST, sha256, zipped
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.sending import LIST, Sent, write_parcels
from pipeline.trays import Tray
from tests.support import county
from tests.support.letters import change
from tests.support.months import part_of_example
from tests.support.reading import EXAMPLE

UTF8 = 0x800
SCHOOL, ZONE = "清溪县沙溪镇中心幼儿园", "沙溪责任区"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The example, with a zip for each recipient."""
    return report(EXAMPLE, tmp_path_factory.mktemp("sent"), RunOptions(parcels=True))


@pytest.fixture(scope="module")
def month() -> Month:
    return load(EXAMPLE)


def listed(path: Path) -> list[dict[str, Any]]:
    """The lines of 发送清单.xlsx."""
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(rows) if "收件单位" in row)
    lines = [dict(zip(rows[heading], row, strict=True)) for row in rows[heading + 1 :]]
    return [line for line in lines if line["收件单位"]]


# Who is meant --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kind", "some", "others"),
    [
        ("各责任区", "责任区", ["沙溪责任区", "云岭责任区"], []),
        ("各责任区主任", "责任区", ["沙溪责任区"], []),
        ("各乡镇人民政府", "乡镇街道", ["云岭镇"], ["玉泉街道"]),
        ("街道办事处", "乡镇街道", ["玉泉街道"], ["云岭镇"]),
        ("各乡镇、街道", "乡镇街道", ["云岭镇", "玉泉街道"], []),
        ("县直各学校", "学校", ["清溪县第一中学"], [SCHOOL]),
        ("各民办学校", "学校", ["清溪县明诚学校"], ["清溪县第一中学", "清溪县墨韵书法培训中心"]),
        ("各学校", "学校", ["清溪县第一中学", SCHOOL], ["清溪县墨韵书法培训中心"]),
    ],
)
def test_a_phrase_for_several_means_those_of_the_registry(
    month: Month, written: str, kind: str, some: list[str], others: list[str]
) -> None:
    found = Directory(month).recipients([written])
    names = {one.name for one in found}
    assert {one.kind for one in found} == {RecipientKind(kind)}
    assert names >= set(some)
    assert names.isdisjoint(others)


@pytest.mark.parametrize(
    ("written", "kind", "name"),
    [
        (SCHOOL, "学校", SCHOOL),
        ("云岭镇人民政府", "乡镇街道", "云岭镇"),
        ("玉泉街道办事处", "乡镇街道", "玉泉街道"),
        ("云岭镇", "乡镇街道", "云岭镇"),
        (ZONE, "责任区", ZONE),
        ("县本级", "责任区", "县本级"),
        ("清溪县财政局", "其他单位", "清溪县财政局"),
        ("各乡镇街道中心校", "其他单位", "各乡镇街道中心校"),
        ("县直各学校和直属单位", "其他单位", "县直各学校和直属单位"),
        ("清溪县人民政府", "其他单位", "清溪县人民政府"),
    ],
)
def test_a_name_means_whom_the_registry_knows_and_otherwise_stays_as_written(
    month: Month, written: str, kind: str, name: str
) -> None:
    assert Directory(month).recipients([written, written]) == (Recipient(RecipientKind(kind), name),)


def test_a_school_is_known_by_each_of_its_names(month: Month) -> None:
    directory = Directory(month)
    short = next(school for school in month.all(School) if school.aliases)
    assert len(directory.recipients([short.name, short.short_name, *short.aliases])) == 1


# What goes to them ---------------------------------------------------------------------------------------------------


def test_a_school_gets_its_letters_and_its_list_with_number_and_place(sent: Outcome) -> None:
    lines = [line for line in listed(sent.folder / LIST) if line["收件单位"] == SCHOOL]
    assert {line["文书"] for line in lines} >= {
        f"{SCHOOL}督办单（2023年8月）",
        f"{SCHOOL}2023年8月教育督导问题整改清单",
    }
    urging = next(line for line in lines if "督办单" in line["文书"])
    assert urging["文号"] == "清政教督〔2023〕48号"
    assert urging["所在文件夹"] == "2-待发文书/督办单"
    assert all(line["已送"] is None and line["签收"] is None for line in lines)


def test_a_zone_gets_its_list_copies_and_what_goes_to_all_zones(sent: Outcome) -> None:
    lines = [line["文书"] for line in listed(sent.folder / LIST) if line["收件单位"] == ZONE]
    assert f"{ZONE}2023年8月教育督导问题整改清单" in lines
    assert f"{SCHOOL}督办单（2023年8月）" in lines, "抄送"
    assert "关于召开责任区主任工作例会的通知" in lines


def test_a_notice_of_a_meeting_is_of_use_until_its_day(sent: Outcome) -> None:
    lines = [line for line in listed(sent.folder / LIST) if "责任区主任工作例会" in line["文书"]]
    assert {str(line["最迟送达"])[:10] for line in lines} == {"2023-09-15"}


def test_every_line_is_in_the_zip_of_its_recipient_and_nothing_else_is(sent: Outcome) -> None:
    expected = defaultdict(set)
    for line in listed(sent.folder / LIST):
        expected[f"{line['类别']}/{line['收件单位']}.zip"].add(f"{line['文书']}.docx")
        if line["可由其转交"]:
            expected[f"责任区/{line['可由其转交']}.zip"].add(f"转交/{line['收件单位']}/{line['文书']}.docx")
    held = {}
    for path in sent.parcels:
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            entries = package.infolist()
        assert all(entry.flag_bits & UTF8 and entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in entries)
        held[path.relative_to(sent.folder / Tray.TO_SEND).as_posix()] = {entry.filename for entry in entries}
    assert held == expected
    recorded = json.loads((sent.folder / MANIFEST).read_text(encoding="utf-8"))["others"]
    assert all(recorded[path.relative_to(sent.folder).as_posix()] == sha256(path) for path in sent.parcels)


def test_what_is_withheld_is_not_listed_and_a_draft_is_sent_to_nobody(tmp_path: Path) -> None:
    drafts = report(EXAMPLE, tmp_path, RunOptions(draft=True, parcels=True))
    assert drafts.parcels == ()
    assert not (drafts.folder / LIST).exists()


def test_a_zone_can_hand_on_what_is_for_its_towns_and_schools_and_nobody_else_can(sent: Outcome, month: Month) -> None:
    towns = {town.name: town.zone for town in month.all(Town)}
    zones = towns | {school.name: towns[school.town] for school in month.all(School)}
    lines = listed(sent.folder / LIST)
    assert {line["类别"] for line in lines} == {"责任区", "乡镇街道", "学校", "其他单位"}
    for line in lines:
        within = line["类别"] in ("乡镇街道", "学校")
        assert line["可由其转交"] == (zones[line["收件单位"]] if within else None)


def test_the_list_has_no_line_of_what_stays_in_the_office(sent: Outcome) -> None:
    documents = {line["文书"] for line in listed(sent.folder / LIST)}
    assert not {name for name in documents if "工作总结" in name or "统计表" in name or "问题台账" in name}
    assert "清溪县2023年8月教育督导问题整改清单" not in documents


# Again ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Four workbooks of the example."""
    return part_of_example(tmp_path / "in" / EXAMPLE.name)


def with_a_fault_in_each_row(sheet: Worksheet) -> None:
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, columns["整改状态"]).value = "改好了"


def tick(path: Path, document: str, **ticks: object) -> tuple[str, str]:
    """Fill in the first line of a list that is about a document; gives its recipient and the document."""
    book = load_workbook(path)
    sheet = book.active
    heading = next(row for row in sheet.iter_rows() if row[0].value == "收件单位")
    columns = {cell.value: cell.column for cell in heading}
    line = next(row for row in sheet.iter_rows(min_row=heading[0].row + 1) if document in str(row[2].value))
    for label, value in ticks.items():
        sheet.cell(line[0].row, columns.get(label, len(columns) + 1)).value = value
    book.save(path)
    return str(line[0].value), str(line[2].value)


def ticked(outcome: Outcome) -> list[tuple[Any, ...]]:
    """The lines filled in, with what was filled in."""
    lines = listed(outcome.folder / LIST)
    return [
        (line["收件单位"], line["文书"], line["已送"], line["签收"]) for line in lines if line["已送"] or line["签收"]
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("9月2日", "9月2日"),
        (12345, 12345),
        (datetime(2023, 9, 2), datetime(2023, 9, 2)),
        (datetime(2023, 9, 2, 15, 30), "2023-09-02 15:30"),
    ],
)
def test_a_second_run_takes_over_what_was_ticked_and_leaves_no_copies(
    written: object, kept: object, few: Path, tmp_path: Path
) -> None:
    first = report(few, tmp_path / "out")
    at = tick(first.folder / LIST, "整改清单", 已送=written, 签收="李四")
    for _ in range(2):
        again = report(few, tmp_path / "out")
        assert ticked(again) == [(*at, kept, "李四")]
        assert again.kept == ()


def test_what_was_ticked_stays_while_its_document_is_not_made(few: Path, tmp_path: Path) -> None:
    first = report(few, tmp_path / "out")
    at = tick(first.folder / LIST, "整改通知书", 已送="9月2日")
    ledger = few / "责任区月报-云岭责任区.xlsx"
    whole = ledger.read_bytes()
    change(few, ledger.name, "问题整改台账", with_a_fault_in_each_row)
    second = report(few, tmp_path / "out")
    assert ticked(second) == [(*at, "9月2日", None)]
    (line,) = (line for line in listed(second.folder / LIST) if line["已送"])
    assert line["所在文件夹"] == "（本次没有生成）"
    ledger.write_bytes(whole)
    third = report(few, tmp_path / "out")
    assert ticked(third) == [(*at, "9月2日", None)]
    (line,) = (line for line in listed(third.folder / LIST) if line["已送"])
    assert line["所在文件夹"] == "2-待发文书/整改通知书"


def test_a_list_of_an_earlier_version_is_taken_over(few: Path, tmp_path: Path) -> None:
    first = report(few, tmp_path / "out")
    at = tick(first.folder / LIST, "整改通知书", 已送="9月2日")
    book = load_workbook(first.folder / LIST)
    heading = next(row for row in book.active.iter_rows() if "可由其转交" in {cell.value for cell in row})
    book.active.delete_cols(next(cell.column for cell in heading if cell.value == "可由其转交"))
    book.save(first.folder / LIST)
    again = report(few, tmp_path / "out")
    assert ticked(again) == [(*at, "9月2日", None)]
    assert again.kept == ()


def test_a_list_with_more_than_ticks_is_kept_beside_the_new_one(few: Path, tmp_path: Path) -> None:
    first = report(few, tmp_path / "out")
    at = tick(first.folder / LIST, "整改清单", 已送="9月2日", 备注="电话联系过")
    again = report(few, tmp_path / "out")
    assert ticked(again) == [(*at, "9月2日", None)]
    assert [kept.path.name for kept in again.kept] == ["发送清单.xlsx"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "不是表".encode()])
def test_an_unreadable_earlier_list_is_kept_and_remarked_on(content: bytes, few: Path, tmp_path: Path) -> None:
    first = report(few, tmp_path / "out")
    (first.folder / LIST).write_bytes(content)
    again = report(few, tmp_path / "out")
    assert listed(again.folder / LIST)
    assert [kept.path.read_bytes() for kept in again.kept] == [content]
    assert [remark for name, remark in again.remarks if name == "发送清单" and "没有带过来" in remark]


def test_two_documents_of_one_name_are_both_in_the_zip(month: Month, tmp_path: Path) -> None:
    sent = [Sent(f"{folder}/甲.docx", (SCHOOL,), None, "") for folder in ("2-待发文书/通知", "2-待发文书/督办单")]
    for one in sent:
        (tmp_path / one.file).parent.mkdir(parents=True)
        (tmp_path / one.file).write_text(one.file, encoding="utf-8")
    for path in write_parcels(tmp_path, sent, Directory(month)):
        with zipfile.ZipFile(path) as package:
            assert sorted(package.read(name).decode() for name in package.namelist()) == sorted(
                one.file for one in sent
            )


def test_the_terminal_says_where_the_zips_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", str(EXAMPLE), "--output", str(tmp_path), "--zip"])
    folder = tmp_path / EXAMPLE.name / Tray.TO_SEND
    made = list(folder.rglob("*.zip"))
    assert made
    assert f"已按收件单位打成 {len(made)} 个压缩包，在 {folder}。" in capsys.readouterr().out.replace("\n", "")
    main(["report", str(EXAMPLE), "--output", str(tmp_path)])
    assert not list(tmp_path.rglob("*.zip")), "none from an earlier run stays"


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(tmp_path: Path) -> None:
    for folder, names in (("一", ["乙", "甲"]), ("二", ["甲", "乙"])):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(name, encoding="utf-8")
        zipped({name: tmp_path / folder / name for name in names}, tmp_path / f"{folder}.zip")
    assert (tmp_path / "一.zip").read_bytes() == (tmp_path / "二.zip").read_bytes()


def test_without_anything_to_send_a_sentence_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    month = tmp_path / "2024-03"
    none = dict.fromkeys(("campaigns", "meetings", "visits", "problems", "entries", "records"), 0)
    county.write(county.county(5, zones=1, schools=4, **none), month)
    main(["report", str(month), "--output", str(tmp_path / "out"), "--zip"])
    assert "本次没有要发送的文书，没有打包。" in capsys.readouterr().out
    assert not list((tmp_path / "out").rglob("*.zip"))
