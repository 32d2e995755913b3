"""Faults of names and numbers: in no row, or in two."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, 必改, 提示

RF_01 = Fault("RF-01", 必改, "“{sought}”在{targets}中查不到{nearest}，请核对名称，或先在{targets}中补上")
RF_02 = Fault("RF-02", 必改, "“{sought}”在{targets}中对得上不止一行（{matches}），请改写为全称")
RF_03 = Fault("RF-03", 提示, "“{sought}”不在本月的{targets}中；如是以前月份的编号，不必改")
RF_04 = Fault("RF-04", 必改, "“{sought}”里有几个名称，请用分号“；”分开")
RF_05 = Fault("RF-05", 必改, "“{sought}”里有几个名称（{names}），这一列一行只填一个，请分成几行，一行填一个")
KY_01 = Fault("KY-01", 必改, "“{written}”与 {other} 重复，请核对并改掉其中一处")
KY_02 = Fault("KY-02", 必改, "“{written}”也是 {other} 的名称，分不清指的是哪一行，请改掉其中一处")
