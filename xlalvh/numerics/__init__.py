"""Pure arrays in, pure arrays out: no I/O, no spreadsheet, no market conventions."""
