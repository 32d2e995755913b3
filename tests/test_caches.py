"""Files kept between runs: compiled templates give the same documents, and damaged files are made again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import caches
from pipeline.caches import Cache
from pipeline.word.rendering import by_docxtpl
from pipeline.word.rendering import template as rendering
from pipeline.word.rendering.compiled import Recipe
from tests.support.templates import LIST, added, edited


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for the user's caches."""
    monkeypatch.setenv(caches.ELSEWHERE, str(tmp_path / "缓存"))
    return tmp_path / "缓存" / caches.NAME


_RENDERED = """
import sys
from pathlib import Path
from docx import Document
from pipeline.word.rendering import template
if sys.argv[3] == "kept":
    template.recipe = None  # nothing may be compiled
for name, value in {"字": "一行\\n又一行 & <甲>", "空": "", "长": "乙" * 999}.items():
    facts = {"标题": value, "各行": [{"名": value}] * 3}
    slowly = template.render(Path(sys.argv[1]), facts, Path(sys.argv[2]) / f"{name}.docx")
    assert slowly is None, slowly
"""


def test_a_compiled_template_serves_the_next_process_and_makes_the_same_bytes(tmp_path: Path, own: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("{{ 标题 }}：{% for 一 in 各行 %}{{ 一.名 }}；{% endfor %}")
    document.sections[0].header.paragraphs[0].text = "{{ 标题 }}"
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ("{%tr for 一 in 各行 %}", "{{ 一.名 }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text
    document.save(str(tmp_path / "模板.docx"))
    for folder in ("made", "kept"):
        (tmp_path / folder).mkdir()
        done = [sys.executable, "-c", _RENDERED, str(tmp_path / "模板.docx"), str(tmp_path / folder), folder]
        subprocess.run(done, check=True)
    assert len(list((own / "compiled").iterdir())) == 1, "one file for one template"
    made, kept = (sorted((tmp_path / folder).iterdir()) for folder in ("made", "kept"))
    assert [path.name for path in made] == [path.name for path in kept] == ["字.docx", "空.docx", "长.docx"]
    assert [path.read_bytes() for path in made] == [path.read_bytes() for path in kept]


def test_a_template_that_changes_is_compiled_anew(tmp_path: Path, own: Path) -> None:
    for count, edits in enumerate(([], [added("{{ 制表日期 }}")], [added("{{ 制表单位 }}")]), start=1):
        path = edited(tmp_path, LIST, *edits)
        state = path.stat()
        rendering._ready(path, state.st_mtime_ns, state.st_size, draft=False)
        assert len(list((own / "compiled").iterdir())) == count


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-1], lambda content: content[:7], lambda _: b"", bytes.swapcase]
)
def test_what_was_not_kept_whole_counts_as_absent(damage: object, own: Path) -> None:
    assert callable(damage)
    cache = Cache("甲", most=9)
    cache.keep("ab", b"Kept for the next run")
    assert cache.kept("ab") == b"Kept for the next run"
    file = own / "甲" / "ab"
    file.write_bytes(damage(file.read_bytes()))
    assert cache.kept("ab") is None
    cache.keep("ab", b"again")
    assert cache.kept("ab") == b"again"


def test_nothing_is_kept_under_no_mark(own: Path) -> None:
    cache = Cache("甲", most=9)
    cache.keep("", b"x")
    assert cache.kept("") is None
    assert not (own / "甲").exists() or not list((own / "甲").iterdir())


def test_what_is_kept_was_compiled_from_the_bytes_it_is_kept_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    path = edited(tmp_path, LIST)
    right, opened = path.read_bytes(), by_docxtpl.opened
    state = path.stat()

    def replaced_meanwhile(*given: Any, **named: Any) -> Any:
        edited(tmp_path, LIST, added("错版文字"))
        return opened(*given, **named)

    monkeypatch.setattr(by_docxtpl, "opened", replaced_meanwhile)
    rendering._ready.__wrapped__(path, state.st_mtime_ns, state.st_size, draft=False)
    assert path.read_bytes() != right
    (kept,) = (own / "compiled").iterdir()
    recipe = Recipe.loaded(kept.read_bytes()[32:])
    segments = [one for member in recipe.varying for one in member.segments if isinstance(one, bytes)]
    code = [one.code.co_consts for member in recipe.varying for one in member.segments if not isinstance(one, bytes)]
    assert "错版文字".encode() not in repr((segments, code)).encode()
    assert repr("错版文字".encode())[2:-1] not in repr((segments, code))


def test_nothing_is_left_where_something_cannot_be_kept(own: Path) -> None:
    cache = Cache("甲", most=9)
    cache.keep("cd")
    (own / "甲" / "ab").mkdir()
    cache.keep("ab", b"x")
    assert sorted(path.name for path in (own / "甲").iterdir()) == ["ab", "cd"]
