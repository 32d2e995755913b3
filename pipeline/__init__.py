""".xlsx -> intake -> month (joined rows) or issues -> dossier -> documents -> drafts -> word -> .docx -> publishing"""

__version__ = "0.1.0"
