"""What .docx and .xlsx share: the package and its relations; knows no document of ours."""
