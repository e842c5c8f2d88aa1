"""A filing as a workbook, filled away from the site and brought back: made from the entry grids, knows no ledger.

`writer` makes the file, `safety` and `reader` take it back, `differences` compares it with what is stored, `imports`
keeps it until the person confirms and then writes through the grids' own services.
"""
