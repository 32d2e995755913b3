"""Excel in and blanks out: knows Excel, knows no document."""
