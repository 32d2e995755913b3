"""Templates damaged on purpose: copies of the shipped ones, changed as clerks, word processors and attackers change them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.document import Document as Opened
from docx.text.paragraph import Paragraph

from pipeline.run.templates import FOLDER

LIST, SUMMARY = "整改清单", "月度工作总结"
END = {LIST: "正文第4段", SUMMARY: "正文第186段"}
"""The place of a paragraph added below the last."""
Edit = Callable[[Opened], object]


def edited(folder: Path, template: str, *edits: Edit) -> Path:
    """A copy of a shipped template with changes that Word or WPS could make."""
    document = Document(str(FOLDER / f"{template}.docx"))
    for edit in edits:
        edit(document)
    path = folder / f"{template}.docx"
    document.save(str(path))
    return path


def added(*texts: str) -> Edit:
    """Paragraphs below the last, each text one."""
    return lambda document: [document.add_paragraph(text) for text in texts]


def added_in_runs(*runs: str) -> Edit:
    """A paragraph below the last, its text in several runs with their own formats."""

    def add(document: Opened) -> None:
        paragraph = document.add_paragraph()
        for number, run in enumerate(runs):
            paragraph.add_run(run).bold = number % 2 == 0

    return add


def changed(old: str, new: str) -> Edit:
    """The first paragraph or cell that holds the old text, with the new text instead."""

    def change(document: Opened) -> None:
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        for paragraph in [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]:
            if old in paragraph.text:
                _write(paragraph, paragraph.text.replace(old, new, 1))
                return
        raise LookupError(old)

    return change


def _write(paragraph: Paragraph, text: str) -> None:
    first, *others = paragraph.runs
    first.text = text
    for run in others:
        run.text = ""


def dropped(number: int) -> Edit:
    """Without a paragraph, counted from 1."""
    return lambda document: (
        document.paragraphs[number - 1]._element.getparent().remove(document.paragraphs[number - 1]._element)
    )


def dropped_row(number: int) -> Edit:
    """Without a row of the first table, counted from 1."""
    return lambda document: document.tables[0]._tbl.remove(document.tables[0].rows[number - 1]._tr)


def in_cell(row: int, column: int, *texts: str) -> Edit:
    """A cell of the first table with other paragraphs; rows and columns counted from 1."""

    def write(document: Opened) -> None:
        cell = document.tables[0].rows[row - 1].cells[column - 1]
        cell.text = texts[0]
        for text in texts[1:]:
            cell.add_paragraph(text)

    return write


def with_table(*rows: str) -> Edit:
    """A table below the last paragraph, of one column."""

    def add(document: Opened) -> None:
        table = document.add_table(len(rows), 1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text

    return add


def in_header(text: str) -> Edit:
    return lambda document: document.sections[0].header.paragraphs[0].add_run(text)


def in_footer(text: str) -> Edit:
    return lambda document: document.sections[0].footer.paragraphs[0].add_run(text)


def titled(text: str) -> Edit:
    return lambda document: setattr(document.core_properties, "title", text)


def rewritten(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The package with one part changed, or added (from b"")."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in parts.items():
            package.writestr(each, content)
    return path


@dataclass(frozen=True)
class Damage:
    """A change to a template, and the fault that must be reported, by place and words; nothing else may be."""

    name: str
    template: str
    edit: Edit
    place: str
    words: str

    def __str__(self) -> str:
        return self.name


def at_the_end(name: str, text: str, words: str, template: str = LIST) -> Damage:
    return Damage(name, template, added(text), END[template], words)


DAMAGES = [
    # Variables
    at_the_end("a misspelt variable", "{{ 范为 }}", "没有“范为”这个变量，是否应为“范围”"),
    at_the_end("a variable of another template", "{{ 主送机关 }}", "没有“主送机关”这个变量"),
    at_the_end("a misspelt part", "{{ 队伍建社.情况 }}", "没有“队伍建社”这个变量，是否应为“队伍建设”", SUMMARY),
    at_the_end("a misspelt condition", "{% if 逾期书 %}有{% endif %}", "没有“逾期书”这个变量，是否应为“逾期数”"),
    Damage("a field of a row", LIST, changed("行.责任单位", "行.责任单味"), "表1第4行第5格第1段", "“行”里没有“责任单味”这个变量，是否应为“责任单位”"),
    Damage("a list", LIST, changed("for 行 in 问题", "for 行 in 问提"), "表1第2行第1格第1段", "没有“问提”这个变量，是否应为“问题”"),
    Damage("a row's name", LIST, changed("{{ 行.学校 }}", "{{ 航.学校 }}"), "表1第4行第2格第1段", "没有“航”这个变量"),
    Damage("a variable in a header", LIST, in_header("{{ 范唯 }}"), "页眉第1段", "没有“范唯”这个变量"),
    Damage("a variable in a footer", LIST, in_footer("{{ 范唯 }}"), "页脚1第1段", "没有“范唯”这个变量"),
    Damage("a variable in the title", LIST, titled("{{ 范唯 }}"), "文档属性“标题”", "没有“范唯”这个变量"),
    Damage("curled quotes in the title", LIST, titled("{% if 范围 == “甲” %}甲{% endif %}"), "文档属性“标题”", "中文引号，不起作用"),
    at_the_end("the first of a list by set", "{% if 问题 %}{% set 首 = 问题[0] %}{{ 首.学笑 }}{% endif %}", "“首”里没有“学笑”这个变量"),
    at_the_end("an attribute in a filter", "{{ 问题|map(attribute='学笑')|顿号 }}", "没有“学笑”这个变量，是否应为“学校”"),
    at_the_end("the first of what may be empty", "{% set 首 = 问题|first %}", "“问题”为空时会出错"),
    at_the_end("a row outside of its loop", "{{ 行.学校 }}", "没有“行”这个变量"),
    at_the_end("loop outside of a loop", "{{ loop.index }}", "“loop”只能用在循环里"),
    # What is printed, and where
    at_the_end("an absent fact", "{{ 主送机关 }}", "要印“主送机关”，但没有这项内容时会出错，请加上条件：{% if 主送机关 %}", SUMMARY),
    at_the_end("an absent fact of a row", "{% for 行 in 问题 %}{{ 行.销号日期|日期 }}{% endfor %}", "要印“行.销号日期”"),
    at_the_end("a part of an absent part", "{{ 队伍建设.段落|逐条 }}", "要印“队伍建设”", SUMMARY),
    at_the_end("an absent fact under another condition", "{% if 导语 %}{{ 主送机关 }}{% endif %}", "要印“主送机关”", SUMMARY),
    at_the_end("an absent fact in the else", "{% if 导语 %}{{ 导语 }}{% else %}{{ 导语 }}{% endif %}", "要印“导语”", SUMMARY),
    Damage("a condition taken away", SUMMARY, lambda document: [dropped(6)(document), dropped(4)(document)], "正文第4段", "要印“主送机关”"),
    at_the_end("a list printed", "{{ 问题 }}", "“问题”是列表，不能直接印"),
    at_the_end("a group printed", "{% if 专项督导 %}{{ 专项督导 }}{% endif %}", "“专项督导”是一组内容", SUMMARY),
    at_the_end("yes or no printed", "{% for 行 in 问题 %}{{ 行.逾期 }}{% endfor %}", "只有“是”和“否”，不能印"),
    at_the_end("a date printed bare", "{{ 制表日期 }}", "请写成“制表日期|日期”"),
    at_the_end("a field of a list", "{{ 问题.学校 }}", "“问题”是列表，不能直接取“学校”"),
    at_the_end("a loop over a number", "{% for 行 in 年份 %}{% endfor %}", "“年份”是数字，不是列表，不能循环"),
    at_the_end("text and number compared", "{% if 年份 > 范围 %}大{% endif %}", "数字和文字不能比较大小"),
    at_the_end("a number that is to equal a text", "{% if 年份 == '2023' %}甲{% endif %}", "数字和文字永远不会相等"),
    at_the_end("a date that is not to equal a text", "{% if 制表日期 != '2023-08-31' %}甲{% endif %}", "文字和日期永远不会相等"),
    # Filters and arithmetic
    at_the_end("a misspelt filter", "{{ 制表日期|月曰 }}", "没有“月曰”这个过滤器，是否应为“月日”"),
    at_the_end("a filter for lists on text", "{{ 范围|顿号 }}", "过滤器“顿号”用于文字的列表，“范围”是文字"),
    at_the_end("a filter for dates on a number", "{{ 年份|日期 }}", "过滤器“日期”用于日期，“年份”是数字"),
    at_the_end("a filter that unescapes", "{{ 范围|safe }}", "不能用过滤器“safe”"),
    at_the_end("a misspelt test", "{% if 逾期数 is 友 %}有{% endif %}", "“is 友”不能用"),
    at_the_end("a sum", "{{ 合计 + 1 }}", "模板不做计算"),
    at_the_end("a difference in a condition", "{% if 合计 - 逾期数 > 0 %}有{% endif %}", "模板不做计算"),
    at_the_end("counting", "{{ 问题|length }}", "模板不做计算，不能用“length”"),
    at_the_end("adding up", "{{ 各状态|sum(attribute='数量') }}", "模板不做计算，不能用“sum”"),
    at_the_end("text joined to text", "{{ 范围 ~ 年份 }}", "模板里不拼接文字"),
    # What the word processor makes of tags
    at_the_end("full-width braces", "｛｛ 范围 ｝｝", "“｛｝”是全角符号，在标记里不起作用，请改成半角的“{}”"),
    at_the_end("a full-width condition", "｛％ if 逾期数 ％｝有｛％ endif ％｝".replace("｛％ endif ％｝", "{% endif %}"), "“｛％｝”是全角符号"),
    at_the_end("a full-width end", "{{ 范围 ｝｝", "“｝”是全角符号"),
    at_the_end("a full-width bar", "{{ 制表日期｜日期 }}", "“｜”是全角符号，在标记里不起作用，请改成半角的“|”"),
    at_the_end("a Chinese full stop", "{% for 行 in 问题 %}{{ 行。学校 }}{% endfor %}", "“。”是全角符号"),
    Damage("full-width braces in runs", LIST, added_in_runs("前｛", "｛ 范", "围", " ｝", "｝后"), END[LIST], "“｛｝”是全角符号"),
    at_the_end("curled quotes", "{% if 范围 == “甲” %}甲{% endif %}", "能用，但最好改成英文引号"),
    at_the_end("a capital letter", "{% If 逾期数 %}有{% endif %}", "“If”不是模板的用语，是否应为“if”"),
    at_the_end("an invisible character", "{{ 范\u200b围 }}", "有看不见的字符"),
    Damage("a tag in two paragraphs", LIST, added("{{ 范", "围 }}"), END[LIST], "这个标记被分到了两段"),
    # Brackets, keywords, pairs
    at_the_end("a tag without its end", "共{{ 合计", "标记“{{”没有结尾，请在后面补上“}}”"),
    at_the_end("half an end", "{{ 范围 }", "标记两头的括号不配对，请写成“{{ 范围 }}”"),
    at_the_end("half a beginning", "{ 范围 }}", "标记两头的括号不配对，请写成“{{ 范围 }}”"),
    at_the_end("a condition without its percent", "{% if 逾期数 }有{% endif %}", "请写成“{% if 逾期数 %}”"),
    at_the_end("a condition as a variable", "{{ if 逾期数 }}有{% endif %}", "请写成“{% if 逾期数 %}”"),
    at_the_end("a variable as a statement", "{% 范围 %}", "要印变量请写成“{{ 范围 }}”"),
    at_the_end("single braces", "{范围}", "单个花括号不是标记"),
    at_the_end("a leftover", "范围 }}", "“}}”没有与它配对的另一半"),
    at_the_end("an empty tag", "{{ }}", "标记是空的"),
    at_the_end("a condition without its end", "{% if 逾期数 %}有", "没有结尾，请在该结束的地方加上“{% endif %}”"),
    Damage("a loop without its end", SUMMARY, dropped(18), "正文第16段", "没有结尾，请在该结束的地方加上“{%p endfor %}”"),
    Damage("an end without its condition", SUMMARY, dropped(8), "正文第9段", "前面没有与“endif”配对的"),
    at_the_end("an end alone", "有{% endif %}", "前面没有与“endif”配对的"),
    at_the_end("another end", "{% for 行 in 问题 %}{{ 行.学校 }}{% endif %}", "请把“endif”改成“endfor”"),
    at_the_end("a misspelt end", "{% if 逾期数 %}有{% ednif %}", "“ednif”不是模板的用语，是否应为“endif”"),
    at_the_end("an end in two words", "{% if 逾期数 %}有{% end if %}", "“end if”不是模板的用语，是否应为“endif”"),
    at_the_end("an equals sign", "{% if 逾期数 = 1 %}有{% endif %}", "判断相等要写两个等号“==”"),
    at_the_end("a condition without its fact", "{% if %}有{% endif %}", "标记没有写完"),
    at_the_end("a loop without in", "{% for 问题 %}有{% endfor %}", "循环要写成"),
    at_the_end("two elses", "{% if 逾期数 %}有{% else %}无{% else %}无{% endif %}", "前面没有与“else”配对的"),
    at_the_end("two names side by side", "{{ 范围 年份 }}", "“年份”前面多了空格"),
    # Paragraphs, rows and cells
    Damage("a loop of rows without its end", LIST, dropped_row(8), "表1第2行第1格第1段", "没有结尾，请在该结束的地方加上“{%tr endfor %}”"),
    Damage("text beside a row's tag", LIST, in_cell(2, 3, "第一行"), "表1第2行第1格第1段", "这个标记会占去整个表格行，旁边的“第一行”印不出来"),
    at_the_end("a tag that shapes cells", "{% colspan 2 %}", "模板里不能用“colspan”"),
    at_the_end("an ampersand in a tag", '{% if 范围 == "A & B" %}甲{% endif %}', "标记里不能写“&”"),
    Damage("a paragraph's tags in one paragraph", LIST, added("{%p if 逾期数 %}{%p endif %}"), END[LIST], "在同一段"),
    Damage("a space before tr", LIST, in_cell(2, 1, "{% tr for 行 in 问题 %}"), "表1第2行第1格第1段", "中间不留空格"),
    Damage("tags that differ", SUMMARY, changed("{%p endif %}", "{% endif %}"), "正文第6段", "写法不一致"),
    at_the_end("a tag for rich text", "{{r 范围 }}", "这种写法印不出文字，请写成“{{ 范围 }}”"),
    Damage("a cell that may be left without a paragraph", LIST, in_cell(4, 9, "{%p if 行.销号日期 %}", "{{ 行.销号日期|日期 }}", "{%p endif %}"), "表1第4行第9格第1段", "不成立时，这一格会空得连一段都没有"),
    Damage("a table that may be left without a row", LIST, with_table("{%tr for 行 in 问题 %}", "{{ 行.学校 }}", "{%tr endfor %}"), "表2第1行第1格第1段", "没有内容时，这张表会一行也不剩"),
    # What may not be
    at_the_end("a private name", "{{ 范围.__class__ }}", "模板里不能用“__class__”"),
    at_the_end("a private name as an item", "{{ 范围['__class__'] }}", "模板里不能用“__class__”"),
    at_the_end("a method", "{{ 范围.upper() }}", "模板里不能用“upper(……)”"),
    at_the_end("a giant loop", "{% for 数 in range(10**9) %}长{% endfor %}", "模板里不能用“range(……)”"),
    at_the_end("a giant text", "{{ 范围|center(1000000000) }}", "不能用过滤器“center”"),
    at_the_end("a list within itself", "{% for 甲 in 问题 %}{% for 乙 in 问题 %}长{% endfor %}{% endfor %}", "“问题”在自己的循环里又循环一遍"),
    at_the_end("loops in loops", "{% for 甲 in [] %}" * 5 + "{% endfor %}" * 5, "循环套得太深，超过 4 层"),
    at_the_end("conditions in conditions", "{% if 逾期数 %}" * 200 + "{% endif %}" * 200, "套得太深，超过 20 层"),
    at_the_end("a loop that calls itself", "{% for 行 in 问题 recursive %}长{% endfor %}", "循环要写成"),
    at_the_end("a macro", "{% macro 长() %}长{% endmacro %}", "模板里不能用“macro”"),
    at_the_end("an include", '{% include "其他.docx" %}', "模板里不能用“include”"),
    at_the_end("escaping turned off", "{% autoescape false %}{{ 范围 }}{% endautoescape %}", "模板里不能用“autoescape”"),
    at_the_end("raw text", "{% raw %}甲{% endraw %}", "模板里不能用“raw”"),
    at_the_end("brackets without end", "{{ " + "(" * 3000 + " }}", "太长或写法有误"),
    at_the_end("a number without end", "{{ " + "9" * 9000 + " }}", "太长或写法有误"),
]  # fmt: skip


def deleted_by_a_reviser(path: Path) -> Path:
    """A tracked deletion that holds a tag, below the last paragraph."""
    deletion = b'<w:p><w:del w:id="9" w:author="x"><w:r><w:delText>{{ \xe8\x8c\x83\xe5\x9b\xb4 }}</w:delText></w:r></w:del></w:p>'
    return rewritten(path, "word/document.xml", lambda xml: re.sub(b"(<w:sectPr)", deletion + rb"\1", xml, count=1))
