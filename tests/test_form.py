"""The checker of form: our documents have no deviations; each planted one is found at its place, and nothing else."""

from __future__ import annotations

import gc
import json
import random
import re
import shutil
import weakref
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
import pytest
from docx import Document as Docx
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from pipeline.cli.terminal_outcome import show_outcome
from pipeline.cli.verbs import main
from pipeline.documents.catalogue import documents
from pipeline.dossier.building import build_dossier
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.loading import load
from pipeline.ooxml.package import Package as Word
from pipeline.ooxml.package import pack
from pipeline.run.new_templates import how_to_use, new_template, template_kinds
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.run.template_checks import check_template
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.run.templates import LetterLook
from pipeline.word.form import Deviation, deviations
from pipeline.word.form.document import OfficialDocument
from pipeline.word.form.package import DocumentPackage
from pipeline.word.form.tables import Table
from pipeline.word.official import Basis
from pipeline.word.rendering.template import render
from tests.support.another_office import another_office, said
from tests.support.offices import COLOPHON, HEAD, SIGNED, TITLED, boxed, made, text
from tests.support.plants import PLANTED, Plant
from tests.support.reading import EXAMPLE, of_family, of_word


def test_no_document_of_the_example_deviates(outcome: Outcome, quarter: Outcome) -> None:
    made = of_word([*outcome.made, *quarter.made])
    assert outcome.made
    assert of_word(quarter.made)
    assert {path.name: deviations(path) for path in made if deviations(path)} == {}


def test_a_document_that_was_read_is_let_go_without_the_collector(outcome: Outcome) -> None:
    listing = next(path for path in of_word(outcome.made) if "整改清单" in path.name)
    gc.disable()
    try:
        document = OfficialDocument(DocumentPackage(listing))
        assert any(block.rows for block in document.blocks if isinstance(block, Table))
        known = weakref.ref(document)
        del document
        assert known() is None
    finally:
        gc.enable()


def test_a_list_of_thousands_of_rows_is_read_in_part_and_reported_alike(
    tmp_path: Path, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = docx.Document(str(next(path for path in of_word(outcome.made) if "整改清单" in path.name)))
    document.sections[0].top_margin = Mm(20)
    rows = document.tables[0]._tbl
    line = rows.tr_lst[-1]
    for _ in range(3000):
        rows.append(deepcopy(line))
    document.save(str(tmp_path / "长表.docx"))
    kept = len(list(DocumentPackage(tmp_path / "长表.docx").body.iter(qn("w:tr"))))
    assert kept < 60 < len(rows.tr_lst)
    in_part = deviations(tmp_path / "长表.docx")
    assert in_part == deviations(tmp_path / "长表.docx", whole=True)
    monkeypatch.setattr("pipeline.word.form.package.without_far_rows", lambda content: content)
    assert in_part == deviations(tmp_path / "长表.docx") != ()


ROW = "<w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc></w:tr>"
FAR = ROW % ("某某小学消防器材过期" * 3) * 3000
AROUND_ROWS = {
    "nothing": (f"<w:tbl>{FAR}</w:tbl>", True),
    "several tables": (f"<w:tbl>{FAR}</w:tbl><w:p/><w:tbl>{FAR}</w:tbl>", True),
    "a content control about the last rows": (f"<w:tbl>{FAR}<w:sdt><w:sdtContent>{FAR}</w:sdtContent></w:sdt></w:tbl>", False),
    "a content control about all rows": (f"<w:tbl><w:sdt><w:sdtContent>{FAR}</w:sdtContent></w:sdt></w:tbl>", True),
    "a table in a far cell": (f"<w:tbl>{FAR}<w:tr><w:tc><w:tbl>{FAR}</w:tbl><w:p/></w:tc></w:tr>{FAR}</w:tbl>", False),
    "a table in the first cell": (f"<w:tbl><w:tr><w:tc><w:tbl>{FAR}</w:tbl><w:p/></w:tc></w:tr></w:tbl>", True),
    "a comment": (f"<w:tbl>{FAR}<!-- </w:tr> --></w:tbl>", False),
    "rows that say nothing": (f"<w:tbl>{ROW % '' * 9000}</w:tbl>", False),
}  # fmt: skip
"""What surrounds many rows, and whether the far ones are left out."""


@pytest.mark.parametrize("around", AROUND_ROWS)
def test_whatever_holds_the_rows_of_a_table_it_says_the_same(
    around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, fewer = AROUND_ROWS[around]
    path = tmp_path / "长表.docx"
    Docx().save(str(path))
    with_body(path, f"{body}<w:p><w:r><w:t>{'某某' * 9}</w:t></w:r></w:p><w:sectPr/>")
    read = DocumentPackage(path).body
    whole = etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    rows = [len(list(tree.iter(qn("w:tr")))) for tree in (read, whole)]
    assert (rows[0] < rows[1] / 2) is fewer, rows
    cut = [block.words for block in OfficialDocument(DocumentPackage(path)).blocks]
    monkeypatch.setattr("pipeline.word.form.package.without_far_rows", lambda content: content)
    assert cut == [block.words for block in OfficialDocument(DocumentPackage(path)).blocks]


PIECES = {
    "a paragraph without anything": ("<w:p/><w:p w:a='1'/>{text}", True),
    "a bookmark between paragraphs": ('{text}<w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkEnd w:id="1"/>{text}', True),
    "a mark of the greater in an attribute": ('<w:p w:a="1>2"/>{text}<w:p w:a="/>">{text_run}</w:p>', False),
    "a text box": ("<w:p><w:r><w:pict><w:txbxContent>{text}{text}</w:txbxContent></w:pict></w:r>{text_run}</w:p>{text}", False),
    "a content control": ("<w:sdt><w:sdtContent>{text}</w:sdtContent></w:sdt>{text}", False),
    "a table in a table": ("<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{text}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>{text}", False),
    "two sections": ("<w:p><w:pPr><w:sectPr><w:pgSz w:w='100' w:h='50'/></w:sectPr></w:pPr></w:p>{text}", True),
    "a comment": ("{text}<!-- <w:p> -->{text}", False),
    "a long table": (f"<w:tbl>{FAR}</w:tbl>{{text}}", True),
    "entities in a table": ("<w:tbl>" + ROW % "甲&lt;乙&amp;" * 20 + "</w:tbl>{text}", True),
}  # fmt: skip
"""What a body may contain, and whether it can be read piece by piece."""


@pytest.mark.parametrize("body", PIECES)
@pytest.mark.parametrize("whole", [True, False])
def test_a_body_read_piece_by_piece_says_the_same_as_its_tree(
    body: str, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, in_pieces = PIECES[body]
    run = "<w:r><w:t>某某小学</w:t></w:r>"
    path = tmp_path / "公文.docx"
    Docx().save(str(path))
    with_body(path, inside.format(text=f"<w:p>{run}</w:p>", text_run=run) + "<w:sectPr/>")
    package = Word()
    with zipfile.ZipFile(path) as saved:
        for name in saved.namelist():
            package = package.plus(name, pack([saved.read(name)]))
    package.write(path)
    told = [seen(path, whole=whole) for _ in range(2)]
    read = DocumentPackage(path, whole=whole)
    OfficialDocument(read)
    assert ("body" not in vars(read)) is in_pieces
    monkeypatch.setattr("pipeline.word.form.package.cut", lambda _: None)
    assert told == [seen(path, whole=whole)] * 2


def seen(path: Path, *, whole: bool) -> list[object]:
    """All that the checker sees of the blocks of a document, and what it says of it."""
    document = OfficialDocument(DocumentPackage(path, whole=whole))
    return [
        [(block.words, block.section, block.number, getattr(block, "runs", ())) for block in document.blocks],
        [(section.width, section.height) for section in document.sections],
        deviations(path, whole=whole),
    ]


def test_the_documents_of_the_example_read_piece_by_piece_are_as_their_trees(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = of_word(outcome.made)
    assert all(DocumentPackage(path, whole=True).pieces for path in paths)
    told = [seen(path, whole=True) for path in paths]
    monkeypatch.setattr("pipeline.word.form.package.cut", lambda _: None)
    assert told == [seen(path, whole=False) for path in paths]


def test_a_document_that_is_damaged_in_a_far_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "长表.docx"
    Docx().save(str(path))
    with_body(path, f"<w:tbl>{FAR}{ROW.replace('</w:t>', '') % '坏'}{FAR}</w:tbl><w:p/><w:sectPr/>")
    with pytest.raises(PipelineError, match="已损坏"):
        deviations(path)


def with_body(path: Path, body: str) -> None:
    """Put another body into a document."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    main = members["word/document.xml"].decode()
    members["word/document.xml"] = re.sub("<w:body>.*</w:body>", f"<w:body>{body}</w:body>", main, flags=re.DOTALL).encode()  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)


def test_a_run_tells_how_documents_of_a_changed_template_deviate(
    tmp_path: Path, outcome: Outcome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    assert outcome.deviating == ()
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    template = docx.Document(str(templates / "督办单.docx"))
    template.sections[0].top_margin = Mm(25.4)
    template.save(str(templates / "督办单.docx"))
    done = report(EXAMPLE, tmp_path / "out", RunOptions(templates=templates))
    urging = of_family(done.made, "督办单")
    assert [path for path, _ in done.deviating] == urging
    assert {one.clause for _, found in done.deviating for one in found} == {"5.2.1"}
    assert done.withheld == ()
    show_outcome(done)
    shown = re.sub(r"[\s│]", "", capsys.readouterr().out)
    assert "已生成但格式与标准不一致的文书" in shown
    assert "上白边（天头）：现为25.4毫米，应为37毫米±1毫米（国标5.2.1）" in shown


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.name)
def test_a_planted_deviation_is_found_at_its_place_and_nothing_else(
    plant: Plant, outcome: Outcome, tmp_path: Path
) -> None:
    document = docx.Document(str(of_family(outcome.made, plant.family)[0]))
    plant.damage(document)
    document.save(str(tmp_path / "公文.docx"))
    found = deviations(tmp_path / "公文.docx")
    assert [(one.item, one.clause) for one in found] == [plant.expected], found
    assert plant.place in found[0].place
    assert plant.found in found[0].found


def test_there_are_at_least_thirty_kinds_of_planted_deviations() -> None:
    assert len({plant.expected for plant in PLANTED}) >= 30


def test_what_is_found_in_a_document_without_a_red_head_is_by_analogy(summary: Path, tmp_path: Path) -> None:
    document = docx.Document(str(summary))
    document.sections[0].top_margin = Mm(25.4)
    document.save(str(tmp_path / "总结.docx"))
    (one,) = deviations(tmp_path / "总结.docx")
    assert one == Deviation("页面设置", "上白边（天头）", "25.4毫米", "37毫米±1毫米", "5.2.1", Basis.ANALOGY)


def test_a_fault_of_many_paragraphs_is_one_deviation(outcome: Outcome, tmp_path: Path) -> None:
    document = docx.Document(str(of_family(outcome.made, "通知")[0]))
    for paragraph in document.paragraphs:
        if paragraph.style.name in ("公文正文", "条目") and paragraph.text:
            paragraph.paragraph_format.line_spacing = Pt(20)
    document.save(str(tmp_path / "公文.docx"))
    (one,) = deviations(tmp_path / "公文.docx")
    assert (one.item, one.found) == ("行距", "20.0磅")
    assert re.fullmatch(r"第[0-9、]+段等[0-9]+处", one.place)


# A document of another office -----------------------------------------------------------------------------------------


def test_a_conforming_document_of_another_office_has_no_deviations(tmp_path: Path) -> None:
    assert deviations(another_office(tmp_path / "外单位.docx")) == ()


def test_a_document_of_another_office_is_checked_by_what_it_says(tmp_path: Path) -> None:
    def damage(document: Any) -> None:
        for paragraph in document.paragraphs:
            if paragraph.text == "一、提高认识":
                paragraph.runs[0]._r.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
            if paragraph.text == "2024年2月8日":
                paragraph.runs[0].text = "2024年02月08日"

    found = deviations(another_office(tmp_path / "外单位.docx", damage))
    assert [(one.item, one.found, one.clause) for one in found] == [
        ("第一层标题字体", "宋体", "7.3.3"),
        ("成文日期写法", "2024年02月08日", "7.3.5.4"),
    ]
    assert all(one.basis is Basis.STANDARD for one in found)


def test_another_cut_of_the_same_face_and_another_face_of_digits_are_custom(tmp_path: Path) -> None:
    def damage(document: Any) -> None:
        (paragraph,) = (one for one in document.paragraphs if one.text.startswith("1.各校"))
        paragraph.runs[0].font.name = "Arial"
        paragraph.runs[0]._r.rPr.rFonts.set(qn("w:eastAsia"), "华文仿宋")

    found = deviations(another_office(tmp_path / "外单位.docx", damage))
    assert {(one.item, one.found, one.basis) for one in found} == {
        ("第三层标题字体名称", "华文仿宋", Basis.CUSTOM),
        ("数字和字母字体", "Arial", Basis.CUSTOM),
    }


def test_a_signature_without_a_seal_has_its_own_place(tmp_path: Path) -> None:
    def unsealed(document: Any) -> None:
        for paragraph in document.paragraphs:
            if paragraph.text == "某某县教育局":
                paragraph.runs[0].text = "某某县人民政府教育督导室"
                paragraph.paragraph_format.right_indent = Pt(32)
            if paragraph.text == "2024年2月8日":
                paragraph.paragraph_format.right_indent = Pt(96)

    assert deviations(another_office(tmp_path / "外单位.docx", unsealed)) == ()


def test_a_lying_section_within_an_upright_document_is_held_to_clause_8(tmp_path: Path) -> None:
    def lie(document: Any) -> None:
        section = document.add_section()
        section.page_width, section.page_height = Mm(297), Mm(210)
        said(document, "附件所列各项由责任区核对。", "仿宋", indent=32)

    found = deviations(another_office(tmp_path / "外单位.docx", lie))
    lying = {(one.place, one.item) for one in found if one.clause.startswith("8")}
    assert {place for place, item in lying if item == "横排页页码位置"} == {"第2节页脚（单页）", "第2节页脚（双页）"}
    assert {item for place, item in lying if place == "第2节页面设置"} == {"上白边", "右白边", "下白边", "左白边"}


def test_no_damage_to_the_markup_ends_in_a_traceback(outcome: Outcome, tmp_path: Path) -> None:
    """Attributes and elements taken out or made senseless by chance: what remains is checked or refused."""
    dice = random.Random(9704)
    with zipfile.ZipFile(of_family(outcome.made, "通知")[0]) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(60):
        damaged = dict(parts)
        for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footer1.xml"):
            text = parts[name].decode("utf-8")
            text = re.sub(r'w:(?:val|w|pos|sz|line|left|id|h)="([^"]*)"', lambda one: maimed(one[0], dice), text)
            damaged[name] = text.encode("utf-8")
        for name in dice.sample(sorted(parts), 1):
            if name != "word/document.xml":
                del damaged[name]
        zipped(tmp_path / "坏.docx", damaged)
        assert isinstance(deviations(tmp_path / "坏.docx"), tuple)


def maimed(attribute: str, dice: random.Random) -> str:
    name = attribute.partition("=")[0]
    return (
        attribute if dice.random() < 0.9 else f'{name}="{dice.choice(["", "x", "-1", "0", "nan", "1e300", "99999"])}"'
    )


# Files that are no documents ------------------------------------------------------------------------------------------


def zipped(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


ENTITY = (
    b'<!DOCTYPE a [<!ENTITY x "y">]><w:document '
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.docx", b"", "空文件"),
        ("文字.docx", "不是文档".encode(), "不是 .docx"),
        ("加密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "密码"),
        ("断.docx", b"PK\x03\x04 broken", "已损坏"),
        ("别的.docx", {"a.xml": b"<a/>"}, "没有正文"),
        ("坏.docx", {"word/document.xml": b"<w:document"}, "已损坏"),
        ("稿.pdf", b"%PDF-1.7 ...", "是 PDF 文件"),
        ("稿.rtf", b"{\\rtf1 ...}", "是 RTF 文件"),
        ("稿.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "是旧的 .doc 格式"),
        ("稿.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".wps 格式"),
        (
            "锁.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "加了密码，请在",
        ),
        ("表.docx", {"xl/workbook.xml": b"<workbook/>"}, "是 Excel 工作簿"),
        ("~$某通知.docx", b"\x06\x00\x00\x00\x00\x00" + b"\0" * 156, "留下的临时文件"),
        ("实体.docx", {"word/document.xml": ENTITY}, "实体声明"),
        ("炸弹.docx", {"word/document.xml": b" " * (41 * 2**20)}, "太大"),
    ],
)
def test_a_file_that_is_no_document_is_reported_in_a_sentence(
    name: str, content: bytes | dict[str, bytes], told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        zipped(path, content)
    with pytest.raises(PipelineError, match=told) as raised:
        deviations(path)
    assert name in str(raised.value)
    assert str(raised.value).endswith("。")


def test_a_missing_file_and_a_folder_are_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="找不到"):
        deviations(tmp_path / "没有.docx")
    with pytest.raises(PipelineError, match="文件夹"):
        deviations(tmp_path)


def test_a_document_without_a_word_is_checked_without_an_error(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "空白.docx"))
    assert {one.basis for one in deviations(tmp_path / "空白.docx")} == {Basis.ANALOGY}


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_ends_with_0_without_deviations(summary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-form", str(summary)]) == 0
    assert "没有发现与标准不一致的地方" in capsys.readouterr().out


def test_the_command_ends_with_1_and_a_table_where_a_document_deviates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx.Document().save(str(tmp_path / "空白.docx"))
    assert main(["check-form", str(tmp_path / "空白.docx")]) == 1
    shown = capsys.readouterr().out
    assert all(heading in shown for heading in ("位置", "项目", "现为", "应为", "依据"))


def test_the_command_ends_with_2_where_a_file_cannot_be_read_and_checks_the_others(
    tmp_path: Path, summary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空.docx").touch()
    assert main(["check-form", str(tmp_path / "空.docx"), str(summary), "--json"]) == 2
    shown = json.loads(capsys.readouterr().out)
    assert shown["exit_code"] == 2
    assert [set(file) for file in shown["files"]] == [{"file", "deviations"}, {"file", "error"}]


def test_a_folder_is_checked_and_what_word_leaves_in_it_is_named(
    tmp_path: Path, summary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "下级").mkdir()
    shutil.copy(summary, tmp_path / "下级" / "总结.docx")
    (tmp_path / "~$总结.docx").write_bytes(b"\x06" + b"\0" * 161)
    (tmp_path / "说明.txt").touch()
    assert main(["check-form", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "检查了 1 份，没有发现" in shown
    assert "没有检查《~$总结.docx》：是 Word 或 WPS 打开文书时留下的临时文件" in shown
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert main(["check-form", str(tmp_path)]) == 2
    assert "《旧.doc》是旧的 .doc 格式" in capsys.readouterr().err


def test_a_folder_without_documents_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-form", str(tmp_path)]) == 2
    assert "没有 Word 文书" in capsys.readouterr().err


def test_a_remark_that_something_is_not_read_is_no_deviation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path / "公文.docx", *HEAD, *TITLED, text, *SIGNED, boxed("填报说明"), *COLOPHON)
    assert main(["check-form", str(path)]) == 0
    shown = re.sub(r"\s", "", capsys.readouterr().out)
    assert "没有发现与标准不一致的地方；另有1处没有读，请自行核对" in shown
    assert "未读" in shown


# New templates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "word"
    folder.mkdir()
    (folder / "督导通知.docx").write_bytes((TEMPLATES / "督导通知.docx").read_bytes())
    return folder


@pytest.mark.parametrize("kind", ["督导通知", "整改通知书", "月度工作总结", "整改清单"])
def test_a_new_template_is_filled_and_does_not_deviate(kind: str, templates: Path, tmp_path: Path) -> None:
    template = new_template("专题通知", kind, templates)
    dossier = build_dossier(load(EXAMPLE, None))
    assert dossier is not None
    drafts = [draft for document in documents() if document.template == kind for draft in document.drafts(dossier)]
    for number, draft in enumerate(drafts[:3]):
        target = tmp_path / f"{number}.docx"
        render(template, draft.context, target)
        assert deviations(target) == ()


def test_new_templates_of_all_kinds_make_documents_that_do_not_deviate(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    new = [new_template(f"{kind}.专题", kind, templates) for kind in template_kinds()]
    assert {path.name: check_template(path) for path in new if check_template(path)} == {}
    month = report(EXAMPLE, tmp_path / "月", RunOptions(templates=templates, look=LetterLook("专题")))
    quarter = report(
        EXAMPLE.parent,
        tmp_path / "季",
        RunOptions(Period.parse_longer("2023Q3"), templates=templates, look=LetterLook("专题")),
    )
    for done in (month, quarter):
        assert (done.withheld, done.deviating) == ((), ())


@pytest.mark.parametrize("kind", ["月度工作总结", "阶段工作总结", "整改清单", "整改情况汇总"])
def test_a_new_template_of_what_is_no_letter_has_no_letterhead(kind: str, templates: Path) -> None:
    first, *others = Docx(str(new_template(f"{kind}.专题", kind, templates))).paragraphs
    assert (first.text, first.style.name) == (kind, "公文标题")
    said = "".join(paragraph.text for paragraph in others)
    assert "【" not in said
    assert ("制表日期|日期" in said) is (kind != "整改情况汇总")
    assert not {"发文机关标志", "发文字号", "主送机关", "版记"} & {paragraph.style.name for paragraph in others}


@pytest.mark.parametrize(
    ("name", "kind", "advice"),
    [
        ("督导通知.专题", "督导通知", "report 加 --form 专题，"),
        ("专题通知", "督导通知", "改成“督导通知.名称.docx”，report 再加 --form 名称。"),
        ("阶段工作总结.专题", "阶段工作总结", "--form 专题 --period 时段（季度、半年或年度"),
        ("整改情况汇总.专题", "整改情况汇总", "没有别的格式：要用它，请移走原来的"),
    ],
)
def test_the_advice_fits_the_run_that_makes_such_documents(name: str, kind: str, advice: str, tmp_path: Path) -> None:
    assert advice in how_to_use(tmp_path / f"{name}.docx", kind)


def test_a_new_template_holds_every_variable_of_the_kind(templates: Path) -> None:
    path = new_template("专题通知", "督导通知", templates)
    with zipfile.ZipFile(path) as package:
        document = package.read("word/document.xml").decode("utf-8")
    (context,) = (document.context for document in documents() if document.template == "督导通知")
    assert [one.label for one in context.declared() if one.label not in document] == []


def test_a_new_template_is_never_written_over_a_file(templates: Path) -> None:
    before = (templates / "督导通知.docx").read_bytes()
    with pytest.raises(PipelineError, match="已经有了"):
        new_template("督导通知", "督导通知", templates)
    assert (templates / "督导通知.docx").read_bytes() == before


@pytest.mark.parametrize("name", ["", "../外面", "a:b", "  "])
def test_a_name_that_is_no_file_name_is_reported(name: str, templates: Path) -> None:
    with pytest.raises(PipelineError, match="不能作文件名"):
        new_template(name, "督导通知", templates)


def test_an_unknown_kind_is_reported_with_those_there_are(templates: Path) -> None:
    with pytest.raises(PipelineError, match="督导通知"):
        new_template("新", "请柬", templates)


def test_without_a_kind_the_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-template", "新"]) == 0
    assert "整改通知书" in capsys.readouterr().out
