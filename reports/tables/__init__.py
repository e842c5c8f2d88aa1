"""The tables of a situation, described once as data for the terminal, the PDF and the workbook."""
