"""Text boxes and drawings: their words, and their place on the page."""

from __future__ import annotations

from typing import Any

from pipeline.word.form.effective import W, number
from pipeline.word.form.paragraphs import BLANKS

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
BOXES = {W + "txbxContent"}
_EMU_IN_A_MM = 36000


def box_words(box: Any) -> str:
    """The words in a drawing's text boxes, one line for each paragraph; "" without any."""
    return "\n".join(all_words(content) for content in box.iter(*BOXES) if is_shown(content)).strip(BLANKS)


def all_words(tree: Any) -> str:
    """The words in all paragraphs of a part, one line each."""
    paragraphs = (item for item in tree.iter(W + "p") if is_shown(item))
    return "\n".join("".join(text.text or "" for text in one.iter(W + "t")) for one in paragraphs).strip(BLANKS)


def box_place(box: Any) -> tuple[float | None, float | None, float, float, str]:
    """The place of the text box around: left, top (None if not an offset), width, height in mm; its text direction."""
    anchor = next((up for up in box.iterancestors() if up.tag == WP + "anchor"), None)
    if anchor is None:
        return None, None, 0, 0, ""
    offsets = [anchor.find(f"{WP}position{axis}") for axis in "HV"]
    left, top = (
        number(item.findtext(WP + "posOffset")) if item is not None and item.get("relativeFrom") == "page" else None
        for item in offsets
    )
    extent = anchor.find(WP + "extent")
    wide, high = (number(extent.get(name)) or 0 for name in ("cx", "cy")) if extent is not None else (0, 0)
    turn = next((item.get("vert", "") for item in anchor.iter("{*}bodyPr")), "")
    at = [None if value is None else value / _EMU_IN_A_MM for value in (left, top)]
    return at[0], at[1], wide / _EMU_IN_A_MM, high / _EMU_IN_A_MM, turn


def box_side(box: Any) -> str:
    """How a text box is aligned across the page (left, center, right, inside, outside); "" if it is not."""
    for up in box.iterancestors():
        if up.tag == WP + "anchor":
            item = up.find(WP + "positionH")
            return (item.findtext(WP + "align") or "") if item is not None else ""
    return ""


def is_shown(item: Any) -> bool:
    """Whether it is shown: not the alternative for programs that cannot show the original (mc:Fallback)."""
    return not any(parent.tag == MC + "Fallback" for parent in item.iterancestors())
