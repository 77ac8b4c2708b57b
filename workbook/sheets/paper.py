"""Paper: what would be booked now, and what the ledger of paper trades holds: positions, profit by day, trades."""

from __future__ import annotations

from workbook import styles
from workbook.book import Book, Sheet
from workbook.charts import dress
from workbook.sheets.condor import LEGS
from workbook.sheets.ladder import MAX_RUNGS
from xlalvh.hosts.paper import ABOUT, ORDER
from xlalvh.market.tables import MarketTables

_ORDER = 26  # first leg
_POSITIONS = 44  # header
_HELD, _DAYS, _TRADES = 45, 60, 45  # rows below the headers
_PNL = _POSITIONS + _HELD + 4
_TRADED = _PNL + _DAYS + 4
_SIDE = "INDEX({name},{i})"

_START = (
    "To start: Book to paper (tab or menu ALVH), or type xlalvh paper book. The legs below are sold at the bid and "
    "bought at the ask; nothing is ever sent to a broker.",
    "Each day: refresh the quotes, then Mark (tab or menu ALVH), or xlalvh paper mark. Close, leg out, add a VIX "
    "spread, roll and export: xlalvh paper --help.",
    "At expiry: xlalvh paper expire. SPXW takes the stored close of SPX; VIX and a.m. SPX need the value that the "
    "exchange published, as VIX:2026-02-18=19.35.",
)


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define `paper_…`."""
    sheet = book.sheet("Paper", "#CC79A7")
    sheet.widths(A=36, B=17, C=16, D=12, E=12, F=22, G=13, H_L=14)
    sheet.heading("Paper", "Trades that were never made, at real quotes, in a ledger that balances to the cent.")
    for i, line in enumerate(_START):
        sheet.put(f"A{4 + i}", line, role="subtitle")
    _account(sheet)
    _balance(sheet)
    _order(sheet)
    _ledger(sheet)
    _chart(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"L{_TRADED + _TRADES}", tall=0)
    sheet.worksheet.set_h_pagebreaks([_POSITIONS - 2, _PNL - 2, _TRADED - 2])


def _account(sheet: Sheet) -> None:
    sheet.put("A8", "Ledger", role="section")
    sheet.put("A9", "ledger to show (blank: that of these quotes)", role="label")
    sheet.input("B9", None, "paper_account_yours", "text", ["market", "replay", "sample"])
    sheet.put("A10", "shown", role="label")
    sheet.formula(
        "B10",
        '=IF(LEN(paper_account_yours)>0,paper_account_yours,IF(LEFT(market_banner,6)="SAMPLE","sample","market"))',
        "text",
        name="paper_account",
    )
    shown = {
        "market": "quotes of the time of booking",
        "replay": "old quotes, booked at their own time",
        "sample": "SAMPLE: a model's numbers, not market data",
    }
    words = "".join(f'IF(paper_account="{name}","{said}",' for name, said in shown.items())
    sheet.formula("A11", f'={words}"choose market, replay or sample"' + ")" * len(shown), role="alert")


def _balance(sheet: Sheet) -> None:
    sheet.array("A12:B22", '=ALVH_PAPER("balance",paper_account,1,refresh_count)', ["text", "points"], "cell")
    sheet.book.name("paper_balance", sheet.name, "A12:B22")
    sheet.book.name("paper_profit", sheet.name, "B19")
    sheet.array(
        "C12", '=IF(ISERROR(B13),"The ledger cannot be read: "&ALVH_EXPLAIN(B13),"")', role="alert", name="paper_fault"
    )


def _order(sheet: Sheet) -> None:
    top, count = _ORDER, len(LEGS) + MAX_RUNGS
    sheet.put(f"A{top - 2}", "What Book to paper would book now", role="section")
    header = [
        "strategy",
        "root",
        "expiry",
        "right",
        "strike (points)",
        "contracts (+ long)",
        "bid (points)",
        "ask (points)",
    ]
    sheet.row(f"A{top - 1}", [*header, "trades at (points)", "cash (dollars)"], role="header")
    sheet.worksheet.set_row(top - 2, 30)
    for i in range(count):
        line = top + i
        on = f"LEN($A{line})>0"
        if i < len(LEGS):
            of_condor = {
                "B": "INDEX(spx_root,condor_row)",
                "C": "condor_expiry",
                "D": _SIDE.format(name="condor_rights", i=i + 1),
                "E": _SIDE.format(name="condor_strikes", i=i + 1),
                "F": _SIDE.format(name="condor_quantities", i=i + 1),
                "G": _SIDE.format(name="condor_bids", i=i + 1),
                "H": _SIDE.format(name="condor_asks", i=i + 1),
            }
            there, cells = f"ISNUMBER({of_condor['E']})", of_condor
            strategy = f'=IF({there}*(paper_what<>"ladder"),"condor","")'
        else:
            rung = i - len(LEGS) + 1
            of_ladder = {
                "B": '"VIX"',
                "C": f"INDEX(ladder_expiries,MATCH(INDEX(ladder_rung_years,{rung}),ladder_years,0))",
                "D": '"C"',
                "E": _SIDE.format(name="ladder_rung_strike", i=rung),
                "F": f"ROUND(INDEX(ladder_rung_contracts,{rung})*hedge_units,6)",
                "G": _SIDE.format(name="ladder_bids", i=rung),
                "H": _SIDE.format(name="ladder_asks", i=rung),
            }
            there, cells = f"ISNUMBER({of_ladder['E']})*ISNUMBER(hedge_units)", of_ladder
            strategy = f'=IF({there}*(paper_what<>"condor"),"ladder","")'
        sheet.formula(f"A{line}", strategy, "text", "cell")
        formats = {"C": "date", "E": "strike", "F": "signed", "G": "points", "H": "points"}
        for letter, text in cells.items():
            sheet.formula(f"{letter}{line}", f'=IF({on},{text},"")', formats.get(letter, "text"), "cell")
        side = f"IF(F{line}>0,H{line},G{line})"
        sheet.formula(f"I{line}", f'=IF({on},{side},"")', "points", "cell")
        sheet.formula(f"J{line}", f'=IF({on}*ISNUMBER(I{line}),-F{line}*100*I{line},"")', "dollars", "cell")
    last = top + count - 1
    sheet.book.name(ORDER, sheet.name, f"A{top}:H{last}")
    sheet.put("E8", "What Book to paper takes with it", role="section")
    about = (
        ("SPX quotes of (New York)", '=IF(ISNUMBER(market_spx_time),market_spx_time,"")', "moment"),
        ("VIX quotes of (New York)", '=IF(ISNUMBER(market_vix_time),market_vix_time,"")', "moment"),
        ("source", '=market_spx_source&IF(ISNUMBER(vix_spot),IF(market_vix_source<>market_spx_source,"; VIX "&'
         'market_vix_source,""),"")', "text"),
        ("the sample's (1) or real quotes (0)", '=IF(LEFT(market_banner,6)="SAMPLE",1,0)', "integer"),
        ("costs a contract (dollars)", "=rule_cost_contract", "points"),
        ("oldest (minutes)", "=rule_paper_stale_minutes", "integer"),
        ("furthest apart (minutes)", "=rule_paper_apart_minutes", "integer"),
        (
            "why nothing can be booked",
            '=IF(paper_what<>"ladder",condor_reason,"")&IF(paper_what<>"condor",IF(ladder_reason="","",". "'
            '&ladder_reason)&IF(hedge_reason="","",". "&hedge_reason),"")',
            "text",
        ),
    )  # fmt: skip
    sheet.put("E9", "book", role="label")
    sheet.input("G9", "both", "paper_what", "text", ["both", "condor", "ladder"])
    for i, (label, text, fmt) in enumerate(about):
        sheet.put(f"E{10 + i}", label, role="label")
        sheet.formula(f"G{10 + i}", text, fmt)
    sheet.book.name(ABOUT, sheet.name, f"G10:G{9 + len(about)}")
    cash = f'IF(COUNT(J{top}:J{last})>0,SUM(J{top}:J{last}),"")'
    sheet.put("E19", "cash of the booking, before costs (dollars)", role="label")
    sheet.formula("H19", f"={cash}", "dollars", "total", name="paper_order_cash")


def _ledger(sheet: Sheet) -> None:
    call = '=ALVH_PAPER("{table}",paper_account,{rows},refresh_count)'
    for title, table, top, rows, end, formats in (
        (
            "Open positions (entry and mark in points a unit; value and profit in dollars, before costs)",
            "positions",
            _POSITIONS,
            _HELD,
            "L",
            ("text", "text", "text", "text", "text", "strike", "signed", "points", "points", "text", *["cents"] * 2),
        ),
        (
            "Profit by day of the quotes (dollars; profit is cash and marks, costs included)",
            "pnl",
            _PNL,
            _DAYS,
            "F",
            ("text", *["cents"] * 5),
        ),
        (
            "Trades, the last first (contracts + bought, - sold; price in points, costs in dollars)",
            "trades",
            _TRADED,
            _TRADES,
            "K",
            ("text", "text", "text", *["text"] * 3, "signed", "points", "text", "cents", "text"),
        ),
    ):
        sheet.put(f"A{top - 1}", title, role="section")
        sheet.worksheet.set_row(top - 1, 30)
        sheet.array(
            f"A{top}:{end}{top + rows}",
            call.format(table=table, rows=rows),
            list(formats),
            "value",
            name=f"paper_{table}",
            header=True,
        )


def _chart(book: Book, sheet: Sheet) -> None:
    """Profit by day; behind the last day its point is repeated, for a chart draws an empty text as 0."""
    top, last = _PNL + 1, _PNL + _DAYS
    sheet.row(f"N{_PNL}", ["chart: day", "chart: profit"], role="header")
    for line in range(top, last + 1):
        before = ("INT(market_spx_time)", "0") if line == top else (f"N{line - 1}", f"O{line - 1}")
        there = f"ISNUMBER(E{line})"
        day = f"DATE(VALUE(LEFT(A{line},4)),VALUE(MID(A{line},6,2)),VALUE(RIGHT(A{line},2)))"
        sheet.formula(f"N{line}", f"=IF({there},{day},{before[0]})", "date", "label")
        sheet.formula(f"O{line}", f"=IF({there},E{line},{before[1]})", "cents", "label")
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    chart.add_series(
        {
            "name": "profit to date",
            "categories": ["Paper", top - 1, 13, last - 1, 13],
            "values": ["Paper", top - 1, 14, last - 1, 14],
            "line": {"color": styles.BLUE, "width": 2.25},
            "marker": {"type": "circle", "size": 5, "fill": {"color": styles.BLUE}},
        }
    )
    dress(chart, "Paper trading: profit to date", "day of the quotes", "dollars")
    chart.set_x_axis({"name": "day of the quotes", "num_format": "d mmm yy", "label_position": "low"})
    sheet.worksheet.insert_chart(f"H{_PNL}", chart, {"x_scale": 1.05, "y_scale": 1.3})
