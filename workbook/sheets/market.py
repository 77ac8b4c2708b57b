"""Market: the snapshot as plain values, what the trader puts in their place, and the two curves.

The areas of `xlalvh.hosts.block` are all that a refresh writes; they are formatted to their whole size, and the charts
draw it. The cells in yellow stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from xlalvh.hosts.block import COUNT, FUTURES_ROWS, KEY, SPX_ROWS, VIX_ROWS, Area, block
from xlalvh.market.histories import DayRow
from xlalvh.market.tables import MarketTables
from xlalvh.numerics.smile import ROW

_CHARTS, _FUTURES = 25, 49  # first rows; what grows most stands last
_VIX = _FUTURES + FUTURES_ROWS + 4
_SPX = _VIX + VIX_ROWS + 4
_QUOTES = _FUTURES
_SMILE = 12  # column M
_SPX_QUOTE, _VIX_QUOTE, _HISTORY = 28, 36, 44  # columns AC, AK and AS

_EXPIRY_HEADER = [
    "root",
    "expiry",
    "monthly number",
    "days",
    "years",
    "forward (points)",
    "forward from",
    "rate (decimal a year)",
    "ATM vol (decimal)",
    "options in fit",
    "status",
]
_EXPIRY_NAMES = ("root", "expiry", "monthly", "days", "years", "forward", "source", "rate", "atm_vol", "used", "status")
_EXPIRY_FORMATS = (
    *("text", "date", "integer", "days", "years", "points", "text", "decimal4", "percent", "integer", "text"),
)
_QUOTE_HEADER = ["key", "expiry", "strike (points)", "call bid", "call ask", "put bid", "put ask"]
_QUOTE_NAMES = ("key", "expiry", "strike", "call_bid", "call_ask", "put_bid", "put_ask")
_QUOTE_FORMATS = ("general", "date", *("points",) * 5)
_DAY_HEADER = [
    "session",
    "SPX (points)",
    "VIX (points)",
    "VIX future, 30 days (points)",
    "VIX future, 60 days (points)",
]
_DAY_NAMES = DayRow._fields
_DAY_FORMATS = ("date", *("points",) * 4)

FAR = 100_000  # days; further than any expiry


def quote(column: str, prefix: str, expiry: str, strike: str) -> str:
    """Text that finds a quote on this sheet, or "none": `column` such as call_bid, `prefix` spxq or vixq."""
    found = f"INDEX({prefix}_{column},MATCH({expiry}*{KEY}+{strike},{prefix}_key,0))"
    return f'=IFERROR(IF({found}>0,{found},"none"),"none")'


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define the names that the other sheets read the market by.

    Raises
    ------
    TooLargeError
        For tables that do not fit.
    """
    areas = block(tables)
    sheet = book.sheet("Market", "#56B4E9")
    sheet.widths(A=28, B=22, C=9, D=9, E=9, F=12, G=24, H=12, I=11, J=10, K=46, L=3, M_Z=11)
    sheet.heading(
        "Market", "Quotes as they came, by expiry. Yellow cells replace a quote for a what-if; blank uses it."
    )
    _snapshot(sheet, areas)
    _futures(sheet, areas)
    sheet.put(f"A{_VIX - 2}", "VIX expiries", role="section")
    _expiries(sheet, "vix", areas, _VIX)
    sheet.put(f"A{_SPX - 2}", "SPX expiries", role="section")
    _expiries(sheet, "spx", areas, _SPX)
    sheet.put(f"AC{_QUOTES - 2}", "SPX quotes around the condor's expiry (points)", role="section")
    _quotes(sheet, "spxq", areas, _SPX_QUOTE)
    sheet.put(f"AK{_QUOTES - 2}", "VIX quotes of the monthlies (points)", role="section")
    _quotes(sheet, "vixq", areas, _VIX_QUOTE)
    history = f"{column(_HISTORY)}{_QUOTES}"
    sheet.put(f"{column(_HISTORY)}{_QUOTES - 2}", "Closes by session; the last line is the quotes' own", role="section")
    sheet.row(f"{column(_HISTORY)}{_QUOTES - 1}", _DAY_HEADER, role="header")
    sheet.area("hist_table", history, areas["hist_table"], _DAY_FORMATS)
    _name_columns(sheet, "hist", _DAY_NAMES, history, len(areas["hist_table"]))
    sheet.worksheet.set_column(_HISTORY, _HISTORY + len(_DAY_NAMES) - 1, 15)
    _charts(book, sheet)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"K{_SPX + SPX_ROWS - 1}", tall=0)
    sheet.worksheet.set_h_pagebreaks([_FUTURES - 3, _SPX - 3])


def _snapshot(sheet: Sheet, areas: dict[str, Area]) -> None:
    sheet.put("A5", "Snapshot", role="section")
    sheet.put("D5", "Warnings", role="section")
    lines: list[tuple[str, str, str, str]] = [  # label, name, format, formula
        ("SPX source", "market_spx_source", "text", ""),
        ("SPX market time (New York)", "market_spx_time", "moment", ""),
        ("SPX level (points)", "spx_spot", "points", ""),
        ("your SPX level (points)", "spx_level_yours", "points", ""),
        ("SPX level used (points)", "spx_level", "points", "=IF(SUM(spx_level_yours)>0,spx_level_yours,spx_spot)"),
        ("VIX source", "market_vix_source", "text", ""),
        ("VIX market time (New York)", "market_vix_time", "moment", ""),
        ("spot VIX (points)", "vix_spot", "points", ""),
        ("your spot VIX (points)", "vix_level_yours", "points", ""),
        (
            "spot VIX used (points)",
            "vix_level",
            "points",
            "=IF(SUM(vix_level_yours)>0,vix_level_yours,IF(ISNUMBER(vix_spot),vix_spot,NA()))",
        ),
        ("SPX quotes", "market_spx_quality", "text", ""),
        ("VIX quotes", "market_vix_quality", "text", ""),
        ("quotes are", "market_banner", "text", ""),
        ("history by session", "market_history", "text", ""),
        ("refreshes so far", COUNT, "integer", ""),
        ("failed refresh (New York)", "refresh_tried", "moment", ""),
        ("why it failed", "refresh_status", "text", ""),
        ("banner", "refresh_banner", "text", _BANNER),
        ("auto-refresh every (seconds)", "refresh_seconds", "integer", ""),
    ]
    for i, (label, name, fmt, formula) in enumerate(lines):
        cell = f"B{6 + i}"
        sheet.put(f"A{6 + i}", label, role="label")
        if name.endswith("_yours"):
            sheet.input(cell, None, name, fmt, "positive")
        elif name == "refresh_seconds":
            sheet.input(cell, 60.0, name, fmt, "count")
        elif formula:
            sheet.formula(cell, formula, fmt, name=name)
        else:
            sheet.area(name, cell, areas.get(name, ((0.0,),)), (fmt,))
    sheet.area("market_warnings", "D6", areas["market_warnings"], ("general",))
    for i in range(len(areas["market_warnings"])):
        sheet.book.name(f"market_warning_{i + 1}", sheet.name, f"D{6 + i}")


_OLD = "(refresh_tried-market_spx_time)"  # days
_BANNER = (
    '=market_banner&IF(refresh_status="","","; "&refresh_status'
    '&IF(AND(ISNUMBER(refresh_tried),ISNUMBER(market_spx_time),LEFT(market_banner,6)<>"SAMPLE"),"; the quotes were "'
    f'&IF({_OLD}<0.1,ROUND({_OLD}*1440,0)&" minutes",IF({_OLD}<2,ROUND({_OLD}*24,1)&" hours",ROUND({_OLD},1)&" days"))'
    '&" old then",""))'
)


def _expiries(sheet: Sheet, prefix: str, areas: dict[str, Area], top: int) -> None:
    sheet.row(f"A{top - 1}", _EXPIRY_HEADER, role="header")
    sheet.worksheet.set_row(top - 2, 30)
    sheet.row(f"{column(_SMILE)}{top - 1}", list(ROW), role="header")
    sheet.put(f"{column(_SMILE)}{top - 2}", "smile as ALVH_SMILE_FIT gives it", role="label")
    sheet.area(f"{prefix}_table", f"A{top}", areas[f"{prefix}_table"], _EXPIRY_FORMATS, ruled=True)
    sheet.area(f"{prefix}_smile", f"{column(_SMILE)}{top}", areas[f"{prefix}_smile"], ("decimal6",) * len(ROW))
    _name_columns(sheet, prefix, _EXPIRY_NAMES, f"A{top}", len(areas[f"{prefix}_table"]))


def _futures(sheet: Sheet, areas: dict[str, Area]) -> None:
    top, last = _FUTURES, _FUTURES + FUTURES_ROWS - 1
    sheet.put(f"A{top - 2}", "VIX futures curve", role="section")
    header = ["", "expiry", "", "days", "", "price (points)", "price from", "your price (points)", "used (points)"]
    sheet.row(f"A{top - 1}", header, role="header")
    sheet.area(
        "fut_table", f"B{top}", areas["fut_table"], ("date", "text", "days", "text", "points", "text"), ruled=True
    )
    sheet.row(f"M{top - 1}", ["chart: days", "chart: points"], role="header")
    for line in range(top, last + 1):
        sheet.input(f"H{line}", None, "", "points", "positive")
        sheet.formula(f"I{line}", f'=IF(SUM(H{line})>0,H{line},IF(ISNUMBER(F{line}),F{line},""))', "points")
        # A chart draws an empty text as 0: behind the last price its point is repeated.
        for letter, source, fmt in (("M", "D", "days"), ("N", "I", "points")):
            before = "NA()" if line == top else f"{letter}{line - 1}"
            sheet.formula(f"{letter}{line}", f"=IF(ISNUMBER(I{line}),{source}{line},{before})", fmt, "label")
    columns = {"expiry": "B", "days": "D", "quoted": "F", "source": "G", "yours": "H", "price": "I"}
    for name, letter in columns.items():
        sheet.book.name(f"fut_{name}", sheet.name, f"{letter}{top}:{letter}{last}")


def _quotes(sheet: Sheet, prefix: str, areas: dict[str, Area], left: int) -> None:
    name, first = f"{prefix}_table", f"{column(left)}{_QUOTES}"
    sheet.row(f"{column(left)}{_QUOTES - 1}", list(_QUOTE_HEADER), role="header")
    for i, fmt in enumerate(_QUOTE_FORMATS):  # of whole columns: most rows are empty
        sheet.worksheet.set_column(left + i, left + i, 12, sheet.book.style("value", fmt))
    sheet.area(name, first, areas[name], _QUOTE_FORMATS, blanks=False)
    _name_columns(sheet, prefix, _QUOTE_NAMES, first, len(areas[name]))


def _name_columns(sheet: Sheet, prefix: str, names: Sequence[str], first: str, rows: int) -> None:
    top, left = xl_cell_to_rowcol(first)
    for j, name in enumerate(names):
        letter = column(left + j)
        sheet.book.name(f"{prefix}_{name}", sheet.name, f"{letter}{top + 1}:{letter}{top + rows}")


def _charts(book: Book, sheet: Sheet) -> None:
    place = {"x_scale": 1.15, "y_scale": 1.45}
    curve = _by_days(book, ("M", "N"), _FUTURES, FUTURES_ROWS, "VIX future", styles.BLUE, "circle")
    dress(curve, "VIX futures curve", "days to settlement", "VIX points")
    sheet.worksheet.insert_chart(f"A{_CHARTS}", curve, place)
    term = _by_days(book, ("D", "I"), _SPX, SPX_ROWS, "ATM volatility", styles.VERMILION, "diamond")
    dress(term, "SPX at-the-money volatility by expiry", "days to settlement", "volatility", "0%")
    sheet.worksheet.insert_chart(f"F{_CHARTS}", term, place)


def _by_days(book: Book, letters: tuple[str, str], top: int, rows: int, name: str, colour: str, marker: str) -> Any:
    """A chart of the second column against the days in the first."""
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    x, y = (f"=Market!${letter}${top}:${letter}${top + rows - 1}" for letter in letters)
    chart.add_series(
        {
            "name": name,
            "categories": x,
            "values": y,
            "line": {"color": colour, "width": 2},
            "marker": {"type": marker, "size": 6, "fill": {"color": colour}},
        }
    )
    return chart
