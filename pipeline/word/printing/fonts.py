"""Fonts for printing: which of those that documents name are missing, and their stand-ins; knows no document."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

FONTS = Path(__file__).with_name("fonts.conf")
SECONDS = 30
"""How long fontconfig may take; its first call on a computer reads all fonts."""


@dataclass(frozen=True)
class StandIn:
    """A font that documents name but the computer lacks, and the one printed instead."""

    font: str
    stand_in: str


def font_environment() -> dict[str, str]:
    """This process's environment plus the project's fontconfig file, unless one is set already."""
    return {"FONTCONFIG_FILE": str(FONTS), **os.environ}


def named() -> tuple[str, ...]:
    """The fonts that documents name, as listed in fonts.conf; never empty."""
    families = (alias.findtext("family") for alias in ElementTree.parse(FONTS).iter("alias"))
    return tuple(family for family in families if family)


def stand_ins() -> tuple[StandIn, ...] | None:
    """The named fonts that are missing, each with its stand-in; empty if all are there.

    None if unknown: without fc-match, and on Windows and macOS, where LibreOffice does not ask fontconfig.
    """
    if sys.platform in ("win32", "darwin"):
        return None
    found = []
    for font in named():
        families = _match(font)
        if not families:
            return None
        if font not in families:
            found.append(StandIn(font, families[0]))
    return tuple(found)


def font_remark(missing: Sequence[StandIn] | None) -> str:
    """What readers of the PDFs should know about their fonts, in one Chinese sentence; "" if all are there."""
    if missing is None:
        return "没有核对本机的公文字体，PDF 供预览；正式印发请在装有公文字体的电脑上打印。"
    if not missing:
        return ""
    pairs = "、".join(f"{one.font}（以 {one.stand_in} 代替）" for one in missing)
    return f"缺少字体：{pairs}，预览中字形和换行可能不同；正式印发请在装有该字体的电脑上打印。"


def _match(font: str) -> tuple[str, ...]:
    """All names of the font that fontconfig takes for this one; empty if it cannot be asked."""
    command = ["fc-match", "--format", "%{family}", font]
    try:
        asked = subprocess.run(
            command, env=font_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(name for name in asked.stdout.decode("utf-8", errors="replace").split(",") if name)
