"""What goes to whom: a list of everything that leaves the office and, if asked for, a zip for each recipient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

from pipeline.documents.catalogue import file_name, unlike
from pipeline.dossier.recipients import Directory, Recipient
from pipeline.excel import listing
from pipeline.excel.listing import ListLook
from pipeline.excel.worksheets import A4
from pipeline.publishing import zipped
from pipeline.trays import Tray

LIST = f"{Tray.TO_SEND}/发送清单.xlsx"
_RECIPIENT, _DOCUMENT, _SENT, _SIGNED = "收件单位", "文书", "已送", "签收"
_TICKED = (_SENT, _SIGNED)
"""What clerks fill in."""
_WIDTHS = {_RECIPIENT: 28, "类别": 10, _DOCUMENT: 52, "文号": 22, "所在文件夹": 24, _SENT: 12, _SIGNED: 16}
_LOOK = ListLook("发送清单", A4, _WIDTHS)


@dataclass(frozen=True)
class Sent:
    """A document that leaves the office: its file within the month's folder, to whom, by when.

    to: names as written (see `Directory`). number: its 文号, "" for a list or one without.
    """

    file: str
    to: tuple[str, ...]
    by: date | None
    number: str


class _Entry(NamedTuple):
    """One document for one recipient."""

    recipient: Recipient
    sent: Sent


def write_sending(folder: Path, sent: Sequence[Sent], directory: Directory, title: str, before: Path) -> str | None:
    """Write 发送清单.xlsx into a month's folder; gives its path within, None for nothing to send.

    before: the list of an earlier run, whose 已送 and 签收 are taken over. Raises OSError.
    """
    entries = _entries(sent, directory)
    if not entries:
        return None
    ticks = _ticks(before)
    rows = [_row(entry, ticks) for entry in entries]
    note = "发出一份，在“已送”中写上日期；对方签收的，在“签收”中写上姓名和日期。重新生成时，这两栏照旧保留"
    context = {"标题": f"{title}发送清单", "说明": note, "各行": rows, "合计": []}
    listing.render(context, folder / LIST, look=_LOOK)
    return LIST


def write_parcels(folder: Path, sent: Sequence[Sent], directory: Directory) -> list[Path]:
    """Write a zip for each recipient into a month's folder, with PDFs if there are any; gives their paths.

    [] for nothing to send. Raises OSError.
    """
    parcels: dict[Recipient, dict[str, Path]] = {}
    for recipient, one in _entries(sent, directory):
        parcels.setdefault(recipient, {}).update(_files(folder, one.file))
    written, taken = [], set[str]()
    for recipient, files in parcels.items():
        name = unlike(f"{recipient.kind}/{file_name('{subject}', recipient.name)}", taken)
        taken.add(name.casefold())
        written.append(folder / Tray.TO_SEND / f"{name}.zip")
        zipped(files, written[-1])
    return written


def _entries(sent: Iterable[Sent], directory: Directory) -> list[_Entry]:
    """Each document for each of its recipients, in the order of the registry, then by document."""
    found = [_Entry(recipient, one) for one in sent for recipient in directory.recipients(one.to)]
    return sorted(found, key=lambda each: (directory.in_order(each.recipient), each.sent.file))


def _files(folder: Path, file: str) -> Iterator[tuple[str, Path]]:
    """A document and its PDF, by their names in a zip."""
    for path in (folder / file, (folder / file).with_suffix(".pdf")):
        if path.is_file():
            yield path.name, path


def _row(entry: _Entry, ticks: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, Any]:
    recipient, one = entry
    document = PurePosixPath(one.file).stem
    ticked = ticks.get((recipient.name, document), {})
    return {
        _RECIPIENT: recipient.name,
        "类别": str(recipient.kind),
        _DOCUMENT: document,
        "文号": one.number,
        "最迟送达": one.by or "",
        "所在文件夹": str(PurePosixPath(one.file).parent),
        **{label: ticked.get(label, "") for label in _TICKED},
    }


def _ticks(before: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What clerks have filled in in an earlier list, by recipient and document; {} without a readable list."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    with suppress(Exception):  # calamine raises errors of many kinds; the edited list itself is kept in any case
        rows = CalamineWorkbook.from_path(str(before)).get_sheet_by_index(0).to_python()
        heading = next(number for number, row in enumerate(rows) if _RECIPIENT in row and _DOCUMENT in row)
        for row in rows[heading + 1 :]:
            values = dict(zip(rows[heading], row, strict=False))
            found[str(values[_RECIPIENT]), str(values[_DOCUMENT])] = {
                label: values[label] for label in _TICKED if values.get(label) not in ("", None)
            }
    return found
