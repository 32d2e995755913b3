"""Where the files of an earlier layout of the output folder are today; a folder shows its layout by its manifest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pipeline.publishing.manifest import EARLIER_MANIFEST, manifest_of
from pipeline.trays import Tray

MOVED = {
    "通知/整改通知书": f"{Tray.LETTERS}/整改通知书",
    "通知/督办单": f"{Tray.LETTERS}/督办单",
    "通知": f"{Tray.LETTERS}/通知",
    "通报": f"{Tray.LETTERS}/通报",
    "意见书": f"{Tray.LETTERS}/意见书",
    "总结": f"{Tray.SUMMARIES}",
    "统计": f"{Tray.TO_SIGN}",
    "清单": f"{Tray.LISTS}",
    "校验结果.xlsx": f"{Tray.CHECKS}/校验结果.xlsx",
}
"""By what stood directly in a month's folder of the earlier layout, or in its 通知; a longer path goes first."""


def mover(folder: Path) -> Callable[[Path], Path]:
    """Gives for the relative path of a file where it belongs today: the same path, if the folder has today's layout."""
    return today if manifest_of(folder).name == EARLIER_MANIFEST else lambda name: name


def today(name: Path) -> Path:
    """The relative path that a file of the earlier layout has today; a path of today's layout stays the same."""
    posix = PurePosixPath(name.as_posix())
    for before, now in MOVED.items():
        if posix.is_relative_to(before):
            return Path(now, posix.relative_to(before))
    return name
