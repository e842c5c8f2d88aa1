"""Pages that look across the ledgers: what one owes, the portfolio, a contract as a whole, reports and their way out."""
