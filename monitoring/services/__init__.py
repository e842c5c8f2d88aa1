"""Writes: each verb is one transaction, with its actor."""
