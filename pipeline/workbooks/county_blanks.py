"""Blank workbooks into a folder, common or one county's own; never over a workbook that somebody has filled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms.catalogue import FORMS, REGISTRY
from pipeline.forms.schema import Row
from pipeline.intake.files.reading import form_of, read
from pipeline.intake.files.sniffing import fault_of
from pipeline.intake.validation import Blocked, Checked, validate
from pipeline.walking import real
from pipeline.workbooks.blanks import write_all

MOST_ROWS = 5
"""Rows named in a sentence."""
COMMON = Path(__file__).resolve().parents[2] / "input_templates"


def write_blanks(folder: Path, registry: Path | None = None) -> list[Path]:
    """Write the three blanks; with a registry, its names are offered in their drop-downs.

    Raises PipelineError if the registry cannot be read, if a county's blanks would go among the common ones, if a file
    in the folder may hold somebody's work, or if a file cannot be written.
    """
    if registry and real(folder).is_relative_to(COMMON):
        raise PipelineError(f"“{folder}”存放各县通用的空白表，带本县名单的空白表请写到别的文件夹。")
    for form in FORMS:
        _refuse_to_overwrite(folder / f"{form.name}.xlsx")
    try:
        return write_all(folder, choices=choices(registry) if registry else None)
    except OSError as error:
        raise PipelineError(f"无法写入“{folder}”，请检查权限，或关闭正打开着的空白表后重试。") from error


def _refuse_to_overwrite(path: Path) -> None:
    """Raises PipelineError if there is such a file, unless it is a blank that nobody has written into."""
    if not path.exists():
        return
    try:
        form = None if fault_of(path) else form_of(path)
        filled = form is None or any(read(path, path.name, form)[0].sheets.values())
    except Exception:  # unreadable, therefore not ours to overwrite
        filled = True
    if filled:
        raise PipelineError(f"“{path}”已经填有内容（或不是空白表），没有覆盖。请换一个文件夹，或先把它移走。")


def choices(registry: Path) -> dict[type[Row], list[str]]:
    """The names in a filled registry, by sheet; faulty rows are left out (see `left_out`).

    Raises PipelineError if it is no registry, or has no name at all.
    """
    checked = _checked(registry)
    names = {
        sheet: [str(getattr(row, name)) for row in found.rows]
        for sheet, found in checked.items()
        for name in (sheet.named_by or sheet.key())[:1]
    }
    if not any(names.values()):
        raise PipelineError(f"名录“{registry}”里没有读到一行可用的内容，做不出下拉选项。请先填好名录再试。")
    return names


def left_out(registry: Path) -> list[str]:
    """A sentence for each sheet of a registry with faulty rows, whose names `choices` leaves out; [] for none."""
    checked = ((sheet, found.blocked) for sheet, found in _checked(registry).items() if not sheet.single)
    return [_of_left_out(sheet, blocked) for sheet, blocked in checked if blocked]


def _of_left_out(sheet: type[Row], blocked: Sequence[Blocked]) -> str:
    lines = "、".join(entry.origin.line for entry in blocked[:MOST_ROWS]) + "等" * (len(blocked) > MOST_ROWS)
    return (
        f"名录的“{sheet.sheet_title()}”有 {len(blocked)} 行有误（第 {lines} 行），没有做成下拉选项。"
        "生成一次文书，可以看到错在哪里；改好后再做空白表。"
    )


def _checked(registry: Path) -> dict[type[Row], Checked]:
    """The rows of a registry by sheet. Raises PipelineError if it is no registry."""
    unreadable = f"无法读取名录“{registry}”，请核对路径，或打开核对后另存为 .xlsx 再试。"
    if not registry.is_file():
        raise PipelineError(unreadable)
    if fault := fault_of(registry):
        raise PipelineError(f"名录“{registry}”：{fault.sentence}。")
    try:
        raw = read(registry, registry.name, REGISTRY)[0] if form_of(registry) is REGISTRY else None
    except Exception as error:  # a reader fails in many ways
        raise PipelineError(unreadable) from error
    if raw is None:
        raise PipelineError(f"“{registry}”不是名录，请给出填好的名录.xlsx。")
    return {sheet: validate(sheet, rows) for sheet, rows in raw.sheets.items()}
