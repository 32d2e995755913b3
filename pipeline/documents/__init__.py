"""What to write: one module a family of documents; each chooses and orders facts of the dossier, and counts nothing."""
