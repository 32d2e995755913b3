"""Letters without a number: proposed in 待编文号.xlsx, which comes back as input; edits by hand outlive numbering."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.forms.catalogue import OFFICE_REPORT, TO_NUMBER
from pipeline.intake.files.layout import PREPARED_MONTH
from pipeline.publishing import BY_HAND, read
from pipeline.run.options import RunOptions
from pipeline.run.registering import PROPOSALS
from pipeline.run.report import Outcome, report
from pipeline.word.numbering import PrintedNumber, renumbered
from pipeline.workbooks import blanks
from tests.example.build import SOURCE, workbooks
from tests.support.letters import change
from tests.support.months import part_of_example
from tests.support.reading import EXAMPLE, OFFICE

SHEET = "文件台账"
BOOK = "待编文号.xlsx"
NOT_MADE = ("21号", "22号", "24号", "26号", "27号")
"""The endings of the numbers of the example's own documents that the program does not make."""
UNIT = "清溪县松坪镇中心小学"
NOTICE = f"2-待发文书/整改通知书/{UNIT}整改通知书（2023年8月）.docx"
CODE = "清政教督〔2023〕"
Line = Mapping[str, Any]


# Months --------------------------------------------------------------------------------------------------------------


def register() -> list[dict[str, str]]:
    """文件台账 of the example."""
    return [dict(row) for row in workbooks(SOURCE)[OFFICE][1][SHEET]]


def of_others(row: Line) -> bool:
    """Whether a row of the register is for no letter of the program."""
    return row["方向"] == "来文" or str(row["文号"]).endswith(NOT_MADE)


def write_register(folder: Path, rows: Sequence[Line]) -> None:
    """The office's workbook of the example with other rows in 文件台账."""
    _, sheets = workbooks(SOURCE)[OFFICE]
    blanks.write(OFFICE_REPORT, folder / OFFICE, rows={**sheets, SHEET: rows})


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """A part of the example, without the rows of its own letters in 文件台账."""
    folder = part_of_example(tmp_path / "in" / "2023-08")
    write_register(folder, [row for row in register() if of_others(row)])
    return folder


def run(month: Path, **options: Any) -> Outcome:
    return report(month, month.parents[1] / "out", RunOptions(**options))


def lines(book: Path) -> list[dict[str, Any]]:
    """The rows of 文件台账 in a workbook, dates as texts."""
    heading, *rows = load_workbook(book)[SHEET].iter_rows(values_only=True)
    shown = [[cell.date().isoformat() if hasattr(cell, "date") else cell or "" for cell in row] for row in rows]
    return [dict(zip(map(str, heading), row, strict=True)) for row in shown if any(row)]


def returned(done: Outcome, month: Path, edit: Callable[[Worksheet], None] = lambda _: None, name: str = BOOK) -> None:
    """Put 待编文号.xlsx into the month's folder, as a clerk does."""
    shutil.copy(done.folder / PROPOSALS, month / name)
    change(month, name, SHEET, edit)


def number(start: int = 36, *, only: str = "", label: str = "文号") -> Callable[[Worksheet], None]:
    """Type numbers from the first row down; only: in rows with this word alone."""

    def edit(page: Worksheet) -> None:
        column, at = [cell.value for cell in page[1]].index(label) + 1, start
        for row in page.iter_rows(min_row=2):
            if any(only in str(cell.value) for cell in row if cell.value):
                page.cell(row[0].row, column).value = f"{CODE}{at}号"
                at += 1

    return edit


def put(label: str, value: Any, *, where: str) -> Callable[[Worksheet], None]:
    """Type a value into one column of the rows with a word."""

    def edit(page: Worksheet) -> None:
        column = [cell.value for cell in page[1]].index(label) + 1
        for row in page.iter_rows(min_row=2):
            if any(where in str(cell.value) for cell in row):
                page.cell(row[0].row, column).value = value

    return edit


def both(*edits: Callable[[Worksheet], None]) -> Callable[[Worksheet], None]:
    def edit(page: Worksheet) -> None:
        for each in edits:
            each(page)

    return edit


def text(path: Path) -> str:
    return "\n".join(node.text or "" for node in Document(str(path)).element.body.iter() if node.tag.endswith("}t"))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        return {name: package.read(name) for name in package.namelist()}


def told(done: Outcome) -> dict[str, str]:
    """What is said of the workbooks that runs write, but for gaps before numbers: number -> place and sentence."""
    of_books = (one for one in done.issues if BOOK[:-5] in one.location.workbook)
    return {one.number: str(one) for one in of_books if one.number != "WJ-05"}


# Proposing -----------------------------------------------------------------------------------------------------------


def test_a_letter_without_a_row_is_proposed_with_all_but_its_number(month: Path) -> None:
    done = run(month)
    rows = lines(done.folder / PROPOSALS)
    assert len(rows) == len(done.registration.waiting) == 6
    assert next(row for row in rows if row["文种"] == "整改通知书") == {
        "文号": "",
        "标题": f"关于{UNIT}2023年8月责任督学经常性督导发现问题的整改通知书",
        "文种": "整改通知书",
        "方向": "发文",
        "发文机关": "清溪县人民政府教育督导室",
        "成文日期": "2023-08-31",
        "主送": UNIT,
        "抄送": "",
        "关联编号": UNIT,
    }


def test_the_workbook_opens_at_its_rows_and_colours_what_is_awaited(month: Path) -> None:
    book = load_workbook(run(month).folder / PROPOSALS)
    assert book.active.title == SHEET
    rules = {str(area.sqref): [rule.formula for rule in area.rules] for area in book[SHEET].conditional_formatting}
    numbers = next(formulas for area, formulas in rules.items() if area.startswith("A2:A"))
    assert any("LEN(TRIM(A2))=0" in formula or "A2" in formula for [formula] in numbers)
    assert {prop.name: prop.value for prop in book.custom_doc_props.props}[PREPARED_MONTH] == "2023-08"


def test_numbers_typed_there_are_printed_and_change_nothing_else(month: Path) -> None:
    first = run(month)
    before = {path.name: text(path) for path in first.folder.glob("2-待发文书/*/*.docx")}
    returned(first, month, number())
    done = run(month)
    after = {path.name: text(path) for path in done.folder.glob("2-待发文书/*/*.docx")}
    assert not (done.folder / PROPOSALS).exists()
    assert done.registration.proposals is None
    assert not done.withheld
    for name, words in after.items():
        printed = next(line for line in words.splitlines() if line.startswith(CODE))
        assert words == before[name].replace("【文号待编】", printed)
    assert not told(done)


def test_a_workbook_filled_in_half_way_is_proposed_whole_again(month: Path) -> None:
    first = run(month)
    returned(first, month, number(40, only=UNIT))
    done = run(month)
    rows = lines(done.folder / PROPOSALS)
    assert len(rows) == 6, "the new workbook can take the place of the old one"
    assert [row["文号"] for row in rows if row["文号"]] == [f"{CODE}40号"]
    assert len(done.registration.waiting) == 5
    assert "有 5 行还没有填文号" in told(done)["FL-68"]


def test_rows_without_their_numbers_are_proposed_as_they_were_typed(tmp_path: Path) -> None:
    folder = part_of_example(tmp_path / "in" / "2023-08")
    typed = register()
    write_register(folder, [row if of_others(row) else {**row, "文号": ""} for row in typed])
    proposed = {(row["文种"], row["关联编号"], row["标题"]): row for row in lines(run(folder).folder / PROPOSALS)}
    assert len(proposed) == 6
    of_example = {
        (row["文种"], row["关联编号"], row["标题"]): {**row, "文号": "", "抄送": row["抄送"].replace("、", "；")}
        for row in typed
    }
    assert {key for key in proposed if proposed[key] != of_example.get(key)} == {
        key for key in proposed if "自查报告" in key[2]
    }, "the example registers all but this one"


@pytest.mark.slow
def test_the_example_without_its_own_rows_is_proposed_the_same_rows(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "2023-08"
    shutil.copytree(EXAMPLE, folder)
    write_register(folder, [row for row in register() if of_others(row)])
    proposed = lines(run(folder).folder / PROPOSALS)
    own = [row for row in register() if not of_others(row)]
    same = ("文种", "方向", "发文机关", "关联编号")
    missing = [tuple(row[label] for label in same) for row in proposed]
    for row in own:
        missing.remove(tuple(row[label] for label in same))
    assert len(own) == 23
    assert missing == [("通报", "发文", "清溪县人民政府教育督导室", "DD-2023-012")], "the example does not register it"


def test_a_draft_proposes_nothing(month: Path) -> None:
    done = run(month, draft=True, number_from="36")
    assert done.registration.proposals is None
    assert not (done.folder / PROPOSALS).exists()


# Numbering -----------------------------------------------------------------------------------------------------------


def test_letters_are_numbered_in_the_order_of_date_and_file_without_taken_numbers(month: Path) -> None:
    done = run(month, number_from="20")
    assert [given for _, given in done.registration.numbered] == [
        f"{CODE}{number}号" for number in (20, 23, 25, 28, 29, 30)
    ]
    rows = lines(done.folder / PROPOSALS)
    assert [row["文号"] for row in rows] == [given for _, given in done.registration.numbered]
    letters = sorted(path for path in done.folder.glob("2-待发文书/*/*.docx"))
    assert [path.stem for path in letters] == [stem for stem, _ in done.registration.numbered]
    assert all(given in text(path) for path, (_, given) in zip(letters, done.registration.numbered, strict=True))
    assert sum("是按 --number-from 编的，还没有登记" in remark for _, remark in done.remarks) == 6


def test_the_same_input_keeps_the_same_numbers_even_if_a_letter_comes_between(month: Path) -> None:
    first = run(month, number_from="36")
    before = {path: path.read_bytes() for path in first.folder.rglob("*.*") if path.is_file()}
    again = run(month, number_from="36")
    assert {path: path.read_bytes() for path in again.folder.rglob("*.*") if path.is_file()} == before
    write_register(
        month,
        [row for row in register() if of_others(row) or row["文种"] == "整改通知书"],
    )
    run(month, number_from="36")
    write_register(month, [row for row in register() if of_others(row)])
    done = dict(run(month, number_from="36").registration.numbered)
    kept = {stem: given for stem, given in first.registration.numbered if UNIT not in stem}
    assert kept.items() <= done.items()
    assert len(set(done.values())) == 6


def test_numbers_given_by_the_program_are_registered_by_its_workbook(month: Path) -> None:
    first = run(month, number_from="36")
    words = {path.name: text(path) for path in first.folder.glob("2-待发文书/*/*.docx")}
    returned(first, month)
    done = run(month)
    assert {path.name: text(path) for path in done.folder.glob("2-待发文书/*/*.docx")} == words
    assert done.registration.proposals is None
    assert not told(done)


def test_without_the_option_remembered_numbers_are_kept_for_later(month: Path) -> None:
    first = run(month, number_from="36")
    assert len(run(month).registration.waiting) == 6
    assert run(month, number_from="36").registration.numbered == first.registration.numbered


def test_a_county_without_any_number_is_asked_for_a_whole_one(month: Path) -> None:
    write_register(month, [row for row in register() if row["方向"] == "来文"])
    with pytest.raises(PipelineError, match=r"不知道文号的代字.*--number-from 东政教督〔2024〕1号"):
        run(month, number_from="1")
    done = run(month, number_from="清教督〔2023〕7号")
    assert done.registration.numbered[0][1] == "清教督〔2023〕7号"


@pytest.mark.parametrize("written", ["三十六", "0", "-1", "〔2024〕36号", "36号"])
def test_a_start_that_is_no_number_is_refused(month: Path, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["report", str(month), "--output", str(month.parents[1] / "out"), f"--number-from={written}"])
    assert code == 2
    assert f"起始文号“{written}”写法不对" in capsys.readouterr().err


def test_the_terminal_and_the_json_say_what_was_numbered(month: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["report", str(month), "--output", str(month.parents[1] / "out"), "--number-from", "36"]
    main(out)
    shown = capsys.readouterr().out.replace("\n", "")
    assert f"已编文号 6 个：{CODE}36号 至 {CODE}41号" in shown
    main([*out, "--json"])
    found = json.loads(capsys.readouterr().out)["to_number"]
    assert found["path"].endswith(PROPOSALS)
    assert len(found["numbered"]) == 6
    assert found["waiting"] == []


# Bad input -----------------------------------------------------------------------------------------------------------


def typed(**values: str) -> Callable[[Path], None]:
    """The notice registered by the office, too."""
    row = {
        "文号": "",
        "标题": f"关于{UNIT}2023年8月责任督学经常性督导发现问题的整改通知书",
        "文种": "整改通知书",
        "方向": "发文",
        "发文机关": "清溪县人民政府教育督导室",
        "成文日期": "2023-08-31",
        "主送": UNIT,
        "抄送": "",
        "关联编号": UNIT,
    } | values

    def write(folder: Path) -> None:
        write_register(folder, [*(row for row in register() if of_others(row)), row])

    return write


@pytest.mark.parametrize(
    ("row", "printed", "issues"),
    [
        ({}, 36, {}),
        ({"文号": f"{CODE}36号"}, 36, {}),
        ({"文号": f"{CODE}36号", "抄送": "云岭责任区", "成文日期": "2023-08-30"}, 36, {"KY-12": "这里的成文日期与"}),
        ({"标题": "关于整改的通知书"}, 36, {"KY-12": "这里的标题与"}),
        ({"文号": f"{CODE}99号"}, None, {"KY-11": f"这里的文号是“{CODE}36号”"}),
    ],
)
def test_a_letter_in_both_registers_is_one_and_contradictions_are_told(
    month: Path, row: dict[str, str], printed: int | None, issues: dict[str, str]
) -> None:
    returned(run(month), month, number(36, only=UNIT))
    typed(**row)(month)
    done = run(month)
    found = {name: sentence for name, sentence in told(done).items() if name != "FL-68"}
    assert found.keys() == issues.keys()
    assert all(words in found[name] and f"《{OFFICE}》" in found[name] for name, words in issues.items())
    path = done.folder / NOTICE
    if printed is None:
        assert not path.exists(), "a letter with two numbers is withheld"
    else:
        assert f"{CODE}{printed}号" in text(path)


def test_a_number_given_twice_is_told_with_both_places(month: Path) -> None:
    returned(run(month), month, both(number(), put("文号", f"{CODE}36号", where=UNIT)))
    done = run(month)
    sentence = told(done)["KY-01"]
    assert sentence.count(f"《{BOOK}》“文件台账”表 A") == 2
    assert done.withheld


def test_a_number_of_the_office_is_not_given_again(month: Path) -> None:
    returned(run(month), month, number(26, only=UNIT))
    sentence = told(run(month))["KY-01"]
    assert f"《{BOOK}》" in sentence
    assert f"《{OFFICE}》" in sentence


@pytest.mark.parametrize("written", ["36", "清政教督2023 36号", "清政教督第36号"])
def test_a_number_without_its_brackets_is_told_and_withholds_the_letter(month: Path, written: str) -> None:
    returned(run(month), month, put("文号", written, where=UNIT))
    done = run(month)
    assert "WJ-02" in told(done)
    assert not (done.folder / NOTICE).exists()
    assert done.folder.joinpath("4-退回").is_dir(), "it goes back marked"


def test_a_blank_workbook_changes_nothing_and_is_told(month: Path) -> None:
    first = run(month)
    returned(first, month)
    done = run(month)
    assert set(done.registration.waiting) == set(first.registration.waiting)
    assert lines(done.folder / PROPOSALS) == lines(month / BOOK)
    assert told(done).keys() == {"FL-68"}


def test_the_workbook_of_another_month_is_not_read(month: Path) -> None:
    first = run(month)
    rows = [{**row, "文号": f"{CODE}{n}号"} for n, row in enumerate(lines(first.folder / PROPOSALS), 50)]
    blanks.write(TO_NUMBER, month / BOOK, rows={SHEET: rows}, properties={PREPARED_MONTH: "2024-02"})
    done = run(month)
    assert "是 2024-02 的，不是 2023-08 的" in told(done)["FL-67"]
    assert len(done.registration.waiting) == 6


def test_a_row_for_a_letter_that_is_no_longer_made_is_told(month: Path) -> None:
    returned(run(month), month, both(number(), put("关联编号", "清溪县第一中学", where=UNIT)))
    done = run(month)
    assert told(done).keys() == {"KY-13"}
    assert f"《{BOOK}》“文件台账”表 A" in told(done)["KY-13"]
    assert [row["关联编号"] for row in lines(done.folder / PROPOSALS)].count("清溪县第一中学") == 1, "it is not lost"


def test_rows_in_another_order_give_the_same_letters(month: Path) -> None:
    first = run(month)
    returned(first, month, number())
    words = text(run(month).folder / NOTICE)
    rows = lines(month / BOOK)
    blanks.write(TO_NUMBER, month / BOOK, rows={SHEET: rows[::-1]}, properties={PREPARED_MONTH: "2023-08"})
    done = run(month)
    assert text(done.folder / NOTICE) == words
    assert not told(done)


def test_a_marked_workbook_is_input_like_the_one_before(month: Path) -> None:
    returned(run(month), month, put("文号", "36", where=UNIT))
    marked = next(run(month).folder.glob(f"4-退回/*/{BOOK}"))
    shutil.copy(marked, month / BOOK)
    change(month, BOOK, SHEET, put("文号", f"{CODE}36号", where=UNIT))
    done = run(month)
    assert f"{CODE}36号" in text(done.folder / NOTICE)
    assert told(done).keys() == {"FL-68"}


def test_two_such_workbooks_are_put_together(month: Path) -> None:
    first = run(month)
    returned(first, month, number(36, only=UNIT))
    returned(first, month, number(37, only="通报"), name="待编文号(2).xlsx")
    done = run(month)
    assert len(done.registration.waiting) == 3
    assert f"{CODE}36号" in text(done.folder / NOTICE)


# Edited by hand ------------------------------------------------------------------------------------------------------


def edited(path: Path, words: str = "局长加的一句。") -> dict[str, bytes]:
    """Add a sentence to a document by hand; gives its parts."""
    document = Document(str(path))
    document.paragraphs[8].add_run(words)
    document.save(str(path))
    return parts(path)


def test_an_edited_letter_gets_its_number_and_date_in_place_and_keeps_the_edits(month: Path) -> None:
    first = run(month)
    before = edited(first.folder / NOTICE)
    day = date(2023, 9, 1)
    returned(first, month, both(number(36, only=UNIT), put("成文日期", day, where=UNIT)))
    done = run(month, parcels=True)
    after = parts(done.folder / NOTICE)
    assert not done.kept
    [one] = done.edited
    assert one.said == f"【文号待编】 改为 {CODE}36号；2023年8月31日 改为 2023年9月1日"
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == ["word/document.xml"]
    words = before["word/document.xml"].decode().replace("【文号待编】", f"{CODE}36号")
    signed = words.replace(">2023年8月31日<", ">2023年9月1日<").replace(">2023年8月31日印发", ">2023年9月1日印发")
    assert after["word/document.xml"].decode() == signed
    with zipfile.ZipFile(next(path for path in done.parcels if UNIT in path.stem)) as parcel:
        sent = parcel.read(next(name for name in parcel.namelist() if "整改通知书" in name))
    assert sent == (done.folder / NOTICE).read_bytes(), "what is sent has the edits too"


def test_an_edited_letter_stays_at_the_runs_after_that_too(month: Path) -> None:
    first = run(month)
    edited(first.folder / NOTICE)
    assert [one.said for one in run(month).edited] == ["文号和成文日期没有变动"]
    returned(first, month, number(36, only=UNIT))
    run(month)
    content = (first.folder / NOTICE).read_bytes()
    again = run(month)
    assert (again.folder / NOTICE).read_bytes() == content
    assert not again.kept
    assert not (again.folder / BY_HAND).exists()
    edited(first.folder / NOTICE, "又加一句。")
    change(month, BOOK, SHEET, put("文号", f"{CODE}37号", where=UNIT))
    done = run(month)
    words = text(done.folder / NOTICE)
    assert "局长加的一句。" in words
    assert "又加一句。" in words
    assert words.count(f"{CODE}37号") == 2
    assert f"{CODE}36号" not in words


def test_numbers_given_by_the_program_leave_edits_in_place(month: Path) -> None:
    edited(run(month).folder / NOTICE)
    done = run(month, number_from="36")
    given = next(given for stem, given in done.registration.numbered if UNIT in stem)
    assert "局长加的一句。" in text(done.folder / NOTICE)
    assert given in text(done.folder / NOTICE)


def test_an_edited_letter_whose_other_facts_changed_goes_to_the_folder_for_edits(month: Path) -> None:
    first = run(month)
    edited(first.folder / NOTICE)
    returned(first, month, both(number(36, only=UNIT), put("标题", "关于整改的通知书", where=UNIT)))
    done = run(month)
    assert not done.edited
    assert [one.path for one in done.kept] == [done.folder / BY_HAND / NOTICE]
    assert "局长加的一句。" in text(done.folder / BY_HAND / NOTICE)


def test_a_letter_with_another_number_typed_in_by_hand_goes_there_too(month: Path) -> None:
    first = run(month)
    path = first.folder / NOTICE
    document = Document(str(path))
    for node in document.element.body.iter():
        if node.tag.endswith("}t") and node.text == "【文号待编】":
            node.text = f"{CODE}77号"
    document.save(str(path))
    returned(first, month, number(36, only=UNIT))
    done = run(month)
    assert not done.edited
    assert len(done.kept) == 1


def test_the_same_number_typed_in_by_hand_is_left_alone(month: Path) -> None:
    first = run(month)
    path = first.folder / NOTICE
    document = Document(str(path))
    for node in document.element.body.iter():
        if node.tag.endswith("}t") and node.text == "【文号待编】":
            node.text = f"{CODE}36号"
    document.save(str(path))
    content = path.read_bytes()
    returned(first, month, number(36, only=UNIT))
    done = run(month)
    assert len(done.edited) == 1
    assert path.read_bytes() == content


def test_a_damaged_letter_does_not_stay(month: Path) -> None:
    first = run(month)
    (first.folder / NOTICE).write_bytes(b"PK broken")
    done = run(month)
    assert not done.edited
    assert len(done.kept) == 1
    assert UNIT in text(done.folder / NOTICE)


def test_the_terminal_and_the_json_name_edited_letters(month: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(month)
    edited(first.folder / NOTICE)
    returned(first, month, number(36, only=UNIT))
    words = ["report", str(month), "--output", str(month.parents[1] / "out")]
    main([*words, "--json"])
    [one] = json.loads(capsys.readouterr().out)["edited"]
    assert one["number"] == {"was": None, "now": f"{CODE}36号"}
    assert one["dated"] == {"was": "2023-08-31", "now": "2023-08-31"}
    main(words)
    assert "手工修改过、照旧保留的文书" in capsys.readouterr().out


def test_the_manifest_remembers_letters_and_numbers(month: Path) -> None:
    done = run(month, number_from="36")
    manifest = read(done.folder)
    assert manifest["proposed"]["start"] == "36"
    assert manifest["proposed"]["given"][f"整改通知书／{UNIT}"].startswith(CODE)
    letters = [one for one in manifest["documents"] if "letter" in one]
    assert len(letters) == 6
    assert all(one["letter"].keys() == {"number", "dated", "rest"} for one in letters)


# In a document -------------------------------------------------------------------------------------------------------


def letter(body: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("word/document.xml", f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>')
    return content.getvalue()


def paragraph(*portions: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{portion}</w:t></w:r>' for portion in portions)}</w:p>"


WAS = PrintedNumber("东政教督〔2024〕1号", date(2024, 3, 1))
NOW = PrintedNumber("东政教督〔2024〕12号", date(2024, 3, 2))


def test_a_number_that_a_program_has_cut_into_portions_is_found() -> None:
    signed = paragraph("2024年3月1日")
    content = renumbered(letter(paragraph("东政教督", "〔2024〕", "1号 ") + signed), WAS, NOW)
    assert content is not None
    expected = paragraph("东政教督〔2024〕12号", "", " ") + paragraph("2024年3月2日")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert expected in package.read("word/document.xml").decode()


def test_a_day_elsewhere_is_not_the_letters_date() -> None:
    body = paragraph("东政教督〔2024〕1号") + paragraph("请于2024年3月1日前报送。") + paragraph("2024年3月1日印发")
    content = renumbered(letter(body), WAS, NOW)
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = package.read("word/document.xml").decode()
    assert "请于2024年3月1日前报送。" in found
    assert "2024年3月2日印发" in found


@pytest.mark.parametrize(
    "body",
    [
        paragraph("2024年3月1日"),
        paragraph("东政教督〔2024〕1号"),
        paragraph("东政教督〔2024〕1号") * 2 + paragraph("2024年3月1日"),
    ],
    ids=["no number", "no date", "a number more than the letter has"],
)
def test_a_letter_without_a_place_is_not_renumbered(body: str) -> None:
    like = letter(paragraph("东政教督〔2024〕12号") + paragraph("2024年3月2日"))
    assert renumbered(letter(body), WAS, NOW, like=like) is None


@pytest.mark.parametrize("content", [b"", b"PK", letter("<w:p>")], ids=["nothing", "cut", "malformed"])
def test_what_is_no_document_is_not_renumbered(content: bytes) -> None:
    assert renumbered(content, WAS, WAS) is None
    assert renumbered(content, WAS, NOW) is None
