"""One row of 文件台账 for each letter, whether the office wrote it or a run proposed it (待编文号.xlsx)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from pipeline.forms.cells import plain
from pipeline.forms.codes import DocumentDirection
from pipeline.forms.faults.fault import Issue
from pipeline.forms.faults.files import FL_68
from pipeline.forms.faults.references import KY_11, KY_12
from pipeline.forms.office import DocumentEntry
from pipeline.forms.places import Location
from pipeline.intake.messages import shown
from pipeline.intake.validation import Blocked, Checked, blocked_row

_COMPARED = ("title", "issuer", "dated", "addressees", "copies")
"""What two rows for one letter may say differently, besides its number."""
_NUMBER = DocumentEntry.label_of("number")
_Alike = Callable[[DocumentEntry, DocumentEntry], bool]


def settled(table: Checked, proposed: Collection[str]) -> Checked:
    """The register with one row for each letter; proposed: the names of the workbooks that runs wrote.

    Each of two rows for one letter adds what the other leaves blank. Two numbers for one letter block the later row;
    any other contradiction is 请核实, and the office's own row counts. The same table without such a workbook.
    """
    if not proposed:
        return table
    found = _Settling()
    entries = cast(list[DocumentEntry], table.rows)
    own = [row for row in entries if row.origin.workbook not in proposed]
    later: list[DocumentEntry] = []
    for row in sorted((row for row in entries if row.origin.workbook in proposed), key=_place):
        later += found.put([row], later, _is_same_letter)
    later = found.put(later, own, _is_same_letter)
    # A title may have been changed since it was proposed: what is left goes to a row that still lacks its number.
    later = found.put(later, own, found.awaits)
    return Checked(
        [*own, *later],
        [*table.blocked, *found.blocked],
        [*table.issues, *found.issues, *_unnumbered(later)],
        table.normalisations,
    )


def _place(row: DocumentEntry) -> tuple[str, int]:
    return row.origin.workbook, int(row.origin.line or 0)


def _is_same_letter(row: DocumentEntry, other: DocumentEntry) -> bool:
    same_number = row.number is not None and other.number is not None and plain(row.number) == plain(other.number)
    return _is_same_subject(row, other) and (same_number or plain(row.title) == plain(other.title))


def _is_same_subject(row: DocumentEntry, other: DocumentEntry) -> bool:
    both_ours = row.direction is other.direction is DocumentDirection.OUTGOING
    return both_ours and row.kind is other.kind and not set(row.related).isdisjoint(other.related)


def _unnumbered(rows: Iterable[DocumentEntry]) -> Iterator[Issue]:
    counts = Counter((row.origin.workbook, row.origin.sheet) for row in rows if row.number is None)
    for (workbook, sheet), count in counts.items():
        yield FL_68.at(Location(workbook, sheet), count=count)


@dataclass
class _Settling:
    """What comes of putting rows together: the rows blocked, and the issues."""

    blocked: list[Blocked] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    """The rows made of two, by identity: no third one is for the same letter."""

    def awaits(self, row: DocumentEntry, other: DocumentEntry) -> bool:
        """Whether the other row, on the same subject, has no number and is not known to be for another letter."""
        return other.number is None and id(other) not in self.done and _is_same_subject(row, other)

    def put(self, rows: Iterable[DocumentEntry], among: list[DocumentEntry], alike: _Alike) -> list[DocumentEntry]:
        """Put each row together with the first that is like it, in its place; gives the rows without such a one."""
        left = []
        for row in rows:
            place = next((n for n, one in enumerate(among) if alike(row, one)), None)
            if place is None:
                left.append(row)
            else:
                among[place] = self._together(row, among[place])
        return left

    def _together(self, row: DocumentEntry, other: DocumentEntry) -> DocumentEntry:
        if row.number and other.number and plain(row.number) != plain(other.number):
            there = f"{Location.of(other, 'number')}“{_NUMBER}”"
            self.issues.append(
                KY_11.at(Location.of(row, "number"), _NUMBER, written=row.number, other=there, registered=other.number)
            )
            self.blocked.append(blocked_row(row, {_NUMBER}))
            return other
        labels = [row.label_of(each) for each in _COMPARED if _contradict(getattr(row, each), getattr(other, each))]
        if labels:
            place, label = Location.at(row.origin, labels[0]), labels[0]
            there = f"{Location(other.origin.workbook, other.origin.sheet)} 第{other.origin.line}行"
            self.issues.append(KY_12.at(place, label, other=there, differing="、".join(labels)))
        stays = row if row.number and not other.number else other
        values = {each: getattr(other, each) or getattr(row, each) for each in ("number", *_COMPARED)}
        made = stays.changed(values)
        self.done.add(id(made))
        return made


def _contradict(one: object, other: object) -> bool:
    return bool(one) and bool(other) and plain(shown(one)) != plain(shown(other))
