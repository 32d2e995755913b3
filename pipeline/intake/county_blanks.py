"""Blanks for one county: its own schools, towns, zones and people as drop-downs; never into the common blanks' folder."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms import REGISTRY
from pipeline.forms.schema import Row
from pipeline.intake.blanks import write_all
from pipeline.intake.reading import form_of, read
from pipeline.intake.validation import validate

COMMON = Path(__file__).resolve().parents[2] / "input_templates"


def write_for_county(registry: Path, folder: Path) -> list[Path]:
    """The three blanks, with what the registry names as drop-downs.

    Raises PipelineError where the registry cannot be read or the folder is that of the common blanks.
    """
    if folder.resolve().is_relative_to(COMMON):
        raise PipelineError(f"“{folder}”存放各县通用的空白表，带本县名单的空白表请写到别的文件夹。")
    return write_all(folder, choices=choices(registry))


def choices(registry: Path) -> dict[type[Row], list[str]]:
    """The names that a filled registry holds, by sheet; faulty rows are left out. Raises PipelineError for no registry."""
    try:
        form = form_of(registry)
        if form is not REGISTRY:
            raise PipelineError(f"“{registry}”不是名录，请给出填好的名录.xlsx。")
        raw, _ = read(registry, registry.name, REGISTRY)
    except (OSError, ValueError) as error:
        raise PipelineError(f"无法读取名录“{registry}”，请核对路径，或打开核对后另存为 .xlsx 再试。") from error
    return {
        sheet: [str(getattr(row, name)) for row in validate(sheet, rows).rows]
        for sheet, rows in raw.sheets.items()
        for name in (sheet.named_by or sheet.key())[:1]
    }
