"""Rendering: template + context -> .docx, by docxtpl; the only module that knows how a template becomes a document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml.etree import LxmlError

from pipeline.dossier.figures import AbsentFact
from pipeline.errors import PipelineError
from pipeline.word.environment import environment


def render(template: Path, context: Mapping[str, Any], target: Path) -> None:
    """Fill the template and write the document; folders on the way are made.

    Raises PipelineError, with a Chinese sentence, where the template is missing, is no .docx, or does not fit its
    context; then nothing is written.
    """
    if not template.is_file():
        raise PipelineError(
            f"找不到模板《{template.name}》，请把它放回 {template.parent.name} 文件夹，或从原始版本中恢复。"
        )
    try:
        document = DocxTemplate(template)
        document.render(dict(context), environment(), autoescape=True)
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, LxmlError) as error:
        raise PipelineError(
            f"模板《{template.name}》打不开，可能已损坏或不是 .docx 文件，请从原始版本中恢复。"
        ) from error
    except AbsentFact as error:
        raise PipelineError(
            f"模板《{template.name}》要印“{error}”，但本月没有这项内容；请在模板中加上条件，没有时不印这一句。"
        ) from error
    except TemplateError as error:
        raise PipelineError(
            f"模板《{template.name}》中的标记有误，请核对变量名和循环、条件是否成对。（{error}）"
        ) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    document.save(target)
