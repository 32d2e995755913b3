"""Rendering: template + context -> .docx, by docxtpl; the only module that knows how a template becomes a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from pipeline.dossier.figures import AbsentFact
from pipeline.errors import PipelineError
from pipeline.word.drafting import mark
from pipeline.word.environment import FILTERS, environment


def render(template: Path, context: Mapping[str, Any], target: Path, *, missing: Sequence[str] | None = None) -> None:
    """Fill the template and write the document; folders on the way are made.

    With `missing`, even an empty list, the document is a draft: it says so, lists what is missing, and prints 【待补】 for
    a fact that is not there. Raises PipelineError, with a Chinese sentence, where the template is missing, is no .docx, or
    does not fit its context; then nothing is written. Raises OSError where the document cannot be written.
    """
    document = _opened(template)
    try:
        document.render(dict(context), environment(draft=missing is not None), autoescape=True)
    except Exception as error:  # a template is edited by clerks: whatever it does wrong is told, and never ends the run
        raise PipelineError(f"模板《{template.name}》{fault_of(error)}") from error
    if missing is not None:
        mark(document.docx, missing)
    target.parent.mkdir(parents=True, exist_ok=True)
    document.save(target)


def _opened(template: Path) -> DocxTemplate:
    if not template.is_file():
        raise PipelineError(
            f"找不到模板《{template.name}》，请把它放回 {template.parent.name} 文件夹，或从原始版本中恢复。"
        )
    try:
        document = DocxTemplate(template)
        document.init_docx()
    except Exception as error:  # a file that is no .docx fails in as many ways as there are files
        raise PipelineError(
            f"模板《{template.name}》打不开，可能已损坏、加了密码或不是 .docx 文件，请从原始版本中恢复。"
        ) from error
    return document


def fault_of(error: Exception) -> str:
    """What is wrong with the template, and what to do."""
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
