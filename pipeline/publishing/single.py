"""A single document in the folder above the months: put in its place whole; an edited one is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipeline.ending import held
from pipeline.publishing.exchange import aside, put, recover
from pipeline.publishing.folder import writing_to
from pipeline.publishing.keeping import Compare, Kept, by_hand, compared_with_new
from pipeline.publishing.manifest import EARLIER_MANIFEST, MANIFEST, hashes, read
from pipeline.walking import is_regular, sha256


def put_file(fresh: Path, folder: Path, template: str, compare: Compare) -> Kept | None:
    """Put a document into a folder under its own name, in one step, and note it in the folder's manifest.

    If the old one is not as a run left it, it goes to 手工修改/ with its differences beside it. It is examined after it
    has left its place, when nobody can save to it any more. Gives it as `Kept`, or None if there was nothing to keep.
    Raises PipelineError; no document is lost then.
    """
    target = folder / fresh.name
    with writing_to(folder), held():
        recover(target)
        made, new = hashes(folder).get(target.name), sha256(fresh)
        left = _kept(aside(target), target, {made, new}, compare)
        put(fresh, target)
        kept = _kept(aside(target), target, {made, new}, compare)
        _note(target, template, new)
    return kept or left


def _kept(old: Path, target: Path, ours: set[str | None], compare: Compare) -> Kept | None:
    """The old document in 手工修改/; None if there was none, or a run made it (it is deleted)."""
    if not os.path.lexists(old):
        return None
    if not old.is_symlink() and is_regular(old) and sha256(old) in ours:
        old.unlink()
        return None
    place = by_hand(target.parent, Path(target.name))
    place.parent.mkdir(parents=True, exist_ok=True)
    old.rename(place)
    return compared_with_new(place, target, compare)


def _note(target: Path, template: str, content: str) -> None:
    folder = target.parent
    entry = {"file": target.name, "template": template, "sha256": content}
    others = [one for one in read(folder).get("documents", []) if one.get("file") != target.name]
    documents = sorted([*others, entry], key=lambda one: str(one["file"]))
    text = json.dumps({"documents": documents, "others": {}}, ensure_ascii=False, indent=1, sort_keys=True)
    written = folder / f"{MANIFEST}.新-{os.getpid()}"
    written.write_text(f"{text}\n", encoding="utf-8")
    # A run that is killed here leaves a whole manifest.
    written.replace(folder / MANIFEST)
    (folder / EARLIER_MANIFEST).unlink(missing_ok=True)
