"""The financial annex of a version as a workbook: written from the tables of the contract file, brought back to them.

Each ledger says which sheets its part fills (`Part.annex`); a workbook that comes back becomes a contract file, taken
by the same services, so that no rule is written twice.
"""
