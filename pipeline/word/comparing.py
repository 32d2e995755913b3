"""The differences of two documents, in words for a clerk; knows no template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.ooxml.trees import qn
from pipeline.word.aligning import differing

MOST_QUOTED = 12
"""Paragraphs quoted from one place; of more, the first ones and the number."""


def differences(edited: Path, new: Path) -> list[str]:
    """The differences between an edited document and a new one, one line each; never empty.

    A file that cannot be read as a document (a PDF, a workbook, a damaged file) differs as a whole.
    """
    try:
        ours, theirs = list(_texts(edited)), list(_texts(new))
    except Exception:  # a file edited by hand may be damaged in any way
        return ["内容不同，请打开两份核对"]
    found = []
    for i, j, m, n in differing(ours, theirs):
        place = f"第{m + 1}段" if n <= m + 1 else f"第{m + 1}至{n}段"
        found.append(f"{place}：手工修改的是{_quoted(ours[i:j])}，本次生成的是{_quoted(theirs[m:n])}")
    return found or ["文字相同，格式不同"]


def _texts(path: Path) -> Iterator[str]:
    """The text of every paragraph, including those in tables."""
    from docx import Document  # python-docx is loaded only where somebody has edited a document

    for paragraph in Document(str(path)).element.body.iter(qn("w:p")):
        yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


def _quoted(texts: list[str]) -> str:
    quoted = "、".join(f"“{text}”" for text in texts[:MOST_QUOTED]) or "没有这一段"
    return quoted if len(texts) <= MOST_QUOTED else f"{quoted}等 {len(texts)} 段"
