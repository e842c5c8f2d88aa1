"""PostgreSQL and Valkey without an installed server, run as direct children. For trial and tests, never for real data.

Nothing here knows Django: settings, tests and the demo read the addresses from here before Django starts.
"""
