"""The output of --json against the shipped JSON Schema: every field is in the schema, and vice versa."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from jsonschema import Draft202012Validator, ValidationError

from pipeline.cli import json_form
from pipeline.cli.verbs import main
from pipeline.publishing import Kept
from pipeline.run.report import Outcome
from pipeline.word.form import Deviation
from pipeline.word.official import Basis
from pipeline.word.printing.fonts import StandIn
from pipeline.word.printing.pdf import Printing, Unprinted
from tests.support.county import county, write
from tests.support.reading import EXAMPLE
from tests.test_damaged import damage

SCHEMA: dict[str, Any] = json.loads(json_form.SCHEMA.read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema with every object closed, so that a field that it does not name is an error."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(item) for name, item in schema.items()}
    return (
        {"additionalProperties": False, **inner} if "properties" in schema and schema.get("type") == "object" else inner
    )


CLOSED = closed(SCHEMA)


def validate(printed: Any, kind: str) -> None:
    """The object is right, and of that kind."""
    Draft202012Validator(CLOSED).validate(printed)
    Draft202012Validator({**CLOSED, "oneOf": [{"$ref": f"#/$defs/{kind}"}]}).validate(printed)


def printed_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["report"]["properties"]["version"]["const"] == json_form.VERSION


def test_a_field_that_the_schema_does_not_name_or_that_is_missing_is_an_error() -> None:
    right = {"version": 1, "error": "没有", "exit_code": 2}
    validate(right, "failed")
    for wrong in ({**right, "more": 1}, {"version": 1, "exit_code": 2}, {**right, "version": 2}):
        with pytest.raises(ValidationError):
            validate(wrong, "failed")


def test_report_of_a_damaged_month(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "2023-08"))
    damage("甲", folder)
    printed = printed_by(capsys, "report", str(folder), "--output", str(tmp_path / "out"), "--zip")
    validate(printed, "report")
    assert printed["version"] == 1
    assert all(printed[name] for name in ("issues", "normalisations", "withheld", "reasons"))


def test_report_with_all_that_a_run_may_come_to(outcome: Outcome) -> None:
    path = outcome.made[0]
    deviation = Deviation("第3段", "字号", "四号", "三号", "7.2", next(iter(Basis)))
    printing = Printing((path.with_suffix(".pdf"),), (Unprinted(path, "没有打印"),), (StandIn("仿宋", "宋体"),))
    whole = replace(
        outcome,
        kept=(Kept(path, ("第1段",)),),
        printing=printing,
        parcels=(path / "学校" / "甲.zip",),
        slowly=(("总结", "太长"),),
        remarks=(("总结", "请核对"),),
        deviating=((path, (deviation,)),),
        unreported=("云岭责任区",),
    )
    for one in (whole, replace(whole, printing=replace(printing, fonts=None))):
        validate(json.loads(json.dumps(json_form.of_report(one, 1))), "report")


def test_report_that_can_do_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    validate(printed_by(capsys, "report", str(tmp_path / "没有")), "failed")


def test_report_over_several_counties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed, name in enumerate(("甲县", "乙县")):
        write(county(seed, zones=1, towns=2, schools=3, records=2, problems=2), tmp_path / name / "2024-03")
    folders = [str(tmp_path / name) for name in ("甲县", "乙县", "没有")]
    printed = printed_by(capsys, "report", *folders, "--output", str(tmp_path / "out"), "--workers", "1")
    validate(printed, "counties")
    assert [county["facts"] is None for county in printed["counties"]] == [False, False, True]
    assert printed["summaries"]


def test_check_of_a_template_that_belongs_to_no_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "别的.docx").write_bytes(b"")
    printed = printed_by(capsys, "check", str(tmp_path / "别的.docx"))
    validate(printed, "check")
    assert len(printed["faults"]) == 1


def test_check_form_of_documents_that_deviate_cannot_be_read_or_are_temporary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Document().save(str(tmp_path / "一.docx"))
    (tmp_path / "坏.docx").write_bytes(b"no document")
    (tmp_path / "~$一.docx").write_bytes(bytes(162))
    printed = printed_by(capsys, "check-form", str(tmp_path))
    validate(printed, "check_form")
    assert [name for file in printed["files"] for name in file if name != "file"] == ["deviations", "error", "skipped"]
