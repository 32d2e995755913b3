"""Faults of sheets: what is missing, odd or not read on one."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, Hidden, 必改, 提示, 请核实

SH_01 = Fault(
    "SH-01", 必改, "缺少“{sheet}”表，请从空白表中补回这张表（没有内容可以不填，但表要保留）", hides=Hidden.SHEET
)
SH_02 = Fault("SH-02", 必改, "缺少“{label}”一{unit}，请从空白表中补回这一{unit}", hides=Hidden.SHEET, lighter=请核实)
SH_03 = Fault("SH-03", 请核实, "“{heading}”不是本表的{unit}{nearest}，这一{unit}没有读入，请核对名称")
SH_04 = Fault("SH-04", 必改, "这张表应填写一份，现在是空的，请填写")
SH_05 = Fault("SH-05", 必改, "这一行标有“【示例】”却已改动，没有读入；如是真实数据，请删去“【示例】”字样")
SH_06 = Fault(
    "SH-06",
    必改,
    "单元格 {cells} 已合并，只有左上角一格的内容能读到，请取消合并，逐格填写（内容相同的，每一格也都要填）",
)
SH_07 = Fault("SH-07", 提示, "有 {count} {unit}被隐藏（{names}），其中的内容已照常读入，请核对是否应当填报")
SH_08 = Fault("SH-08", 提示, "这张表被隐藏，已照常读入，请核对是否应当填报")
SH_09 = Fault(
    "SH-09", 必改, "“{sheet}”和“{copy}”两张表都在，后一张有内容却没有读入；请把内容并入“{sheet}”，删去“{copy}”"
)
SH_10 = Fault("SH-10", 提示, "这张表不是“{form}”的表{nearest}，没有读入；如要报送，请填到相应的表中")
SH_11 = Fault("SH-11", 必改, "“{label}”出现了不止一次（{cells}），不知以哪一处为准，请只留一处", hides=Hidden.SHEET)
SH_12 = Fault("SH-12", 必改, "{cells} 没有列名，其中的内容没有读入；请补上列名，或删去多余的内容")
SH_13 = Fault("SH-13", 请核实, "公式的结果是 0，但保存这个文件的程序可能没有计算过；请用 WPS 或 Excel 打开，核对后保存")
SH_14 = Fault(
    "SH-14",
    必改,
    "单元格 {cell} 有内容，离表格太远，这张表因此过大，没有读入；请删去多余的内容后保存",
    hides=Hidden.SHEET,
)
SH_15 = Fault(
    "SH-15", 必改, "前 {lines} 行中没有找到表头，这张表没有读入；请在第 1 行之上插入空白表的表头行", hides=Hidden.SHEET
)
SH_16 = Fault("SH-16", 请核实, "{these}像是合计或说明，没有当作数据读入{taken}；请删去，或移到“叙述补充”等该填的地方")
SH_17 = Fault("SH-17", 必改, "{cells} 不在“填写内容”一列的各项之内，没有读入；请移到该填的地方，或删去")
SH_20 = Fault(
    "SH-20",
    必改,
    "{cells} 在表头（第 {line} 行）之上，没有读入；请把表头移到第 1 行，各行数据放在表头之下，不是数据的请删去",
    hides=Hidden.SHEET,
)
SH_21 = Fault("SH-21", 提示, "{cells} 又是一遍表头，没有当作数据读入；多半是分页时复制的，可以删去")
SH_22 = Fault(
    "SH-22",
    必改,
    "第 {line} 行又是一行表头，各列的次序却与第 {first} 行不同，{cells} 没有读入；"
    "请把其下各行按第 {first} 行的次序填好，再删去第 {line} 行",
    hides=Hidden.SHEET,
)
SH_23 = Fault(
    "SH-23",
    请核实,
    "有 {count} 行只有序号、0 或公式的结果（{cells}），没有当作数据读入；多余的请删去，是数据请补填其他各列",
)
SH_24 = Fault(
    "SH-24", 提示, "这张表现在叫“{name}”，表头是“{sheet}”的，已当作“{sheet}”读入；请核对，并把表名改回“{sheet}”"
)
SH_25 = Fault(
    "SH-25",
    必改,
    "这张表的文件里有几处数据区，只能读到一处，所以都没有读入；请用 WPS 或 Excel 打开，核对内容后另存为 .xlsx",
    hides=Hidden.SHEET,
)
SH_26 = Fault("SH-26", 必改, "“{sheet}”一行也没有填，各文书因此写不到{what}；请核实名录是否填好", lighter=请核实)
SH_30 = Fault(
    "SH-30",
    必改,
    "这张表有 {count} 处{crowd}，多得不寻常，这张表没有读入；请把内容粘贴到空白表中另存",
    hides=Hidden.SHEET,
)
SH_31 = Fault(
    "SH-31",
    必改,
    "这个工作簿的各张表加起来过大，这张表没有读入；请把多余的表和内容删去，或粘贴到空白表中另存",
    hides=Hidden.SHEET,
)
SH_32 = Fault("SH-32", 必改, "这张表有 {count} 张副本（“{copy}”等），都没有读入；请把内容并入“{sheet}”，删去各张副本")
SH_33 = Fault("SH-33", 提示, "另有 {count} 张表不是“{form}”的表（“{copy}”等），没有读入；如要报送，请填到相应的表中")
SH_34 = Fault(
    "SH-34",
    提示,
    "单元格按格式“{pattern}”显示，读入的只是“{value}”，格式中的“{around}”没有读入；"
    "需要时请把单位写进该填的列，或改填文字",
)
SH_35 = Fault(
    "SH-35",
    请核实,
    "单元格按格式“{pattern}”显示，看到的可能与读入的数值 {value} 不同，请核对；不同的请把格式改为常规，填写要印出的数",
)
SH_36 = Fault(
    "SH-36",
    请核实,
    "这一行（{cells}）划了删除线，已照常读入，请核实是否已作废；已作废的请删去整行，没有作废的请去掉删除线",
)
SH_37 = Fault(
    "SH-37",
    请核实,
    "这一格有文字划了删除线，已照常读入，请核实是否已作废；已作废的请删去这些文字，没有作废的请去掉删除线",
)
SH_38 = Fault("SH-38", 提示, "这一格有批注“{note}”，批注没有读入；需要写进文书的内容请填到单元格中")
SH_39 = Fault(
    "SH-39",
    必改,
    "有 {count} 行只填了个别格（{cells}），多半是一直拖拉到底的，没有当作数据读入；"
    "请删去这些行，是数据的请补填必填各列",
)
SH_40 = Fault(
    "SH-40",
    请核实,
    "单元格按格式“{pattern}”显示，看不到是哪一天，读入的是 {value}，请核实；只知道月份的，请把格式改为文本后重新填写",
)
SH_50 = Fault(
    "SH-50",
    必改,
    "{cells} 是“{other}”表的内容（有它的表头），贴在了这张表下面，没有读入；请移到“{other}”表中，再从这里删去",
    hides=Hidden.SHEET,
)
SH_51 = Fault(
    "SH-51",
    请核实,
    "{cells} 像是另一张表（有自己的表头），没有读入；不是本系统的内容请删去，是本表的数据请按本表的各列填写",
)
SH_52 = Fault(
    "SH-52", 请核实, "这一行写着“{written}”，按作废没有读入，请核实；已作废的请删去整行，没有作废的请改写这一格"
)
SH_53 = Fault(
    "SH-53", 请核实, "{cells} 写着没有新增，没有当作数据读入；没有内容要报的学校不必填行，可以删去；有的请补填各列"
)
