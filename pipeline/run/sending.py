"""What goes to whom: a list of everything that leaves the office and, if asked for, a zip for each recipient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

from pipeline.documents.catalogue import file_name, unlike
from pipeline.dossier.recipients import Directory, Recipient
from pipeline.excel import listing
from pipeline.excel.listing import ListLook
from pipeline.excel.worksheets import A4
from pipeline.publishing import sha256, zipped
from pipeline.trays import Tray

LIST = f"{Tray.TO_SEND}/发送清单.xlsx"
_RECIPIENT, _VIA, _DOCUMENT, _SENT, _SIGNED = "收件单位", "可由其转交", "文书", "已送", "签收"
_TICKED = (_SENT, _SIGNED)
"""What clerks fill in."""
_WIDTHS = {_RECIPIENT: 28, "类别": 10, _DOCUMENT: 52, "文号": 22, "所在文件夹": 24, _VIA: 16, _SENT: 12, _SIGNED: 16}
_FOLDER, _NOT_MADE = "所在文件夹", "（本次没有生成）"
_LABELS = [_RECIPIENT, "类别", _DOCUMENT, "文号", "最迟送达", _FOLDER, _VIA, *_TICKED]
_TO_HAND_ON = "转交"
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


class Sending(NamedTuple):
    """The list of a run.

    file: its path within the month's folder, None for nothing to send. taken: the hash of the earlier list, by path, if
    all that was in it is in the new one. remark: what was not taken over, "" for nothing.
    """

    file: str | None = None
    taken: Mapping[str, str] = MappingProxyType({})
    remark: str = ""


def write_sending(folder: Path, sent: Sequence[Sent], directory: Directory, title: str, before: Path) -> Sending:
    """Write 发送清单.xlsx into a month's folder.

    before: the list of an earlier run, whose 已送 and 签收 are taken over, also of a document that is not made this
    time. Raises OSError.
    """
    earlier = _earlier(before)
    known = {_key(line): line for line in earlier.lines}
    rows = [_row(entry, directory, known) for entry in _entries(sent, directory)]
    made = set(map(_key, rows))
    ticked = [line for key, line in known.items() if key not in made and any(line.get(label) for label in _TICKED)]
    rows += [{label: line.get(label, "") for label in _LABELS} | {_FOLDER: _NOT_MADE} for line in ticked]
    if not rows:
        return Sending()
    note = "发出一份，在“已送”中写上日期；对方签收的，在“签收”中写上姓名和日期。重新生成时，这两栏照旧保留"
    context = {"标题": f"{title}发送清单", "说明": note, "各行": rows, "合计": []}
    listing.render(context, folder / LIST, look=_LOOK)
    same = {earlier.told_of(row) for row in (*rows, *ticked)} if earlier.is_ours else set()
    taken = earlier.is_ours and all(earlier.told_of(line) in same for line in earlier.lines)
    return Sending(LIST, {LIST: earlier.content} if taken else {}, earlier.remark)


def write_parcels(folder: Path, sent: Sequence[Sent], directory: Directory) -> list[Path]:
    """Write a zip for each recipient into a month's folder, with PDFs if there are any; gives their paths.

    A zone's holds what it can hand on to its schools and towns too, in a folder for each. [] for nothing to send.
    Raises OSError.
    """
    parcels: dict[Recipient, dict[str, Path]] = {}
    for recipient, one in _entries(sent, directory):
        zone = directory.handed_on_by(recipient)
        to_hand_on = [(zone, f"{_TO_HAND_ON}/{file_name('{subject}', recipient.name)}/")] if zone else []
        for holder, within in [(recipient, ""), *to_hand_on]:
            held = parcels.setdefault(holder, {})
            for path in _files(folder, one.file):
                name = f"{within}{path.name}"
                held[name if held.get(name, path) == path else f"{within}{path.parent.name}/{path.name}"] = path
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


def _files(folder: Path, file: str) -> Iterator[Path]:
    """A document and its PDF."""
    for path in (folder / file, (folder / file).with_suffix(".pdf")):
        if path.is_file():
            yield path


def _row(entry: _Entry, directory: Directory, earlier: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, Any]:
    recipient, one = entry
    document, zone = PurePosixPath(one.file).stem, directory.handed_on_by(recipient)
    ticked = earlier.get((recipient.name, document), {})
    return {
        _RECIPIENT: recipient.name,
        "类别": str(recipient.kind),
        _DOCUMENT: document,
        "文号": one.number,
        "最迟送达": one.by or "",
        _FOLDER: str(PurePosixPath(one.file).parent),
        _VIA: zone.name if zone else "",
        **{label: ticked.get(label, "") for label in _TICKED},
    }


# The list of an earlier run ------------------------------------------------------------------------------------------


class _EarlierList(NamedTuple):
    """An earlier list: its hash, its headings, its lines by label."""

    content: str = ""
    labels: Sequence[str] = ()
    lines: Sequence[Mapping[str, Any]] = ()
    remark: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it has nothing but our columns, perhaps without one that an earlier version did not have."""
        return self.labels in (_LABELS, [label for label in _LABELS if label != _VIA])

    def told_of(self, line: Mapping[str, Any]) -> tuple[str, ...]:
        """What its columns say of a line."""
        return tuple(str(line[label]) for label in self.labels)


def _earlier(path: Path) -> _EarlierList:
    """What an earlier list holds; nothing without one. One that cannot be read is kept by hand, and remarked on."""
    if not path.is_file():
        return _EarlierList()
    try:
        content = sha256(path)
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        heading = next(number for number, row in enumerate(rows) if _RECIPIENT in row and _DOCUMENT in row)
    except Exception:  # calamine raises errors of many kinds
        remark = "上次的发送清单读不了，“已送”“签收”没有带过来；原来那份在“手工修改”里，请打开核对后照抄"
        return _EarlierList(remark=remark)
    labels = [str(label) for label in rows[heading]]
    filled = [row for row in rows[heading + 1 :] if any(value not in ("", None) for value in row)]
    lines = [dict(zip(labels, map(_value, row), strict=False)) for row in filled]
    return _EarlierList(content, labels, [line for line in lines if line[_RECIPIENT] and line[_DOCUMENT]])


def _key(line: Mapping[str, Any]) -> tuple[str, str]:
    return str(line[_RECIPIENT]), str(line[_DOCUMENT])


def _value(read: Any) -> Any:
    """A value as a clerk wrote it: calamine gives every number as a float, and a day as a moment."""
    if isinstance(read, float) and read.is_integer():
        return int(read)
    if isinstance(read, datetime):
        return f"{read:%Y-%m-%d %H:%M}" if read.time() != time() else read.date()
    return "" if read is None else read
