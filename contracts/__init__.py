"""The promise's frame: organisations, contracts, versions, axes, sheets, calendar, stated figures."""
