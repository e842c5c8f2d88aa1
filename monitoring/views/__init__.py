"""Pages of campaigns and filings."""
