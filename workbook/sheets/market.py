"""Market: the snapshot as plain values, what the trader puts in their place, and the two curves.

A refresh rewrites the values and nothing else; the cells in yellow stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook import styles
from workbook.book import Book, Sheet, column
from workbook.charts import dress
from xlalvh.formulas import cells
from xlalvh.market.tables import ExpiryRow, MarketTables, QuoteRow
from xlalvh.numerics.smile import ROW

SPX_ROWS, VIX_ROWS, FUTURES_ROWS = 100, 24, 14
SPX_QUOTES, VIX_QUOTES = 8000, 1500
WARNINGS = 8
_CHARTS, _SPX = 20, 44  # first rows
_VIX = _SPX + SPX_ROWS + 4
_FUTURES = _VIX + VIX_ROWS + 4
_SMILE = 12  # column M
_SPX_QUOTE, _VIX_QUOTE = 28, 36  # columns AC and AK

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
_QUOTE_HEADER = ["key", "expiry", "strike (points)", "call bid", "call ask", "put bid", "put ask"]


_KEY = 100_000  # expiry x this + strike tells one quote; above any strike

FAR = 100_000  # days; further than any expiry


def quote(column: str, prefix: str, expiry: str, strike: str) -> str:
    """Text that finds a quote on this sheet, or "none": `column` such as call_bid, `prefix` spxq or vixq."""
    found = f"INDEX({prefix}_{column},MATCH({expiry}*{_KEY}+{strike},{prefix}_key,0))"
    return f'=IFERROR(IF({found}>0,{found},"none"),"none")'


class TooLargeError(ValueError):
    """A table that does not fit its place on the sheet; the message says which and what to do."""


def write(book: Book, tables: MarketTables) -> None:
    """Write the sheet and define the names that the other sheets read the market by."""
    sheet = book.sheet("Market", "#56B4E9")
    sheet.widths(A=28, B=22, C=9, D=9, E=9, F=12, G=24, H=12, I=11, J=10, K=46, L=3, M_Z=11, AC_AR=12)
    sheet.heading(
        "Market", "Quotes as they came, by expiry. Yellow cells replace a quote for a what-if; blank uses it."
    )
    _snapshot(sheet, tables)
    sheet.put(f"A{_SPX - 2}", "SPX expiries", role="section")
    _expiries(sheet, "spx", tables.spx, _SPX, SPX_ROWS)
    sheet.put(f"A{_VIX - 2}", "VIX expiries", role="section")
    _expiries(sheet, "vix", tables.vix, _VIX, VIX_ROWS)
    _futures(sheet, tables)
    sheet.put(f"AC{_SPX - 2}", "SPX quotes around the condor's expiry (points)", role="section")
    _quotes(sheet, "spxq", tables.spx_quotes, _SPX_QUOTE, SPX_QUOTES)
    sheet.put(f"AK{_SPX - 2}", "VIX quotes of the monthlies (points)", role="section")
    _quotes(sheet, "vixq", tables.vix_quotes, _VIX_QUOTE, VIX_QUOTES)
    _charts(book, sheet, tables)
    sheet.worksheet.freeze_panes(3, 0)
    sheet.page(f"K{_FUTURES + FUTURES_ROWS - 1}", tall=2)


def banner(tables: MarketTables) -> str:
    """One line that says what the numbers are."""
    if tables.sample:
        return "SAMPLE, not market data: every number here comes from a model. Give your quotes to see the market."
    line = f"Quotes of {tables.spx_time:%Y-%m-%d %H:%M} New York, {tables.spx_source}"
    if tables.vix_time is not None and tables.vix_time != tables.spx_time:
        line += f"; VIX of {tables.vix_time:%Y-%m-%d %H:%M}, {tables.vix_source}"
    return line


def _snapshot(sheet: Sheet, tables: MarketTables) -> None:
    sheet.put("A5", "Snapshot", role="section")
    sheet.put("D5", "Warnings", role="section")
    values: list[tuple[str, Any, str, str]] = [
        ("SPX source", tables.spx_source, "text", "market_spx_source"),
        ("SPX market time (New York)", tables.spx_time, "moment", "market_spx_time"),
        ("SPX level (points)", tables.spx_spot, "points", "spx_spot"),
        ("your SPX level (points)", None, "points", "spx_level_yours"),
        ("SPX level used (points)", "=IF(SUM(spx_level_yours)>0,spx_level_yours,spx_spot)", "points", "spx_level"),
        ("VIX source", tables.vix_source or tables.vix_missing, "text", "market_vix_source"),
        ("VIX market time (New York)", tables.vix_time, "moment", "market_vix_time"),
        ("spot VIX (points)", tables.vix_spot, "points", "vix_spot"),
        ("your spot VIX (points)", None, "points", "vix_level_yours"),
        (
            "spot VIX used (points)",
            "=IF(SUM(vix_level_yours)>0,vix_level_yours,IF(ISNUMBER(vix_spot),vix_spot,NA()))",
            "points",
            "vix_level",
        ),
        ("SPX quotes", _say(tables.spx_quality), "text", "market_spx_quality"),
        ("VIX quotes", _say(tables.vix_quality), "text", "market_vix_quality"),
        ("banner", banner(tables), "text", "market_banner"),
    ]
    for i, (label, value, fmt, name) in enumerate(values):
        line = 6 + i
        sheet.put(f"A{line}", label, role="label")
        if name.endswith("_yours"):
            sheet.input(f"B{line}", value, name, fmt, "positive")
        elif isinstance(value, str) and value.startswith("="):
            sheet.formula(f"B{line}", value, fmt, name=name)
        else:
            sheet.put(f"B{line}", value, fmt)
            sheet.book.name(name, sheet.name, f"B{line}")
    lines = list(tables.warnings)
    if len(lines) > WARNINGS:
        lines = [*lines[: WARNINGS - 1], f"and {len(lines) - WARNINGS + 1} more, see the command's output"]
    for i in range(WARNINGS):
        sheet.put(f"D{6 + i}", lines[i] if i < len(lines) else None)
        sheet.book.name(f"market_warning_{i + 1}", sheet.name, f"D{6 + i}")


def _say(quality: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {label}" for label, count in quality.items()) or "none"


def _expiries(sheet: Sheet, prefix: str, rows: Sequence[ExpiryRow], top: int, size: int) -> None:
    _must_fit(rows, size, f"{prefix} expiries")
    sheet.row(f"A{top - 1}", _EXPIRY_HEADER, role="header")
    sheet.worksheet.set_row(top - 2, 30)
    sheet.row(f"{column(_SMILE)}{top - 1}", list(ROW), role="header")
    sheet.put(f"{column(_SMILE)}{top - 2}", "smile as ALVH_SMILE_FIT gives it", role="label")
    formats = ["text", "date", "integer", "days", "years", "points", "text", "decimal4", "percent", "integer", "text"]
    for i, row in enumerate(rows):
        values = [
            row.root,
            row.expiry,
            row.monthly,
            row.days,
            row.years,
            row.forward,
            row.forward_source,
            row.rate,
            row.atm_vol,
            row.quotes,
            row.status,
        ]
        for j, (value, fmt) in enumerate(zip(values, formats, strict=True)):
            if value is not None:
                sheet.put(f"{column(j)}{top + i}", value, fmt, "cell")
        for j, number in enumerate(row.smile):
            sheet.put(f"{column(_SMILE + j)}{top + i}", number, "decimal6", "cell")
    last = top + size - 1
    names = ("root", "expiry", "monthly", "days", "years", "forward", "source", "rate", "atm_vol", "used", "status")
    for j, name in enumerate(names):
        sheet.book.name(f"{prefix}_{name}", sheet.name, f"{column(j)}{top}:{column(j)}{last}")
    end = column(_SMILE + len(ROW) - 1)
    sheet.book.name(f"{prefix}_smile", sheet.name, f"{column(_SMILE)}{top}:{end}{last}")


def _futures(sheet: Sheet, tables: MarketTables) -> None:
    _must_fit(tables.futures, FUTURES_ROWS, "VIX futures")
    top = _FUTURES
    sheet.put(f"A{top - 2}", "VIX futures curve", role="section")
    header = ["", "expiry", "", "days", "", "price (points)", "price from", "your price (points)", "used (points)"]
    sheet.row(f"A{top - 1}", header, role="header")
    for i in range(FUTURES_ROWS):
        line = top + i
        if i < len(tables.futures):
            future = tables.futures[i]
            sheet.put(f"B{line}", future.expiry, "date", "cell")
            sheet.put(f"D{line}", future.days, "days", "cell")
            sheet.put(f"F{line}", future.price, "points", "cell")
            sheet.put(f"G{line}", future.source, "text", "cell")
        sheet.input(f"H{line}", None, "", "points", "positive")
        sheet.formula(f"I{line}", f'=IF(SUM(H{line})>0,H{line},IF(ISNUMBER(F{line}),F{line},""))', "points", "cell")
    last = top + FUTURES_ROWS - 1
    columns = {"expiry": "B", "days": "D", "quoted": "F", "source": "G", "yours": "H", "price": "I"}
    for name, letter in columns.items():
        sheet.book.name(f"fut_{name}", sheet.name, f"{letter}{top}:{letter}{last}")


def _quotes(sheet: Sheet, prefix: str, rows: Sequence[QuoteRow], left: int, size: int) -> None:
    _must_fit(rows, size, f"{prefix} quotes")
    top = _SPX
    letters = [column(left + j) for j in range(len(_QUOTE_HEADER))]
    sheet.row(f"{letters[0]}{top - 1}", list(_QUOTE_HEADER), role="header")
    for i, row in enumerate(rows):
        sheet.put(f"{letters[0]}{top + i}", cells.serial(row.expiry) * _KEY + row.strike)
        sheet.put(f"{letters[1]}{top + i}", row.expiry, "date")
        for letter, value in zip(letters[2:], row[1:], strict=True):
            if value is not None:
                sheet.put(f"{letter}{top + i}", value, "points")
    last = top + size - 1
    names = ("key", "expiry", "strike", "call_bid", "call_ask", "put_bid", "put_ask")
    for letter, name in zip(letters, names, strict=True):
        sheet.book.name(f"{prefix}_{name}", sheet.name, f"{letter}{top}:{letter}{last}")


def _must_fit(rows: Sequence[Any], size: int, what: str) -> None:
    if len(rows) > size:
        raise TooLargeError(f"{len(rows)} {what} do not fit the {size} rows of the Market sheet; give a smaller file")


def _charts(book: Book, sheet: Sheet, tables: MarketTables) -> None:
    place = {"x_scale": 1.15, "y_scale": 1.45}
    curve = _by_days(book, _FUTURES, len(tables.futures), "VIX future", styles.BLUE, "circle")
    dress(curve, "VIX futures curve", "days to settlement", "VIX points")
    sheet.worksheet.insert_chart(f"A{_CHARTS}", curve, place)
    term = _by_days(book, _SPX, len(tables.spx), "ATM volatility", styles.VERMILION, "diamond")
    dress(term, "SPX at-the-money volatility by expiry", "days to settlement", "volatility", "0%")
    sheet.worksheet.insert_chart(f"F{_CHARTS}", term, place)


def _by_days(book: Book, top: int, count: int, name: str, colour: str, marker: str) -> Any:
    """A chart of column I against the days of column D."""
    chart = book.file.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    last = top + max(count, 1) - 2
    chart.add_series(
        {
            "name": name,
            "categories": ["Market", top - 1, 3, last, 3],
            "values": ["Market", top - 1, 8, last, 8],
            "line": {"color": colour, "width": 2},
            "marker": {"type": marker, "size": 6, "fill": {"color": colour}},
        }
    )
    return chart
