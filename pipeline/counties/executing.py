"""Where tasks run: a single one here, several in a pool of processes or on Dask; knows nothing about the tasks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import ending
from pipeline.errors import PipelineError
from pipeline.workers import pool_of

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
R = TypeVar("R")

MOST_WORKERS = 61
"""Processes at once: the limit of Windows (concurrent.futures)."""
CONNECTING = 15
"""Seconds within which a scheduler must answer."""
PATIENCE = 60
"""Seconds that tasks wait for a worker if there is none."""
_LOOKING = 2
"""Seconds between two checks for workers."""


@dataclass(frozen=True)
class Lost:
    """In place of a result: why a task did not finish, as a sentence."""

    sentence: str


def each_done(
    work: Callable[[T], R], tasks: Sequence[T], *, workers: int = 1, scheduler: str | None = None
) -> Generator[tuple[T, R | Lost], None, None]:
    """Every task with its result, as they finish; () for no tasks. An unfinished one gives a `Lost`.

    work: a function of a module that raises nothing itself. workers: processes on this computer. Several tasks run
    outside this process even with one worker, so that a task that kills its process takes no other with it; a single
    task runs here. scheduler: the address of a Dask scheduler with workers that run them instead. Raises PipelineError
    if it cannot be reached, before any task begins. If closed early, for instance on a signal, it ends the processes
    that it started.
    """
    if scheduler is not None:
        yield from _on_dask(work, tasks, scheduler)
    elif len(tasks) > 1:
        yield from _in_a_pool(work, tasks, min(workers, len(tasks)))
    else:
        yield from ((task, work(task)) for task in tasks)


# A pool --------------------------------------------------------------------------------------------------------------


def _in_a_pool(work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[tuple[T, R | Lost]]:
    """A process that dies breaks the pool: each unfinished task then gets a process of its own, one after another."""
    left = dict.fromkeys(range(len(tasks)))
    with pool_of(workers) as pool:
        futures: dict[Future[R], int] = {}
        with suppress(BrokenProcessPool):
            futures.update((pool.submit(ending.worked, work, tasks[number]), number) for number in left)
        for future in as_completed(futures):
            with suppress(BrokenProcessPool):
                result = future.result()
                del left[futures[future]]
                yield tasks[futures[future]], result
    for number in left:
        # Alone, a task that kills its process is identified, and takes no other with it.
        with pool_of(1) as alone:
            yield tasks[number], _result(alone.submit(ending.worked, work, tasks[number]))


def _result(future: Future[R]) -> R | Lost:
    try:
        return future.result()
    except BrokenProcessPool:
        return Lost("处理它的进程意外中止，可能是内存不足，或被人结束。请关闭其他程序后再运行一次")


# Dask ----------------------------------------------------------------------------------------------------------------


def _on_dask(work: Callable[[T], R], tasks: Sequence[T], address: str) -> Iterator[tuple[T, R | Lost]]:
    client = _client(address)
    try:
        with client.get_executor() as executor:
            futures = {executor.submit(work, task): task for task in tasks}
            for future, lost in _as_they_end(set(futures), client):
                yield futures[future], _result_of_dask(future) if lost is None else lost
            executor.shutdown(wait=False)
    finally:
        client.close(timeout=CONNECTING)


def _client(address: str) -> Client:
    try:
        from distributed import Client
        from distributed.comm.addressing import resolve_address
    except ImportError as error:
        raise PipelineError(
            "要用 --scheduler，请先在程序文件夹中安装 Dask：.venv/bin/python -m pip install -r "
            "requirements/cluster.txt。"
        ) from error
    _hush()
    try:
        resolve_address(address)  # a Client with an invalid address stays half made, and blocks when it is collected
        return Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise PipelineError(
            f"连不上 Dask 调度程序“{address}”。请核对地址（如 tcp://主机名:8786），确认调度程序已经启动，网络可以连通。"
        ) from error


def _hush() -> None:
    """Silence Dask's logs, which have tracebacks: the user is informed in Chinese."""
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    for name in ("asyncio", *known):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _as_they_end(waiting: set[Future[Any]], client: Client) -> Iterator[tuple[Future[Any], Lost | None]]:
    """The futures as they end; once the scheduler or all workers are gone, all that are left, with the reason."""
    since = time.monotonic()
    while waiting:
        done, waiting = wait(waiting, _LOOKING, FIRST_COMPLETED)
        yield from ((future, None) for future in done)
        workers = _workers(client)
        if done or workers:
            since = time.monotonic()
        elif workers is None or time.monotonic() - since > PATIENCE:
            broken = "与调度程序的连接断了" if workers is None else "调度程序没有工作进程可用"
            yield from ((future, Lost(f"{broken}。请检查 Dask 的调度程序和工作进程后再运行一次")) for future in waiting)
            return


def _workers(client: Client) -> int | None:
    """How many workers the scheduler has; None if it cannot be asked."""
    try:
        return len(client.nthreads()) if client.status == "running" else None
    except (OSError, ValueError):
        return None


def _result_of_dask(future: Future[R]) -> R | Lost:
    try:
        return future.result()
    except CancelledError:
        return Lost("与调度程序的连接断了。请检查 Dask 的调度程序和工作进程后再运行一次")
    except Exception as error:  # the work raises nothing: this went wrong on the way to a worker, or with it
        return Lost(
            f"没有工作进程能把它做完（{type(error).__name__}）。请在各台计算机的程序文件夹中启动工作进程，"
            "各处用同一版本的程序，并留足内存"
        )
