"""变量说明.md with examples from a month and its quarter: what a template may use."""

from __future__ import annotations

from pathlib import Path

from pipeline.documents.reference import manual
from pipeline.dossier.building import build_dossier
from pipeline.dossier.dossier import Dossier
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.files.folders import month_folder
from pipeline.intake.joining import Month
from pipeline.intake.loading import load, months_beside
from pipeline.walking import real
from pipeline.word.rendering.environment import FILTERS


def describe(example: Path, folder: Path) -> Path:
    """Write 变量说明.md, with everything a template may use, and examples from a month; gives the page's path.

    Raises PipelineError if the month cannot be read or the folder cannot be written.
    """
    workbooks = month_folder(example, None)
    month = load(example)
    shelf = months_beside(workbooks, month)
    dossier = build_dossier(month, shelf.bases(month) if shelf else None)
    if dossier is None:
        raise PipelineError(
            f"“{example}”的基础信息或报告信息有误，不能从中取示例。请先运行 report 查看问题并改好，或换一个月份。"
        )
    try:
        return manual.write(folder, [dossier, *_quarter(workbooks, month)], FILTERS)
    except OSError as error:
        raise PipelineError(f"无法写入“{folder}”，请检查权限和磁盘空间后重试。") from error


def _quarter(workbooks: Path, month: Month) -> list[Dossier]:
    """The quarter of a month, as far as its months exist; [] for a folder that is not named after its month."""
    folder = real(workbooks)
    if Period.of_folder(folder.name) != month.period:
        return []
    try:
        quarter = load(folder.parent, month.period.quarter)
    except PipelineError:  # another of its months is unreadable; the page then has no example of longer periods
        return []
    shelf = months_beside(folder.parent, quarter)
    dossier = build_dossier(quarter, shelf.bases(quarter) if shelf else None)
    return [dossier] if dossier else []
