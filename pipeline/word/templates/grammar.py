"""Whether each tag can be read by itself: Jinja's grammar, with its messages in Chinese; knows no variable."""

from __future__ import annotations

import re
from dataclasses import replace

from docxtpl_lint.core import Tag, build_jinja_source
from jinja2 import Environment, TemplateSyntaxError, nodes

from pipeline.word.templates.places import TemplateFault
from pipeline.word.templates.tags import Tagged, keyword

MOST_PARTS = 60
"""Nesting within a tag: each `and`, filter and dot adds one. Walks over tags recurse for each."""
_TOO_LONG = "这个标记太长或写法有误，请改短"


def readable(tagged: Tagged, environment: Environment) -> tuple[list[Tag], list[TemplateFault]]:
    """The tags of a part, with unreadable ones replaced by harmless ones, and the faults of these."""
    tags, faults = [], []
    for tag in tagged.tags:
        sentence = _misspoken(tag, environment)
        if sentence:
            faults.append(tagged.fault(tag, sentence))
        harmless = _harmless(tag) if sentence else tag
        if harmless:
            tags.append(harmless)
    return tags, faults


def _misspoken(tag: Tag, environment: Environment) -> str:
    """What is wrong with a tag by itself, where a condition or loop is closed at once; "" for nothing."""
    word = keyword(tag)
    if word in ("else", "endif", "endfor", "endfilter"):
        return "" if tag.body == word else f"“{word}”后面不能再写别的内容，请删去“{tag.body[len(word) :].strip()}”"
    body = f"if {tag.body.removeprefix('elif')}" if word == "elif" else tag.body
    end = {"if": "{% endif %}", "elif": "{% endif %}", "for": "{% endfor %}", "filter": "{% endfilter %}"}.get(word, "")
    source, _ = build_jinja_source([replace(tag, body=body)])
    try:
        tree = environment.parse(source + end)
    except TemplateSyntaxError as error:
        return _of_syntax(error.message or "", tag)
    except Exception:  # nested too deep, or a number that is too long
        return _TOO_LONG
    sentence = f"这个标记里的条件、过滤器或“.”太多，一层套一层超过 {MOST_PARTS} 层，请分成几个标记"
    return sentence if _depth(tree) > MOST_PARTS else ""


def _depth(tree: nodes.Node) -> int:
    """The greatest depth of a tree's nodes; counted without recursion, which could itself overflow."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for node in level for child in node.iter_child_nodes()], depth + 1
    return depth


def _of_syntax(message: str, tag: Tag) -> str:
    if not tag.body:
        return "标记是空的，请写上变量，或删去"
    if strange := re.search("unexpected char '(.*?)' at", message):
        seen = strange[1].isprintable() and "\\" not in strange[1]
        return f"标记里{f'不能用“{strange[1]}”' if seen else '有看不见的字符'}，请把这个标记重新输入一遍"
    if keyword(tag) == "for" and not re.match(r"for\s+\S+\s+in\s+\S", tag.body):
        return "循环要写成“{% for 行 in 列表变量 %}”，请改正"
    if "got '='" in message:
        return "判断相等要写两个等号“==”，请改正"
    got = re.search("got '(.*)'", message)
    if got and got[1] in tag.body:
        return f"“{got[1]}”前面多了空格，或少了“|”“==”“and”之类的符号，请核对"
    if "end of" in message:
        return "标记没有写完，请补上变量或条件"
    return "标记写法有误，请核对引号和括号是否成对"


def _harmless(tag: Tag) -> Tag | None:
    """The harmless tag that replaces an unreadable one, so that its pair still closes; None without a pair."""
    named = re.match(r"for\s+([^\W\d]\w*)", tag.body)
    instead = {"if": "if 1", "elif": "elif 1", "for": f"for {named[1] if named else '_'} in []"}
    instead |= {word: word for word in ("else", "endif", "endfor", "endfilter")} | {"filter": "filter 句"}
    return replace(tag, body=instead[keyword(tag)]) if keyword(tag) in instead else None
