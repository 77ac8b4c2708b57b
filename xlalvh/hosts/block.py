"""The refreshed cells of the Market sheet: what each of its named areas holds.

The builder writes these areas first, and every refresh writes them again: these areas by their names, and nothing else.
The counter `COUNT` is raised by the host once they are written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from xlalvh.formulas import cells
from xlalvh.market.calendar import to_new_york
from xlalvh.market.histories import SESSIONS, DayRow
from xlalvh.market.tables import ExpiryRow, FutureRow, MarketTables, QuoteRow
from xlalvh.numerics.smile import ROW

Cell = float | str | bool | None
Area = tuple[tuple[Cell, ...], ...]

COUNT = "refresh_count"
COMPLETE = "closes and futures curve of every session"  # said where nothing of the history is missing
WARNINGS = 8
SPX_ROWS, VIX_ROWS, FUTURES_ROWS = 100, 24, 14
SPX_QUOTES, VIX_QUOTES = 8000, 1500
DAYS = SESSIONS
KEY = 100_000  # a quote's key is its expiry's serial x this + strike; above any strike

_EXPIRY_COLUMNS, _FUTURE_COLUMNS, _QUOTE_COLUMNS = 11, 6, 7
_DAY_COLUMNS = len(DayRow._fields)


class TooLargeError(ValueError):
    """A table that does not fit its place on the sheet; the message says which and what to do."""


def block(tables: MarketTables, *, date_1904: bool = False) -> dict[str, Area]:
    """The rows of every area by the name that a book defines for it.

    Parameters
    ----------
    tables : MarketTables
    date_1904 : bool
        Whether the book counts days from 1904.

    Returns
    -------
    dict
        Each area is filled to its size, with None for a cell that is to be empty; dates and times are serials, times
        those of New York. The texts came from a provider: a host writes them as texts, also where they begin with "=".

    Raises
    ------
    TooLargeError
    """

    def serial(when: dt.date | dt.datetime | None) -> Cell:
        return None if when is None else _serial(when, date_1904)

    def expiries(name: str, rows: Sequence[ExpiryRow], size: int) -> dict[str, Area]:
        table = ([r.root, serial(r.expiry), *r[2:9], r.quotes, r.status] for r in rows)
        return {
            f"{name}_table": _filled(table, size, _EXPIRY_COLUMNS, f"{name} expiries"),
            f"{name}_smile": _filled((r.smile for r in rows), size, len(ROW), f"{name} smiles"),
        }

    def future(row: FutureRow) -> list[Cell]:
        return [serial(row.expiry), None, row.days, None, row.price, row.source]

    def quote(row: QuoteRow) -> list[Cell]:
        day = _serial(row.expiry, date_1904)
        return [day * KEY + row.strike, day, *row[1:]]

    lines = list(tables.warnings)
    if len(lines) > WARNINGS:
        lines = [*lines[: WARNINGS - 1], f"and {len(lines) - WARNINGS + 1} more, see the command's output"]
    single: dict[str, Cell] = {
        "market_spx_source": tables.spx_source,
        "market_spx_time": serial(tables.spx_time),
        "spx_spot": tables.spx_spot,
        "market_vix_source": tables.vix_source or tables.vix_missing,
        "market_vix_time": serial(tables.vix_time),
        "vix_spot": tables.vix_spot,
        "market_spx_quality": _counts(tables.spx_quality),
        "market_vix_quality": _counts(tables.vix_quality),
        "market_banner": banner(tables),
        "market_history": tables.days_missing or COMPLETE,
        "refresh_status": None,
        "refresh_tried": None,
    }
    return {
        **{name: ((value,),) for name, value in single.items()},
        "market_warnings": _filled(([line] for line in lines), WARNINGS, 1, "warnings"),
        **expiries("spx", tables.spx, SPX_ROWS),
        **expiries("vix", tables.vix, VIX_ROWS),
        "fut_table": _filled(map(future, tables.futures), FUTURES_ROWS, _FUTURE_COLUMNS, "VIX futures"),
        "spxq_table": _filled(map(quote, tables.spx_quotes), SPX_QUOTES, _QUOTE_COLUMNS, "SPX quotes"),
        "vixq_table": _filled(map(quote, tables.vix_quotes), VIX_QUOTES, _QUOTE_COLUMNS, "VIX quotes"),
        "hist_table": _filled(([serial(r.day), *r[1:]] for r in tables.days), DAYS, _DAY_COLUMNS, "sessions"),
    }


def failure(reason: str, now: dt.datetime, *, date_1904: bool = False) -> dict[str, Area]:
    """The areas to write where a refresh failed at `now` (with a zone): why and when. The quotes stay as they are."""
    tried = to_new_york(now)
    line = f"last refresh failed {tried:%Y-%m-%d %H:%M} New York: {' '.join(reason.split())}"
    return {
        "refresh_status": ((line,),),
        "refresh_tried": ((_serial(tried, date_1904),),),
    }


def banner(tables: MarketTables) -> str:
    """One line that says what the numbers are."""
    if tables.sample:
        return "SAMPLE, not market data: a model made the quotes in this book. Give your quotes to see the market."
    line = f"Quotes of {tables.spx_time:%Y-%m-%d %H:%M} New York, {tables.spx_source}"
    if tables.vix_time is not None and tables.vix_time != tables.spx_time:
        line += f"; VIX of {tables.vix_time:%Y-%m-%d %H:%M}, {tables.vix_source}"
    return line


def _serial(when: dt.date | dt.datetime, date_1904: bool) -> float:
    days = cells.serial(when)
    return cells.shift_1904(days, into_1900=False) if date_1904 else days


def _counts(quality: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {label}" for label, count in quality.items()) or "none"


def _filled(rows: Iterable[Iterable[Any]], size: int, width: int, what: str) -> Area:
    found = [tuple(_plain(cell) for cell in row) for row in rows]
    if len(found) > size:
        raise TooLargeError(f"{len(found)} {what} do not fit the {size} rows of the Market sheet; give a smaller file")
    padded = [row + (None,) * (width - len(row)) for row in found]
    return (*padded, *((None,) * width for _ in range(size - len(found))))


def _plain(cell: Any) -> Cell:
    """A number as a float: nothing of NumPy leaves."""
    return cell if cell is None or isinstance(cell, (str, bool)) else float(cell)
