"""The conductor: the only module that calls every room, from a folder of workbooks to a folder of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pipeline import __version__
from pipeline.documents.catalogue import WORKBOOK, Document, Draft, unlike
from pipeline.documents.context import Context
from pipeline.documents.lists import county_list
from pipeline.documents.reference import manual
from pipeline.dossier.building import build_dossier
from pipeline.dossier.dossier import Dossier
from pipeline.errors import PipelineError
from pipeline.excel import listing, results
from pipeline.excel.results import Withheld
from pipeline.forms.faults.fault import Issue, Normalisation, Severity
from pipeline.forms.period import Period
from pipeline.intake.files.folders import month_folder
from pipeline.intake.issues import grouped
from pipeline.intake.joining import Month
from pipeline.intake.loading import load, months_beside
from pipeline.ooxml.package import Seen
from pipeline.publishing import (
    Kept,
    Manifest,
    ManifestEntry,
    fresh_folder,
    put_in_place,
    refuse_among,
    sha256,
    writing_to,
    zipped,
)
from pipeline.run import earlier
from pipeline.run.aside import Tellings
from pipeline.run.beside import Here
from pipeline.run.record import Facts, seen
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.run.templates import LetterLook, faults_of, looking
from pipeline.run.tracing import inputs, sources
from pipeline.run.unmade import faults_in, hidden_in, lacking_in, lost_to_blocked_rows, title_of
from pipeline.run.withholding import blocking, faults
from pipeline.walking import real
from pipeline.word.comparing import differences
from pipeline.word.form import Deviation, deviations
from pipeline.word.printing.pdf import Printing, not_printed, printed
from pipeline.word.rendering import charts, contents
from pipeline.word.rendering.environment import FILTERS
from pipeline.word.rendering.template import render
from pipeline.word.rendering.whole import look_at
from pipeline.word.templates import verdicts

DRAFT_MARK = "（草稿）"
ZIPPED = "通知"
"""The family of documents that goes into one zip."""
PLAIN = LetterLook()
HERE = Here()


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
    results: Path
    """校验结果.xlsx."""
    kept: tuple[Kept, ...] = ()
    """What somebody had edited by hand since an earlier run."""
    remarks: tuple[tuple[str, str], ...] = ()
    """What the office should know of a document: the document and a sentence."""
    printing: Printing | None = None
    """The PDFs of the documents made; None where none were asked for."""
    zipped: Path | None = None
    """The zip of all notices; None where none was asked for, or there are no notices."""
    slowly: tuple[tuple[str, str], ...] = ()
    """The documents that the compiled templates could not make and plain docxtpl made, each with the reason."""
    deviating: tuple[tuple[Path, tuple[Deviation, ...]], ...] = ()
    """The documents made that deviate from the standard's form, as a template that somebody has changed makes them."""


def report(
    given: Path,
    output: Path,
    period: Period | None = None,
    *,
    templates: Path = TEMPLATES,
    look: LetterLook = PLAIN,
    draft: bool = False,
    pdf: bool = False,
    pdf_seconds: float | None = None,
    zip_notices: bool = False,
    hands: Here = HERE,
) -> Outcome:
    """Read the month, and write every document that no fault withholds to `output/YYYY-MM/`.

    Of several months (2024Q1, 2024H1, 2024), whose folders lie in `given`, the summaries of such periods are written.
    look: the form of letters, and whether they are sealed.
    draft: write every document as a draft, also where a fault withholds it: without the rows at fault; none while
    基础信息 or 报告信息 is at fault, since nothing could be signed.
    pdf: print what was made as PDF too, beside it; a fault of printing is in the outcome. pdf_seconds: see `printed`.
    zip_notices: write 通知.zip too, of all notices made and their PDFs.
    hands: who does the steps that need heavy libraries.
    Raises PipelineError where the input, the output folder or the installation does not allow any of it.
    """
    kinds = looking(look, templates)
    workbooks = _lying_in(given, period)
    looked_at = seen(workbooks, templates, output, look=look, draft=draft, pdf=pdf, zip_notices=zip_notices)
    month = load(given, period)
    shelf = months_beside(workbooks, month)
    asked, compared = month.asked or month.period, shelf.bases(month) if shelf else None
    folder = output / f"{asked}{DRAFT_MARK if draft else ''}"
    for source in (given, workbooks):
        refuse_among(source, output, folder)
    noticed = earlier.notices(month, shelf, output)
    tellings = Tellings(month, compared, noticed.notices, whole=draft)
    least = tellings.least()
    with fresh_folder(folder) as fresh:
        press = _Press(fresh, templates, draft, output, hands)
        with writing_to(folder):
            for document in (one for one in kinds if one.tells_of(asked)):
                seen_there, dossier = tellings.of(document)
                if dossier is None:
                    press.withheld.append(Withheld(document.title, (), _told(blocking(document, seen_there))))
                else:
                    press.print(document, seen_there, dossier)
            told = (press.withheld, [*press.remarks, *press.slowly])
            results.write(fresh / results.NAME, workbooks, month.issues, month.normalisations, *told, month.files)
            from_word = [fresh / one.file for one in press.made if one.template]
            printing = _on_paper(from_word, pdf_seconds) if pdf else None
            printed_too = [path.relative_to(fresh).as_posix() for path in printing.made] if printing else []
            deviating = {} if draft else _deviating(fresh, press)
            package = zipped(fresh, ZIPPED) if zip_notices else None
            manifest = Manifest(
                version=__version__,
                period=str(asked),
                draft=draft,
                inputs={name: sha256(path) for name, path in inputs(month, compared, noticed.months).items()},
                templates=press.templates_used(),
                documents=press.made,
                others=[results.NAME, *printed_too, *([package.name] if package else [])],
                seen=looked_at,
                facts=press.facts(*tellings.of(county_list), printing, len(deviating)).recorded(),
            )
            manifest.write(fresh, folder)
        kept = put_in_place(fresh, folder, differences)
    return Outcome(
        period=asked,
        folder=folder,
        made=tuple(folder / one.file for one in press.made),
        withheld=tuple(press.withheld),
        issues=month.issues,
        normalisations=month.normalisations,
        unreported=least.unreported if least else (),
        results=folder / results.NAME,
        kept=kept,
        remarks=tuple(press.remarks),
        printing=printing and printing.moved(fresh, folder),
        zipped=folder / package.name if package else None,
        slowly=tuple(press.slowly),
        deviating=tuple((folder / file, found) for file, found in deviating.items()),
    )


def _lying_in(given: Path, period: Period | None) -> Path:
    """The folder to which the names of the workbooks are relative: the month's; of several months, that of their folders."""
    return given if period and period.months > 1 else month_folder(given, period)


def describe(example: Path, folder: Path) -> Path:
    """Write 变量说明.md, all that a template may use, with examples from a month; the page's path.

    Raises PipelineError where the month cannot be read or the folder cannot be written.
    """
    workbooks = _lying_in(example, None)
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
    """The quarter of a month, as far as it is there beside; [] for a folder that is not named for its month."""
    folder = real(workbooks)
    if Period.of_folder(folder.name) != month.period:
        return []
    try:
        quarter = load(folder.parent, month.period.quarter)
    except PipelineError:  # another month of it cannot be told; the page then has no example of longer periods
        return []
    shelf = months_beside(folder.parent, quarter)
    dossier = build_dossier(quarter, shelf.bases(quarter) if shelf else None)
    return [dossier] if dossier else []


@lru_cache(maxsize=64)
def _told(issues: tuple[Issue, ...]) -> tuple[str, ...]:
    """Issues as reasons, one sentence for each cause; often the same for many documents."""
    return tuple(f"{group.place}：{group.sentence}（规则 {group.number}）" for group in grouped(issues))


@dataclass
class _Press:
    """Where documents are written, from which templates, whether as drafts; and what has come of them."""

    folder: Path
    templates: Path
    draft: bool
    output: Path
    """Where the folders of all months lie."""
    hands: Here = HERE
    made: list[ManifestEntry] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    slowly: list[tuple[str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _checked: dict[tuple[str, type[Context]], tuple[str, ...]] = field(default_factory=dict)
    _whole: Seen = field(default_factory=set)

    def print(self, document: Document, month: Month, dossier: Dossier) -> None:
        """Render the drafts of one kind, and name those that only blocked rows would make."""
        subjects, found = set(), faults(document, month)
        of_all = _told(found.of_all)
        near = {zone: (*_told(tuple(issues)), *of_all) for zone, issues in found.near.items()}

        def because(title: str, subject: str) -> Withheld:
            """Why the document about a subject is not made; what a whole zone shares is worked out once."""
            own = _told(tuple(found.own[subject])) if subject in found.own else ()
            return Withheld(title, own, near.get(found.nearby(subject), of_all))

        for draft in document.drafts(dossier):
            subjects.add(draft.subject)
            file = self._file(draft, document)
            if self._rendered(draft, file, because(Path(file).stem, draft.subject), self._faults(document)):
                told_of = sources(document, month, draft.subject)
                self.made.append(
                    ManifestEntry(file, draft.template and f"{draft.template}.docx", told_of, draft.problems)
                )
                remarks = (*draft.remarks, *lacking_in(document, month))
                self.remarks += [(Path(file).stem, remark) for remark in remarks]
        self.remarks += document.unmade(dossier)
        for subject in lost_to_blocked_rows(document, month):
            if subject not in subjects:
                self.withheld.append(because(title_of(subject, document, month, dossier), subject))
        for workbook in hidden_in(document, month):
            title = f"{document.title}：《{workbook}》中应有的，对象和份数不明"
            self.withheld.append(Withheld(title, (), _told(faults_in(workbook, document, month))))

    def facts(self, month: Month, dossier: Dossier | None, printing: Printing | None, deviating: int) -> Facts:
        """What came of it, in numbers."""
        unprinted = len(printing.failed) if printing else 0
        return Facts.of(month, dossier, len(self.made), len(self.withheld), unprinted, deviating)

    def templates_used(self) -> dict[str, str]:
        """The templates of the documents made, with their hashes."""
        return {
            name: sha256(self.templates / name) for name in sorted({one.template for one in self.made if one.template})
        }

    def _file(self, draft: Draft, document: Document) -> str:
        """Where a draft is written, within the folder: unlike any other."""
        name = unlike(f"{draft.name}{DRAFT_MARK if self.draft else ''}", self._taken)
        self._taken.add(name.casefold())
        return f"{name}{'.xlsx' if document.template == WORKBOOK else '.docx'}"

    def _faults(self, document: Document) -> tuple[str, ...]:
        """The faults of a kind's template, one sentence each; checked when the first document is made from it.

        A template in which this program has found no fault before, writing into the same output folder, is not checked again.
        """
        key = (document.template, document.context)
        if key not in self._checked:
            template = self.templates / f"{document.template}.docx"
            verdict = verdicts.mark(template, document.context.__name__, self.output)
            found = () if verdicts.is_kept(verdict) else faults_of(document, self.templates)
            self._checked[key] = tuple(f"模板《{template.name}》{fault}" for fault in found if fault.error)
            if not self._checked[key]:
                verdicts.keep(verdict)
        return self._checked[key]

    def _rendered(self, draft: Draft, file: str, held: Withheld, faults: tuple[str, ...]) -> bool:
        """Write one document, unless there are reasons not to; faults of its template withhold a draft too."""
        if not faults and (self.draft or not held.reasons):
            try:
                missing = held.reasons if self.draft else None
                why_slowly = self._write(draft, self.folder / file, missing)
            except PipelineError as error:
                (self.folder / file).unlink(missing_ok=True)
                faults = (str(error),)
            else:
                self.slowly += [(Path(file).stem, why_slowly)] if why_slowly else []
                return True
        own, shared = ((), ()) if self.draft else (held.own, held.shared)
        self.withheld.append(Withheld(held.title, (*faults, *own), shared))
        return False

    def _write(self, draft: Draft, target: Path, missing: tuple[str, ...] | None) -> str | None:
        """Write one document, a workbook or from its template; see `render`."""
        if draft.template == WORKBOOK:
            listing.render(draft.context, target, missing=missing)
            return None
        template = self.templates / f"{draft.template}.docx"
        why_slowly = render(template, draft.context, target, missing=missing, seen=self._whole)
        try:
            self.remarks += [(target.stem, remark) for remark in self._filled_in(draft, template, target)]
        except (PipelineError, OSError, MemoryError):
            raise
        except Exception as error:  # what somebody has made of a chart or a table of contents fails in many ways
            told = f"模板《{template.name}》里的图表或目录填不了，没有生成；请从原始版本中恢复。"
            raise PipelineError(told) from error
        look_at(target, template, self._whole)
        return why_slowly

    def _filled_in(self, draft: Draft, template: Path, target: Path) -> list[str]:
        """Write what no tag fills in, charts and the table of contents; what is to be said of them."""
        lacking = self.hands.begin(charts.fill, target, draft.charts)() if draft.charts else ()
        told = "模板里没有图表“{}”，文中没有这张图；不是有意删去的，请从原始版本恢复模板"
        has_contents = contents.stands_in(template) and contents.fill(target)
        return [*(told.format(name) for name in lacking), *([contents.NO_PAGES] if has_contents else [])]


def _deviating(fresh: Path, press: _Press) -> dict[str, tuple[Deviation, ...]]:
    """How the documents of Word that were made deviate from the standard's form, by their files; those that do not are absent."""
    found = {}
    for one in press.made:
        if one.template:
            try:
                found[one.file] = deviations(fresh / one.file, whole=True)
            except PipelineError as error:
                press.remarks.append((Path(one.file).stem, f"没有检查公文格式：{str(error).rstrip('。')}"))
    return {file: of for file, of in found.items() if any(one.judged for one in of)}


def _on_paper(made: Sequence[Path], seconds: float | None) -> Printing:
    """The PDFs of documents; where the computer cannot print at all, the documents stay and each is named."""
    try:
        return printed(made, seconds=seconds)
    except PipelineError as error:
        return not_printed(made, str(error))


def counted(issues: Sequence[Issue]) -> dict[Severity, int]:
    """How many issues there are of each severity, the weightiest first; those that occur."""
    numbers = {severity: sum(issue.cells for issue in issues if issue.severity is severity) for severity in Severity}
    return {severity: number for severity, number in numbers.items() if number}
