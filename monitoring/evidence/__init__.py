"""What may be joined to a filing as evidence: pure checks of a file's name and bytes, before anything is stored."""
