"""Writes the documents of one run into a folder, and remembers the result of each; publishes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.documents.catalogue import WORKBOOK, Document, Draft, unlike
from pipeline.documents.context import Context
from pipeline.dossier.dossier import Dossier
from pipeline.errors import PipelineError
from pipeline.excel import listing
from pipeline.excel.results import Withheld
from pipeline.forms.codes import DocumentKind
from pipeline.forms.faults.fault import Issue
from pipeline.intake.issues import grouped
from pipeline.intake.joining import Month
from pipeline.ooxml.package import Seen
from pipeline.publishing import ManifestEntry, sha256
from pipeline.run.beside import Here
from pipeline.run.options import RunOptions
from pipeline.run.registering import Letter
from pipeline.run.sending import Sent
from pipeline.run.steps import fill_charts, write_statistics
from pipeline.run.tracing import sources
from pipeline.run.unmade import faults_in, hidden_in, lacking_in, lost_to_blocked_rows, title_of
from pipeline.run.withholding import Faults, faults
from pipeline.word.form import Deviation, deviations
from pipeline.word.rendering import contents
from pipeline.word.rendering.template import render
from pipeline.word.rendering.whole import look_at
from pipeline.word.templates import verdicts

if TYPE_CHECKING:
    from pipeline.word.templates.places import TemplateFault

HERE = Here()


@lru_cache(maxsize=64)
def reasons(issues: tuple[Issue, ...]) -> tuple[str, ...]:
    """Issues as reasons, one sentence for each cause; many documents often share them."""
    return tuple(f"{group.place}：{group.sentence}（规则 {group.number}）" for group in grouped(issues))


class _Reasons:
    """Why documents of one kind are not made; reasons that a whole zone shares are worked out once."""

    def __init__(self, found: Faults) -> None:
        self._found = found
        self._of_all = reasons(found.of_all)
        self._near = {zone: (*reasons(tuple(issues)), *self._of_all) for zone, issues in found.near.items()}

    def back(self, title: str, subject: str) -> Withheld:
        """The document about a subject with the reasons that withhold it, if there are any."""
        own = reasons(tuple(self._found.own[subject])) if subject in self._found.own else ()
        return Withheld(title, own, self._near.get(self._found.nearby(subject), self._of_all))


@dataclass
class Press:
    """Where documents are written, from which templates, whether as drafts; and the results."""

    folder: Path
    options: RunOptions
    output: Path
    """The parent of all months' folders."""
    hands: Here = HERE
    made: list[ManifestEntry] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    slowly: list[tuple[str, str]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    """What leaves the office."""
    letters: list[Letter] = field(default_factory=list)
    unsure: set[DocumentKind] = field(default_factory=set)
    """The kinds of letters of which one was withheld."""
    _taken: set[str] = field(default_factory=set)
    _checked: dict[tuple[str, type[Context]], tuple[str, ...]] = field(default_factory=dict)
    _whole: Seen = field(default_factory=set)
    _begun: dict[str, Callable[[], None]] = field(default_factory=dict)
    """By file, what a second process still writes."""

    def withhold(self, document: Document, issues: tuple[Issue, ...]) -> None:
        """Record that no document of a kind is made, whatever its subject."""
        self.withheld.append(Withheld(document.title, (), reasons(issues)))
        self.unsure |= document.filed_as

    def print(self, document: Document, month: Month, dossier: Dossier) -> None:
        """Render the drafts of one kind, and name those that only blocked rows would make."""
        held, before = _Reasons(faults(document, month)), len(self.withheld)
        subjects = set()
        for draft in document.drafts(dossier):
            subjects.add(draft.subject)
            file = self._file(draft, document)
            if self._rendered(draft, file, held.back(Path(file).stem, draft.subject), self._faults(document)):
                template = draft.template and f"{draft.template}.docx"
                from_sheets = sources(document, month, draft.subject)
                self.made.append(ManifestEntry(file, template, from_sheets, draft.problems))
                if draft.filed:
                    self.letters.append(Letter.of(file, draft.filed, draft.context, draft.to))
                if draft.to:
                    self.sent.append(Sent(file, draft.to, draft.by, str(draft.context.get("文号") or "")))
                remarks = (*draft.remarks, *lacking_in(document, month))
                self.remarks += [(Path(file).stem, remark) for remark in remarks]
        self.remarks += document.unmade(dossier)
        for subject in lost_to_blocked_rows(document, month):
            if subject not in subjects:
                self.withheld.append(held.back(title_of(subject, document, month, dossier), subject))
        for workbook in hidden_in(document, month):
            title = f"{document.title}：《{workbook}》中应有的，对象和份数不明"
            self.withheld.append(Withheld(title, (), reasons(faults_in(workbook, document, month))))
        if len(self.withheld) > before:
            self.unsure |= document.filed_as

    def wait(self) -> None:
        """Wait until every document is written; raises OSError if one cannot be."""
        while self._begun:
            file = next(iter(self._begun))
            self._begun.pop(file)()

    def deviating(self) -> dict[str, tuple[Deviation, ...]]:
        """How Word documents deviate from the standard's form, by file; only those that do, unfinished ones last."""
        unfinished = frozenset(self._begun)
        found = self._deviations(one for one in self.made if one.file not in unfinished)
        self.wait()
        found |= self._deviations(one for one in self.made if one.file in unfinished)
        ordered = {one.file: found[one.file] for one in self.made if one.file in found}
        return {file: of for file, of in ordered.items() if any(one.judged for one in of)}

    def _deviations(self, documents: Iterable[ManifestEntry]) -> dict[str, tuple[Deviation, ...]]:
        found = {}
        for one in documents:
            if one.template:
                try:
                    found[one.file] = deviations(self.folder / one.file, whole=True)
                except PipelineError as error:
                    self.remarks.append((Path(one.file).stem, f"没有检查公文格式：{str(error).rstrip('。')}"))
        return found

    def templates_used(self) -> dict[str, str]:
        """The templates of the documents made, with their hashes."""
        return {
            name: sha256(self.options.templates / name)
            for name in sorted({one.template for one in self.made if one.template})
        }

    def _file(self, draft: Draft, document: Document) -> str:
        """Where a draft is written, within the folder: a name of its own."""
        name = unlike(f"{draft.name}{self.options.mark}", self._taken)
        # Windows and macOS take names that differ only in case for one file.
        self._taken.add(name.casefold())
        return f"{name}{'.xlsx' if document.template == WORKBOOK else '.docx'}"

    def _faults(self, document: Document) -> tuple[str, ...]:
        """The faults of a kind's template, one sentence each; checked when the first document is made from it.

        A template that this program found sound before, for the same output folder, is not checked again.
        """
        key = (document.template, document.context)
        if key not in self._checked:
            template = self.options.templates / f"{document.template}.docx"
            verdict = verdicts.mark(template, document.context.__name__, self.output)
            found = () if verdicts.is_kept(verdict) else _checked(document, self.options.templates)
            self._checked[key] = tuple(f"模板《{template.name}》{fault}" for fault in found if fault.error)
            if not self._checked[key]:
                verdicts.keep(verdict)
        return self._checked[key]

    def _rendered(self, draft: Draft, file: str, held: Withheld, faults: tuple[str, ...]) -> bool:
        """Write one document, unless there are reasons not to; faults of its template withhold even a draft."""
        if not faults and (self.options.draft or not held.reasons):
            try:
                missing = held.reasons if self.options.draft else None
                why_slowly = self._write(draft, self.folder / file, missing)
            except PipelineError as error:
                # A chart or a table of contents can fail after the document was written.
                (self.folder / file).unlink(missing_ok=True)
                faults = (str(error),)
            else:
                self.slowly += [(Path(file).stem, why_slowly)] if why_slowly else []
                return True
        own, shared = ((), ()) if self.options.draft else (held.own, held.shared)
        self.withheld.append(Withheld(held.title, (*faults, *own), shared))
        return False

    def _write(self, draft: Draft, target: Path, missing: tuple[str, ...] | None) -> str | None:
        """Write one document, a workbook or from its template, or begin to; see `render`."""
        if draft.template == WORKBOOK:
            self._begun[self._within(target)] = write_workbook(draft, target, missing, self.hands)
            return None
        template = self.options.templates / f"{draft.template}.docx"
        why_slowly = render(template, draft.context, target, missing=missing, seen=self._whole)
        if draft.charts:
            charted = self.hands.begin(fill_charts, target, draft.charts)
            self._begun[self._within(target)] = partial(self._fill_in_late, template, target, charted)
        else:
            self._fill_in(template, target)
        return why_slowly

    def _fill_in_late(self, template: Path, target: Path, charted: Callable[[], tuple[str, ...]]) -> None:
        """The same as `_fill_in`, for a document that counts as made; it no longer does if this fails."""
        try:
            self._fill_in(template, target, charted)
        except PipelineError as error:
            target.unlink(missing_ok=True)
            self.made = [one for one in self.made if one.file != self._within(target)]
            self.withheld.append(Withheld(target.stem, (str(error),)))

    def _fill_in(self, template: Path, target: Path, charted: Callable[[], tuple[str, ...]] = tuple) -> None:
        """Write what no tag fills in, charts and the table of contents; charted: the charts the template lacks."""
        try:
            without = "模板里没有图表“{}”，文中没有这张图；不是有意删去的，请从原始版本恢复模板"
            remarks = [without.format(name) for name in charted()]
            if contents.stands_in(template) and contents.fill(target):
                remarks.append(contents.NO_PAGES)
        except (PipelineError, OSError, MemoryError):
            raise
        except Exception as error:  # an edited chart or table of contents fails in many ways
            raise PipelineError(
                f"模板《{template.name}》里的图表或目录填不了，没有生成；请从原始版本中恢复。"
            ) from error
        self.remarks += [(target.stem, remark) for remark in remarks]
        # Once more, since docxchart and the table of contents have rewritten parts.
        look_at(target, template, self._whole)

    def _within(self, target: Path) -> str:
        return target.relative_to(self.folder).as_posix()


def write_workbook(
    draft: Draft, target: Path, missing: Sequence[str] | None = None, hands: Here = HERE
) -> Callable[[], None]:
    """Begin to write a document that is a workbook; gives a function that waits for its end. Both raise OSError.

    missing: what a draft lacks; None if it is not a draft.
    """
    if draft.statistics is None:
        return HERE.begin(listing.render, draft.context, target, missing=missing)
    title, note = str(draft.context["标题"]), str(draft.context["说明"])
    return hands.begin(write_statistics, target, title, note, draft.statistics, missing)


def _checked(document: Document, templates: Path) -> tuple[TemplateFault, ...]:
    from pipeline.run.template_checks import faults_of  # what checks templates takes as long to load as all the forms

    return faults_of(document, templates)
