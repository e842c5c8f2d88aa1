"""Funding tranches (article 6): what the secretariat decides each year within the fund's envelope."""
