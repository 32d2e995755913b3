"""The conductor: the only module that calls every room, from a folder of workbooks to a folder of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from pipeline import __version__
from pipeline.documents import periods
from pipeline.documents.catalogue import Document
from pipeline.documents.lists import county_list
from pipeline.dossier.dossier import Dossier
from pipeline.dossier.recipients import Directory
from pipeline.errors import PipelineError, cause
from pipeline.excel import results
from pipeline.excel.results import Withheld
from pipeline.forms.faults.fault import Issue, Normalisation, Severity
from pipeline.forms.period import Period
from pipeline.intake.files.folders import month_folder
from pipeline.intake.joining import Month
from pipeline.intake.loading import load, months_beside
from pipeline.intake.replies import SettledIssue
from pipeline.intake.replies import questions as ask
from pipeline.intake.replies import settled as answered
from pipeline.intake.terms import Bases
from pipeline.publishing import Kept, Manifest, fresh_folder, put_in_place, read, refuse_among, sha256, writing_to
from pipeline.run import earlier, remembered
from pipeline.run.aside import Dossiers
from pipeline.run.beside import Here
from pipeline.run.letters import NO_REGISTRATION, Registration, keep, register
from pipeline.run.numbers import kept_numbers, numbers_of
from pipeline.run.options import AS_USUAL, RunOptions
from pipeline.run.press import HERE, Press
from pipeline.run.record import Facts, seen
from pipeline.run.registering import NumberStart
from pipeline.run.remembered import Changes
from pipeline.run.renumbering import EditedLetter
from pipeline.run.returning import ReturnedFolder, Returning, give_back
from pipeline.run.sending import LIST, Sending, write_parcels, write_sending
from pipeline.run.templates import looking
from pipeline.run.tracing import inputs
from pipeline.run.withholding import blocking
from pipeline.trays import Tray
from pipeline.word.comparing import differences
from pipeline.word.form import Deviation
from pipeline.word.printing.pdf import Printing, not_printed, printed

RESULTS = f"{Tray.CHECKS}/{results.NAME}"
"""Where a run's folder has 校验结果.xlsx."""


@dataclass(frozen=True)
class Outcome:
    """What a run made and did not make, and everything to report about the workbooks."""

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
    """Documents that somebody had edited by hand since an earlier run."""
    remarks: tuple[tuple[str, str], ...] = ()
    """What the office should know about a document: the document and a sentence."""
    printing: Printing | None = None
    """The PDFs of the documents made; None if not asked for."""
    sending: Path | None = None
    """发送清单.xlsx; None if nothing is to be sent."""
    parcels: tuple[Path, ...] = ()
    """A zip for each recipient; () if not asked for, or if nothing is to be sent."""
    slowly: tuple[tuple[str, str], ...] = ()
    """The documents that only plain docxtpl could make, each with the reason."""
    deviating: tuple[tuple[Path, tuple[Deviation, ...]], ...] = ()
    """The documents made that deviate from the standard's form, as an edited template may cause."""
    returned: tuple[ReturnedFolder, ...] = ()
    """The workbooks with faults that go back, marked, by whose they are."""
    cleared: tuple[tuple[str, Changes], ...] = ()
    """Whose workbooks had faults at an earlier run and have none now."""
    settled: tuple[SettledIssue, ...] = ()
    """What was to be verified and is answered; it is not among the issues."""
    registration: Registration = NO_REGISTRATION
    """The numbers of the letters, and 待编文号.xlsx."""
    edited: tuple[EditedLetter, ...] = ()
    """Letters edited by hand that stayed in their places, with number and date of today."""


def report(given: Path, output: Path, options: RunOptions = AS_USUAL, *, hands: Here = HERE) -> Outcome:
    """Read the month, and write every document that no fault withholds to `output/YYYY-MM/`.

    hands: who does the steps that need heavy libraries. Raises PipelineError if the input, the output folder or the
    installation does not allow any of it.
    """
    kinds = looking(options.look, options.templates)
    NumberStart.parse(options.number_from)  # a slip there is told before anything is made
    found = _read(given, output, options)
    folder = output / f"{found.asked}{options.mark}"
    for source in (given, found.workbooks):
        refuse_among(source, output, folder)
    dossiers = Dossiers(found.month, found.compared, found.noticed.notices, whole=options.draft)
    with fresh_folder(folder) as fresh:
        press = Press(fresh, options, output, hands)
        with writing_to(folder):
            _write_documents(press, (kind for kind in kinds if kind.covers(found.asked)), dossiers)
            returning = give_back(fresh, found.workbooks, found.month, found.settled, remembered.returns(folder))
            press.sent += returning.sent
            registration = register(press, found.months, read(folder))
            found = found.with_issues(registration.issues)
            finish = _finish(press, found, folder)
            _write_results(press, found)
            _manifest(press, found, dossiers, finish, returning, registration).write(fresh, folder)
        taken = {**finish.sending.taken, **{one.file: one.edited for one in finish.edited}}
        kept = put_in_place(fresh, folder, differences, taken)
    outcome = _outcome(found, press, finish, returning, dossiers.least(), kept, folder)
    return replace(outcome, registration=registration)


# What a run starts from ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """The month or months of a run, with what they are compared with, and the problems that earlier notices listed.

    workbooks: the folder to which names of workbooks are relative; settled: what was to be verified and is answered;
    questions: what this run and those before it asked; seen: the hash of everything the run depends on; numbers: the
    numbers for life to be recorded.
    """

    workbooks: Path
    month: Month
    compared: Bases | None
    noticed: earlier.Earlier
    settled: tuple[SettledIssue, ...]
    questions: Mapping[str, str]
    seen: str
    numbers: Sequence[Mapping[str, Any]]

    @property
    def asked(self) -> Period:
        """The period asked for; some of its months may be missing."""
        return self.month.asked or self.month.period

    @property
    def months(self) -> tuple[Month, ...]:
        """This month, and those before it that were read."""
        before = [self.month.previous] if self.month.previous else []
        return (self.month, *before, *reversed(self.noticed.months))

    def with_issues(self, issues: Sequence[Issue]) -> Self:
        """The same with further issues; () changes nothing."""
        return replace(self, month=self.month.with_issues(issues)) if issues else self


def _read(given: Path, output: Path, options: RunOptions) -> _Found:
    workbooks = given if options.is_longer else month_folder(given, options.period)
    looked_at = seen(workbooks, output, options)
    known = kept_numbers(output)
    month = load(given, options.period, known)
    shelf = months_beside(workbooks, month, known)
    compared = shelf.bases(month) if shelf else None
    answers = remembered.replies(output, month.period if not month.parts else month.parts[-1].period)
    asked_before = remembered.asked(output, month)
    month, settled = answered(month, answers, asked_before)
    now = answers | {one.fingerprint: (one.words, one.since) for one in settled}
    if now != answers:  # this run's record will be looked at by the next one
        looked_at = seen(workbooks, output, options, now)
    noticed, numbers = earlier.notices(month, shelf, output), numbers_of(month, known.of(month.period))
    questions = ask(month) | asked_before
    return _Found(workbooks, month, compared, noticed, settled, questions, looked_at, numbers)


# What a run writes ---------------------------------------------------------------------------------------------------


def _write_documents(press: Press, kinds: Iterable[Document], dossiers: Dossiers) -> None:
    """Every document of these kinds; none of a kind for which nothing can be signed."""
    for kind in kinds:
        month, dossier = dossiers.of(kind)
        if dossier is None:
            press.withhold(kind, blocking(kind, month))
        else:
            press.print(kind, month, dossier)


def _write_results(press: Press, found: _Found) -> None:
    """校验结果.xlsx."""
    month, remarks = found.month, [*press.remarks, *press.slowly]
    path = press.folder / RESULTS
    path.parent.mkdir(exist_ok=True)
    results.write(
        path,
        found.workbooks,
        month.issues,
        month.normalisations,
        press.withheld,
        remarks,
        month.files,
        [(one.issue, one.words, one.since) for one in found.settled],
    )


@dataclass(frozen=True)
class _Finish:
    """The steps after writing the documents: their PDFs, the check of their form, what is to be sent.

    edited: the letters edited by hand that stay; parcels: the zips.
    """

    printing: Printing | None
    deviating: Mapping[str, tuple[Deviation, ...]]
    edited: tuple[EditedLetter, ...]
    sending: Sending
    parcels: Sequence[Path]


def _finish(press: Press, found: _Found, folder: Path) -> _Finish:
    options = press.options
    deviating = {} if options.draft else press.deviating()
    press.wait()
    edited = keep(press, folder)  # before anything is printed or sent
    printing = _on_paper(press) if options.pdf else None
    sent = () if options.draft else press.sent
    directory = Directory(found.month)
    sending = write_sending(press.folder, sent, directory, periods.called(found.asked), folder / LIST)
    press.remarks += [("发送清单", sending.remark)] if sending.remark else []
    parcels = write_parcels(press.folder, sent, directory) if options.parcels else []
    return _Finish(printing, deviating, edited, sending, parcels)


def _on_paper(press: Press) -> Printing:
    """The PDFs of the documents; if the computer cannot print at all, each document is named."""
    made = [press.folder / one.file for one in press.made if one.template]
    try:
        return printed(made, seconds=press.options.pdf_seconds)
    except PipelineError as error:
        return not_printed(made, str(error))


# A run's record ------------------------------------------------------------------------------------------------------


def _manifest(
    press: Press,
    found: _Found,
    dossiers: Dossiers,
    finish: _Finish,
    returning: Returning,
    registration: Registration,
) -> Manifest:
    used = inputs(found.month, found.compared, found.noticed.months)
    pdfs = [path.relative_to(press.folder).as_posix() for path in finish.printing.made] if finish.printing else []
    parcels = [path.relative_to(press.folder).as_posix() for path in finish.parcels]
    return Manifest(
        version=__version__,
        period=str(found.asked),
        draft=press.options.draft,
        inputs={name: _hash_of_input(path) for name, path in used.items()},
        templates=press.templates_used(),
        documents=press.made,
        others=[
            RESULTS,
            *filter(None, (finish.sending.file, registration.proposals)),
            *pdfs,
            *parcels,
            *returning.files,
        ],
        seen=found.seen,
        facts=_facts(press, dossiers, finish, registration).recorded(),
        replies=remembered.recorded(found.settled, press.output / f"{found.asked}{press.options.mark}"),
        asked={} if found.month.parts else found.questions,
        returns=returning.states,
        numbers=found.numbers,
        proposed=registration.numbers.recorded(),
    )


def _hash_of_input(path: Path) -> str:
    """Raises PipelineError if the file has gone since it was read."""
    try:
        return sha256(path)
    except OSError as error:
        raise PipelineError(
            f"“{path}”在运行中被移走、改名或打不开了（{cause(error)}），没有生成文书。请把它放回原处，再运行一次。"
        ) from error


def _facts(press: Press, dossiers: Dossiers, finish: _Finish, registration: Registration) -> Facts:
    """The result of the run in numbers."""
    unprinted = len(finish.printing.failed) if finish.printing else 0
    withheld = len(press.withheld)
    month, dossier = dossiers.of(county_list)
    month = month.with_issues(registration.issues) if registration.issues else month
    return Facts.of(month, dossier, len(press.made), withheld, unprinted, len(finish.deviating))


def _outcome(
    found: _Found,
    press: Press,
    finish: _Finish,
    returning: Returning,
    least: Dossier | None,
    kept: tuple[Kept, ...],
    folder: Path,
) -> Outcome:
    """The outcome of the run, whose documents are now in `folder`; least: the dossier without any doubtful workbook."""
    return Outcome(
        period=found.asked,
        folder=folder,
        made=tuple(folder / one.file for one in press.made),
        withheld=tuple(press.withheld),
        issues=found.month.issues,
        normalisations=found.month.normalisations,
        unreported=least.unreported if least else (),
        results=folder / RESULTS,
        kept=kept,
        remarks=tuple(press.remarks),
        printing=finish.printing and finish.printing.moved(press.folder, folder),
        sending=folder / finish.sending.file if finish.sending.file else None,
        parcels=tuple(folder / path.relative_to(press.folder) for path in finish.parcels),
        slowly=tuple(press.slowly),
        deviating=tuple((folder / file, of) for file, of in finish.deviating.items()),
        returned=tuple(one.within(folder) for one in returning.folders),
        cleared=tuple(returning.cleared),
        settled=found.settled,
        edited=finish.edited,
    )


def counted(issues: Sequence[Issue]) -> dict[Severity, int]:
    """How many issues there are of each severity that occurs, most severe first."""
    numbers = {severity: sum(issue.cells for issue in issues if issue.severity is severity) for severity in Severity}
    return {severity: number for severity, number in numbers.items() if number}
