"""4-退回/: each workbook with faults goes back to who filled it in, marked, with a message to paste into a chat."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.documents.catalogue import file_name, unlike
from pipeline.forms.catalogue import OFFICE_REPORT, REGISTRY, TO_NUMBER
from pipeline.forms.cells import plain
from pipeline.forms.faults.fault import Issue, Severity
from pipeline.forms.office import Report
from pipeline.forms.period import Period
from pipeline.forms.registry import Zone
from pipeline.forms.schema import Form
from pipeline.forms.zone import COUNTY_LEVEL, ZoneReport
from pipeline.intake.files.folders import LEVELS_ABOVE
from pipeline.intake.files.lineage import Lineage
from pipeline.intake.files.marks import LONGEST_CODE
from pipeline.intake.files.names import readable
from pipeline.intake.files.reading import UnreadableError, form_of
from pipeline.intake.files.sniffing import fault_of
from pipeline.intake.issues import reading_order
from pipeline.intake.joining import Month
from pipeline.intake.replies import RowIdentities, SettledIssue
from pipeline.run.remembered import Changes, ReturnState
from pipeline.run.sending import Sent
from pipeline.trays import Tray
from pipeline.walking import is_regular, real

MESSAGE = "回复.txt"
OFFICE = "督导室"
"""Whose 名录, 督导室月报 and files of unknown zones are."""
_SHOWN = 3
"""The gravest faults that a message names."""
_WEIGHTY = (Severity.必改, Severity.请核实)
_LONGEST = 120
"""Characters of a fault in a message."""


@dataclass(frozen=True)
class ReturnedFolder:
    """What goes back to one place: the zone or the office, the files, and how many faults there are to deal with."""

    whose: str
    files: tuple[Path, ...]
    faults: int
    changes: Changes | None = None

    def within(self, folder: Path) -> ReturnedFolder:
        """The same with the paths of its files within a folder."""
        return replace(self, files=tuple(folder / file for file in self.files))


@dataclass
class Returning:
    """The returns of a run: what was written, relative to the run's folder, and what its manifest notes."""

    folders: list[ReturnedFolder] = field(default_factory=list)
    cleared: list[tuple[str, Changes]] = field(default_factory=list)
    """The places that had faults before and have none now."""
    states: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Every file, by its path within the run's folder."""
        return [file.as_posix() for one in self.folders for file in one.files]

    @property
    def sent(self) -> list[Sent]:
        """The workbooks that leave the office."""
        leaving = (one for one in self.folders if one.whose != OFFICE)
        files = ((one.whose, file) for one in leaving for file in one.files if file.name != MESSAGE)
        return [Sent(file.as_posix(), (whose,), None, "") for whose, file in files]


def give_back(
    fresh: Path, workbooks: Path, month: Month, settled: Sequence[SettledIssue], old: Mapping[str, Any]
) -> Returning:
    """Write 4-退回/ into a run's folder; nothing for a month without faults, and for several months as one.

    workbooks: the month's folder; settled: what was answered; old: what the run before noted of its returns. Only 必改
    and 请核实 make a workbook go back. Raises OSError.
    """
    done = Returning()
    if month.parts:
        return done
    books: dict[str, list[_Returned]] = {}
    rows = RowIdentities(month)
    for name, issues in _by_workbook(month).items():
        path = _file(name, workbooks, month)
        if path and any(issue.severity in _WEIGHTY for issue in issues):
            its = [one for one in settled if one.issue.location.workbook == name]
            books.setdefault(_whose(name, month, issues), []).append(_Returned(name, path, issues, its))
    due = _due(month)
    for whose, of_it in sorted(books.items()):
        state = _state(of_it, rows).after(old.get(whose))
        folder = PurePosixPath(Tray.RETURNED) / file_name("{subject}", whose)
        (fresh / folder).mkdir(parents=True)
        files = _write_books(fresh / folder, of_it, month, rows)
        (fresh / folder / MESSAGE).write_text(_message(of_it, files, state.changes, due), encoding="utf-8-sig")
        written = (*dict.fromkeys(file for file in files.values() if file), MESSAGE)
        paths = tuple(Path(folder / file) for file in written)
        done.folders.append(ReturnedFolder(whose, paths, sum(state.faults.values()), state.changes))
        done.states[whose] = state.recorded()
    for whose in sorted(old.keys() - books.keys()):
        state = ReturnState("", {}).after(old[whose])
        if state.before and state.changes:
            done.cleared.append((whose, state.changes))
            done.states[whose] = state.recorded()
    return done


@dataclass(frozen=True)
class _Returned:
    """A workbook that goes back, with its faults and what was answered in it."""

    name: str
    path: Path
    issues: Sequence[Issue]
    settled: Sequence[SettledIssue]

    @property
    def weighty(self) -> list[Issue]:
        """What must be dealt with, the gravest first."""
        return sorted((issue for issue in self.issues if issue.severity in _WEIGHTY), key=_gravest_first)


def _gravest_first(issue: Issue) -> tuple[object, ...]:
    place = issue.location
    return (list(Severity).index(issue.severity), bool(place.sheet) + bool(place.cell), reading_order(place))


# Whose workbooks these are -------------------------------------------------------------------------------------------


def _by_workbook(month: Month) -> dict[str, list[Issue]]:
    """The faults of each file of this month."""
    found: dict[str, list[Issue]] = {}
    for issue in month.issues:
        name = issue.location.workbook
        if not Period.of_folder(name.partition("/")[0] if "/" in name else ""):
            found.setdefault(name, []).append(issue)
    return found


def _file(name: str, workbooks: Path, month: Month) -> Path | None:
    """The file of a name in messages; None if it is a folder, or has gone."""
    above = [workbooks, *real(workbooks).parents[:LEVELS_ABOVE]]
    candidates = [month.files[name]] if name in month.files else [folder / name for folder in above]
    return next((path for path in candidates if is_regular(path)), None)


def _whose(name: str, month: Month, issues: Sequence[Issue]) -> str:
    """The zone of a workbook, or that a file states or is named after; else the office."""
    if name in month.zone_of_workbook:
        return month.zone_of_workbook[name] or OFFICE
    if month.workbooks.get(name) in (REGISTRY, OFFICE_REPORT, TO_NUMBER):
        return OFFICE
    zones = [*(row.name for row in month.all(Zone)), COUNTY_LEVEL]
    stated = {issue.written for issue in issues if issue.label == ZoneReport.label_of("zone")}
    if stated & set(zones):
        return min(stated & set(zones))
    stem = plain(PurePosixPath(name).name)
    named = [zone for zone in zones if plain(zone) in stem]
    return max(named, key=len, default=OFFICE)


def _due(month: Month) -> str:
    report = month.one(Report)
    return f"请在 {report.made_on.month} 月 {report.made_on.day} 日督导室制表之前交回" if report else "请尽快交回"


def _state(books: Sequence[_Returned], rows: RowIdentities) -> ReturnState:
    content = hashlib.sha256()
    faults: Counter[str] = Counter()
    for book in sorted(books, key=lambda one: one.name):
        content.update(hashlib.sha256(book.path.read_bytes()).digest())
        for issue in book.weighty:
            faults[rows.place(issue)] += issue.cells
    return ReturnState(content.hexdigest()[: LONGEST_CODE * 4], dict(faults))


# Files ---------------------------------------------------------------------------------------------------------------


def _write_books(folder: Path, books: Sequence[_Returned], month: Month, rows: RowIdentities) -> dict[str, str]:
    """The file that was written for each workbook, by its name in messages; "" for one of which nothing was read."""
    files: dict[str, str] = {}
    taken: set[str] = {PurePosixPath(MESSAGE).stem.casefold()}
    for book in books:
        content = _marked(book, month, rows)
        if content is None:
            files[book.name] = ""
            continue
        stem = unlike(PurePosixPath(readable(book.path.name)).stem, taken)
        taken.add(stem.casefold())
        files[book.name] = f"{stem}.xlsx"
        (folder / files[book.name]).write_bytes(content)
    return files


def _marked(book: _Returned, month: Month, rows: RowIdentities) -> bytes | None:
    """The workbook with marks; its values in the blank's form if it cannot be marked; None if nothing can be read."""
    from pipeline.workbooks.marking.marking import mark  # lxml: only if something goes back
    from pipeline.workbooks.marking.parts import UnmarkableError
    from pipeline.workbooks.refilling import refilled

    form = month.workbooks.get(book.name) or _form(book.path)
    if form is None:
        return None
    content = book.path.read_bytes()
    told = [_told(issue, rows) for issue in book.issues]
    told += [_told(one.issue, rows, settled=True) for one in book.settled]
    lineage = Lineage.of(content).next
    try:
        return mark(content, form, told, lineage)
    except UnmarkableError:
        pass
    try:
        anew, moved = refilled(book.path, book.name, form, told)
        return mark(anew, form, moved, lineage)
    except (UnmarkableError, UnreadableError, OSError):
        return None


def _told(issue: Issue, rows: RowIdentities, *, settled: bool = False) -> Any:
    from pipeline.workbooks.marking.words import Told

    asks = issue.severity is Severity.请核实
    return Told(issue, rows.fingerprint(issue)[:LONGEST_CODE] if asks else "", settled)


def _form(path: Path) -> Form | None:
    try:
        return form_of(path) if fault_of(path) is None else None
    except (OSError, UnreadableError):
        return None


# The message ---------------------------------------------------------------------------------------------------------


def _message(books: Sequence[_Returned], files: Mapping[str, str], changes: Changes | None, due: str) -> str:
    """A message without a greeting: what is wrong, the gravest faults, what to do, and by when."""
    lines: list[str] = []
    for book in books:
        counts = Counter(dict.fromkeys(_WEIGHTY, 0))
        for issue in book.weighty:
            counts[issue.severity] += issue.cells
        numbers = "、".join(f"{severity} {number} 处" for severity, number in counts.items() if number)
        unread = "" if files[book.name] else "，这份文件读不了，没有附回"
        lines.append(f"《{readable(book.path.name)}》校验有{numbers}{unread}。")
        lines += _gravest(book.weighty)
    if changes:
        lines.append(f"{changes.words}。")
    lines += _what_to_do(books, files, due)
    return "\n".join([*lines, ""])


def _gravest(issues: Sequence[Issue]) -> Iterator[str]:
    for number, issue in enumerate(issues[:_SHOWN], 1):
        place = " ".join(filter(None, (issue.location.sheet, issue.location.cell.partition("、")[0])))
        label = f"“{issue.label}”" if issue.label else ""
        sentence = issue.sentence if len(issue.sentence) <= _LONGEST else f"{issue.sentence[:_LONGEST]}……"
        where = f"{place}{label}"
        yield f"{number}. {where}：{sentence}" if where else f"{number}. {sentence}"
    if len(issues) > _SHOWN:
        yield "其余见附件的“问题清单”。"


def _what_to_do(books: Sequence[_Returned], files: Mapping[str, str], due: str) -> Iterator[str]:
    marked = [name for name in files.values() if name]
    if marked:
        asks = any(issue.severity is Severity.请核实 for book in books if files[book.name] for issue in book.issues)
        answer = "黄色的请核实：有错就改，没有错的在那一行最右边的【校验】核实说明一列写明情况。" if asks else ""
        yield (
            "请打开附件，它就是交来的表，错处已标出；从第一张表“问题清单”单击单元格可到那一格。"
            f"红色的要改正。{answer}改好保存，把附件交回，文件名不用改，{due}。"
        )
    if len(marked) < len(books):
        yield f"没有附回的文件，请按上面说的处理后重新交来，{due}。"
