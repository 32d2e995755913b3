"""Words that any room may use: numerals, widths, the most similar word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.word.rendering.environment import one_by_one
from pipeline.words import chinese, perhaps, similar, units, western

SCHOOLS = ["望溪中心小学", "望溪初级中学", "县第一幼儿园"]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (99, "九十九"),
        (0, "0"),
        (100, "100"),
    ],
    ids=str,
)
def test_a_number_below_a_hundred_is_a_chinese_numeral(number: int, written: str) -> None:
    assert chinese(number) == written


@given(st.integers(1, 39))
def test_a_numeral_is_read_as_the_number_that_it_was_written_for(number: int) -> None:
    assert int(western(chinese(number))) == number


def test_more_than_a_hundred_things_can_be_listed_one_by_one() -> None:
    written = one_by_one(f"第{number}件事" for number in range(1, 121))
    assert written.startswith("一是第1件事；二是第2件事；")
    assert written.endswith("；120是第120件事")


def test_a_chinese_character_is_two_units_wide_and_a_letter_one() -> None:
    assert (units(""), units("Excel 2024"), units("督导A室"), units("（１）")) == (0, 10, 7, 6)


def test_the_most_similar_word_comes_first_and_an_unlike_one_never() -> None:
    assert similar("望溪中心小", SCHOOLS) == ["望溪中心小学"]
    assert similar("望溪初中", SCHOOLS, most=2) == ["望溪初级中学", "望溪中心小学"]
    assert similar("气象局", SCHOOLS) == similar("望溪", []) == []


def test_the_word_that_may_be_meant_is_asked_for_in_the_same_words_everywhere() -> None:
    assert perhaps("整改中") == "是否应为“整改中”"
