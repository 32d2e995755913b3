"""The example month as a plain script: pandas reads every sheet, docxtpl renders every document; nothing is checked.

`python benchmarks/naive.py INPUT TEMPLATES PREPARED.pickle OUTPUT`. The documents' contexts are prepared
(`benchmarks.month`), so only reading and rendering are compared: counting, checking and joining cost it nothing.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pandas as pd
from docxtpl import DocxTemplate

from pipeline.word.rendering.environment import environment

workbooks, templates, prepared, output = map(Path, sys.argv[1:])
sheets = {
    path.stem: pd.read_excel(path, sheet_name=None, engine="openpyxl") for path in sorted(workbooks.glob("*.xlsx"))
}
for name, template, context in pickle.loads(prepared.read_bytes()):
    document = DocxTemplate(templates / f"{template}.docx")
    document.render(context, environment(), autoescape=True)
    target = output / f"{name}.docx"
    target.parent.mkdir(parents=True, exist_ok=True)
    document.save(target)
