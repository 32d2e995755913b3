"""Documents -> PDF through LibreOffice, with the fonts that it finds."""
