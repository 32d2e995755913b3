"""Faults of files and folders: what cannot be read, and what belongs elsewhere."""

from __future__ import annotations

from pipeline.forms.faults.fault import Fault, Hidden, 必改, 提示, 请核实

FL_01 = Fault(
    "FL-01",
    必改,
    "这个文件无法读取，可能已损坏、加了密码或不是 .xlsx 格式；请打开核对，另存为 .xlsx 后重新放入",
    hides=Hidden.FILE,
)
FL_02 = Fault(
    "FL-02",
    请核实,
    "这个文件不是本系统的表（名录、督导室月报、责任区月报），没有读入；请用 input_templates/excel 中的空白表填写",
    hides=Hidden.FILE,
)
FL_03 = Fault("FL-03", 必改, "本月已有一份“{form}”（《{other}》），这一份没有读入；请只留一份")
FL_04 = Fault(
    "FL-04",
    必改,
    "“{zone}”本月已有一份表（{other}），这一份{said}没有读入；请核对责任区名称和月份，只留一份",
    hides=Hidden.FILE,
)
FL_05 = Fault(
    "FL-05", 必改, "填的是“{written}”，各行的编号却都是{zone}的，请核对责任区名称；名称没有错的，请核对编号中的责任区号"
)
FL_06 = Fault(
    "FL-06",
    必改,
    "“{zone}”有不止一份表（{files}），分不清以哪一份为准，都没有读入；请核对责任区名称，只留一份",
    hides=Hidden.FILE,
)
FL_07 = Fault(
    "FL-07",
    必改,
    "本月有不止一份“{form}”（{files}），内容不同，分不清以哪一份为准，校验暂按《{other}》；请核对，只留一份，再出文书",
    hides=Hidden.FILE,
)
FL_10 = Fault("FL-10", 必改, "这是空文件（0 字节），请重新复制或重新导出", hides=Hidden.FILE)
FL_11 = Fault("FL-11", 必改, "文件不完整或已损坏，请从原处重新复制", hides=Hidden.FILE)
FL_12 = Fault("FL-12", 必改, "文件加了密码，无法读取；请先取消密码，保存后重新放入", hides=Hidden.FILE)
FL_13 = Fault(
    "FL-13",
    必改,
    "文件打不开，可能没有读取权限或正被别的程序占用；请关闭占用它的程序，或核对权限后再试",
    hides=Hidden.FILE,
)
FL_14 = Fault(
    "FL-14",
    必改,
    "文件解压后超过 400 MB，没有读入；多半是给整行整列设了格式，请把内容粘贴到空白表中另存",
    hides=Hidden.FILE,
)
FL_15 = Fault(
    "FL-15",
    必改,
    "文件里含有表格不该有的内容（XML 文档类型声明），没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    hides=Hidden.FILE,
)
FL_16 = Fault(
    "FL-16",
    必改,
    "这其实是旧格式的表格（.xls 或 .et），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入",
    hides=Hidden.FILE,
)
FL_17 = Fault(
    "FL-17", 必改, "这其实是 .ods 格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入", hides=Hidden.FILE
)
FL_18 = Fault("FL-18", 必改, "这其实是另一种格式的表格，请用原来的程序打开，另存为 .xlsx 后重新放入", hides=Hidden.FILE)
FL_19 = Fault(
    "FL-19", 必改, "这其实是纯文本（如 .csv），请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入", hides=Hidden.FILE
)
FL_20 = Fault(
    "FL-20", 必改, "这其实是网页格式的表格，请用 WPS 或 Excel 打开，另存为 .xlsx 后重新放入", hides=Hidden.FILE
)
FL_21 = Fault("FL-21", 必改, "这其实是文字文档（如 .docx），不是表格；请把内容填到空白表中", hides=Hidden.FILE)
FL_22 = Fault("FL-22", 必改, "这其实是演示文稿（如 .pptx），不是表格；请把内容填到空白表中", hides=Hidden.FILE)
FL_23 = Fault("FL-23", 必改, "这其实是 PDF 文件，不是表格；请找到原来的表格，另存为 .xlsx 后放入", hides=Hidden.FILE)
FL_24 = Fault("FL-24", 必改, "这其实是图片，不是表格；请找到原来的表格，另存为 .xlsx 后放入", hides=Hidden.FILE)
FL_25 = Fault("FL-25", 必改, "这其实是压缩包，请解压，把里面的 .xlsx 表格放入", hides=Hidden.FILE)
FL_30 = Fault(
    "FL-30",
    必改,
    "{suffix} 文件没有读入；请用 WPS 或 Excel 打开，另存为 .xlsx 后放入",
    hides=Hidden.FILE,
    lighter=请核实,
)
FL_31 = Fault("FL-31", 提示, "{suffix} 文件没有读入，读的是同名的 .xlsx；如 .xlsx 不是最新的，请重新另存")
FL_32 = Fault("FL-32", 提示, "这个工作簿正在别的程序中打开，可能有改动还没有保存；请保存并关闭，再重新运行")
FL_45 = Fault(
    "FL-45",
    必改,
    "文件中许多单元格重复引用很长的文字，展开后超过 200 MB，没有读入；请把内容粘贴到空白表中另存",
    hides=Hidden.FILE,
)
FL_46 = Fault(
    "FL-46", 必改, "文件中的单元格、格式或名称多得不寻常，没有读入；请把内容粘贴到空白表中另存", hides=Hidden.FILE
)
FL_47 = Fault(
    "FL-47",
    必改,
    "文件中有一段内容远远超过一个单元格能容纳的 32767 字，没有读入；请用 WPS 或 Excel 打开，把内容粘贴到空白表中另存",
    hides=Hidden.FILE,
)
FL_50 = Fault(
    "FL-50", 请核实, "这个文件夹和“{read}”都是 {month} 这个月的，读的是“{read}”，这一个没有读入；请核对，只留一个"
)
FL_51 = Fault(
    "FL-51",
    请核实,
    "这个文件夹看不出是哪年哪月，没有读入，读的是“{read}”；如是要出文书的月份，请改名，写作 年-月，如 2024-03",
)
FL_52 = Fault("FL-52", 提示, "与{other}内容相同，读的是那一份，这一份没有读入；请只留一份")
FL_53 = Fault(
    "FL-53",
    请核实,
    "“{zone}”有不止一份表，读的是{other}：它保存得更晚，这一份的各行它都有；这一份没有读入，请核实，只留一份",
    hides=Hidden.FILE,
)
FL_55 = Fault(
    "FL-55", 必改, "这个文件夹打不开（{cause}），里面的表没有读入；请核对权限或网络后重新运行", hides=Hidden.FILE
)
FL_56 = Fault(
    "FL-56", 请核实, "这是指向别处文件夹的链接，里面的表没有读入；其中有本月的表的，请把表复制到这里", hides=Hidden.FILE
)
FL_57 = Fault("FL-57", 必改, "这是失效的链接，它指向的文件不在；请把文件本身复制到这里", hides=Hidden.FILE)
FL_58 = Fault("FL-58", 必改, "这不是普通文件（是管道或设备），没有打开；请移走，放入真正的表", hides=Hidden.FILE)
FL_59 = Fault(
    "FL-59",
    必改,
    "填的是 {stated}，这个文件夹却是 {folder} 的；请核对统计年份、统计月份和制表日期，或换上 {folder} 的表",
)
FL_60 = Fault(
    "FL-60",
    必改,
    "{suffix}没有读入，其实是一份 .xlsx 表；是本月要报的，请把文件名改成以 .xlsx 结尾；是备份的请移走",
    hides=Hidden.FILE,
    lighter=请核实,
)
FL_61 = Fault(
    "FL-61",
    提示,
    "{suffix}没有读入，读的是同名的 .xlsx；如 .xlsx 不是最新的，请用 WPS 或 Excel 打开这一份，另存为 .xlsx",
)
FL_62 = Fault(
    "FL-62", 请核实, "{suffix}没有读入；其中有本月要报的内容的，请填到空白表中，存为 .xlsx 放入", hides=Hidden.FILE
)
FL_63 = Fault(
    "FL-63",
    必改,
    "这是压缩包，里面的文件没有读入；其中有本月的表的，请解压，把 .xlsx 表格放入，再移走压缩包",
    hides=Hidden.FILE,
    lighter=请核实,
)
FL_64 = Fault("FL-64", 提示, "这是压缩包，没有打开，其中的表都已在文件夹中；如压缩包中的更新，请解压替换，否则可以移走")
FL_65 = Fault(
    "FL-65",
    提示,
    "这一份是《{other}》改正之前的文件（退回次数较少，或保存得较早），读的是《{other}》，这一份没有读入；核对后请移走",
)
FL_66 = Fault("FL-66", 提示, "这是备好以后没有人填过的表，读的是《{other}》，这一份没有读入；请移走")
FL_67 = Fault(
    "FL-67", 请核实, "这份待编文号是 {stated} 的，不是 {month} 的，没有读入；请移走，放入本月生成并填好文号的那一份"
)
FL_68 = Fault("FL-68", 提示, "有 {count} 行还没有填文号，文书中仍印作【文号待编】；填上后再生成一次")
