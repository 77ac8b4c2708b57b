"""One file a sheet; each has `write(book, tables)`."""
