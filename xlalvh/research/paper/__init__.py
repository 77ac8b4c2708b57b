"""Paper trading: a double-entry ledger of positions that were never traded, booked and marked at real quotes."""
