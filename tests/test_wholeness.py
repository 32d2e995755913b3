"""What the check of templates passes comes out whole: what vanishes with a tag, surrounds one, or is fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn

from pipeline.documents.catalogue import documents
from pipeline.run.template_checks import annotated, check_template, vocabulary
from pipeline.word.rendering.template import render
from pipeline.word.templates.places import TemplateFault
from tests.support.templates import LIST, edited, in_header, rewritten

IF, ENDIF = "{%p if 逾期数 %}", "{%p endif %}"
PICTURE = '<w:pict><v:line xmlns:v="urn:schemas-microsoft-com:vml" from="0,0" to="9,9"/></w:pict>'
TRACK = 'w:id="7" w:author="某" w:date="2024-01-01T00:00:00Z"'
WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
BORDER = '<w:pPr><w:pBdr><w:top w:val="single" w:sz="4" w:space="1" w:color="FF0000"/></w:pBdr></w:pPr>'


SECTION = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def run(words: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*inside: str) -> str:
    return f"<w:p>{''.join(one if one.startswith('<') else run(one) for one in inside)}</w:p>"


def box(*paragraphs: str) -> str:
    held = "".join(paragraphs)
    return paragraph(f"<w:r><w:pict><wps:txbx {WPS}><w:txbxContent>{held}</w:txbxContent></wps:txbx></w:pict></w:r>")


def table(*cells: str) -> str:
    row = "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{'<w:gridCol/>' * len(cells)}</w:tblGrid><w:tr>{row}</w:tr></w:tbl>"


def at_the_end(folder: Path, body: str) -> Path:
    """A template with XML below its last paragraph."""
    return rewritten(
        edited(folder, LIST), "word/document.xml", lambda xml: re.sub(rb"(<w:sectPr(?:(?!<w:sectPr).)*</w:body>)", body.encode().replace(b"\\", rb"\\") + rb"\1", xml, flags=re.DOTALL)
    )  # fmt: skip


def errors(path: Path) -> list[TemplateFault]:
    return [fault for fault in check_template(path) if fault.error]


def between(*inside: str) -> str:
    """A condition around a paragraph; what is given is in the paragraph of its beginning."""
    return paragraph(IF, *inside) + paragraph("甲") + paragraph(ENDIF)


LOST = {
    "a page break": (between('<w:r><w:br w:type="page"/></w:r>'), "分页符"),
    "a break before": (f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr>{run(IF)}</w:p>{paragraph(ENDIF)}", "段前分页"),
    "a section": (f"<w:p><w:pPr><w:sectPr/></w:pPr>{run(IF)}</w:p>{paragraph(ENDIF)}", "分节符"),
    "a picture": (between(f"<w:r>{PICTURE}</w:r>"), "图片或图形"),
    "a text box": (between(f"<w:r><w:pict><wps:txbx {WPS}><w:txbxContent>{paragraph('乙')}</w:txbxContent></wps:txbx></w:pict></w:r>"), "图片或图形"),
    "a bookmark": (between('<w:bookmarkStart w:id="41" w:name="附件"/>') + paragraph('<w:bookmarkEnd w:id="41"/>'), "书签"),
    "the end of a bookmark": (paragraph('<w:bookmarkStart w:id="41" w:name="附件"/>') + between('<w:bookmarkEnd w:id="41"/>'), "书签"),
    "a field": (between('<w:r><w:fldChar w:fldCharType="begin"/></w:r>') + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>'), "域"),
    "a note": (between('<w:r><w:footnoteReference w:id="2"/></w:r>'), "脚注"),
    "a hyphen that does not break": (between("<w:r><w:noBreakHyphen/></w:r>"), "连字符"),
    "the number of the page": (between("<w:r><w:pgNum/></w:r>"), "页码"),
    "the day": (between("<w:r><w:dayLong/></w:r>"), "日期"),
    "a comment": (between('<w:commentRangeStart w:id="1"/>'), "批注"),
    "a line": (f"<w:p>{BORDER}{run(IF)}</w:p>{paragraph('甲')}{paragraph(ENDIF)}", "边框线"),
    "a bookmark amid a tag": (paragraph(run("{{ 范"), '<w:bookmarkStart w:id="41" w:name="附件"/><w:bookmarkEnd w:id="41"/>', run("围 }}")), "书签"),
    "two tags in a paragraph": (paragraph(IF) + paragraph("甲") + paragraph("{%p else %}乙{%p endif %}"), "一段里只能有这一个标记"),
    "a section that a condition ends": (f"{paragraph('{% if 逾期数 %}甲')}<w:p><w:pPr><w:sectPr/></w:pPr>{run('乙{% endif %}')}</w:p>", "分节符"),
    "a section in a branch": (between().replace(paragraph("甲"), SECTION), "前面的内容会改用后一节的版式"),
    "a section in each turn": (paragraph("{%p for 行 in 问题 %}") + SECTION + paragraph("{%p endfor %}"), "前面的内容会改用后一节的版式"),
    "a section of a signature": (f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('{{ 范围|署名 }}')}</w:p>", "分节符会印成两个"),
    "a page before a signature": (f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr>{run('{{ 范围|署名 }}')}</w:p>", "段前分页会印成两个"),
    "a signature behind words": (paragraph("特此通知。{{ 范围|署名 }}"), "请让署名单独占一段"),
    "a signature before a variable": (paragraph("{% filter 署名 %}{{ 范围 }}　甲{% endfilter %}{{ 逾期数 }}"), "请让署名单独占一段"),
    "words before a tag that joins": (paragraph("{% if 逾期数 %}乙") + paragraph("甲{%- endif %}"), "会把前后两段并成一段"),
    "words behind a tag that joins": (paragraph("{% if 逾期数 -%}甲") + paragraph("乙{% endif %}"), "会把前后两段并成一段"),
    "a filter over two formats": (paragraph(run("{% filter 分行 %}关于"), run("{{ 范围 }}", "<w:rPr><w:b/></w:rPr>"), run("的通知{% endfilter %}")), "印出来会夹着代码"),
    "a filter over two lines": (paragraph("{% filter 去句号 %}甲", "<w:r><w:br/></w:r>", "乙{% endfilter %}"), "印出来会夹着代码"),
    "a filter over two paragraphs": (paragraph("{% filter 去句号 %}甲") + paragraph("乙{% endfilter %}"), "印出来会夹着代码"),
    "a filter over whole paragraphs": (paragraph("{%p filter 去句号 %}") + paragraph("甲") + paragraph("{%p endfilter %}"), "印出来会夹着代码"),
    "a filter within a filter over two formats": (paragraph(run("{% filter 去句号 %}{% filter 分行 %}甲{% endfilter %}"), run("乙{% endfilter %}", "<w:rPr><w:b/></w:rPr>")), "印出来会夹着代码"),
    "two signatures": (paragraph("{{ 范围|署名 }}{{ 范围|署名 }}"), "请让署名单独占一段"),
    "a signature with words in its branch": (paragraph("{% if 逾期数 %}{{ 范围|署名 }}（盖章）{% else %}乙{% endif %}"), "请让署名单独占一段"),
    "half a bookmark": (paragraph(IF) + paragraph("甲", '<w:bookmarkStart w:id="41" w:name="附件"/>') + paragraph(ENDIF) + paragraph('<w:bookmarkEnd w:id="41"/>'), "只剩一半"),
    "half a field": (paragraph("{% if 逾期数 %}甲", FIELD.format("begin"), "乙{% endif %}", FIELD.format("end")), "只剩一半"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_what_would_vanish_with_a_tag_is_reported_at_its_place(name: str, tmp_path: Path) -> None:
    body, words = LOST[name]
    (fault,) = errors(at_the_end(tmp_path, body))
    assert words in fault.sentence
    assert str(fault.place).startswith("正文第"), fault


AROUND = {
    "an insertion": (paragraph(f"<w:ins {TRACK}>{run('{{ 范围 }}')}</w:ins>"), "没接受的修订"),
    "an insertion beside": (paragraph("{{ 范围 }}", f"<w:ins {TRACK}>{run('甲')}</w:ins>"), "没接受的修订"),
    "an insertion between": (paragraph(IF) + paragraph(f"<w:ins {TRACK}>{run('甲')}</w:ins>") + paragraph(ENDIF), "没接受的修订"),
    "a moved text": (paragraph(f"<w:moveTo {TRACK}>{run('{{ 范围 }}')}</w:moveTo>"), "没接受的修订"),
    "a run's format": (paragraph(run("{{ 范围 }}", f"<w:rPr><w:b/><w:rPrChange {TRACK}><w:rPr/></w:rPrChange></w:rPr>")), "没接受的修订"),
    "a paragraph's format": (f"<w:p><w:pPr><w:pPrChange {TRACK}><w:pPr/></w:pPrChange></w:pPr>{run('{{ 范围 }}')}</w:p>", "没接受的修订"),
    "a paragraph's mark": (f"<w:p><w:pPr><w:rPr><w:ins {TRACK}/></w:rPr></w:pPr>{run('{{ 范围 }}')}</w:p>", "没接受的修订"),
    "a cell's format": (table(paragraph("{{ 范围 }}")).replace("<w:tcPr/>", f"<w:tcPr><w:tcPrChange {TRACK}><w:tcPr/></w:tcPrChange></w:tcPr>"), "没接受的修订"),
    "a link": (paragraph(f'<w:hyperlink w:anchor="a">{run("{{ 范围 }}")}</w:hyperlink>'), "超链接"),
    "half a tag in a link": (paragraph("{{ 范", f'<w:hyperlink w:anchor="a">{run("围 }}")}</w:hyperlink>'), "超链接"),
    "a content control": (paragraph(f"<w:sdt><w:sdtContent>{run('{{ 范围 }}')}</w:sdtContent></w:sdt>"), "内容控件"),
    "a smart tag": (paragraph(f'<w:smartTag w:element="date">{run("{{ 范围 }}")}</w:smartTag>'), "智能标记"),
    "a simple field": (paragraph(f'<w:fldSimple w:instr="REF a">{run("{{ 范围 }}")}</w:fldSimple>'), "域"),
    "the code of a field": (paragraph('<w:r><w:instrText>HYPERLINK "{{ 范围 }}"</w:instrText></w:r>'), "域代码"),
    "an attribute": (paragraph("甲", '<w:bookmarkStart w:id="41" w:name="{{ 范围 }}"/><w:bookmarkEnd w:id="41"/>'), "看不见的地方"),
}  # fmt: skip


@pytest.mark.parametrize("name", AROUND)
def test_what_a_tag_cannot_stand_in_or_around_is_reported_at_its_place(name: str, tmp_path: Path) -> None:
    body, words = AROUND[name]
    (fault,) = errors(at_the_end(tmp_path, body))
    assert words in fault.sentence
    assert re.match("正文第|表2第", str(fault.place)), fault


EMPTIED = {
    "a cell": table(between()),
    "a cell that ends in a table": table(table(paragraph("甲")) + between()),
    "a text box": box(between()),
    "a cell with one of three": table(
        paragraph("{%p if 范围 == '甲' %}") + paragraph("一") + paragraph("{%p elif 范围 == '乙' %}") + paragraph("二") + paragraph(ENDIF)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTIED)
def test_what_may_lose_its_last_paragraph_is_reported(name: str, tmp_path: Path) -> None:
    (fault,) = errors(at_the_end(tmp_path, EMPTIED[name]))
    assert "空得连一段都没有" in fault.sentence
    assert "不成立时" in fault.sentence


def test_a_header_and_a_cell_in_it_may_not_lose_their_last_paragraph(tmp_path: Path) -> None:
    def change(document: Opened) -> None:
        header = document.sections[0].header
        header.paragraphs[0].text = IF
        for words in ("甲", ENDIF):
            header.add_paragraph(words)

    (fault,) = errors(edited(tmp_path, LIST, change))
    assert (str(fault.place), fault.text) == ("页眉第1段", IF)
    assert "页眉会空得连一段都没有" in fault.sentence

    def with_table(document: Opened) -> None:
        header = document.sections[0].header
        cell = header.add_table(1, 1, 999).rows[0].cells[0]
        cell.text = IF
        for words in ("甲", ENDIF):
            cell.add_paragraph(words)
        header.add_paragraph("乙")

    (fault,) = errors(edited(tmp_path, LIST, with_table))
    assert str(fault.place) == "页眉表1第1行第1格第1段"


def test_a_condition_that_begins_in_a_text_box_and_ends_outside_is_reported(tmp_path: Path) -> None:
    (fault,) = errors(at_the_end(tmp_path, box(paragraph(IF), paragraph("甲")) + paragraph(ENDIF)))
    assert "不在同一处" in fault.sentence


RIGHT = {
    "a field in a branch": paragraph(IF) + paragraph(FIELD.format("begin"), "甲", FIELD.format("end")) + paragraph(ENDIF),
    "a branch in a bookmark": paragraph('<w:bookmarkStart w:id="41" w:name="附件"/>') + between() + paragraph('<w:bookmarkEnd w:id="41"/>'),
    "half a bookmark of Word's own": paragraph(IF) + paragraph("甲", '<w:bookmarkStart w:id="41" w:name="_Hlk1234"/>') + paragraph(ENDIF) + paragraph('<w:bookmarkEnd w:id="41"/>'),
    "Word's own bookmark": between('<w:bookmarkStart w:id="41" w:name="_GoBack"/><w:bookmarkEnd w:id="41"/>'),
    "a whole link under a condition": paragraph("{% if 逾期数 %}", f'<w:hyperlink w:anchor="a">{run("甲")}</w:hyperlink>', "{% endif %}"),
    "a content control around paragraphs": f"<w:sdt><w:sdtContent>{between()}</w:sdtContent></w:sdt>",
    "a cell with one of two": table(paragraph(IF) + paragraph("甲") + paragraph("{%p else %}") + paragraph("乙") + paragraph(ENDIF)),
    "a cell with opposite conditions": table(between() + between().replace("if 逾期数", "if not 逾期数")),
    "a cell with a list or a word": table(
        paragraph("{%p for 行 in 问题 %}") + paragraph("{{ 行.学校 }}") + paragraph("{%p endfor %}") + between().replace("if 逾期数", "if not 问题")
    ),
    "a table under the condition of its list": paragraph("{%p if 问题 %}")
    + table(paragraph("{%tr for 行 in 问题 %}"))[: -len("</w:tbl>")]
    + "".join(f"<w:tr><w:tc>{paragraph(words)}</w:tc></w:tr>" for words in ("{{ 行.学校 }}", "{%tr endfor %}"))
    + "</w:tbl>"
    + paragraph(ENDIF),
    "a cell that ends in a content control": table(f"<w:sdt><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>"),
    "a signature in one branch and words in the other": paragraph("{% if 逾期数 %}{% filter 署名 %}{{ 范围 }}　甲{% endfilter %}{% else %}乙{% endif %}"),
    "a whole section in a branch": SECTION + paragraph(IF) + paragraph("甲") + SECTION + paragraph(ENDIF),
    "a section in either branch": paragraph(IF) + SECTION + paragraph("{%p else %}") + SECTION + paragraph(ENDIF),
    "a box of borders around a condition": "".join(f"<w:p>{BORDER}{run(words)}</w:p>" for words in (IF, "甲", ENDIF)),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_comes_out_whole_is_not_told(name: str, tmp_path: Path) -> None:
    assert check_template(at_the_end(tmp_path, RIGHT[name])) == ()


def test_a_row_in_a_content_control_comes_out_and_only_an_empty_list_is_remarked(tmp_path: Path) -> None:
    rows = ["{%tr for 行 in 问题 %}", "{{ 行.学校 }}", "{%tr endfor %}"]
    body = "".join(f"<w:tr><w:tc><w:tcPr/>{paragraph(words)}</w:tc></w:tr>" for words in rows)
    body = re.sub(r"(<w:tr>(?:(?!<w:tr>).)*学校.*?</w:tr>)", r"<w:sdt><w:sdtContent>\1</w:sdtContent></w:sdt>", body)
    path = at_the_end(
        tmp_path, f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='2000'/></w:tblGrid>{body}</w:tbl>{paragraph('甲')}"
    )
    (fault,) = check_template(path)
    assert not fault.error
    assert "没有内容时，这张表会一行也不剩" in fault.sentence
    sample = vocabulary(next(one.context for one in documents() if one.template == LIST)).samples["各项内容都有"]
    render(path, sample, tmp_path / "文书.docx")
    printed = list(Document(str(tmp_path / "文书.docx")).element.body.iter(qn("w:tbl")))[-1]
    assert "".join(node.text for node in printed.iter(qn("w:t"))) == "".join(str(row["学校"]) for row in sample["问题"])


def test_a_tracked_change_far_from_tags_is_a_remark(tmp_path: Path) -> None:
    (fault,) = check_template(at_the_end(tmp_path, paragraph(f"<w:ins {TRACK}>{run('甲')}</w:ins>")))
    assert not fault.error
    assert "修订的痕迹会带进每一份文书" in fault.sentence


# Parts that are never filled in --------------------------------------------------------------------------------------


def related(path: Path, name: str, kind: str, content: str) -> Path:
    """The package with a part to which the document has a relation."""
    relation = f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{name}"/>'
    rewritten(
        path,
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", f"{relation}</Relationships>".encode()),
    )
    declared = '<Override PartName="/word/{}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"/>'
    rewritten(
        path,
        "[Content_Types].xml",
        lambda xml: xml.replace(b"</Types>", f"{declared.format(name, kind)}</Types>".encode()),
    )
    return rewritten(path, f"word/{name}", lambda _: content.encode())


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_tags_in_the_target_of_a_link_are_reported(tmp_path: Path) -> None:
    def link(document: Opened) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        document.part.relate_to("http://例/%7B%7B%20范围%20%7D%7D", kind, is_external=True)

    (fault,) = errors(edited(tmp_path, LIST, link))
    assert (str(fault.place), fault.text) == ("链接的地址", "{{ 范围 }}")


@pytest.mark.parametrize(
    ("name", "kind", "content", "place"),
    [
        ("endnotes.xml", "endnotes", f"<w:endnotes {W}><w:endnote>{paragraph('{{ 范', '围 }}')}</w:endnote></w:endnotes>", "尾注"),
        ("comments.xml", "comments", f'<w:comments {W}><w:comment w:id="1" w:author="某">{paragraph("{{ 范围 }}")}</w:comment></w:comments>', "批注"),
        ("custom9.xml", "customXml", "<a b='{{ 范围 }}'/>", "自定义数据"),
    ],
)  # fmt: skip
def test_tags_in_parts_that_are_never_filled_in_are_reported(
    name: str, kind: str, content: str, place: str, tmp_path: Path
) -> None:
    (fault,) = errors(related(edited(tmp_path, LIST), name, kind, content))
    assert (str(fault.place), fault.text) == (place, "{{ 范围 }}")


# What lies outside ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [("attachedTemplate", "附加的模板"), ("image", "链接的图片"), ("oleObject", "链接的对象"), ("frame", "链接的框架")],
)
def test_a_relation_that_leads_outside_is_reported_and_a_link_is_not(kind: str, words: str, tmp_path: Path) -> None:
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    relate = [
        lambda document, kind=kind: document.part.relate_to("http://例/a", of + kind, is_external=True)
        for kind in (kind, "hyperlink")
    ]
    (fault,) = errors(edited(tmp_path, LIST, *relate))
    assert words in fault.sentence
    assert "http://例/a" in fault.sentence


def field(*codes: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    inner = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return paragraph(marks[0], inner, marks[1], "甲", marks[2])


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (["INCLUDE", 'TEXT "a.txt"'], "INCLUDETEXT"),
        (["ddeauto c:\\\\a"], "DDEAUTO"),
        ([' INCLUDEPICTURE "http://例"'], "INCLUDEPICTURE"),
    ],
)
def test_a_field_that_fetches_is_reported_at_its_place(codes: list[str], name: str, tmp_path: Path) -> None:
    (fault,) = errors(at_the_end(tmp_path, field(*codes)))
    assert f"“{name}”域" in fault.sentence
    assert str(fault.place) == "正文第4段"


def test_fields_that_fetch_nothing_are_right(tmp_path: Path) -> None:
    body = field("PAGE") + field('HYPERLINK "http://例"') + field("DATE \\@ yyyy") + field("INCLUDED")
    assert check_template(at_the_end(tmp_path, body)) == ()


# Loops and long tags -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ("{% for 一 in [1, 2] %}甲{% endfor %}", "不能用写在模板里的列表"),
        ("{% for 一 in (1, 2) %}甲{% endfor %}", "不能用写在模板里的列表"),
        ("{% set 几 = [1, 2] %}{% for 一 in 几|reverse %}甲{% endfor %}", "不能用写在模板里的列表"),
        ("{% for 一 in 问题 or [1] %}甲{% endfor %}", "不能用写在模板里的列表"),
        ("{% for 一 in [1] if 逾期数 else [2] %}甲{% endfor %}", ""),
        ("{% for 一 in '甲乙' %}甲{% endfor %}", "不是列表"),
        ("{% if " + " and ".join(["逾期数"] * 900) + " %}甲{% endif %}", "一层套一层"),
        ("{% if " + "not " * 400 + "逾期数 %}甲{% endif %}", "请"),
        ("{{ 范围" + "|句" * 900 + " }}", "请"),
        ("{{ 范围" + ".甲" * 900 + " }}", "请"),
        ("{{ " + "[" * 300 + "]" * 300 + " }}", "请"),
    ],
)
def test_loops_over_what_is_written_out_and_long_tags_are_reported(tags: str, words: str, tmp_path: Path) -> None:
    found = errors(edited(tmp_path, LIST, lambda document: document.add_paragraph(tags)))
    assert any(words in fault.sentence for fault in found)
    assert {str(fault.place) for fault in found} == {"正文第4段"}


def test_loops_that_have_nothing_to_do_with_one_another_multiply(tmp_path: Path) -> None:
    lists = ["问题", "各状态", "问题|map(attribute='学校')"]
    tags = "".join(f"{{% for 甲{n} in {name} %}}" for n, name in enumerate(lists)) + "甲" + "{% endfor %}" * 3
    (fault,) = errors(edited(tmp_path, LIST, lambda document: document.add_paragraph(tags)))
    assert "与外面的循环无关" in fault.sentence


def test_a_fault_of_the_check_itself_is_a_fault_of_its_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.word.templates.checking.tagged", lambda _: 1 / 0)
    (fault,) = check_template(edited(tmp_path, LIST))
    assert "检查不完这个模板" in fault.sentence


def test_a_copy_with_comments_is_reported_the_same_faults(tmp_path: Path) -> None:
    path = at_the_end(tmp_path, paragraph("{%p if 逾期书 %}") + paragraph("甲") + paragraph(ENDIF))
    copy = annotated(path, check_template(path), tmp_path / "批注")
    assert copy is not None
    assert [fault.sentence for fault in check_template(copy)] == [fault.sentence for fault in check_template(path)]


def test_a_tag_in_a_header_with_a_picture_beside_it_is_right(tmp_path: Path) -> None:
    assert check_template(edited(tmp_path, LIST, in_header("{{ 范围 }}"))) == ()
    assert Document(str(tmp_path / f"{LIST}.docx")).sections[0].header.paragraphs[0].text == "{{ 范围 }}"
