"""Rows of 文件台账 for the letters of a run: proposed in 待编文号.xlsx, and numbered if somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Self

from pipeline.documents.filing import Filing
from pipeline.errors import PipelineError
from pipeline.forms.catalogue import TO_NUMBER
from pipeline.forms.cells import plain
from pipeline.forms.codes import DocumentDirection, DocumentKind
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.references import KY_13
from pipeline.forms.office import DocumentEntry
from pipeline.forms.places import Location
from pipeline.intake.files.layout import PREPARED_MONTH
from pipeline.intake.joining import Month
from pipeline.trays import Tray
from pipeline.word.form import title
from pipeline.word.numbering import PrintedNumber, renumbered

PROPOSALS = f"{Tray.LETTERS}/{TO_NUMBER.name}.xlsx"
"""Where a run's folder has the rows for letters without a number."""
OPTION = "--number-from"
_WHOLE = re.compile(r"(.+)〔([0-9]{4})〕([1-9][0-9]*)号")


@dataclass(frozen=True)
class Letter:
    """A letter of the run: its file within the month's folder, how it is filed, and what it prints.

    number: None if it has none yet; unnumbered: it never gets one.
    """

    file: str
    filed: Filing
    number: str | None
    unnumbered: bool
    dated: date
    title: str | None
    issuer: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]

    @classmethod
    def of(cls, file: str, filed: Filing, context: Mapping[str, Any], to: Sequence[str]) -> Self:
        """The letter made from a context; to: to whom it goes if the register does not say."""
        return cls(
            file,
            filed,
            context["文号"] or None,  # an absent value is an object of its own
            context["不编号"],
            context["成文日期"],
            context["标题"] or None,
            context["机构全称"],
            tuple(context["主送"] or to),
            tuple(context["抄送"]),
        )

    @property
    def waits(self) -> bool:
        """Whether it prints 【文号待编】."""
        return self.number is None and not self.unnumbered

    @property
    def order(self) -> tuple[date, str]:
        """Letters are numbered by date, then in the order of their files."""
        return self.dated, self.file

    @property
    def printed(self) -> PrintedNumber:
        """Its number and date as printed."""
        return PrintedNumber(self.number, self.dated)


class NumberStart(NamedTuple):
    """Where to begin numbering: the running number and, if somebody wrote a whole number, what stands before it."""

    number: int
    code: str = ""
    year: int | None = None

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """36, or a whole number such as 东政教督〔2024〕36号; None for "". Raises PipelineError for anything else."""
        if match := _WHOLE.fullmatch(written):
            return cls(int(match[3]), match[1], int(match[2]))
        if re.fullmatch("[1-9][0-9]{0,5}", written):
            return cls(int(written))
        if written:
            raise PipelineError(f"起始文号“{written}”写法不对。请写数字，如 36，或写全，如 东政教督〔2024〕36号。")
        return None

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.number}号" if self.code else str(self.number)


@dataclass(frozen=True)
class Numbers:
    """The numbers that runs proposed for letters, by `Filing.key`; start: where they began, "" for none."""

    start: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def recorded_in(cls, manifest: Mapping[str, Any]) -> Self:
        """Those in the manifest of an earlier run; none in a manifest without them."""
        try:
            held = manifest["proposed"]
            return cls(str(held["start"]), {str(key): str(number) for key, number in held["given"].items()})
        except (KeyError, TypeError, AttributeError):
            return cls()

    def recorded(self) -> dict[str, Any]:
        """Their form within a manifest; {} for none."""
        return {"start": self.start, "given": dict(self.given)} if self.given else {}


NO_NUMBERS = Numbers()


# Numbering -----------------------------------------------------------------------------------------------------------


def numbered(letters: Sequence[Letter], start: NumberStart, months: Sequence[Month], before: Numbers) -> Numbers:
    """Numbers for the letters without one, in the order of date and file; months: this one first.

    A letter keeps the number that an earlier run proposed from the same start; numbers in 文件台账 of any of the months
    are not given again. Raises PipelineError if nobody says what stands before the running number.
    """
    unnumbered = sorted((letter for letter in letters if letter.waits), key=lambda letter: letter.order)
    remembered = before.given if before.start == str(start) else {}
    settled = {letter.filed.key for letter in letters if not letter.waits}
    taken = {plain(number) for number in _registered(months)}
    given = {key: number for key, number in remembered.items() if key not in settled and plain(number) not in taken}
    taken |= {plain(number) for number in given.values()}
    for letter in unnumbered:
        if letter.filed.key not in given:
            number = _next(start, letter.dated.year, months, taken)
            given[letter.filed.key] = number
            taken.add(plain(number))
    return Numbers(str(start), dict(sorted(given.items())))


def _next(start: NumberStart, year: int, months: Sequence[Month], taken: set[str]) -> str:
    code, year, number = start.code or _code(months), start.year or year, start.number
    while plain(f"{code}〔{year}〕{number}号") in taken:
        number += 1
    return f"{code}〔{year}〕{number}号"


def _registered(months: Iterable[Month]) -> Iterator[str]:
    """The numbers in 文件台账, those of blocked rows too."""
    for one in months:
        yield from (row.number for row in one.all(DocumentEntry) if row.number)
        label = DocumentEntry.label_of("number")
        yield from (
            str(row.values[label]) for row in one.blocked if row.sheet is DocumentEntry and row.values.get(label)
        )


def _code(months: Iterable[Month]) -> str:
    """What stands before the year in the office's latest numbers."""
    for one in months:
        ours = [row for row in one.all(DocumentEntry) if row.direction is DocumentDirection.OUTGOING and row.series]
        if ours:
            latest = max(ours, key=lambda row: (row.dated or date.min, row.series and row.series[2]))
            return latest.series[0] if latest.series else ""
    raise PipelineError(
        f"文件台账中还没有编了号的发文，不知道文号的代字。请写全第一个文号，如 {OPTION} 东政教督〔2024〕1号。"
    )


def put_numbers(folder: Path, letters: Iterable[Letter], numbers: Numbers) -> list[Letter]:
    """Print the proposed numbers into the letters that were made without; gives all letters.

    A letter whose template has no place for a number stays without. Raises OSError.
    """
    found = []
    for letter in letters:
        number = numbers.given.get(letter.filed.key) if letter.waits else None
        path = folder / letter.file
        content = renumbered(path.read_bytes(), letter.printed, PrintedNumber(number, letter.dated)) if number else None
        if content:
            path.write_bytes(content)
        found.append(replace(letter, number=number) if content else letter)
    return found


# Proposing -----------------------------------------------------------------------------------------------------------


def waiting(letters: Iterable[Letter], proposed: Numbers) -> list[Letter]:
    """The letters without a number, and those with one that this run proposes."""
    return [one for one in letters if one.waits or (one.number and proposed.given.get(one.filed.key) == one.number)]


def write_proposals(folder: Path, letters: Sequence[Letter], month: Month) -> None:
    """Write 待编文号.xlsx into a month's folder.

    It has the rows of these letters, and those that came from such a workbook, so that the new one can take the place
    of the old. Raises OSError.
    """
    from pipeline.workbooks import blanks  # most months need no such workbook

    rows = [(letter.dated, letter.file, _row(letter, folder)) for letter in letters]
    rows += [(row.dated or date.max, row.number or "", _again(row)) for row in _of_proposals(month)]
    ordered = [row for _, _, row in sorted(rows, key=lambda each: each[:2])]
    path = folder / PROPOSALS
    path.parent.mkdir(parents=True, exist_ok=True)
    blanks.write(
        TO_NUMBER, path, rows={DocumentEntry.sheet_title(): ordered}, properties={PREPARED_MONTH: str(month.period)}
    )


def _row(letter: Letter, folder: Path) -> dict[str, object]:
    """A letter as a row of 文件台账, by label."""
    values = {
        "number": letter.number,
        "title": letter.title or _title(letter, folder / letter.file),
        "kind": str(letter.filed.kind),
        "direction": str(DocumentDirection.OUTGOING),
        "issuer": letter.issuer,
        "dated": letter.dated,
        "addressees": "；".join(letter.addressees),
        "copies": "；".join(letter.copies),
        "related": letter.filed.related,
    }
    return {DocumentEntry.label_of(attribute): value for attribute, value in values.items()}


def _title(letter: Letter, path: Path) -> str:
    """The title as printed, without who issues it; the file's name if it is not found, or lacks the telling word."""
    try:
        printed = title(path).removeprefix(letter.issuer)
    except PipelineError:
        printed = ""
    return printed if printed and letter.filed.about in printed else PurePosixPath(letter.file).stem


def _of_proposals(month: Month) -> list[DocumentEntry]:
    """The rows that staff numbered in such a workbook."""
    books = {name for name, form in month.workbooks.items() if form is TO_NUMBER}
    return [row for row in month.all(DocumentEntry) if row.origin.workbook in books and row.number]


def _again(row: DocumentEntry) -> dict[str, object]:
    values = {column.label: getattr(row, column.attribute) for column in row.columns()}
    return {label: _written(value) for label, value in values.items()}


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return "；".join(map(str, value))
    return value if value is None or isinstance(value, date) else str(value)


def without_letter(letters: Iterable[Letter], unsure: Iterable[DocumentKind], month: Month) -> Iterator[Issue]:
    """A 提示 for each numbered row that a run proposed and for whose letter this run had no reason.

    unsure: the kinds of which letters were withheld.
    """
    made = {(kind, letter.filed.related) for letter in letters for kind in _kinds(letter.filed.kind)}
    held = set(unsure)
    for row in _of_proposals(month):
        if row.kind not in held and not any((row.kind, related) in made for related in row.related):
            number = str(row.number)
            yield KY_13.at(Location.of(row, "number"), DocumentEntry.label_of("number"), written=number)


def _kinds(kind: DocumentKind) -> tuple[DocumentKind, ...]:
    """The kinds under which a letter may be registered."""
    return (DocumentKind.OPINION, DocumentKind.ADVICE) if kind is DocumentKind.OPINION else (kind,)
