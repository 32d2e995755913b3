"""What the checker does not read: text boxes, page headers and pictures; reported as unread, never as missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.word.form.deviation import Deviation
from pipeline.word.form.document import OfficialDocument
from pipeline.word.form.parts import ParagraphRole, Parts
from pipeline.word.official import Basis

_CLAUSES = {
    ParagraphRole.HEAD: "7.2.4",
    ParagraphRole.NUMBER: "7.2.5",
    ParagraphRole.AUTHORITY: "7.3.5.1",
    ParagraphRole.DATE: "7.3.5.4",
    ParagraphRole.COLOPHON: "7.4",
}
ASKED = "文本框、页眉和图片里的内容不检查，请自行核对"


def of_unread(document: OfficialDocument, parts: Parts) -> Iterator[Deviation]:
    """A remark for each text box of the body, and for each part found where nothing is read; () for none."""
    seen: set[str] = set()
    heads = document.heads if parts.boxed else []
    for part, words in parts.boxed.items():
        if not parts.places(part) and not (
            part is ParagraphRole.HEAD and not words and not parts.places(ParagraphRole.NUMBER)
        ):
            seen.add(words)
            yield _remark(words, part, _CLAUSES[part], "页眉" if words in heads else "文本框")
    for _, words in document.boxed:
        if words and words not in seen:
            seen.add(words)
            yield _remark(words, "文本框", "5", "文本框")


def _remark(words: str, item: str, clause: str, where: str) -> Deviation:
    shown = re.sub(r"\s+", "", words)
    place = f"{where}“{shown if len(shown) <= 12 else shown[:11] + '…'}”" if shown else "正文之前的图片"
    return Deviation(place, item, "没有读", ASKED, clause, Basis.UNREAD)
