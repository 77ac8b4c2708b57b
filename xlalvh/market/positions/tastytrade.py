"""Positions from tastytrade: Positions, CSV.

The layout as public examples have it (blais/johnny, graphtrek/srcprofit and others on GitHub): one header of the
columns that the view shows, always among them Symbol, Type, Quantity, Exp Date, Strike Price, Call/Put, mostly
Account, Trade Price, Cost, Mark, P/L Open. Type is OPTION, STOCK, FUTURES ...; Symbol is the 21-character one,
"SPXW  230616P04200000", or ".SPXW230616P4200". Quantity is signed, Trade Price in points, Cost in dollars for all
contracts, of either sign.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlalvh.market.positions import symbols
from xlalvh.market.positions.legs import Leg
from xlalvh.market.positions.reading import Header, Lines, Outcome, Reading, agree, entry, quantity
from xlalvh.market.providers import text as texts

BROKER = "tastytrade"

_COLUMNS = {"Symbol", "Quantity", "Exp Date", "Strike Price", "Call/Put"}


def recognises(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows have the header."""
    return any(set(row) >= _COLUMNS for row in rows)


def read(rows: Sequence[Sequence[str]]) -> Reading:
    """The positions of a file that `recognises` took."""
    lines = Lines(rows)
    header: Header | None = None
    for i, row in enumerate(lines.cells):
        if not any(row):
            continue
        if set(row) >= _COLUMNS:
            header = lines.header(row)
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif header is None:
            lines.tell(i, Outcome.NO_POSITION, "title")
        else:
            _position(lines, i, header, row)
    return lines.done(BROKER, "positions")


def _position(lines: Lines, i: int, header: Header, row: Sequence[str]) -> None:
    account, symbol = header.cell(row, "Account"), header.cell(row, "Symbol")
    kind = header.cell(row, "Type").upper()
    if kind not in ("", "OPTION", "EQUITY OPTION", "INDEX OPTION") or not symbols.ours(symbol):
        lines.tell(i, Outcome.OTHER, f"{symbol}: no option on SPX, XSP or VIX", account)
        return

    def leg() -> Leg:
        found = symbols.option(symbol)
        if found is None:
            raise ValueError(f"{symbol!r} is no option symbol of a known form")
        agree(found, strike=lines.number(header.cell(row, "Strike Price")))
        agree(found, right=header.cell(row, "Call/Put")[:1].upper() or None)
        agree(found, expiry=texts.date(header.cell(row, "Exp Date")))
        held = quantity(lines, header.cell(row, "Quantity"))
        return Leg(found, held, entry(lines, header.cell(row, "Trade Price"), header.cell(row, "Cost"), held), "")

    lines.attempt(i, leg, account)
