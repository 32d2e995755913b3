"""Rendering: template + context -> .docx. A template is compiled once; docxtpl renders what cannot be compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from pipeline import caches
from pipeline.dossier.figures import AbsentFact
from pipeline.errors import PipelineError
from pipeline.ooxml.package import Package, Seen
from pipeline.word.rendering.compiled import BrokenDocument, Compiled, Recipe, Unusual
from pipeline.word.rendering.environment import FILTERS, MISSING, environment


def render(
    template: Path,
    context: Mapping[str, Any],
    target: Path,
    *,
    missing: Sequence[str] | None = None,
    seen: Seen | None = None,
) -> str | None:
    """Fill the template and write the document; missing folders are made.

    With `missing`, even an empty list, the document is a draft: it says so, lists what is missing, and prints 【待补】
    for an absent fact. The same input gives the same bytes. seen: the parts proved whole are added to it. Gives None,
    or the reason why plain docxtpl did the work. Raises PipelineError, with a Chinese sentence, if the template is
    missing, is not a .docx, or does not fit its context; nothing is written then. Raises OSError if the document cannot
    be written.
    """
    if not template.is_file():
        raise PipelineError(
            f"找不到模板《{template.name}》，请把它放回 {template.parent.name} 文件夹，或从原始版本中恢复。"
        )
    draft = missing is not None
    try:
        reason, package = _filled(template, {**context, MISSING: missing} if draft else context, draft=draft)
    except PipelineError:
        raise
    except Exception as error:  # clerks edit templates: whatever one does wrong becomes a sentence
        raise PipelineError(f"模板《{template.name}》{fault_of(error)}") from error
    try:
        package.write(target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        package.write(target)
    if seen is not None:
        seen.update(package.proved)
    return reason


def _filled(template: Path, facts: Mapping[str, Any], *, draft: bool) -> tuple[str | None, Package]:
    """The document, and why plain docxtpl made it, or None."""
    state = template.stat()
    ready = _ready(template, state.st_mtime_ns, state.st_size, draft=draft)
    try:
        if isinstance(ready, Unusual):
            raise ready
        return None, ready.filled(facts)
    except Unusual as reason:
        from pipeline.word.rendering.by_docxtpl import rendered  # loading docxtpl takes as long as twenty documents

        return str(reason), rendered(template, facts, draft=draft)


RECIPES = caches.Cache("compiled", most=100)


@lru_cache(maxsize=128)
def _ready(template: Path, _changed: int, _size: int, *, draft: bool) -> Compiled | Unusual:
    """The compiled template, made anew when the file changes; or why docxtpl must render it, and say what is wrong."""
    content = template.read_bytes()  # compiled from the bytes that are hashed: the file may change meanwhile
    jinja, mark = environment(draft=draft), caches.mark(caches.hash_of(content), str(draft))
    try:
        if kept := RECIPES.kept(mark):
            return Compiled(Recipe.loaded(kept), jinja)
        from pipeline.word.rendering.by_docxtpl import opened
        from pipeline.word.rendering.compiling import recipe

        made = recipe(opened(template, draft=draft, content=content), jinja)
        RECIPES.keep(mark, made.dumped())
        return Compiled(made, jinja)
    except PipelineError:
        raise
    except Unusual as reason:
        return reason
    except Exception:
        return Unusual("模板不能预先编译")


def fault_of(error: Exception) -> str:
    """What is wrong with the template, and how to fix it."""
    if isinstance(error, BrokenDocument):
        return f"{error}，没有生成；请用 check 检查这个模板，按所说的改正，或从原始版本中恢复。"
    if isinstance(error, RecursionError):
        return "中有的标记太长，一层套一层，请分成几个标记。"
    if isinstance(error, AbsentFact):
        return f"要印“{error}”，但本月没有这项内容；请在模板中加上条件，没有时不印这一句。"
    if match := re.search("No (filter|test) named '([^']+)'", str(error)):
        known = "、".join(FILTERS)
        return f"用了“{match[2]}”这个没有的过滤器，请核对写法，模板中能用的有{known}。"
    if isinstance(error, TemplateSyntaxError):
        return "中的标记写法有误，请核对：括号是否成对、循环（for）和条件（if）是否都有结尾。"
    if isinstance(error, SecurityError):
        return "用了不允许的写法，模板中只能用变量和过滤器，请改正。"
    if isinstance(error, UndefinedError):
        quoted = re.search("'([^']*[\u4e00-\u9fff][^']*)'", str(error))
        return f"用了{f'“{quoted[1]}”这个' if quoted else ''}没有的变量，请核对变量名。"
    return "中有的变量用错了地方（如在数字上做运算、把日期的写法用在文字上），请核对标记。"
