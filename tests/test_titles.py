"""Titles are broken by sense: names and the ends of titles stay whole, lines that grow shorter are preferred."""

from __future__ import annotations

import re

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from pipeline.run.report import Outcome
from pipeline.trays import Tray
from pipeline.word.rendering.titles import LONGEST_LINE, by_sense, width
from tests.support.reading import EXAMPLE, of_word, table

SCHOOLS = [row["学校全称"] for row in table(EXAMPLE / "名录.xlsx", "学校名录")]
HARD = [
    "清溪县年丰镇中心小学",
    "清溪县平安校园建设示范学校",
    "清溪县问渠小学",
    "清溪县加强街道中心小学",
    "清溪县的卢镇初级中学",
]
"""Names that hold words at which a title may be divided."""


@pytest.mark.parametrize(
    "title",
    [
        "关于{}逾期未整改问题的督办单",
        "关于{}经常性督导发现问题的整改通知书",
        "对{}的督导意见书",
        "关于{}问题的整改通知书",
    ],
)
def test_no_line_ends_within_the_name_of_a_school(title: str) -> None:
    for name in (*SCHOOLS, *HARD):
        lines = by_sense(title.format(name)).split("\n")
        assert len([line for line in lines if name in line]) == 1, lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于召开责任区主任工作例会的通知", ["关于召开责任区主任工作例会的通知"]),
        ("关于开展2023年秋季开学工作专项督导的通知", ["关于开展2023年秋季开学工作", "专项督导的通知"]),
        ("关于举办责任督学业务能力提升培训班的通知", ["关于举办责任督学业务能力", "提升培训班的通知"]),
        (
            "关于召开全县中小学生心理健康教育暨校园安全工作部署会议的通知",
            ["关于召开全县中小学生心理健康教育", "暨校园安全工作部署会议的通知"],
        ),
        (
            "关于开展2023年义务教育学校党组织建设情况督导评估的通知",
            ["关于开展2023年义务教育学校", "党组织建设情况督导评估的通知"],
        ),
    ],
)
def test_titles_are_divided_between_words_and_not_at_their_end(title: str, lines: list[str]) -> None:
    assert by_sense(title).split("\n") == lines


@given(st.text("关于开展2023年秋季校园督导工作的通知、小学生幼儿园（）《》", max_size=80))
def test_no_character_is_lost_and_no_line_is_long_where_there_is_a_way(title: str) -> None:
    lines = by_sense(title).split("\n")
    assert "".join(lines) == title
    assert len(lines) == 1 or max(map(width, lines)) <= LONGEST_LINE
    assert not any(re.match("[的》、]", line) for line in lines[1:])


def test_every_title_of_the_example_fits_its_page_in_lines_of_one_shape(outcome: Outcome) -> None:
    for path in of_word(outcome.made):
        lines = [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == "公文标题"]
        for line in "\n".join(lines).split("\n"):
            longest = 28 if Tray.LISTS in path.parts else LONGEST_LINE  # a lying page is 225 mm wide
            assert width(line) <= longest, (path.name, line)
            assert not re.fullmatch("(工作|情况|问题)?的?(通知|通报|督办单|意见)", line), (path.name, line)
