"""Template and facts -> .docx: compiled where that is proved, by docxtpl where it is not."""
