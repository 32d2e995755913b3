"""What writing blanks and reading agree on: how a workbook names its form, and how an example row is marked."""

FORM_PROPERTY = "表单"
"""The custom document property with the form's name."""
VERSION_PROPERTY = "版本"
"""The custom document property with the version of the form's layout."""
PREPARED_ZONE, PREPARED_MONTH = "备表责任区", "备表月份"
"""The custom document properties of a workbook prepared for a zone (or 县本级) and a month, 2024-08."""
INSTRUCTIONS = "填报说明"
"""The first sheet: how to fill in the workbook."""
CODES = "代码表"
"""The hidden sheet with the words of the drop-downs."""
SINGLE_HEADING = ("项目", "填写内容", "填写说明")
"""The heading of a single-row sheet, which has one column of the form per line."""
EXAMPLE_MARK = "【示例】"
"""The beginning of an example row's first cell; the row is not read."""
NOTE_BEGINNINGS = ("必填", "选填", "可留空")
"""The beginnings of printed notes on such a sheet, to distinguish a clerk's own words in their place."""
