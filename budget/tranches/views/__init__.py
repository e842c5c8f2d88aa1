"""Pages of the tranches: those of a contract, and those of the secretariat over all contracts."""
