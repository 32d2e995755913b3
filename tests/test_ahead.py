"""Months that a second process reads: the same results as without it, whatever becomes of that process."""

from __future__ import annotations

import errno
import filecmp
import multiprocessing
import os
import pickle
import signal
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from openpyxl import load_workbook

from pipeline import workers
from pipeline.forms.faults.catalogue import FAULTS
from pipeline.forms.period import Period
from pipeline.intake import loading, unchanged
from pipeline.intake.ahead import Coming, expected, read_compared
from pipeline.intake.joining import Month
from pipeline.intake.loading import joined, load, months_beside
from pipeline.run import report as report_module
from pipeline.run import together
from pipeline.run.options import RunOptions
from pipeline.run.report import report
from pipeline.run.together import report_together
from tests.support.months import write_month

OWN = "2024-04"
COMPARED = ["2024-03", "2024-02", "2023-04", "2023-03"]
PERIOD = Period(2024, 4)


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """A folder with April 2024, the four months it is compared with, and two others; the month before has a fault."""
    for number, named in enumerate([OWN, *COMPARED, "2024-01", "2024-05"]):
        write_month(tmp_path / "input", named, 2 + number % 3)
    path = tmp_path / "input" / COMPARED[0] / "督导室月报.xlsx"
    book = load_workbook(path)
    book["报告信息"].cell(2, 2).value = "不是年份"
    book.save(path)
    return tmp_path / "input"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the months' folders that this process reads from now on, each as it is read."""
    names: list[str] = []
    found = loading.find

    def noting(folder: Path, prefix: str) -> object:
        names.append(folder.name)
        return found(folder, prefix)

    monkeypatch.setattr(loading, "find", noting)
    return names


def from_another_process(months: Path, period: str | None, monkeypatch: pytest.MonkeyPatch) -> Coming:
    """What another process would hand over; this one then knows no month."""
    coming: Coming = pickle.loads(pickle.dumps(read_compared(months, period)))
    monkeypatch.setattr(joined, "_kept", OrderedDict())
    return coming


def said(months: Path) -> list[object]:
    """What the month and those that it is compared with say."""
    month = load(months, PERIOD)
    shelf = months_beside(months / OWN, month)
    assert shelf
    bases = shelf.bases(month)
    found: list[Month | None] = [month, month.previous, bases.before.month, bases.year_before.month]
    return [one and (one.issues, one.normalisations, one.rows, one.files) for one in found]


def test_the_months_compared_say_the_same_and_are_not_read_again(
    months: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(months)
    coming = from_another_process(months, OWN, monkeypatch)
    assert [folder.name for folder, _ in coming] == COMPARED
    read.clear()
    with expected(months, PERIOD, lambda: coming):
        assert said(months) == before
    assert read == [OWN]


def test_an_issue_of_a_month_handed_over_has_the_same_fault(months: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coming = from_another_process(months, OWN, monkeypatch)
    issues = [issue for _, month in coming.values() for issue in month.issues]
    assert issues
    assert all(issue.fault is FAULTS[issue.number] for issue in issues if issue.number in FAULTS)


@pytest.mark.parametrize("number", FAULTS)
def test_a_fault_stays_one_object(number: str) -> None:
    assert pickle.loads(pickle.dumps(FAULTS[number])) is FAULTS[number]


def test_a_month_that_has_changed_meanwhile_is_read(
    months: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = from_another_process(months, OWN, monkeypatch)
    (months / COMPARED[2] / "名录.xlsx").touch()  # the same content at another time
    path = months / COMPARED[0] / "督导室月报.xlsx"
    book = load_workbook(path)
    book["报告信息"].cell(2, 2).value = 2024
    book.save(path)
    read.clear()
    with expected(months, PERIOD, lambda: coming):
        after = said(months)
    assert read == [OWN, COMPARED[0]]
    assert after == said(months)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "名录.xlsx").unlink(),
        lambda folder: (folder / "名录.xlsx").write_bytes(b"PK\x03\x04"),
        lambda folder: folder.rename(folder.with_name("以前的")),
        lambda folder: folder.with_name("2024年3月").mkdir(),
    ],
    ids=["without a registry", "an unreadable registry", "no folder", "two folders"],
)
def test_a_month_that_cannot_be_handed_over_is_reported_as_ever(
    damage: Callable[[Path], object], months: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(months / COMPARED[0])
    before = said(months)
    coming = from_another_process(months, OWN, monkeypatch)
    assert COMPARED[0] not in [folder.name for folder, _ in coming] or (months / "2024年3月").is_dir()
    with expected(months, PERIOD, lambda: coming):
        assert said(months) == before


def test_of_a_quarter_the_quarter_before_and_the_one_a_year_before_are_read(months: Path) -> None:
    assert [folder.name for folder, _ in read_compared(months, "2024Q2")] == [
        *("2024-03", "2024-02", "2024-01"),
        *("2023-04", "2023-03"),
    ]


@pytest.mark.parametrize(
    ("given", "period"),
    [("nowhere", None), ("", "2030-01"), ("", "不是时段"), ("2024-04", "2024-05"), ("readme", None)],
)
def test_where_no_month_is_found_nothing_is_read_ahead(months: Path, given: str, period: str | None) -> None:
    (months / "readme").write_text("a file")
    assert read_compared(months / given, period) == {}


def test_without_a_second_process_nothing_is_read_ahead(months: Path, read: list[str]) -> None:
    with expected(months, PERIOD, lambda: None):
        load(months, PERIOD)
    assert read == [OWN, COMPARED[0]]


def test_a_large_month_is_not_handed_over(months: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "LARGEST", 1000)
    assert read_compared(months, OWN) == {}
    assert read == []


def killed(number: int) -> None:
    """Kill a process as a lack of memory does."""
    os.kill(number, signal.SIGKILL)


def second_process() -> int:
    """The id of the process that helps this one."""
    (number,) = (process.pid for process in multiprocessing.active_children())
    assert number
    return number


def in_time(*_: object) -> None:
    """The second process does its work."""


def before_the_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed before this process reads its month."""
    read = report_module.load
    monkeypatch.setattr(report_module, "load", lambda *given: (killed(second_process()), read(*given))[1])


def dies(*_: object) -> None:
    """In place of reading the months: the process that does it is killed."""
    killed(os.getpid())


def before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed before it has read any month."""
    monkeypatch.setattr(together, "read_compared", dies)


def none_can_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system lets no process begin."""

    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)


def no_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no /dev/shm for the semaphores of a pool."""

    def refused(*_: object, **__: object) -> object:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(workers, "ProcessPoolExecutor", refused)


def no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system lets no thread begin."""

    def refused(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refused)


@pytest.mark.parametrize(
    "happens", [in_time, before_the_month, before_it_reads, none_can_begin, no_shared_memory, no_thread]
)
def test_a_run_by_two_processes_makes_what_one_makes_whatever_happens(
    happens: Callable[[pytest.MonkeyPatch], None], months: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = report(months, tmp_path / "alone", RunOptions(PERIOD))
    monkeypatch.setattr(joined, "_kept", OrderedDict())
    happens(monkeypatch)
    both = report_together(months, tmp_path / "both", OWN, lambda: RunOptions(PERIOD))
    assert [path.name for path in both.made] == [path.name for path in alone.made]
    assert both.made
    assert (both.issues, both.withheld) == (alone.issues, alone.withheld)
    for one, other in zip(alone.made, both.made, strict=True):
        assert filecmp.cmp(one, other, shallow=False)
    assert multiprocessing.active_children() == []
