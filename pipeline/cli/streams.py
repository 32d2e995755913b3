"""The output streams: Chinese on any terminal, and an error if output is lost; knows bytes, not what they say."""

from __future__ import annotations

import io
import os
import select
import sys
from typing import Any

from pipeline.errors import cause


class OutputLost(Exception):
    """Output to stdout was lost; its text is a Chinese clause."""


def open_streams() -> None:
    """Make stdout and stderr able to write anything.

    A stream with an encoding without Chinese writes UTF-8. What stdout cannot write raises OutputLost, once; what
    stderr cannot write is dropped, since nobody could be informed. A closed descriptor is redirected to nowhere, so
    that no other file gets its number.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # open() takes the lowest free number, so this fills exactly the closed one.
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = _speaking(sys.stdout, 1)
    sys.stderr = _speaking(sys.stderr, 2)


def _speaking(stream: Any, number: int) -> Any:
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # without PYTHONUNBUFFERED there is a buffer in between
    if stream is not None and not isinstance(raw, io.FileIO):  # a console of Windows
        stream.reconfigure(errors="replace")
        return stream
    pipe = _Pipe(number, closed=stream is None, strict=number == 1)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(pipe),
        encoding if has_chinese(encoding) else "utf-8",
        "replace",
        line_buffering=number == 2 or pipe.isatty(),
    )


def has_chinese(encoding: str) -> bool:
    """Whether an encoding can write Chinese."""
    try:
        "错误：".encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


class _Pipe(io.RawIOBase):
    """A descriptor to write to. strict: whether to raise OutputLost, which it does once."""

    def __init__(self, number: int, *, closed: bool, strict: bool) -> None:
        self._number, self._closed, self._strict = number, closed, strict

    def write(self, content: Any) -> int:
        """Write all of it or a part; gives that part's length."""
        try:
            if self._closed:
                raise OSError(9, "closed")
            return self._written(content)
        except OSError as error:
            if self._strict:
                self._strict, self._closed = False, True
                raise OutputLost(cause(error)) from error
            return len(content)

    def _written(self, content: Any) -> int:
        while True:
            try:
                return os.write(self._number, content)
            except BlockingIOError:
                # A non-blocking pipe (some CI systems give one) is full for a moment, not lost.
                select.select([], [self._number], [])

    def writable(self) -> bool:
        """True, as io requires."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._number)
