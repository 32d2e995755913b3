"""Excel in: files, rows, checks, and the joined month; knows Excel, knows no document."""
