"""The conductor: the only module that calls every room, from a folder of workbooks to a folder of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.catalogue import Document, documents
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.telling import tell
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.forms.schema import Severity
from pipeline.intake import results
from pipeline.intake.crosschecks import check
from pipeline.intake.folders import month_folder
from pipeline.intake.issues import Issue, Normalisation
from pipeline.intake.joining import Month
from pipeline.word.template import render

TEMPLATES = Path(__file__).resolve().parent.parent / "input_templates" / "word"


@dataclass(frozen=True)
class Withheld:
    """A document that was not made, and why, one sentence each."""

    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a run made and what it did not, and all that is to be said of the workbooks."""

    period: Period
    folder: Path
    made: tuple[Path, ...]
    withheld: tuple[Withheld, ...]
    issues: tuple[Issue, ...]
    normalisations: tuple[Normalisation, ...]
    unreported: tuple[str, ...]
    results: Path | None = None
    """校验结果.xlsx; None where it could not be written."""


def report(given: Path, output: Path, period: Period | None = None, templates: Path = TEMPLATES) -> Outcome:
    """Read the month, and write every document that no fault withholds to `output/YYYY-MM/`.

    Raises PipelineError where the input, the output folder or the installation does not allow any of it.
    """
    month = check(given, period)
    if period is not None and month.period != period:
        raise PipelineError(f"“{given}”中的督导室月报填的是 {month.period}，不是 {period}。请核对月份和“报告信息”表。")
    folder = output / str(month.period)
    _make(folder)
    dossier = tell(month)
    made: list[Path] = []
    withheld: list[Withheld] = []
    for document in documents():
        reasons = _reasons(document, month)
        if dossier is None or reasons:
            withheld.append(Withheld(document.template, reasons))
        else:
            _write(document, dossier, folder, templates, made, withheld)
    unreported = dossier.unreported if dossier else ()
    listed = _write_results(folder, month_folder(given, period), month)
    return Outcome(
        month.period, folder, tuple(made), tuple(withheld), month.issues, month.normalisations, unreported, listed
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".可写"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise PipelineError(
            f"无法写入输出文件夹“{folder}”，请检查该文件夹的权限和磁盘空间，或用 OUTPUT= 换一个位置。"
        ) from error


def _reasons(document: Document, month: Month) -> tuple[str, ...]:
    """The 必改 issues that fall into the document's scope: on one of its sheets, or with a whole workbook."""
    sheets = {sheet.sheet_title() for sheet in document.scope}
    return tuple(
        str(issue)
        for issue in month.issues
        if issue.severity is Severity.必改 and (not issue.location.sheet or issue.location.sheet in sheets)
    )


def _write(
    document: Document, dossier: Dossier, folder: Path, templates: Path, made: list[Path], withheld: list[Withheld]
) -> None:
    """Render the document's drafts; where the template is at fault, only the documents of this template are withheld."""
    for draft in document.drafts(dossier):
        target = folder / f"{draft.name}.docx"
        try:
            render(templates / f"{draft.template}.docx", draft.context, target)
            made.append(target)
        except PipelineError as error:
            withheld.append(Withheld(target.stem, (str(error),)))
        except OSError:
            reason = f"无法写入“{target}”，可能正被 Word 或 WPS 打开；请关闭后重试。"
            withheld.append(Withheld(target.stem, (reason,)))


def _write_results(folder: Path, workbooks: Path, month: Month) -> Path | None:
    """The list of issues beside the documents; None where it cannot be written, which withholds nothing."""
    path = folder / results.NAME
    try:
        results.write(path, workbooks, month.issues, month.normalisations)
    except OSError:
        return None
    return path


def counted(issues: Sequence[Issue]) -> dict[Severity, int]:
    """How many issues there are of each severity, the weightiest first; those that occur."""
    numbers = {severity: sum(issue.severity is severity for issue in issues) for severity in Severity}
    return {severity: number for severity, number in numbers.items() if number}
