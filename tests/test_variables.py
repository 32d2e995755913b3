"""变量说明.md: it matches the contexts, has every variable, and its samples print what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import nodes
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pipeline.cli.verbs import main
from pipeline.documents.catalogue import templated
from pipeline.documents.context import Context, Paragraphs, said
from pipeline.documents.parts import MeetingContext
from pipeline.documents.reference import manual, primer
from pipeline.documents.reference.vocabulary import Variable, VariableKind, VocabularyEntry, items, variables
from pipeline.documents.summaries import SummaryContext
from pipeline.dossier.figures import Absent, Figure, How
from pipeline.errors import PipelineError
from pipeline.forms.office import Meeting
from pipeline.word.rendering.environment import FILTERS, environment
from pipeline.word.rendering.template import render
from tests.support.reading import EXAMPLE, lines

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "input_templates" / manual.NAME
TEXT = PAGE.read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "input_templates" / "word").glob("*.docx"))
EDITING, VOCABULARY = TEXT.split("\n## 第二部分：")
TREE = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(TEXT))


# The page and its verb -----------------------------------------------------------------------------------------------


def test_the_verb_writes_the_page_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["variables", str(tmp_path / "说明"), "--example", str(EXAMPLE)]) == 0
    assert (tmp_path / "说明" / manual.NAME).read_bytes() == PAGE.read_bytes()
    assert manual.NAME in capsys.readouterr().out, "make guide"


def test_make_guide_writes_both_pages_for_clerks() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nguide:")[1].split("\n\n")[0]
    assert "$(RUN) guide docs" in recipe
    assert f"$(RUN) variables input_templates --example input/{EXAMPLE.name}" in recipe


def test_a_page_that_cannot_be_written_is_reported_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "文件").touch()
    assert main(["variables", str(tmp_path / "文件"), "--example", str(EXAMPLE)]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_a_month_that_is_not_there_or_names_no_office_is_reported_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["variables", str(tmp_path), "--example", str(tmp_path / "没有")]) == 2
    assert "错误：" in capsys.readouterr().err
    monkeypatch.setattr("pipeline.run.describing.build_dossier", lambda *_: None)
    assert main(["variables", str(tmp_path), "--example", str(EXAMPLE)]) == 2
    assert "不能从中取示例" in capsys.readouterr().err
    assert not (tmp_path / manual.NAME).exists()


# Markdown ------------------------------------------------------------------------------------------------------------


def words(node: SyntaxTreeNode) -> str:
    """The text of a node, as a reader sees it."""
    if node.type in ("text", "code_inline"):
        return node.content
    return "".join(words(child) for child in node.children)


def tables(tree: SyntaxTreeNode) -> Iterator[list[list[str]]]:
    for table in tree.walk():
        if table.type == "table":
            yield [[words(cell) for cell in row.children] for part in table.children for row in part.children]


HEADINGS = [words(node) for node in TREE.walk() if node.type == "heading"]
DESCRIBED = [row for table in tables(TREE) if table[0][0] == "变量" for row in table[1:]]


def test_every_line_of_a_table_has_a_cell_for_each_heading() -> None:
    source = [line for line in TEXT.splitlines() if line.startswith("|")]
    shown = sum(len(table) + 1 for table in tables(TREE))
    assert shown == len(source)
    for table in tables(TREE):
        assert {len(row) for row in table} == {len(table[0])}


def test_every_heading_is_unique_and_every_link_leads_somewhere() -> None:
    assert len(set(HEADINGS)) == len(HEADINGS)
    anchors = {manual.anchor(heading) for heading in HEADINGS}
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 40
    for link in links:
        assert link[1:] in anchors if link.startswith("#") else (PAGE.parent / link).exists(), link


def test_marks_of_markdown_in_an_example_are_shown_as_they_are() -> None:
    class Marked(Context):
        """One text."""

        text: str = said("文字", "带 | 和 * 的文字")

    value = "a|b *c* _d_ <e> `f` [g](h) ~i~ $j$ &amp; \\k"
    page = manual._VariableSections([VocabularyEntry("甲", Marked, (), ({"文字": value},))], FILTERS)
    (table,) = tables(SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse("\n".join(page.parts()))))
    assert table[1][1] == "带 | 和 * 的文字"
    assert table[1][3] == value[: manual.LONGEST_EXAMPLE] + "……"


# The variables -------------------------------------------------------------------------------------------------------


def path_of(written: str) -> str:
    """The path in a tag: {{ 甲.乙|日期 }}, {% if 甲 %}, {% for 项 in 甲.乙 %}."""
    bare = re.sub(r"\{%p? ?(?:for \w+ in|if)|\{\{|\}\}|%\}", "", written)
    return bare.split("|")[0].strip()


ROWS = {path_of(row[0]): row for row in DESCRIBED}
LOOPS = {path_of(row[0]): re.findall(r"for (\w+) in", row[0])[0] for row in DESCRIBED if "{% for" in row[0]}


def declared(context: type[Context], prefix: str = "") -> Iterator[tuple[str, str, bool]]:
    """Every path of a context, its meaning, and whether it may be absent; independent of the generator's own walk."""
    types = get_type_hints(context)
    for one in fields(context):  # type: ignore[arg-type]
        path = f"{prefix}{one.metadata['label']}"
        parts = get_args(types[one.name])
        absent = type(None) in parts
        yield path, one.metadata["meaning"], absent
        inner = next(
            (part for part in (types[one.name], *parts) if isinstance(part, type) and issubclass(part, Context)), None
        )
        if inner is not None:
            listed = isinstance(types[one.name], type(list[int]))
            yield from declared(inner, f"{inner.item_name if listed else path}.")


@pytest.mark.parametrize("document", templated(), ids=lambda document: document.name)
def test_every_variable_stands_in_the_page_with_a_meaning_a_kind_and_an_example(document: Any) -> None:
    section = VOCABULARY.split(f"\n### 《{document.template}》\n")[1]
    assert f"(word/{document.template}.docx)" in section
    found = list(declared(document.context))
    assert found
    meanings = {(path_of(row[0]), row[1]) for row in DESCRIBED}
    for path, meaning, absent in found:
        assert (path, meaning) in meanings
        row = next(row for row in DESCRIBED if (path_of(row[0]), row[1]) == (path, meaning))
        assert row[2] in list(VariableKind)
        assert row[3].strip()
        assert (row[4] == "是") is absent


def test_a_meaning_says_more_than_the_name() -> None:
    assert [row[0] for row in DESCRIBED if row[1] == path_of(row[0]).split(".")[-1]] == []


def test_examples_are_taken_from_the_month() -> None:
    assert ROWS["制表日期"][3] == "2023年8月31日"
    assert ROWS["队伍建设.情况.责任区现有数"][3] == "10"
    assert ROWS["督导.检查日期"][3] == "8月4日、5日、9日、10日"
    assert ROWS["队伍建设.情况.新到人员"][3] == "吕仕生、邵凤平"
    assert ROWS["督导.筹备中"][3] == "是"


def test_without_a_month_every_variable_has_an_example_all_the_same() -> None:
    found = items([VocabularyEntry("总结", SummaryContext, (), ())])
    plain = [v for item in found for v in item.variables() if v.kind not in (VariableKind.GROUP, VariableKind.ITEMS)]
    assert len(plain) > 60
    assert all(manual.example(variable, FILTERS) for variable in plain)


def test_an_example_that_the_month_lacks_is_that_of_the_form() -> None:
    chair = next(variable for variable in variables(MeetingContext, ()) if variable.label == "主持人")
    column = next(column for column in Meeting.columns() if column.label == "主持人")
    assert manual.example(chair, FILTERS) == column.example


def test_lists_and_groups_are_written_with_their_loops_and_paths() -> None:
    assert ROWS["专项督导.各项督导"][0] == "{% for 督导 in 专项督导.各项督导 %}"
    assert ROWS["督导.自查报告.应报数"][0] == "{{ 督导.自查报告.应报数 }}"
    assert ROWS["制表日期"][0] == "{{ 制表日期|日期 }}"
    assert ROWS["未报责任区"][0] == "{{ 未报责任区|顿号 }}"
    assert ROWS["存在不足"][0] == "{%p for 段 in 存在不足 %}"
    assert ROWS["行.逾期"][0] == "{% if 行.逾期 %}"


def test_a_context_that_several_lists_hold_is_reported_once_with_all_its_loops() -> None:
    assert TEXT.count("\n| `{{ 会.地点 }}` |") == 1
    meeting = VOCABULARY.split("\n#### 循环里的“会”（会议）\n")[1].split("\n#### ")[0]
    assert "《月度工作总结》 `{% for 会 in 督导.会议 %}`" in meeting
    assert "（写在“督导”的循环里面）" in meeting
    assert "《月度工作总结》 `{% for 会 in 会议培训.各次 %}`" in meeting
    shared = VOCABULARY.split("\n### 几份模板共用的循环\n")[1]
    assert "《整改清单》 `{% for 类 in 各状态 %}`" in shared


class Leaf(Context, title="叶", item="叶"):
    """An item of a list that contains its like."""

    day: date = said("某日")
    more: list[Leaf] = said("下级")


class Branch(Context):
    """One variable of each kind."""

    days: list[date] = said("各日")
    paragraphs: Paragraphs = said("各段")
    leaf: Leaf | None = said("一叶")
    leaves: list[Leaf] = said("各叶")
    rate: Figure[Decimal] | None = said("比率")


def test_kinds_follow_from_the_types_and_a_context_within_itself_ends() -> None:
    told = {"各日": [], "各段": [], "一叶": Absent("一叶"), "各叶": [], "比率": Figure(Decimal(0), "", How.TAKEN)}
    entry = VocabularyEntry("甲", Branch, (), (told,))
    kinds = {variable.label: variable.kind for variable in entry.variables()}
    assert kinds == dict(
        zip(
            kinds,
            (VariableKind.DAYS, VariableKind.PARAGRAPHS, VariableKind.GROUP, VariableKind.ITEMS, VariableKind.NUMBER),
            strict=True,
        )
    )
    (leaf,) = items([entry])
    assert [loop.over.path for loop in leaf.loops] == ["一叶.下级", "各叶"]
    rate = entry.variables()[-1]
    assert manual.example(rate, FILTERS) == "0"


def test_a_type_that_clerks_have_no_word_for_is_refused_by_name() -> None:
    class Odd(Context):
        """A context with bytes."""

        content: bytes = said("内容")

    with pytest.raises(TypeError, match="内容"):
        variables(Odd, ())


# Tags ----------------------------------------------------------------------------------------------------------------


def used(node: nodes.Node, named: Mapping[str, str | None]) -> Iterator[str]:
    """The paths that a template uses, under the page's names; named: the surrounding loops' names for their items."""
    if isinstance(node, nodes.For):
        over = described(node.iter, named)
        yield from used(node.iter, named)
        inner = {**named, node.target.name: LOOPS.get(over or ""), "loop": None}
        for child in (*node.body, *node.else_):
            yield from used(child, inner)
        return
    if isinstance(node, nodes.Getattr | nodes.Name):
        path = described(node, named)
        if path is not None:
            yield path
        return
    for child in node.iter_child_nodes():
        yield from used(child, named)


def described(node: nodes.Node, named: Mapping[str, str | None]) -> str | None:
    """The path under the page's names; None for an item that is a text, for `loop`, and for anything but a variable."""
    if isinstance(node, nodes.Getattr):
        owner = described(node.node, named)
        return f"{owner}.{node.attr}" if owner else None
    if isinstance(node, nodes.Filter):
        return described(node.node, named)
    return named.get(node.name, node.name) if isinstance(node, nodes.Name) else None


def paths_in(template: str) -> set[str]:
    """The paths in text with tags, or in a document's XML."""
    parsed = environment().parse(re.sub(r"\{%(?:p|tr) ", "{% ", template))
    return {path for node in parsed.body for path in used(node, {})} - set(LOOPS.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_variable_that_a_shipped_template_uses_is_described(path: Path) -> None:
    template = DocxTemplate(path)
    template.init_docx()
    found = paths_in(template.patch_xml(template.get_xml()))
    assert found
    assert sorted(found - set(ROWS)) == []


SAMPLES = re.findall(r"```模板\n(.*?)```\n\n印出来是.*?```文书\n(.*?)```", EDITING, re.S)
FACTS = {
    "机构全称": "东岭县人民政府教育督导室",
    "主送机关": "东岭县人民政府",
    "年份": 2024,
    "月份": 3,
    "制表日期": date(2024, 3, 31),
    "未报责任区": ["望溪责任区", "南岭责任区"],
    "合计": Figure(5, "", How.TAKEN),
    "逾期数": Figure(2, "", How.TAKEN),
    "问题整改": {"本月新增数": Figure(0, "", How.TAKEN)},
    "评估监测": {
        "指标": [
            {"指标名称": "公示牌更新数", "本期值": 12, "上期值": Figure(0, "", How.TAKEN), "单位": "块"},
            {"指标名称": "巡查覆盖率", "本期值": Decimal("98.5"), "上期值": Absent("上期值"), "单位": "%"},
        ]
    },
    "专项督导": {
        "各项督导": [
            {"名称": "春季开学专项督导", "牵头科室": "督导室", "起始日期": date(2024, 3, 4)},
            {"名称": "校园食堂专项督导", "牵头科室": "督导室", "起始日期": date(2024, 3, 18)},
        ]
    },
    "存在不足": ["部分责任区台账更新不及时", "督学培训还不够系统。"],
    "各状态": [{"名称": "整改中", "数量": 3}, {"名称": "已销号", "数量": 2}],
    "问题": [
        {"序号": 1, "学校": "望溪镇中心小学", "状态": "整改中", "逾期": True},
        {"序号": 2, "学校": "南岭镇中心小学", "状态": "已销号", "逾期": False},
    ],
    "导语": Absent("导语"),
}


def printed(folder: Path, written: list[str], rows: list[list[str]] | None = None, **facts: Any) -> list[str]:
    """The text of a document with these paragraphs and a table of these rows."""
    document = Document()
    for line in written:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, tag in zip(row.cells, cells, strict=True):
                cell.text = tag
    document.save(str(folder / "模板.docx"))
    render(folder / "模板.docx", {**FACTS, **facts}, folder / "文书.docx")
    return lines(folder / "文书.docx")


@pytest.mark.parametrize(("written", "result"), SAMPLES, ids=[written.split("\n")[0] for written, _ in SAMPLES])
def test_a_sample_of_the_page_prints_what_the_page_says(tmp_path: Path, written: str, result: str) -> None:
    assert printed(tmp_path, written.splitlines()) == result.splitlines()


def test_every_sample_has_its_result() -> None:
    assert len(SAMPLES) == EDITING.count("```模板") == EDITING.count("```文书") == 9


def test_the_sample_of_a_table_prints_the_table_that_the_page_shows(tmp_path: Path) -> None:
    found = list(tables(TREE))
    place = next(place for place, table in enumerate(found) if any("{%tr for" in cell for cell in table[1]))
    written, result = found[place], found[place + 1]
    assert printed(tmp_path, [], written) == [" | ".join(row) for row in result]


def test_a_figure_of_nought_leaves_its_sentence_out_as_the_page_says(tmp_path: Path) -> None:
    written = next(written for written, _ in SAMPLES if "{% if 逾期数 %}" in written)
    assert printed(tmp_path, written.splitlines(), 逾期数=Figure(0, "", How.TAKEN)) == ["发现问题5个。"]
    assert "逾期数为 0 时，只印“发现问题5个。”" in EDITING


def test_every_variable_that_the_page_prints_is_one_that_a_template_has() -> None:
    written = [node.content for node in TREE.walk() if node.type == "code_inline" and node.content.startswith("{{ ")]
    mistakes = {row[0] for row in MISTAKES}
    tags = [tag for tag in written if "…" not in tag and tag not in mistakes and "{%" not in tag]
    table = next(table for table in tables(TREE) if any("{%tr for" in cell for cell in table[1]))
    samples = [*(sample for sample, _ in SAMPLES), "".join(cell for row in table[1:] for cell in row)]
    assert len(tags) > 90
    for text in [*samples, *tags]:
        assert sorted(paths_in(text) - set(ROWS)) == [], text


(MISTAKES,) = (table[1:] for table in tables(TREE) if table[0][:2] == ["写错", "应写"])


@pytest.mark.parametrize(("wrong", "right"), [row[:2] for row in MISTAKES], ids=[row[2] for row in MISTAKES])
def test_what_the_page_calls_a_mistake_is_one(tmp_path: Path, wrong: str, right: str) -> None:
    wrong = wrong.removeprefix("只有 ")
    try:
        shown = printed(tmp_path, [wrong])
    except PipelineError:
        return
    assert shown != printed(tmp_path, [right])


def test_an_absent_fact_is_no_in_a_condition_and_cannot_be_printed_as_the_page_says(tmp_path: Path) -> None:
    assert printed(tmp_path, ["甲{% if 导语 %}{{ 导语 }}{% endif %}{% if 导语 is 有 %}乙{% endif %}"]) == ["甲"]
    assert printed(tmp_path, ["甲{{ 未报责任区|顿号 }}"], 未报责任区=[]) == ["甲"]
    with pytest.raises(PipelineError, match="导语"):
        printed(tmp_path, ["{{ 导语 }}"])
    render(tmp_path / "模板.docx", FACTS, tmp_path / "草稿.docx", missing=())
    assert "【待补：导语】" in "\n".join(lines(tmp_path / "草稿.docx"))


# Filters and kinds ---------------------------------------------------------------------------------------------------


def test_every_filter_is_described_with_what_it_prints() -> None:
    assert list(primer.FILTERS) == list(FILTERS)
    (table,) = (table[1:] for table in tables(TREE) if table[0][0] == "过滤器")
    said = {name: re.sub("[\n\a]|^\u3000+", "", FILTERS[name](primer.FILTERS[name].value)) for name in FILTERS}
    assert {row[0]: row[4] for row in table} == said  # a line break is a mark of the page, not a word of it
    assert all(re.search(rf"\|{name} }}}}|filter {name} %", row[2]) for name, row in zip(FILTERS, table, strict=True))


def test_every_kind_of_variable_is_explained() -> None:
    assert set(primer.KINDS) == set(VariableKind)
    (table,) = (table[1:] for table in tables(TREE) if table[0][0] == "类型")
    assert [row[0] for row in table] == list(VariableKind)


@pytest.mark.parametrize("variable", list(variables(SummaryContext, ())), ids=lambda variable: variable.path)
def test_what_the_page_gives_to_copy_can_be_parsed(variable: Variable) -> None:
    ends = {"{% for": "{% endfor %}", "{%p for": "{% endfor %}", "{% if": "{% endif %}"}
    end = next((end for start, end in ends.items() if variable.written.startswith(start)), "")
    environment().parse(variable.written.replace("{%p", "{%") + end)


def test_the_page_is_chinese_and_free_of_what_python_prints() -> None:
    plain = re.sub(r"```.*?```|`[^`]*`", "", TEXT, flags=re.S)
    assert not re.search(r"\bNone\b|Figure|datetime|\bTrue\b|\bFalse\b|[{}]", plain)
    assert not re.search("[\u4e00-\u9fff][,;:]|[,;:][\u4e00-\u9fff]", plain)
