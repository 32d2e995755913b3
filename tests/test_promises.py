"""The architecture as tests: what the house promises, whoever works in it."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from pipeline.cli.verbs import _parser, _run_options, main
from pipeline.documents.catalogue import documents
from pipeline.documents.context import Context
from pipeline.forms.catalogue import ZONE_REPORT
from pipeline.forms.cells import Integer
from pipeline.forms.faults import cells, files, months, reasons, references, sheets
from pipeline.forms.faults.catalogue import FAULTS, REASONS
from pipeline.forms.faults.fault import Fault, Reason
from pipeline.forms.schema import Form, column
from pipeline.forms.zone import Problem, Record, ZoneReport
from pipeline.intake.files.reading import read
from pipeline.intake.validation import validate
from pipeline.run.options import AS_USUAL, RunOptions
from pipeline.workbooks import blanks
from tests.support.reading import EXAMPLE, family_of, workbook

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "pipeline").rglob("*.py"))
EXAMPLE_ROWS = Path(__file__).parent / "example"


def test_imports_point_one_way() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_the_command_line_loads_no_pandas_no_openpyxl_and_no_docxtpl_before_a_verb_needs_them() -> None:
    code = (
        "import sys, pipeline.cli.verbs; print([m for m in ('pandas', 'openpyxl', 'docxtpl', 'rich') if m in "
        "sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


WITHOUT_STATISTICS = """
import sys
from pathlib import Path
from types import ModuleType

import pipeline.run.report

statistics = ModuleType("pipeline.excel.statistics")
statistics.write = lambda target, *_: (target.parent.mkdir(), target.touch())
sys.modules["pipeline.excel.statistics"] = statistics
made = pipeline.run.report.report(*map(Path, sys.argv[1:])).made
print([path.parent.name for path in made].count("0-呈签"), "pandas" in sys.modules)
"""


def test_all_of_a_run_but_the_statistics_loads_no_pandas(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", WITHOUT_STATISTICS, EXAMPLE, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == ["1", "False"]


def test_only_the_statistics_import_pandas() -> None:
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"^import pandas", path.read_text("utf-8"), re.M)
    ]
    assert asking == ["pipeline/excel/statistics.py"]


def names_of_the_example() -> set[str]:
    """Every name of a place, person, school or office that the example's rows hold."""
    columns = {
        "基础信息.csv": ("县区名称", "机构全称", "主管局名", "发文机关代字"),
        "乡镇街道.csv": ("乡镇名称",),
        "督学责任区.csv": ("责任区名称",),
        "学校名录.csv": ("学校全称", "规范简称"),
        "督学名册.csv": ("姓名",),
        "相关人员.csv": ("姓名",),
        "督导工作.csv": ("督导编号", "督导名称"),
        "文件台账.csv": ("文号",),
    }
    found = set()
    for path in EXAMPLE_ROWS.rglob("*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            found |= {row[label] for label in columns.get(path.name, ()) if row[label]}
    return found


def readable(path: Path) -> str:
    """The text of a source file, or of every part of a .docx or .xlsx, tags taken out."""
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml")]
    return re.sub("<[^>]+>", "", "".join(parts))


@pytest.mark.parametrize(
    "path", [*SOURCES, *sorted((ROOT / "input_templates").rglob("*.*x"))], ids=lambda path: path.name
)
def test_no_name_of_the_example_stands_in_the_code_the_templates_or_the_blanks(path: Path) -> None:
    names = names_of_the_example()
    assert len(names) > 300
    text = readable(path)
    assert [name for name in names if name in text] == []


FACTS = r"(?<![0-9.])(?:62|29|72|51|46|143)(?![0-9])"


@pytest.mark.parametrize("path", sorted((ROOT / "input_templates" / "word").glob("*.docx")), ids=lambda path: path.name)
def test_no_figure_of_the_example_stands_in_a_template(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        document = package.read("word/document.xml").decode("utf-8")
    assert re.findall(FACTS, "".join(re.findall("<w:t[^>]*>([^<]*)</w:t>", document))) == []


def test_a_module_of_the_pipeline_is_short_enough_to_be_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    a_workbook_each = {"office.py", "zone.py"}  # declarations, read sheet by sheet
    assert {path.name for path, length in lengths.items() if length > 400} <= a_workbook_each


def test_every_sentence_is_chinese_and_ends_without_a_mark_of_its_own() -> None:
    for sentence in [each.sentence for each in (*FAULTS.values(), *REASONS.values())]:
        assert re.search("[\u4e00-\u9fff]", sentence)
        assert not sentence.endswith(("。", "；", "，"))
        assert not re.search("[\u4e00-\u9fff][,;:]|[,;:][\u4e00-\u9fff]", sentence)


NUMBER = re.compile("[A-Z]{2}-[0-9]{2}")
DECLARING = {"Fault", "Reason", "rule", "need", "_further"}


def test_the_number_of_a_fault_is_written_where_the_fault_is_declared_and_nowhere_else() -> None:
    """Whoever raises a fault, or asks for it, names the object; so that no number steers by being compared as text."""
    elsewhere = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        declared = {
            id(node.args[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in DECLARING
            and node.args
        }
        elsewhere += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NUMBER.fullmatch(node.value)
            if id(node) not in declared
        ]
    assert elsewhere == []


def test_every_fault_and_reason_of_the_catalogue_is_raised_somewhere() -> None:
    used = {
        node.id
        for path in SOURCES
        if family_of(path) != "faults"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    idle = [number for number in (*FAULTS, *REASONS) if number.replace("-", "_") not in used]
    assert idle == []
    assert len(FAULTS) > 120, "the catalogue is found"


def test_a_fault_is_declared_under_its_number() -> None:
    for module in (cells, files, months, reasons, references, sheets):
        for name, fault in vars(module).items():
            assert not isinstance(fault, Fault | Reason) or fault.number == name.replace("_", "-")


def test_every_verb_and_option_is_explained_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    verbs = ("report", "check", "blank", "guide", "variables", "check-form", "new-template")
    for words in (["--help"], *([verb, "--help"] for verb in verbs)):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 0
        shown = capsys.readouterr().out
        assert shown.startswith("用法：")
        assert not re.search("usage|options|show|arguments", shown)


def test_every_option_of_a_run_but_the_templates_can_be_asked_for_on_the_command_line() -> None:
    words = "report input --period 2024-03 --form 信函 --draft --pdf --pdf-seconds 5 --zip --number-from 36"
    asked = _run_options(_parser().parse_args(words.split()))
    same = [field.name for field in fields(RunOptions) if getattr(asked, field.name) == getattr(AS_USUAL, field.name)]
    assert same == ["templates"]


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(f"make {target}" in shown for target in targets)


def test_a_column_added_at_run_time_is_in_the_blank_the_check_and_the_message(tmp_path: Path) -> None:
    class ProblemWithCost(Problem, title="问题整改台账", about=Problem.about):
        """A problem, and what it costs to put right."""

        cost: Integer | None = column("所需资金", minimum=0, note="以元为单位")

    form = Form("责任区月报", ZONE_REPORT.version, (ZoneReport, Record, ProblemWithCost), ZONE_REPORT.about)
    blanks.write(form, tmp_path / "空白.xlsx")
    heading = [cell.value for cell in workbook(tmp_path / "空白.xlsx")["问题整改台账"][1]]
    assert heading[-1] == "所需资金"

    row = {item.label: item.example for item in ProblemWithCost.columns() if item.example} | {"所需资金": "-3"}
    blanks.write(form, tmp_path / "填好.xlsx", rows={"问题整改台账": [row]})
    raw, issues = read(tmp_path / "填好.xlsx", "填好.xlsx", form)
    assert [issue.number for issue in issues] == ["SH-04"]
    checked = validate(ProblemWithCost, raw.sheets[ProblemWithCost])
    (issue,) = checked.issues
    cell = f"{get_column_letter(len(heading))}2"
    told = f"《填好.xlsx》“问题整改台账”表 {cell}“所需资金”：-3 超出范围，不得小于 0，请核对（规则 TY-11）"
    assert str(issue) == told


def test_every_number_that_a_template_may_print_is_a_figure() -> None:
    ordinals = {"序号", "组号", "年份", "月份", "年度"}
    plain = [
        f"{context.__name__}.{one.label}"
        for context in contexts(Context)
        for one in context.declared()
        if one.of in (int, float, Decimal) and not one.figure and one.label not in ordinals
    ]
    assert plain == []
    assert len(list(contexts(Context))) > 15


def contexts(of: type[Context]) -> Iterator[type[Context]]:
    documents()  # imports every module that declares one
    for context in of.__subclasses__():
        if context.__module__.startswith("pipeline."):
            yield context
        yield from contexts(context)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_year_of_the_example_stands_in_the_code(path: Path) -> None:
    assert "2023" not in path.read_text(encoding="utf-8")


def test_a_class_name_occurs_once() -> None:
    """One word, one thing: whoever reads a name need not ask which of two it is. An underscore is not a difference."""
    places: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.lstrip("_"), []).append(path.relative_to(ROOT).as_posix())
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, f"names of two classes: {twice}"
