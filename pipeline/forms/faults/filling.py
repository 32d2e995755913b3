"""Faults of cells that may be left blank: what keeps one from being filled; numbers given by runs that do not fit."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, 必改, 请核实

PR_02 = Fault("PR-02", 必改, "没有填，本应自动补填，但{cause}；请先改好那一处，或在这里直接填写")
BH_01 = Fault(
    "BH-01",
    请核实,
    "“{written}”以前的运行给了另一行（{other}），现以这里所填的为准，请核实；已发的文书里，这个编号是那一行的",
)
BH_02 = Fault("BH-02", 请核实, "以前的运行给这一行的编号是 {other}，现以所填的“{written}”为准，请核实")
BH_03 = Fault(
    "BH-03",
    请核实,
    "输出文件夹中有以前的文书，却没有那次运行的生成记录，不知道给过哪些编号；"
    "这张表没有填的编号已按次序重新给出，请与已发的文书核对",
)
BH_04 = Fault(
    "BH-04", 请核实, "以前的运行给 {other} 的编号，已给这一行沿用，是不是同一行没有把握，请核实；不是的请填写编号"
)
BH_05 = Fault(
    "BH-05",
    请核实,
    "这一行与 {other} 分不出是两行，编号按次序给出，两行对调时编号也会对调，请核实；"
    "是重复的请删去一行，不是的请填写编号",
)
