"""The time frame: campaigns, filings, their states and locks, comments, reminders."""
