"""The ledger of savings: lines, methods, planned, declared, certified, return on investment."""
