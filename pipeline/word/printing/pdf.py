"""Printing: .docx -> .pdf, many in one call of LibreOffice; knows a complete PDF, not what it says."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from uuid import uuid4

from pipeline.ending import temporary_folder
from pipeline.errors import PipelineError
from pipeline.word.printing.fonts import StandIn, stand_ins
from pipeline.word.printing.soffice import convert, find

BATCH = 200
"""Documents in one call: their paths fit the shortest command line, that of Windows (32,767 characters)."""
START_SECONDS, DOCUMENT_SECONDS = 60, 5
"""Seconds for a call to start, and for each document: ten times what a slow machine took."""
BARREN = 2
"""After this many calls in a row without a PDF, LibreOffice itself is taken to be at fault."""

UNPRINTABLE = "LibreOffice 没有打印出这份文书，请在 Word 或 WPS 中打开检查，或在其中另存为 PDF"
INCOMPLETE = "LibreOffice 打印出的 PDF 不完整，可能磁盘已满；请清理磁盘后重试"
NO_DOCUMENT = "不是完整的 Word 文书（.docx），请重新生成"
ABSENT = "找不到这份文书，请重新生成"
CHANGED = "打印期间文书被改动，请关闭 Word 或 WPS 后重试"
SAME_NAME = "与另一份文书同名，PDF 会互相覆盖，请改名后重试"
STALE = "旧的 PDF 删不掉，它与新的文书不一致；可能正被打开，请关闭后重试"


@dataclass(frozen=True)
class Unprinted:
    """A document without a PDF, and why, in one Chinese sentence."""

    document: Path
    reason: str


@dataclass(frozen=True)
class Printing:
    """What was printed and what was not, in the order of the documents, and the stand-ins for missing fonts."""

    made: tuple[Path, ...] = ()
    failed: tuple[Unprinted, ...] = ()
    fonts: tuple[StandIn, ...] | None = ()
    """The named fonts that are missing; None if unknown."""

    def moved(self, old: Path, new: Path) -> Printing:
        """The same after the folder `old` has been moved to `new`."""
        failed = (replace(one, document=new / one.document.relative_to(old)) for one in self.failed)
        return replace(self, made=tuple(new / path.relative_to(old) for path in self.made), failed=tuple(failed))


def printed(documents: Iterable[Path], folder: Path | None = None, *, seconds: float | None = None) -> Printing:
    """Print each .docx as a PDF of the same name, into a folder (made if absent) or beside the document.

    seconds: how long one call of LibreOffice, with up to 200 documents, may take; by default 60 and 5 for each
    document. Without documents, nothing is called. A PDF appears only once it is complete. One older than its document
    is removed first, so that it does not stay if printing fails. A failure is reported and stops no other document.
    Raises PipelineError, with a Chinese sentence, without LibreOffice, or without room for its temporary files.
    """
    order = tuple(dict.fromkeys(documents))
    if not order:
        return Printing()
    tray = _PaperTray(folder, seconds)
    waiting = [document for document in order if tray.accept(document)]
    tray.program = find()
    try:
        with temporary_folder("pipeline-pdf-") as desk:
            for start in range(0, len(waiting), BATCH):
                tray.print(waiting[start : start + BATCH], desk)
    except OSError as error:
        raise PipelineError(f"{_hindrance(error, Path(tempfile.gettempdir()))}。") from error
    return Printing(
        made=tuple(tray.made[document] for document in order if document in tray.made),
        failed=tuple(
            Unprinted(document, f"{tray.failed[document]}。") for document in order if document in tray.failed
        ),
        fonts=stand_ins(),
    )


def not_printed(documents: Iterable[Path], reason: str) -> Printing:
    """All documents unprinted for one reason, for a run that could print none; empty without documents."""
    return Printing(failed=tuple(Unprinted(document, reason) for document in documents))


def complete(pdf: Path) -> bool:
    """Whether the file is a PDF from first mark to last, with at least one page; False without the file."""
    try:
        content = pdf.read_bytes()
    except OSError:
        return False
    # An interrupted export, or a full disk, leaves the beginning of a PDF.
    ends = content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    return ends and any(_PAGE.search(part) for part in (content, *_inflated(content)))


_PAGE = re.compile(rb"/Type\s*/Page\b")


def _inflated(content: bytes) -> Iterator[bytes]:
    """The content of object streams, where newer writers put their pages (ISO 32000-1, 7.5.7)."""
    for match in re.finditer(rb"/Type\s*/ObjStm\b.*?stream\r?\n", content, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(content[match.end() :])
        except zlib.error:
            continue


@dataclass
class _PaperTray:
    """Where PDFs go, and what became of each document."""

    folder: Path | None
    seconds: float | None
    program: Path = Path()
    made: dict[Path, Path] = field(default_factory=dict)
    failed: dict[Path, str] = field(default_factory=dict)
    _targets: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def target(self, document: Path) -> Path:
        """Where the document's PDF goes."""
        return (self.folder or document.parent) / f"{document.stem}.pdf"

    def accept(self, document: Path) -> bool:
        """Whether the document can be printed; removes its old PDF if that is out of date."""
        target = self.target(document)
        # On Windows and macOS, names that differ only in case are one file.
        name = str(target).casefold()
        reason = SAME_NAME if name in self._targets else _unfit(document) or _outdated_stays(target, document)
        self._targets.add(name)
        if reason:
            self.failed[document] = reason
        return not reason

    def print(self, documents: Sequence[Path], desk: Path) -> None:
        """Print a batch. If a call leaves documents out, the first of them is blamed and the others are tried again."""
        barren = 0
        while documents and barren < BARREN:
            left, reason = self._call(documents, desk)
            # LibreOffice prints in order, so the first missing document is the one at which it crashed.
            barren = barren + 1 if len(left) == len(documents) else 0
            # When LibreOffice itself is at fault, blaming one document after another would take hours.
            for document in left[:1] if barren < BARREN else left:
                self.failed.setdefault(document, reason)
            documents = left[1:]

    def _call(self, documents: Sequence[Path], desk: Path) -> tuple[list[Path], str]:
        """One call: the documents that LibreOffice left out, in order, and why."""
        copies, seen = self._copied(documents, desk)
        seconds = self.seconds or START_SECONDS + DOCUMENT_SECONDS * len(copies)
        reason = convert(self.program, list(copies.values()), desk, desk / "profile", seconds=seconds) if copies else ""
        left = []
        for document, copy in copies.items():
            pdf = copy.with_suffix(".pdf")
            if complete(pdf):
                self._put(pdf, document, seen[document])
            else:
                left.append(document)
                reason = reason or (INCOMPLETE if pdf.exists() else UNPRINTABLE)
            copy.unlink()
            pdf.unlink(missing_ok=True)
        return left, reason

    def _copied(self, documents: Sequence[Path], desk: Path) -> tuple[dict[Path, Path], dict[Path, int]]:
        """Copies named by plain numbers, so that no odd or long name reaches a command line; and their times."""
        copies, seen = {}, {}
        for document in documents:
            copy = desk / f"{next(self._numbers):04}.docx"
            try:
                seen[document] = document.stat().st_mtime_ns
                shutil.copyfile(document, copy)
            except OSError as error:
                self.failed[document] = _hindrance(error, document if error.errno != errno.ENOSPC else copy)
            else:
                copies[document] = copy
        return copies, seen

    def _put(self, pdf: Path, document: Path, seen: int) -> None:
        """Move a complete PDF to its place in one step, unless its document has changed meanwhile."""
        target = self.target(document)
        part = target.with_name(f".{uuid4().hex}.part")  # the document's own name may already have the greatest length
        try:
            if document.stat().st_mtime_ns != seen:
                self.failed[document] = _outdated_stays(target, document) or CHANGED
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(pdf, part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            self.failed[document] = _hindrance(error, target)
        else:
            self.made[document] = target


def _unfit(document: Path) -> str:
    """Why the file cannot be printed, or "". LibreOffice would print an empty file as an empty page."""
    if not document.is_file():
        return ABSENT
    return "" if zipfile.is_zipfile(document) else NO_DOCUMENT


def _outdated_stays(target: Path, document: Path) -> str:
    """Remove a PDF older than its document; gives why it cannot be removed, or ""."""
    try:
        if target.is_file() and target.stat().st_mtime_ns <= document.stat().st_mtime_ns:
            target.unlink()
    except OSError:
        return STALE
    return ""


def _hindrance(error: OSError, path: Path) -> str:
    """Why a file could not be read or written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"磁盘已满，无法写入“{path}”；请清理磁盘后重试"
    return f"无法读写“{path}”，可能正被打开或没有权限；请关闭后重试，或检查文件夹的权限"
