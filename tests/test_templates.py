"""Template files as they arrive: from LibreOffice, with macros, locked, hostile; `check`, copies with comments."""

from __future__ import annotations

import json
import random
import re
import resource
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document

from pipeline.cli.verbs import main
from pipeline.documents.catalogue import documents, templated
from pipeline.documents.context import Context
from pipeline.dossier.figures import Absent, Figure
from pipeline.errors import PipelineError
from pipeline.run.template_checks import annotated, check_template, faults_of, vocabulary
from pipeline.run.templates import FOLDER, shipped
from pipeline.word.rendering.template import render
from pipeline.word.templates.annotating import annotate
from tests.support.processes import SOFFICE
from tests.support.reading import text
from tests.support.templates import LIST, SUMMARY, added, deleted_by_a_reviser, edited, in_header, rewritten

# Files that are no templates -----------------------------------------------------------------------------------------

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document '
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p/>&b;</w:body></w:document>'
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "这是空文件（0 字节）"),
        (OLE2, "文件加了密码，或是旧格式（.doc、.wps）"),
        (b"PK\x03\x04 no zip", "文件不完整或已损坏"),
        ("督导工作总结".encode("gb18030"), "这不是 .docx 文件"),
        (b"%PDF-1.7", "这不是 .docx 文件"),
    ],
)
def test_a_file_that_is_no_template_is_reported_at_once(tmp_path: Path, content: bytes, told: str) -> None:
    (path := tmp_path / "整改清单.docx").write_bytes(content)
    assert told in only(path)


def only(path: Path) -> str:
    """The sentence of the only fault, which is of the template as a whole."""
    (fault,) = check_template(path)
    assert str(fault.place) == "整个模板"
    assert fault.error
    return fault.sentence


def test_a_missing_file_and_a_folder_are_reported(tmp_path: Path) -> None:
    assert "找不到这个文件" in only(tmp_path / "整改清单.docx")
    assert "这是文件夹" in only(tmp_path)


def test_a_workbook_named_like_a_template_is_reported(tmp_path: Path) -> None:
    shutil.copy(FOLDER.parent / "excel" / "名录.xlsx", tmp_path / "整改清单.docx")
    assert "这不是 .docx 文件" in only(tmp_path / "整改清单.docx")


def test_a_document_with_macros_is_reported(tmp_path: Path) -> None:
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    path = rewritten(edited(tmp_path, LIST), "[Content_Types].xml", lambda xml: xml.replace(usual, kind))
    assert "带有宏" in only(path)
    path = rewritten(edited(tmp_path, LIST), "word/vbaProject.bin", lambda _: b"macro")
    assert "带有宏" in only(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = rewritten(edited(tmp_path, LIST), "word/document.xml", lambda _: BOMB)
    assert "XML 文档类型声明" in only(path)


def test_a_part_that_is_cut_off_is_reported(tmp_path: Path) -> None:
    path = rewritten(edited(tmp_path, LIST), "word/document.xml", lambda xml: xml[:-200])
    assert "文件不完整或已损坏" in only(path)


def test_a_package_without_its_body_is_reported(tmp_path: Path) -> None:
    path = rewritten(edited(tmp_path, LIST), "_rels/.rels", lambda _: b"<Relationships/>")
    assert "文件不完整或已损坏" in only(path)


def test_a_zip_that_unpacks_to_gigabytes_is_reported_without_unpacking_it(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("word/media/a.png", "w") as member:
        for _ in range(50):
            member.write(bytes(2**20))
    assert "文件太大" in only(path)


def test_a_zip_that_lies_about_its_size_is_reported_without_exhausting_the_memory(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/a.bin", bytes(300 * 2**20))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 300 * 2**20), struct.pack("<L", 1000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "文件不完整或已损坏" in only(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize(
    "paragraph",
    [
        b"<w:p/>",
        b"<w:p><w:r><w:t>{{ </w:t></w:r></w:p>",
        b"<w:p><w:r><w:t>{%p if a %}</w:t></w:r></w:p>",
        b"<w:p><w:r><w:t>{{ a }}</w:t></w:r></w:p>",
        b"{{",
        b"<w:p><w:r><w:t>" + b"{{" * 2900 + b"</w:t></w:r></w:p>" + b" " * 2**20,
        b"<w:p><w:r><w:t>"
        + b"{{ &quot;}}&quot; "
        + b"</w:t></w:r></w:p>"
        + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 4500
        + b" " * 2**20,
        b"<w:p><w:r><w:t>{% if 1 %}a{% endif %}</w:t></w:r></w:p>" * 1450 + b" " * 2**20,
        b"<w:p><w:r><w:t>{{ \xe8\x8c\x83\xe5\x9b\xb4 }}</w:t></w:r></w:p>" + b" " * 300,
        b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{%tr if a %}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    ],
)
def test_the_longest_template_that_is_opened_is_checked(tmp_path: Path, paragraph: bytes) -> None:
    def lengthen(xml: bytes) -> bytes:
        return xml.replace(b"<w:body>", b"<w:body>" + paragraph * ((2 * 2**20 - len(xml)) // len(paragraph)), 1)

    path = rewritten(edited(tmp_path, LIST), "word/document.xml", lengthen)
    assert isinstance(check_template(path), tuple)


@pytest.mark.parametrize("tag", ["{% for 数 in range(10**9) %}{% endfor %}", "{{ 范围.__class__ }}", "{{ 范围 }}"])
def test_a_tag_where_no_text_stands_is_reported_and_never_run(tmp_path: Path, tag: str) -> None:
    bookmark = f'<w:bookmarkStart w:id="9" w:name="{tag}"/><w:bookmarkEnd w:id="9"/><w:sectPr'.encode()
    path = rewritten(edited(tmp_path, LIST), "word/document.xml", lambda xml: xml.replace(b"<w:sectPr", bookmark, 1))
    assert "看不见的地方" in only(path)


def test_a_document_saved_over_its_template_is_reported(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("二〇二四年三月教育督导工作总结")
    document.save(str(tmp_path / "月度工作总结.docx"))
    assert "没有一个标记" in only(tmp_path / "月度工作总结.docx")


def test_a_tag_in_a_tracked_deletion_is_reported(tmp_path: Path) -> None:
    (fault,) = check_template(deleted_by_a_reviser(edited(tmp_path, LIST)))
    assert "没接受的修订" in fault.sentence
    assert fault.text == "{{ 范围 }}"


def test_a_tag_in_an_endnote_is_reported(tmp_path: Path) -> None:
    note = (
        "<w:endnotes xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:t>{{ 范围 "
        "}}</w:t></w:endnotes>"
    )
    (fault,) = check_template(rewritten(edited(tmp_path, LIST), "word/endnotes.xml", lambda _: note.encode()))
    assert str(fault.place) == "尾注"
    assert "不会被替换" in fault.sentence


@pytest.mark.parametrize("seed", range(40))
def test_bytes_changed_by_chance_are_reported_and_raise_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray((FOLDER / "整改清单.docx").read_bytes())
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    (path := tmp_path / "整改清单.docx").write_bytes(content[: chance.choice([None, len(content) // 2])])
    assert all(re.search("[\u4e00-\u9fff]", fault.sentence) for fault in check_template(path))


# Other word processors -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("template", [LIST, SUMMARY])
def test_a_template_saved_by_libreoffice_is_right_and_renders_the_same_text(template: str, tmp_path: Path) -> None:
    profile = (tmp_path / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir", tmp_path]
    subprocess.run([*command, FOLDER / f"{template}.docx"], check=True, capture_output=True, timeout=180)
    assert check_template(tmp_path / f"{template}.docx") == ()
    context = next(document.context for document in documents() if document.template == template)
    for case, sample in vocabulary(context).samples.items():
        for name, folder in (("原", FOLDER), ("新", tmp_path)):
            render(folder / f"{template}.docx", sample, tmp_path / f"{name}{case}.docx")
        assert text(tmp_path / f"新{case}.docx").split() == text(tmp_path / f"原{case}.docx").split()


# The variables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", [document.context for document in documents()])
def test_samples_have_the_shape_of_the_contract(context: type[Context]) -> None:
    contract = context.contract()
    full, sparse, bare = context.samples().values()
    for sample in (full, sparse, bare):
        assert list(misfits(sample, contract)) == []
    assert "Absent(" not in str(full)
    assert all(
        bare[label]
        for label, kind in contract["properties"].items()
        if kind["type"] == "string" and label in contract["required"]
    )
    assert not any(value for value in bare.values() if isinstance(value, list | bool))


def misfits(value: object, schema: dict[str, object]) -> list[object]:
    """Where a sample deviates from its schema."""
    bare = value.value if isinstance(value, Figure) else value
    match schema:
        case _ if isinstance(bare, Absent):
            return []
        case {"type": "object", "properties": dict(inner), "required": required}:
            assert isinstance(bare, dict)
            absent = [label for label, item in bare.items() if isinstance(item, Absent) and label in required]  # type: ignore[operator]
            known = [item for label in inner for item in misfits(bare[label], inner[label])]
            return absent + known + sorted(set(bare) ^ set(inner))
        case {"type": "array", "items": dict(items)}:
            assert isinstance(bare, list | tuple)
            return [wrong for item in bare for wrong in misfits(item, items)]
        case {"format": "date"}:
            return [] if hasattr(bare, "month") else [bare]
    kinds = {"string": "str", "integer": "int", "number": "Decimal", "boolean": "bool"}
    return [] if type(bare).__name__ == kinds[str(schema["type"])] else [bare]


# Which template belongs to what --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["整改清单.docx", "整改清单-改.docx", "整改清单.批注.docx"])
def test_a_template_is_known_by_how_its_name_begins(tmp_path: Path, name: str) -> None:
    shutil.copy(FOLDER / "整改清单.docx", tmp_path / name)
    assert check_template(tmp_path / name) == ()


def test_a_template_of_no_document_is_reported_with_the_names(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "整改清单.docx", tmp_path / "清单.docx")
    assert "请改为文书的名称，或以文书的名称开头：专项督导情况通报、自查报告报送情况通报、整改清单、" in only(
        tmp_path / "清单.docx"
    )


def test_the_faults_of_a_document_are_those_of_its_template(tmp_path: Path) -> None:
    edited(tmp_path, LIST, added("{{ 范唯 }}"))
    faults = {document.template: len(faults_of(document, tmp_path)) for document in templated()}
    assert set(faults.values()) == {1}
    assert len(faults_of(next(one for one in documents() if one.template == LIST), tmp_path)) == 1
    assert all(faults_of(document) == () for document in documents())


def test_a_template_that_has_changed_since_is_checked_again(tmp_path: Path) -> None:
    document = next(one for one in documents() if one.template == LIST)
    shutil.copy(FOLDER / f"{LIST}.docx", tmp_path)
    assert faults_of(document, tmp_path) == faults_of(document, tmp_path) == ()
    (tmp_path / f"{LIST}.docx").write_bytes(b"")
    assert [fault.sentence for fault in faults_of(document, tmp_path)] != []


# Copies with comments ------------------------------------------------------------------------------------------------


def test_a_copy_has_a_comment_at_each_fault_and_the_template_stays_as_it_is(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST, added("{{ 范唯 }}", "{{ 合计 + 1 }}"), in_header("{{ 页唯 }}"))
    before = path.read_bytes()
    copy = annotated(path, check_template(path), tmp_path / "批注")
    assert copy == tmp_path / "批注" / "整改清单.批注.docx"
    assert path.read_bytes() == before
    comments = list(Document(str(copy)).comments)
    assert {(comment.author, comment.initials) for comment in comments} == {("模板检查", "查")}
    assert [comment.text for comment in comments] == [
        "“{{ 范唯 }}”：没有“范唯”这个变量，是否应为“范围”",
        "“{{ 合计 + 1 }}”：模板不做计算，请改用现成的数字变量，没有的请让管理人员增加",
        "页眉第1段：“{{ 页唯 }}”：没有“页唯”这个变量，请核对变量名",
    ]
    marked = [p.text for p in Document(str(copy)).paragraphs if p._element.xpath("./w:commentRangeStart")]
    assert marked == ["{{ 范围 }}{% if not 按督导 %}教育督导{% endif %}问题整改清单", "{{ 范唯 }}", "{{ 合计 + 1 }}"]
    assert len(check_template(copy)) == len(comments)


def test_the_template_itself_is_never_written(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST, added("{{ 范唯 }}"))
    with pytest.raises(PipelineError, match=r"不能写进模板《整改清单\.docx》本身"):
        annotate(path, check_template(path), path)


def test_what_cannot_be_opened_has_no_copy(tmp_path: Path) -> None:
    (path := tmp_path / "整改清单.docx").write_bytes(OLE2)
    assert annotated(path, check_template(path), tmp_path / "批注") is None
    assert not (tmp_path / "批注").exists()


# The verb ------------------------------------------------------------------------------------------------------------


def test_the_shipped_templates_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert f"共检查 {len(shipped())} 个模板，都可以用。" in capsys.readouterr().out


def test_faults_are_shown_in_a_table_with_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(tmp_path, LIST, added("{{ 范唯 }}"))
    assert main(["check", str(path), "--annotate", str(tmp_path / "批注")]) == 1
    shown = capsys.readouterr().out
    for word in ("模板检查", "整改清单", "必改", "正文第4段", "范唯", "共检查 1 个模板，1 个有误", "批注写在"):
        assert word in shown.replace("\n", "")


def test_a_remark_alone_gives_exit_code_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(edited(tmp_path, LIST, added("{{ 制表日期 }}")))]) == 0
    assert "提示" in capsys.readouterr().out


def test_faults_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(tmp_path, LIST, added("{{ 范唯 }}"))
    assert main(["check", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "templates": [str(path)],
        "faults": [
            {
                "template": "整改清单.docx",
                "place": "正文第4段",
                "text": "{{ 范唯 }}",
                "sentence": "没有“范唯”这个变量，是否应为“范围”",
                "error": True,
            }
        ],
        "exit_code": 1,
    }


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(tmp_path, LIST, added("{{ 范唯 }}"))
    assert main(["check", str(path), "--annotate", "/dev/null/批注"]) == 2
    assert "无法写入" in capsys.readouterr().err
