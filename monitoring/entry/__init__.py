"""What the entry grids of all ledgers share: reading and writing cells, rights, revisions, pages. Knows no ledger."""
