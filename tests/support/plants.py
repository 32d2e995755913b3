"""Deviations to plant into our documents, by surgery on python-docx's objects: what is done, what must be found."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

Damage = Callable[[Any], None]


@dataclass(frozen=True)
class Plant:
    """A deviation: where it is planted, and the item, clause, place and value to be found."""

    name: str
    damage: Damage
    expected: tuple[str, str]
    place: str = ""
    found: str = ""
    family: str = "通知"


def styled(document: Any, style: str, at: int = 0) -> Paragraph:
    """The paragraph at a position among those of a style with words."""
    found: list[Paragraph] = [one for one in document.paragraphs if one.style.name == style and one.text.strip()]
    return found[at]


def font(style: str, name: str, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        for run in styled(document, style, at).runs:
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)

    return damage


def size(style: str, points: float, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        for run in styled(document, style, at).runs:
            run.font.size = Pt(points)

    return damage


def colour(style: str, hexadecimal: str, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        for run in styled(document, style, at).runs:
            run.font.color.rgb = RGBColor.from_string(hexadecimal)

    return damage


def align(style: str, alignment: Any, at: int = 0) -> Damage:
    return lambda document: setattr(styled(document, style, at), "alignment", alignment)


def replaced(style: str, pattern: str, by: str, at: int = 0) -> Damage:
    """The text of a paragraph changed, the formatting of its first run kept."""

    def damage(document: Any) -> None:
        paragraph = styled(document, style, at)
        for run in paragraph.runs:
            if re.search(pattern, run.text):
                run.text = re.sub(pattern, by, run.text)
                return
        raise AssertionError(f"{pattern} is not in {paragraph.text}")

    return damage


def paged(**measures: float) -> Damage:
    def damage(document: Any) -> None:
        for name, mm in measures.items():
            setattr(document.sections[0], name, Mm(mm))

    return damage


def indented(style: str, characters: int, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        properties = styled(document, style, at)._p.get_or_add_pPr()
        indent = properties.get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(100 * characters))
        indent.set(qn("w:firstLine"), str(320 * characters))

    return damage


def spaced(style: str, points: float, at: int = 0) -> Damage:
    return lambda document: setattr(styled(document, style, at).paragraph_format, "line_spacing", Pt(points))


def borders(style: str, change: Callable[[Any], None]) -> Damage:
    """The borders of the last paragraphs of a style changed; those of the style are made the paragraph's own."""

    def damage(document: Any) -> None:
        for paragraph in document.paragraphs:
            if paragraph.style.name == style:
                properties = paragraph._p.get_or_add_pPr()
                if properties.find(qn("w:pBdr")) is None:
                    inherited = deepcopy(paragraph.style.element.pPr.find(qn("w:pBdr")))
                    properties.insert_element_before(inherited, "w:spacing", "w:ind", "w:jc")
                change(properties.find(qn("w:pBdr")))

    return damage


def recoloured(side: str, hexadecimal: str) -> Callable[[Any], None]:
    return lambda found: found.find(qn(f"w:{side}")).set(qn("w:color"), hexadecimal)


def resized(side: str, eighths: int) -> Callable[[Any], None]:
    return lambda found: found.find(qn(f"w:{side}")).set(qn("w:sz"), str(eighths))


def unruled(side: str) -> Callable[[Any], None]:
    return lambda found: found.find(qn(f"w:{side}")).set(qn("w:val"), "nil")


def blank_after(style: str, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        styled(document, style, at)._p.addnext(deepcopy(blanks(document)[0]))

    return damage


def blanks(document: Any) -> list[Any]:
    return [one._p for one in document.paragraphs if one.style.name == "公文正文" and not one.text.strip()]


def no_blank_after(style: str, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        following = styled(document, style, at)._p.getnext()
        assert following in blanks(document)
        following.getparent().remove(following)

    return damage


def removed(style: str, at: int = 0) -> Damage:
    def damage(document: Any) -> None:
        paragraph = styled(document, style, at)._p
        paragraph.getparent().remove(paragraph)

    return damage


def without_colophon(document: Any) -> None:
    for paragraph in document.paragraphs:
        if paragraph.style.name == "版记":
            paragraph._p.getparent().remove(paragraph._p)


def without_thin_rule(document: Any) -> None:
    for paragraph in document.paragraphs:
        if paragraph.style.name == "版记" and not paragraph.text.strip():
            paragraph._p.getparent().remove(paragraph._p)


def footer(change: Callable[[Any], None], kind: str = "footer") -> Damage:
    return lambda document: change(getattr(document.sections[0], kind).paragraphs[0])


def without_number(paragraph: Any) -> None:
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)


def in_latin(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.name = "Times New Roman"


def in_twelve_points(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(12)


def centred(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def at_the_very_edge(paragraph: Any) -> None:
    indent = paragraph._p.pPr.find(qn("w:ind"))
    indent.getparent().remove(indent)


def with_hyphens(paragraph: Any) -> None:
    for run in paragraph.runs:
        if "—" in run.text:
            run.text = run.text.replace("—", "-")


def same_on_even_pages(document: Any) -> None:
    document.settings.odd_and_even_pages_header_footer = False


def box_moved(document: Any) -> None:
    """The text box of the page number of a lying page pushed to its right edge."""
    (offset,) = (
        item
        for item in document.sections[0].footer._element.iter(qn("wp:posOffset"))
        if item.getparent().tag == qn("wp:positionH")
    )
    offset.text = str(260 * 36000)


def box_gone(document: Any) -> None:
    """The page number of a lying page in the flow of its footer."""
    foot = document.sections[0].footer._element
    (content,) = foot.iter(qn("w:txbxContent"))
    inner = content.find(qn("w:p"))
    outer = foot.find(qn("w:p"))
    outer.getparent().replace(outer, inner)


def date_moved(document: Any) -> None:
    for at in (0, 1):
        tabs = styled(document, "落款", at)._p.pPr.find(qn("w:tabs"))
        tabs[0].set(qn("w:pos"), "4400")


def authority_moved(document: Any) -> None:
    styled(document, "落款", 0)._p.pPr.find(qn("w:tabs"))[0].set(qn("w:pos"), "4400")


def tracked(document: Any) -> None:
    """The space between characters as Word sets it: 27 in a line."""
    normal = document.styles["Normal"].element.rPr
    normal.remove(normal.find(qn("w:spacing")))


def widened(document: Any) -> None:
    column = document.tables[0]._tbl.tblGrid[0]
    column.set(qn("w:w"), "2600")


def no_page_break(document: Any) -> None:
    off = OxmlElement("w:pageBreakBefore")
    off.set(qn("w:val"), "0")
    properties = styled(document, "附件标记")._p.pPr
    properties.insert_element_before(off, "w:spacing", "w:ind", "w:jc")


HEAD, NUMBER, TITLE, TO = "发文机关标志", "发文字号", "公文标题", "主送机关"
TEXT, ITEM, FIRST, SECOND = "公文正文", "条目", "Heading 1", "Heading 2"
LIST, SIGNED, MARK, FOOT = "附件说明", "落款", "附件标记", "版记"
LEFT, RIGHT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER

PLANTED = [
    Plant("paper", paged(page_width=216, page_height=279), ("纸张", "5.1"), "页面设置", "216×279"),
    Plant("top", paged(top_margin=30), ("上白边（天头）", "5.2.1"), "页面设置", "30.0毫米"),
    Plant("left", paged(left_margin=32), ("左白边（订口）", "5.2.1"), "页面设置", "32.0毫米"),
    Plant("right", paged(right_margin=31.8), ("右白边", "5.2.1"), "页面设置", "31.8毫米"),
    Plant("bottom", paged(bottom_margin=25.4), ("下白边", "5.2.1"), "页面设置", "25.4毫米"),
    Plant("characters of a line", tracked, ("每行字数", "5.2.3"), "正文", "27字"),
    Plant("wide table", widened, ("宽度", "5.2.1"), "表1"),
    Plant("black head", colour(HEAD, "000000"), ("发文机关标志颜色", "7.2.4"), "第1段"),
    Plant("face of head", font(HEAD, "黑体"), ("发文机关标志字体", "7.2.4"), "第1段", "黑体"),
    Plant("head at the left", align(HEAD, LEFT), ("发文机关标志对齐", "7.2.4"), "第1段", "居左"),
    Plant(
        "head too high",
        lambda document: setattr(styled(document, HEAD).paragraph_format, "space_before", Mm(10)),
        ("发文机关标志位置", "7.2.4"),
        "第1段",
        "10毫米",
    ),
    Plant("square brackets", replaced(NUMBER, "〔(.*)〕", r"[\1]"), ("发文字号写法", "7.2.5"), "第2段", "["),
    Plant("round brackets", replaced(NUMBER, "〔(.*)〕", r"（\1）"), ("发文字号写法", "7.2.5"), "第2段", "（"),
    Plant("leading zero", replaced(NUMBER, "〕", "〕0"), ("发文字号写法", "7.2.5"), "第2段", "〕0"),
    Plant("第 in number", replaced(NUMBER, "〕", "〕第"), ("发文字号写法", "7.2.5"), "第2段", "第"),
    Plant("short year", replaced(NUMBER, "〔20", "〔"), ("发文字号写法", "7.2.5"), "第2段"),
    Plant("number at the left", align(NUMBER, LEFT), ("发文字号对齐", "7.2.5"), "第2段", "居左"),
    Plant("face of number", font(NUMBER, "楷体"), ("发文字号字体", "7.2.5"), "第2段", "楷体"),
    Plant("size of number", size(NUMBER, 14), ("发文字号字号", "7.2.5"), "第2段", "四号"),
    Plant("number too near", no_blank_after(HEAD), ("发文字号位置", "7.2.5"), "第2段", "空1行"),
    Plant("no red line", borders(NUMBER, unruled("bottom")), ("红色分隔线", "7.2.7"), "第2段", "没有"),
    Plant("black line", borders(NUMBER, recoloured("bottom", "000000")), ("红色分隔线颜色", "7.2.7"), "第2段"),
    Plant("title at the left", align(TITLE, LEFT), ("标题对齐", "7.3.1"), "第3段", "居左"),
    Plant("face of title", font(TITLE, "宋体"), ("标题字体", "7.3.1"), "第3段", "宋体"),
    Plant("cut of title", font(TITLE, "华文小标宋"), ("标题字体名称", "7.3.1"), "第3段"),
    Plant("size of title", size(TITLE, 18), ("标题字号", "7.3.1"), "第3段", "小二"),
    Plant("red title", colour(TITLE, "FF0000"), ("标题颜色", "5.2.4"), "第3段", "红色"),
    Plant("title too near", no_blank_after(NUMBER), ("标题位置", "7.3.1"), "第3段", "空1行"),
    Plant("indented addressees", indented(TO, 2), ("主送机关位置", "7.3.2"), "各责任区", "缩进2字"),
    Plant("addressees without colon", replaced(TO, "：$", ""), ("主送机关标点", "7.3.2"), "各责任区"),
    Plant("half-width colon", replaced(TO, "：$", ":"), ("主送机关标点", "7.3.2"), "各责任区", ":"),
    Plant("centred addressees", align(TO, CENTER), ("主送机关位置", "7.3.2"), "各责任区", "居中"),
    Plant("size of addressees", size(TO, 15), ("主送机关字号", "7.3.2"), "各责任区", "小三"),
    Plant("blank line before the addressees", blank_after(TITLE, 1), ("主送机关位置", "7.3.2"), "各责任区", "空2行"),
    Plant("face of text", font(TEXT, "宋体"), ("正文字体", "5.2.2"), "第6段", "宋体"),
    Plant("size of text", size(TEXT, 14), ("正文字号", "5.2.2"), "第6段", "四号"),
    Plant("red text", colour(TEXT, "C00000"), ("正文颜色", "5.2.4"), "第6段", "红色"),
    Plant("line pitch", spaced(TEXT, 24), ("行距", "5.2.3"), "第6段", "24.0磅"),
    Plant("indent of text", indented(TEXT, 4), ("段落缩进", "7.3.3"), "第6段", "首行缩进4字"),
    Plant("face of first heading", font(FIRST, "仿宋_GB2312"), ("第一层标题字体", "7.3.3"), "督导范围", "仿宋"),
    Plant("size of heading", size(FIRST, 15), ("第一层标题字号", "7.3.3"), "督导范围", "小三"),
    Plant("face of third heading", font(ITEM, "黑体"), ("第三层标题字体", "7.3.3"), "", "黑体"),
    Plant("face of second heading", font(SECOND, "宋体"), ("第二层标题字体", "7.3.3"), "", "宋体", family="总结"),
    Plant(
        "number of heading",
        lambda document: typed(styled(document, FIRST), "一．"),
        ("层次序号", "7.3.3"),
        "督导范围",
        "一．",
    ),
    Plant("mark after an attachment", replaced(LIST, "$", "。"), ("附件说明标点", "7.3.4"), "附件", "。"),
    Plant("half-width colon of attachments", replaced(LIST, "：", ":"), ("附件说明标点", "7.3.4"), "附件"),
    Plant("number of attachment", replaced(LIST, r"1\.", "1、"), ("附件说明序号", "7.3.4"), "附件", "1、"),
    Plant("face of attachments", font(LIST, "楷体_GB2312"), ("附件说明字体", "7.3.4"), "附件", "楷体"),
    Plant("zeros in date", replaced(SIGNED, "年8月", "年08月", 1), ("成文日期写法", "7.3.5.4"), "2023年08月", "08月"),
    Plant(
        "Chinese date",
        replaced(SIGNED, "2023年8月26日", "二〇二三年八月二十六日", 1),
        ("成文日期写法", "7.3.5.4"),
        "二〇二三",
        "二〇二三",
    ),
    Plant("dotted date", replaced(SIGNED, "2023年8月26日", "2023.8.26", 1), ("成文日期写法", "7.3.5.4"), "2023.8.26"),
    Plant("date in the middle", date_moved, ("成文日期位置", "7.3.5.1"), "2023年8月26日", "右空"),
    Plant("authority beside the date", authority_moved, ("发文机关署名位置", "7.3.5.1"), "清溪县", "未与成文日期居中"),
    Plant("face of authority", font(SIGNED, "黑体"), ("发文机关署名字体", "5.2.2"), "清溪县", "黑体"),
    Plant("no authority", removed(SIGNED), ("发文机关署名", "7.3.5.1"), "2023年8月26日", "没有"),
    Plant("no date", removed(SIGNED, 1), ("成文日期", "7.3.5.4"), "正文之后", "没有"),
    Plant("face of mark", font(MARK, "仿宋_GB2312"), ("附件标记字体", "7.3.7"), "附件", "仿宋"),
    Plant("colon after mark", replaced(MARK, "$", "："), ("附件标记写法", "7.3.7"), "附件", "："),
    Plant("indented mark", indented(MARK, 2), ("附件标记位置", "7.3.7"), "附件"),
    Plant("attachment on the same page", no_page_break, ("附件位置", "7.3.7"), "附件"),
    Plant("title of attachment", align(TITLE, LEFT, 2), ("附件标题对齐", "7.3.7"), "", "居左"),
    Plant("title below the mark", blank_after(MARK), ("附件标题位置", "7.3.7"), "", "空2行"),
    Plant("no colophon", without_colophon, ("版记", "7.4"), "文末", "没有"),
    Plant("no thin rule", without_thin_rule, ("中间的分隔线", "7.4.1"), "版记“清溪县", "没有"),
    Plant("thin first rule", borders(FOOT, resized("top", 4)), ("首条分隔线", "7.4.1"), "版记“抄送", "0.18毫米"),
    Plant("no last rule", borders(FOOT, unruled("bottom")), ("末条分隔线", "7.4.1"), "版记“清溪县", "没有"),
    Plant("copies without full stop", replaced(FOOT, "。$", ""), ("抄送机关标点", "7.4.2"), "版记“抄送"),
    Plant("size of colophon", size(FOOT, 16), ("版记字号", "7.4"), "版记“抄送", "三号"),
    Plant("copies at the edge", replaced(FOOT, "^　", ""), ("版记位置", "7.4"), "版记“抄送"),
    Plant("date of printing", replaced(FOOT, "年8月", "年08月", 1), ("印发日期写法", "7.4.3"), "版记", "08月"),
    Plant("no 印发", replaced(FOOT, "印发", "", 1), ("印发日期写法", "7.4.3"), "版记"),
    Plant("no page number", footer(without_number), ("页码", "7.5"), "页脚（单页）", "没有"),
    Plant("face of page number", footer(in_latin), ("页码字体", "7.5"), "页脚（单页）", "Times New Roman"),
    Plant("size of page number", footer(in_twelve_points), ("页码字号", "7.5"), "页脚（单页）", "小四"),
    Plant("page number centred", footer(centred), ("页码位置", "7.5"), "页脚（单页）", "居中"),
    Plant("number at the edge", footer(at_the_very_edge, "even_page_footer"), ("页码位置", "7.5"), "页脚（双页）"),
    Plant("hyphens", footer(with_hyphens), ("页码形式", "7.5"), "页脚（单页）", "- 1 -"),
    Plant("same side on even pages", same_on_even_pages, ("页码位置", "7.5"), "页脚（双页）", "相同"),
    Plant("number too low", paged(footer_distance=15), ("页码与版心下边缘的距离", "7.5"), "页脚"),
    Plant("lying number moved", box_moved, ("横排页页码位置", "8"), "页脚（单页）", "260毫米", family="清单"),
    Plant("lying number below", box_gone, ("横排页页码位置", "8"), "页脚（单页）", "下边", family="清单"),
    Plant("lying margin", paged(right_margin=25), ("右白边", "8、5.2.1"), "页面设置", "25.0毫米", family="清单"),
]


def typed(paragraph: Paragraph, number: str) -> None:
    """A typed number in place of Word's own."""
    properties = paragraph._p.get_or_add_pPr()
    properties._add_numPr().get_or_add_numId().val = 0
    paragraph.runs[0].text = f"{number}{paragraph.runs[0].text}"


# Letters (信函) -------------------------------------------------------------------------------------------------------


def ruled(change: Callable[[Any], None], *, at_foot: bool = False) -> Damage:
    """The double rule at the foot of the first page changed, or that of the head, made the paragraph's own."""

    def damage(document: Any) -> None:
        paragraph = document.sections[0].first_page_footer.paragraphs[0] if at_foot else styled(document, HEAD)
        properties = paragraph._p.get_or_add_pPr()
        if properties.find(qn("w:pBdr")) is None:
            inherited = deepcopy(paragraph.style.element.pPr.find(qn("w:pBdr")))
            properties.insert_element_before(inherited, "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
        change(properties.find(qn("w:pBdr")).find(qn("w:bottom")))

    return damage


def bordered(**values: str) -> Callable[[Any], None]:
    return lambda border: [border.set(qn(f"w:{name}"), value) for name, value in values.items()]


def framed(*, at_foot: bool = False, **values: int) -> Damage:
    def damage(document: Any) -> None:
        paragraph = document.sections[0].first_page_footer.paragraphs[0] if at_foot else styled(document, HEAD)
        frame = paragraph._p.pPr.find(qn("w:framePr"))
        for name, value in values.items():
            frame.set(qn(f"w:{name}"), str(value))

    return damage


def numbered_first_page(document: Any) -> None:
    section = document.sections[0]
    number = deepcopy(section.footer.paragraphs[0]._p)
    section.first_page_footer._element.append(number)


def line_of_printing(document: Any) -> None:
    copies = styled(document, FOOT)._p
    copies.addnext(deepcopy(copies))
    styled(document, FOOT, 1).runs[0].text = "　清溪县人民政府教育督导室　　2023年8月26日印发　"


def boxed_copies(document: Any) -> None:
    properties = styled(document, FOOT)._p.pPr
    box = OxmlElement("w:pBdr")
    rule = OxmlElement("w:top")
    bordered(val="single", sz="8", space="1", color="000000")(rule)
    box.append(rule)
    properties.insert_element_before(box, "w:spacing", "w:ind", "w:jc")


def set_in(document: Any) -> None:
    properties = styled(document, NUMBER)._p.get_or_add_pPr()
    properties.get_or_add_ind().set(qn("w:rightChars"), "200")


LETTER_HEAD, UPPER, LOWER = "发文机关标志位置", "第一条红色双线", "第二条红色双线"

PLANTED_IN_LETTERS = [
    Plant("head too low", framed(y=2600), (LETTER_HEAD, "10.1"), "第1段", "48毫米"),
    Plant("no first rule", ruled(bordered(val="nil")), (UPPER, "10.1"), "第1段", "没有"),
    Plant("single first rule", ruled(bordered(val="single")), (UPPER, "10.1"), "第1段", "没有"),
    Plant("black first rule", ruled(bordered(color="000000")), (f"{UPPER}颜色", "10.1"), "第1段"),
    Plant("first rule turned", ruled(bordered(val="thinThickSmallGap")), (f"{UPPER}线型", "10.1"), "", "上细下粗"),
    Plant("first rule of alike lines", ruled(bordered(val="double")), (f"{UPPER}线型", "10.1"), "", "一样粗"),
    Plant("short first rule", framed(w=8845), (f"{UPPER}长度", "10.1"), "第1段", "156毫米"),
    Plant("first rule too far", ruled(bordered(space="30")), (f"{UPPER}位置", "10.1"), "第1段", "13毫米"),
    Plant("no second rule", ruled(bordered(val="nil"), at_foot=True), (LOWER, "10.1"), "页脚（首页）", "没有"),
    Plant("black second rule", ruled(bordered(color="000000"), at_foot=True), (f"{LOWER}颜色", "10.1"), "页脚"),
    Plant(
        "second rule turned",
        ruled(bordered(val="thickThinSmallGap"), at_foot=True),
        (f"{LOWER}线型", "10.1"),
        "页脚（首页）",
        "上粗下细",
    ),
    Plant("short second rule", framed(w=8845, at_foot=True), (f"{LOWER}长度", "10.1"), "页脚（首页）", "156毫米"),
    Plant("second rule too high", framed(y=15000, at_foot=True), (f"{LOWER}位置", "10.1"), "页脚（首页）", "32毫米"),
    Plant("number in the middle", align(NUMBER, CENTER), ("发文字号对齐", "10.1"), "第2段", "居中"),
    Plant("number set in", set_in, ("发文字号位置", "10.1"), "第2段", "右空2字"),
    Plant("number too far", blank_after(HEAD), ("发文字号位置", "10.1"), "第2段", "16毫米"),
    Plant("title too near", no_blank_after(NUMBER), ("标题位置", "10.1"), "第3段", "空1行"),
    Plant("page number", numbered_first_page, ("首页页码", "10.1"), "页脚（首页）", "显示页码"),
    Plant("printing office", line_of_printing, ("版记", "10.1"), "版记“清溪县", "印发机关"),
    Plant("ruled colophon", boxed_copies, ("版记分隔线", "10.1"), "版记“抄送", "有"),
    Plant("black head", colour(HEAD, "000000"), ("发文机关标志颜色", "7.2.4"), "第1段"),
    Plant("date in the middle", date_moved, ("成文日期位置", "7.3.5.1"), "2023年8月26日", "右空"),
]


def blank_within_the_signature(document: Any) -> None:
    date = styled(document, SIGNED, 1)
    date.runs[0].text = date.text[3:]


PLANTED_WITHOUT_SEAL = [
    Plant("date under the authority", blank_within_the_signature, ("发文机关署名位置", "7.3.5.1"), "清溪县", "未与"),
    Plant("authority at the edge", replaced(SIGNED, "^", "　　"), ("发文机关署名位置", "7.3.5.1"), "清溪县"),
]
