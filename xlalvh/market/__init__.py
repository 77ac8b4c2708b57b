"""Quotes with their source and market time, the exchange calendar, and what follows from both."""
