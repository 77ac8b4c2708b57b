"""Yahoo's quotes through yfinance, an extra."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xlalvh.market import calendar, extra, quality
from xlalvh.market.plausible import check
from xlalvh.market.providers.osi import pair
from xlalvh.market.providers.provider import Nothing, NotOfferedError
from xlalvh.market.quotes import ChainSnapshot, IndexHistory, QuoteError

if TYPE_CHECKING:
    from xlalvh.market import settings

T = TypeVar("T")

SOURCE = "Yahoo"

_CHAINS = {"SPX": "^SPX", "VIX": "^VIX"}
_HISTORIES = {
    "SPX": "^GSPC", "VIX": "^VIX", "VIX9D": "^VIX9D", "VIX3M": "^VIX3M", "VIX6M": "^VIX6M", "VVIX": "^VVIX",
    "SKEW": "^SKEW",
}  # fmt: skip


class Yahoo(Nothing):
    """Quotes 15 minutes late, one request an expiry, and daily histories."""

    def __init__(self, limits: settings.Yahoo, http: settings.Http, now: dt.datetime) -> None:
        self._now = now
        self._days = limits.days
        self._total = http.total

    async def chain(self, underlying: str) -> ChainSnapshot:
        return await self._asked(
            lambda yf: read_chain(yf.Ticker(_CHAINS[underlying]), underlying, self._days, self._now)
        )

    async def history(self, symbol: str) -> IndexHistory:
        if symbol not in _HISTORIES:
            raise NotOfferedError(f"Yahoo has no history of {symbol}")
        return await self._asked(lambda yf: read_history(yf.Ticker(_HISTORIES[symbol]), symbol, self._now))

    async def reach(self) -> None:
        if not await self._asked(lambda yf: yf.Ticker(_CHAINS["VIX"]).options):
            raise QuoteError("Yahoo answers without VIX options")

    async def _asked(self, question: Callable[[Any], T]) -> T:
        """What yfinance answers; it waits in a thread of its own and raises what it likes."""
        try:
            import yfinance
        except ImportError:
            raise QuoteError(f"Yahoo needs a package: {extra.command('yfinance>=1.0')}") from None
        try:
            async with asyncio.timeout(self._total):
                return await asyncio.to_thread(question, yfinance)
        except QuoteError:
            raise
        except TimeoutError:
            raise QuoteError(f"Yahoo: no whole answer within {self._total:g} s") from None
        except Exception as error:
            raise QuoteError(f"Yahoo: {type(error).__name__}: {' '.join(str(error).split())[:120]}") from None


def read_chain(ticker: Any, underlying: str, days: int, now: dt.datetime) -> ChainSnapshot:
    """A chain out of a `yfinance.Ticker`, expiries up to `days` days ahead.

    Raises
    ------
    QuoteError
        Where it has no options, or they cannot be true.
    """
    last = calendar.to_new_york(now).date() + dt.timedelta(days=days)
    expiries = [day for day in ticker.options if dt.date.fromisoformat(day) <= last]
    symbols: list[str] = []
    bids: list[float] = []
    asks: list[float] = []
    spot, stamp = float("nan"), now
    for day in expiries:
        found = ticker.option_chain(day)
        for side in (found.calls, found.puts):
            if side is not None:
                symbols += side["contractSymbol"].astype(str).tolist()
                bids += side["bid"].astype(float).tolist()
                asks += side["ask"].astype(float).tolist()
        level = found.underlying or {}
        spot = float(level.get("regularMarketPrice", spot))
        stamp = min(stamp, _quoted(level, now))
    if not symbols:
        raise QuoteError(f"Yahoo has no {underlying} options that expire within {days} days")
    rows, notes = pair(symbols, np.array(bids), np.array(asks), underlying)
    if not len(rows.strike):
        raise QuoteError(f"Yahoo answers with options that are not of {underlying}")
    time = calendar.market_time(calendar.to_new_york(stamp))
    return check(ChainSnapshot(SOURCE, time, spot, quality.build(underlying, *rows), notes))


def _quoted(level: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """When quotes that are as old as the index's level would be fetched; `now` where Yahoo does not say its time."""
    seconds = level.get("regularMarketTime")
    return dt.datetime.fromtimestamp(seconds, dt.UTC) + calendar.DELAY if isinstance(seconds, int) else now


def read_history(ticker: Any, symbol: str, now: dt.datetime) -> IndexHistory:
    """Daily levels out of a `yfinance.Ticker`, up to the last session that has ended."""
    frame = ticker.history(period="max", auto_adjust=False)
    last = calendar.last_settled(now)
    dates = np.array([stamp.date() for stamp in frame.index], dtype="datetime64[D]")
    columns = (
        {name: frame[name].to_numpy(dtype=float) for name in ("Open", "High", "Low", "Close")} if len(frame) else {}
    )
    if not columns:
        raise QuoteError(f"Yahoo has no history of {symbol}")
    good = np.isfinite(columns["Close"]) & (columns["Close"] > 0.0) & (dates <= np.datetime64(last))
    _, first = np.unique(dates[good], return_index=True)
    kept = np.nonzero(good)[0][first]
    opens, highs, lows = (np.where(columns[n] > 0.0, columns[n], np.nan)[kept] for n in ("Open", "High", "Low"))
    return IndexHistory(symbol, dates[kept], columns["Close"][kept], opens, highs, lows)
