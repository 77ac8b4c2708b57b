"""Positions from Schwab's website: Accounts, Positions, Export.

The layout as public examples have it (vroonhof/opensteuerauszug, beancount importers and others on GitHub): a title
"Positions for account Individual ...123 as of 12:33 PM ET, 2025/05/04", a blank line, then Symbol, Description,
Qty (Quantity), Price, ..., Mkt Val (Market Value), ..., Cost Basis, ..., Security Type or Asset Type; at the end cash
and "Account Total". A file of all accounts has a title and a header for each. An option is
"SPXW 06/16/2023 4200.00 P"; Cost Basis is in dollars for all contracts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlalvh.market.positions import symbols
from xlalvh.market.positions.legs import Leg
from xlalvh.market.positions.reading import Header, Lines, Outcome, Reading, entry, quantity

BROKER = "Schwab"

_TITLE = re.compile(r"positions for (?:account\s+)?(.*?)\s+as of\b", re.IGNORECASE)
_QUANTITY = ("Qty (Quantity)", "Quantity", "Qty")
_TOTALS = ("account total", "positions total", "total", "cash & cash investments", "cash and money market")


def recognises(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows have the title, or a header with the columns of one."""
    return any(row and (_TITLE.match(row[0]) or _is_header(row)) for row in rows)


def read(rows: Sequence[Sequence[str]]) -> Reading:
    """The positions of a file that `recognises` took."""
    lines = Lines(rows)
    header: Header | None = None
    for i, row in enumerate(lines.cells):
        if not any(row):
            continue
        title = _TITLE.match(row[0])
        if title:
            lines.account, header = title[1], None
            lines.tell(i, Outcome.NO_POSITION, "title")
        elif _is_header(row):
            header = lines.header(row)
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif header is None:
            # The name of the account in files of all accounts.
            if sum(map(bool, row)) == 1:
                lines.account = row[0]
                lines.tell(i, Outcome.NO_POSITION, "title")
        else:
            _position(lines, i, header, row)
    return lines.done(BROKER, "positions of the website")


def _is_header(row: Sequence[str]) -> bool:
    return (
        row[:1] == ["Symbol"] and bool(set(_QUANTITY) & set(row)) and bool({"Security Type", "Asset Type"} & set(row))
    )


def _position(lines: Lines, i: int, header: Header, row: Sequence[str]) -> None:
    symbol = header.cell(row, "Symbol")
    kind = header.cell(row, "Security Type", "Asset Type")
    if symbol.lower() in _TOTALS:
        lines.tell(i, Outcome.NO_POSITION, "cash or total")
        return
    if not symbols.ours(symbol) or (kind.lower() not in ("", "--") and "option" not in kind.lower()):
        lines.tell(i, Outcome.OTHER, f"{symbol}: no option on SPX, XSP or VIX")
        return

    def leg() -> Leg:
        found = symbols.option(symbol)
        if found is None:
            raise ValueError(f"{symbol!r} is no option symbol of a known form")
        held = quantity(lines, header.cell(row, *_QUANTITY))
        return Leg(found, held, entry(lines, header.cell(row, "Cost/Share"), header.cell(row, "Cost Basis"), held), "")

    lines.attempt(i, leg)
