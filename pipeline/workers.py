"""Processes beside this one, which end with it, whatever ends it; knows no task."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress

from pipeline import ending


@contextmanager
def pool_of(workers: int, *, at_once: bool = False) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin afresh: none inherits a lock. None is left afterwards, whatever happens.

    On Linux they are forks of a process that has done nothing yet, which end at once; those that are spawned take a
    third of a second to take themselves down. at_once: forks of this process, if it has a single thread and thus no
    lock that another thread holds; they begin a tenth of a second earlier.
    """
    forks = at_once and sys.platform == "linux" and threading.active_count() == 1
    method = "fork" if forks else "forkserver" if ending.forks_workers() else "spawn"
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(method), initializer=_begin)
    try:
        if forks:
            try:
                ending.uninterrupted(lambda: pool.submit(int))
            except (OSError, RuntimeError):  # no process, or no thread, can begin: whoever needs one learns it then
                ending.end_workers()
        else:
            ending.ready_for_workers()
        yield pool
    except BaseException:
        ending.end_workers()
        raise
    finally:
        with suppress(RuntimeError):  # its thread could not begin
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """What a worker does first. It may take as much memory as the computer has: to want more is an error of its task.

    Without the limit all programs would stand still, while memory is sought, before the worker is killed for it.
    """
    ending.listen_as_worker()
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit; macOS does not keep it
        import resource

        present = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft == resource.RLIM_INFINITY or soft > present:
            resource.setrlimit(resource.RLIMIT_AS, (present, hard))
