"""The template workbook, built from the catalogue and a market snapshot."""
