"""The conductor: the only module that calls every room, from a folder of workbooks to a folder of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.documents import manual
from pipeline.documents.catalogue import Document, Draft, documents, unlike
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
from pipeline.templates import FOLDER as TEMPLATES
from pipeline.withholding import blocking, faults, faults_in, hidden_in, named_only_by_blocked_rows
from pipeline.word.environment import FILTERS
from pipeline.word.template import render

DRAFT_MARK = "（草稿）"


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
    remarks: tuple[tuple[str, str], ...] = ()
    """What the office should know of a document: the document and a sentence."""


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
    press = _Press(folder, templates, draft)
    for document in documents():
        if dossier is None:
            press.withheld.append(Withheld(document.title, _told(blocking(document, month))))
        else:
            press.print(document, month, dossier)
    return Outcome(
        period=month.period,
        folder=folder,
        made=tuple(press.made),
        withheld=tuple(press.withheld),
        issues=month.issues,
        normalisations=month.normalisations,
        unreported=dossier.unreported if dossier else (),
        results=_write_results(folder, workbooks, month),
        remarks=tuple(press.remarks),
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


@dataclass
class _Press:
    """Where documents are written, from which templates, whether as drafts; and what has come of them."""

    folder: Path
    templates: Path
    draft: bool
    made: list[Path] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def print(self, document: Document, month: Month, dossier: Dossier) -> None:
        """Render the drafts of one kind, and name those that only blocked rows would make."""
        subjects, found = set(), faults(document, month)
        of_all = _told(found.of_all)

        def reasons(subject: str) -> tuple[str, ...]:
            return _told(found.of(subject)) if subject in found.own else of_all

        for draft in document.drafts(dossier):
            subjects.add(draft.subject)
            self._render(draft, reasons(draft.subject))
        for subject in named_only_by_blocked_rows(document, month):
            if subject not in subjects:
                self.withheld.append(Withheld(Path(document.file(subject, dossier)).name, reasons(subject)))
        for workbook in hidden_in(document, month):
            title = f"{document.title}（《{workbook}》中应有的，对象和份数不明）"
            self.withheld.append(Withheld(title, _told(faults_in(workbook, document, month))))

    def _render(self, draft: Draft, reasons: tuple[str, ...]) -> None:
        """Write one document, unless there are reasons not to; where the template is at fault, that is one."""
        name = unlike(f"{draft.name}{DRAFT_MARK if self.draft else ''}", self._taken)
        self._taken.add(name.casefold())
        target = self.folder / f"{name}.docx"
        if reasons and not self.draft:
            self.withheld.append(Withheld(target.stem, reasons))
            return
        try:
            missing = reasons if self.draft else None
            render(self.templates / f"{draft.template}.docx", draft.context, target, missing=missing)
        except PipelineError as error:
            self.withheld.append(Withheld(target.stem, (str(error),)))
        except OSError:
            reason = f"无法写入“{target}”，可能正被 Word 或 WPS 打开；请关闭后重试。"
            self.withheld.append(Withheld(target.stem, (reason,)))
        else:
            self.made.append(target)
            self.remarks += [(target.stem, remark) for remark in draft.remarks]


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
