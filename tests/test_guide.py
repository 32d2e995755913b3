"""The clerks' documents: the guide is what the forms give, and what 常见问题.md quotes is what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli.verbs import main
from pipeline.forms.catalogue import FORMS
from pipeline.forms.faults.catalogue import FAULTS, REASONS
from pipeline.forms.faults.fault import Fault, Severity
from pipeline.forms.rules import Rule
from pipeline.forms.schema import Row
from pipeline.intake.crosschecks import FURTHER
from pipeline.workbooks import guide

DOCS = Path(__file__).resolve().parent.parent / "docs"
GUIDE = DOCS / guide.NAME
QUESTIONS = DOCS / "常见问题.md"
SHEETS = [sheet for form in FORMS for sheet in form.sheets]
RULES = {rule.number: rule for sheet in SHEETS for rule in (*sheet.rules(), *FURTHER.get(sheet, ()))}


def section(sheet: type[Row]) -> str:
    """The guide's section on a sheet, from its heading to the next."""
    form = next(form for form in FORMS if sheet in form.sheets)
    of_form = guide.text().split(f"\n## {form.name}\n")[1].split("\n## ")[0]
    return re.split(rf"\n### [一二三四五六七八九十]+、{sheet.sheet_title()}\n", of_form)[1].split("\n### ")[0]


def test_the_guide_in_the_repository_is_what_the_forms_give() -> None:
    assert GUIDE.read_text(encoding="utf-8") == guide.text(), "make guide"


def test_the_verb_writes_the_guide_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", str(tmp_path / "说明")]) == 0
    assert (tmp_path / "说明" / guide.NAME).read_bytes() == GUIDE.read_bytes()
    assert guide.NAME in capsys.readouterr().out


def test_a_guide_that_cannot_be_written_is_reported_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "文件").touch()
    assert main(["guide", str(tmp_path / "文件")]) == 2
    assert "无法写入" in capsys.readouterr().err


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet_title())
def test_every_sheet_stands_in_the_guide_with_its_columns_and_checks(sheet: type[Row]) -> None:
    rows = [line.strip("| ").split(" | ") for line in section(sheet).splitlines() if line.startswith("| ")]
    told = [row[0] for row in rows]
    assert [column.label for column in sheet.columns()] == told[2 : 2 + len(sheet.columns())]
    weights = {row[0]: row[1] for row in rows if row[0] in RULES}
    assert weights == {rule.number: rule.severity for rule in (*sheet.rules(), *FURTHER.get(sheet, ()))}


def test_every_general_number_stands_in_the_guide_once() -> None:
    for number in {**FAULTS, **REASONS}:
        assert guide.text().count(f"\n| {number} | ") == 1, number


def test_every_general_fault_stands_in_the_guide_with_its_severity() -> None:
    rows = [line.strip("| ").split(" | ") for line in guide.text().splitlines() if line.startswith("| ")]
    weights = {row[0]: row[1] for row in rows if row[0] in FAULTS}
    assert weights == {number: "或".join(fault.severities) for number, fault in FAULTS.items()}
    assert weights["SH-02"] == "必改或请核实"


def test_no_placeholder_is_left_and_every_sentence_keeps_its_chinese_marks() -> None:
    assert not re.search(r"[{}]|\bNone\b", guide.text())
    assert not re.search("[\u4e00-\u9fff][,;:]|[,;:][\u4e00-\u9fff]", guide.text())


def test_a_label_before_its_own_placeholder_is_said_once() -> None:
    rule = Rule("WT-10", "完成日期 {完成日期} 早于发现日期 {发现日期}，请核对", "完成日期", Severity.必改, bool)
    assert guide.readable(rule) == "［完成日期］早于［发现日期］，请核对"
    rule = Rule("WT-20", "延期 {延期次数} 次，应填写延期原因", "延期原因", Severity.必改, bool)
    assert guide.readable(rule) == "延期［延期次数］次，应填写延期原因"


QUOTES = re.findall(r"^> - \*\*(.+?)\*\* ([A-Z]{2}-[0-9]{2})：(.+)$", QUESTIONS.read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize(("weight", "number", "words"), QUOTES, ids=[number for _, number, _ in QUOTES])
def test_what_the_questions_quote_is_what_the_program_says(weight: str, number: str, words: str) -> None:
    said = RULES[number] if number in RULES else FAULTS[number]
    sentence = said.sentence
    pattern = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", sentence))
    assert re.fullmatch(pattern, words), sentence
    assert weight in (said.severities if isinstance(said, Fault) else (said.severity,))


def test_the_questions_tell_of_twelve_faults_each_with_a_quotation() -> None:
    _, *faults = re.split(r"\n### [0-9]+\. ", QUESTIONS.read_text(encoding="utf-8").split("\n## 校验之后")[0])
    assert len(faults) == 12
    assert all("> - **" in fault and "样子：" in fault and "改法：" in fault for fault in faults)


@pytest.mark.parametrize("document", [GUIDE, QUESTIONS], ids=lambda path: path.stem)
def test_every_picture_and_document_that_is_named_exists(document: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
        assert (DOCS / target).is_file(), target


def test_no_picture_of_the_guide_is_idle_or_heavy() -> None:
    for picture in (DOCS / "pictures").glob("guide-*.png"):
        assert f"pictures/{picture.name}" in QUESTIONS.read_text(encoding="utf-8")
        assert picture.stat().st_size < 120_000
