"""Pages of the ledger: the article of the contract, the entry of a filing."""
