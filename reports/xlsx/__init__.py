"""The report as a workbook: numbers are numbers, totals are formulas."""
