"""Word out: a template and a context make a .docx; knows docxtpl, knows no ledger."""
