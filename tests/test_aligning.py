"""Two texts compared: equal lines are never reported, differing ones always, very long texts in linear time."""

from __future__ import annotations

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from pipeline.word.aligning import differing

LINES = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=40)


def rebuilt(ours: list[str], theirs: list[str]) -> list[str]:
    """Ours with each stretch that differs replaced by theirs."""
    made, at = [], 0
    for i, j, m, n in differing(ours, theirs):
        made += ours[at:i] + theirs[m:n]
        at = j
    return made + ours[at:]


@given(LINES, LINES)
def test_what_differs_put_into_the_one_text_gives_the_other(ours: list[str], theirs: list[str]) -> None:
    assert rebuilt(ours, theirs) == theirs


@given(LINES)
def test_a_text_does_not_differ_from_itself(lines: list[str]) -> None:
    assert differing(lines, lines) == []


def table(rows: int) -> list[str]:
    return [cell for n in range(rows) for cell in (str(n), f"学校{n // 5}", f"第{n}个问题", "限期整改", "整改中")]


def test_a_row_that_was_taken_out_is_one_difference_that_begins_with_its_first_cell() -> None:
    whole = table(50)
    assert differing(whole[:100] + whole[105:], whole) == [(100, 100, 100, 105)]


def test_one_cell_of_each_row_changed_is_one_difference_a_row() -> None:
    whole = table(50)
    changed = ["已销号" if cell == "整改中" else cell for cell in whole]
    assert differing(changed, whole) == [(n, n + 1, n, n + 1) for n in range(4, 250, 5)]


def test_a_list_of_five_thousand_rows_is_compared_in_seconds() -> None:
    whole = table(5000)
    started = process_time()
    assert len(differing([f"{cell}。" if n % 7 == 0 else cell for n, cell in enumerate(whole)], whole)) > 3000
    assert len(differing(["同"] * 9000 + ["甲"] + ["同"] * 9000, ["同"] * 18000)) >= 1
    assert process_time() - started < 10, "difflib alone takes minutes"
