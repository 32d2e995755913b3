"""Nothing broken is published: other programs' packages, documents not well-formed, verdicts, addresses."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from lxml import etree

from pipeline import caches
from pipeline.cli.verbs import main
from pipeline.documents.catalogue import documents
from pipeline.errors import PipelineError
from pipeline.publishing import MANIFEST
from pipeline.run.options import RunOptions
from pipeline.run.report import report
from pipeline.run.template_checks import check_template, vocabulary
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.word.printing.soffice import convert, find
from pipeline.word.rendering.template import render
from pipeline.word.rendering.whole import fault_of_document
from pipeline.word.templates import verdicts
from tests.support.processes import SOFFICE
from tests.support.reading import lines, of_family, of_word
from tests.support.templates import LIST, edited, rewritten

RELATIONS = "word/_rels/document.xml.rels"


def renamed(path: Path, old: str, new: str) -> Path:
    """The package with a member, and all that names it, under another name."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    bare = [name.rpartition("/")[2].encode() for name in (old, new)]
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            named = content.replace(*bare) if name.endswith(".rels") or name == "[Content_Types].xml" else content
            package.writestr(
                name.replace(bare[0].decode(), bare[1].decode()) if bare[0].decode() in name else name, named
            )
    return path


def only(path: Path) -> str:
    (fault,) = check_template(path)
    assert fault.error
    return fault.sentence


def sample() -> dict[str, object]:
    context = next(document.context for document in documents() if document.template == LIST)
    return dict(vocabulary(context).samples["各项内容都有"])


# Packages as other programs write them -------------------------------------------------------------------------------


def test_the_text_is_found_by_its_relation_and_faults_in_it_are_reported_at_their_places(tmp_path: Path) -> None:
    path = renamed(edited(tmp_path, LIST), "word/document.xml", "word/document2.xml")
    assert check_template(path) == ()
    assert render(path, sample(), tmp_path / "文书.docx") is None
    assert "序号" in "".join(lines(tmp_path / "文书.docx"))
    path = edited(tmp_path, LIST, lambda document: document.add_paragraph("{{ 范唯 }}"))
    (fault,) = check_template(renamed(path, "word/document.xml", "word/document2.xml"))
    assert str(fault.place) == "正文第4段"


def with_properties_of_libreoffice(path: Path) -> Path:
    usual, other = (
        b"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        b"http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",
    )
    return rewritten(path, "_rels/.rels", lambda xml: xml.replace(usual, other))


def test_properties_as_libreoffice_24_relates_them_are_filled_in_and_stand_once(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST, lambda document: setattr(document.core_properties, "title", "{{ 范围 }}"))
    render(with_properties_of_libreoffice(path), sample(), tmp_path / "文书.docx")
    with zipfile.ZipFile(tmp_path / "文书.docx") as package:
        assert [name for name, number in Counter(package.namelist()).items() if number > 1] == []
    assert Document(str(tmp_path / "文书.docx")).core_properties.title == str(sample()["范围"])


def test_a_header_of_two_relations_stands_once(tmp_path: Path) -> None:
    def headed(document: Opened) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ 范围 }}"

    path = edited(tmp_path, LIST, headed)
    again = re.compile(
        rb'<Relationship (?=[^>]*relationships/header")[^>]*Id="(\w+)"[^>]*/>|'
        rb'<Relationship [^>]*Id="(\w+)"[^>]*relationships/header"[^>]*/>'
    )
    rewritten(
        path,
        RELATIONS,
        lambda xml: again.sub(lambda one: one[0] + one[0].replace(one[1] or one[2], b"rIdTwice"), xml, count=1),
    )
    assert b"rIdTwice" in zipfile.ZipFile(path).read(RELATIONS)
    render(path, sample(), tmp_path / "文书.docx")
    assert fault_of_document(tmp_path / "文书.docx", set()) == ""


def lost(xml: bytes) -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    return xml.replace(
        b"</Relationships>", b'<Relationship Id="rIdN" Type="' + kind + b'" Target="../NULL"/></Relationships>'
    )


def in_capitals(xml: bytes) -> bytes:
    return xml.replace(b'"word/document.xml"', b'"Word/Document.xml"')


def strict(xml: bytes) -> bytes:
    return xml.replace(b"schemas.openxmlformats.org/officeDocument/2006/", b"purl.oclc.org/ooxml/officeDocument/")


def of_another_kind(xml: bytes) -> bytes:
    return xml.replace(b"wordprocessingml.styles+xml", b"wordprocessingml.footer+xml")


def deep(xml: bytes) -> bytes:
    return xml.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 200 + b"</w:sdtContent></w:sdt>" * 200)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (RELATIONS, lost, "图片丢失了（它指向的“../NULL”不在文件里）"),
        ("_rels/.rels", in_capitals, "找不到正文（它指向的“Word/Document.xml”不在文件里）"),
        ("_rels/.rels", strict, "严格 Open XML"),
        ("[Content_Types].xml", of_another_kind, "“样式”的类型写错了"),
        ("word/document.xml", deep, "套得太深"),
    ],
)
def test_what_cannot_be_opened_is_reported_with_its_cause(
    name: str, change: Callable[[bytes], bytes], words: str, tmp_path: Path
) -> None:
    assert words in only(rewritten(edited(tmp_path, LIST), name, change))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["word/document.xml", "word/Document.xml"])
def test_a_member_that_comes_twice_is_reported_and_gets_no_copy_with_comments(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = edited(tmp_path, LIST)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, b"<a/>")
    assert "两份同名的内容" in only(path)
    assert main(["check", str(path), "--annotate", str(tmp_path / "批注")]) == 1
    assert "没有写批注" in capsys.readouterr().out


def test_comments_under_a_name_that_is_taken_are_not_written(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST, lambda document: document.add_paragraph("{{ 范唯 }}"))
    taken = b'<Relationship Id="rIdC" Type="urn:another" Target="comments.xml"/></Relationships>'
    rewritten(path, RELATIONS, lambda xml: xml.replace(b"</Relationships>", taken))
    rewritten(path, "word/comments.xml", lambda _: b"<a/>")
    assert main(["check", str(path), "--annotate", str(tmp_path / "批注")]) == 1


# What comes out ------------------------------------------------------------------------------------------------------

TRACK = 'w:id="7" w:author="某" w:date="2024-01-01T00:00:00Z"'
BREAKING = {
    "an insertion": f'<w:p><w:ins {TRACK}><w:r><w:t>{{{{ 值 }}}}</w:t></w:r></w:ins></w:p>',
    "a content control": "<w:p><w:sdt><w:sdtContent><w:r><w:t>{{ 值 }}</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    "a run's format": f"<w:p><w:r><w:rPr><w:b/><w:rPrChange {TRACK}><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:t>{{{{ 值 }}}}</w:t></w:r></w:p>",
    "a paragraph's format": f"<w:p><w:pPr><w:jc/><w:pPrChange {TRACK}><w:pPr><w:jc/></w:pPr></w:pPrChange></w:pPr><w:r><w:t>{{{{ 值 }}}}</w:t></w:r></w:p>",
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKING)
@pytest.mark.parametrize("value", ["平常", "一\t二", "一\n二", "一\a二", "一\f二"])
def test_a_document_is_well_formed_and_has_all_paragraphs_or_is_not_written(
    name: str, value: str, tmp_path: Path
) -> None:
    document = Document()
    document.add_paragraph("此处")
    document.add_paragraph("末段")
    document.save(str(tmp_path / "模板.docx"))
    body = re.sub(r"\{\{ 值 \}\}", "{{ 值 }}", BREAKING[name]).encode()
    mark = re.compile(rb"<w:p><w:r><w:t>\xe6\xad\xa4\xe5\xa4\x84</w:t></w:r></w:p>")
    path = rewritten(tmp_path / "模板.docx", "word/document.xml", lambda xml: mark.sub(lambda _: body, xml))
    told = said_of(path, {"值": value}, tmp_path / "文书.docx")
    if told:
        assert "结构有误，打不开，没有生成" in told
        assert not (tmp_path / "文书.docx").exists()
    else:
        assert fault_of_document(tmp_path / "文书.docx", set()) == ""
        assert lines(tmp_path / "文书.docx")[-1] == "末段"
    breaking = {"\a", "\f", *(["\t"] if name == "a run's format" else [])}
    assert bool(told) == bool(breaking & set(value))


def said_of(template: Path, context: dict[str, object], target: Path) -> str:
    """Why a document was not written; "" if it was."""
    try:
        render(template, context, target)
    except PipelineError as error:
        return str(error)
    return ""


def test_a_run_withholds_a_document_that_is_broken_and_makes_the_others(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    hollow = b'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/></w:tblGrid></w:tbl><w:p/>'
    rewritten(
        templates / f"{LIST}.docx", "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + hollow)
    )
    monkeypatch.setattr("pipeline.run.template_checks.faults_of", lambda *_: ())
    done = report(folder, tmp_path / "出", RunOptions(templates=templates))
    assert of_word(of_family(done.made, "清单")) == []
    assert of_word(of_family(done.made, "整改通知书")), "the other documents are made"
    assert {reason for one in done.withheld for reason in one.reasons} == {
        f"由模板《{LIST}.docx》印出的文件里有一张表一行也没有，打不开，没有生成；请用 check 检查这个模板。"
    }


def test_whatever_a_template_does_wrong_after_it_is_filled_in_withholds_its_documents_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path) -> bool:
        raise RecursionError(path)

    monkeypatch.setattr("pipeline.word.rendering.contents.stands_in", lambda path: path.stem == LIST)
    monkeypatch.setattr("pipeline.word.rendering.contents.fill", fails)
    done = report(folder, tmp_path / "出")
    assert of_word(of_family(done.made, "清单")) == []
    assert all("图表或目录填不了" in reason for one in done.withheld for reason in one.reasons)
    assert done.made


@pytest.mark.parametrize(
    ("value", "printed"),
    [("甲 & 乙", "甲 & 乙。"), ("“甲>", "“甲>。"), ("甲'", "甲'。"), ("甲；", "甲。"), ("&gt;", "&gt。")],
)
def test_a_filter_over_text_takes_its_marks_for_what_they_are(value: str, printed: str, tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("{% filter 句 %}{% if 值 %}{{ 值 }}{% else %}无{% endif %}{% endfilter %}")
    document.save(str(tmp_path / "模板.docx"))
    assert render(tmp_path / "模板.docx", {"值": value}, tmp_path / "文书.docx") is None
    assert lines(tmp_path / "文书.docx") == [printed]


def test_a_document_that_grows_beyond_measure_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.word.rendering.compiled.LONGEST", 100_000)
    document = Document()
    document.add_paragraph("{% for 一 in 行们 %}{% for 二 in 行们 %}甲{% endfor %}{% endfor %}")
    document.save(str(tmp_path / "模板.docx"))
    with pytest.raises(PipelineError, match="循环套循环"):
        render(tmp_path / "模板.docx", {"行们": list(range(1000))}, tmp_path / "文书.docx")


# Verdicts ------------------------------------------------------------------------------------------------------------


def test_what_a_manifest_says_of_templates_is_not_believed(folder: Path, tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    edited(templates, LIST, lambda document: document.add_paragraph("{{ 范唯 }}"))
    first = report(folder, tmp_path / "出", RunOptions(templates=templates))
    assert first.withheld
    assert "sound" not in (first.folder / MANIFEST).read_text(encoding="utf-8")
    forged = (first.folder / MANIFEST).read_text(encoding="utf-8").replace("{", '{"sound": ["任何"],', 1)
    (first.folder / MANIFEST).write_text(forged, encoding="utf-8")
    assert report(folder, tmp_path / "出", RunOptions(templates=templates)).withheld == first.withheld


def test_a_verdict_is_kept_for_one_s_own_template_program_and_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(caches.ELSEWHERE, str(tmp_path / "c"))
    path = edited(tmp_path, LIST)
    verdict = verdicts.mark(path, "变量", tmp_path)
    assert not verdicts.is_kept(verdict)
    verdicts.keep(verdict)
    assert verdicts.is_kept(verdict)
    others = {verdicts.mark(path, "别的", tmp_path), verdicts.mark(path, "变量", tmp_path / "别处")}
    path.write_bytes(b"")
    others.add(verdicts.mark(path, "变量", tmp_path))
    assert len(others) == 3
    assert not any(map(verdicts.is_kept, others))
    assert verdicts.mark(tmp_path / "没有.docx", "变量", tmp_path) == ""


def test_a_cache_that_others_may_write_or_nobody_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(caches.ELSEWHERE, str(tmp_path / "c"))
    verdicts.keep("a")
    assert verdicts.is_kept("a")
    (tmp_path / "c" / caches.NAME / "sound").chmod(0o777)
    assert not verdicts.is_kept("a")
    monkeypatch.setenv(caches.ELSEWHERE, os.devnull)
    verdicts.keep("a")
    assert not verdicts.is_kept("a")


def test_old_verdicts_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(caches.ELSEWHERE, str(tmp_path))
    monkeypatch.setattr(verdicts.SOUND, "most", 3)
    for n in range(6):
        verdicts.keep(f"{n}")
    assert len(list((tmp_path / caches.NAME / "sound").iterdir())) == 3


# Addresses -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_printing_reaches_no_address(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = with_linked_picture(tmp_path, f"http://127.0.0.1:{server.server_port}/章.png")
        assert convert(find(), [path], tmp_path / "出", tmp_path / "profile", seconds=120) == ""
        server.shutdown()
    assert (tmp_path / "出" / "图.pdf").is_file()
    assert asked == []


def with_linked_picture(folder: Path, address: str) -> Path:
    document = Document()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = document.part.relate_to(address, kind, is_external=True)
    picture = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:drawing><wp:inline><wp:extent '
        'cx="900000" cy="900000"/><wp:docPr id="1" name="a"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:'
        'nvPicPr><pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:link="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:'
        f'xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:'
        'inline></w:drawing></w:r>'
    )  # fmt: skip
    document.add_paragraph("甲")._element.append(etree.fromstring(picture))
    document.save(str(folder / "图.docx"))
    return folder / "图.docx"
