"""Positions from Interactive Brokers: activity statement, Flex query, TWS portfolio export.

Layouts as public examples of the files have them (parsers and their test files on GitHub, lel4866/CompareONEToIB.cs
for the export of TWS):

- Activity statement: every line begins with its section and Header, Data, SubTotal or Total. The section "Open
  Positions" (in old ones "Long Open Positions" and "Short Open Positions") has DataDiscriminator, Asset Category,
  Currency, Symbol, Quantity, Mult, Cost Price, Cost Basis, Close Price, Value, Unrealized P/L, Code; the rows that
  count say Summary, those of lots repeat them. An index option is "SPXW 16JUN23 4200 P" under "Equity and Index
  Options"; Cost Price is in points. Statements of several accounts have a column Account.
- Flex query, section Open Positions, as CSV: one header of the fields that the user chose, among ClientAccountID,
  AssetClass, Symbol (of 21 characters), UnderlyingSymbol, Strike, Expiry, Put/Call, Multiplier, Quantity, MarkPrice,
  CostBasisPrice, LevelOfDetail. Several sections may follow each other, each with its header.
- TWS, File, Export Portfolio: a line "Portfolio", then Financial Instrument Description, Position, Currency, Market
  Price, Market Value, Average Price, ..., Security Type, where the description ends with the symbol in brackets,
  "SPX    APR2022 4300 P [SPXW  220429P04300000 100]", if "Advanced contract display" is on. Without it the text
  does not tell a morning from an afternoon settlement, and the row is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlalvh.market.positions import symbols
from xlalvh.market.positions.legs import Leg, contract
from xlalvh.market.positions.reading import MULTIPLIER, Header, Lines, Outcome, Reading, agree, entry, quantity
from xlalvh.market.providers import text as texts

BROKER = "Interactive Brokers"

_SECTIONS = ("Open Positions", "Long Open Positions", "Short Open Positions")
_OPTIONS = "Equity and Index Options"
_KINDS = ("Header", "Data", "SubTotal", "Total", "Notes")
_DESCRIPTION = "Financial Instrument Description"
_BRACKETS = re.compile(r"\[([^\[\]]+?)\s+(\d+)\]$")


def recognises(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows are one of the three layouts."""
    return bool(_layout(rows))


def read(rows: Sequence[Sequence[str]]) -> Reading:
    """The positions of a file that `recognises` took."""
    lines, layout = Lines(rows), _layout(rows)
    {"activity statement": _statement, "Flex query": _flex, "TWS portfolio export": _tws}[layout](lines)
    return lines.done(BROKER, layout)


def _layout(rows: Sequence[Sequence[str]]) -> str:
    if any(len(row) > 2 and row[0] in _SECTIONS and row[1] == "Header" for row in rows):
        return "activity statement"
    if any(row and row[0] == _DESCRIPTION for row in rows):
        return "TWS portfolio export"
    return "Flex query" if any(_is_flex_header(row) for row in rows) else ""


def _statement(lines: Lines) -> None:
    header: Header | None = None
    for i, row in enumerate(lines.cells):
        if len(row) < 2 or row[1] not in _KINDS:
            continue
        section, kind, cells = row[0], row[1], row[2:]
        if section == "Account Information" and kind == "Data" and cells[:1] == ["Account"]:
            lines.account = cells[1] if len(cells) > 1 else ""
        if section not in _SECTIONS:
            lines.tell(i, Outcome.NO_POSITION, f"section {section}")
        elif kind == "Header":
            header = lines.header(cells)
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif kind != "Data" or header is None:
            lines.tell(i, Outcome.NO_POSITION, f"{kind} row")
        else:
            _statement_row(lines, i, header, cells)


def _statement_row(lines: Lines, i: int, header: Header, cells: Sequence[str]) -> None:
    account = header.cell(cells, "Account") or lines.account
    symbol = header.cell(cells, "Symbol")
    if header.cell(cells, "DataDiscriminator") not in ("", "Summary"):
        lines.tell(i, Outcome.NO_POSITION, "a lot of the summary row", account)
    elif header.cell(cells, "Asset Category") != _OPTIONS or not symbols.ours(symbol):
        lines.tell(i, Outcome.OTHER, f"{symbol}: no option on SPX, XSP or VIX", account)
    else:
        lines.attempt(i, lambda: _leg(lines, header, cells, symbol, ("Mult", "Multiplier"), "Cost Price"), account)


def _flex(lines: Lines) -> None:
    header: Header | None = None
    for i, row in enumerate(lines.cells):
        if _is_flex_header(row):
            header = lines.header(row)
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif any(row) and row[0] in ("ClientAccountID", "BOF", "EOF", "BOA", "EOA", "BOS", "EOS"):
            header = None  # another section, or a mark between them
            lines.tell(i, Outcome.NO_POSITION, "another section")
        elif header is not None and any(row):
            _flex_row(lines, i, header, row)
        elif any(row):
            lines.tell(i, Outcome.NO_POSITION, "another section")


def _flex_row(lines: Lines, i: int, header: Header, row: Sequence[str]) -> None:
    account = header.cell(row, "ClientAccountID", "Account ID")
    symbol = header.cell(row, "Symbol")
    kind = header.cell(row, "AssetClass", "AssetCategory")
    if header.cell(row, "LevelOfDetail").upper() not in ("", "SUMMARY"):
        lines.tell(i, Outcome.NO_POSITION, "a lot of the summary row", account)
    elif kind not in ("", "OPT") or not symbols.ours(symbol):
        lines.tell(i, Outcome.OTHER, f"{symbol}: no option on SPX, XSP or VIX", account)
    else:
        lines.attempt(i, lambda: _leg(lines, header, row, symbol, ("Multiplier",), "CostBasisPrice"), account)


def _is_flex_header(row: Sequence[str]) -> bool:
    return {"Symbol", "Quantity"} <= set(row) and bool({"ClientAccountID", "AssetClass"} & set(row)) and (
        bool({"CostBasisPrice", "MarkPrice", "PositionValue"} & set(row))
    )  # fmt: skip


def _leg(lines: Lines, header: Header, row: Sequence[str], symbol: str, multiplier: Sequence[str], price: str) -> Leg:
    found = symbols.option(symbol)
    if found is None:
        raise ValueError(f"{symbol!r} is no option symbol of a known form")
    size = lines.number(header.cell(row, *multiplier))
    if size not in (None, MULTIPLIER):
        raise ValueError(f"the multiplier is {size:g}, not {MULTIPLIER:g}")
    right = header.cell(row, "Put/Call")[:1].upper() or None
    agree(found, strike=lines.number(header.cell(row, "Strike")), right=right)
    agree(found, expiry=texts.date(_with_dashes(header.cell(row, "Expiry"))))
    return Leg(found, quantity(lines, header.cell(row, "Quantity")), entry(lines, header.cell(row, price)), "")


def _with_dashes(cell: str) -> str:
    return f"{cell[:4]}-{cell[4:6]}-{cell[6:]}" if len(cell) == 8 and cell.isdigit() else cell


def _tws(lines: Lines) -> None:
    header: Header | None = None
    for i, row in enumerate(lines.cells):
        if row and row[0] == _DESCRIPTION:
            header = lines.header(row)
            lines.tell(i, Outcome.NO_POSITION, "column names")
        elif not any(row):
            header = None  # balances follow
        elif header is None:
            lines.tell(i, Outcome.NO_POSITION, "title or balance")
        else:
            _tws_row(lines, i, header, row)


def _tws_row(lines: Lines, i: int, header: Header, row: Sequence[str]) -> None:
    account = header.cell(row, "Account", "Account Number")
    said, kind = header.cell(row, _DESCRIPTION), header.cell(row, "Security Type")
    if kind not in ("", "OPT") or not symbols.ours(said) or not re.search(r"\d", said):
        lines.tell(i, Outcome.OTHER, f"{said}: no option on SPX, XSP or VIX", account)
        return

    def leg() -> Leg:
        match = _BRACKETS.search(said)
        found = symbols.option(match[1]) if match else None
        if match is None or found is None:
            raise ValueError('the contract\'s symbol is missing: export with "Advanced contract display"')
        if float(match[2]) != MULTIPLIER:
            raise ValueError(f"the multiplier is {match[2]}, not {MULTIPLIER:g}")
        held = quantity(lines, header.cell(row, "Position"))
        return Leg(contract(*found), held, entry(lines, header.cell(row, "Average Price")), "")

    lines.attempt(i, leg, account)
