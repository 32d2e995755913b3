"""Input for renderers: one notice and one list, in the tags of each, and invented values.

All templates have the shipped one's styles, headings and page, with the same text in the same paragraphs; only tags
differ.
"""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

SHIPPED = Path(__file__).resolve().parent.parent / "input_templates" / "word"

_NOTICE = [
    "〔office〕文件",
    "〔number〕",
    "关于〔school〕教育教学问题的整改通知书",
    "〔addressee〕：",
    "〔day〕，〔team〕对你单位开展了〔subject〕督导。根据《教育督导条例》和有关规定，现将发现的主要问题和整改要求通知如下。",
    "一、主要问题",
    "〔problem〕该问题在上一次督导中已经指出，〔history〕。",
    "二、整改要求",
    "〔demand〕请于〔deadline〕前完成整改，并将整改情况报送〔office〕。",
    "三、有关要求",
    "要高度重视督导发现的问题，明确责任领导和责任人，建立台账，逐项销号。逾期未整改的，将按照有关规定约谈主要负责人。",
    "对本通知所列问题有异议的，可以在收到之日起五个工作日内书面提出；〔team〕将在〔deadline〕后组织复查，结果在〔addressee〕通报。",
    "联系人：〔contact〕　　电话：〔phone〕",
    "〔office〕",
    "〔issued〕",
]
_LIST = ["〔office〕教育督导问题整改清单", "填报日期：〔day〕"]
_COLUMNS = ("no", "school", "problem", "demand", "unit", "person", "deadline", "state", "closed")
_FIELD = re.compile("〔(\\w+)〕")
_TAGS = {
    "docxtpl": ("{{{{ {0} }}}}", "{{{{ row.{0} }}}}", "{%tr for row in rows %}", "{%tr endfor %}"),
    "docxtemplater": ("{{{0}}}", "{{{0}}}", "{#rows}", "{/rows}"),
    "easy-template-x": ("{{{0}}}", "{{{0}}}", "{#rows}", "{/rows}"),
    "carbone": ("{{d.{0}}}", "{{d.rows[i].{0}}}", "{{d.rows[i+1].{0}}}", ""),
    "docx-mailmerge2": ("〔{0}〕", "〔{0}〕", "", ""),
}
SYNTAX = {"compiled": "docxtpl", "docxtpl": "docxtpl", **{name: name for name in list(_TAGS)[1:]}}
"""The renderers, ours first, and whose tags they read."""


def write_template(path: Path, kind: str, syntax: str) -> None:
    """Write the template of a kind (notice or list) in the tags of a renderer."""
    document = Document(str(SHIPPED / f"{'整改通知书' if kind == 'notice' else '整改清单'}.docx"))
    table = document.tables[0]
    for child in list(document.element.body):
        if child.tag != qn("w:sectPr"):
            document.element.body.remove(child)
    for line in _NOTICE if kind == "notice" else _LIST:
        paragraph = document.add_paragraph()
        for place, piece in enumerate(_FIELD.split(line)):
            _write(paragraph, piece if place % 2 == 0 else _TAGS[syntax][0].format(piece))
    if kind == "list":
        document.element.body.insert(len(_LIST), table._tbl)
        _fill(table, syntax)
    document.save(str(path))


def _fill(table: Table, syntax: str) -> None:
    """The rows of the shipped table below its heading: the one with values, and those a renderer needs around it."""
    _, in_row, begin, end = _TAGS[syntax]
    _, above, condition, values, *others, below, totals = table.rows
    around = [above, below] if syntax == "docxtpl" else []
    texts = [in_row.format(name) for name in _COLUMNS]
    if syntax == "carbone":
        values._tr.addnext(next_row := deepcopy(values._tr))
        _set(_Row(next_row, table), [begin.format(name) for name in _COLUMNS])
    elif not around:
        texts = [begin + texts[0], *texts[1:-1], texts[-1] + end]
    _set(values, texts)
    for row, tag in zip(around, (begin, end), strict=False):
        _set(row, [tag])
    for row in (above, condition, *others, below, totals):
        if row not in around:
            table._tbl.remove(row._tr)


def _set(row: _Row, texts: list[str]) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        paragraph = cell.paragraphs[0]
        for run in paragraph.runs:
            paragraph._p.remove(run._r)
        _write(paragraph, text)


def _write(paragraph: Paragraph, text: str) -> None:
    """The text as a run; a name in 〔〕 as one of Word's merge fields."""
    for place, piece in enumerate(_FIELD.split(text)):
        if place % 2:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), f" MERGEFIELD {piece} ")
            field.append(paragraph.add_run(f"«{piece}»")._r)
            paragraph._p.append(field)
        elif piece:
            paragraph.add_run(piece)


def text(path: Path) -> str:
    """A document's text, to compare renderers."""
    paragraphs = Document(str(path)).element.body.iter(qn("w:p"))
    return "\n".join("".join(paragraph.itertext(qn("w:t"))) for paragraph in paragraphs)


def contexts(kind: str, count: int, rows: int) -> list[dict[str, object]]:
    """Values for a number of documents, each with a number of rows; all different."""
    return [_context(number, rows if kind == "list" else 0) for number in range(count)]


def _context(number: int, rows: int) -> dict[str, object]:
    return {
        "office": "云溪县人民政府教育督导室",
        "number": f"云教督〔2024〕{number + 1}号",
        "school": f"云溪县第{number + 1}小学",
        "addressee": f"第{number % 12 + 1}督学责任区",
        "day": f"2024年3月{number % 28 + 1}日",
        "team": "县督导组",
        "subject": "春季学期开学工作 & 校园安全",
        "problem": f"食堂留样不足 {number % 9 + 48} 小时，台账缺第{number % 7 + 1}周的记录；消防通道堆放杂物。" * 2,
        "history": "至今没有完成整改",
        "demand": "补齐台账，落实专人负责，每日由值班领导检查并签字。",
        "deadline": f"2024年4月{number % 28 + 1}日",
        "contact": "林某某",
        "phone": "0000-0000000",
        "issued": "2024年3月31日",
        "rows": [_row(number, line) for line in range(rows)],
    }


def _row(number: int, line: int) -> dict[str, str]:
    return {
        "no": str(line + 1),
        "school": f"云溪县第{number + line}中心小学",
        "problem": f"第{line + 1}项：消防栓压力不足，灭火器过期 {line % 7 + 1} 具 & 应急灯损坏。",
        "demand": "限期更换，完善巡查记录，明确责任人。",
        "unit": "总务处",
        "person": f"王某{line % 90 + 10}",
        "deadline": f"2024年4月{line % 28 + 1}日",
        "state": "整改中" if line % 3 else "已销号",
        "closed": "" if line % 3 else f"2024年3月{line % 28 + 1}日",
    }
