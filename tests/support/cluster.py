"""A real Dask cluster on loopback: a scheduler and some workers, ended by their ids; knows no task."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds for a program of Dask to begin or to end."""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def started(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask in the program's folder, ended by its own id."""
    with (folder / f"{words[0]}-{free_port()}.log").open("wb") as log:
        one = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        try:
            yield one
        finally:
            one.kill()
            one.wait(PATIENCE)


@contextlib.contextmanager
def cluster(
    folder: Path, workers: int = 2
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]], subprocess.Popen[bytes]]]:
    """The address of a scheduler on loopback, its workers, and itself."""
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    with contextlib.ExitStack() as stack:
        words = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
        scheduler = stack.enter_context(started(folder, "scheduler", *words))
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        running = [stack.enter_context(started(folder, "worker", address, *options)) for _ in range(workers)]
        ends = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1):
                break
            assert time.monotonic() < ends, "the scheduler does not answer"
            time.sleep(0.2)
        yield address, running, scheduler
