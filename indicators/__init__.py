"""The ledger of results: indicators, targets, measurements."""
