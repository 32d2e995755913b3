"""Steps in a second process: the same results and errors as here, and nothing left of it afterwards."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from pipeline.errors import PipelineError
from pipeline.run.beside import Beside, Here, beside


def own_number(folder: Path) -> int:
    """The number of the process that does it, written down."""
    (folder / f"{os.getpid()}").touch()
    return os.getpid()


def refused(sentence: str) -> None:
    """A step that cannot be done."""
    raise PipelineError(sentence)


def ended_at_once(own: int) -> int:
    """A step that kills its process, unless that is the one with this id."""
    if os.getpid() != own:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def gone(number: int) -> bool:
    """Whether that process has ended."""
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_steps_are_done_in_one_other_process_in_their_order(tmp_path: Path) -> None:
    with beside() as other:
        begun = [other.begin(own_number, tmp_path) for _ in range(3)]
        (number,) = {result() for result in begun}
        assert begun[0]() == number
        assert other.begin(max, 3, 7)() == 7
    assert number != os.getpid()
    assert [path.name for path in tmp_path.iterdir()] == [f"{number}"]
    assert gone(number)


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    with beside() as other:
        result = other.begin(refused, "没有图表")
        with pytest.raises(PipelineError, match="没有图表"):
            result()
        assert other.begin(max, 3, 7)() == 7
    with pytest.raises(PipelineError, match="没有图表"):
        Here().begin(refused, "没有图表")


def test_what_a_process_that_died_has_not_done_is_done_here() -> None:
    with beside() as other:
        begun = [other.begin(ended_at_once, os.getpid()), other.begin(ended_at_once, os.getpid())]
        assert [result() for result in begun] == [os.getpid()] * 2
        assert other.begin(ended_at_once, os.getpid())() == os.getpid()


def unloadable(own: int) -> None:
    """A step that ends the other process, and whose library cannot be loaded in this one."""
    if os.getpid() != own:
        os.kill(os.getpid(), signal.SIGKILL)
    raise ImportError("a part of it")


def test_a_library_that_cannot_be_loaded_after_that_lacks_memory() -> None:
    with beside() as other, pytest.raises(MemoryError):
        other.begin(unloadable, os.getpid())()


@pytest.mark.parametrize("error", [OSError(11, "no more processes"), RuntimeError("no more threads")])
def test_where_no_process_can_begin_a_step_is_done_here(error: Exception) -> None:
    class Full(ProcessPoolExecutor):
        def submit(self, *_: object, **__: object) -> Future[Any]:
            """None can begin."""
            raise error

    assert Beside(Full(1)).begin(ended_at_once, os.getpid())() == os.getpid()


def test_nothing_is_left_when_the_run_fails(tmp_path: Path) -> None:
    def run() -> None:
        with beside() as other:
            other.begin(own_number, tmp_path)()
            raise PipelineError("停")

    with pytest.raises(PipelineError, match="停"):
        run()
    (path,) = tmp_path.iterdir()
    assert gone(int(path.name))


def test_a_step_that_only_saves_time_is_done_by_a_second_process_alone(tmp_path: Path) -> None:
    assert Here().prepare(own_number, tmp_path)() is None
    assert list(tmp_path.iterdir()) == []
    with beside() as other:
        prepared = other.prepare(own_number, tmp_path)
        assert prepared() not in (None, os.getpid())


def test_beside_other_threads_the_second_process_is_no_fork() -> None:
    done = Event()
    other_thread = Thread(target=done.wait)
    other_thread.start()
    try:
        with beside() as other:
            assert other.begin(start_method)() != "fork"
    finally:
        done.set()
        other_thread.join()


def start_method() -> str | None:
    """How the process that does it was begun, by the name of its class."""
    return type(multiprocessing.current_process()).__name__.removesuffix("Process").lower()


def test_without_a_second_process_a_step_is_done_at_once(tmp_path: Path) -> None:
    assert not issubclass(Here, Beside)
    result = Here().begin(own_number, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{os.getpid()}"]
    assert result() == os.getpid()
