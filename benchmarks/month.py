"""The example month as a whole process: the commands, and the facts that `naive.py` is given."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

from pipeline.documents.catalogue import WORKBOOK, documents
from pipeline.dossier.building import build_dossier
from pipeline.dossier.figures import Figure
from pipeline.intake.loading import load

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


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {label: _bare(item) for label, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return _bare(value.value) if isinstance(value, Figure) else value
