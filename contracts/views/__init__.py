"""Pages of the contract's frame."""
