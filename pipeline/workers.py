"""Processes beside this one, which end with it, whatever ends it; knows no task."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress

from pipeline import ending


@contextmanager
def pool_of(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin afresh: none inherits a lock or a thread. None is left afterwards, whatever happens.

    On Linux they are forks of a process that has done nothing yet, which end at once; those that are spawned take a
    third of a second to take themselves down.
    """
    context = multiprocessing.get_context("forkserver" if ending.forks_workers() else "spawn")
    ending.ready_for_workers()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)
    try:
        yield pool
    except BaseException:
        ending.end_workers()
        raise
    finally:
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
