"""The file of a contract, in TOML: read with located errors, saved without touching what did not change, written back.

The format is told in docs/guide/fichier-contrat.md.
"""
