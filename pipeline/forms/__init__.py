"""What staff fill in: three forms, their sheets, columns, code lists and rules; the single source, without I/O."""
