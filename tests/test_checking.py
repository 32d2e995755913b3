"""Templates that clerks damage: each fault is reported at its place, in Chinese, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn
from docxtpl_lint import lint
from docxtpl_lint.messages import RULES
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.catalogue import documents, templated
from pipeline.run.template_checks import check_template, vocabulary
from pipeline.run.templates import FOLDER, shipped
from pipeline.word.rendering.environment import FILTERS, environment
from pipeline.word.templates.filters import PLAIN, TAKES
from pipeline.word.templates.keywords import KEYWORDS
from pipeline.word.templates.places import TemplateFault
from pipeline.word.templates.tags import SENTENCES
from tests.support.templates import DAMAGES, END, LIST, SUMMARY, Damage, added, added_in_runs, edited, in_cell


def told(faults: tuple[TemplateFault, ...]) -> list[str]:
    return [f"{fault.place}：{fault.sentence}" for fault in faults]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_shipped_template_has_no_fault(path: Path) -> None:
    assert told(check_template(path)) == []


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_damaged_template_is_reported_once_at_its_place(damage: Damage, tmp_path: Path) -> None:
    (fault,) = check_template(edited(tmp_path, damage.template, damage.edit))
    assert str(fault.place) == damage.place
    assert damage.words in fault.sentence
    assert fault.text
    assert is_for_clerks(fault)


def test_there_are_more_than_forty_damages_each_named_once() -> None:
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES) > 40


def is_for_clerks(fault: TemplateFault) -> bool:
    """Whether a sentence is Chinese: apart from quotations, tags, programs and file endings, it has no English word."""
    bare = re.sub(r"\{%.*?%\}|\.docx?|\.wps|Word|WPS|XML|MB", "", fault.sentence)
    while bare != (bare := re.sub("“[^“”]*”", "", bare)):
        pass
    words = set(re.findall("[A-Za-z]{2,}", bare)) - set(KEYWORDS)
    chinese = bool(re.search("[\u4e00-\u9fff]{4}", fault.sentence))
    return chinese and all(word in fault.text for word in words) and not fault.sentence.endswith(("。", "，"))


def test_several_faults_are_reported_in_one_check_in_the_order_of_reading(tmp_path: Path) -> None:
    texts = added("{{ 范唯 }}和{{ 合计 + 1 }}", "｛｛ 范围 ｝｝", "{% if 逾期数 %}有")
    assert [str(fault.place) for fault in check_template(edited(tmp_path, LIST, in_cell(1, 1, "{{ 序号"), texts))] == [
        "表1第1行第1格第1段", "正文第4段", "正文第4段", "正文第5段", "正文第6段",
    ]  # fmt: skip


# What is right -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "A & B < C > D “引” ‘引’ 100%",
        "A & B < C {{ 范围 }} > D",
        "{% if 逾期数 > 0 and 合计 >= 逾期数 %}有{% elif not 合计 %}无{% else %}无{% endif %}",
        "{% for 行 in 问题 %}{{ loop.index }}.{{ 行.学校 }}{% if not loop.last %}；{% endif %}{% else %}无{% endfor %}",
        "{% for 行 in 问题 if 行.逾期 %}{{ 行.学校 }}{% endfor %}",
        "{% for 行 in 问题|selectattr('逾期')|sort(attribute='学校') %}{{ 行.学校 }}{% endfor %}",
        "{% for 行 in 问题 if 行.销号日期 %}{{ 行.销号日期|月日 }}{% endfor %}",
        "{% for 行 in 问题 %}{% if 行.期限 is 有 and 行.期限 < 制表日期 %}{{ 行.期限|日期 }}{% endif %}{% endfor %}",
        "{% for 行 in 问题 %}{{ 行.期限|日期 if 行.期限 else 行.期限说明 }}{% endfor %}",
        "{{ 问题|map(attribute='学校')|unique|顿号 }}",
        "{% if 问题 %}{% set 首 = 问题[0] %}{{ 首.学校 }}{% endif %}",
        '{% if 范围 == "甲" or 范围 in ["乙", "丙"] %}甲{% endif %}',
        "{{范围}}{{  范围  }}{{ 范围 | 句 }}",
        "{# 这是给自己看的 {{ #}{{ 范围 }}",
        "{%r if 逾期数 %}有{%r endif %}",
    ],
)
def test_what_is_right_is_not_told(text: str, tmp_path: Path) -> None:
    assert told(check_template(edited(tmp_path, LIST, added(text)))) == []


def test_a_tag_that_the_word_processor_split_into_runs_is_right(tmp_path: Path) -> None:
    path = edited(
        tmp_path, LIST, added_in_runs("共{", "{ 合", "计 ", "}", "}个{", "% if 逾期数 %", "}有{% end", "if %}")
    )
    assert told(check_template(path)) == []


# Places --------------------------------------------------------------------------------------------------------------


def test_a_table_within_a_cell_has_a_place_of_its_own(tmp_path: Path) -> None:
    path = edited(tmp_path, LIST, lambda document: nest(document.tables[0].rows[0].cells[1]))
    (fault,) = check_template(path)
    assert str(fault.place) == "表1第1行第2格内表2第1行第2格第1段"


def nest(cell: object) -> None:
    inner = cell.add_table(1, 2)  # type: ignore[attr-defined]
    inner.rows[0].cells[1].text = "{{ 范唯 }}"
    cell.add_paragraph()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("style", "at"), [("Heading1", "正文第16段"), ("附件表格", "")])
def test_a_style_that_is_gone_is_reported_at_the_first_paragraph_that_bears_it(
    style: str, at: str, tmp_path: Path
) -> None:
    def without_style(document: Opened) -> None:
        for element in document.styles.element.findall(qn("w:style")):
            if element.get(qn("w:styleId")) == style:
                document.styles.element.remove(element)

    faults = check_template(edited(tmp_path, "督导通知", without_style))
    assert [(str(fault.place), fault.sentence) for fault in faults] == (
        [(at, f"样式“{style}”在模板里没有了，用它的段落会变成普通文字，请从原始版本恢复模板，或换用有的样式")]
        if at
        else []
    ), "a style that no paragraph bears may go"


def test_a_long_text_is_quoted_around_its_fault_and_cut(tmp_path: Path) -> None:
    (fault,) = check_template(edited(tmp_path, LIST, added("甲" * 500 + "{{ " + "乙" * 500 + " }}" + "丙" * 500)))
    assert fault.text.startswith("{{ 乙乙")
    assert len(fault.text) < 50


# Against the linter and the environment ------------------------------------------------------------------------------


def test_every_rule_of_the_linter_about_how_tags_stand_has_a_sentence() -> None:
    told_otherwise = {"DTL005", "DTL101", "DTL102", "DTL103", "DTL104", "DTL105", "DTL106", "DTL208"}
    assert {rule for rule in RULES if rule < "DTL3"} == set(SENTENCES) | told_otherwise


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_where_the_linter_sees_an_error_there_one_is_reported(damage: Damage, tmp_path: Path) -> None:
    path = edited(tmp_path, damage.template, damage.edit)
    schema = vocabulary(next(each.context for each in documents() if each.template == damage.template)).schema
    if "without end" in damage.name:
        return  # the linter does not survive these
    seen = lint(path, schema=schema, jinja_env=environment(), autoescape=True).errors
    assert not seen or any(fault.error for fault in check_template(path))


def test_the_linter_finds_nothing_in_shipped_templates() -> None:
    for each in templated():
        path = FOLDER / f"{each.template}.docx"
        assert lint(path, schema=each.context.contract(), jinja_env=environment(), autoescape=True).issues == []


def test_every_filter_of_the_environment_is_known_to_the_check_and_the_other_way_round() -> None:
    assert set(TAKES) == set(FILTERS)
    assert set(environment().filters) >= PLAIN


# Anything that may be typed ------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{", "}", "｛｛", "｝｝", "｛％", "％｝", "{%p", "{%tr", "{#", "#}", "if", "for", "in", "endif", "endfor", "else", "elif", "set", "raw", "endraw", "macro", "include", "问题", "行", "范围", "合计", ".", "|", "日期", "顿号", "length", "(", ")", "[", "]", "0", "=", "==", ">", "+", "~", "“", "”", "'", '"', "range", "10**9", "__class__", "is", "有", "not", "and", "A&B", "<x>", "甲", "\u3000", "\u200b"]
)  # fmt: skip
TYPED = st.one_of(
    st.lists(PIECES, max_size=14).map(" ".join), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
)


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_whatever_is_typed_is_reported_in_chinese_and_raises_nothing(text: str) -> None:
    with TemporaryDirectory() as folder:
        for fault in check_template(edited(Path(folder), LIST, added(text))):
            assert is_for_clerks(fault), fault
            assert str(fault.place) in (END[LIST], "整个模板")


def test_the_last_paragraph_of_a_shipped_template_is_where_the_table_of_damages_says() -> None:
    for template in (LIST, SUMMARY):
        assert END[template] == f"正文第{len(Document(str(FOLDER / f'{template}.docx')).paragraphs) + 1}段"
