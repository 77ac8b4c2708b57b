"""Interactive Brokers' quotes of now through ib_async, an extra.

Trader Workstation or the Gateway must run with its API switched on, and the account must subscribe to the data.
The connection is read-only: nothing here can trade.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from xlalvh.market import calendar, extra, quality
from xlalvh.market.plausible import check
from xlalvh.market.providers.osi import ROOTS
from xlalvh.market.providers.provider import Nothing
from xlalvh.market.quotes import ChainSnapshot, Future, FuturesCurve, QuoteError

if TYPE_CHECKING:
    from ib_async import IB, Contract, Ticker

    from xlalvh.market import settings

SOURCE = "Interactive Brokers"

_PORTION = 80  # tickers at once; an account has 100 lines
_CONNECT = 10.0  # seconds
_VIX_MONTHS = 5
_VIX_STRIKES = (0.5, 6.0)  # of spot
_REMEDY = "start Trader Workstation or the Gateway, switch its API on, and check [ib] in the settings"


class Ib(Nothing):
    """Live chains and VX futures. A chain is asked for in portions, and only the part that a book needs."""

    def __init__(self, place: settings.Ib, now: dt.datetime) -> None:
        self._now = now
        self._place = place

    async def chain(self, underlying: str) -> ChainSnapshot:
        async with self._connected() as ib:
            (level,) = await ib.reqTickersAsync(_index(underlying))
            spot = level.marketPrice()
            if not (math.isfinite(spot) and spot > 0.0):
                raise QuoteError(f"{SOURCE}: no level of {underlying}; check the account's data subscriptions")
            contracts = await self._contracts(ib, underlying, spot)
            return chain_of(underlying, spot, await _tickers(ib, contracts))

    async def futures(self) -> FuturesCurve:
        async with self._connected() as ib:
            from ib_async import Future as Contract

            details = await ib.reqContractDetailsAsync(Contract("VIX", exchange="CFE"))
            contracts = [d.contract for d in details if d.contract is not None]
            return curve_of(await _tickers(ib, [c for c in contracts if c.tradingClass == "VX"]))

    async def reach(self) -> None:
        async with self._connected():
            pass

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[IB]:
        """A connection; what ib_async raises while it is open becomes one line."""
        try:
            from ib_async import IB, StartupFetchNONE
        except ImportError:
            raise QuoteError(f"{SOURCE} needs a package: {extra.command('ib_async>=2.0')}") from None
        place = self._place
        ib = IB()
        try:
            async with asyncio.timeout(place.total):
                await ib.connectAsync(
                    place.host, place.port, place.client, timeout=_CONNECT, readonly=True, fetchFields=StartupFetchNONE
                )
                yield ib
        except TimeoutError:
            raise QuoteError(f"{SOURCE} at {place.host}:{place.port} does not answer in time; {_REMEDY}") from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise QuoteError(f"{SOURCE} at {place.host}:{place.port}: {reason}; {_REMEDY}") from None
        finally:
            ib.disconnect()

    async def _contracts(self, ib: IB, underlying: str, spot: float) -> list[Contract]:
        """The contracts that a book needs: of SPX near the money near `days`, of VIX the next monthlies."""
        from ib_async import Option

        today = calendar.to_new_york(self._now).date()
        index = (await ib.reqContractDetailsAsync(_index(underlying)))[0].contract
        if index is None:
            raise QuoteError(f"{SOURCE} does not know {underlying}")
        classes = await ib.reqSecDefOptParamsAsync(underlying, "", "IND", index.conId)
        root = "SPXW" if underlying == "SPX" else "VIX"
        listed = {day for c in classes if c.tradingClass == root for day in c.expirations}
        ahead = sorted(day for day in listed if settles(root, day) > today)
        if underlying == "SPX":
            low, high = spot * (1.0 - self._place.band), spot * (1.0 + self._place.band)
            ahead = sorted({min(ahead, key=lambda day: _distance(day, today, n)) for n in self._place.days if ahead})
        else:
            low, high = (spot * edge for edge in _VIX_STRIKES)
            ahead = ahead[:_VIX_MONTHS]
        found = []
        for day in ahead:
            question = Option(underlying, day, exchange="SMART", currency="USD", tradingClass=root)
            contracts = [d.contract for d in await ib.reqContractDetailsAsync(question) if d.contract is not None]
            found += [c for c in contracts if low <= c.strike <= high and self._wanted(underlying, c.strike)]
        if not found:
            raise QuoteError(f"{SOURCE} lists no {underlying} options that a book needs")
        return found

    def _wanted(self, underlying: str, strike: float) -> bool:
        return underlying != "SPX" or math.isclose(strike % self._place.step, 0.0, abs_tol=1e-6)


def chain_of(underlying: str, spot: float, tickers: Iterable[Ticker]) -> ChainSnapshot:
    """A chain out of option tickers; its market time is that of the oldest of them.

    Raises
    ------
    QuoteError
        Where there is no quote, or the chain cannot be true.
    """
    rows: dict[tuple[str, dt.date, float], list[float]] = {}
    times = []
    for ticker in tickers:
        contract = ticker.contract
        if contract is None or contract.tradingClass not in ROOTS[underlying] or contract.right not in ("C", "P"):
            continue
        root = contract.tradingClass
        key = (root, settles(root, contract.lastTradeDateOrContractMonth), contract.strike)
        side = rows.setdefault(key, [math.nan] * 4)
        first = 0 if contract.right == "C" else 2
        side[first : first + 2] = ticker.bid, ticker.ask  # -1 where there is none
        if ticker.time is not None:
            times.append(ticker.time)
    if not times:
        raise QuoteError(f"{SOURCE}: no {underlying} option has a quote; check the account's data subscriptions")
    table = [(*key, *side) for key, side in rows.items()]
    chain = quality.build(underlying, *map(np.array, zip(*table, strict=True)))
    return check(ChainSnapshot(SOURCE, _live(min(times)), spot, chain))


def curve_of(tickers: Iterable[Ticker]) -> FuturesCurve:
    """The curve out of tickers of VX futures: midpoints, or the last trade where a side is missing.

    Raises
    ------
    QuoteError
        Where no future has a price.
    """
    futures, times = {}, []
    traded = 0
    for ticker in tickers:
        two_sided = ticker.bid > 0.0 and ticker.ask >= ticker.bid
        price = 0.5 * (ticker.bid + ticker.ask) if two_sided else ticker.last
        if ticker.contract is None or not (math.isfinite(price) and price > 0.0) or ticker.time is None:
            continue
        expiry = settles("VIX", ticker.contract.lastTradeDateOrContractMonth)
        futures[expiry] = Future(expiry, price, expiry == calendar.vix_expiry(expiry.year, expiry.month))
        traded += not two_sided
        times.append(ticker.time)
    if not futures:
        raise QuoteError(f"{SOURCE}: no VX future has a price; check the account's data subscriptions")
    notes = (f"{traded} VX futures without two sides priced at the last trade",) if traded else ()
    return FuturesCurve(SOURCE, _live(min(times)), tuple(futures[day] for day in sorted(futures)), notes)


def settles(root: str, last_trade: str) -> dt.date:
    """The settlement day of a contract that Interactive Brokers dates by its last day of trading.

    What settles in the morning trades last on the session before. Monthlies are recognised by the calendar; VIX
    weeklies settle on a Wednesday.

    >>> settles("VIX", "20261020"), settles("SPX", "20261015"), settles("SPXW", "20261016")
    (datetime.date(2026, 10, 21), datetime.date(2026, 10, 16), datetime.date(2026, 10, 16))
    """
    day = dt.datetime.strptime(last_trade[:8], "%Y%m%d").date()
    if root == "SPXW":
        return day
    monthly = calendar.spx_expiry if root == "SPX" else calendar.vix_expiry
    next_day = day + dt.timedelta(days=1)
    while not calendar.is_session(next_day):
        next_day += dt.timedelta(days=1)
    for candidate in (day, next_day):
        if candidate == monthly(candidate.year, candidate.month):
            return candidate
    return day if root.startswith("VIX") and day.weekday() == 2 else next_day


async def _tickers(ib: IB, contracts: Sequence[Contract]) -> list[Ticker]:
    found: list[Ticker] = []
    for start in range(0, len(contracts), _PORTION):
        found += await ib.reqTickersAsync(*contracts[start : start + _PORTION])
    return found


def _index(underlying: str) -> Any:
    from ib_async import Index

    return Index(underlying, "CBOE", "USD")


def _distance(day: str, today: dt.date, wanted: int) -> int:
    return abs((settles("SPXW", day) - today).days - wanted)


def _live(moment: dt.datetime) -> dt.datetime:
    """Market time of quotes that are not delayed."""
    return calendar.market_time(calendar.to_new_york(moment), dt.timedelta(0))
