"""The fund's calls for projects: when each was open, what was filed in it, which contracts were selected in it."""
