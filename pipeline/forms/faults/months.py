"""Faults of a whole month and of the month before; and our own, a rule that fails."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, 提示, 请核实

YB_01 = Fault("YB-01", 提示, "还没有报送本月的责任区月报；各文书的数字不含其情况，请催报")
YB_02 = Fault("YB-02", 请核实, "与上月所填“{was}”（{other}）不同，同一问题整改措施之前的各列不应变动，请核对两处")
YB_03 = Fault("YB-03", 提示, "上月的文件夹里没有能读的督导室月报或名录，没有与上月对照；要对照请补齐后再运行")
YB_04 = Fault(
    "YB-04",
    请核实,
    "整改台账对不上：上月末未销号 {opening} 个，加本月新增 {new} 个，减本月销号 {closed} 个，应为 {due} 个，"
    "而本月末未销号是 {closing} 个；请核对上月各表中未销号的问题是否都列入了本月，销号日期是否在本月",
)
YB_05 = Fault("YB-05", 请核实, "上月的这一处有误，其中的问题没有与上月对照，上月末未销号的个数改按日期推算：{fault}")
YB_06 = Fault(
    "YB-06", 请核实, "这是上月的文件夹，表中填的却是 {stated}，不是 {expected}，没有与上月对照；请换上 {expected} 的表"
)
YB_07 = Fault(
    "YB-07",
    提示,
    "没有县本级的责任区月报（由督导室填报县级检查组的检查和视导发现的问题），各文书的数字不含这一部分，请补报",
)
YB_08 = Fault(
    "YB-08",
    提示,
    "没有认出这个责任区的责任区月报，可能就是有误的{files}；各文书的数字不含其情况，请核对该文件，没有报送的请催报",
)
YB_09 = Fault("YB-09", 请核实, "没有与上月对照：{fault}")
CX_01 = Fault("CX-01", 请核实, "核对规则 {rule} 时程序出错（{error}），这一条没有核对；请把这句话和文件发给维护人员")
