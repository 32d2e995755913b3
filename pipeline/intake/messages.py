"""The sentences for faults of presence, type, code, reference, key and file; a rule's own sentence stands at the rule."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pipeline.forms.schema import Column

FAULTS: Mapping[str, str] = {
    "PR-01": "必填，现在是空的，请{how}",
    "TY-02": "“{written}”不是整数，请{how}",
    "TY-03": "“{written}”不是数字，请{how}",
    "TY-04": "“{written}”不是日期，请{how}",
    "TY-05": "“{written}”缺年份或日，请写全年月日，如 2023-08-31",
    "TY-06": "“{written}”这一天不存在，请核对，{how}",
    "TY-07": "“{written}”不是年月，请{how}",
    "TY-08": "“{written}”不是“是”或“否”，请{how}",
    "TY-09": "数字超过 15 位，末尾几位已被表格软件改成 0，请把单元格设为文本格式后重新填写",
    "TY-10": "“{written}”写法不对，请照这样写：{example}",
    "TY-11": "{written} 超出范围，{bound}，请核对",
    "TY-12": "共 {length} 字，超过 {longest} 字，请精简或分成几行",
    "CD-01": "“{written}”不在选项之内{nearest}，可选：{options}",
    "RF-01": "“{written}”在{targets}中查不到{nearest}，请核对名称，或先在{targets}中补上",
    "RF-02": "“{written}”在{targets}中对得上不止一行（{matches}），请改写为全称",
    "RF-03": "“{written}”不在本月的{targets}中；如是以前月份的编号，不必改",
    "KY-01": "“{written}”与 {other} 重复，请核对并改掉其中一处",
    "SH-01": "缺少“{sheet}”表，请从空白表中补回这张表（没有内容可以不填，但表要保留）",
    "SH-02": "缺少“{label}”一列，请从空白表中补回这一列",
    "SH-03": "“{heading}”不是本表的列{nearest}，这一列没有读入，请核对列名",
    "SH-04": "这张表应填写一份，现在是空的，请填写",
    "SH-05": "这一行标有“【示例】”却已改动，没有读入；如是真实数据，请删去“【示例】”字样",
    "FL-01": "这个文件无法读取，可能已损坏、加了密码或不是 .xlsx 格式；请打开核对，另存为 .xlsx 后重新放入",
    "FL-02": "这个文件不是本系统的表（名录、督导室月报、责任区月报），没有读入；请用 input_templates/excel 中的空白表填写",
    "FL-04": "“{zone}”本月已有一份表（{other}），这一份没有读入；请核对责任区名称，只留一份",
    "YB-01": "还没有报送本月的责任区月报；各文书的数字不含其情况，请催报",
    "CX-01": "核对规则 {rule} 时程序出错（{error}），这一条没有核对；请把这句话和文件发给维护人员",
    "FL-03": "本月已有一份“{form}”（《{other}》），这一份没有读入；请只留一份",
}

REASONS: Mapping[str, str] = {
    "NM-01": "去掉了看不见的控制字符",
    "NM-02": "把文字形式的数字当作数字",
    "NM-03": "把文字形式的日期当作日期",
    "NM-04": "把数字形式的日期当作日期",
    "NM-05": "按“是”或“否”理解",
    "NM-06": "按选项的序号理解",
    "NM-07": "按名录改为全称",
}


def sentence(number: str, /, **words: Any) -> str:
    """The sentence of a fault, its words filled in."""
    return FAULTS[number].format(**words)


def cell_fault(number: str, column: Column, raw: Any, details: Mapping[str, Any]) -> str:
    """The sentence for a cell that could not be taken; details come from the parser."""
    words = {
        "how": column.how,
        "written": shown(raw),
        "options": "、".join(column.codes),
        "nearest": nearest(shown(raw), column.codes),
    }
    return sentence(number, **{**words, **{key: value for key, value in details.items() if key not in words}})


def nearest(written: str, known: Iterable[str]) -> str:
    """，是否应为“……” for the most similar known word; "" where none is similar."""
    close = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f"，是否应为“{close[0]}”" if close else ""


def shown(value: Any) -> str:
    """A value as the clerk sees it in the cell; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, tuple):
        return "；".join(shown(item) for item in value)
    return str(value)
