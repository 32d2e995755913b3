"""A run's folder: made aside, then put in its place whole; files that no run made are kept."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.ending import held
from pipeline.errors import PipelineError, cause
from pipeline.publishing.exchange import aside, put, recover
from pipeline.publishing.keeping import Compare, Kept, Taking, listing, take_back
from pipeline.walking import real


@contextmanager
def fresh_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` for a run's files; removed afterwards, whatever happens.

    One run at a time: raises PipelineError if another is at work on `target`, or if nothing can be written. What a
    killed run left behind is removed first.
    """
    target = real(target)
    with writing_to(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(target))
        # Beside the folder, not in it: the folder itself is going to be replaced.
        lock = FileLock(target.with_name(f".{target.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise PipelineError(f"另一次运行正在写“{target}”，请等它结束后再试。") from None
    fresh = target.with_name(f".{target.name}.新-{os.getpid()}")
    try:
        with writing_to(target):
            recover(target)
            for left in _unfinished(target):
                shutil.rmtree(left, ignore_errors=True)
            fresh.mkdir()
        yield fresh
    finally:
        with held():
            shutil.rmtree(fresh, ignore_errors=True)
            # The lock's file stays: if it were deleted, two later runs could each lock a file of this name.
            lock.release()


def _unfinished(target: Path) -> list[Path]:
    """What runs left that were killed before anything was moved."""
    own = re.compile(re.escape(f".{target.name}.新-") + "[0-9]+")
    return [Path(entry.path) for entry in os.scandir(target.parent) if own.fullmatch(entry.name)]


@contextmanager
def writing_to(target: Path) -> Iterator[None]:
    """Turn any OSError within into a PipelineError that says what to do; `target` is unchanged."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            advice = "磁盘已满，请清理磁盘后重试"
        # Windows refuses to rename a folder while a program has a file in it open.
        elif isinstance(error, PermissionError) and target.is_dir() and os.access(target.parent, os.W_OK):
            advice = "其中有文件正被 Word、WPS 或 Excel 打开，请全部关闭后重试"
        elif isinstance(error, NotADirectoryError | FileExistsError) and (files := _files_above(target)):
            advice = f"“{files[0]}”是一个文件，不是文件夹，请移走或改名后重试，或用 OUTPUT= 换一个位置"
        elif error.errno == errno.ENAMETOOLONG:
            advice = f"{cause(error)}，请用 OUTPUT= 换一个位置"
        elif links := [one for one in (target, *target.parents) if one.is_symlink() and not one.is_dir()]:
            advice = f"“{links[0]}”是失效的链接，或链接绕成了圈，请用 OUTPUT= 换一个位置"
        else:
            advice = "请检查该文件夹的权限和磁盘空间，或用 OUTPUT= 换一个位置"
        raise PipelineError(f"无法写入输出文件夹“{target}”，{advice}。原有的文书没有变动。") from error


def _files_above(target: Path) -> list[Path]:
    """The files that are where `target` or a folder above it should be."""
    return [path for path in (target, *target.parents) if path.is_file()]


def put_in_place(
    fresh: Path, target: Path, compare: Compare, taken: Mapping[str, str] | None = None
) -> tuple[Kept, ...]:
    """Put `fresh` in the place of `target`, after taking over from `target` what no run made, or somebody edited since.

    A document that was edited, or that stands in the way of a new one, goes to 手工修改/, with its differences beside
    it (`compare`: two documents -> lines); other files stay where they are. What is saved meanwhile is taken over after
    the folders have swapped places; so is what a killed run left undone. Gives the documents kept, ordered by path; ()
    without any. taken: the hashes of files in `target`, by path, of which the new ones hold everything: they are not
    kept. Raises PipelineError, also if anything in `target` cannot be listed or read; `target` is then
    unchanged.
    """
    target = real(target)
    with writing_to(target):
        # A run that was killed after the swap has left the old folder aside, with files that only it has.
        left = take_back(aside(target), target, compare)
        if aside(target).exists():
            raise PipelineError(
                f"“{aside(target)}”是上次没能清理完的文件夹，请取出其中要留的文件，把它删去后重试。原有的文书没有变动。"
            )
        taking = Taking.of(target, fresh, compare, taken or {})
        for path in listing(target):
            taking.copy(path, path.relative_to(target))
        old = put(fresh, target)
    kept = [Kept(target / one.path.relative_to(fresh), one.differences) for one in taking.kept]
    with held():
        return (*kept, *left, *(take_back(old, target, compare, taken or {}) if old else ()))


def refuse_among(given: Path, output: Path, folder: Path) -> None:
    """Raises PipelineError if documents would go among the filled workbooks, or workbooks lie where documents go.

    given: what is read; output: where months go; folder: where this one goes. Links are followed.
    """
    if _within(output, given):
        why = "就是数据文件夹，或在数据文件夹里面"
    elif _within(given, folder):
        why = f"不能用：其中的“{folder.name}”就是数据文件夹，或装着数据文件夹"
    else:
        return
    raise PipelineError(
        f"输出文件夹“{output}”{why}，生成的文书会和填好的表混在一起。请用 --output（make 用 OUTPUT=）换一个位置。"
    )


def _within(path: Path, folder: Path) -> bool:
    """Whether the path is the folder or leads into it, by whatever name."""
    inner, outer = real(path), real(folder)
    # Names can differ for one folder: letter case on Windows and macOS, bind mounts on Linux.
    return any(one == outer or _same(one, outer) for one in (inner, *inner.parents))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
