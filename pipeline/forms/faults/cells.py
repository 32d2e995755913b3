"""Faults of one cell: blank, written differently from what its type asks, or without a term of its list."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, 必改, 请核实

PR_01 = Fault("PR-01", 必改, "必填，{empty}，请{how}")
PR_20 = Fault("PR-20", 必改, "这一行缺必填的 {count} 格（{labels}），请补填；不是要报的内容，请删去这一行")
TY_02 = Fault("TY-02", 必改, "“{written}”不是整数，请{how}")
TY_03 = Fault("TY-03", 必改, "“{written}”不是数字，请{how}")
TY_04 = Fault("TY-04", 必改, "“{written}”不是日期，请{how}")
TY_05 = Fault("TY-05", 必改, "“{written}”缺年份或日，请写全年月日，如 2024-03-31")
TY_06 = Fault("TY-06", 必改, "“{written}”这一天不存在，请核对，{how}")
TY_07 = Fault("TY-07", 必改, "“{written}”不是年月，请{how}")
TY_08 = Fault("TY-08", 必改, "“{written}”不是“是”或“否”，请{how}")
TY_09 = Fault("TY-09", 必改, "数字超过 15 位，末尾几位已被表格软件改成 0，请把单元格设为文本格式后重新填写")
TY_10 = Fault("TY-10", 必改, "“{written}”写法不对，请照这样写：{example}")
TY_11 = Fault("TY-11", 必改, "{written} 超出范围，{bound}，请核对")
TY_12 = Fault("TY-12", 必改, "共 {length} 字，超过 {longest} 字，请精简或分成几行")
TY_13 = Fault("TY-13", 必改, "“{written}”的年份不对，请核对，{how}")
TY_15 = Fault("TY-15", 必改, "“{written}”数字过大，请核对")
TY_20 = Fault("TY-20", 必改, "单元格里是公式错误 {written}，请改正公式或直接填写数值")
TY_21 = Fault("TY-21", 必改, "公式未计算，请用 WPS 或 Excel 打开后保存")
TY_22 = Fault("TY-22", 必改, "这是嵌在单元格里的图片，无法读取，请改填文字")
TY_23 = Fault("TY-23", 必改, "这个工作簿从 1904 年起算日期，数字 {written} 说不清是哪一天，请{how}")
TY_35 = Fault(
    "TY-35", 必改, "“{written}”说不清指的是哪一格（上一行没有可用的内容，或这一列各行不能相同），请直接填写内容"
)
TY_36 = Fault("TY-36", 必改, "“{written}”没有写全，请写出每个人的姓名")
TY_37 = Fault("TY-37", 必改, "“{written}”不是日期；期限不是具体日期的，请填在“{label}”一列，这一格留空")
TY_38 = Fault("TY-38", 请核实, "“{written}”没有写到日，按 {day} 计，请核实；知道是哪一天的请写全")
CD_01 = Fault("CD-01", 必改, "“{written}”不在选项之内{nearest}，可选：{options}")
CD_02 = Fault("CD-02", 必改, "“{written}”里有几个选项（{names}），这一列只能选一个；有几项的，请一项填一行")
CD_03 = Fault("CD-03", 必改, "“{written}”里有几个选项（{names}），请用分号“；”分开")
