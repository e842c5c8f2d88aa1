"""How a contract changes: an amendment prepared as a copy, signed by the parties, in force from a day; its impact."""
