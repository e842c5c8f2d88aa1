"""The life of a contract: dated events, the phase it is in on a day, and what « finished » means."""
