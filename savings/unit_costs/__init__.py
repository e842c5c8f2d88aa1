"""What a post costs a year: the fund's dated reference, and what the contracts state. Subpackage of savings."""
