"""Every part we write is valid by ISO 29500's transitional schemas: one document of each template and variant."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

from pipeline.documents.catalogue import WORKBOOK, Draft
from pipeline.dossier.building import build_dossier
from pipeline.intake.loading import load
from pipeline.publishing import MANIFEST
from pipeline.run.new_templates import new_template, template_kinds
from pipeline.run.press import write_workbook
from pipeline.run.report import Outcome, report
from pipeline.run.templates import FOLDER as TEMPLATES
from pipeline.run.templates import LetterLook, looking, shipped
from pipeline.word.rendering.template import render
from pipeline.word.templates.annotating import annotate
from pipeline.word.templates.places import TemplateFault, TemplatePlace
from pipeline.workbooks.county_blanks import write_blanks
from tests.support.reading import EXAMPLE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ERROR = ValidationSeverity.ERROR
VALIDATOR = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)


def faults(path: Path, folder: Path) -> list[str]:
    """What is invalid in a package and the workbooks within it, one line each; [] for nothing."""
    found = [f"{path.name} {one}" for one in VALIDATOR.validate(str(path)).errors if one.severity is ERROR]
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name == "word/settings.xml" and not _zoom_is_whole(package.read(name)):
                found.append(f"{path.name} {name}: w:zoom without w:percent, which the validator does not ask for")
            if name.endswith(".xlsx"):
                inner = folder / Path(name).name
                inner.write_bytes(package.read(name))
                found += [f"{path.name}, {one}" for one in faults(inner, folder)]
    return found


def _zoom_is_whole(settings: bytes) -> bool:
    return all(zoom.get(f"{W}percent") for zoom in etree.fromstring(settings).iter(f"{W}zoom"))


def all_faults(paths: list[Path], folder: Path) -> list[str]:
    assert paths, "nothing was written"
    return [fault for path in paths for fault in faults(path, folder)]


def test_one_document_of_each_template_of_a_run_is_valid_with_its_charts(
    outcome: Outcome, quarter: Outcome, tmp_path: Path
) -> None:
    made: dict[str, Path] = {}
    for run in (outcome, quarter):
        for one in json.loads((run.folder / MANIFEST).read_text(encoding="utf-8"))["documents"]:
            made.setdefault(one["template"], run.folder / one["file"])
    assert len(made) > 10, f"only {sorted(made)} were made"
    assert all_faults(list(made.values()), tmp_path) == []


@lru_cache
def _example() -> Any:
    return build_dossier(load(EXAMPLE, None))


def drafts(look: LetterLook) -> Iterator[Draft]:
    """The first document of each template of the example month in a look."""
    dossier = _example()
    assert dossier is not None
    seen: set[str] = set()
    for document in looking(look):
        for draft in document.drafts(dossier):
            if draft.template not in seen:
                seen.add(draft.template)
                yield draft


@pytest.mark.parametrize(
    ("look", "missing"),
    [
        (LetterLook("信函"), None),
        (LetterLook(sealed=False), None),
        (LetterLook("信函", sealed=False), ["缺文号"]),
        (LetterLook(), ["缺主送"]),
    ],
    ids=["letters", "no seal", "draft of letters without seal", "draft"],
)
def test_every_variant_of_a_document_is_valid(look: LetterLook, missing: list[str] | None, tmp_path: Path) -> None:
    made = []
    for draft in drafts(look):
        path = (
            tmp_path
            / f"{draft.template or draft.name.replace('/', ' ')}{'.xlsx' if draft.template == WORKBOOK else '.docx'}"
        )
        if draft.template == WORKBOOK:
            write_workbook(draft, path, missing)
        else:
            render(TEMPLATES / f"{draft.template}.docx", draft.context, path, missing=missing)
        made.append(path)
    assert all_faults(made, tmp_path / "..") == []


def test_the_shipped_templates_and_every_new_one_are_valid(tmp_path: Path) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "word"))
    new = [new_template(f"新的{kind}", kind, templates) for kind in template_kinds()]
    assert all_faults([*shipped(), *new], tmp_path) == []


def test_a_copy_with_comments_is_valid_even_of_a_template_without_styles_for_them(tmp_path: Path) -> None:
    bare = tmp_path / "督导通知.docx"
    document = Document(str(TEMPLATES / "督导通知.docx"))
    for style in [one for one in document.styles if one.style_id.startswith("Comment")]:
        style.element.getparent().remove(style.element)
    document.save(str(bare))
    fault = TemplateFault(TemplatePlace(3), "{{ 标题 }}", "标题不对")
    for template in (TEMPLATES / "督导通知.docx", bare):
        target = tmp_path / "批注" / f"{template.parent.name}.docx"
        assert annotate(template, [fault], target)
        assert faults(target, tmp_path) == []


def test_blanks_are_valid_with_a_registry_and_without(tmp_path: Path) -> None:
    made = [*write_blanks(tmp_path / "空白"), *write_blanks(tmp_path / "带名录", EXAMPLE / "名录.xlsx")]
    assert all_faults(made, tmp_path) == []


def test_the_list_of_issues_is_valid(folder: Path, tmp_path: Path) -> None:
    (folder / "责任区月报-云岭责任区.xlsx").unlink()
    done = report(folder, tmp_path / "out")
    assert done.issues
    assert all_faults(list(done.folder.rglob("*.xlsx")), tmp_path) == []


# The test can fail ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "good", "bad"),
    [
        ("word/document.xml", b"<w:body>", b"<w:body><w:tbl/>"),
        ("word/settings.xml", b'w:percent="100" ', b""),
        ("word/styles.xml", b'<w:basedOn w:val="Normal"/>', b'<w:link w:val="Nobody"/><w:basedOn w:val="Normal"/>'),
        ("word/footer1.xml", b"<w:pPr>", b'<w:pPr><w:jc w:val="right"/>'),
        ("word/charts/chart1.xml", b'<c:axId val="', b'<c:axId val="-'),
        ("word/numbering.xml", b'w:val="decimal"', b'w:val="decimalish"'),
        ("word/embeddings/chart1.xlsx", b"<sheetData>", b"<sheetDate/><sheetData>"),
    ],
)
def test_a_part_made_invalid_is_found(part: str, good: bytes, bad: bytes, tmp_path: Path) -> None:
    path = tmp_path / "坏.docx"
    with zipfile.ZipFile(TEMPLATES / "月度工作总结.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = _changed(parts[part], good, bad)
    path.write_bytes(_zipped(parts))
    assert faults(path, tmp_path) != []


def _changed(content: bytes, good: bytes, bad: bytes) -> bytes:
    """A part with one thing changed; of a workbook its sheet."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        return _zipped(parts | {"xl/worksheets/sheet1.xml": _changed(parts["xl/worksheets/sheet1.xml"], good, bad)})
    assert good in content
    return content.replace(good, bad, 1)


def _zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()
