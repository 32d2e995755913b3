"""A zone's workbook with all that other libraries lose, and its parts as a test compares them."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from pipeline.forms.faults.fault import Fault, Issue, Severity
from pipeline.forms.places import Location
from pipeline.workbooks.marking.words import Told
from tests.support.reading import EXAMPLE, ZONE

BOOK = "责任区月报-云岭责任区.xlsx"
LEDGER, RECORDS, REPORT = "问题整改台账", "督导检查记录", "填报信息"
CODE = "0123abcd"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def parts_of(content: bytes) -> dict[str, bytes]:
    """The members of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed_parts(parts: dict[str, bytes]) -> bytes:
    """A package of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def canonical(name: str, part: bytes) -> bytes:
    """A part as it is compared: XML whatever its quotes and its declaration (C14N)."""
    if not name.endswith((".xml", ".rels", ".vml")):
        return part
    return bytes(etree.tostring(etree.fromstring(part), method="c14n"))


def rich() -> bytes:
    """The example's workbook as clerks make it: x14 drop-downs, pictures, WPS cell pictures, threads, own sheets."""
    parts = parts_of((EXAMPLE / ZONE).read_bytes())
    ledger, records = "xl/worksheets/sheet4.xml", "xl/worksheets/sheet3.xml"
    x14 = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>代码表!$A$2:$A$9</xm:f></x14:formula1>'
        "<xm:sqref>AJ2:AJ9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    edit(parts, ledger, "</worksheet>", f'<drawing r:id="rId1"/><legacyDrawing r:id="rId2"/>{x14}</worksheet>')
    edit(parts, records, "</worksheet>", '<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>')
    edit(parts, "xl/workbook.xml", "</sheets>", '<sheet name="我的备忘" sheetId="9" r:id="rId90"/></sheets>')
    edit(parts, "xl/workbook.xml", "<workbookView ", '<workbookView activeTab="3" firstSheet="1" ')
    edit(parts, "xl/worksheets/sheet1.xml", ' tabSelected="1"', "")
    edit(parts, ledger, "<sheetView ", '<sheetView tabSelected="1" ')
    own = f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData></worksheet>'
    parts["xl/worksheets/sheet9.xml"] = own.encode()
    links = {
        "xl/_rels/workbook.xml.rels": [
            ("rId90", f"{_R}/worksheet", "worksheets/sheet9.xml"),
            ("rId91", "http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml"),
            ("rId92", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
        ],
        "xl/worksheets/_rels/sheet4.xml.rels": [
            ("rId1", f"{_R}/drawing", "../drawings/drawing1.xml"),
            ("rId2", f"{_R}/vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("rId3", f"{_R}/comments", "../comments1.xml"),
            (
                "rId4",
                "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
                "../threadedComments/threadedComment1.xml",
            ),
        ],
        "xl/worksheets/_rels/sheet3.xml.rels": [("rId1", f"{_R}/table", "../tables/table1.xml")],
        "xl/_rels/cellimages.xml.rels": [("rId1", f"{_R}/image", "media/image1.png")],
        "xl/drawings/_rels/drawing1.xml.rels": [("rId1", f"{_R}/image", "../media/image1.png")],
    }
    for name, its in links.items():
        written = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in its)
        known = parts.get(name, f'<Relationships xmlns="{_LINKS}"></Relationships>'.encode())
        parts[name] = known.replace(b"</Relationships>", f"{written}</Relationships>".encode())
    parts["xl/media/image1.png"] = b"\x89PNG\r\n\x1a\n picture"
    parts["xl/cellimages.xml"] = b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
    parts["xl/drawings/drawing1.xml"] = (
        b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'
    )
    parts["xl/persons/person.xml"] = (
        b'<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>'
    )
    parts["xl/threadedComments/threadedComment1.xml"] = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="L3" id="{1}"><text>再问一次</text></threadedComment></ThreadedComments>'
    ).encode()
    parts["xl/comments1.xml"] = (
        f'<comments xmlns="{_MAIN}"><authors><author>王五</author></authors><commentList>'
        '<comment ref="E2" authorId="0"><text><r><t>问过学校</t></r></text></comment>'
        '<comment ref="C4" authorId="0"><text><t>待补</t></text></comment>'
        '<comment ref="L3" authorId="0"><text><t>[Threaded comment] 再问一次</t></text></comment>'
        "</commentList></comments>"
    ).encode()
    parts["xl/drawings/vmlDrawing1.vml"] = _boxes((1, 4), (3, 2), (2, 11)).encode()
    parts["xl/tables/table1.xml"] = f'<table xmlns="{_MAIN}" id="1" name="T" displayName="T" ref="A1:R5"/>'.encode()
    types = (
        '<Default Extension="png" ContentType="image/png"/><Default Extension="vml" '
        'ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    )
    edit(parts, "[Content_Types].xml", "<Default ", f"{types}<Default ")
    edit(
        parts,
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/xl/worksheets/sheet9.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    )
    return packed_parts(parts)


def edit(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a part."""
    assert old.encode() in parts[name], (name, old)
    parts[name] = parts[name].replace(old.encode(), new.encode(), 1)


def _boxes(*places: tuple[int, int]) -> str:
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + n}" type="#_x0000_t202" style="visibility:hidden"><x:ClientData '
        f'ObjectType="Note"><x:Anchor>1, 15, 1, 2, 3, 15, 4, 16</x:Anchor><x:Row>{row}</x:Row>'
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
        for n, (row, column) in enumerate(places)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout><o:idmap data="1"/></o:shapelayout>'
        f"{shapes}</xml>"
    )


def told(cell: str, label: str, severity: Severity = Severity.必改, sheet: str = LEDGER, said: str = "请核对") -> Told:
    """A fault at a cell."""
    fault = Fault("ZZ-01", severity, said)
    issue = Issue(fault, severity, Location(BOOK, sheet, cell), said, label, "甲")
    return Told(issue, CODE if severity is Severity.请核实 and cell else "")


FAULTS = (
    told("E2", "发现日期"),
    told("L3", "严重程度"),
    told("C4", "具体描述", Severity.请核实),
    told("A2", "问题编号", Severity.提示),
    told("B3", "统计年份", sheet=REPORT),
    told("", "", sheet=RECORDS),
    told("C4:C5", ""),
    told("AH1", ""),
)
