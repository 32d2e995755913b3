"""Compiled templates against docxtpl, the reference: every part of a document is the same canonical XML (C14N 2.0).

Names are compared by their namespaces: docxtpl drops a prefix that a paragraph declares again, the compiled template
keeps it.
"""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Opened
from docxtpl import DocxTemplate, InlineImage, RichText
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup
from PIL import Image

from pipeline.cli import verbs as cli
from pipeline.cli.terminal_outcome import show_outcome
from pipeline.documents.catalogue import Draft, documents
from pipeline.dossier.building import build_dossier
from pipeline.dossier.figures import Figure, How
from pipeline.dossier.province import Province, alone
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.loading import load
from pipeline.ooxml.package import Package, Seen, pack
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.report import report
from pipeline.run.templates import FOLDER, shipped
from pipeline.word.rendering.drafting import MISSING, mark
from pipeline.word.rendering.environment import environment
from pipeline.word.rendering.proof import proved
from pipeline.word.rendering.template import render
from pipeline.word.rendering.whole import fault_of_document
from tests.support.processes import SOFFICE
from tests.support.reading import EXAMPLE, lines, of_family, of_word
from tests.support.templates import LIST, added, edited, rewritten

Parts = dict[str, bytes]


def parts(document: Path | io.BytesIO) -> Parts:
    """The members of a document by name; XML in its canonical form, with all else as it is."""
    with zipfile.ZipFile(document) as package:
        assert package.testzip() is None
        return {name: canonical(name, package.read(name)) for name in package.namelist()}


def canonical(name: str, content: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return content
    return etree.canonicalize(content.decode(), rewrite_prefixes=True).encode()


def by_docxtpl(template: Path, context: Mapping[str, Any]) -> Parts:
    """The document by docxtpl itself."""
    document = DocxTemplate(template)
    document.render(dict(context), environment(), autoescape=True)
    document.save(stream := io.BytesIO())
    return parts(stream)


def by_pipeline(template: Path, context: Mapping[str, Any], target: Path) -> Parts:
    """The document by the compiled template; docxtpl must not have made it."""
    assert render(template, context, target) is None
    return parts(target)


# The shipped templates -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    told = [build_dossier(load(EXAMPLE, None)), build_dossier(load(EXAMPLE.parent, Period(2023, 7, months=3)))]
    dossiers = [dossier for dossier in told if dossier is not None]
    kinds = [document for document in documents() if document.template]
    of_county = [draft for document in kinds for dossier in dossiers for draft in document.drafts(dossier)]
    return [*of_county, *(draft for document in documents(Province) for draft in document.drafts(alone(dossiers[0])))]


def test_every_document_of_the_example_is_what_docxtpl_makes(drafts: list[Draft], tmp_path: Path) -> None:
    assert {draft.template for draft in drafts} == {path.stem for path in shipped() if "." not in path.stem}
    for draft in drafts:
        template = FOLDER / f"{draft.template}.docx"
        assert by_pipeline(template, draft.context, tmp_path / "文书.docx") == by_docxtpl(template, draft.context)


NASTY = [
    "&<>\"'",
    "{{ 1 }}{% if %}",
    "{_{ a }_}",
    "一\n二",
    "一\t二\a三\f四",
    "\r\n",
    "😀𠮷",
    "",
    " ",
    "</w:t>",
    "&amp;",
]


def test_the_shipped_templates_stand_any_text_as_docxtpl_does(drafts: list[Draft], tmp_path: Path) -> None:
    drawn = random.Random(9704)
    for draft in {draft.template: draft for draft in drafts}.values():
        context = spoilt(draft.context, drawn)
        template = FOLDER / f"{draft.template}.docx"
        assert by_pipeline(template, context, tmp_path / "文书.docx") == by_docxtpl(template, context)


def spoilt(value: Any, drawn: random.Random) -> Any:
    """A context with texts at random places in its texts, and with some rows of its lists fewer."""
    if isinstance(value, dict):
        return {label: spoilt(item, drawn) for label, item in value.items()}
    if isinstance(value, list):
        return [spoilt(item, drawn) for item in value if drawn.random() < 0.8]
    return value + drawn.choice(NASTY) + value if isinstance(value, str) else value


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_templates_saved_by_libreoffice_give_what_docxtpl_makes(drafts: list[Draft], tmp_path: Path) -> None:
    """But for the properties: LibreOffice 24 and newer relate them otherwise, and docxtpl then adds others beside."""
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless", "--convert-to", "docx"]
    subprocess.run([*command, "--outdir", tmp_path, *shipped()], check=True, capture_output=True, timeout=180)
    properties = {"_rels/.rels", "docProps/core.xml"}
    for draft in {draft.template: draft for draft in drafts}.values():
        template = tmp_path / f"{draft.template}.docx"
        made = by_pipeline(template, draft.context, tmp_path / "o.docx")
        expected = by_docxtpl(template, draft.context)
        assert {name: made[name] for name in made.keys() - properties} == {
            name: expected[name] for name in expected.keys() - properties
        }


def test_a_draft_is_what_docxtpl_makes_and_lists_sentences_that_look_like_tags(tmp_path: Path) -> None:
    missing = ["{{ 1 }}", "一 & 二", "甲\n乙"]
    template = FOLDER / f"{LIST}.docx"
    context = next(document.context for document in documents() if document.template == LIST).samples()["只有必填内容"]
    assert render(template, context, tmp_path / "稿.docx", missing=missing) is None
    assert lines(tmp_path / "稿.docx")[-4:] == ["以下内容有误，未列入本草稿：", "1.{{ 1 }}", "2.一 & 二", "3.甲\n乙"]
    reference = DocxTemplate(template)
    reference.init_docx()
    mark(reference.docx)
    reference.render({**context, MISSING: missing}, environment(draft=True), autoescape=True)
    reference.save(stream := io.BytesIO())
    assert parts(tmp_path / "稿.docx") == parts(stream)


# Negative controls ---------------------------------------------------------------------------------------------------


MUTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "a character": lambda xml: xml.replace("学校".encode(), "学棱".encode(), 1),
    "a tag's attribute": lambda xml: xml.replace(b'w:val="', b'w:val="x', 1),
    "a paragraph twice": lambda xml: xml.replace(b"</w:body>", b"<w:p/></w:body>"),
    "a space": lambda xml: xml.replace(b"</w:t>", b" </w:t>", 1),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_document_that_was_changed_is_found_unequal(name: str, county_list: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(county_list) as package:
        members = {member: package.read(member) for member in package.namelist()}
    before = members["word/document.xml"]
    members["word/document.xml"] = MUTATIONS[name](before)
    assert members["word/document.xml"] != before
    assert rezipped(members, tmp_path) != parts(county_list)


def test_a_lost_member_is_found_and_another_way_of_packing_is_not(county_list: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(county_list) as package:
        members = {member: package.read(member) for member in package.namelist()}
    assert rezipped(members, tmp_path) == parts(county_list)
    del members["word/footer1.xml"]
    assert rezipped(members, tmp_path) != parts(county_list)


def rezipped(members: Mapping[str, bytes], folder: Path) -> Parts:
    with zipfile.ZipFile(folder / "改.docx", "w") as package:
        for member, content in members.items():
            package.writestr(member, content)
    return parts(folder / "改.docx")


# Any values ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a template that has every kind of tag, in body, table, header, footer and properties."""
    folder = tmp_path_factory.mktemp("templates")
    document = Document()
    document.core_properties.title = "某某 & {{ 数 }}"
    document.sections[0].header.paragraphs[0].text = "{{ 文 }} {% if 有无 %}有{% else %}无{% endif %}"
    document.sections[0].footer.paragraphs[0].text = "{% for 行 in 行们 %}{{ 行.甲 }}，{% endfor %}"
    document.add_paragraph("开头 {{ 文 }} 结尾 {{ 数 }}{{ 日 }}{{ 空 }}", style="Heading 1")
    across = document.add_paragraph()
    for text in ("{% if 有", "无 %}一", "", "二{{ 文 }}{% elif 数 %}", "三", "{% endif %}四"):
        across.add_run(text).bold = len(text) % 2 == 0
    for text in ("{%p for 行 in 行们 %}", "{{ loop.index }}. {{ 行.甲 }}\t{{ 行.乙 }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.add_paragraph("{% set 又 = 文 %}{{ 又 ~ '甲' }}{{ [文, 文]|join('、') }}")
    table = document.add_table(0, 2)
    for texts in (["甲", "乙"], ["{%tr for 行 in 行们 %}"], ["{{ 行.甲 }}", "{{ 行.乙 }}"], ["{%tr endfor %}"]):
        for cell, text in zip(table.add_row().cells, texts, strict=False):
            cell.text = text
    document.save(str(folder / "模板.docx"))
    return folder


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(NASTY)
numbers = st.none() | st.integers() | st.decimals(allow_nan=False) | st.dates() | st.booleans()
values = texts | numbers | texts.map(lambda text: Figure(text, "示例", How.TAKEN))
in_properties = numbers | st.sampled_from(["甲", "一 & 二", "<w:t>", "{{ 1 }}"])
rows = st.lists(st.fixed_dictionaries({"甲": values, "乙": texts}), max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {"文": texts, "数": in_properties, "日": values, "空": values, "有无": st.booleans(), "行们": rows}
    )
)
def test_any_value_is_printed_as_docxtpl_prints_it(workshop: Path, context: dict[str, Any]) -> None:
    made = by_pipeline(workshop / "模板.docx", context, workshop / "文书.docx")
    expected = by_docxtpl(workshop / "模板.docx", context)
    properties = "docProps/core.xml"  # docxtpl escapes values in them twice
    for escaped in (b"amp;", b"lt;", b"gt;"):
        expected[properties] = expected[properties].replace(b"&amp;" + escaped, b"&" + escaped)
    assert made == expected


@pytest.mark.parametrize(
    "text", ["一\x01二 & 三", "一\x0b二 & 三", "一\ud800二 & 三", "一\ufffe二 & 三", "一\x1f\uffff二 & 三"]
)
def test_what_xml_cannot_hold_is_left_out_and_nothing_after_it_is_lost(workshop: Path, text: str) -> None:
    context = {"文": text, "数": text, "日": "", "空": None, "有无": True, "行们": [{"甲": text, "乙": text}]}
    render(workshop / "模板.docx", context, workshop / "文书.docx")
    assert lines(workshop / "文书.docx")[-1] == "一二 & 三 | 一二 & 三"
    assert Document(str(workshop / "文书.docx")).core_properties.title == "某某 & 一二 & 三"


# What is left to docxtpl ---------------------------------------------------------------------------------------------


def template_of(folder: Path, build: Callable[[Opened], object]) -> Path:
    document = Document()
    build(document)
    document.save(str(folder / "模板.docx"))
    return folder / "模板.docx"


def picture(folder: Path) -> Path:
    Image.new("RGB", (8, 8), "red").save(folder / "章.png")
    return folder / "章.png"


@pytest.mark.parametrize(
    ("value", "kind"), [(RichText("红", color="ff0000"), "RichText"), (Markup("<w:t>甲</w:t>"), "Markup")]
)
def test_markup_in_a_value_goes_to_docxtpl_by_itself_and_the_reason_is_reported(
    value: object, kind: str, tmp_path: Path
) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("值{{r 值 }}"))
    assert render(template, {"值": value}, tmp_path / "文书.docx") == f"有的值不是普通文字（{kind}）"
    assert parts(tmp_path / "文书.docx") == by_docxtpl(template, {"值": value})
    assert render(template, {"值": "平常"}, tmp_path / "文书.docx") is None


def test_a_picture_as_a_value_goes_to_docxtpl(tmp_path: Path) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("{{ 图 }}"))
    image = InlineImage(DocxTemplate(template), str(picture(tmp_path)))
    assert "InlineImage" in (render(template, {"图": image}, tmp_path / "文书.docx") or "")
    assert len(Document(str(tmp_path / "文书.docx")).inline_shapes) == 1, "the picture"


def test_tags_across_paragraphs_of_a_header_go_to_docxtpl(tmp_path: Path) -> None:
    def build(document: Opened) -> None:
        header = document.sections[0].header
        header.paragraphs[0].text = "{% macro 甲() %}乙{% endmacro %}丙"

    reason = render(template_of(tmp_path, build), {}, tmp_path / "文书.docx")
    assert reason == "页眉、页脚或脚注中有少见的标记"


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ("{% filter 句 %}甲 {{ 值 }}{% endfilter %}", None),
        ("{% filter 分行 %}{% if 值 %}{{ 值 }}{% elif 层 %}& {{ 值 }}{% else %}丙{% endif %}{% endfilter %}", None),
        ("{% filter 句 %}{% filter 去句号 %}甲 {{ 值 }}{% endfilter %}{% endfilter %}", None),
        ("{% set 句子 %}甲{{ 值 }}{% endset %}{{ 值 }}", None),
        ("{% set 句子 = 值 ~ '乙' %}{{ 句子 }}{{ 句子|length }}", None),
        ("{{ '甲 & 乙' }}{{ '\n丙' }}{{ 1 }}", None),
        ("{% for 一 in range(2) %}{{ loop.index }}{{ 值 }}{% endfor %}", None),
        ("{% for 一 in 层 recursive %}{{ 值 }}{{ loop(一) }}{% endfor %}", "有少见的标记"),
    ],
)
@pytest.mark.parametrize("value", ["乙", "<丙> & '丁' \"戊\" ]]>", "己\n庚\t辛\a壬\f癸", "{_{ 子 }_}"])
def test_every_kind_of_tag_prints_what_docxtpl_prints(
    tags: str, reason: str | None, value: str, tmp_path: Path
) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph(tags))
    context = {"值": value, "层": [[], [[]]]}
    assert render(template, context, tmp_path / "文书.docx") == reason
    assert parts(tmp_path / "文书.docx") == by_docxtpl(template, context)


def test_a_run_says_how_many_documents_were_slow_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = tmp_path / "模板"
    templates.mkdir()
    for path in shipped():
        (templates / path.name).write_bytes(path.read_bytes())
    edited(templates, LIST, added("{{ 范围|safe }}"))
    with monkeypatch.context() as unchecked:
        unchecked.setattr("pipeline.run.template_checks.faults_of", lambda *_: ())
        done = report(EXAMPLE, tmp_path / "出", RunOptions(templates=templates))
    named = [path.stem for path in of_word(of_family(done.made, "清单"))]
    assert named
    assert set(named) <= {title for title, _ in done.slowly}
    assert {reason for _, reason in done.slowly} == {"有的值不是普通文字（Markup）"}
    show_outcome(done)
    told = f"有 {len(done.slowly)} 份文书生成较慢，内容不受影响，原因：有的值不是普通文字（Markup）。"
    assert told in capsys.readouterr().out
    assert cli.main(["report", str(EXAMPLE), "--output", str(tmp_path / "出")]) == 0
    assert "较慢" not in capsys.readouterr().out


def with_a_picture(document: Opened) -> None:
    for _ in range(2):
        document.add_picture(str(picture(Path(document.core_properties.comments))))
    document.core_properties.comments = ""
    document.add_paragraph("{{ 值 }}")


def with_columns(document: Opened) -> None:
    table = document.add_table(1, 3)
    for cell, text in zip(table.rows[0].cells, ("{%tc for 行 in 行们 %}", "{{ 行 }}", "{%tc endfor %}"), strict=True):
        cell.text = text


def with_a_table_of_no_rows(document: Opened) -> None:
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ("{%tr for 行 in 行们 %}", "{{ 行 }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text


def with_spans(document: Opened) -> None:
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text = "{% colspan 2 %}{{ 值 }}"


@pytest.mark.parametrize("build", [with_a_picture, with_columns, with_a_table_of_no_rows, with_spans])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_what_docxtpl_repairs_is_repaired(build: Callable[[Opened], object], count: int, tmp_path: Path) -> None:
    def begun(document: Opened) -> None:
        document.core_properties.comments = str(tmp_path)
        build(document)

    template = template_of(tmp_path, begun)
    context = {"值": "甲 & 乙\n丙", "行们": ["甲 & 乙"] * count}
    assert by_pipeline(template, context, tmp_path / "文书.docx") == by_docxtpl(template, context)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ROW = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
GRID = "<w:tblGrid><w:gridCol/></w:tblGrid>"


@pytest.mark.parametrize(
    ("body", "sound"),
    [
        ("<w:p><w:r><w:t>{{ a }}</w:t></w:r></w:p>", True),
        ("<w:p>{% if a %}<w:r/>{% elif b %}<w:r/>{% else %}{% endif %}</w:p>", True),
        ("<w:p><w:r>{% if a %}</w:r></w:p><w:p><w:r>{% endif %}</w:r></w:p>", True),
        ("<w:p>{% if a %}</w:p>{% endif %}<w:p></w:p>", False),
        ("<w:p>{% if a %}<w:r>{% else %}</w:r>{% endif %}</w:p>", False),
        ("<w:p><w:r>{% if a %}</w:r><w:ins>{% endif %}</w:ins></w:p>", False),
        ('<w:p w:a="{{ a }}"/>', False),
        ("<!-- {{ a }} --><w:p/>", False),
        ("{% macro a() %}<w:p/>{% endmacro %}", False),
        (f"<w:tbl>{GRID}{ROW}{{% for a in b %}}{ROW}{{% endfor %}}</w:tbl>", True),
        (f"{{% if a %}}<w:tbl>{GRID}{ROW}</w:tbl>{{% endif %}}", True),
        (f"<w:tbl>{GRID}{{% for a in b %}}{ROW}{{% endfor %}}</w:tbl>", False),
        (f"<w:tbl>{ROW}</w:tbl>", False),
        (f"<w:tbl>{GRID}{ROW}<w:tr><w:tc/><w:tc/></w:tr></w:tbl>", False),
        (f"<w:tbl>{GRID}{ROW}<w:tr>{{% if a %}}<w:tc/>{{% endif %}}</w:tr></w:tbl>", False),
        (f"<w:tbl>{GRID}{ROW}<w:tr><w:tc>{{% if a %}}</w:tc><w:tc>{{% endif %}}</w:tc></w:tr></w:tbl>", False),
        (f'<w:tbl>{GRID}<w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr></w:tc></w:tr></w:tbl>', False),
    ],
)
def test_what_is_proved_of_a_template(body: str, sound: bool) -> None:
    proof = proved(environment().parse(f"<w:body {W}>{body}</w:body>"))
    assert (proof.well_formed and proof.regular) is sound


@pytest.mark.parametrize(
    ("cell", "filled"),
    [
        ("<w:p/>", True),
        ("{% if a %}<w:p/>{% endif %}<w:p/>", True),
        ("<w:p><w:r>{% if a %}</w:r></w:p><w:p><w:r>{% endif %}</w:r></w:p>", True),
        ("{% if a %}<w:p/>{% else %}<w:p/>{% endif %}", False),
        ("{% for a in b %}<w:p/>{% endfor %}", False),
        ("<w:tbl><w:tblGrid/></w:tbl>", False),
        ("", False),
    ],
)
def test_a_cell_that_may_lose_all_paragraphs_is_not_proved_to_come_out_whole(cell: str, filled: bool) -> None:
    row = f"<w:tr><w:tc><w:tcPr/>{cell}</w:tc></w:tr>"
    body = f"<w:body {W}><w:tbl>{GRID}{row}</w:tbl></w:body>"
    assert proved(environment().parse(body)).filled is filled


def test_a_document_that_loses_the_paragraphs_of_a_cell_is_looked_at_and_reported(tmp_path: Path) -> None:
    template = template_of(tmp_path, lambda document: document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("此处"))
    lost = b"<w:p><w:r><w:t>{%p if a %}</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p></w:tc>"
    rewritten(
        template, "word/document.xml", lambda xml: re.sub(rb"<w:p>(?:(?!<w:p>).)*</w:p></w:tc>", lambda _: lost, xml)
    )
    seen: Seen = set()
    render(template, {"a": True}, tmp_path / "文书.docx", seen=seen)
    assert fault_of_document(tmp_path / "文书.docx", seen) == ""
    render(template, {"a": False}, tmp_path / "文书.docx", seen=seen)
    assert "连一段也没有" in fault_of_document(tmp_path / "文书.docx", seen)


def test_a_prefix_that_a_paragraph_declares_again_is_no_difference(tmp_path: Path) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("{{ 值 }}"))
    again = b'<w:p xmlns:q="http://schemas.microsoft.com/office/word/2010/wordml" q:textId="77777777"><w:r>'
    rewritten(template, "word/document.xml", lambda xml: xml.replace(b"<w:p><w:r>", again, 1))
    assert by_pipeline(template, {"值": "甲"}, tmp_path / "文书.docx") == by_docxtpl(template, {"值": "甲"})


# The same bytes ------------------------------------------------------------------------------------------------------


def test_two_runs_in_processes_of_their_own_write_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "pipeline", "report", str(EXAMPLE), "--output", str(tmp_path / seed)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
    first, second = (dict(files(tmp_path / seed)) for seed in ("1", "2"))
    assert len(first) > 90
    assert [name for name in first if first[name] != second.get(name)] == []
    assert first.keys() == second.keys()


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, which has the time of day."""
    made = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return ((str(path.relative_to(folder)), path.read_bytes()) for path in made)


@pytest.mark.parametrize("value", ["平常", Markup("&amp;")])
def test_a_template_without_properties_gives_no_time_of_day(value: str, tmp_path: Path) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("{{ 值 }}"))
    with zipfile.ZipFile(template) as package:
        kept = {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}
    kept["_rels/.rels"] = b"".join(
        piece for piece in kept["_rels/.rels"].replace(b"<Rel", b"\0<Rel").split(b"\0") if b"core.xml" not in piece
    )
    with zipfile.ZipFile(template, "w") as package:
        for name, content in kept.items():
            package.writestr(name, content)
    render(template, {"值": value}, tmp_path / "文书.docx")
    assert b"1980-01-01T00:00:00Z" in parts(tmp_path / "文书.docx")["docProps/core.xml"]
    with zipfile.ZipFile(tmp_path / "文书.docx") as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# Beside that ---------------------------------------------------------------------------------------------------------


def test_a_template_that_has_changed_is_compiled_anew(tmp_path: Path) -> None:
    for word in ("甲", "乙"):
        template = template_of(tmp_path, lambda document, word=word: document.add_paragraph(f"{word}{{{{ 值 }}}}"))
        render(template, {"值": 1}, tmp_path / "文书.docx")
        assert lines(tmp_path / "文书.docx") == [f"{word}1"]


def test_what_cannot_be_compiled_for_any_other_reason_goes_to_docxtpl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("{{ 值 }}"))
    monkeypatch.setattr("pipeline.word.rendering.compiling.proved", lambda _: 1 / 0)
    assert render(template, {"值": "甲\n&"}, tmp_path / "文书.docx") == "模板不能预先编译"
    assert parts(tmp_path / "文书.docx") == by_docxtpl(template, {"值": "甲\n&"})


def test_nothing_is_written_where_a_late_row_is_at_fault(workshop: Path, tmp_path: Path) -> None:
    rows_of_many: list[dict[str, str]] = [{"甲": "一", "乙": "二"}] * 3000
    context = {"文": "", "数": 1, "日": 1, "空": 1, "有无": True, "行们": [*rows_of_many, {"甲": "一"}]}
    with pytest.raises(PipelineError, match="没有的变量"):
        render(workshop / "模板.docx", context, tmp_path / "夹" / "文书.docx")
    assert not (tmp_path / "夹").exists()


def test_a_long_list_is_never_held_as_a_whole(workshop: Path, tmp_path: Path) -> None:
    context = {
        "文": "",
        "数": 1,
        "日": 1,
        "空": 1,
        "有无": True,
        "行们": [{"甲": f"甲{n}\n乙", "乙": "&" * 30} for n in range(5000)],
    }
    render(workshop / "模板.docx", {**context, "行们": []}, tmp_path / "文书.docx")
    tracemalloc.start()
    render(workshop / "模板.docx", context, tmp_path / "文书.docx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with zipfile.ZipFile(tmp_path / "文书.docx") as package:
        length = package.getinfo("word/document.xml").file_size
    assert peak < 3_000_000 < length
    assert len(Document(str(tmp_path / "文书.docx")).tables[0].rows) == 5001, "5,000 rows and the heading"


def test_a_package_is_a_zip_with_any_name_and_any_content(tmp_path: Path) -> None:
    package = Package().plus("甲/乙.bin", pack([b"", b"\0" * 100_000, b"x"])).plus("a.xml", pack([]))
    package.write(tmp_path / "包.zip")
    with zipfile.ZipFile(tmp_path / "包.zip") as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == {
            "甲/乙.bin": b"\0" * 100_000 + b"x",
            "a.xml": b"",
        }


def test_dates_and_numbers_are_printed_as_they_print_themselves(tmp_path: Path) -> None:
    template = template_of(tmp_path, lambda document: document.add_paragraph("{{ 日 }}|{{ 数 }}|{{ 空 }}"))
    render(template, {"日": date(2024, 3, 31), "数": Decimal("1.50"), "空": None}, tmp_path / "文书.docx")
    assert lines(tmp_path / "文书.docx") == ["2024-03-31|1.50|None"]
