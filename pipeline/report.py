"""The conductor: the only module that calls every room, from a folder of workbooks to a folder of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents import manual
from pipeline.documents.catalogue import Document, documents
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.telling import tell
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.forms.schema import Severity
from pipeline.intake import results
from pipeline.intake.crosschecks import check
from pipeline.intake.folders import month_folder
from pipeline.intake.issues import Issue, Normalisation, grouped
from pipeline.intake.joining import Month
from pipeline.withholding import blocking, named_only_by_blocked_rows
from pipeline.word.environment import FILTERS
from pipeline.word.template import render

DRAFT_MARK = "（草稿）"
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


def report(
    given: Path, output: Path, period: Period | None = None, *, templates: Path = TEMPLATES, draft: bool = False
) -> Outcome:
    """Read the month, and write every document that no fault withholds to `output/YYYY-MM/`.

    draft: write every document as a draft, also where a fault withholds it: without the rows at fault; none while
    基础信息 or 报告信息 is at fault, since nothing could be signed. Raises PipelineError where
    the input, the output folder or the installation does not allow any of it.
    """
    month = check(given, period)
    workbooks = month_folder(given, period)
    named = period or Period.parse(workbooks.resolve().name)
    if named not in (None, month.period):
        raise PipelineError(
            f"“{workbooks}”中的督导室月报填的是 {month.period}，不是 {named}。请核对月份和“报告信息”表。"
        )
    folder = output / str(month.period)
    _make(folder)
    dossier = tell(month)
    made: list[Path] = []
    withheld: list[Withheld] = []
    for document in documents():
        if dossier is None:
            withheld.append(Withheld(document.template, _told(blocking(document, month))))
        else:
            _write(document, month, dossier, _Press(folder, templates, draft), made, withheld)
    unreported = dossier.unreported if dossier else ()
    listed = _write_results(folder, workbooks, month)
    return Outcome(
        month.period, folder, tuple(made), tuple(withheld), month.issues, month.normalisations, unreported, listed
    )


def describe(example: Path, folder: Path) -> Path:
    """Write 变量说明.md, all that a template may use, with examples from a month; the page's path.

    Raises PipelineError where the month cannot be read or the folder cannot be written.
    """
    dossier = tell(check(example, None))
    if dossier is None:
        raise PipelineError(
            f"“{example}”的基础信息或报告信息有误，不能从中取示例。请先运行 report 查看问题并改好，或换一个月份。"
        )
    try:
        return manual.write(folder, dossier, FILTERS)
    except OSError as error:
        raise PipelineError(f"无法写入“{folder}”，请检查权限和磁盘空间后重试。") from error


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


def _told(issues: Sequence[Issue]) -> tuple[str, ...]:
    """Issues as reasons, one sentence for each cause."""
    return tuple(f"{group.place}：{group.sentence}（规则 {group.number}）" for group in grouped(issues))


@dataclass(frozen=True)
class _Press:
    """Where documents are written, from which templates, and whether as drafts."""

    folder: Path
    templates: Path
    draft: bool


def _write(
    document: Document, month: Month, dossier: Dossier, press: _Press, made: list[Path], withheld: list[Withheld]
) -> None:
    """Render the drafts of one kind; where the template is at fault, only its documents are withheld."""
    subjects = set()
    for draft in document.drafts(dossier):
        subjects.add(draft.subject)
        reasons = _told(blocking(document, month, draft.subject))
        target = press.folder / f"{draft.name}{DRAFT_MARK if press.draft else ''}.docx"
        if reasons and not press.draft:
            withheld.append(Withheld(target.stem, reasons))
            continue
        try:
            missing = reasons if press.draft else None
            render(press.templates / f"{draft.template}.docx", draft.context, target, missing=missing)
            made.append(target)
        except PipelineError as error:
            withheld.append(Withheld(target.stem, (str(error),)))
        except OSError:
            reason = f"无法写入“{target}”，可能正被 Word 或 WPS 打开；请关闭后重试。"
            withheld.append(Withheld(target.stem, (reason,)))
    for subject in named_only_by_blocked_rows(document, month):
        if subject not in subjects:
            title = Path(document.file(subject, dossier)).name
            withheld.append(Withheld(title, _told(blocking(document, month, subject))))


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
