"""Mutations of filled workbooks by kind and seed: cells, headings, sheets, XML, zip, file; judges nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from pipeline.intake.files.markup import letters

Parts = dict[str, bytes]
"""The members of a workbook's zip, in order: name -> content."""
Content = tuple[str, str]
"""A cell's content: the attributes for its type, and its inner XML; ("", "") for a blank."""

BLANK: Content = ("", "")
WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"


def mutate(kind: str, seed: int, path: Path) -> None:
    """Change the workbook in place; the same kind and seed give the same change. The file may then have another name."""
    hand = Random(f"{kind}, {seed}")
    if kind in OF_PARTS:
        parts = unpacked(path)
        OF_PARTS[kind](hand, parts)
        path.write_bytes(packed(parts))
    elif kind in OF_BYTES:
        path.write_bytes(OF_BYTES[kind](hand, path.read_bytes()))
    else:
        OF_FILES[kind](hand, path)


def unpacked(path: Path) -> Parts:
    """The members of a workbook that is whole."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The zip of these members, compressed fast rather than well."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet that is to be filled, by its title: neither the instructions nor the lists."""
    names = re.findall('<sheet name="([^"]+)"', parts[WORKBOOK].decode())
    return {name: f"xl/worksheets/sheet{place}.xml" for place, name in enumerate(names[1:-1], 2)}


# XML of a sheet ------------------------------------------------------------------------------------------------------

_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"((?: s="[0-9]+")?)([^<>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="([0-9]+)"([^<>]*)>(.*?)</row>', re.DOTALL)


def filled(xml: str) -> dict[str, Content]:
    """The content of each filled cell below the headings, by address."""
    return {f"{c[1]}{c[2]}": (c[4], c[5]) for c in _CELL.finditer(xml) if c[5] and c[2] != "1"}


def lines(xml: str) -> list[int]:
    """The numbers of the lines below the headings that hold anything."""
    return sorted({int(re.sub("[A-Z]", "", address)) for address in filled(xml)})


def refilled(xml: str, address: str, content: Content) -> str:
    """The sheet with another content in one cell; KeyError for a cell that the sheet does not write."""
    found = re.search(rf'<c r="{address}"((?: s="[0-9]+")?)[^<>]*?(?:/>|>.*?</c>)', xml, re.DOTALL)
    if found is None:
        raise KeyError(address)
    attributes, inner = content
    return f'{xml[: found.start()]}<c r="{address}"{found[1]} {attributes}>{inner}</c>{xml[found.end() :]}'


def text(value: str) -> Content:
    """A cell with that text."""
    return 't="inlineStr"', f'<is><t xml:space="preserve">{escape(value)}</t></is>'


def number(value: str) -> Content:
    """A cell with that number, written so."""
    return "", f"<v>{value}</v>"


def _edit(hand: Random, parts: Parts, change: Callable[[str], str]) -> None:
    """Change the XML of one sheet."""
    part = hand.choice([name for name in sheets(parts).values() if lines(parts[name].decode())])
    parts[part] = change(parts[part].decode()).encode()


def _moved(xml: str, places: Callable[[int], int]) -> str:
    """The sheet with the cells of each column in another one; 0 is column A."""
    known = {letters(place): letters(places(place)) for place in range(60)}

    def row(match: re.Match[str]) -> str:
        cells = [re.sub('(?<=<c r=")[A-Z]+', lambda c: known[c[0]], cell[0]) for cell in _CELL.finditer(match[3])]
        cells.sort(key=lambda cell: (len(re.findall("[A-Z]", cell.split('"')[1])), cell.split('"')[1]))
        return f'<row r="{match[1]}">{"".join(cells)}</row>'

    return _ROW.sub(row, xml)


def _numbered(rows: Iterable[str]) -> str:
    """Rows put under one another, each with the number of its line."""
    return "".join(
        re.sub(r'(?<= r=")([A-Z]*)[0-9]+', rf"\g<1>{line}", re.sub(r' spans="[^"]*"', "", row))
        for line, row in enumerate(rows, 1)
    )


def _with_rows(xml: str, change: Callable[[list[str]], list[str]]) -> str:
    rows = [row[0] for row in _ROW.finditer(xml)]
    start, end = xml.index("<sheetData>") + 11, xml.index("</sheetData>")
    return xml[:start] + _numbered(change(rows)) + xml[end:]


# Cells ---------------------------------------------------------------------------------------------------------------

WILD = (
    "\u202e倒着写\u202c",
    "\ufeff\u200b",
    "👩\u200d👩\u200d👧 一家",
    "e\u0301\u0323" * 40,
    "_xD800_半个",
    "_x0000_",
    "_x000D__x000B_",
    "\ue000\uf8ff",
    "\U0010ffff",
    "\u3000\u00a0",
    "﷽﷽",
    "《“（【",
    "；；、、；",
    "{责任区}",
    "%s %d {0}",
    "=1+1",
    "【示例】",
    "&amp;&lt;",
    "\n\n\t",
    "๑" * 3,
    "①②③",
    "٢٠٢٣-٠٨-٣١",
    "9" * 400,
    "1" * 16 + "." + "3" * 30,
    "-",
    "2023-13-45",
    "0000-00-00",
    "9999-12-31",
    "3e5",
    "²",
    "〇",
    "JC-2023",
    "长" * 40_000,
)
HUGE = (
    "1E308", "-1E308", "1E400", "9" * 40, "-0", "1E-320", "NaN", "INF", "2958466", "-1", "0.1", "60", "1E16", "",
)  # fmt: skip
OTHERS: tuple[Content, ...] = (
    ('t="b"', "<v>1</v>"),
    ('t="b"', "<v>7</v>"),
    ('t="e"', "<v>#N/A</v>"),
    ('t="e"', "<v></v>"),
    ('t="d"', "<v>2023-08-31T00:00:00</v>"),
    ('t="d"', "<v>99999-99-99</v>"),
    ('t="s"', "<v>99999</v>"),
    ('t="s"', "<v>-1</v>"),
    ('t="s"', "<v>x</v>"),
    ('t="str"', "<v>文</v>"),
    ('t="?"', "<v>1</v>"),
    ('t="n"', "<v>文</v>"),
    ("", "<f>1+1</f>"),
    ("", '<f t="shared" si="0"/><v>3</v>'),
    ("", '<f t="array" ref="A1:B2">TODAY()</f><v>45169</v>'),
    ('t="inlineStr"', "<is><r><t>富</t></r><r><t>文本</t></r></is>"),
    ('t="inlineStr"', "<is/>"),
    ('s="9999"', "<v>1</v>"),
)


def _cell(contents: Callable[[Random, list[Content]], Content]) -> Callable[[Random, Parts], None]:
    """The mutation that gives one filled cell another content: from chance and the contents of the sheet."""

    def change(hand: Random, parts: Parts) -> None:
        def one(xml: str) -> str:
            cells = filled(xml)
            return refilled(xml, hand.choice(list(cells)), contents(hand, list(cells.values())))

        _edit(hand, parts, one)

    return change


def _many_cells(hand: Random, parts: Parts) -> None:
    def many(xml: str) -> str:
        cells = filled(xml)
        for address in hand.sample(list(cells), min(10, len(cells))):
            xml = refilled(xml, address, hand.choice([text(hand.choice(WILD)), number(hand.choice(HUGE)), *OTHERS]))
        return xml

    _edit(hand, parts, many)


def _addressed(hand: Random, parts: Parts) -> None:
    """A cell with an invalid address, another cell's, or one far away."""
    address = hand.choice(("", "A0", "1A", "$A$2", "A2", "XFD1048576", "A99999999999", "xfd1048576", "a2"))
    _edit(hand, parts, lambda xml: xml.replace(f'r="{hand.choice(list(filled(xml)))}"', f'r="{address}"'))


def _unaddressed(hand: Random, parts: Parts) -> None:
    """Cells without an address, in a row of any number."""
    line = hand.choice(("2", "1048576", "4294967290", "0", "x"))
    row = f'<row r="{line}"><c><v>1</v></c><c t="b"><v>1</v></c></row></sheetData>'
    _edit(hand, parts, lambda xml: xml.replace("</sheetData>", row))


# Headings, columns, rows ---------------------------------------------------------------------------------------------


def _heading(contents: Callable[[Random], Content]) -> Callable[[Random, Parts], None]:
    def change(hand: Random, parts: Parts) -> None:
        def one(xml: str) -> str:
            headings = re.findall(r'<c r="([A-Z]+1)"', xml)
            return refilled(xml, hand.choice(headings), contents(hand))

        _edit(hand, parts, one)

    return change


def _doubled_heading(hand: Random, parts: Parts) -> None:
    def double(xml: str) -> str:
        one, other = hand.sample([cell for cell in _CELL.finditer(xml) if cell[2] == "1"], 2)
        return refilled(xml, f"{one[1]}1", (other[4], other[5]))

    _edit(hand, parts, double)


def _swapped_columns(hand: Random, parts: Parts) -> None:
    one, other = hand.sample(range(4), 2)
    swapped = {one: other, other: one}
    _edit(hand, parts, lambda xml: _moved(xml, lambda place: swapped.get(place, place)))


def _inserted_column(hand: Random, parts: Parts) -> None:
    at = hand.randrange(4)
    _edit(hand, parts, lambda xml: _moved(xml, lambda place: place + (place >= at)))


def _rows(change: Callable[[Random, list[str]], list[str]]) -> Callable[[Random, Parts], None]:
    return lambda hand, parts: _edit(hand, parts, lambda xml: _with_rows(xml, lambda rows: change(hand, rows)))


def _merged(hand: Random, parts: Parts) -> None:
    ranges = hand.choice(("A1:C1", "A2:B3", "A1:A4", "B2:XFD1048576", "C3", "Z9:A1", "A0:B0", "?"))
    tag = f'</sheetData><mergeCells count="1"><mergeCell ref="{ranges}"/></mergeCells>'
    _edit(hand, parts, lambda xml: xml.replace("</sheetData>", tag))


def _hidden_lines(hand: Random, parts: Parts) -> None:
    _edit(hand, parts, lambda xml: re.sub("<(row|col) ", r'<\1 hidden="1" ', xml))


# Sheets --------------------------------------------------------------------------------------------------------------


def _entries(parts: Parts, change: Callable[[list[str]], list[str]]) -> None:
    """Change the list of sheets in the workbook's XML."""
    xml = parts[WORKBOOK].decode()
    found = re.findall("<sheet [^<>]*/>", xml)
    parts[WORKBOOK] = re.sub("<sheets>.*</sheets>", f"<sheets>{''.join(change(found))}</sheets>", xml).encode()


def _one_entry(change: Callable[[Random, str], Iterable[str]]) -> Callable[[Random, Parts], None]:
    """The mutation that puts other entries in place of one of the list of sheets."""

    def mutation(hand: Random, parts: Parts) -> None:
        place = hand.randrange(1, len(sheets(parts)) + 1)
        _entries(parts, lambda found: [*found[:place], *change(hand, found[place]), *found[place + 1 :]])

    return mutation


def _renamed(entry: str, name: Callable[[str], str]) -> str:
    return re.sub('(?<=name=")[^"]*', lambda match: name(match[0]), entry)


def _title(hand: Random, name: str) -> str:
    names = (
        f" {name} ",
        f"{name}(2)",
        f"{name[:-1]}",
        "",
        "Sheet1",
        "填报信息",
        "../x",
        "代码表",
        "长" * 99,
        "_x0000_",
    )
    return hand.choice(names)


def _foreign_relation(hand: Random, parts: Parts) -> None:
    """A relation that leads to another sheet, to nothing, or outside the workbook."""
    target = hand.choice(("worksheets/sheet1.xml", "nowhere.xml", "../../../etc/passwd", "", "/", "styles.xml", "x y"))
    xml = parts[RELATIONS].decode()
    place = f"worksheets/sheet{hand.randint(2, 4)}.xml"
    parts[RELATIONS] = xml.replace(f'Target="{place}"', f'Target="{target}"').encode()


# XML of any part -----------------------------------------------------------------------------------------------------


def _part(change: Callable[[Random, bytes], bytes]) -> Callable[[Random, Parts], None]:
    """The mutation of one XML part, of whichever sort, each sort as likely as a sheet."""

    def mutation(hand: Random, parts: Parts) -> None:
        others = [name for name in parts if "worksheets" not in name and "theme" not in name]
        part = hand.choice([*others, *sheets(parts).values()])
        parts[part] = change(hand, parts[part])

    return mutation


def _flipped(hand: Random, content: bytes) -> bytes:
    """With one to eight bytes changed."""
    changed = bytearray(content)
    for _ in range(hand.randint(1, 8)):
        changed[hand.randrange(len(changed))] ^= hand.randint(1, 255)
    return bytes(changed)


def _truncated(hand: Random, content: bytes) -> bytes:
    return content[: hand.randrange(len(content))]


def _without_a_tag(hand: Random, xml: bytes) -> bytes:
    tag = hand.choice(list(re.finditer(rb"<[^<>]*>", xml)))
    return xml[: tag.start()] + xml[tag.end() :]


def _with_a_tag_twice(hand: Random, xml: bytes) -> bytes:
    tag = hand.choice(list(re.finditer(rb"<[^<>]*>", xml)))
    return xml[: tag.end()] + tag[0] + xml[tag.end() :]


def _with_an_entity(hand: Random, xml: bytes) -> bytes:
    place = hand.choice(list(re.finditer(rb">", xml))).end()
    return xml[:place] + hand.choice((b"&x;", b"&", b"&#0;", b"&#xD800;", b"&#x10FFFF;", b"&lt", b"\0")) + xml[place:]


def _with_a_document_type(hand: Random, xml: bytes) -> bytes:
    entity = hand.choice((b'SYSTEM "file:///etc/passwd"', b'"0123456789"', b'SYSTEM "http://127.0.0.1:9/"'))
    return xml.replace(b"?>", b"?><!DOCTYPE x [<!ENTITY x " + entity + b">]>", 1).replace(b"</", b"&x;</", 1)


def _with_a_broken_attribute(hand: Random, xml: bytes) -> bytes:
    attribute = hand.choice(list(re.finditer(rb' ([\w:]+)="([^"]*)"', xml)))
    name, value = attribute[1], attribute[2]
    written = hand.choice((b' %b="', b" %b", b' %b=""', b' %b="\xff"', b' %b="-1"', b' %b="%b" %b="2"', b' %b="&"'))
    new = written.replace(b"%b", name, 1).replace(b"%b", value, 1).replace(b"%b", name)
    return xml[: attribute.start()] + new + xml[attribute.end() :]


def _in_another_encoding(hand: Random, xml: bytes) -> bytes:
    encodings = ("utf-16", "utf-16-le", "gb18030", "utf-8-sig", "utf-32")
    return hand.choice([*(xml.decode().encode(name) for name in encodings), xml.replace(b"UTF-8", b"GB2312")])


def _false_counts(hand: Random, parts: Parts) -> None:
    """A part that claims contents it does not have."""
    count = hand.choice(("0", "-1", "99999999999", "18446744073709551615", "x"))
    for part in (STRINGS, "xl/styles.xml"):
        parts[part] = re.sub(rb'(?<=ount=")[0-9]+', count.encode(), parts[part])


def _in_a_prefix(hand: Random, xml: bytes) -> bytes:  # noqa: ARG001
    return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=")


# Zip and file --------------------------------------------------------------------------------------------------------


def _without_a_member(hand: Random, parts: Parts) -> None:
    del parts[hand.choice(list(parts))]


def _member_renamed(hand: Random, parts: Parts) -> None:
    name = hand.choice(list(parts))
    names = (name.upper(), name.replace("/", "\\"), f"/{name}", f"../{name}", f"{name} ", f"长{name}", f"x/{name}")
    parts[hand.choice(names)] = parts.pop(name)


def _flipped_in_the_directory(hand: Random, content: bytes) -> bytes:
    start = content.index(b"PK\x01\x02")
    return content[:start] + _flipped(hand, content[start:])


def _flipped_in_a_member(hand: Random, content: bytes) -> bytes:
    end = content.index(b"PK\x01\x02")
    return _flipped(hand, content[:end]) + content[end:]


OTHER_FILES = (
    b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\0" * 5000, b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "责任区,月份\n".encode("gb18030"), b"<html><table></table></html>",
    b"Rar!\x1a\x07", b"PK", b"\xff\xfe\0\0", b"<?xml version='1.0'?><x/>", packed({"a.txt": b"x"}),
    packed({"[Content_Types].xml": b"", "word/document.xml": b""}), packed({WORKBOOK: b""}), packed({WORKBOOK: b"<x/>"}),
)  # fmt: skip


OF_PARTS: Mapping[str, Callable[[Random, Parts], None]] = {
    "a cell of another type": _cell(lambda hand, _: hand.choice(OTHERS)),
    "a cell of wild characters": _cell(lambda hand, _: text(hand.choice(WILD))),
    "a cell with a huge number": _cell(lambda hand, _: number(hand.choice(HUGE))),
    "a cell blank": _cell(lambda _, __: BLANK),
    "a cell with another cell's content": _cell(lambda hand, cells: hand.choice(cells)),
    "ten cells wild": _many_cells,
    "a cell at a wrong address": _addressed,
    "cells without an address": _unaddressed,
    "a heading renamed": _heading(lambda hand: text(hand.choice(("学校名", "备注", *WILD)))),
    "a heading removed": _heading(lambda _: BLANK),
    "a heading a number": _heading(lambda hand: number(hand.choice(HUGE))),
    "a heading twice": _doubled_heading,
    "columns swapped": _swapped_columns,
    "a column inserted": _inserted_column,
    "a title above": _rows(lambda hand, rows: [hand.choice(rows), *rows]),
    "headings removed": _rows(lambda _, rows: rows[1:]),
    "a row twice": _rows(lambda hand, rows: [*rows, hand.choice(rows)]),
    "rows shuffled": _rows(lambda hand, rows: hand.sample(rows, len(rows))),
    "rows removed": _rows(lambda hand, rows: hand.sample(rows, hand.randrange(len(rows)))),
    "cells merged": _merged,
    "lines hidden": _hidden_lines,
    "a sheet removed": _one_entry(lambda _, __: ()),
    "a sheet renamed": _one_entry(lambda hand, entry: (_renamed(entry, lambda name: _title(hand, name)),)),
    "a sheet copied": _one_entry(lambda _, entry: (entry, _renamed(entry, lambda name: f"{name} (2)"))),
    "a sheet twice": _one_entry(lambda _, entry: (entry, entry)),
    "a sheet hidden": _one_entry(
        lambda hand, entry: (entry.replace("<sheet ", f'<sheet state="{hand.choice(("hidden", "veryHidden", "?"))}" '),)
    ),
    "sheets reordered": lambda hand, parts: _entries(parts, lambda found: hand.sample(found, len(found))),
    "all sheets removed": lambda _, parts: _entries(parts, lambda __: []),
    "a relation elsewhere": _foreign_relation,
    "bytes of XML flipped": _part(_flipped),
    "XML truncated": _part(_truncated),
    "XML empty": _part(lambda _, __: b""),
    "XML without a tag": _part(_without_a_tag),
    "XML with a tag twice": _part(_with_a_tag_twice),
    "XML with an entity": _part(_with_an_entity),
    "XML with a document type": _part(_with_a_document_type),
    "XML with a broken attribute": _part(_with_a_broken_attribute),
    "XML in another encoding": _part(_in_another_encoding),
    "XML with false counts": _false_counts,
    "XML under a prefix": _part(_in_a_prefix),
    "a member removed": _without_a_member,
    "a member renamed": _member_renamed,
}

OF_BYTES: Mapping[str, Callable[[Random, bytes], bytes]] = {
    "zip truncated": _truncated,
    "bytes appended": lambda hand, content: content + hand.randbytes(hand.randint(1, 70_000)),
    "bytes before": lambda hand, content: hand.randbytes(hand.randint(1, 100)) + content,
    "directory flipped": _flipped_in_the_directory,
    "compressed bytes flipped": _flipped_in_a_member,
    "file empty": lambda _, __: b"",
    "another kind of file": lambda hand, _: hand.choice(OTHER_FILES),
}

SUFFIXES = (".xls", ".et", ".csv", ".XLSX", ".docx", "", ".xlsm", ".ods")

OF_FILES: Mapping[str, Callable[[Random, Path], object]] = {
    "another suffix": lambda hand, path: path.rename(path.with_suffix(hand.choice(SUFFIXES))),
    "another workbook's content": lambda hand, path: path.write_bytes(hand.choice(_beside(path)).read_bytes()),
    "twice under two names": lambda _, path: path.with_stem(f"{path.stem} - 副本").write_bytes(path.read_bytes()),
}

KINDS = (*OF_PARTS, *OF_BYTES, *OF_FILES)
"""Every kind of mutation."""


def _beside(path: Path) -> list[Path]:
    return sorted({*path.parent.iterdir()} - {path})
