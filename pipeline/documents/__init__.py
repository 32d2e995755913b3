"""What to write: one module for each family of documents; chooses and orders facts of the dossier, counts nothing."""
