"""Positions from thinkorswim, Schwab's platform: Monitor, Activity and Positions, Position Statement, Export to File.

The layout as public examples have it (lel4866/CompareONEToTDA.cs and others on GitHub): a title "Position Statement
for 123456789SCHW (name) on 12/29/21 11:49:04", the name of a group of the trader's ("None" for the rest), a header
Instrument, Qty, Days, Trade Price, Mark, ..., then for each symbol a line with its name and no quantity, one for the
underlying, and a line an option: "100 (Weeklys) 31 MAY 22 4650 PUT". An SPX option without a word in brackets is the
monthly one with morning settlement; (Weeklys), (Quarterlys) and (EOM) settle in the afternoon. Some views write the
symbol ".SPXW220531P4650" instead, behind the name or in its place. Qty is signed, Trade Price in points. Totals and
"Cash & Sweep Vehicle" end the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlalvh.market.positions import symbols
from xlalvh.market.positions.legs import Contract, Leg, contract, is_monthly
from xlalvh.market.positions.reading import MULTIPLIER, Header, Lines, Outcome, Reading, entry, quantity

BROKER = "Schwab"  # thinkorswim shows the positions of accounts there

_TITLE = re.compile(r"position statement for (\S+)", re.IGNORECASE)
_OPTION = re.compile(
    r"(?P<size>\d+)(\s+(?P<tag>\([^()]*\)|\[[^\[\]]*\]))?\s+(?P<d>\d{1,2})\s+(?P<mon>[A-Z]{3})\s+(?P<y>\d{2})"
    r"(\s+(?P<after>\([^()]*\)|\[[^\[\]]*\]))?\s+(?P<strike>\d{1,6}(\.\d{1,4})?)\s+(?P<right>CALL|PUT)",
    re.ASCII | re.IGNORECASE,
)
_SYMBOL = re.compile(r"[/^$]?[A-Z][A-Z0-9./]{0,9}(:[A-Z]+)?")
_AFTERNOON = ("weeklys", "quarterlys", "eom", "pm")
_TOTALS = ("cash & sweep", "overall", "bp adjustment", "available", "overnight", "subtotal", "total", "group")
_INDEX = ("SPX", "XSP", "VIX")
_NO_GROUP = ("None", "Equities and Equity Options")


def recognises(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows have the header of the statement."""
    return any(_is_header(row) for row in rows)


def read(rows: Sequence[Sequence[str]]) -> Reading:
    """The positions of a file that `recognises` took."""
    lines = Lines(rows)
    header: Header | None = None
    group = symbol = ""
    for i, row in enumerate(lines.cells):
        if not any(row):
            symbol = ""
            continue
        first, title = row[0], _TITLE.match(row[0])
        if title:
            lines.account = title[1]
            lines.tell(i, Outcome.NO_POSITION, "title")
        elif _is_header(row):
            header, symbol = lines.header(row), ""
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif first.lower().startswith(_TOTALS):
            lines.tell(i, Outcome.NO_POSITION, "cash or total")
        elif sum(map(bool, row)) == 1 and i + 1 < len(rows) and _is_header(rows[i + 1]):
            group = "" if first in _NO_GROUP else first.strip("()")
            lines.tell(i, Outcome.NO_POSITION, "name of a group")
        elif header is None:
            lines.tell(i, Outcome.NO_POSITION, "title")
        elif _SYMBOL.fullmatch(first):
            symbol, held = first, header.cell(row, "Qty") not in ("", "0")
            lines.tell(i, Outcome.OTHER if held else Outcome.NO_POSITION, f"heading of {first}")
        else:
            _position(lines, i, header, row, symbol, group)
    return lines.done(BROKER, "thinkorswim position statement")


def _is_header(row: Sequence[str]) -> bool:
    return list(row[:2]) == ["Instrument", "Qty"]


def _position(lines: Lines, i: int, header: Header, row: Sequence[str], symbol: str, group: str) -> None:
    named = header.cell(row, "Instrument")
    option = _OPTION.fullmatch(" ".join(named.split()))
    if not (symbols.ours(named) or (symbol in (*_INDEX, "") and option)):
        if symbol in _INDEX and header.cell(row, "Qty") not in ("", "0"):
            lines.tell(i, Outcome.NOT_UNDERSTOOD, f"{named!r} under {symbol} is no option of a known form")
        else:
            held = header.cell(row, "Qty") not in ("", "0")
            what = Outcome.OTHER if held else Outcome.NO_POSITION
            lines.tell(i, what, f"{named}: no option on SPX, XSP or VIX")
        return

    def leg() -> Leg:
        found = _described(symbol, option) if option else symbols.option(named)
        if found is None:
            raise ValueError(f"{named!r} is no option of a known form")
        return Leg(
            found, quantity(lines, header.cell(row, "Qty")), entry(lines, header.cell(row, "Trade Price")), group
        )

    lines.attempt(i, leg)


def _described(symbol: str, match: re.Match[str]) -> Contract:
    """An option by the words of its line under its symbol's name."""
    if not symbol:
        raise ValueError("no line with a symbol stands above it")
    if float(match["size"]) != MULTIPLIER:
        raise ValueError(f"the multiplier is {match['size']}, not {MULTIPLIER:g}")
    expiry = symbols.day(match["d"], match["mon"], match["y"])
    tags = [tag.strip("()[] ").lower() for tag in (match["tag"], match["after"]) if tag]
    unknown = [tag for tag in tags if tag not in (*_AFTERNOON, "am")]
    if unknown:
        raise ValueError(f"({unknown[0]}) is no word that is known here")
    weekly = any(tag in _AFTERNOON for tag in tags)
    if symbol == "SPX" and not weekly and not is_monthly("SPX", expiry):
        raise ValueError(f"{expiry} is no monthly expiry of SPX, and the line does not say (Weeklys)")
    root = {"SPX": "SPXW" if weekly else "SPX"}.get(symbol, symbol)
    return contract(root, expiry, match["right"][0].upper(), float(match["strike"]))
