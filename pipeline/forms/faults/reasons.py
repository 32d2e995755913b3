"""Why a value is read differently from what is written: not faults, but always listed."""

from __future__ import annotations

from pipeline.forms.faults.fault import Reason

NM_01 = Reason("NM-01", "去掉了看不见的控制字符")
NM_02 = Reason("NM-02", "把文字形式的数字当作数字")
NM_03 = Reason("NM-03", "把文字形式的日期当作日期")
NM_04 = Reason("NM-04", "把数字形式的日期当作日期")
NM_05 = Reason("NM-05", "按“是”或“否”理解")
NM_06 = Reason("NM-06", "按选项的序号理解")
NM_07 = Reason("NM-07", "按名录改为全称")
NM_08 = Reason("NM-08", "把百分数记作百分号前的数字")
NM_09 = Reason("NM-09", "把全角字符改为半角，去掉了空格")
NM_10 = Reason("NM-10", "去掉了姓名中间的空格")
NM_11 = Reason("NM-11", "这样写等于没有填，按空白处理")
NM_12 = Reason("NM-12", "按上一行同一列所填的内容处理")
NM_20 = Reason("NM-20", "按年份或月份的数字理解")
NM_30 = Reason("NM-30", "按单元格显示的位数取数")
NM_31 = Reason("NM-31", "只取其中的数字")
NM_40 = Reason("NM-40", "没有填，按本责任区本月的次序编号，以后各次运行不变", fills=True)
NM_41 = Reason("NM-41", "没有填，沿用以前月份给这一行的编号", fills=True)
NM_42 = Reason("NM-42", "没有填，取“{sheet}”表 {name} 的“{label}”", fills=True)
NM_43 = Reason("NM-43", "没有填，数“{sheet}”表中填有 {name} 的行", fills=True)
NM_44 = Reason("NM-44", "没有填，按表中的次序编号", fills=True)
NM_46 = Reason("NM-46", "没有填，名录“基础信息”的“问题责任单位”写明，{names}问题由它整改", fills=True)
NM_45 = Reason("NM-45", "没有填，这个工作簿是为这个责任区和月份备好的", fills=True)
