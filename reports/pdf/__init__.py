"""The report as a PDF: WeasyPrint, own print style, tagged."""
