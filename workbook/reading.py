"""The market of a book: the tables that its Market sheet was written from, read back from the sheet by names.

The sheet keeps what the formulas need; of the warnings it keeps those that fit.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import count, takewhile
from typing import Any

from workbook.contents import Contents
from xlalvh.hosts.block import COMPLETE
from xlalvh.market.calendar import from_new_york
from xlalvh.market.histories import DayRow
from xlalvh.market.tables import ExpiryRow, FutureRow, MarketTables, Number, QuoteRow

_COUNT = re.compile(r"([\d,]+) (\D[^,]*)")


class NoMarketError(ValueError):
    """A book whose market cannot be read back; the message says what is missing."""


def market(book: Contents) -> MarketTables:
    """The tables on a book's Market sheet, whatever version of the template it has.

    Raises
    ------
    NoMarketError
    """
    spx_time, spx_spot = _moment(_one(book, "market_spx_time")), _number(_one(book, "spx_spot"))
    if spx_time is None or spx_spot is None:
        raise NoMarketError(f"{book.path} has no SPX time or level on its Market sheet; refresh its quotes first")
    vix_time, source = _moment(_one(book, "market_vix_time")), _text(_one(book, "market_vix_source"))
    numbered = takewhile(book.names.__contains__, (f"market_warning_{i}" for i in count(1)))
    warnings = [_text(_one(book, name)) for name in numbered]
    history = _text(_one(book, "market_history"))
    return MarketTables(
        sample=_text(_one(book, "market_banner")).startswith("SAMPLE"),
        spx_source=_text(_one(book, "market_spx_source")),
        spx_time=spx_time,
        spx_time_utc=from_new_york(spx_time),
        spx_spot=spx_spot,
        vix_source=source if vix_time is not None else None,
        vix_time=vix_time,
        vix_spot=_number(_one(book, "vix_spot")),
        vix_missing="" if vix_time is not None else source,
        spx_quality=_quality(_text(_one(book, "market_spx_quality"))),
        vix_quality=_quality(_text(_one(book, "market_vix_quality"))),
        warnings=tuple(line for line in warnings if line),
        spx=tuple(_expiries(book, "spx")),
        vix=tuple(_expiries(book, "vix")),
        futures=tuple(_futures(book)),
        spx_quotes=tuple(_quotes(book, "spxq")),
        vix_quotes=tuple(_quotes(book, "vixq")),
        days=tuple(_days(book)),
        days_missing="" if history == COMPLETE else history or "this book had none: refresh its quotes",
    )


def _days(book: Contents) -> list[DayRow]:
    """The sessions; none in books before there was a history."""
    return [
        DayRow(_given(_day(day)), *(_number(level) for level in levels))
        for day, *levels in book.rows("hist_table")
        if _day(day) is not None
    ]


def _expiries(book: Contents, prefix: str) -> list[ExpiryRow]:
    names = ("root", "expiry", "monthly", "days", "years", "forward", "source", "rate", "atm_vol", "used", "status")
    found = []
    for i, (root, expiry, monthly, days, years, forward, source, rate, vol, used, status) in enumerate(
        zip(*(_column(book, f"{prefix}_{name}") for name in names), strict=True)
    ):
        if _day(expiry) is not None:
            smile = book.rows(f"{prefix}_smile")[i]
            found.append(
                ExpiryRow(
                    root=_text(root),
                    expiry=_given(_day(expiry)),
                    monthly=None if monthly is None else int(monthly),
                    days=float(days),
                    years=float(years),
                    forward=_number(forward),
                    forward_source=_text(source),
                    rate=_number(rate),
                    atm_vol=_number(vol),
                    smile=() if smile[0] is None else tuple(x if isinstance(x, bool) else float(x) for x in smile),
                    quotes=int(used),
                    status=_text(status),
                )
            )
    return found


def _futures(book: Contents) -> list[FutureRow]:
    source = _column(book, "fut_source") or _beside(book, "fut_quoted")
    columns = (_column(book, f"fut_{name}") for name in ("expiry", "days", "quoted"))
    return [
        FutureRow(_given(_day(expiry)), float(days), float(price), _text(text))
        for expiry, days, price, text in zip(*columns, source, strict=True)
        if _day(expiry) is not None and _number(price) is not None
    ]


def _beside(book: Contents, name: str) -> list[Any]:
    """The column to the right of a name's: the first template gave the source of a future's price no name."""
    area = book.names[name]
    return [book.cell(area.sheet, row, area.right + 1).value for row in range(area.top, area.bottom + 1)]


def _quotes(book: Contents, prefix: str) -> list[QuoteRow]:
    names = ("expiry", "strike", "call_bid", "call_ask", "put_bid", "put_ask")
    return [
        QuoteRow(_given(_day(expiry)), float(strike), *(_number(price) for price in prices))
        for expiry, strike, *prices in zip(*(_column(book, f"{prefix}_{name}") for name in names), strict=True)
        if _day(expiry) is not None
    ]


def _column(book: Contents, name: str) -> list[Any]:
    return [row[0] for row in book.rows(name)]


def _one(book: Contents, name: str) -> Any:
    rows = book.rows(name)
    return rows[0][0] if rows else None


def _number(value: Any) -> Number:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _moment(value: Any) -> dt.datetime | None:
    if not isinstance(value, dt.datetime):
        return None
    return (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)  # serials are not exact


def _day(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else None


def _given(day: dt.date | None) -> dt.date:
    assert day is not None
    return day


def _quality(text: str) -> dict[str, int]:
    return {label.strip(): int(count.replace(",", "")) for count, label in _COUNT.findall(text)}
