"""The example month as a whole process: the commands, and the facts that `naive.py` is given."""

from __future__ import annotations

import gc
import json
import pickle
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.cli.verbs import OBJECTS_BETWEEN_COLLECTIONS
from pipeline.documents.catalogue import WORKBOOK, documents
from pipeline.dossier.building import build_dossier
from pipeline.dossier.figures import Figure
from pipeline.intake.loading import load
from pipeline.run.beside import beside
from pipeline.run.report import report
from pipeline.word.form import deviations
from pipeline.word.rendering.template import render

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "input" / "2023-08"
TEMPLATES = ROOT / "input_templates" / "word"


def prepare(path: Path) -> int:
    """Write the context of every Word document of the example, without its figures' cells; gives their number."""
    dossier = build_dossier(load(EXAMPLE, None))
    assert dossier is not None
    drafts = [draft for document in documents() for draft in document.drafts(dossier)]
    drafts = [draft for draft in drafts if draft.template != WORKBOOK]
    path.write_bytes(pickle.dumps([(draft.name, draft.template, _bare(draft.context)) for draft in drafts]))
    return len(drafts)


def commands(prepared: Path, output: Path) -> dict[str, list[str]]:
    """The commands that run the pipeline and the script over the example."""
    ours = [sys.executable, "-m", "pipeline", "report", str(EXAMPLE), "--output", str(output / "pipeline")]
    script = [sys.executable, str(ROOT / "benchmarks" / "naive.py")]
    return {"pipeline": ours, "naive.py": [*script, *map(str, (EXAMPLE, TEMPLATES, prepared, output / "naive"))]}


class Again(NamedTuple):
    """Seconds that a process needs that has made the month once: for the month again, and for one more document."""

    second: float
    document: float


def in_one_process(output: Path, environment: Mapping[str, str]) -> Again:
    """Measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.month", str(output)]
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return Again(**json.loads(told))


def _measured(output: Path) -> Again:
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # as the program does
    with beside() as hands:
        report(EXAMPLE, output, hands=hands)
        started = time.perf_counter()
        report(EXAMPLE, output, hands=hands)
        second = time.perf_counter() - started
    return Again(second, _document(output))


def _document(output: Path) -> float:
    """Seconds to render one Word document and check its form: the mean of all of the month."""
    dossier = build_dossier(load(EXAMPLE, None))
    assert dossier is not None
    drafts = [draft for kind in documents() for draft in kind.drafts(dossier) if draft.template != WORKBOOK]
    started = time.perf_counter()
    for number, draft in enumerate(drafts):
        path = output / f"{number}.docx"
        render(TEMPLATES / f"{draft.template}.docx", draft.context, path)
        deviations(path, whole=True)
    return (time.perf_counter() - started) / len(drafts)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {label: _bare(item) for label, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return _bare(value.value) if isinstance(value, Figure) else value


if __name__ == "__main__":
    print(json.dumps(_measured(Path(sys.argv[1]))._asdict()))
