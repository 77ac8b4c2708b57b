"""The Help group: why a cell failed, and what is running."""
