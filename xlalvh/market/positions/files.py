"""A broker's file, whichever it is."""

from __future__ import annotations

import csv
from pathlib import Path

from xlalvh.market.positions import ibkr, schwab, tastytrade, thinkorswim
from xlalvh.market.positions.reading import PositionError, Reading
from xlalvh.market.providers.text import Document, document, read_lines, shown
from xlalvh.market.quotes import QuoteError

_LAYOUTS = (ibkr, tastytrade, thinkorswim, schwab)
_KNOWN = (
    "Interactive Brokers (activity statement, Flex query of open positions, TWS portfolio export), Schwab (positions "
    "of the website, thinkorswim's position statement), tastytrade (positions)"
)
_LARGEST = 20_000_000  # bytes
_DELIMITERS = ",;\t"


def read_positions(source: str | Path | Document) -> Reading:
    """The positions of a broker's CSV file.

    Parameters
    ----------
    source : str, Path or Document
        Its path, or its bytes under a name. Commas, semicolons or tabs part the cells; numbers are in US or
        continental notation.

    Raises
    ------
    PositionError
        Where the file cannot be read, or is in none of the layouts that are known.
    """
    remedy = f"give a CSV file from {_KNOWN}"
    try:
        given = document(source, remedy)
        if len(given.raw) > _LARGEST:
            raise PositionError(f"{given.name} has {len(given.raw):,} bytes: too many for positions; {remedy}")
        lines = read_lines(given, remedy)
    except PositionError:
        raise
    except QuoteError as error:
        raise PositionError(str(error)) from error
    for delimiter in _DELIMITERS:
        rows = [_cells(line, delimiter) for line in lines]
        for layout in _LAYOUTS:
            if layout.recognises(rows):
                return layout.read(rows)
    first = next((line for line in lines if line.strip()), "")
    raise PositionError(f"{given.name} is in no layout that is known; it begins with {shown([first])}; {remedy}")


def _cells(line: str, delimiter: str) -> list[str]:
    """A line at a time, so that an unclosed quote spoils its line and not the file; nothing of a line is lost."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return [line.strip()]
