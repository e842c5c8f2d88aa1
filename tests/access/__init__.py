"""Who gets what at each address: URL × person × relation to the contract."""
