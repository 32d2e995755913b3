"""filled .xlsx -> intake -> month (rows, joined) or issues -> dossier -> documents -> drafts -> word -> .docx -> publishing -> output/"""

__version__ = "0.1.0"
