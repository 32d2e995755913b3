"""A second process for the few steps that need heavy libraries; it loads them meanwhile. Knows no step.

pandas, openpyxl and their dependencies take as long to load as all documents of a month take to make. They are loaded
on another processor while the month is read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar

from pipeline import ending
from pipeline.run.steps import load
from pipeline.workers import pool_of

P = ParamSpec("P")
R = TypeVar("R")


_NONE = (BrokenProcessPool, OSError, RuntimeError)
"""What a pool raises when there is no second process: it has died, or the system lets none begin."""


class Here:
    """No second process: a step begun is done at once."""

    def begin(self, step: Callable[P, R], *given: P.args, **named: P.kwargs) -> Callable[[], R]:
        """Begin a step, a function of a module; the returned function waits for it and gives its result, or raises."""
        result = step(*given, **named)
        return lambda: result


class Beside(Here):
    """A second process: steps are done one after another, in the order in which they are begun."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._starting = Thread(target=self._start, daemon=True)  # a tenth of a second, mostly idle
        self._starting.start()

    def _start(self) -> None:
        with suppress(*_NONE):
            self._pool.submit(load)

    def begin(self, step: Callable[P, R], *given: P.args, **named: P.kwargs) -> Callable[[], R]:
        """The same; if the second process has died, for instance for lack of memory, the step is done here."""
        self._starting.join()
        whole = partial(step, *given, **named)
        try:
            future: Future[R] = self._pool.submit(ending.worked, _done, whole)
        except _NONE:
            return partial(_here, whole)

        def result() -> R:
            try:
                return future.result()
            except BrokenProcessPool:
                return _here(whole)

        return result


def _here(whole: Callable[[], R]) -> R:
    """The step, after the second process has died. A library that is there and cannot be loaded lacks memory."""
    try:
        return whole()
    except ImportError as error:
        raise MemoryError from error


def _done(whole: Callable[[], R]) -> R:
    return whole()


@contextmanager
def beside() -> Iterator[Here]:
    """A second process, ended afterwards whatever happens; none on a computer with a single processor."""
    if _processors() < 2:
        yield Here()
    else:
        with pool_of(1) as pool:
            yield Beside(pool)


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
