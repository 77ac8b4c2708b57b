"""Positions: the trader's own legs beside the workbook's condor and ladder, and the book that the risk sheets use.

The book in use is the area `book`, as the Risk group takes it; the columns beside it are `book_…`.
"""

from __future__ import annotations

from workbook.book import Book, Sheet, column, without_errors
from workbook.sheets import tickets
from xlalvh.formulas.books import COLUMNS
from xlalvh.formulas.marking import Marked
from xlalvh.market.positions.legs import ROOTS
from xlalvh.market.tables import MarketTables
from xlalvh.risk.legs import SPX, VIX, XSP
from xlalvh.risk.net import BOTH, TOTAL, Net
from xlalvh.strategy.book import MULTIPLIER, Line

WORKBOOK, OWN, EVERYTHING = "workbook", "positions", "both"
BOOK_ROWS = 60
TYPED_ROWS, IMPORTED_ROWS = 46, 46
_CONDOR_LEGS, _RUNGS = 4, 10
_OURS = _CONDOR_LEGS + _RUNGS
_GROUPS, _MARGINS = 10, 12
_NET = 16  # header of the net table
_GROUP = 26  # header of the groups
_TYPED = 43  # header of the trader's legs
_IMPORTED = _TYPED + TYPED_ROWS + 4
_TICKETS = _IMPORTED + IMPORTED_ROWS + 3
_BOOK = _TICKETS + tickets.ROWS + 3
_WORK = _BOOK + BOOK_ROWS + 4
_LEG_HEADER = ("group", "root", "expiry", "C or P", "strike (points)", "contracts (+ long)", "entry (points)", "since")
_LEG_FORMATS = ("text", "text", "date", "text", "strike", "signed", "points", "date")
_MARK_HEADER = (
    "price from",
    "value (dollars)",
    "profit since entry (dollars)",
    "delta (dollars per point)",
    "gamma (dollars per point squared)",
    "vega (dollars per vol point)",
    "theta (dollars a day)",
    "how it is priced",
)
_MARK_FORMATS = ("text", "dollars", "dollars", "points", "points", "points", "points", "text")
_BLOCK = Marked._fields[len(_MARK_HEADER) :]  # what the book takes of a marked leg
_FIRST = _BLOCK.index("underlying")  # of the eight columns of the book
_BLOCK_HEADER = (
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
    "rate (decimal)",
    "price used (points)",
    "bid (points)",
    "ask (points)",
)
_BLOCK_FORMATS = (
    *("text", "text", "date", "points", "text", "signed", "text", "strike", "years", "points", "percent2", "decimal4"),
    *("points", "points", "points"),
)
_MARKET = (
    'spx_table,spx_smile,market_spx_time,vix_table,vix_smile,IF(ISNUMBER(market_vix_time),market_vix_time,""),'
    "spxq_table,vixq_table,spx_level/spx_spot,fut_expiry,fut_yours,FALSE"
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `positions_…`, `book_…`, `net_…` and the `book` itself."""
    sheet = book.sheet("Positions", "#CC79A7")
    sheet.widths(A=28, B=11, C=15, D=10, E_G=10, H=15, I=12, J_O=11, P=34, Q_AE=11)
    sheet.heading(
        "Positions", "Your legs beside the workbook's condor and ladder, and the book that the risk sheets use."
    )
    _use(sheet)
    _net(sheet)
    _groups(sheet)
    _margin(sheet)
    _typed(sheet)
    _imported(sheet)
    tickets.write(sheet, _TICKETS, _WORK + 2, _CONDOR_LEGS, _RUNGS)
    _book(sheet)
    _ours(sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"P{_BOOK + BOOK_ROWS}", tall=0)
    sheet.worksheet.set_h_pagebreaks([row - 3 for row in (_TYPED, _IMPORTED, _TICKETS + 1, _BOOK)])


def _use(sheet: Sheet) -> None:
    sheet.put("A5", "The book in use", role="section")
    sheet.put("A6", "take the legs of", role="label")
    sheet.input("B6", WORKBOOK, "positions_use", "text", [WORKBOOK, OWN, EVERYTHING])

    def unpriced(name: str) -> str:
        return f'SUMPRODUCT((LEFT(positions_{name}_status,3)="not")*1)'

    lost = f"COUNT(positions_typed_strikes)+COUNT(positions_imported_strikes)-{BOOK_ROWS - _OURS}"
    broken = "positions_typed_unpriced+positions_imported_unpriced"
    ours = 'condor_reason&IF(ladder_reason="",hedge_reason,IF(condor_reason="","","; ")&ladder_reason)'
    own = (
        f'IF({broken}>0,{broken}&" of your legs are not priced and not in it; ","")'
        f'&IF({lost}>0,{lost}&" of your legs do not fit; ","")'
        '&IF(book_legs=0,"there is no leg of yours that is priced","")'
    )
    rows = (
        ("legs in the book", "=COUNT(book_strike)", "integer", "book_legs"),
        ("your legs, priced", "=COUNT(positions_typed_strikes)", "integer", ""),
        ("your legs, not priced", f"={unpriced('typed')}", "integer", "positions_typed_unpriced"),
        ("imported legs, priced", "=COUNT(positions_imported_strikes)", "integer", ""),
        ("imported rows, not priced", f"={unpriced('imported')}", "integer", "positions_imported_unpriced"),
        (
            "why the book is not complete",
            f'=IF(positions_ours_used+positions_own_used=0,"Choose {WORKBOOK}, {OWN} or {EVERYTHING}",'
            f'IF(positions_ours_used=1,{ours},"")&IF(positions_own_used=1,{own},""))',
            "text",
            "book_reason",
        ),
    )
    for i, (label, text, fmt, name) in enumerate(rows):
        sheet.put(f"A{7 + i}", label, role="label")
        sheet.formula(f"B{7 + i}", text, fmt, "alert" if name == "book_reason" else "value", name=name)
    # The last row is the total. Calc finds no text in an array that an add-in filled, but counts its numbers.
    total = '=IF(book_legs>0,INDEX(margin_{0},COUNT(margin_{0})),"")'
    figures = (
        ("margin, Reg-T (dollars)", total.format("requirement"), "dollars", "book_margin"),
        ("cash besides the premium (dollars)", total.format("cash"), "dollars", "book_cash"),
        ("net theta (dollars a calendar day)", "=net_all_theta", "dollars", ""),
        ("profit since entry (dollars)", '=IF(COUNT(book_pnl)>0,SUM(book_pnl),"")', "dollars", "book_profit"),
        (
            "coverage of the book",
            "=IF(ISNUMBER(net_vix_vix_point)*ISNUMBER(net_spx_vix_point),IFERROR(ALVH_COVERAGE(net_vix_vix_point,"
            'net_spx_vix_point),"nothing hedged"),"")',
            "ratio",
            "book_coverage",
        ),
    )
    sheet.put("H5", "Risk of the book in use", role="section")
    for i, (label, text, fmt, name) in enumerate(figures):
        sheet.put(f"H{6 + i}", label, role="label")
        sheet.formula(f"K{6 + i}", text, fmt, name=name)


def _net(sheet: Sheet) -> None:
    top, width = _NET, len(Net._fields)
    sheet.put(f"A{top - 2}", "Net of the book in use (dollars)", role="section")
    sheet.worksheet.set_row(top - 1, 42)
    header = (
        "underlying",
        "legs",
        "value (dollars, model)",
        "delta (dollars per point)",
        "gamma (dollars per point squared)",
        "vega (dollars per vol point)",
        "theta (dollars a day)",
        "rho (dollars per 0.01 of rate)",
        "dollars per VIX point",
    )
    sheet.row(f"A{top}", list(header), role="header")
    names = (SPX, XSP, BOTH, VIX, TOTAL)
    sheet.array(
        f"A{top + 1}:{column(width - 1)}{top + len(names)}",
        f"=IF(book_legs>0,ALVH_NET({without_errors('book')},{without_errors('rule_beta_params')},"
        'rule_vega_tenor_exponent,FALSE),"")',
        ["text", "integer", "dollars", *["points"] * (width - 3)],
        "cell",
    )
    sheet.put(
        f"A{top + len(names) + 1}",
        f"{BOTH}: in points of SPX. Points of SPX and of VIX differ: delta, gamma and vega of both are never added.",
        role="subtitle",
    )
    for key, name in (("spx", BOTH), ("vix", VIX), ("all", TOTAL)):
        line = top + 1 + names.index(name)
        for j, field in enumerate(Net._fields[2:], start=2):
            if key == "all" and field in ("delta_dollars", "gamma_dollars", "vega_dollars"):
                continue
            sheet.book.name(f"net_{key}_{field.removesuffix('_dollars')}", sheet.name, f"{column(j)}{line}")


def _groups(sheet: Sheet) -> None:
    top = _GROUP
    sheet.put(f"A{top - 2}", "By group (book in use)", role="section")
    sheet.worksheet.set_row(top - 1, 30)
    header = ["group", "legs", "value (dollars, model)", "theta (dollars a day)", "profit since entry (dollars)"]
    sheet.row(f"A{top}", header, role="header")
    sheet.array(
        f"A{top + 1}:E{top + _GROUPS}",
        f"=ALVH_BY_GROUP({without_errors('book_group')},{without_errors('book_figures')},{_GROUPS})",
        ["text", "integer", "dollars", "points", "dollars"],
        "cell",
        name="positions_groups",
    )


def _margin(sheet: Sheet) -> None:
    """By expiry where it is seen, and to the whole height where it is looked up."""
    top, work = _GROUP, _WORK + 2 + _OURS + 2
    sheet.put(f"H{top - 2}", "Margin by expiry, Reg-T (book in use)", role="section")
    header = ["underlying", "days", "requirement (dollars)", "premium (dollars)", "cash (dollars)"]
    sheet.row(f"H{top}", header, role="header")
    sheet.put(f"A{work - 1}", "ALVH_MARGIN", role="label")
    rows = f"ALVH_MARGIN({without_errors('book')},{without_errors('rule_margin')},FALSE)"
    for area, height in ((f"H{top + 1}:L{top + _MARGINS}", _MARGINS), (f"A{work}:E{work + BOOK_ROWS}", BOOK_ROWS + 1)):
        sheet.array(
            area,
            f'=IF(book_legs>0,ALVH_STACK({height},{rows}),"")',
            ["text", "days", *["dollars"] * 3],
            "cell",
        )
    for name, letter in (("requirement", "C"), ("cash", "E")):
        sheet.book.name(f"margin_{name}", sheet.name, f"{letter}{work}:{letter}{work + BOOK_ROWS}")


def _typed(sheet: Sheet) -> None:
    top = _TYPED + 1
    last = top + TYPED_ROWS - 1
    sheet.put(f"A{_TYPED - 2}", "Your legs", role="section")
    sheet.put(
        f"C{_TYPED - 2}",
        f"Roots: {', '.join(ROOTS)}. Contracts below 0 are sold. Entry: the price a unit, blank where it is not known.",
        role="subtitle",
    )
    _leg_header(sheet, _TYPED)
    takes: tuple[str | list[str], ...] = ("", list(ROOTS), "date", ["C", "P"], "positive", "number", "positive", "date")
    for line in range(top, last + 1):
        for j, (fmt, rule) in enumerate(zip(_LEG_FORMATS, takes, strict=True)):
            cell = f"{column(j)}{line}"
            if rule:
                sheet.input(cell, None, "", fmt, rule)
            else:
                sheet.open_cell(cell, None, fmt)
    sheet.book.name("positions_typed", sheet.name, f"A{top}:H{last}")
    _marks(sheet, "typed", top, TYPED_ROWS)


def _imported(sheet: Sheet) -> None:
    top = _IMPORTED + 1
    last = top + IMPORTED_ROWS - 1
    sheet.put(f"A{_IMPORTED - 2}", "Imported legs", role="section")
    sheet.put(
        f"C{_IMPORTED - 2}",
        "From brokers' files: xlalvh positions import FILE, then refresh the quotes. Since: the time of the import.",
        role="subtitle",
    )
    _leg_header(sheet, _IMPORTED)
    sheet.array(
        f"A{top}:H{last}",
        f'=ALVH_POSITIONS(IF(LEFT(market_banner,6)="SAMPLE","sample",refresh_count),{IMPORTED_ROWS},FALSE)',
        _LEG_FORMATS,
        "cell",
        name="positions_imported",
    )
    _marks(sheet, "imported", top, IMPORTED_ROWS)


def _leg_header(sheet: Sheet, line: int) -> None:
    sheet.row(f"A{line}", [*_LEG_HEADER, *_MARK_HEADER, *_BLOCK_HEADER], role="header")
    sheet.worksheet.set_row(line - 1, 42)


def _marks(sheet: Sheet, name: str, top: int, rows: int) -> None:
    """What the snapshot says of the legs of an area; the columns to the right of the page feed the book."""
    left, last = len(_LEG_HEADER), top + rows - 1
    right = left + len(Marked._fields) - 1
    sheet.array(
        f"{column(left)}{top}:{column(right)}{last}",
        f"=ALVH_MARK(positions_{name},{_MARKET})",
        [*_MARK_FORMATS, *_BLOCK_FORMATS],
        "cell",
    )
    start = left + len(_MARK_HEADER)
    for what, first, end in (
        ("status", start - 1, start - 1),
        ("book", start, right),
        ("strikes", start + _BLOCK.index("strike"), start + _BLOCK.index("strike")),
    ):
        sheet.book.name(f"positions_{name}_{what}", sheet.name, f"{column(first)}{top}:{column(end)}{last}")


def _book(sheet: Sheet) -> None:
    top, last = _BOOK + 1, _BOOK + BOOK_ROWS
    width = len(_BLOCK)
    sheet.put(f"A{_BOOK - 2}", "Legs of the book in use", role="section")
    sheet.row(f"A{_BOOK}", list(_BLOCK_HEADER), role="header")
    sheet.row(f"{column(width + 1)}{_BOOK}", list(_GREEKS), role="header")
    sheet.worksheet.set_row(_BOOK - 1, 42)
    parts = (
        f'IFERROR(IF(positions_{used}_used=1,positions_{what},""),"")'
        for used, what in (("ours", "ours"), ("own", "typed_book"), ("own", "imported_book"))
    )
    sheet.array(
        f"A{top}:{column(width - 1)}{last}", f"=ALVH_STACK({BOOK_ROWS},{','.join(parts)})", _BLOCK_FORMATS, "cell"
    )
    for j, name in enumerate(_BLOCK):
        sheet.book.name(f"book_{name}", sheet.name, f"{column(j)}{top}:{column(j)}{last}")
    end = column(_FIRST + len(COLUMNS) - 1)
    sheet.book.name("book", sheet.name, f"{column(_FIRST)}{top}:{end}{last}")
    columns = ",".join(without_errors(f"book_{name}") for name in COLUMNS)
    left = width + 1  # beyond the page
    sheet.array(
        f"{column(left)}{top}:{column(left + len(Line._fields) - 1)}{last}",
        f'=IFERROR(ALVH_BOOK({columns},{MULTIPLIER:g},FALSE),"")',
        ["text", "signed", "points", "dollars", *["points"] * (len(Line._fields) - 4)],
        "cell",
    )
    greeks = {name: column(left + i) for i, name in enumerate(Line._fields)}
    figures = left + len(Line._fields)
    for j, (text, fmt, name) in enumerate(
        (
            (f'IFERROR({greeks["value_dollars"]}{top}:{greeks["value_dollars"]}{last},"")', "dollars", "value"),
            (f'IFERROR({greeks["theta_dollars"]}{top}:{greeks["theta_dollars"]}{last},"")', "points", "theta"),
            (
                f'IFERROR(IF(book_entry="","",book_quantity*(book_price-book_entry)*{MULTIPLIER:g}),"")',
                "dollars",
                "pnl",
            ),
        )
    ):
        letter = column(figures + j)
        sheet.array(f"{letter}{top}:{letter}{last}", f"={text}", fmt, "cell", name=f"book_{name}")
    sheet.book.name("book_figures", sheet.name, f"{column(figures)}{top}:{column(figures + 2)}{last}")


_GREEKS = (
    "ALVH_BOOK: underlying",
    "contracts",
    "model price (points)",
    "value (dollars)",
    "delta (dollars per point)",
    "gamma (dollars per point squared)",
    "vega (dollars per vol point)",
    "theta (dollars a day)",
    "rho (dollars per 0.01 of rate)",
    "value (dollars)",
    "theta (dollars a day)",
    "profit since entry (dollars)",
)


def _ours(sheet: Sheet) -> None:
    sheet.put(f"A{_WORK - 1}", "Calculation area", role="section")
    for i, (name, word, other) in enumerate((("ours", WORKBOOK, EVERYTHING), ("own", OWN, EVERYTHING))):
        sheet.put(f"A{_WORK + i}", f"legs of the {word} are in the book", role="label")
        text = f'=IF((positions_use="{word}")+(positions_use="{other}")>0,1,0)'
        sheet.formula(f"B{_WORK + i}", text, "integer", name=f"positions_{name}_used")
    top = _WORK + 2
    for i in range(_OURS):
        _our_leg(sheet, top + i, i)
    end = column(len(_BLOCK) - 1)
    sheet.book.name("positions_ours", sheet.name, f"A{top}:{end}{top + _OURS - 1}")


def _our_leg(sheet: Sheet, line: int, i: int) -> None:
    """A leg of the workbook's condor or ladder; a blank row where it is not there."""
    n = i + 1
    if i < _CONDOR_LEGS:
        root, expiry, price = "INDEX(spx_root,condor_row)", "condor_expiry", f"INDEX(condor_prices,{n})"
        numbers = [
            f"INDEX(condor_quantities,{n})",
            f"INDEX(condor_strikes,{n})",
            "condor_years",
            "condor_forward",
            f"INDEX(condor_vols,{n})",
            "condor_rate",
        ]
        bid, ask = f"INDEX(condor_bids,{n})", f"INDEX(condor_asks,{n})"
        group, underlying, right = '"condor"', f'"{SPX}"', f"INDEX(condor_rights,{n})"
    else:
        n -= _CONDOR_LEGS
        years = f"INDEX(ladder_rung_years,{n})"
        expiry = f"INDEX(ladder_expiries,MATCH({years},ladder_years,0))"
        contracts = f"INDEX(ladder_rung_contracts,{n})"
        root, price = f'"{VIX}"', f"INDEX(ladder_ask_costs,{n})/{contracts}/{MULTIPLIER:g}"
        numbers = [
            f"{contracts}*hedge_units",
            f"INDEX(ladder_rung_strike,{n})",
            years,
            f"INDEX(ladder_rung_future,{n})",
            f"INDEX(ladder_rung_vol,{n})",
            "ladder_rate",
        ]
        bid, ask = f"INDEX(ladder_bids,{n})", f"INDEX(ladder_asks,{n})"
        group, underlying, right = '"ladder"', f'"{VIX}"', '"C"'
    flag = f"{column(len(_BLOCK))}{line}"
    sheet.formula(flag, "=" + "*".join(f"ISNUMBER({text})" for text in numbers), "integer", "label")
    sides = [f'IF(ISNUMBER({text}),{text},"")' for text in (bid, ask)]
    texts = [group, root, expiry, price, underlying, numbers[0], right, *numbers[1:], price, *sides]
    for j, (text, fmt) in enumerate(zip(texts, _BLOCK_FORMATS, strict=True)):
        sheet.formula(f"{column(j)}{line}", f'=IF({flag}=1,{text},"")', fmt, "cell")
