"""The words that mark a draft: on each page, and at its end; knows no format."""

from __future__ import annotations

from collections.abc import Sequence

WORDS = "草稿　不得印发"
LACKING = "以下内容有误，未列入本草稿："
WHOLE = "所用各表没有必改的问题，去掉草稿字样即可成文。"


def closing(missing: Sequence[str]) -> list[str]:
    """The lines at the end of a draft: what is missing, numbered, or that nothing is."""
    return [LACKING, *(f"{number}.{text}" for number, text in enumerate(missing, start=1))] if missing else [WHOLE]
