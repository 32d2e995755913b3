"""A clerk's own workbook, marked: what is wrong where, and taken off again; all else stays byte for byte."""
