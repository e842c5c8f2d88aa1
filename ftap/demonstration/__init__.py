"""Invented people and invented actuals for a trial; every page and report that shows them says so."""
