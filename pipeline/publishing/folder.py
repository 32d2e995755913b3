"""A run's folder: made aside, then put in its place whole; what lay there and was not made by a run is kept."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import PipelineError
from pipeline.publishing.exchange import aside, put, recover
from pipeline.publishing.manifest import MANIFEST, hashes, sha256

BY_HAND = "手工修改"
COMPARED = ".对比.txt"
Compare = Callable[[Path, Path], list[str]]


@dataclass(frozen=True)
class Kept:
    """A document that somebody has edited since a run made it: where it is now, and how the new one differs, line by line."""

    path: Path
    differences: tuple[str, ...]


@contextmanager
def fresh_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to make a run's files in; it is gone afterwards, whatever happens.

    One run at a time: raises PipelineError where another one is at work on `target`, and where nothing can be written.
    What a run that was killed has left behind is cleared away first.
    """
    target = target.resolve()
    with telling(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(target))
        lock = FileLock(target.with_name(f".{target.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise PipelineError(f"另一次运行正在写“{target}”，请等它结束后再试。") from None
    fresh = target.with_name(f".{target.name}.新-{os.getpid()}")
    try:
        with telling(target):
            recover(target)
            for left in [*target.parent.glob(f".{target.name}.新-*"), aside(target)]:
                shutil.rmtree(left, ignore_errors=True)
            fresh.mkdir()
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()


@contextmanager
def telling(target: Path) -> Iterator[None]:
    """Any OSError within as a PipelineError that says what to do; the folder `target` is as it was."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            cause = "磁盘已满，请清理磁盘后重试"
        elif isinstance(error, PermissionError) and target.is_dir() and os.access(target.parent, os.W_OK):
            cause = "其中有文件正被 Word、WPS 或 Excel 打开，请全部关闭后重试"
        elif isinstance(error, NotADirectoryError | FileExistsError) and (files := _files_above(target)):
            cause = f"“{files[0]}”是一个文件，不是文件夹，请移走或改名后重试，或用 OUTPUT= 换一个位置"
        else:
            cause = "请检查该文件夹的权限和磁盘空间，或用 OUTPUT= 换一个位置"
        raise PipelineError(f"无法写入输出文件夹“{target}”，{cause}。原有的文书没有变动。") from error


def _files_above(target: Path) -> list[Path]:
    """The files that stand where `target` or a folder above it should be."""
    return [path for path in (target, *target.parents) if path.is_file()]


def put_in_place(fresh: Path, target: Path, compare: Compare) -> tuple[Kept, ...]:
    """Put `fresh` in the place of `target`; first take over from `target` all that no run made or that was edited since.

    A document that was edited, or that stands in the way of a new one, goes to 手工修改/ with what differs beside it
    (`compare`: two documents -> lines); other files stay where they were. The documents so kept, in the order of their
    paths; () without any. Raises PipelineError; then `target` is as it was.
    """
    target = target.resolve()
    with telling(target):
        made = hashes(target)
        kept = [found for path in _files(target) if (found := _keep(path, fresh, target, made, compare))]
        put(fresh, target)
    return tuple(Kept(target / one.path.relative_to(fresh), one.differences) for one in kept)


def _files(folder: Path) -> list[Path]:
    """All files but the manifest, what was kept before first, so that it keeps its names."""
    found = folder.rglob("*") if folder.is_dir() else []
    found = sorted(found, key=lambda path: (BY_HAND not in path.parts, path))
    return [path for path in found if (path.is_symlink() or path.is_file()) and path != folder / MANIFEST]


def _keep(path: Path, fresh: Path, target: Path, made: Mapping[str, str], compare: Compare) -> Kept | None:
    """Take one file over into the fresh folder unless a run made it so; as a `Kept` where it was edited since.

    made: the hashes of what the run made.
    """
    name = path.relative_to(target)
    by_run = made.get(name.as_posix())
    if not path.is_symlink() and by_run == sha256(path):
        return None
    new = fresh / name
    if by_run is None and not new.exists():
        _copy(path, new)
        return None
    if new.is_file() and new.read_bytes() == path.read_bytes():
        return None
    place = free(fresh / BY_HAND / name)
    _copy(path, place)
    differences = tuple(compare(place, new)) if new.exists() else ("本次没有生成这份文书",)
    place.with_name(f"{place.name}{COMPARED}").write_text("\n".join([*differences, ""]), encoding="utf-8")
    return Kept(place, differences)


def _copy(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, place, follow_symlinks=False)


def free(place: Path) -> Path:
    """The place, or with a number the first that is free."""
    number, free = 1, place
    while free.exists():
        number += 1
        free = place.with_stem(f"{place.stem}（{number}）")
    return free
