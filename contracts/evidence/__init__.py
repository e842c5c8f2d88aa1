"""What may be joined as evidence: pure checks of a file’s name and bytes before it is stored, and where it is kept."""
