"""The sentences for faults of presence, type, code, reference, key and file; a rule's own sentence stands at the rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipeline.forms.cells import Rounded, is_blank, typed_number
from pipeline.forms.schema import Column
from pipeline.intake.occasion import Occasion
from pipeline.intake.suggestions import nearest_term, several

AT_ANY_TIME = Occasion()

FAULTS: Mapping[str, str] = {
    "PR-01": "必填，{empty}，请{how}",
    "PR-20": "这一行缺必填的 {count} 格（{labels}），请补填；不是要报的内容，请删去这一行",
    "TY-02": "“{written}”不是整数，请{how}",
    "TY-03": "“{written}”不是数字，请{how}",
    "TY-04": "“{written}”不是日期，请{how}",
    "TY-05": "“{written}”缺年份或日，请写全年月日，如 2024-03-31",
    "TY-06": "“{written}”这一天不存在，请核对，{how}",
    "TY-07": "“{written}”不是年月，请{how}",
    "TY-08": "“{written}”不是“是”或“否”，请{how}",
    "TY-09": "数字超过 15 位，末尾几位已被表格软件改成 0，请把单元格设为文本格式后重新填写",
    "TY-10": "“{written}”写法不对，请照这样写：{example}",
    "TY-11": "{written} 超出范围，{bound}，请核对",
    "TY-12": "共 {length} 字，超过 {longest} 字，请精简或分成几行",
    "TY-13": "“{written}”的年份不对，请核对，{how}",
    "TY-15": "“{written}”数字过大，请核对",
    "TY-20": "单元格里是公式错误 {written}，请改正公式或直接填写数值",
    "TY-21": "公式未计算，请用 WPS 或 Excel 打开后保存",
    "TY-22": "这是嵌在单元格里的图片，无法读取，请改填文字",
    "TY-23": "这个工作簿从 1904 年起算日期，数字 {written} 说不清是哪一天，请{how}",
    "TY-35": "“{written}”说不清指的是哪一格（上一行没有可用的内容，或这一列各行不能相同），请直接填写内容",
    "TY-36": "“{written}”没有写全，请写出每个人的姓名",
    "TY-37": "“{written}”不是日期；期限不是具体日期的，请填在“{label}”一列，这一格留空",
    "TY-38": "“{written}”没有写到日，按 {day} 计，请核实；知道是哪一天的请写全",
    "CD-01": "“{written}”不在选项之内{nearest}，可选：{options}",
    "CD-02": "“{written}”里有几个选项（{names}），这一列只能选一个；有几项的，请一项填一行",
    "CD-03": "“{written}”里有几个选项（{names}），请用分号“；”分开",
    "RF-01": "“{written}”在{targets}中查不到{nearest}，请核对名称，或先在{targets}中补上",
    "RF-02": "“{written}”在{targets}中对得上不止一行（{matches}），请改写为全称",
    "RF-03": "“{written}”不在本月的{targets}中；如是以前月份的编号，不必改",
    "RF-04": "“{written}”里有几个名称，请用分号“；”分开",
    "RF-05": "“{written}”里有几个名称（{names}），这一列一行只填一个，请分成几行，一行填一个",
    "KY-01": "“{written}”与 {other} 重复，请核对并改掉其中一处",
    "KY-02": "“{written}”也是 {other} 的名称，分不清指的是哪一行，请改掉其中一处",
    "SH-01": "缺少“{sheet}”表，请从空白表中补回这张表（没有内容可以不填，但表要保留）",
    "SH-02": "缺少“{label}”一{unit}，请从空白表中补回这一{unit}",
    "SH-03": "“{heading}”不是本表的{unit}{nearest}，这一{unit}没有读入，请核对名称",
    "SH-04": "这张表应填写一份，现在是空的，请填写",
    "SH-05": "这一行标有“【示例】”却已改动，没有读入；如是真实数据，请删去“【示例】”字样",
    "SH-06": "单元格 {cells} 已合并，只有左上角一格的内容能读到，请取消合并，逐格填写（内容相同的，每一格也都要填）",
    "SH-07": "有 {count} {unit}被隐藏（{names}），其中的内容已照常读入，请核对是否应当填报",
    "SH-08": "这张表被隐藏，已照常读入，请核对是否应当填报",
    "SH-09": "“{sheet}”和“{copy}”两张表都在，后一张有内容却没有读入；请把内容并入“{sheet}”，删去“{copy}”",
    "SH-10": "这张表不是“{form}”的表{nearest}，没有读入；如要报送，请填到相应的表中",
    "SH-11": "“{label}”出现了不止一次（{cells}），不知以哪一处为准，请只留一处",
    "SH-12": "{cells} 没有列名，其中的内容没有读入；请补上列名，或删去多余的内容",
    "SH-13": "公式的结果是 0，但保存这个文件的程序可能没有计算过；请用 WPS 或 Excel 打开，核对后保存",
    "SH-14": "单元格 {cell} 有内容，离表格太远，这张表因此过大，没有读入；请删去多余的内容后保存",
    "SH-15": "前 {lines} 行中没有找到表头，这张表没有读入；请在第 1 行之上插入空白表的表头行",
    "SH-16": "{these}像是合计或说明，没有当作数据读入{taken}；请删去，或移到“叙述补充”等该填的地方",
    "SH-17": "{cells} 不在“填写内容”一列的各项之内，没有读入；请移到该填的地方，或删去",
    "SH-20": "{cells} 在表头（第 {line} 行）之上，没有读入；请把表头移到第 1 行，各行数据放在表头之下，不是数据的请删去",
    "SH-21": "{cells} 又是一遍表头，没有当作数据读入；多半是分页时复制的，可以删去",
    "SH-22": "第 {line} 行又是一行表头，各列的次序却与第 {first} 行不同，{cells} 没有读入；请把其下各行按第 {first} 行的次序填好，再删去第 {line} 行",
    "SH-23": "有 {count} 行只有序号、0 或公式的结果（{cells}），没有当作数据读入；多余的请删去，是数据请补填其他各列",
    "SH-24": "这张表现在叫“{name}”，表头是“{sheet}”的，已当作“{sheet}”读入；请核对，并把表名改回“{sheet}”",
    "SH-25": "这张表的文件里有几处数据区，只能读到一处，所以都没有读入；请用 WPS 或 Excel 打开，核对内容后另存为 .xlsx",
    "SH-26": "“{sheet}”一行也没有填，各文书因此写不到{what}；请核实名录是否填好",
    "SH-30": "这张表有 {count} 处{crowd}，多得不寻常，这张表没有读入；请把内容粘贴到空白表中另存",
    "SH-31": "这个工作簿的各张表加起来过大，这张表没有读入；请把多余的表和内容删去，或粘贴到空白表中另存",
    "SH-32": "这张表有 {count} 张副本（“{copy}”等），都没有读入；请把内容并入“{sheet}”，删去各张副本",
    "SH-33": "另有 {count} 张表不是“{form}”的表（“{copy}”等），没有读入；如要报送，请填到相应的表中",
    "SH-34": "单元格按格式“{pattern}”显示，读入的只是“{value}”，格式中的“{around}”没有读入；需要时请把单位写进该填的列，或改填文字",
    "SH-35": "单元格按格式“{pattern}”显示，看到的可能与读入的数值 {value} 不同，请核对；不同的请把格式改为常规，填写要印出的数",
    "SH-36": "这一行（{cells}）划了删除线，已照常读入，请核实是否已作废；已作废的请删去整行，没有作废的请去掉删除线",
    "SH-37": "这一格有文字划了删除线，已照常读入，请核实是否已作废；已作废的请删去这些文字，没有作废的请去掉删除线",
    "SH-38": "这一格有批注“{note}”，批注没有读入；需要写进文书的内容请填到单元格中",
    "SH-39": "有 {count} 行只填了个别格（{cells}），多半是一直拖拉到底的，没有当作数据读入；请删去这些行，是数据的请补填必填各列",
    "SH-40": "单元格按格式“{pattern}”显示，看不到是哪一天，读入的是 {value}，请核实；只知道月份的，请把格式改为文本后重新填写",
    "SH-50": "{cells} 是“{other}”表的内容（有它的表头），贴在了这张表下面，没有读入；请移到“{other}”表中，再从这里删去",
    "SH-51": "{cells} 像是另一张表（有自己的表头），没有读入；不是本系统的内容请删去，是本表的数据请按本表的各列填写",
    "SH-52": "这一行写着“{written}”，按作废没有读入，请核实；已作废的请删去整行，没有作废的请改写这一格",
    "SH-53": "{cells} 写着没有新增，没有当作数据读入；没有内容要报的学校不必填行，可以删去；有的请补填各列",
    "FL-01": "这个文件无法读取，可能已损坏、加了密码或不是 .xlsx 格式；请打开核对，另存为 .xlsx 后重新放入",
    "FL-02": "这个文件不是本系统的表（名录、督导室月报、责任区月报），没有读入；请用 input_templates/excel 中的空白表填写",
    "FL-04": "“{zone}”本月已有一份表（{other}），这一份{said}没有读入；请核对责任区名称和月份，只留一份",
    "FL-05": "填的是“{written}”，各行的编号却都是{zone}的，请核对责任区名称；名称没有错的，请核对编号中的责任区号",
    "FL-06": "“{zone}”有不止一份表（{files}），分不清以哪一份为准，都没有读入；请核对责任区名称，只留一份",
    "YB-02": "与上月所填“{was}”（{other}）不同，同一问题整改措施之前的各列不应变动，请核对两处",
    "YB-01": "还没有报送本月的责任区月报；各文书的数字不含其情况，请催报",
    "YB-07": "没有县本级的责任区月报（由督导室填报县级检查组的检查和视导发现的问题），各文书的数字不含这一部分，请补报",
    "YB-08": "没有认出这个责任区的责任区月报，可能就是有误的{files}；各文书的数字不含其情况，请核对该文件，没有报送的请催报",
    "YB-04": "整改台账对不上：上月末未销号 {opening} 个，加本月新增 {new} 个，减本月销号 {closed} 个，应为 {due} 个，"
    "而本月末未销号是 {closing} 个；请核对上月各表中未销号的问题是否都列入了本月，销号日期是否在本月",
    "YB-03": "上月的文件夹里没有能读的督导室月报或名录，没有与上月对照；要对照请补齐后再运行",
    "YB-05": "上月的这一处有误，其中的问题没有与上月对照，上月末未销号的个数改按日期推算：{fault}",
    "YB-09": "没有与上月对照：{fault}",
    "YB-06": "这是上月的文件夹，表中填的却是 {written}，不是 {expected}，没有与上月对照；请换上 {expected} 的表",
    "CX-01": "核对规则 {rule} 时程序出错（{error}），这一条没有核对；请把这句话和文件发给维护人员",
    "FL-03": "本月已有一份“{form}”（《{other}》），这一份没有读入；请只留一份",
    "FL-07": "本月有不止一份“{form}”（{files}），内容不同，分不清以哪一份为准，校验暂按《{other}》；请核对，只留一份，再出文书",
    "FL-10": "这是空文件（0 字节），请重新复制或重新导出",
    "FL-11": "文件不完整或已损坏，请从原处重新复制",
    "FL-12": "文件加了密码，无法读取；请先取消密码，保存后重新放入",
    "FL-13": "文件打不开，可能没有读取权限或正被别的程序占用；请关闭占用它的程序，或核对权限后再试",
    "FL-14": "文件解压后超过 400 MB，没有读入；多半是给整行整列设了格式，请把内容粘贴到空白表中另存",
    "FL-15": "文件里含有表格不该有的内容（XML 文档类型声明），没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    "FL-16": "这其实是旧格式的表格（.xls 或 .et），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    "FL-17": "这其实是 .ods 格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    "FL-18": "这其实是另一种格式的表格，请用原来的程序打开，另存为 .xlsx 后重新放入",
    "FL-19": "这其实是纯文本（如 .csv），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    "FL-20": "这其实是网页格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    "FL-21": "这其实是文字文档（如 .docx），不是表格；请把内容填到空白表中",
    "FL-22": "这其实是演示文稿（如 .pptx），不是表格；请把内容填到空白表中",
    "FL-23": "这其实是 PDF 文件，不是表格；请找到原来的表格，另存为 .xlsx 后放入",
    "FL-24": "这其实是图片，不是表格；请找到原来的表格，另存为 .xlsx 后放入",
    "FL-25": "这其实是压缩包，请解压，把里面的 .xlsx 表格放入",
    "FL-45": "文件中许多单元格重复引用很长的文字，展开后超过 200 MB，没有读入；请把内容粘贴到空白表中另存",
    "FL-46": "文件中的单元格、格式或名称多得不寻常，没有读入；请把内容粘贴到空白表中另存",
    "FL-47": "文件中有一段内容远远超过一个单元格能容纳的 32767 字，没有读入；请用 WPS 或 Excel 打开，把内容粘贴到空白表中另存",
    "FL-55": "这个文件夹打不开（{cause}），里面的表没有读入；请核对权限或网络后重新运行",
    "FL-56": "这是指向别处文件夹的链接，里面的表没有读入；其中有本月的表的，请把表复制到这里",
    "FL-57": "这是失效的链接，它指向的文件不在；请把文件本身复制到这里",
    "FL-58": "这不是普通文件（是管道或设备），没有打开；请移走，放入真正的表",
    "FL-30": "{suffix} 文件没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后放入",
    "FL-31": "{suffix} 文件没有读入，读的是同名的 .xlsx；如 .xlsx 不是最新的，请重新另存",
    "FL-50": "这个文件夹和“{read}”都是 {month} 这个月的，读的是“{read}”，这一个没有读入；请核对，只留一个",
    "FL-51": "这个文件夹看不出是哪年哪月，没有读入，读的是“{read}”；如是要出文书的月份，请改名，写作 年-月，如 2024-03",
    "FL-52": "与{other}内容相同，读的是那一份，这一份没有读入；请只留一份",
    "FL-53": "“{zone}”有不止一份表，读的是{other}：它保存得更晚，这一份的各行它都有；这一份没有读入，请核实，只留一份",
    "FL-59": "填的是 {written}，这个文件夹却是 {folder} 的；请核对统计年份、统计月份和制表日期，或换上 {folder} 的表",
    "FL-60": "{suffix}没有读入，其实是一份 .xlsx 表；是本月要报的，请把文件名改成以 .xlsx 结尾；是备份的请移走",
    "FL-61": "{suffix}没有读入，读的是同名的 .xlsx；如 .xlsx 不是最新的，请用 WPS 或 Excel 打开这一份，另存为 .xlsx",
    "FL-62": "{suffix}没有读入；其中有本月要报的内容的，请填到空白表中，存为 .xlsx 放入",
    "FL-63": "这是压缩包，里面的文件没有读入；其中有本月的表的，请解压，把 .xlsx 表格放入，再移走压缩包",
    "FL-64": "这是压缩包，没有打开，其中的表都已在文件夹中；如压缩包中的更新，请解压替换，否则可以移走",
    "FL-32": "这个工作簿正在别的程序中打开，可能有改动还没有保存；请保存并关闭，再重新运行",
}

ALIKE = "从第 {line} 行起，这一列还有 {count} 处同样的问题，一并列在这里，请照样处理"
"""Instead of a sentence of its own for each, where very many cells of a column have one fault."""

REASONS: Mapping[str, str] = {
    "NM-01": "去掉了看不见的控制字符",
    "NM-02": "把文字形式的数字当作数字",
    "NM-03": "把文字形式的日期当作日期",
    "NM-04": "把数字形式的日期当作日期",
    "NM-05": "按“是”或“否”理解",
    "NM-06": "按选项的序号理解",
    "NM-07": "按名录改为全称",
    "NM-09": "把全角字符改为半角，去掉了空格",
    "NM-08": "把百分数记作百分号前的数字",
    "NM-31": "只取其中的数字",
    "NM-30": "按单元格显示的位数取数",
    "NM-10": "去掉了姓名中间的空格",
    "NM-11": "这样写等于没有填，按空白处理",
    "NM-12": "按上一行同一列所填的内容处理",
    "NM-20": "按年份或月份的数字理解",
}


def sentence(number: str, /, **words: Any) -> str:
    """The sentence of a fault, its words filled in."""
    return FAULTS[number].format(**words)


def refined(number: str, column: Column, raw: Any) -> str:
    """The number that tells more of a cell that could not be taken: several terms in it, or words where a day is wanted."""
    if number == "CD-01" and _terms(raw, column):
        return "CD-03" if column.many else "CD-02"
    if number not in ("TY-04", "TY-05") or not column.limits.otherwise or _BY_A_DAY.search(shown(raw)):
        return number
    return "TY-37" if _WORDS.search(shown(raw)) else number


def cell_fault(
    number: str, column: Column, raw: Any, details: Mapping[str, Any], occasion: Occasion = AT_ANY_TIME
) -> str:
    """The sentence for a cell that could not be taken; details come from the parser."""
    words = {
        "empty": "现在是空的" if is_blank(raw) else f"写“{shown(raw)}”等于没有填",
        "how": occasion.fitted(column.how),
        "written": shown(raw),
        "options": "、".join(column.codes),
        "nearest": nearest_term(shown(raw), column),
        "names": "、".join(_terms(raw, column)),
        "label": column.limits.otherwise,
    }
    given = {key: occasion.fitted(value) if key == "example" else value for key, value in details.items()}
    words = {**words, **{key: value for key, value in given.items() if key not in words}}
    return occasion.fitted(FAULTS[number]).format(**words)


def _terms(raw: Any, column: Column) -> tuple[str, ...]:
    return several(shown(raw), column.codes.__contains__, column.codes) if column.kind.name == "code" else ()


_BY_A_DAY = re.compile("[0-9]{4}[-./年][0-9]{1,2}[-./月][0-9]{1,2}[日号]?(?:之前|以前|前)?$")
"""A whole day that something is due by: the day belongs in the cell."""
_WORDS = re.compile(
    "^[0-9]{4}[-./年][0-9]{1,2}月?(?:份|前)?$|[^0-9年月日号上下午时分〇○零一二三四五六七八九十\\W]|[月年][初中底末]|[上中下]旬"
)
"""What a time has that is more than a day whose parts are missing: 开学前, 9月底."""


def shown(value: Any) -> str:
    """A value as the clerk sees it in the cell; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Rounded):
        value = value.stored
    if (number := typed_number(value)) is not None:
        value = number
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    if isinstance(value, tuple):
        return "；".join(shown(item) for item in value)
    return str(value)
