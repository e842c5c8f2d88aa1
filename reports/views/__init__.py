"""Pages that look across the ledgers: what one owes, the portfolio, a contract, reports and their way out."""
