"""Faults of names and numbers: in no row, or in two."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, 必改, 提示, 请核实

RF_01 = Fault("RF-01", 必改, "“{sought}”在{targets}中查不到{nearest}，请核对名称，或先在{targets}中补上")
RF_02 = Fault("RF-02", 必改, "“{sought}”在{targets}中对得上不止一行（{matches}），请改写为全称")
RF_03 = Fault("RF-03", 提示, "“{sought}”不在本月的{targets}中；如是以前月份的编号，不必改")
RF_04 = Fault("RF-04", 必改, "“{sought}”里有几个名称，请用分号“；”分开")
RF_05 = Fault("RF-05", 必改, "“{sought}”里有几个名称（{names}），这一列一行只填一个，请分成几行，一行填一个")
KY_01 = Fault("KY-01", 必改, "“{written}”与 {other} 重复，请核对并改掉其中一处")
KY_02 = Fault("KY-02", 必改, "“{written}”也是 {other} 的名称，分不清指的是哪一行，请改掉其中一处")
KY_11 = Fault(
    "KY-11",
    必改,
    "同一份文书，这里的文号是“{written}”，{other} 的是“{registered}”，请核对，改成一致，或删去其中一行",
)
KY_12 = Fault(
    "KY-12",
    请核实,
    "同一份文书，这里的{differing}与 {other} 登记的不同，用的是那里的，请核实；以这里为准的，请改那一处",
)
KY_13 = Fault(
    "KY-13",
    提示,
    "本月没有生成这份文书，登记的文号 {written} 没有用到；已经发出的不必改，不再发的请删去这一行",
)
