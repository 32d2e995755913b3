"""One document that stands in a folder of folders: put in its place whole, and kept where somebody has edited it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipeline.publishing.folder import BY_HAND, COMPARED, Compare, Kept, free, telling
from pipeline.publishing.manifest import MANIFEST, hashes, read, sha256


def put_file(fresh: Path, folder: Path, template: str, compare: Compare) -> Kept | None:
    """Put a document into a folder under its own name, in one step, and note it in the folder's manifest.

    What stands there and was not left so by a run goes to 手工修改/ with what differs beside it; that as a `Kept`, None
    where there was nothing to keep. Raises PipelineError; then no document is lost.
    """
    target = folder / fresh.name
    with telling(folder):
        made = hashes(folder).get(target.name)
        kept = None
        if target.is_file() and sha256(target) not in (made, sha256(fresh)):
            place = free(folder / BY_HAND / target.name)
            place.parent.mkdir(exist_ok=True)
            differences = tuple(compare(target, fresh))
            place.with_name(f"{place.name}{COMPARED}").write_text("\n".join([*differences, ""]), encoding="utf-8")
            target.replace(place)
            kept = Kept(place, differences)
        entry = {"file": target.name, "template": template, "sha256": sha256(fresh)}
        others = [one for one in read(folder).get("documents", []) if one.get("file") != target.name]
        fresh.replace(target)
        documents = sorted([*others, entry], key=lambda one: str(one["file"]))
        text = json.dumps({"documents": documents, "others": {}}, ensure_ascii=False, indent=1, sort_keys=True)
        written = folder / f".{MANIFEST}.新-{os.getpid()}"
        written.write_text(f"{text}\n", encoding="utf-8")
        written.replace(folder / MANIFEST)
    return kept
