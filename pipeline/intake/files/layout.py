"""What blanks and reading agree on: how a workbook says which form it is, and how an example row is marked."""

FORM_PROPERTY = "表单"
"""The custom document property that holds the form's name."""
VERSION_PROPERTY = "版本"
"""The custom document property that holds the version of the form's layout."""
INSTRUCTIONS = "填报说明"
"""The first sheet: how the workbook is filled."""
CODES = "代码表"
"""The hidden sheet that holds the words of the drop-downs."""
SINGLE_HEADING = ("项目", "填写内容", "填写说明")
"""The heading of a sheet that holds one row: its columns stand below each other."""
EXAMPLE_MARK = "【示例】"
"""What the first cell of an example row begins with; the row is not read."""
NOTE_BEGINNINGS = ("必填", "选填")
"""What a printed note of such a sheet begins with, so that a clerk's words in its place are known for such."""
