"""How a process ends early: a signal becomes an exception, so that everything begun is cleaned up; knows no verb."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AGAIN = 10
"""Seconds for cleaning up, during which a further signal changes nothing; after them it ends that too."""
GRACE = 8
"""Seconds that worker processes have for it; LibreOffice, which they may have started, has five."""
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Ended(KeyboardInterrupt):
    """A signal has arrived. Not an Exception: code that continues after errors must not continue after this."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def code(self) -> int:
        """The exit code as in shells: 130 for SIGINT, 143 for SIGTERM."""
        return 128 + self.number


class _State:
    """The signals this process has received; only its main thread handles signals."""

    held = 0
    pending: int | None = None
    raised_at = -float("inf")
    working = False


def listen() -> None:
    """From now on, a signal to end raises `Ended` in the main thread."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores the signal
            signal.signal(number, _heard)


def no_longer() -> None:
    """From now on, a signal ends the process at once: nothing is left to clean up."""
    for number in _SIGNALS:
        if signal.getsignal(number) in (_heard, _heard_by_worker):
            signal.signal(number, signal.SIG_DFL)


def _heard(number: int, _frame: FrameType | None) -> None:
    if _State.held:
        _State.pending = number
    # A second Ctrl+C within the grace time would interrupt the cleaning up.
    elif time.monotonic() - _State.raised_at > AGAIN:
        _State.raised_at = time.monotonic()
        raise Ended(number)


@contextmanager
def held() -> Iterator[None]:
    """Steps that belong together: a signal that arrives during them takes effect after them."""
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1
    if not _State.held and _State.pending is not None:
        number, _State.pending = _State.pending, None
        _heard(number, None)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """An empty folder among the temporary files, deleted afterwards, whatever happens. Raises OSError."""
    with held():
        # On Windows a file that another process still holds cannot be deleted; that must not hide the real error.
        folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    try:
        yield Path(folder.name)
    finally:
        with held():
            folder.cleanup()


# Worker processes ----------------------------------------------------------------------------------------------------


LONGEST_TEMPORARY = 75
"""Bytes in the temporary folder's path: a socket's address has 107 (unix(7), sun_path), and Python adds 32."""


def forks_workers() -> bool:
    """Whether workers are forks of a fresh process; that process listens at a socket in the temporary folder."""
    return sys.platform == "linux" and len(os.fsencode(tempfile.gettempdir())) <= LONGEST_TEMPORARY


def ready_for_workers() -> None:
    """On Linux, start the process that forks workers so that a terminal's Ctrl+C does not reach it."""
    if forks_workers() and signal.getsignal(signal.SIGINT) is _heard:
        from multiprocessing import forkserver

        uninterrupted(forkserver.ensure_running)


def uninterrupted(start: Callable[[], object]) -> None:
    """Start a process to which a terminal's Ctrl+C does not come."""
    if signal.getsignal(signal.SIGINT) is not _heard:
        start()
        return
    # A process inherits what its parent ignores, across exec too (signal(7)).
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        start()
    finally:
        signal.signal(signal.SIGINT, _heard)


def listen_as_worker() -> None:
    """In a worker: end when the parent says so, after cleaning up what the task has begun."""
    # A terminal sends Ctrl+C to every process; the parent decides, and ends its workers by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _heard_by_worker)
    # A daemon, since a worker that is done must not wait for its parent to end.
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End however the parent ends: a process of a pool would wait for its next task forever."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _heard_by_worker(number: int, frame: FrameType | None) -> None:
    if _State.working:
        _heard(number, frame)
    else:
        # Between tasks there is nothing to clean up.
        os._exit(128 + number)


def worked(work: Callable[[T], R], task: T) -> R:
    """The result of the work, in a worker; if it is ended meanwhile, the worker ends too (a pool's would go on)."""
    _State.working = True
    try:
        return work(task)
    except Ended as ended:
        os._exit(ended.code)
    finally:
        _State.working = False


def end_workers() -> None:
    """End the worker processes that this process has started and that are still running."""
    import multiprocessing

    with held():
        workers = multiprocessing.active_children()
        for worker in workers:
            worker.terminate()
        until = time.monotonic() + GRACE
        for worker in workers:
            worker.join(max(0, until - time.monotonic()))
            if worker.is_alive():
                worker.kill()
