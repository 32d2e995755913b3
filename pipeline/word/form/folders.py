"""The documents in a folder, to be checked one by one; knows names of files, opens none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from pipeline.errors import PipelineError
from pipeline.word.form.package import OWNED

_SUFFIXES = frozenset({".docx", ".docm", ".doc", ".wps", ".rtf", ".odt"})
"""Formats of documents still being written; those that cannot be read are reported."""


def documents_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The documents in a folder and its sub-folders, by name; and the temporary files of documents open in Word.

    Raises PipelineError, with a Chinese sentence, for a folder without documents, or if a part of it cannot be read.
    """
    found = sorted(_files(folder))
    documents = [path for path in found if not path.name.startswith(OWNED)]
    if not documents:
        raise PipelineError(f"文件夹“{folder}”里没有 Word 文书，请核对路径。")
    return documents, [path for path in found if path.name.startswith(OWNED)]


def _files(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> NoReturn:
        raise PipelineError(f"文件夹“{error.filename}”读不了，请检查权限后重试。") from error

    for here, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(here) / name for name in names if Path(name).suffix.lower() in _SUFFIXES)
