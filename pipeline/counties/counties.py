"""Several counties in one run: each is a task, from a folder to a few numbers; then their sums."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.counties.executing import MOST_WORKERS, Lost, each_done
from pipeline.documents.catalogue import documents
from pipeline.dossier.province import Province, Recorded, province
from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.files.folders import month_folder, workbooks_or_like
from pipeline.publishing import MANIFEST, Kept, fresh_folder, put_file, writing_to
from pipeline.run.options import DRAFT_MARK, RunOptions
from pipeline.run.record import Facts, seen, unchanged
from pipeline.run.report import report
from pipeline.run.template_checks import faults_of
from pipeline.walking import real
from pipeline.word.comparing import differences
from pipeline.word.rendering.template import render
from pipeline.word.rendering.whole import look_at


@dataclass(frozen=True)
class Task:
    """One county: its name in the output folder, the folder of its workbooks, the folder of its months."""

    name: str
    given: Path
    output: Path
    options: RunOptions
    again: bool = False
    """Whether it is made even if nothing has changed."""


@dataclass(frozen=True)
class CountyResult:
    """The result of one county.

    period: its month, None if unknown; facts: None if nothing was made, for the reason in `error`.
    """

    name: str
    given: Path
    period: str | None
    folder: Path | None = None
    facts: Facts | None = None
    reused: bool = False
    """Nothing had changed since an earlier run, whose documents stay."""
    reported: bool = True
    """Whether the month has any workbook."""
    error: str = ""

    @property
    def called(self) -> str:
        """The county's own name if known."""
        return (self.facts and self.facts.county) or self.name


@dataclass(frozen=True)
class Summary:
    """The counties of one month, and their 整改情况汇总: its path, or why there is none."""

    story: Province
    path: Path | None = None
    kept: Kept | None = None
    reason: str = ""


@dataclass(frozen=True)
class CountiesResult:
    """All counties, in the order given, and each month that occurs."""

    counties: tuple[CountyResult, ...]
    summaries: tuple[Summary, ...]

    @property
    def nothing_made(self) -> bool:
        """Whether no county could be run."""
        return all(county.facts is None for county in self.counties)

    @property
    def incomplete(self) -> bool:
        """Whether a county failed or anything was withheld."""
        return any(
            c.facts is None or c.facts.withheld or c.facts.unprinted or c.facts.deviating for c in self.counties
        ) or any(summary.path is None for summary in self.summaries)


def run(
    given: Sequence[Path],
    output: Path,
    options: RunOptions,
    *,
    again: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    when_done: Callable[[CountyResult], None] = lambda _: None,
) -> CountiesResult:
    """Make the documents of every county in `output/<name>/<YYYY-MM>`; for several, a 整改情况汇总 for each month.

    again: make unchanged ones too. workers, scheduler: see `each_done`; None for as many workers as pay. when_done:
    called with each county. A failure in one county stops no other. Raises PipelineError if the scheduler cannot be
    reached, and for a period of several months.
    """
    if options.is_longer:
        raise PipelineError(
            f"几个县一起处理时按月进行，不能写 {options.period}。请写一个月份，如 2024-03；"
            f"季度、半年、年度总结请一个县一个县地生成。"
        )
    tasks = named(given, real(output), options, again=again)
    done: dict[tuple[str, Path], CountyResult] = {}
    with closing(each_done(made, tasks, workers=workers or paying(len(tasks)), scheduler=scheduler)) as all_done:
        for task, came in all_done:
            county = _failed(task, came.sentence) if isinstance(came, Lost) else came
            done[task.name, task.given] = county
            when_done(county)
    counties = tuple(done[task.name, task.given] for task in tasks)
    return CountiesResult(counties, tuple(_summaries(counties, real(output), options)) if len(counties) > 1 else ())


def paying(counties: int) -> int:
    """How many processes pay: one for each processor, and a single one for fewer than eight counties.

    A process needs over a second to start and check the templates; a county takes a fifth of a second, a large one
    half.
    """
    return 1 if counties < 8 else min(counties, os.cpu_count() or 1, MOST_WORKERS)


def named(given: Iterable[Path], output: Path, options: RunOptions, *, again: bool = False) -> list[Task]:
    """A task for each folder, in the order given; a month given twice is made once.

    It is named after the county's folder; if several have the same name, also after those above.
    """
    roots: dict[Path, tuple[Path, Path]] = {}
    for folder in given:
        month = _month(folder, options.period) or folder
        roots.setdefault(real(month), (real(folder), _root(real(folder))))
    counties = list(dict.fromkeys(root for _, root in roots.values()))
    names = {root: _name(root, counties) for root in counties}
    return [Task(names[root], folder, output / names[root], options, again) for folder, root in roots.values()]


def _root(folder: Path) -> Path:
    """A county's folder: the one above, if a month's own is given."""
    return folder.parent if Period.of_folder(folder.name) else folder


def _name(root: Path, among: Sequence[Path]) -> str:
    """As many of the last parts of the path as distinguish it; some file systems ignore case."""
    parts = [part for part in root.parts if part != root.anchor] or ["县"]
    for count in range(1, len(parts) + 1):
        name = "-".join(parts[-count:])
        alike = [other for other in among if "-".join(other.parts[-count:]).casefold() == name.casefold()]
        if len(alike) == 1:
            return name
    return "-".join(parts)


def _month(folder: Path, period: Period | None) -> Path | None:
    try:
        return month_folder(folder, period)
    except (PipelineError, OSError):
        return None


# One county ----------------------------------------------------------------------------------------------------------


def made(task: Task) -> CountyResult:
    """One county from its folder to its documents; raises nothing, so that no county stops another."""
    options = task.options
    try:
        now = seen(month_folder(task.given, options.period), task.output, options)
        same = None if task.again else unchanged(task.output, now)
        folder = same or report(task.given, task.output, options).folder
        period = folder.name.removesuffix(DRAFT_MARK)
        return CountyResult(task.name, task.given, period, folder, Facts.in_folder(folder), reused=bool(same))
    except PipelineError as error:
        return _failed(task, str(error))
    except MemoryError:
        return _failed(task, "内存不足，没有处理完。请关闭其他程序后再运行一次。")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        sentence = f"程序在 {Path(place.filename).name} 第{place.lineno}行出错（{type(error).__name__}：{error}）"
        return _failed(task, f"{sentence}。这是程序的问题，不是表的问题，请把这句话告诉维护程序的人。")


def _failed(task: Task, why: str) -> CountyResult:
    month = _month(task.given, task.options.period)
    period = task.options.period or (Period.of_folder(real(month).name) if month else None)
    reported = bool(month and workbooks_or_like(month))
    return CountyResult(task.name, task.given, str(period) if period else None, reported=reported, error=why)


# All counties of a month ---------------------------------------------------------------------------------------------


def _summaries(counties: Sequence[CountyResult], output: Path, options: RunOptions) -> Iterator[Summary]:
    """One for each month of which a county was made, earliest first; a county of unknown month belongs to each."""
    for period in sorted({county.period for county in counties if county.facts and county.period}):
        parsed = Period.parse(period)
        assert parsed is not None  # a run's folder is named after its month
        yield _summary(_story(parsed, [c for c in counties if c.period in (period, None)]), output, options)


def _story(period: Period, counties: Sequence[CountyResult]) -> Province:
    names = Counter(county.called for county in counties)
    called = {c.given: c.called if names[c.called] == 1 else f"{c.called}（{c.name}）" for c in counties}
    recorded = [
        Recorded(called[c.given], c.facts.balance, tuple(c.facts.unreported), f"{c.name}/{period}/{MANIFEST}")
        for c in counties
        if c.facts and c.facts.balance
    ]
    absent = [called[c.given] for c in counties if not c.facts and not c.reported]
    faulty = [called[c.given] for c in counties if (c.facts and not c.facts.balance) or (not c.facts and c.reported)]
    return province(period, recorded, absent, faulty)


def _summary(story: Province, output: Path, options: RunOptions) -> Summary:
    (document,) = documents(Province)
    draft = next(document.drafts(story), None)
    if draft is None:
        return Summary(story, reason="没有一个县的问题整改数字可以列入，请先改正各县的表")
    faults = [
        f"模板《{draft.template}.docx》{fault}" for fault in faults_of(document, options.templates) if fault.error
    ]
    if faults:
        return Summary(story, reason="；".join(faults))
    missing = [f"{name}没有列入" for name in (*story.absent, *story.faulty)] if options.draft else None
    template = options.templates / f"{draft.template}.docx"
    file = f"{draft.name}{options.mark}.docx"
    try:
        with fresh_folder(output / Path(file).stem) as fresh, writing_to(output):
            render(template, draft.context, fresh / file, missing=missing)
            look_at(fresh / file, template, set())
            kept = put_file(fresh / file, output, template.name, differences)
    except PipelineError as error:
        return Summary(story, reason=str(error))
    return Summary(story, output / file, kept)
