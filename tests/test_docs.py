"""README and docs: their links lead somewhere, their numbers and options are the program's, their commands run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.cli.json_form import SCHEMA
from pipeline.cli.verbs import main
from pipeline.documents.catalogue import all_documents, templated
from pipeline.forms.catalogue import FORMS
from pipeline.forms.rules import Rule
from pipeline.forms.schema import Row
from pipeline.intake.crosschecks import FURTHER
from pipeline.run.report import Outcome
from pipeline.word.rendering.environment import FILTERS
from tests.support.county import county, write
from tests.support.reading import EXAMPLE, of_word

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DOCS = ROOT / "docs"
PAGES = [README, CONTRIBUTING, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
COMMANDS = DOCS / "commands.md"
FIRST_MONTH, FIRST_MONTH_IN_CHINESE = DOCS / "first-month.md", DOCS / "第一个月.md"
WORDS_OF_README = 900
SHEETS = [sheet for form in FORMS for sheet in form.sheets]
VERBS = ("report", "next", "check", "check-form", "blank", "new-template", "guide", "variables")


def rules_of(sheet: type[Row]) -> list[Rule]:
    return [*sheet.rules(), *FURTHER.get(sheet, ())]


def said(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[str]:
    """The commands of a page: what its fences without a language hold."""
    return re.findall(r"^```\n(.*?)^```$", said(page), re.M | re.S)


def numbers(pattern: str, page: Path) -> tuple[int, ...]:
    found = re.search(pattern, said(page))
    assert found, f"{page.name} no longer says {pattern}"
    return tuple(int(number) for number in found.groups())


def column(page: Path, heading: str) -> list[str]:
    """The first column of the table with this heading."""
    rows = said(page).split(f"| {heading} |")[1].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows[: rows.index("")]]


# README --------------------------------------------------------------------------------------------------------------


def test_readme_can_be_read_in_five_minutes_and_has_one_picture() -> None:
    words = len(said(README).split())
    assert words < WORDS_OF_README, f"README has {words} words: move some of it to docs/"
    assert said(README).count("![") == 1


def test_readme_leads_to_every_page() -> None:
    unnamed = [page.name for page in PAGES[1:] if f"({page.relative_to(ROOT)})" not in said(README)]
    assert unnamed == []


def test_readme_counts_sheets_columns_and_rules_as_the_forms_do() -> None:
    counted = len(SHEETS), sum(len(sheet.columns()) for sheet in SHEETS)
    assert numbers(r"([0-9]+) sheets and ([0-9]+) columns", README) == counted
    rules = sum(len(rules_of(sheet)) for sheet in SHEETS)
    for page in (README, DOCS / "checks.md"):
        assert numbers(r"about ([0-9]+)(?: numbered rules|, each with a number)", page) == (round(rules, -1),)
    for form in FORMS:
        told = next(line for line in said(DOCS / "workbooks.md").splitlines() if line.startswith(f"| {form.name} | "))
        assert f"| {len(form.sheets)}: " in told
        assert told.split(": ")[1].split(" |")[0].count(", ") == len(form.sheets) - 1


def test_readme_counts_the_workbooks_and_documents_of_the_example(outcome: Outcome) -> None:
    assert numbers("has ([0-9]+) workbooks", README) == (len(list(EXAMPLE.glob("*.xlsx"))),)
    assert numbers("example month gives ([0-9]+) documents", README) == (len(outcome.made),)
    told = numbers(r"gives ([0-9]+) documents: ([0-9]+) Word\s+documents", DOCS / "documents.md")
    assert told == (len(outcome.made), len(of_word(outcome.made)))


# Links and pictures --------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", said(page), re.M)
    kept = ("".join(c for c in heading.lower() if _in_anchor(c)) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


def _in_anchor(character: str) -> bool:
    return character in " -_" or unicodedata.category(character)[0] in "LN"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", said(page)):
        path, _, anchor = target.partition("#")
        linked = page.parent / unquote(path) if path else page
        assert linked.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(linked), f"{page.name} links to {target}: no such heading"


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "CHANGELOG"], ids=lambda page: page.stem)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    """Paths from the root; a recipe's new file has a name in angle brackets, or an invented one."""
    paths = re.findall(
        "`((?:pipeline|tests|input|input_templates|benchmarks|requirements|docs)/[^`*<>… ]+)`", said(page)
    )
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_recipe_of_a_rule_of_no_single_sheet_shows_one_that_there_is() -> None:
    shown = next(block for block in re.findall("```python\n(.*?)```", said(CONTRIBUTING), re.S) if "_further(" in block)
    (there,) = [rule for sheet in SHEETS for rule in FURTHER.get(sheet, ()) if f'"{rule.number}"' in shown]
    assert f'"{there.sentence}"' in shown
    assert there.severity.name in shown


def test_no_picture_is_idle() -> None:
    shown = {name for page in PAGES for name in re.findall(r"pictures/([^)]+)\)", said(page))}
    assert {path.name for path in (DOCS / "pictures").iterdir()} == shown


# Commands ------------------------------------------------------------------------------------------------------------


def options_of(verb: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    return set(re.findall("--[a-z][a-z-]*", capsys.readouterr().out)) - {"--help"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_documented_and_no_other(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    usages = re.split(r"^\.venv/bin/python -m pipeline ", "\n".join(blocks(COMMANDS)), flags=re.M)
    usage = next(usage for usage in usages if usage.startswith(f"{verb} "))
    assert set(re.findall("--[a-z][a-z-]*", usage)) == options_of(verb, capsys)


def test_every_verb_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    verbs = re.findall(r"^    ([a-z][a-z-]*)\b", capsys.readouterr().out, re.M)
    assert set(verbs) == set(VERBS)


def test_no_page_names_an_option_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    known = {option for verb in VERBS for option in options_of(verb, capsys)} | {"--help"}
    for page in (page for page in PAGES if page.stem != "CHANGELOG"):
        ours = [line for block in blocks(page) for line in block.splitlines() if "-m pipeline" in line]
        named = re.findall(r"`(--[a-z][a-z-]*)[^`]*`", said(page))
        assert {*named, *re.findall("--[a-z][a-z-]*", "\n".join(ours))} - known - {"--to", "--counties"} == set(), page


def made_with(page: Path) -> list[list[str]]:
    """The words after each `make` of a page, in its fences and in its sentences."""
    shown = [line.split("#")[0] for block in blocks(page) for line in block.splitlines()]
    return [
        command.split()[1:] for command in [*shown, *re.findall("`([^`]+)`", said(page))] if command.startswith("make ")
    ]


def test_every_target_and_variable_of_make_that_a_page_names_exists() -> None:
    makefile = said(ROOT / "Makefile")
    targets = set(re.findall("^([a-z-]+):", makefile, re.M))
    variables = set(re.findall("^VARIABLES = (.+)$", makefile, re.M)[0].split())
    for page in PAGES:
        words = [word for command in made_with(page) for word in command]
        assert {word for word in words if "=" not in word} <= targets, page.name
        assert {word.split("=")[0] for word in words if "=" in word} <= variables, page.name
    assert {name for name in variables if f"`{name}=" not in said(COMMANDS)} == set()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program's folder as `make` sets it up; commands write only into this copy."""
    folder = tmp_path / "program"
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("Makefile", "pipeline", "input", "input_templates", "requirements"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv" / "ready").touch()
    return folder


def run(command: str, program: Path) -> str:
    """The output of the command in a shell; it must succeed."""
    home = program.parent / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        ["sh", "-c", command], cwd=program, env={**os.environ, "HOME": str(home)}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_first_command_of_readme_makes_the_example(program: Path) -> None:
    commands = next(block.splitlines() for block in blocks(README) if "make test" in block)
    assert [command.split("#")[0].split() for command in commands] == [["make", "report"], ["make", "test"]]
    (documents,) = numbers("example month gives ([0-9]+) documents", README)
    assert f"共生成 {documents} 份" in run(commands[0], program)
    assert (program / "output" / "2023-08" / "9-校验" / "校验结果.xlsx").is_file()
    assert "pytest" in run(f"touch .venv/tested; {commands[1].replace('make', 'make -n')}", program)


def test_the_first_month_can_be_followed_command_by_command(program: Path) -> None:
    """An invented county does what the page says; printing alone is left to its own tests."""
    months = program.parent / "home" / "督导" / "各月"
    filled = county(14, zones=2, towns=3, schools=6, inspectors=5, records=4, problems=4)
    for command in blocks(FIRST_MONTH):
        if command.startswith("make pdf"):
            continue
        shown = run(command, program)
        if "名录.xlsx" in command and "cp " in command:
            write({name: book for name, book in filled.items() if name.startswith("名录")}, months)
        elif command.rstrip().endswith('2024-03"'):
            write({name: book for name, book in filled.items() if not name.startswith("名录")}, months / "2024-03")
        elif command.startswith("make report"):
            assert "未生成 0 份" in shown
    documents = months.parent / "文书"
    assert {path.name for path in documents.iterdir() if path.is_dir()} == {
        *("2024-03", "2024-03（草稿）"),
        "发给责任区",
    }
    assert len(list((months / "2024-04").glob("*.xlsx"))) == len(list((months / "2024-03").glob("*.xlsx")))
    assert {path.name for path in (months.parent / "本县空白表").iterdir()} == {f"{form.name}.xlsx" for form in FORMS}


def test_the_first_month_has_the_same_commands_and_steps_in_both_languages() -> None:
    assert blocks(FIRST_MONTH) == blocks(FIRST_MONTH_IN_CHINESE)
    steps = [re.findall("^## ([0-9]+)", said(page), re.M) for page in (FIRST_MONTH, FIRST_MONTH_IN_CHINESE)]
    rules = [
        set(re.findall("[A-Z]{2}-[0-9]{2}(?![0-9])", said(page))) for page in (FIRST_MONTH, FIRST_MONTH_IN_CHINESE)
    ]
    assert steps[0] == steps[1]
    assert rules[0] == rules[1]
    assert rules[0] <= {rule.number for form in FORMS for sheet in form.sheets for rule in sheet.rules()}


def test_the_repository_ignores_what_a_run_writes_by_default() -> None:
    ignored = said(ROOT / ".gitignore").splitlines()
    assert "/output/*" in ignored


# What the pages list -------------------------------------------------------------------------------------------------


def test_documents_lists_every_kind_of_document() -> None:
    listed = " ".join(column(DOCS / "documents.md", "Document"))
    kinds = {document.template or f"{document.title.removeprefix('教育督导')}.xlsx" for document in all_documents()} - {
        "阶段工作总结"
    }
    assert [kind for kind in kinds if kind not in listed] == []
    assert "季度, 半年, 年度工作总结" in listed


def test_workbooks_shows_every_folder_of_the_output() -> None:
    families = {f"{document.family}/" for document in all_documents() if document.family}
    tree = next(block for block in blocks(DOCS / "workbooks.md") if "output/" in block)
    assert families <= set(tree.split())


def test_templates_lists_every_filter() -> None:
    listed = {name for cell in column(DOCS / "templates.md", "Filter") for name in cell.split(", ")}
    assert listed == set(FILTERS)
    assert templated()


def test_json_names_every_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(county(3, zones=1, towns=2, schools=3, records=2, problems=2), tmp_path / "in" / "2024-03")
    main(["report", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--json"])
    assert set(json.loads(capsys.readouterr().out)) == {field.strip("`") for field in column(DOCS / "json.md", "Field")}


def test_json_names_every_field_of_the_schema() -> None:
    page = said(DOCS / "json.md")
    objects = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"].values()
    fields = {name for one in objects for name in one["properties"]}
    assert len(fields) > 50
    assert (
        sorted(name for name in fields if not re.search(rf"(?:`|\"){name}(?:`|\")|(?<![\w`]){name}[,、]", page)) == []
    )


def test_every_module_of_tests_is_listed() -> None:
    modules = {path.name for path in (ROOT / "tests").glob("test_*.py")}
    assert set(re.findall(r"`(test_\w+\.py)`", said(DOCS / "tests.md"))) == modules


def test_speed_tells_what_was_measured() -> None:
    results = said(ROOT / "benchmarks" / "RESULTS.md")
    for job in ("300 notices", "300 lists of 10 rows", "one list of 5,000 rows", "one list of 20,000 rows"):
        measured = results.split(f"## {job}\n")[1].split("\n## ")[0]
        times = re.findall(r"^\| docxtpl \| .+ \| ([0-9.]+) \| [0-9]+ \|$", measured, re.M)[0]
        told = next(line for line in said(DOCS / "speed.md").splitlines() if line.startswith(f"| {job} |"))
        assert told.split(" | ")[1].split()[0] == str(round(float(times))), f"docs/speed.md, {job}: {times}"
