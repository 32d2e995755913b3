"""A second process for steps that can be done on another processor; knows no step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import ParamSpec, TypeVar

from pipeline import ending
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

    def prepare(self, step: Callable[P, R], *given: P.args, **named: P.kwargs) -> Callable[[], R | None]:  # noqa: ARG002
        """Begin a step that only saves time; the result is None, and nothing is done, without a second process."""
        return lambda: None


class Beside(Here):
    """A second process: steps are done one after another, in the order in which they are begun."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        # Starting a process that is not a fork takes a tenth of a second, during which this one loads its libraries.
        self._submitting = ThreadPoolExecutor(1)

    def begin(self, step: Callable[P, R], *given: P.args, **named: P.kwargs) -> Callable[[], R]:
        """The same; if the second process has died, for instance for lack of memory, the step is done here."""
        whole = partial(step, *given, **named)
        wait = self._begun(whole)

        def result() -> R:
            try:
                return wait()
            except _LostError:
                return _here(whole)

        return result

    def prepare(self, step: Callable[P, R], *given: P.args, **named: P.kwargs) -> Callable[[], R | None]:
        """The same; if the second process has died, the result is None: here, the step would save no time."""
        wait = self._begun(partial(step, *given, **named))

        def result() -> R | None:
            try:
                return wait()
            except _LostError:
                return None

        return result

    def _begun(self, whole: Callable[[], R]) -> Callable[[], R]:
        """Waits for a step; raises _LostError if there is no second process, or none any more."""
        submitted: Future[Future[R]] | None = None
        with suppress(*_NONE):  # the system may let no thread begin
            submitted = self._submitting.submit(lambda: self._pool.submit(ending.worked, _done, whole))

        def wait() -> R:
            try:
                future = submitted.result() if submitted else None
            except _NONE:
                future = None
            try:
                if future:
                    return future.result()
            except BrokenProcessPool:
                pass
            raise _LostError

        return wait


class _LostError(Exception):
    """A step was not done: there is no second process."""


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
    """A second process, ended afterwards whatever happens; none on a computer that has a single processor or lets none.

    Without a place for shared memory (/dev/shm), for instance, none can begin.
    """
    with ExitStack() as ends:
        hands = Here()
        if _processors() > 1:
            with suppress(*_NONE, ImportError):
                hands = Beside(ends.enter_context(pool_of(1, at_once=True)))
        yield hands


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
