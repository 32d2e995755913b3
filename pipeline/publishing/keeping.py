"""Keeps what no run made: takes it over into the new folder, and looks again before the old one is deleted."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pipeline.errors import PipelineError, cause
from pipeline.publishing.manifest import hashes, manifest_of
from pipeline.publishing.moves import mover
from pipeline.walking import is_regular, sha256, walk

BY_HAND = "手工修改"
COMPARED = ".对比.txt"
LONGEST = 255
"""Bytes in a name, on every usual file system."""
ATTEMPTS = 3
"""How often to look at a folder into which somebody goes on saving."""
NOT_MADE = "本次没有生成这份文书"
Compare = Callable[[Path, Path], list[str]]


@dataclass(frozen=True)
class Kept:
    """A document that somebody edited after a run made it: where it is now, and how the new one differs, by line."""

    path: Path
    differences: tuple[str, ...]


def listing(folder: Path) -> list[Path]:
    """All that is in a folder and below, except its manifest; earlier keepsakes first, so that they keep their names.

    [] without a folder. Raises PipelineError if a folder cannot be listed, and for anything but file, folder or link.
    """
    try:
        entries = list(walk(folder))
        odd = [one.path for one in entries if not (one.is_symlink() or one.is_dir() or one.is_file())]
    except FileNotFoundError:
        return listing(folder)  # it was deleted between two looks
    except OSError as error:
        raise PipelineError(
            f"输出文件夹中的“{error.filename or folder}”列不出来（{cause(error)}），其中的文件保不住。"
            "请核对权限或网络后重试。原有的文书没有变动。"
        ) from error
    if odd:
        raise PipelineError(f"输出文件夹中的“{odd[0]}”不是普通文件，请移走后重试。原有的文书没有变动。")
    found = sorted((Path(one.path) for one in entries), key=lambda path: (BY_HAND not in path.parts, path))
    return [path for path in found if path != manifest_of(folder)]


@dataclass
class Taking:
    """Takes files into a folder, each to its old place or, if that is occupied or belongs to a run, into 手工修改/."""

    into: Path
    made: Mapping[str, str]
    """The hashes of what the run made from which these files remain, by name."""
    compare: Compare
    moved: Callable[[Path], Path]
    kept: list[Kept] = field(default_factory=list)

    @classmethod
    def of(cls, old: Path, into: Path, compare: Compare, taken: Mapping[str, str]) -> Self:
        """Takes from the folder of an earlier run, perhaps of an earlier layout: its names are today's then.

        taken: the hashes of files that need not be taken, as if a run had made them.
        """
        moved = mover(old)
        made = {moved(Path(name)).as_posix(): made for name, made in hashes(old).items()}
        return cls(into, {**made, **taken}, compare, moved)

    def copy(self, path: Path, name: Path) -> None:
        """Copy a file, unless a run made it as it is or the new folder has the same one there.

        An empty folder is taken over too. A file that has been deleted is skipped. Raises OSError, PipelineError.
        """
        name = self.moved(name)
        if path.is_symlink():
            self._take(path, name, _linked)
        elif path.is_dir():
            self.folder(path, name)
        else:
            try:
                if not self._is_made(path, name) and not _alike(path, self.into / name):
                    self._take(path, name, _linked)
            except FileNotFoundError:
                if path.exists():
                    raise

    def folder(self, path: Path, name: Path) -> None:
        """Take over an empty folder in which a run made nothing."""
        place = self.into / name
        if name.as_posix() not in self._families and not any(path.iterdir()) and not self._in_the_way(place):
            place.mkdir(parents=True, exist_ok=True)

    def move(self, path: Path, name: Path) -> None:
        """Take a file by renaming it. Raises OSError."""
        self._take(path, name, lambda one, place, _: one.rename(place))

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(above.as_posix() for name in self.made for above in Path(name).parents)

    def _is_made(self, path: Path, name: Path) -> bool:
        by_run = self.made.get(name.as_posix())
        return by_run is not None and by_run == _hash(path)

    def _take(self, path: Path, name: Path, take: Callable[[Path, Path, Path], object]) -> None:
        new = self.into / name
        # The place of a document that a run made belongs to runs, even if this one makes no such document.
        if name.as_posix() not in self.made and not os.path.lexists(new) and not self._in_the_way(new):
            new.parent.mkdir(parents=True, exist_ok=True)
            take(path, new, self.into / name)
            return
        place = by_hand(self.into, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        take(path, place, self.into / name)
        self.kept.append(compared_with_new(place, new, self.compare))

    def _in_the_way(self, place: Path) -> bool:
        """Whether a file or link is where a folder must be."""
        above = [one for one in (place, *place.parents) if self.into in one.parents]
        return any(one.is_symlink() or (os.path.lexists(one) and not one.is_dir()) for one in above)


def compared_with_new(place: Path, new: Path, compare: Compare) -> Kept:
    """The kept document, after writing its differences from the new one beside it."""
    differences = tuple(compare(place, new)) if is_regular(place) and is_regular(new) else (NOT_MADE,)
    compared(place).write_text("\n".join([*differences, ""]), encoding="utf-8")
    return Kept(place, differences)


def by_hand(folder: Path, name: Path) -> Path:
    """A free place for a document in the folder's 手工修改/, or in another such folder if a file bears that name."""
    names = (BY_HAND if number == 1 else f"{BY_HAND}（{number}）" for number in count(1))
    kept = next(one for one in map(folder.joinpath, names) if not os.path.lexists(one) or _is_folder(one))
    above = (kept / one for one in name.parents)
    blocked = any(os.path.lexists(one) and not _is_folder(one) for one in above)
    return free(kept / ("_".join(name.parts) if blocked else name))


def free(place: Path) -> Path:
    """The place itself, or the first numbered one that is free together with its comparison; long names are cut."""
    for number in count(1):
        tail = f"（{number}）{place.suffix}" if number > 1 else place.suffix
        stem = place.stem
        while len(os.fsencode(stem + tail + COMPARED)) > LONGEST:
            # By characters, since cutting bytes could split one.
            stem = stem[:-1]
        named = place.with_name(stem + tail)
        if not os.path.lexists(named) and not os.path.lexists(compared(named)):
            return named
    raise AssertionError("numbers have no end")


def compared(place: Path) -> Path:
    """The file for a kept document's differences."""
    return place.with_name(f"{place.name}{COMPARED}")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _linked(path: Path, place: Path, original: Path) -> None:
    """The same file under a second name, so that later writes count for both; a copy if the system has no such links.

    original: the place of its own name, from which a relative link leads.
    """
    if path.is_symlink():
        leads = path.readlink()
        if not leads.is_absolute() and place.parent != original.parent:
            leads = Path(os.path.relpath(original.parent / leads, place.parent))
        place.symlink_to(leads)
        return
    try:
        os.link(path, place, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(path, place, follow_symlinks=False)


def _alike(path: Path, new: Path) -> bool:
    return is_regular(new) and path.stat().st_size == new.stat().st_size and _hash(path) == _hash(new)


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except PermissionError as error:
        raise PipelineError(
            f"输出文件夹中的“{path}”读不了，可能正被 Word、WPS 或 Excel 打开，或没有权限。"
            "请关闭或核对权限后重试。原有的文书没有变动。"
        ) from error


# The old folder ------------------------------------------------------------------------------------------------------


def take_back(
    old: Path, target: Path, compare: Compare, taken: Mapping[str, str] = MappingProxyType({})
) -> tuple[Kept, ...]:
    """Remove an old folder after taking from it what its run did not make and `target` does not hold.

    This is what was saved into it after the first look. Nothing is removed unseen: if it cannot be looked at, the
    folder stays and is reported. () without a folder.
    """
    if not old.is_dir() or old.is_symlink():
        return ()
    taking = Taking.of(old, target, compare, taken)
    try:
        known = _Held(target, taking.made)
        # A program may save a file into the old folder while it is being emptied: look again until nothing is new.
        for _ in range(ATTEMPTS):
            found = [old, *listing(old)]
            for path in found:
                if _is_folder(path) and not os.access(path, os.W_OK):
                    path.chmod(stat.S_IRWXU)  # it is going to be deleted: its permissions no longer matter
            # Contents before their folders.
            for path in reversed(found[1:]):
                _empty(path, taking.moved(path.relative_to(old)), taking, known)
            if list(old.iterdir()) in ([], [manifest_of(old)]):
                manifest_of(old).unlink(missing_ok=True)
                old.rmdir()
                return tuple(taking.kept)
    except (OSError, PipelineError):
        # The new folder is in place already, so this run has not failed: what is left is reported.
        pass
    left = Kept(old, ("上次的文件夹没能清理完，其中可能有刚保存的文件，请核对，取出要留的，再把它删去",))
    return (*taking.kept, left)


def _empty(path: Path, name: Path, taking: Taking, known: _Held) -> None:
    if path.is_symlink() or not path.is_dir():
        if known.holds(path, name):
            path.unlink(missing_ok=True)
        else:
            taking.move(path, name)
        return
    taking.folder(path, name)
    if not any(path.iterdir()):
        path.rmdir()


class _Held:
    """What a folder holds: each file at its old place, or among those kept."""

    def __init__(self, folder: Path, made: Mapping[str, str]) -> None:
        self._folder, self._made = folder, made
        self._links: set[str] = set()
        self._nodes: set[tuple[int, int]] = set()
        self._sizes: dict[int, list[Path]] = {}
        for entry in walk(folder):
            if entry.is_symlink():
                self._links.add(entry.name)
            elif entry.is_file():
                found = Path(entry.path).lstat()  # entry.stat() has no inode number on Windows
                self._nodes.add((found.st_dev, found.st_ino))
                self._sizes.setdefault(found.st_size, []).append(Path(entry.path))

    def holds(self, path: Path, name: Path) -> bool:
        """Whether a file of the old folder is here too, or was made by that folder's run."""
        if path.is_symlink():
            # The target of a relative link is rewritten when it moves, so only its name can be compared.
            return path.name in self._links
        found = path.stat()
        # A file taken over is hard-linked: the same inode saves reading it.
        if (found.st_dev, found.st_ino) in self._nodes:
            return True
        content = sha256(path)
        if self._made.get(name.as_posix()) == content:
            return True
        alike = (other.relative_to(self._folder) for other in self._sizes.get(found.st_size, ()))
        places = (other for other in alike if other == name or other.parts[0].startswith(BY_HAND))
        return any(sha256(self._folder / other) == content for other in places)
