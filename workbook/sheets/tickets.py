"""The order tickets on Positions: the workbook's condor, its ladder, and a group of the book in use."""

from __future__ import annotations

from workbook.book import Sheet, without_errors

_CONDOR_LINES, _LADDER_LINES, _GROUP_LINES = 7, 12, 16
_RIGHT = "H"  # column of the second ticket
ROWS = 4 + max(_CONDOR_LINES + 4 + _GROUP_LINES, _LADDER_LINES)
_COLUMNS = "ABCGHFNO"  # group, root, expiry, right, strike, contracts, bid, ask of the workbook's legs


def write(sheet: Sheet, top: int, legs: int, condor_legs: int, rungs: int) -> None:
    """Write the tickets from line `top` on; the workbook's legs stand from line `legs` on, the condor's first."""
    sheet.put(f"A{top}", "Order tickets", role="section")
    sheet.put(
        f"C{top}",
        "Text to copy. Limits are mids rounded to the exchange's increment. Check every line before you send it.",
        role="subtitle",
    )
    sheet.put(f"A{top + 1}", "the workbook's condor", role="label")
    _ticket(sheet, f"A{top + 2}", _CONDOR_LINES, _workbook(legs, legs + condor_legs - 1), '""', '"open"', "condor")
    sheet.put(f"{_RIGHT}{top + 1}", "the workbook's ladder, all units", role="label")
    first = legs + condor_legs
    _ticket(sheet, f"{_RIGHT}{top + 2}", _LADDER_LINES, _workbook(first, first + rungs - 1), '""', '"open"', "ladder")
    line = top + 3 + _CONDOR_LINES
    sheet.put(f"A{line}", "a group of the book in use", role="label")
    sheet.open_cell(f"B{line}", None, "text")
    sheet.book.name("ticket_group", sheet.name, f"B{line}")
    sheet.put(f"A{line + 1}", "open or close it", role="label")
    sheet.input(f"B{line + 1}", "close", "ticket_action", "text", ["open", "close"])
    names = ("group", "root", "expiry", "right", "strike", "quantity", "bid", "ask")
    ranges = [without_errors(f"book_{name}") for name in names]
    wanted = 'IF(LEN(ticket_group)=0,"-",ticket_group)'
    _ticket(sheet, f"A{line + 2}", _GROUP_LINES, ranges, wanted, "ticket_action", "group")


def _workbook(first: int, last: int) -> list[str]:
    return [without_errors(f"{letter}{first}:{letter}{last}") for letter in _COLUMNS]


def _ticket(sheet: Sheet, cell: str, lines: int, ranges: list[str], wanted: str, action: str, name: str) -> None:
    letter, row = cell[0], int(cell[1:])
    sheet.array(
        f"{cell}:{letter}{row + lines - 1}",
        f"=ALVH_TICKET({','.join(ranges)},{wanted},{action},{lines})",
        "text",
        name=f"ticket_{name}_lines",
    )
