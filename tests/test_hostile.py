"""Small workbooks that become gigabytes, or hours, in other readers; each gives a sentence, at once."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.faults.files import FL_11
from pipeline.intake.files import bounds, markup
from pipeline.intake.files.folders import workbooks
from pipeline.intake.files.looks import Format
from pipeline.intake.files.reading import form_by_sheets
from pipeline.intake.files.sniffing import fault_of, sheet_names
from pipeline.intake.gathering import read_all
from pipeline.intake.loading import load
from pipeline.ooxml.opening import ZipLimits
from tests.support.reading import EXAMPLE

NAME = "责任区月报-云岭责任区.xlsx"
LEDGER, BOOK, STYLES, STRINGS = "xl/worksheets/sheet4.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
Parts = dict[str, bytes]


@pytest.fixture
def parts() -> Parts:
    """The parts of a zone's workbook of the example."""
    with zipfile.ZipFile(EXAMPLE / NAME) as package:
        return {name: package.read(name) for name in package.namelist()}


def told(folder: Path, parts: Parts, name: str = NAME) -> list[str]:
    """The issues of such a workbook within a county's month, by number and sheet."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    found, issues = workbooks(folder)
    return [f"{i.number} {i.location.sheet}".strip() for i in [*issues, *read_all(found)[1]]]


def rows(parts: Parts, written: bytes, below: bytes = b"") -> Parts:
    """The workbook with these rows in its ledger, below the heading; `below` follows the rows."""
    xml = parts[LEDGER]
    end = xml.index(b"</row>") + len(b"</row>")
    return {**parts, LEDGER: xml[:end] + written + b"</sheetData>" + below + xml[xml.index(b"</sheetData>") + 12 :]}


def put(parts: Parts, part: str, before: bytes, more: bytes) -> Parts:
    """The workbook with more in one of its parts."""
    at = parts[part].index(before)
    return {**parts, part: parts[part][:at] + more + parts[part][at:]}


def long_string(parts: Parts, length: int) -> Parts:
    """The workbook with a first shared string of that length."""
    first = re.sub(rb"(<sst[^>]*>)<si>.*?</si>", rb"\1<si><t>" + b"x" * length + b"</t></si>", parts[STRINGS], count=1)
    return {**parts, STRINGS: first}


def cells(count: int, cell: bytes) -> bytes:
    return b"".join(b'<row r="%d">%b</row>' % (row, cell.replace(b"#", b"%d" % row)) for row in range(2, count + 2))


SHARED = b'<c r="H#" t="s"><v>0</v></c>'


@pytest.mark.parametrize(
    "cell", [SHARED, SHARED.replace(b'"s"', b"'s'"), SHARED.replace(b"t=", b"t = "), SHARED.replace(b"<v>0", b"<v>-1")]
)
def test_a_long_text_that_many_cells_share_is_reported_before_it_is_unfolded(
    tmp_path: Path, parts: Parts, cell: bytes
) -> None:
    assert told(tmp_path, rows(long_string(parts, 32_767), cells(20_000, cell))) == ["FL-45"]


def test_a_short_text_may_be_shared_by_many_cells_and_a_long_one_by_few(tmp_path: Path, parts: Parts) -> None:
    many = cells(30_000, SHARED.replace(b"<v>0", b"<v>1")) + cells(1, SHARED)
    assert "FL-45" not in told(tmp_path, rows(long_string(parts, 32_767), many))


def test_texts_of_many_cells_are_counted_too(tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_TEXT", 2**24)
    cell = b'<c r="H#" t="inlineStr"><is><t>%b</t></is></c>' % (b"x" * 32_767)
    assert told(tmp_path, rows(parts, cells(600, cell))) == ["FL-45"]


@pytest.mark.parametrize("part", [LEDGER, BOOK, STYLES, "docProps/app.xml", "xl/theme/theme1.xml"])
def test_elements_without_number_are_reported(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(bounds, "MOST_TAGS", 100_000)
    before = b"</" + re.findall(rb"</([\w:]+)>\s*$", parts[part])[0]
    assert told(tmp_path, put(parts, part, before, b"<x/>" * 100_000)) == ["FL-46"]


@pytest.mark.parametrize(("part", "before"), [(BOOK, b"</workbook>"), (RELATIONS, b"</Relationships>")])
def test_elements_that_would_be_parsed_as_a_tree_are_reported_as_the_cause(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch, part: str, before: bytes
) -> None:
    monkeypatch.setattr(bounds, "MOST_NODES", 20_000)
    assert told(tmp_path, put(parts, part, before, b"<x/>" * 20_000)) == ["FL-46"]


def test_strings_without_number_are_reported(tmp_path: Path, parts: Parts) -> None:
    assert told(tmp_path, put(parts, STRINGS, b"</sst>", b"<si/>" * 8_000_000)) == ["FL-46"]


@pytest.mark.parametrize(
    "more",
    [
        b"<x " + b" ".join(b'a%d=""' % n for n in range(50_000)) + b"/>",
        b"<x a='%b'/>" % (b"hidden= " * 60_000),
        b"<!--%b-->" % (b"x" * 500_000),
        b" " * 500_000,
    ],
    ids=["attributes", "attribute", "comment", "blanks"],
)
def test_a_piece_that_no_cell_can_hold_is_reported(tmp_path: Path, parts: Parts, more: bytes) -> None:
    assert told(tmp_path, put(parts, BOOK, b"<sheets>", more)) == ["FL-47"]


def test_a_tree_of_too_many_elements_is_not_built(tmp_path: Path, parts: Parts) -> None:
    style = b'<xf numFmtId="9" fontId="0"/>'
    assert told(tmp_path, put(parts, STYLES, b"</cellXfs>", style * 700_000)) == ["FL-01"]


@pytest.mark.parametrize(
    ("written", "below", "number"),
    [
        (b"<row r='9'>" + b'<c r="A9" t="e">' * 300_000, b"", "SH-30"),
        (b"<row r='9'>" + b"<c r='A9'><f>" * 1_100_000, b"", "SH-30"),
        (b"", b'<mergeCells><mergeCell ref="A2:AJ900"/>' + b'<mergeCell ref="A2:AJ900"/>' * 100_000, "SH-30"),
        (b'<row r = "9"><c r = "XFD1048576"><v>1</v></c></row>', b"", "SH-14"),
        (b'<row r = "1048570">' + b"<c><v>1</v></c>" * 60 + b"</row>", b"", "SH-14"),
        (b'<row r="%b"><c r="A%b"><v>1</v></c></row>' % (b"9" * 100_000, b"9" * 100_000), b"", "SH-14"),
    ],
    ids=["errors", "formulas", "merged", "far away", "a row far away", "a number without end"],
)
def test_a_sheet_with_too_much_of_something_is_reported_and_not_read(
    tmp_path: Path, parts: Parts, written: bytes, below: bytes, number: str
) -> None:
    assert told(tmp_path, rows(parts, written, below)) == [f"{number} 问题整改台账"]


def test_what_other_sheets_say_of_a_sheet_that_was_not_read_is_not_held_against_them(
    tmp_path: Path, parts: Parts
) -> None:
    month = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    told(month, rows(parts, b"<row r='9'>" + b'<c r="A9" t="e">' * 300_000))
    numbers = {issue.number for issue in load(month).issues if issue.location.workbook == NAME}
    assert "SH-30" in numbers
    assert "JC-13" not in numbers, "the problems of a record are not known to be missing"


def test_merged_ranges_that_lie_over_one_another_are_reported_at_once(tmp_path: Path, parts: Parts) -> None:
    text = b'<c r="A#" t="inlineStr"><is><t>WT-202308-01-#</t></is></c>'
    ranges = b"".join(b'<mergeCell ref="A%d:AJ900"/>' % (n % 800 + 2) for n in range(20_000))
    merged = b"<mergeCells>" + ranges + b"</mergeCells>"
    started = time.process_time()
    assert told(tmp_path, rows(parts, cells(900, text), merged)) == ["SH-30 问题整改台账"]
    assert time.process_time() - started < 5


def test_a_column_filled_down_to_the_end_is_one_cause(tmp_path: Path, parts: Parts) -> None:
    started = time.process_time()
    assert told(tmp_path, rows(parts, cells(30_000, b'<c r="A#"><v>#</v></c>'))) == ["SH-39 问题整改台账"]
    assert time.process_time() - started < 10


def columns(parts: Parts, count: int) -> Parts:
    return put(parts, LEDGER, b"<cols>", b"<cols>" + b'<col min="1" max="16384" hidden="1"/>' * count + b"</cols>")


def test_columns_hidden_thirty_thousand_times_are_hidden_columns(tmp_path: Path, parts: Parts) -> None:
    assert told(tmp_path, columns(parts, 30_000)) == ["SH-07 问题整改台账"]
    assert told(tmp_path, columns(parts, 300_000)) == ["SH-30 问题整改台账"]


# Sheets --------------------------------------------------------------------------------------------------------------


def sheets(parts: Parts, count: int, title: str, content: bytes | None) -> Parts:
    """The workbook with so many sheets more, each a part of its own, or all that of the ledger."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    own = content is not None
    entries = "".join(f'<sheet name="{title}({n})" sheetId="{n + 9}" r:id="rX{n}"/>' for n in range(count))
    links = b"".join(
        b'<Relationship Id="rX%d" Type="%b" Target="worksheets/%b.xml"/>' % (n, kind, b"x%d" % n if own else b"sheet4")
        for n in range(count)
    )
    more = put(put(parts, BOOK, b"</sheets>", entries.encode()), RELATIONS, b"</Relationships>", links)
    return {**more, **{f"xl/worksheets/x{n}.xml": content for n in range(count) if content is not None}}


WIDE = (
    b"<worksheet><sheetData><row r='1'><c r='A1'><v>1</v></c></row><row r='99999'><c "
    b"r='AZ99999'><v>1</v></c></row></sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("count", "title", "content", "expected"),
    [
        (2000, "问题整改台账 ", WIDE, {"SH-32 问题整改台账": 1}),
        (2000, "草稿", WIDE, {"SH-33": 1}),
        (15, "问题整改台账 ", WIDE, {"SH-09 问题整改台账": 10}),  # for five there is room, and they hold no row
        (2000, "问题整改台账 ", None, {"FL-01": 1}),
    ],
)
def test_sheets_without_number_are_reported_once_and_read_no_further_than_there_is_room(
    tmp_path: Path, parts: Parts, count: int, title: str, content: bytes | None, expected: dict[str, int]
) -> None:
    words = told(tmp_path, sheets(parts, count, title, content))
    assert {word: words.count(word) for word in words} == expected


def test_a_sheet_for_which_there_is_no_room_is_reported(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.intake.files.reading._Room.left", 150_000)
    monkeypatch.setattr("pipeline.intake.files.reading._Room.__init__", lambda _: None)
    assert "SH-31 问题整改台账" in told(tmp_path, parts)


# Scans ---------------------------------------------------------------------------------------------------------------

SCANNED: dict[str, Callable[[int], bytes]] = {
    "error cells without an end": lambda n: b'<c r="A1" t="e">' * n,
    "error cells without a value": lambda n: b'<c r="A1" t="e">' + b"<x>" * n,
    "formulas without an end": lambda n: b'<c r="A1"><f>' * n,
    "slashes": lambda n: b'<c r="A1"><f ' + b"/" * 4 * n + b"<f>",
    "a text that speaks of errors": lambda n: b'<c><is><t>t="e" ' + b't="e" ' * n,
    "a text that speaks of what is hidden": lambda n: b"<c><is><t>" + b"hidden= " * n,
    "a tag that is hidden over and over": lambda n: b"<row " + b'hidden="1" ' * n + b"<",
    "a tag with addresses over and over": lambda n: b"<c " + b'r="AAA1" ' * n + b"/>",
    "a tag with styles over and over": lambda n: b"<c " + b's="1" ' * n + b"<",
    "a name without an end": lambda n: b"<" + b"w" * 10 * n,
    "tags that do not close": lambda n: b"<c " * n + b'r="ZZZ1"',
    "blanks": lambda n: (b'<c r="AAA1">' + b" " * 100) * (n // 10),
}


@pytest.mark.parametrize("made", SCANNED.values(), ids=SCANNED)
def test_every_scan_takes_time_in_proportion_to_the_sheet(made: Callable[[int], bytes]) -> None:
    started = time.process_time()
    markup.markup(b"<sheetData>" + made(90_000) + b"</sheetData>", (1, 2))
    assert time.process_time() - started < 4, "a scan that begins anew for each hit takes minutes"


def test_comments_within_comments_are_looked_at_once(tmp_path: Path, parts: Parts) -> None:
    nested = b'<comment ref="A1">' * 60_000 + b"<text><t>x</t></text>" + b"</comment>" * 60_000
    links = b'<Relationships><Relationship Id="r1" Type="x/comments" Target="../comments1.xml"/></Relationships>'
    more = {"xl/worksheets/_rels/sheet4.xml.rels": links, "xl/comments1.xml": b"<comments>" + nested + b"</comments>"}
    started = time.process_time()
    told(tmp_path, {**parts, **more})
    assert time.process_time() - started < 10, "each comment is searched for those within it"


def test_a_number_format_without_end_is_none() -> None:
    started = time.process_time()
    assert Format.of("0" + "[" * 190_000) is None
    assert time.process_time() - started < 1, "every bracket is searched for its end"


def test_what_stands_before_the_first_element_is_looked_at_once(tmp_path: Path, parts: Parts) -> None:
    started = time.process_time()
    comments = (b"<!--" + b"x" * 90_000 + b"-->") * 10 + b"<a/>"
    assert told(tmp_path, {**parts, **{f"xl/x{n}.xml": comments for n in range(100)}}) == []
    assert time.process_time() - started < 4


# Whatever it is called ------------------------------------------------------------------------------------------------


def opendocument(path: Path, titles: list[str]) -> Path:
    """A spreadsheet of some hundred bytes that has a thousand million cells."""
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    tables = "".join(f'<table:table table:name="{title}">{row}</table:table>' for title in titles)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", f"<office:document-content>{tables}</office:document-content>")
    return path


def test_a_table_in_another_format_is_recognised_without_being_read(tmp_path: Path) -> None:
    titles = [sheet.sheet_title() for sheet in ZONE_REPORT.sheets]
    assert form_by_sheets(opendocument(tmp_path / "望溪.ods", titles)) is ZONE_REPORT
    assert form_by_sheets(opendocument(tmp_path / "别的.ods", ["甲", "乙"])) is None
    assert [(issue.number, issue.severity) for issue in workbooks(tmp_path)[1]] == [
        ("FL-30", "请核实"),
        ("FL-30", "必改"),
    ]


def test_a_table_in_another_format_is_unpacked_no_further_than_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(4):
            package.writestr(f"{number}/content.xml", f'<table name="{number}"/>' + "x" * 1000)
    monkeypatch.setattr("pipeline.intake.files.sniffing.LIMITS", ZipLimits(package=2500, part=2500))
    assert sheet_names(path, ()) == {"0", "1"}


def test_names_of_sheets_are_found_in_old_formats(tmp_path: Path) -> None:
    titles = [sheet.sheet_title() for sheet in ZONE_REPORT.sheets]
    old = b"".join(bytes([len(title), 1]) + title.encode("utf-16-le") for title in titles)
    older = b"".join(bytes([len(name)]) + name for name in (title.encode("gbk") for title in titles))
    for number, names in enumerate((old, older)):
        path = tmp_path / f"{number}.et"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + names + bytes(600))
        assert form_by_sheets(path) is ZONE_REPORT
    binary = b"".join(len(title).to_bytes(4, "little") + title.encode("utf-16-le") for title in titles)
    with zipfile.ZipFile(tmp_path / "x.xlsb", "w") as package:
        package.writestr("xl/workbook.bin", binary)
    assert form_by_sheets(tmp_path / "x.xlsb") is ZONE_REPORT


@pytest.mark.parametrize(
    "more", [{"XL/worksheets/SHEET4.xml": b"<a/>"}, {"content.xml": b"<a/>"}, {"xl/workbook.bin": b""}]
)
def test_a_workbook_of_which_nobody_knows_what_a_reader_takes_is_damaged(
    tmp_path: Path, parts: Parts, more: Parts
) -> None:
    assert told(tmp_path, {**parts, **more}) == ["FL-11"]


def test_a_second_workbook_in_the_package_hides_nothing(tmp_path: Path, parts: Parts) -> None:
    far = rows(parts, b'<row r="9"><c r="XFD1048576"><v>1</v></c></row>')
    decoy = {"a/workbook.xml": parts[BOOK].replace(b"rId4", b"rId3")}
    assert told(tmp_path, decoy | far) == ["SH-14 问题整改台账"]


def test_a_way_of_packing_that_workbooks_do_not_have_is_damage(tmp_path: Path, parts: Parts) -> None:
    with zipfile.ZipFile(tmp_path / NAME, "w", zipfile.ZIP_LZMA) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    assert fault_of(tmp_path / NAME) is FL_11


def test_the_rest_of_the_month_goes_on(tmp_path: Path, parts: Parts) -> None:
    folder = tmp_path / "2023-08"
    folder.mkdir()
    for path in EXAMPLE.iterdir():
        if path.name != NAME:
            (folder / path.name).write_bytes(path.read_bytes())
    assert told(folder, rows(long_string(parts, 32_767), cells(20_000, SHARED))) == ["FL-45"]
    month = load(folder)
    assert [issue.location.workbook for issue in month.issues if issue.number == "FL-45"] == [NAME]
    assert month.files.keys() == {path.name for path in EXAMPLE.iterdir()} - {NAME}
