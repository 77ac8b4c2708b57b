"""Positions: the trader's own legs beside the workbook's condor and ladder, and the book that the risk sheets use."""

from __future__ import annotations

from workbook.book import Book, Sheet, column, without_errors
from xlalvh.formulas.books import COLUMNS
from xlalvh.market.tables import MarketTables
from xlalvh.risk.legs import SPX, VIX, XSP
from xlalvh.risk.net import BOTH, TOTAL, Net

WORKBOOK, OWN, EVERYTHING = "workbook", "positions", "both"
BOOK_ROWS = 60
_CONDOR_LEGS, _RUNGS = 4, 10
_OURS = _CONDOR_LEGS + _RUNGS
_NET = 12  # header of the net table
_BOOK = 24  # header of the book
_FIRST = 4  # column E, the first of the eight that ALVH_PNL_GRID and its kin take
_FORMATS = ("text", "signed", "text", "strike", "years", "points", "percent2", "decimal4")
_HEADER = (
    "group",
    "root",
    "expiry",
    "entry (points)",
    "underlying",
    "contracts (+ long)",
    "right",
    "strike (points)",
    "years",
    "forward (points)",
    "vol",
    "rate (decimal a year)",
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `positions_…`, `book_…`, `net_…` and the `book` itself."""
    sheet = book.sheet("Positions", "#CC79A7")
    sheet.widths(A=34, B=13, C=15, D_P=12)
    sheet.heading(
        "Positions", "The book that the risk sheets use: the workbook's condor and ladder, your own, or both."
    )
    _use(sheet)
    _net(sheet)
    _book(sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"L{_BOOK + BOOK_ROWS}", tall=0)


def _use(sheet: Sheet) -> None:
    sheet.put("A5", "The book in use", role="section")
    sheet.put("A6", "take the legs of", role="label")
    sheet.input("B6", WORKBOOK, "positions_use", "text", [WORKBOOK, OWN, EVERYTHING])
    ours = f'IF((positions_use="{WORKBOOK}")+(positions_use="{EVERYTHING}"),{{}},"")'
    sheet.put("A7", "legs in the book", role="label")
    sheet.formula("B7", "=COUNT(book_strike)", "integer", name="book_legs")
    reasons = 'condor_reason&IF(ladder_reason="",hedge_reason,IF(condor_reason="","","; ")&ladder_reason)'
    sheet.put("A8", "why it is not complete", role="label")
    sheet.formula("B8", f"={ours.format(reasons)}", "text", "alert", name="book_reason")


def _net(sheet: Sheet) -> None:
    top, width = _NET, len(Net._fields)
    sheet.put(f"A{top - 2}", "Net of the book in use (dollars)", role="section")
    sheet.worksheet.set_row(top - 1, 30)
    header = [field.replace("_dollars", "").replace("_", " ") for field in Net._fields]
    sheet.row(f"A{top}", header, role="header")
    names = (SPX, XSP, BOTH, VIX, TOTAL)
    sheet.array(
        f"A{top + 1}:{column(width - 1)}{top + len(names)}",
        f'=IF(book_legs>0,ALVH_NET(book,{without_errors("rule_beta_params")},rule_vega_tenor_exponent,FALSE),"")',
        ["text", "integer", *["points"] * (width - 2)],
        "cell",
    )
    for key, name in (("spx", BOTH), ("vix", VIX), ("all", TOTAL)):
        line = top + 1 + names.index(name)
        for j, field in enumerate(Net._fields[2:], start=2):
            if key == "all" and field in ("delta_dollars", "gamma_dollars", "vega_dollars"):
                continue
            sheet.book.name(f"net_{key}_{field.removesuffix('_dollars')}", sheet.name, f"{column(j)}{line}")


def _book(sheet: Sheet) -> None:
    top = _BOOK + 1
    sheet.put(f"A{_BOOK - 1}", "Legs of the book in use", role="section")
    sheet.row(f"A{_BOOK}", list(_HEADER), role="header")
    sheet.worksheet.set_row(_BOOK - 1, 30)
    for i in range(_OURS):
        _our_leg(sheet, top + i, i)
    last = top + BOOK_ROWS - 1
    for line in range(top + _OURS, last + 1):
        for j in range(_FIRST + len(COLUMNS)):
            sheet.put(f"{column(j)}{line}", None, role="cell")
    left, right = column(_FIRST), column(_FIRST + len(COLUMNS) - 1)
    sheet.book.name("book", sheet.name, f"{left}{top}:{right}{last}")
    for name, letter in (("group", "A"), ("root", "B"), ("expiry", "C"), ("entry", "D")):
        sheet.book.name(f"book_{name}", sheet.name, f"{letter}{top}:{letter}{last}")
    for j, name in enumerate(COLUMNS):
        letter = column(_FIRST + j)
        sheet.book.name(f"book_{name}", sheet.name, f"{letter}{top}:{letter}{last}")


def _our_leg(sheet: Sheet, line: int, i: int) -> None:
    """A leg of the workbook's condor or ladder; a blank row where it is not there, or not asked for."""
    n = i + 1
    if i < _CONDOR_LEGS:
        root, expiry, entry = "INDEX(spx_root,condor_row)", "condor_expiry", f"INDEX(condor_prices,{n})"
        numbers = [
            f"INDEX(condor_quantities,{n})",
            f"INDEX(condor_strikes,{n})",
            "condor_years",
            "condor_forward",
            f"INDEX(condor_vols,{n})",
            "condor_rate",
        ]
        group, underlying, right = '"condor"', f'"{SPX}"', f"INDEX(condor_rights,{n})"
    else:
        n -= _CONDOR_LEGS
        years = f"INDEX(ladder_rung_years,{n})"
        layer = f"MATCH({years},ladder_years,0)"
        root, expiry = (
            f"INDEX(vix_root,MATCH(INDEX(ladder_expiries,{layer}),vix_expiry,0))",
            f"INDEX(ladder_expiries,{layer})",
        )
        contracts = f"INDEX(ladder_rung_contracts,{n})"
        entry = f"INDEX(ladder_ask_costs,{n})/{contracts}/100"
        numbers = [
            f"{contracts}*hedge_units",
            f"INDEX(ladder_rung_strike,{n})",
            years,
            f"INDEX(ladder_rung_future,{n})",
            f"INDEX(ladder_rung_vol,{n})",
            "ladder_rate",
        ]
        group, underlying, right = '"ladder"', f'"{VIX}"', '"C"'
    there = "*".join(f"ISNUMBER({text})" for text in numbers)
    flag = f"{column(_FIRST + len(COLUMNS))}{line}"
    use = f'((positions_use="{WORKBOOK}")+(positions_use="{EVERYTHING}")>0)'
    sheet.formula(flag, f"=IF({use},{there},0)", "integer", "label")
    texts = [group, root, expiry, entry, underlying, numbers[0], right, *numbers[1:]]
    formats = ("text", "text", "date", "points", *_FORMATS)
    for j, (text, fmt) in enumerate(zip(texts, formats, strict=True)):
        sheet.formula(f"{column(j)}{line}", f'=IF({flag}=1,{text},"")', fmt, "cell")
