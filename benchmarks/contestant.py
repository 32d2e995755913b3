"""One renderer in a process of its own: `python -m benchmarks.contestant NAME TEMPLATE VALUES.json FOLDER`.

Prints the seconds for all documents, including the template's compilation but not imports, and the additional memory in
MB.
"""

from __future__ import annotations

import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Job = Callable[[Path, Iterable[tuple[Path, dict[str, Any]]]], None]


def main() -> None:
    """Render every context into the folder, and print what it took."""
    name, template, values, folder = sys.argv[1], *map(Path, sys.argv[2:])
    run = _JOBS[name]()
    contexts = json.loads(values.read_text(encoding="utf-8"))
    documents = [(folder / f"{number}.docx", context) for number, context in enumerate(contexts)]
    before = kilobytes("VmRSS")
    started = time.perf_counter()
    run(template, documents)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "memory": (kilobytes("VmHWM") - before) / 1024}))


def kilobytes(field: str) -> int:
    """This process's memory as Linux reports it: VmRSS now, VmHWM at its highest."""
    found = re.search(rf"{field}:\s*(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def _compiled() -> Job:
    import pipeline.word.rendering.by_docxtpl
    import pipeline.word.rendering.compiling  # noqa: F401 (otherwise loaded with the first template)
    from pipeline.word.rendering.template import render

    def run(template: Path, documents: Iterable[tuple[Path, dict[str, Any]]]) -> None:
        if slowly := {render(template, context, path) for path, context in documents} - {None}:
            sys.exit(f"not compiled: {slowly}")

    return run


def _docxtpl() -> Job:
    from docxtpl import DocxTemplate

    def run(template: Path, documents: Iterable[tuple[Path, dict[str, Any]]]) -> None:
        for path, context in documents:
            document = DocxTemplate(template)
            document.render(context, autoescape=True)
            document.save(path)

    return run


def _mailmerge() -> Job:
    from mailmerge import MailMerge

    def run(template: Path, documents: Iterable[tuple[Path, dict[str, Any]]]) -> None:
        for path, context in documents:
            with MailMerge(template) as document:
                if context["rows"]:
                    document.merge_rows("no", context["rows"])
                document.merge(**{name: value for name, value in context.items() if name != "rows"})
                document.write(path)

    return run


def _limit() -> Job:
    """Deflate and write finished XML as we do: the template is a finished document. Nobody can be faster."""
    from pipeline.ooxml.package import SMALL, Package, pack

    def run(template: Path, documents: Iterable[tuple[Path, dict[str, Any]]]) -> None:
        with zipfile.ZipFile(template) as made:
            content = {name: made.read(name) for name in made.namelist()}
        ready, constant = content.pop("word/document.xml"), Package()
        for name, member in content.items():
            constant = constant.plus(name, pack([member], SMALL))
        for path, _ in documents:
            constant.plus("word/document.xml", pack([ready])).write(path)

    return run


_JOBS = {"compiled": _compiled, "docxtpl": _docxtpl, "docx-mailmerge2": _mailmerge, "limit": _limit}

if __name__ == "__main__":
    main()
