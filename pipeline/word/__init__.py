"""Word out: template and context -> .docx; knows docxtpl, knows no ledger."""
