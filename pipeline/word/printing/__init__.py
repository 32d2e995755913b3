"""Documents -> PDF through LibreOffice, with the fonts it finds."""
