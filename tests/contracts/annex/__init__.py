"""The financial annex as a workbook: away and back, what is refused, its pages."""
