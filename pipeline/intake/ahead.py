"""Months that another process reads meanwhile: those with which a month, or a longer period, is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.forms.period import Period
from pipeline.intake.files.folders import folder_of, month_folder, months_in
from pipeline.intake.loading import joined
from pipeline.intake.numbers import NOTHING_REMEMBERED, Remembered
from pipeline.intake.unchanged import Asked, Known
from pipeline.walking import real

Coming = Mapping[Asked, Known]
"""The months read, each under the folder and the prefix with which it will be asked for."""


def read_compared(given: Path, period: str | None, remembered: Remembered = NOTHING_REMEMBERED) -> Coming:
    """Read the months that a run over this folder will compare its own with.

    period: as it was written; remembered: see `load`. A month that cannot be read, or is too large to be handed over,
    is left out: the run then reads it in its own process, and reports what is wrong.
    """
    found: dict[Asked, Known] = {}
    parsed = (Period.of_folder(period) or Period.parse_longer(period)) if period else None
    for asked in _compared(given, parsed) if parsed or not period else []:
        with suppress(PipelineError, OSError, MemoryError):
            if known := joined.to_hand_over(*asked, remembered):
                found[asked] = known
    return found


@contextmanager
def expected(given: Path, period: Period | None, coming: Callable[[], Coming | None]) -> Iterator[None]:
    """Months that `read_compared` reads in another process: the first call that asks for one waits for all.

    coming: waits for them; gives None if no other process has read them.
    """
    with joined.expecting(_compared(given, period), coming):
        yield


def _compared(given: Path, period: Period | None) -> list[Asked]:
    """The folders of the months compared, the latest first, as `Shelf` and `compared` ask for them."""
    try:
        longer = period is not None and period.months > 1
        folder = real(given if longer else month_folder(given, period))
        asked = period if longer else Period.of_folder(folder.name)
        if asked is None:
            return []
        within = folder if longer else folder.parent
        compared = {
            one for base in (asked.previous, asked.year_before) for one in (base.singles[0].previous, *base.singles)
        }
        there = sorted((compared - set(asked.singles)) & set(months_in(within)), reverse=True)
        folders = [found for one in there if (found := folder_of(within, one))]
    except PipelineError:
        return []  # reported where the month itself is read
    return [(found, f"{found.name}/") for found in folders]
