"""The checker of form on other offices' documents: conforming variants have no deviation, others are found."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.word.form import deviations
from pipeline.word.official import Basis
from tests.support.offices import (
    CENTER,
    COLOPHON,
    FANG,
    HEAD,
    HEI,
    KAI,
    RIGHT,
    SIGNED,
    SONG,
    TITLED,
    Make,
    authority,
    blanks,
    bordered,
    boxed,
    copies,
    date,
    drawn_line,
    head,
    in_header,
    line,
    made,
    page_break,
    picture,
    printing,
    ruled_blank,
    runs,
    table,
    text,
    title,
)

upward = bordered(
    runs(("　某教发〔2024〕5号　　　　　　　　　　签发人：", FANG), ("王某某", KAI)),
    "bottom",
    eighths=12,
    colour="FF0000",
)
asking = line("关于某项工作的请示", SONG, 22, align=CENTER)
to_superior = line("某某市教育局：")
note = line("（联系人：王某某，电话：0000-0000000）", indent=32)
order_head = line("某某县人民政府令", SONG, 36, align=CENTER, before=20, red=True)
minutes_head = line("某某县教育局办公会议纪要", SONG, 36, align=CENTER, before=35, red=True)
heading = line("一、关于某项工作", HEI, indent=32)
both_heads = (
    line("中共某某县委教育工作领导小组办公室", SONG, 28, align=CENTER, before=35, red=True),
    line("某某县教育局文件", SONG, 28, align=CENTER, red=True),
)
thin_table = {"top": 8, "bottom": 8, "insideH": 6}

CONFORMING: dict[str, tuple[Make, ...]] = {
    "an ordinary document": (*HEAD, *TITLED, text, *SIGNED, *COLOPHON),
    "a signer in 楷体": (head, blanks(2), upward, blanks(2), asking, blanks(), to_superior, text, *SIGNED, *COLOPHON),
    "several signers": (
        head,
        blanks(2),
        runs(("　　　　　　　　　　　　　　　签发人：", FANG), ("王某某　李某某", KAI)),
        bordered(
            runs(("　某教发〔2024〕5号　　　　　　　　　　　　　　", FANG), ("赵某某", KAI)),
            "bottom",
            eighths=12,
            colour="FF0000",
        ),
        blanks(2),
        asking,
        blanks(),
        to_superior,
        text,
        *SIGNED,
        note,
        *COLOPHON,
    ),
    "number of the copy, secrecy, urgency": (
        line("000001"),
        line("机密★1年", HEI),
        line("特　急", HEI),
        line("某某县教育局文件", SONG, 36, align=CENTER, before=5, red=True),
        *HEAD[1:],
        *TITLED,
        text,
        *SIGNED,
        *COLOPHON,
    ),
    "an order": (
        order_head,
        blanks(2),
        line("第5号", align=CENTER),
        blanks(2),
        text,
        blanks(2),
        line("县　长　王某某", align=RIGHT, right=56),
        blanks(),
        date,
    ),
    "minutes": (
        minutes_head,
        blanks(),
        line("〔2024〕5号", align=CENTER),
        blanks(),
        text,
        heading,
        text,
        blanks(),
        runs(("出席：", HEI), ("王某某、李某某、赵某某、钱某某、孙某某、周某某。", FANG), left=80, hang=48),
        runs(("列席：", HEI), ("吴某某、郑某某。", FANG), left=80, hang=48),
    ),
    "minutes with an issuing office, a title and a colophon": (
        minutes_head,
        blanks(),
        line("（第5期）", align=CENTER),
        blanks(),
        bordered(line("某某县教育局办公室　　　　　　　2024年3月6日"), "bottom", eighths=12, colour="FF0000"),
        blanks(2),
        line("研究某项工作的会议纪要", SONG, 22, align=CENTER),
        blanks(),
        text,
        runs(("出席：", HEI), ("王某某、李某某。", FANG), indent=32),
        *COLOPHON,
    ),
    "a notice to all, without addressees": (
        *HEAD,
        line("关于公布某项名单的公告", SONG, 22, align=CENTER),
        blanks(),
        text,
        line("特此公告。", indent=32),
        *SIGNED,
        *COLOPHON,
    ),
    "a red 通告 with a number of its own": (
        line("某某县教育局通告", SONG, 36, align=CENTER, before=35, red=True),
        blanks(2),
        line("第3号", align=CENTER),
        blanks(2),
        text,
        line("现通告如下：", indent=32),
        line("一、招生范围", HEI, indent=32),
        text,
        *SIGNED,
    ),
    "a decision passed by a meeting": (
        *HEAD,
        line("关于某项工作的决定", SONG, 22, align=CENTER),
        line("（2024年3月5日某某县第十届委员会第三次会议通过）", KAI, align=CENTER),
        blanks(),
        text,
        *COLOPHON,
    ),
    "a bill with who signs it": (
        *HEAD,
        line("关于某项工作的议案", SONG, 22, align=CENTER),
        blanks(),
        line("某某县人民代表大会常务委员会："),
        text,
        blanks(2),
        line("县　长　王某某", align=RIGHT, right=56),
        date,
        *COLOPHON,
    ),
    "a note below the date": (*HEAD, *TITLED, text, *SIGNED, note, *COLOPHON),
    "a note whose every line is set in": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        line("（此件公开发布）", left=32),
        *COLOPHON,
    ),
    "rules as borders of blank paragraphs": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        blanks(),
        ruled_blank(8),
        copies,
        ruled_blank(6),
        printing,
        ruled_blank(8),
    ),
    "rules above blank paragraphs": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        ruled_blank(8, "top"),
        copies,
        ruled_blank(6, "top"),
        printing,
        ruled_blank(8, "top"),
    ),
    "drawn rules": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        blanks(),
        drawn_line(),
        copies,
        drawn_line(0.75),
        printing,
        drawn_line(),
    ),
    "a colophon of one cell": (*HEAD, *TITLED, text, *SIGNED, table([[[copies]], [[printing]]], thin_table)),
    "a colophon whose date stands in a cell of its own": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        table(
            [
                [line("抄送：", size=14, left=14), line("县政府办公室，县财政局。", size=14)],
                [
                    line("某某县教育局办公室", size=14, left=14),
                    line("2024年3月5日印发", size=14, align=RIGHT, right=14),
                ],
            ],
            thin_table,
        ),
    ),
    "copies of two lines, 主送 above, number of copies below": (
        *HEAD,
        title,
        blanks(),
        text,
        *SIGNED,
        blanks(),
        bordered(line("主送：各乡镇中心学校。", size=14, left=14, right=14), "top", eighths=8),
        line("抄送：县政府办公室，县财政局，县人力资源和社会保障局，", size=14, left=14, right=14),
        line("县委编办。", size=14, left=56, right=14),
        bordered(bordered(printing, "top", eighths=6), "bottom", eighths=8),
        line("（共印50份）", size=14, align=RIGHT, right=14),
    ),
    "a line of printing in two": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        blanks(),
        bordered(copies, "top", eighths=8),
        bordered(line("某某县教育局办公室", size=14, left=14), "top", eighths=6),
        bordered(line("2024年3月5日印发", size=14, align=RIGHT, right=14), "bottom", eighths=8),
    ),
    "authority and date in one paragraph": (
        *HEAD,
        *TITLED,
        text,
        blanks(2),
        line("某某县教育局\n2024年3月5日", align=RIGHT, right=64),
        *COLOPHON,
    ),
    "authority and date on one line, without a head": (
        *TITLED,
        text,
        blanks(),
        line("某某县教育局办公室　　2024年3月5日", align=RIGHT, right=32),
    ),
    "a joint document with seals": (
        *both_heads,
        *HEAD[1:],
        *TITLED,
        text,
        blanks(2),
        line("　　　某某县委教育办　　　　　某某县教育局"),
        date,
        *COLOPHON,
    ),
    "a joint document without seals": (
        *both_heads,
        *HEAD[1:],
        *TITLED,
        text,
        blanks(),
        line("某某县委教育工作领导小组", align=RIGHT, right=32),
        line("某某县教育局", align=RIGHT, right=32),
        line("2024年3月5日", align=RIGHT, right=32),
        *COLOPHON,
    ),
    "a joint head in a table": (
        table(
            [
                [
                    [
                        line("某某县教育局", SONG, 28, red=True),
                        line("某某县财政局", SONG, 28, red=True),
                    ],
                    line("文件", SONG, 28, red=True),
                ]
            ]
        ),
        *HEAD[1:],
        *TITLED,
        text,
        *SIGNED,
        *COLOPHON,
    ),
    "head, number and signer in a table with a red line below": (
        table(
            [
                [line("某某县教育局", SONG, 36, red=True), line("文件", SONG, 36, red=True)],
                [line("某教发〔2024〕5号"), runs(("签发人：", FANG), ("王某某", KAI))],
            ],
            {"bottom": 12},
            "FF0000",
        ),
        blanks(2),
        asking,
        blanks(),
        to_superior,
        text,
        *SIGNED,
        *COLOPHON,
    ),
    "a signature in a table": (
        *HEAD,
        *TITLED,
        text,
        blanks(2),
        table([[line(""), [line("某某县教育局", align=CENTER), line("2024年3月5日", align=CENTER)]]]),
        *COLOPHON,
    ),
    "a typed red line": (
        head,
        blanks(2),
        line("某教发〔2024〕5号", align=CENTER),
        line("————————★————————", red=True, align=CENTER),
        blanks(2),
        *TITLED,
        text,
        *SIGNED,
        *COLOPHON,
    ),
    "an attachment in a table": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        table([[line("附件1", HEI)], [line("开学工作清单", SONG, 22, align=CENTER)]], thin_table),
        *COLOPHON,
    ),
    "who is to come, in a notice": (
        *HEAD,
        *TITLED,
        text,
        line("出席人员：各校校长，各幼儿园园长。", indent=32),
        *SIGNED,
        *COLOPHON,
    ),
    "a page that says it has no text": (*HEAD, *TITLED, text, line("（此页无正文）"), *SIGNED, *COLOPHON),
    "a number with a word in brackets": (
        head,
        blanks(2),
        bordered(line("某教发〔2024〕5号（代拟稿）", align=CENTER), "bottom", eighths=12, colour="FF0000"),
        blanks(2),
        *TITLED,
        text,
        *SIGNED,
        *COLOPHON,
    ),
    "minutes whose head takes two lines, with a number like that of a document": (
        line("某某县教育局", SONG, 36, align=CENTER, before=35, red=True),
        line("办公会议纪要", SONG, 36, align=CENTER, red=True),
        blanks(),
        line("某教纪〔2024〕5号", align=CENTER),
        blanks(),
        text,
        line("主持人：王某某"),
    ),
    "a bulletin under a head of its own": (
        line("教育督导简报", SONG, 42, align=CENTER, red=True),
        line("第3期", align=CENTER),
        bordered(line("某某县教育局办公室　　　　　　　　　2024年3月6日"), "bottom", eighths=12, colour="FF0000"),
        blanks(),
        line("各校开学工作有序", SONG, 22, align=CENTER),
        blanks(),
        text,
    ),
    "a gazette": (
        line("某某县人民政府公报", SONG, 40, align=CENTER, red=True),
        line("2024年第3期（总第30期）", align=CENTER),
        blanks(),
        line("目　录", HEI, align=CENTER),
        text,
    ),
    "an attached office that reprinted it": (
        *HEAD,
        *TITLED,
        text,
        *SIGNED,
        blanks(),
        bordered(copies, "top", eighths=8),
        bordered(printing, "top", eighths=6),
        bordered(
            bordered(line("某某中学　　　　　　　　　2024年3月8日翻印", size=14, left=14), "top", eighths=6),
            "bottom",
            eighths=8,
        ),
    ),
    "a cover whose first line is a year": (
        line("2024", SONG, 28, align=CENTER),
        line("工作总结", SONG, 22, align=CENTER),
        blanks(),
        text,
    ),
    "a joint document whose date stands below the last of three": (
        *both_heads,
        *HEAD[1:],
        *TITLED,
        text,
        blanks(2),
        line("　某某县委教育办　　　某某县教育局　　　某某县财政局"),
        line("2024年3月5日", align=RIGHT, right=32),
        *COLOPHON,
    ),
    "a table at the end whose last cell is a date": (
        *TITLED,
        text,
        blanks(2),
        authority,
        date,
        table(
            [
                [line(word) for word in row]
                for row in (("学校", "日期"), ("甲校", "2024年3月1日"), ("乙校", "2024年3月2日"))
            ]
        ),
    ),
    "a seal above the date": (*HEAD, *TITLED, text, blanks(2), authority, picture(date), *COLOPHON),
    "a colophon on a page of its own": (*HEAD, *TITLED, text, *SIGNED, page_break, *COLOPHON),
}


@pytest.mark.parametrize("kind", CONFORMING)
def test_what_conforms_in_another_way_has_no_deviation(kind: str, tmp_path: Path) -> None:
    assert deviations(made(tmp_path / "公文.docx", *CONFORMING[kind])) == ()


def told(path: Path) -> list[tuple[str, str, Basis]]:
    return [(one.item, one.clause, one.basis) for one in deviations(path)]


SAID, ASKED = Basis.STANDARD, Basis.DOUBTFUL
DEVIATING: dict[str, tuple[tuple[Make, ...], list[tuple[str, str, Basis]]]] = {
    "a signer in 仿宋": (
        (head, blanks(2), runs(("　某教发〔2024〕5号　　　签发人：王某某", FANG)), *TITLED, text, *SIGNED, *COLOPHON),
        [("签发人姓名字体", "7.2.6", SAID), ("红色分隔线", "7.2.7", SAID), ("标题位置", "7.3.1", SAID)],
    ),
    "the number of a document to a superior in the middle": (
        (
            head,
            blanks(2),
            bordered(
                runs(("　　　　某教发〔2024〕5号　　　签发人:", FANG), ("王某某", KAI)),
                "bottom",
                eighths=12,
                colour="FF0000",
            ),
            blanks(2),
            *TITLED,
            text,
            *SIGNED,
            *COLOPHON,
        ),
        [("发文字号位置", "7.2.5", SAID), ("签发人标点", "7.2.6", SAID)],
    ),
    "secrecy below urgency, in 仿宋": (
        (
            line("特急", HEI),
            line("机密★一年"),
            line("某某县教育局文件", SONG, 36, align=CENTER, before=15, red=True),
            *HEAD[1:],
            *TITLED,
            text,
            *SIGNED,
            *COLOPHON,
        ),
        [
            ("密级和保密期限字体", "7.2.2", SAID),
            ("密级和保密期限写法", "7.2.2", SAID),
            ("密级和保密期限位置", "7.2.3", SAID),
        ],
    ),
    "urgency of 四号, centred": (
        (
            line("加急", HEI, 14, align=CENTER),
            line("某某县教育局文件", SONG, 36, align=CENTER, before=25, red=True),
            *HEAD[1:],
            *TITLED,
            text,
            *SIGNED,
            *COLOPHON,
        ),
        [("紧急程度字号", "7.2.3", SAID), ("紧急程度位置", "7.2.3", SAID)],
    ),
    "an order without a number, too low": (
        (line("某某县人民政府令", SONG, 36, align=CENTER, before=35, red=True), blanks(2), text, *SIGNED),
        [("发文机关标志位置", "10.2", SAID), ("令号", "10.2", SAID)],
    ),
    "figures above a document without a head": (
        (
            line("000001", size=14),
            line("机密"),
            *TITLED,
            text,
            line("某某县教育局　　2024年3月5日", align=RIGHT, right=64),
        ),
        [("密级和保密期限字体", "7.2.2", Basis.ANALOGY)],
    ),
    "minutes whose list is in one face": (
        (minutes_head, blanks(), text, blanks(), line("出席：王某某、李某某。", HEI, indent=32)),
        [("出席人员名单字体", "10.3", SAID)],
    ),
    "a black second head": (
        (
            both_heads[0],
            line("某某县教育局文件", SONG, 28, align=CENTER),
            *HEAD[1:],
            *TITLED,
            text,
            *SIGNED,
            *COLOPHON,
        ),
        [("发文机关标志颜色", "7.2.4", SAID)],
    ),
    "a note without brackets": (
        (*HEAD, *TITLED, text, *SIGNED, line("联系人：王某某，电话：0000-0000000", indent=32), *COLOPHON),
        [("附注写法", "7.3.6", SAID)],
    ),
    "a note at the edge": (
        (*HEAD, *TITLED, text, *SIGNED, line("（此件公开发布）"), *COLOPHON),
        [("附注位置", "7.3.6", SAID)],
    ),
    "no rule between copies and printing": (
        (*HEAD, *TITLED, text, *SIGNED, ruled_blank(8), copies, printing, ruled_blank(8)),
        [("中间的分隔线", "7.4.1", SAID)],
    ),
    "thin first rule of a blank paragraph, none last": (
        (*HEAD, *TITLED, text, *SIGNED, ruled_blank(4), copies, ruled_blank(6), printing),
        [("首条分隔线", "7.4.1", SAID), ("末条分隔线", "7.4.1", SAID)],
    ),
    "two rules drawn of three": (
        (*HEAD, *TITLED, text, *SIGNED, drawn_line(), copies, printing, drawn_line()),
        [("版记分隔线", "7.4.1", ASKED)],
    ),
    "a table with one thin rule too thick": (
        (*HEAD, *TITLED, text, *SIGNED, table([[copies], [printing]], {"top": 8, "bottom": 8, "insideH": 12})),
        [("中间的分隔线", "7.4.1", SAID)],
    ),
    "copies of two lines without a full stop": (
        (
            *HEAD,
            *TITLED,
            text,
            *SIGNED,
            bordered(line("抄送：县政府办公室，", size=14, left=14), "top", eighths=8),
            line("县委编办", size=14, left=56),
            bordered(bordered(printing, "top", eighths=6), "bottom", eighths=8),
        ),
        [("抄送机关标点", "7.4.2", SAID)],
    ),
    "authority and date on one line below a head": (
        (*HEAD, *TITLED, text, blanks(), line("某某县教育局　　2024年3月5日", align=RIGHT, right=64), *COLOPHON),
        [("成文日期位置", "7.3.5.1", ASKED)],
    ),
    "a joint document whose date is at the edge": (
        (
            *both_heads,
            *HEAD[1:],
            *TITLED,
            text,
            blanks(2),
            line("　　　某某县委教育办　　　　　某某县教育局"),
            line("2024年3月5日", align=RIGHT),
            *COLOPHON,
        ),
        [("成文日期位置", "7.3.5.1", SAID)],
    ),
    "a signature in a table, in 黑体": (
        (
            *HEAD,
            *TITLED,
            text,
            table([[line(""), [line("某某县教育局", HEI), line("2024年03月05日")]]]),
            *COLOPHON,
        ),
        [("成文日期写法", "7.3.5.4", SAID), ("发文机关署名字体", "5.2.2", SAID)],
    ),
    "a black line below the head in a table": (
        (
            table([[line("某某县教育局文件", SONG, 36, red=True)], [line("某教发[2024]5号")]], {"bottom": 12}),
            blanks(2),
            *TITLED,
            text,
            *SIGNED,
            *COLOPHON,
        ),
        [("发文字号写法", "7.2.5", SAID), ("红色分隔线颜色", "7.2.7", SAID)],
    ),
    "neither 印发 nor a signature of its own": (
        (
            *HEAD,
            *TITLED,
            text,
            *SIGNED,
            bordered(copies, "top", eighths=8),
            bordered(
                bordered(line("某某县教育局办公室　　2024年3月5日", size=14, left=14), "top", eighths=6),
                "bottom",
                eighths=8,
            ),
        ),
        [("印发日期写法", "7.4.3", SAID)],
    ),
}


@pytest.mark.parametrize("kind", DEVIATING)
def test_what_deviates_in_such_a_document_is_found_and_nothing_else(kind: str, tmp_path: Path) -> None:
    parts, expected = DEVIATING[kind]
    assert sorted(told(made(tmp_path / "公文.docx", *parts))) == sorted(expected)


# Text boxes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((boxed("某某县教育局文件"), blanks(6), *HEAD[2:], *TITLED, text, *SIGNED, *COLOPHON), ["发文机关标志"]),
        (
            (boxed("某某县教育局文件", "某教发〔2024〕5号"), blanks(6), *TITLED, text, *SIGNED, *COLOPHON),
            ["发文机关标志", "发文字号"],
        ),
        (
            (*HEAD, *TITLED, text, *SIGNED, boxed("抄送：县政府办公室。", "某某县教育局办公室　2024年3月5日印发")),
            ["版记"],
        ),
        ((*HEAD, *TITLED, text, boxed("某某县教育局", "2024年3月5日"), *COLOPHON), ["发文机关署名", "成文日期"]),
        ((*HEAD, *TITLED, text, boxed("填报说明"), *SIGNED, *COLOPHON), ["文本框"]),
        ((in_header("某某县教育局文件"), blanks(6), *HEAD[2:], *TITLED, text, *SIGNED, *COLOPHON), ["发文机关标志"]),
        ((picture(line("")), blanks(6), *HEAD[2:], *TITLED, text, *SIGNED, *COLOPHON), ["发文机关标志"]),
    ],
)
def test_what_stands_in_a_text_box_is_not_read_and_never_missing(
    parts: tuple[Make, ...], expected: list[str], tmp_path: Path
) -> None:
    found = deviations(made(tmp_path / "公文.docx", *parts))
    assert sorted(one.item for one in found) == sorted(expected)
    assert {(one.found, one.basis, one.judged) for one in found} == {("没有读", Basis.UNREAD, False)}


def test_a_text_box_with_something_else_does_not_stand_for_a_missing_part(tmp_path: Path) -> None:
    found = deviations(made(tmp_path / "公文.docx", *HEAD, *TITLED, text, *SIGNED, boxed("填报说明")))
    assert [(one.item, one.basis) for one in found] == [("版记", SAID), ("文本框", Basis.UNREAD)]


# Numbers of headings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "font", "found", "asked"),
    [
        ("2．按时报送。", FANG, "2．（全角圆点“．”）", "2.（半角圆点“.”）"),
        ("三，工作要求", HEI, "三，", "三、"),
        ("(二)报送材料", KAI, "(二)", "（二）"),
        ("(12)其他事项。", FANG, "(12)", "（12）"),
    ],
)
def test_of_a_number_of_a_heading_the_mark_is_named(
    written: str, font: str, found: str, asked: str, tmp_path: Path
) -> None:
    parts = (*HEAD, *TITLED, line(written, font, indent=32), *SIGNED, *COLOPHON)
    (one,) = deviations(made(tmp_path / "公文.docx", *parts))
    assert (one.item, one.found, one.asked) == ("层次序号", found, asked)


@pytest.mark.parametrize(
    ("written", "found", "asked"),
    [
        ("附件：1．任务分工表", "1．（全角圆点“．”）", "1.（半角圆点“.”）"),
        ("附件：2、联系人名单", "2、", "2."),
        ("附件：12．评分表", "12．（全角圆点“．”）", "12.（半角圆点“.”）"),
    ],
)
def test_of_the_number_of_an_attachment_the_mark_is_named_and_the_number_stays(
    written: str, found: str, asked: str, tmp_path: Path
) -> None:
    parts = (*HEAD, *TITLED, text, line(""), line(written, FANG, indent=32), *SIGNED, *COLOPHON)
    (one,) = (each for each in deviations(made(tmp_path / "公文.docx", *parts)) if each.item == "附件说明序号")
    assert (one.found, one.asked) == (found, asked)


# Alignment ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("align", "found"), [(RIGHT, "居右"), (CENTER, "居中")])
def test_a_paragraph_that_fills_a_line_is_set_from_the_left(align: object, found: str, tmp_path: Path) -> None:
    words = "各单位要高度重视，认真组织实施，确保各项措施落实到位，遇有重要情况及时报告，并于月底前报送书面材料。"
    parts = (*HEAD, *TITLED, text, line(words, FANG, align=align, indent=32), text, *SIGNED, *COLOPHON)
    (one,) = deviations(made(tmp_path / "公文.docx", *parts))
    assert (one.item, one.found, one.clause) == ("段落对齐", found, "7.3.3")


# Time -----------------------------------------------------------------------------------------------------------------


def seconds(path: Path) -> float:
    """The processor's time that a check takes: other work on the machine does not count."""
    start = time.process_time()
    deviations(path)
    return time.process_time() - start


def test_four_times_the_deviating_paragraphs_take_four_times_as_long(tmp_path: Path) -> None:
    def long(count: int) -> Path:
        def many(document: object) -> None:
            first = line("请各校按时报送。", "宋体", 15)(document)._p
            for _ in range(count - 1):
                first.addnext(first.__copy__())

        return made(tmp_path / f"{count}.docx", *HEAD, *TITLED, many, *SIGNED, *COLOPHON)

    found = deviations(long(20_000))
    assert {"正文字体", "正文字号", "段落缩进"} <= {one.item for one in found}
    assert all("等20000处" in one.place for one in found if one.item == "正文字号")
    assert seconds(long(20_000)) < 8 * seconds(long(5_000)), "by the square it were 16 times"


def test_four_times_the_rows_of_a_table_take_four_times_as_long(tmp_path: Path) -> None:
    def long(count: int) -> Path:
        def many(document: object) -> None:
            words = ("1", "某某小学", "消防器材过期", "整改中")
            row = table([[line(word) for word in words]], thin_table)(document)._tbl.tr_lst[0]
            for _ in range(count - 1):
                row.addnext(row.__copy__())

        return made(tmp_path / f"{count}.docx", *HEAD, *TITLED, text, *SIGNED, many)

    assert seconds(long(20_000)) < 8 * seconds(long(5_000)), "by the square it were 16 times"
